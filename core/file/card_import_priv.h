/* What the files of the import share: a record, what is there of it, and what is to be done. */
#ifndef FILE_CARD_IMPORT_PRIV_H
#define FILE_CARD_IMPORT_PRIV_H

#include "card_import.h"
#include "operation.h"
#include "rows_gen.h"

#define AMONG_MOST 32 /* values that one look-up of sql/query/card_file.sql takes */

/* Members in which the record differs from what an export would print. */
enum differs {
	DIFFERS_CLIENT = 1 << 0,
	DIFFERS_NUMBER = 1 << 1,
	DIFFERS_KIND = 1 << 2,
	DIFFERS_BALANCE = 1 << 3,
	DIFFERS_POINTS = 1 << 4,
	DIFFERS_FROM = 1 << 5,
	DIFFERS_TO = 1 << 6,
	DIFFERS_STATUS = 1 << 7,
	DIFFERS_CREATED = 1 << 8,
};
#define DIFFERS_MONEY (DIFFERS_BALANCE | DIFFERS_POINTS)

struct import_work {
	struct card_import_item *item;
	const struct file_card_row *stored; /* NULL = a new card */
	struct card_record now;             /* as it would be printed, when stored */
	unsigned differs;                   /* enum differs */
	struct uuid holder;                 /* of the record; a merged person's survivor */
	struct card_row before, after;      /* of a stored card, under its lock */
	bool locked;
};

struct import_in {
	struct import_work *works; /* those that are new or changed */
	size_t n, new_persons;
};

/* Sets the results of all works: what is to be written, and what is refused. */
enum err import_look(struct ctx *ctx, struct import_work *works, size_t n, size_t *new_persons_r);
static inline void import_refuse(struct import_work *work, const char *member, enum reason reason)
{
	work->item->result = IMPORT_REFUSED;
	work->item->member = member;
	work->item->reason = reason;
}

/* Writes them. TAKEN: somebody was faster; look again. */
extern const struct operation op_card_import_some;
/* Within it: points and money of changed cards become exactly the records'; ascending ids. */
enum err import_balances(struct ctx *ctx, struct import_work **changed, size_t n);

#endif
