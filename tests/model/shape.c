/* Cards: what they may do, and how they change, go and follow each other. */
#include "world.h"

struct model_answer model_refuse(unsigned faults)
{
	return (struct model_answer){.outcome = MODEL_CONFLICT, .faults = faults};
}

static struct model_answer not_found(void)
{
	return (struct model_answer){.outcome = MODEL_NOT_FOUND};
}

static struct model_answer done(const struct model_command *command)
{
	return (struct model_answer){.outcome = MODEL_OK, .posting = command->name};
}

static bool is_there(const struct world *world, int card)
{
	return card >= 0 && world->cards[card].made && !world->cards[card].deleted;
}

int world_account_of(const struct world *world, int card)
{
	int master = world->cards[card].master;

	return master == MODEL_NONE ? card : master;
}

int world_heir_of(const struct world *world, int card)
{
	while (world->cards[card].successor != MODEL_NONE && !world->cards[card].deleted)
		card = world->cards[card].successor;
	return card;
}

bool world_is_blocked(const struct world *world, int card, int64_t at)
{
	return world->cards[card].blocked_until > at;
}

bool world_has_open_holds(const struct world *world, int card, int64_t at)
{
	for (int i = 0; i < world->holds_n; i++) {
		const struct hold *hold = &world->holds[i];
		if (hold->state == IS_OPEN && hold->until > at &&
		    (hold->account == card || hold->card == card))
			return true;
	}
	return false;
}

static bool leads(const struct world *world, int card)
{
	for (int i = 0; i < MODEL_CARDS; i++)
		if (is_there(world, i) && world->cards[i].master == card)
			return true;
	return false;
}

/* Why `master` cannot be the card's: no self, no chain, none that has been replaced. */
static unsigned master_faults(const struct world *world, int card, int master)
{
	unsigned faults = 0;

	faults |= master == card ? MODEL_SELF : 0;
	faults |= world->cards[master].master != MODEL_NONE ? MODEL_CHAIN : 0;
	faults |= leads(world, card) ? MODEL_CHAIN : 0;
	faults |= world->cards[master].successor != MODEL_NONE ? MODEL_REPLACED : 0;
	return faults;
}

struct model_answer model_do_card(struct world *world, const struct model_command *command)
{
	if (command->other != MODEL_NONE && !is_there(world, command->other))
		return not_found();
	if (command->other != MODEL_NONE) {
		unsigned faults = master_faults(world, command->card, command->other);
		if (faults)
			return model_refuse(faults);
	}
	world->cards[command->card] = (struct card){.made = true,
						    .active = command->flag,
						    .blocked_until = command->until,
						    .valid_from = command->valid_from,
						    .valid_to = command->valid_to,
						    .master = command->other,
						    .successor = MODEL_NONE,
						    .idle_days = command->days,
						    .limit = command->limit};
	if (command->sum > 0) {
		int account = world_account_of(world, command->card);
		world_settle(world, account, command->at);
		world_entry(world, command, MODEL_OPENING, account, command->sum);
		world_lot(world, command, account, command->sum);
		if (world->accounts[account].activity == 0)
			world_touch(world, account, command->at);
	}
	return done(command);
}

/* A replaced card stays as the replacement left it. */
static bool stays_replaced(const struct world *world, int card, int64_t at)
{
	return world->cards[card].successor != MODEL_NONE && !world->cards[card].active &&
	       world_is_blocked(world, card, at);
}

struct model_answer model_do_block(struct world *world, const struct model_command *command)
{
	if (command->until != MODEL_FOREVER && command->until <= command->at)
		return (struct model_answer){.outcome = MODEL_INVALID};
	if (!is_there(world, command->card))
		return not_found();
	if (command->until != MODEL_FOREVER && stays_replaced(world, command->card, command->at))
		return model_refuse(MODEL_REPLACED);
	world->cards[command->card].blocked_until = command->until;
	return done(command);
}

struct model_answer model_do_unblock(struct world *world, const struct model_command *command)
{
	if (!is_there(world, command->card))
		return not_found();
	if (stays_replaced(world, command->card, command->at))
		return model_refuse(MODEL_REPLACED);
	world->cards[command->card].blocked_until = 0;
	return done(command);
}

struct model_answer model_do_activate(struct world *world, const struct model_command *command)
{
	if (!is_there(world, command->card))
		return not_found();
	if (stays_replaced(world, command->card, command->at))
		return model_refuse(MODEL_REPLACED);
	world->cards[command->card].active = true;
	return done(command);
}

struct model_answer model_do_deactivate(struct world *world, const struct model_command *command)
{
	if (!is_there(world, command->card))
		return not_found();
	world->cards[command->card].active = false;
	return done(command);
}

static int64_t remainder_of(struct world *world, int card, int64_t at)
{
	int64_t sum = 0;

	world_settle(world, card, at);
	for (int i = 0; i < world->lots_n; i++)
		if (world->lots[i].account == card)
			sum += world->lots[i].left;
	for (int i = 0; i < world->holds_n; i++)
		if (world->holds[i].account == card && world->holds[i].state == IS_OPEN)
			sum += world->holds[i].amount;
	return sum;
}

