/* Gives cards to a holder, who is locked before the card. */
#ifndef PERSON_PERSON_CARD_H
#define PERSON_PERSON_CARD_H

#include "person.h"

struct card_add_user_in {
	struct uuid person_id;
	struct str name, description; /* of the card from now on; not sent = as they were */
};

struct card_attach_in {
	struct uuid person_id, card_id;
};

/* NOT_FOUND: no such person, or (unnamed) no free card; see attach.h for what else they say. */
extern const struct operation op_card_add_user, op_card_attach_user;

#endif
