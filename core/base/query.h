/*
 * A question about rows, in the core's words: conditions, order and page over named fields.
 * The query compiler (select.h) makes statements of it; dialects make it of what they read.
 */
#ifndef BASE_QUERY_H
#define BASE_QUERY_H

#include "buf.h"
#include "types.h"

#define SELECT_DEPTH_MAX   8 /* groups within each other */
#define SELECT_FILTERS_MAX 100
#define SELECT_VALUES_MAX  1200 /* of all conditions together */
#define SELECT_ORDERS_MAX  4

struct select_order {
	const char *name; /* field */
	bool desc;
	const char *path; /* how the asker calls it ("orderBy[0]"), for faults; NULL = nothing */
};

enum select_cmp {
	SELECT_EQ,
	SELECT_NE,
	SELECT_LT,
	SELECT_LE,
	SELECT_GT,
	SELECT_GE,
	SELECT_LIKE,   /* % _ \ ; the value is folded already when the field has `like` */
	SELECT_PREFIX, /* bytes that begin so; "" = all */
	SELECT_IN,
	SELECT_NOT_IN,
	SELECT_BETWEEN,
	SELECT_NULL,
	SELECT_NOT_NULL,
	SELECT_CMPS
};

/* Numbers of all number types in `number`, texts and the 16 bytes of a UUID in `text`. */
struct select_value {
	int64_t number;
	struct str text;
};

enum select_kind { SELECT_AND, SELECT_OR, SELECT_FILTER, SELECT_NAMED };

struct select_cond {
	enum select_kind kind;
	enum select_cmp cmp; /* FILTER */
	const char *name;    /* FILTER: field; NAMED: condition */
	const struct select_value *values;
	size_t value_n;
	const struct select_cond *conds; /* AND, OR; none = true, false */
	size_t cond_n;
	const char *path; /* as of an order: "conditions.filters[2]" */
};

#endif