/* Holds placed with the card, and those on its account, are voided. */
static void void_holds(struct world *world, int card, int64_t at)
{
	for (int i = 0; i < world->holds_n; i++) {
		struct hold *hold = &world->holds[i];
		if (hold->state != IS_OPEN || (hold->account != card && hold->card != card))
			continue;
		world_settle(world, hold->account, at);
		if (hold->state != IS_OPEN)
			continue;
		world_give_back(world, hold->name, hold->amount, false, at);
		hold->state = IS_VOIDED;
	}
}

struct model_answer model_do_delete(struct world *world, const struct model_command *command)
{
	unsigned faults = 0;

	if (!is_there(world, command->card))
		return not_found();
	faults |= leads(world, command->card) ? MODEL_LEADS : 0;
	if (command->flag && remainder_of(world, command->card, command->at) > 0)
		faults |= MODEL_REMAINDER;
	if (faults)
		return model_refuse(faults);
	void_holds(world, command->card, command->at);
	for (int i = 0; i < world->lots_n; i++)
		if (world->lots[i].account == command->card)
			world->lots[i].left = 0;
	world->accounts[command->card].debt = 0;
	world->cards[command->card].deleted = true;
	return done(command);
}

struct model_answer model_do_master(struct world *world, const struct model_command *command)
{
	struct card *card = &world->cards[command->card];
	int master = command->other;
	unsigned faults = 0;

	if (!is_there(world, command->card) ||
	    (master != MODEL_NONE && master != card->master && !is_there(world, master)))
		return not_found();
	if (master == card->master)
		return done(command);
	if (master != MODEL_NONE)
		faults |= master_faults(world, command->card, master);
	faults |= world_has_open_holds(world, command->card, command->at) ? MODEL_HOLDS_OPEN : 0;
	if (faults)
		return model_refuse(faults);
	card->master = master;
	return done(command);
}

/* Not active, or active and blocked for a time; no postings; not blocked, or no first sale. */
static bool can_replace(const struct world *world, int number, int64_t at)
{
	const struct card *card = &world->cards[number];
	bool blocked = world_is_blocked(world, number, at);
	bool for_a_time = blocked && card->blocked_until != MODEL_FOREVER;

	return (!card->active || for_a_time) && !card->posted && (!blocked || !card->sold) &&
	       card->successor == MODEL_NONE;
}

/* The lots go on to live where the card went: what is left of them, held or not, is their sum. */
static void move_account(struct world *world, const struct model_command *command)
{
	int from = command->card, to = command->other;
	struct model_command arrival = *command;
	int64_t moved = 0;
	bool any = world->accounts[from].debt > 0;

	for (int i = 0; i < world->lots_n; i++) {
		if (world->lots[i].account != from)
			continue;
		world->lots[i].account = to;
		moved += world->lots[i].left;
	}
	for (int i = 0; i < world->holds_n; i++) {
		if (world->holds[i].account != from)
			continue;
		world->holds[i].account = to;
		moved += world->holds[i].state == IS_OPEN ? world->holds[i].amount : 0;
	}
	moved -= world->accounts[from].debt;
	world->accounts[to].received += moved;
	world->accounts[to].debt = world->accounts[from].debt;
	world->accounts[to].activity = world->accounts[from].activity;
	world->accounts[from].debt = 0;
	if (moved == 0 && !any)
		return;
	arrival.card = to;
	world_entry(world, command, MODEL_MOVED_OUT, from, -moved);
	world_entry(world, &arrival, MODEL_MOVED_IN, to, moved);
}

struct model_answer model_do_replace(struct world *world, const struct model_command *command)
{
	struct card *old = &world->cards[command->card], *new = &world->cards[command->other];
	unsigned faults = 0;

	if (old == new)
		return model_refuse(MODEL_OLD_CARD | MODEL_NEW_CARD);
	if (!is_there(world, command->card) || !is_there(world, command->other))
		return not_found();
	if (old->successor == command->other)
		return done(command);
	if (!old->active || old->successor != MODEL_NONE)
		faults |= MODEL_OLD_CARD;
	if (!can_replace(world, command->other, command->at))
		faults |= MODEL_NEW_CARD;
	if (old->master != MODEL_NONE) {
		faults |= old->master == command->other ? MODEL_SELF : 0;
		faults |= leads(world, command->other) ? MODEL_CHAIN : 0;
	}
	if (faults)
		return model_refuse(faults);
	world_settle(world, command->card, command->at);
	move_account(world, command);
	new->active = true;
	new->blocked_until = 0;
	new->master = old->master;
	new->posted = old->posted;
	new->sold = old->sold;
	new->idle_days = old->idle_days;
	new->limit = old->limit;
	for (int i = 0; i < MODEL_CARDS; i++)
		if (world->cards[i].made && world->cards[i].master == command->card)
			world->cards[i].master = command->other;
	old->active = false;
	old->blocked_until = MODEL_FOREVER;
	old->master = MODEL_NONE;
	old->successor = command->other;
	return done(command);
}
