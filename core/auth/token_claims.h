/* The JSON inside a token: header and claims. Known to token.c and token_mint.c only. */
#ifndef AUTH_TOKEN_CLAIMS_H
#define AUTH_TOKEN_CLAIMS_H

#include "token.h"

#define TOKEN_SECOND_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* Claims as they stand in the token; texts borrowed from the arena. */
struct token_claims {
	struct principal principal;  /* issued_ms, expires_ms from iat, exp and jti */
	int64_t iat_s, exp_s, nbf_s; /* nbf_s 0 = none */
};

/* `json` is the decoded first part. *kid_r only when TOKEN_FAULT_NONE. */
enum token_fault token_header_read(struct arena *arena, struct str json, struct str *kid_r);
/* `json` is the decoded second part of a token whose signature is right. */
enum token_fault token_claims_read(struct arena *arena, struct str json,
				   const struct token_rules *rules, struct token_claims *claims_r);
/* Whether claims hold at this moment. */
enum token_fault token_claims_now(const struct token_claims *claims,
				  const struct token_rules *rules, int64_t now_ms);

#endif
