/* Conditions as predicates. */
#include "select_priv.h"

#include <assert.h>

#include "stmt.h"

#define IN_PADDED_MAX 64 /* longer lists have a text of their own */
#define PARAMS_FIRST  32

void select_writer_init(struct select_writer *writer, const struct select_query *query,
			struct arena *arena)
{
	*writer = (struct select_writer){
		.query = query,
		.arena = arena,
		.cap = PARAMS_FIRST,
		.values = arena_array(arena, struct select_value, PARAMS_FIRST),
		.fields = arena_array(arena, struct field, PARAMS_FIRST),
	};
	buf_init(&writer->text, arena, 2048);
}

static void grow(struct select_writer *writer)
{
	size_t cap = writer->cap * 2;

	writer->values =
		arena_grow(writer->arena, writer->values, writer->cap * sizeof(struct select_value),
			   cap * sizeof(struct select_value));
	writer->fields = arena_grow(writer->arena, writer->fields,
				    writer->cap * sizeof(struct field), cap * sizeof(struct field));
	writer->cap = cap;
}

static void put_param(struct select_writer *writer, enum select_param_kind kind,
		      struct select_value value)
{
	size_t offset = writer->n * sizeof(struct select_value);

	if (writer->n == writer->cap)
		grow(writer);
	assert(offset < UINT16_MAX);
	offset += kind == SELECT_PARAM_NUMBER ? offsetof(struct select_value, number)
					      : offsetof(struct select_value, text);
	writer->values[writer->n] = value;
	writer->fields[writer->n++] =
		(struct field){.wire = "",
			       .offset = (uint16_t)offset,
			       .type = kind == SELECT_PARAM_NUMBER ? FT_I64 : FT_STR,
			       .flags = kind == SELECT_PARAM_BYTES ? STORE_BYTES : 0};
	buf_char(&writer->text, '?');
}

void select_put_number(struct select_writer *writer, int64_t number)
{
	put_param(writer, SELECT_PARAM_NUMBER, (struct select_value){.number = number});
}

void select_put_value(struct select_writer *writer, struct str text)
{
	put_param(writer, SELECT_PARAM_TEXT, (struct select_value){.text = text});
}

void select_put_text(struct select_writer *writer, const char *text,
		     const struct select_named *named, const struct select_cond *cond)
{
	for (; *text; text++) {
		size_t nth;

		if (*text == '@') {
			select_put_number(writer, writer->query->organisation_id);
		} else if (*text == '$') {
			nth = (size_t)(*++text - '1');
			assert(cond && nth < cond->value_n);
			put_param(writer,
				  named->numbers >> nth & 1 ? SELECT_PARAM_NUMBER
							    : SELECT_PARAM_BYTES,
				  cond->values[nth]);
		} else {
			buf_char(&writer->text, *text);
		}
	}
}

static enum select_param_kind kind_of(const struct select_field *field)
{
	if (field->type == FT_UUID || (field->type == FT_STR && field->flags & SELECT_BYTES))
		return SELECT_PARAM_BYTES;
	return field->type == FT_STR ? SELECT_PARAM_TEXT : SELECT_PARAM_NUMBER;
}

static void put_compared(struct select_writer *writer, const struct select_field *field,
			 const char *operator, struct select_value value)
{
	buf_text(&writer->text, field->column);
	buf_text(&writer->text, operator);
	put_param(writer, kind_of(field), value);
}

/* What stands for null in a column that cannot be NULL. */
static struct select_value zero_of(const struct select_field *field)
{
	static const char zeros[sizeof(struct uuid)];

	return (struct select_value){
		.text = {zeros, field->type == FT_UUID ? sizeof(struct uuid) : 0}};
}

void select_put_is_null(struct select_writer *writer, const struct select_field *field)
{
	if (field->flags & SELECT_ZERO_NULL) {
		put_compared(writer, field, " = ", zero_of(field));
	} else {
		buf_text(&writer->text, field->column);
		buf_text(&writer->text, " IS NULL");
	}
}

/* Each on its own line of the table below. */
typedef void put_filter(struct select_writer *writer, const struct select_field *field,
			const struct select_cond *cond, const char *text);

static void put_simple(struct select_writer *writer, const struct select_field *field,
		       const struct select_cond *cond, const char *text)
{
	put_compared(writer, field, text, cond->values[0]);
}

static void put_between(struct select_writer *writer, const struct select_field *field,
			const struct select_cond *cond, const char *text)
{
	put_compared(writer, field, text, cond->values[0]);
	buf_text(&writer->text, " AND ");
	put_param(writer, kind_of(field), cond->values[1]);
}

