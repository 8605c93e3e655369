/* A washing with its options: paid, recorded, and the points that it brings. */
#include <assert.h>

#include "db.h"
#include "money.h"
#include "mutation.h"
#include "programme.h"
#include "receipt.h"
#include "rule.h"
#include "serial.h"
#include "uuid.h"

#define PIECE 100 /* hundredths */

struct sale {
	struct ctx *ctx;
	const struct sale_in *in;
	struct sale_out *out;
	struct till_look till;
	struct named_card_row named;
	struct receipt receipt;
	struct book money, points;
	struct programme_named_lock_row person;
	struct programme_named_count_row count;
	struct washing_row washing;
	struct washing_item_row *items;
	bool by_card, has_points, has_person, posted;
};

/* Of one item, rounded half up. */
static bool item_total(const struct sale_item *item, int64_t *total_r)
{
	int64_t product;
	if (item->quantity.minor <= 0 || item->quantity.minor > SALE_QUANTITY_MAX ||
	    item->price.minor < 0 ||
	    __builtin_mul_overflow(item->quantity.minor, item->price.minor, &product) ||
	    product > AMOUNT_MINOR_MAX * PIECE)
		return false;
	*total_r = (product + PIECE / 2) / PIECE;
	return true;
}

static enum err items_make(struct sale *sale)
{
	const struct sale_item *item = sale->in->items.rows;
	struct washing_row *washing = &sale->washing;
	size_t n = sale->in->items.n;
	if (n == 0 || n > SALE_ITEMS_MAX)
		return ctx_fail(sale->ctx, ERR_INVALID, "items",
				n ? REASON_TOO_MANY : REASON_REQUIRED);
	sale->items = arena_array(sale->ctx->arena, struct washing_item_row, n);
	for (size_t i = 0; i < n; i++) {
		struct washing_item_row *row = &sale->items[i];
		*row = (struct washing_item_row){.organisation_id = washing->organisation_id,
						 .washing_id = washing->id,
						 .position = (int64_t)i,
						 .article = item[i].article_number,
						 .quantity = item[i].quantity,
						 .price = item[i].price};
		if (row->article.len == 0)
			return ctx_fail(sale->ctx, ERR_INVALID, "items", REASON_REQUIRED);
		if (!item_total(&item[i], &row->total.minor))
			return ctx_fail(sale->ctx, ERR_INVALID, "items", REASON_OUT_OF_RANGE);
		washing->total.minor += row->total.minor;
		if (washing->total.minor > AMOUNT_MINOR_MAX)
			return ctx_fail(sale->ctx, ERR_INVALID, "items", REASON_OUT_OF_RANGE);
	}
	return ERR_OK;
}

static void digest(const struct sale *sale, struct buf *buf)
{
	const struct sale_in *in = sale->in;
	const struct sale_item *item = in->items.rows;
	receipt_digest_open(buf, sale->ctx->arena, &in->key);
	receipt_digest_number(buf, in->price_group);
	receipt_digest_text(buf, in->cashier);
	receipt_digest_text(buf, sale->washing.payment_method);
	for (size_t i = 0; i < in->items.n; i++) {
		receipt_digest_text(buf, item[i].article_number);
		receipt_digest_number(buf, item[i].quantity.minor);
		receipt_digest_number(buf, item[i].price.minor);
	}
}

/* Under lock: the holder, whose free wash is one of all cards; then the card and its books. */
static void ask_books(struct sale *sale, struct batch *batch)
{
	struct ctx *ctx = sale->ctx;
	struct programme_named_lock_in person = {ctx_organisation(ctx)};
	struct programme_named_count_in count = {ctx_organisation(ctx)};
	bool counts = ctx->settings->birthday_required_washings > 0;
	if (counts)
		batch_programme_named_lock(batch, &person, &sale->person, &sale->has_person);
	book_ask(&sale->money, ctx, batch, BOOK_OF_NAMED, NULL, UNIT_MONEY, sale->by_card);
	if (counts)
		batch_programme_named_count(batch, &count, &sale->count, NULL);
}

