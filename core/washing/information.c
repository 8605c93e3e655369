/* What a till shows of a customer's card. */
#include "card.h"
#include "programme.h"
#include "till_look.h"
#include "uuid.h"

struct look {
	struct ctx *ctx;
	const struct card_information_in *in;
	struct card_information_out *out;
	struct till_look till;
	struct named_card_row named;
	struct customer_card_row card;
	struct programme_count_row count;
	struct list washings, items;
	bool found;
};

static enum err find(struct look *look)
{
	const struct card_information_in *in = look->in;
	struct batch batch;
	batch_init(&batch, look->ctx->db, look->ctx->arena);
	till_look_ask(&look->till, look->ctx, &batch, &in->key,
		      SENT(in, struct card_information_in, key.client_number));
	enum err err = batch.n > 0 ? batch_run(&batch) : ERR_OK;
	if (err == ERR_OK)
		err = till_look_check(&look->till);
	return err == ERR_OK ? till_look_card(&look->till, &look->named) : err;
}

static int64_t limit_of(const struct card_information_in *in)
{
	bool sent = SENT(in, struct card_information_in, max_last_washings);
	return sent && in->max_last_washings < WASHINGS_SHOWN_MAX ? in->max_last_washings
								  : WASHINGS_SHOWN_MAX;
}

/* All of one moment of the database. */
static enum err read_all(struct look *look)
{
	struct ctx *ctx = look->ctx;
	int64_t org = ctx_organisation(ctx), limit = limit_of(look->in);
	struct customer_card_in card = {org, look->named.id};
	struct programme_count_in count = {org, look->named.person_id};
	struct washing_newest_in washings = {org, look->named.id, limit};
	struct washing_item_newest_in items = {org, look->named.id, limit};
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	batch_snapshot(&batch);
	batch_customer_card(&batch, &card, &look->card, &look->found);
	if (!uuid_is_unset(&look->named.person_id))
		batch_programme_count(&batch, &count, &look->count, NULL);
	if (limit > 0) {
		batch_washing_newest(&batch, &washings, &look->washings);
		batch_washing_item_newest(&batch, &items, &look->items);
	}
	enum err err = batch_run(&batch);
	if (err == ERR_OK && !look->found)
		return ctx_fail(ctx, ERR_NOT_FOUND, look->till.member, REASON_NO_CARD);
	return err;
}

static enum err put_credit(struct look *look)
{
	const struct customer_card_row *card = &look->card;
	struct ledger_view view = {.card_id = card->account_card_id,
				   .available = card->available,
				   .debt = card->debt,
				   .next_change_at = card->next_change_at,
				   .activity_at = card->activity_at};
	enum err err = ledger_available(look->ctx, UNIT_MONEY, &view, 1);
	look->out->is_credit_card = card->is_credit;
	look->out->credit =
		credit_of(view.available, card->account_kind, card->is_credit, card->credit_limit);
	return err;
}

/* The first word of a name, and what follows it. */
static void split(struct str name, struct str *first_r, struct str *rest_r)
{
	size_t at = 0;
	while (at < name.len && name.at[at] != ' ')
		at++;
	*first_r = (struct str){name.at, at};
	while (at < name.len && name.at[at] == ' ')
		at++;
	*rest_r = (struct str){name.at + at, name.len - at};
}

static struct customer_information customer_of(const struct customer_card_row *card)
{
	struct customer_information customer = {
		.first_name = card->first_name,
		.name = card->name,
		.company = card->company,
		.street = card->street,
		.zip = card->zip,
		.city = card->city,
		.phone = card->phone,
		.fax = card->fax,
		.email = card->email,
		.contact_person = card->contact_person,
		.contact_phone = card->contact_phone,
		.remark = card->remark,
		.salutation = card->salutation,
	};
	if (card->first_name.len == 0 && card->name.len > 0)
		split(card->name, &customer.first_name, &customer.name);
	return customer;
}

static void put_customer(struct look *look)
{
	const struct customer_card_row *card = &look->card;
	struct card_information_out *out = look->out;
	struct programme_count count = {look->count.washings_since, look->count.last_free};
	out->has_customer = card->has_person;
	if (out->has_customer)
		out->customer = customer_of(card);
	out->has_birthday = card->has_person && card->birthdate.ms != 0;
	if (out->has_birthday)
		out->birthday = programme_of(look->ctx->settings, card->birthdate, &count,
					     ctx_now(look->ctx));
}

static void put_card(struct look *look)
{
	const struct customer_card_row *card = &look->card;
	struct card_information_out *out = look->out;
	struct moment now = ctx_now(look->ctx), until = card->discount_until;
	out->card_number = card->barcode;
	out->is_locked =
		card_is_blocked(card->blocked, card->blocked_until, card->holder_locked, now);
	out->message = card->message;
	if (out->message.len == 0 && out->is_locked)
		out->message = card->blocked_description;
	out->bonus.tiers = bonus_tiers(look->ctx->arena, look->ctx->settings);
	if (card->discount_percent.minor == 0 || (until.ms != 0 && until.ms <= now.ms))
		return;
	out->bonus.discount_percent = card->discount_percent;
	out->bonus.is_temporary = until.ms != 0;
	out->bonus.discount_until = until;
}

static struct washing_line line_of(const struct washing_item_newest_row *item, struct moment time)
{
	bool known = item->serial != 0;
	return (struct washing_line){
		.time = time,
		.quantity = item->quantity,
		.total = item->total,
		.article_id = item->serial,
		.article_number = item->article,
		.label = known ? item->label : item->article,
		.label_receipt = known && item->label_receipt.len ? item->label_receipt
				 : known                          ? item->label
								  : item->article,
	};
}

/* Items come in the order of their washings. */
static void put_washings(struct look *look)
{
	struct arena *arena = look->ctx->arena;
	const struct washing_newest_row *row = look->washings.rows;
	const struct washing_item_newest_row *item = look->items.rows, *end = item + look->items.n;
	size_t n = look->washings.n;
	struct washing_shown *shown = arena_array(arena, struct washing_shown, n + 1);
	struct washing_line *lines = arena_array(arena, struct washing_line, look->items.n + 1);
	for (size_t i = 0; i < n; i++) {
		struct washing_line *first = lines;
		for (; item < end && uuid_eq(&item->washing_id, &row[i].id); item++)
			*lines++ = line_of(item, row[i].sold_at);
		shown[i].line = first[0];
		shown[i].options = (struct list){first + 1, (size_t)(lines - first) - 1};
		shown[i].payment_method = row[i].payment_method;
	}
	look->out->washings = (struct list){shown, n};
}

static enum err card_information(struct ctx *ctx, const struct card_information_in *in,
				 struct card_information_out *out)
{
	struct look look = {.ctx = ctx, .in = in, .out = out};
	enum err err = find(&look);
	if (err == ERR_OK)
		err = read_all(&look);
	if (err == ERR_OK)
		err = put_credit(&look);
	if (err != ERR_OK)
		return err;
	put_card(&look);
	put_customer(&look);
	put_washings(&look);
	return ERR_OK;
}
OPERATION(card_information, struct card_information_in, struct card_information_out,
	  .mutates = false);
