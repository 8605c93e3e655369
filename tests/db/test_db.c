/* Statements on a real server: values there and back, errors as outcomes, lost connections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "clock.h"
#include "database.h"
#include "stmt_gen.h"

static struct database on;

static struct organisation_row organisation(int64_t id, const char *name)
{
	return (struct organisation_row){.id = id,
					 .name = str_of(name),
					 .timezone = STR("Europe/Moscow"),
					 .settings_version = -7,
					 .created_at = {1700000000123}};
}

static void assert_text(struct str text, const char *expected)
{
	assert_int_equal(text.len, strlen(expected));
	assert_string_equal(text.at, expected);
}

static void test_values_come_back(void **state)
{
	struct organisation_row in = organisation(4294967295, "Мойка «Ёж» \\ '\" 🚗"), out;
	int64_t affected = 0;

	(void)state;
	assert_int_equal(sql_organisation_insert(on.db, &in, &affected), ERR_OK);
	assert_int_equal(affected, 1);
	assert_int_equal(
		sql_organisation_get(on.db, &on.arena, &(struct organisation_get_in){in.id}, &out),
		ERR_OK);
	assert_true(out.id == in.id && out.settings_version == -7);
	assert_true(out.created_at.ms == in.created_at.ms);
	assert_text(out.name, in.name.at);
}

static void test_no_row_is_not_found(void **state)
{
	struct organisation_row out = {.id = 99};

	(void)state;
	assert_int_equal(
		sql_organisation_get(on.db, &on.arena, &(struct organisation_get_in){7}, &out),
		ERR_NOT_FOUND);
	assert_int_equal(out.id, 99);
}

/* The row may be anything before: a caller need not have cleared it. */
static void test_null_comes_back_as_unset(void **state)
{
	struct journal_row in = {.organisation_id = 1,
				 .id = {{1}},
				 .idem_key = STR("null"),
				 .operation = STR("o"),
				 .subject = STR("s"),
				 .request_id = STR("r"),
				 .traceparent = STR(""),
				 .changes = STR("{}")};
	struct journal_by_key_row out;

	(void)state;
	memset(&out, 0x5a, sizeof(out));
	assert_int_equal(sql_journal_insert(on.db, &in, NULL), ERR_OK);
	assert_int_equal(sql_journal_by_key(on.db, &on.arena,
					    &(struct journal_by_key_in){1, STR("null")}, &out),
			 ERR_OK);
	assert_true(out.fingerprint.at == NULL && out.fingerprint.len == 0);
	assert_true(out.answer.at == NULL && out.answer.len == 0);
	assert_int_equal(out.status, 0);
}

static void test_taken_key_is_named(void **state)
{
	struct organisation_row in = organisation(2, "a");

	(void)state;
	assert_int_equal(sql_organisation_insert(on.db, &in, NULL), ERR_OK);
	assert_int_equal(sql_organisation_insert(on.db, &in, NULL), ERR_TAKEN);
	assert_string_equal(db_taken_key(on.db), "PRIMARY");
	assert_false(db_may_retry(on.db));
}

/* Around the slot of 1024 bytes that a column is bound to. */
static void test_long_columns_come_whole(void **state)
{
	static const size_t sizes[] = {0, 1, 1023, 1024, 1025, 4096};
	char value[4096];
	struct list rows;

	(void)state;
	memset(value, 'v', sizeof(value));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct setting_row in = {2, STR("long"), {value, sizes[i]}};
		const struct setting_row *row;

		assert_int_equal(sql_setting_put(on.db, &in, NULL), ERR_OK);
		assert_int_equal(
			sql_setting_list(on.db, &on.arena, &(struct setting_list_in){2}, &rows),
			ERR_OK);
		row = rows.rows;
		assert_int_equal(rows.n, 1);
		assert_int_equal(row->value.len, sizes[i]);
		assert_memory_equal(row->value.at, value, sizes[i]);
	}
}

static void test_too_long_a_text_is_an_error(void **state)
{
	char value[4097];
	struct setting_row in = {2, STR("long"), {value, sizeof(value)}};

	(void)state;
	memset(value, 'v', sizeof(value));
	assert_int_equal(sql_setting_put(on.db, &in, NULL), ERR_INTERNAL);
}

static void test_an_update_that_changes_nothing_counts(void **state)
{
	struct organisation_set_in in = {STR("a"), STR("UTC"), 2};
	struct setting_version_bump_in none = {12345};
	int64_t affected = -1;

	(void)state;
	assert_int_equal(sql_organisation_set(on.db, &in, NULL), ERR_OK);
	assert_int_equal(sql_organisation_set(on.db, &in, &affected), ERR_OK);
	assert_int_equal(affected, 1);
	assert_int_equal(sql_setting_version_bump(on.db, &none, &affected), ERR_OK);
	assert_int_equal(affected, 0);
}

