#include "ledger.h"

#include "batch.h"
#include "db.h"
#include "rule.h"
#include "stmt_gen.h"
#include "uuid.h"

const char *const entry_kind_names[ENTRY_KINDS] = {
	[0] = "none",
	[ENTRY_OPENING] = "opening",
	[ENTRY_ACCRUAL] = "accrual",
	[ENTRY_SPEND] = "spend",
	[ENTRY_REFUND] = "refund",
	[ENTRY_ACCRUAL_RETURN] = "accrual_return",
	[ENTRY_BURN] = "burn",
	[ENTRY_ADJUST] = "adjust",
	[ENTRY_TRANSFER_OUT] = "transfer_out",
	[ENTRY_TRANSFER_IN] = "transfer_in",
	[ENTRY_CHARGE] = "charge",
	[ENTRY_SALE] = "sale",
	[ENTRY_ROUNDING] = "rounding",
};

_Static_assert(ENTRY_KINDS <= CTX_POSTED_KINDS, "ctx counts postings by kind");

static struct entry_row opening_entry(const struct ctx *ctx, const struct uuid *card,
				      struct amount amount)
{
	return (struct entry_row){.id = ctx_uuid(ctx),
				  .kind = ENTRY_OPENING,
				  .amount = amount,
				  .business_at = ctx_now(ctx),
				  .card_id = *card,
				  .author = ctx->principal.subject};
}

static void put_opening(struct book *book, const struct uuid *card, struct amount amount)
{
	struct entry_row entry = opening_entry(book->ctx, card, amount);
	book_receive(book, &entry);
	book_date(book, &entry, BOOK_TRANSACTION);
	book_put(book);
}

enum err ledger_open_balance(struct ctx *ctx, const struct uuid *account_card,
			     const struct uuid *card, enum unit unit, struct amount amount)
{
	struct card_posted_in posted = {ctx_organisation(ctx), *card};
	struct book book;
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	enum err err = book_open(&book, ctx, &batch, account_card, unit);
	if (err == ERR_OK)
		err = rule_range(&book, amount.minor, "balance");
	if (err == ERR_OK)
		err = book_dates_of(&book, card);
	if (err != ERR_OK)
		return err;
	put_opening(&book, card, amount);
	batch_card_posted(&batch, &posted);
	return batch_run(&batch);
}

void ledger_open_into(struct ctx *ctx, struct batch *batch, const struct uuid *card, enum unit unit,
		      struct amount amount)
{
	struct book book;
	book_fresh(&book, ctx, batch, card, unit);
	put_opening(&book, card, amount);
}

/* What has not ended of one account, pending and held too. */
static enum err account_remainder(struct ctx *ctx, const struct uuid *card, enum unit unit,
				  bool *has_r)
{
	struct book book;
	struct batch batch;
	struct lot_remainder_row row;
	batch_init(&batch, ctx->db, ctx->arena);
	enum err err = book_open(&book, ctx, &batch, card, unit);
	if (err != ERR_OK || book.is_new)
		return err;
	struct moment now = ctx_now(ctx);
	struct moment end = book_erased_at(ctx, book.card.erase_days, book.account.activity_at);
	if (end.ms > now.ms)
		end.ms = 0;
	struct lot_remainder_in in = {now, end, ctx_organisation(ctx), *card, unit};
	struct hold_part_lost_in over = {in.organisation_id, *card, unit, now, end};
	struct hold_part_lost_row held = {.lost = {0}};
	err = sql_lot_remainder(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_OK && book.account.held.minor > 0)
		err = sql_hold_part_lost(ctx->db, ctx->arena, &over, &held);
	*has_r = *has_r || (err == ERR_OK && row.remainder.minor > held.lost.minor);
	return err;
}

enum err ledger_has_remainder(struct ctx *ctx, const struct uuid *card, bool *has_r)
{
	*has_r = false;
	enum err err = account_remainder(ctx, card, UNIT_POINTS, has_r);
	return err == ERR_OK ? account_remainder(ctx, card, UNIT_MONEY, has_r) : err;
}

