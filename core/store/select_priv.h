/* Between the parts of the query compiler. */
#ifndef STORE_SELECT_PRIV_H
#define STORE_SELECT_PRIV_H

#include "place.h"
#include "select.h"

#define SELECT_PLACE_FROM 1000 /* rows that OFFSET may skip before a known place is looked for */

struct gram_found;

enum select_param_kind { SELECT_PARAM_NUMBER, SELECT_PARAM_TEXT, SELECT_PARAM_BYTES };

/* A statement being written: its text, and a value for each `?`. */
struct select_writer {
	const struct select_query *query;
	struct arena *arena;
	struct buf text;
	struct select_value *values;
	struct field *fields; /* one for each value, for binding */
	size_t n, cap;
};

/* A page that may go on after a known row. */
struct select_page {
	const struct select_field *field,
		*key; /* ordered by, then by the key; NULL = no such page */
	struct place_query hash;
	struct place place;
	bool desc, known; /* is `place` one? */
};

/* Candidates that the index of grams gave. */
struct select_grams {
	struct str numbers; /* "[1,5]"; "" = none but fresh ones */
	int64_t space;
	bool fresh; /* and all that the index does not know as it is */
	bool sure;  /* the numbers' texts hold what is asked of them */
};

#define SELECT_SPANS_MAX 16

/* Parts of the table's order outside of which nothing can match. */
struct select_spans {
	int64_t number[SELECT_SPANS_MAX]; /* the first of them, padded with the last one */
	size_t n; /* SELECT_SPANS_MAX: all after the last belong to it, too */
};

/* What leads to the rows. At most one of the three. */
struct select_plan {
	const char *index;              /* forced on the table */
	const struct select_cond *from; /* condition whose source is joined first */
	const struct select_grams *grams;
	bool asked_grams; /* the plan stands while the index is at `version` */
	int64_t version;
	int64_t skipped;                  /* rows of the offset that `grams` leaves out */
	const struct gram_found *found;   /* too many to lead, but counted by; NULL = none */
	const struct select_spans *spans; /* the walk is of these parts; NULL = of all */
	const struct select_cond *only;   /* what the walk checks and nothing else: counted apart */
	bool exact;                       /* `candidates` is the number of rows that match */
	int64_t candidates;
	int64_t counted; /* rows that match, no more than the caller counts; -1 = unknown */
	const struct select_field *bound; /* the page ends at `least` of this field */
	struct select_value least;
	const char *beyond;              /* while a part of the page is written: " > " or " = " */
	const struct select_page *after; /* the rows after its place; NULL = all */
	bool summed;  /* the number of all rows comes along with those of the page */
	bool shifted; /* the page began at a place: where it ends tells no number of rows */
};

const struct select_named *select_find_named(const struct select_table *table, const char *name);

/* select_cond.c */
void select_writer_init(struct select_writer *writer, const struct select_query *query,
			struct arena *arena);
void select_put_number(struct select_writer *writer, int64_t number);
void select_put_value(struct select_writer *writer, struct str text);
/* A table's text with `@` and `$n` replaced. */
void select_put_text(struct select_writer *writer, const char *text,
		     const struct select_named *named, const struct select_cond *cond);
/* The predicate of a condition, but for the one that the plan joins. */
void select_put_cond(struct select_writer *writer, const struct select_cond *cond,
		     const struct select_plan *plan);
/* " AND …" of the plan's bound, if it has one. */
void select_put_bound(struct select_writer *writer, const struct select_plan *plan);
/* "column operator ?": what a field is sorted by. */
void select_put_sorted(struct select_writer *writer, const struct select_field *field,
		       const char *operator, struct select_value value);
/* A predicate or a source whose brackets are open, the condition, and the brackets. */
void select_put_of_others(struct select_writer *writer, const struct select_field *field,
			  const struct select_cond *cond, const char *text, const char *end);
/* A select of the candidates of a condition that has a source. */
void select_put_source(struct select_writer *writer, const struct select_cond *cond, bool sample);
/* "column" or an expression that is 1 for null, as order terms need it. */
void select_put_is_null(struct select_writer *writer, const struct select_field *field);

/* select_place.c */
/* Whether the page can go on after a row, and after which. */
void select_place_find(struct arena *arena, const struct select_query *query,
		       const struct select_plan *plan, struct select_page *page_r);
/* The last row of a page, for the next one: `offset` rows end with it. */
void select_place_keep(const struct select_page *page, int64_t offset,
		       const struct select_value *sort, const struct select_value *key);
/* " AND …" of the rows after the plan's place, if it has one. */
void select_put_after(struct select_writer *writer, const struct select_plan *plan);
/* Rows to the page's beginning from the end, when that is nearer than what is known; else 0. */
int64_t select_place_from_end(const struct select_query *query, const struct select_page *page);
/* Takes the row that the page goes on after. */
void select_place_take(struct select_page *page, int64_t offset, const struct select_value *sort,
		       const struct select_value *key);
/* A row's map with the sort value and the key before its columns, and behind its members. */
struct map select_placed_map(struct arena *arena, const struct select_page *page,
			     const struct map *map);

/* select_text.c: whole statements; of the rows, all behind SELECT: columns may come before them,
 * of which p.o0 and p.k are those of select_placed_map. */
