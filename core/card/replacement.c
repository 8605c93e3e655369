#include "replacement.h"

#include <string.h>

#include "batch.h"
#include "db.h"
#include "mutation.h"
#include "primary.h"
#include "stmt_gen.h"
#include "transfer.h"
#include "uuid.h"

#define FOLLOWERS_CHUNK 200 /* of one packet */

struct replacement {
	struct ctx *ctx;
	struct card_row old, new, master; /* master: of the old card, unset when it has none */
	struct card_row old_after, new_after;
	struct list followers; /* struct card_row: cards whose master is the old one */
	struct list traces;    /* of the new card's accounts */
};

static enum err ties(struct ctx *ctx, const struct uuid *id, const char *member,
		     struct card_ties_row *row_r)
{
	struct card_ties_in in = {ctx_organisation(ctx), *id};
	enum err err = sql_card_ties(ctx->db, ctx->arena, &in, row_r);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, member, REASON_NO_SUCH) : err;
}

/* Who gives a card to a holder has the holder locked. One that is gone holds no card. */
static enum err holder_lock(struct ctx *ctx, const struct uuid *id)
{
	struct person_lock_in in = {ctx_organisation(ctx), *id};
	struct person_row row;
	if (uuid_is_unset(id))
		return ERR_OK;
	enum err err = sql_person_lock(ctx->db, ctx->arena, &in, &row);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err followers_lock(struct replacement *r, const struct uuid *old)
{
	struct ctx *ctx = r->ctx;
	struct card_followers_lock_in in = {ctx_organisation(ctx), *old,
					    REPLACEMENT_FOLLOWERS_MAX + 1};
	enum err err = sql_card_followers_lock(ctx->db, ctx->arena, &in, &r->followers);
	if (err == ERR_OK && r->followers.n > REPLACEMENT_FOLLOWERS_MAX)
		return ctx_fail(ctx, ERR_CONFLICT, "old_id", REASON_TOO_MANY);
	return err;
}

struct place {
	const struct uuid *id;
	bool follows;
	const char *member;
	struct card_row *row;
};

static bool is_before(const struct place *a, const struct place *b)
{
	return a->follows != b->follows ? a->follows : memcmp(a->id, b->id, sizeof *a->id) < 0;
}

/* Followers before masters, then by id: the order of all who lock several cards. */
static enum err places_lock(struct ctx *ctx, struct place *place, size_t n)
{
	enum err err = ERR_OK;
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && is_before(&place[k], &place[k - 1]); k--) {
			struct place held = place[k];
			place[k] = place[k - 1];
			place[k - 1] = held;
		}
	for (size_t i = 0; err == ERR_OK && i < n; i++)
		err = card_lock(ctx, place[i].id, place[i].member, place[i].row);
	return err;
}

static enum err cards_lock(struct replacement *r, const struct replacement_in *in,
			   const struct card_ties_row *old, const struct card_ties_row *new)
{
	struct place place[] = {
		{&in->old_id, !uuid_is_unset(&old->master_id), "old_id", &r->old},
		{&in->new_id, !uuid_is_unset(&new->master_id), "new_id", &r->new},
		{&old->master_id, false, "old_id", &r->master},
	};
	bool has_master = !uuid_is_unset(&old->master_id) && !uuid_eq(&old->master_id, &in->new_id);
	return places_lock(r->ctx, place, has_master ? 3 : 2);
}

/* What was read before the locks may have changed since; under the old card's lock it is final. */
static enum err catch_up(struct replacement *r, const struct card_ties_row *old)
{
	enum err err = ERR_OK;
	if (!uuid_eq(&r->old.person_id, &old->person_id))
		err = holder_lock(r->ctx, &r->old.person_id);
	if (err == ERR_OK && !uuid_eq(&r->old.master_id, &old->master_id) &&
	    !uuid_is_unset(&r->old.master_id))
		err = card_lock(r->ctx, &r->old.master_id, "old_id", &r->master);
	return err;
}

