/* Asking: a page, a count, or both. */
#include "select_priv.h"

#include <assert.h>

#include "clock.h"
#include "db.h"
#include "stmt.h"

#define GRAM_TRIES 3 /* then without the index of grams */

/* The answer of a count. */
struct count_row {
	int64_t n;
};

static const struct field count_fields[] = {
	{.wire = "n", .member = "n", .offset = offsetof(struct count_row, n), .type = FT_I64}};
static const struct map count_map = MAP("count", struct count_row, count_fields);

enum err select_ask(struct db *db, struct select_writer *writer, const char *name,
		    const struct map *out, struct list *rows_r)
{
	const struct map in = {.name = name,
			       .size = writer->n * sizeof(struct select_value),
			       .fields = writer->fields,
			       .n = writer->n};
	struct stmt_def def = {.name = name, .in = &in, .out = out, .kind = STMT_MANY};
	enum err err = db_limited(db, writer->arena, buf_done(&writer->text).at,
				  writer->query->time_ms, writer->query->begun_us, &def.text);

	if (err != ERR_OK)
		return err;
	return db_many_of(db, writer->arena, &def, writer->values, rows_r);
}

enum err select_ask_count(struct db *db, struct select_writer *writer, int64_t *n_r)
{
	struct list rows;
	enum err err = select_ask(db, writer, "select count", &count_map, &rows);

	if (err != ERR_OK)
		return err;
	assert(rows.n == 1);
	*n_r = ((const struct count_row *)rows.rows)->n;
	return ERR_OK;
}

/* The least that the page may show, where the plan needs it. */
static enum err ask_bound(struct db *db, struct arena *arena, const struct select_query *query,
			  struct select_plan *plan)
{
	static const struct field numbers[] = {
		{.wire = "v", .offset = offsetof(struct select_value, number), .type = FT_I64}};
	static const struct field texts[] = {{.wire = "v",
					      .offset = offsetof(struct select_value, text),
					      .type = FT_STR,
					      .flags = STORE_BYTES}};
	static const struct map number = MAP("number", struct select_value, numbers),
				text = MAP("text", struct select_value, texts);
	const struct select_field *field = select_bound_field(query, plan);
	struct select_writer writer;
	struct list rows;
	enum err err;

	if (!field)
		return ERR_OK;
	select_writer_init(&writer, query, arena);
	select_write_bound(&writer, plan, field);
	err = select_ask(db, &writer, "select bound", field->type == FT_STR ? &text : &number,
			 &rows);
	if (err != ERR_OK || rows.n == 0)
		return err;
	plan->bound = field;
	plan->least = *(const struct select_value *)rows.rows;
	return ERR_OK;
}

/* Rows of `wide` bytes become what their callers know: the first `size` of each. */
static void close_up(struct list *rows, size_t wide, size_t size)
{
	char *at = rows->rows;

	for (size_t i = 1; i < rows->n; i++)
		memmove(at + i * size, at + i * wide, size);
}

/* The rows as their callers know them; what the last of them was sorted by is kept. */
static void keep_place(const struct select_page *page, const struct map *map, int64_t offset,
		       struct list *rows)
{
	const size_t placed = map->size + 2 * sizeof(struct select_value);
	struct select_value last[2];

	if (rows->n == 0)
		return;
	memcpy(last, (char *)rows->rows + (rows->n - 1) * placed + map->size, sizeof(last));
	close_up(rows, placed, map->size);
	select_place_keep(page, offset + (int64_t)rows->n, &last[0], &last[1]);
}

enum err select_ask_page(struct db *db, struct arena *arena, const struct select_query *query,
			 const struct select_plan *plan, const struct select_page *page,
			 struct list *rows_r)
{
	const struct map *map = stmt_table[query->table->rows].out;
	const struct map placed = page->field ? select_placed_map(arena, page, map) : *map;
	struct select_plan bounded = *plan;
	struct select_writer writer;
	enum err err = ask_bound(db, arena, query, &bounded);

	if (err != ERR_OK)
		return err;
	select_writer_init(&writer, query, arena);
	buf_text(&writer.text, page->field ? "SELECT p.o0, p.k, " : "SELECT ");
	select_write_rows(&writer, &bounded);
	return select_ask(db, &writer, "select rows", &placed, rows_r);
}

/* Where a page begins that is nearer to the end of the list, by the number of rows behind it. */
static enum err ask_from_end(struct db *db, struct arena *arena, const struct select_query *query,
			     const struct select_plan *plan, struct select_page *page)
{
	static const struct map nothing = {.name = "place"};
	int64_t behind = select_place_from_end(query, page);
	struct select_writer writer;
	struct list rows = {0};
	struct map map;
	enum err err;

	if (behind == 0)
		return ERR_OK;
	map = select_placed_map(arena, page, &nothing);
	select_writer_init(&writer, query, arena);
	select_write_from_end(&writer, plan, page, behind);
	err = select_ask(db, &writer, "select from end", &map, &rows);
	if (err == ERR_OK && rows.n == 1) {
		const struct select_value *place = rows.rows;

		select_place_take(page, query->offset, &place[0], &place[1]);
	}
	return err;
}

