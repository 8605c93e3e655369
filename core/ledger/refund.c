/* Refunds: a spend comes back into the lots that it ate, in reverse order. */
#include "refund.h"

#include "db.h"
#include "mutation.h"
#include "stmt_gen.h"
#include "uuid.h"

static enum err ask(struct refund *refund)
{
	struct ctx *ctx = refund->ctx;
	int64_t org = ctx_organisation(ctx);
	const struct uuid *id = &refund->in->id;
	struct entry_get_in entry = {org, *id};
	struct allocation_of_entry_in parts = {org, org, *id, *id};
	struct lot_of_entry_in lots = {org, org, *id, *id};
	struct lot_made_by_in made = {org, org, *id, *id};
	struct entry_of_refund_document_in document = {org, org, *id, refund->in->doc_id, *id};
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	mutation_open(ctx, &batch);
	book_ask(&refund->book, ctx, &batch, BOOK_OF_ENTRY, id, UNIT_POINTS, false);
	batch_entry_get(&batch, &entry, &refund->of, &refund->found);
	batch_allocation_of_entry(&batch, &parts, &refund->parts);
	batch_lot_of_entry(&batch, &lots, &refund->lots);
	batch_lot_made_by(&batch, &made, &refund->made, &refund->has_lot);
	if (refund->in->doc_id.len > 0)
		batch_entry_of_refund_document(&batch, &document, &refund->known);
	enum err err = mutation_ask(ctx, &batch);
	if (err == ERR_OK && refund->found)
		err = book_answered(&refund->book, (enum unit)refund->of.unit);
	else if (err == ERR_OK)
		err = ERR_NOT_FOUND;
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, "id", REASON_NO_SUCH) : err;
}

static bool is_spend(const struct entry_row *entry)
{
	return entry->kind == ENTRY_SPEND || entry->kind == ENTRY_SALE;
}

static bool is_accrual(const struct entry_row *entry)
{
	return entry->kind == ENTRY_ACCRUAL || entry->kind == ENTRY_OPENING ||
	       entry->kind == ENTRY_CHARGE;
}

enum err refund_follow(struct book *book)
{
	enum err err = ERR_OK;
	while (err == ERR_OK && book->card.live && !uuid_is_unset(&book->card.new_card_id) &&
	       !book->card.active && book->card.blocked) {
		struct uuid next = book->card.new_card_id;
		err = book_open(book, book->ctx, book->batch, &next, book->unit);
	}
	return err;
}

struct entry_row refund_entry(struct refund *refund, enum entry_kind kind)
{
	return (struct entry_row){.id = ctx_uuid(refund->ctx),
				  .kind = kind,
				  .business_at = ctx_now(refund->ctx),
				  .card_id = refund->of.card_id,
				  .corrects_id = refund->of.id,
				  .author = refund->ctx->principal.subject,
				  .doc_id = refund->in->doc_id,
				  .kkm_id = refund->of.kkm_id,
				  .shop_id = refund->of.shop_id};
}

/* What the spend ate of a lot and nobody gave back. */
static int64_t part_left(const struct allocation_row *part)
{
	return part->taken.minor - part->held.minor - part->returned.minor;
}

static int64_t parts_left(const struct refund *refund)
{
	const struct allocation_row *part = refund->parts.rows;
	int64_t left = 0;
	for (size_t i = 0; i < refund->parts.n; i++)
		left += part_left(&part[i]);
	return left;
}

static const struct lot_row *lot_of_part(const struct refund *refund,
					 const struct allocation_row *part)
{
	const struct lot_row *lot = refund->lots.rows;
	for (size_t i = 0; i < refund->lots.n; i++)
		if (uuid_eq(&lot[i].id, &part->lot_id))
			return &lot[i];
	return NULL;
}

