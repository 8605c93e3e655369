/* Lots, and what the clock does to them. */
#include <assert.h>
#include <stddef.h>

#include "world.h"

#define ZONE_MS INT64_C(10800000)

int64_t model_day(int64_t base, int days)
{
	int64_t local = base + ZONE_MS;

	return local - local % MODEL_DAY_MS + days * MODEL_DAY_MS - ZONE_MS;
}

/* 00:00 of the Monday before; 1 January 1970 was a Thursday. */
static int64_t week_of(int64_t base)
{
	int64_t days = (base + ZONE_MS) / MODEL_DAY_MS;

	return model_day(base, -(int)((days + 3) % 7));
}

bool world_is_over_limit(const struct world *world, const struct model_command *command)
{
	int64_t time = command->business ? command->business : command->at, from, to;
	enum model_limit limit = world->cards[command->card].limit;
	int n = 0;

	if (!command->counted || limit == MODEL_NO_LIMIT)
		return false;
	from = limit == MODEL_TWO_A_DAY ? model_day(time, 0) : week_of(time);
	to = model_day(from, limit == MODEL_TWO_A_DAY ? 1 : 7);
	for (int i = 0; i < world->entries_n; i++) {
		const struct entry *entry = &world->entries[i];
		n += entry->counted && entry->card == command->card && entry->business >= from &&
		     entry->business < to;
	}
	return n >= (limit == MODEL_TWO_A_DAY ? 2 : 3);
}

/* When idleness ends the points of an account; MODEL_FOREVER = never. */
static int64_t idle_end(const struct world *world, int account)
{
	int days = world->cards[account].idle_days;
	int64_t activity = world->accounts[account].activity;

	return days && activity ? model_day(activity, days) : MODEL_FOREVER;
}

void world_touch(struct world *world, int account, int64_t business)
{
	int64_t *activity = &world->accounts[account].activity;

	if (*activity < business)
		*activity = business;
}

bool world_lot_has_ended(const struct world *world, const struct lot *lot, int64_t at)
{
	int64_t idle = idle_end(world, lot->account);

	if (lot->to != 0 && lot->to <= at)
		return true;
	return lot->business < idle && idle <= at;
}

bool world_lot_lives(const struct world *world, const struct lot *lot, int64_t at)
{
	return lot->from <= at && !world_lot_has_ended(world, lot, at);
}

int64_t world_available(const struct world *world, int account, int64_t at)
{
	int64_t sum = -world->accounts[account].debt;

	for (int i = 0; i < world->lots_n; i++)
		if (world->lots[i].account == account &&
		    world_lot_lives(world, &world->lots[i], at))
			sum += world->lots[i].left;
	return sum;
}

static void burn_ended(struct world *world, int account, int64_t at)
{
	for (int i = 0; i < world->lots_n; i++) {
		struct lot *lot = &world->lots[i];
		if (lot->account != account || !world_lot_has_ended(world, lot, at))
			continue;
		world->accounts[account].burnt += lot->left;
		lot->left = 0;
	}
}

void world_settle(struct world *world, int account, int64_t at)
{
	for (int i = 0; i < world->holds_n; i++) {
		struct hold *hold = &world->holds[i];
		if (hold->account != account || hold->state != IS_OPEN || hold->until > at)
			continue;
		world_give_back(world, hold->name, hold->amount, false, at);
		hold->state = IS_EXPIRED;
	}
	burn_ended(world, account, at);
}

struct entry *world_entry(struct world *world, const struct model_command *command,
			  enum model_kind kind, int account, int64_t sum)
{
	assert(world->entries_n < MODEL_ENTRIES);
	struct entry *entry = &world->entries[world->entries_n++];

	*entry = (struct entry){.name = command->name,
				.kind = kind,
				.card = command->card,
				.account = account,
				.sum = sum,
				.business = command->business ? command->business : command->at,
				.corrects = command->of,
				.doc = command->doc,
				.doc_type = command->doc_type,
				.counted = command->counted,
				.answer = {.outcome = MODEL_OK, .posting = command->name}};
	world->cards[command->card].posted = true;
	world->cards[account].posted = true;
	return entry;
}

struct lot *world_lot(struct world *world, const struct model_command *command, int account,
		      int64_t amount)
{
	struct account *books = &world->accounts[account];
	int64_t pays = amount < books->debt ? amount : books->debt;

	assert(world->lots_n < MODEL_LOTS);
	books->debt -= pays;
	books->received += amount;
	world->lots[world->lots_n] = (struct lot){
		.account = account,
		.maker = command->name,
		.amount = amount,
		.left = amount - pays,
		.business = command->business ? command->business : command->at,
		.from = command->at,
	};
	return &world->lots[world->lots_n++];
}

/* Does a come before b in burn order? Of two with the same dates the older. */
static bool burns_before(const struct lot *a, const struct lot *b)
{
	int64_t a_to = a->to ? a->to : MODEL_FOREVER, b_to = b->to ? b->to : MODEL_FOREVER;

	if (a_to != b_to)
		return a_to < b_to;
	return a->from != b->from ? a->from < b->from : a < b;
}

struct lot *world_next_lot(struct world *world, int account, const struct lot *after)
{
	struct lot *best = NULL;

	for (struct lot *lot = world->lots; lot < world->lots + world->lots_n; lot++)
		if (lot->account == account && (!after || burns_before(after, lot)) &&
		    (!best || burns_before(lot, best)))
			best = lot;
	return best;
}

void world_eat(struct world *world, const struct model_command *command, int account, int64_t sum)
{
	for (struct lot *lot = NULL; sum > 0;) {
		lot = world_next_lot(world, account, lot);
		assert(lot);
		if (!world_lot_lives(world, lot, command->at) || lot->left == 0)
			continue;
		int64_t bite = sum < lot->left ? sum : lot->left;
		assert(world->parts_n < 2 * MODEL_ENTRIES);
		world->parts[world->parts_n++] = (struct part){
			.owner = command->name, .lot = (int)(lot - world->lots), .amount = bite};
		lot->left -= bite;
		sum -= bite;
	}
}

/* Back into a lot, the debt first; what the clock has ended is lost. */
static int64_t lay_back(struct world *world, struct lot *lot, int64_t sum, bool pays, int64_t at)
{
	struct account *books = &world->accounts[lot->account];
	int64_t paid = pays ? (sum < books->debt ? sum : books->debt) : 0;

	books->debt -= paid;
	sum -= paid;
	if (world_lot_has_ended(world, lot, at)) {
		books->burnt += sum;
		return sum;
	}
	lot->left += sum;
	return 0;
}

int64_t world_give_back(struct world *world, int owner, int64_t sum, bool pays, int64_t at)
{
	int64_t lost = 0;

	for (int i = world->parts_n; i-- > 0 && sum > 0;) {
		struct part *part = &world->parts[i];
		int64_t can = part->amount - part->back;
		if (part->owner != owner || can == 0)
			continue;
		int64_t gives = sum < can ? sum : can;
		part->back += gives;
		sum -= gives;
		lost += lay_back(world, &world->lots[part->lot], gives, pays, at);
	}
	return lost;
}
