/* Customers: the holders of cards (core-data.md). */
#include "entity_priv.h"

#include "attach.h"
#include "customer.h"
#include "db.h"
#include "identifier.h"
#include "mutation.h"
#include "person_store.h"
#include "primary.h"
#include "select_tables.h"
#include "serial.h"
#include "stmt_gen.h"
#include "uuid.h"

#define IS_SENT(in, m) SENT(in, struct customer_in, row.m)
#define DIGITS_KEPT    4

/* At most the last four digits are ever stored; what is shown may come back. */
static enum err take_payment_card(struct ctx *ctx, struct str text, struct person_row *person)
{
	char digits[DIGITS_KEPT];
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++)
		if (!memchr("0123456789 -*", text.at[i], 13))
			return ctx_fail(ctx, ERR_INVALID, "payment_card", REASON_MALFORMED);
	for (size_t i = text.len; i > 0 && n < DIGITS_KEPT; i--)
		if (text.at[i - 1] >= '0' && text.at[i - 1] <= '9')
			digits[DIGITS_KEPT - ++n] = text.at[i - 1];
	person->payment_card = str_dup(ctx->arena, (struct str){digits + DIGITS_KEPT - n, n});
	return ERR_OK;
}

static enum err take_company(struct ctx *ctx, int64_t serial, struct person_row *person)
{
	struct company_share_in in = {ctx_organisation(ctx), serial};
	struct company_share_row row;
	person->company_id = (struct uuid){{0}};
	if (serial == 0)
		return ERR_OK;
	enum err err = sql_company_share(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, ERR_CONFLICT, "company_serial", REASON_NO_SUCH);
	if (err == ERR_OK)
		person->company_id = row.id;
	return err;
}

static enum err check_texts(struct ctx *ctx, const struct person_row *person)
{
	if (person->name.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "name", REASON_REQUIRED);
	if (person->email.len > 0 &&
	    identifier_check(IDENTIFIER_EMAIL, person->email) != REASON_NONE)
		return ctx_fail(ctx, ERR_INVALID, "email", REASON_MALFORMED);
	return ERR_OK;
}

/* What was sent goes to the members of the same names; the rest is more than a copy. */
static enum err take_in(struct ctx *ctx, const struct customer_in *in, struct person_row *person)
{
	enum err err = ERR_OK;
	struct str kept = person->card_code, payment = person->payment_card;
	entity_copy(&customer_row_map, &in->row, &in->sent, offsetof(struct customer_in, row),
		    &person_row_map, person, NULL, 0);
	person->card_code = kept;
	person->payment_card = payment;
	if (IS_SENT(in, payment_card))
		err = take_payment_card(ctx, in->row.payment_card, person);
	if (err == ERR_OK && IS_SENT(in, company_serial))
		err = take_company(ctx, in->row.company_serial, person);
	return err == ERR_OK ? check_texts(ctx, person) : err;
}

static enum err customer_write(struct ctx *ctx, const struct customer_in *in,
			       const struct person_row *before, struct person_row *after)
{
	enum err err = entity_fault(ctx, person_store(ctx, before, after), NULL);
	if (err == ERR_OK && before &&
	    (before->locked != after->locked || before->credit_allowed != after->credit_allowed))
		err = cards_follow(ctx, after);
	if (err == ERR_OK && IS_SENT(in, card_code))
		err = holder_set_primary(ctx, after, in->row.card_code, "card_code");
	if (err != ERR_OK)
		return err;
	journal_object(ctx, &after->id);
	journal_changes(ctx, entity_note_name(ctx, "person:", &after->id), &person_row_map, before,
			after);
	return ERR_OK;
}

static enum err insert(struct ctx *ctx, const void *row, struct entity_key *key_r)
{
	const struct customer_in *in = row;
	struct person_row person = {.organisation_id = ctx_organisation(ctx),
				    .id = ctx_uuid(ctx),
				    .serial = serial_take(ctx, SERIAL_PERSON),
				    .live = 1,
				    .additional_fields = STR("[]"),
				    .created_at = ctx_now(ctx)};
	enum err err = take_in(ctx, in, &person);
	if (err == ERR_OK)
		err = customer_write(ctx, in, NULL, &person);
	key_r->serial = person.serial;
	return err;
}

static enum err update(struct ctx *ctx, const struct entity_key *key, const void *row)
{
	const struct customer_in *in = row;
	struct person_row before, after;
	enum err err = customer_lock(ctx, key->serial, &before);
	if (err != ERR_OK)
		return err;
	after = before;
	err = take_in(ctx, in, &after);
	return err == ERR_OK ? customer_write(ctx, in, &before, &after) : err;
}

static enum err retire(struct ctx *ctx, const struct entity_key *key)
{
	struct person_row person;
	enum err err = customer_lock(ctx, key->serial, &person);
	if (err == ERR_OK)
		err = cards_retire(ctx, &person.id);
	if (err == ERR_OK)
		err = person_bury(ctx, &person);
	if (err != ERR_OK)
		return err;
	journal_object(ctx, &person.id);
	journal_changes(ctx, entity_note_name(ctx, "person:", &person.id), &person_row_map, &person,
			NULL);
	return ERR_OK;
}

enum err customer_lock(struct ctx *ctx, int64_t serial, struct person_row *person_r)
{
	struct customer_lock_in in = {ctx_organisation(ctx), serial};
	return sql_customer_lock(ctx->db, ctx->arena, &in, person_r);
}

static const struct entity customer_entity = {
	.table = &select_customer,
	.key = "serial",
	.finish = customers_finish,
	.in_size = sizeof(struct customer_in),
	.insert = insert,
	.update = update,
	.remove = retire,
};
ENTITY_READS(customer);
ENTITY_WRITES(customer, SERIAL_BIT(SERIAL_PERSON) | SERIAL_BIT(SERIAL_CARD));
