/*
 * The one query compiler: conditions, order and page over a table's fields become a
 * statement that is prepared once and kept. Every identifier comes from the const
 * tables below, every value is a bound parameter.
 *
 * A page is found by ids first, in a narrow select on one index, then its rows are read by
 * primary key. Where a condition has candidates of its own (a word, a phone's last
 * digits), they are counted up to SELECT_CANDIDATES_MAX: few drive the query, many are
 * checked along the walk in order, which then finds its page soon.
 *
 * A page deep in an order that an index has goes on after a row that a page before it ended
 * with, where that is known (place.h): up to PLACE_LIFE_MS, rows that came or went before it
 * meanwhile do not shift it.
 */
#ifndef STORE_SELECT_H
#define STORE_SELECT_H

#include "arena.h"
#include "err.h"
#include "field.h"
#include "query.h"
#include "reason.h"

struct db;

#define SELECT_CANDIDATES_MAX 4000 /* rows that may drive a query and be sorted */
#define SELECT_SAMPLE_WALK    400  /* first rows in order that tell how far a walk would go */
#define SELECT_WALK_MOST      10000
#define SELECT_SPAN           256 /* numbers of a span, as sql/schema says it */
#define SELECT_SAMPLE_MANY    10  /* matches in a sample that make the walk in order worth it */

enum select_field_flag {
	SELECT_BYTES = 1 << 0,     /* FT_STR that is binary: may be compared by prefix */
	SELECT_NULLABLE = 1 << 1,  /* the column may be NULL */
	SELECT_ZERO_NULL = 1 << 2, /* zero or "" in the column stands for null */
	SELECT_NO_FILTER = 1 << 3,
	SELECT_NO_ORDER = 1 << 4,
	SELECT_ORDERED = 1 << 5, /* `index` gives equal rows in the table's own order */
	SELECT_FEW = 1 << 6,     /* a value is in few rows: beside others it is counted first */
};

struct select_field {
	const char *name;   /* as a query calls it; "company.name" for one of a relation */
	const char *column; /* "c.name_key" */
	const char *like;   /* column of folded text that LIKE looks at; NULL = none */
	const char *index;  /* that serves equality or prefix; NULL = none */
	const char *join;   /* what brings the column's table in; NULL = the table itself */
	uint8_t type;       /* enum field_type */
	uint8_t flags;
	/* Column that sorts unset last by itself: a zero byte and the key, where it is set; NULL =
	 * `column`. Led by it, `order` serves LIKE, too. */
	const char *sort;
	const char *order; /* index in the order of this field, then the key; NULL = none */
	/*
	 * Numbers n of the spans of SELECT_SPAN rows, by the table's key, in which a value from $1
	 * to $2 may be, in order; NULL = no such are kept.
	 */
	const char *spans;
	/*
	 * A field of other rows, any of which may match: `any` is a predicate whose brackets stay
	 * open for the condition on their `column`, `source` a select of candidates likewise.
	 * `unset` is the field that tells whether there is such a row.
	 */
	const char *any, *source, *unset;
	/* From a text as people write it to what the column holds; NULL = the same. */
	struct str (*key)(struct arena *arena, struct str text);
};

#define SELECT_FIELD(n, col, lk, ix, jn, ty, fl)                                                   \
	{                                                                                          \
		.name = (n), .column = (col), .like = (lk), .index = (ix), .join = (jn),           \
		.type = (ty), .flags = (fl)                                                        \
	}

/* A fragment that the index of grams (gram.h) can find. */
struct select_gram {
	uint8_t kind;     /* enum gram_kind: the text that holds it */
	uint8_t value;    /* which of the condition's values, from 1 */
	bool starts_word; /* at the start of a word */
};

/*
 * A condition with a text of its own. In texts, `@` is the organisation and `$1`, `$2` …
 * the condition's values; `numbers` has a bit set for each value that is a number.
 */
