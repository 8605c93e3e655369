/* Tokens called back: what is refused, how soon, and what happens when nobody can tell. */
#include "../unit/unit.h"

#include "database.h"
#include "revocation.h"
#include "stmt_gen.h"

#define NOW_MS INT64_C(1795000000000)

static struct database on;
static struct revocations *revocations;
static int64_t monotonic_us;

static int set_up(void **state)
{
	(void)state;
	db_fail_after(on.db, 0, DB_FAULT_NONE);
	assert_int_equal(db_ready(on.db), ERR_OK);
	assert_int_equal(database_run(&on, "DELETE FROM token_revocation"), 0);
	revocations = revocations_open();
	monotonic_us = INT64_C(1000000000);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	revocations_close(&revocations);
	assert_null(revocations);
	arena_reset(&on.arena, 0);
	return 0;
}

static struct principal holder(int64_t organisation_id, const char *subject, const char *jti,
			       int64_t issued_ms)
{
	return (struct principal){.organisation_id = organisation_id,
				  .subject = str_of(subject),
				  .jti = str_of(jti),
				  .issued_ms = issued_ms};
}

static enum err check(int64_t organisation_id, const char *subject, const char *jti,
		      int64_t issued_ms)
{
	struct principal principal = holder(organisation_id, subject, jti, issued_ms);

	return revocations_check(revocations, on.db, &on.arena, &principal, monotonic_us, NOW_MS);
}

static void put(int64_t organisation_id, enum revocation_kind kind, const char *value,
		int64_t before_ms)
{
	assert_int_equal(
		revocation_put(on.db, organisation_id, kind, str_of(value), before_ms, NOW_MS),
		ERR_OK);
}

/* What is called back and what is not; `overflown` asks the same of the database. */
static void check_table(void)
{
	put(1, REVOKE_TOKEN, "j1", 0);
	put(1, REVOKE_SUBJECT, "ivan", NOW_MS);
	put(2, REVOKE_ORGANISATION, "", NOW_MS - 5000);
	const struct {
		int64_t organisation_id;
		const char *subject, *jti;
		int64_t issued_ms;
		enum err err;
	} rows[] = {
		{1, "anna", "j1", NOW_MS + 1000000, ERR_UNAUTHENTICATED},
		{1, "anna", "j2", NOW_MS, ERR_OK},
		{1, "anna", "ivan", NOW_MS, ERR_OK},
		{3, "anna", "j1", NOW_MS, ERR_OK},
		{1, "ivan", "j2", NOW_MS - 1, ERR_UNAUTHENTICATED},
		{1, "ivan", "j2", NOW_MS, ERR_OK},
		{3, "ivan", "j2", NOW_MS - 1, ERR_OK},
		{2, "anyone", "j9", NOW_MS - 5001, ERR_UNAUTHENTICATED},
		{2, "anyone", "j9", NOW_MS - 5000, ERR_OK},
		{4, "anyone", "j9", 0, ERR_OK},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(check(rows[i].organisation_id, rows[i].subject, rows[i].jti,
				       rows[i].issued_ms),
				 rows[i].err);
}

static void test_what_is_called_back(void **state)
{
	(void)state;
	check_table();
}

static void test_a_later_revocation_reaches_further_an_earlier_one_no_less(void **state)
{
	(void)state;
	put(1, REVOKE_SUBJECT, "ivan", NOW_MS);
	put(1, REVOKE_SUBJECT, "ivan", NOW_MS - 60000);
	assert_int_equal(check(1, "ivan", "j", NOW_MS - 1), ERR_UNAUTHENTICATED);
	put(1, REVOKE_SUBJECT, "ivan", NOW_MS + 60000);
	monotonic_us += REVOCATION_REFRESH_US;
	assert_int_equal(check(1, "ivan", "j", NOW_MS + 59999), ERR_UNAUTHENTICATED);
	assert_int_equal(check(1, "ivan", "j", NOW_MS + 60000), ERR_OK);
}

static void test_a_worker_asks_every_three_seconds(void **state)
{
	(void)state;
	assert_int_equal(check(1, "ivan", "j", NOW_MS - 1), ERR_OK);
	put(1, REVOKE_SUBJECT, "ivan", NOW_MS);
	int64_t calls = db_stats(on.db)->calls;
	monotonic_us += REVOCATION_REFRESH_US - 1;
	assert_int_equal(check(1, "ivan", "j", NOW_MS - 1), ERR_OK);
	assert_int_equal(db_stats(on.db)->calls, calls);
	monotonic_us += 1;
	assert_int_equal(check(1, "ivan", "j", NOW_MS - 1), ERR_UNAUTHENTICATED);
	assert_int_equal(db_stats(on.db)->calls, calls + 1);
	assert_int_equal(check(1, "ivan", "j", NOW_MS - 1), ERR_UNAUTHENTICATED);
	assert_int_equal(db_stats(on.db)->calls, calls + 1);
}

/* The row's time is the database's, so a host whose clock is wrong misses none. */
static void test_the_database_stamps_the_row(void **state)
{
	(void)state;
	put(1, REVOKE_SUBJECT, "ivan", NOW_MS);
	assert_int_equal(database_number(&on, "SELECT COUNT(*) FROM token_revocation WHERE "
					      "ABS(changed_at - UNIX_TIMESTAMP(NOW(3)) * 1000) < "
					      "60000"),
			 1);
}

static void test_without_a_database(void **state)
{
	(void)state;
	struct db_options nowhere = on.options;
	nowhere.socket = "/nonexistent/mysqld.sock";
	struct db *away = db_open(&nowhere);
	struct principal ivan = holder(1, "ivan", "j", NOW_MS - 1);
	struct principal anna = holder(1, "anna", "j", NOW_MS - 1);

	/* Never loaded: nobody can tell. */
	assert_int_equal(
		revocations_check(revocations, away, &on.arena, &anna, monotonic_us, NOW_MS),
		ERR_BUSY);
	put(1, REVOKE_SUBJECT, "ivan", NOW_MS);
	assert_int_equal(check(1, "ivan", "j", NOW_MS - 1), ERR_UNAUTHENTICATED);
	/* Away for a moment: what is known still holds; for longer: nobody can tell. */
	monotonic_us += REVOCATION_STALE_US;
	assert_int_equal(
		revocations_check(revocations, away, &on.arena, &ivan, monotonic_us, NOW_MS),
		ERR_UNAUTHENTICATED);
	assert_int_equal(
		revocations_check(revocations, away, &on.arena, &anna, monotonic_us, NOW_MS),
		ERR_OK);
	monotonic_us += 1;
	assert_int_equal(
		revocations_check(revocations, away, &on.arena, &anna, monotonic_us, NOW_MS),
		ERR_BUSY);
	assert_int_equal(check(1, "anna", "j", NOW_MS - 1), ERR_OK);
	db_close(&away);
}

static void fill(int n)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "INSERT INTO token_revocation SELECT 9, 1, CONCAT('filler', seq), 1, %lld, 1 FROM "
		 "seq_1_to_%d",
		 (long long)(NOW_MS + 1000000), n);
	assert_int_equal(database_run(&on, text), 0);
}

