/*
 * How often one subject or one address may try. Counted in the database, so that it
 * holds on every host: an attempt is taken before the password is looked at and
 * given back when it did not fail, so that of fifty at once exactly the allowed
 * number is looked at. The window slides: what counts is the last window_s seconds.
 */
#ifndef AUTH_THROTTLE_H
#define AUTH_THROTTLE_H

#include "arena.h"
#include "buf.h"
#include "config.h"
#include "crypto.h"
#include "err.h"

struct db;

/* Every way to try a password shares one count: sign-in, OAuth token, Basic. */
enum throttle_what { THROTTLE_PASSWORD, THROTTLE_CODE, THROTTLE__MAX };

/* No window is longer: older marks count no more, and may be purged. */
#define THROTTLE_AGE_MS INT64_C(86400000)
/* In which the row of a subject notes its last use. */
int64_t throttle_minute(int64_t ms);

/* One side of an attempt: whom it is about, or where it comes from. */
struct throttle_mark {
	int64_t kind; /* column throttle.kind */
	uint8_t digest[SHA256_LEN];
	int64_t at; /* its row, Unix milliseconds; 0 = none */
};

struct throttle_claim {
	struct throttle_mark subject, address;
};

/*
 * Takes one attempt on both sides or on none. `subject` is any spelling-free text (a
 * folded login, a person's id); an IPv6 address counts by its /64. ERR_THROTTLED: *retry_after_s_r
 * seconds until one would pass; ERR_BUSY. Waits up to half a second for others' unsettled attempts.
 */
enum err throttle_take(struct db *db, struct arena *arena, const struct config *config,
		       enum throttle_what what, struct str subject, struct str address,
		       int64_t now_ms, struct throttle_claim *claim_r, int *retry_after_s_r);
/*
 * After a taken attempt: does it count? One that is never settled counts until its
 * window is over, so a lost database or a killed worker gives nobody a free guess.
 */
void throttle_settle(struct db *db, const struct throttle_claim *claim, bool counts);

#endif
