#include "customer.h"

#include "db.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define KEY_MAX 1020

/* Several cards of one external id are nobody's. */
static enum err card_holder(struct ctx *ctx, enum identifier_kind kind, struct str value,
			    struct uuid *person_r)
{
	struct card_holders_by_code_in by_code = {ctx_organisation(ctx),
						  text_fold(ctx->arena, value, KEY_MAX)};
	struct card_holder_by_number_in by_number = {by_code.organisation_id, by_code.code_key};
	struct card_holder_by_number_row row;
	struct list rows = {0};
	enum err err;
	if (kind == IDENTIFIER_CARD_NUMBER) {
		err = sql_card_holder_by_number(ctx->db, ctx->arena, &by_number, &row);
	} else {
		err = sql_card_holders_by_code(ctx->db, ctx->arena, &by_code, &rows);
		if (err == ERR_OK && rows.n != 1)
			return ERR_NOT_FOUND;
		if (err == ERR_OK)
			row.person_id =
				((const struct card_holders_by_code_row *)rows.rows)->person_id;
	}
	if (err == ERR_OK)
		*person_r = row.person_id;
	return err == ERR_OK && uuid_is_unset(person_r) ? ERR_NOT_FOUND : err;
}

static enum err customer_lookup(struct ctx *ctx, const struct customer_lookup_in *in,
				struct customer_lookup_out *out)
{
	enum identifier_kind kind = identifier_kind_of(in->name);
	struct identifier_place place;
	struct identifier_row row = {.kind = 0};
	enum err err = identifier_place_find(ctx, in->source, in->account, &place);
	if (err != ERR_OK)
		return err;
	if (kind == IDENTIFIER_NONE)
		return ctx_fail(ctx, ERR_INVALID, "name", REASON_UNKNOWN_VALUE);
	if (in->value.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "value", REASON_REQUIRED);
	err = kind < IDENTIFIER_CARD_NUMBER ? identifier_find(ctx, &place, kind, in->value, &row)
					    : card_holder(ctx, kind, in->value, &row.person_id);
	struct person_state_in state_in = {ctx_organisation(ctx), row.person_id};
	struct person_state_row state;
	if (err == ERR_OK)
		err = sql_person_state(ctx->db, ctx->arena, &state_in, &state);
	if (err == ERR_OK)
		out->serial = state.serial;
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, NULL, REASON_CUSTOMER_UNKNOWN) : err;
}
OPERATION(customer_lookup, struct customer_lookup_in, struct customer_lookup_out, .mutates = false);