static void put_null(struct select_writer *writer, const struct select_field *field,
		     const struct select_cond *cond, const char *text)
{
	(void)cond;
	buf_text(&writer->text, text);
	buf_char(&writer->text, '(');
	select_put_is_null(writer, field);
	buf_char(&writer->text, ')');
}

/* Filled up to a power of two, so that few texts serve lists of all lengths. */
static void put_in(struct select_writer *writer, const struct select_field *field,
		   const struct select_cond *cond, const char *text)
{
	size_t padded = cond->value_n > IN_PADDED_MAX ? cond->value_n : 1;

	if (cond->value_n == 0) {
		buf_text(&writer->text, cond->cmp == SELECT_IN ? "1 = 0" : "1 = 1");
		return;
	}
	while (padded < cond->value_n)
		padded *= 2;
	buf_text(&writer->text, field->column);
	buf_text(&writer->text, text);
	for (size_t i = 0; i < padded; i++) {
		buf_text(&writer->text, i > 0 ? ", " : "");
		put_param(writer, kind_of(field),
			  cond->values[i < cond->value_n ? i : cond->value_n - 1]);
	}
	buf_char(&writer->text, ')');
}

struct str select_prefix_end(struct arena *arena, struct str prefix)
{
	char *next;

	while (prefix.len > 0 && (unsigned char)prefix.at[prefix.len - 1] == 0xff)
		prefix.len--;
	if (prefix.len == 0)
		return prefix;
	next = arena_strndup(arena, prefix.at, prefix.len);
	next[prefix.len - 1] = (char)((unsigned char)next[prefix.len - 1] + 1);
	return (struct str){next, prefix.len};
}

static void put_range(struct select_writer *writer, const char *column, struct str prefix)
{
	struct str end = select_prefix_end(writer->arena, prefix);

	buf_text(&writer->text, prefix.len > 0 ? column : "1 = 1");
	if (prefix.len == 0)
		return;
	buf_text(&writer->text, " >= ");
	put_param(writer, SELECT_PARAM_BYTES, (struct select_value){.text = prefix});
	if (end.len == 0)
		return;
	buf_printf(&writer->text, " AND %s < ", column);
	put_param(writer, SELECT_PARAM_BYTES, (struct select_value){.text = end});
}

static void put_prefix(struct select_writer *writer, const struct select_field *field,
		       const struct select_cond *cond, const char *text)
{
	(void)text;
	put_range(writer, field->column, cond->values[0].text);
}

/* What a pattern begins with, its escapes undone; *rest_r = where the first wildcard is. */
static struct str fixed_part(struct arena *arena, struct str pattern, size_t *rest_r)
{
	struct buf part;
	size_t i = 0;

	buf_init(&part, arena, pattern.len);
	for (; i < pattern.len && pattern.at[i] != '%' && pattern.at[i] != '_'; i++) {
		i += pattern.at[i] == '\\' && i + 1 < pattern.len;
		buf_char(&part, pattern.at[i]);
	}
	*rest_r = i;
	return buf_done(&part);
}

/* What `sort` of a field holds for a key that is set. */
static struct str sorted_key(struct arena *arena, struct str key)
{
	struct buf sorted;

	buf_init(&sorted, arena, key.len + 2);
	buf_char(&sorted, 0);
	buf_str(&sorted, key);
	return buf_done(&sorted);
}

/*
 * A folded column is bytes: its range comes from the fixed part; the pattern is asked
 * only when it says more, and as characters, since `_` is one of these.
 */
static void put_like(struct select_writer *writer, const struct select_field *field,
		     const struct select_cond *cond, const char *text)
{
	struct str pattern = cond->values[0].text, fixed;
	const char *column;
	size_t rest;

	if (!field->like) {
		put_compared(writer, field, text, cond->values[0]);
		return;
	}
	fixed = fixed_part(writer->arena, pattern, &rest);
	column = fixed.len > 0 && field->sort && !field->any ? field->sort : field->like;
	if (column != field->like)
		fixed = sorted_key(writer->arena, fixed);
	if (rest == pattern.len) {
		buf_printf(&writer->text, "%s = ", column);
		put_param(writer, SELECT_PARAM_BYTES, (struct select_value){.text = fixed});
		return;
	}
	if (fixed.len == 0 && field->flags & SELECT_NULLABLE)
		buf_printf(&writer->text, "%s IS NOT NULL", field->like);
	else
		put_range(writer, column, fixed);
	if (rest + 1 == pattern.len && pattern.at[rest] == '%')
		return;
	buf_printf(&writer->text, " AND CONVERT(%s USING utf8mb4) COLLATE utf8mb4_bin%s",
		   field->like, text);
	put_param(writer, SELECT_PARAM_TEXT, cond->values[0]);
}

