/* What customers owe: their cards' money accounts below zero. */
#include "customer.h"

#include <stdio.h>
#include <time.h>

#include "batch.h"
#include "db.h"
#include "decimal.h"
#include "json.h"
#include "ledger.h"
#include "settings.h"
#include "stmt_gen.h"
#include "uuid.h"

#define PARTS_MAX 1000 /* of one debt that are looked at; older ones stay unnamed */
#define AMONG     (sizeof(struct file_ids_row) / sizeof(struct uuid)) /* customers of one question */

static void mask_payment_card(struct arena *arena, struct customer_row *row)
{
	struct buf buf;
	if (row->payment_card.len == 0)
		return;
	buf_init(&buf, arena, 16);
	buf_text(&buf, "**** ");
	buf_str(&buf, row->payment_card);
	row->payment_card = buf_done(&buf);
}

/* Money of all cards at this moment. */
static enum err money_now(struct ctx *ctx, struct card_money_of_persons_row *cards, size_t n)
{
	struct ledger_view *views = arena_array(ctx->arena, struct ledger_view, n + 1);
	for (size_t i = 0; i < n; i++)
		views[i] = (struct ledger_view){.card_id = cards[i].id,
						.available = cards[i].available,
						.debt = cards[i].debt,
						.next_change_at = cards[i].next_change_at};
	enum err err = n > 0 ? ledger_available(ctx, UNIT_MONEY, views, n) : ERR_OK;
	for (size_t i = 0; i < n; i++)
		cards[i].available = views[i].available;
	return err;
}

/* As book_credit_line: a credit card's own, else the organisation's for a trusted holder. */
static struct amount credit_line(const struct ctx *ctx,
				 const struct card_money_of_persons_row *card)
{
	if (card->kind == CARD_GIFT)
		return (struct amount){0};
	if (card->is_credit)
		return card->credit_limit;
	return (struct amount){card->holder_credit ? ctx->settings->credit_limit.minor : 0};
}

static void put_amount(struct buf *buf, const char *name, struct amount amount)
{
	char text[DECIMAL_TEXT_MAX];
	json_put_name(buf, name);
	buf_put(buf, text, decimal_format(amount, text));
}

static void put_uuid(struct buf *buf, const char *name, const struct uuid *id)
{
	char text[UUID_TEXT_LEN + 1];
	uuid_format(id, text);
	json_put_name(buf, name);
	json_put_string(buf, (struct str){text, UUID_TEXT_LEN});
}

static void put_moment(struct buf *buf, const char *name, struct moment at)
{
	time_t seconds = (time_t)(at.ms / 1000);
	struct tm tm;
	char text[64];
	size_t n;
	gmtime_r(&seconds, &tm);
	n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	n += (size_t)snprintf(text + n, sizeof text - n, ".%03dZ", (int)(at.ms % 1000));
	json_put_name(buf, name);
	json_put_string(buf, (struct str){text, n});
}

/* Payments meet the oldest debt first, so the newest parts that make up the debt are unpaid. */
static enum err put_oldest(struct ctx *ctx, struct buf *buf,
			   const struct card_money_of_persons_row *card)
{
	struct debt_parts_in in = {ctx_organisation(ctx), card->id, PARTS_MAX};
	int64_t left = -card->available.minor;
	struct list rows = {0};
	enum err err = sql_debt_parts(ctx->db, ctx->arena, &in, &rows);
	const struct debt_parts_row *part = rows.rows;
	if (err != ERR_OK || rows.n == 0)
		return err;
	while (part < (const struct debt_parts_row *)rows.rows + rows.n - 1 &&
	       left > part->taken.minor)
		left -= part++->taken.minor;
	json_put_name(buf, "oldestUnpaid");
	buf_char(buf, '{');
	put_uuid(buf, "entry", &part->owner_id);
	put_moment(buf, "at", part->at);
	put_amount(buf, "amount", part->taken);
	buf_char(buf, '}');
	return ERR_OK;
}

