/* Lots, holds and allocations of an account: parts of its balance, and how they moved. */
#include <string.h>

#include "db.h"
#include "stmt_gen.h"
#include "uuid.h"
#include "verify_priv.h"

static struct verify_place place_of(const struct account_row *account, enum verify_table table,
				    const struct uuid *id)
{
	return (struct verify_place){
		.table = table, .card_id = account->card_id, .unit = account->unit, .id = *id};
}

/*
 * Nothing starts or ends before next_change_at, so the stored figure is that of the moment
 * before it; with none to come, of any.
 */
static bool counts_as_available(const struct lot_row *lot, const struct account_row *account)
{
	int64_t next = account->next_change_at.ms, at = next ? next - 1 : BURN_NEVER - 1;

	return lot->active_from.ms <= at && at < lot->burn_at.ms;
}

static int64_t state_of(const struct lot_row *lot)
{
	return lot->remaining.minor > 0 ? LOT_OPEN : lot->held.minor > 0 ? LOT_HELD : LOT_CLOSED;
}

static bool is_within(int64_t n, int64_t most)
{
	return n >= 0 && n <= most;
}

static enum err check_lot(struct verify *v, const struct verify_place *place,
			  const struct lot_row *lot)
{
	int64_t amount = lot->amount.minor, remaining = lot->remaining.minor;
	int64_t burn_at = lot->active_to.ms ? lot->active_to.ms : BURN_NEVER;

	if (!is_within(remaining, amount))
		return verify_bad(v, place, "remaining: %lld is not within 0 and %lld",
				  (long long)remaining, (long long)amount);
	if (!is_within(lot->held.minor, amount - remaining))
		return verify_bad(v, place, "held: %lld is not within 0 and %lld",
				  (long long)lot->held.minor, (long long)(amount - remaining));
	if (!is_within(lot->returned.minor, amount))
		return verify_bad(v, place, "returned: %lld is not within 0 and %lld",
				  (long long)lot->returned.minor, (long long)amount);
	enum err err = verify_same(v, place, "is_open", lot->is_open, state_of(lot));
	return err == ERR_OK ? verify_same(v, place, "burn_at", lot->burn_at.ms, burn_at) : err;
}

/*
 * The lot of an accrual or opening says what its entry says, which is sealed. What made a lot was
 * received; an adjustment that only writes off the debt of a deleted card makes none.
 */
static enum err check_made(struct verify *v, const struct verify_place *place,
			   const struct lot_row *lot, const struct entry_mark *entry)
{
	const struct {
		const char *what;
		int64_t found, wanted;
	} figures[] = {
		{"amount", lot->amount.minor, entry->amount},
		{"active_from", lot->active_from.ms, entry->active_from.ms},
		{"active_to", lot->active_to.ms, entry->active_to.ms},
		{"business_at", lot->business_at.ms, entry->business_at.ms},
		{"posted_at", lot->posted_at.ms, entry->posted_at.ms},
	};
	enum err err = ERR_OK;

	if (!verify_receives((enum entry_kind)entry->kind, entry->amount))
		return ERR_OK;
	if (!uuid_eq(&lot->id, &entry->id))
		return verify_bad(v, place, "id: not that of the entry that made it");
	for (size_t i = 0; err == ERR_OK && i < sizeof figures / sizeof figures[0]; i++)
		err = verify_same(v, place, figures[i].what, figures[i].found, figures[i].wanted);
	verify_add(&v->tally.received, lot->amount.minor);
	return err;
}

