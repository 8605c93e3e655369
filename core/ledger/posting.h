/*
 * Postings: points on and off a card, refunds of both, holds. Each is one transaction of two
 * packets: read under the locks of card and account, then write and commit. A card with a
 * master posts to the master's account.
 */
#ifndef LEDGER_POSTING_H
#define LEDGER_POSTING_H

#include "field.h"
#include "ledger.h"
#include "operation.h"

/* Limits in characters (organization.md, "Text limits"). */
#define POSTING_TEXT_MAX        255
#define POSTING_DESCRIPTION_MAX 1000
#define POSTING_SHORT_TEXT_MAX  64

#define POSTING_AHEAD_MAX_MS INT64_C(86400000) /* business time may lie this far ahead */
#define PERIOD_DAYS_MAX      36500
#define HOLD_TIMEOUT_S       900 /* default */
#define HOLD_TIMEOUT_MAX_S   31622400

enum posting_type { POSTING_ON, POSTING_OFF };

/* Members that were not sent: periods fall back to the organisation's, bases to `time`, `time` to
 * now, `author` to the token's subject. */
struct posting_in {
	struct sent sent;
	struct uuid card_id;
	struct moment time; /* business time */
	int64_t type;       /* enum posting_type */
	struct amount sum;  /* > 0 */
	struct str author, description, doc_id, kkm_id, shop_id, discount_id;
	int64_t doc_type;
	bool check_activity_counter;
	int64_t invalidate_period_days, activation_period_days;
	struct moment invalidate_base, activation_base;
};

struct refund_in {
	struct sent sent;
	struct uuid id;    /* entry of the spend or accrual */
	struct amount sum; /* not sent = all that is left of it */
	struct str doc_id;
};

/* Of a spend: what came back and can be spent, and what came back and burnt at once. Of an
 * accrual: what the card no longer had. */
struct refund_out {
	struct uuid id;
	bool is_return; /* of an accrual */
	struct amount available, expired, clipped;
};

struct hold_in {
	struct sent sent;
	struct uuid card_id;
	struct amount sum;
	int64_t timeout_s; /* not sent = HOLD_TIMEOUT_S */
	struct str doc_id;
};

struct capture_in {
	struct sent sent;
	struct uuid id;
	struct amount sum; /* not sent = all of it */
};

/*
 * CONFLICT says which state forbids it; INSUFFICIENT; MISMATCH: the same document with another
 * amount. A document that is known already answers as it did (ctx->replayed).
 */
extern const struct operation op_transaction_add, op_transaction_refund, op_hold_add,
	op_hold_capture, op_hold_void;

#endif
