/*
 * A lost card is replaced by a new one: what it was, what it has and who follows it move to
 * the new one; the old one stays, inactive and blocked, and names its successor (Rarus,
 * card/replacement).
 */
#ifndef CARD_REPLACEMENT_H
#define CARD_REPLACEMENT_H

#include "card.h"

#define REPLACEMENT_FOLLOWERS_MAX 10000

struct replacement_in {
	struct uuid old_id, new_id;
};

/* Each rule that is broken is a CONFLICT of its own; the same call again is done already. */
extern const struct operation op_card_replacement;

#endif