static void test_a_lost_read_is_repeated(void **state)
{
	struct organisation_row out;

	(void)state;
	for (enum db_fault fault = DB_FAULT_UNSENT; fault <= DB_FAULT_UNANSWERED; fault++) {
		db_fail_after(on.db, 1, fault);
		assert_int_equal(sql_organisation_get(on.db, &on.arena,
						      &(struct organisation_get_in){2}, &out),
				 ERR_OK);
	}
}

static void test_a_lost_write_alone_is_uncertain(void **state)
{
	(void)state;
	db_fail_after(on.db, 1, DB_FAULT_UNANSWERED);
	assert_int_equal(
		sql_setting_version_bump(on.db, &(struct setting_version_bump_in){2}, NULL),
		ERR_UNCERTAIN);
	assert_int_equal(db_ready(on.db), ERR_OK);
}

static void test_a_killed_connection_heals(void **state)
{
	struct organisation_row out;
	char text[64];
	long long id;

	(void)state;
	id = database_number(&on, "SELECT id FROM information_schema.processlist WHERE db = "
				  "'test_db' AND id <> CONNECTION_ID() LIMIT 1");
	snprintf(text, sizeof(text), "KILL %lld", id);
	assert_int_equal(database_run(&on, text), 0);
	assert_int_equal(
		sql_organisation_get(on.db, &on.arena, &(struct organisation_get_in){2}, &out),
		ERR_OK);
}

/* A row of one number, by a text of the test's own. */
static enum err number(struct db *db, const char *text)
{
	static const struct field fields[] = {{.wire = "n", .type = FT_I64}};
	static const struct map map = MAP("n", int64_t, fields);
	const struct stmt_def def = {"number", text, NULL, &map, STMT_MANY};
	struct list rows;

	return db_many_of(db, &on.arena, &def, NULL, &rows);
}

static void test_the_time_limit_is_busy_and_not_repeated(void **state)
{
	struct db_options options = on.options;
	struct db *db;

	(void)state;
	options.statement_timeout_ms = 50;
	db = db_open(&options);
	assert_int_equal(number(db, "SELECT CAST(SUM(a.seq ^ b.seq) AS SIGNED) AS n FROM "
				    "seq_1_to_100000 a JOIN seq_1_to_100000 b"),
			 ERR_BUSY);
	assert_true(db_timed_out(db) && !db_may_retry(db));
	*db_stats(db) = (struct db_stats){0};
	assert_int_equal(number(db, "SELECT COUNT(*) AS n FROM seq_1_to_10"), ERR_OK);
	assert_int_equal(db_stats(db)->calls, 2);
	db_close(&db);
}

/* Rows that never end; the error comes behind the answer's columns. */
static const char endless[] = "SELECT a.seq AS n FROM seq_1_to_100000 a JOIN seq_1_to_100000 b "
			      "WHERE a.seq + b.seq = 0";

static void test_a_statement_that_ran_out_of_time_runs_again_at_once(void **state)
{
	struct db_options options = on.options;
	struct db *db;

	(void)state;
	options.statement_timeout_ms = 50;
	db = db_open(&options);
	for (int i = 0; i < 3; i++) {
		*db_stats(db) = (struct db_stats){0};
		assert_int_equal(number(db, endless), ERR_BUSY);
		assert_true(db_timed_out(db));
		assert_int_equal(db_stats(db)->errors, 1);
	}
	assert_int_equal(number(db, "SELECT COUNT(*) AS n FROM seq_1_to_10"), ERR_OK);
	db_close(&db);
}

/* What is left of a time of 40 seconds, in quarters. */
static void test_a_limit_is_what_is_left_of_the_time(void **state)
{
	static const struct {
		int64_t passed_s;
		const char *limit;
	} cases[] = {{0, "40.000 "}, {9, "40.000 "}, {11, "30.000 "}, {39, "10.000 "}};
	const char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(db_limited(on.db, &on.arena, "SELECT 1", 40000,
					    clock_monotonic_us() - cases[i].passed_s * 1000000,
					    &text),
				 ERR_OK);
		assert_non_null(strstr(text, cases[i].limit));
	}
	assert_int_equal(db_limited(on.db, &on.arena, "SELECT 1", 40000,
				    clock_monotonic_us() - 40000000, &text),
			 ERR_BUSY);
	assert_true(db_timed_out(on.db) && !db_may_retry(on.db));
	assert_int_equal(db_limited(on.db, &on.arena, "SELECT 1", 0, 0, &text), ERR_OK);
	assert_string_equal(text, "SELECT 1");
}

static void test_a_lock_wait_is_busy_and_may_be_repeated(void **state)
{
	struct db *holder = db_open(&on.options);
	struct db_options options = on.options;
	struct setting_version_bump_in in = {2};

	(void)state;
	options.lock_wait_s = 1;
	struct db *db = db_open(&options);
	assert_int_equal(db_command(holder, "START TRANSACTION"), ERR_OK);
	assert_int_equal(sql_setting_version_bump(holder, &in, NULL), ERR_OK);
	assert_int_equal(sql_setting_version_bump(db, &in, NULL), ERR_BUSY);
	assert_true(db_may_retry(db) && !db_timed_out(db));
	db_close(&holder);
	assert_int_equal(sql_setting_version_bump(db, &in, NULL), ERR_OK);
	db_close(&db);
}