/* A hold whose time is over has expired, though nobody has written it down yet. */
static enum err void_hold(struct book *book, const struct hold_row *hold)
{
	struct moment now = ctx_now(book->ctx);
	bool over = hold->until_at.ms <= now.ms;
	return hold_release(book, hold, over ? HOLD_EXPIRED : HOLD_VOIDED,
			    over ? hold->until_at : now);
}

/* Of all open holds of the account, or those placed with one card. *n_r: how many. */
static enum err void_holds(struct book *book, const struct uuid *card, size_t *n_r)
{
	struct ctx *ctx = book->ctx;
	struct hold_open_in in = {
		ctx_organisation(ctx), *book_account(book), book->unit, {BURN_NEVER}};
	struct list holds = {0};
	enum err err = sql_hold_open(ctx->db, ctx->arena, &in, &holds);
	const struct hold_row *hold = holds.rows;
	*n_r = 0;
	for (size_t i = 0; err == ERR_OK && i < holds.n; i++) {
		if (card && !uuid_eq(&hold[i].card_id, card))
			continue;
		err = void_hold(book, &hold[i]);
		(*n_r)++;
	}
	if (err != ERR_OK || *n_r == 0)
		return err;
	book_put(book);
	return batch_run(book->batch);
}

/* Its own holds go first; then it is read again as it stands. */
static enum err void_own(struct book *book)
{
	struct ctx *ctx = book->ctx;
	struct uuid card = *book_account(book); /* the book is emptied before it is opened again */
	size_t n = 0;
	enum err err = void_holds(book, NULL, &n);
	if (err != ERR_OK || n == 0)
		return err;
	batch_init(book->batch, ctx->db, ctx->arena);
	return book_open(book, ctx, book->batch, &card, book->unit);
}

enum err ledger_void_holds(struct ctx *ctx, const struct uuid *account_card,
			   const struct uuid *card)
{
	enum err err = ERR_OK;
	for (enum unit unit = UNIT_POINTS; err == ERR_OK && unit <= UNIT_MONEY; unit++) {
		struct book book;
		struct batch batch;
		size_t n;
		batch_init(&batch, ctx->db, ctx->arena);
		err = book_open(&book, ctx, &batch, account_card, unit);
		if (err == ERR_OK && book.account.held.minor > 0)
			err = void_holds(&book, card, &n);
	}
	return err;
}

/* All lots at once, by the database: there may be many. */
static void put_closing(struct book *book, const struct entry_row *entry)
{
	struct account_row *account = &book->account;
	struct lot_close_moves_in moves = {entry->id, entry->posted_at, entry->organisation_id,
					   account->card_id, account->unit};
	struct lot_close_all_in lots = {entry->organisation_id, account->card_id, account->unit};
	batch_lot_close_moves(book->batch, &moves);
	batch_lot_close_all(book->batch, &lots);
	if (account->debt.minor > 0)
		book_move(book, &entry->id, 0, NULL, -account->debt.minor, 0);
	account->available.minor = 0;
	account->next_change_at.ms = 0;
	book_put(book);
}

static enum err account_close(struct ctx *ctx, const struct uuid *card, enum unit unit)
{
	struct book book;
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	enum err err = book_open(&book, ctx, &batch, card, unit);
	if (err == ERR_OK && book.account.held.minor > 0)
		err = void_own(&book);
	if (err != ERR_OK || (book.account.balance.minor == 0 && book.account.debt.minor == 0))
		return err;
	struct entry_row entry = {.id = ctx_uuid(ctx),
				  .kind = ENTRY_ADJUST,
				  .amount = {-book.account.balance.minor},
				  .business_at = ctx_now(ctx),
				  .card_id = *card,
				  .author = ctx->principal.subject,
				  .description = STR("card deleted")};
	book_entry(&book, &entry);
	put_closing(&book, &entry);
	return batch_run(&batch);
}

enum err ledger_close_accounts(struct ctx *ctx, const struct uuid *card)
{
	enum err err = account_close(ctx, card, UNIT_POINTS);
	return err == ERR_OK ? account_close(ctx, card, UNIT_MONEY) : err;
}
