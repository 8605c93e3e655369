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
	bool posted, sold; /* any entry; any spend */
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
};

/* Books: book.c */

/* Activity: idleness counts from its business time on. */
void touch(struct world *world, int account, int64_t business);
bool lot_is_ended(const struct world *world, const struct lot *lot, int64_t at);
bool lot_is_live(const struct world *world, const struct lot *lot, int64_t at);
/* Σ left of live lots − debt. After settle(). */
int64_t account_available(const struct world *world, int account, int64_t at);
/* What the clock has done to an account by now: holds that ran out are back, ended lots empty. */
void settle(struct world *world, int account, int64_t at);
struct entry *entry_add(struct world *world, const struct model_command *command,
			enum model_kind kind, int account, int64_t sum);
struct lot *lot_add(struct world *world, const struct model_command *command, int account,
		    int64_t amount);
/* Eats live lots in burn order; the account has that much. */
void eat(struct world *world, const struct model_command *command, int account, int64_t sum);
/* The next lot of the account in burn order after `after` (NULL = the first); NULL = no more. */
struct lot *next_lot(struct world *world, int account, const struct lot *after);
/* What the owner ate comes back, last eaten first, but not more than `sum`; says how much of it
 * has ended meanwhile and is lost. `pays`: what is not lost pays the account's debt first. */
int64_t give_back(struct world *world, int owner, int64_t sum, bool pays, int64_t at);

/* Postings: post.c */
typedef struct model_answer act(struct world *world, const struct model_command *command);
act do_accrue, do_spend, do_refund, do_hold, do_capture, do_void;

/* Cards: shape.c */
act do_card, do_block, do_unblock, do_activate, do_deactivate, do_delete, do_master, do_replace;
/* Whose account the card's postings go to. */
int account_of(const struct world *world, int card);
/* The card that a replaced one leads to in the end; a deleted one leads nowhere. */
int heir_of(const struct world *world, int card);
bool is_blocked(const struct world *world, int card, int64_t at);
/* Is any hold still open: on the account, or placed with the card? */
bool has_open_holds(const struct world *world, int card, int64_t at);
struct model_answer refuse(unsigned faults);

#endif
