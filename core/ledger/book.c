#include "book.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "db.h"
#include "keyring.h"
#include "mutation.h"
#include "settings.h"
#include "stmt_gen.h"
#include "uuid.h"
#include "zone.h"

static struct account_row account_fresh(struct arena *arena, int64_t organisation_id,
					const struct uuid *card_id, enum unit unit)
{
	struct str zero_tag = {arena_alloc(arena, SHA256_LEN), SHA256_LEN};
	return (struct account_row){.organisation_id = organisation_id,
				    .card_id = *card_id,
				    .unit = unit,
				    .last_tag = zero_tag};
}

static void book_init(struct book *book, struct ctx *ctx, enum unit unit)
{
	*book = (struct book){.ctx = ctx, .unit = unit};
	book->batch = arena_new(ctx->arena, struct batch);
	batch_init(book->batch, ctx->db, ctx->arena);
}

/* id NULL = the card that this packet has named. */
static void ask_of_card(struct book *book, struct batch *batch, const struct uuid *id, bool lots,
			const struct book_document *document)
{
	int64_t org = ctx_organisation(book->ctx), named = id == NULL;
	struct uuid card_id = id ? *id : (struct uuid){0};
	struct book_of_card_lock_in card = {book->unit, document->id, document->type,
					    org,        named,        card_id};
	struct lot_of_card_in open = {
		org, org, named, card_id, book->unit, ctx_now(book->ctx), BOOK_LOTS_FIRST};
	book->by = BOOK_OF_CARD;
	batch_book_of_card_lock(batch, &card, &book->joined);
	if (lots)
		batch_lot_of_card(batch, &open, &book->loaded);
}

static void ask_own(struct book *book, struct batch *batch, const struct uuid *id, bool lots)
{
	struct posting_card_own_lock_in card = {ctx_organisation(book->ctx), *id};
	struct account_own_lock_in accounts = {card.organisation_id, *id, book->unit};
	batch_posting_card_own_lock(batch, &card, &book->card, &book->found);
	batch_account_own_lock(batch, &accounts, &book->accounts);
	struct lot_open_in open = {card.organisation_id, *id, book->unit, ctx_now(book->ctx),
				   BOOK_LOTS_FIRST};
	if (lots)
		batch_lot_open(batch, &open, &book->loaded);
}

static void ask_of_entry(struct book *book, struct batch *batch, const struct uuid *id)
{
	int64_t org = ctx_organisation(book->ctx);
	struct posting_card_of_entry_lock_in card = {org, org, *id};
	struct account_of_entry_lock_in accounts = {org, org, *id};
	batch_posting_card_of_entry_lock(batch, &card, &book->card, &book->found);
	batch_account_of_entry_lock(batch, &accounts, &book->accounts);
}

static void ask_of_hold(struct book *book, struct batch *batch, const struct uuid *id)
{
	int64_t org = ctx_organisation(book->ctx);
	struct posting_card_of_hold_lock_in card = {org, org, *id};
	struct account_of_hold_lock_in accounts = {org, org, *id};
	batch_posting_card_of_hold_lock(batch, &card, &book->card, &book->found);
	batch_account_of_hold_lock(batch, &accounts, &book->accounts);
}

void book_ask(struct book *book, struct ctx *ctx, struct batch *batch, enum book_by by,
	      const struct uuid *id, enum unit unit, bool lots)
{
	static const struct book_document none = {{"", 0}, 0};
	book_init(book, ctx, unit);
	book->by = by;
	book->lots_asked = lots;
	switch (by) {
	case BOOK_OF_CARD:
	case BOOK_OF_NAMED:
		ask_of_card(book, batch, by == BOOK_OF_NAMED ? NULL : id, lots, &none);
		break;
	case BOOK_OWN:
		ask_own(book, batch, id, lots);
		break;
	case BOOK_OF_ENTRY:
		ask_of_entry(book, batch, id);
		break;
	case BOOK_OF_HOLD:
		ask_of_hold(book, batch, id);
		break;
	}
}

void book_ask_document(struct book *book, struct ctx *ctx, struct batch *batch,
		       const struct uuid *card_id, enum unit unit, bool lots,
		       const struct book_document *document)
{
	book_init(book, ctx, unit);
	book->lots_asked = lots;
	ask_of_card(book, batch, card_id, lots, document);
}

void book_ask_twin(struct book *points, const struct book *money)
{
	assert(money->by == BOOK_OF_CARD && money->unit == UNIT_MONEY);
	book_init(points, money->ctx, UNIT_POINTS);
	points->by = money->by;
	points->joined = money->joined;
}

