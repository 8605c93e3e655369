#include "transfer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"
#include "db.h"
#include "stmt_gen.h"
#include "uuid.h"

#define LOTS_CHUNK 1000 /* of one packet */

enum err ledger_has_holds(struct ctx *ctx, const struct uuid *account_card, const struct uuid *card,
			  bool *has_r)
{
	struct hold_open_on_in on = {ctx_organisation(ctx), *account_card, ctx_now(ctx)};
	struct hold_open_on_row on_row;
	struct hold_open_of_row of_row;
	enum err err;
	if (card) {
		struct hold_open_of_in of = {on.organisation_id, *account_card, on.now, *card};
		err = sql_hold_open_of(ctx->db, ctx->arena, &of, &of_row);
	} else {
		err = sql_hold_open_on(ctx->db, ctx->arena, &on, &on_row);
	}
	*has_r = err == ERR_OK;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err ledger_hold_elsewhere(struct ctx *ctx, const struct uuid *card, struct uuid *account_r,
			       bool *has_r)
{
	struct hold_open_elsewhere_in in = {ctx_organisation(ctx), *card, ctx_now(ctx), *card};
	struct hold_open_elsewhere_row row;
	enum err err = sql_hold_open_elsewhere(ctx->db, ctx->arena, &in, &row);
	*has_r = err == ERR_OK;
	if (*has_r)
		*account_r = row.account_card_id;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* A lot of which a hold has a part, and its successor. */
struct heir {
	struct uuid lot_id, new_id;
};

struct transfer {
	struct ctx *ctx;
	struct batch batch;
	struct book from, to;
	struct entry_row out, in;
	struct list holds, parts; /* hold_row that are open; allocation_row of them */
	struct heir *heirs;       /* by lot_id, one for each part */
	int64_t position;         /* next part of the entry that takes out */
};

static enum err flush(struct transfer *t)
{
	enum err err = t->batch.n ? batch_run(&t->batch) : ERR_OK;
	batch_init(&t->batch, t->ctx->db, t->ctx->arena);
	return err;
}

/* Accounts in ascending order, as all who lock several. */
static enum err books_open(struct transfer *t, const struct uuid *from, const struct uuid *to,
			   enum unit unit)
{
	bool first = memcmp(from, to, sizeof *from) < 0;
	struct book *book[] = {first ? &t->from : &t->to, first ? &t->to : &t->from};
	const struct uuid *card[] = {first ? from : to, first ? to : from};
	enum err err = book_open(book[0], t->ctx, &t->batch, card[0], unit);
	return err == ERR_OK ? book_open(book[1], t->ctx, &t->batch, card[1], unit) : err;
}

/* What has ended burns where it was: only what is left of a balance moves. */
static enum err burn_ended(struct transfer *t, const struct uuid *from, enum unit unit)
{
	size_t n = BURN_LOTS_MAX;
	enum err err = ERR_OK;
	while (err == ERR_OK && n == BURN_LOTS_MAX) {
		err = book_burn(&t->from, &n);
		if (err != ERR_OK || n == 0)
			return err;
		book_put(&t->from);
		err = flush(t);
		if (err == ERR_OK)
			err = book_open(&t->from, t->ctx, &t->batch, from, unit);
	}
	return err;
}

/* Holds past their time come back first, and points of an inactive card burn. */
static enum err settle(struct transfer *t, const struct uuid *from, enum unit unit, bool *empty_r)
{
	enum err err = book_open(&t->from, t->ctx, &t->batch, from, unit);
	*empty_r = err == ERR_OK && t->from.is_new;
	if (err != ERR_OK || *empty_r)
		return err;
	err = burn_ended(t, from, unit);
	if (err == ERR_OK)
		err = book_refresh(&t->from);
	if (err != ERR_OK)
		return err;
	book_put(&t->from);
	return flush(t);
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct uuid));
}

