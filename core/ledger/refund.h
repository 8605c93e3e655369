/* One refund under way; refund.c opens it, gives spends back and takes accruals back (return.c). */
#ifndef LEDGER_REFUND_H
#define LEDGER_REFUND_H

#include "posting.h"
#include "rule.h"

struct refund {
	struct ctx *ctx;
	const struct refund_in *in;
	struct refund_out *out;
	struct book book;      /* the account of the corrected entry, or the one that it moved to */
	struct entry_row of;   /* what is corrected */
	struct entry_row entry; /* what is posted */
	struct list parts;     /* allocation_row of the corrected spend */
	struct list lots;      /* lot_row that it ate of */
	struct lot_row made;   /* lot that the corrected accrual made */
	struct list known;     /* refunds of this document */
	bool found, has_lot;
	bool moved; /* the card has been replaced: the book is its successor's */
	struct uuid burn_id; /* entry of what comes back ended */
	int64_t position, burn_position, burnt;
};

/* The entry that will be posted. */
struct entry_row refund_entry(struct refund *refund, enum entry_kind kind);
/* Return of an accrual. */
enum err return_post(struct refund *refund);
/* What a known return answered. */
enum err return_replay(struct refund *refund, const struct entry_row *known);
/* Of a locked account: one that a replacement closed leads on to its successor's. */
enum err refund_follow(struct book *book);
/* Where the money of a card can still be touched: not deleted, and neither is the card itself. */
enum err refund_may(struct book *book, const struct uuid *card_id);

#endif
