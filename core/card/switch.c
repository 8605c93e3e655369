/* Activation and blocks. Asking for what is so already is no error and changes nothing. */
#include "card.h"
#include "mutation.h"
#include "stmt_gen.h"
#include "uuid.h"

static enum err may_switch_on(struct ctx *ctx, const struct card_row *card)
{
	if (card_is_replaced(card))
		return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_REPLACED);
	return ERR_OK;
}

/* Writes only when something differs; the journal row stands either way. */
static enum err card_put(struct ctx *ctx, const struct card_row *before, struct card_row *after)
{
	journal_object(ctx, &before->id);
	if (!row_difference(&card_row_map, before, after, card_row_map.fields))
		return ERR_OK;
	return card_write(ctx, before, after);
}

static enum err card_activate(struct ctx *ctx, const struct card_activate_in *in,
			      struct nothing *out)
{
	struct card_row before, after;
	enum err err = card_open(ctx, &in->id, &before);
	(void)out;
	if (err == ERR_OK)
		err = may_switch_on(ctx, &before);
	if (err != ERR_OK || before.active)
		return err;
	after = before;
	after.active = true;
	after.activated_at = ctx_now(ctx);
	after.deactivated_at.ms = 0;
	if (SENT(in, struct card_activate_in, shop_id))
		after.activation_shop_id = in->shop_id;
	return card_put(ctx, &before, &after);
}
OPERATION(card_activate, struct card_activate_in, struct nothing, .mutates = true);

static enum err card_deactivate(struct ctx *ctx, const struct id_in *in, struct nothing *out)
{
	struct card_row before, after;
	enum err err = card_open(ctx, &in->id, &before);
	(void)out;
	if (err != ERR_OK)
		return err;
	after = before;
	if (before.active)
		after.deactivated_at = ctx_now(ctx);
	after.active = false;
	return card_put(ctx, &before, &after);
}
OPERATION(card_deactivate, struct id_in, struct nothing, .mutates = true);

static enum err card_block(struct ctx *ctx, const struct card_block_in *in, struct nothing *out)
{
	struct card_row before, after;
	enum err err = ERR_OK;
	(void)out;
	if (in->unblock_at.ms && in->unblock_at.ms <= ctx_now(ctx).ms)
		return ctx_fail(ctx, ERR_INVALID, "unblock_at", REASON_IN_PAST);
	err = card_open(ctx, &in->id, &before);
	if (err == ERR_OK && in->unblock_at.ms) /* a replaced card stays blocked for good */
		err = may_switch_on(ctx, &before);
	if (err != ERR_OK)
		return err;
	after = before;
	after.blocked = true;
	after.blocked_until.ms = in->unblock_at.ms ? in->unblock_at.ms : BLOCKED_FOR_GOOD;
	after.blocked_description = in->description;
	return card_put(ctx, &before, &after);
}
OPERATION(card_block, struct card_block_in, struct nothing, .mutates = true);

static enum err card_unblock(struct ctx *ctx, const struct id_in *in, struct nothing *out)
{
	struct card_row before, after;
	enum err err = card_open(ctx, &in->id, &before);
	(void)out;
	if (err == ERR_OK)
		err = may_switch_on(ctx, &before);
	if (err != ERR_OK)
		return err;
	after = before;
	after.blocked = false;
	after.blocked_until.ms = 0;
	after.blocked_description = STR("");
	return card_put(ctx, &before, &after);
}
OPERATION(card_unblock, struct id_in, struct nothing, .mutates = true);
