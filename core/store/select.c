/* Asking: a page, a count, or both. */
#include "select_priv.h"

#include <assert.h>

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
	const struct stmt_def def = {.name = name,
				     .text = db_limited(db, writer->arena,
							buf_done(&writer->text).at,
							writer->query->time_ms),
				     .in = &in,
				     .out = out,
				     .kind = STMT_MANY};

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

/* The rows as their callers know them; what the last of them was sorted by is kept. */
static void keep_place(const struct select_page *page, const struct map *map, int64_t offset,
		       struct list *rows)
{
	const size_t placed = map->size + 2 * sizeof(struct select_value);
	struct select_value last[2];
	char *at = rows->rows;

	if (rows->n == 0)
		return;
	memcpy(last, at + (rows->n - 1) * placed + map->size, sizeof(last));
	for (size_t i = 1; i < rows->n; i++)
		memmove(at + i * map->size, at + i * placed, map->size);
	select_place_keep(page, offset + (int64_t)rows->n, &last[0], &last[1]);
}

static enum err ask_page(struct db *db, struct arena *arena, const struct select_query *query,
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
	select_write_rows(&writer, &bounded, page->field != NULL);
	return select_ask(db, &writer, "select rows", &placed, rows_r);
}

static enum err ask_rows(struct db *db, struct arena *arena, const struct select_query *query,
			 struct select_plan *plan, struct list *rows_r)
{
	struct select_query rest = *query;
	struct select_plan after = *plan;
	struct select_page page;
	enum err err;

	*rows_r = (struct list){0};
	if (plan->exact && plan->candidates <= query->offset)
		return ERR_OK;
	select_place_find(arena, query, plan, &page);
	if (page.known) {
		plan->shifted = true;
		after.after = &page;
		rest.offset -= page.place.offset;
	}
	err = ask_page(db, arena, &rest, &after, &page, rows_r);
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
	select_writer_init(&writer, query, arena);
	if (plan->only)
		select_write_probe(&writer, plan->only, cap, false);
	else
		select_write_count(&writer, plan, cap);
	return select_ask_count(db, &writer, n_r);
}

/* A page that is not full ends the rows: their number is known. */
static bool page_tells(const struct select_query *query, const struct list *rows)
{
	return (int64_t)rows->n < query->limit && (rows->n > 0 || query->offset == 0);
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

static enum err ask_by(struct db *db, struct arena *arena, const struct select_query *query,
		       struct select_plan *plan, const struct wanted *wanted)
{
	enum err err = ERR_OK;

	if (wanted->rows_r)
		err = ask_rows(db, arena, query, plan, wanted->rows_r);
	if (err == ERR_OK && wanted->rows_r && !plan->exact && !plan->shifted &&
	    page_tells(query, wanted->rows_r)) {
		plan->exact = true;
		plan->candidates = query->offset + (int64_t)wanted->rows_r->n;
	}
	if (err == ERR_OK && wanted->n_r && page_is_beyond(query, wanted))
		*wanted->n_r = wanted->cap;
	else if (err == ERR_OK && wanted->n_r)
		err = ask_total(db, arena, query, plan, wanted->cap, wanted->n_r);
	return err;
}

/* What the index of grams told is asked again when the index has changed meanwhile. */
static enum err ask_all(struct db *db, struct arena *arena, const struct select_query *query,
			const struct wanted *wanted)
{
	struct select_query known;
	struct select_plan plan;
	bool stands = false;
	enum err err = select_resolve(db, arena, query, &known);

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

struct str select_text(const struct select_query *query, struct arena *arena)
{
	struct select_plan plan;
	struct select_writer writer;

	select_make_plan(NULL, arena, query, false, 0, &plan);
	select_writer_init(&writer, query, arena);
	select_write_rows(&writer, &plan, false);
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
	buf_text(&writer.text, "EXPLAIN ");
	select_write_rows(&writer, &plan, false);
	return select_ask(db, &writer, "select explain", out, steps_r);
}
