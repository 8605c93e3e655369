/*
 * Queries over 100,000 cards: the same rows as a plain statement of the server finds, and
 * few rows read, by the server's own counters.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "database.h"
#include "select_tables.h"
#include "stmt_gen.h"

#define NOW 1000000

static struct database on;

/* In plain SQL: the ids that the fill makes. */
#define ID(kind, number) "UNHEX(CONCAT('" kind "', LPAD(HEX(" number "), 30, '0')))"

static int set_up(void **state)
{
	static const struct organisation_row organisation = {.id = 1};

	(void)state;
	assert_int_equal(sql_organisation_insert(on.db, &organisation, NULL), ERR_OK);
	assert_int_equal(database_script(&on, MANY_CARDS), 0);
	return 0;
}

static struct select_value bytes(const char *text)
{
	return (struct select_value){.text = str_of(text)};
}

static struct select_cond filter(const char *name, enum select_cmp cmp,
				 const struct select_value *values, size_t n)
{
	return (struct select_cond){
		.kind = SELECT_FILTER, .cmp = cmp, .name = name, .values = values, .value_n = n};
}

static struct select_cond named(const char *name, const struct select_value *values, size_t n)
{
	return (struct select_cond){
		.kind = SELECT_NAMED, .name = name, .values = values, .value_n = n};
}

static struct select_query query_of(struct select_cond where)
{
	return (struct select_query){
		.table = &select_card, .organisation_id = 1, .where = where, .limit = 10};
}

/* The one number that a text of our own asks for, on our connection. */
static int64_t ask(const struct stmt_def *def)
{
	struct list rows;

	assert_int_equal(db_many_of(on.db, &on.arena, def, NULL, &rows), ERR_OK);
	return *(int64_t *)rows.rows;
}

/* Rows of tables that the server has read on our connection since the last call: all reads but
 * those of its temporary tables, which it has written before. */
static int64_t rows_read(void)
{
	static int64_t before;
	static const struct field fields[] = {{.wire = "n", .type = FT_I64}};
	static const struct map map = MAP("n", int64_t, fields);
	static const struct stmt_def def = {
		.name = "handler",
		.text = "SELECT CAST(SUM(IF(variable_name = 'Handler_tmp_write', -variable_value, "
			"variable_value)) AS SIGNED) AS n FROM information_schema.session_status "
			"WHERE variable_name LIKE 'Handler\\_read%' OR variable_name = "
			"'Handler_tmp_write'",
		.out = &map,
		.kind = STMT_MANY,
	};
	int64_t now = ask(&def), read = now - before;

	before = now;
	return read;
}

/* What the counting itself reads. */
static int64_t rows_read_idle(void)
{
	rows_read();
	return rows_read();
}

#define TEXT(literal)                                                                              \
	{                                                                                          \
		.text = { literal, sizeof(literal) - 1 }                                           \
	}
/* The ids that the fill makes: kind, zeros, number. */
#define UUID(kind, number) TEXT(kind "\0\0\0\0\0\0\0\0\0\0\0\0\0\0" number)

static const struct select_value group_3[] = {UUID("\x02", "\x03")},
				 no_group[] = {UUID("\0", "\0")},
				 no_such[] = {UUID("\x09", "\x09")},
				 person_77[] = {UUID("\x04", "\x4d")},
				 level_2[] = {UUID("\x03", "\x02")}, yes[] = {{.number = 1}},
				 now[] = {{.number = NOW}}, c123[] = {TEXT("c123")},
				 b20000123[] = {TEXT("20000123")}, e777[] = {TEXT("e777")},
				 digits_1245[] = {TEXT("5421")}, all[] = {TEXT("")},
				 word77[] = {TEXT("word77"), TEXT("word78")},
				 name12[] = {TEXT("name12"), TEXT("name13")},
				 often[] = {TEXT("word1"), TEXT("word1")},
				 rare[] = {TEXT("e9999@"), TEXT("e9999@")};

#define FILTER(field, op, v)                                                                       \
	{                                                                                          \
		.kind = SELECT_FILTER, .cmp = (op), .name = (field), .values = (v), .value_n = 1   \
	}
#define NAMED(cond, v)                                                                             \
	{                                                                                          \
		.kind = SELECT_NAMED, .name = (cond), .values = (v),                               \
		.value_n = sizeof(v) / sizeof((v)[0])                                              \
	}
