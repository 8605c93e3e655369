/*
 * Turnover of a card, and the levels that it climbs and falls with it. Turnover moves no
 * level by itself: only the two operations here do (organization.md, "Turnover").
 */
#ifndef CARD_TURNOVER_H
#define CARD_TURNOVER_H

#include "card.h"

struct accumulate_in {
	struct uuid id;
	bool reset;        /* begin at sum, else add it */
	struct amount sum; /* >= 0 */
};

struct level_move_in {
	struct sent sent;
	struct uuid id;
	bool check; /* true = only tell, unless the organisation's level_check swaps it */
};

/* A level that was reached or could be; an unset id = none. */
struct level_step {
	struct uuid id;
	struct str name;
	struct amount turnover;  /* of the card, before a reset */
	struct amount threshold; /* turnover at which the level is reached */
};

/* Told: only `next`, the level that the card would move to now. Done: `moved` when it did, and
 * `next` = the neighbour of its level on the same way. */
struct level_move_out {
	struct level_step moved, next;
};

/* CONFLICT: a replaced card; a turnover beyond AMOUNT_MINOR_MAX. */
extern const struct operation op_card_accumulate, op_card_level_up, op_card_level_down;

#endif
