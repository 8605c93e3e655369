/* Card series as entities: each write is an operation that they have. */
#include "entity_priv.h"

#include "db.h"
#include "mutation.h"
#include "select_tables.h"
#include "serial.h"
#include "series.h"
#include "stmt_gen.h"

#define IS_SENT(in, m) SENT(in, struct series_item_in, row.m)

/* The numbers go as a whole: what was not sent stays as it is. */
static void take_numbers(const struct series_item_in *in, const struct card_series_row *old,
			 struct series_in *series)
{
	const struct card_series_row *row = &in->row;
	if (!IS_SENT(in, prefix) && !IS_SENT(in, suffix) && !IS_SENT(in, number_offset) &&
	    !IS_SENT(in, number_length) && !IS_SENT(in, method))
		return;
	series->numbers = (struct series_numbers){
		.prefix = IS_SENT(in, prefix) ? row->prefix : old->prefix,
		.suffix = IS_SENT(in, suffix) ? row->suffix : old->suffix,
		.offset = IS_SENT(in, number_offset) ? row->number_offset : old->number_offset,
		.length = IS_SENT(in, number_length) ? row->number_length : old->number_length,
		.method = IS_SENT(in, method) ? row->method : old->method,
	};
	sent_set(&series->sent, offsetof(struct series_in, numbers));
}

static void take_in(const struct series_item_in *in, const struct card_series_row *old,
		    struct series_in *series)
{
	entity_copy(&card_series_row_map, &in->row, &in->sent, offsetof(struct series_item_in, row),
		    &card_series_row_map, &series->row, &series->sent,
		    offsetof(struct series_in, row));
	take_numbers(in, old, series);
}

static enum err insert(struct ctx *ctx, const void *row, struct entity_key *key_r)
{
	static const struct card_series_row none = {.method = SERIES_DEFAULT};
	struct series_in series = {.row = {.serial = 0}};
	struct series_out out = {.series = {.row = {.serial = 0}}};
	take_in(row, &none, &series);
	enum err err = op_series_add.run(ctx, &series, &out);
	key_r->serial = out.series.row.serial;
	return entity_fault(ctx, err, NULL);
}

static enum err series_lock(struct ctx *ctx, const struct entity_key *key,
			    struct card_series_row *series_r)
{
	struct card_series_lock_in in = {ctx_organisation(ctx), key->serial};
	return sql_card_series_lock(ctx->db, ctx->arena, &in, series_r);
}

static enum err update(struct ctx *ctx, const struct entity_key *key, const void *row)
{
	struct card_series_row old;
	struct series_in series = {.row = {.serial = 0}};
	struct series_out out = {.series = {.row = {.serial = 0}}};
	enum err err = series_lock(ctx, key, &old);
	if (err != ERR_OK)
		return err;
	take_in(row, &old, &series);
	series.row.serial = key->serial;
	return entity_fault(ctx, op_series_change.run(ctx, &series, &out), NULL);
}

static enum err retire(struct ctx *ctx, const struct entity_key *key)
{
	struct card_series_update_in in = {.card_series = {.serial = 0}};
	struct card_series_row old;
	struct series_in_use_row card;
	enum err err = series_lock(ctx, key, &old);
	if (err != ERR_OK)
		return err;
	struct series_in_use_in use = {old.organisation_id, old.id};
	err = sql_series_in_use(ctx->db, ctx->arena, &use, &card);
	if (err == ERR_OK)
		return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_IN_USE);
	if (err != ERR_NOT_FOUND)
		return err;
	in.card_series = old;
	in.card_series.live = 0;
	in.card_series.updated_at = ctx_now(ctx);
	in.where_organisation_id = old.organisation_id;
	in.where_id = old.id;
	journal_object(ctx, &old.id);
	journal_changes(ctx, "card_series", &card_series_row_map, &old, NULL);
	return sql_card_series_update(ctx->db, &in, NULL);
}

static const struct entity series_item_entity = {
	.table = &select_series_item,
	.key = "serial",
	.in_size = sizeof(struct series_item_in),
	.insert = insert,
	.update = update,
	.remove = retire,
};
ENTITY_READS(series_item);
ENTITY_WRITES(series_item, SERIAL_BIT(SERIAL_SERIES));
