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

/* What refunds and returns of this account give back of its spends and accruals. */
static void count_back(struct tally *tally)
{
	const struct entry_mark *marks = tally->entries.at;

	pile_sort(&tally->entries);
	for (size_t i = 0; i < tally->entries.n; i++) {
		const struct entry_mark *back = &marks[i];

		if (back->kind == ENTRY_REFUND) {
			struct entry_mark *spend = pile_find(&tally->entries, &back->corrects_id);
			if (spend)
				verify_add(&spend->refunded, back->amount);
		} else if (back->kind == ENTRY_ACCRUAL_RETURN) {
			struct lot_mark *lot = pile_find(&tally->lot_marks, &back->corrects_id);
			if (lot)
				verify_add(&lot->asked, back->returned - back->amount);
		}
	}
}

/* After a replacement some of it is on another account, though nothing was there to move. */
static enum err same_back(struct verify *v, const struct verify_place *place, int64_t noted,
			  int64_t here)
{
	struct verify_card_replaced_in in = {v->organisation_id, place->card_id};
	struct verify_card_replaced_row card = {.replaced = v->tally.moved};

	if (noted > here && !card.replaced) {
		enum err err = sql_verify_card_replaced(v->db, &v->arena, &in, &card);
		if (err != ERR_OK && err != ERR_NOT_FOUND)
			return err;
	}
	if (noted > here && card.replaced)
		return ERR_OK;
	return verify_same(v, place, "returned by the entries that correct it", noted, here);
}

static enum err sum_back(struct verify *v, struct verify_place place)
{
	const struct entry_mark *entries = v->tally.entries.at;
	const struct lot_mark *lots = v->tally.lot_marks.at;
	enum err err = ERR_OK;

	count_back(&v->tally);
	for (size_t i = 0; err == ERR_OK && i < v->tally.entries.n; i++) {
		place.number = entries[i].seq;
		place.id = entries[i].id;
		if (entries[i].kind == ENTRY_SPEND || entries[i].kind == ENTRY_SALE)
			err = same_back(v, &place, entries[i].returned, entries[i].refunded);
	}
	place.table = VERIFY_LOT;
	for (size_t i = 0; err == ERR_OK && i < v->tally.lot_marks.n; i++) {
		place.id = lots[i].id;
		err = same_back(v, &place, lots[i].returned, lots[i].asked);
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
		return sum_back(v, place);
	place.number = first->seq;
	place.id = first->id;
	return verify_same(v, &place, "amount by its lots and allocations", first->amount,
			   first->flow);
}

/* An accrual after next_change_at leaves the figure to the next reader. */
static bool is_stated(const struct account_row *account)
{
	return account->next_change_at.ms == 0 ||
	       account->next_change_at.ms > account->last_posted_at.ms;
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
	};
	enum err err = ERR_OK;

	place.table = VERIFY_ACCOUNT;
	if (account->debt.minor < 0)
		return verify_bad(v, &place, "debt: %lld is below 0",
				  (long long)account->debt.minor);
	for (size_t i = 0; err == ERR_OK && i < sizeof figures / sizeof figures[0]; i++)
		err = verify_same(v, &place, figures[i].what, figures[i].found, figures[i].wanted);
	if (err == ERR_OK && is_stated(account))
		err = verify_same(v, &place, "available", account->available.minor,
				  tally->available - tally->debt);
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
