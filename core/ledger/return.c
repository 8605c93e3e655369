/* Return of an accrual: the goods come back, the points go. */
#include "db.h"
#include "refund.h"
#include "settings.h"
#include "stmt_gen.h"
#include "uuid.h"

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* What a card can lose without going below zero. */
static int64_t spare(const struct book *book)
{
	return book->account.available.minor > 0 ? book->account.available.minor : 0;
}

/* Of one lot: a pending one as it is, a live one as far as the balance goes, an ended one nothing.
 */
static int64_t take_of(struct refund *refund, struct book_lot *lot, int64_t most)
{
	struct book *book = &refund->book;
	int64_t part = least(most, lot->row.remaining.minor);
	if (book_lot_ended(book, &lot->row))
		return 0;
	if (lot_is_live(&lot->row, book_now(book)))
		part = least(part, spare(book));
	if (part > 0)
		book_move(book, &refund->entry.id, refund->position++, lot, part, 0);
	return part;
}

/* After a replacement the accrual's points are in the lots that came from its own. */
static bool is_own(const struct refund *refund, const struct lot_row *lot)
{
	const struct lot_row *made = &refund->made;
	const struct uuid *root = uuid_is_unset(&made->origin_lot) ? &made->id : &made->origin_lot;
	return refund->moved ? uuid_eq(&lot->origin_lot, root) : uuid_eq(&lot->id, &made->id);
}

static int64_t take_own(struct refund *refund, int64_t most)
{
	struct book *book = &refund->book;
	int64_t taken = 0;
	for (size_t i = 0; i < book->lots_n && taken < most; i++)
		if (is_own(refund, &book->lots[i].row))
			taken += take_of(refund, &book->lots[i], most - taken);
	return taken;
}

static int64_t take_others(struct refund *refund, int64_t most)
{
	struct book *book = &refund->book;
	struct moment now = book_now(book);
	int64_t taken = 0;
	for (size_t i = 0; i < book->lots_n && taken < most; i++)
		if (lot_is_live(&book->lots[i].row, now) && !is_own(refund, &book->lots[i].row))
			taken += take_of(refund, &book->lots[i], most - taken);
	return taken;
}

/* Its own lot counts what has been asked back. */
static void put_returned(struct refund *refund, int64_t asked)
{
	struct lot_row *made = &refund->made;
	struct lot_update_in in = {
		made->is_open,         made->remaining, made->held, {made->returned.minor + asked},
		made->organisation_id, made->card_id,   made->unit, made->id};
	struct book_lot *own;
	if (refund->moved) {
		batch_lot_update(refund->book.batch, &in);
		return;
	}
	own = book_lot_known(&refund->book, made);
	own->row.returned.minor += asked;
	own->changed = true;
}

/* What is left is for the organisation's policy. */
static enum err settle(struct refund *refund, int64_t left, int64_t *debt)
{
	struct ctx *ctx = refund->ctx;
	switch ((enum return_policy)ctx->settings->return_policy) {
	case RETURN_CLIP:
		refund->out->clipped.minor = left;
		return ERR_OK;
	case RETURN_NEGATIVE:
		*debt = left;
		return rule_range(&refund->book, -left, "sum");
	case RETURN_REFUSE:
		break;
	}
	return left > 0 ? ctx_fail(ctx, ERR_INSUFFICIENT, "sum", REASON_NOT_ENOUGH) : ERR_OK;
}

/* One part for what no lot had: debt, and what was clipped, so that a repeat can say it again. */
static void put_rest(struct refund *refund, int64_t debt)
{
	struct book *book = &refund->book;
	struct allocation_row row = {.owner_id = refund->entry.id,
				     .position = refund->position++,
				     .taken = {debt},
				     .returned = refund->out->clipped};
	book->account.debt.minor += debt;
	book->account.available.minor -= debt;
	if (debt > 0 || row.returned.minor > 0)
		book_allocate(book, &row);
}

static enum err take_back(struct refund *refund, int64_t asked)
{
	struct book *book = &refund->book;
	int64_t debt = 0, taken = take_own(refund, asked);
	struct amount rest = {least(asked - taken, spare(book))};
	enum err err = book_need(book, rest);
	if (err != ERR_OK)
		return err;
	taken += take_others(refund, rest.minor);
	err = settle(refund, asked - taken, &debt);
	if (err != ERR_OK)
		return err;
	put_rest(refund, debt);
	refund->entry.amount.minor = -(taken + debt);
	book_entry(book, &refund->entry);
	return ERR_OK;
}

enum err return_post(struct refund *refund)
{
	struct book *book = &refund->book;
	struct amount all = {INT64_MAX};
	int64_t left = refund->of.amount.minor - refund->made.returned.minor;
	int64_t asked = SENT(refund->in, struct refund_in, sum) ? refund->in->sum.minor : left;
	if (!refund->has_lot || asked > left || left == 0)
		return ctx_fail(refund->ctx, ERR_CONFLICT, "sum", REASON_REFUND_TOO_MUCH);
	put_returned(refund, asked);
	enum err err = refund->moved ? book_need(book, all) : ERR_OK;
	if (err == ERR_OK)
		err = book_refresh(book);
	if (err != ERR_OK)
		return err;
	refund->entry = refund_entry(refund, ENTRY_ACCRUAL_RETURN);
	return take_back(refund, asked);
}

enum err return_replay(struct refund *refund, const struct entry_row *known)
{
	struct ctx *ctx = refund->ctx;
	struct allocation_of_owner_in in = {known->organisation_id, known->account_card_id,
					    known->unit, known->id};
	struct list rows = {0};
	enum err err = sql_allocation_of_owner(ctx->db, ctx->arena, &in, &rows);
	const struct allocation_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++)
		refund->out->clipped.minor += row[i].returned.minor;
	int64_t asked = -known->amount.minor + refund->out->clipped.minor;
	if (err != ERR_OK)
		return err;
	return rule_document(ctx, !SENT(refund->in, struct refund_in, sum) ||
					  refund->in->sum.minor == asked);
}