static enum err count_lot(struct verify *v, const struct account_row *account,
			  const struct lot_row *lot)
{
	struct verify_place place = place_of(account, VERIFY_LOT, &lot->id);
	struct tally *tally = &v->tally;

	enum err err = check_lot(v, &place, lot);
	if (err != ERR_OK)
		return err;
	struct entry_mark *entry = pile_find(&tally->entries, &lot->entry_id);
	if (!entry)
		return verify_bad(v, &place, "entry_id: not an entry of its account");
	err = check_made(v, &place, lot, entry);
	if (err != ERR_OK)
		return err;
	verify_add(&entry->flow, lot->amount.minor);
	struct lot_mark *mark = pile_add(&tally->lot_marks, &lot->id);
	mark->amount = lot->amount.minor;
	mark->remaining = lot->remaining.minor;
	mark->held = lot->held.minor;
	mark->returned = lot->returned.minor;
	verify_add(&tally->lots, lot->remaining.minor + lot->held.minor);
	verify_add(&tally->held, lot->held.minor);
	if (counts_as_available(lot, account))
		verify_add(&tally->available, lot->remaining.minor);
	v->report.lots++;
	return ERR_OK;
}

enum err verify_lots(struct verify *v, const struct account_row *account)
{
	const void *row;
	enum err err;

	for (;;) {
		err = verify_take(v, VERIFY_LOT, &account->card_id, account->unit, &row);
		if (err == ERR_OK && row)
			err = count_lot(v, account, row);
		if (err != ERR_OK || !row)
			return err;
	}
}

static enum err check_open_hold(struct verify *v, const struct verify_place *place,
				const struct account_row *account, const struct hold_row *hold)
{
	int64_t next = account->next_change_at.ms;

	verify_add(&v->tally.open_holds, hold->amount.minor);
	if (!uuid_is_unset(&hold->closed_by) || hold->closed_at.ms != 0)
		return verify_bad(v, place, "state: open, but with an end");
	if (next == 0 || next > hold->until_at.ms)
		return verify_bad(v, place, "until_at: before the account's next_change_at, %lld",
				  (long long)next);
	return verify_same(v, place, "captured", hold->captured.minor, 0);
}

static enum err check_hold(struct verify *v, const struct verify_place *place,
			   const struct account_row *account, const struct hold_row *hold)
{
	if (hold->state < HOLD_OPEN || hold->state > HOLD_EXPIRED)
		return verify_bad(v, place, "state: %lld is none", (long long)hold->state);
	if (hold->amount.minor <= 0)
		return verify_bad(v, place, "amount: %lld is not above 0",
				  (long long)hold->amount.minor);
	if (hold->state == HOLD_OPEN)
		return check_open_hold(v, place, account, hold);
	if (uuid_is_unset(&hold->closed_by))
		return verify_bad(v, place, "closed_by: unset");
	if (hold->state != HOLD_CAPTURED)
		return verify_same(v, place, "captured", hold->captured.minor, 0);
	if (hold->captured.minor <= 0 || hold->captured.minor > hold->amount.minor)
		return verify_bad(v, place, "captured: %lld is not within 1 and %lld",
				  (long long)hold->captured.minor, (long long)hold->amount.minor);
	return ERR_OK;
}

static enum err count_hold(struct verify *v, const struct account_row *account,
			   const struct hold_row *hold)
{
	struct verify_place place = place_of(account, VERIFY_HOLD, &hold->id);
	struct tally *tally = &v->tally;

	enum err err = check_hold(v, &place, account, hold);
	if (err != ERR_OK)
		return err;
	struct hold_mark *mark = pile_add(&tally->holds, &hold->id);
	mark->state = hold->state;
	mark->amount = hold->amount.minor;
	mark->captured = hold->captured.minor;
	mark->closed_by = hold->closed_by;
	if (hold->state == HOLD_VOIDED || hold->state == HOLD_EXPIRED) {
		struct release_mark *release = pile_add(&tally->releases, &hold->closed_by);
		release->hold_id = hold->id;
		release->amount = hold->amount.minor;
	}
	v->report.holds++;
	return ERR_OK;
}

enum err verify_holds(struct verify *v, const struct account_row *account)
{
	const void *row;
	enum err err;

	for (;;) {
		err = verify_take(v, VERIFY_HOLD, &account->card_id, account->unit, &row);
		if (err == ERR_OK && row)
			err = count_hold(v, account, row);
		if (err != ERR_OK || !row)
			return err;
	}
}

