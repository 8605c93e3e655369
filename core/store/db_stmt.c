/* Prepared statements: executed, rows copied out. */
#include "db_priv.h"

#include <assert.h>
#include <stdlib.h>

#include "log.h"

_Static_assert(sizeof(struct json_text) == sizeof(struct str), "one way to carry text");

/* The client only reads parameters, but its struct has no const. */
static void *unconst(const void *at)
{
	union {
		const void *in;
		void *out;
	} both = {at};

	return both.out;
}

static MYSQL_BIND bind_param(const struct field *field, const void *in)
{
	const void *member = (const char *)in + field->offset;
	MYSQL_BIND bind = {.buffer = unconst(member)};
	struct str text;

	if (db_travels_as_null(field, member))
		return (MYSQL_BIND){.buffer_type = MYSQL_TYPE_NULL};
	if (field->type == FT_BOOL) {
		bind.buffer_type = MYSQL_TYPE_TINY;
	} else if (db_cell_is_number(field)) {
		bind.buffer_type = MYSQL_TYPE_LONGLONG;
	} else if (field->type == FT_UUID) {
		bind.buffer_type = MYSQL_TYPE_BLOB;
		bind.buffer_length = sizeof(struct uuid);
	} else {
		memcpy(&text, member, sizeof(text));
		bind.buffer_type = field->flags & STORE_BYTES ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
		bind.buffer = unconst(text.at ? text.at : "");
		bind.buffer_length = text.len;
	}
	return bind;
}

static MYSQL_BIND *params_of(struct db *db, size_t n)
{
	if (n > db->param_cap) {
		free(db->params);
		db->params = calloc(n, sizeof(MYSQL_BIND));
		if (!db->params)
			abort();
		db->param_cap = n;
	}
	return db->params;
}

/* Points the statement at the caller's struct: no copy, and no size to outgrow. */
static bool bind_params(struct db *db, MYSQL_STMT *stmt, const struct map *map, const void *in)
{
	MYSQL_BIND *binds = params_of(db, map->n);

	for (size_t i = 0; i < map->n; i++)
		binds[i] = bind_param(&map->fields[i], in);
	return mysql_stmt_bind_param(stmt, binds) == 0;
}

/* A value longer than its slot is fetched again, whole. */
static bool read_long(struct db *db, MYSQL_STMT *stmt, unsigned column, struct arena *arena,
		      struct db_cell *cell)
{
	unsigned long length = db->length[column];
	char *whole = arena_alloc(arena, length + 1);
	db_bool is_null, truncated;
	MYSQL_BIND bind = {
		.buffer_type = MYSQL_TYPE_STRING,
		.buffer = whole,
		.buffer_length = length,
		.length = &length,
		.is_null = &is_null,
		.error = &truncated,
	};

	*cell = (struct db_cell){.at = whole, .len = length, .in_arena = true};
	return mysql_stmt_fetch_column(stmt, &bind, column, 0) == 0;
}

static bool read_cell(struct db *db, MYSQL_STMT *stmt, unsigned column, struct arena *arena,
		      struct db_cell *cell, bool number)
{
	*cell = (struct db_cell){.at = (const char *)db->slot[column],
				 .len = db->length[column],
				 .null = db->is_null[column]};
	if (cell->null)
		return true;
	if (number) {
		memcpy(&cell->number, db->slot[column], sizeof(cell->number));
		return !db->truncated[column];
	}
	return cell->len <= DB_SLOT_SIZE || read_long(db, stmt, column, arena, cell);
}

static enum err read_row(struct db *db, MYSQL_STMT *stmt, const struct stmt_def *def,
			 struct arena *arena, void *row)
{
	for (unsigned i = 0; i < def->out->n; i++) {
		const struct field *field = &def->out->fields[i];
		struct db_cell cell;

		if (!read_cell(db, stmt, i, arena, &cell, db_cell_is_number(field)) ||
		    !db_cell_store(field, &cell, arena, row)) {
			log_event(LOG_ERROR_, "column does not fit",
				  (struct log_pair[]){{"statement", def->name, 0},
						      {"column", field->wire, 0},
						      {0}});
			return ERR_INTERNAL;
		}
	}
	db->stats.rows++;
	return ERR_OK;
}

/* 0, MYSQL_NO_DATA or an error code through *code_r; a cut column is a row. */
static bool next_row(MYSQL_STMT *stmt, unsigned *code_r)
{
	int status = mysql_stmt_fetch(stmt);

	*code_r = status == 1 ? mysql_stmt_errno(stmt) : 0;
	return status == 0 || status == MYSQL_DATA_TRUNCATED;
}

/* Where the answer of a statement goes. */
struct answer {
	struct arena *arena;
	void *row;
	struct list *rows;
	int64_t affected;
};

typedef enum err read_answer(struct db *db, MYSQL_STMT *stmt, const struct stmt_def *def,
			     struct answer *answer, unsigned *code_r);

static enum err read_one(struct db *db, MYSQL_STMT *stmt, const struct stmt_def *def,
			 struct answer *answer, unsigned *code_r)
{
	enum err err;

	if (!next_row(stmt, code_r))
		return ERR_NOT_FOUND;
	err = read_row(db, stmt, def, answer->arena, answer->row);
	if (!next_row(stmt, code_r))
		return err;
	log_event(LOG_ERROR_, "more than one row",
		  (struct log_pair[]){{"statement", def->name, 0}, {0}});
	return ERR_INTERNAL;
}