/* What a query compiler's statement declares is checked as the table's are. */
static void test_a_composed_statement_must_fit_too(void **state)
{
	(void)state;
	assert_int_equal(number(on.db, "SELECT name AS n FROM organisation"), ERR_INTERNAL);
	assert_int_equal(number(on.db, "SELECT id AS other FROM organisation"), ERR_INTERNAL);
	assert_int_equal(number(on.db, "SELECT id AS n, id AS m FROM organisation"), ERR_INTERNAL);
	assert_int_equal(number(on.db, "SELECT id AS n FROM organisation WHERE id = ?"),
			 ERR_INTERNAL);
	assert_int_equal(number(on.db, "SELECT nothing"), ERR_INTERNAL);
	assert_int_equal(number(on.db, "SELECT NULLIF(1, 1) AS n"), ERR_INTERNAL);
	assert_int_equal(number(on.db, "SELECT id AS n FROM organisation"), ERR_OK);
}

static void test_composed_statements_survive_a_lost_connection(void **state)
{
	(void)state;
	for (int n = 1; n <= 2; n++) {
		db_drop(on.db);
		assert_int_equal(db_ready(on.db), ERR_OK);
		db_fail_after(on.db, n, DB_FAULT_UNANSWERED);
		assert_int_equal(number(on.db, "SELECT id AS n FROM organisation ORDER BY id"),
				 ERR_OK);
	}
}

static void test_away_is_busy_and_quick(void **state)
{
	struct db_options options = on.options;
	struct db *db;

	(void)state;
	options.socket = "/nonexistent/mysqld.sock";
	db = db_open(&options);
	for (int i = 0; i < 100; i++)
		assert_int_equal(db_ready(db), ERR_BUSY);
	assert_true(db_stats(db)->errors <= 2);
	db_close(&db);
}

static void test_statements_are_counted(void **state)
{
	struct list rows;

	(void)state;
	*db_stats(on.db) = (struct db_stats){0};
	assert_int_equal(sql_organisation_list(on.db, &on.arena, &rows), ERR_OK);
	assert_int_equal(db_stats(on.db)->calls, 1);
	assert_int_equal(db_stats(on.db)->rows, rows.n);
	assert_true(rows.n >= 2 && db_stats(on.db)->us > 0);
}

static void test_a_schema_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	assert_int_equal(database_run(&on, "ALTER TABLE organisation_setting MODIFY value "
					   "VARBINARY(4096) NOT NULL"),
			 0);
	db_drop(on.db);
	assert_int_equal(db_ready(on.db), ERR_INTERNAL);
	assert_int_equal(database_run(&on, "ALTER TABLE organisation_setting MODIFY value "
					   "VARCHAR(4096) NOT NULL"),
			 0);
	db_drop(on.db);
	assert_int_equal(db_ready(on.db), ERR_OK);
	assert_int_equal(database_run(&on, "RENAME TABLE organisation_setting TO elsewhere"), 0);
	db_drop(on.db);
	assert_int_equal(db_ready(on.db), ERR_INTERNAL);
	assert_int_equal(database_run(&on, "RENAME TABLE elsewhere TO organisation_setting"), 0);
	db_drop(on.db);
	assert_int_equal(db_ready(on.db), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_come_back),
		cmocka_unit_test(test_no_row_is_not_found),
		cmocka_unit_test(test_null_comes_back_as_unset),
		cmocka_unit_test(test_taken_key_is_named),
		cmocka_unit_test(test_long_columns_come_whole),
		cmocka_unit_test(test_too_long_a_text_is_an_error),
		cmocka_unit_test(test_an_update_that_changes_nothing_counts),
		cmocka_unit_test(test_a_lost_read_is_repeated),
		cmocka_unit_test(test_a_lost_write_alone_is_uncertain),
		cmocka_unit_test(test_a_killed_connection_heals),
		cmocka_unit_test(test_the_time_limit_is_busy_and_not_repeated),
		cmocka_unit_test(test_a_statement_that_ran_out_of_time_runs_again_at_once),
		cmocka_unit_test(test_a_limit_is_what_is_left_of_the_time),
		cmocka_unit_test(test_a_lock_wait_is_busy_and_may_be_repeated),
		cmocka_unit_test(test_a_composed_statement_must_fit_too),
		cmocka_unit_test(test_composed_statements_survive_a_lost_connection),
		cmocka_unit_test(test_away_is_busy_and_quick),
		cmocka_unit_test(test_statements_are_counted),
		cmocka_unit_test(test_a_schema_that_does_not_fit_is_refused),
	};
	int failed;

	if (!database_open(&on, "test_db"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	database_close(&on);
	return failed;
}