static const struct {
	put_filter *put;
	const char *text;
	bool not_null; /* a zero that stands for null must not match */
} filters[SELECT_CMPS] = {
	[SELECT_EQ] = {put_simple, " = ", false},
	[SELECT_NE] = {put_simple, " <> ", true},
	[SELECT_LT] = {put_simple, " < ", true},
	[SELECT_LE] = {put_simple, " <= ", true},
	[SELECT_GT] = {put_simple, " > ", true},
	[SELECT_GE] = {put_simple, " >= ", true},
	[SELECT_LIKE] = {put_like, " LIKE ", true},
	[SELECT_PREFIX] = {put_prefix, "", false},
	[SELECT_IN] = {put_in, " IN (", false},
	[SELECT_NOT_IN] = {put_in, " NOT IN (", true},
	[SELECT_BETWEEN] = {put_between, " BETWEEN ", true},
	[SELECT_NULL] = {put_null, "", false},
	[SELECT_NOT_NULL] = {put_null, "NOT ", false},
};

static void put_predicate(struct select_writer *writer, const struct select_field *field,
			  const struct select_cond *cond)
{
	bool guard =
		filters[cond->cmp].not_null && field->flags & SELECT_ZERO_NULL && cond->value_n > 0;

	filters[cond->cmp].put(writer, field, cond, filters[cond->cmp].text);
	if (guard) {
		buf_text(&writer->text, " AND NOT ");
		select_put_is_null(writer, field);
	}
}

void select_put_of_others(struct select_writer *writer, const struct select_field *field,
			  const struct select_cond *cond, const char *text, const char *end)
{
	select_put_text(writer, text, NULL, NULL);
	buf_text(&writer->text, " AND (");
	put_predicate(writer, field, cond);
	buf_text(&writer->text, end);
}

static void put_filter_cond(struct select_writer *writer, const struct select_cond *cond)
{
	const struct select_field *field = select_field_find(writer->query->table, cond->name);

	assert(field && cond->cmp < SELECT_CMPS);
	if (field->any && (cond->cmp == SELECT_NULL || cond->cmp == SELECT_NOT_NULL))
		field = select_field_find(writer->query->table, field->unset);
	if (field->any && cond->value_n > 0)
		select_put_of_others(writer, field, cond, field->any, "))");
	else
		put_predicate(writer, field, cond);
}

void select_put_sorted(struct select_writer *writer, const struct select_field *field,
		       const char *operator, struct select_value value)
{
	buf_text(&writer->text, field->sort ? field->sort : field->column);
	buf_text(&writer->text, operator);
	put_param(writer, kind_of(field), value);
}

void select_put_bound(struct select_writer *writer, const struct select_plan *plan)
{
	if (!plan->bound)
		return;
	buf_text(&writer->text, " AND ");
	select_put_sorted(writer, plan->bound, plan->beyond, plan->least);
}

void select_put_source(struct select_writer *writer, const struct select_cond *cond, bool sample)
{
	const struct select_table *table = writer->query->table;
	const struct select_named *named;
	const struct select_field *field;

	if (cond->kind == SELECT_NAMED) {
		named = select_find_named(table, cond->name);
		select_put_text(writer, sample && named->scan ? named->sample : named->source,
				named, cond);
		return;
	}
	field = select_field_find(table, cond->name);
	select_put_of_others(writer, field, cond, field->source, ")");
}

static void put_named(struct select_writer *writer, const struct select_cond *cond)
{
	const struct select_named *named = select_find_named(writer->query->table, cond->name);

	assert(named);
	select_put_text(writer, named->check, named, cond);
}

static void put_group(struct select_writer *writer, const struct select_cond *cond,
		      const struct select_plan *plan)
{
	const char *between = cond->kind == SELECT_AND ? " AND " : " OR ";

	if (cond->cond_n == 0)
		buf_text(&writer->text, cond->kind == SELECT_AND ? "1 = 1" : "1 = 0");
	for (size_t i = 0; i < cond->cond_n; i++) {
		buf_text(&writer->text, i > 0 ? between : "");
		select_put_cond(writer, &cond->conds[i], plan);
	}
}

void select_put_cond(struct select_writer *writer, const struct select_cond *cond,
		     const struct select_plan *plan)
{
	const struct select_grams *grams = plan->grams;
	bool told = grams && grams->sure && !grams->fresh && select_has_grams(writer->query, cond);

	buf_char(&writer->text, '(');
	if (cond == plan->from || told)
		buf_text(&writer->text, "1 = 1");
	else if (cond->kind == SELECT_FILTER)
		put_filter_cond(writer, cond);
	else if (cond->kind == SELECT_NAMED)
		put_named(writer, cond);
	else
		put_group(writer, cond, plan);
	buf_char(&writer->text, ')');
}
