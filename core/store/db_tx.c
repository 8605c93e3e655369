/* Transactions: lazily opened, repeated, settled. */
#include "tx.h"

#include <assert.h>
#include <time.h>

#include "clock.h"
#include "db_priv.h"

/* Doubles with each try, of which a random half is waited. */
static void pause_before(int try)
{
	int64_t full_us = (int64_t)TX_PAUSE_MIN_MS * 1000 << (try - 1);
	int64_t us = full_us / 2 + clock_monotonic_us() % (full_us / 2);
	struct timespec span = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};

	nanosleep(&span, NULL);
}

/* A COMMIT that is lost or cut by the time limit may have happened. */
static enum err commit(struct db *db)
{
	enum err err;

	if (db->tx != DB_TX_OPEN)
		return ERR_OK;
	if (!db->ready)
		return ERR_BUSY;
	err = db_text(db, "COMMIT", 6, "commit");
	if (err == ERR_BUSY && (db->lost || db->timed_out))
		return ERR_UNCERTAIN;
	if (err != ERR_OK)
		db_rollback(db);
	return err;
}

static enum err run_once(struct db *db, const struct tx_work *work)
{
	enum err err = db_ready(db);

	if (err != ERR_OK)
		return err;
	db_clear(db);
	db->tx = DB_TX_WANTED;
	err = work->run(work->arg);
	if (err == ERR_OK)
		err = commit(db);
	else if (db->tx == DB_TX_OPEN && err != ERR_UNCERTAIN)
		db_rollback(db);
	assert(err == ERR_OK || db->tx != DB_TX_COMMITTED);
	db->tx = DB_TX_NONE;
	if (err == ERR_UNCERTAIN)
		db_disconnect(db);
	return err;
}

/* ERR_OK with the answer, or ERR_UNCERTAIN. */
static enum err settle(struct db *db, const struct tx_work *work, bool *committed_r)
{
	for (int try = 1; work->settle && try <= TX_TRIES_MAX; try++) {
		if (db_ready(db) == ERR_OK && work->settle(work->arg, committed_r) == ERR_OK)
			return ERR_OK;
		pause_before(try);
	}
	return ERR_UNCERTAIN;
}

/* Whether the work is to be done again; *err is the outcome when it is not. */
static bool again(struct db *db, const struct tx_work *work, enum err *err)
{
	bool committed = false;

	if (*err == ERR_BUSY)
		return db->may_retry;
	if (*err != ERR_UNCERTAIN || settle(db, work, &committed) != ERR_OK)
		return false;
	*err = committed ? ERR_OK : ERR_BUSY;
	return !committed;
}

enum err tx_run(struct db *db, struct arena *arena, const struct tx_work *work)
{
	size_t mark = arena_mark(arena);
	enum err err;

	assert(db->tx == DB_TX_NONE);
	for (int try = 1;; try++) {
		err = run_once(db, work);
		if (!again(db, work, &err) || try == TX_TRIES_MAX)
			return err;
		db->stats.retries++;
		arena_reset(arena, mark);
		pause_before(try);
	}
}

static enum err snapshot_open(struct db *db)
{
	static const char level[] = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
			  begin[] = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
	enum err err = db_ready(db);

	if (err == ERR_OK)
		err = db_text(db, level, sizeof(level) - 1, "isolation level");
	if (err == ERR_OK)
		err = db_text(db, begin, sizeof(begin) - 1, "snapshot");
	return err;
}

enum err tx_snapshot(struct db *db, enum err (*run)(void *arg), void *arg)
{
	enum err err;

	assert(db->tx == DB_TX_NONE);
	db_clear(db);
	err = snapshot_open(db);
	if (err != ERR_OK)
		return err;
	db->tx = DB_TX_OPEN;
	err = run(arg);
	db_rollback(db);
	db->tx = DB_TX_NONE;
	return err;
}
