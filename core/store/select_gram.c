/*
 * Fragments by the index of grams: their number is known before a row is read. Where they are all
 * that is asked for, only the rows of the page are: numbers are in order of name but for the
 * newest ones.
 */
#include "select_priv.h"

#include "gram_find.h"

#define DRIVE_MAX   3000  /* candidates that are looked at one by one, three rows each */
#define WALK_FACTOR 8     /* a row of the walk costs an eighth of a candidate */
#define COUNT_STEP  2000  /* candidates that are counted at once */
#define COUNT_MOST  30000 /* with more to look at, others count */

static bool make_any(const struct select_named *named, const struct select_cond *cond,
		     struct gram_any *any)
{
	*any = (struct gram_any){0};
	for (size_t i = 0; i < named->gram_n; i++) {
		const struct select_gram *gram = &named->grams[i];
		struct str text = cond->values[gram->value - 1].text;
		struct gram_phrase *phrase = &any->phrase[any->n];

		if (gram->value > 1 && str_eq(text, cond->values[0].text) && i > 0)
			continue;
		if (!gram_phrase_make(text, gram->starts_word, gram->kind, phrase))
			return false;
		any->n++;
	}
	return any->n > 0;
}

static bool any_of(const struct select_query *query, const struct select_cond *cond,
		   struct gram_any *any)
{
	if (cond->kind != SELECT_NAMED || query->table->object == 0)
		return false;
	return make_any(select_find_named(query->table, cond->name), cond, any);
}

bool select_has_grams(const struct select_query *query, const struct select_cond *cond)
{
	struct gram_any any;

	return any_of(query, cond, &any);
}

/* Do grams alone tell that every condition holds? */
static bool is_told(const struct select_query *query, const struct gram_found *found)
{
	struct select_all all = select_all_of(query);

	for (size_t i = 0; i < all.n; i++)
		if (!select_has_grams(query, &all.cond[i]) ||
		    !select_find_named(query->table, all.cond[i].name)->exact)
			return false;
	return found->sure;
}

static struct select_grams *grams_new(struct arena *arena, const struct gram_found *found,
				      struct str numbers)
{
	struct select_grams *grams = arena_new(arena, struct select_grams);

	*grams = (struct select_grams){numbers, found->space, found->fresh > 0, found->sure};
	return grams;
}

/* Matches among what is fresh are counted one by one; the others need no look. */
static enum err count_told(struct db *db, struct arena *arena, const struct select_query *query,
			   const struct gram_found *found, struct select_plan *plan)
{
	struct select_plan fresh = {.grams = grams_new(arena, found, STR(""))};
	struct select_writer writer;
	int64_t n = 0;
	enum err err = ERR_OK;

	if (found->fresh > 0) {
		select_writer_init(&writer, query, arena);
		select_write_total(&writer, &fresh, 0);
		err = select_ask_count(db, &writer, &n);
	}
	plan->exact = true;
	plan->candidates = found->n + n;
	return err;
}

/* The first candidates in order, up to the page's end, and all that are in no order. */
static void lead_to_page(struct arena *arena, const struct select_query *query,
			 const struct gram_found *found, struct select_plan *plan)
{
	int64_t end = query->offset + query->limit, others = found->n - found->n_sorted;
	int64_t first = found->n_sorted < end ? found->n_sorted : end;

	if (others == 0 && found->fresh == 0) {
		plan->skipped = query->offset;
		plan->grams =
			grams_new(arena, found,
				  gram_numbers(found, arena, query->offset, query->limit, false));
	} else if (others + first + found->fresh <= DRIVE_MAX) {
		plan->grams = grams_new(arena, found, gram_numbers(found, arena, 0, first, false));
	}
}

/* Would a walk in order meet a page of them sooner than each of them is looked at? */
static bool walk_is_short(const struct select_query *query, const struct gram_found *found)
{
	int64_t rows = (query->offset + query->limit) * (found->numbers + 1);

	return found->n > 0 && rows / found->n < found->n / WALK_FACTOR;
}

static void lead_to_all(struct arena *arena, const struct select_query *query,
			const struct gram_found *found, struct select_plan *plan)
{
	if (found->n + found->fresh <= DRIVE_MAX && !walk_is_short(query, found))
		plan->grams =
			grams_new(arena, found, gram_numbers(found, arena, 0, found->n, false));
}

