/* A card made with its holder (Capillary, POST /v2/card with customerId). */
#ifndef PERSON_CARD_ISSUE_H
#define PERSON_CARD_ISSUE_H

#include "issue.h"

/* card_issue() of the customer named, an alias being the survivor. NOT_FOUND: CUSTOMER_UNKNOWN. */
extern const struct operation op_card_issue_to;

#endif
