#include "level.h"

#include <string.h>

#include "batch.h"
#include "db.h"
#include "mutation.h"
#include "stmt_gen.h"
#include "uuid.h"

static enum err level_lock(struct ctx *ctx, const struct uuid *id, const char *member,
			   struct card_level_row *row_r)
{
	struct card_level_lock_in in = {ctx_organisation(ctx), *id};
	enum err err = sql_card_level_lock(ctx->db, ctx->arena, &in, row_r);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, member, REASON_NO_SUCH) : err;
}

static enum err taken(struct ctx *ctx)
{
	bool order = strcmp(db_taken_key(ctx->db), "level_order") == 0;
	return ctx_fail(ctx, ERR_TAKEN, order ? "row.rank_order" : "row.id", REASON_ALREADY_USED);
}

static bool is_idle(const struct card_level_row *level)
{
	return level && level->inactivity_bonus_erase_period > 0;
}

/* Workers that know of no such level do not look for one. */
static enum err note_idle(struct ctx *ctx, const struct card_level_row *before,
			  const struct card_level_row *after)
{
	struct setting_version_bump_in in = {after->organisation_id};
	if (is_idle(before) == is_idle(after))
		return ERR_OK;
	ctx->settings_changed = true;
	return sql_setting_version_bump(ctx->db, &in, NULL);
}

static enum err level_store(struct ctx *ctx, const struct card_level_row *before,
			    struct card_level_row *after)
{
	enum err err;
	after->version++;
	after->updated_at = ctx_now(ctx);
	if (after->name.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "row.name", REASON_REQUIRED);
	if (!before) {
		err = sql_card_level_insert(ctx->db, after, NULL);
	} else {
		struct card_level_update_in in = {.card_level = *after,
						  .where_organisation_id = after->organisation_id,
						  .where_id = after->id};
		err = sql_card_level_update(ctx->db, &in, NULL);
	}
	if (err != ERR_OK)
		return err == ERR_TAKEN ? taken(ctx) : err;
	err = note_idle(ctx, before, after);
	if (err != ERR_OK)
		return err;
	journal_object(ctx, &after->id);
	journal_changes(ctx, "card_level", &card_level_row_map, before, after);
	return ERR_OK;
}

static enum err level_add(struct ctx *ctx, const struct level_in *in, struct id_out *out)
{
	struct card_level_row level = in->row;
	level.organisation_id = ctx_organisation(ctx);
	level.created_at = ctx_now(ctx);
	if (uuid_is_unset(&level.id))
		level.id = ctx_uuid(ctx);
	out->id = level.id;
	return level_store(ctx, NULL, &level);
}
OPERATION(level_add, struct level_in, struct id_out, .mutates = true);

static enum err level_change(struct ctx *ctx, const struct level_in *in, struct nothing *out)
{
	struct card_level_row before, after;
	enum err err = level_lock(ctx, &in->row.id, "row.id", &before);
	(void)out;
	if (err != ERR_OK)
		return err;
	after = before;
	row_merge(&card_level_row_map, &after, &in->row, &in->sent, offsetof(struct level_in, row));
	return level_store(ctx, &before, &after);
}
OPERATION(level_change, struct level_in, struct nothing, .mutates = true);

static enum err level_is_used(struct ctx *ctx, const struct uuid *id, bool *used_r)
{
	struct card_level_in_use_in in = {ctx_organisation(ctx), *id};
	struct card_level_in_use_row row;
	enum err err = sql_card_level_in_use(ctx->db, ctx->arena, &in, &row);
	*used_r = err == ERR_OK;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err level_remove(struct ctx *ctx, const struct uuid *id)
{
	struct batch batch;
	struct card_level_delete_in level = {ctx_organisation(ctx), *id};
	struct card_level_count_forget_in count = {level.organisation_id, *id};
	batch_init(&batch, ctx->db, ctx->arena);
	batch_card_level_delete(&batch, &level);
	batch_card_level_count_forget(&batch, &count);
	return batch_run(&batch);
}

/* Under the level's lock no card can take it: cards share that lock (reference.c). */
static enum err level_delete(struct ctx *ctx, const struct id_in *in, struct nothing *out)
{
	struct card_level_row level;
	bool used = false;
	enum err err = level_lock(ctx, &in->id, "id", &level);
	(void)out;
	if (err == ERR_OK)
		err = level_is_used(ctx, &in->id, &used);
	if (err == ERR_OK && used)
		return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_IN_USE);
	if (err != ERR_OK)
		return err;
	journal_object(ctx, &in->id);
	journal_changes(ctx, "card_level", &card_level_row_map, &level, NULL);
	return level_remove(ctx, &in->id);
}
OPERATION(level_delete, struct id_in, struct nothing, .mutates = true);

static enum err level_get(struct ctx *ctx, const struct id_in *in, struct level_out *out)
{
	struct card_level_get_in get = {ctx_organisation(ctx), in->id};
	enum err err = sql_card_level_get(ctx->db, ctx->arena, &get, &out->level.row);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, "id", REASON_NO_SUCH) : err;
}
OPERATION(level_get, struct id_in, struct level_out, .mutates = false);

static void number_rows(struct ctx *ctx, const struct list *rows, int64_t offset,
			struct list *levels_r)
{
	struct level *levels = arena_array(ctx->arena, struct level, rows->n + 1);
	const struct card_level_row *row = rows->rows;
	for (size_t i = 0; i < rows->n; i++)
		levels[i] = (struct level){row[i], offset + (int64_t)i + 1};
	*levels_r = (struct list){levels, rows->n};
}

static enum err level_list(struct ctx *ctx, const struct level_list_in *in,
			   struct level_list_out *out)
{
	struct page_range range;
	struct list rows = {0};
	struct card_level_count_row count = {0};
	enum err err = page_open(ctx, &in->page, &out->page, &range);
	if (err != ERR_OK)
		return err;
	struct card_level_list_in list = {ctx_organisation(ctx), range.limit, range.offset};
	struct card_level_count_in all = {list.organisation_id};
	err = sql_card_level_list(ctx->db, ctx->arena, &list, &rows);
	if (err == ERR_OK)
		err = sql_card_level_count(ctx->db, ctx->arena, &all, &count);
	if (err != ERR_OK)
		return err;
	number_rows(ctx, &rows, range.offset, &out->levels);
	page_close(&out->page, count.n, true);
	return ERR_OK;
}
OPERATION(level_list, struct level_list_in, struct level_list_out, .mutates = false);
