/* Transactions: when they run again, and what an unknown COMMIT comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "database.h"
#include "stmt_gen.h"
#include "tx.h"

static struct database on;

/* A unit of work that a test steers. */
struct work {
	bool batched; /* one packet with the COMMIT in it */
	bool no_settle;
	enum err result; /* of run, after its statements */
	int runs, settles;
	bool settle_fails;
};

static enum err run(void *arg)
{
	struct work *work = arg;
	struct organisation_row in = {.id = 1};
	struct batch batch;
	enum err err;

	work->runs++;
	arena_alloc(&on.arena, 100);
	batch_init(&batch, on.db, &on.arena);
	if (!work->batched) {
		err = sql_organisation_insert(on.db, &in, NULL);
		return err == ERR_OK ? work->result : err;
	}
	batch_organisation_insert(&batch, &in);
	batch_commit(&batch);
	return batch_run(&batch);
}

static enum err settle(void *arg, bool *committed_r)
{
	struct work *work = arg;
	struct organisation_row row;
	enum err err;

	work->settles++;
	if (work->settle_fails)
		return ERR_BUSY;
	err = sql_organisation_get(on.db, &on.arena, &(struct organisation_get_in){1}, &row);
	*committed_r = err == ERR_OK;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err play(struct work *work)
{
	return tx_run(on.db, &on.arena,
		      &(struct tx_work){run, work->no_settle ? NULL : settle, work});
}

static long long organisations(void)
{
	return database_number(&on, "SELECT COUNT(*) FROM organisation");
}

static int set_up(void **state)
{
	(void)state;
	db_fail_after(on.db, 0, DB_FAULT_NONE);
	assert_int_equal(db_ready(on.db), ERR_OK);
	database_run(&on, "DELETE FROM organisation");
	*db_stats(on.db) = (struct db_stats){0};
	return 0;
}

static void test_ok_commits(void **state)
{
	struct work alone = {0}, batched = {.batched = true};

	(void)state;
	assert_int_equal(play(&alone), ERR_OK);
	assert_int_equal(organisations(), 1);
	assert_int_equal(db_stats(on.db)->calls, 3);
	set_up(NULL);
	assert_int_equal(play(&batched), ERR_OK);
	assert_int_equal(organisations(), 1);
	assert_int_equal(db_stats(on.db)->calls, 1);
}

static void test_a_refusal_rolls_back(void **state)
{
	struct work work = {.result = ERR_CONFLICT};

	(void)state;
	assert_int_equal(play(&work), ERR_CONFLICT);
	assert_int_equal(work.runs, 1);
	assert_int_equal(organisations(), 0);
	work = (struct work){0};
	assert_int_equal(play(&work), ERR_OK);
}

static enum err ask_nothing(void *arg)
{
	return *(enum err *)arg;
}

static void test_work_without_a_statement_opens_nothing(void **state)
{
	static const enum err results[] = {ERR_OK, ERR_NOT_FOUND};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		enum err result = results[i];

		assert_int_equal(
			tx_run(on.db, &on.arena, &(struct tx_work){ask_nothing, NULL, &result}),
			results[i]);
	}
	assert_int_equal(db_stats(on.db)->calls, 0);
}

/*
 * Every call of the work in turn is lost, unsent or unanswered: one row in the end,
 * never two, never none.
 */
static void test_every_loss_ends_in_one_row(void **state)
{
	static const struct {
		bool batched;
		int calls;
	} shapes[] = {{false, 3}, {true, 1}};

	(void)state;
	for (size_t s = 0; s < 2; s++) {
		for (int n = 1; n <= shapes[s].calls * 2; n++) {
			struct work work = {.batched = shapes[s].batched};
			size_t mark = arena_mark(&on.arena);

			set_up(NULL);
			db_fail_after(on.db, (n + 1) / 2,
				      n % 2 ? DB_FAULT_UNSENT : DB_FAULT_UNANSWERED);
			assert_int_equal(play(&work), ERR_OK);
			assert_int_equal(organisations(), 1);
			assert_in_range(work.runs, 1, 2);
			arena_reset(&on.arena, mark);
		}
	}
}

