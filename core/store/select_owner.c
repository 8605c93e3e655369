/*
 * A condition on what a row belongs to ("company.name = …") that few owners meet is a condition on
 * the owner's id, which has an index of its own: for one owner often in the table's order.
 */
#include "select_priv.h"

#include "stmt.h"

#define OWNERS_MAX 64 /* as many as a list that is padded has */

/* The select of owners in a predicate on their id: "… IN (" and it. */
static const char *owners_of(const struct select_field *field)
{
	const char *in = field->any ? strstr(field->any, " IN (SELECT ") : NULL;

	return in ? in + strlen(" IN (") : NULL;
}

/* The field of the owner's id, when an index has it and it is all that the predicate compares. */
static const struct select_field *id_of_owner(const struct select_table *table,
					      const struct select_cond *cond)
{
	const struct select_field *field, *id;

	if (cond->kind != SELECT_FILTER || !select_narrows(cond) ||
	    (cond->cmp != SELECT_EQ && cond->cmp != SELECT_LIKE))
		return NULL;
	field = select_field_find(table, cond->name);
	if (!field->unset || !owners_of(field))
		return NULL;
	id = select_field_find(table, field->unset);
	return id->index && strncmp(field->any, id->column, strlen(id->column)) == 0 ? id : NULL;
}

/* One more than are taken tells that there are many. */
static enum err ask_owners(struct db *db, struct arena *arena, const struct select_query *query,
			   const struct select_cond *cond, struct list *rows_r)
{
	static const struct field fields[] = {{.wire = "id",
					       .offset = offsetof(struct select_value, text),
					       .type = FT_STR,
					       .flags = STORE_BYTES}};
	static const struct map map = MAP("owner", struct select_value, fields);
	const struct select_field *field = select_field_find(query->table, cond->name);
	struct select_writer writer;

	select_writer_init(&writer, query, arena);
	select_put_of_others(&writer, field, cond, owners_of(field), ") LIMIT ");
	select_put_number(&writer, OWNERS_MAX + 1);
	return select_ask(db, &writer, "select owners", &map, rows_r);
}

static enum err resolve(struct db *db, struct arena *arena, const struct select_query *query,
			struct select_cond *cond)
{
	const struct select_field *id = id_of_owner(query->table, cond);
	struct list rows = {0};
	enum err err;

	if (!id)
		return ERR_OK;
	err = ask_owners(db, arena, query, cond, &rows);
	if (err != ERR_OK || rows.n > OWNERS_MAX)
		return err;
	if (rows.n == 0)
		*cond = (struct select_cond){.kind = SELECT_OR, .path = cond->path};
	else
		*cond = (struct select_cond){.kind = SELECT_FILTER,
					     .cmp = rows.n == 1 ? SELECT_EQ : SELECT_IN,
					     .name = id->name,
					     .values = rows.rows,
					     .value_n = rows.n,
					     .path = cond->path};
	return ERR_OK;
}

static bool any_has_owner(const struct select_table *table, const struct select_all *all)
{
	for (size_t i = 0; i < all->n; i++) {
		if (id_of_owner(table, &all->cond[i]))
			return true;
	}
	return false;
}

enum err select_resolve(struct db *db, struct arena *arena, const struct select_query *query,
			struct select_query *query_r)
{
	const struct select_all all = select_all_of(query);
	struct select_cond *conds;
	enum err err = ERR_OK;

	*query_r = *query;
	if (!any_has_owner(query->table, &all))
		return ERR_OK;
	conds = arena_array(arena, struct select_cond, all.n);
	memcpy(conds, all.cond, all.n * sizeof(*conds));
	for (size_t i = 0; err == ERR_OK && i < all.n; i++)
		err = resolve(db, arena, query, &conds[i]);
	query_r->where = (struct select_cond){
		.kind = SELECT_AND, .conds = conds, .cond_n = all.n, .path = query->where.path};
	return err;
}
