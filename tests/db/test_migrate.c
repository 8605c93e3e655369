/* Migrations on a real server: all, again, half done, edited, unknown, two at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "database.h"
#include "migrate.h"
#include "stmt.h"

static struct database on;
static struct migrate_step fault;
static const char *message;
static size_t applied_n;

static void count_applied(const char *name)
{
	assert_non_null(name);
	applied_n++;
}

static enum err run(void)
{
	applied_n = 0;
	return migrate_run(&on.options, &on.arena, count_applied, &fault, &message);
}

static int set_up(void **state)
{
	(void)state;
	if (on.db)
		database_close(&on);
	return database_make(&on, "test_migrate") ? 0 : 1;
}

static void check_all_applied(void)
{
	struct list steps;
	const struct migrate_step *step;

	assert_int_equal(migrate_list(on.db, &on.arena, &steps), ERR_OK);
	assert_int_equal(steps.n, schema_count);
	step = steps.rows;
	for (size_t i = 0; i < steps.n; i++) {
		assert_int_equal(step[i].state, MIGRATE_APPLIED);
		assert_int_equal(step[i].done, schema_table[i].n);
	}
	assert_int_equal(migrate_check(on.db, &on.arena), ERR_OK);
}

static void test_an_empty_database_gets_all(void **state)
{
	(void)state;
	assert_int_equal(db_ready(on.db), ERR_INTERNAL);
	assert_int_equal(run(), ERR_OK);
	assert_int_equal(applied_n, schema_count - 1);
	db_drop(on.db);
	check_all_applied();
	assert_int_equal(database_number(&on, "SELECT COUNT(*) FROM schema_migration WHERE "
					      "applied_at > 1600000000000"),
			 (long long)schema_count);
}

static void test_again_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(run(), ERR_OK);
	assert_int_equal(run(), ERR_OK);
	assert_int_equal(applied_n, 0);
	check_all_applied();
}

static void test_a_database_without_the_table_has_all_pending(void **state)
{
	struct db_options options = on.options;
	struct list steps;
	struct db *bare;

	(void)state;
	options.bare = true;
	bare = db_open(&options);
	assert_int_equal(migrate_list(bare, &on.arena, &steps), ERR_OK);
	assert_int_equal(steps.n, schema_count);
	assert_int_equal(((struct migrate_step *)steps.rows)->state, MIGRATE_PENDING);
	assert_int_equal(migrate_check(bare, &on.arena), ERR_CONFLICT);
	db_close(&bare);
}

static void test_a_broken_run_goes_on_where_it_stopped(void **state)
{
	(void)state;
	assert_int_equal(database_run(&on, "CREATE TABLE card (x INT PRIMARY KEY)"), 0);
	assert_int_equal(run(), ERR_INTERNAL);
	assert_string_equal(fault.name, "0001_init");
	assert_non_null(strstr(message, "1050"));
	assert_true(database_number(&on, "SELECT done FROM schema_migration WHERE name = "
					 "'0001_init'") > 0);
	assert_int_equal(database_run(&on, "DROP TABLE card"), 0);
	assert_int_equal(run(), ERR_OK);
	check_all_applied();
}

/* The server ended a statement whose program was killed: it is there, and not noted. */
static void test_what_a_killed_run_left_is_done(void **state)
{
	(void)state;
	assert_int_equal(run(), ERR_OK);
	assert_int_equal(database_run(&on, "UPDATE schema_migration SET done = 0, applied_at = 0 "
					   "WHERE name = '0009_pairs'"),
			 0);
	assert_int_equal(run(), ERR_OK);
	check_all_applied();
}

static long long inherited_of(const char *card)
{
	char text[200];

	snprintf(text, sizeof(text),
		 "SELECT SUM(inherited_at) FROM account WHERE card_id = RPAD('%s', 16, '\\0')",
		 card);
	return database_number(&on, text);
}

