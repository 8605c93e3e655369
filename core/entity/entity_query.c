/* From what was asked to what the compiler takes: folded texts, orders that an index has. */
#include "entity_priv.h"

#include "db.h"

/* Copies of a tree of conditions in the arena, with texts as the columns hold them. */
struct translation {
	struct arena *arena;
	const struct select_table *table;
};

static struct select_value *translate_values(const struct translation *t,
					     const struct select_field *field,
					     const struct select_cond *cond)
{
	struct select_value *values = arena_array(t->arena, struct select_value, cond->value_n + 1);
	for (size_t i = 0; i < cond->value_n; i++) {
		values[i] = cond->values[i];
		values[i].text = field->key(t->arena, cond->values[i].text);
	}
	return values;
}

static struct select_cond translate(const struct translation *t, const struct select_cond *cond)
{
	struct select_cond copy = *cond;
	if (cond->kind == SELECT_FILTER) {
		const struct select_field *field = select_field_find(t->table, cond->name);
		if (field && field->key && cond->value_n <= SELECT_VALUES_MAX)
			copy.values = translate_values(t, field, cond);
		return copy;
	}
	struct select_cond *conds = arena_array(t->arena, struct select_cond, cond->cond_n + 1);
	for (size_t i = 0; i < cond->cond_n; i++)
		conds[i] = translate(t, &cond->conds[i]);
	copy.conds = conds;
	return copy;
}

/* The key is unique: what comes after it orders nothing, and it alone is the table's own order. */
static void take_orders(const struct entity *entity, const struct entity_query *query,
			struct select_query *select)
{
	size_t n = 0;
	while (n < query->order_n && strcmp(query->order[n].name, entity->key) != 0)
		n++;
	select->order = query->order;
	select->order_n = n < query->order_n && (n == 0 || query->order[n].desc) ? n + 1 : n;
	if (select->order_n == 1 && n == 0 && !query->order[0].desc)
		select->order_n = 0;
}

static const char *path_of(struct ctx *ctx, const char *path, const char *part)
{
	struct buf buf;
	buf_init(&buf, ctx->arena, 64);
	buf_text(&buf, path ? path : "where");
	buf_text(&buf, part);
	return buf_done(&buf).at;
}

static const char *part_of(const struct select_table *table, const struct select_fault *fault)
{
	const struct select_cond *cond = fault->cond;
	const struct select_field *field =
		cond->kind == SELECT_FILTER ? select_field_find(table, cond->name) : NULL;
	if (fault->reason == REASON_TOO_DEEP || fault->reason == REASON_TOO_MANY)
		return "";
	if (!field || field->flags & SELECT_NO_FILTER)
		return ".field";
	if (fault->reason == REASON_UNKNOWN_VALUE)
		return ".comparator";
	return cond->cmp == SELECT_LIKE && field->type != FT_STR ? ".comparator" : ".value";
}

static enum err refuse(struct ctx *ctx, const struct select_table *table,
		       const struct select_fault *fault)
{
	const char *member = fault->order ? path_of(ctx, fault->order->path, ".field")
					  : path_of(ctx, fault->cond->path, part_of(table, fault));
	return ctx_fail(ctx, ERR_INVALID, member, fault->reason);
}

enum err entity_compile(struct ctx *ctx, const struct entity *entity,
			const struct entity_query *query, struct select_query *select_r)
{
	struct translation t = {ctx->arena, entity->table};
	struct select_query whole = {.table = entity->table,
				     .where = query->where,
				     .order = query->order,
				     .order_n = query->order_n};
	struct select_fault fault;
	enum err err = select_check(&whole, &fault);
	if (err != ERR_OK)
		return refuse(ctx, entity->table, &fault);
	*select_r = (struct select_query){.table = entity->table,
					  .organisation_id = ctx_organisation(ctx),
					  .where = translate(&t, &query->where),
					  .limit = query->limit,
					  .offset = query->offset};
	take_orders(entity, query, select_r);
	return ERR_OK;
}

/* The first condition that no index serves; else the last one there is. */
static const struct select_cond *broadest(const struct select_query *query,
					  const struct select_cond *cond)
{
	const struct select_cond *found = NULL;
	if (cond->kind == SELECT_FILTER)
		return cond;
	for (size_t i = 0; i < cond->cond_n; i++) {
		const struct select_cond *inner = broadest(query, &cond->conds[i]);
		if (inner && !select_is_served(query->table, inner))
			return inner;
		found = inner ? inner : found;
	}
	return found;
}

enum err entity_outcome(struct ctx *ctx, const struct select_query *query, enum err err)
{
	if (err != ERR_BUSY || !db_timed_out(ctx->db))
		return err;
	const struct select_cond *cond = broadest(query, &query->where);
	const char *member = cond                 ? path_of(ctx, cond->path, ".field")
			     : query->order_n > 0 ? path_of(ctx, query->order[0].path, ".field")
						  : "offset";
	return ctx_fail(ctx, ERR_INVALID, member, REASON_TOO_BROAD);
}