/* Where the lot is gone (its account was closed, or it was credit) a new one takes its place. */
static struct book_lot *lot_again(struct refund *refund, const struct lot_row *old, int64_t amount)
{
	struct book *book = &refund->book;
	struct moment now = ctx_now(refund->ctx);
	struct lot_row row = {.organisation_id = book->account.organisation_id,
			      .card_id = book->account.card_id,
			      .unit = book->unit,
			      .id = ctx_uuid(refund->ctx),
			      .is_open = LOT_OPEN,
			      .amount = {amount},
			      .remaining = {amount},
			      .active_from = now,
			      .burn_at = {BURN_NEVER},
			      .entry_id = refund->entry.id,
			      .business_at = now,
			      .posted_at = now};
	if (old) {
		row.active_from = old->active_from;
		row.active_to = old->active_to;
		row.burn_at = old->burn_at;
		row.business_at = old->business_at;
		row.origin_lot = uuid_is_unset(&old->origin_lot) ? old->id : old->origin_lot;
		row.id = ctx_uuid_beside(refund->ctx, &old->id);
	}
	if (book_counts(book, &row))
		book->account.available.minor += amount;
	book_changes_at(book, row.active_from);
	book_changes_at(book, row.burn_at);
	return book_lot_add(book, &row);
}

/* Puts `amount` back into the lot of a part; what has ended meanwhile burns. */
static enum err give_back(struct refund *refund, const struct allocation_row *part, int64_t amount)
{
	struct book *book = &refund->book;
	const struct lot_row *old = lot_of_part(refund, part);
	struct book_lot *lot;
	enum err err = ERR_OK;
	if (!old || refund->moved) {
		lot = lot_again(refund, old, amount);
	} else {
		lot = book_lot(book, &part->lot_id, &err);
		if (err != ERR_OK)
			return err;
		book_move(book, &refund->entry.id, refund->position++, lot, -amount, 0);
	}
	if (book_lot_ended(book, &lot->row)) {
		book_move(book, &refund->burn_id, refund->burn_position++, lot, amount, 0);
		refund->burnt += amount;
	}
	return ERR_OK;
}

