/*
 * Inside the ledger: one account under its lock, its open lots, and what a posting makes of
 * them, until one packet writes it all. The row of the account's card guards account, lots and
 * holds; whoever opens a book has it locked.
 */
#ifndef LEDGER_BOOK_H
#define LEDGER_BOOK_H

#include "batch.h"
#include "ctx.h"
#include "ledger.h"
#include "rows_gen.h"

#define BOOK_LOTS_FIRST                                                                            \
	33 /* open lots that the first packet brings; one more than a usual card has */
#define BOOK_LOTS_NEXT 1000 /* and each further one */
#define BOOK_LOTS_MAX                                                                              \
	20000 /* that one posting may touch: its packet stays below the server's limit */

struct book_lot {
	struct lot_row row; /* as it will be */
	bool is_new, changed;
};

/* Whose account: that of a card (its master's when it has one), the same of the card that a till
 * has named in this packet (till_look.h; no id), a card's own, or the one that an entry or a hold
 * is on. */
enum book_by { BOOK_OF_CARD, BOOK_OF_NAMED, BOOK_OWN, BOOK_OF_ENTRY, BOOK_OF_HOLD };

/* A document of points; id empty = none. */
struct book_document {
	struct str id;
	int64_t type;
};

struct book {
	struct ctx *ctx;
	enum unit unit;
	struct posting_card_row card; /* the card named, or the account's own */
	struct account_row account;   /* as it will be written */
	struct account_row dates; /* activity dates, when they are not in the account's own row */
	bool has_dates, is_new, dates_are_new;
	int64_t balance_before;
	struct book_lot *lots;           /* loaded ones, in burn order after book_need() */
	size_t lots_n, lots_cap, strays; /* strays: loaded out of order */
	bool whole;                      /* all open lots that have not ended are loaded */
	struct lot_row last;             /* the last one that was loaded in burn order */
	struct batch *batch;             /* the writing packet; several books may share one */
	/* what the first packet brings */
	enum book_by by;
	struct list accounts, loaded, joined;
	bool found, lots_asked;
};

/* Adds to the first packet: card and accounts under lock and, with `lots`, the open lots (of
 * BOOK_OF_CARD, BOOK_OF_NAMED and BOOK_OWN). */
void book_ask(struct book *book, struct ctx *ctx, struct batch *batch, enum book_by by,
	      const struct uuid *id, enum unit unit, bool lots);
/* The same for BOOK_OF_CARD, with what the document has done. */
void book_ask_document(struct book *book, struct ctx *ctx, struct batch *batch,
		       const struct uuid *card_id, enum unit unit, bool lots,
		       const struct book_document *document);
/* After the answer: the document's entry of this kind that corrects none, else NULL. */
const struct document_row *book_document(const struct book *book, enum entry_kind kind);
/* Asked for the money of a card (of BOOK_OF_CARD or BOOK_OF_NAMED), without the answer yet: the
 * answer holds its points too, which become a book of their own. */
void book_ask_twin(struct book *points, const struct book *money);
/* After it was sent. NOT_FOUND: no such card, entry or hold; the caller names the member. */
enum err book_answered(struct book *book, enum unit unit);
/* Instead of book_ask by BOOK_OWN with lots: what the caller has read so, under the same locks.
 * card NULL = there is none. */
void book_take(struct book *book, struct ctx *ctx, enum unit unit,
	       const struct posting_card_row *card, struct list accounts, struct list open);
/* The card's own account at once, in a packet of its own, written with `batch`. */
enum err book_open(struct book *book, struct ctx *ctx, struct batch *batch,
		   const struct uuid *card_id, enum unit unit);

/* The account's card: the master, or the card itself. */
const struct uuid *book_account(const struct book *book);

/*
 * Brings the book to this moment: holds past their time come back, points of an inactive card
 * burn, available and next_change_at are those of now. Before anything that eats or gives back.
 */
