/*
 * Pages in order through 100,000 cards and persons: with places kept, each page is the one that
 * skipping all rows before it finds, and reads no more rows than the first.
 */
#include "unit.h"

#include "database.h"
#include "place.h"
#include "rows_read.h"
#include "select_tables.h"
#include "stmt_gen.h"

#define PAGE  100
#define FROM  5000
#define PAGES 30

static struct database on;
static int greedy; /* readings that read more than they may */

static int set_up(void **state)
{
	static const struct organisation_row organisation = {.id = 1};

	(void)state;
	assert_int_equal(sql_organisation_insert(on.db, &organisation, NULL), ERR_OK);
	assert_int_equal(database_script(&on, MANY_CARDS), 0);
	return database_script(&on, MANY_PEOPLE) != 0;
}

static int forget(void **state)
{
	(void)state;
	places_fini();
	return places_init() ? 0 : -1;
}

#define TEXT(literal)                                                                              \
	{                                                                                          \
		.text = { literal, sizeof(literal) - 1 }                                           \
	}
#define UUID(kind, number) TEXT(kind "\0\0\0\0\0\0\0\0\0\0\0\0\0\0" number)
#define FILTER(field, op, v)                                                                       \
	{                                                                                          \
		.kind = SELECT_FILTER, .cmp = (op), .name = (field), .values = (v), .value_n = 1   \
	}
#define NAMED(cond, v)                                                                             \
	{                                                                                          \
		.kind = SELECT_NAMED, .name = (cond), .values = (v), .value_n = COUNT(v)           \
	}
#define ALL                                                                                        \
	{                                                                                          \
		.kind = SELECT_AND                                                                 \
	}

static const struct select_value level_2[] = {UUID("\x03", "\x02")}, yes[] = {{.number = 1}},
				 no[] = {{.number = 0}}, now[] = {{.number = 1000000}},
				 c[] = {TEXT("c")}, group_3[] = {UUID("\x02", "\x03")},
				 often[] = {TEXT("word1"), TEXT("word1")};
static const struct select_cond two[] = {FILTER("active", SELECT_EQ, yes),
					 FILTER("level_id", SELECT_EQ, level_2)};

#define SERIAL(row) offsetof(struct row, serial)

/* most_read: what a page of 100 may read, wherever it is. */
static const struct reading {
	const char *what;
	const struct select_table *table;
	struct select_cond where;
	const char *order;
	bool desc;
	size_t key; /* offset of the serial number in a row */
	int64_t most_read;
} readings[] = {
	{"cards", &select_card, ALL, NULL, false, SERIAL(card_view_row), 800},
	{"cards of a level", &select_card, FILTER("level_id", SELECT_EQ, level_2), NULL, false,
	 SERIAL(card_view_row), 800},
	{"cards of a group", &select_card, FILTER("parent_id", SELECT_EQ, group_3), NULL, false,
	 SERIAL(card_view_row), 800},
	{"active cards", &select_card, FILTER("active", SELECT_EQ, yes), NULL, false,
	 SERIAL(card_view_row), 800},
	{"unblocked cards", &select_card, NAMED("unblocked", now), NULL, false,
	 SERIAL(card_view_row), 1300},
	{"two conditions",
	 &select_card,
	 {.kind = SELECT_AND, .conds = two, .cond_n = 2},
	 NULL,
	 false,
	 SERIAL(card_view_row),
	 1300},
	{"a frequent start", &select_card, FILTER("code_key", SELECT_PREFIX, c), NULL, false,
	 SERIAL(card_view_row), 5000},
	{"a frequent fragment", &select_card, NAMED("fragment", often), NULL, false,
	 SERIAL(card_view_row), 6000},
	{"persons", &select_person, ALL, NULL, false, SERIAL(person_view_row), 800},
	{"unlocked persons", &select_person, FILTER("locked", SELECT_EQ, no), NULL, false,
	 SERIAL(person_view_row), 800},
	{"customers", &select_customer, ALL, NULL, false, SERIAL(customer_row), 800},
	{"customers by name", &select_customer, ALL, "name", false, SERIAL(customer_row), 800},
	{"customers by e-mail, those without last", &select_customer, ALL, "email", false,
	 SERIAL(customer_row), 800},
	{"customers by e-mail, those without first", &select_customer, ALL, "email", true,
	 SERIAL(customer_row), 1200},
	{"customers by name downwards", &select_customer, ALL, "name", true, SERIAL(customer_row),
	 1200},
	{"customers by lock", &select_customer, ALL, "locked", false, SERIAL(customer_row), 800},
	{"the newest customers", &select_customer, ALL, "created_at", true, SERIAL(customer_row),
	 1200},
	{"customers downwards", &select_customer, ALL, "serial", true, SERIAL(customer_row), 900},
	{"cards as entities", &select_card_item, ALL, NULL, false, SERIAL(card_item_row), 1500},
};