void select_write_rows(struct select_writer *writer, const struct select_plan *plan);
/*
 * An order down an index, with the key upwards among equal rows, is none that the index has: all
 * rows would be sorted. Where the page ends is found by a walk first, as `v`: what lies beyond that
 * is few enough to sort, and what is equal to it comes in the order of the key.
 */
const struct select_field *select_bound_field(const struct select_query *query,
					      const struct select_plan *plan);
void select_write_bound(struct select_writer *writer, const struct select_plan *plan,
			const struct select_field *field);
/* COUNT over at most `cap` rows (0 = all): of what the plan leads to. */
void select_write_total(struct select_writer *writer, const struct select_plan *plan, int64_t cap);
/* COUNT of the candidates of one condition alone, at most `cap` (0 = all); of a scan, perhaps
 * only in its sample. */
void select_write_probe(struct select_writer *writer, const struct select_cond *cond, int64_t cap,
			bool sample);

/* The candidates of a condition that has a source or an index: not their count. */
void select_write_candidates(struct select_writer *writer, const struct select_cond *cond);

/* COUNT of conditions that an index has all columns of. */
void select_write_index_probe(struct select_writer *writer, const char *index,
			      const struct select_cond *const *conds, size_t n, int64_t cap);

/* COUNT of rows that do not meet a prefix, 1 at most, by its field's index. */
void select_write_outside(struct select_writer *writer, const struct select_cond *cond);

/* The row with n rows behind it in the page's order: its sort value and its key. */
void select_write_from_end(struct select_writer *writer, const struct select_plan *plan,
			   const struct select_page *page, int64_t n);
/* How many of the first n rows in the table's own order meet a condition on its own column. */
void select_write_walk_sample(struct select_writer *writer, const struct select_cond *cond,
			      const struct select_spans *spans, int64_t n);

bool select_has_source(const struct select_query *query, const struct select_cond *cond);

/*
 * select_plan.c: may ask the database how many candidates there are; the index of grams, if told.
 * cap: how far the caller counts the rows, 0 = not, or all of them.
 */
enum err select_make_plan(struct db *db, struct arena *arena, const struct select_query *query,
			  bool grams, int64_t cap, struct select_plan *plan_r);
/* The conditions that must all hold. */
struct select_all {
	const struct select_cond *cond;
	size_t n;
};
struct select_all select_all_of(const struct select_query *query);
/* Is it a comparison that an index narrows down? A prefix of nothing is not. */
bool select_narrows(const struct select_cond *cond);

/* select_gram.c: can the index of grams find it, when it is up to date? */
bool select_has_grams(const struct select_query *query, const struct select_cond *cond);
/*
 * Asks the index. *served_r = it could tell; then either plan->grams leads to the rows, or the
 * candidates are so many that a walk meets them soon. plan->exact and candidates where known.
 */
enum err select_plan_grams(struct db *db, struct arena *arena, const struct select_query *query,
			   struct select_plan *plan, bool *served_r);
void select_put_grams(struct select_writer *writer, const struct select_grams *grams);
/*
 * How many of plan->found hold all conditions, looked at some thousand at a time until there are
 * `cap` (0 = all); -1 when that would be a long way.
 */
enum err select_count_found(struct db *db, struct arena *arena, const struct select_query *query,
			    const struct gram_found *found, int64_t cap, int64_t *n_r);
/* select_lead.c: the page by the first of plan->found. *led_r = it is there; else it is for a walk.
 */
enum err select_lead(struct db *db, struct arena *arena, const struct select_query *query,
		     const struct gram_found *found, struct list *rows_r, bool *led_r);
/* Is the plan as good as when it was made? */
enum err select_plan_stands(struct db *db, struct arena *arena, const struct select_query *query,
			    const struct select_plan *plan, bool *stands_r);
/* select_estimate.c: rows that the index of a condition leads to, as the server guesses. */
enum err select_estimate(struct db *db, struct arena *arena, const struct select_query *query,
			 const struct select_cond *cond, int64_t *n_r);

/* select_span.c: the spans where a comparison may hold; NULL where none are kept. */
enum err select_find_spans(struct db *db, struct arena *arena, const struct select_query *query,
			   const struct select_cond *cond, const struct select_spans **spans_r);
/* " AND …" of the plan's spans, if it has some. */
void select_put_spans(struct select_writer *writer, const struct select_plan *plan);

/* select_owner.c: the query with owners that are known by one id named by it. */
enum err select_resolve(struct db *db, struct arena *arena, const struct select_query *query,
			struct select_query *query_r);

/* select.c */
enum err select_ask(struct db *db, struct select_writer *writer, const char *name,
		    const struct map *out, struct list *rows_r);
/* Is the page likely to be full, so that its rows do not tell how many there are? */
bool select_fills_page(const struct select_query *query, const struct select_plan *plan);
enum err select_ask_page(struct db *db, struct arena *arena, const struct select_query *query,
			 const struct select_plan *plan, const struct select_page *page,
			 struct list *rows_r);
enum err select_ask_count(struct db *db, struct select_writer *writer, int64_t *n_r);
/* The index that a condition would be served by, if it has candidates of its own. */
const char *select_index(const struct select_query *query, const struct select_cond *cond,
			 bool *ordered_r);

#endif
