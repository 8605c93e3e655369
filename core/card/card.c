#include "card.h"

#include "batch.h"
#include "db.h"
#include "ledger.h"
#include "mutation.h"
#include "reference.h"
#include "serial.h"
#include "settings.h"
#include "status.h"
#include "stmt_gen.h"
#include "transfer.h"
#include "uuid.h"

bool card_is_replaced(const struct card_row *card)
{
	return !uuid_is_unset(&card->new_card_id) && !card->active && card->blocked;
}

struct str card_state(struct ctx *ctx, const struct card *card)
{
	struct buf buf;
	buf_init(&buf, ctx->arena, 128);
	buf_hex(&buf, card->row.id.byte, sizeof card->row.id.byte);
	const int64_t part[] = {card->row.version, card->row.account_seq, card->available.minor,
				card->blocked, ctx->settings->version};
	for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
		buf_char(&buf, '.');
		buf_i64(&buf, part[i]);
	}
	return buf_done(&buf);
}

static enum err card_get(struct ctx *ctx, const struct id_in *in, struct card_out *out)
{
	enum err err = card_view(ctx, &in->id, &out->card);
	if (err != ERR_OK)
		return err;
	if (!principal_may_see(&ctx->principal, &out->card.row.person_id))
		return ctx_fail(ctx, ERR_NOT_FOUND, "id", REASON_NO_SUCH);
	ctx->state = card_state(ctx, &out->card);
	return ERR_OK;
}
OPERATION(card_get, struct id_in, struct card_out, .mutates = false);

enum err card_open(struct ctx *ctx, const struct uuid *id, struct card_row *row_r)
{
	enum err err = card_lock(ctx, id, "id", row_r);
	if (err != ERR_OK || !ctx->matches)
		return err;
	struct card card = {.row_number = 0};
	err = card_view(ctx, id, &card);
	return err == ERR_OK ? ctx_precondition(ctx, card_state(ctx, &card)) : err;
}

const char *card_note_name(struct ctx *ctx, const struct uuid *id)
{
	static const char prefix[] = "card:";
	char *name = arena_alloc(ctx->arena, sizeof prefix + UUID_TEXT_LEN);
	memcpy(name, prefix, sizeof prefix - 1);
	uuid_format(id, name + sizeof prefix - 1);
	return name;
}

enum err card_write(struct ctx *ctx, const struct card_row *before, struct card_row *after)
{
	journal_object(ctx, &after->id);
	enum err err = card_store(ctx, before, after);
	if (err == ERR_OK)
		journal_changes(ctx, "card", &card_row_map, before, after);
	return err;
}

static void add_defaults(struct ctx *ctx, const struct card_in *in, struct card_row *card)
{
	card->organisation_id = ctx_organisation(ctx);
	card->live = 1;
	card->serial = serial_take(ctx, SERIAL_CARD);
	card->created_at = ctx_now(ctx);
	if (uuid_is_unset(&card->id))
		card->id = ctx_uuid(ctx);
	if (card->active)
		card->activated_at = card->created_at;
	if (card->blocked)
		card->blocked_until.ms = in->unblock_at.ms ? in->unblock_at.ms : BLOCKED_FOR_GOOD;
}

static enum err card_add(struct ctx *ctx, const struct card_in *in, struct id_out *out)
{
	struct card_row card = in->row;
	if (card.barcode.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "row.barcode", REASON_REQUIRED);
	add_defaults(ctx, in, &card);
	enum err err = references_check(ctx, NULL, &card);
	if (err == ERR_OK)
		err = card_write(ctx, NULL, &card);
	if (err == ERR_OK && in->balance.minor > 0) {
		const struct uuid *account =
			uuid_is_unset(&card.master_id) ? &card.id : &card.master_id;
		err = ledger_open_balance(ctx, account, &card.id, UNIT_POINTS, in->balance);
	}
	out->id = card.id;
	return err;
}
OPERATION(card_add, struct card_in, struct id_out, .mutates = true,
	  .serials = SERIAL_BIT(SERIAL_CARD));

static enum err card_change(struct ctx *ctx, const struct card_in *in, struct nothing *out)
{
	struct card_row before, after;
	enum err err = card_open(ctx, &in->row.id, &before);
	(void)out;
	if (err != ERR_OK)
		return err;
	after = before;
	row_merge(&card_row_map, &after, &in->row, &in->sent, offsetof(struct card_in, row));
	if (after.barcode.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "row.barcode", REASON_REQUIRED);
	err = references_check(ctx, &before, &after);
	return err == ERR_OK ? card_write(ctx, &before, &after) : err;
}
OPERATION(card_change, struct card_in, struct nothing, .mutates = true);

/* What it holds on its master's account ends with it. */
static enum err master_set_free(struct ctx *ctx, const struct card_row *card)
{
	bool has = false;
	if (uuid_is_unset(&card->master_id))
		return ERR_OK;
	enum err err = ledger_has_holds(ctx, &card->master_id, &card->id, &has);
	return err == ERR_OK && has ? ledger_void_holds(ctx, &card->master_id, &card->id) : err;
}

/* What it held before it was replaced ends with it, wherever it is by now. */
static enum err heir_set_free(struct ctx *ctx, const struct card_row *card)
{
	struct uuid account;
	bool has = !uuid_is_unset(&card->new_card_id);
	enum err err = ERR_OK;
	while (err == ERR_OK && has) {
		err = ledger_hold_elsewhere(ctx, &card->id, &account, &has);
		if (err == ERR_OK && has)
			err = ledger_void_holds(ctx, &account, &card->id);
	}
	return err;
}

enum err card_remove_noted(struct ctx *ctx, const struct card_row *card,
			   const struct status_note *note)
{
	struct card_row after = *card;
	after.live = 0;
	enum err err = master_set_free(ctx, card);
	if (err == ERR_OK)
		err = heir_set_free(ctx, card);
	if (err == ERR_OK)
		err = ledger_close_accounts(ctx, &card->id);
	return err == ERR_OK ? card_store_noted(ctx, card, &after, note) : err;
}

enum err card_remove(struct ctx *ctx, const struct card_row *card)
{
	return card_remove_noted(ctx, card, NULL);
}

static enum err card_delete(struct ctx *ctx, const struct card_delete_in *in, struct nothing *out)
{
	struct card_row card;
	bool remains = false, leads = false;
	enum err err = card_open(ctx, &in->id, &card);
	(void)out;
	if (err == ERR_OK)
		err = card_has_followers(ctx, &in->id, &leads);
	if (err == ERR_OK && leads)
		return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_IS_MASTER);
	if (err == ERR_OK && in->check_balance)
		err = ledger_has_remainder(ctx, &in->id, &remains);
	if (err == ERR_OK && remains)
		return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_HAS_BALANCE);
	if (err != ERR_OK)
		return err;
	journal_object(ctx, &card.id);
	journal_changes(ctx, "card", &card_row_map, &card, NULL);
	return card_remove(ctx, &card);
}
OPERATION(card_delete, struct card_delete_in, struct nothing, .mutates = true);
