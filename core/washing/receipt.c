#include "receipt.h"

#include "crypto.h"
#include "text.h"
#include "uuid.h"

void receipt_digest_text(struct buf *buf, struct str text)
{
	buf_i64(buf, (int64_t)text.len);
	buf_char(buf, ':');
	buf_str(buf, text);
}

void receipt_digest_number(struct buf *buf, int64_t number)
{
	buf_i64(buf, number);
	buf_char(buf, ';');
}

void receipt_digest_open(struct buf *buf, struct arena *arena, const struct till_key *key)
{
	const struct str names[] = {key->card_number, key->card_uid, key->license_plate};
	size_t i = 0;
	while (i < 2 && names[i].len == 0)
		i++;
	buf_init(buf, arena, 256);
	receipt_digest_number(buf, (int64_t)i);
	receipt_digest_text(buf, text_fold(arena, names[i], SIZE_MAX));
}

void receipt_ask(struct receipt *receipt, struct till_look *look, struct batch *batch,
		 enum receipt_kind kind, struct str number, struct buf *digest,
		 const struct uuid *object_id)
{
	struct ctx *ctx = look->ctx;
	uint8_t *bytes = arena_alloc(ctx->arena, SHA256_LEN);
	struct str text = buf_done(digest);
	if (number.len == 0)
		return;
	sha256(text.at, text.len, bytes);
	receipt->claimed = true;
	receipt->mine = (struct receipt_row){.organisation_id = ctx_organisation(ctx),
					     .till = till_look_text(look),
					     .number = number,
					     .kind = kind,
					     .digest = {(const char *)bytes, SHA256_LEN},
					     .object_id = *object_id,
					     .at = ctx_now(ctx)};
	const struct receipt_row *mine = &receipt->mine;
	struct receipt_get_in in = {mine->organisation_id, mine->till, mine->number, mine->kind};
	batch_receipt_claim(batch, mine);
	batch_receipt_get(batch, &in, &receipt->there, NULL);
}

enum err receipt_check(const struct receipt *receipt, struct ctx *ctx)
{
	const struct receipt_row *mine = &receipt->mine, *there = &receipt->there;
	if (!receipt->claimed || uuid_eq(&mine->object_id, &there->object_id))
		return ERR_OK;
	if (!str_eq(mine->digest, there->digest))
		return ctx_fail(ctx, ERR_MISMATCH, "receipt_number", REASON_RECEIPT_OTHER);
	ctx->replayed = true;
	return ERR_OK;
}

void receipt_finish(const struct receipt *receipt, struct batch *batch)
{
	const struct receipt_row *mine = &receipt->mine;
	struct receipt_finish_in in = {
		mine->credit,          mine->amount, mine->bonus_percent, mine->bonus,
		mine->organisation_id, mine->till,   mine->number,        mine->kind};
	if (receipt->claimed)
		batch_receipt_finish(batch, &in);
}
