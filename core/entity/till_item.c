/* Tills as entities, by their number; washings and webhooks, to be read. */
#include "entity_priv.h"

#include "db.h"
#include "mutation.h"
#include "select_tables.h"
#include "stmt_gen.h"

#define TILL_NUMBER_MAX 65535

static void note(struct ctx *ctx, const struct till_row *before, const struct till_row *after)
{
	journal_changes(ctx, "till", &till_row_map, before, after);
}

static enum err insert(struct ctx *ctx, const void *row, struct entity_key *key_r)
{
	const struct till_item_in *in = row;
	struct till_row till = {.organisation_id = ctx_organisation(ctx),
				.number = in->row.number,
				.name = in->row.name,
				.created_at = ctx_now(ctx),
				.updated_at = ctx_now(ctx)};
	if (!SENT(in, struct till_item_in, row.number))
		return ctx_fail(ctx, ERR_INVALID, "number", REASON_REQUIRED);
	if (till.number < 0 || till.number > TILL_NUMBER_MAX)
		return ctx_fail(ctx, ERR_INVALID, "number", REASON_OUT_OF_RANGE);
	key_r->serial = till.number;
	enum err err = sql_till_insert(ctx->db, &till, NULL);
	if (err == ERR_TAKEN)
		return ctx_fail(ctx, err, "number", REASON_ALREADY_USED);
	if (err == ERR_OK)
		note(ctx, NULL, &till);
	return err;
}

static enum err till_lock(struct ctx *ctx, const struct entity_key *key, struct till_row *till_r)
{
	struct till_lock_in in = {ctx_organisation(ctx), key->serial};
	return sql_till_lock(ctx->db, ctx->arena, &in, till_r);
}

/* A number stays: receipts name it. */
static enum err update(struct ctx *ctx, const struct entity_key *key, const void *row)
{
	const struct till_item_in *in = row;
	struct till_row before, after;
	enum err err = till_lock(ctx, key, &before);
	if (err != ERR_OK)
		return err;
	if (SENT(in, struct till_item_in, row.number) && in->row.number != before.number)
		return ctx_fail(ctx, ERR_CONFLICT, "number", REASON_IN_USE);
	after = before;
	if (SENT(in, struct till_item_in, row.name))
		after.name = in->row.name;
	after.updated_at = ctx_now(ctx);
	note(ctx, &before, &after);
	struct till_rename_in rename = {after.name, after.updated_at, after.organisation_id,
					after.number};
	return sql_till_rename(ctx->db, &rename, NULL);
}

static enum err retire(struct ctx *ctx, const struct entity_key *key)
{
	struct till_row till;
	enum err err = till_lock(ctx, key, &till);
	if (err != ERR_OK)
		return err;
	struct till_delete_in in = {till.organisation_id, till.number};
	note(ctx, &till, NULL);
	return sql_till_delete(ctx->db, &in, NULL);
}

static const struct entity till_item_entity = {
	.table = &select_till_item,
	.key = "number",
	.in_size = sizeof(struct till_item_in),
	.insert = insert,
	.update = update,
	.remove = retire,
};
ENTITY_READS(till_item);
ENTITY_WRITES(till_item, 0);

static const struct entity washing_item_entity = {.table = &select_washing_item, .key = "serial"};
ENTITY_READS(washing_item);

static const struct entity webhook_item_entity = {.table = &select_webhook_item, .key = "id"};
ENTITY_READS(webhook_item);
