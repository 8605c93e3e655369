/* Prepared statements: prepared and bound once per connection. */
#include "db_priv.h"

#include <assert.h>
#include <stdlib.h>

#include "db_check.h"
#include "log.h"

/* Columns land in the connection's slots, numbers as 64-bit integers. */
static bool bind_columns(struct db *db, MYSQL_STMT *stmt, const struct map *out)
{
	MYSQL_BIND binds[STMT_COLUMNS_MAX] = {0};

	for (size_t i = 0; i < out->n; i++) {
		bool number = db_cell_is_number(&out->fields[i]);

		binds[i] = (MYSQL_BIND){
			.buffer_type = number ? MYSQL_TYPE_LONGLONG : MYSQL_TYPE_STRING,
			.buffer = db->slot[i],
			.buffer_length = number ? sizeof(int64_t) : DB_SLOT_SIZE,
			.length = &db->length[i],
			.is_null = &db->is_null[i],
			.error = &db->truncated[i],
		};
	}
	return mysql_stmt_bind_result(stmt, binds) == 0;
}

static MYSQL_STMT *prepare(struct db *db, const struct stmt_def *def, enum err *err_r)
{
	MYSQL_STMT *stmt = mysql_stmt_init(db->mysql);
	struct db_call call;
	unsigned code = 0;

	if (!stmt)
		abort();
	call = db_call_begin(db);
	if (mysql_stmt_prepare(stmt, def->text, strlen(def->text)) != 0)
		code = mysql_stmt_errno(stmt);
	code = db_call_end(db, &call, code);
	*err_r = code ? db_failed(db, code, mysql_stmt_error(stmt), def->name) : ERR_OK;
	if (*err_r == ERR_OK && db_stmt_fits(stmt, def) &&
	    (!def->out || bind_columns(db, stmt, def->out)))
		return stmt;
	if (*err_r == ERR_NOT_FOUND)
		log_event(LOG_ERROR_, "table missing: migrate first",
			  (struct log_pair[]){{"statement", def->name, 0}, {0}});
	if (*err_r != ERR_BUSY)
		*err_r = ERR_INTERNAL;
	mysql_stmt_close(stmt);
	return NULL;
}

MYSQL_STMT *db_prepare(struct db *db, const struct stmt_def *def, enum err *err_r)
{
	assert(!def->out || def->out->n <= STMT_COLUMNS_MAX);
	return prepare(db, def, err_r);
}

enum err db_prepare_all(struct db *db)
{
	enum err err = ERR_OK;

	db->stmts = calloc(stmt_count, sizeof(MYSQL_STMT *));
	if (!db->stmts)
		abort();
	for (size_t i = 0; err == ERR_OK && i < stmt_count; i++)
		db->stmts[i] = db_prepare(db, &stmt_table[i], &err);
	return err;
}

void db_stmts_close(struct db *db)
{
	db_kept_close(db);
	for (size_t i = 0; db->stmts && i < stmt_count; i++) {
		if (db->stmts[i])
			mysql_stmt_close(db->stmts[i]);
	}
	free(db->stmts);
	db->stmts = NULL;
}
