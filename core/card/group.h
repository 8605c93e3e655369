/* Card groups: a tree of any depth that orders cards and never changes what a card can do. */
#ifndef CARD_GROUP_H
#define CARD_GROUP_H

#include "ctx.h"
#include "field.h"
#include "operation.h"
#include "page.h"
#include "rows_gen.h"

struct group_in {
	struct sent sent;
	struct card_group_row row;
};

struct group_delete_in {
	struct uuid id;
	bool test; /* only count */
};

struct group_delete_out {
	int64_t groups_count, cards_count; /* the group itself, all below it, and their cards */
};

struct group_get_out {
	struct card_group_view_row group;
};

struct group_list_in {
	struct sent sent;
	struct uuid parent_id; /* sent and unset = the root's groups; not sent = all */
	struct page_in page;
};

struct group_list_out {
	struct list groups; /* struct card_group_view_row */
	struct page_out page;
};

extern const struct operation op_group_add, op_group_change, op_group_delete, op_group_get,
	op_group_list;

#endif
