#include "group.h"

#include "batch.h"
#include "card.h"
#include "count.h"
#include "db.h"
#include "mutation.h"
#include "select_tables.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define NAME_KEY_MAX 1020

static enum err group_lock(struct ctx *ctx, const struct uuid *id, const char *member,
			   struct card_group_row *row_r)
{
	struct card_group_lock_in in = {ctx_organisation(ctx), *id};
	enum err err = sql_card_group_lock(ctx->db, ctx->arena, &in, row_r);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, member, REASON_NO_SUCH) : err;
}

/* Up from the new parent to the root, locking: two moves at once cannot close a ring. */
static enum err parent_check(struct ctx *ctx, const struct uuid *group, struct uuid parent)
{
	struct card_group_row row;
	while (!uuid_is_unset(&parent)) {
		if (uuid_eq(&parent, group))
			return ctx_fail(ctx, ERR_CONFLICT, "row.parent_id", REASON_GROUP_CYCLE);
		enum err err = group_lock(ctx, &parent, "row.parent_id", &row);
		if (err != ERR_OK)
			return err;
		parent = row.parent_id;
	}
	return ERR_OK;
}

static void put_counts(struct ctx *ctx, struct batch *batch, const struct card_group_row *group,
		       int n)
{
	struct uuid none = {{0}};
	count_put(ctx, batch, COUNT_GROUPS, &none, n);
	count_put(ctx, batch, COUNT_GROUPS_OF_GROUP, &group->parent_id, n);
}

static enum err group_store(struct ctx *ctx, const struct card_group_row *before,
			    struct card_group_row *after)
{
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	after->name_key = text_fold(ctx->arena, after->name, NAME_KEY_MAX);
	after->version++;
	after->updated_at = ctx_now(ctx);
	if (!before) {
		batch_card_group_insert(&batch, after);
	} else {
		struct card_group_update_in in = {.card_group = *after,
						  .where_organisation_id = after->organisation_id,
						  .where_id = after->id};
		batch_card_group_update(&batch, &in);
		put_counts(ctx, &batch, before, -1);
	}
	put_counts(ctx, &batch, after, 1);
	journal_object(ctx, &after->id);
	journal_changes(ctx, "card_group", &card_group_row_map, before, after);
	enum err err = batch_run(&batch);
	return err == ERR_TAKEN ? ctx_fail(ctx, err, "row.id", REASON_ALREADY_USED) : err;
}

static enum err group_add(struct ctx *ctx, const struct group_in *in, struct id_out *out)
{
	struct card_group_row group = in->row;
	group.organisation_id = ctx_organisation(ctx);
	group.created_at = ctx_now(ctx);
	if (uuid_is_unset(&group.id))
		group.id = ctx_uuid(ctx);
	out->id = group.id;
	enum err err = parent_check(ctx, &group.id, group.parent_id);
	return err == ERR_OK ? group_store(ctx, NULL, &group) : err;
}
OPERATION(group_add, struct group_in, struct id_out, .mutates = true);

static enum err group_change(struct ctx *ctx, const struct group_in *in, struct nothing *out)
{
	struct card_group_row before, after;
	(void)out;
	enum err err = group_lock(ctx, &in->row.id, "row.id", &before);
	if (err != ERR_OK)
		return err;
	after = before;
	row_merge(&card_group_row_map, &after, &in->row, &in->sent, offsetof(struct group_in, row));
	if (!uuid_eq(&before.parent_id, &after.parent_id))
		err = parent_check(ctx, &after.id, after.parent_id);
	return err == ERR_OK ? group_store(ctx, &before, &after) : err;
}
OPERATION(group_change, struct group_in, struct nothing, .mutates = true);

static enum err group_view(struct ctx *ctx, const struct uuid *id,
			   struct card_group_view_row *row_r)
{
	struct card_group_view_get_in in = {ctx_organisation(ctx), *id};
	enum err err = sql_card_group_view_get(ctx->db, ctx->arena, &in, row_r);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, "id", REASON_NO_SUCH) : err;
}

static enum err group_get(struct ctx *ctx, const struct id_in *in, struct group_get_out *out)
{
	return group_view(ctx, &in->id, &out->group);
}
OPERATION(group_get, struct id_in, struct group_get_out, .mutates = false);

static enum err group_rows(struct ctx *ctx, const struct group_list_in *in,
			   const struct page_range *range, int64_t items, struct list *rows_r)
{
	const struct select_value parent = {
		.text = {(const char *)in->parent_id.byte, sizeof in->parent_id.byte}};
	const struct select_cond below = {.kind = SELECT_FILTER,
					  .cmp = SELECT_EQ,
					  .name = "parent_id",
					  .values = &parent,
					  .value_n = 1};
	const struct select_query query = {
		.table = &select_card_group,
		.organisation_id = ctx_organisation(ctx),
		.where = {.kind = SELECT_AND,
			  .conds = &below,
			  .cond_n = SENT(in, struct group_list_in, parent_id) ? 1 : 0},
		.limit = range->limit,
		.offset = range->offset,
		.total = items};
	return select_rows(ctx->db, ctx->arena, &query, rows_r);
}

static enum err group_list(struct ctx *ctx, const struct group_list_in *in,
			   struct group_list_out *out)
{
	struct page_range range;
	int64_t items;
	bool below = SENT(in, struct group_list_in, parent_id);
	enum err err = page_open(ctx, &in->page, &out->page, &range);
	if (err == ERR_OK)
		err = count_get(ctx, below ? COUNT_GROUPS_OF_GROUP : COUNT_GROUPS, &in->parent_id,
				&items);
	if (err == ERR_OK)
		err = group_rows(ctx, in, &range, items, &out->groups);
	if (err == ERR_OK)
		page_close(&out->page, items, true);
	return err;
}
OPERATION(group_list, struct group_list_in, struct group_list_out, .mutates = false);
