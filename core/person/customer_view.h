/* A customer as the identifiers dialect shows it (Capillary, "Get Customer Details"). */
#ifndef PERSON_CUSTOMER_VIEW_H
#define PERSON_CUSTOMER_VIEW_H

#include "identifier.h"

#define SOURCE_ALL "ALL"

/* Of one customer, as many are shown: the oldest. */
#define CUSTOMER_PROFILES_MAX    16
#define CUSTOMER_IDENTIFIERS_MAX 200
#define CUSTOMER_CARDS_MAX       100

struct customer_show_in {
	int64_t customer_id;
	struct str source, account; /* ALL = every one */
	struct str embed;           /* words with commas between; "points": their sum, too */
};

/* One thing that a customer is known by. */
struct customer_identifier {
	struct str type, value;
	bool is_card;
	int64_t series_id; /* of cards, as the label */
	struct str label;
};

struct customer_channel {
	struct str type, value;
	bool primary, verified;
};

/* A customer in one source or account. */
struct customer_profile {
	struct str first_name, last_name;
	struct str source, account;
	int64_t serial;
	struct moment updated_at;
	struct list identifiers; /* struct customer_identifier; cards in INSTORE */
	struct list channels;    /* struct customer_channel */
};

struct customer_loyalty {
	struct str type;         /* "loyalty" with a card, else "non_loyalty" */
	struct amount purchases; /* turnover of the cards */
};

/* Of the cards' own accounts: what can be spent now, and all that ever came. */
struct customer_points {
	struct amount available, received, purchases;
};

struct customer_show_out {
	int64_t serial;
	bool has_points; /* were asked for */
	struct customer_points points;
	struct customer_loyalty loyalty;
	struct list profiles; /* struct customer_profile, INSTORE first */
	struct list cards;    /* struct card_details */
	struct list warnings; /* REASON_MERGED when another number was asked for */
};

/* An alias answers as its survivor. CUSTOMER_UNKNOWN also when it is not known in the source. */
extern const struct operation op_customer_show;

#endif
