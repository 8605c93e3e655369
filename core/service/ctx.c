#include "ctx.h"

#include "crypto.h"
#include "uuid.h"

enum err ctx_fail(struct ctx *ctx, enum err err, const char *member, enum reason reason)
{
	ctx->detail = (struct err_detail){.reason = reason, .member = member};
	return err;
}

enum err ctx_precondition(struct ctx *ctx, struct str state)
{
	if (ctx->matches && !ctx->matches(ctx, state))
		return ctx_fail(ctx, ERR_STALE, NULL, REASON_IF_MATCH);
	return ERR_OK;
}

struct moment ctx_now(const struct ctx *ctx)
{
	return (struct moment){clock_now_ms(ctx->clock)};
}

struct uuid ctx_uuid(const struct ctx *ctx)
{
	uint8_t random[10];
	crypto_random(random, sizeof random);
	return uuid_v7(clock_now_ms(ctx->clock), random);
}
