/*
 * One transaction around one piece of work, repeated as a whole when the database
 * undid it (deadlock, lock wait, certification, connection lost before COMMIT), and
 * settled when the outcome of its COMMIT is unknown.
 */
#ifndef STORE_TX_H
#define STORE_TX_H

#include "arena.h"
#include "err.h"

struct db;

#define TX_TRIES_MAX    5
#define TX_PAUSE_MIN_MS 5 /* before the second try; doubles, with jitter */

struct tx_work {
	/*
	 * ERR_OK commits (unless its last batch did), anything else rolls back. May run
	 * several times: it starts from `arg` and the database alone.
	 */
	enum err (*run)(void *arg);
	/*
	 * After a COMMIT of unknown outcome, on a new connection: did it happen? A locking
	 * read of the row that the transaction wrote first. NULL = cannot be told.
	 */
	enum err (*settle)(void *arg, bool *committed_r);
	void *arg;
};

/*
 * What run returned, or BUSY, or UNCERTAIN when not even settle could tell. START
 * TRANSACTION travels with the first batch, or before the first statement; work that
 * asks nothing of the database opens nothing. The arena is set back before a repeat.
 */
enum err tx_run(struct db *db, struct arena *arena, const struct tx_work *work);

/*
 * Reads of one moment: `run` sees the database as it was when it began, and locks nothing.
 * Never repeated: BUSY when the connection was lost on the way.
 */
enum err tx_snapshot(struct db *db, enum err (*run)(void *arg), void *arg);

#endif