static enum err ask_rows(struct db *db, struct arena *arena, const struct select_query *query,
			 struct select_plan *plan, struct list *rows_r)
{
	struct select_query rest = *query;
	struct select_plan after = *plan;
	struct select_page page;
	bool led = false;
	enum err err;

	*rows_r = (struct list){0};
	if (plan->exact && plan->candidates <= query->offset)
		return ERR_OK;
	if (plan->found) {
		err = select_lead(db, arena, query, plan->found, rows_r, &led);
		if (err != ERR_OK || led)
			return err;
	}
	select_place_find(arena, query, plan, &page);
	err = ask_from_end(db, arena, query, plan, &page);
	if (err != ERR_OK)
		return err;
	if (page.known) {
		plan->shifted = true;
		after.after = &page;
		rest.offset -= page.place.offset;
	}
	err = select_ask_page(db, arena, &rest, &after, &page, rows_r);
	if (err == ERR_OK && page.field)
		keep_place(&page, stmt_table[query->table->rows].out, query->offset, rows_r);
	return err;
}

static enum err ask_total(struct db *db, struct arena *arena, const struct select_query *query,
			  const struct select_plan *plan, int64_t cap, int64_t *n_r)
{
	struct select_writer writer;

	if (plan->exact) {
		*n_r = cap > 0 && plan->candidates > cap ? cap : plan->candidates;
		return ERR_OK;
	}
	if (plan->counted >= 0) {
		*n_r = plan->counted;
		return ERR_OK;
	}
	if (plan->found) {
		enum err err = select_count_found(db, arena, query, plan->found, cap, n_r);

		if (err != ERR_OK || *n_r >= 0)
			return err;
	}
	select_writer_init(&writer, query, arena);
	select_write_total(&writer, plan, cap);
	return select_ask_count(db, &writer, n_r);
}

/* A row's map with a number before its columns, and behind its members. */
static struct map counted_map(struct arena *arena, const struct map *map)
{
	struct field *fields = arena_array(arena, struct field, map->n + 1);

	assert(map->size <= UINT16_MAX && map->size % _Alignof(int64_t) == 0);
	fields[0] = (struct field){.wire = "items", .offset = (uint16_t)map->size, .type = FT_I64};
	memcpy(fields + 1, map->fields, map->n * sizeof(struct field));
	return (struct map){.name = map->name,
			    .size = map->size + sizeof(int64_t),
			    .fields = fields,
			    .n = map->n + 1};
}

/*
 * Number and rows by one question: of two, the second costs as much again in task switches as it
 * does in work. *n_r stays when there is no row to bring it.
 */
static enum err ask_counted(struct db *db, struct arena *arena, const struct select_query *query,
			    const struct select_plan *plan, int64_t cap, struct list *rows_r,
			    int64_t *n_r)
{
	const struct map *map = stmt_table[query->table->rows].out;
	const struct map counted = counted_map(arena, map);
	struct select_plan bounded = *plan;
	struct select_writer writer;
	enum err err = ask_bound(db, arena, query, &bounded);

	if (err != ERR_OK)
		return err;
	select_writer_init(&writer, query, arena);
	bounded.summed = plan->grams != NULL;
	if (bounded.summed) {
		buf_text(&writer.text, "SELECT p.items, ");
	} else {
		buf_text(&writer.text, "SELECT (");
		select_write_total(&writer, plan, cap);
		buf_text(&writer.text, ") AS items, ");
	}
	select_write_rows(&writer, &bounded);
	err = select_ask(db, &writer, "select counted rows", &counted, rows_r);
	if (err != ERR_OK || rows_r->n == 0)
		return err;
	memcpy(n_r, (char *)rows_r->rows + map->size, sizeof(*n_r));
	*n_r = *n_r < cap ? *n_r : cap;
	close_up(rows_r, counted.size, map->size);
	return ERR_OK;
}

/* A page that is not full ends the rows: their number is known. */
static bool page_tells(const struct select_query *query, const struct select_plan *plan,
		       const struct list *rows)
{
	return !plan->exact && !plan->shifted && (int64_t)rows->n < query->limit &&
	       (rows->n > 0 || query->offset == 0);
}

/* What is wanted of a query; NULL = not. */
struct wanted {
	struct list *rows_r;
	int64_t *n_r;
	int64_t cap;
};

