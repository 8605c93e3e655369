/*
 * Two holders become one: the victim's identifiers, cards with all their books, vehicles, washings
 * and logins go to the survivor, and its id and number go on resolving to it. The books do not
 * change: accounts, lots, holds and debts belong to cards (ledger.md, "Replacement and merge").
 */
#ifndef PERSON_MERGE_H
#define PERSON_MERGE_H

#include "person.h"

/*
 * Both are locked, the victim as it is stored. The victim is written; of the survivor the fields
 * that an identifier fills, and the primary card, are changed in `survivor` and left to the caller
 * to store. Cards come after those that the survivor has. Notes all in the journal.
 */
enum err person_merge(struct ctx *ctx, const struct person_row *victim,
		      struct person_row *survivor);

/* A person found by its number; an alias is the survivor. */
struct person_found {
	struct uuid id;
	int64_t serial;
	bool alias;
	bool removed; /* and nobody's alias */
};
/* NOT_FOUND (REASON_CUSTOMER_UNKNOWN) when there never was one. Locks nothing. */
enum err person_resolve(struct ctx *ctx, int64_t serial, struct person_found *found_r);

/* "person:ID" in the arena: one of several objects in a journal row. */
const char *person_note_name(struct ctx *ctx, const struct uuid *id);

#endif
