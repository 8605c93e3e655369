/*
 * A person asks to be forgotten: names, addresses, identifiers, plates, logins and the texts of
 * entries on the cards are overwritten, in the audit too. The books stay as they are, and sound:
 * the texts enter the chain by their digests (ledger.md, "Entries").
 */
#ifndef PERSON_ERASE_H
#define PERSON_ERASE_H

#include "person.h"

struct erase_in {
	struct uuid id;
	bool only_count; /* writes nothing */
};

struct erase_out {
	int64_t persons; /* it and those that were merged into it */
	int64_t cards, entries, journal_rows;
};

/*
 * The person is removed with it, its cards are of nobody; one that was removed before is erased
 * all the same. NOT_FOUND; CONFLICT (REASON_CUSTOMER_MERGED): it is an alias, its survivor is to
 * be named. A second time finds nothing left and does no harm.
 */
extern const struct operation op_person_erase;

#endif