const struct document_row *book_document(const struct book *book, enum entry_kind kind)
{
	const struct book_of_card_lock_row *row = book->joined.rows;
	for (size_t i = 0; i < book->joined.n; i++)
		if (row[i].document.kind == kind && uuid_is_unset(&row[i].document.corrects_id))
			return &row[i].document;
	return NULL;
}

/* Card and accounts out of the rows of both: each account once for each entry of the document. */
static void take_apart(struct book *book)
{
	const struct book_of_card_lock_row *row = book->joined.rows;
	size_t n = book->joined.n;
	struct account_row *accounts = arena_array(book->ctx->arena, struct account_row, n);
	book->found = n > 0;
	book->accounts = (struct list){.rows = accounts};
	if (book->found)
		book->card = row[0].posting_card;
	for (size_t i = 0; i < n; i++)
		if (!uuid_is_unset(&row[i].account.card_id))
			accounts[book->accounts.n++] = row[i].account;
}

void book_take(struct book *book, struct ctx *ctx, enum unit unit,
	       const struct posting_card_row *card, struct list accounts, struct list open)
{
	*book = (struct book){.ctx = ctx, .unit = unit, .by = BOOK_OWN, .lots_asked = true};
	book->found = card != NULL;
	if (card)
		book->card = *card;
	book->accounts = accounts;
	book->loaded = open;
}

const struct uuid *book_account(const struct book *book)
{
	return &book->account.card_id;
}

/* The row of this card and unit among those that were locked; a fresh one when there is none. */
static bool account_find(const struct book *book, const struct uuid *card_id, enum unit unit,
			 struct account_row *row_r)
{
	const struct account_row *row = book->accounts.rows;
	for (size_t i = 0; i < book->accounts.n; i++)
		if (uuid_eq(&row[i].card_id, card_id) && row[i].unit == unit) {
			*row_r = row[i];
			return true;
		}
	*row_r = account_fresh(book->ctx->arena, ctx_organisation(book->ctx), card_id, unit);
	return false;
}

struct moment book_now(const struct book *book)
{
	struct moment now = ctx_now(book->ctx);
	return now.ms < book->account.last_posted_at.ms ? book->account.last_posted_at : now;
}

bool lot_is_live(const struct lot_row *lot, struct moment at)
{
	return lot->active_from.ms <= at.ms && at.ms < lot->burn_at.ms;
}

bool book_counts(const struct book *book, const struct lot_row *lot)
{
	struct moment at = book_now(book), next = book->account.next_change_at;
	if (next.ms != 0 && next.ms <= at.ms)
		at.ms = next.ms - 1;
	return lot_is_live(lot, at);
}

struct book_lot *book_lot_add(struct book *book, const struct lot_row *row)
{
	if (book->lots_n == book->lots_cap) {
		size_t cap = book->lots_cap ? book->lots_cap * 2 : BOOK_LOTS_FIRST + 1;
		book->lots =
			arena_grow(book->ctx->arena, book->lots,
				   book->lots_cap * sizeof *book->lots, cap * sizeof *book->lots);
		book->lots_cap = cap;
	}
	assert(book->lots);
	struct book_lot *lot = &book->lots[book->lots_n++];
	*lot = (struct book_lot){.row = *row, .is_new = true};
	return lot;
}

static struct book_lot *lot_find(struct book *book, const struct uuid *id)
{
	for (size_t i = 0; i < book->lots_n; i++)
		if (uuid_eq(&book->lots[i].row.id, id))
			return &book->lots[i];
	return NULL;
}

struct book_lot *book_lot(struct book *book, const struct uuid *id, enum err *err)
{
	struct book_lot *lot = lot_find(book, id);
	struct lot_get_in in = {ctx_organisation(book->ctx), *book_account(book), book->unit, *id};
	struct lot_row row;
	if (lot)
		return lot;
	*err = sql_lot_get(book->ctx->db, book->ctx->arena, &in, &row);
	return *err == ERR_OK ? book_lot_known(book, &row) : NULL;
}

struct book_lot *book_lot_known(struct book *book, const struct lot_row *row)
{
	struct book_lot *lot = lot_find(book, &row->id);
	if (!lot) {
		lot = book_lot_add(book, row);
		lot->is_new = false;
		book->strays++;
	}
	return lot;
}