/* A hold that was open when its card was replaced left its first parts here. */
static enum err check_moved(struct verify *v, const struct verify_place *place,
			    const struct allocation_row *row)
{
	struct verify_hold_moved_in in = {v->organisation_id, row->owner_id};
	struct verify_hold_moved_row hold;

	enum err err = sql_verify_hold_moved(v->db, &v->arena, &in, &hold);
	arena_reset(&v->arena, 0);
	if (err == ERR_NOT_FOUND)
		return verify_bad(v, place, "owner_id: no entry, no hold, no end of a hold");
	if (err == ERR_OK && uuid_eq(&hold.account_card_id, &row->card_id))
		return verify_bad(v, place, "owner_id: a hold of the account's other unit");
	return err;
}

/* Of a spend: what refunds gave back. Of a return: what the card no longer had, beside its debt. */
static enum err check_returned(struct verify *v, const struct verify_place *place,
			       const struct allocation_row *row, const struct entry_mark *entry)
{
	int64_t eaten = row->taken.minor - row->held.minor, most = 0;

	if (entry && (entry->kind == ENTRY_SPEND || entry->kind == ENTRY_SALE) && eaten > 0)
		most = eaten;
	if (entry && entry->kind == ENTRY_ACCRUAL_RETURN && uuid_is_unset(&row->lot_id))
		most = AMOUNT_MINOR_MAX;
	if (is_within(row->returned.minor, most))
		return ERR_OK;
	return verify_bad(v, place, "returned: %lld is not within 0 and %lld",
			  (long long)row->returned.minor, (long long)most);
}

static enum err count_owner(struct verify *v, const struct verify_place *place,
			    const struct allocation_row *row)
{
	struct entry_mark *entry = pile_find(&v->tally.entries, &row->owner_id);
	struct hold_mark *hold = entry ? NULL : pile_find(&v->tally.holds, &row->owner_id);
	struct release_mark *release =
		entry || hold ? NULL : pile_find(&v->tally.releases, &row->owner_id);

	if (entry) {
		verify_add(&entry->flow, row->held.minor - row->taken.minor);
		verify_add(&entry->held, row->held.minor);
		verify_add(&entry->returned, row->returned.minor);
	} else if (hold) {
		verify_add(&hold->put, row->held.minor);
	} else if (release) {
		verify_add(&release->put, row->held.minor);
	} else {
		return check_moved(v, place, row);
	}
	if (!entry && row->taken.minor != row->held.minor)
		return verify_same(v, place, "taken", row->taken.minor, row->held.minor);
	return check_returned(v, place, row, entry);
}

static enum err count_lot_move(struct verify *v, const struct verify_place *place,
			       const struct allocation_row *row)
{
	if (uuid_is_unset(&row->lot_id)) {
		verify_add(&v->tally.debt, row->taken.minor);
		return verify_same(v, place, "held", row->held.minor, 0);
	}
	struct lot_mark *lot = pile_find(&v->tally.lot_marks, &row->lot_id);
	if (!lot)
		return verify_bad(v, place, "lot_id: not a lot of its account");
	verify_add(&lot->taken, row->taken.minor);
	verify_add(&lot->put, row->held.minor);
	return ERR_OK;
}

static enum err count_allocation(struct verify *v, const struct account_row *account,
				 const struct allocation_row *row)
{
	struct verify_place place = place_of(account, VERIFY_ALLOCATION, &row->owner_id);

	place.number = row->position;
	v->report.allocations++;
	enum err err = count_lot_move(v, &place, row);
	return err == ERR_OK ? count_owner(v, &place, row) : err;
}

enum err verify_allocations(struct verify *v, const struct account_row *account)
{
	const void *row;
	enum err err;

	for (;;) {
		err = verify_take(v, VERIFY_ALLOCATION, &account->card_id, account->unit, &row);
		if (err == ERR_OK && row)
			err = count_allocation(v, account, row);
		if (err != ERR_OK || !row)
			return err;
	}
}
