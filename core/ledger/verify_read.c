/* The tables of an organisation, page by page, side by side in the order of their accounts. */
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "stmt_gen.h"
#include "verify_priv.h"

#define PAGE_ROWS    1000
#define PAGE_JOURNAL 200
#define PAGE_SIZE    ((size_t)32 << 20) /* of memory, taken as needed */

/* Reads the page after the row `last` (NULL = the first); what was read before is gone. */
typedef enum err page_fn(struct verify *v, struct arena *arena, const void *last,
			 struct list *rows_r);

static enum err account_page(struct verify *v, struct arena *arena, const void *last,
			     struct list *rows_r)
{
	static const struct account_row none;
	const struct account_row *after = last ? last : &none;
	struct verify_account_in in = {v->organisation_id, after->card_id, after->unit, PAGE_ROWS};

	arena_reset(arena, 0);
	return sql_verify_account(v->db, arena, &in, rows_r);
}

static enum err entry_page(struct verify *v, struct arena *arena, const void *last,
			   struct list *rows_r)
{
	static const struct entry_row none;
	const struct entry_row *after = last ? last : &none;
	struct verify_entry_in in = {v->organisation_id, after->account_card_id, after->unit,
				     after->seq, PAGE_ROWS};

	arena_reset(arena, 0);
	if (v->watch)
		v->watch(v->arg, &v->report);
	return sql_verify_entry(v->db, arena, &in, rows_r);
}

static enum err lot_page(struct verify *v, struct arena *arena, const void *last,
			 struct list *rows_r)
{
	static const struct lot_row none;
	const struct lot_row *after = last ? last : &none;
	struct verify_lot_in in = {v->organisation_id, after->card_id, after->unit, after->id,
				   PAGE_ROWS};

	arena_reset(arena, 0);
	return sql_verify_lot(v->db, arena, &in, rows_r);
}

static enum err hold_page(struct verify *v, struct arena *arena, const void *last,
			  struct list *rows_r)
{
	static const struct hold_row none;
	const struct hold_row *after = last ? last : &none;
	struct verify_hold_in in = {v->organisation_id, after->account_card_id, after->unit,
				    after->state,       after->until_at,        after->id,
				    PAGE_ROWS};

	arena_reset(arena, 0);
	return sql_verify_hold(v->db, arena, &in, rows_r);
}

static enum err allocation_page(struct verify *v, struct arena *arena, const void *last,
				struct list *rows_r)
{
	static const struct allocation_row none;
	const struct allocation_row *after = last ? last : &none;
	struct verify_allocation_in in = {v->organisation_id, after->card_id,  after->unit,
					  after->owner_id,    after->position, PAGE_ROWS};

	arena_reset(arena, 0);
	return sql_verify_allocation(v->db, arena, &in, rows_r);
}

static enum err journal_page(struct verify *v, struct arena *arena, const void *last,
			     struct list *rows_r)
{
	static const struct verify_journal_row none;
	const struct verify_journal_row *after = last ? last : &none;
	struct verify_journal_in in = {v->organisation_id, after->id, PAGE_JOURNAL};

	arena_reset(arena, 0);
	return sql_verify_journal(v->db, arena, &in, rows_r);
}

#define OF(T, card, unit) sizeof(T), offsetof(T, card), offsetof(T, unit)

static const struct {
	const char *name;
	page_fn *page;
	size_t page_rows;
	size_t size, card_at, unit_at;
} tables[VERIFY_TABLES] = {
	[VERIFY_ACCOUNT] = {"account", account_page, PAGE_ROWS,
			    OF(struct account_row, card_id, unit)},
	[VERIFY_ENTRY] = {"entry", entry_page, PAGE_ROWS,
			  OF(struct entry_row, account_card_id, unit)},
	[VERIFY_LOT] = {"lot", lot_page, PAGE_ROWS, OF(struct lot_row, card_id, unit)},
	[VERIFY_HOLD] = {"hold", hold_page, PAGE_ROWS, OF(struct hold_row, account_card_id, unit)},
	[VERIFY_ALLOCATION] = {"allocation", allocation_page, PAGE_ROWS,
			       OF(struct allocation_row, card_id, unit)},
	[VERIFY_JOURNAL] = {"journal", journal_page, PAGE_JOURNAL,
			    sizeof(struct verify_journal_row), 0, 0},
};

const char *verify_table_name(enum verify_table table)
{
	return tables[table].name;
}

