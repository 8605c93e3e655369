/*
 * Which way leads to the rows. Measured at a million rows: an equality whose index
 * holds the table's order needs no thought; candidates of a word or a prefix are worth
 * joining first while they are few; when they are many, a walk along the order meets enough
 * of them soon.
 */
#include "select_priv.h"

#define NOT_WORTH_GRAMS 100 /* candidates that are looked at sooner than the index of grams */
#define WORTH_SORTING                                                                              \
	6000 /* candidates by estimate that are sorted before a walk is thought of                 \
	      */

struct select_all select_all_of(const struct select_query *query)
{
	if (query->where.kind == SELECT_AND)
		return (struct select_all){query->where.conds, query->where.cond_n};
	return (struct select_all){&query->where, 1};
}

bool select_narrows(const struct select_cond *cond)
{
	static const bool ranges[SELECT_CMPS] = {
		[SELECT_EQ] = true, [SELECT_LT] = true,      [SELECT_LE] = true,
		[SELECT_GT] = true, [SELECT_GE] = true,      [SELECT_LIKE] = true,
		[SELECT_IN] = true, [SELECT_BETWEEN] = true, [SELECT_PREFIX] = true,
	};
	struct str first = cond->value_n > 0 ? cond->values[0].text : STR("");

	if (cond->cmp == SELECT_LIKE)
		return first.len > 0 && first.at[0] != '%' && first.at[0] != '_';
	return ranges[cond->cmp] && (cond->cmp != SELECT_PREFIX || first.len > 0);
}

/* The index of a text that is folded beside its column is one of the folded column. */
static bool is_of_index(const struct select_field *field, const struct select_cond *cond)
{
	return !field->like || cond->cmp == SELECT_LIKE || strcmp(field->like, field->column) == 0;
}

const char *select_index(const struct select_query *query, const struct select_cond *cond,
			 bool *ordered_r)
{
	const struct select_field *field;
	const struct select_named *named;

	*ordered_r = false;
	if (cond->kind == SELECT_NAMED) {
		named = select_find_named(query->table, cond->name);
		*ordered_r = named->index != NULL;
		return named->index;
	}
	if (cond->kind != SELECT_FILTER)
		return NULL;
	field = select_field_find(query->table, cond->name);
	if (!field->index || !select_narrows(cond) || !is_of_index(field, cond))
		return NULL;
	*ordered_r = cond->cmp == SELECT_EQ && field->flags & SELECT_ORDERED;
	return cond->cmp == SELECT_LIKE && field->sort && field->order ? field->order
								       : field->index;
}

/* The best of what was seen so far. */
struct choice {
	const struct select_cond *few, *ordered, *scan;
	const struct select_cond *many;   /* an index has its candidates, but they are many */
	int64_t many_n;                   /* by estimate; 0 = unknown */
	const struct select_spans *spans; /* where they may be, if that is known */
	const struct select_cond *some;   /* as many as are sorted, by estimate */
	const char *pair, *few_pair;      /* indexes */
	int64_t candidates;
	int64_t cap;      /* > 0: the first question counts so far, since its answer is the total */
	int64_t pair_cap; /* the same of a pair's */
	int64_t counted;  /* -1 = unknown */
};

bool select_has_source(const struct select_query *query, const struct select_cond *cond)
{
	if (cond->kind == SELECT_NAMED)
		return select_find_named(query->table, cond->name)->source != NULL;
	return cond->kind == SELECT_FILTER && select_narrows(cond) &&
	       select_field_find(query->table, cond->name)->source != NULL;
}

static bool is_scan(const struct select_query *query, const struct select_cond *cond)
{
	return cond->kind == SELECT_NAMED && select_find_named(query->table, cond->name)->scan;
}

bool select_is_served(const struct select_table *table, const struct select_cond *cond)
{
	const struct select_query query = {.table = table};
	bool ordered;

	return select_has_source(&query, cond) || select_index(&query, cond, &ordered);
}

/* Does the number of candidates of the only condition tell the number of rows? */
static bool counts_rows(const struct select_query *query, const struct select_cond *cond)
{
	return cond->kind == SELECT_FILTER || select_find_named(query->table, cond->name)->exact;
}

/*
 * A page of many candidates is met soon by a walk; their number is not, and their own index tells
 * it. The condition that is all there is, when it has such an index.
 */
static const struct select_cond *alone(const struct select_query *query,
				       const struct select_all *all)
{
	bool ordered;

	if (all->n != 1)
		return NULL;
	if (!select_has_source(query, all->cond) && !select_index(query, all->cond, &ordered))
		return NULL;
	return counts_rows(query, all->cond) ? all->cond : NULL;
}

