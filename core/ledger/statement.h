/*
 * What the books say: a card's postings, its balance now, and all that adds up to its
 * balance at any moment, past or to come.
 */
#ifndef LEDGER_STATEMENT_H
#define LEDGER_STATEMENT_H

#include "field.h"
#include "ledger.h"
#include "operation.h"
#include "page.h"

#define STATEMENT_LAST_MAX    100   /* entries of balance_info */
#define STATEMENT_ROWS_MAX    10000 /* of a list: the first lots and holds, the newest entries */
#define STATEMENT_TIME_MAX_MS INT64_C(253402300799999)

struct transaction_list_in {
	struct sent sent;
	struct uuid card_id;
	struct moment from, to; /* business time, both ends included; not sent = open */
	struct page_in page;
};

/* A posting as the Rarus API shows it: the sum is positive, its sign is the type. */
struct transaction {
	int64_t row_number;
	struct uuid id, card_id, master_id;
	struct moment time;
	struct amount sum;
	int64_t type; /* enum posting_type */
	struct str author, description, doc_id, kkm_id, shop_id, discount_id;
	int64_t doc_type;
	struct moment active_from, active_to; /* 0 = none */
};

struct transaction_list_out {
	struct list transactions; /* struct transaction */
	struct page_out page;
};

struct balance_info_in {
	struct sent sent;
	struct uuid id;
	int64_t last_transactions; /* not sent or beyond STATEMENT_LAST_MAX = that many */
};

struct statement_entry {
	int64_t seq;
	struct moment date; /* business time */
	struct str kind;    /* entry_kind_names */
	struct amount sum;  /* signed */
	struct str doc_id;
	struct amount balance_after;
};

struct statement_lot {
	struct moment date;
	struct amount sum, remaining;
	struct moment active_from, active_to;
};

struct statement_hold {
	struct uuid id;
	struct amount sum;
	struct moment until;
};

struct balance_info_out {
	struct amount received, available;
	struct list last;   /* struct statement_entry, newest first */
	struct list active; /* struct statement_lot: still to start or to end, burn order */
};

struct explain_in {
	struct sent sent;
	struct uuid id;
	struct moment at; /* 0 = now */
};

struct explain_out {
	struct moment at;
	struct amount available, held, pending, debt;
	struct list lots;    /* struct statement_lot with something left, burn order */
	struct list holds;   /* struct statement_hold */
	struct list entries; /* struct statement_entry, oldest first */
};

/* NOT_FOUND: no such card, or not the client's own. */
extern const struct operation op_transaction_list, op_balance_info, op_balance_explain;

#endif
