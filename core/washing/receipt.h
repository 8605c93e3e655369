/*
 * A till's own number of a sale or charge: the same again is a replay, however the till retries.
 * The number is claimed by the first packet, so that two at once wait for each other.
 */
#ifndef WASHING_RECEIPT_H
#define WASHING_RECEIPT_H

#include "till_look.h"

/* receipt.kind */
enum receipt_kind { RECEIPT_SALE = 1, RECEIPT_CHARGE };

struct receipt {
	struct receipt_row mine, there;
	bool claimed; /* the till sent a number */
};

/* A text that says which card was named, for a digest; what else was sent is added to it. */
void receipt_digest_open(struct buf *buf, struct arena *arena, const struct till_key *key);
void receipt_digest_text(struct buf *buf, struct str text);
void receipt_digest_number(struct buf *buf, int64_t number);

/* Claims the number for `object_id`; nothing when it is empty. */
void receipt_ask(struct receipt *receipt, struct till_look *look, struct batch *batch,
		 enum receipt_kind kind, struct str number, struct buf *digest,
		 const struct uuid *object_id);
/*
 * After it was sent: ctx->replayed when the same has been done before (`there` says what it was);
 * MISMATCH when it was something else.
 */
enum err receipt_check(const struct receipt *receipt, struct ctx *ctx);
/* Writes the figures of `mine` with the rest. */
void receipt_finish(const struct receipt *receipt, struct batch *batch);

#endif
