/*
 * The proof of the books: reads all of them as they were at one moment, recomputes every
 * invariant and names the first row that breaks one. Streams: memory grows with the largest
 * account, not with the books. Locks nothing, so it may run beside the tills.
 */
#ifndef LEDGER_VERIFY_H
#define LEDGER_VERIFY_H

#include "err.h"
#include "types.h"

struct db;
struct keyring;

#define VERIFY_KEY_MAX   192
#define VERIFY_FAULT_MAX 256

struct verify_report {
	int64_t organisations, accounts, entries, lots, allocations, holds, journal_rows;
	int64_t expected;             /* about how many entries there are; 0 = not known */
	const char *table;            /* of the first bad row, static; NULL = the books are sound */
	char key[VERIFY_KEY_MAX];     /* of that row */
	char fault[VERIFY_FAULT_MAX]; /* what it says and what it should say */
};

/* Hears how far it is, about every thousand entries. */
typedef void verify_watch_fn(void *arg, const struct verify_report *report);

/*
 * One organisation, or all when organisation_id is 0. ERR_OK: all was read, or as much as it
 * took to find a bad row, and the report tells. `watch` may be NULL. BUSY as ever.
 */
enum err ledger_verify(struct db *db, const struct keyring *ledger_keys, int64_t organisation_id,
		       verify_watch_fn *watch, void *arg, struct verify_report *report_r);

#endif