#define ALL(two)                                                                                   \
	{                                                                                          \
		.kind = SELECT_AND, .conds = (two), .cond_n = 2                                    \
	}

static const struct select_cond two_words[] = {NAMED("word", word77), NAMED("word", name12)},
				group_active[] = {FILTER("parent_id", SELECT_EQ, group_3),
						  FILTER("active", SELECT_EQ, yes)};

/* A condition, the same in plain SQL, and the most rows that page and count may read. */
struct expectation {
	const char *what;
	struct select_cond cond;
	const char *where;
	int64_t most_read, cap;
};

#define BLOCKED "((blocked AND blocked_until > 1000000) OR holder_locked)"

static const struct expectation expectations[] = {
	{"no filter", {.kind = SELECT_AND}, "1", 10100, 10001},
	{"group", FILTER("parent_id", SELECT_EQ, group_3), "parent_id = " ID("02", "3"), 10000,
	 10001},
	{"no group", FILTER("parent_id", SELECT_EQ, no_group), "parent_id = REPEAT('\\0', 16)",
	 10000, 10001},
	{"unknown group", FILTER("parent_id", SELECT_EQ, no_such), "1 = 0", 20, 10001},
	{"holder", FILTER("person_id", SELECT_EQ, person_77), "person_id = " ID("04", "77"), 60,
	 10001},
	{"level", FILTER("level_id", SELECT_EQ, level_2), "level_id = " ID("03", "2"), 10100,
	 10001},
	{"active", FILTER("active", SELECT_EQ, yes), "active = 1", 10100, 10001},
	{"blocked", NAMED("blocked", now), BLOCKED, 1800, 10001},
	{"unblocked", NAMED("unblocked", now), "NOT " BLOCKED, 10300, 10001},
	{"code prefix", FILTER("code_key", SELECT_PREFIX, c123), "code LIKE 'C123%'", 500, 10001},
	{"barcode prefix", FILTER("barcode_key", SELECT_PREFIX, b20000123),
	 "barcode LIKE '20000123%'", 150, 10001},
	{"e-mail prefix", FILTER("email_key", SELECT_PREFIX, e777), "email LIKE 'E777%'", 600,
	 10001},
	{"e-mail whole", FILTER("email_key", SELECT_EQ, e777), "1 = 0", 20, 10001},
	{"last digits", FILTER("phone_reversed", SELECT_PREFIX, digits_1245),
	 "REVERSE(phone_reversed) LIKE '%1245'", 200, 10001},
	{"empty prefix", FILTER("code_key", SELECT_PREFIX, all), "1", 10100, 10001},
	{"word", NAMED("word", word77), "name LIKE '% Word77%'", 6000, 10001},
	{"two words", ALL(two_words), "name LIKE '% Word77%' AND name LIKE 'Name12%'", 15000,
	 10001},
	{"group and active", ALL(group_active), "parent_id = " ID("02", "3") " AND active = 1",
	 8300, 10001},
	{"frequent fragment", NAMED("fragment", often),
	 "CONCAT(name_key, code_key, barcode_key) LIKE '%word1%'", 30000, 1001},
	{"rare fragment", NAMED("fragment", rare), "email_key LIKE '%e9999@%'", 210000, 10001},
};

/* The first row of the page and the last, as plain SQL sorts them. */
static void check_rows(const struct expectation *expected, const struct list *rows)
{
	const struct card_view_row *row = rows->rows;
	const size_t places[] = {0, rows->n - 1};
	char text[1024];

	for (size_t i = 0; rows->n > 0 && i < 2; i++) {
		snprintf(
			text, sizeof(text),
			"SELECT serial FROM card c WHERE live = 1 AND organisation_id = 1 AND (%s) "
			"ORDER BY name_key, id LIMIT 1 OFFSET %zu",
			expected->where, places[i]);
		assert_int_equal(row[places[i]].serial, database_number(&on, text));
	}
}

