/* How often one may try: the limits, the sliding window, and fifty at once. */
#include "../unit/unit.h"

#include "database.h"
#include "stmt_gen.h"
#include "throttle.h"

#define NOW_MS  INT64_C(1795000000000)
#define AT_ONCE 50

static struct database on;
static struct config config;

static int set_up(void **state)
{
	(void)state;
	config_defaults(&config);
	assert_int_equal(database_run(&on, "DELETE FROM throttle"), 0);
	arena_reset(&on.arena, 0);
	return 0;
}

/* One attempt that fails (or not); what throttle_take said. */
static enum err attempt(const char *subject, const char *address, int64_t now_ms, bool fails,
			int *retry_after_s_r)
{
	struct throttle_claim claim;

	enum err err = throttle_take(on.db, &on.arena, &config, THROTTLE_PASSWORD, str_of(subject),
				     str_of(address), now_ms, &claim, retry_after_s_r);
	if (!err)
		throttle_settle(on.db, &claim, fails);
	return err;
}

static enum err fail_once(const char *subject, const char *address, int64_t now_ms)
{
	int retry_after_s = -1;

	enum err err = attempt(subject, address, now_ms, true, &retry_after_s);
	assert_int_equal(retry_after_s > 0, err == ERR_THROTTLED);
	return err;
}

static void test_ten_failures_of_a_subject(void **state)
{
	int retry_after_s;

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(fail_once("ivan", "192.0.2.1", NOW_MS + i * 1000), ERR_OK);
	assert_int_equal(attempt("ivan", "192.0.2.2", NOW_MS + 10000, true, &retry_after_s),
			 ERR_THROTTLED);
	/* The first attempt leaves the window 900 s after it was made. */
	assert_int_equal(retry_after_s, 890);
	assert_int_equal(fail_once("pjotr", "192.0.2.1", NOW_MS + 10000), ERR_OK);
}

static void test_the_window_slides(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(fail_once("ivan", "192.0.2.1", NOW_MS + i * 1000), ERR_OK);
	assert_int_equal(fail_once("ivan", "192.0.2.1", NOW_MS + 899999), ERR_THROTTLED);
	assert_int_equal(fail_once("ivan", "192.0.2.1", NOW_MS + 900000), ERR_OK);
	assert_int_equal(fail_once("ivan", "192.0.2.1", NOW_MS + 900001), ERR_THROTTLED);
	assert_int_equal(fail_once("ivan", "192.0.2.1", NOW_MS + 901000), ERR_OK);
}

static void test_what_did_not_fail_does_not_count(void **state)
{
	int retry_after_s;

	(void)state;
	for (int i = 0; i < 30; i++)
		assert_int_equal(attempt("ivan", "192.0.2.1", NOW_MS, false, &retry_after_s),
				 ERR_OK);
	assert_int_equal(
		database_number(&on, "SELECT COUNT(*) FROM throttle WHERE window_start > 0"), 0);
	for (int i = 0; i < 10; i++)
		assert_int_equal(fail_once("ivan", "192.0.2.1", NOW_MS), ERR_OK);
	assert_int_equal(fail_once("ivan", "192.0.2.1", NOW_MS), ERR_THROTTLED);
}

static void test_three_hundred_failures_of_an_address(void **state)
{
	char subject[32];

	(void)state;
	for (int i = 0; i < 300; i++) {
		snprintf(subject, sizeof(subject), "login%d", i);
		assert_int_equal(fail_once(subject, "192.0.2.1", NOW_MS), ERR_OK);
	}
	assert_int_equal(fail_once("other", "192.0.2.1", NOW_MS), ERR_THROTTLED);
	assert_int_equal(fail_once("other", "192.0.2.2", NOW_MS), ERR_OK);
	/* A refused attempt is taken on neither side. */
	assert_int_equal(database_number(&on, "SELECT COUNT(*) FROM throttle WHERE kind = 1 AND "
					      "window_start > 0"),
			 301);
}

