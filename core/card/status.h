/*
 * A card's status in one word, and the labels by which an organisation calls it (Capillary,
 * "Link/Delink Card"). The status is never stored: it follows from what the card is at a moment,
 * so whoever blocks, attaches or activates a card changes it, and card_store_into logs that.
 */
#ifndef CARD_STATUS_H
#define CARD_STATUS_H

#include "card.h"

struct batch;

/* Capillary's numbers (entityStatusId); ISSUED has none in the vendor's pages and is ours. */
enum card_status {
	CARD_STATUS_NONE = 0,
	CARD_NOT_ISSUED = 1, /* of nobody */
	CARD_ACTIVE = 2,
	CARD_EXPIRED = 3,   /* its validity is over */
	CARD_SUSPENDED = 4, /* blocked, or its holder is locked */
	CARD_ISSUED = 5,    /* of somebody, not active */
	CARD_DELETED = 11,
};

#define CARD_STATUS_SLOTS (CARD_DELETED + 1)

/* Who calls it what: a row of status_label, or one of the six labels that need no row. */
struct card_label {
	int64_t serial;
	enum card_status status;
	struct uuid id; /* unset = one of the six */
	struct str text;
};

/* One card of a change of a holder's cards. */
struct card_entry {
	struct str number; /* barcode, or with `external` the code */
	bool external;
	struct str label;       /* required */
	int64_t series_serial;  /* 0 = any */
	struct str series_code; /* empty = any */
};

/* The first that applies: DELETED, EXPIRED, SUSPENDED, NOT_ISSUED, ACTIVE, ISSUED. */
enum card_status card_status_of(const struct card_row *card, struct moment now);
/* "NOT_ISSUED"; static. */
struct str card_status_name(enum card_status status);
/* NONE when no status has this name; case counts. */
enum card_status card_status_find(struct str name);
/* May a card go from one status to another? (identifiers.md, "Labels") */
bool card_status_may_follow(enum card_status from, enum card_status to);

/*
 * The label of this text, without regard to case. INVALID, naming `member`: LABEL_REQUIRED when
 * empty, LABEL_UNKNOWN when there is none.
 */
enum err card_label_find(struct ctx *ctx, struct str text, const char *member,
			 struct card_label *label_r);
/* The label that a card has: the one set on it while that means its status, else the default. */
enum err card_label_of(struct ctx *ctx, const struct card_row *card, struct card_label *label_r);

/* Makes a card's row say what the label's status means; holder and life are the caller's. */
void card_put_label(struct ctx *ctx, const struct card_label *label, struct card_row *card);

/*
 * The card of this number, or with `external` of this code, under its lock. NOT_FOUND
 * CARD_UNKNOWN; several live cards of one code are a CONFLICT, EXTERNAL_TAKEN. Both name `member`.
 */
enum err card_find_lock(struct ctx *ctx, struct str number, bool external, const char *member,
			struct card_row *card_r);

/*
 * Gives a card to a holder, who is locked, or takes it from him; checks all that the page names in
 * its order and writes. INVALID or CONFLICT with reasons LABEL_REQUIRED, LABEL_UNKNOWN,
 * LABEL_STATUS (link: ACTIVE or ISSUED; unlink: NOT_ISSUED), CARD_UNKNOWN (NOT_FOUND),
 * OTHER_SERIES, CARD_EXPIRED, LINKED_OTHER, NOT_LINKED, TRANSITION, LABEL_SAME, SERIES_FULL,
 * CARDS_PER_USER; all name `member`. What was written before stays in the caller's transaction.
 */
enum err card_link(struct ctx *ctx, const struct person_row *holder, const struct card_entry *entry,
		   const char *member);
enum err card_unlink(struct ctx *ctx, const struct person_row *holder,
		     const struct card_entry *entry, const char *member);

/* Why a card's status changes, for its log: label of the six or the organisation's; may be "". */
struct status_note {
	struct str label, reason;
};
/* card_store that says why; a new card and a new label alone are logged too. */
enum err card_store_noted(struct ctx *ctx, const struct card_row *before, struct card_row *after,
			  const struct status_note *note);
/* card_remove that says why. */
enum err card_remove_noted(struct ctx *ctx, const struct card_row *card,
			   const struct status_note *note);
/* Adds the change of status to a batch; note NULL = nobody said why, and a new card says nothing.
 */
void card_status_note(struct ctx *ctx, struct batch *batch, const struct card_row *before,
		      const struct card_row *after, const struct status_note *note);

#endif
