#include "ctx.h"

#include <string.h>

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

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

struct uuid ctx_uuid(const struct ctx *ctx)
{
	uint8_t random[10];
	uint64_t repeated[2];
	if (ctx->random_state) {
		repeated[0] = random_next(ctx->random_state);
		repeated[1] = random_next(ctx->random_state);
		memcpy(random, repeated, sizeof random);
	} else {
		crypto_random(random, sizeof random);
	}
	return uuid_v7(clock_now_ms(ctx->clock), random);
}

struct uuid ctx_uuid_beside(const struct ctx *ctx, const struct uuid *of)
{
	struct uuid fresh = ctx_uuid(ctx);
	memcpy(fresh.byte, of->byte, sizeof fresh.byte / 2);
	return fresh;
}
