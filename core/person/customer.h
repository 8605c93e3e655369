/* Customers as the identifiers dialect finds them (Capillary, "Customer Lookup"). */
#ifndef PERSON_CUSTOMER_H
#define PERSON_CUSTOMER_H

#include "identifier.h"

struct customer_lookup_in {
	struct str source, account;
	struct str name, value; /* of the identifier, or of a card */
};

struct customer_lookup_out {
	int64_t serial;
	struct list warnings; /* struct warning */
};

/*
 * CUSTOMER_UNKNOWN when nobody has it there, or nobody has the card; UNKNOWN_VALUE for a name that
 * is none; errors of identifier_place_find.
 */
extern const struct operation op_customer_lookup;

#endif
