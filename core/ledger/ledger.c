#include "ledger.h"

#include "batch.h"
#include "chain.h"
#include "db.h"
#include "keyring.h"
#include "mutation.h"
#include "stmt_gen.h"
#include "uuid.h"

const char *const entry_kind_names[ENTRY_KINDS] = {
	[0] = "none",
	[ENTRY_OPENING] = "opening",
	[ENTRY_ACCRUAL] = "accrual",
	[ENTRY_SPEND] = "spend",
	[ENTRY_REFUND] = "refund",
	[ENTRY_ACCRUAL_RETURN] = "accrual_return",
	[ENTRY_BURN] = "burn",
	[ENTRY_ADJUST] = "adjust",
	[ENTRY_TRANSFER_OUT] = "transfer_out",
	[ENTRY_TRANSFER_IN] = "transfer_in",
	[ENTRY_CHARGE] = "charge",
	[ENTRY_SALE] = "sale",
	[ENTRY_ROUNDING] = "rounding",
};

_Static_assert(ENTRY_KINDS <= CTX_POSTED_KINDS, "ctx counts postings by kind");

/* An account under its lock, as it will be written back. */
struct book {
	struct ctx *ctx;
	struct account_row account;
	bool is_new;
};

static struct account_row account_fresh(struct arena *arena, const struct account_lock_in *in)
{
	struct str zero_tag = {arena_alloc(arena, SHA256_LEN), SHA256_LEN};
	return (struct account_row){.organisation_id = in->organisation_id,
				    .card_id = in->card_id,
				    .unit = in->unit,
				    .last_tag = zero_tag};
}

static enum err book_lock(struct ctx *ctx, const struct uuid *card, enum unit unit,
			  struct book *book_r)
{
	struct account_lock_in in = {ctx_organisation(ctx), *card, unit};
	*book_r = (struct book){.ctx = ctx};
	enum err err = sql_account_lock(ctx->db, ctx->arena, &in, &book_r->account);
	if (err == ERR_NOT_FOUND) {
		book_r->account = account_fresh(ctx->arena, &in);
		book_r->is_new = true;
		err = ERR_OK;
	}
	return err;
}

/* Time moves on, never back: an entry is not posted before its predecessor. */
static struct moment posting_time(const struct book *book)
{
	struct moment now = ctx_now(book->ctx);
	if (now.ms < book->account.last_posted_at.ms)
		now = book->account.last_posted_at;
	return now;
}

/* Brings the running figures to this moment. */
static enum err book_refresh(struct book *book)
{
	struct account_row *account = &book->account;
	struct ctx *ctx = book->ctx;
	struct moment now = ctx_now(ctx);
	if (account->next_change_at.ms == 0 || now.ms < account->next_change_at.ms)
		return ERR_OK;
	struct lot_figures_in in = {
		now, now, now, now, account->organisation_id, account->card_id, account->unit};
	struct lot_figures_row figures;
	enum err err = sql_lot_figures(ctx->db, ctx->arena, &in, &figures);
	if (err != ERR_OK)
		return err;
	account->available.minor = figures.available.minor - account->debt.minor;
	account->next_change_at = figures.next_change_at;
	return ERR_OK;
}

/* Makes the next entry of the account: sequence, balance after it, seal. The caller inserts it. */
static void book_append(struct book *book, struct entry_row *entry)
{
	struct account_row *account = &book->account;
	account->balance.minor += entry->amount.minor;
	account->last_seq++;
	entry->organisation_id = account->organisation_id;
	entry->account_card_id = account->card_id;
	entry->unit = account->unit;
	entry->seq = account->last_seq;
	entry->id = ctx_uuid(book->ctx);
	entry->balance_after = account->balance;
	entry->posted_at = posting_time(book);
	entry->journal_id = journal_id(book->ctx);
	chain_seal_entry(book->ctx->arena, keyring_signing(book->ctx->ledger_keys),
			 account->last_tag, entry);
	account->last_tag = entry->tag;
	account->last_posted_at = entry->posted_at;
	book->ctx->posted[entry->kind]++;
}

static void book_write(struct book *book, struct batch *batch)
{
	struct account_row *account = &book->account;
	chain_seal_account(book->ctx->arena, keyring_signing(book->ctx->ledger_keys), account);
	if (book->is_new) {
		batch_account_insert(batch, account);
		return;
	}
	struct account_update_in in = {.account = *account,
				       .where_organisation_id = account->organisation_id,
				       .where_card_id = account->card_id,
				       .where_unit = account->unit};
	batch_account_update(batch, &in);
}

