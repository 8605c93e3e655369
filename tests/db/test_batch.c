/* Several statements in one packet, on a real server. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "database.h"
#include "stmt_gen.h"
#include "tx.h"

static struct database on;
static struct batch batch;

static int set_up(void **state)
{
	(void)state;
	assert_int_equal(db_ready(on.db), ERR_OK);
	database_run(&on, "DELETE FROM organisation");
	database_run(&on, "DELETE FROM organisation_setting");
	arena_reset(&on.arena, 0);
	*db_stats(on.db) = (struct db_stats){0};
	batch_init(&batch, on.db, &on.arena);
	return 0;
}

static struct organisation_row organisation(int64_t id)
{
	return (struct organisation_row){
		.id = id, .name = STR("n"), .timezone = STR("UTC"), .created_at = {1}};
}

static long long organisations(void)
{
	return database_number(&on, "SELECT COUNT(*) FROM organisation");
}

/* What a text could break: quotes, marks, comments, backslashes, every byte. */
static void test_texts_travel_unharmed(void **state)
{
	char all[4 * 255];
	size_t len = 0;
	struct list rows;
	const struct setting_row *row;

	(void)state;
	for (unsigned c = 1; c < 128; c++)
		all[len++] = (char)c;
	len += (size_t)snprintf(all + len, sizeof(all) - len, "ёЁ🚗 ? ?? '; DROP TABLE x -- /*");
	batch_setting_put(&batch, &(struct setting_row){1, STR("a"), {all, len}});
	batch_setting_put(&batch, &(struct setting_row){1, STR("b"), {NULL, 0}});
	batch_setting_list(&batch, &(struct setting_list_in){1}, &rows);
	assert_int_equal(batch_run(&batch), ERR_OK);
	assert_int_equal(db_stats(on.db)->calls, 1);
	row = rows.rows;
	assert_int_equal(rows.n, 2);
	assert_int_equal(row[0].value.len, len);
	assert_memory_equal(row[0].value.at, all, len);
	assert_int_equal(row[1].value.len, 0);
}

static void test_numbers_travel_unharmed(void **state)
{
	static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN + 1, INT64_MIN};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct organisation_row in = organisation((int64_t)i + 1), out = {0};
		bool found = false;

		in.settings_version = numbers[i];
		batch_init(&batch, on.db, &on.arena);
		batch_organisation_insert(&batch, &in);
		batch_organisation_get(&batch, &(struct organisation_get_in){in.id}, &out, &found);
		assert_int_equal(batch_run(&batch), ERR_OK);
		assert_true(found && out.settings_version == numbers[i]);
	}
}

static void test_nothing_found_is_no_error(void **state)
{
	struct organisation_row out = {.id = 5};
	bool found = true;
	struct list rows = {.n = 5};

	(void)state;
	batch_organisation_get(&batch, &(struct organisation_get_in){1}, &out, &found);
	batch_organisation_list(&batch, &rows);
	assert_int_equal(batch_run(&batch), ERR_OK);
	assert_true(!found && out.id == 5 && rows.n == 0 && !rows.rows);
}

static void test_affected_rows_are_told(void **state)
{
	int64_t one = -1, none = -1;

	(void)state;
	batch_organisation_insert(&batch, &(struct organisation_row){.id = 1});
	batch_setting_version_bump(&batch, &(struct setting_version_bump_in){1});
	batch_affected(&batch, &one);
	batch_setting_version_bump(&batch, &(struct setting_version_bump_in){2});
	batch_affected(&batch, &none);
	assert_int_equal(batch_run(&batch), ERR_OK);
	assert_true(one == 1 && none == 0);
}

static void test_commit_in_the_packet(void **state)
{
	struct organisation_row in = organisation(1);

	(void)state;
	batch_begin(&batch);
	batch_organisation_insert(&batch, &in);
	batch_commit(&batch);
	assert_int_equal(batch_run(&batch), ERR_OK);
	assert_int_equal(db_stats(on.db)->calls, 1);
	assert_int_equal(organisations(), 1);
}

