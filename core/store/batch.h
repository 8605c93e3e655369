/*
 * Several statements in one packet: one round trip. Values travel as text that one
 * typed formatter writes (integers, x'…', _utf8mb4 x'…', NULL), so there is nothing
 * to escape. Filled by the batch_NAME functions of stmt_gen.h.
 */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include "buf.h"
#include "err.h"
#include "types.h"

struct db;
struct batch_member;

struct batch {
	struct db *db;
	struct arena *arena;
	struct buf text;
	struct batch_member *first, **next;
	struct batch_gathered *gathered; /* by statement number; NULL = not gathering */
	size_t n;
	size_t failed; /* after an error: number of the member that failed, from 0 */
	bool begins, commits, writes, reads, gathers_updates;
};

/* The arena holds the text and the rows; nothing to release. */
void batch_init(struct batch *batch, struct db *db, struct arena *arena);
/* Outside tx_run only: START TRANSACTION first, COMMIT last, in the same packet. */
void batch_begin(struct batch *batch);
/* Outside tx_run, first of all: the members, which only read, see the database as it is at one
 * moment. */
void batch_snapshot(struct batch *batch);
/* The last member. Within tx_run it saves the trip of a COMMIT of its own. */
void batch_commit(struct batch *batch);

/*
 * Within tx_run: from now on the INSERTs of one statement go together, as one packet of rows,
 * for bulk work: several times faster. They are sent after all other members, in the order of
 * first use; texts in their parameters stay the caller's until batch_run. No batch_commit.
 */
void batch_gather(struct batch *batch);
/* The same, with UPDATEs too: of statements that are right in any order. */
void batch_gather_updates(struct batch *batch);

/* Parameters are formatted at once; answers are written by batch_run, NULL = not wanted. */
void batch_one(struct batch *batch, unsigned stmt, const void *in, void *row_r, bool *found_r);
void batch_many(struct batch *batch, unsigned stmt, const void *in, struct list *rows_r);
void batch_exec(struct batch *batch, unsigned stmt, const void *in);
/* Rows matched by the newest member go to *affected_r when it has run. */
void batch_affected(struct batch *batch, int64_t *affected_r);

/*
 * Sends and reads all. The server stops at the first error, which is returned as
 * db_exec would; a transaction of the batch's own is then rolled back. UNCERTAIN: the
 * commit was sent and its outcome is unknown. A batch runs once.
 */
enum err batch_run(struct batch *batch);

#endif