/* Under the old card's lock nobody becomes its follower: those found the second time are all. */
static enum err all_lock(struct replacement *r, const struct replacement_in *in)
{
	struct ctx *ctx = r->ctx;
	struct card_ties_row old, new;
	struct card_traces_in traces = {ctx_organisation(ctx), in->new_id};
	enum err err = ties(ctx, &in->old_id, "old_id", &old);
	if (err == ERR_OK)
		err = ties(ctx, &in->new_id, "new_id", &new);
	if (err == ERR_OK)
		err = holder_lock(ctx, &old.person_id);
	if (err == ERR_OK)
		err = followers_lock(r, &in->old_id);
	if (err == ERR_OK)
		err = cards_lock(r, in, &old, &new);
	if (err == ERR_OK)
		err = catch_up(r, &old);
	if (err == ERR_OK)
		err = followers_lock(r, &in->old_id);
	if (err == ERR_OK)
		err = sql_card_traces(ctx->db, ctx->arena, &traces, &r->traces);
	return err;
}

static enum err old_check(struct replacement *r)
{
	if (!uuid_is_unset(&r->old.new_card_id))
		return ctx_fail(r->ctx, ERR_CONFLICT, "old_id", REASON_OLD_REPLACED);
	if (!r->old.active)
		return ctx_fail(r->ctx, ERR_CONFLICT, "old_id", REASON_OLD_INACTIVE);
	return ERR_OK;
}

static bool is_posted(const struct replacement *r)
{
	const struct card_traces_row *row = r->traces.rows;
	bool posted = r->new.posted;
	for (size_t i = 0; i < r->traces.n; i++)
		posted = posted || row[i].last_seq > 0;
	return posted;
}

static bool is_sold(const struct replacement *r)
{
	const struct card_traces_row *row = r->traces.rows;
	for (size_t i = 0; i < r->traces.n; i++)
		if (row[i].first_check_at.ms)
			return true;
	return false;
}

static enum reason new_fault(const struct replacement *r)
{
	const struct card_row *card = &r->new;
	bool blocked = card_is_blocked(card->blocked, card->blocked_until, card->holder_locked,
				       ctx_now(r->ctx));
	bool for_a_time = blocked && card->blocked_until.ms != BLOCKED_FOR_GOOD;
	if (card_is_replaced(card))
		return REASON_NEW_REPLACED;
	if (!uuid_is_unset(&card->person_id))
		return REASON_NEW_HAS_USER;
	if (is_posted(r))
		return REASON_NEW_POSTED;
	if (card->active && !for_a_time)
		return REASON_NEW_ACTIVE;
	return blocked && is_sold(r) ? REASON_NEW_SOLD : REASON_NONE;
}

/* The new card takes the old one's master, so it may not be that master, nor lead others then. */
static enum err master_check(struct replacement *r)
{
	bool leads = false;
	if (uuid_is_unset(&r->old.master_id))
		return ERR_OK;
	if (uuid_eq(&r->old.master_id, &r->new.id))
		return ctx_fail(r->ctx, ERR_CONFLICT, "new_id", REASON_MASTER_SELF);
	enum err err = card_has_followers(r->ctx, &r->new.id, &leads);
	if (err == ERR_OK && leads)
		return ctx_fail(r->ctx, ERR_CONFLICT, "new_id", REASON_MASTER_CHAIN);
	return err;
}

static enum err rules_check(struct replacement *r)
{
	enum err err = old_check(r);
	if (err != ERR_OK)
		return err;
	enum reason reason = new_fault(r);
	if (reason)
		return ctx_fail(r->ctx, ERR_CONFLICT, "new_id", reason);
	return master_check(r);
}

/* A delete of the old card's group waits here, or is waited for. */
static enum err group_hold(struct replacement *r)
{
	struct card_group_share_in in = {ctx_organisation(r->ctx), r->old.parent_id};
	struct card_group_share_row row;
	if (uuid_is_unset(&in.id))
		return ERR_OK;
	return sql_card_group_share(r->ctx->db, r->ctx->arena, &in, &row);
}

#define MOVES(m)                                                                                   \
	{                                                                                          \
		offsetof(struct card_row, m), sizeof((struct card_row *)0)->m                      \
	}