static enum err holds_read(struct transfer *t)
{
	struct ctx *ctx = t->ctx;
	const struct account_row *account = &t->from.account;
	struct hold_open_in holds = {
		account->organisation_id, account->card_id, account->unit, {BURN_NEVER}};
	struct hold_part_open_in parts = {account->organisation_id, account->card_id,
					  account->unit};
	enum err err = sql_hold_open(ctx->db, ctx->arena, &holds, &t->holds);
	if (err == ERR_OK)
		err = sql_hold_part_open(ctx->db, ctx->arena, &parts, &t->parts);
	if (err != ERR_OK)
		return err;
	const struct allocation_row *part = t->parts.rows;
	t->heirs = arena_array(ctx->arena, struct heir, t->parts.n + 1);
	for (size_t i = 0; i < t->parts.n; i++)
		t->heirs[i] = (struct heir){part[i].lot_id, ctx_uuid_beside(ctx, &part[i].lot_id)};
	qsort(t->heirs, t->parts.n, sizeof *t->heirs, compare);
	for (size_t i = 1; i < t->parts.n; i++)
		if (uuid_eq(&t->heirs[i].lot_id, &t->heirs[i - 1].lot_id))
			t->heirs[i].new_id = t->heirs[i - 1].new_id;
	return ERR_OK;
}

/* Two holds may share a lot; either heir of it is the same. NULL: no hold has a part. */
static const struct uuid *heir_of(const struct transfer *t, const struct uuid *lot_id)
{
	const struct heir *heir = bsearch(lot_id, t->heirs, t->parts.n, sizeof *t->heirs, compare);
	return heir ? &heir->new_id : NULL;
}

/* An open hold goes on in the other account: its parts are of the new lots. */
static void put_holds(struct transfer *t)
{
	const struct allocation_row *part = t->parts.rows;
	const struct account_row *from = &t->from.account;
	struct hold_move_in move = {t->to.account.card_id, from->organisation_id, from->card_id,
				    from->unit};
	for (size_t i = 0; i < t->parts.n; i++) {
		struct allocation_row row = part[i];
		assert(!uuid_is_unset(&row.lot_id));
		row.lot_id = *heir_of(t, &part[i].lot_id);
		book_allocate(&t->to, &row);
	}
	if (t->holds.n > 0)
		batch_hold_move(&t->batch, &move);
}

static void put_entries(struct transfer *t)
{
	struct entry_row entry = {.business_at = ctx_now(t->ctx),
				  .author = t->ctx->principal.subject};
	t->out = t->in = entry;
	t->out.id = ctx_uuid(t->ctx);
	t->in.id = ctx_uuid(t->ctx);
	t->out.kind = ENTRY_TRANSFER_OUT;
	t->in.kind = ENTRY_TRANSFER_IN;
	t->out.card_id = t->from.account.card_id;
	t->in.card_id = t->to.account.card_id;
	t->out.corrects_id = t->in.id;
	t->in.corrects_id = t->out.id;
	t->in.amount = t->from.account.balance;
	t->out.amount.minor = -t->in.amount.minor;
	book_entry(&t->from, &t->out);
	book_entry(&t->to, &t->in);
}

static void put_debt(struct transfer *t)
{
	int64_t debt = t->from.account.debt.minor;
	struct allocation_row out = {
		.owner_id = t->out.id, .position = t->position++, .taken = {-debt}};
	struct allocation_row in = {.owner_id = t->in.id, .taken = {debt}};
	if (debt == 0)
		return;
	book_allocate(&t->from, &out);
	book_allocate(&t->to, &in);
}

/* Closes a lot and opens its successor, whose place in the burn order is the same. */
static void put_lot(struct transfer *t, const struct lot_row *lot)
{
	const struct uuid *heir = heir_of(t, &lot->id);
	struct lot_row new = *lot;
	struct lot_update_in close = {LOT_CLOSED,           {0},          {0},       lot->returned,
				      lot->organisation_id, lot->card_id, lot->unit, lot->id};
	struct allocation_row part = {.owner_id = t->out.id,
				      .position = t->position++,
				      .lot_id = lot->id,
				      .taken = lot->remaining,
				      .held = {-lot->held.minor}};
	new.card_id = t->to.account.card_id;
	new.id = heir ? *heir : ctx_uuid_beside(t->ctx, &lot->id);
	new.entry_id = t->in.id;
	new.origin_lot = uuid_is_unset(&lot->origin_lot) ? lot->id : lot->origin_lot;
	new.amount.minor = lot->remaining.minor + lot->held.minor;
	new.returned.minor = 0;
	book_allocate(&t->from, &part);
	batch_lot_update(&t->batch, &close);
	batch_lot_insert(&t->batch, &new);
}