static enum err put_card(struct ctx *ctx, struct buf *buf,
			 const struct card_money_of_persons_row *card)
{
	enum err err = ERR_OK;
	json_put_comma(buf);
	buf_char(buf, '{');
	put_uuid(buf, "account", &card->id);
	json_put_name(buf, "cardId");
	json_put_string(buf, card->code);
	put_amount(buf, "balance", card->available);
	put_amount(buf, "creditLimit", credit_line(ctx, card));
	if (card->available.minor < 0)
		err = put_oldest(ctx, buf, card);
	else
		json_put_name(buf, "oldestUnpaid"), buf_text(buf, "null");
	buf_char(buf, '}');
	return err;
}

static enum err fill_data(struct ctx *ctx, struct customer_row *row,
			  const struct card_money_of_persons_row *cards, size_t n)
{
	struct buf buf;
	enum err err = ERR_OK;
	buf_init(&buf, ctx->arena, 64 + n * 200);
	buf_text(&buf, "{\"cards\":[");
	for (size_t i = 0; err == ERR_OK && i < n; i++)
		err = put_card(ctx, &buf, &cards[i]);
	buf_text(&buf, "]}");
	struct str text = buf_done(&buf);
	row->debt_data = (struct json_text){text.at, text.len};
	return err;
}

static enum err fill_debt(struct ctx *ctx, struct customer_row *row, struct list cards,
			  bool with_data)
{
	struct card_money_of_persons_row *card = cards.rows;
	enum err err = money_now(ctx, card, cards.n);
	row->total_debt.minor = 0;
	for (size_t i = 0; i < cards.n; i++)
		if (card[i].available.minor < 0)
			row->total_debt.minor -= card[i].available.minor;
	return err == ERR_OK && with_data ? fill_data(ctx, row, card, cards.n) : err;
}

/* The cards of n customers, up to AMONG: what is left of the places repeats the first. */
static void ask_cards(struct ctx *ctx, struct batch *batch, const struct customer_row *row,
		      size_t n, struct list *cards_r)
{
	struct card_money_of_persons_in in = {.organisation_id = ctx_organisation(ctx)};
	struct uuid ids[AMONG];
	for (size_t i = 0; i < AMONG; i++)
		ids[i] = row[i < n ? i : 0].id;
	memcpy(&in.file_ids, ids, sizeof ids);
	batch_card_money_of_persons(batch, &in, cards_r);
}

/* Those of one customer, which lie side by side. */
static struct list cards_of(const struct list *cards, const struct uuid *person)
{
	struct card_money_of_persons_row *first = cards->rows;
	size_t rest = cards->n, n = 0;
	while (rest > 0 && !uuid_eq(&first->person_id, person))
		first++, rest--;
	while (n < rest && uuid_eq(&first[n].person_id, person))
		n++;
	return (struct list){first, n};
}

enum err customers_finish(struct ctx *ctx, const struct sent *wanted, void *rows, size_t n)
{
	bool data = sent_has(wanted, offsetof(struct customer_row, debt_data));
	struct customer_row *row = rows;
	struct list *cards = arena_array(ctx->arena, struct list, n / AMONG + 1);
	struct batch batch;
	for (size_t i = 0; i < n; i++)
		mask_payment_card(ctx->arena, &row[i]);
	if (!data && !sent_has(wanted, offsetof(struct customer_row, total_debt)))
		return ERR_OK;
	batch_init(&batch, ctx->db, ctx->arena);
	for (size_t i = 0; i < n; i += AMONG)
		ask_cards(ctx, &batch, &row[i], n - i < AMONG ? n - i : AMONG, &cards[i / AMONG]);
	enum err err = batch_run(&batch);
	for (size_t i = 0; err == ERR_OK && i < n; i++)
		err = fill_debt(ctx, &row[i], cards_of(&cards[i / AMONG], &row[i].id), data);
	return err;
}
