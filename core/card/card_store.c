/* A card's row under its lock, and the one way in which it and all that follows from it is written.
 */
#include <string.h>

#include "batch.h"
#include "card.h"
#include "count.h"
#include "db.h"
#include "gram.h"
#include "primary.h"
#include "status.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define NAME_KEY_MAX    1020
#define CODE_KEY_MAX    1020
#define EMAIL_KEY_MAX   1020
#define BARCODE_KEY_MAX 256
#define PHONE_KEY_MAX   64
#define WORDS_MAX       32

/* May it be given to a holder: now, once its block has ended by the clock, or not. */
static int64_t free_kind(const struct card_row *card)
{
	if (!card->live || card->posted || card->external || card->holder_locked ||
	    !uuid_is_unset(&card->person_id))
		return CARD_NOT_FREE;
	if (!card->blocked)
		return CARD_FREE;
	return card->blocked_until.ms == BLOCKED_FOR_GOOD ? CARD_NOT_FREE : CARD_FREE_AFTER_BLOCK;
}

enum err card_lock(struct ctx *ctx, const struct uuid *id, const char *member,
		   struct card_row *row_r)
{
	struct card_lock_in in = {ctx_organisation(ctx), *id};
	enum err err = sql_card_lock(ctx->db, ctx->arena, &in, row_r);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, member, REASON_NO_SUCH) : err;
}

