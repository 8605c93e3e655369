/* The model's world at one moment: made anew for every question, thrown away after it. */
#ifndef TESTS_MODEL_WORLD_H
#define TESTS_MODEL_WORLD_H

#include "model.h"

struct card {
	bool made, deleted, active;
	int64_t blocked_until; /* 0 = not blocked */
	int64_t valid_from, valid_to;
	int master, successor; /* MODEL_NONE = none */
	int idle_days;
	enum model_limit limit;
	bool posted, sold; /* any entry, with it or on its account; any spend */
};

/* Every card has one, whether anything is on it or not; its number is the card's. */
struct account {
	int64_t debt, received, burnt;
	int64_t activity; /* the latest business time of any; 0 = none yet */
};

struct lot {
	int account;
	int maker; /* the command that made it */
	int64_t amount, left;
	int64_t business, from, to;
};

/* What a spend or hold ate of a lot, in the order of eating. */
struct part {
	int owner; /* the command */
	int lot;
	int64_t amount, back; /* back: given back by refunds */
};

enum hold_state { IS_OPEN, IS_CAPTURED, IS_VOIDED, IS_EXPIRED };

struct hold {
	int name, card, account;
	int64_t amount, until;
	enum hold_state state;
	int doc;
};

struct entry {
	int name; /* of its command */
	enum model_kind kind;
	int card, account;
	int64_t sum;   /* signed */
	int64_t asked; /* of it back, by refunds and returns */
	int64_t business;
	int corrects; /* name of the posting that it corrects */
	int doc, doc_type;
	bool counted;
	struct model_answer answer;
};

struct world {
	struct card cards[MODEL_CARDS];
	struct account accounts[MODEL_CARDS];
	struct lot lots[MODEL_LOTS];
	struct part parts[2 * MODEL_ENTRIES];
	struct hold holds[MODEL_COMMANDS];
	struct entry entries[MODEL_ENTRIES];
	int lots_n, parts_n, holds_n, entries_n;
	enum model_policy policy;
	int starts_days, ends_days; /* of accruals that say nothing of it */
};

/* Books: book.c */

/* Activity: idleness counts from its business time on. */
void world_touch(struct world *world, int account, int64_t business);
bool world_lot_has_ended(const struct world *world, const struct lot *lot, int64_t at);
bool world_lot_lives(const struct world *world, const struct lot *lot, int64_t at);
/* Σ left of live lots − debt. After world_settle(). */
int64_t world_available(const struct world *world, int account, int64_t at);
/* What the clock has done to an account by now: holds that ran out are back, ended lots empty. */
void world_settle(struct world *world, int account, int64_t at);
struct entry *world_entry(struct world *world, const struct model_command *command,
			  enum model_kind kind, int account, int64_t sum);
struct lot *world_lot(struct world *world, const struct model_command *command, int account,
		      int64_t amount);
/* Eats live lots in burn order; the account has that much. */
void world_eat(struct world *world, const struct model_command *command, int account, int64_t sum);
/* The next lot of the account in burn order after `after` (NULL = the first); NULL = no more. */
struct lot *world_next_lot(struct world *world, int account, const struct lot *after);
/* What the owner ate comes back, last eaten first, but not more than `sum`; says how much of it
 * has ended meanwhile and is lost. `pays`: what is not lost pays the account's debt first. */
int64_t world_give_back(struct world *world, int owner, int64_t sum, bool pays, int64_t at);

/* Has the card used up the counted postings of the period that this one lies in? */
bool world_is_over_limit(const struct world *world, const struct model_command *command);

/* Postings: post.c */
typedef struct model_answer act(struct world *world, const struct model_command *command);
act model_do_accrue, model_do_spend, model_do_refund, model_do_hold, model_do_capture,
	model_do_void;

/* Cards: shape.c */
act model_do_card, model_do_block, model_do_unblock, model_do_activate, model_do_deactivate,
	model_do_delete, model_do_master, model_do_replace;
/* Whose account the card's postings go to. */
int world_account_of(const struct world *world, int card);
/* The card that a replaced one leads to in the end; a deleted one leads nowhere. */
int world_heir_of(const struct world *world, int card);
bool world_is_blocked(const struct world *world, int card, int64_t at);
/* Is any hold still open: on the account, or placed with the card? */
bool world_has_open_holds(const struct world *world, int card, int64_t at);
struct model_answer model_refuse(unsigned faults);

#endif
