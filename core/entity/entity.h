/*
 * Entities: everything that the core keeps, by name, as rows that can be asked for, made,
 * changed and removed in one way. An entity is one const table; adding one touches nothing else.
 *
 * Rows of an answer are the entity's row struct (rows_gen.h: struct customer_row ...). Names in
 * conditions and orders are the names of its C members; of a relation, its flat members
 * (company_serial, company_name). Texts come as people write them: the core folds what is
 * compared by folded keys.
 *
 * Rows that are written are `struct X_in`: what was sent, then the row. Members of a row that
 * nobody may write are the dialect's to refuse.
 */
#ifndef ENTITY_ENTITY_H
#define ENTITY_ENTITY_H

#include "ctx.h"
#include "field.h"
#include "operation.h"
#include "query.h"
#include "rows_gen.h"

#define ENTITY_LIMIT_MAX  1000
#define ENTITY_ROWS_MAX   1000 /* of one insert */
#define ENTITY_REMOVE_MAX 1000 /* rows that one remove takes; more is INVALID, TOO_MANY */
#define ENTITY_TIME_MS    2000 /* what a select may take */

/* What names a row: a serial number, or an id where the entity has none. */
struct entity_key {
	int64_t serial;
	struct uuid id;
};

struct entity_query {
	struct select_cond where;         /* zeroed = all */
	const struct select_order *order; /* none = by key */
	size_t order_n;
	int64_t limit, offset; /* limit 0: no rows, the count only */
	bool count;            /* out.total is wanted */
	struct sent wanted;    /* members of the row, by offset: computed ones only then are made */
};

struct entity_select_in {
	struct entity_query query;
};

/* insert: rows; update: key and one row. */
struct entity_write_in {
	struct entity_key key;
	struct list rows;   /* of the entity's in-struct */
	struct sent wanted; /* of the answer's rows */
};

struct entity_remove_in {
	struct select_cond where;
};

struct entity_out {
	struct list rows; /* of the entity's row struct; update: none when there is no such row */
	int64_t total;    /* with count */
	bool counted;     /* the query asked for the total */
	bool only_count;  /* and for no rows */
};

struct entity_remove_out {
	struct list keys; /* struct entity_key, ascending */
};

/*
 * INVALID of a query names path + ".field", ".comparator", ".value" (orders: ".field"); TOO_BROAD
 * when it takes longer than ENTITY_TIME_MS. INVALID, TAKEN and CONFLICT of rows name a member of
 * the row struct, and ctx->detail.row says which row of an insert, from 1.
 */
struct customer_in {
	struct sent sent;
	struct customer_row row;
};
extern const struct operation op_customer_select, op_customer_insert, op_customer_update,
	op_customer_remove;

struct company_in {
	struct sent sent;
	struct company_row row;
};
extern const struct operation op_company_select, op_company_insert, op_company_update,
	op_company_remove;

struct vehicle_in {
	struct sent sent;
	struct vehicle_view_row row;
};
extern const struct operation op_vehicle_select, op_vehicle_insert, op_vehicle_update,
	op_vehicle_remove;

struct card_item_in {
	struct sent sent;
	struct card_item_row row;
};
extern const struct operation op_card_item_select, op_card_item_insert, op_card_item_update,
	op_card_item_remove;

/* By id. A group that is not empty, and a level or a card in use, stay: CONFLICT. */
struct group_item_in {
	struct sent sent;
	struct group_item_row row;
};
extern const struct operation op_group_item_select, op_group_item_insert, op_group_item_update,
	op_group_item_remove;

struct level_item_in {
	struct sent sent;
	struct card_level_row row;
};
extern const struct operation op_level_item_select, op_level_item_insert, op_level_item_update,
	op_level_item_remove;

/* Numbers (prefix, suffix, number_offset, number_length, method) as series.h has them. */
struct series_item_in {
	struct sent sent;
	struct card_series_row row;
};
extern const struct operation op_series_item_select, op_series_item_insert, op_series_item_update,
	op_series_item_remove;

/* By number, which is entity_key.serial and never changes. */
struct till_item_in {
	struct sent sent;
	struct till_row row;
};
extern const struct operation op_till_item_select, op_till_item_insert, op_till_item_update,
	op_till_item_remove;

/* To be read: struct washing_view_row by serial, struct webhook_view_row by id. */
extern const struct operation op_washing_item_select, op_webhook_item_select;

/* By id, to be read: entries of the books (struct transaction_row), the journal (audit_row). */
extern const struct operation op_transaction_select, op_audit_select;

#endif
