/*
 * How many candidates a condition has, by the server's own guess from the ends of its range: no row
 * is read for it.
 */
#include "select_priv.h"

#include <ctype.h>

/* What an explanation is asked for: MariaDB's word, and MySQL's. */
static const char *const words[] = {"\"rows\":", "\"rows_examined_per_scan\":"};

static int64_t rows_said(struct str text)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *at = text.len > 0 ? strstr(text.at, words[i]) : NULL;
		int64_t n = 0;

		if (!at)
			continue;
		for (at += strlen(words[i]); *at == ' '; at++)
			;
		for (; isdigit((unsigned char)*at) && n < INT64_MAX / 16; at++)
			n = n * 10 + (*at - '0');
		return n;
	}
	return 0;
}

enum err select_estimate(struct db *db, struct arena *arena, const struct select_query *query,
			 const struct select_cond *cond, int64_t *n_r)
{
	static const struct field fields[] = {
		{.wire = "EXPLAIN", .offset = offsetof(struct select_value, text), .type = FT_STR}};
	static const struct map map = MAP("explanation", struct select_value, fields);
	struct select_query unlimited = *query;
	struct select_writer writer;
	struct list rows;
	enum err err;

	unlimited.time_ms = 0;
	select_writer_init(&writer, &unlimited, arena);
	buf_text(&writer.text, "EXPLAIN FORMAT=JSON ");
	select_write_candidates(&writer, cond);
	err = select_ask(db, &writer, "select estimate", &map, &rows);
	if (err == ERR_OK)
		*n_r = rows.n > 0 ? rows_said(((const struct select_value *)rows.rows)->text) : 0;
	return err;
}
