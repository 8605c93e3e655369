/* What every request of a till begins with: is the till known, and which card is meant? */
#ifndef WASHING_TILL_LOOK_H
#define WASHING_TILL_LOOK_H

#include "batch.h"
#include "ctx.h"
#include "rows_gen.h"
#include "stmt_gen.h"
#include "washing.h"

#define TILL_TEXT_MAX 8

struct till_look {
	struct ctx *ctx;
	const struct till_key *key;
	bool has_till;      /* a number was sent */
	const char *member; /* of till_key, with "key.": the one that decides on the card */
	struct till_row till;
	bool found;
	struct list cards; /* struct named_card_row */
	char text[TILL_TEXT_MAX];
};

/* Adds the questions to a packet. What follows them there may be of the card that they name:
 * BOOK_OF_NAMED and statements that say so; till_look_forget comes before then. */
void till_look_forget(struct batch *batch);
void till_look_ask(struct till_look *look, struct ctx *ctx, struct batch *batch,
		   const struct till_key *key, bool has_till);
/* After it was sent: NOT_FOUND, REASON_NO_TILL. */
enum err till_look_check(struct till_look *look);
/* NOT_FOUND, REASON_NO_CARD; several cards of one code are none, and logged. */
enum err till_look_card(struct till_look *look, struct named_card_row *card_r);
/* The number of the till in digits, "" when none was sent. Borrowed from `look`. */
struct str till_look_text(struct till_look *look);

/* What can be spent: of a credit card with its own line. */
struct amount credit_of(struct amount available, int64_t account_kind, bool is_credit,
			struct amount credit_limit);

#endif
