/* Whole statements: pages by deferred join, counts, counts of candidates. */
#include "select_priv.h"

#include <assert.h>

#include "stmt.h"

/* A relation's table, once. */
static void put_join(struct select_writer *writer, const struct select_field *field,
		     const char **joined, size_t *n)
{
	for (size_t i = 0; i < *n; i++) {
		if (joined[i] == field->join)
			return;
	}
	assert(*n < SELECT_FILTERS_MAX + SELECT_ORDERS_MAX);
	joined[(*n)++] = field->join;
	buf_char(&writer->text, ' ');
	select_put_text(writer, field->join, NULL, NULL);
}

static void put_cond_joins(struct select_writer *writer, const struct select_cond *cond,
			   const char **joined, size_t *n)
{
	const struct select_field *field;

	for (size_t i = 0; i < cond->cond_n; i++)
		put_cond_joins(writer, &cond->conds[i], joined, n);
	if (cond->kind != SELECT_FILTER)
		return;
	field = select_field_find(writer->query->table, cond->name);
	assert(field);
	if (field->join && !field->any)
		put_join(writer, field, joined, n);
}

struct orders {
	const struct select_order *order;
	size_t n;
};

static struct orders orders_of(const struct select_query *query)
{
	if (query->order_n > 0)
		return (struct orders){query->order, query->order_n};
	return (struct orders){query->table->order, query->table->order_n};
}

static const struct select_field *order_field(const struct select_query *query,
					      const struct select_order *order)
{
	const struct select_field *field = select_field_find(query->table, order->name);

	assert(field);
	return field;
}

static void put_order_joins(struct select_writer *writer, const char **joined, size_t *n)
{
	struct orders orders = orders_of(writer->query);

	for (size_t i = 0; i < orders.n; i++) {
		const struct select_field *field = order_field(writer->query, &orders.order[i]);

		if (field->join)
			put_join(writer, field, joined, n);
	}
}

/* " FROM … WHERE …": all that a page and its count have in common. */
static void put_from(struct select_writer *writer, const struct select_plan *plan, bool ordered)
{
	const struct select_table *table = writer->query->table;
	const char *joined[SELECT_FILTERS_MAX + SELECT_ORDERS_MAX];
	size_t n = 0;

	buf_text(&writer->text, " FROM ");
	if (plan->from || plan->grams) {
		buf_char(&writer->text, '(');
		if (plan->grams)
			select_put_grams(writer, plan->grams);
		else
			select_put_source(writer, plan->from, false);
		buf_text(&writer->text, ") s STRAIGHT_JOIN ");
	}
	buf_text(&writer->text, table->from);
	if (plan->index)
		buf_printf(&writer->text, " FORCE INDEX (%s)", plan->index);
	if (plan->from || plan->grams)
		buf_printf(&writer->text, " ON s.id = %s", table->id ? table->id : table->key);
	put_cond_joins(writer, &writer->query->where, joined, &n);
	if (ordered)
		put_order_joins(writer, joined, &n);
	buf_text(&writer->text, " WHERE ");
	select_put_text(writer, table->scope, NULL, NULL);
	if (writer->query->where.kind != SELECT_AND || writer->query->where.cond_n > 0) {
		buf_text(&writer->text, " AND ");
		select_put_cond(writer, &writer->query->where, plan);
	}
	select_put_bound(writer, plan);
	select_put_after(writer, plan);
	select_put_spans(writer, plan);
}

static bool has_mark(const struct select_field *field)
{
	return !field->sort && field->flags & (SELECT_NULLABLE | SELECT_ZERO_NULL);
}

static const char *sort_column(const struct select_field *field)
{
	return field->sort ? field->sort : field->column;
}

/* The ids' own order terms become columns n0, o0 …, so that the outer select sorts by them. */
static void put_order_columns(struct select_writer *writer)
{
	struct orders orders = orders_of(writer->query);

	for (size_t i = 0; i < orders.n; i++) {
		const struct select_field *field = order_field(writer->query, &orders.order[i]);

		if (has_mark(field)) {
			buf_text(&writer->text, ", ");
			select_put_is_null(writer, field);
			buf_printf(&writer->text, " AS n%zu", i);
		}
		buf_printf(&writer->text, ", %s AS o%zu", sort_column(field), i);
	}
}

/*
 * Nulls last in ascending order, first in descending order: as the mark beside them sorts. The
 * key comes last, unless it is what is ordered by.
 */