/* Cards a and b have gone to c, c to d; nothing went to e. Only points inherit. */
static void test_books_of_before_know_what_they_inherited(void **state)
{
	(void)state;
	assert_int_equal(run(), ERR_OK);
	assert_int_equal(database_run(&on,
				      "INSERT IGNORE INTO card (organisation_id, id, serial, "
				      "new_card_id) VALUES (1, 'a', 1, RPAD('c', 16, '\\0')), (1, "
				      "'b', 2, RPAD('c', 16, '\\0')), (1, 'c', 3, RPAD('d', 16, "
				      "'\\0')), (1, 'd', 4, ''), (1, 'e', 5, '')"),
			 0);
	assert_int_equal(
		database_run(&on, "INSERT IGNORE INTO account (organisation_id, card_id, unit, "
				  "activity_at) VALUES (1, 'a', 1, 7), (1, 'b', 1, 5), (1, 'c', 1, "
				  "9), (1, 'c', 2, 0), (1, 'd', 1, 11), (1, 'e', 1, 3)"),
		0);
	assert_int_equal(database_run(&on, "UPDATE schema_migration SET done = 1, applied_at = 0 "
					   "WHERE name = '0010_inherited'"),
			 0);
	assert_int_equal(run(), ERR_OK);
	assert_int_equal(inherited_of("a"), 0);
	assert_int_equal(inherited_of("c"), 7);
	assert_int_equal(inherited_of("d"), 9);
	assert_int_equal(inherited_of("e"), 0);
	check_all_applied();
}

static void test_an_edited_one_is_named(void **state)
{
	(void)state;
	assert_int_equal(run(), ERR_OK);
	assert_int_equal(database_run(&on, "UPDATE schema_migration SET digest = REPEAT('x', 32) "
					   "WHERE name = '0001_init'"),
			 0);
	assert_int_equal(run(), ERR_CONFLICT);
	assert_string_equal(fault.name, "0001_init");
	assert_int_equal(fault.state, MIGRATE_EDITED);
	assert_int_equal(migrate_check(on.db, &on.arena), ERR_CONFLICT);
}

static void test_one_of_a_newer_program_is_named(void **state)
{
	(void)state;
	assert_int_equal(run(), ERR_OK);
	assert_int_equal(database_run(&on, "INSERT INTO schema_migration VALUES ('9999_later', "
					   "REPEAT('x', 32), 1, 1)"),
			 0);
	assert_int_equal(run(), ERR_CONFLICT);
	assert_string_equal(fault.name, "9999_later");
	assert_int_equal(fault.state, MIGRATE_UNKNOWN);
	assert_int_equal(migrate_check(on.db, &on.arena), ERR_OK);
}

/* The second waits, then finds nothing to do; or it has waited too long and says BUSY. */
static void test_two_at_once(void **state)
{
	pid_t child;
	int status;
	enum err err;

	(void)state;
	on.options.lock_wait_s = 60;
	child = fork();
	if (child == 0)
		_exit(run() == ERR_OK ? 0 : 1);
	err = run();
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(err, ERR_OK);
	assert_int_equal(status, 0);
	check_all_applied();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_an_empty_database_gets_all, set_up),
		cmocka_unit_test_setup(test_again_changes_nothing, set_up),
		cmocka_unit_test_setup(test_a_database_without_the_table_has_all_pending, set_up),
		cmocka_unit_test_setup(test_a_broken_run_goes_on_where_it_stopped, set_up),
		cmocka_unit_test_setup(test_what_a_killed_run_left_is_done, set_up),
		cmocka_unit_test_setup(test_books_of_before_know_what_they_inherited, set_up),
		cmocka_unit_test_setup(test_an_edited_one_is_named, set_up),
		cmocka_unit_test_setup(test_one_of_a_newer_program_is_named, set_up),
		cmocka_unit_test_setup(test_two_at_once, set_up),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	if (on.db)
		database_close(&on);
	return failed;
}