/* One packet: whoever has the key, the till, the receipt's number, and all that is locked. */
static enum err ask(struct sale *sale)
{
	const struct sale_in *in = sale->in;
	struct ctx *ctx = sale->ctx;
	struct batch batch;
	struct buf buf;
	digest(sale, &buf);
	batch_init(&batch, ctx->db, ctx->arena);
	mutation_open(ctx, &batch);
	till_look_forget(&batch);
	till_look_ask(&sale->till, ctx, &batch, &in->key,
		      SENT(in, struct sale_in, key.client_number));
	receipt_ask(&sale->receipt, &sale->till, &batch, RECEIPT_SALE, in->receipt_number, &buf,
		    &sale->washing.id);
	ask_books(sale, &batch);
	enum err err = mutation_ask(ctx, &batch);
	if (err == ERR_OK)
		err = till_look_check(&sale->till);
	return err == ERR_OK ? receipt_check(&sale->receipt, ctx) : err;
}

static enum err replay(struct sale *sale)
{
	const struct receipt_row *there = &sale->receipt.there;
	struct ctx *ctx = sale->ctx;
	struct washing_get_in in = {there->organisation_id, there->object_id};
	struct washing_row washing;
	enum err err = sql_washing_get(ctx->db, ctx->arena, &in, &washing);
	if (err != ERR_OK)
		return err;
	*sale->out = (struct sale_out){.id = washing.id,
				       .credit = there->credit,
				       .receipt_number = washing.receipt,
				       .is_free = washing.is_free,
				       .paid = washing.paid,
				       .points = there->bonus};
	return ERR_OK;
}

static enum err open_books(struct sale *sale)
{
	enum err err = till_look_card(&sale->till, &sale->named);
	if (err != ERR_OK)
		return err;
	if (sale->has_points)
		book_ask_twin(&sale->points, &sale->money);
	err = book_answered(&sale->money, UNIT_MONEY);
	if (err == ERR_OK && sale->has_points)
		err = book_answered(&sale->points, UNIT_POINTS);
	if (err != ERR_OK)
		return err;
	assert(uuid_eq(&sale->money.card.id, &sale->named.id));
	sale->washing.card_id = sale->named.id;
	sale->washing.person_id = sale->money.card.person_id;
	return rule_card(&sale->money, sale->by_card, sale->till.member);
}

/* The washing is free, its options are paid. Not when the card has changed hands just now. */
static void make_free(struct sale *sale)
{
	struct programme_count count = {sale->count.washings_since, sale->count.last_free};
	struct moment now = ctx_now(sale->ctx);
	struct washing_row *washing = &sale->washing;
	washing->paid = washing->total;
	if (!sale->has_person || sale->person.birthdate.ms == 0 ||
	    !uuid_eq(&washing->person_id, &sale->named.person_id))
		return;
	struct birthday_information birthday =
		programme_of(sale->ctx->settings, sale->person.birthdate, &count, now);
	if (!programme_is_free(&birthday, now))
		return;
	washing->is_free = true;
	washing->paid.minor -= sale->items[0].total.minor;
	sale->items[0].total.minor = 0;
}

static struct entry_row entry_make(struct sale *sale, enum entry_kind kind, int64_t amount)
{
	return (struct entry_row){.id = ctx_uuid(sale->ctx),
				  .kind = kind,
				  .amount = {amount},
				  .business_at = ctx_now(sale->ctx),
				  .card_id = sale->named.id,
				  .author = sale->washing.cashier.len
						    ? sale->washing.cashier
						    : sale->ctx->principal.subject,
				  .kkm_id = sale->washing.till};
}

static enum err post_money(struct sale *sale)
{
	struct entry_row entry = entry_make(sale, ENTRY_SALE, -sale->washing.paid.minor);
	entry.doc_id = sale->washing.receipt;
	if (!sale->by_card || sale->washing.paid.minor == 0)
		return ERR_OK;
	sale->posted = true;
	return book_take_off(&sale->money, &entry, sale->till.member);
}