/* In burn order, each once; what came by another way (a hold's lot) stays as it is in the book. */
static void lots_merge(struct book *book, const struct list *rows, size_t asked)
{
	const struct lot_row *row = rows->rows;
	for (size_t i = 0; i < rows->n; i++) {
		if (book->strays == 0 || !lot_find(book, &row[i].id))
			book_lot_add(book, &row[i])->is_new = false;
		book->last = row[i];
	}
	book->whole = rows->n < asked;
}

enum err book_answered(struct book *book, enum unit unit)
{
	if (book->by == BOOK_OF_CARD)
		take_apart(book);
	bool own = book->by != BOOK_OF_CARD || uuid_is_unset(&book->card.master_id);
	const struct uuid *account = own ? &book->card.id : &book->card.master_id;
	if (!book->found)
		return ERR_NOT_FOUND;
	book->unit = unit;
	book->is_new = !account_find(book, account, unit, &book->account);
	book->has_dates = !own || unit != UNIT_POINTS;
	if (book->has_dates)
		book->dates_are_new =
			!account_find(book, &book->card.id, UNIT_POINTS, &book->dates);
	book->balance_before = book->account.balance.minor;
	if (unit != UNIT_POINTS)
		book->card.erase_days = 0; /* levels end points only */
	if (book->lots_asked)
		lots_merge(book, &book->loaded, BOOK_LOTS_FIRST);
	return ERR_OK;
}

enum err book_open(struct book *book, struct ctx *ctx, struct batch *batch,
		   const struct uuid *card_id, enum unit unit)
{
	struct batch ask;
	batch_init(&ask, ctx->db, ctx->arena);
	book_ask(book, ctx, &ask, BOOK_OWN, card_id, unit, false);
	book->batch = batch;
	enum err err = batch_run(&ask);
	return err == ERR_OK ? book_answered(book, unit) : err;
}

void book_fresh(struct book *book, struct ctx *ctx, struct batch *batch, const struct uuid *card_id,
		enum unit unit)
{
	*book = (struct book){.ctx = ctx, .unit = unit, .batch = batch, .is_new = true};
	book->card.id = *card_id;
	book->card.posted = true;
	book->account = account_fresh(ctx->arena, ctx_organisation(ctx), card_id, unit);
}

enum err book_dates_of(struct book *book, const struct uuid *card_id)
{
	struct ctx *ctx = book->ctx;
	struct account_lock_in in = {ctx_organisation(ctx), *card_id, UNIT_POINTS};
	if (uuid_eq(card_id, &book->card.id))
		return ERR_OK;
	enum err err = sql_account_lock(ctx->db, ctx->arena, &in, &book->dates);
	book->has_dates = true;
	book->dates_are_new = err == ERR_NOT_FOUND;
	if (book->dates_are_new)
		book->dates = account_fresh(ctx->arena, in.organisation_id, card_id, UNIT_POINTS);
	return book->dates_are_new ? ERR_OK : err;
}

/* The burn order: no ties. */
static int order(const struct lot_row *a, const struct lot_row *b)
{
	if (a->burn_at.ms != b->burn_at.ms)
		return a->burn_at.ms < b->burn_at.ms ? -1 : 1;
	if (a->active_from.ms != b->active_from.ms)
		return a->active_from.ms < b->active_from.ms ? -1 : 1;
	return memcmp(&a->id, &b->id, sizeof a->id);
}

static int compare(const void *a, const void *b)
{
	return order(&((const struct book_lot *)a)->row, &((const struct book_lot *)b)->row);
}

/* Of the loaded lots, what is live and lies before any that is not loaded. */
static int64_t live_sum(const struct book *book)
{
	struct moment now = book_now(book);
	int64_t sum = 0;
	for (size_t i = 0; i < book->lots_n; i++) {
		const struct lot_row *lot = &book->lots[i].row;
		if (lot_is_live(lot, now) && (book->whole || order(lot, &book->last) <= 0))
			sum += lot->remaining.minor;
	}
	return sum;
}

static enum err lots_more(struct book *book)
{
	struct ctx *ctx = book->ctx;
	const struct lot_row *last = &book->last;
	struct lot_after_in in = {ctx_organisation(ctx), *book_account(book), book->unit,
				  ctx_now(ctx),          last->burn_at,       last->burn_at,
				  last->active_from,     last->active_from,   last->id,
				  BOOK_LOTS_NEXT};
	struct list rows = {0};
	enum err err = sql_lot_after(ctx->db, ctx->arena, &in, &rows);
	if (err == ERR_OK)
		lots_merge(book, &rows, BOOK_LOTS_NEXT);
	return err;
}

