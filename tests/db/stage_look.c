#include "stage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card.h"
#include "posting.h"
#include "statement.h"

bool stage_is_quiet;

static struct model_view expected;

static bool same(const char *what, int64_t here, int64_t model)
{
	if (here == model)
		return true;
	if (!stage_is_quiet)
		fprintf(stderr, "%s: the ledger says %" PRId64 ", the model %" PRId64 "\n", what,
			here, model);
	return false;
}

static int by_dates(const void *a, const void *b)
{
	const struct model_lot *one = a, *other = b;
	const int64_t keys[][2] = {
		{one->to, other->to}, {one->from, other->from}, {one->business, other->business}};

	for (int i = 0; i < 3; i++)
		if (keys[i][0] != keys[i][1])
			return keys[i][0] < keys[i][1] ? -1 : 1;
	return 0;
}

/* Lots with the same dates become one: which of them was eaten first is nobody's business. */
static int join_lots(struct model_lot *lots, int n)
{
	int kept = 0;

	qsort(lots, (size_t)n, sizeof *lots, by_dates);
	for (int i = 0; i < n; i++)
		if (kept > 0 && by_dates(&lots[kept - 1], &lots[i]) == 0)
			lots[kept - 1].left += lots[i].left;
		else
			lots[kept++] = lots[i];
	return kept;
}

static bool lots_agree(const char *what, const struct list *list)
{
	static struct model_lot here[MODEL_LOTS], model[MODEL_LOTS];
	const struct statement_lot *lot = list->rows;
	int here_n = (int)list->n, model_n = expected.lots_n;
	bool good = true;

	for (int i = 0; i < here_n; i++)
		here[i] = (struct model_lot){lot[i].date.ms, lot[i].remaining.minor,
					     lot[i].active_from.ms, lot[i].active_to.ms};
	memcpy(model, expected.lots, (size_t)model_n * sizeof *model);
	here_n = join_lots(here, here_n);
	model_n = join_lots(model, model_n);
	good = same(what, here_n, model_n);
	for (int i = 0; i < here_n && good; i++)
		good = same("lot's date", here[i].business, model[i].business) &&
		       same("lot's rest", here[i].left, model[i].left) &&
		       same("lot's start", here[i].from, model[i].from) &&
		       same("lot's end", here[i].to, model[i].to);
	return good;
}

static const char *const kinds[MODEL_KINDS] = {
	[MODEL_OPENING] = "opening",
	[MODEL_ACCRUAL] = "accrual",
	[MODEL_SPENT] = "spend",
	[MODEL_REFUNDED] = "refund",
	[MODEL_RETURNED] = "accrual_return",
	[MODEL_MOVED_OUT] = "transfer_out",
	[MODEL_MOVED_IN] = "transfer_in",
};

/* All but burns, which come when a job or a posting finds them, one by one. */
static bool entries_agree(const struct list *list)
{
	const struct statement_entry *entry = list->rows;
	int64_t balance = 0, burnt = 0;
	int at = 0;

	for (size_t i = 0; i < list->n; i++) {
		balance += entry[i].sum.minor;
		if (!same("seq", entry[i].seq, (int64_t)i + 1) ||
		    !same("balance after", entry[i].balance_after.minor, balance))
			return false;
		if (str_eq(entry[i].kind, STR("burn"))) {
			burnt -= entry[i].sum.minor;
			continue;
		}
		const struct model_entry *model = &expected.entries[at++];
		if (at > expected.entries_n)
			return same("entries", at, expected.entries_n);
		if (!str_eq(entry[i].kind, str_of(kinds[model->kind]))) {
			return same(kinds[model->kind], 0, 1);
		}
		if (!same("entry's sum", entry[i].sum.minor, model->sum) ||
		    !same("entry's date", entry[i].date.ms, model->business))
			return false;
	}
	if (burnt > expected.burnt)
		return same("burnt", burnt, expected.burnt);
	return same("entries", at, expected.entries_n);
}

static bool holds_agree(const struct list *list)
{
	const struct statement_hold *hold = list->rows;
	int64_t sum = 0;

	for (size_t i = 0; i < list->n; i++)
		sum += hold[i].sum.minor;
	return same("holds", (int64_t)list->n, expected.holds_n) &&
	       same("sum of holds", sum, expected.held);
}

