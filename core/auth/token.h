/*
 * Tokens: JWT (RFC 7519) signed with HS256, checked as RFC 8725 advises. Any JWT
 * library can mint or read one. The algorithm is ours and never the token's; the
 * signature is compared in constant time before any claim is read; base64url has
 * one accepted spelling. No database here: revocation.h says what was called back.
 *
 * Claims: iss, aud, sub, org, role, scope, jti, iat, exp, optional nbf. For role
 * `client` sub is the person's UUID. Words of `scope` that we do not know grant nothing.
 */
#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include "err.h"
#include "keyring.h"
#include "principal.h"
#include "reason.h"

#define TOKEN_MAX        4096 /* bytes */
#define TOKEN_LIFE_MAX_S (INT64_C(366) * 86400)

/* What is wrong with a token: for logs and tests. A client learns expired or not, no more. */
#define TOKEN_FAULT_LIST(X)                                                                        \
	X(NONE, "")                                                                                \
	X(SIZE, "empty or longer than 4096 bytes")                                                 \
	X(PARTS, "not three parts")                                                                \
	X(HEADER, "header is not base64url of a JSON object")                                      \
	X(ALGORITHM, "alg is not HS256")                                                           \
	X(TYPE, "typ is not JWT")                                                                  \
	X(EXTENSION, "crit or zip in the header")                                                  \
	X(KEY, "kid missing, unknown or retired")                                                  \
	X(SIGNATURE, "signature wrong")                                                            \
	X(CLAIMS, "claims are not base64url of a JSON object")                                     \
	X(ISSUER, "iss is not ours")                                                               \
	X(AUDIENCE, "aud is not ours")                                                             \
	X(SUBJECT, "sub missing or malformed")                                                     \
	X(ORGANISATION, "org missing or out of range")                                             \
	X(ROLE, "role missing or unknown")                                                         \
	X(SCOPE, "scope missing or not a string")                                                  \
	X(ID, "jti missing or malformed")                                                          \
	X(TIME, "iat, exp or nbf missing or malformed")                                            \
	X(LIFE, "exp is not within 366 days after iat")                                            \
	X(EARLY, "iat or nbf lies ahead")                                                          \
	X(EXPIRED, "exp has passed")

enum token_fault {
#define X(name, text) TOKEN_FAULT_##name,
	TOKEN_FAULT_LIST(X)
#undef X
};

const char *token_fault_text(enum token_fault fault);

struct token_rules {
	struct str issuer, audience; /* borrowed as long as the checker lives */
	int64_t leeway_s;            /* how far iat and nbf may lie ahead; exp has none */
};

/* One per worker: borrows the ring, remembers the headers and claims it has read. */
struct token_checker;

struct token_checker *token_checker_open(const struct keyring *ring,
					 const struct token_rules *rules);
void token_checker_close(struct token_checker **checker);
/*
 * TOKEN_FAULT_NONE: *principal_r is filled, its texts in the arena. Times are
 * compared with now_ms (Unix milliseconds) on every call.
 */
enum token_fault token_check(struct token_checker *checker, struct arena *arena, struct str token,
			     int64_t now_ms, struct principal *principal_r);
/* TOKEN_EXPIRED for an expired one, TOKEN_BAD for all else: what the client may know. */
enum reason token_fault_reason(enum token_fault fault);

/* A fresh token id: a UUIDv7 in text, which keeps the millisecond that iat lacks. In the arena. */
struct str token_id(struct arena *arena, int64_t now_ms);
/*
 * Signs a token for the principal, whose issued_ms and expires_ms are cut to whole
 * seconds. ERR_INTERNAL when the ring has no signing key; ERR_INVALID when the
 * principal would not pass token_check (a life too long, no role, an empty text).
 */
enum err token_mint(const struct keyring *ring, const struct token_rules *rules,
		    struct arena *arena, const struct principal *principal, struct str *token_r);

#endif
