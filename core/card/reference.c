#include "reference.h"

#include "db.h"
#include "transfer.h"
#include "stmt_gen.h"
#include "uuid.h"

static enum err group_exists(struct ctx *ctx, const struct uuid *id)
{
	struct card_group_share_in in = {ctx_organisation(ctx), *id};
	struct card_group_share_row row;
	return sql_card_group_share(ctx->db, ctx->arena, &in, &row);
}

static enum err level_exists(struct ctx *ctx, const struct uuid *id)
{
	struct card_level_share_in in = {ctx_organisation(ctx), *id};
	struct card_level_share_row row;
	return sql_card_level_share(ctx->db, ctx->arena, &in, &row);
}

static enum err card_exists(struct ctx *ctx, const struct uuid *id)
{
	struct card_share_in in = {ctx_organisation(ctx), *id};
	struct card_share_row row;
	return sql_card_share(ctx->db, ctx->arena, &in, &row);
}

static const struct reference {
	size_t offset;
	const char *member;
	enum err (*exists)(struct ctx *ctx, const struct uuid *id);
} references[] = {
	{offsetof(struct card_row, parent_id), "row.parent_id", group_exists},
	{offsetof(struct card_row, level_id), "row.level_id", level_exists},
	{offsetof(struct card_row, referral_id), "row.referral_id", card_exists},
	{offsetof(struct card_row, new_card_id), "row.new_card_id", card_exists},
};

static const struct uuid *id_at(const struct card_row *card, size_t offset)
{
	return (const struct uuid *)(const void *)((const char *)card + offset);
}

/* Set, and not what it was. */
static bool is_news(const struct card_row *before, const struct card_row *after, size_t offset)
{
	const struct uuid *id = id_at(after, offset);
	return !uuid_is_unset(id) && !(before && uuid_eq(id, id_at(before, offset)));
}

static enum err reference_check(struct ctx *ctx, const struct card_row *before,
				const struct card_row *after, const struct reference *reference)
{
	if (!is_news(before, after, reference->offset))
		return ERR_OK;
	enum err err = reference->exists(ctx, id_at(after, reference->offset));
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, reference->member, REASON_NO_SUCH);
	return err;
}

/* Both rows are locked here, so that no chain can be made from its two ends at once. */
static enum err master_check(struct ctx *ctx, const struct card_row *before,
			     const struct card_row *after)
{
	struct card_row master;
	bool leads = false;
	if (!is_news(before, after, offsetof(struct card_row, master_id)))
		return ERR_OK;
	if (uuid_eq(&after->master_id, &after->id))
		return ctx_fail(ctx, ERR_CONFLICT, "row.master_id", REASON_MASTER_SELF);
	enum err err = card_lock(ctx, &after->master_id, "row.master_id", &master);
	if (err != ERR_OK)
		return err;
	if (!uuid_is_unset(&master.master_id))
		return ctx_fail(ctx, ERR_CONFLICT, "row.master_id", REASON_MASTER_CHAIN);
	if (card_is_replaced(&master))
		return ctx_fail(ctx, ERR_CONFLICT, "row.master_id", REASON_MASTER_REPLACED);
	err = before ? card_has_followers(ctx, &after->id, &leads) : ERR_OK;
	if (err == ERR_OK && leads)
		return ctx_fail(ctx, ERR_CONFLICT, "row.master_id", REASON_MASTER_CHAIN);
	return err;
}

/* A hold belongs to the account that was in force when it was placed. */
static enum err holds_check(struct ctx *ctx, const struct card_row *before,
			    const struct card_row *after)
{
	bool has = false;
	if (uuid_eq(&before->master_id, &after->master_id))
		return ERR_OK;
	bool own = uuid_is_unset(&before->master_id);
	enum err err = own ? ledger_has_holds(ctx, &before->id, NULL, &has)
			   : ledger_has_holds(ctx, &before->master_id, &before->id, &has);
	if (err == ERR_OK && has)
		return ctx_fail(ctx, ERR_CONFLICT, "row.master_id", REASON_MASTER_HOLDS);
	return err;
}

enum err references_check(struct ctx *ctx, const struct card_row *before,
			  const struct card_row *after)
{
	enum err err = master_check(ctx, before, after);
	if (err == ERR_OK && before)
		err = holds_check(ctx, before, after);
	for (size_t i = 0; err == ERR_OK && i < sizeof references / sizeof references[0]; i++)
		err = reference_check(ctx, before, after, &references[i]);
	return err;
}