static struct select_query query_of(const struct reading *reading, struct select_order *order)
{
	*order = (struct select_order){.name = reading->order, .desc = reading->desc};
	return (struct select_query){.table = reading->table,
				     .organisation_id = 1,
				     .where = reading->where,
				     .order = order,
				     .order_n = reading->order ? 1 : 0,
				     .limit = PAGE};
}

/* Serial numbers of a page, zeros behind its end. */
static void page_read(const struct reading *reading, int64_t offset, int64_t serials[PAGE])
{
	size_t mark = arena_mark(&on.arena), size = stmt_table[reading->table->rows].out->size;
	struct select_order order;
	struct select_query query = query_of(reading, &order);
	struct list rows;

	query.offset = offset;
	memset(serials, 0, PAGE * sizeof(*serials));
	assert_int_equal(select_rows(on.db, &on.arena, &query, &rows), ERR_OK);
	for (size_t i = 0; i < rows.n; i++)
		memcpy(&serials[i], (const char *)rows.rows + i * size + reading->key,
		       sizeof(*serials));
	arena_reset(&on.arena, mark);
}

static void check_reading(const struct reading *reading)
{
	int64_t skipped[PAGES][PAGE], serials[PAGE], read, most = 0;

	places_fini();
	for (size_t i = 0; i < PAGES; i++)
		page_read(reading, FROM + (int64_t)i * PAGE, skipped[i]);
	assert_true(places_init());
	for (size_t i = 0; i < PAGES; i++) {
		rows_read(&on);
		page_read(reading, FROM + (int64_t)i * PAGE, serials);
		read = rows_read(&on);
		assert_memory_equal(serials, skipped[i], sizeof(serials));
		most = i > 0 && read > most ? read : most;
	}
	print_message("%-40s %6lld read\n", reading->what, (long long)most);
	assert_true(serials[PAGE - 1] > 0);
	greedy += most > reading->most_read;
}

static void test_pages_in_order_are_those_of_the_list(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(readings); i++)
		check_reading(&readings[i]);
	assert_int_equal(greedy, 0);
}

/* A jump begins at the nearest place before it. */
static void test_a_jump_goes_on_from_the_nearest_place(void **state)
{
	int64_t skipped[PAGE], serials[PAGE], read;

	(void)state;
	places_fini();
	page_read(&readings[0], 50000, skipped);
	assert_true(places_init());
	page_read(&readings[0], 49000, serials);
	rows_read(&on);
	page_read(&readings[0], 50000, serials);
	read = rows_read(&on);
	assert_memory_equal(serials, skipped, sizeof(serials));
	assert_true(read < 2000);
}

/* A page near the end of a list whose length is known is met from there, with and without places.
 */
static void test_a_jump_to_the_end_is_met_from_there(void **state)
{
	static const int64_t offsets[] = {99000, 99990, 51000, 99999, 100000, 100100};
	struct select_order order;

	(void)state;
	for (size_t i = 0; i < COUNT(offsets); i++) {
		size_t mark = arena_mark(&on.arena);
		struct select_query query = query_of(&readings[0], &order);
		struct list skipped, rows;
		int64_t read;

		places_fini();
		query.offset = offsets[i];
		assert_int_equal(select_rows(on.db, &on.arena, &query, &skipped), ERR_OK);
		query.total = 100000;
		rows_read(&on);
		assert_int_equal(select_rows(on.db, &on.arena, &query, &rows), ERR_OK);
		read = rows_read(&on);
		assert_int_equal(rows.n, skipped.n);
		for (size_t k = 0; k < rows.n; k++)
			assert_int_equal(((const struct card_view_row *)rows.rows)[k].serial,
					 ((const struct card_view_row *)skipped.rows)[k].serial);
		assert_true(offsets[i] >= query.total || read < query.total - offsets[i] + 1000);
		assert_true(places_init());
		arena_reset(&on.arena, mark);
	}
}

