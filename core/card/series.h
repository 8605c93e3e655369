/*
 * Card series: kinds of cards of an organisation. A series says how numbers are made, how many
 * cards of it a holder may have and for how many days a card is good once it is issued
 * (Capillary, "Create Card Series").
 */
#ifndef CARD_SERIES_H
#define CARD_SERIES_H

#include "label.h"

#define SERIES_CODE_MAX     50
#define SERIES_CODE_KEY_MAX 256
#define SERIES_AFFIX_MAX    50
#define SERIES_DIGITS_MIN   5
#define SERIES_DAYS_MAX     36500
#define SERIES_LIST_MAX     5000
#define NUMBER_MAX          64 /* characters of a card's number */
#define GENERATE_MOST       50000

enum series_kind { SERIES_PHYSICAL = 1, SERIES_DIGITAL };
enum series_method { SERIES_DEFAULT = 1, SERIES_LUHN };

/* How numbers are made: prefix, `length` digits, suffix. The offset is kept and does nothing. */
struct series_numbers {
	struct str prefix, suffix;
	int64_t offset, length, method;
};

/* Add and change: members of `row` that were sent; change names it by row.serial. */
struct series_in {
	struct sent sent;
	struct series_numbers numbers; /* sent as a whole */
	struct card_series_row row;
};

struct series_view {
	struct card_series_row row;
	struct series_numbers numbers;
	bool has_numbers;
};

struct series_out {
	struct series_view series;
	struct list warnings; /* struct warning */
};

struct series_get_in {
	int64_t serial;
};

struct series_list_out {
	struct list series; /* struct series_view, by serial */
	struct list warnings, errors;
};

extern const struct operation op_series_add, op_series_change, op_series_get, op_series_list;

/* The series of a card; zeroed when it is of none. */
enum err series_of_card(struct ctx *ctx, const struct card_row *card,
			struct card_series_row *series_r);
/* The series of this serial or, when that is 0, of this code. NOT_FOUND SERIES_UNKNOWN. */
enum err series_find(struct ctx *ctx, int64_t serial, struct str code, const char *member,
		     struct card_series_row *series_r);
/* CONFLICT naming `member`: OTHER_SERIES when a serial or code (0, "" = any) is not this series'.
 */
enum err series_is(struct ctx *ctx, const struct card_series_row *series, int64_t serial,
		   struct str code, const char *member);
/* CONFLICT: SERIES_FULL or CARDS_PER_USER when the holder may not have one more card of it. */
enum err series_limit_check(struct ctx *ctx, const struct card_series_row *series,
			    const struct uuid *holder, const char *member);
/* A card of the series gets a holder: its days begin. A card whose end is set keeps it. */
void series_issue(struct ctx *ctx, const struct card_series_row *series, struct card_row *card);
/* The same of the card's own series, which is read if that can matter. */
enum err series_begin(struct ctx *ctx, struct card_row *card);

#endif