/* A lot that never burns: what is left of the amount when the debt is paid. */
static struct lot_row opening_lot(const struct entry_row *entry, struct amount left)
{
	return (struct lot_row){.organisation_id = entry->organisation_id,
				.card_id = entry->account_card_id,
				.unit = entry->unit,
				.id = entry->id,
				.is_open = left.minor > 0 ? LOT_OPEN : LOT_CLOSED,
				.amount = entry->amount,
				.remaining = left,
				.active_from = entry->active_from,
				.burn_at = {BURN_NEVER},
				.entry_id = entry->id,
				.business_at = entry->business_at,
				.posted_at = entry->posted_at};
}

static void account_receive(struct account_row *account, const struct entry_row *entry,
			    struct amount *left_r)
{
	int64_t paid = entry->amount.minor < account->debt.minor ? entry->amount.minor
								 : account->debt.minor;
	account->debt.minor -= paid;
	account->available.minor += entry->amount.minor;
	account->received.minor += entry->amount.minor;
	left_r->minor = entry->amount.minor - paid;
}

static void card_activity(struct book *book, const struct entry_row *entry)
{
	book->account.last_transaction_at = entry->business_at;
	book->account.last_transaction_id = entry->id;
}

/* A card's first entry is the first of its account, or one on its master's. */
static void put_posted(struct batch *batch, const struct book *book, const struct entry_row *entry)
{
	struct card_posted_in in = {entry->organisation_id, entry->card_id};
	if (entry->seq == 1 || !uuid_eq(&entry->card_id, &book->account.card_id))
		batch_card_posted(batch, &in);
}

static struct entry_row opening_entry(const struct ctx *ctx, const struct uuid *card,
				      struct amount amount)
{
	struct moment now = ctx_now(ctx);
	return (struct entry_row){.kind = ENTRY_OPENING,
				  .amount = amount,
				  .business_at = now,
				  .active_from = now,
				  .card_id = *card,
				  .author = ctx->principal.subject};
}

static void put_opening(struct book *book, struct batch *batch, struct entry_row *entry)
{
	struct amount left;
	book_append(book, entry);
	account_receive(&book->account, entry, &left);
	card_activity(book, entry);
	struct lot_row lot = opening_lot(entry, left);
	batch_entry_insert(batch, entry);
	batch_lot_insert(batch, &lot);
	book_write(book, batch);
}

enum err ledger_open_balance(struct ctx *ctx, const struct uuid *account_card,
			     const struct uuid *card, enum unit unit, struct amount amount)
{
	struct book book;
	enum err err = book_lock(ctx, account_card, unit, &book);
	if (err == ERR_OK)
		err = book_refresh(&book);
	if (err != ERR_OK)
		return err;
	if (book.account.balance.minor > AMOUNT_MINOR_MAX - amount.minor)
		return ctx_fail(ctx, ERR_CONFLICT, "balance", REASON_BALANCE_RANGE);
	struct entry_row entry = opening_entry(ctx, card, amount);
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	put_opening(&book, &batch, &entry);
	put_posted(&batch, &book, &entry);
	return batch_run(&batch);
}

void ledger_open_into(struct ctx *ctx, struct batch *batch, const struct uuid *card, enum unit unit,
		      struct amount amount)
{
	struct account_lock_in in = {ctx_organisation(ctx), *card, unit};
	struct book book = {.ctx = ctx, .account = account_fresh(ctx->arena, &in), .is_new = true};
	struct entry_row entry = opening_entry(ctx, card, amount);
	put_opening(&book, batch, &entry);
}

enum err ledger_has_remainder(struct ctx *ctx, const struct uuid *card, bool *has_r)
{
	struct lot_remainder_in in = {ctx_now(ctx), ctx_organisation(ctx), *card};
	struct lot_remainder_row row;
	enum err err = sql_lot_remainder(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_OK)
		*has_r = row.remainder.minor > 0;
	return err;
}

static enum err account_close(struct ctx *ctx, const struct uuid *card, enum unit unit)
{
	struct book book;
	enum err err = book_lock(ctx, card, unit, &book);
	if (err != ERR_OK || book.account.balance.minor == 0)
		return err;
	struct entry_row entry = {.kind = ENTRY_ADJUST,
				  .amount = {-book.account.balance.minor},
				  .business_at = ctx_now(ctx),
				  .card_id = *card,
				  .author = ctx->principal.subject,
				  .description = STR("card deleted")};
	book_append(&book, &entry);
	book.account.available.minor = 0;
	book.account.debt.minor = 0;
	book.account.next_change_at.ms = 0;
	struct lot_close_all_in lots = {entry.organisation_id, *card, unit};
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	batch_entry_insert(&batch, &entry);
	batch_lot_close_all(&batch, &lots);
	book_write(&book, &batch);
	return batch_run(&batch);
}

enum err ledger_close_accounts(struct ctx *ctx, const struct uuid *card)
{
	enum err err = account_close(ctx, card, UNIT_POINTS);
	return err == ERR_OK ? account_close(ctx, card, UNIT_MONEY) : err;
}
