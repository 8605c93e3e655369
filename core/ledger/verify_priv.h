/* Inside of core/ledger/verify*.c: tables as streams, what is known of an account, faults. */
#ifndef LEDGER_VERIFY_PRIV_H
#define LEDGER_VERIFY_PRIV_H

#include "arena.h"
#include "crypto.h"
#include "ledger.h"
#include "rows_gen.h"
#include "verify.h"

struct hmac;

/* Those before the journal are read side by side, account by account. */
enum verify_table {
	VERIFY_ACCOUNT,
	VERIFY_ENTRY,
	VERIFY_LOT,
	VERIFY_HOLD,
	VERIFY_ALLOCATION,
	VERIFY_JOURNAL,
	VERIFY_TABLES
};

struct verify_stream {
	struct arena arena; /* of the page */
	struct list rows;
	size_t at;
	bool ended;
};

/* Records that begin with an id, kept for one account and found by it. */
struct pile {
	void *at;
	size_t n, cap, size;
	bool sorted;
};

struct entry_mark {
	struct uuid id;
	int64_t seq, kind, amount;
	int64_t flow;           /* what its lots and allocations say that the amount is */
	int64_t held, returned; /* sums of its allocations */
	int64_t refunded;       /* by refunds of this account */
	struct uuid corrects_id;
	struct moment active_from, active_to, business_at, posted_at;
};

struct lot_mark {
	struct uuid id;
	int64_t amount, remaining, held, returned;
	int64_t taken, put; /* sums of its allocations: out of remaining, into held */
	int64_t asked;      /* back, by the returns of this account */
};

struct hold_mark {
	struct uuid id;
	int64_t state, amount, captured;
	int64_t put; /* sum of its allocations */
	struct uuid closed_by;
};

/* What gave a void's or an expired hold's parts back. */
struct release_mark {
	struct uuid id; /* hold.closed_by */
	struct uuid hold_id;
	int64_t amount, taken, put;
};

/* What the rows of the account under the eye add up to. */
struct tally {
	int64_t seq, balance, received, debt, lots, held, available, open_holds;
	struct moment posted_at;
	bool moved; /* its card was replaced: refunds may be on another account */
	uint8_t tag[SHA256_LEN];
	struct pile entries, lot_marks, holds, releases;
};

/* Sums of keyed digests of (journal row, entry) by a part of the entry's id: what the entries
 * name, less what the journal names. All zero = both say the same. */
#define PAIR_BUCKETS 4096
struct pair_sums {
	struct hmac *hmac;
	uint64_t sum[PAIR_BUCKETS][SHA256_LEN / 8];
};

struct verify {
	struct db *db;
	const struct keyring *keys;
	verify_watch_fn *watch;
	void *arg;
	int64_t organisation_id;
	struct arena arena; /* of one row's work */
	struct verify_stream stream[VERIFY_TABLES];
	struct tally tally;
	struct pair_sums pairs;
	int64_t cards[UNIT_MONEY + 1], system[UNIT_MONEY + 1]; /* sums by unit */
	struct verify_report report;
};

/* A row, for people. Members that do not belong to the table stay unset. */
struct verify_place {
	enum verify_table table;
	struct uuid card_id;
	int64_t unit;
	int64_t number; /* seq of an entry, position of an allocation */
	struct uuid id;
};

/* Keeps the first fault. ERR_CONFLICT, which ends the work. */
enum err verify_bad(struct verify *v, const struct verify_place *place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A figure of the row against what it should be. */
enum err verify_same(struct verify *v, const struct verify_place *place, const char *what,
		     int64_t found, int64_t wanted);

const char *verify_table_name(enum verify_table table);
bool verify_streams_open(struct verify *v);
void verify_streams_close(struct verify *v);
/* All tables from the start of v->organisation_id. */
void verify_rewind(struct verify *v);
/* The next row, which stays the next one; NULL at the end. Valid until the table's next call. */
enum err verify_peek(struct verify *v, enum verify_table table, const void **row_r);
/* The same, taken, if it belongs to this account; NULL when not. Of the journal: any row. */
enum err verify_take(struct verify *v, enum verify_table table, const struct uuid *card_id,
		     int64_t unit, const void **row_r);
/* Smallest account of which any table has the next row; false at the end of all. */
enum err verify_next_account(struct verify *v, enum verify_table *table_r, struct uuid *card_id_r,
			     int64_t *unit_r, bool *found_r);

void pile_init(struct pile *pile, size_t size);
void pile_fini(struct pile *pile);
/* Zeroed but for its id. */
void *pile_add(struct pile *pile, const struct uuid *id);
/* By id; what was found before moves. */
void pile_sort(struct pile *pile);
/* NULL when there is none. Sorts when need be. */
void *pile_find(struct pile *pile, const struct uuid *id);

/* Sums of damaged rows may leave the range: they wrap, and differ. */
static inline void verify_add(int64_t *sum, int64_t n)
{
	*sum = (int64_t)((uint64_t)*sum + (uint64_t)n);
}

/* Does an entry of this kind make one lot of its own id and amount? */
bool verify_receives(enum entry_kind kind, int64_t amount);
/* Each reads its table's rows of the account and checks them one by one. */
enum err verify_entries(struct verify *v, const struct account_row *account);
enum err verify_lots(struct verify *v, const struct account_row *account);
enum err verify_holds(struct verify *v, const struct account_row *account);
enum err verify_allocations(struct verify *v, const struct account_row *account);
/* What all of them together say. */
enum err verify_parts(struct verify *v, const struct account_row *account);

bool pairs_open(struct pair_sums *pairs);
void pairs_close(struct pair_sums *pairs);
/* The entry says that this journal row posted it. */
void pairs_of_entry(struct pair_sums *pairs, const struct uuid *journal_id, const struct uuid *id);
/* The journal of v->organisation_id against what its entries said. */
enum err verify_journal(struct verify *v);

#endif