enum err book_need(struct book *book, struct amount amount)
{
	enum err err = ERR_OK;
	while (err == ERR_OK && !book->whole && live_sum(book) < amount.minor) {
		if (book->lots_n > BOOK_LOTS_MAX)
			return ctx_fail(book->ctx, ERR_CONFLICT, "sum", REASON_TOO_MANY);
		err = lots_more(book);
	}
	if (book->lots_n > 1)
		qsort(book->lots, book->lots_n, sizeof *book->lots, compare);
	return err;
}

void book_entry(struct book *book, struct entry_row *entry)
{
	struct account_row *account = &book->account;
	struct ctx *ctx = book->ctx;
	account->balance.minor += entry->amount.minor;
	account->last_seq++;
	entry->organisation_id = account->organisation_id;
	entry->account_card_id = account->card_id;
	entry->unit = account->unit;
	entry->seq = account->last_seq;
	entry->balance_after = account->balance;
	entry->posted_at = book_now(book);
	entry->journal_id = journal_id(ctx);
	chain_seal_entry(ctx->arena, keyring_signing(ctx->ledger_keys), account->last_tag, entry);
	account->last_tag = entry->tag;
	account->last_posted_at = entry->posted_at;
	ctx->posted[entry->kind]++;
	journal_entry(ctx, &entry->id);
	batch_entry_insert(book->batch, entry);
}

/* next_change_at may be early, never late. */
void book_changes_at(struct book *book, struct moment at)
{
	struct moment *next = &book->account.next_change_at;
	if (at.ms != BURN_NEVER && at.ms > book_now(book).ms && (next->ms == 0 || at.ms < next->ms))
		*next = at;
}

static void lot_change(struct book *book, struct book_lot *lot, int64_t taken, int64_t held)
{
	struct lot_row *row = &lot->row;
	row->remaining.minor -= taken;
	row->held.minor += held;
	assert(row->remaining.minor >= 0 && row->held.minor >= 0 &&
	       row->remaining.minor + row->held.minor <= row->amount.minor);
	row->is_open = row->remaining.minor > 0 ? LOT_OPEN
		       : row->held.minor > 0    ? LOT_HELD
						: LOT_CLOSED;
	lot->changed = true;
	book->account.held.minor += held;
	if (book_counts(book, row))
		book->account.available.minor -= taken;
	if (row->remaining.minor > 0 || row->held.minor > 0) {
		book_changes_at(book, row->active_from);
		book_changes_at(book, row->burn_at);
	}
}

void book_allocate(struct book *book, struct allocation_row *row)
{
	row->organisation_id = book->account.organisation_id;
	row->card_id = book->account.card_id;
	row->unit = book->unit;
	row->at = book_now(book);
	batch_allocation_insert(book->batch, row);
}

void book_move(struct book *book, const struct uuid *owner, int64_t position, struct book_lot *lot,
	       int64_t taken, int64_t held)
{
	struct allocation_row row = {
		.owner_id = *owner, .position = position, .taken = {taken}, .held = {held}};
	if (lot) {
		row.lot_id = lot->row.id;
		lot_change(book, lot, taken, held);
	} else {
		book->account.debt.minor += taken;
		book->account.available.minor -= taken;
	}
	book_allocate(book, &row);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void book_eat(struct book *book, const struct uuid *owner, int64_t *position, int64_t amount,
	      bool hold)
{
	struct moment now = book_now(book);
	for (size_t i = 0; i < book->lots_n && amount > 0; i++) {
		struct book_lot *lot = &book->lots[i];
		int64_t part = least(amount, lot->row.remaining.minor);
		if (part == 0 || !lot_is_live(&lot->row, now))
			continue;
		book_move(book, owner, (*position)++, lot, part, hold ? part : 0);
		amount -= part;
	}
	if (amount > 0)
		book_move(book, owner, (*position)++, NULL, amount, 0);
}

struct moment book_erased_at(const struct ctx *ctx, int64_t erase_days, struct moment activity_at)
{
	if (erase_days == 0 || activity_at.ms == 0)
		return (struct moment){0};
	return zone_day(ctx->settings->timezone, activity_at, erase_days);
}

bool book_lot_ended(const struct book *book, const struct lot_row *lot)
{
	struct moment now = book_now(book);
	struct moment end =
		book_erased_at(book->ctx, book->card.erase_days, book->account.activity_at);
	return lot->burn_at.ms <= now.ms ||
	       (end.ms != 0 && end.ms <= now.ms && lot->business_at.ms < end.ms);
}
