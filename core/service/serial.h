/*
 * Serial numbers, unique per organisation, from a counter row that is read in
 * blocks: each in a transaction of its own, so that no two mutations wait for each
 * other. A worker keeps what is left of its blocks; what it loses is a gap.
 */
#ifndef SERVICE_SERIAL_H
#define SERVICE_SERIAL_H

#include "ctx.h"

enum serial {
	SERIAL_CARD,
	SERIAL_PERSON,
	SERIAL_COMPANY,
	SERIAL_VEHICLE,
	SERIAL_SERIES,
	SERIAL_LABEL,
	SERIAL_WASHING,
	SERIAL_ARTICLE,
	SERIAL__MAX
};

#define SERIAL_BIT(kind) (1 << (kind))
#define SERIAL_BLOCK     64
#define SERIAL_SLOTS     256
#define SERIAL_MOST      50000 /* numbers that one mutation may take */

/* One per worker; zeroed storage is an empty one. */
struct serials {
	struct serial_block {
		int64_t organisation_id, next, end;
		int kind;
	} slot[SERIAL_SLOTS];
};

/*
 * Before the transaction: `most` numbers of each kind in `bits` are at hand afterwards, for each
 * time that it may be tried.
 */
enum err serial_reserve(struct ctx *ctx, unsigned bits, int64_t most);
/* What is left of the blocks is not taken: others use these numbers. */
void serial_forget(struct ctx *ctx, unsigned bits);
/* Within it: takes a reserved number; at most `most` times per reservation and kind. */
int64_t serial_take(struct ctx *ctx, enum serial kind);

#endif
