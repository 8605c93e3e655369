/* Postings, holds and statements of the organization dialect: maps and texts. */
#include "card.h"
#include "organization.h"
#include "posting.h"
#include "route.h"
#include "statement.h"

#define SHORT_TEXT(m, wire)                                                                        \
	FIELD(struct posting_in, m, wire, .max = POSTING_SHORT_TEXT_MAX, .form = &organization_code)
#define BASE_DATE(m, wire, doc_text)                                                               \
	FIELD(struct posting_in, m, wire, .max = STATEMENT_TIME_MAX_MS,                            \
	      .form = &organization_base_date, .doc = doc_text)

static const struct field transaction_add_fields[] = {
	FIELD(struct posting_in, card_id, "card_id",
	      .flags = F_REQUIRED | F_REFERENCE | F_NOT_EMPTY),
	FIELD(struct posting_in, time, "time", .max = STATEMENT_TIME_MAX_MS,
	      .form = &organization_moment_or_seconds, .doc = "business time; absent = now"),
	FIELD(struct posting_in, type, "type", .max = POSTING_OFF, .flags = F_REQUIRED,
	      .doc = "0 = points on, 1 = points off"),
	FIELD(struct posting_in, sum, "sum", .min = 1, .max = AMOUNT_MINOR_MAX,
	      .flags = F_REQUIRED),
	FIELD(struct posting_in, author, "author", .max = POSTING_TEXT_MAX,
	      .form = &organization_code),
	FIELD(struct posting_in, description, "description", .max = POSTING_DESCRIPTION_MAX),
	FIELD(struct posting_in, doc_id, "doc_id", .max = POSTING_TEXT_MAX,
	      .form = &organization_code,
	      .doc = "the same document of a card is posted once for each doc_type and type"),
	FIELD(struct posting_in, doc_type, "doc_type"),
	SHORT_TEXT(kkm_id, "kkm_id"),
	SHORT_TEXT(shop_id, "shop_id"),
	SHORT_TEXT(discount_id, "discount_id"),
	FIELD(struct posting_in, check_activity_counter, "check_activity_counter",
	      .doc = "counts against the activity limit of the card's level"),
	FIELD(struct posting_in, invalidate_period_days, "invalidate_period",
	      .max = PERIOD_DAYS_MAX,
	      .doc = "days until the points burn; 0 or absent = the organisation's default"),
	FIELD(struct posting_in, activation_period_days, "activation_period",
	      .max = PERIOD_DAYS_MAX, .doc = "days until the points can be spent"),
	BASE_DATE(activation_base, "activation_base_date", "activation_period counts from its day"),
	BASE_DATE(invalidate_base, "invalidate_base_date", "invalidate_period counts from its day"),
};
const struct map organization_transaction_add_in =
	MAP_SENT("TransactionAdd", struct posting_in, transaction_add_fields);

