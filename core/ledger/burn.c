/* What the clock has done, written down: lots that have ended, holds past their time. */
#include <string.h>

#include "mutation.h"
#include "operation.h"
#include "rule.h"
#include "stmt_gen.h"

struct burning {
	struct book book;
	struct list ended; /* lot_row, in burn order */
};

/* All lots of some accounts that are read at once; with more, each account's first ones are. */
#define TOGETHER_LOTS_MAX 1000
#define GROUPS_MAX        (BURN_ACCOUNTS_MAX / AMONG)
#define AMONG             (sizeof(struct file_ids_row) / sizeof(struct uuid))

static enum err ask_each(struct ctx *ctx, const struct burn_in *in, struct burning *burnings)
{
	const struct burn_account *account = in->accounts.rows;
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	for (size_t i = 0; i < in->accounts.n; i++) {
		struct lot_ended_in ended = {ctx_organisation(ctx), account[i].card_id,
					     account[i].unit, ctx_now(ctx),
					     burn_lots_each(in->accounts.n)};
		book_ask(&burnings[i].book, ctx, &batch, BOOK_OWN, &account[i].card_id,
			 (enum unit)account[i].unit, true);
		batch_lot_ended(&batch, &ended, &burnings[i].ended);
	}
	return batch_run(&batch);
}

/* What some accounts together have. */
struct group {
	struct file_ids_row ids;
	struct list cards, accounts, lots; /* by card, ascending */
};

static void ask_group(struct ctx *ctx, struct batch *batch, struct group *group)
{
	struct posting_card_among_lock_in cards = {ctx_organisation(ctx), group->ids};
	struct account_among_lock_in accounts = {cards.organisation_id, group->ids};
	struct lot_open_among_in lots = {cards.organisation_id, group->ids, TOGETHER_LOTS_MAX};
	batch_posting_card_among_lock(batch, &cards, &group->cards);
	batch_account_among_lock(batch, &accounts, &group->accounts);
	batch_lot_open_among(batch, &lots, &group->lots);
}

/* Rows of one card; ids ascend from call to call, and what lies before is left behind. */
static struct list rows_of(struct list *rest, size_t size, size_t id_at, const struct uuid *id)
{
	struct list found = {0};
	while (rest->n > 0 && memcmp((const char *)rest->rows + id_at, id, sizeof *id) < 0)
		*rest = (struct list){(char *)rest->rows + size, rest->n - 1};
	found.rows = rest->rows;
	while (found.n < rest->n &&
	       memcmp((const char *)rest->rows + found.n * size + id_at, id, sizeof *id) == 0)
		found.n++;
	return found;
}

/* Of a card's open lots those of the unit: what has ended of them, and what has not. */
static struct list split(const struct ctx *ctx, struct list lots, int64_t unit,
			 struct list *ended_r)
{
	struct lot_row *lot = lots.rows;
	size_t from = 0, middle, to;
	while (from < lots.n && lot[from].unit < unit)
		from++;
	for (middle = from; middle < lots.n && lot[middle].unit == unit &&
			    lot[middle].burn_at.ms <= ctx_now(ctx).ms;)
		middle++;
	for (to = middle; to < lots.n && lot[to].unit == unit;)
		to++;
	*ended_r = (struct list){lot + from, middle - from};
	return (struct list){lot + middle, to - middle};
}

static void take(struct ctx *ctx, const struct burn_account *account, struct group *group,
		 int64_t most, struct burning *burning)
{
	const struct uuid *id = &account->card_id;
	struct list card = rows_of(&group->cards, sizeof(struct posting_card_row),
				   offsetof(struct posting_card_row, id), id);
	struct list accounts = rows_of(&group->accounts, sizeof(struct account_row),
				       offsetof(struct account_row, card_id), id);
	struct list lots = rows_of(&group->lots, sizeof(struct lot_row),
				   offsetof(struct lot_row, card_id), id);
	struct list open = split(ctx, lots, account->unit, &burning->ended);
	if (burning->ended.n > (size_t)most)
		burning->ended.n = (size_t)most;
	book_take(&burning->book, ctx, (enum unit)account->unit, card.n > 0 ? card.rows : NULL,
		  accounts, open);
}

