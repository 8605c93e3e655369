#include "model_history.h"

#include <stddef.h>

#define HOUR_MS   INT64_C(3600000)
#define DOCUMENTS 5
#define EDGE_DAYS 6 /* no edge further ahead is jumped to */

/* splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators) */
static uint64_t draw(struct history *history)
{
	uint64_t z = history->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

int history_random(struct history *history, int limit)
{
	return (int)(draw(history) % (uint64_t)limit);
}

static bool chance(struct history *history, int percent)
{
	return history_random(history, 100) < percent;
}

void history_begin(struct history *history, uint64_t seed)
{
	*history = (struct history){.random = seed, .now = HISTORY_BEGIN};
}

/* When something of a command begins or ends; 0 = nothing does. */
static int64_t edge_of(struct history *history, const struct model_command *did)
{
	int64_t time = did->business ? did->business : did->at;
	int64_t edges[] = {
		did->at,
		did->starts_days
			? model_day(did->starts_base ? did->starts_base : time, did->starts_days)
			: 0,
		did->ends_days ? model_day(did->ends_base ? did->ends_base : time, did->ends_days)
			       : 0,
		did->verb == MODEL_BLOCK ? did->until : 0,
		did->verb == MODEL_HOLD ? did->at + did->until : 0,
		did->valid_from,
		did->valid_to ? did->valid_to + 1000 : 0,
		model_day(time, 1 + history_random(history, 3)),
	};

	return edges[history_random(history, (int)(sizeof edges / sizeof edges[0]))];
}

int64_t history_moment(struct history *history, const struct model *model, bool ahead)
{
	int64_t far = history->now + EDGE_DAYS * MODEL_DAY_MS;

	for (int i = 0; i < 8 && model->n > 0; i++) {
		const struct model_command *did =
			&model->commands[history_random(history, model->n)];
		int64_t edge = edge_of(history, did);
		int64_t moment = edge + history_random(history, 3) - 1;
		if (edge == 0 || edge == MODEL_FOREVER || moment < HISTORY_BEGIN || moment > far)
			continue;
		if (ahead ? moment > history->now : moment < history->now)
			return moment;
	}
	if (ahead)
		return history->now + 1 + history_random(history, (int)(6 * HOUR_MS));
	int64_t age = history->now - HISTORY_BEGIN;
	return age ? HISTORY_BEGIN + (int64_t)(draw(history) % (uint64_t)age) : HISTORY_BEGIN;
}

/* Mostly a little later; often at an edge; never the same millisecond, so that ids are in the
 * order of posting. */
static void tick(struct history *history, const struct model *model)
{
	if (chance(history, 25))
		history->now = history_moment(history, model, true);
	else if (chance(history, 50))
		history->now += 1 + history_random(history, 3);
	else
		history->now += 1 + history_random(history, (int)HOUR_MS);
}

/* Sometimes one that nobody has made; seldom one that can do nothing. */
static int random_card(struct history *history)
{
	int card = history->cards;

	if (chance(history, 2) && card < MODEL_CARDS)
		return card;
	for (int i = 0; i < 4; i++) {
		card = history_random(history, history->cards);
		if (!history->unfit[card])
			break;
	}
	return card;
}

/* Rather one that it can do some good to. */
static void make_fit(struct history *history, const struct model *model,
		     struct model_command *command)
{
	(void)model;
	for (int i = 0; i < 6 && !history->unfit[command->card]; i++)
		command->card = history_random(history, history->cards);
}

static int64_t small_sum(struct history *history)
{
	return 1 + history_random(history, chance(history, 80) ? 10 : 200);
}

/* Often what the card has, exactly, or a little more. */
static int64_t spending(struct history *history, const struct model *model, int card)
{
	static struct model_view view;

	if (chance(history, 20))
		return small_sum(history);
	model_look(model, card, history->now, &view);
	int64_t sum = view.available + history_random(history, 3) - 1;
	if (sum > 1 && chance(history, 75))
		sum = 1 + history_random(history, (int)sum);
	return sum > 0 ? sum : 1;
}

static void business_time(struct history *history, struct model_command *command)
{
	if (chance(history, 15))
		command->business = command->at - history_random(history, (int)(72 * HOUR_MS));
	if (chance(history, 4))
		command->business = command->at + MODEL_DAY_MS + history_random(history, 3) - 1;
}

static void document(struct history *history, struct model_command *command)
{
	command->counted = chance(history, 30);
	if (chance(history, 40)) {
		command->doc = 1 + history_random(history, DOCUMENTS);
		command->doc_type = history_random(history, 2);
	}
}

static void make_card(struct history *history, const struct model *model,
		      struct model_command *command)
{
	(void)model;
	if (history->cards == MODEL_CARDS) {
		command->verb = MODEL_BURN;
		return;
	}
	command->card = history->cards++;
	command->flag = chance(history, 70);
	command->sum = chance(history, 40) ? small_sum(history) : 0;
	if (command->card > 0 && chance(history, 25))
		command->other = history_random(history, command->card);
	if (chance(history, 40))
		command->days = 1 + history_random(history, 3);
	if (chance(history, 30))
		command->limit = (enum model_limit)history_random(history, MODEL_LIMITS);
	if (chance(history, 5))
		command->valid_from = (command->at + HOUR_MS) / 1000 * 1000;
	if (chance(history, 5))
		command->valid_to = (command->at + 48 * HOUR_MS) / 1000 * 1000;
}

static void make_block(struct history *history, const struct model *model,
		       struct model_command *command)
{
	command->until = chance(history, 30) ? MODEL_FOREVER
					     : history_moment(history, model, !chance(history, 5));
}

static void make_flag(struct history *history, const struct model *model,
		      struct model_command *command)
{
	(void)model;
	command->flag = chance(history, 60);
}

static void make_other(struct history *history, const struct model *model,
		       struct model_command *command)
{
	(void)model;
	command->other = random_card(history);
	if (command->verb == MODEL_MASTER && chance(history, 40))
		command->other = MODEL_NONE;
}

/* Mostly a new card is made for it, which stands ready to take the other's place. */
static void make_replacement(struct history *history, const struct model *model,
			     struct model_command *command)
{
	(void)model;
	command->other = random_card(history);
	if (history->cards == MODEL_CARDS || chance(history, 25))
		return;
	history->queued = *command;
	history->queued.other = history->cards;
	*command = (struct model_command){.verb = MODEL_CARD,
					  .at = command->at,
					  .card = history->cards++,
					  .other = MODEL_NONE};
}

static void make_accrual(struct history *history, const struct model *model,
			 struct model_command *command)
{
	(void)model;
	command->sum = small_sum(history) * (1 + history_random(history, 4));
	business_time(history, command);
	document(history, command);
	if (chance(history, 30))
		command->starts_days = 1 + history_random(history, 3);
	if (chance(history, 60))
		command->ends_days = 1 + history_random(history, 4);
	if (command->starts_days && chance(history, 15))
		command->starts_base = command->at - history_random(history, (int)(72 * HOUR_MS));
	if (command->ends_days && chance(history, 15))
		command->ends_base = command->at + history_random(history, (int)(48 * HOUR_MS));
}

static void make_spend(struct history *history, const struct model *model,
		       struct model_command *command)
{
	command->sum = spending(history, model, command->card);
	business_time(history, command);
	document(history, command);
}

static void make_hold(struct history *history, const struct model *model,
		      struct model_command *command)
{
	static const int64_t timeouts[] = {1000, 900000, 86400000, 172800000, 345600000};

	command->sum = spending(history, model, command->card);
	command->until = timeouts[history_random(history, 5)];
	if (chance(history, 30))
		command->doc = 1 + history_random(history, DOCUMENTS);
}

static bool is_one_of(struct history *history, const struct model_command *did, unsigned verbs)
{
	return ((verbs >> did->verb) & 1) && (history->done[did->name] || chance(history, 3));
}

/* A random earlier command of these verbs, the last ones rather than the first; 0 = none. */
static int earlier(struct history *history, const struct model *model, unsigned verbs)
{
	int found = 0;

	for (int i = model->n; i-- > 0;) {
		if (!is_one_of(history, &model->commands[i], verbs))
			continue;
		found = model->commands[i].name;
		if (chance(history, 25))
			break;
	}
	return found;
}

static void make_refund(struct history *history, const struct model *model,
			struct model_command *command)
{
	command->of = earlier(history, model,
			      1U << MODEL_SPEND | 1U << MODEL_ACCRUE | 1U << MODEL_CAPTURE |
				      (chance(history, 5) ? 1U << MODEL_REFUND : 0));
	command->sum = chance(history, 40) ? 0 : small_sum(history);
	if (chance(history, 30))
		command->doc = 1 + history_random(history, DOCUMENTS);
}

static void make_close(struct history *history, const struct model *model,
		       struct model_command *command)
{
	command->of = earlier(history, model, 1U << MODEL_HOLD);
	if (command->verb == MODEL_CAPTURE && chance(history, 60))
		command->sum = small_sum(history);
}

static void make_policy(struct history *history, const struct model *model,
			struct model_command *command)
{
	(void)model;
	command->sum = history_random(history, 3);
	command->starts_days = chance(history, 20) ? 1 + history_random(history, 2) : 0;
	command->ends_days = chance(history, 30) ? 1 + history_random(history, 4) : 0;
}

typedef void make_fn(struct history *history, const struct model *model,
		     struct model_command *command);

/* How often each verb comes, and what fills in its members. */
static const struct {
	int weight;
	make_fn *make;
} makers[MODEL_VERBS] = {
	[MODEL_CARD] = {4, make_card},       [MODEL_BLOCK] = {3, make_block},
	[MODEL_UNBLOCK] = {5, make_fit},     [MODEL_ACTIVATE] = {6, make_fit},
	[MODEL_DEACTIVATE] = {3, NULL},      [MODEL_DELETE] = {2, make_flag},
	[MODEL_MASTER] = {4, make_other},    [MODEL_REPLACE] = {4, make_replacement},
	[MODEL_ACCRUE] = {26, make_accrual}, [MODEL_SPEND] = {22, make_spend},
	[MODEL_REFUND] = {20, make_refund},  [MODEL_HOLD] = {14, make_hold},
	[MODEL_CAPTURE] = {10, make_close},  [MODEL_VOID] = {6, make_close},
	[MODEL_POLICY] = {2, make_policy},   [MODEL_BURN] = {3, NULL},
};

static enum model_verb random_verb(struct history *history)
{
	int all = 0, drawn;

	for (int i = 0; i < MODEL_VERBS; i++)
		all += makers[i].weight;
	drawn = history_random(history, all);
	for (int i = 0; i < MODEL_VERBS; i++) {
		drawn -= makers[i].weight;
		if (drawn < 0)
			return (enum model_verb)i;
	}
	return MODEL_BURN;
}

void history_note(struct history *history, const struct model_command *command, bool done)
{
	bool unfit = command->verb == MODEL_DELETE || command->verb == MODEL_REPLACE ||
		     command->verb == MODEL_DEACTIVATE || command->verb == MODEL_BLOCK;

	history->done[command->name] = done;
	if (!done)
		return;
	if (unfit || (command->verb == MODEL_CARD && !command->flag))
		history->unfit[command->card] = true;
	if (command->verb == MODEL_ACTIVATE || command->verb == MODEL_UNBLOCK)
		history->unfit[command->card] = false;
	if (command->verb == MODEL_REPLACE)
		history->unfit[command->other] = false;
}

/* A command of before, word for word: what a till does that got no answer. */
static bool make_again(struct history *history, const struct model *model,
		       struct model_command *command)
{
	int again = earlier(history, model,
			    1U << MODEL_ACCRUE | 1U << MODEL_SPEND | 1U << MODEL_REFUND |
				    1U << MODEL_HOLD | 1U << MODEL_CAPTURE);

	if (again == 0)
		return false;
	*command = model->commands[again - 1];
	return true;
}

static void make(struct history *history, const struct model *model, struct model_command *command)
{
	if (history->queued.verb != MODEL_CARD) {
		*command = history->queued;
		history->queued.verb = MODEL_CARD;
		return;
	}
	if (chance(history, 6) && make_again(history, model, command))
		return;
	command->verb = history->cards < 3 ? MODEL_CARD : random_verb(history);
	if (command->verb != MODEL_CARD)
		command->card = random_card(history);
	if (makers[command->verb].make)
		makers[command->verb].make(history, model, command);
}

struct model_command history_next(struct history *history, const struct model *model)
{
	struct model_command command = {.other = MODEL_NONE};

	tick(history, model);
	command.at = history->now;
	make(history, model, &command);
	command.at = history->now;
	command.name = ++history->named;
	command.seen_card = history_random(history, history->cards);
	command.seen_at = history_moment(history, model, chance(history, 25));
	return command;
}

int history_shrink(struct model_command *commands, int n, int tries, history_fails *fails,
		   void *arg)
{
	static struct model_command rest[MODEL_COMMANDS];

	for (int chunk = n / 2; chunk > 0; chunk /= 2) {
		for (int at = 0; at < n && tries > 0;) {
			int drop = chunk < n - at ? chunk : n - at;
			for (int i = 0; i < n - drop; i++)
				rest[i] = commands[i < at ? i : i + drop];
			tries--;
			if (!fails(arg, rest, n - drop)) {
				at += drop;
				continue;
			}
			n -= drop;
			for (int i = 0; i < n; i++)
				commands[i] = rest[i];
		}
	}
	return n;
}