struct select_named {
	const char *name;
	const char *source; /* select of candidates as `id`, each once; NULL = check only */
	const char *sample; /* of a scan: a row for each match among the first thousand */
	const char *check;  /* predicate on a row of the table */
	const char *index;  /* as select_field's, ordered, for the check; NULL = none */
	uint8_t numbers;
	uint8_t passing; /* as numbers: values that say what time it is */
	bool scan;       /* the source reads a whole index: never counted, the last resort */
	bool exact;      /* every candidate is in the scope: counting them counts the rows */
	/* What the condition says in grams: any of these. The index finds it, while it can. */
	const struct select_gram *grams;
	size_t gram_n;
};

/*
 * Two conditions together, the first by `field` = value, and their index: in the table's own order,
 * or for its candidates only where these are few. Of several rows for two conditions the first that
 * can be taken is taken.
 */
struct select_pair {
	const char *field,
		*other; /* names of a field that is compared by =, of such a field or a condition */
	const char *index;
	bool few;
};

struct select_table {
	const char *from;                 /* "card c" */
	const char *scope;                /* "c.organisation_id = @ AND c.live = 1" */
	const char *key;                  /* "c.id", unique within the scope: the last tie-break */
	const char *id;                   /* what sources yield; NULL = the key */
	const char *walk;                 /* index in the table's order; NULL = none */
	const struct select_order *order; /* the table's own */
	size_t order_n;
	unsigned rows;  /* enum stmt: its text before WHERE yields the rows of a page */
	uint8_t object; /* enum text_object: whose grams the conditions ask for; 0 = none */
	const struct select_field *fields;
	size_t field_n;
	const struct select_named *named;
	size_t named_n;
	const struct select_pair *pairs;
	size_t pair_n;
};

struct select_query {
	const struct select_table *table;
	int64_t organisation_id;
	struct select_cond where;
	const struct select_order *order; /* none = the table's own */
	size_t order_n;
	int64_t limit, offset;
	int64_t total; /* rows that match, where the caller knows: a far page is met from the end; 0
			  = unknown */
	int time_ms;   /* for all questions to the server; 0 = the connection's own limit */
	int64_t begun_us; /* when the first was asked, of the monotonic clock; select's own */
};

struct select_fault {
	const struct select_cond *cond; /* what is refused, or */
	const struct select_order *order;
	enum reason reason; /* UNKNOWN_VALUE name or comparator; WRONG_TYPE; TOO_MANY; TOO_DEEP */
};

/* Whether the query can be asked; for queries that come from outside. INVALID = *fault_r. */
enum err select_check(const struct select_query *query, struct select_fault *fault_r);

/* NULL when the table has none of this name. */
const struct select_field *select_field_find(const struct select_table *table, const char *name);
/* Does an index narrow this filter down? */
bool select_is_served(const struct select_table *table, const struct select_cond *cond);

/* Rows of one page: structs of the table's `rows` statement. The query must be good. */
enum err select_rows(struct db *db, struct arena *arena, const struct select_query *query,
		     struct list *rows_r);
/* How many match, whatever limit and offset; counting stops at `cap` when it is not 0. */
enum err select_count(struct db *db, struct arena *arena, const struct select_query *query,
		      int64_t cap, int64_t *n_r);
/* Both, with fewer questions: a page that is not full, or a count of candidates, tells the number;
 * a page that is likely to be full brings it along. */
enum err select_page(struct db *db, struct arena *arena, const struct select_query *query,
		     int64_t cap, struct list *rows_r, int64_t *n_r);

/*
 * Whether all rows of the table's scope meet a SELECT_PREFIX on a field that has an index: then it
 * says nothing, and the list is the one without it.
 */
enum err select_is_void(struct db *db, struct arena *arena, const struct select_query *query,
			const struct select_cond *cond, bool *void_r);

/* The least bytes above all that begin with `prefix`; empty when there are none. */
struct str select_prefix_end(struct arena *arena, struct str prefix);
/* For tests: text of select_rows when nothing is known of the number of candidates, and the
 * server's plan for what select_rows would ask, as rows of `out`. */
struct str select_text(const struct select_query *query, struct arena *arena);
enum err select_explain(struct db *db, struct arena *arena, const struct select_query *query,
			const struct map *out, struct list *steps_r);

#endif
