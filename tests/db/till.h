/*
 * A till in a scene: cards and postings in a line each, for tests of the ledger. All of them
 * assert that the operation went well, unless they answer an error.
 */
#ifndef TESTS_TILL_H
#define TESTS_TILL_H

#include "posting.h"
#include "scene.h"

/* A new card of its own barcode with an opening balance (0 = none), minor units. */
struct uuid till_card(struct scene *scene, int64_t points, bool active);
/* Without document; the author is sent. */
struct posting_in till_posting(const struct uuid *card, enum posting_type type, int64_t sum);
struct refund_in till_refund(const struct uuid *entry, int64_t sum);
struct hold_in till_hold(const struct uuid *card, int64_t sum);
struct capture_in till_capture(const struct uuid *hold, int64_t sum);

/* Runs it under a request of its own, without a key; the id that it answers. */
struct uuid till_run(struct scene *scene, const struct operation *operation, const void *in);
struct uuid till_post(struct scene *scene, const struct uuid *card, enum posting_type type,
		      int64_t sum);
/* A posting whose outcome the test looks at; ctx.detail has the reason. */
enum err till_try(struct scene *scene, const struct operation *operation, const void *in);

/* SELECT `expression` of a row of the card: "balance FROM account WHERE card_id". -1 = no row. */
long long till_number(const struct scene *scene, const char *expression, const struct uuid *card);

#endif
