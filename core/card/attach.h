/*
 * Cards of a holder. Whoever gives a card to a holder has the holder's row locked, so
 * that the limit of cards per user holds; the order of locks is holder, then card.
 */
#ifndef CARD_ATTACH_H
#define CARD_ATTACH_H

#include "card.h"

/* What a card gets on the way; text at NULL = as it was. */
struct attach_terms {
	struct str name, description;
	struct str shop_id; /* shop of activation: an inactive card becomes active */
};

/* What a card's row says of its holder: from now on this one, or nobody. Writes nothing. */
void card_give(struct ctx *ctx, const struct person_row *holder, struct card_row *card);
void card_take(struct card_row *card);
/* CONFLICT naming `member` when the holder has as many cards as the organisation allows. */
enum err card_limit_check(struct ctx *ctx, const struct uuid *holder, const char *member);

/*
 * Gives the holder a random free card: of nobody, not blocked, not external, without any
 * entry. Two at once never get the same. NOT_FOUND (unnamed) when none is free; CONFLICT when
 * the holder has as many as the organisation allows. Notes the card in the journal.
 */
enum err card_attach_free(struct ctx *ctx, const struct person_row *holder,
			  const struct attach_terms *terms, struct uuid *card_r);

/*
 * Gives the holder this card. The same holder again: nothing to do. CONFLICT: a card of another,
 * an external or replaced one, or a holder with as many as allowed. NOT_FOUND names `member`.
 */
enum err card_attach(struct ctx *ctx, const struct person_row *holder, const struct uuid *card,
		     const char *member);

/* The lock or credit flag of the holder changed: all its live cards follow. */
enum err cards_follow(struct ctx *ctx, const struct person_row *holder);

/* The holder goes: all its live cards are of nobody. */
enum err cards_set_free(struct ctx *ctx, const struct uuid *holder);

#endif
