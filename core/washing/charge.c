/* Money onto a card, and the bonus that it earns: two entries. */
#include <assert.h>

#include "db.h"
#include "money.h"
#include "mutation.h"
#include "programme.h"
#include "receipt.h"
#include "rule.h"
#include "uuid.h"

struct charge {
	struct ctx *ctx;
	const struct charge_in *in;
	struct charge_out *out;
	struct till_look till;
	struct named_card_row named;
	struct receipt receipt;
	struct book book;
};

static void digest(struct charge *charge, struct buf *buf)
{
	const struct charge_in *in = charge->in;
	receipt_digest_open(buf, charge->ctx->arena, &in->key);
	receipt_digest_number(buf, in->amount.minor);
	receipt_digest_text(buf, in->payment_method);
	receipt_digest_text(buf, in->cashier);
}

/* One packet: whoever has the key, the till, the receipt's number, card and book under lock. */
static enum err ask(struct charge *charge)
{
	const struct charge_in *in = charge->in;
	struct ctx *ctx = charge->ctx;
	struct batch batch;
	struct buf buf;
	digest(charge, &buf);
	batch_init(&batch, ctx->db, ctx->arena);
	mutation_open(ctx, &batch);
	till_look_forget(&batch);
	till_look_ask(&charge->till, ctx, &batch, &in->key,
		      SENT(in, struct charge_in, key.client_number));
	receipt_ask(&charge->receipt, &charge->till, &batch, RECEIPT_CHARGE, in->receipt_number,
		    &buf, &charge->out->id);
	book_ask(&charge->book, ctx, &batch, BOOK_OF_NAMED, NULL, UNIT_MONEY, false);
	enum err err = mutation_ask(ctx, &batch);
	if (err == ERR_OK)
		err = till_look_check(&charge->till);
	return err == ERR_OK ? receipt_check(&charge->receipt, ctx) : err;
}

static enum err open_book(struct charge *charge)
{
	enum err err = till_look_card(&charge->till, &charge->named);
	if (err == ERR_OK)
		err = book_answered(&charge->book, UNIT_MONEY);
	if (err != ERR_OK)
		return err;
	assert(uuid_eq(&charge->book.card.id, &charge->named.id));
	return rule_receive(&charge->book, charge->till.member);
}

static struct entry_row entry_make(struct charge *charge, enum entry_kind kind,
				   struct amount amount)
{
	const struct charge_in *in = charge->in;
	return (struct entry_row){
		.id = kind == ENTRY_CHARGE ? charge->out->id : ctx_uuid(charge->ctx),
		.kind = kind,
		.amount = amount,
		.business_at = ctx_now(charge->ctx),
		.card_id = charge->named.id,
		.author = in->cashier.len ? in->cashier : charge->ctx->principal.subject,
		.doc_id = in->receipt_number,
		.kkm_id = till_look_text(&charge->till)};
}

static enum err post(struct charge *charge)
{
	const struct charge_out *out = charge->out;
	struct entry_row money = entry_make(charge, ENTRY_CHARGE, out->amount);
	struct entry_row bonus = entry_make(charge, ENTRY_ACCRUAL, out->bonus);
	enum err err = book_put_on(&charge->book, &money, "amount");
	if (err == ERR_OK && out->bonus.minor > 0)
		err = book_put_on(&charge->book, &bonus, "amount");
	return err;
}

static void put_figures(struct charge *charge)
{
	struct charge_out *out = charge->out;
	out->amount = charge->in->amount;
	out->bonus_percent = bonus_percent(charge->ctx->settings, out->amount);
	out->bonus.minor = percent_of(out->amount, out->bonus_percent);
	out->total.minor = out->amount.minor + out->bonus.minor;
}

static void put_replay(struct charge *charge)
{
	const struct receipt_row *there = &charge->receipt.there;
	*charge->out = (struct charge_out){.id = there->object_id,
					   .credit = there->credit,
					   .amount = there->amount,
					   .bonus_percent = there->bonus_percent,
					   .bonus = there->bonus};
	charge->out->total.minor = there->amount.minor + there->bonus.minor;
}

static enum err finish(struct charge *charge)
{
	struct charge_out *out = charge->out;
	struct book *book = &charge->book;
	struct receipt_row *mine = &charge->receipt.mine;
	const struct posting_card_row *card = &book->card;
	out->credit = credit_of(book->account.available, card->account_kind, card->is_credit,
				card->credit_limit);
	mine->credit = out->credit;
	mine->amount = out->amount;
	mine->bonus_percent = out->bonus_percent;
	mine->bonus = out->bonus;
	receipt_finish(&charge->receipt, book->batch);
	return book_close(book);
}

static enum err charge(struct ctx *ctx, const struct charge_in *in, struct charge_out *out)
{
	struct charge charge = {.ctx = ctx, .in = in, .out = out};
	if (in->amount.minor <= 0)
		return ctx_fail(ctx, ERR_INVALID, "amount", REASON_OUT_OF_RANGE);
	out->id = ctx_uuid(ctx);
	enum err err = ask(&charge);
	if (err == ERR_OK && ctx->replayed)
		put_replay(&charge);
	if (err != ERR_OK || ctx->replayed)
		return err;
	err = open_book(&charge);
	put_figures(&charge);
	if (err == ERR_OK)
		err = post(&charge);
	return err == ERR_OK ? finish(&charge) : err;
}
OPERATION(charge, struct charge_in, struct charge_out, .mutates = true, .joins = true);