static void put_order(struct select_writer *writer, const char *inner_prefix, const char *key)
{
	struct orders orders = orders_of(writer->query);
	bool keyed = false;

	buf_text(&writer->text, " ORDER BY ");
	for (size_t i = 0; i < orders.n; i++) {
		const struct select_field *field = order_field(writer->query, &orders.order[i]);
		const char *way = orders.order[i].desc ? " DESC" : "";

		buf_text(&writer->text, i > 0 ? ", " : "");
		if (has_mark(field))
			buf_printf(&writer->text, "%sn%zu%s, ", inner_prefix, i, way);
		if (*inner_prefix)
			buf_printf(&writer->text, "%so%zu%s", inner_prefix, i, way);
		else
			buf_printf(&writer->text, "%s%s", sort_column(field), way);
		keyed = strcmp(field->column, writer->query->table->key) == 0;
	}
	if (!keyed)
		buf_printf(&writer->text, ", %s", key);
}

/* A statement's columns and joins: its text before the outermost WHERE, behind its SELECT. */
static struct str rows_text(const struct select_table *table)
{
	const char *text = stmt_table[table->rows].text;
	const char *end = NULL, *next = strstr(text, " WHERE ");

	while (next) {
		end = next;
		next = strstr(next + 1, " WHERE ");
	}
	assert(end && strncmp(text, "SELECT ", 7) == 0);
	return (struct str){text + 7, (size_t)(end - text) - 7};
}

static void put_part(struct select_writer *writer, const struct select_plan *plan,
		     const char *beyond)
{
	struct select_plan part = *plan;

	part.beyond = beyond;
	buf_printf(&writer->text, "(SELECT %s AS k", writer->query->table->key);
	put_order_columns(writer);
	put_from(writer, &part, true);
}

/* What lies beyond the bound, and of what is equal to it as many as a page may need. */
static void put_parts(struct select_writer *writer, const struct select_plan *plan)
{
	const struct select_query *query = writer->query;

	buf_text(&writer->text, " JOIN (SELECT u.k, u.o0 FROM (");
	put_part(writer, plan, " > ");
	buf_text(&writer->text, ") UNION ALL ");
	put_part(writer, plan, " = ");
	buf_printf(&writer->text, " ORDER BY %s LIMIT ", query->table->key);
	select_put_number(writer, query->offset + query->limit);
	buf_text(&writer->text, ")) u ORDER BY u.o0 DESC, u.k");
}

static void put_ids(struct select_writer *writer, const struct select_plan *plan)
{
	const char *key = writer->query->table->key;

	buf_printf(&writer->text, " JOIN (SELECT %s AS k", key);
	put_order_columns(writer);
	buf_text(&writer->text, plan->summed ? ", COUNT(*) OVER () AS items" : "");
	put_from(writer, plan, true);
	put_order(writer, "", key);
}

void select_write_rows(struct select_writer *writer, const struct select_plan *plan)
{
	const struct select_table *table = writer->query->table;

	buf_str(&writer->text, rows_text(table));
	if (plan->bound)
		put_parts(writer, plan);
	else
		put_ids(writer, plan);
	buf_text(&writer->text, " LIMIT ");
	select_put_number(writer, writer->query->limit);
	buf_text(&writer->text, " OFFSET ");
	select_put_number(writer, writer->query->offset - plan->skipped);
	buf_printf(&writer->text, ") p ON p.k = %s WHERE ", table->key);
	select_put_text(writer, table->scope, NULL, NULL);
	put_order(writer, "p.", "p.k");
}

const struct select_field *select_bound_field(const struct select_query *query,
					      const struct select_plan *plan)
{
	const struct select_field *field;

	if (query->order_n != 1 || !query->order[0].desc || !plan->index)
		return NULL;
	field = order_field(query, &query->order[0]);
	if (!field->order || strcmp(field->order, plan->index) != 0 ||
	    strcmp(field->column, query->table->key) == 0)
		return NULL;
	return field;
}

void select_write_bound(struct select_writer *writer, const struct select_plan *plan,
			const struct select_field *field)
{
	buf_printf(&writer->text, "SELECT %s AS v", sort_column(field));
	put_from(writer, plan, false);
	buf_printf(&writer->text, " ORDER BY %s DESC LIMIT 1 OFFSET ", sort_column(field));
	select_put_number(writer, writer->query->offset + writer->query->limit - 1);
}

static void put_cap(struct select_writer *writer, int64_t cap)
{
	if (cap > 0) {
		buf_text(&writer->text, " LIMIT ");
		select_put_number(writer, cap);
	}
	buf_text(&writer->text, ") x");
}

