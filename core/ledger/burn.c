/* What the clock has done, written down: lots that have ended, holds past their time. */
#include "mutation.h"
#include "operation.h"
#include "rule.h"
#include "stmt_gen.h"

struct burning {
	struct book book;
	struct list ended; /* lot_row, in burn order */
};

static enum err ask(struct ctx *ctx, const struct burn_in *in, struct burning *burnings)
{
	const struct burn_account *account = in->accounts.rows;
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	mutation_open(ctx, &batch);
	for (size_t i = 0; i < in->accounts.n; i++) {
		struct lot_ended_in ended = {ctx_organisation(ctx), account[i].card_id,
					     account[i].unit, ctx_now(ctx),
					     burn_lots_each(in->accounts.n)};
		book_ask(&burnings[i].book, ctx, &batch, BOOK_OWN, &account[i].card_id,
			 (enum unit)account[i].unit, true);
		batch_lot_ended(&batch, &ended, &burnings[i].ended);
	}
	return mutation_ask(ctx, &batch);
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
	batch_init(&batch, ctx->db, ctx->arena);
	enum err err = ask(ctx, in, burnings);
	for (size_t i = 0; err == ERR_OK && i < in->accounts.n; i++) {
		int64_t before;
		err = burn_account(&burnings[i], &batch);
		before = burnings[i].book.balance_before;
		out->amount.minor += before - burnings[i].book.account.balance.minor;
	}
	if (err != ERR_OK)
		return err;
	out->entries = ctx->posted[ENTRY_BURN];
	ctx->replayed = batch.n == 0; /* another run was here: nothing to say in the journal */
	journal_amount(ctx, "burn", "amount", (struct amount){0}, out->amount);
	return mutation_close(ctx, &batch);
}
OPERATION(ledger_burn, struct burn_in, struct burn_out, .mutates = true, .joins = true);
