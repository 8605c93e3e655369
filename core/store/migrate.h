/*
 * Forward-only migrations that are part of the program (sql/schema). Each is known by
 * its name and the SHA-256 of its statements; an applied one may never change. They run
 * one statement at a time and go on where a broken run stopped. Two runs at once:
 * the second waits for the lock, then finds nothing to do.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "arena.h"
#include "db.h"

enum migrate_state {
	MIGRATE_APPLIED,
	MIGRATE_PENDING, /* not or only partly applied */
	MIGRATE_EDITED,  /* applied with other statements */
	MIGRATE_UNKNOWN, /* applied by a newer program */
};

struct migrate_step {
	const char *name;
	enum migrate_state state;
	size_t done; /* statements that have run */
};

/*
 * All migrations of the program in order, then those unknown to it; a database without
 * the table has none applied. `db` may be bare. BUSY as ever.
 */
enum err migrate_list(struct db *db, struct arena *arena, struct list *steps_r);

/*
 * Applies what is pending. `applied` (may be NULL) hears of each. CONFLICT: *fault_r is an
 * edited or unknown migration, nothing was done. INTERNAL: a statement of *fault_r was
 * refused by the server, *message_r says why (valid until the next call in the arena).
 */
enum err migrate_run(const struct db_options *options, struct arena *arena,
		     void (*applied)(const char *name), struct migrate_step *fault_r,
		     const char **message_r);

/* For readiness: nothing pending or edited (newer ones are allowed: they only expand). CONFLICT
 * when not. */
enum err migrate_check(struct db *db, struct arena *arena);

#endif