enum err select_plan_grams(struct db *db, struct arena *arena, const struct select_query *query,
			   struct select_plan *plan, bool *served_r)
{
	struct select_all all = select_all_of(query);
	struct gram_any *any = arena_array(arena, struct gram_any, all.n + 1);
	struct gram_found found;
	size_t n = 0;
	enum err err;

	for (size_t i = 0; i < all.n; i++)
		n += any_of(query, &all.cond[i], &any[n]);
	err = gram_find(db, arena, query->organisation_id, query->table->object, any, n, &found);
	*served_r = err == ERR_OK && found.served;
	if (!*served_r)
		return err;
	plan->asked_grams = true;
	plan->version = found.version;
	if (found.n + found.fresh == 0) {
		plan->exact = true;
		return ERR_OK;
	}
	if (!is_told(query, &found)) {
		lead_to_all(arena, query, &found, plan);
		if (!plan->grams)
			plan->found =
				memcpy(arena_new(arena, struct gram_found), &found, sizeof(found));
		return ERR_OK;
	}
	if (query->order_n == 0)
		lead_to_page(arena, query, &found, plan);
	else
		lead_to_all(arena, query, &found, plan);
	return count_told(db, arena, query, &found, plan);
}

static enum err count_by(struct db *db, struct arena *arena, const struct select_query *query,
			 const struct select_grams *grams, int64_t *n_r)
{
	struct select_plan plan = {.grams = grams};
	size_t mark = arena_mark(arena);
	struct select_writer writer;
	enum err err;

	select_writer_init(&writer, query, arena);
	select_write_total(&writer, &plan, 0);
	err = select_ask_count(db, &writer, n_r);
	arena_reset(arena, mark);
	return err;
}

/* By what the first ones were: how many are looked at until there are `cap`? */
static bool is_long_way(const struct gram_found *found, int64_t cap, int64_t first)
{
	int64_t all = found->n;

	if (cap > 0 && first > 0 && cap * COUNT_STEP / first < all)
		all = cap * COUNT_STEP / first;
	return all > COUNT_MOST;
}

enum err select_count_found(struct db *db, struct arena *arena, const struct select_query *query,
			    const struct gram_found *found, int64_t cap, int64_t *n_r)
{
	int64_t total = 0, n = 0;
	enum err err = ERR_OK;

	*n_r = -1;
	if (found->fresh > 0)
		err = count_by(db, arena, query,
			       &(struct select_grams){STR(""), found->space, true, false}, &total);
	for (int64_t skip = 0; err == ERR_OK && skip < found->n && (cap == 0 || total < cap);
	     skip += COUNT_STEP) {
		size_t mark = arena_mark(arena);
		struct str numbers = gram_numbers(found, arena, skip, COUNT_STEP, true);

		err = count_by(db, arena, query,
			       &(struct select_grams){numbers, found->space, false, found->sure},
			       &n);
		arena_reset(arena, mark);
		total += n;
		if (err == ERR_OK && skip == 0 && is_long_way(found, cap, n))
			return ERR_OK;
	}
	if (err == ERR_OK)
		*n_r = cap > 0 && total > cap ? cap : total;
	return err;
}

void select_put_grams(struct select_writer *writer, const struct select_grams *grams)
{
	if (grams->numbers.len > 0) {
		buf_text(&writer->text, "SELECT n.id FROM JSON_TABLE(");
		select_put_value(writer, grams->numbers);
		buf_text(&writer->text, ", '$[*]' COLUMNS (number INT UNSIGNED PATH '$')) j "
					"STRAIGHT_JOIN text_number n ON n.organisation_id = ");
		select_put_number(writer, writer->query->organisation_id);
		buf_text(&writer->text, " AND n.space = ");
		select_put_number(writer, grams->space);
		buf_text(&writer->text, " AND n.number = j.number");
	}
	if (grams->numbers.len > 0 && grams->fresh)
		buf_text(&writer->text, " UNION ");
	if (grams->fresh) {
		buf_text(&writer->text, "SELECT id FROM text_fresh WHERE organisation_id = ");
		select_put_number(writer, writer->query->organisation_id);
		buf_text(&writer->text, " AND object = ");
		select_put_number(writer, writer->query->table->object);
	}
}

enum err select_plan_stands(struct db *db, struct arena *arena, const struct select_query *query,
			    const struct select_plan *plan, bool *stands_r)
{
	*stands_r = true;
	return plan->asked_grams ? gram_still(db, arena, query->organisation_id,
					      query->table->object, plan->version, stands_r)
				 : ERR_OK;
}
