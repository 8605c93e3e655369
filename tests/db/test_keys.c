/* Keys put aside and back: the same table as before, broken runs, rows that a key forbids. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "database.h"
#include "keys.h"

#define KEYS                                                                                       \
	"SELECT COUNT(DISTINCT INDEX_NAME) FROM information_schema.STATISTICS WHERE TABLE_SCHEMA " \
	"= DATABASE() AND TABLE_NAME = 'thing'"
#define TWINS                                                                                      \
	"SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND "      \
	"TABLE_NAME LIKE '%keys'"

static struct database on;
static struct db *bare;

static void say(const char *text)
{
	assert_int_equal(db_command(bare, text), ERR_OK);
}

static int set_up(void **state)
{
	(void)state;
	if (bare)
		db_close(&bare);
	if (on.db)
		database_close(&on);
	if (!database_make(&on, "test_keys"))
		return 1;
	on.options.bare = true;
	bare = db_open(&on.options);
	say("CREATE TABLE thing (id INT NOT NULL, a INT NULL, b VARCHAR(9) NOT NULL, PRIMARY KEY "
	    "(id), "
	    "UNIQUE KEY once (a), KEY by_b (b(3), a), KEY by_ab (a, b)) ENGINE=InnoDB");
	return 0;
}

static void check_all_back(void)
{
	assert_int_equal(database_number(&on, KEYS), 4);
	assert_int_equal(database_number(&on, TWINS), 0);
}

static void test_keys_go_and_come_back(void **state)
{
	(void)state;
	assert_int_equal(keys_aside(bare, &on.arena, "thing"), ERR_OK);
	assert_int_equal(database_number(&on, KEYS), 1);
	say("INSERT INTO thing VALUES (1, 1, ''), (2, 2, 'x'), (3, NULL, 'x')");
	assert_int_equal(keys_back(bare, &on.arena, "thing"), ERR_OK);
	check_all_back();
	assert_int_equal(database_number(&on, "SELECT COUNT(*) FROM thing FORCE INDEX (by_b) "
					      "WHERE b = 'x'"),
			 2);
	assert_int_equal(db_command(bare, "INSERT INTO thing VALUES (4, 1, '')"), ERR_TAKEN);
}

static void test_a_table_with_rows_keeps_them(void **state)
{
	(void)state;
	say("INSERT INTO thing VALUES (1, 1, '')");
	assert_int_equal(keys_aside(bare, &on.arena, "thing"), ERR_CONFLICT);
	check_all_back();
}

static void test_none_aside_is_no_fault(void **state)
{
	(void)state;
	assert_int_equal(keys_back(bare, &on.arena, "thing"), ERR_OK);
	assert_int_equal(keys_all_back(bare, &on.arena), ERR_OK);
	check_all_back();
}

static void test_a_broken_run_is_made_good(void **state)
{
	(void)state;
	/* before any key was dropped, after, and after all were back */
	say("CREATE TABLE thing_keys LIKE thing");
	assert_int_equal(keys_all_back(bare, &on.arena), ERR_OK);
	check_all_back();
	assert_int_equal(keys_aside(bare, &on.arena, "thing"), ERR_OK);
	assert_int_equal(keys_all_back(bare, &on.arena), ERR_OK);
	check_all_back();
	say("CREATE TABLE thing_keys LIKE thing");
	say("ALTER TABLE thing DROP KEY by_ab");
	assert_int_equal(keys_all_back(bare, &on.arena), ERR_OK);
	check_all_back();
}

static void test_rows_that_a_key_forbids(void **state)
{
	(void)state;
	assert_int_equal(keys_aside(bare, &on.arena, "thing"), ERR_OK);
	say("INSERT INTO thing VALUES (1, 7, ''), (2, 7, '')");
	assert_int_equal(keys_back(bare, &on.arena, "thing"), ERR_TAKEN);
	assert_int_equal(database_number(&on, TWINS), 1);
	say("DELETE FROM thing WHERE id = 2");
	assert_int_equal(keys_back(bare, &on.arena, "thing"), ERR_OK);
	check_all_back();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_keys_go_and_come_back, set_up),
		cmocka_unit_test_setup(test_a_table_with_rows_keeps_them, set_up),
		cmocka_unit_test_setup(test_none_aside_is_no_fault, set_up),
		cmocka_unit_test_setup(test_a_broken_run_is_made_good, set_up),
		cmocka_unit_test_setup(test_rows_that_a_key_forbids, set_up),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	if (bare)
		db_close(&bare);
	database_close(&on);
	return failed;
}
