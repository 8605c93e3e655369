/*
 * The primary card of a holder: of its live cards, replaced ones apart, the first attached. The
 * holder's row shows its code (person.card_code), and whoever knows a holder by one card means it.
 */
#ifndef CARD_PRIMARY_H
#define CARD_PRIMARY_H

#include "card.h"

struct batch;

/*
 * The holder's row follows its cards: into a batch, after what it wrote of them. For a change of
 * one card, of both holders, when it matters; card_store() does that, users of card_store_into()
 * have it to do.
 */
void holder_put_primary(struct ctx *ctx, struct batch *batch, const struct uuid *holder);
void holders_follow(struct ctx *ctx, struct batch *batch, const struct card_row *before,
		    const struct card_row *after);

/*
 * Makes the card of this code the primary one, in place of the one that was: one that nobody has,
 * another one of the holder, or a new card, whose barcode is the code. Empty: the primary card is
 * taken away. The holder is locked. CONFLICT: a card of another, or more than one card has this
 * code; TAKEN: a barcode is this code; INVALID: too long. All name `member`.
 */
enum err holder_set_primary(struct ctx *ctx, const struct person_row *holder, struct str code,
			    const char *member);

/* The holder goes for good: its cards are of nobody, and blocked. */
enum err cards_retire(struct ctx *ctx, const struct uuid *holder);

#endif