static void check(const struct expectation *expected)
{
	const struct select_query query = query_of(expected->cond);
	int64_t idle = rows_read_idle(), n, read;
	struct list rows;
	char text[1024];
	long long count;

	assert_int_equal(select_page(on.db, &on.arena, &query, expected->cap, &rows, &n), ERR_OK);
	read = rows_read() - idle;
	snprintf(text, sizeof(text),
		 "SELECT COUNT(*) FROM card c WHERE live = 1 AND organisation_id = 1 AND (%s)",
		 expected->where);
	count = database_number(&on, text);
	print_message("%-20s %6lld rows, %6lld read\n", expected->what, count, (long long)read);
	assert_int_equal(n, count > expected->cap ? expected->cap : count);
	assert_int_equal(rows.n, count > query.limit ? query.limit : count);
	check_rows(expected, &rows);
	assert_true(read <= expected->most_read);
}

static void test_conditions_find_their_rows_and_read_few(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(expectations) / sizeof(expectations[0]); i++) {
		size_t mark = arena_mark(&on.arena);

		check(&expectations[i]);
		arena_reset(&on.arena, mark);
	}
}

static void test_pages_follow_each_other(void **state)
{
	static const struct select_value level_4[] = {UUID("\x03", "\x04")};
	struct select_query query = query_of(filter("level_id", SELECT_EQ, level_4, 1));
	int64_t seen = 0;
	struct list rows = {.n = 1};

	(void)state;
	query.limit = 500;
	while (rows.n > 0) {
		size_t mark = arena_mark(&on.arena);

		query.offset = seen;
		assert_int_equal(select_rows(on.db, &on.arena, &query, &rows), ERR_OK);
		seen += (int64_t)rows.n;
		arena_reset(&on.arena, mark);
	}
	assert_int_equal(seen, 16667);
}

/* Orders and comparators of queries from outside; serials tell what came. */
static void test_comparators_and_orders(void **state)
{
	static struct select_value v[12];
	const struct select_order newest = {.name = "created_at", .desc = true},
				  by_level[] = {{.name = "level_id", .desc = false}};

	(void)state;
	v[0].number = 10;
	v[1].number = 12;
	v[2].number = 11;
	v[3] = (struct select_value)UUID("\x03", "\x05");
	v[4] = bytes("name1_ %");
	v[5] = bytes("NAME%");
	v[6] = bytes("name123%");
	const struct {
		struct select_cond where;
		const struct select_order *order;
		const char *first; /* the serial that comes first, in plain SQL */
		const char *count;
	} table[] = {
		{filter("serial", SELECT_BETWEEN, v, 2), &newest, "SELECT 12", "SELECT 3"},
		{filter("serial", SELECT_IN, v, 3), &newest, "SELECT 12", "SELECT 3"},
		{filter("serial", SELECT_IN, v, 0), &newest, NULL, "SELECT 0"},
		{filter("serial", SELECT_NOT_IN, v, 3), &newest, "SELECT 100000", "SELECT 99997"},
		{filter("serial", SELECT_NOT_IN, v, 0), &newest, "SELECT 100000", "SELECT 100000"},
		{filter("serial", SELECT_LT, v, 1), &newest, "SELECT 9", "SELECT 9"},
		{filter("serial", SELECT_LE, v, 1), &newest, "SELECT 10", "SELECT 10"},
		{filter("serial", SELECT_GT, v, 1), &newest, "SELECT 100000", "SELECT 99990"},
		{filter("serial", SELECT_GE, v, 1), &newest, "SELECT 100000", "SELECT 99991"},
		{filter("serial", SELECT_NE, v, 1), &newest, "SELECT 100000", "SELECT 99999"},
		{filter("level_id", SELECT_NULL, NULL, 0), &newest, "SELECT 99996", "SELECT 16666"},
		{filter("level_id", SELECT_NOT_NULL, NULL, 0), &newest, "SELECT 100000",
		 "SELECT 83334"},
		{filter("level_id", SELECT_NE, &v[3], 1), &newest, "SELECT 100000",
		 "SELECT COUNT(*) FROM card WHERE serial % 6 NOT IN (0, 5)"},
		{filter("serial", SELECT_NULL, NULL, 0), &newest, NULL, "SELECT 0"},
		{filter("name", SELECT_LIKE, &v[4], 1), &newest,
		 "SELECT MAX(serial) FROM card WHERE name LIKE 'Name1_ %'",
		 "SELECT COUNT(*) FROM card WHERE name LIKE 'Name1_ %'"},
		{filter("name", SELECT_LIKE, &v[5], 1), &newest, NULL, "SELECT 0"},
		{filter("name", SELECT_LIKE, &v[6], 1), &newest,
		 "SELECT MAX(serial) FROM card WHERE name LIKE 'Name123%'",
		 "SELECT COUNT(*) FROM card WHERE name LIKE 'Name123%'"},
		{{.kind = SELECT_OR}, &newest, NULL, "SELECT 0"},
		{{.kind = SELECT_AND},
		 by_level,
		 "SELECT serial FROM card WHERE serial % 6 = 1 ORDER BY id LIMIT 1",
		 "SELECT 100000"},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct select_query query = query_of(table[i].where);
		struct select_fault fault;
		struct list rows;
		int64_t n;

		query.order = table[i].order;
		query.order_n = 1;
		assert_int_equal(select_check(&query, &fault), ERR_OK);
		assert_int_equal(select_page(on.db, &on.arena, &query, 0, &rows, &n), ERR_OK);
		assert_int_equal(n, database_number(&on, table[i].count));
		if (!table[i].first)
			assert_int_equal(rows.n, 0);
		else
			assert_int_equal(((struct card_view_row *)rows.rows)->serial,
					 database_number(&on, table[i].first));
	}
}

