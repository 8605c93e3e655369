/*
 * One connection to the database, and the named statements on it. Nothing here
 * reconnects inside a transaction; what is lost is an outcome, not a surprise.
 * Callers use the typed functions of stmt_gen.h, which call the ones below.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "arena.h"
#include "err.h"
#include "types.h"

struct db;
struct config;
struct stmt_def;

enum db_tls { DB_TLS_OFF, DB_TLS_REQUIRED, DB_TLS_VERIFY };

/* Texts are borrowed for the connection's life; NULL or "" = not given. */
struct db_options {
	const char *socket, *host, *name, *user, *password_file;
	enum db_tls tls; /* over host:port; a socket never has it */
	int port;
	int connect_timeout_s;
	int statement_timeout_ms; /* 0 = none */
	int lock_wait_s;
	bool bare; /* prepare no statements: for migrations */
};

/* What the database cost since the last reset. */
struct db_stats {
	int64_t calls, rows, errors, retries;
	int64_t us; /* waited for the server, microseconds */
};

struct db_options db_options_of(const struct config *config);
/* No connection yet. Never NULL. */
struct db *db_open(const struct db_options *options);
void db_close(struct db **db);

/*
 * Connects when there is no good connection, sets the session, prepares every
 * statement and checks the server's answer against sqlgen's. BUSY = away (asked again
 * at once, it answers from memory until the back-off is over); INTERNAL = a statement
 * does not fit this schema, logged.
 */
enum err db_ready(struct db *db);
/* Forgets the back-off and the connection, if any. */
void db_drop(struct db *db);

/*
 * Statement by number (enum stmt). `in` and `row_r` are the statement's structs; texts of
 * rows are copied into the arena, NUL-terminated. one: NOT_FOUND when there is none.
 * exec: rows matched (an UPDATE that changes nothing counts), affected_r may be NULL.
 * TAKEN: see db_taken_key. BUSY: away, lock wait, deadlock, time limit. UNCERTAIN: an
 * exec outside a transaction was lost on the way. A read outside a transaction that
 * meets a dead connection is sent once more on a new one.
 */
enum err db_one(struct db *db, struct arena *arena, unsigned stmt, const void *in, void *row_r);
enum err db_many(struct db *db, struct arena *arena, unsigned stmt, const void *in,
		 struct list *rows_r);
enum err db_exec(struct db *db, unsigned stmt, const void *in, int64_t *affected_r);
/*
 * As db_many, for a statement that is not in the table: the query compiler's. Prepared
 * at first use; the DB_KEPT_MAX newest texts stay prepared.
 */
enum err db_many_of(struct db *db, struct arena *arena, const struct stmt_def *def, const void *in,
		    struct list *rows_r);
/*
 * An exec statement for each of n structs, within a transaction: in one packet where the
 * client and the server can. Errors as of db_exec, of whichever row.
 */
enum err db_exec_rows(struct db *db, struct arena *arena, unsigned stmt, const void *const *rows,
		      size_t n);
/*
 * A SELECT's text with what is left of a time limit in ms (0 = the connection's) that began at
 * begun_us of the monotonic clock (0 = now): in quarters, rounded up, so that few texts stay
 * prepared. BUSY, as after a time-out, when nothing is left.
 */
enum err db_limited(struct db *db, struct arena *arena, const char *text, int time_ms,
		    int64_t begun_us, const char **text_r);
/* A fixed text without answer: session settings, DDL. Never built from input. */
enum err db_command(struct db *db, const char *text);

/* About the newest failure. */
const char *db_taken_key(const struct db *db); /* name of the unique key, "" when none */
bool db_timed_out(const struct db *db);        /* the statement time limit */
bool db_lock_waited(const struct db *db);      /* a row lock was waited for in vain */
bool db_may_retry(const struct db *db);        /* the transaction is undone and may run again */
/* Within tx_run: what was read is no longer so. BUSY, upon which all is undone and done again. */
enum err db_again(struct db *db);
const char *db_message(const struct db *db); /* for an operator; may hold data: not for logs */

/* Borrowed; the owner resets it by assigning {0}. */
struct db_stats *db_stats(struct db *db);

/* Tests: the n-th call from now (1 = next) finds the connection lost, unsent or unanswered. */
enum db_fault { DB_FAULT_NONE, DB_FAULT_UNSENT, DB_FAULT_UNANSWERED };
void db_fail_after(struct db *db, int n, enum db_fault fault);

#endif
