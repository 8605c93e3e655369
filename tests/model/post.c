/* Points on and off, back, held, captured and let go. */
#include <stddef.h>

#include "world.h"

#define AHEAD_MS MODEL_DAY_MS

static struct model_answer outcome(enum model_outcome word)
{
	return (struct model_answer){.outcome = word};
}

static struct model_answer replay_of(const struct entry *entry)
{
	struct model_answer answer = entry->answer;

	answer.replayed = true;
	return answer;
}

/* Both ends of valid_from and valid_to are usable seconds. */
static bool is_valid(const struct card *card, int64_t at)
{
	return (card->valid_from == 0 || at / 1000 >= card->valid_from / 1000) &&
	       (card->valid_to == 0 || at / 1000 <= card->valid_to / 1000);
}

static unsigned posting_faults(const struct world *world, int number, int64_t at, bool takes)
{
	const struct card *card = &world->cards[number];
	unsigned faults = 0;

	faults |= card->deleted ? MODEL_DELETED : 0;
	faults |= card->successor != MODEL_NONE ? MODEL_REPLACED : 0;
	faults |= world_is_blocked(world, number, at) ? MODEL_BLOCKED : 0;
	faults |= world_is_blocked(world, world_account_of(world, number), at) ? MODEL_BLOCKED : 0;
	if (takes) {
		faults |= card->active ? 0 : MODEL_INACTIVE;
		faults |= is_valid(card, at) ? 0 : MODEL_NOT_VALID;
	}
	return faults;
}

static const struct entry *known_document(const struct world *world,
					  const struct model_command *command, enum model_kind kind)
{
	for (int i = 0; i < world->entries_n && command->doc; i++) {
		const struct entry *entry = &world->entries[i];
		if (entry->kind == kind && entry->card == command->card &&
		    entry->doc == command->doc && entry->doc_type == command->doc_type)
			return entry;
	}
	return NULL;
}

/* Before anything of the books is looked at. true = *answer_r is the answer. */
static bool is_answered(struct world *world, const struct model_command *command,
			enum model_kind kind, struct model_answer *answer_r)
{
	const struct entry *known = known_document(world, command, kind);
	int64_t sum = kind == MODEL_SPENT ? -command->sum : command->sum;
	unsigned faults;

	if (command->business > command->at + AHEAD_MS) {
		*answer_r = outcome(MODEL_INVALID);
	} else if (command->card < 0 || !world->cards[command->card].made) {
		*answer_r = outcome(MODEL_NOT_FOUND);
	} else if (known) {
		*answer_r = known->sum == sum ? replay_of(known) : outcome(MODEL_MISMATCH);
	} else {
		faults = posting_faults(world, command->card, command->at, kind == MODEL_SPENT);
		faults |= world_is_over_limit(world, command) ? MODEL_LIMIT : 0;
		if (faults == 0)
			return false;
		*answer_r = model_refuse(faults);
	}
	return true;
}

struct model_answer model_do_accrue(struct world *world, const struct model_command *command)
{
	int64_t time = command->business ? command->business : command->at;
	struct model_answer answer;

	if (is_answered(world, command, MODEL_ACCRUAL, &answer))
		return answer;
	int account = world_account_of(world, command->card);
	world_settle(world, account, command->at);
	struct lot *lot = world_lot(world, command, account, command->sum);
	int starts = command->starts_days ? command->starts_days : world->starts_days;
	int ends = command->ends_days ? command->ends_days : world->ends_days;
	if (starts)
		lot->from = model_day(command->starts_base ? command->starts_base : time, starts);
	if (ends)
		lot->to = model_day(command->ends_base ? command->ends_base : time, ends);
	world_touch(world, account, time);
	return world_entry(world, command, MODEL_ACCRUAL, account, command->sum)->answer;
}

struct model_answer model_do_spend(struct world *world, const struct model_command *command)
{
	struct model_answer answer;

	if (is_answered(world, command, MODEL_SPENT, &answer))
		return answer;
	int account = world_account_of(world, command->card);
	world_settle(world, account, command->at);
	if (world_available(world, account, command->at) < command->sum)
		return outcome(MODEL_INSUFFICIENT);
	world_eat(world, command, account, command->sum);
	world_touch(world, account, command->business ? command->business : command->at);
	world->cards[command->card].sold = true;
	return world_entry(world, command, MODEL_SPENT, account, -command->sum)->answer;
}

