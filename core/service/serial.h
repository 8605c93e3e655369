/*
 * Serial numbers, unique per organisation, from a counter row that is read in
 * blocks: each in a transaction of its own, so that no two mutations wait for each
 * other. A worker keeps what is left of its blocks; what it loses is a gap.
 */
#ifndef SERVICE_SERIAL_H
#define SERVICE_SERIAL_H

#include "ctx.h"

enum serial { SERIAL_CARD, SERIAL_PERSON, SERIAL__MAX };

#define SERIAL_BIT(kind) (1 << (kind))
#define SERIAL_BLOCK     64
#define SERIAL_SLOTS     64

/* One per worker; zeroed storage is an empty one. */
struct serials {
	struct serial_block {
		int64_t organisation_id, next, end;
		int kind;
	} slot[SERIAL_SLOTS];
};

/* Before the transaction: at least one number of each kind in `bits` is at hand afterwards. */
enum err serial_reserve(struct ctx *ctx, unsigned bits);
/* Within it: takes the reserved number; once per reservation and kind. */
int64_t serial_take(struct ctx *ctx, enum serial kind);

#endif
