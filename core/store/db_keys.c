/* Keys of a table, read from the server's own account of it. */
#include "keys.h"

#include <assert.h>

#include "buf.h"
#include "db_priv.h"

#define TWIN       "_keys"
#define TEXT_FIRST 1024

/* The text of a statement about one table. */
static struct str about(struct arena *arena, const char *before, const char *table,
			const char *after)
{
	struct buf buf;

	buf_init(&buf, arena, TEXT_FIRST);
	buf_text(&buf, before);
	buf_text(&buf, table);
	buf_text(&buf, after);
	return buf_done(&buf);
}

/* One column of all rows of an answer. */
static enum err ask(struct db *db, struct arena *arena, struct str text, unsigned column,
		    struct list *texts_r)
{
	enum err err = db_ready(db);
	MYSQL_RES *answer = NULL;
	struct list texts = {0};
	MYSQL_ROW row;

	assert(db->options.bare && db->tx == DB_TX_NONE);
	if (err == ERR_OK)
		err = db_text(db, text.at, text.len, "keys");
	if (err == ERR_OK)
		answer = mysql_store_result(db->mysql);
	if (!answer)
		return err == ERR_OK ? db_failed(db, mysql_errno(db->mysql), mysql_error(db->mysql),
						 "keys")
				     : err;
	texts.rows = arena_array(arena, struct str, (size_t)mysql_num_rows(answer) + 1);
	while ((row = mysql_fetch_row(answer)))
		((struct str *)texts.rows)[texts.n++] = str_dup(arena, str_of(row[column]));
	mysql_free_result(answer);
	*texts_r = texts;
	return ERR_OK;
}

/* `  KEY ...` or `  UNIQUE KEY ...`: PRIMARY KEY has no name. */
static bool is_key(struct str line)
{
	static const char *const starts[] = {"  KEY `", "  UNIQUE KEY `"};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		size_t len = strlen(starts[i]);

		if (line.len > len && memcmp(line.at, starts[i], len) == 0)
			return true;
	}
	return false;
}

/* The next line that says a key, without the comma at its end; "" when there is none. */
static struct str next_key(struct str *rest)
{
	while (rest->len > 0) {
		const char *end = memchr(rest->at, '\n', rest->len);
		struct str line = {rest->at, end ? (size_t)(end - rest->at) : rest->len};
		size_t step = line.len + (end ? 1 : 0);

		*rest = (struct str){rest->at + step, rest->len - step};
		if (line.len > 0 && line.at[line.len - 1] == ',')
			line.len--;
		if (is_key(line))
			return line;
	}
	return STR("");
}

/* With its backquotes. */
static struct str name_of(struct str key)
{
	const char *first = memchr(key.at, '`', key.len);
	const char *last = strchr(first + 1, '`');

	return (struct str){first, (size_t)(last + 1 - first)};
}

/* Keys that one description of a table has and the other lacks, as parts of ALTER TABLE. */
static struct str difference(struct arena *arena, struct str has, struct str lacks, bool drop)
{
	struct buf buf;
	struct str key;

	buf_init(&buf, arena, TEXT_FIRST);
	while ((key = next_key(&has)).len > 0) {
		if (memmem(lacks.at, lacks.len, key.at, key.len))
			continue;
		buf_text(&buf, buf.len > 0 ? ", " : "");
		buf_text(&buf, drop ? "DROP KEY " : "ADD ");
		buf_str(&buf, drop ? name_of(key) : key);
	}
	return buf_done(&buf);
}

static enum err describe(struct db *db, struct arena *arena, const char *table, struct str *text_r)
{
	struct list texts = {0};
	enum err err = ask(db, arena, about(arena, "SHOW CREATE TABLE ", table, ""), 1, &texts);

	if (err != ERR_OK)
		return err;
	assert(texts.n == 1 && texts.rows);
	*text_r = *(const struct str *)texts.rows;
	return ERR_OK;
}

static enum err alter(struct db *db, struct arena *arena, const char *table, struct str parts)
{
	struct str head = about(arena, "ALTER TABLE ", table, " ");

	return parts.len > 0 ? db_command(db, about(arena, head.at, parts.at, "").at) : ERR_OK;
}

static enum err is_empty(struct db *db, struct arena *arena, const char *table)
{
	struct list rows = {0};
	enum err err = ask(db, arena, about(arena, "SELECT 1 FROM ", table, " LIMIT 1"), 0, &rows);

	return err == ERR_OK && rows.n > 0 ? ERR_CONFLICT : err;
}

enum err keys_aside(struct db *db, struct arena *arena, const char *table)
{
	struct str twin = about(arena, "CREATE TABLE ", table, TWIN " LIKE "), text = {0};
	enum err err = is_empty(db, arena, table);

	if (err == ERR_OK)
		err = describe(db, arena, table, &text);
	if (err == ERR_OK)
		err = db_command(db, about(arena, twin.at, table, "").at);
	if (err == ERR_OK)
		err = alter(db, arena, table, difference(arena, text, STR(""), true));
	return err;
}

enum err keys_back(struct db *db, struct arena *arena, const char *table)
{
	struct str has = {0}, lacks = {0};
	enum err err = describe(db, arena, about(arena, "", table, TWIN).at, &has);

	if (err == ERR_NOT_FOUND)
		return ERR_OK;
	if (err == ERR_OK)
		err = describe(db, arena, table, &lacks);
	if (err == ERR_OK)
		err = alter(db, arena, table, difference(arena, has, lacks, false));
	return err == ERR_OK ? db_command(db, about(arena, "DROP TABLE ", table, TWIN).at) : err;
}

enum err keys_all_back(struct db *db, struct arena *arena)
{
	struct list twins = {0};
	enum err err = ask(db, arena, STR("SHOW TABLES LIKE '%\\" TWIN "'"), 0, &twins);
	const struct str *twin = err == ERR_OK ? twins.rows : NULL;

	for (size_t i = 0; err == ERR_OK && i < twins.n; i++) {
		struct str table = {twin[i].at, twin[i].len - strlen(TWIN)};

		err = keys_back(db, arena, str_dup(arena, table).at);
	}
	return err;
}
