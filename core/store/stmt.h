/*
 * What sqlgen makes of sql/query/NAME.sql: a table of named statements, each with
 * the field maps of its parameters and rows. The texts hold no quote of any
 * kind, so a `?` in them is always a parameter.
 */
#ifndef STORE_STMT_H
#define STORE_STMT_H

#include "field.h"

enum stmt_kind { STMT_ONE, STMT_MANY, STMT_EXEC };

/* Marks of struct field as maps of columns use it. */
#define STORE_NULLABLE F_OMIT_UNSET /* zero, unset or NULL text travels as NULL, and back */
#define STORE_BYTES    (1 << 15)    /* FT_STR that is binary, not utf8mb4 */

/* Most columns of a row and most parameters of a statement. */
#define STMT_COLUMNS_MAX 64

struct stmt_def {
	const char *name;
	const char *text;
	const struct map *in;  /* one field for each `?`, in order; NULL = no parameters */
	const struct map *out; /* one field for each column, in order; NULL for STMT_EXEC */
	uint8_t kind;          /* enum stmt_kind */
};

extern const struct stmt_def stmt_table[];
extern const size_t stmt_count;

/* A migration that is part of the program: one file of sql/schema. */
struct schema_def {
	const char *name; /* "0001_init" */
	const char *const *statements;
	size_t n;
};

extern const struct schema_def schema_table[];
extern const size_t schema_count;

#endif
