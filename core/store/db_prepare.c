/* Prepared statements: prepared and bound once per connection. */
#include "db_priv.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "db_check.h"
#include "log.h"

/* sqlgen refuses longer ones (SQLGEN_TEXT_MAX). */
#define SQL_TEXT_MAX 4000

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
	db->named = calloc(stmt_count, sizeof(bool));
	if (!db->stmts || !db->named)
		abort();
	for (size_t i = 0; err == ERR_OK && i < stmt_count; i++)
		db->stmts[i] = db_prepare(db, &stmt_table[i], &err);
	return err;
}

/* MySQL's EXECUTE takes variables only. */
bool db_executes_by_name(const struct db *db)
{
	return db->ready && db->named && strstr(mysql_get_server_info(db->mysql), "MariaDB");
}

enum err db_prepare_named(struct db *db, unsigned stmt)
{
	char text[SQL_TEXT_MAX + 64];
	int len;

	if (db->named[stmt])
		return ERR_OK;
	len = snprintf(text, sizeof(text), "PREPARE s%u FROM '%s'", stmt, stmt_table[stmt].text);
	assert(len > 0 && (size_t)len < sizeof(text));
	if (mysql_real_query(db->mysql, text, (unsigned long)len) != 0)
		return db_failed(db, mysql_errno(db->mysql), mysql_error(db->mysql),
				 stmt_table[stmt].name);
	db->named[stmt] = true;
	return ERR_OK;
}

void db_stmts_close(struct db *db)
{
	free(db->named);
	db->named = NULL;
	db_kept_close(db);
	for (size_t i = 0; db->stmts && i < stmt_count; i++) {
		if (db->stmts[i])
			mysql_stmt_close(db->stmts[i]);
	}
	free(db->stmts);
	db->stmts = NULL;
}
