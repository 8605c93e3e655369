/*
 * The car wash: what a till asks of a customer's card and does with it. Every operation names
 * the card in one way and, perhaps, the till; the rules are those of the Carfunkel POS API as
 * Kartoteka answers it.
 */
#ifndef WASHING_WASHING_H
#define WASHING_WASHING_H

#include "field.h"
#include "operation.h"

/* Limits in characters, and of numbers. */
#define TILL_NUMBER_MAX     255
#define TILL_NAME_MAX       255
#define ARTICLE_NUMBER_MAX  64
#define ARTICLE_LABEL_MAX   255
#define PLATE_MAX           64
#define RECEIPT_NUMBER_MAX  64
#define CASHIER_MAX         64
#define PAYMENT_METHOD_MAX  64
#define PRICE_GROUP_MAX     255
#define SALE_ITEMS_MAX      100
#define SALE_QUANTITY_MAX   INT64_C(100000000) /* hundredths of a piece */
#define WASHINGS_SHOWN_MAX  100
#define PAYMENT_METHOD_CASH "0" /* nothing sent means it */
#define PAYMENT_METHOD_CARD "1" /* the card pays */

/*
 * Which card, at which till. The first of card_number, card_uid (digits of an unsigned 64-bit
 * number) and license_plate that is not empty decides alone. NOT_FOUND names key.client_number
 * (REASON_NO_TILL: unknown, or not sent where the organisation requires one), which comes first,
 * or the member that decided (REASON_NO_CARD; key.card_number when none did).
 */
struct till_key {
	struct str card_number, card_uid, license_plate;
	int64_t client_number; /* 0 to TILL_NUMBER_MAX */
};

struct card_information_in {
	struct sent sent;
	struct till_key key;
	int64_t max_last_washings; /* >= 0; not sent, or beyond it: WASHINGS_SHOWN_MAX */
};

/* Whose birthday is known. All days begin at 00:00 in the organisation's zone. */
struct birthday_information {
	struct moment birthday;
	struct moment birthday_of_year; /* 28 February for the 29th in a common year */
	int64_t required_washings;      /* 0 = no programme */
	int64_t washings_since;         /* since the last free one */
	struct moment last_wash;        /* the last free one; 0 = never */
	bool received;                  /* in the period below */
	struct moment period_start,
		period_end; /* the one of now, else of this year's birthday; half-open */
};

struct customer_information {
	struct str first_name, name, company, street, zip, city, phone, fax, email, contact_person,
		contact_phone, remark, salutation;
};

struct bonus_information {
	struct amount discount_percent; /* hundredths of a percent; 0 = none, or its time is over */
	bool is_temporary;
	struct moment discount_until; /* 0 = for good */
	struct list tiers;            /* struct bonus_tier (settings.h), ascending */
};

/* An item of a washing. article_id 0: the article is not known and its label is its number. */
struct washing_line {
	struct moment time;
	struct amount quantity; /* hundredths of a piece */
	struct amount total;
	int64_t article_id;
	struct str article_number, label, label_receipt;
};

struct washing_shown {
	struct washing_line line;  /* the washing */
	struct list options;       /* struct washing_line */
	struct str payment_method; /* as stored: digits, or the word that was sent */
};

struct card_information_out {
	struct str card_number;
	bool is_locked;       /* the card is blocked, or its holder */
	struct amount credit; /* what is on it; of a credit card with its line */
	bool is_credit_card;
	bool has_birthday, has_customer;
	struct birthday_information birthday;
	struct customer_information customer;
	struct str message; /* the card's, else why it is blocked; "" = none */
	struct bonus_information bonus;
	struct list washings; /* struct washing_shown, newest first */
};

/* Reads only, and locks nothing. */
extern const struct operation op_card_information;

struct sale_item {
	struct str article_number; /* not empty */
	struct amount quantity;    /* > 0, hundredths of a piece */
	struct amount price;       /* >= 0, of one piece */
};

struct sale_in {
	struct sent sent;
	struct till_key key;
	struct list
		items; /* struct sale_item, 1 to SALE_ITEMS_MAX: the washing, then its options */
	int64_t price_group;
	struct str cashier, payment_method, receipt_number;
};

struct sale_out {
	struct uuid id; /* of the washing */
	struct amount credit;
	struct str receipt_number; /* made when none was sent */
	bool is_free;              /* a birthday wash: the options alone are paid */
	struct amount paid, points;
};

struct charge_in {
	struct sent sent;
	struct till_key key;
	struct amount amount; /* > 0, without the bonus */
	struct str cashier, payment_method, receipt_number;
};

struct charge_out {
	struct uuid id; /* of the charge's entry */
	struct amount credit, amount;
	struct amount bonus_percent; /* hundredths of a percent */
	struct amount bonus, total;
};

/*
 * CONFLICT: REASON_BLOCKED and what else forbids it; INSUFFICIENT: REASON_NOT_ENOUGH; both name
 * the member that decided on the card. MISMATCH names receipt_number (REASON_RECEIPT_OTHER): the
 * till has used it for something else. For the same again the first answer comes back
 * (ctx->replayed).
 */
extern const struct operation op_sale, op_charge;

#endif