static void test_an_error_undoes_all(void **state)
{
	struct organisation_row first = organisation(1), second = organisation(2);
	struct list rows;

	(void)state;
	batch_begin(&batch);
	batch_organisation_insert(&batch, &first);
	batch_organisation_insert(&batch, &second);
	batch_organisation_insert(&batch, &first);
	batch_organisation_insert(&batch, &second);
	batch_commit(&batch);
	assert_int_equal(batch_run(&batch), ERR_TAKEN);
	assert_int_equal(batch.failed, 2);
	assert_string_equal(db_taken_key(on.db), "PRIMARY");
	assert_int_equal(organisations(), 0);
	assert_int_equal(sql_organisation_list(on.db, &on.arena, &rows), ERR_OK);
}

static void test_the_first_member_may_fail(void **state)
{
	struct organisation_row in = organisation(1);

	(void)state;
	assert_int_equal(sql_organisation_insert(on.db, &in, NULL), ERR_OK);
	batch_organisation_insert(&batch, &in);
	assert_int_equal(batch_run(&batch), ERR_TAKEN);
	assert_int_equal(batch.failed, 0);
	set_up(NULL);
	assert_int_equal(sql_organisation_insert(on.db, &in, NULL), ERR_OK);
	batch_begin(&batch);
	batch_organisation_insert(&batch, &in);
	batch_commit(&batch);
	assert_int_equal(batch_run(&batch), ERR_TAKEN);
	assert_int_equal(batch.failed, 0);
}

static void test_a_lost_commit_is_uncertain(void **state)
{
	(void)state;
	for (enum db_fault fault = DB_FAULT_UNSENT; fault <= DB_FAULT_UNANSWERED; fault++) {
		struct organisation_row in = organisation(1);

		set_up(NULL);
		batch_begin(&batch);
		batch_organisation_insert(&batch, &in);
		batch_commit(&batch);
		db_fail_after(on.db, 1, fault);
		assert_int_equal(batch_run(&batch), ERR_UNCERTAIN);
		assert_int_equal(organisations(), fault == DB_FAULT_UNANSWERED);
	}
}

static void test_lost_reads_are_repeated(void **state)
{
	struct list rows = {.n = 7};

	(void)state;
	db_fail_after(on.db, 1, DB_FAULT_UNANSWERED);
	batch_organisation_list(&batch, &rows);
	assert_int_equal(batch_run(&batch), ERR_OK);
	assert_int_equal(rows.n, 0);
}

static void test_an_empty_batch_asks_nothing(void **state)
{
	(void)state;
	assert_int_equal(batch_run(&batch), ERR_OK);
	assert_int_equal(db_stats(on.db)->calls, 0);
}

/* Two statements mixed; an UPDATE stays what it is, and goes first. */
static enum err gather_rows(void *arg)
{
	const int64_t *ids = arg;
	int64_t affected = -1;
	enum err err;

	batch_init(&batch, on.db, &on.arena);
	batch_gather(&batch);
	for (int64_t i = 0; i < 3; i++) {
		struct organisation_row row = organisation(ids[i]);
		struct setting_row setting = {i % 2, STR("?"), STR("«ё» ' ?")};

		batch_organisation_insert(&batch, &row);
		batch_setting_put(&batch, &setting);
	}
	batch_setting_version_bump(&batch, &(struct setting_version_bump_in){ids[0]});
	batch_affected(&batch, &affected);
	err = batch_run(&batch);
	assert_true(err != ERR_OK || affected == 0);
	return err;
}

static void test_gathered_rows_go_together(void **state)
{
	int64_t ids[] = {7, 8, 9};
	struct tx_work work = {.run = gather_rows, .arg = ids};
	struct organisation_row row;

	(void)state;
	assert_int_equal(tx_run(on.db, &on.arena, &work), ERR_OK);
	assert_true(db_stats(on.db)->calls <= 5);
	assert_int_equal(organisations(), 3);
	assert_int_equal(database_number(&on, "SELECT COUNT(*) FROM organisation_setting"), 2);
	assert_int_equal(database_number(&on, "SELECT SUM(value = '«ё» '' ?') FROM "
					      "organisation_setting"),
			 2);
	assert_int_equal(
		sql_organisation_get(on.db, &on.arena, &(struct organisation_get_in){8}, &row),
		ERR_OK);
	assert_true(row.created_at.ms == 1 && str_eq(row.timezone, STR("UTC")));
}