static void test_an_ipv6_network_is_one_address(void **state)
{
	static const struct {
		const char *first, *second;
		bool same;
	} rows[] = {
		{"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true},
		{"2001:db8:1:2::1", "2001:db8:1:3::1", false},
		{"::ffff:192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.3", false},
		{"unix:", "unix:", true},
		{"", "", true},
	};

	(void)state;
	config.sign_in_per_address = 1;
	for (size_t i = 0; i < COUNT(rows); i++) {
		database_run(&on, "DELETE FROM throttle");
		assert_int_equal(fail_once("a", rows[i].first, NOW_MS), ERR_OK);
		assert_int_equal(fail_once("b", rows[i].second, NOW_MS),
				 rows[i].same ? ERR_THROTTLED : ERR_OK);
	}
}

static void test_an_unsettled_attempt_counts(void **state)
{
	struct throttle_claim claim;
	int retry_after_s;

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(throttle_take(on.db, &on.arena, &config, THROTTLE_PASSWORD,
					       STR("ivan"), STR("192.0.2.1"), NOW_MS, &claim,
					       &retry_after_s),
				 ERR_OK);
	assert_int_equal(fail_once("ivan", "192.0.2.1", NOW_MS), ERR_THROTTLED);
	throttle_settle(on.db, &claim, false);
	assert_int_equal(fail_once("ivan", "192.0.2.1", NOW_MS), ERR_OK);
}

static void test_codes_have_their_own_count(void **state)
{
	struct throttle_claim claim;
	int retry_after_s;

	(void)state;
	for (int i = 0; i < 6; i++) {
		enum err err = throttle_take(on.db, &on.arena, &config, THROTTLE_CODE, STR("ivan"),
					     STR("192.0.2.1"), NOW_MS, &claim, &retry_after_s);
		assert_int_equal(err, i < 5 ? ERR_OK : ERR_THROTTLED);
		if (!err)
			throttle_settle(on.db, &claim, true);
	}
	assert_int_equal(retry_after_s, 3600);
	assert_int_equal(fail_once("ivan", "192.0.2.1", NOW_MS), ERR_OK);
}

static void test_without_a_database_nobody_passes(void **state)
{
	struct db_options nowhere = on.options;
	struct throttle_claim claim;
	int retry_after_s;

	(void)state;
	nowhere.socket = "/nonexistent/mysqld.sock";
	struct db *db = db_open(&nowhere);
	assert_int_equal(throttle_take(db, &on.arena, &config, THROTTLE_PASSWORD, STR("ivan"),
				       STR("192.0.2.1"), NOW_MS, &claim, &retry_after_s),
			 ERR_BUSY);
	db_close(&db);
}

/* One of many: connects, waits for the start, tries once. Exit status: what it was told. */
static void child(int start, bool fails)
{
	struct arena arena;
	struct throttle_claim claim;
	char byte;
	int retry_after_s;

	if (!arena_init(&arena, (size_t)1 << 20))
		_exit(ERR__MAX);
	struct db *db = db_open(&on.options);
	if (db_ready(db) != ERR_OK || read(start, &byte, 1) != 0)
		_exit(ERR__MAX);
	enum err err = throttle_take(db, &arena, &config, THROTTLE_PASSWORD, STR("ivan"),
				     STR("192.0.2.1"), NOW_MS, &claim, &retry_after_s);
	if (!err) {
		usleep(5000);
		throttle_settle(db, &claim, fails);
	}
	_exit((int)err);
}

static int run_at_once(bool fails)
{
	int start[2], passed = 0, status;

	assert_int_equal(pipe(start), 0);
	for (int i = 0; i < AT_ONCE; i++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			close(start[1]);
			child(start[0], fails);
		}
	}
	close(start[0]);
	close(start[1]);
	for (int i = 0; i < AT_ONCE; i++) {
		assert_true(wait(&status) > 0);
		assert_true(WIFEXITED(status));
		int err = WEXITSTATUS(status);
		assert_true(err == ERR_OK || err == ERR_THROTTLED);
		passed += err == ERR_OK;
	}
	return passed;
}

static void test_of_fifty_wrong_ones_at_once_ten_are_looked_at(void **state)
{
	(void)state;
	for (int round = 0; round < 2; round++) {
		database_run(&on, "DELETE FROM throttle");
		assert_int_equal(run_at_once(true), 10);
		assert_int_equal(database_number(&on, "SELECT SUM(attempts) FROM throttle WHERE "
						      "kind = 1 AND window_start > 0"),
				 10);
	}
}

static void test_fifty_right_ones_at_once_all_pass(void **state)
{
	(void)state;
	assert_int_equal(run_at_once(false), AT_ONCE);
	assert_int_equal(
		database_number(&on, "SELECT COUNT(*) FROM throttle WHERE window_start > 0"), 0);
}

static void test_old_rows_are_cleared_away(void **state)
{
	int retry_after_s;

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(fail_once("ivan", "192.0.2.1", NOW_MS), ERR_OK);
	/* Old, but not yet a day: they stay. */
	attempt("pjotr", "192.0.2.9", NOW_MS + 86400000 - 64, false, &retry_after_s);
	assert_int_equal(database_number(&on, "SELECT COUNT(*) FROM throttle"), 24);
	attempt("pjotr", "192.0.2.9", NOW_MS + 2 * INT64_C(86400000) + 1, false, &retry_after_s);
	assert_int_equal(database_number(&on, "SELECT COUNT(*) FROM throttle"), 24);
	attempt("pjotr", "192.0.2.9", NOW_MS + 2 * INT64_C(86400000), false, &retry_after_s);
	assert_int_equal(database_number(&on, "SELECT COUNT(*) FROM throttle"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_ten_failures_of_a_subject, set_up),
		cmocka_unit_test_setup(test_the_window_slides, set_up),
		cmocka_unit_test_setup(test_what_did_not_fail_does_not_count, set_up),
		cmocka_unit_test_setup(test_three_hundred_failures_of_an_address, set_up),
		cmocka_unit_test_setup(test_an_ipv6_network_is_one_address, set_up),
		cmocka_unit_test_setup(test_an_unsettled_attempt_counts, set_up),
		cmocka_unit_test_setup(test_codes_have_their_own_count, set_up),
		cmocka_unit_test_setup(test_without_a_database_nobody_passes, set_up),
		cmocka_unit_test_setup(test_of_fifty_wrong_ones_at_once_ten_are_looked_at, set_up),
		cmocka_unit_test_setup(test_fifty_right_ones_at_once_all_pass, set_up),
		cmocka_unit_test_setup(test_old_rows_are_cleared_away, set_up),
	};

	if (!database_open(&on, "test_throttle"))
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	database_close(&on);
	return failed;
}