enum err card_has_followers(struct ctx *ctx, const struct uuid *id, bool *has_r)
{
	struct card_follower_in in = {ctx_organisation(ctx), *id};
	struct card_follower_row row;
	enum err err = sql_card_follower(ctx->db, ctx->arena, &in, &row);
	*has_r = err == ERR_OK;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static void fill_keys(struct arena *arena, struct card_row *card)
{
	card->name_key = text_fold(arena, card->name, NAME_KEY_MAX);
	card->code_key = text_fold(arena, card->code, CODE_KEY_MAX);
	card->barcode_key = text_fold(arena, card->barcode, BARCODE_KEY_MAX);
	card->email_key = text_fold(arena, card->email, EMAIL_KEY_MAX);
	struct str digits = text_digits(arena, card->phone);
	if (digits.len > PHONE_KEY_MAX)
		digits.len = PHONE_KEY_MAX;
	card->phone_reversed = text_reverse(arena, digits);
	card->uid = card_uid(arena, card->code);
	card->shut = card->blocked || card->holder_locked;
	card->free_kind = free_kind(card);
}

struct words {
	struct str word[WORDS_MAX];
	size_t n;
};

static struct words words_of(const struct card_row *card)
{
	struct words words = {.n = 0};
	if (card && card->live)
		words.n = text_words(card->name_key, CARD_WORD_MAX, words.word, WORDS_MAX);
	return words;
}

static bool has_word(const struct words *words, struct str word)
{
	for (size_t i = 0; i < words->n; i++)
		if (str_eq(words->word[i], word))
			return true;
	return false;
}

static void put_words(struct batch *batch, const struct card_row *before,
		      const struct card_row *after)
{
	struct words old = words_of(before), new = words_of(after);
	for (size_t i = 0; i < old.n; i++) {
		struct card_word_delete_in in = {after->organisation_id, old.word[i], after->id};
		if (!has_word(&new, old.word[i]))
			batch_card_word_delete(batch, &in);
	}
	for (size_t i = 0; i < new.n; i++) {
		struct card_word_insert_in in = {after->organisation_id, new.word[i], after->id};
		if (!has_word(&old, new.word[i]))
			batch_card_word_insert(batch, &in);
	}
}

/* Name, phone digits and e-mail; barcode and code have columns of their own. */
static struct str other_text(struct arena *arena, const struct card_row *card)
{
	struct buf buf;
	buf_init(&buf, arena, card->name_key.len + card->email_key.len + PHONE_KEY_MAX + 4);
	buf_str(&buf, card->name_key);
	buf_char(&buf, '\n');
	buf_str(&buf, text_digits(arena, card->phone));
	buf_char(&buf, '\n');
	buf_str(&buf, card->email_key);
	return buf_done(&buf);
}

static bool text_changed(const struct card_row *a, const struct card_row *b)
{
	return !str_eq(a->name_key, b->name_key) || !str_eq(a->email_key, b->email_key) ||
	       !str_eq(a->phone_reversed, b->phone_reversed) || !str_eq(a->code_key, b->code_key) ||
	       !str_eq(a->barcode_key, b->barcode_key);
}

static void put_text(struct batch *batch, const struct card_row *before,
		     const struct card_row *after)
{
	struct str other = other_text(batch->arena, after);
	struct text_fresh_put_in fresh = {after->organisation_id, TEXT_CARD, after->id};
	if (!before || !after->live || text_changed(before, after))
		batch_text_fresh_put(batch, &fresh);
	if (!before) {
		struct card_text_insert_in in = {after->organisation_id, after->id,
						 after->barcode_key, after->code_key, other};
		batch_card_text_insert(batch, &in);
	} else if (!after->live) {
		struct card_text_delete_in in = {after->organisation_id, after->id};
		batch_card_text_delete(batch, &in);
	} else if (text_changed(before, after)) {
		struct card_text_update_in in = {after->barcode_key, after->code_key, other,
						 after->organisation_id, after->id};
		batch_card_text_update(batch, &in);
	}
}

static void put_counts(struct ctx *ctx, struct batch *batch, const struct card_row *card, int n)
{
	struct uuid none = {{0}};
	if (!card || !card->live)
		return;
	count_put(ctx, batch, COUNT_CARDS, &none, n);
	count_put(ctx, batch, COUNT_CARDS_OF_GROUP, &card->parent_id, n);
	count_put(ctx, batch, COUNT_CARDS_ACTIVE, &none, card->active ? n : 0);
	count_put(ctx, batch, COUNT_CARDS_SHUT, &none, card->shut ? n : 0);
	if (!uuid_is_unset(&card->level_id))
		count_put(ctx, batch, COUNT_CARDS_OF_LEVEL, &card->level_id, n);
}

static bool counts_changed(const struct card_row *a, const struct card_row *b)
{
	return a->live != b->live || a->active != b->active || a->shut != b->shut ||
	       !uuid_eq(&a->parent_id, &b->parent_id) || !uuid_eq(&a->level_id, &b->level_id);
}

static enum err taken(struct ctx *ctx)
{
	const char *key = db_taken_key(ctx->db);
	const char *member = strcmp(key, "barcode") == 0 ? "barcode" : "id";
	return ctx_fail(ctx, ERR_TAKEN, member, REASON_ALREADY_USED);
}

/* Postings of the time before now stay explained: they went to the account then in force. */
static void put_master(struct ctx *ctx, struct batch *batch, const struct card_row *before,
		       const struct card_row *after)
{
	if (!before || !after->live || uuid_eq(&before->master_id, &after->master_id))
		return;
	struct card_master_insert_in in = {after->organisation_id, after->id, ctx_now(ctx),
					   ctx_uuid(ctx), before->master_id};
	batch_card_master_insert(batch, &in);
}

static void put_card(struct ctx *ctx, struct batch *batch, const struct card_row *before,
		     struct card_row *after, const struct status_note *note)
{
	fill_keys(ctx->arena, after);
	after->version++;
	after->updated_at = ctx_now(ctx);
	if (!before) {
		batch_card_insert(batch, after);
	} else {
		struct card_update_in in = {.card = *after,
					    .where_organisation_id = after->organisation_id,
					    .where_id = after->id};
		batch_card_update(batch, &in);
	}
	put_master(ctx, batch, before, after);
	put_words(batch, before, after);
	put_text(batch, before, after);
	if (!before || counts_changed(before, after)) {
		put_counts(ctx, batch, before, -1);
		put_counts(ctx, batch, after, 1);
	}
	card_status_note(ctx, batch, before, after, note);
}

void card_store_into(struct ctx *ctx, struct batch *batch, const struct card_row *before,
		     struct card_row *after)
{
	put_card(ctx, batch, before, after, NULL);
}

enum err card_store_noted(struct ctx *ctx, const struct card_row *before, struct card_row *after,
			  const struct status_note *note)
{
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	put_card(ctx, &batch, before, after, note);
	holders_follow(ctx, &batch, before, after);
	enum err err = batch_run(&batch);
	return err == ERR_TAKEN ? taken(ctx) : err;
}

enum err card_store(struct ctx *ctx, const struct card_row *before, struct card_row *after)
{
	return card_store_noted(ctx, before, after, NULL);
}