enum err book_refresh(struct book *book);
/* As far as an accrual needs it: points of an inactive card burn. */
enum err book_refresh_erased(struct book *book);
/* Loads lots until what is live of them reaches `amount` or none is left. */
enum err book_need(struct book *book, struct amount amount);
/* The lot, loaded when it is not there yet; NULL after *err. */
struct book_lot *book_lot(struct book *book, const struct uuid *id, enum err *err);
/* A lot that was read before; what the book has of it stays. */
struct book_lot *book_lot_known(struct book *book, const struct lot_row *row);
/* A new lot under the book. */
struct book_lot *book_lot_add(struct book *book, const struct lot_row *row);

/* Makes the next entry: sequence, balance after it, seal, journal; into the packet. */
void book_entry(struct book *book, struct entry_row *entry);
/*
 * Moves `taken` out of what remains of a lot and `held` into what is held of it (negative: the
 * other way), as part `position` of `owner`. lot NULL = the account's debt grows by `taken`.
 * Keeps balance-independent figures: available, held, debt, next_change_at.
 */
void book_move(struct book *book, const struct uuid *owner, int64_t position, struct book_lot *lot,
	       int64_t taken, int64_t held);
/*
 * Eats `amount` of the live lots in burn order for `owner` from *position on, holding it with
 * `hold`; what they do not have is debt. The lots are loaded (book_need).
 */
void book_eat(struct book *book, const struct uuid *owner, int64_t *position, int64_t amount,
	      bool hold);
/* An allocation that moves nothing (but debt): the caller fills taken and returned. */
void book_allocate(struct book *book, struct allocation_row *row);
/* Has it ended, by its own date or by inactivity? */
bool book_lot_ended(const struct book *book, const struct lot_row *lot);
/* The account's time: it moves on, never back, so no entry is posted before its predecessor,
 * and what was live when it was counted still is when it is eaten. */
struct moment book_now(const struct book *book);
bool lot_is_live(const struct lot_row *lot, struct moment at);
/* Is what remains of it part of account.available as it is stored: that of now, or of the moment
 * before a change that nobody has written down yet? */
bool book_counts(const struct book *book, const struct lot_row *lot);
/* The end of an account's lots by inactivity; 0 = never. It ends lots whose business time lies
 * before it. */
struct moment book_erased_at(const struct ctx *ctx, int64_t erase_days, struct moment activity_at);

enum book_activity {
	BOOK_NO_DATES = 0,
	BOOK_TRANSACTION = 1, /* date_last_transaction, last_transaction */
	BOOK_SALE = 2,        /* and date_first_check, date_last_activity */
	BOOK_ACTIVE = 4,      /* inactivity counts from now on */
};
void book_date(struct book *book, const struct entry_row *entry, unsigned activity);
/* A new card's, without asking: its row is marked as posted already. */
void book_fresh(struct book *book, struct ctx *ctx, struct batch *batch, const struct uuid *card_id,
		enum unit unit);
/* The activity dates are those of this card, where it is not the account's own; one packet then. */
enum err book_dates_of(struct book *book, const struct uuid *card_id);

/* Posts an accrual or opening: entry and lot, of which the debt is paid first. */
void book_receive(struct book *book, struct entry_row *entry);

/* The moment may be the next change: of a hold that times out. */
void book_changes_at(struct book *book, struct moment at);

/* hold.c: an open hold's parts come back, by the end of its time or by being voided; what comes
 * back ended burns as one entry. `state` is what the hold becomes. */
enum err hold_release(struct book *book, const struct hold_row *hold, enum hold_state state,
		      struct moment at);

/* burn.c: burns lots that have ended, at most BURN_LOTS_MAX; *n_r = how many. */
enum err book_burn(struct book *book, size_t *n_r);

/* All that changed, into the packet: lots, accounts, and that the card has been posted to. */
void book_put(struct book *book);

#endif
