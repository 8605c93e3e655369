/*
 * GET a list of ten cards and the number of all that match, about 80: an index gives both, its
 * order is the list's. Two prepared statements, two trips; JSON written by hand.
 */
#include "bare.h"

#include <stdio.h>
#include <string.h>

#define PAGE     "10"
#define WORD_MAX 256

struct list {
	MYSQL_STMT *rows, *count;
	bool joined;
};

static struct list grouped, grouped_joined, named;
static unsigned char key[WORD_MAX], key_end[WORD_MAX];
static unsigned long key_len, key_end_len;
static long long matches;

static const char of_group[] =
	" WHERE c.organisation_id = 1 AND c.live = 1 AND c.parent_id = ? AND c.active = 1"
	" ORDER BY c.organisation_id, c.live, c.parent_id, c.active, c.name_key, c.id LIMIT " PAGE;
static const char count_group[] =
	"SELECT COUNT(*) FROM card FORCE INDEX (parent_active)"
	" WHERE organisation_id = 1 AND live = 1 AND parent_id = ? AND active = 1";
static const char of_word[] = " WHERE c.organisation_id = 1 AND c.live = 1 AND c.id IN"
			      " (SELECT card_id FROM card_word WHERE organisation_id = 1 AND"
			      " word >= ? AND word < ?) ORDER BY c.name_key, c.id LIMIT " PAGE;
static const char count_word[] =
	"SELECT COUNT(DISTINCT card_id) FROM card_word WHERE organisation_id = 1 AND word >= ?"
	" AND word < ?";

static void bind_key(MYSQL_STMT *statement)
{
	MYSQL_BIND in[] = {{.buffer_type = MYSQL_TYPE_STRING,
			    .buffer = key,
			    .buffer_length = sizeof(key),
			    .length = &key_len},
			   {.buffer_type = MYSQL_TYPE_STRING,
			    .buffer = key_end,
			    .buffer_length = sizeof(key_end),
			    .length = &key_end_len}};

	if (mysql_stmt_bind_param(statement, in))
		die("bind", mysql_stmt_error(statement));
}

static MYSQL_STMT *count_prepare(MYSQL *database, const char *text)
{
	MYSQL_STMT *statement = mysql_stmt_init(database);
	MYSQL_BIND out = {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &matches};

	if (!statement || mysql_stmt_prepare(statement, text, strlen(text)) != 0 ||
	    mysql_stmt_bind_result(statement, &out))
		die(text, mysql_error(database));
	return statement;
}

static struct list list_make(MYSQL *database, bool joined, const char *from, const char *rows,
			     const char *count)
{
	struct list list = {.rows = rows_prepare(database, joined, from, rows),
			    .count = count_prepare(database, count),
			    .joined = joined};

	bind_key(list.rows);
	bind_key(list.count);
	return list;
}

void list_open(MYSQL *database)
{
	static const char by_group[] = " FROM card c FORCE INDEX (parent_active)";

	grouped = list_make(database, false, by_group, of_group, count_group);
	grouped_joined = list_make(database, true, by_group, of_group, count_group);
	named = list_make(database, false, " FROM card c", of_word, count_word);
}

static void execute(MYSQL_STMT *statement)
{
	if (mysql_stmt_execute(statement) != 0)
		die("select", mysql_stmt_error(statement));
}

static size_t list_answer(const struct list *list)
{
	static const char head[] = "{\"cards\":[";
	size_t len = sizeof(head) - 1, n = 0;

	memcpy(answer, head, len);
	execute(list->rows);
	while (mysql_stmt_fetch(list->rows) == 0) {
		if (n++ > 0)
			answer[len++] = ',';
		len += row_write(list->joined, answer + len, ANSWER_MAX - len - 64);
	}
	mysql_stmt_free_result(list->rows);
	execute(list->count);
	while (mysql_stmt_fetch(list->count) == 0)
		continue;
	mysql_stmt_free_result(list->count);
	return len + (size_t)snprintf(answer + len, ANSWER_MAX - len, "],\"items\":%lld}", matches);
}

size_t list_handle(const char *id, bool joined, int *status_r)
{
	if (!uuid_read(id, key))
		return fail(404, "none", status_r);
	key_len = UUID_LEN;
	return list_answer(joined ? &grouped_joined : &grouped);
}

size_t words_handle(const char *word, int *status_r)
{
	size_t bytes = strlen(word) / 2;

	if (bytes == 0 || bytes > WORD_MAX || !hex_read(word, bytes, key))
		return fail(404, "none", status_r);
	memcpy(key_end, key, bytes);
	key_end[bytes - 1]++; /* folded text is UTF-8: no byte is 255 */
	key_len = key_end_len = bytes;
	return list_answer(&named);
}