/* A relation: the name of a card's group, null where the group has none or is not there. */
static const struct select_field relation_fields[] = {
	SELECT_FIELD("id", "c.id", NULL, "PRIMARY", NULL, FT_UUID, 0),
	SELECT_FIELD("serial", "c.serial", NULL, "serial", NULL, FT_I64, 0),
	SELECT_FIELD("group.name", "g.name", NULL, NULL,
		     "LEFT JOIN card_group g ON g.organisation_id = @ AND g.id = c.parent_id",
		     FT_STR, SELECT_NULLABLE),
};
static const struct select_order by_serial[] = {{.name = "serial", .desc = false}};
static const struct select_table related = {
	.from = "card c",
	.scope = "c.organisation_id = @ AND c.live = 1",
	.key = "c.id",
	.order = by_serial,
	.order_n = 1,
	.rows = STMT_CARD_PLAIN_GET,
	.fields = relation_fields,
	.field_n = sizeof(relation_fields) / sizeof(relation_fields[0]),
};

static const struct select_value alpha[] = {TEXT("Alpha")}, few[] = {{.number = 22}};
static const struct select_cond alpha_few[] = {FILTER("group.name", SELECT_EQ, alpha),
					       FILTER("serial", SELECT_LE, few)};
static const struct select_order up[] = {{.name = "group.name", .desc = false},
					 {.name = "serial", .desc = true}},
				 down[] = {{.name = "group.name", .desc = true},
					   {.name = "serial", .desc = false}};

/* Groups 1 Beta and 2 Alpha; group n of eleven holds the cards n, n + 11, ... */
static const struct {
	struct select_cond cond;
	const struct select_order *order;
	int64_t n;
	int64_t first[3];
} relations[] = {
	{FILTER("serial", SELECT_LE, few), up, 22, {13, 2, 12}},
	{FILTER("serial", SELECT_LE, few), down, 22, {3, 4, 5}},
	{ALL(alpha_few), up, 2, {13, 2, 0}},
	{{.kind = SELECT_FILTER, .cmp = SELECT_NOT_NULL, .name = "group.name"},
	 down,
	 18182,
	 {1, 12, 23}},
	{{.kind = SELECT_FILTER, .cmp = SELECT_NULL, .name = "group.name"},
	 by_serial,
	 81818,
	 {3, 4, 5}},
};

static void test_relations_and_nulls_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
		struct select_query query = query_of(relations[i].cond);
		const struct card_view_row *row;
		struct list rows;
		int64_t n;

		query.table = &related;
		query.order = relations[i].order;
		query.order_n = query.order == by_serial ? 0 : 2;
		assert_int_equal(select_page(on.db, &on.arena, &query, 0, &rows, &n), ERR_OK);
		assert_int_equal(n, relations[i].n);
		row = rows.rows;
		for (size_t k = 0; k < 3 && relations[i].first[k]; k++)
			assert_int_equal(row[k].serial, relations[i].first[k]);
	}
}

