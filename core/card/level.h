/*
 * Card levels: steps that a card climbs with its turnover. Their order is unique in the
 * organisation; a level that a card has cannot be deleted.
 */
#ifndef CARD_LEVEL_H
#define CARD_LEVEL_H

#include "card.h"
#include "page.h"

#define LEVEL_ORDER_MAX   1000000
#define LEVEL_PERCENT_MAX 10000 /* hundredths of a percent */
#define LEVEL_COUNT_MAX   1000000
#define LEVEL_DAYS_MAX    36500

/* card_level.activity_restriction_period (Rarus PHP client, RestrictionRule) */
enum level_period {
	LEVEL_PERIOD_NONE,
	LEVEL_PERIOD_DAY,
	LEVEL_PERIOD_WEEK,
	LEVEL_PERIOD_MONTH,
	LEVEL_PERIOD_QUARTER,
	LEVEL_PERIOD_YEAR,
};

/* Add and change: members of `row` that were sent. Change takes the level's id from row.id. */
struct level_in {
	struct sent sent;
	struct card_level_row row;
};

struct level {
	struct card_level_row row;
	int64_t row_number; /* lists: from 1 over the whole result */
};

struct level_out {
	struct level level;
};

struct level_list_in {
	struct page_in page;
};

struct level_list_out {
	struct list levels; /* struct level, lowest order first */
	struct page_out page;
};

/* TAKEN names row.rank_order or row.id; delete of a level in use: CONFLICT. */
extern const struct operation op_level_add, op_level_change, op_level_delete, op_level_get,
	op_level_list;

#endif
