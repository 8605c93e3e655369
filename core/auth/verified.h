/*
 * Pairs of login and password that were found good a moment ago. A client with Basic (RFC 7617)
 * sends its password with each request, and scrypt is too dear for each. A pair is kept as an
 * HMAC under a key of this process only, for a minute, in a table of fixed size: nothing here
 * tells a password, and a changed one is refused after a minute at most.
 */
#ifndef AUTH_VERIFIED_H
#define AUTH_VERIFIED_H

#include "arena.h"
#include "principal.h"

#define VERIFIED_KEPT_MAX 256
#define VERIFIED_LIFE_US  INT64_C(60000000)

struct verified;

/* Never NULL. */
struct verified *verified_open(void);
void verified_close(struct verified **verified);

/* Whose pair it is; the subject is copied into the arena. False = not known any more. */
bool verified_find(struct verified *verified, struct arena *arena, struct str login,
		   struct str secret, int64_t monotonic_us, struct principal *principal_r);
/* A pair that was checked just now. */
void verified_keep(struct verified *verified, struct str login, struct str secret,
		   int64_t monotonic_us, const struct principal *principal);

#endif
