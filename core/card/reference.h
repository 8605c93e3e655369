/* The ids that a card names: group, level, master, referral, new card. */
#ifndef CARD_REFERENCE_H
#define CARD_REFERENCE_H

#include "card.h"

/*
 * Checks the ids of `after` that differ from those of `before` (NULL = all): each must exist,
 * a master may not have a master, lead itself, be set on a card that leads others, have been
 * replaced, or change while holds are open.
 * NOT_FOUND or CONFLICT name the member.
 */
enum err references_check(struct ctx *ctx, const struct card_row *before,
			  const struct card_row *after);

#endif
