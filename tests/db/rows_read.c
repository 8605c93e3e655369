#include "rows_read.h"

#include "field.h"
#include "stmt.h"

static int64_t number_of(struct database *database, const char *text)
{
	static const struct field fields[] = {{.wire = "n", .type = FT_I64}};
	static const struct map map = MAP("n", int64_t, fields);
	const struct stmt_def def = {
		.name = "handler", .text = text, .out = &map, .kind = STMT_MANY};
	size_t mark = arena_mark(&database->arena);
	struct list rows = {0};
	int64_t n = -1;

	if (db_many_of(database->db, &database->arena, &def, NULL, &rows) == ERR_OK && rows.n == 1)
		n = *(const int64_t *)rows.rows;
	arena_reset(&database->arena, mark);
	return n;
}

static int64_t status_now(struct database *database)
{
	return number_of(database,
			 "SELECT CAST(SUM(IF(variable_name = 'Handler_tmp_write', -variable_value, "
			 "variable_value)) AS SIGNED) AS n FROM information_schema.session_status "
			 "WHERE variable_name LIKE 'Handler\\_read%' OR variable_name = "
			 "'Handler_tmp_write'");
}

int64_t rows_pushed(struct database *database)
{
	return number_of(database, "SELECT CAST(variable_value AS SIGNED) AS n FROM "
				   "information_schema.session_status WHERE variable_name = "
				   "'Handler_icp_attempts'");
}

int64_t rows_read(struct database *database)
{
	static int64_t before, own = -1;
	int64_t now, read;

	if (own < 0) {
		before = status_now(database);
		own = status_now(database) - before;
		before += own;
	}
	now = status_now(database);
	read = now - before - own;
	before = now;
	return read;
}