static struct entry *entry_of(struct world *world, int name)
{
	for (int i = 0; i < world->entries_n; i++)
		if (world->entries[i].name == name)
			return &world->entries[i];
	return NULL;
}

static struct model_answer refund_spend(struct world *world, const struct model_command *command,
					const struct entry *spend, int64_t sum)
{
	int account = world_heir_of(world, spend->account);
	int64_t lost;
	struct entry *entry;

	world_settle(world, account, command->at);
	lost = world_give_back(world, spend->name, sum, true, command->at);
	world_touch(world, account, command->at);
	entry = world_entry(world, command, MODEL_REFUNDED, account, sum);
	entry->answer.expired = lost;
	entry->answer.available = sum - lost;
	return entry->answer;
}

static struct lot *lot_of(struct world *world, int maker)
{
	for (int i = 0; i < world->lots_n; i++)
		if (world->lots[i].maker == maker)
			return &world->lots[i];
	return NULL;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Takes from one lot what it has, but what is spendable only as far as the account has it. */
static int64_t take_from(struct world *world, struct lot *lot, int64_t sum, int64_t at)
{
	int64_t takes = least(sum, lot->left);

	if (world_lot_lives(world, lot, at)) {
		int64_t has = world_available(world, lot->account, at);
		takes = least(takes, has > 0 ? has : 0);
	}
	lot->left -= takes;
	return takes;
}

static struct model_answer return_accrual(struct world *world, const struct model_command *command,
					  const struct entry *accrual, int64_t sum)
{
	int account = world_heir_of(world, accrual->account);
	int64_t at = command->at, rest = sum, has;
	struct entry *entry;

	world_settle(world, account, at);
	struct lot *own = lot_of(world, accrual->name);
	has = world_available(world, account, at);
	has = has > 0 ? has : 0;
	if (!world_lot_lives(world, own, at))
		has += own->left;
	if (world->policy == MODEL_REFUSE && has < sum)
		return outcome(MODEL_INSUFFICIENT);
	rest -= take_from(world, own, rest, at);
	for (struct lot *lot = NULL;
	     rest > 0 && (lot = world_next_lot(world, account, lot)) != NULL;)
		if (world_lot_lives(world, lot, at))
			rest -= take_from(world, lot, rest, at);
	world_touch(world, account, at);
	if (world->policy == MODEL_NEGATIVE) {
		world->accounts[account].debt += rest;
		rest = 0;
	}
	entry = world_entry(world, command, MODEL_RETURNED, account, rest - sum);
	entry->answer.clipped = rest;
	return entry->answer;
}

static const struct entry *known_refund(const struct world *world,
					const struct model_command *command)
{
	for (int i = 0; i < world->entries_n && command->doc; i++)
		if (world->entries[i].corrects == command->of &&
		    world->entries[i].doc == command->doc)
			return &world->entries[i];
	return NULL;
}

static bool is_gone(const struct world *world, const struct entry *entry)
{
	return world->cards[entry->card].deleted ||
	       world->cards[world_heir_of(world, entry->account)].deleted;
}

struct model_answer model_do_refund(struct world *world, const struct model_command *given)
{
	struct entry *entry = entry_of(world, given->of);
	struct model_command command = *given;
	const struct entry *known = known_refund(world, given);
	unsigned faults = 0;

