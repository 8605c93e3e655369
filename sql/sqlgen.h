/*
 * The compiler of sql/: named statements and rows of sql/query, migrations of
 * sql/schema, into C tables and typed functions.
 *
 *   -- row: card: id uuid, name text, live i64?      columns; struct card_row
 *   -- stmt: card_get :one                           :one, :many or :exec; sql_card_get()
 *   -- in: organisation_id i64, id uuid              one for each `?`, in order; a name
 *                                                    without a type is an earlier one again
 *   -- out: row card, balance amount                 columns of the answer, in order; of a
 *                                                    "row card?" all may be NULL (LEFT JOIN)
 *   -- spans: organisations                          needs no `organisation_id = ?`
 *   SELECT {card:c}, a.balance FROM ... WHERE ...;
 *
 * {card} columns, {card:c} with a prefix, {card=?} assignments, {card?} marks. Types: i64
 * bool amount moment uuid text bytes json; with `?` the unset value travels as NULL. A
 * list that ends in a comma goes on in the next line; other comment lines are for people.
 *
 * Everything lives in the arena given; the first fault ends the work.
 */
#ifndef SQL_SQLGEN_H
#define SQL_SQLGEN_H

#include "arena.h"
#include "buf.h"

#define SQLGEN_ITEMS_MAX 64 /* columns of a row, parameters of a statement */
#define SQLGEN_ROWS_MAX  256
#define SQLGEN_STMTS_MAX 1024
#define SQLGEN_FILES_MAX 256
#define SQLGEN_TEXT_MAX  4000 /* bytes of one statement: C compilers promise 4095 */

struct sqlgen_type {
	const char *name;   /* in the .sql file */
	const char *c_type; /* in the struct */
	const char *field;  /* enum field_type */
	bool bytes;         /* binary string */
	bool nullable;      /* may carry a `?` */
};

struct sqlgen_row;

/* One of: a column (type set), a whole row (row set), an earlier column again (again set). */
struct sqlgen_item {
	struct str name;
	const struct sqlgen_type *type;
	const struct sqlgen_row *row;
	const struct sqlgen_item *again;
	bool nullable;
};

struct sqlgen_list {
	struct sqlgen_item *items;
	size_t n;
};

struct sqlgen_row {
	struct str name;
	struct sqlgen_list columns;
};

enum sqlgen_kind { SQLGEN_ONE, SQLGEN_MANY, SQLGEN_EXEC, SQLGEN_KINDS };

struct sqlgen_stmt {
	struct str name, text;
	struct sqlgen_list in, out;
	enum sqlgen_kind kind;
	bool spans; /* works on all organisations, and says so */
	int line;
};

struct sqlgen_schema {
	struct str name;
	struct str *statements;
	size_t n;
};

struct sqlgen {
	struct arena *arena;
	struct sqlgen_row *rows;
	struct sqlgen_stmt *stmts;
	struct sqlgen_schema *schemas;
	size_t row_n, stmt_n, schema_n;
	const char *file; /* being read */
	int line;
	struct str error; /* "file:line: what", set by the first fault */
};

void sqlgen_init(struct sqlgen *gen, struct arena *arena);
/* One file of sql/query; false = gen->error. `file` and `text` are borrowed for the generator's
 * life. */
bool sqlgen_query(struct sqlgen *gen, const char *file, struct str text);
/* One file of sql/schema, named NNNN_name.sql; in ascending order. */
bool sqlgen_schema(struct sqlgen *gen, const char *file, struct str text);
/* Sets the error of the line being read, returns false. */
bool sqlgen_refuse(struct sqlgen *gen, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Expands {row…} and collapses spaces; checks all that can be said of a text alone. */
bool sqlgen_expand(struct sqlgen *gen, struct sqlgen_stmt *stmt, struct str source);
const struct sqlgen_row *sqlgen_find_row(const struct sqlgen *gen, struct str name);

/* The generated files. */
void sqlgen_write_rows_h(const struct sqlgen *gen, struct buf *out);
void sqlgen_write_stmt_h(const struct sqlgen *gen, struct buf *out);
void sqlgen_write_stmt_c(const struct sqlgen *gen, struct buf *out);
void sqlgen_write_schema_c(const struct sqlgen *gen, struct buf *out);

#endif