static enum err ask_candidates(struct db *db, struct arena *arena, const struct select_query *query,
			       const struct select_cond *cond, int64_t cap, int64_t *n_r)
{
	struct select_writer writer;

	select_writer_init(&writer, query, arena);
	select_write_probe(&writer, cond, cap, true);
	return select_ask_count(db, &writer, n_r);
}

static enum err probe(struct db *db, struct arena *arena, const struct select_query *query,
		      const struct select_cond *cond, struct choice *choice)
{
	int64_t most = choice->few ? choice->candidates : SELECT_CANDIDATES_MAX + 1;
	int64_t cap = choice->cap > most ? choice->cap : most;
	int64_t n = 0;
	enum err err = cap > 0 ? ask_candidates(db, arena, query, cond, cap, &n) : ERR_OK;

	if (err == ERR_OK && choice->cap > most)
		choice->counted = n;
	if (err == ERR_OK && n >= most && !choice->many && !select_has_source(query, cond))
		choice->many = cond;
	if (err != ERR_OK || n >= most)
		return err;
	choice->few = cond;
	choice->candidates = n;
	return ERR_OK;
}

/* Does the walk go by this field's own index, so that a condition on it bounds the walk? */
static bool is_walked_by(const struct select_query *query, const struct select_cond *cond)
{
	const struct select_table *table = query->table;
	const struct select_field *field = select_field_find(table, cond->name);

	if (query->order_n == 0)
		return table->walk && table->order_n == 1 &&
		       strcmp(table->order[0].name, field->name) == 0;
	return query->order_n == 1 && field->order && !field->sort && !field->any &&
	       strcmp(query->order[0].name, field->name) == 0;
}

/* A comparison that is all that is asked for, where no more than a page of it is wanted. */
static bool is_lone(const struct select_query *query, const struct select_cond *cond,
		    const struct choice *choice)
{
	return choice->cap == 0 && cond->kind == SELECT_FILTER && select_all_of(query).n == 1;
}

/* Nothing is counted: the candidates are sorted, or the walk is sampled. */
static enum err weigh_lone(struct db *db, struct arena *arena, const struct select_query *query,
			   const struct select_cond *cond, struct choice *choice)
{
	int64_t n = 0;
	enum err err;

	if (is_walked_by(query, cond))
		return ERR_OK;
	err = select_estimate(db, arena, query, cond, &n);
	if (err == ERR_OK && n > WORTH_SORTING) {
		choice->many = cond;
		choice->many_n = n;
	}
	if (err == ERR_OK && n <= WORTH_SORTING)
		choice->some = cond;
	return err;
}

/* Candidates that others lead to, or that spans narrow down beside an order: many are not counted.
 */
static bool is_guessed(const struct select_query *query, const struct select_cond *cond,
		       const struct choice *choice)
{
	if (cond->kind != SELECT_FILTER)
		return false;
	if (select_has_source(query, cond))
		return is_lone(query, cond, choice);
	return choice->ordered && query->order_n == 0 &&
	       select_field_find(query->table, cond->name)->spans;
}

static enum err weigh_guessed(struct db *db, struct arena *arena, const struct select_query *query,
			      const struct select_cond *cond, struct choice *choice)
{
	int64_t n = 0;
	enum err err = select_estimate(db, arena, query, cond, &n);

	if (err == ERR_OK && n <= SELECT_CANDIDATES_MAX)
		return probe(db, arena, query, cond, choice);
	if (err == ERR_OK && !choice->many && !select_has_source(query, cond))
		choice->many = cond;
	return err;
}

/* What is frequent in the sample is met soon by a walk; what is not is looked for by the scan. */
static enum err sample(struct db *db, struct arena *arena, const struct select_query *query,
		       struct choice *choice)
{
	int64_t n = 0;
	enum err err;

	if (!db || !choice->scan || choice->few)
		return ERR_OK;
	err = ask_candidates(db, arena, query, choice->scan, SELECT_SAMPLE_MANY, &n);
	if (err == ERR_OK && n >= SELECT_SAMPLE_MANY)
		choice->scan = NULL;
	return err;
}

/* Beside other conditions an order is worth less than few candidates. */
static bool is_walked(const struct select_query *query, const struct select_cond *cond)
{
	bool few = cond->kind == SELECT_FILTER &&
		   select_field_find(query->table, cond->name)->flags & SELECT_FEW;

	return query->order_n == 0 && !(few && select_all_of(query).n > 1);
}

