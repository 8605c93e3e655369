/*
 * Cards: what all five dialects show, each in its own way. Search keys, words,
 * fragments and kept counts follow every write by one function, so that no
 * operation can forget them.
 */
#ifndef CARD_CARD_H
#define CARD_CARD_H

#include "ctx.h"
#include "field.h"
#include "ledger.h"
#include "operation.h"
#include "rows_gen.h"

/* Limits in characters (organization.md, "Text limits"). */
#define CARD_NAME_MAX        255
#define CARD_DESCRIPTION_MAX 1000
#define CARD_SHORT_TEXT_MAX  64
#define CARD_EMAIL_MAX       255
#define CARD_WORD_MAX        96 /* bytes of a word of the name that searches know */

#define BLOCKED_FOR_GOOD INT64_MAX

/* card.free_kind */
enum card_free { CARD_NOT_FREE, CARD_FREE, CARD_FREE_AFTER_BLOCK };

/* A card as it is at this moment. */
struct card {
	struct card_view_row row;
	int64_t row_number;        /* lists: from 1 over the whole result */
	bool is_group;             /* lists with groups: a group in a card's place */
	bool blocked;              /* by an own block that has not ended, or by the holder's lock */
	struct str blocked_reason; /* "" when not blocked */
	struct moment unblock_at;  /* 0 = no end, or not blocked */
	struct amount available; /* points that can be spent now, of the master when there is one */
};

struct card_out {
	struct card card;
};

/* Add and change: members of `row` that were sent. Change takes the card's id from row.id. */
struct card_in {
	struct sent sent;
	struct amount balance;    /* add: opening balance */
	struct moment unblock_at; /* add with blocked */
	struct card_row row;
};

struct card_delete_in {
	struct uuid id;
	bool check_balance;
};

struct card_activate_in {
	struct sent sent;
	struct uuid id;
	struct str shop_id;
};

struct card_block_in {
	struct uuid id;
	struct str description;
	struct moment unblock_at; /* 0 = for good */
};

extern const struct operation op_card_get, op_card_add, op_card_change, op_card_delete,
	op_card_activate, op_card_deactivate, op_card_block, op_card_unblock;

/* Card of this id under its lock. NOT_FOUND names `member`. */
enum err card_lock(struct ctx *ctx, const struct uuid *id, const char *member,
		   struct card_row *row_r);
/* Has any live card this one as its master? */
enum err card_has_followers(struct ctx *ctx, const struct uuid *id, bool *has_r);
/* card_lock for an operation on one card: with If-Match, the state under the lock must be the named
 * one. */
enum err card_open(struct ctx *ctx, const struct uuid *id, struct card_row *row_r);
/*
 * Writes a card: before NULL = new, after->live 0 = deleted. Fills the search keys of
 * `after`, keeps words, fragments, counts and the history of masters. TAKEN names
 * barcode or id.
 */
enum err card_store(struct ctx *ctx, const struct card_row *before, struct card_row *after);
/* card_store into a batch, which the caller runs: for bulk work. */
struct batch;
void card_store_into(struct ctx *ctx, struct batch *batch, const struct card_row *before,
		     struct card_row *after);
/* card_store for an operation on one card: the journal says what changed. */
enum err card_write(struct ctx *ctx, const struct card_row *before, struct card_row *after);
/* Deletes a locked card with all that belongs to it; its books are closed, not lost. */
enum err card_remove(struct ctx *ctx, const struct card_row *card);
/*
 * A code read as an unsigned 64-bit number (RFID readers show one card both ways): decimal when it
 * is all digits, else hexadecimal; leading zeros do not count. Eight bytes, big-endian, in the
 * arena; unset when the code is no such number.
 */
struct str card_uid(struct arena *arena, struct str code);
/* Is it blocked at this moment? */
bool card_is_blocked(bool blocked, struct moment blocked_until, bool holder_locked,
		     struct moment now);
/* Has another taken its place? Then it stays as that left it: inactive and blocked. */
bool card_is_replaced(const struct card_row *card);
/* "card:ID" in the arena: one of several objects in a journal row. */
const char *card_note_name(struct ctx *ctx, const struct uuid *id);
/* From rows with their own accounts to what they mean at this moment: the master's account where
 * there is one, block, balance. */
enum err cards_resolve(struct ctx *ctx, struct card *cards, size_t n);
/* The card of this id as it is now, without its lock. NOT_FOUND names `id`. */
enum err card_view(struct ctx *ctx, const struct uuid *id, struct card *card);
/* Sets ctx->state for the card's ETag. */
struct str card_state(struct ctx *ctx, const struct card *card);

#endif