/* Rows that are numbered up to the cap are as many as would be counted. */
static bool page_is_beyond(const struct select_query *query, const struct wanted *wanted)
{
	return wanted->rows_r && wanted->rows_r->n > 0 && wanted->cap > 0 &&
	       query->offset + (int64_t)wanted->rows_r->n >= wanted->cap;
}

/* Only where counting is bounded, and where no place of the page is looked for. */
static bool is_counted_along(const struct select_query *query, const struct select_plan *plan,
			     const struct wanted *wanted)
{
	return wanted->rows_r && wanted->n_r && wanted->cap > 0 && !plan->exact &&
	       plan->counted < 0 && !plan->found &&
	       query->offset + query->limit < SELECT_PLACE_FROM && select_fills_page(query, plan);
}

static enum err ask_by(struct db *db, struct arena *arena, const struct select_query *query,
		       struct select_plan *plan, const struct wanted *wanted)
{
	enum err err = ERR_OK;
	int64_t n = -1;

	if (is_counted_along(query, plan, wanted))
		err = ask_counted(db, arena, query, plan, wanted->cap, wanted->rows_r, &n);
	else if (wanted->rows_r)
		err = ask_rows(db, arena, query, plan, wanted->rows_r);
	if (err == ERR_OK && n < 0 && wanted->rows_r && page_tells(query, plan, wanted->rows_r)) {
		plan->exact = true;
		plan->candidates = query->offset + (int64_t)wanted->rows_r->n;
	}
	if (err == ERR_OK && n < 0 && wanted->n_r && page_is_beyond(query, wanted))
		n = wanted->cap;
	else if (err == ERR_OK && wanted->n_r && n < 0)
		err = ask_total(db, arena, query, plan, wanted->cap, &n);
	if (err == ERR_OK && wanted->n_r)
		*wanted->n_r = n;
	return err;
}

/* What the index of grams told is asked again when the index has changed meanwhile. */
static enum err ask_all(struct db *db, struct arena *arena, const struct select_query *query,
			const struct wanted *wanted)
{
	struct select_query begun = *query, known;
	struct select_plan plan;
	bool stands = false;
	enum err err;

	begun.begun_us = clock_monotonic_us();
	err = select_resolve(db, arena, &begun, &known);
	for (int try = 1; err == ERR_OK && !stands; try++) {
		err = select_make_plan(db, arena, &known, try <= GRAM_TRIES, wanted->cap, &plan);
		if (err == ERR_OK)
			err = ask_by(db, arena, &known, &plan, wanted);
		if (err == ERR_OK)
			err = select_plan_stands(db, arena, &known, &plan, &stands);
	}
	return err;
}

enum err select_rows(struct db *db, struct arena *arena, const struct select_query *query,
		     struct list *rows_r)
{
	return ask_all(db, arena, query, &(struct wanted){.rows_r = rows_r});
}

enum err select_count(struct db *db, struct arena *arena, const struct select_query *query,
		      int64_t cap, int64_t *n_r)
{
	return ask_all(db, arena, query, &(struct wanted){.n_r = n_r, .cap = cap});
}

enum err select_page(struct db *db, struct arena *arena, const struct select_query *query,
		     int64_t cap, struct list *rows_r, int64_t *n_r)
{
	return ask_all(db, arena, query, &(struct wanted){rows_r, n_r, cap});
}

enum err select_is_void(struct db *db, struct arena *arena, const struct select_query *query,
			const struct select_cond *cond, bool *void_r)
{
	struct select_writer writer;
	int64_t n = 1;
	enum err err;

	select_writer_init(&writer, query, arena);
	select_write_outside(&writer, cond);
	err = select_ask_count(db, &writer, &n);
	if (err == ERR_OK)
		*void_r = n == 0;
	return err;
}

struct str select_text(const struct select_query *query, struct arena *arena)
{
	struct select_plan plan;
	struct select_writer writer;

	select_make_plan(NULL, arena, query, false, 0, &plan);
	select_writer_init(&writer, query, arena);
	buf_text(&writer.text, "SELECT ");
	select_write_rows(&writer, &plan);
	return buf_done(&writer.text);
}

enum err select_explain(struct db *db, struct arena *arena, const struct select_query *query,
			const struct map *out, struct list *steps_r)
{
	struct select_query known;
	struct select_plan plan;
	struct select_writer writer;
	enum err err = select_resolve(db, arena, query, &known);

	if (err == ERR_OK)
		err = select_make_plan(db, arena, &known, true, 0, &plan);
	if (err == ERR_OK)
		err = ask_bound(db, arena, &known, &plan);
	if (err != ERR_OK)
		return err;
	select_writer_init(&writer, &known, arena);
	buf_text(&writer.text, "EXPLAIN SELECT ");
	select_write_rows(&writer, &plan);
	return select_ask(db, &writer, "select explain", out, steps_r);
}