static void test_a_taken_row_undoes_the_gathered(void **state)
{
	int64_t ids[] = {7, 8, 7};
	struct tx_work work = {.run = gather_rows, .arg = ids};

	(void)state;
	assert_int_equal(tx_run(on.db, &on.arena, &work), ERR_TAKEN);
	assert_int_equal(organisations(), 0);
}

static void test_gathered_rows_lost_are_sent_again(void **state)
{
	int64_t ids[] = {7, 8, 9};
	struct tx_work work = {.run = gather_rows, .arg = ids};

	(void)state;
	db_fail_after(on.db, 3, DB_FAULT_UNANSWERED);
	assert_int_equal(tx_run(on.db, &on.arena, &work), ERR_OK);
	assert_int_equal(organisations(), 3);
}

static void bump_forever(void)
{
	struct db *db = db_open(&on.options);

	while (sql_setting_version_bump(db, &(struct setting_version_bump_in){1}, NULL) == ERR_OK)
		;
	_exit(1);
}

static int64_t read_twice(void)
{
	struct organisation_row first, second;
	struct list between;

	batch_init(&batch, on.db, &on.arena);
	batch_snapshot(&batch);
	batch_organisation_get(&batch, &(struct organisation_get_in){1}, &first, NULL);
	batch_setting_list(&batch, &(struct setting_list_in){1}, &between);
	batch_organisation_get(&batch, &(struct organisation_get_in){1}, &second, NULL);
	assert_int_equal(batch_run(&batch), ERR_OK);
	assert_int_equal(first.settings_version, second.settings_version);
	return second.settings_version;
}

static void test_a_snapshot_is_of_one_moment(void **state)
{
	struct organisation_row row = organisation(1);
	int64_t before, after;
	pid_t child;

	(void)state;
	assert_int_equal(sql_organisation_insert(on.db, &row, NULL), ERR_OK);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		bump_forever();
	before = read_twice();
	for (int i = 0; i < 300 || read_twice() == before; i++) {
		size_t mark = arena_mark(&on.arena);

		after = read_twice();
		assert_true(after >= before);
		arena_reset(&on.arena, mark);
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* It only reads: what is lost is asked again, and no transaction stays open. */
static void test_a_lost_snapshot_is_repeated(void **state)
{
	struct organisation_row row = organisation(1);

	(void)state;
	assert_int_equal(sql_organisation_insert(on.db, &row, NULL), ERR_OK);
	db_fail_after(on.db, 1, DB_FAULT_UNANSWERED);
	assert_int_equal(read_twice(), 0);
	assert_int_equal(
		sql_setting_version_bump(on.db, &(struct setting_version_bump_in){1}, NULL),
		ERR_OK);
	assert_int_equal(read_twice(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_texts_travel_unharmed, set_up),
		cmocka_unit_test_setup(test_numbers_travel_unharmed, set_up),
		cmocka_unit_test_setup(test_nothing_found_is_no_error, set_up),
		cmocka_unit_test_setup(test_affected_rows_are_told, set_up),
		cmocka_unit_test_setup(test_commit_in_the_packet, set_up),
		cmocka_unit_test_setup(test_an_error_undoes_all, set_up),
		cmocka_unit_test_setup(test_the_first_member_may_fail, set_up),
		cmocka_unit_test_setup(test_a_lost_commit_is_uncertain, set_up),
		cmocka_unit_test_setup(test_lost_reads_are_repeated, set_up),
		cmocka_unit_test_setup(test_an_empty_batch_asks_nothing, set_up),
		cmocka_unit_test_setup(test_gathered_rows_go_together, set_up),
		cmocka_unit_test_setup(test_gathered_rows_lost_are_sent_again, set_up),
		cmocka_unit_test_setup(test_a_taken_row_undoes_the_gathered, set_up),
		cmocka_unit_test_setup(test_a_snapshot_is_of_one_moment, set_up),
		cmocka_unit_test_setup(test_a_lost_snapshot_is_repeated, set_up),
	};
	int failed;

	if (!database_open(&on, "test_batch"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	database_close(&on);
	return failed;
}
