/* The list of commands, done again for every question. */
#include <assert.h>
#include <stddef.h>

#include "world.h"

static struct model_answer model_do_policy(struct world *world, const struct model_command *command)
{
	world->policy = (enum model_policy)command->sum;
	world->starts_days = command->starts_days;
	world->ends_days = command->ends_days;
	return (struct model_answer){.outcome = MODEL_OK, .posting = command->name};
}

static struct model_answer model_do_burn(struct world *world, const struct model_command *command)
{
	(void)world;
	return (struct model_answer){.outcome = MODEL_OK, .posting = command->name};
}

static act *const acts[MODEL_VERBS] = {
	[MODEL_CARD] = model_do_card,
	[MODEL_BLOCK] = model_do_block,
	[MODEL_UNBLOCK] = model_do_unblock,
	[MODEL_ACTIVATE] = model_do_activate,
	[MODEL_DEACTIVATE] = model_do_deactivate,
	[MODEL_DELETE] = model_do_delete,
	[MODEL_MASTER] = model_do_master,
	[MODEL_REPLACE] = model_do_replace,
	[MODEL_ACCRUE] = model_do_accrue,
	[MODEL_SPEND] = model_do_spend,
	[MODEL_REFUND] = model_do_refund,
	[MODEL_HOLD] = model_do_hold,
	[MODEL_CAPTURE] = model_do_capture,
	[MODEL_VOID] = model_do_void,
	[MODEL_POLICY] = model_do_policy,
	[MODEL_BURN] = model_do_burn,
};

static void world_begin(struct world *world)
{
	world->lots_n = world->parts_n = world->holds_n = world->entries_n = 0;
	world->policy = MODEL_CLIP;
	world->starts_days = world->ends_days = 0;
	for (int i = 0; i < MODEL_CARDS; i++) {
		world->cards[i] = (struct card){.master = MODEL_NONE, .successor = MODEL_NONE};
		world->accounts[i] = (struct account){.debt = 0};
	}
}

/* All commands until `at`, from the first; the answer is the last one's. */
static struct model_answer replay(const struct model *model, int64_t at, struct world *world)
{
	struct model_answer answer = {.outcome = MODEL_OK};

	world_begin(world);
	for (int i = 0; i < model->n && model->commands[i].at <= at; i++)
		answer = acts[model->commands[i].verb](world, &model->commands[i]);
	return answer;
}

static struct world world;

struct model_answer model_do(struct model *model, const struct model_command *command)
{
	assert(model->n < MODEL_COMMANDS);
	assert(model->n == 0 || model->commands[model->n - 1].at <= command->at);
	model->commands[model->n++] = *command;
	return replay(model, command->at, &world);
}

static void look_at_lots(int account, int64_t at, struct model_view *view)
{
	for (struct lot *lot = NULL; (lot = world_next_lot(&world, account, lot)) != NULL;) {
		if (lot->left == 0)
			continue;
		if (lot->from > at)
			view->pending += lot->left;
		view->lots[view->lots_n++] = (struct model_lot){.business = lot->business,
								.left = lot->left,
								.from = lot->from,
								.to = lot->to};
	}
}

static void look_at_holds(int account, struct model_view *view)
{
	for (int i = 0; i < world.holds_n; i++)
		if (world.holds[i].account == account && world.holds[i].state == IS_OPEN) {
			view->holds[view->holds_n++] = world.holds[i].amount;
			view->held += world.holds[i].amount;
		}
}

static void look_at_entries(int account, struct model_view *view)
{
	for (int i = 0; i < world.entries_n; i++) {
		const struct entry *entry = &world.entries[i];
		if (entry->account == account)
			view->entries[view->entries_n++] = (struct model_entry){
				entry->kind, entry->sum, entry->business, entry->doc};
	}
}

/* Those of one moment as they were posted. */
static void look_at_posted(int card, struct model_view *view)
{
	for (int i = 0; i < world.entries_n; i++) {
		const struct entry *entry = &world.entries[i];
		int at = view->posted_n;
		if (entry->card != card)
			continue;
		for (; at > 0 && view->posted[at - 1].business > entry->business; at--)
			view->posted[at] = view->posted[at - 1];
		view->posted[at] =
			(struct model_entry){entry->kind, entry->sum, entry->business, entry->doc};
		view->posted_n++;
	}
}

void model_look(const struct model *model, int card, int64_t at, struct model_view *view_r)
{
	replay(model, at, &world);
	view_r->lots_n = view_r->holds_n = view_r->entries_n = view_r->posted_n = 0;
	view_r->held = view_r->pending = 0;
	view_r->exists = world.cards[card].made && !world.cards[card].deleted;
	int account = world_account_of(&world, card);
	world_settle(&world, account, at);
	view_r->available = world_available(&world, account, at);
	view_r->received = world.accounts[account].received;
	view_r->burnt = world.accounts[account].burnt;
	look_at_lots(account, at, view_r);
	look_at_holds(account, view_r);
	look_at_entries(account, view_r);
	look_at_posted(card, view_r);
}
