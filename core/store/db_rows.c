/* Many rows for one prepared statement, in one packet where client and server can. */
#include "db_priv.h"

#include <assert.h>

#ifdef MARIADB_PACKAGE_VERSION

/* Parameters of all rows, column by column, as MYSQL_BIND wants arrays. */
struct column {
	const struct field *field;
	int64_t *numbers;
	const char **texts;
	unsigned long *lengths;
	char *indicators;
};

static struct column column_make(struct arena *arena, const struct field *field, size_t n)
{
	struct column column = {.field = field, .indicators = arena_alloc(arena, n)};

	if (db_cell_is_number(field)) {
		column.numbers = arena_array(arena, int64_t, n);
		return column;
	}
	column.texts = arena_array(arena, const char *, n);
	column.lengths = arena_array(arena, unsigned long, n);
	return column;
}

static void column_set(struct column *column, size_t i, const void *row)
{
	const char *member = (const char *)row + column->field->offset;
	struct str text = {member, sizeof(struct uuid)};

	assert(!column->numbers != !column->texts);
	if (db_travels_as_null(column->field, member)) {
		column->indicators[i] = STMT_INDICATOR_NULL;
	} else if (column->numbers && column->field->type == FT_BOOL) {
		column->numbers[i] = *(const bool *)member;
	} else if (column->numbers) {
		memcpy(&column->numbers[i], member, sizeof(int64_t));
	} else {
		if (column->field->type != FT_UUID)
			memcpy(&text, member, sizeof(text));
		column->texts[i] = text.at ? text.at : "";
		column->lengths[i] = text.len;
	}
}

static MYSQL_BIND column_bind(const struct column *column)
{
	bool bytes = column->field->type == FT_UUID || column->field->flags & STORE_BYTES;
	MYSQL_BIND bind = {.u.indicator = column->indicators};

	if (column->numbers) {
		bind.buffer_type = MYSQL_TYPE_LONGLONG;
		bind.buffer = column->numbers;
	} else {
		bind.buffer_type = bytes ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
		bind.buffer = column->texts;
		bind.length = column->lengths;
	}
	return bind;
}

static bool execute_rows(MYSQL_STMT *stmt, MYSQL_BIND *binds, unsigned n)
{
	unsigned one = 0;
	bool done = !mysql_stmt_attr_set(stmt, STMT_ATTR_ARRAY_SIZE, &n) &&
		    !mysql_stmt_bind_param(stmt, binds) && !mysql_stmt_execute(stmt);

	mysql_stmt_attr_set(stmt, STMT_ATTR_ARRAY_SIZE, &one);
	return done;
}

static enum err exec_packet(struct db *db, struct arena *arena, unsigned number,
			    const void *const *rows, size_t n)
{
	const struct stmt_def *def = &stmt_table[number];
	MYSQL_BIND *binds = arena_array(arena, MYSQL_BIND, def->in->n);
	MYSQL_STMT *stmt = db->stmts[number];
	struct db_call call;
	unsigned code = 0;

	for (size_t c = 0; c < def->in->n; c++) {
		struct column column = column_make(arena, &def->in->fields[c], n);

		for (size_t i = 0; i < n; i++)
			column_set(&column, i, rows[i]);
		binds[c] = column_bind(&column);
	}
	call = db_call_begin(db);
	if (call.fault != DB_FAULT_UNSENT && !execute_rows(stmt, binds, (unsigned)n))
		code = mysql_stmt_errno(stmt);
	code = db_call_end(db, &call, code);
	return code == 0 ? ERR_OK : db_failed(db, code, mysql_stmt_error(stmt), def->name);
}

static bool takes_packets(struct db *db)
{
	return mariadb_connection(db->mysql);
}

#else

static bool takes_packets(struct db *db)
{
	(void)db;
	return false;
}

static enum err exec_packet(struct db *db, struct arena *arena, unsigned number,
			    const void *const *rows, size_t n)
{
	(void)db, (void)arena, (void)number, (void)rows, (void)n;
	return ERR_INTERNAL;
}

#endif

enum err db_exec_rows(struct db *db, struct arena *arena, unsigned stmt, const void *const *rows,
		      size_t n)
{
	enum err err;

	assert(stmt < stmt_count && stmt_table[stmt].kind == STMT_EXEC && stmt_table[stmt].in);
	assert(db->tx == DB_TX_WANTED || db->tx == DB_TX_OPEN);
	err = db_tx_open(db);
	if (err != ERR_OK || n == 0)
		return err;
	if (takes_packets(db))
		return exec_packet(db, arena, stmt, rows, n);
	for (size_t i = 0; err == ERR_OK && i < n; i++)
		err = db_exec(db, stmt, rows[i], NULL);
	return err;
}