/* Before a place's time ends, rows that go before it do not move the page after it. */
static void test_rows_before_a_place_do_not_shift_the_next_page(void **state)
{
	int64_t before[PAGE], after[PAGE];

	(void)state;
	page_read(&readings[0], 2000, before);
	page_read(&readings[0], 2100, after);
	assert_int_equal(database_number(&on, "SELECT COUNT(*) FROM card WHERE live = 1"), 100000);
	assert_int_equal(db_command(on.db,
				    "UPDATE card SET live = NULL WHERE organisation_id = 1 AND "
				    "live = 1 ORDER BY name_key, id LIMIT 10"),
			 ERR_OK);
	page_read(&readings[0], 2100, before);
	assert_memory_equal(before, after, sizeof(before));
	places_fini();
	page_read(&readings[0], 2100, before);
	assert_memory_not_equal(before, after, sizeof(before));
	assert_int_equal(before[0], after[10]);
	assert_int_equal(db_command(on.db, "UPDATE card SET live = 1 WHERE organisation_id = 1"),
			 ERR_OK);
}

/* The end of the list counts rows that came or went meanwhile. */
static void test_the_last_page_counts_as_it_is(void **state)
{
	static const struct reading last = {
		"group", &select_card, FILTER("parent_id", SELECT_EQ, group_3), NULL, false, 0, 0};
	struct select_order order;
	struct select_query query = query_of(&last, &order);
	struct list rows;
	int64_t n, all = database_number(&on, "SELECT COUNT(*) FROM card WHERE parent_id = "
					      "UNHEX(CONCAT('02', LPAD('3', 30, '0')))");

	(void)state;
	for (int turn = 0; turn < 2; turn++) {
		query.offset = all / PAGE * PAGE - PAGE * (1 - turn);
		assert_int_equal(select_page(on.db, &on.arena, &query, 0, &rows, &n), ERR_OK);
		assert_int_equal(n, all);
		assert_int_equal(rows.n, turn ? all % PAGE : PAGE);
	}
	assert_int_equal(db_command(on.db, "UPDATE card SET live = NULL WHERE serial = 3"), ERR_OK);
	assert_int_equal(select_page(on.db, &on.arena, &query, 0, &rows, &n), ERR_OK);
	assert_int_equal(n, all - 1);
	assert_int_equal(rows.n, all % PAGE);
	assert_int_equal(db_command(on.db, "UPDATE card SET live = 1 WHERE serial = 3"), ERR_OK);
}

/* The same question of another organisation has places of its own. */
static void test_another_organisation_finds_no_place(void **state)
{
	int64_t serials[PAGE];
	struct select_order order;
	struct select_query query = query_of(&readings[0], &order);
	struct list rows;

	(void)state;
	page_read(&readings[0], 2000, serials);
	query.organisation_id = 2;
	query.offset = 2100;
	assert_int_equal(select_rows(on.db, &on.arena, &query, &rows), ERR_OK);
	assert_int_equal(rows.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_pages_in_order_are_those_of_the_list, forget),
		cmocka_unit_test_setup(test_a_jump_goes_on_from_the_nearest_place, forget),
		cmocka_unit_test_setup(test_a_jump_to_the_end_is_met_from_there, forget),
		cmocka_unit_test_setup(test_rows_before_a_place_do_not_shift_the_next_page, forget),
		cmocka_unit_test_setup(test_the_last_page_counts_as_it_is, forget),
		cmocka_unit_test_setup(test_another_organisation_finds_no_place, forget),
	};
	int failed;

	if (!database_open(&on, "test_pages"))
		return 1;
	failed = cmocka_run_group_tests(tests, set_up, NULL);
	database_close(&on);
	return failed;
}