static enum err weigh(struct db *db, struct arena *arena, const struct select_query *query,
		      const struct select_cond *cond, struct choice *choice)
{
	bool ordered, source = select_has_source(query, cond);
	const char *index = select_index(query, cond, &ordered);

	if (ordered && is_walked(query, cond))
		choice->ordered = choice->ordered ? choice->ordered : cond;
	else if (is_scan(query, cond))
		choice->scan = choice->scan ? choice->scan : cond;
	else if (db && (source || index) && is_guessed(query, cond, choice))
		return weigh_guessed(db, arena, query, cond, choice);
	else if (db && index && is_lone(query, cond, choice))
		return weigh_lone(db, arena, query, cond, choice);
	else if (db && (source || index))
		return probe(db, arena, query, cond, choice);
	return ERR_OK;
}

/* `field` = value, or a condition of this name. */
static const struct select_cond *find_cond(const struct select_all *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct select_cond *cond = &all->cond[i];
		bool simple = cond->kind == SELECT_NAMED ||
			      (cond->kind == SELECT_FILTER && cond->cmp == SELECT_EQ);

		if (simple && strcmp(cond->name, name) == 0)
			return cond;
	}
	return NULL;
}

static enum err weigh_pair(struct db *db, struct arena *arena, const struct select_query *query,
			   const struct select_pair *pair, const struct select_cond *const conds[2],
			   struct choice *choice)
{
	int64_t most = SELECT_CANDIDATES_MAX + 1;
	int64_t cap = choice->pair_cap > most ? choice->pair_cap : most;
	struct select_writer writer;
	int64_t n = 0;
	enum err err;

	if (!pair->few) {
		choice->pair = pair->index;
		return ERR_OK;
	}
	if (!db)
		return ERR_OK;
	select_writer_init(&writer, query, arena);
	select_write_index_probe(&writer, pair->index, conds, 2, cap);
	err = select_ask_count(db, &writer, &n);
	if (err == ERR_OK && choice->pair_cap > most)
		choice->counted = n;
	if (err != ERR_OK || n >= most)
		return err;
	choice->few_pair = pair->index;
	choice->candidates = n;
	return ERR_OK;
}

/* In the table's own order: the first index that two of the conditions share. */
static enum err weigh_pairs(struct db *db, struct arena *arena, const struct select_query *query,
			    struct choice *choice)
{
	const struct select_table *table = query->table;
	struct select_all all = select_all_of(query);
	enum err err = ERR_OK;

	if (query->order_n > 0 || choice->few)
		return ERR_OK;
	for (size_t i = 0; err == ERR_OK && i < table->pair_n; i++) {
		const struct select_pair *pair = &table->pairs[i];
		const struct select_cond *const conds[] = {find_cond(&all, pair->field),
							   find_cond(&all, pair->other)};

		if (choice->pair || choice->few_pair)
			return ERR_OK;
		if (conds[0] && conds[1])
			err = weigh_pair(db, arena, query, pair, conds, choice);
	}
	return err;
}

static void take(const struct select_query *query, const struct select_cond *cond,
		 struct select_plan *plan)
{
	bool ordered;

	if (select_has_source(query, cond))
		plan->from = cond;
	else
		plan->index = select_index(query, cond, &ordered);
}

/* The index that gives the caller's own order; NULL leaves the choice to the server. */
static const char *order_index(const struct select_query *query)
{
	return query->order_n == 1 ? select_field_find(query->table, query->order[0].name)->order
				   : NULL;
}

/*
 * Many rows that begin where the walk ends (the newest, in order of age): when of the first in
 * order so few match that the page would be far, all candidates are read and sorted.
 */
static enum err sample_walk(struct db *db, struct arena *arena, const struct select_query *query,
			    struct choice *choice)
{
	struct select_writer writer;
	int64_t n = 0, most = SELECT_WALK_MOST;
	enum err err;

	if (!choice->many || choice->few || choice->pair || choice->few_pair ||
	    query->order_n > 0 || !query->table->walk)
		choice->many = NULL;
	if (!choice->many)
		return ERR_OK;
	err = select_find_spans(db, arena, query, choice->many, &choice->spans);
	if (err != ERR_OK || choice->ordered) {
		choice->many = NULL;
		return err;
	}
	select_writer_init(&writer, query, arena);
	select_write_walk_sample(&writer, choice->many, choice->spans, SELECT_SAMPLE_WALK);
	err = select_ask_count(db, &writer, &n);
	if (choice->many_n > 0)
		most = choice->many_n;
	if (err == ERR_OK && n > 0 && query->limit * SELECT_SAMPLE_WALK <= n * most)
		choice->many = NULL;
	return err;
}