static const struct field refund_fields[] = {
	FIELD(struct refund_in, id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	FIELD(struct refund_in, sum, "sum", .min = 1, .max = AMOUNT_MINOR_MAX,
	      .doc = "absent = all that is left of the transaction"),
	FIELD(struct refund_in, doc_id, "doc_id", .max = POSTING_TEXT_MAX,
	      .form = &organization_code),
};
const struct map organization_refund_in = MAP_SENT("Refund", struct refund_in, refund_fields);
static const struct field refund_out_fields[] = {
	FIELD(struct refund_out, id, "id"),
	FIELD(struct refund_out, available, "refunded_available",
	      UNLESS(struct refund_out, is_return),
	      .doc = "of a refunded spend: came back and can be spent"),
	FIELD(struct refund_out, expired, "refunded_expired", UNLESS(struct refund_out, is_return),
	      .doc = "of a refunded spend: came back and burnt at once"),
	FIELD(struct refund_out, clipped, "clipped", WHEN(struct refund_out, is_return),
	      .doc = "of a returned accrual: what the card no longer had"),
};
const struct map organization_refund_out =
	MAP("RefundAnswer", struct refund_out, refund_out_fields);

static const struct field hold_fields[] = {
	FIELD(struct hold_in, card_id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	FIELD(struct hold_in, sum, "sum", .min = 1, .max = AMOUNT_MINOR_MAX, .flags = F_REQUIRED),
	FIELD(struct hold_in, timeout_s, "timeout_s", .min = 1, .max = HOLD_TIMEOUT_MAX_S,
	      .doc = "absent = 900"),
	FIELD(struct hold_in, doc_id, "doc_id", .max = POSTING_TEXT_MAX,
	      .form = &organization_code),
};
const struct map organization_hold_in = MAP_SENT("Hold", struct hold_in, hold_fields);

static const struct field capture_fields[] = {
	FIELD(struct capture_in, id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	FIELD(struct capture_in, sum, "sum", .min = 1, .max = AMOUNT_MINOR_MAX,
	      .doc = "absent = all of the hold; the rest of a part comes back"),
};
const struct map organization_capture_in = MAP_SENT("Capture", struct capture_in, capture_fields);

static const struct field transaction_list_fields[] = {
	FIELD(struct transaction_list_in, card_id, "card_id", .from = FROM_QUERY,
	      .flags = F_REQUIRED | F_REFERENCE | F_NOT_EMPTY),
	FIELD(struct transaction_list_in, from, "date_from", .from = FROM_QUERY,
	      .max = STATEMENT_TIME_MAX_MS),
	FIELD(struct transaction_list_in, to, "date_to", .from = FROM_QUERY,
	      .max = STATEMENT_TIME_MAX_MS),
	ORGANIZATION_PAGE_FIELDS(struct transaction_list_in),
};
const struct map organization_transaction_list_in =
	MAP_SENT("TransactionList", struct transaction_list_in, transaction_list_fields);

static const struct field transaction_fields[] = {
	FIELD(struct transaction, row_number, "row_number"),
	FIELD(struct transaction, id, "id"),
	FIELD(struct transaction, card_id, "card_id"),
	FIELD(struct transaction, master_id, "mastercard_id",
	      .doc = "whose account it went to, when that is not the card's own"),
	FIELD(struct transaction, time, "time"),
	FIELD(struct transaction, sum, "sum"),
	FIELD(struct transaction, type, "type", .doc = "0 = points on, 1 = points off"),
	FIELD(struct transaction, author, "author"),
	FIELD(struct transaction, description, "description", .max = POSTING_DESCRIPTION_MAX),
	FIELD(struct transaction, doc_id, "doc_id"),
	FIELD(struct transaction, doc_type, "doc_type"),
	FIELD(struct transaction, kkm_id, "kkm_id"),
	FIELD(struct transaction, shop_id, "shop_id"),
	FIELD(struct transaction, discount_id, "discount_id"),
	FIELD(struct transaction, active_from, "activation_period",
	      .doc = "moment from which the points can be spent; 0 = none"),
	FIELD(struct transaction, active_to, "invalidate_period",
	      .doc = "moment at which the points burn; 0 = none"),
};
static const struct map transaction_map =
	MAP("Transaction", struct transaction, transaction_fields);
static const struct field transaction_list_out_fields[] = {
	FIELD(struct transaction_list_out, transactions, "transactions", .map = &transaction_map),
	FIELD(struct transaction_list_out, page, "pagination", .map = &organization_pagination),
};
const struct map organization_transaction_list_out =
	MAP("TransactionListAnswer", struct transaction_list_out, transaction_list_out_fields);

static const struct field balance_info_fields[] = {
	FIELD(struct balance_info_in, id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	FIELD(struct balance_info_in, last_transactions, "last_transactions", .from = FROM_QUERY,
	      .max = INT64_MAX, .doc = "how many; absent or beyond 100 = 100, 0 = none"),
};
const struct map organization_balance_info_in =
	MAP_SENT("BalanceInfo", struct balance_info_in, balance_info_fields);

static const struct field last_fields[] = {
	FIELD(struct statement_entry, date, "date"),
	FIELD(struct statement_entry, sum, "sum"),
};
static const struct map last_map = MAP("LastTransaction", struct statement_entry, last_fields);
static const struct field active_fields[] = {
	FIELD(struct statement_lot, date, "date"),
	FIELD(struct statement_lot, remaining, "sum", .doc = "what is left of it"),
	FIELD(struct statement_lot, active_from, "active_from"),
	FIELD(struct statement_lot, active_to, "active_to"),
};
static const struct map active_map = MAP("ActiveBonus", struct statement_lot, active_fields);
static const struct field balance_info_out_fields[] = {
	FIELD(struct balance_info_out, received, "balance", .doc = "points ever received"),
	FIELD(struct balance_info_out, available, "balance_available",
	      .doc = "points that can be spent now"),
	FIELD(struct balance_info_out, last, "last_transactions", .map = &last_map,
	      .max = STATEMENT_LAST_MAX),
	FIELD(struct balance_info_out, active, "bonusactive", .map = &active_map,
	      .max = STATEMENT_ROWS_MAX, .doc = "points still to start or to end"),
};
const struct map organization_balance_info_out =
	MAP("BalanceInfoAnswer", struct balance_info_out, balance_info_out_fields);

static const struct field explain_fields[] = {
	FIELD(struct explain_in, id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	FIELD(struct explain_in, at, "at", .from = FROM_QUERY, .max = STATEMENT_TIME_MAX_MS,
	      .doc = "moment of posting, past or to come; absent or 0 = now"),
};
const struct map organization_explain_in = MAP_SENT("Explain", struct explain_in, explain_fields);

static const struct field lot_fields[] = {
	FIELD(struct statement_lot, date, "date"),
	FIELD(struct statement_lot, sum, "sum"),
	FIELD(struct statement_lot, remaining, "remaining"),
	FIELD(struct statement_lot, active_from, "active_from"),
	FIELD(struct statement_lot, active_to, "active_to"),
};
static const struct map lot_map = MAP("Lot", struct statement_lot, lot_fields);
static const struct field open_hold_fields[] = {
	FIELD(struct statement_hold, id, "id"),
	FIELD(struct statement_hold, sum, "sum"),
	FIELD(struct statement_hold, until, "until"),
};
static const struct map open_hold_map = MAP("OpenHold", struct statement_hold, open_hold_fields);
static const struct field entry_fields[] = {
	FIELD(struct statement_entry, seq, "seq"),
	FIELD(struct statement_entry, date, "date"),
	FIELD(struct statement_entry, kind, "kind", .max = 16),
	FIELD(struct statement_entry, sum, "sum", .doc = "signed"),
	FIELD(struct statement_entry, doc_id, "doc_id", .max = POSTING_TEXT_MAX),
	FIELD(struct statement_entry, balance_after, "balance_after",
	      .doc = "of all points: pending, held and ended but not yet burnt ones too"),
};
static const struct map entry_map = MAP("Entry", struct statement_entry, entry_fields);
static const struct field explain_out_fields[] = {
	FIELD(struct explain_out, at, "at"),
	FIELD(struct explain_out, available, "balance_available",
	      .doc = "what remains of the lots that have started, less the debt"),
	FIELD(struct explain_out, held, "held"),
	FIELD(struct explain_out, pending, "pending",
	      .doc = "what remains of the lots that have not started"),
	FIELD(struct explain_out, debt, "debt", .flags = F_OMIT_UNSET),
	FIELD(struct explain_out, lots, "lots", .map = &lot_map, .max = STATEMENT_ROWS_MAX),
	FIELD(struct explain_out, holds, "holds", .map = &open_hold_map, .max = STATEMENT_ROWS_MAX),
	FIELD(struct explain_out, entries, "entries", .map = &entry_map, .max = STATEMENT_ROWS_MAX),
};
const struct map organization_explain_out =
	MAP("ExplainAnswer", struct explain_out, explain_out_fields);

#define OK          "{\"code\":0,\"message\":\"Операция выполнена\","
#define EXAMPLE_ID  "\"id\":\"7f1e2a34-8c1d-4a0e-9b52-6d3c1f0e5a77\""
#define EXAMPLE_LOT "\"active_from\":1735678800000,\"active_to\":1767214800000"

const struct route_doc organization_doc_transaction_add = {
	.summary = "Post points on or off a card",
	.description =
		"A card with a master posts to the master's account. The same doc_id, doc_type, "
		"card and type are posted once: a repeat answers as the first did.",
	.tag = "Transactions",
	.example_in =
		"{\"card_id\":\"729a9760-1712-4b89-b4ca-7c9af4606ee8\",\"type\":0,\"sum\":120.5,"
		"\"author\":\"Касса 1\",\"doc_id\":\"000123\",\"doc_type\":1,"
		"\"invalidate_period\":365,\"invalidate_base_date\":{\"date\":\"2025-01-01 "
		"00:00:00.000000\",\"timezone_type\":3,\"timezone\":\"Europe/Moscow\"}}",
	.example_out = OK EXAMPLE_ID "}",
};
const struct route_doc organization_doc_transaction_list = {
	.summary = "List the transactions made with a card",
	.tag = "Transactions",
};
const struct route_doc organization_doc_refund = {
	.summary = "Refund a spend, or take an accrual back",
	.description = "Points of a spend go back into the lots that they came from. An accrual is "
		       "taken back from its own lot first; what the card no longer has is handled "
		       "by the organisation's return_policy.",
	.tag = "Transactions",
	.example_in = "{\"sum\":20,\"doc_id\":\"000124\"}",
	.example_out = OK EXAMPLE_ID ",\"refunded_available\":20,\"refunded_expired\":0}",
};
const struct route_doc organization_doc_hold = {
	.summary = "Hold points of a card",
	.tag = "Holds",
	.example_in = "{\"sum\":50,\"timeout_s\":600,\"doc_id\":\"000125\"}",
	.example_out = OK EXAMPLE_ID "}",
};
const struct route_doc organization_doc_capture = {
	.summary = "Spend what is held, all or a part; the rest comes back",
	.description = "The answer names a spend, which can be refunded.",
	.tag = "Holds",
	.example_in = "{\"sum\":30}",
	.example_out = OK EXAMPLE_ID "}",
};
const struct route_doc organization_doc_void = {
	.summary = "Give back what is held",
	.tag = "Holds",
};
const struct route_doc organization_doc_balance_info = {
	.summary = "Balance, last transactions, and points that are still to start or to end",
	.tag = "Transactions",
	.example_out = OK "\"balance\":300,\"balance_available\":120.5,\"last_transactions\":"
			  "[{\"date\":1735678800000,\"sum\":-50}],\"bonusactive\":"
			  "[{\"date\":1735678800000,\"sum\":120.5," EXAMPLE_LOT "}]}",
};
const struct route_doc organization_doc_balance_explain = {
	.summary = "All that adds up to the balance at a moment",
	.description =
		"Any past moment of posting, on the account that was in force then, or a future "
		"one as it will be without further postings.",
	.tag = "Transactions",
	.example_out =
		OK "\"at\":1735678800000,\"balance_available\":120.5,\"held\":0,\"pending\":0,"
		   "\"lots\":[{\"date\":1735678800000,\"sum\":300,\"remaining\":120.5," EXAMPLE_LOT
		   "}],\"holds\":[],\"entries\":[{\"seq\":1,\"date\":1735678800000,\"kind\":"
		   "\"accrual\",\"sum\":300,\"doc_id\":\"\",\"balance_after\":300}]}",
};
