#include "primary.h"

#include "attach.h"
#include "batch.h"
#include "db.h"
#include "log.h"
#include "mutation.h"
#include "serial.h"
#include "series.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define CODE_KEY_MAX 1020

/* Under the holder's lock, so that its cards are seen as they are then. */
void holder_put_primary(struct ctx *ctx, struct batch *batch, const struct uuid *holder)
{
	struct person_hold_in hold = {ctx_organisation(ctx), *holder};
	struct person_follow_card_in follow = {ctx_now(ctx), hold.organisation_id, *holder};
	batch_person_hold(batch, &hold, NULL, NULL);
	struct person_span_follow_in span = {ctx_now(ctx).ms, hold.organisation_id, *holder};
	batch_person_follow_card(batch, &follow);
	batch_person_span_follow(batch, &span);
}

static bool counts(const struct card_row *card)
{
	return card && card->live && !uuid_is_unset(&card->person_id) && !card_is_replaced(card);
}

void holders_follow(struct ctx *ctx, struct batch *batch, const struct card_row *before,
		    const struct card_row *after)
{
	bool was = counts(before), is = counts(after);
	bool same = was && is && uuid_eq(&before->person_id, &after->person_id);
	if (same && str_eq(before->code, after->code) &&
	    before->attached_at.ms == after->attached_at.ms)
		return;
	if (was)
		holder_put_primary(ctx, batch, &before->person_id);
	if (is && !same)
		holder_put_primary(ctx, batch, &after->person_id);
}

static enum err card_note(struct ctx *ctx, const struct card_row *before, struct card_row *after)
{
	enum err err = card_store(ctx, before, after);
	if (err == ERR_OK)
		journal_changes(ctx, card_note_name(ctx, &after->id), &card_row_map, before, after);
	return err;
}

static enum err cards_lock(struct ctx *ctx, const struct uuid *holder, struct list *cards_r)
{
	struct card_of_person_lock_in in = {ctx_organisation(ctx), *holder};
	return sql_card_of_person_lock(ctx->db, ctx->arena, &in, cards_r);
}

enum err cards_retire(struct ctx *ctx, const struct uuid *holder)
{
	struct list cards = {0};
	enum err err = cards_lock(ctx, holder, &cards);
	const struct card_row *card = cards.rows;
	for (size_t i = 0; err == ERR_OK && i < cards.n; i++) {
		struct card_row after = card[i];
		card_take(&after);
		after.blocked = true;
		after.blocked_until.ms = BLOCKED_FOR_GOOD;
		err = card_note(ctx, &card[i], &after);
	}
	return err;
}

/* By id ascending, so the first of the earliest stays. */
static const struct card_row *primary_of(const struct list *cards)
{
	const struct card_row *card = cards->rows, *primary = NULL;
	for (size_t i = 0; i < cards->n; i++)
		if (!card_is_replaced(&card[i]) &&
		    (!primary || card[i].attached_at.ms < primary->attached_at.ms))
			primary = &card[i];
	return primary;
}

static enum err refuse(struct ctx *ctx, const char *member, enum reason reason)
{
	return ctx_fail(ctx, ERR_CONFLICT, member, reason);
}

/* The one live card of this code; rows of *found_r: none, or it. */
static enum err code_lock(struct ctx *ctx, struct str key, const char *member, struct list *found_r)
{
	struct card_of_code_lock_in in = {ctx_organisation(ctx), key};
	enum err err = sql_card_of_code_lock(ctx->db, ctx->arena, &in, found_r);
	if (err != ERR_OK || found_r->n < 2)
		return err;
	log_event(LOG_WARN_, "one code, several cards", NULL);
	return refuse(ctx, member, REASON_ALREADY_USED);
}

static enum err may_have(struct ctx *ctx, const struct person_row *holder,
			 const struct card_row *card, const char *member)
{
	if (uuid_eq(&card->person_id, &holder->id))
		return card_is_replaced(card) ? refuse(ctx, member, REASON_REPLACED) : ERR_OK;
	if (!uuid_is_unset(&card->person_id) && !card_is_replaced(card))
		return refuse(ctx, member, REASON_OTHER_HOLDER);
	if (card->external)
		return refuse(ctx, member, REASON_EXTERNAL);
	return card_is_replaced(card) ? refuse(ctx, member, REASON_REPLACED) : ERR_OK;
}

static enum err primary_free(struct ctx *ctx, const struct card_row *primary)
{
	if (!primary)
		return ERR_OK;
	struct card_row after = *primary;
	card_take(&after);
	return card_note(ctx, primary, &after);
}

static void card_make(struct ctx *ctx, struct str code, struct card_row *card)
{
	*card = (struct card_row){.organisation_id = ctx_organisation(ctx),
				  .id = ctx_uuid(ctx),
				  .serial = serial_take(ctx, SERIAL_CARD),
				  .live = 1,
				  .code = code,
				  .barcode = code,
				  .active = true,
				  .activated_at = ctx_now(ctx),
				  .created_at = ctx_now(ctx)};
}

/* From before the one it takes the place of, so that it comes first among the holder's cards. */
static enum err card_put_first(struct ctx *ctx, const struct person_row *holder,
			       const struct card_row *primary, const struct card_row *before,
			       struct card_row *after, const char *member)
{
	card_give(ctx, holder, after);
	if (primary)
		after->attached_at.ms = primary->attached_at.ms - 1;
	enum err err = series_begin(ctx, after);
	if (err == ERR_OK)
		err = card_note(ctx, before, after);
	return err == ERR_TAKEN ? ctx_fail(ctx, err, member, REASON_ALREADY_USED) : err;
}

static enum err primary_give(struct ctx *ctx, const struct person_row *holder,
			     const struct card_row *primary, const struct list *found,
			     struct str code, const char *member)
{
	const struct card_row *before = found->n > 0 ? found->rows : NULL;
	struct card_row after;
	enum err err = before ? may_have(ctx, holder, before, member) : ERR_OK;
	if (err == ERR_OK)
		err = primary_free(ctx, primary);
	if (err == ERR_OK && !(before && uuid_eq(&before->person_id, &holder->id)))
		err = card_limit_check(ctx, &holder->id, member);
	if (err != ERR_OK)
		return err;
	if (before)
		after = *before;
	else
		card_make(ctx, code, &after);
	return card_put_first(ctx, holder, primary, before, &after, member);
}

enum err holder_set_primary(struct ctx *ctx, const struct person_row *holder, struct str code,
			    const char *member)
{
	struct str key = text_fold(ctx->arena, code, CODE_KEY_MAX);
	struct list cards = {0}, found = {0};
	enum err err = cards_lock(ctx, &holder->id, &cards);
	const struct card_row *primary = primary_of(&cards);
	if (err != ERR_OK)
		return err;
	if (key.len == 0)
		return primary_free(ctx, primary);
	if (primary && str_eq(primary->code_key, key))
		return ERR_OK;
	if (text_length(code) > CARD_SHORT_TEXT_MAX)
		return ctx_fail(ctx, ERR_INVALID, member, REASON_TOO_LONG);
	err = code_lock(ctx, key, member, &found);
	return err == ERR_OK ? primary_give(ctx, holder, primary, &found, code, member) : err;
}