static void put_returned(struct refund *refund, const struct allocation_row *part, int64_t amount)
{
	struct allocation_returned_in in = {{part->returned.minor + amount},
					    part->organisation_id,
					    part->card_id,
					    part->unit,
					    part->owner_id,
					    part->position};
	batch_allocation_returned(refund->book.batch, &in);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The debt is paid first; the rest goes back, the last eaten first. */
static enum err parts_back(struct refund *refund, int64_t sum)
{
	const struct allocation_row *parts = refund->parts.rows;
	int64_t debt = least(refund->book.account.debt.minor, sum), pays = debt;
	enum err err = ERR_OK;
	for (size_t i = refund->parts.n; err == ERR_OK && sum > 0 && i > 0; i--) {
		const struct allocation_row *part = &parts[i - 1];
		int64_t amount = least(sum, part_left(part)), paid = least(pays, amount);
		if (amount == 0)
			continue;
		put_returned(refund, part, amount);
		sum -= amount;
		pays -= paid;
		if (amount > paid)
			err = give_back(refund, part, amount - paid);
	}
	if (debt > 0)
		book_move(&refund->book, &refund->entry.id, refund->position++, NULL, -debt, 0);
	return err;
}

static void post_burn(struct refund *refund)
{
	struct entry_row burn = refund_entry(refund, ENTRY_BURN);
	burn.id = refund->burn_id;
	burn.amount.minor = -refund->burnt;
	burn.doc_id = STR("");
	if (refund->burn_position > 0)
		book_entry(&refund->book, &burn);
}

static void lots_known(struct refund *refund)
{
	const struct lot_row *lot = refund->lots.rows;
	for (size_t i = 0; i < refund->lots.n && !refund->moved; i++)
		book_lot_known(&refund->book, &lot[i]);
}

static enum err spend_back(struct refund *refund)
{
	struct book *book = &refund->book;
	int64_t left = parts_left(refund);
	int64_t sum = SENT(refund->in, struct refund_in, sum) ? refund->in->sum.minor : left;
	if (sum > left || left == 0)
		return ctx_fail(refund->ctx, ERR_CONFLICT, "sum", REASON_REFUND_TOO_MUCH);
	lots_known(refund);
	enum err err = rule_range(book, sum, "sum");
	if (err == ERR_OK)
		err = book_refresh(book);
	if (err != ERR_OK)
		return err;
	refund->entry = refund_entry(refund, ENTRY_REFUND);
	refund->entry.amount.minor = sum;
	refund->burn_id = ctx_uuid(refund->ctx);
	book_entry(book, &refund->entry);
	err = parts_back(refund, sum);
	post_burn(refund);
	refund->out->expired.minor = refund->burnt;
	refund->out->available.minor = sum - refund->burnt;
	return err;
}

/* The burn of a refund follows it in the chain, in the same journal row. */
static enum err spend_replay(struct refund *refund, const struct entry_row *known)
{
	struct ctx *ctx = refund->ctx;
	struct entry_at_in in = {known->organisation_id, known->account_card_id, known->unit,
				 known->seq + 1};
	struct entry_row next;
	enum err err = sql_entry_at(ctx->db, ctx->arena, &in, &next);
	bool burnt = err == ERR_OK && next.kind == ENTRY_BURN &&
		     uuid_eq(&next.corrects_id, &known->corrects_id) &&
		     uuid_eq(&next.journal_id, &known->journal_id);
	if (err != ERR_OK && err != ERR_NOT_FOUND)
		return err;
	refund->out->expired.minor = burnt ? -next.amount.minor : 0;
	refund->out->available.minor = known->amount.minor - refund->out->expired.minor;
	return rule_document(ctx, !SENT(refund->in, struct refund_in, sum) ||
					  refund->in->sum.minor == known->amount.minor);
}

static enum err document_check(struct refund *refund)
{
	const struct entry_row *known = refund->known.rows;
	for (size_t i = 0; i < refund->known.n; i++) {
		if (known[i].kind != ENTRY_REFUND && known[i].kind != ENTRY_ACCRUAL_RETURN)
			continue;
		refund->out->id = known[i].id;
		return known[i].kind == ENTRY_REFUND ? spend_replay(refund, &known[i])
						     : return_replay(refund, &known[i]);
	}
	return ERR_OK;
}

enum err refund_may(struct book *book, const struct uuid *card_id)
{
	struct ctx *ctx = book->ctx;
	struct card_is_live_in in = {ctx_organisation(ctx), *card_id};
	struct card_is_live_row row = {.live = book->card.live};
	enum err err = ERR_OK;
	if (row.live && !uuid_eq(card_id, &book->card.id))
		err = sql_card_is_live(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_OK && !row.live)
		return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_DELETED);
	return err;
}

static enum err refund_post(struct refund *refund)
{
	struct book *book = &refund->book;
	struct uuid account = *book_account(book);
	enum err err = refund_may(book, &refund->of.card_id);
	if (err == ERR_OK)
		err = refund_follow(book);
	refund->moved = !uuid_eq(&account, book_account(book));
	if (err == ERR_OK)
		err = refund->moved ? refund_may(book, book_account(book))
				    : book_dates_of(book, &refund->of.card_id);
	if (err == ERR_OK)
		err = refund->out->is_return ? return_post(refund) : spend_back(refund);
	if (err != ERR_OK)
		return err;
	refund->out->id = refund->entry.id;
	book_date(book, &refund->entry, BOOK_TRANSACTION | BOOK_ACTIVE);
	return book_close(book);
}

static enum err transaction_refund(struct ctx *ctx, const struct refund_in *in,
				   struct refund_out *out)
{
	struct refund refund = {.ctx = ctx, .in = in, .out = out};
	enum err err = ask(&refund);
	if (err != ERR_OK)
		return err;
	out->is_return = is_accrual(&refund.of);
	if (!out->is_return && !is_spend(&refund.of))
		return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_NOT_REFUNDABLE);
	err = document_check(&refund);
	return err != ERR_OK || ctx->replayed ? err : refund_post(&refund);
}
OPERATION(transaction_refund, struct refund_in, struct refund_out, .mutates = true, .joins = true);