/* Lots of one state, a packet of them at a time: what is moved is of that state no more. */
static enum err move_lots(struct transfer *t, enum lot_state state)
{
	struct ctx *ctx = t->ctx;
	const struct account_row *from = &t->from.account;
	struct lot_of_state_in in = {from->organisation_id, from->card_id, from->unit, state,
				     LOTS_CHUNK};
	struct list lots = {.n = LOTS_CHUNK};
	enum err err = ERR_OK;
	while (err == ERR_OK && lots.n == LOTS_CHUNK) {
		size_t mark = arena_mark(ctx->arena);
		err = sql_lot_of_state(ctx->db, ctx->arena, &in, &lots);
		const struct lot_row *lot = lots.rows;
		batch_init(&t->batch, ctx->db, ctx->arena);
		for (size_t i = 0; err == ERR_OK && i < lots.n; i++)
			put_lot(t, &lot[i]);
		if (err == ERR_OK)
			err = flush(t);
		arena_reset(ctx->arena, mark);
	}
	batch_init(&t->batch, ctx->db, ctx->arena);
	return err;
}

/* The figures go as they stand: the other account has nothing that they could meet. */
static void move_figures(struct transfer *t)
{
	struct account_row *from = &t->from.account, *to = &t->to.account;
	to->available.minor += from->available.minor;
	to->held.minor += from->held.minor;
	to->debt.minor += from->debt.minor;
	to->received.minor += t->in.amount.minor;
	book_changes_at(&t->to, from->next_change_at);
	from->available.minor = 0;
	from->held.minor = 0;
	from->debt.minor = 0;
	from->next_change_at.ms = 0;
}

/* The old card keeps its own for the record. */
static void move_dates(struct transfer *t)
{
	const struct account_row *from = &t->from.account;
	struct account_row *to = &t->to.account;
	if (to->activity_at.ms < from->activity_at.ms)
		to->activity_at = from->activity_at;
	if (from->unit != UNIT_POINTS)
		return;
	to->first_check_at = from->first_check_at;
	to->last_activity_at = from->last_activity_at;
	to->last_transaction_at = from->last_transaction_at;
	to->last_transaction_id = from->last_transaction_id;
}

/* For balances of the past: later activity of the new card covers this in its account. */
static void put_inherited(struct transfer *t)
{
	const struct account_row *to = &t->to.account;
	struct account_inherit_in in = {t->from.account.activity_at, to->organisation_id,
					to->card_id};
	if (to->unit == UNIT_POINTS)
		batch_account_inherit(&t->batch, &in);
}

static bool has_something(const struct account_row *account)
{
	return account->balance.minor != 0 || account->debt.minor != 0;
}

static enum err move_all(struct transfer *t)
{
	enum err err = holds_read(t);
	if (err != ERR_OK)
		return err;
	put_entries(t);
	put_debt(t);
	put_holds(t);
	err = flush(t);
	if (err == ERR_OK)
		err = move_lots(t, LOT_OPEN);
	if (err == ERR_OK)
		err = move_lots(t, LOT_HELD);
	move_figures(t);
	return err;
}

static enum err unit_transfer(struct ctx *ctx, const struct uuid *from, const struct uuid *to,
			      enum unit unit)
{
	struct transfer *t = arena_new(ctx->arena, struct transfer);
	bool empty = false;
	t->ctx = ctx;
	batch_init(&t->batch, ctx->db, ctx->arena);
	enum err err = settle(t, from, unit, &empty);
	if (err != ERR_OK || empty)
		return err;
	err = books_open(t, from, to, unit);
	if (err == ERR_OK && has_something(&t->from.account))
		err = move_all(t);
	if (err != ERR_OK)
		return err;
	move_dates(t);
	book_put(&t->from);
	book_put(&t->to);
	put_inherited(t);
	return flush(t);
}

enum err ledger_transfer(struct ctx *ctx, const struct uuid *from_card, const struct uuid *to_card)
{
	enum err err = unit_transfer(ctx, from_card, to_card, UNIT_POINTS);
	return err == ERR_OK ? unit_transfer(ctx, from_card, to_card, UNIT_MONEY) : err;
}
