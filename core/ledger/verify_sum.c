/* What an account's entries, lots, holds and allocations say together. */
#include "stmt_gen.h"
#include "uuid.h"
#include "verify_priv.h"

static enum err sum_lots(struct verify *v, struct verify_place place)
{
	const struct lot_mark *marks = v->tally.lot_marks.at;
	enum err err = ERR_OK;

	place.table = VERIFY_LOT;
	for (size_t i = 0; err == ERR_OK && i < v->tally.lot_marks.n; i++) {
		const struct lot_mark *lot = &marks[i];

		place.id = lot->id;
		err = verify_same(v, &place, "remaining by its allocations", lot->remaining,
				  (int64_t)((uint64_t)lot->amount - (uint64_t)lot->taken));
		if (err == ERR_OK)
			err = verify_same(v, &place, "held by its allocations", lot->held,
					  lot->put);
	}
	return err;
}

static enum err sum_capture(struct verify *v, const struct verify_place *place,
			    const struct hold_mark *hold)
{
	const struct entry_mark *entry = pile_find(&v->tally.entries, &hold->closed_by);

	if (!entry || entry->kind != ENTRY_SPEND)
		return verify_bad(v, place, "closed_by: not a spend of its account");
	enum err err = verify_same(v, place, "captured", hold->captured, -entry->amount);
	if (err == ERR_OK)
		err = verify_same(v, place, "amount by its capture", hold->amount, -entry->held);
	return err;
}

static enum err sum_holds(struct verify *v, struct verify_place place)
{
	const struct hold_mark *marks = v->tally.holds.at;
	enum err err = ERR_OK;

	place.table = VERIFY_HOLD;
	for (size_t i = 0; err == ERR_OK && i < v->tally.holds.n; i++) {
		place.id = marks[i].id;
		err = verify_same(v, &place, "amount by its allocations", marks[i].amount,
				  marks[i].put);
		if (err == ERR_OK && marks[i].state == HOLD_CAPTURED)
			err = sum_capture(v, &place, &marks[i]);
	}
	const struct release_mark *releases = v->tally.releases.at;
	for (size_t i = 0; err == ERR_OK && i < v->tally.releases.n; i++) {
		place.id = releases[i].hold_id;
		err = verify_same(v, &place, "amount by what was given back", releases[i].amount,
				  -releases[i].put);
	}
	return err;
}

/* Refunds of a spend of this account; those after a replacement are on another. */
static enum err sum_refunds(struct verify *v, struct verify_place place)
{
	struct pile *entries = &v->tally.entries;
	struct entry_mark *marks = entries->at, *spend;
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < entries->n; i++) {
		if (marks[i].kind != ENTRY_REFUND)
			continue;
		spend = pile_find(entries, &marks[i].corrects_id);
		if (!spend)
			continue;
		verify_add(&spend->refunded, marks[i].amount);
		place.number = marks[i].seq;
		place.id = marks[i].id;
		if (spend->refunded > -spend->amount)
			err = verify_bad(v, &place, "amount: more than was spent comes back");
	}
	return err;
}

/* The first in the chain whose lots and allocations say another amount. */
static enum err sum_entries(struct verify *v, struct verify_place place)
{
	const struct entry_mark *marks = v->tally.entries.at, *first = NULL;

	for (size_t i = 0; i < v->tally.entries.n; i++)
		if (marks[i].flow != marks[i].amount && (!first || marks[i].seq < first->seq))
			first = &marks[i];
	if (!first)
		return sum_refunds(v, place);
	place.number = first->seq;
	place.id = first->id;
	return verify_same(v, &place, "amount by its lots and allocations", first->amount,
			   first->flow);
}

static enum err sum_account(struct verify *v, struct verify_place place,
			    const struct account_row *account)
{
	const struct tally *tally = &v->tally;
	const struct {
		const char *what;
		int64_t found, wanted;
	} figures[] = {
		{"balance", account->balance.minor, tally->balance},
		{"debt", account->debt.minor, tally->debt},
		{"held", account->held.minor, tally->held},
		{"held by its open holds", account->held.minor, tally->open_holds},
		{"received", account->received.minor, tally->received},
		{"balance by its lots and debt", tally->balance, tally->lots - tally->debt},
		{"available", account->available.minor, tally->available - tally->debt},
	};
	enum err err = ERR_OK;

	place.table = VERIFY_ACCOUNT;
	if (account->debt.minor < 0)
		return verify_bad(v, &place, "debt: %lld is below 0",
				  (long long)account->debt.minor);
	for (size_t i = 0; err == ERR_OK && i < sizeof figures / sizeof figures[0]; i++)
		err = verify_same(v, &place, figures[i].what, figures[i].found, figures[i].wanted);
	return err;
}

enum err verify_parts(struct verify *v, const struct account_row *account)
{
	struct verify_place place = {
		.table = VERIFY_ENTRY, .card_id = account->card_id, .unit = account->unit};

	enum err err = sum_lots(v, place);
	if (err == ERR_OK)
		err = sum_holds(v, place);
	if (err == ERR_OK)
		err = sum_entries(v, place);
	return err == ERR_OK ? sum_account(v, place, account) : err;
}
