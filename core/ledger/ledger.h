/*
 * The books: the only writer of balances. An account per card and unit, append-only
 * entries in a chain, and lots. All functions run inside a mutation's transaction and
 * lock the account row first.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "ctx.h"
#include "operation.h"

/* card.kind: a gift card takes money only. */
enum card_kind { CARD_LOYALTY, CARD_GIFT, CARD_MEMBERSHIP };

enum unit { UNIT_POINTS = 1, UNIT_MONEY };

/* Each names the organisation's system account on the other side. */
enum entry_kind {
	ENTRY_OPENING = 1,
	ENTRY_ACCRUAL,
	ENTRY_SPEND,
	ENTRY_REFUND,
	ENTRY_ACCRUAL_RETURN,
	ENTRY_BURN,
	ENTRY_ADJUST,
	ENTRY_TRANSFER_OUT,
	ENTRY_TRANSFER_IN,
	ENTRY_CHARGE,
	ENTRY_SALE,
	ENTRY_ROUNDING,
	ENTRY_KINDS
};

/* "opening", "accrual" ... by kind, for labels and lists; static. */
extern const char *const entry_kind_names[ENTRY_KINDS];

/* lot.is_open: something remains; only a hold has a part of it; neither. */
enum lot_state { LOT_CLOSED, LOT_OPEN, LOT_HELD };

/* hold.state */
enum hold_state { HOLD_OPEN = 1, HOLD_CAPTURED, HOLD_VOIDED, HOLD_EXPIRED };

/* lot.burn_at of what never burns, so that it comes last in the burn order. */
#define BURN_NEVER INT64_MAX

/* Accounts that one burn looks at, lots of each that it burns, and of all together. */
#define BURN_ACCOUNTS_MAX 64
#define BURN_LOTS_MAX     256
#define BURN_LOTS_ALL_MAX 1024

struct burn_account {
	struct uuid card_id;
	int64_t unit;
};

struct burn_in {
	struct list accounts; /* struct burn_account, ascending, at most BURN_ACCOUNTS_MAX */
};

/* Lots of each of n accounts that one burn burns. */
static inline int64_t burn_lots_each(size_t n)
{
	int64_t share = BURN_LOTS_ALL_MAX / (int64_t)n;
	return share < BURN_LOTS_MAX ? share : BURN_LOTS_MAX;
}

struct burn_out {
	int64_t entries;
	struct amount amount; /* burnt in all, of both units */
};

/*
 * Writes what the clock has done to these accounts: a burn entry for each lot that has ended, dated
 * when it did; holds past their time are released; points of inactive cards burn. Changes no
 * balance that anybody sees. Again for an account with more ended lots than burn_lots_each().
 */
extern const struct operation op_ledger_burn;

/*
 * The opening balance of a new card: one entry, one lot that never burns. account_card is
 * the card's master, or the card itself. amount > 0. CONFLICT when the balance would pass
 * AMOUNT_MINOR_MAX.
 */
enum err ledger_open_balance(struct ctx *ctx, const struct uuid *account_card,
			     const struct uuid *card, enum unit unit, struct amount amount);

/*
 * The same into a batch, for a card without a master that the same transaction makes, its row
 * marked as posted: no account is looked for. Bulk work.
 */
struct batch;
void ledger_open_into(struct ctx *ctx, struct batch *batch, const struct uuid *card, enum unit unit,
		      struct amount amount);

/* Points or money that a card's own accounts still hold at this moment, pending and held too. */
enum err ledger_has_remainder(struct ctx *ctx, const struct uuid *card, bool *has_r);

/* A deleted card's own accounts: open holds are voided, then one adjusting entry each takes them
 * to zero; nothing when they are empty. */
enum err ledger_close_accounts(struct ctx *ctx, const struct uuid *card);

/* Voids the open holds on an account that were placed with one card: it is about to go. */
enum err ledger_void_holds(struct ctx *ctx, const struct uuid *account_card,
			   const struct uuid *card);

/* Figures of an account row, as they were when it was last written. */
struct ledger_view {
	struct uuid card_id; /* the account's */
	struct amount available, debt;
	struct moment next_change_at, activity_at;
	int64_t erase_days; /* of the level of the account's card; 0 = inactivity ends nothing */
};

/*
 * Brings `available` of each to this moment: one more packet for all accounts of which a
 * lot started or ended, a hold timed out or the points were ended by inactivity since they
 * were written, none for the usual account.
 */
enum err ledger_available(struct ctx *ctx, enum unit unit, struct ledger_view *views, size_t n);
/*
 * From when on the inactivity of an account has ended the lots of business before: 00:00 of the
 * day erase_days after its last activity in the organisation's zone; 0 = it has not, at `at`.
 */
struct moment ledger_erased_at(const struct ctx *ctx, int64_t erase_days, struct moment activity_at,
			       struct moment at);

#endif