	if (!entry)
		return outcome(MODEL_NOT_FOUND);
	if (known)
		return given->sum == 0 || known->asked == given->sum ? replay_of(known)
								     : outcome(MODEL_MISMATCH);
	int64_t whole = entry->sum < 0 ? -entry->sum : entry->sum;
	int64_t sum = given->sum ? given->sum : whole - entry->asked;
	if (entry->kind != MODEL_SPENT && entry->kind != MODEL_ACCRUAL)
		return model_refuse(MODEL_NO_REFUND);
	faults |= is_gone(world, entry) ? MODEL_DELETED : 0;
	faults |= sum == 0 || sum > whole - entry->asked ? MODEL_TOO_MUCH : 0;
	if (faults)
		return model_refuse(faults);
	command.card = entry->card;
	struct model_answer answer = entry->kind == MODEL_SPENT
					     ? refund_spend(world, &command, entry, sum)
					     : return_accrual(world, &command, entry, sum);
	if (answer.outcome == MODEL_OK) {
		entry->asked += sum;
		entry_of(world, command.name)->asked = sum;
	}
	return answer;
}

static struct model_answer hold_again(const struct hold *hold, int64_t sum)
{
	if (hold->amount != sum)
		return outcome(MODEL_MISMATCH);
	return (struct model_answer){.outcome = MODEL_OK, .replayed = true, .posting = hold->name};
}

struct model_answer model_do_hold(struct world *world, const struct model_command *command)
{
	int64_t at = command->at;

	if (!world->cards[command->card].made)
		return outcome(MODEL_NOT_FOUND);
	for (int i = 0; i < world->holds_n && command->doc; i++)
		if (world->holds[i].card == command->card && world->holds[i].doc == command->doc)
			return hold_again(&world->holds[i], command->sum);
	unsigned faults = posting_faults(world, command->card, at, true);
	if (faults)
		return model_refuse(faults);
	int account = world_account_of(world, command->card);
	world_settle(world, account, at);
	if (world_available(world, account, at) < command->sum)
		return outcome(MODEL_INSUFFICIENT);
	world_eat(world, command, account, command->sum);
	world->holds[world->holds_n++] = (struct hold){.name = command->name,
						       .card = command->card,
						       .account = account,
						       .amount = command->sum,
						       .until = at + command->until,
						       .doc = command->doc};
	return (struct model_answer){.outcome = MODEL_OK, .posting = command->name};
}

static struct hold *hold_of(struct world *world, int name)
{
	for (int i = 0; i < world->holds_n; i++)
		if (world->holds[i].name == name)
			return &world->holds[i];
	return NULL;
}

static unsigned hold_faults(const struct world *world, const struct hold *hold)
{
	static const unsigned faults[] = {[IS_OPEN] = 0,
					  [IS_CAPTURED] = MODEL_WAS_CAPTURED,
					  [IS_VOIDED] = MODEL_WAS_VOIDED,
					  [IS_EXPIRED] = MODEL_WAS_EXPIRED};

	return faults[hold->state] | (world->cards[hold->card].deleted ? MODEL_DELETED : 0);
}

struct model_answer model_do_capture(struct world *world, const struct model_command *given)
{
	struct hold *hold = hold_of(world, given->of);
	struct model_command command = *given;

	if (!hold)
		return outcome(MODEL_NOT_FOUND);
	world_settle(world, hold->account, given->at);
	int64_t sum = given->sum ? given->sum : hold->amount;
	unsigned faults = hold_faults(world, hold) | (sum > hold->amount ? MODEL_TOO_MUCH : 0);
	if (faults)
		return model_refuse(faults);
	world_give_back(world, hold->name, hold->amount - sum, false, given->at);
	for (int i = 0; i < world->parts_n; i++) {
		struct part *part = &world->parts[i];
		if (part->owner != hold->name)
			continue;
		*part = (struct part){.owner = given->name,
				      .lot = part->lot,
				      .amount = part->amount - part->back};
	}
	hold->state = IS_CAPTURED;
	world_touch(world, hold->account, given->at);
	command.card = hold->card;
	command.of = 0;
	command.doc = hold->doc;
	command.doc_type = 0;
	world->cards[hold->card].sold = true;
	return world_entry(world, &command, MODEL_SPENT, hold->account, -sum)->answer;
}

struct model_answer model_do_void(struct world *world, const struct model_command *command)
{
	struct hold *hold = hold_of(world, command->of);

	if (!hold)
		return outcome(MODEL_NOT_FOUND);
	world_settle(world, hold->account, command->at);
	unsigned faults = hold_faults(world, hold);
	if (faults)
		return model_refuse(faults);
	world_give_back(world, hold->name, hold->amount, false, command->at);
	hold->state = IS_VOIDED;
	return (struct model_answer){.outcome = MODEL_OK, .posting = command->name};
}
