/*
 * changeIdentifier: what a customer is known by, and its cards, removed and added in one go
 * (Capillary, "Link/Delink Card"; identifiers.md has the rules). All or nothing; what is removed
 * goes before what is added, so a swap succeeds.
 */
#ifndef PERSON_IDENTIFIER_CHANGE_H
#define PERSON_IDENTIFIER_CHANGE_H

#include "identifier.h"

#define IDENTIFIER_ENTRIES_MAX 32 /* each way */

/* Texts at NULL = not sent. */
struct identifier_entry {
	struct str type, value;
	int64_t series_id; /* cards only, as the label; 0 = any */
	struct str series_code, label;
};

/* One direction as it was sent. */
struct identifier_entries {
	struct identifier_entry entry[IDENTIFIER_ENTRIES_MAX];
	int64_t n;
	enum reason fault; /* of its shape, told once source and customer are found good */
	const char *member;
};

struct identifier_change_in {
	int64_t customer_id;
	struct str source, account;
	struct identifier_entries add, remove;
};

struct identifier_change_out {
	int64_t created_id;   /* the customer, or whom it was merged into */
	struct list warnings; /* struct warning */
};

/*
 * Refusals by reason: SOURCE_UNKNOWN, ACCOUNT_REQUIRED, ACCOUNT_UNKNOWN, CUSTOMER_UNKNOWN,
 * CUSTOMER_REMOVED, CUSTOMER_MERGED (its member is the survivor's number), CUSTOMER_BLOCKED, those
 * of the shape, of identifier_check, of card_link and card_unlink, CARDS_ADDED, CARDS_REMOVED,
 * IDENTIFIER_OWN, IDENTIFIER_OTHERS, IDENTIFIER_UNKNOWN. A value that another customer has in
 * another source or account merges this customer into that one, and warns MERGED.
 */
extern const struct operation op_identifier_change;

#endif
