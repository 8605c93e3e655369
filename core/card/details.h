/*
 * A card as the identifiers dialect shows it: with its series, status, label and holder's number,
 * and the log of its statuses (Capillary, "Get Card Details", "Get Card Status Changes Log").
 */
#ifndef CARD_DETAILS_H
#define CARD_DETAILS_H

#include "series.h"

#define DETAILS_MAX    1000 /* cards of one holder that are shown */
#define STATUS_LOG_MAX 1000 /* rows of a log that are shown: the first ones */

struct card_details {
	struct card_row card;
	struct card_series_row series; /* zeroed: of none */
	int64_t status;                /* enum card_status */
	int64_t label_serial;
	struct str label;
	struct str reason;                          /* of the last change of status */
	struct moment changed_at;                   /* of the same */
	struct moment issued_at;                    /* 0 = of nobody */
	int64_t customer;                           /* serial of the holder, 0 = of nobody */
	bool live, not_allowed, active_and_digital; /* not_allowed: no transactions */
};

struct card_details_in {
	struct str number;
};

struct card_details_out {
	struct card_details details;
	struct list warnings; /* struct warning */
};

struct status_entry {
	int64_t card_serial, status;
	struct str label, reason;
	struct moment made_at;
	bool is_last;
};

struct status_log_out {
	struct list entries; /* struct status_entry, oldest first */
	struct list warnings, errors;
};

/* Both know a deleted card, too. NOT_FOUND: CARD_UNKNOWN. */
extern const struct operation op_card_details, op_card_status_log;

/* Label, series, holder of a card as it is. */
enum err card_details_of(struct ctx *ctx, const struct card_row *card,
			 struct card_details *details_r);
/* For the card's ETag: all that its details follow from. */
struct str card_details_state(struct ctx *ctx, const struct card_details *details);
/* Those of a holder's cards, the first attached first: struct card_details in the arena. */
enum err card_details_of_person(struct ctx *ctx, const struct uuid *person_id,
				struct list *details_r);

#endif
