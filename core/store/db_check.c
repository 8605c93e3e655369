/*
 * Does the server see a statement as sqlgen declared it? Asked once per connection,
 * so that a schema that does not fit is found before the first request.
 */
#include "db_check.h"

#include "log.h"

#define BINARY_CHARSET 63 /* charsetnr of bytes in the client protocol */

enum class { CLASS_NUMBER, CLASS_TEXT, CLASS_BYTES, CLASS_OTHER };

static enum class class_of(const MYSQL_FIELD *column) {
	switch (column->type){
		case MYSQL_TYPE_TINY : case MYSQL_TYPE_SHORT : case MYSQL_TYPE_INT24 : case
		MYSQL_TYPE_LONG : case MYSQL_TYPE_LONGLONG : return CLASS_NUMBER;
		case MYSQL_TYPE_NEWDECIMAL : /* SUM of integers */
					return column->decimals == 0
			? CLASS_NUMBER
			: CLASS_OTHER;
		case MYSQL_TYPE_VARCHAR : case MYSQL_TYPE_VAR_STRING : case MYSQL_TYPE_STRING : case
				MYSQL_TYPE_TINY_BLOB : case MYSQL_TYPE_BLOB : case
				MYSQL_TYPE_MEDIUM_BLOB : case MYSQL_TYPE_LONG_BLOB : case
				MYSQL_TYPE_JSON : return column->charsetnr == BINARY_CHARSET
			? CLASS_BYTES
			: CLASS_TEXT;
		default : return CLASS_OTHER;
	}
}

/* An expression without an alias bears its own text, which is no name. */
static bool named(const struct field *field, const MYSQL_FIELD *column)
{
	return strcmp(field->wire, column->name) == 0 || strpbrk(column->name, " (+-*/=");
}

/* A JSON column of MySQL is binary to the protocol, one of MariaDB is text. */
static bool fits(const struct field *field, const MYSQL_FIELD *column)
{
	enum class class = class_of(column);

	if (!named(field, column))
		return false;
	if (db_cell_is_number(field))
		return class == CLASS_NUMBER;
	if (field->type == FT_JSON)
		return class == CLASS_TEXT || class == CLASS_BYTES;
	if (field->type == FT_UUID || field->flags & STORE_BYTES)
		return class == CLASS_BYTES;
	return class == CLASS_TEXT;
}

static bool refuse(const struct stmt_def *def, const char *what, const char *column)
{
	log_event(LOG_ERROR_, "statement does not fit the schema",
		  (struct log_pair[]){{"statement", def->name, 0},
				      {"what", what, 0},
				      {"column", column, 0},
				      {0}});
	return false;
}

static bool columns_fit(const struct stmt_def *def, MYSQL_RES *answer)
{
	unsigned n = answer ? mysql_num_fields(answer) : 0;
	const MYSQL_FIELD *columns = answer ? mysql_fetch_fields(answer) : NULL;

	if (n != (def->out ? def->out->n : 0))
		return refuse(def, "number of columns", "");
	for (unsigned i = 0; i < n; i++) {
		if (!fits(&def->out->fields[i], &columns[i]))
			return refuse(def, "name or type of a column", columns[i].name);
	}
	return true;
}

bool db_stmt_fits(MYSQL_STMT *stmt, const struct stmt_def *def)
{
	MYSQL_RES *answer;
	bool good;

	if (mysql_stmt_param_count(stmt) != (def->in ? def->in->n : 0))
		return refuse(def, "number of parameters", "");
	answer = mysql_stmt_result_metadata(stmt);
	good = columns_fit(def, answer);
	if (answer)
		mysql_free_result(answer);
	return good;
}
