/*
 * Migrations: a file is a list of statements, each ended by a `;` at the end of a
 * line; lines that begin with -- are for people. A table without a primary key or
 * a stated collation is refused: Galera needs the one, a bare MariaDB is latin1.
 */
#include "sqlgen.h"

#include <assert.h>
#include <ctype.h>

#define STATEMENTS_MAX 256

static const char *const table_needs[] = {"PRIMARY KEY", "CHARSET=utf8mb4", "COLLATE=utf8mb4_bin",
					  "ENGINE=InnoDB"};

/* "path/0001_init.sql" -> "0001_init" */
static bool schema_name(struct sqlgen *gen, const char *file, struct str *name_r)
{
	const char *slash = strrchr(file, '/');
	struct str name = str_of(slash ? slash + 1 : file);
	bool good = name.len > 9 && memcmp(name.at + name.len - 4, ".sql", 4) == 0;

	for (size_t i = 0; good && i < 5; i++)
		good = i < 4 ? isdigit((unsigned char)name.at[i]) : name.at[i] == '_';
	name.len -= good ? 4 : 0;
	for (size_t i = 5; good && i < name.len; i++)
		good = islower((unsigned char)name.at[i]) || isdigit((unsigned char)name.at[i]) ||
		       name.at[i] == '_';
	if (!good)
		return sqlgen_refuse(gen, "a migration's file is called NNNN_name.sql");
	*name_r = name;
	return true;
}

static bool schema_check(struct sqlgen *gen, struct str text)
{
	if (text.len > SQLGEN_TEXT_MAX)
		return sqlgen_refuse(gen, "a statement over %d bytes", SQLGEN_TEXT_MAX);
	if (memchr(text.at, '\\', text.len))
		return sqlgen_refuse(gen, "a backslash in a migration");
	if (memmem(text.at, text.len, "--", 2) || memmem(text.at, text.len, "/*", 2))
		return sqlgen_refuse(gen, "a comment inside a statement");
	if (text.len < 13 || memcmp(text.at, "CREATE TABLE ", 13) != 0)
		return true;
	for (size_t i = 0; i < sizeof(table_needs) / sizeof(table_needs[0]); i++) {
		if (!memmem(text.at, text.len, table_needs[i], strlen(table_needs[i])))
			return sqlgen_refuse(gen, "a table without '%s'", table_needs[i]);
	}
	return true;
}

static bool put_line(struct buf *text, struct str line)
{
	while (line.len > 0 && isspace((unsigned char)line.at[line.len - 1]))
		line.len--;
	while (line.len > 0 && isspace((unsigned char)line.at[0]))
		line = (struct str){line.at + 1, line.len - 1};
	if (line.len == 0 || (line.len >= 2 && line.at[0] == '-' && line.at[1] == '-'))
		return false;
	if (text->len > 0)
		buf_char(text, ' ');
	buf_str(text, line);
	return line.at[line.len - 1] == ';';
}

static bool end_statement(struct sqlgen *gen, struct sqlgen_schema *schema, struct buf *text)
{
	text->len--;
	if (schema->n == STATEMENTS_MAX)
		return sqlgen_refuse(gen, "more than %d statements", STATEMENTS_MAX);
	if (!schema_check(gen, buf_done(text)))
		return false;
	schema->statements[schema->n++] = buf_done(text);
	buf_init(text, gen->arena, 256);
	return true;
}

static bool read_statements(struct sqlgen *gen, struct sqlgen_schema *schema, struct str rest)
{
	struct buf text;

	buf_init(&text, gen->arena, 256);
	while (rest.len > 0) {
		const char *end = memchr(rest.at, '\n', rest.len);
		size_t len = end ? (size_t)(end - rest.at) : rest.len;

		gen->line++;
		if (put_line(&text, (struct str){rest.at, len}) &&
		    !end_statement(gen, schema, &text))
			return false;
		rest = (struct str){rest.at + len + (end != NULL), rest.len - len - (end != NULL)};
	}
	return text.len == 0 || sqlgen_refuse(gen, "the file ends inside a statement");
}

bool sqlgen_schema(struct sqlgen *gen, const char *file, struct str text)
{
	struct sqlgen_schema *schema = &gen->schemas[gen->schema_n];

	gen->file = file;
	gen->line = 0;
	if (gen->schema_n == SQLGEN_FILES_MAX)
		return sqlgen_refuse(gen, "more than %d migrations", SQLGEN_FILES_MAX);
	*schema = (struct sqlgen_schema){
		.statements = arena_array(gen->arena, struct str, STATEMENTS_MAX)};
	if (!schema_name(gen, file, &schema->name))
		return false;
	assert(schema->name.at);
	if (gen->schema_n > 0 && memcmp(schema[-1].name.at, schema->name.at, 4) >= 0)
		return sqlgen_refuse(gen, "two migrations of one number, or out of order");
	if (!read_statements(gen, schema, text))
		return false;
	gen->schema_n++;
	return true;
}
