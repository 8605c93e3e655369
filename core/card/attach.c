#include "attach.h"

#include <string.h>

#include "crypto.h"
#include "db.h"
#include "mutation.h"
#include "series.h"
#include "settings.h"
#include "stmt_gen.h"
#include "uuid.h"

/* Writes a card as part of a mutation on its holder, which stays the journal's object. */
static enum err card_follow(struct ctx *ctx, const struct card_row *before, struct card_row *after)
{
	enum err err = card_store(ctx, before, after);
	if (err == ERR_OK)
		journal_changes(ctx, card_note_name(ctx, &after->id), &card_row_map, before, after);
	return err;
}

enum err card_limit_check(struct ctx *ctx, const struct uuid *holder, const char *member)
{
	int64_t most = ctx->settings->cards_per_user;
	struct card_of_person_count_in in = {ctx_organisation(ctx), *holder};
	struct card_of_person_count_row row;
	if (most == 0)
		return ERR_OK;
	enum err err = sql_card_of_person_count(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_OK && row.n >= most)
		return ctx_fail(ctx, ERR_CONFLICT, member, REASON_CARDS_PER_USER);
	return err;
}

static uint64_t head_of(const struct uuid *id)
{
	uint64_t head = 0;
	for (int i = 0; i < 8; i++)
		head = head << 8 | id->byte[i];
	return head;
}

/* Anywhere between two ids. */
static struct uuid id_between(const struct uuid *first, const struct uuid *last)
{
	struct uuid id;
	uint64_t span = head_of(last) - head_of(first), random;
	crypto_random(&random, sizeof random);
	crypto_random(&id, sizeof id);
	random = head_of(first) + (span == UINT64_MAX ? random : random % (span + 1));
	for (int i = 7; i >= 0; i--, random >>= 8)
		id.byte[i] = (uint8_t)random;
	return id;
}

/* From a random place to the end, then from the beginning. */
static enum err free_lock(struct ctx *ctx, enum card_free kind, struct card_row *card_r)
{
	struct card_free_range_in range_in = {ctx_organisation(ctx), kind};
	struct card_free_range_row range;
	enum err err = sql_card_free_range(ctx->db, ctx->arena, &range_in, &range);
	if (err != ERR_OK)
		return err;
	struct card_free_lock_in in = {range_in.organisation_id, kind,
				       id_between(&range.first_id, &range.last_id), ctx_now(ctx)};
	err = sql_card_free_lock(ctx->db, ctx->arena, &in, card_r);
	if (err != ERR_NOT_FOUND)
		return err;
	in.from_id = (struct uuid){{0}};
	return sql_card_free_lock(ctx->db, ctx->arena, &in, card_r);
}

void card_give(struct ctx *ctx, const struct person_row *holder, struct card_row *card)
{
	card->person_id = holder->id;
	card->attached_at = ctx_now(ctx);
	card->holder_locked = holder->locked;
	card->holder_credit = holder->credit_allowed;
}

void card_take(struct card_row *card)
{
	card->person_id = (struct uuid){{0}};
	card->attached_at.ms = 0;
	card->holder_locked = false;
	card->holder_credit = false;
}

static void attach(struct ctx *ctx, const struct person_row *holder,
		   const struct attach_terms *terms, struct card_row *card)
{
	card_give(ctx, holder, card);
	if (terms->name.at)
		card->name = terms->name;
	if (terms->description.at)
		card->description = terms->description;
	if (terms->shop_id.len == 0)
		return;
	card->activation_shop_id = terms->shop_id;
	if (!card->active) {
		card->active = true;
		card->activated_at = ctx_now(ctx);
		card->deactivated_at.ms = 0;
	}
}

enum err card_attach_free(struct ctx *ctx, const struct person_row *holder,
			  const struct attach_terms *terms, struct uuid *card_r)
{
	struct card_row before, after;
	enum err err = card_limit_check(ctx, &holder->id, "id");
	if (err == ERR_OK)
		err = free_lock(ctx, CARD_FREE, &before);
	if (err == ERR_NOT_FOUND)
		err = free_lock(ctx, CARD_FREE_AFTER_BLOCK, &before);
	if (err != ERR_OK)
		return err;
	after = before;
	attach(ctx, holder, terms, &after);
	*card_r = after.id;
	err = series_begin(ctx, &after);
	return err == ERR_OK ? card_follow(ctx, &before, &after) : err;
}

static enum err may_attach(struct ctx *ctx, const struct card_row *card, const char *member)
{
	enum reason reason = !uuid_is_unset(&card->person_id) ? REASON_OTHER_HOLDER
			     : card->external                 ? REASON_EXTERNAL
			     : card_is_replaced(card)         ? REASON_REPLACED
							      : REASON_NONE;
	return reason ? ctx_fail(ctx, ERR_CONFLICT, member, reason) : ERR_OK;
}

enum err card_attach(struct ctx *ctx, const struct person_row *holder, const struct uuid *card,
		     const char *member)
{
	static const struct attach_terms as_it_is;
	struct card_row before, after;
	enum err err = card_lock(ctx, card, member, &before);
	if (err != ERR_OK)
		return err;
	journal_object(ctx, card);
	if (uuid_eq(&before.person_id, &holder->id))
		return ERR_OK;
	err = may_attach(ctx, &before, member);
	if (err == ERR_OK)
		err = card_limit_check(ctx, &holder->id, "id");
	if (err != ERR_OK)
		return err;
	after = before;
	attach(ctx, holder, &as_it_is, &after);
	err = series_begin(ctx, &after);
	return err == ERR_OK ? card_write(ctx, &before, &after) : err;
}

static enum err cards_of(struct ctx *ctx, const struct uuid *holder, struct list *cards_r)
{
	struct card_of_person_lock_in in = {ctx_organisation(ctx), *holder};
	return sql_card_of_person_lock(ctx->db, ctx->arena, &in, cards_r);
}

enum err cards_follow(struct ctx *ctx, const struct person_row *holder)
{
	struct list cards = {0};
	enum err err = cards_of(ctx, &holder->id, &cards);
	const struct card_row *card = cards.rows;
	for (size_t i = 0; err == ERR_OK && i < cards.n; i++) {
		struct card_row after = card[i];
		after.holder_locked = holder->locked;
		after.holder_credit = holder->credit_allowed;
		err = card_follow(ctx, &card[i], &after);
	}
	return err;
}

enum err cards_set_free(struct ctx *ctx, const struct uuid *holder)
{
	struct list cards = {0};
	enum err err = cards_of(ctx, holder, &cards);
	const struct card_row *card = cards.rows;
	for (size_t i = 0; err == ERR_OK && i < cards.n; i++) {
		struct card_row after = card[i];
		card_take(&after);
		err = card_follow(ctx, &card[i], &after);
	}
	return err;
}
