/*
 * A page of candidates that are too many to be looked at each: numbers of the index of grams are in
 * order of name, so the first ones that pass fill it. A walk in order would meet them as well, but
 * only behind all rows before them, and these may be nearly all there are.
 */
#include "select_priv.h"

#include "gram_find.h"

#define LEAD_FIRST 500  /* candidates that are looked at first */
#define LEAD_MOST  2500 /* and then; with fewer among them that pass, a walk looks for them */
#define WALK_SPARE 4    /* the page's end this many times over is met by a walk */
#define WALK_SHORT 500  /* when it lies within so many rows */

static bool is_worth_it(const struct select_query *query, const struct gram_found *found)
{
	int64_t end = query->offset + query->limit;
	int64_t others = found->n - found->n_sorted + found->fresh;

	return query->order_n == 0 && end <= LEAD_MOST && others <= LEAD_MOST &&
	       gram_nth(found, end * WALK_SPARE) >= WALK_SHORT;
}

/* The page of the first candidates in order, and of all that are in no order. */
static enum err ask_first(struct db *db, struct arena *arena, const struct select_query *query,
			  const struct gram_found *found, int64_t first, bool others,
			  struct list *rows_r)
{
	const struct select_grams grams = {.numbers = gram_numbers(found, arena, 0, first, !others),
					   .space = found->space,
					   .fresh = others && found->fresh > 0,
					   .sure = found->sure};
	const struct select_plan plan = {.grams = &grams};
	const struct select_page nowhere = {0};

	return select_ask_page(db, arena, query, &plan, &nowhere, rows_r);
}

enum err select_lead(struct db *db, struct arena *arena, const struct select_query *query,
		     const struct gram_found *found, struct list *rows_r, bool *led_r)
{
	int64_t first = 0, next = LEAD_FIRST;
	enum err err = ERR_OK;

	*led_r = false;
	if (!is_worth_it(query, found))
		return ERR_OK;
	while (err == ERR_OK && !*led_r && next <= LEAD_MOST) {
		first = next < found->n_sorted ? next : found->n_sorted;
		err = ask_first(db, arena, query, found, first, false, rows_r);
		*led_r = (int64_t)rows_r->n == query->limit || first == found->n_sorted;
		next *= LEAD_MOST / LEAD_FIRST;
	}
	if (err != ERR_OK || !*led_r || found->n + found->fresh == found->n_sorted)
		return err;
	return ask_first(db, arena, query, found, first, true, rows_r);
}
