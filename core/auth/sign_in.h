/*
 * Entering with a login and a password: the operation behind POST /sign_in, and what
 * it shares with the other doors (OAuth token, Basic). Every refusal costs and
 * answers the same, whichever part was wrong.
 */
#ifndef AUTH_SIGN_IN_H
#define AUTH_SIGN_IN_H

#include "credential.h"
#include "ctx.h"
#include "operation.h"
#include "token.h"

struct sign_in_in {
	struct str login, password, role;
	int64_t company_id;    /* 0 = not said */
	struct str session_id; /* taken and not used */
};

struct sign_in_out {
	struct str token;
	int64_t company_id;
	struct moment expires;
};

/*
 * The password is the lower-case SHA-1 hex of the password; over TLS also the password
 * itself. UNAUTHENTICATED (REASON_LOGIN_REFUSED); THROTTLED with detail.retry_after_s;
 * INVALID for a role that is no role; INTERNAL when no key signs.
 */
extern const struct operation op_sign_in;

/* A token for an organisation's login, as Capillary's OAuth gives it. */
struct token_generate_in {
	struct str key, secret;
};

struct token_generate_out {
	struct str token;
	int64_t ttl_s;
};

/* The secret is the password or its lower-case MD5 hex. Errors as of op_sign_in. */
extern const struct operation op_token_generate;

/* What else must be true of the credential; a no counts as a wrong password. */
typedef bool entry_test_fn(const struct credential_row *row, const void *arg);

/*
 * One throttled look at login and secret in the given forms (enum secret_form bits).
 * `test` may be NULL. Errors as of op_sign_in, with ctx->detail set.
 */
enum err entry_check(struct ctx *ctx, struct str login, struct str secret, unsigned forms,
		     entry_test_fn *test, const void *arg, struct credential_row *row_r);

/* Who enters with this credential now, without a token. */
struct principal entry_principal(struct ctx *ctx, const struct credential_row *row);
/* A token for the credential, living config.token_ttl_s. ERR_INTERNAL when no key signs. */
enum err entry_token(struct ctx *ctx, const struct credential_row *row, struct str *token_r,
		     struct moment *expires_r);

/* Issuer, audience and leeway of the configuration. */
struct token_rules token_rules_of(const struct config *config);

#endif
