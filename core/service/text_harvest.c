/* Grams of many texts, gathered in memory. */
#include <stdlib.h>

#include "arena.h"
#include "text_index_priv.h"

#define ROWS_FIRST    ((size_t)16384)
#define NUMBERS_FIRST 4

void gram_harvest_init(struct gram_harvest *harvest, struct arena *arena)
{
	*harvest = (struct gram_harvest){
		.arena = arena,
		.cap = ROWS_FIRST,
		.rows = arena_array(arena, struct gram_numbers, ROWS_FIRST),
		.slots = arena_array(arena, uint32_t, 2 * ROWS_FIRST),
	};
}

/* A multiplication mixes upwards only: the upper bits count (Knuth, 6.4). */
static size_t slot_of(const struct gram_harvest *harvest, int64_t gram, unsigned kind,
		      unsigned place)
{
	uint64_t hash = (uint64_t)gram * UINT64_C(0x9E3779B97F4A7C15);

	hash = (hash ^ (hash >> 29) ^ (kind << 8 | place)) * UINT64_C(0xBF58476D1CE4E5B9);
	return (size_t)(hash >> 20) & (2 * harvest->cap - 1);
}

static void grow(struct gram_harvest *harvest)
{
	size_t cap = harvest->cap;

	harvest->rows = arena_grow(harvest->arena, harvest->rows, cap * sizeof(harvest->rows[0]),
				   2 * cap * sizeof(harvest->rows[0]));
	harvest->cap = 2 * cap;
	harvest->slots = arena_array(harvest->arena, uint32_t, 2 * harvest->cap);
	for (size_t i = 0; i < harvest->n; i++) {
		const struct gram_numbers *row = &harvest->rows[i];
		size_t slot = slot_of(harvest, row->gram, row->kind, row->place);

		while (harvest->slots[slot])
			slot = (slot + 1) & (2 * harvest->cap - 1);
		harvest->slots[slot] = (uint32_t)i + 1;
	}
}

static struct gram_numbers *row_of(struct gram_harvest *harvest, int64_t gram, unsigned place)
{
	size_t slot = slot_of(harvest, gram, harvest->kind, place);

	for (; harvest->slots[slot]; slot = (slot + 1) & (2 * harvest->cap - 1)) {
		struct gram_numbers *row = &harvest->rows[harvest->slots[slot] - 1];

		if (row->gram == gram && row->kind == harvest->kind && row->place == place)
			return row;
	}
	if (harvest->n == harvest->cap) {
		grow(harvest);
		return row_of(harvest, gram, place);
	}
	harvest->slots[slot] = (uint32_t)harvest->n + 1;
	harvest->rows[harvest->n] =
		(struct gram_numbers){.gram = gram, .kind = harvest->kind, .place = (uint8_t)place};
	return &harvest->rows[harvest->n++];
}

/* Numbers come in ascending order; places beyond the last one may come again. */
static void add(void *arg, int64_t gram, unsigned place)
{
	struct gram_harvest *harvest = arg;
	struct gram_numbers *row = row_of(harvest, gram, place);
	uint32_t cap = row->cap ? row->cap * 2 : NUMBERS_FIRST;

	if (row->n > 0 && row->numbers[row->n - 1] == harvest->number)
		return;
	if (row->n == row->cap) {
		row->numbers =
			arena_grow(harvest->arena, row->numbers, row->cap * sizeof(row->numbers[0]),
				   cap * sizeof(row->numbers[0]));
		row->cap = cap;
	}
	row->numbers[row->n++] = harvest->number;
}

static struct str first_line(struct str text)
{
	const char *end = text.len > 0 ? memchr(text.at, '\n', text.len) : NULL;

	return end ? (struct str){text.at, (size_t)(end - text.at)} : text;
}

void gram_harvest_text(struct gram_harvest *harvest, enum text_object object,
		       const struct text_part_row *part, uint16_t number)
{
	const struct {
		enum gram_kind kind;
		struct str text;
	} texts[] = {
		{GRAM_BARCODE, part->barcode_key},
		{GRAM_CODE, part->code_key},
		{object == TEXT_PERSON ? GRAM_PERSON : GRAM_OTHER, part->other_key},
	};

	harvest->number = number;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		harvest->kind = (uint8_t)texts[i].kind;
		gram_each(texts[i].text, add, harvest);
	}
	if (object == TEXT_CARD)
		gram_each_word(first_line(part->other_key), add, harvest);
}

static int by_gram(const void *a, const void *b)
{
	const struct gram_numbers *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind - y->kind;
	if (x->gram != y->gram)
		return x->gram < y->gram ? -1 : 1;
	return x->place - y->place;
}

void gram_harvest_sort(struct gram_harvest *harvest)
{
	if (harvest->n > 0)
		qsort(harvest->rows, harvest->n, sizeof(harvest->rows[0]), by_gram);
}
