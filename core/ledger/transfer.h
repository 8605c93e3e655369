/* A card's accounts when another card takes its place, and what keeps an account from changing. */
#ifndef LEDGER_TRANSFER_H
#define LEDGER_TRANSFER_H

#include "ledger.h"

/* Open holds on the account of a card; `card` not NULL: only those placed with that card. */
enum err ledger_has_holds(struct ctx *ctx, const struct uuid *account_card, const struct uuid *card,
			  bool *has_r);

#endif