static const struct {
	size_t offset, size;
} moved[] = {
	MOVES(parent_id),
	MOVES(active),
	MOVES(master_id),
	MOVES(referral_id),
	MOVES(activated_at),
	MOVES(deactivated_at),
	MOVES(person_id),
	MOVES(attached_at),
	MOVES(holder_locked),
	MOVES(holder_credit),
	MOVES(phone),
	MOVES(email),
	MOVES(external),
	MOVES(level_id),
	MOVES(posted),
	MOVES(accum_sale_amount),
	MOVES(activation_shop_id),
	MOVES(is_credit),
	MOVES(credit_limit),
	MOVES(message),
	MOVES(discount_percent),
	MOVES(discount_until),
};

static void new_make(struct replacement *r)
{
	struct card_row *card = &r->new_after;
	*card = r->new;
	for (size_t i = 0; i < sizeof moved / sizeof moved[0]; i++)
		memcpy((char *)card + moved[i].offset, (const char *)&r->old + moved[i].offset,
		       moved[i].size);
	card->blocked = false;
	card->blocked_until.ms = 0;
	card->blocked_description = STR("");
	card->new_card_id = (struct uuid){{0}};
}

static void old_make(struct replacement *r)
{
	struct card_row *card = &r->old_after;
	*card = r->old;
	if (!card_is_blocked(card->blocked, card->blocked_until, false, ctx_now(r->ctx)))
		card->blocked_description = STR("");
	card->active = false;
	card->deactivated_at = ctx_now(r->ctx);
	card->blocked = true;
	card->blocked_until.ms = BLOCKED_FOR_GOOD;
	card->master_id = (struct uuid){{0}};
	card->new_card_id = r->new.id;
}

static void put_card(struct replacement *r, struct batch *batch, const struct card_row *before,
		     struct card_row *after)
{
	card_store_into(r->ctx, batch, before, after);
	journal_changes(r->ctx, card_note_name(r->ctx, &after->id), &card_row_map, before, after);
}

static enum err followers_write(struct replacement *r)
{
	const struct card_row *card = r->followers.rows;
	enum err err = ERR_OK;
	for (size_t from = 0; err == ERR_OK && from < r->followers.n; from += FOLLOWERS_CHUNK) {
		struct batch batch;
		batch_init(&batch, r->ctx->db, r->ctx->arena);
		for (size_t i = from; i < from + FOLLOWERS_CHUNK && i < r->followers.n; i++) {
			struct card_row after = card[i];
			after.master_id = r->new.id;
			if (!uuid_eq(&after.id, &r->new.id))
				put_card(r, &batch, &card[i], &after);
		}
		err = batch.n ? batch_run(&batch) : ERR_OK;
	}
	return err;
}

static enum err cards_write(struct replacement *r)
{
	struct batch batch;
	batch_init(&batch, r->ctx->db, r->ctx->arena);
	new_make(r);
	old_make(r);
	put_card(r, &batch, &r->old, &r->old_after);
	put_card(r, &batch, &r->new, &r->new_after);
	holders_follow(r->ctx, &batch, &r->old, &r->old_after);
	holders_follow(r->ctx, &batch, &r->new, &r->new_after);
	enum err err = batch_run(&batch);
	return err == ERR_OK ? followers_write(r) : err;
}

static enum err card_replacement(struct ctx *ctx, const struct replacement_in *in,
				 struct nothing *out)
{
	struct replacement *r = arena_new(ctx->arena, struct replacement);
	(void)out;
	r->ctx = ctx;
	if (uuid_eq(&in->old_id, &in->new_id))
		return ctx_fail(ctx, ERR_CONFLICT, "new_id", REASON_REPLACE_SELF);
	enum err err = all_lock(r, in);
	if (err != ERR_OK)
		return err;
	journal_object(ctx, &in->old_id);
	if (card_is_replaced(&r->old) && uuid_eq(&r->old.new_card_id, &in->new_id))
		return ERR_OK;
	err = rules_check(r);
	if (err == ERR_OK)
		err = group_hold(r);
	if (err == ERR_OK)
		err = cards_write(r);
	return err == ERR_OK ? ledger_transfer(ctx, &in->old_id, &in->new_id) : err;
}
OPERATION(card_replacement, struct replacement_in, struct nothing, .mutates = true);