/* A page that is likely to be full brings the number of rows along: rows as without it. */
static void test_a_full_page_brings_the_number(void **state)
{
	static const struct select_value nobody[] = {{.text = {"0123456789abcdef", 16}}};
	const struct {
		struct select_cond cond;
		int64_t limit, offset, cap, trips;
	} pages[] = {
		{FILTER("level_id", SELECT_EQ, level_2), 10, 0, 10001, 1},
		{FILTER("level_id", SELECT_EQ, level_2), 10, 20, 7, 1},
		{FILTER("level_id", SELECT_EQ, level_2), 10, 0, 0, 2},
		{FILTER("level_id", SELECT_EQ, level_2), 10, 2000, 10001, 2},
		{FILTER("level_id", SELECT_EQ, nobody), 10, 0, 10001, 1},
		{FILTER("level_id", SELECT_EQ, nobody), 10, 20, 10001, 2},
		{FILTER("person_id", SELECT_EQ, person_77), 1, 0, 10001, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct select_query query = query_of(pages[i].cond);
		struct list rows, alone;
		int64_t n, total, calls;

		query.limit = pages[i].limit;
		query.offset = pages[i].offset;
		/* The first time it prepares what it asks. */
		for (int time = 0; time < 2; time++) {
			calls = db_stats(on.db)->calls;
			assert_int_equal(
				select_page(on.db, &on.arena, &query, pages[i].cap, &rows, &n),
				ERR_OK);
		}
		assert_int_equal(db_stats(on.db)->calls - calls, pages[i].trips);
		assert_int_equal(select_count(on.db, &on.arena, &query, pages[i].cap, &total),
				 ERR_OK);
		assert_int_equal(n, total);
		assert_int_equal(select_rows(on.db, &on.arena, &query, &alone), ERR_OK);
		assert_int_equal(rows.n, alone.n);
		for (size_t row = 0; row < rows.n; row++)
			assert_int_equal(((const struct card_view_row *)rows.rows)[row].serial,
					 ((const struct card_view_row *)alone.rows)[row].serial);
	}
}

static void test_another_organisation_sees_nothing(void **state)
{
	struct select_query query = query_of((struct select_cond){0});
	struct select_value w[2] = {bytes("word77"), bytes("word78")};
	struct list rows;
	int64_t n;

	(void)state;
	query.organisation_id = 2;
	assert_int_equal(select_page(on.db, &on.arena, &query, 0, &rows, &n), ERR_OK);
	assert_true(n == 0 && rows.n == 0);
	query.where = named("word", w, 2);
	assert_int_equal(select_page(on.db, &on.arena, &query, 0, &rows, &n), ERR_OK);
	assert_true(n == 0 && rows.n == 0);
}

/* Statements that our connection holds at the server. */
static int64_t statements_held(void)
{
	static const struct field fields[] = {{.wire = "n", .type = FT_I64}};
	static const struct map map = MAP("n", int64_t, fields);
	static const struct stmt_def def = {
		.name = "held",
		.text = "SELECT CAST(SUM(IF(variable_name = 'Com_stmt_close', -variable_value, "
			"variable_value)) AS SIGNED) AS n FROM information_schema.session_status "
			"WHERE variable_name IN ('Com_stmt_prepare', 'Com_stmt_close')",
		.out = &map,
		.kind = STMT_MANY,
	};

	return ask(&def);
}

/* More texts than are kept: the oldest go, all work. */
static void test_kept_statements_are_bounded(void **state)
{
	struct select_value v[200];

	(void)state;
	for (size_t i = 0; i < 200; i++)
		v[i].number = (int64_t)i + 1;
	for (size_t n = 65; n <= 200; n++) {
		struct select_query query = query_of(filter("serial", SELECT_IN, v, n));
		size_t mark = arena_mark(&on.arena);
		int64_t count;

		assert_int_equal(select_count(on.db, &on.arena, &query, 0, &count), ERR_OK);
		assert_int_equal(count, n);
		arena_reset(&on.arena, mark);
	}
	assert_in_range(statements_held(), stmt_count, stmt_count + 66);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conditions_find_their_rows_and_read_few),
		cmocka_unit_test(test_a_full_page_brings_the_number),
		cmocka_unit_test(test_pages_follow_each_other),
		cmocka_unit_test(test_comparators_and_orders),
		cmocka_unit_test(test_relations_and_nulls_in_order),
		cmocka_unit_test(test_another_organisation_sees_nothing),
		cmocka_unit_test(test_kept_statements_are_bounded),
	};
	int failed;

	if (!database_open(&on, "test_select"))
		return 1;
	failed = cmocka_run_group_tests(tests, set_up, NULL);
	database_close(&on);
	return failed;
}