static bool explained(struct stage *stage, int card, int64_t at)
{
	struct explain_in in = {.id = stage_card(card), .at = {at}};
	struct explain_out out;

	sent_set(&in.sent, offsetof(struct explain_in, at));
	arena_reset(stage->scene->ctx.arena, 0);
	enum err err = scene_run(stage->scene, &op_balance_explain, &in, &out);
	return same("explain", err, ERR_OK) &&
	       same("available", out.available.minor, expected.available) &&
	       same("held", out.held.minor, expected.held) &&
	       same("pending", out.pending.minor, expected.pending) &&
	       lots_agree("lots", &out.lots) && holds_agree(&out.holds) &&
	       entries_agree(&out.entries);
}

/* balance_info tells of lots that are still to start or to end. */
static void keep_changing(int64_t now)
{
	int kept = 0;

	for (int i = 0; i < expected.lots_n; i++)
		if (expected.lots[i].to != 0 || expected.lots[i].from > now)
			expected.lots[kept++] = expected.lots[i];
	expected.lots_n = kept;
}

static bool informed(struct stage *stage, int card)
{
	struct balance_info_in in = {.id = stage_card(card)};
	struct balance_info_out out;

	arena_reset(stage->scene->ctx.arena, 0);
	enum err err = scene_run(stage->scene, &op_balance_info, &in, &out);
	keep_changing(stage->scene->clock.fixed_ms);
	return same("balance_info", err, ERR_OK) &&
	       same("balance_info's available", out.available.minor, expected.available) &&
	       same("received", out.received.minor, expected.received) &&
	       lots_agree("active lots", &out.active);
}

static bool shown(struct stage *stage, int card)
{
	struct card_out out;

	arena_reset(stage->scene->ctx.arena, 0);
	enum err err =
		scene_run(stage->scene, &op_card_get, &(struct id_in){stage_card(card)}, &out);
	if (!expected.exists)
		return same("card is not there", err, ERR_NOT_FOUND);
	return same("card is there", err, ERR_OK) &&
	       same("card's available", out.card.available.minor, expected.available);
}

/* One row of the vendor's list: which way, how much, when. */
static bool row_agrees(const struct transaction *row, const struct model_entry *model)
{
	bool on = model->sum > 0 || (model->sum == 0 && model->kind == MODEL_MOVED_IN);

	return same("transaction's type", row->type, on ? POSTING_ON : POSTING_OFF) &&
	       same("transaction's sum", row->sum.minor,
		    model->sum < 0 ? -model->sum : model->sum) &&
	       same("transaction's time", row->time.ms, model->business);
}

/* Burns are not compared: some are the job's. */
static bool rows_agree(const struct list *list)
{
	const struct transaction *row = list->rows;
	int n = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (str_eq(row[i].description, STR("burnt")))
			continue;
		if (n == expected.posted_n)
			return same("transactions", n + 1, n);
		if (!row_agrees(&row[i], &expected.posted[n++]))
			return false;
	}
	return same("transactions", n, expected.posted_n);
}

static bool listed(struct stage *stage, int card)
{
	struct transaction_list_in in = {.card_id = stage_card(card),
					 .page = {.per_page = PAGE_SIZE_MAX}};
	struct transaction_list_out out;

	arena_reset(stage->scene->ctx.arena, 0);
	enum err err = scene_run(stage->scene, &op_transaction_list, &in, &out);
	return same("transaction_list", err, ERR_OK) && rows_agree(&out.transactions);
}

bool stage_agrees(struct stage *stage, const struct model *model, int card, int64_t now)
{
	stage->scene->clock.fixed_ms = now;
	model_look(model, card, now, &expected);
	return shown(stage, card) && (!expected.exists || informed(stage, card));
}

bool stage_explains(struct stage *stage, const struct model *model, int card, int64_t now,
		    int64_t at)
{
	stage->scene->clock.fixed_ms = now;
	model_look(model, card, now, &expected);
	if (!expected.exists)
		return true;
	model_look(model, card, at, &expected);
	if (!expected.exists)
		return true;
	return explained(stage, card, at) && (at != now || listed(stage, card));
}
