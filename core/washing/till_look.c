#include "till_look.h"

#include <stdio.h>

#include "card.h"
#include "log.h"
#include "settings.h"
#include "text.h"

#define KEY_MAX 256 /* bytes of a barcode's and of a plate's key */

static void ask_card(struct till_look *look, struct batch *batch)
{
	struct ctx *ctx = look->ctx;
	const struct till_key *key = look->key;
	int64_t org = ctx_organisation(ctx);
	struct card_of_number_in number = {org, text_fold(ctx->arena, key->card_number, KEY_MAX)};
	struct card_of_uid_in uid = {org, card_uid(ctx->arena, key->card_uid)};
	struct card_of_plate_in plate = {org, text_plate(ctx->arena, key->license_plate, KEY_MAX),
					 ctx_now(ctx)};
	look->member = "key.card_number";
	if (key->card_number.len > 0) {
		if (text_length(key->card_number) <= CARD_SHORT_TEXT_MAX)
			batch_card_of_number(batch, &number, &look->cards);
	} else if (key->card_uid.len > 0) {
		look->member = "key.card_uid";
		if (uid.uid.len > 0)
			batch_card_of_uid(batch, &uid, &look->cards);
	} else if (key->license_plate.len > 0) {
		look->member = "key.license_plate";
		if (plate.plate_key.len > 0)
			batch_card_of_plate(batch, &plate, &look->cards);
	}
}

void till_look_forget(struct batch *batch)
{
	batch_named_forget(batch);
}

void till_look_ask(struct till_look *look, struct ctx *ctx, struct batch *batch,
		   const struct till_key *key, bool has_till)
{
	struct till_get_in in = {ctx_organisation(ctx), key->client_number};
	*look = (struct till_look){.ctx = ctx, .key = key, .has_till = has_till};
	if (has_till)
		batch_till_get(batch, &in, &look->till, &look->found);
	ask_card(look, batch);
}

enum err till_look_check(struct till_look *look)
{
	struct ctx *ctx = look->ctx;
	if (look->has_till ? look->found : !ctx->settings->tills_required)
		return ERR_OK;
	return ctx_fail(ctx, ERR_NOT_FOUND, "key.client_number", REASON_NO_TILL);
}

enum err till_look_card(struct till_look *look, struct named_card_row *card_r)
{
	const struct named_card_row *rows = look->cards.rows;
	if (look->cards.n == 1) {
		*card_r = rows[0];
		return ERR_OK;
	}
	if (look->cards.n > 1)
		log_event(LOG_WARN_, "several cards of one code",
			  (struct log_pair[]){{"organisation", NULL, ctx_organisation(look->ctx)},
					      {0}});
	return ctx_fail(look->ctx, ERR_NOT_FOUND, look->member, REASON_NO_CARD);
}

struct str till_look_text(struct till_look *look)
{
	if (!look->has_till)
		return STR("");
	snprintf(look->text, sizeof look->text, "%d", (int)look->key->client_number);
	return str_of(look->text);
}

struct amount credit_of(struct amount available, int64_t account_kind, bool is_credit,
			struct amount credit_limit)
{
	if (is_credit && account_kind != CARD_GIFT)
		available.minor += credit_limit.minor;
	return available;
}
