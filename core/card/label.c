/* Which label a card has, and what a label stands for. */
#include "label.h"

#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

static struct card_label label_of_row(const struct status_label_row *row)
{
	return (struct card_label){row->serial, (enum card_status)row->status, row->id, row->label};
}

struct card_label card_label_of_status(enum card_status status)
{
	struct card_label label = {
		.serial = status, .status = status, .text = card_status_name(status)};
	label.id.byte[sizeof label.id.byte - 1] = (uint8_t)status;
	return label;
}

enum card_status card_label_find_own(struct ctx *ctx, struct str key)
{
	for (int i = 1; i < CARD_STATUS_SLOTS; i++) {
		struct str name = card_status_name((enum card_status)i);
		if (name.at && str_eq(text_fold(ctx->arena, name, LABEL_KEY_MAX), key))
			return (enum card_status)i;
	}
	return CARD_STATUS_NONE;
}

enum err card_label_find(struct ctx *ctx, struct str text, const char *member,
			 struct card_label *label_r)
{
	struct status_label_row row;
	struct str key = text_fold(ctx->arena, text, LABEL_KEY_MAX);
	struct status_label_by_key_in in = {ctx_organisation(ctx), key};
	enum card_status own = card_label_find_own(ctx, key);
	if (key.len == 0)
		return ctx_fail(ctx, ERR_INVALID, member, REASON_LABEL_REQUIRED);
	if (own) {
		*label_r = card_label_of_status(own);
		return ERR_OK;
	}
	enum err err = sql_status_label_by_key(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, ERR_INVALID, member, REASON_LABEL_UNKNOWN);
	if (err == ERR_OK)
		*label_r = label_of_row(&row);
	return err;
}

enum err card_label_default(struct ctx *ctx, enum card_status status, struct card_label *label_r)
{
	struct status_label_row row;
	struct status_label_default_in in = {ctx_organisation(ctx), status};
	enum err err = sql_status_label_default(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_OK)
		*label_r = label_of_row(&row);
	if (err == ERR_NOT_FOUND)
		*label_r = card_label_of_status(status);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err card_label_of(struct ctx *ctx, const struct card_row *card, struct card_label *label_r)
{
	enum card_status status = card_status_of(card, ctx_now(ctx));
	struct status_label_row row;
	struct status_label_get_in in = {ctx_organisation(ctx), card->label_id};
	struct card_label own = card_label_of_status(status);
	if (uuid_is_unset(&card->label_id))
		return card_label_default(ctx, status, label_r);
	if (uuid_eq(&card->label_id, &own.id)) {
		*label_r = own;
		return ERR_OK;
	}
	enum err err = sql_status_label_get(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_OK && row.status == (int64_t)status)
		*label_r = label_of_row(&row);
	else if (err == ERR_OK || err == ERR_NOT_FOUND)
		return card_label_default(ctx, status, label_r);
	return err;
}
