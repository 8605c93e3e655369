/* A card's accounts when another card takes its place, and what keeps an account from changing. */
#ifndef LEDGER_TRANSFER_H
#define LEDGER_TRANSFER_H

#include "ledger.h"

/* Open holds on the account of a card; `card` not NULL: only those placed with that card. */
enum err ledger_has_holds(struct ctx *ctx, const struct uuid *account_card, const struct uuid *card,
			  bool *has_r);
/* Is any open hold that was placed with this card on another's account? *account_r: whose. */
enum err ledger_hold_elsewhere(struct ctx *ctx, const struct uuid *card, struct uuid *account_r,
			       bool *has_r);

/*
 * Moves all that the accounts of one card have to those of another, both locked, which has none
 * yet: open lots with their dates, pending and ended ones too, open holds, debt, and the dates of
 * the card's activity. Two entries for each unit that has something, which name each other.
 */
enum err ledger_transfer(struct ctx *ctx, const struct uuid *from_card, const struct uuid *to_card);

#endif