bool verify_streams_open(struct verify *v)
{
	bool open = arena_init(&v->arena, PAGE_SIZE);

	for (int t = 0; t < VERIFY_TABLES; t++)
		open = arena_init(&v->stream[t].arena, PAGE_SIZE) && open;
	return open;
}

void verify_streams_close(struct verify *v)
{
	for (int t = 0; t < VERIFY_TABLES; t++)
		arena_fini(&v->stream[t].arena);
	arena_fini(&v->arena);
}

void verify_rewind(struct verify *v)
{
	for (int t = 0; t < VERIFY_TABLES; t++) {
		struct verify_stream *stream = &v->stream[t];

		stream->rows = (struct list){0};
		stream->at = 0;
		stream->ended = false;
	}
}

static const void *row_at(const struct verify_stream *stream, enum verify_table table, size_t i)
{
	return (const char *)stream->rows.rows + i * tables[table].size;
}

enum err verify_peek(struct verify *v, enum verify_table table, const void **row_r)
{
	struct verify_stream *stream = &v->stream[table];
	size_t n = stream->rows.n;

	if (stream->at == n && !stream->ended) {
		const void *last = n > 0 ? row_at(stream, table, n - 1) : NULL;
		enum err err = tables[table].page(v, &stream->arena, last, &stream->rows);

		if (err != ERR_OK)
			return err;
		stream->at = 0;
		stream->ended = stream->rows.n < tables[table].page_rows;
	}
	*row_r = stream->at < stream->rows.n ? row_at(stream, table, stream->at) : NULL;
	return ERR_OK;
}

static const struct uuid *card_of(enum verify_table table, const void *row)
{
	return (const struct uuid *)(const void *)((const char *)row + tables[table].card_at);
}

static int64_t unit_of(enum verify_table table, const void *row)
{
	return *(const int64_t *)(const void *)((const char *)row + tables[table].unit_at);
}

enum err verify_take(struct verify *v, enum verify_table table, const struct uuid *card_id,
		     int64_t unit, const void **row_r)
{
	enum err err = verify_peek(v, table, row_r);

	if (err != ERR_OK || !*row_r)
		return err;
	if (table != VERIFY_JOURNAL &&
	    (memcmp(card_of(table, *row_r), card_id, sizeof *card_id) != 0 ||
	     unit_of(table, *row_r) != unit))
		*row_r = NULL;
	else
		v->stream[table].at++;
	return ERR_OK;
}

enum err verify_next_account(struct verify *v, enum verify_table *table_r, struct uuid *card_id_r,
			     int64_t *unit_r, bool *found_r)
{
	enum err err = ERR_OK;

	*found_r = false;
	for (enum verify_table t = 0; err == ERR_OK && t < VERIFY_JOURNAL; t++) {
		const void *row = NULL;

		err = verify_peek(v, t, &row);
		if (err != ERR_OK || !row)
			continue;
		int order = *found_r ? memcmp(card_of(t, row), card_id_r, sizeof *card_id_r) : -1;
		if (order > 0 || (order == 0 && unit_of(t, row) >= *unit_r))
			continue;
		*found_r = true;
		*table_r = t;
		*card_id_r = *card_of(t, row);
		*unit_r = unit_of(t, row);
	}
	return err;
}

void pile_init(struct pile *pile, size_t size)
{
	pile->n = 0;
	pile->size = size;
	pile->sorted = true;
}

void pile_fini(struct pile *pile)
{
	free(pile->at);
	*pile = (struct pile){0};
}

static void *record(const struct pile *pile, size_t i)
{
	return (char *)pile->at + i * pile->size;
}

static int by_id(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct uuid));
}

void *pile_add(struct pile *pile, const struct uuid *id)
{
	if (pile->n == pile->cap) {
		pile->cap = pile->cap ? pile->cap * 2 : 64;
		pile->at = reallocarray(pile->at, pile->cap, pile->size);
		if (!pile->at)
			abort();
	}
	void *added = record(pile, pile->n++);
	memset(added, 0, pile->size);
	memcpy(added, id, sizeof *id);
	if (pile->n > 1 && by_id(record(pile, pile->n - 2), added) > 0)
		pile->sorted = false;
	return added;
}

void pile_sort(struct pile *pile)
{
	if (!pile->sorted)
		qsort(pile->at, pile->n, pile->size, by_id);
	pile->sorted = true;
}

void *pile_find(struct pile *pile, const struct uuid *id)
{
	pile_sort(pile);
	return pile->n ? bsearch(id, pile->at, pile->n, pile->size, by_id) : NULL;
}