static void test_a_commit_that_happened_is_not_repeated(void **state)
{
	struct work work = {.batched = true};

	(void)state;
	db_fail_after(on.db, 1, DB_FAULT_UNANSWERED);
	assert_int_equal(play(&work), ERR_OK);
	assert_int_equal(work.runs, 1);
	assert_int_equal(work.settles, 1);
}

static void test_what_cannot_be_settled_stays_uncertain(void **state)
{
	struct work silent = {.no_settle = true}, failing = {.settle_fails = true};

	(void)state;
	db_fail_after(on.db, 3, DB_FAULT_UNANSWERED);
	assert_int_equal(play(&silent), ERR_UNCERTAIN);
	set_up(NULL);
	db_fail_after(on.db, 3, DB_FAULT_UNANSWERED);
	assert_int_equal(play(&failing), ERR_UNCERTAIN);
	assert_int_equal(failing.settles, TX_TRIES_MAX);
	assert_int_equal(failing.runs, 1);
}

/* Work that fails as a lock wait would each time: bounded. */
static enum err always_busy(void *arg)
{
	struct organisation_row row;

	++*(int *)arg;
	arena_alloc(&on.arena, 1000);
	db_fail_after(on.db, 2, DB_FAULT_UNSENT);
	return sql_organisation_get(on.db, &on.arena, &(struct organisation_get_in){1}, &row);
}

static void test_tries_are_bounded_and_memory_does_not_grow(void **state)
{
	size_t mark = arena_mark(&on.arena);
	int runs = 0;

	(void)state;
	assert_int_equal(tx_run(on.db, &on.arena, &(struct tx_work){always_busy, NULL, &runs}),
			 ERR_BUSY);
	assert_int_equal(runs, TX_TRIES_MAX);
	assert_int_equal(db_stats(on.db)->retries, TX_TRIES_MAX - 1);
	assert_true(arena_mark(&on.arena) - mark < 2000);
}

/* Two processes bump two rows in opposite order: deadlocks, and no bump is lost. */
enum { BUMPS = 100 };

struct pair {
	struct db *db;
	int64_t first, second;
};

static enum err bump_both(void *arg)
{
	const struct pair *pair = arg;
	enum err err = sql_setting_version_bump(
		pair->db, &(struct setting_version_bump_in){pair->first}, NULL);

	usleep(500);
	return err != ERR_OK
		       ? err
		       : sql_setting_version_bump(
				 pair->db, &(struct setting_version_bump_in){pair->second}, NULL);
}

static int bump_many(int64_t first, int64_t second)
{
	struct pair pair = {db_open(&on.options), first, second};
	struct arena arena;
	int done = 0;

	arena_init(&arena, 1 << 20);
	while (done < BUMPS) {
		enum err err = tx_run(pair.db, &arena, &(struct tx_work){bump_both, NULL, &pair});

		if (err != ERR_OK && err != ERR_BUSY)
			break;
		done += err == ERR_OK;
	}
	db_close(&pair.db);
	arena_fini(&arena);
	return done == BUMPS ? 0 : 1;
}

static void test_deadlocks_are_repeated(void **state)
{
	int status;
	pid_t child;

	(void)state;
	database_run(&on, "INSERT INTO organisation VALUES (1,'','',0,0),(2,'','',0,0)");
	child = fork();
	if (child == 0)
		_exit(bump_many(1, 2));
	assert_int_equal(bump_many(2, 1), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(database_number(&on, "SELECT SUM(settings_version) FROM organisation"),
			 4 * BUMPS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_ok_commits, set_up),
		cmocka_unit_test_setup(test_a_refusal_rolls_back, set_up),
		cmocka_unit_test_setup(test_work_without_a_statement_opens_nothing, set_up),
		cmocka_unit_test_setup(test_every_loss_ends_in_one_row, set_up),
		cmocka_unit_test_setup(test_a_commit_that_happened_is_not_repeated, set_up),
		cmocka_unit_test_setup(test_what_cannot_be_settled_stays_uncertain, set_up),
		cmocka_unit_test_setup(test_tries_are_bounded_and_memory_does_not_grow, set_up),
		cmocka_unit_test_setup(test_deadlocks_are_repeated, set_up),
	};
	int failed;

	if (!database_open(&on, "test_tx"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	database_close(&on);
	return failed;
}