/* No document of its own: a Rarus document of the same number is another one. */
static enum err post_points(struct sale *sale)
{
	const struct settings *settings = sale->ctx->settings;
	const struct posting_card_row *card = &sale->money.card;
	int64_t points = percent_of(sale->washing.paid, settings->sale_points_percent);
	struct entry_row entry = entry_make(sale, ENTRY_ACCRUAL, points);
	sale->has_points = points > 0 && card->kind != CARD_GIFT && card->account_kind != CARD_GIFT;
	if (!sale->has_points)
		return ERR_OK;
	book_join(&sale->money, &sale->points);
	entry.active_from =
		period_end(sale->ctx, settings->activation_period_days, entry.business_at);
	entry.active_to =
		period_end(sale->ctx, settings->invalidate_period_days, entry.business_at);
	sale->out->points = entry.amount;
	return book_put_on(&sale->points, &entry, sale->till.member);
}

static void put_rows(struct sale *sale, struct batch *batch)
{
	const struct posting_card_row *card = &sale->money.card;
	struct receipt_row *mine = &sale->receipt.mine;
	struct sale_out *out = sale->out;
	batch_washing_insert(batch, &sale->washing);
	for (size_t i = 0; i < sale->in->items.n; i++)
		batch_washing_item_insert(batch, &sale->items[i]);
	out->credit = credit_of(sale->money.account.available, card->account_kind, card->is_credit,
				card->credit_limit);
	out->id = sale->washing.id;
	out->receipt_number = sale->washing.receipt;
	out->is_free = sale->washing.is_free;
	out->paid = sale->washing.paid;
	mine->credit = out->credit;
	mine->amount = out->paid;
	mine->bonus = out->points;
	receipt_finish(&sale->receipt, batch);
}

static enum err finish(struct sale *sale)
{
	struct ctx *ctx = sale->ctx;
	struct batch *batch = sale->money.batch;
	journal_object(ctx, &sale->named.id);
	journal_changes(ctx, "washing", &washing_row_map, NULL, &sale->washing);
	put_rows(sale, batch);
	if (sale->posted)
		book_write(&sale->money);
	if (sale->has_points)
		book_write(&sale->points);
	return mutation_close(ctx, batch);
}

/* What is known before anybody is asked. */
static enum err prepare(struct sale *sale)
{
	const struct sale_in *in = sale->in;
	struct ctx *ctx = sale->ctx;
	bool named = in->payment_method.len > 0;
	struct buf buf;
	sale->washing = (struct washing_row){
		.organisation_id = ctx_organisation(ctx),
		.id = ctx_uuid(ctx),
		.serial = serial_take(ctx, SERIAL_WASHING),
		.sold_at = ctx_now(ctx),
		.receipt = in->receipt_number,
		.price_group = in->price_group,
		.cashier = in->cashier,
		.payment_method = named ? in->payment_method : STR(PAYMENT_METHOD_CASH),
	};
	buf_init(&buf, ctx->arena, 24);
	buf_i64(&buf, sale->washing.serial);
	if (in->receipt_number.len == 0)
		sale->washing.receipt = buf_done(&buf);
	sale->by_card = str_eq(sale->washing.payment_method, STR(PAYMENT_METHOD_CARD));
	sale->has_points = ctx->settings->sale_points_percent.minor > 0;
	return items_make(sale);
}

static enum err sale(struct ctx *ctx, const struct sale_in *in, struct sale_out *out)
{
	struct sale *sale = arena_new(ctx->arena, struct sale);
	*sale = (struct sale){.ctx = ctx, .in = in, .out = out};
	enum err err = prepare(sale);
	if (err == ERR_OK)
		err = ask(sale);
	if (err == ERR_OK && ctx->replayed)
		err = replay(sale);
	if (err != ERR_OK || ctx->replayed)
		return err;
	err = open_books(sale);
	if (err != ERR_OK)
		return err;
	sale->washing.till = till_look_text(&sale->till);
	make_free(sale);
	err = post_money(sale);
	if (err == ERR_OK)
		err = post_points(sale);
	return err == ERR_OK ? finish(sale) : err;
}
OPERATION(sale, struct sale_in, struct sale_out, .mutates = true, .joins = true,
	  .serials = SERIAL_BIT(SERIAL_WASHING));
