/* Cards made one by one with number, series and label, and their change of label (Capillary). */
#ifndef CARD_ISSUE_H
#define CARD_ISSUE_H

#include "details.h"

struct status_info {
	struct str reason;
};

struct card_issue_in {
	struct str number;   /* required */
	struct str external; /* the code; empty = the number */
	struct str label;    /* empty = NOT_ISSUED */
	struct status_info info;
	int64_t series_serial; /* or series_code */
	struct str series_code;
	int64_t customer; /* serial of the holder; 0 = nobody */
};

struct card_issue_out {
	int64_t serial;
	struct list warnings;
};

struct card_relabel_in {
	struct str number, external; /* one of them */
	struct str label;            /* required */
	struct status_info info;
	int64_t series_serial; /* 0 and "" = any */
	struct str series_code;
};

/*
 * PUT /v2/card. The same label again: a warning, LABEL_UNCHANGED, and nothing else. Refused, with
 * reasons as of card_link(): ACTIVE and ISSUED without a holder (NOT_LINKED) or with a locked one
 * (CUSTOMER_BLOCKED); NOT_ISSUED takes the card from its holder, DELETED ends it.
 */
extern const struct operation op_card_relabel;

/*
 * Makes a card, of the holder (locked) when there is one. LABEL_STATUS: a status that does not go
 * with having a holder or none; TRANSITION: EXPIRED or DELETED; SERIES_UNKNOWN: none or not
 * active; NUMBER_TAKEN; EXTERNAL_TAKEN; limits as of card_link(). Takes one SERIAL_CARD.
 */
enum err card_issue(struct ctx *ctx, const struct card_issue_in *in,
		    const struct person_row *holder, struct card_issue_out *out);

#endif