/* Stored by the client first: then the number of rows is known. */
static enum err read_many(struct db *db, MYSQL_STMT *stmt, const struct stmt_def *def,
			  struct answer *answer, unsigned *code_r)
{
	enum err err = ERR_OK;
	struct list rows = {0};
	size_t n;

	if (mysql_stmt_store_result(stmt) != 0) {
		*code_r = mysql_stmt_errno(stmt);
		return ERR_BUSY;
	}
	n = (size_t)mysql_stmt_num_rows(stmt);
	if (n > 0)
		rows.rows = arena_alloc(answer->arena, n * def->out->size);
	while (err == ERR_OK && rows.n < n && next_row(stmt, code_r)) {
		err = read_row(db, stmt, def, answer->arena,
			       (char *)rows.rows + rows.n * def->out->size);
		rows.n++;
	}
	if (err == ERR_OK)
		*answer->rows = rows;
	return err;
}

static enum err read_affected(struct db *db, MYSQL_STMT *stmt, const struct stmt_def *def,
			      struct answer *answer, unsigned *code_r)
{
	(void)db, (void)def, (void)code_r;
	answer->affected = (int64_t)mysql_stmt_affected_rows(stmt);
	return ERR_OK;
}

static read_answer *const readers[] = {
	[STMT_ONE] = read_one, [STMT_MANY] = read_many, [STMT_EXEC] = read_affected};

/*
 * The client library takes an answer that ended in an error for one that is still to be read, and
 * waits for the rest of it before the next execution, in vain. A statement that was reset is as
 * new.
 */
static void forget_answer(struct db *db, MYSQL_STMT *stmt)
{
	if (db->ready && mysql_stmt_reset(stmt) != 0)
		db->ready = false;
}

static enum err run_prepared(struct db *db, MYSQL_STMT *stmt, const struct stmt_def *def,
			     const void *in, struct answer *answer)
{
	struct db_call call = db_call_begin(db);
	enum err err = ERR_OK;
	unsigned code = 0;

	if (call.fault != DB_FAULT_UNSENT) {
		if ((def->in && !bind_params(db, stmt, def->in, in)) ||
		    mysql_stmt_execute(stmt) != 0)
			code = mysql_stmt_errno(stmt);
		else
			err = readers[def->kind](db, stmt, def, answer, &code);
	}
	code = db_call_end(db, &call, code);
	if (code != 0)
		err = db_failed(db, code, mysql_stmt_error(stmt), def->name);
	if (def->out)
		mysql_stmt_free_result(stmt);
	if (def->out && code != 0)
		forget_answer(db, stmt);
	return err;
}

/* One of the table, or the query compiler's. */
static enum err run_stmt(struct db *db, const struct stmt_def *def, const void *in,
			 struct answer *answer)
{
	bool in_table = def >= stmt_table && def < stmt_table + stmt_count;
	enum err err = ERR_OK;
	MYSQL_STMT *stmt = in_table ? db->stmts[def - stmt_table] : db_kept_get(db, def, &err);

	return stmt ? run_prepared(db, stmt, def, in, answer) : err;
}

/* Alone: outside a transaction, where nothing but this statement can be lost. */
static enum err run_alone(struct db *db, const struct stmt_def *def, const void *in,
			  struct answer *answer)
{
	bool reads = def->kind != STMT_EXEC;
	enum err err = ERR_OK;

	for (int try = 0; try < (reads ? 2 : 1); try++) {
		err = db_ready(db);
		if (err != ERR_OK)
			return err;
		err = run_stmt(db, def, in, answer);
		if (err != ERR_BUSY || !db->lost)
			return err;
	}
	return reads ? err : ERR_UNCERTAIN;
}

static enum err run(struct db *db, const struct stmt_def *def, const void *in,
		    struct answer *answer)
{
	enum err err;

	assert(!db->options.bare && db->tx != DB_TX_COMMITTED);
	if (db->tx == DB_TX_NONE)
		return run_alone(db, def, in, answer);
	err = db_tx_open(db);
	return err == ERR_OK ? run_stmt(db, def, in, answer) : err;
}

static const struct stmt_def *def_of(unsigned stmt)
{
	assert(stmt < stmt_count);
	return &stmt_table[stmt];
}

enum err db_one(struct db *db, struct arena *arena, unsigned stmt, const void *in, void *row_r)
{
	return run(db, def_of(stmt), in, &(struct answer){.arena = arena, .row = row_r});
}

enum err db_many(struct db *db, struct arena *arena, unsigned stmt, const void *in,
		 struct list *rows_r)
{
	return db_many_of(db, arena, def_of(stmt), in, rows_r);
}

enum err db_many_of(struct db *db, struct arena *arena, const struct stmt_def *def, const void *in,
		    struct list *rows_r)
{
	return run(db, def, in, &(struct answer){.arena = arena, .rows = rows_r});
}

enum err db_exec(struct db *db, unsigned stmt, const void *in, int64_t *affected_r)
{
	struct answer answer = {0};
	enum err err = run(db, def_of(stmt), in, &answer);

	if (err == ERR_OK && affected_r)
		*affected_r = answer.affected;
	return err;
}
