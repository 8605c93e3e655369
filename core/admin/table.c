#include <stdio.h>
#include <time.h>

#include "admin.h"
#include "json.h"

#define CELL_TEXT_MAX 32

void table_begin(struct table *table, struct admin *admin, const char *const *names, size_t columns)
{
	*table = (struct table){.admin = admin, .names = names, .columns = columns};
	buf_init(&table->buf, &admin->arena, 4096);
	if (admin_has(admin, "json"))
		buf_char(&table->buf, '[');
}

static void row_of_json(struct table *table, const struct cell *cells)
{
	struct buf *buf = &table->buf;

	json_put_comma(buf);
	buf_char(buf, '{');
	for (size_t i = 0; i < table->columns; i++) {
		json_put_name(buf, table->names[i]);
		if (cells[i].flags & CELL_NUMBER)
			buf_str(buf, cells[i].text);
		else
			json_put_string(buf, cells[i].text);
	}
	buf_char(buf, '}');
}

/* Divided by tabs: names may hold spaces, and cut(1) is at hand. */
void table_row(struct table *table, const struct cell *cells)
{
	table->rows++;
	if (admin_has(table->admin, "json")) {
		row_of_json(table, cells);
		return;
	}
	for (size_t i = 0; i < table->columns; i++) {
		buf_str(&table->buf, cells[i].text);
		buf_char(&table->buf, i + 1 < table->columns ? '\t' : '\n');
	}
}

void table_end(struct table *table)
{
	if (admin_has(table->admin, "json"))
		buf_text(&table->buf, "]\n");
	struct str text = buf_done(&table->buf);
	fwrite(text.at, 1, text.len, stdout);
}

struct cell cell_number(struct admin *admin, int64_t number)
{
	struct buf buf;

	buf_init(&buf, &admin->arena, CELL_TEXT_MAX);
	buf_i64(&buf, number);
	return (struct cell){buf_done(&buf), CELL_NUMBER};
}

struct cell cell_moment(struct admin *admin, int64_t ms)
{
	char *text = arena_alloc(&admin->arena, CELL_TEXT_MAX);
	time_t second = (time_t)(ms / 1000);
	struct tm tm;

	if (ms == 0 || !gmtime_r(&second, &tm) || tm.tm_year > 9999 - 1900)
		return (struct cell){STR("-"), 0};
	size_t len = strftime(text, CELL_TEXT_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return (struct cell){{text, len}, 0};
}
