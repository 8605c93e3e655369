/*
 * Where a walk in the table's order may begin: rows that were made late stand at its end, and all
 * before them would be looked at in vain. What is kept of each span of the order tells which of
 * them can hold a match. All values of a span lie between its bounds, so that nothing is missed.
 */
#include "select_priv.h"

#include "stmt.h"

/* The least and the greatest value that may match. */
static bool bounds_of(const struct select_cond *cond, struct select_value *bounds)
{
	bool from = cond->cmp == SELECT_GE || cond->cmp == SELECT_GT;
	bool to = cond->cmp == SELECT_LE || cond->cmp == SELECT_LT;
	bool both = cond->cmp == SELECT_EQ || cond->cmp == SELECT_BETWEEN;

	if (cond->kind != SELECT_FILTER || !(from || to || both))
		return false;
	bounds[0].number = to ? INT64_MIN : cond->values[0].number;
	bounds[1].number = from ? INT64_MAX : cond->values[cond->value_n - 1].number;
	return true;
}

enum err select_find_spans(struct db *db, struct arena *arena, const struct select_query *query,
			   const struct select_cond *cond, const struct select_spans **spans_r)
{
	static const struct field fields[] = {{.wire = "n", .offset = 0, .type = FT_I64}};
	static const struct map map = MAP("span", int64_t, fields);
	static const struct select_named numbers = {.numbers = 3};
	struct select_value bounds[2] = {{0}};
	const struct select_cond asked = {.values = bounds, .value_n = 2};
	const struct select_field *field =
		cond->kind == SELECT_FILTER ? select_field_find(query->table, cond->name) : NULL;
	struct select_spans *spans;
	struct select_writer writer;
	struct list rows = {0};
	enum err err;

	*spans_r = NULL;
	if (!field || !field->spans || !bounds_of(cond, bounds))
		return ERR_OK;
	select_writer_init(&writer, query, arena);
	select_put_text(&writer, field->spans, &numbers, &asked);
	select_put_number(&writer, SELECT_SPANS_MAX);
	err = select_ask(db, &writer, "select spans", &map, &rows);
	if (err != ERR_OK || rows.n == 0)
		return err;
	spans = arena_new(arena, struct select_spans);
	spans->n = rows.n;
	for (size_t i = 0; i < SELECT_SPANS_MAX; i++)
		spans->number[i] = ((const int64_t *)rows.rows)[i < rows.n ? i : rows.n - 1];
	*spans_r = spans;
	return ERR_OK;
}

void select_put_spans(struct select_writer *writer, const struct select_plan *plan)
{
	const struct select_spans *spans = plan->spans;
	const char *key = writer->query->table->key;

	if (!spans)
		return;
	buf_text(&writer->text, " AND (");
	for (size_t i = 0; i < SELECT_SPANS_MAX; i++) {
		int64_t first = spans->number[i] * SELECT_SPAN;
		bool open = spans->n == SELECT_SPANS_MAX && i + 1 == SELECT_SPANS_MAX;

		buf_printf(&writer->text, "%s%s BETWEEN ", i > 0 ? " OR " : "", key);
		select_put_number(writer, first);
		buf_text(&writer->text, " AND ");
		select_put_number(writer, open ? INT64_MAX : first + SELECT_SPAN - 1);
	}
	buf_char(&writer->text, ')');
}