static void put_count(struct select_writer *writer, const struct select_plan *plan, int64_t cap)
{
	buf_text(&writer->text, "SELECT COUNT(*) AS n FROM (SELECT 1 AS one");
	put_from(writer, plan, false);
	put_cap(writer, cap);
}

static void put_of_index(struct select_writer *writer, const char *index,
			 const struct select_cond *const *conds, size_t n)
{
	const struct select_plan plan = {.index = index};

	buf_printf(&writer->text, "SELECT 1 AS one FROM %s FORCE INDEX (%s) WHERE ",
		   writer->query->table->from, index);
	select_put_text(writer, writer->query->table->scope, NULL, NULL);
	for (size_t i = 0; i < n; i++) {
		buf_text(&writer->text, " AND ");
		select_put_cond(writer, conds[i], &plan);
	}
}

void select_write_candidates(struct select_writer *writer, const struct select_cond *cond)
{
	bool ordered;

	if (select_has_source(writer->query, cond))
		select_put_source(writer, cond, false);
	else
		put_of_index(writer, select_index(writer->query, cond, &ordered), &cond, 1);
}

void select_write_index_probe(struct select_writer *writer, const char *index,
			      const struct select_cond *const *conds, size_t n, int64_t cap)
{
	buf_text(&writer->text, "SELECT COUNT(*) AS n FROM (");
	put_of_index(writer, index, conds, n);
	put_cap(writer, cap);
}

void select_write_probe(struct select_writer *writer, const struct select_cond *cond, int64_t cap,
			bool sample)
{
	bool ordered;

	if (!select_has_source(writer->query, cond)) {
		select_write_index_probe(writer, select_index(writer->query, cond, &ordered), &cond,
					 1, cap);
		return;
	}
	buf_text(&writer->text, "SELECT COUNT(*) AS n FROM (");
	select_put_source(writer, cond, sample);
	put_cap(writer, cap);
}

void select_write_outside(struct select_writer *writer, const struct select_cond *cond)
{
	const struct select_table *table = writer->query->table;
	const struct select_field *field = select_field_find(table, cond->name);
	struct str end = select_prefix_end(writer->arena, cond->values[0].text);

	buf_printf(&writer->text,
		   "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM %s FORCE INDEX (%s) WHERE ",
		   table->from, field->index);
	select_put_text(writer, table->scope, NULL, NULL);
	buf_text(&writer->text, " AND (");
	select_put_sorted(writer, field, " < ", cond->values[0]);
	if (end.len > 0) {
		buf_text(&writer->text, " OR ");
		select_put_sorted(writer, field, " >= ", (struct select_value){.text = end});
	}
	buf_char(&writer->text, ')');
	put_cap(writer, 1);
}

void select_write_from_end(struct select_writer *writer, const struct select_plan *plan,
			   const struct select_page *page, int64_t n)
{
	const char *sort = sort_column(page->field), *key = writer->query->table->key;

	buf_printf(&writer->text, "SELECT %s AS o0, %s AS k", sort, key);
	put_from(writer, plan, false);
	buf_printf(&writer->text, " ORDER BY %s DESC", sort);
	if (page->field != page->key)
		buf_printf(&writer->text, ", %s DESC", key);
	buf_text(&writer->text, " LIMIT 1 OFFSET ");
	select_put_number(writer, n);
}

void select_write_walk_sample(struct select_writer *writer, const struct select_cond *cond,
			      const struct select_spans *spans, int64_t n)
{
	const struct select_table *table = writer->query->table;
	const struct select_field *field = select_field_find(table, cond->name);
	const char *alias = strrchr(table->from, ' ');
	const struct select_plan plan = {0}, walk = {.spans = spans};

	buf_printf(&writer->text, "SELECT COUNT(*) AS n FROM (SELECT %s",
		   cond->cmp == SELECT_LIKE ? field->like : field->column);
	if (field->sort)
		buf_printf(&writer->text, ", %s", field->sort);
	buf_printf(&writer->text, " FROM %s FORCE INDEX (%s) WHERE ", table->from, table->walk);
	select_put_text(writer, table->scope, NULL, NULL);
	select_put_spans(writer, &walk);
	put_order(writer, "", table->key);
	buf_text(&writer->text, " LIMIT ");
	select_put_number(writer, n);
	buf_printf(&writer->text, ") %s WHERE ", alias ? alias + 1 : table->from);
	select_put_cond(writer, cond, &plan);
}

void select_write_total(struct select_writer *writer, const struct select_plan *plan, int64_t cap)
{
	if (plan->only)
		select_write_probe(writer, plan->only, cap, false);
	else
		put_count(writer, plan, cap);
}
