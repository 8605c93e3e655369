/* Lists of cards: filters, the five searches, and lists with groups among the cards. */
#ifndef CARD_SEARCH_H
#define CARD_SEARCH_H

#include "card.h"
#include "page.h"

/* by_name answers at most so many rows (vendor page, by_name). */
#define SEARCH_NAME_ROWS_MAX 500

struct card_list_in {
	struct sent sent; /* of all but the page: only what was sent filters */
	struct uuid parent_id, person_id, master_id, referral_id, level_id;
	bool active, blocked, with_groups, calculate_count;
	struct str filter;  /* fragment of name, barcode, code, phone or e-mail */
	struct str barcode; /* fragments */
	struct str code;
	struct str email; /* whole, without case */
	struct str phone; /* whole, by digits */
	struct page_in page;
};

struct card_search_in {
	struct sent sent;
	bool calculate_count;
	struct str filter; /* "" = all cards */
	struct page_in page;
};

struct card_list_out {
	struct list cards; /* struct card */
	struct page_out page;
};

extern const struct operation op_card_list, op_card_by_phone, op_card_by_email, op_card_by_barcode,
	op_card_by_code, op_card_by_name;

#endif