static void test_as_many_as_a_worker_keeps(void **state)
{
	(void)state;
	fill(REVOCATION_KEPT_MAX - 3);
	check_table();
	int64_t calls = db_stats(on.db)->calls;
	assert_int_equal(check(1, "ivan", "j", NOW_MS - 1), ERR_UNAUTHENTICATED);
	assert_int_equal(db_stats(on.db)->calls, calls);
}

static void test_beyond_that_the_database_is_asked(void **state)
{
	(void)state;
	fill(REVOCATION_KEPT_MAX + 1);
	check_table();
	int64_t calls = db_stats(on.db)->calls;
	assert_int_equal(check(1, "anna", "j2", NOW_MS), ERR_OK);
	assert_int_equal(db_stats(on.db)->calls, calls + 3);
	/* Once enough have ended, the table serves again. */
	database_run(&on, "DELETE FROM token_revocation WHERE organisation_id = 9");
	monotonic_us += INT64_C(60) * 1000000;
	assert_int_equal(check(1, "ivan", "j", NOW_MS - 1), ERR_UNAUTHENTICATED);
	calls = db_stats(on.db)->calls;
	assert_int_equal(check(1, "anna", "j2", NOW_MS), ERR_OK);
	assert_int_equal(db_stats(on.db)->calls, calls);
}

static void test_ended_rows_are_purged(void **state)
{
	(void)state;
	put(1, REVOKE_SUBJECT, "ivan", NOW_MS);
	assert_int_equal(
		sql_purge_revocation(on.db, &(struct purge_revocation_in){{NOW_MS}, 9}, NULL),
		ERR_OK);
	assert_int_equal(database_number(&on, "SELECT COUNT(*) FROM token_revocation"), 1);
	int64_t later = NOW_MS + INT64_C(367) * 86400 * 1000;
	assert_int_equal(
		sql_purge_revocation(on.db, &(struct purge_revocation_in){{later}, 9}, NULL),
		ERR_OK);
	assert_int_equal(database_number(&on, "SELECT COUNT(*) FROM token_revocation"), 0);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(test_what_is_called_back),
		ROW(test_a_later_revocation_reaches_further_an_earlier_one_no_less),
		ROW(test_a_worker_asks_every_three_seconds),
		ROW(test_the_database_stamps_the_row),
		ROW(test_without_a_database),
		ROW(test_as_many_as_a_worker_keeps),
		ROW(test_beyond_that_the_database_is_asked),
		ROW(test_ended_rows_are_purged),
	};

	if (!database_open(&on, "test_revocation"))
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	database_close(&on);
	return failed;
}