/* Those that the index of grams could find, or those that it could not. */
static enum err weigh_those(struct db *db, struct arena *arena, const struct select_query *query,
			    bool of_grams, struct choice *choice)
{
	struct select_all all = select_all_of(query);
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < all.n; i++)
		if (select_has_grams(query, &all.cond[i]) == of_grams)
			err = weigh(db, arena, query, &all.cond[i], choice);
	return err;
}

static bool any_has_grams(const struct select_query *query)
{
	struct select_all all = select_all_of(query);

	for (size_t i = 0; i < all.n; i++)
		if (select_has_grams(query, &all.cond[i]))
			return true;
	return false;
}

/* Of several conditions whose indexes are in order, without one that two share: the rarest. */
static enum err weigh_ordered(struct db *db, struct arena *arena, const struct select_query *query,
			      struct choice *choice)
{
	const struct select_all all = select_all_of(query);
	const struct select_cond *cond = all.cond;
	int64_t least = INT64_MAX, n = 0;
	size_t ordered_n = 0;
	enum err err = ERR_OK;
	bool ordered;

	for (size_t i = 0; i < all.n; i++)
		ordered_n += select_index(query, cond + i, &ordered) && ordered;
	if (!db || ordered_n < 2 || !choice->ordered || choice->few || choice->pair ||
	    choice->few_pair)
		return ERR_OK;
	for (const struct select_cond *end = cond + all.n; err == ERR_OK && cond < end; cond++) {
		if (!select_index(query, cond, &ordered) || !ordered)
			continue;
		err = select_estimate(db, arena, query, cond, &n);
		if (err == ERR_OK && n < least) {
			least = n;
			choice->ordered = cond;
		}
	}
	return err;
}

/* The index of grams before the ways that fragments and words have without it. */
static enum err weigh_all(struct db *db, struct arena *arena, const struct select_query *query,
			  bool grams, struct choice *choice, struct select_plan *plan)
{
	enum err err = weigh_those(db, arena, query, false, choice);
	bool served = false;

	if (err == ERR_OK && db && grams && any_has_grams(query) &&
	    (!choice->few || choice->candidates > NOT_WORTH_GRAMS))
		err = select_plan_grams(db, arena, query, plan, &served);
	if (err == ERR_OK && !served)
		err = weigh_those(db, arena, query, true, choice);
	if (err == ERR_OK && !served && (query->order_n > 0 || !choice->ordered))
		err = sample(db, arena, query, choice);
	if (err == ERR_OK && !plan->grams)
		err = weigh_pairs(db, arena, query, choice);
	if (err == ERR_OK && !plan->grams)
		err = weigh_ordered(db, arena, query, choice);
	return err == ERR_OK && !served ? sample_walk(db, arena, query, choice) : err;
}

/* An order of the caller's own is walked by its index, but for few candidates. */
enum err select_make_plan(struct db *db, struct arena *arena, const struct select_query *query,
			  bool grams, int64_t cap, struct select_plan *plan_r)
{
	struct select_all all = select_all_of(query);
	struct choice choice = {.cap = alone(query, &all) ? cap : 0,
				.pair_cap = all.n == 2 ? cap : 0,
				.counted = -1};
	enum err err;

	*plan_r = (struct select_plan){.counted = -1};
	err = weigh_all(db, arena, query, grams, &choice, plan_r);
	if (err != ERR_OK || plan_r->grams)
		return err;
	plan_r->counted = choice.counted;
	if (choice.few && !plan_r->exact) {
		take(query, choice.few, plan_r);
		plan_r->exact =
			choice.candidates == 0 || (all.n == 1 && counts_rows(query, choice.few));
		plan_r->candidates = choice.candidates;
	} else if (choice.few_pair && !plan_r->exact) {
		plan_r->index = choice.few_pair;
		plan_r->exact = choice.candidates == 0 || all.n == 2;
		plan_r->candidates = choice.candidates;
	} else if (choice.pair) {
		plan_r->index = choice.pair;
	} else if (query->order_n == 0 && choice.ordered) {
		take(query, choice.ordered, plan_r);
		plan_r->spans = choice.spans;
	} else if (choice.scan) {
		take(query, choice.scan, plan_r);
	} else if (choice.some || choice.many) {
		take(query, choice.some ? choice.some : choice.many, plan_r);
		plan_r->only = alone(query, &all);
	} else if (query->order_n == 0) {
		plan_r->index = query->table->walk;
		plan_r->spans = choice.spans;
		plan_r->only = alone(query, &all);
	} else {
		plan_r->index = order_index(query);
	}
	return ERR_OK;
}

bool select_fills_page(const struct select_query *query, const struct select_plan *plan)
{
	return plan->candidates == 0 || plan->candidates >= query->offset + query->limit;
}
