#include "sign_in.h"

#include "config.h"
#include "throttle.h"

struct token_rules token_rules_of(const struct config *config)
{
	return (struct token_rules){config->issuer, config->audience, config->leeway_s};
}

static enum err refuse(struct ctx *ctx)
{
	return ctx_fail(ctx, ERR_UNAUTHENTICATED, NULL, REASON_LOGIN_REFUSED);
}

static enum err look(struct ctx *ctx, struct str folded, struct str secret, unsigned forms,
		     entry_test_fn *test, const void *arg, struct credential_row *row_r)
{
	enum err err = credential_check(ctx->db, ctx->arena, folded, secret, forms,
					(int)ctx->config->scrypt_cost, row_r);

	if (!err && test && !test(row_r, arg))
		err = ERR_UNAUTHENTICATED;
	return err;
}

enum err entry_check(struct ctx *ctx, struct str login, struct str secret, unsigned forms,
		     entry_test_fn *test, const void *arg, struct credential_row *row_r)
{
	struct throttle_claim claim;
	int retry_after_s = 0;
	struct str folded = login_key(ctx->arena, login);

	/* A login that cannot be counts for its address, and against one name for all such. */
	if (!folded.at)
		folded = STR("");
	if (secret.len > PASSWORD_MAX)
		secret.len = PASSWORD_MAX + 1;
	enum err err = throttle_take(ctx->db, ctx->arena, ctx->config, THROTTLE_PASSWORD, folded,
				     ctx->request.address, clock_now_ms(ctx->clock), &claim,
				     &retry_after_s);
	if (err == ERR_THROTTLED) {
		ctx_fail(ctx, err, NULL, REASON_ATTEMPTS);
		ctx->detail.retry_after_s = retry_after_s;
	}
	if (err)
		return err;
	err = look(ctx, folded, secret, forms, test, arg, row_r);
	throttle_settle(ctx->db, &claim, err == ERR_UNAUTHENTICATED);
	return err == ERR_UNAUTHENTICATED ? refuse(ctx) : err;
}

struct principal entry_principal(struct ctx *ctx, const struct credential_row *row)
{
	return (struct principal){
		.organisation_id = row->organisation_id,
		.role = (enum role)row->role,
		.scopes = (uint32_t)row->scopes,
		.subject = credential_subject(row, ctx->arena),
		.jti = STR(""),
		.person_id = row->person_id,
		.issued_ms = clock_now_ms(ctx->clock),
	};
}

enum err entry_token(struct ctx *ctx, const struct credential_row *row, struct str *token_r,
		     struct moment *expires_r)
{
	struct token_rules rules = token_rules_of(ctx->config);
	struct principal principal = entry_principal(ctx, row);
	int64_t expires_s = principal.issued_ms / 1000 + ctx->config->token_ttl_s;

	principal.jti = token_id(ctx->arena, principal.issued_ms);
	principal.expires_ms = expires_s * 1000;
	enum err err = token_mint(ctx->keyring, &rules, ctx->arena, &principal, token_r);
	if (err)
		return ctx_fail(ctx, ERR_INTERNAL, NULL, REASON_BUG);
	expires_r->ms = principal.expires_ms;
	return ERR_OK;
}

static bool is_the_one_asked_for(const struct credential_row *row, const void *arg)
{
	const struct sign_in_in *in = arg;

	return role_parse(in->role) == (enum role)row->role &&
	       (in->company_id == 0 || in->company_id == row->organisation_id);
}

static enum err sign_in(struct ctx *ctx, const struct sign_in_in *in, struct sign_in_out *out)
{
	unsigned forms = ctx->request.tls ? SECRET_SHA1 | SECRET_PLAIN : SECRET_SHA1;
	struct credential_row row;

	if (role_parse(in->role) == ROLE_NONE)
		return ctx_fail(ctx, ERR_INVALID, "role", REASON_UNKNOWN_VALUE);
	enum err err =
		entry_check(ctx, in->login, in->password, forms, is_the_one_asked_for, in, &row);
	if (err)
		return err;
	out->company_id = row.organisation_id;
	return entry_token(ctx, &row, &out->token, &out->expires);
}

OPERATION(sign_in, struct sign_in_in, struct sign_in_out, .mutates = false);

static bool is_organisation(const struct credential_row *row, const void *arg)
{
	(void)arg;
	return row->role == ROLE_ORGANISATION;
}

static enum err token_generate(struct ctx *ctx, const struct token_generate_in *in,
			       struct token_generate_out *out)
{
	struct credential_row row;
	struct moment expires;

	enum err err = entry_check(ctx, in->key, in->secret, SECRET_PLAIN | SECRET_MD5,
				   is_organisation, NULL, &row);
	if (err)
		return err;
	out->ttl_s = ctx->config->token_ttl_s;
	return entry_token(ctx, &row, &out->token, &expires);
}

OPERATION(token_generate, struct token_generate_in, struct token_generate_out, .mutates = false);
