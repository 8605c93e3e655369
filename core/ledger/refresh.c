/* An account brought to this moment, as far as the clock alone has changed it. */
#include "book.h"
#include "db.h"
#include "mutation.h"
#include "stmt_gen.h"

static bool is_due(const struct book *book)
{
	struct moment next = book->account.next_change_at;
	return next.ms != 0 && next.ms <= book_now(book).ms;
}

/* Something remains, though perhaps only what came later; or a hold may be past its time. */
static bool may_be_erased(const struct book *book, struct moment end)
{
	const struct account_row *account = &book->account;
	if (end.ms == 0 || end.ms > book_now(book).ms)
		return false;
	return account->balance.minor + account->debt.minor > account->held.minor ||
	       (account->held.minor > 0 && is_due(book));
}

static bool is_erased(const struct lot_row *lot, struct moment end, struct moment now)
{
	return lot->remaining.minor > 0 && lot->business_at.ms < end.ms && lot->burn_at.ms > now.ms;
}

/* One entry for all that the inactivity ended, dated when it did. Lots that ended before are
 * the burn job's. */
static void erase(struct book *book, struct moment end)
{
	struct moment now = book_now(book);
	struct entry_row entry = {.kind = ENTRY_BURN,
				  .business_at = end,
				  .card_id = *book_account(book),
				  .author = book->ctx->principal.subject};
	int64_t position = 0;
	entry.id = ctx_uuid(book->ctx);
	for (size_t i = 0; i < book->lots_n; i++) {
		struct book_lot *lot = &book->lots[i];
		int64_t part = lot->row.remaining.minor;
		if (!is_erased(&lot->row, end, now))
			continue;
		book_move(book, &entry.id, position++, lot, part, 0);
		entry.amount.minor -= part;
	}
	if (position > 0)
		book_entry(book, &entry);
}

static int64_t sooner(int64_t a, int64_t b)
{
	return b != 0 && b != BURN_NEVER && (a == 0 || b < a) ? b : a;
}

/* From the lots in memory, which are all; `until` is the end of the next hold, 0 = none. */
static void count_up(struct book *book, int64_t until)
{
	struct account_row *account = &book->account;
	struct moment now = book_now(book);
	account->available.minor = -account->debt.minor;
	account->next_change_at.ms = until;
	for (size_t i = 0; i < book->lots_n; i++) {
		const struct lot_row *lot = &book->lots[i].row;
		int64_t next = lot->active_from.ms > now.ms ? lot->active_from.ms : lot->burn_at.ms;
		if (lot_is_live(lot, now))
			account->available.minor += lot->remaining.minor;
		if (lot->remaining.minor + lot->held.minor > 0 && next > now.ms)
			account->next_change_at.ms = sooner(account->next_change_at.ms, next);
	}
}

static enum err ask_figures(struct book *book)
{
	struct account_row *account = &book->account;
	struct ctx *ctx = book->ctx;
	struct moment now = book_now(book);
	struct lot_figures_in in = {
		now, now, now, now, account->organisation_id, account->card_id, book->unit};
	struct lot_figures_row figures;
	enum err err = sql_lot_figures(ctx->db, ctx->arena, &in, &figures);
	if (err != ERR_OK)
		return err;
	account->available.minor = figures.available.minor - account->debt.minor;
	account->next_change_at = figures.next_change_at;
	return ERR_OK;
}

/* Ends the holds whose time is over; *until_r = the end of the next one. */
static enum err end_holds(struct book *book, int64_t *until_r)
{
	struct ctx *ctx = book->ctx;
	struct hold_open_in in = {
		ctx_organisation(ctx), *book_account(book), book->unit, {BURN_NEVER}};
	struct list holds = {0};
	enum err err = book->account.held.minor > 0
			       ? sql_hold_open(ctx->db, ctx->arena, &in, &holds)
			       : ERR_OK;
	const struct hold_row *hold = holds.rows;
	for (size_t i = 0; err == ERR_OK && i < holds.n; i++) {
		if (hold[i].until_at.ms > book_now(book).ms)
			*until_r = sooner(*until_r, hold[i].until_at.ms);
		else
			err = hold_release(book, &hold[i], HOLD_EXPIRED, hold[i].until_at);
	}
	return err;
}

enum err book_refresh(struct book *book)
{
	struct amount all = {INT64_MAX};
	struct moment end =
		book_erased_at(book->ctx, book->card.erase_days, book->account.activity_at);
	bool erased = may_be_erased(book, end);
	int64_t until = 0;
	if (!erased && !is_due(book))
		return ERR_OK;
	if (!erased && book->account.held.minor == 0 && !book->whole)
		return ask_figures(book);
	enum err err = book_need(book, all);
	if (err == ERR_OK)
		err = end_holds(book, &until);
	if (err != ERR_OK)
		return err;
	if (erased)
		erase(book, end);
	count_up(book, until);
	return ERR_OK;
}

enum err book_refresh_erased(struct book *book)
{
	struct moment end =
		book_erased_at(book->ctx, book->card.erase_days, book->account.activity_at);
	return may_be_erased(book, end) ? book_refresh(book) : ERR_OK;
}