/* Cards under their locks, ascending, before what they guard. */
static enum err ask(struct ctx *ctx, const struct burn_in *in, struct burning *burnings)
{
	const struct burn_account *account = in->accounts.rows;
	struct group group[GROUPS_MAX] = {0};
	size_t n = in->accounts.n, groups = (n + AMONG - 1) / AMONG;
	struct batch batch;
	bool all = true;
	batch_init(&batch, ctx->db, ctx->arena);
	mutation_open(ctx, &batch);
	for (size_t g = 0; g < groups; g++) {
		struct uuid *id = (struct uuid *)(void *)&group[g].ids;
		for (size_t i = g * AMONG; i < (g + 1) * AMONG; i++)
			*id++ = account[i < n ? i : n - 1].card_id;
		ask_group(ctx, &batch, &group[g]);
	}
	enum err err = mutation_ask(ctx, &batch);
	for (size_t g = 0; g < groups; g++)
		all = all && group[g].lots.n < TOGETHER_LOTS_MAX;
	if (err != ERR_OK || !all)
		return err == ERR_OK ? ask_each(ctx, in, burnings) : err;
	for (size_t i = 0; i < n; i++)
		take(ctx, &account[i], &group[i / AMONG], burn_lots_each(n), &burnings[i]);
	return ERR_OK;
}

static void burn_lot(struct book *book, const struct lot_row *row)
{
	struct entry_row entry = {.id = ctx_uuid(book->ctx),
				  .kind = ENTRY_BURN,
				  .amount = {-row->remaining.minor},
				  .business_at = row->burn_at,
				  .card_id = row->card_id,
				  .author = book->ctx->principal.subject};
	struct book_lot *lot = book_lot_known(book, row);
	book_entry(book, &entry);
	book_move(book, &entry.id, 0, lot, row->remaining.minor, 0);
}

enum err book_burn(struct book *book, size_t *n_r)
{
	struct ctx *ctx = book->ctx;
	struct lot_ended_in in = {ctx_organisation(ctx), *book_account(book), book->unit,
				  ctx_now(ctx), BURN_LOTS_MAX};
	struct list ended = {0};
	enum err err = sql_lot_ended(ctx->db, ctx->arena, &in, &ended);
	const struct lot_row *lot = ended.rows;
	for (size_t i = 0; err == ERR_OK && i < ended.n; i++)
		burn_lot(book, &lot[i]);
	*n_r = ended.n;
	return err;
}

static enum err burn_account(struct burning *burning, struct batch *batch)
{
	struct book *book = &burning->book;
	const struct lot_row *lot = burning->ended.rows;
	int64_t seq;
	enum err err = book_answered(book, book->unit);
	if (err == ERR_NOT_FOUND || book->is_new)
		return ERR_OK;
	book->batch = batch;
	seq = book->account.last_seq;
	for (size_t i = 0; i < burning->ended.n; i++)
		burn_lot(book, &lot[i]);
	struct moment next = book->account.next_change_at;
	err = book_refresh(book);
	if (err == ERR_OK &&
	    (book->account.last_seq != seq || book->account.next_change_at.ms != next.ms))
		book_put(book);
	return err;
}

static enum err ledger_burn(struct ctx *ctx, const struct burn_in *in, struct burn_out *out)
{
	struct burning *burnings = arena_array(ctx->arena, struct burning, BURN_ACCOUNTS_MAX);
	struct batch batch;
	enum err err = ask(ctx, in, burnings);
	if (err != ERR_OK)
		return err;
	batch_init(&batch, ctx->db, ctx->arena);
	batch_gather_updates(&batch);
	for (size_t i = 0; err == ERR_OK && i < in->accounts.n; i++) {
		int64_t before;
		err = burn_account(&burnings[i], &batch);
		before = burnings[i].book.balance_before;
		out->amount.minor += before - burnings[i].book.account.balance.minor;
	}
	if (err != ERR_OK)
		return err;
	out->entries = ctx->posted[ENTRY_BURN];
	ctx->replayed = !batch.writes; /* another run was here: nothing to say in the journal */
	journal_amount(ctx, "burn", "amount", (struct amount){0}, out->amount);
	err = batch_run(&batch);
	batch_init(&batch, ctx->db, ctx->arena);
	return err == ERR_OK ? mutation_close(ctx, &batch) : err;
}
OPERATION(ledger_burn, struct burn_in, struct burn_out, .mutates = true, .joins = true);
