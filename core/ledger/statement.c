#include "statement.h"

#include "batch.h"
#include "posting.h"
#include "statement_read.h"
#include "stmt_gen.h"
#include "uuid.h"

/* What an entry without a description of its own says, where the vendor's API has no kind. */
static const char *const notes[ENTRY_KINDS] = {
	[0] = "",
	[ENTRY_OPENING] = "",
	[ENTRY_ACCRUAL] = "",
	[ENTRY_SPEND] = "",
	[ENTRY_REFUND] = "refund",
	[ENTRY_ACCRUAL_RETURN] = "return of an accrual",
	[ENTRY_BURN] = "burnt",
	[ENTRY_ADJUST] = "correction",
	[ENTRY_TRANSFER_OUT] = "moved to another card",
	[ENTRY_TRANSFER_IN] = "moved from another card",
	[ENTRY_CHARGE] = "",
	[ENTRY_SALE] = "",
	[ENTRY_ROUNDING] = "rounding",
};

static bool is_on(const struct transaction_page_row *row)
{
	return row->amount.minor > 0 || (row->amount.minor == 0 && row->kind == ENTRY_TRANSFER_IN);
}

static struct transaction transaction_of(const struct transaction_page_row *row, int64_t number)
{
	const struct uuid none = {{0}};
	const struct moment unset = {0};
	bool own = uuid_eq(&row->account_card_id, &row->card_id);
	return (struct transaction){
		.row_number = number,
		.id = row->id,
		.card_id = row->card_id,
		.master_id = own ? none : row->account_card_id,
		.time = row->business_at,
		.sum = {row->amount.minor < 0 ? -row->amount.minor : row->amount.minor},
		.type = is_on(row) ? POSTING_ON : POSTING_OFF,
		.author = row->author,
		.description = row->description.len ? row->description : str_of(notes[row->kind]),
		.doc_id = row->doc_id,
		.kkm_id = row->kkm_id,
		.shop_id = row->shop_id,
		.discount_id = row->discount_id,
		.doc_type = row->doc_type,
		.active_from = row->kind == ENTRY_OPENING ? unset : row->active_from,
		.active_to = row->active_to,
	};
}

static struct list transactions_of(struct ctx *ctx, const struct list *rows, int64_t offset)
{
	struct transaction *made = arena_array(ctx->arena, struct transaction, rows->n + 1);
	const struct transaction_page_row *row = rows->rows;
	for (size_t i = 0; i < rows->n; i++)
		made[i] = transaction_of(&row[i], offset + (int64_t)i + 1);
	return (struct list){made, rows->n};
}

/* Rows of the page and, unless they tell it, how many there are in all. */
static void ask_page(struct batch *batch, int64_t organisation_id,
		     const struct transaction_list_in *in, struct page_range range,
		     struct list *rows_r, struct transaction_total_row *total_r)
{
	int64_t from = in->from.ms, to = in->to.ms ? in->to.ms : STATEMENT_ALWAYS;
	struct transaction_page_in page = {organisation_id, in->card_id, {from}, {to},
					   range.limit,     range.offset};
	struct transaction_total_in total = {
		organisation_id, in->card_id, {from}, {to}, PAGE_COUNT_CAP + 1};
	batch_transaction_page(batch, &page, rows_r);
	batch_transaction_total(batch, &total, total_r, NULL);
}

/* All in one packet; what somebody asked for who may not see it is thrown away. */
static enum err transaction_list(struct ctx *ctx, const struct transaction_list_in *in,
				 struct transaction_list_out *out)
{
	struct statement_card_in whose = {ctx_organisation(ctx), in->card_id};
	struct statement_card_row card = {.erase_days = 0};
	struct transaction_total_row total = {.n = 0};
	struct page_range range;
	struct list rows = {0};
	struct batch batch;
	bool found = false;
	enum err err = page_open(ctx, &in->page, &out->page, &range);
	if (err != ERR_OK)
		return err;
	batch_init(&batch, ctx->db, ctx->arena);
	batch_statement_card(&batch, &whose, &card, &found);
	ask_page(&batch, whose.organisation_id, in, range, &rows, &total);
	err = batch_run(&batch);
	if (err == ERR_OK && (!found || !principal_may_see(&ctx->principal, &card.person_id)))
		return ctx_fail(ctx, ERR_NOT_FOUND, "card_id", REASON_NO_SUCH);
	if (err != ERR_OK)
		return err;
	out->transactions = transactions_of(ctx, &rows, range.offset);
	page_close(&out->page, total.n, false);
	return ERR_OK;
}
OPERATION(transaction_list, struct transaction_list_in, struct transaction_list_out,
	  .mutates = false);

struct list statement_lots_of(struct ctx *ctx, const struct list *rows)
{
	struct statement_lot *lots = arena_array(ctx->arena, struct statement_lot, rows->n + 1);
	const struct statement_lot_row *row = rows->rows;
	for (size_t i = 0; i < rows->n; i++)
		lots[i] =
			(struct statement_lot){row[i].business_at, row[i].amount, row[i].remaining,
					       row[i].active_from, row[i].active_to};
	return (struct list){lots, rows->n};
}

struct list statement_entries_of(struct ctx *ctx, const struct list *rows)
{
	struct statement_entry *entries =
		arena_array(ctx->arena, struct statement_entry, rows->n + 1);
	const struct statement_entry_row *row = rows->rows;
	for (size_t i = 0; i < rows->n; i++)
		entries[i] = (struct statement_entry){
			.seq = row[i].seq,
			.date = row[i].business_at,
			.kind = str_of(entry_kind_names[row[i].kind]),
			.sum = row[i].amount,
			.doc_id = row[i].doc_id,
			.balance_after = row[i].balance_after,
		};
	return (struct list){entries, rows->n};
}

enum err statement_open(struct ctx *ctx, const struct uuid *id, struct statement_card_row *card_r)
{
	struct statement_card_in in = {ctx_organisation(ctx), *id};
	enum err err = sql_statement_card(ctx->db, ctx->arena, &in, card_r);
	if (err == ERR_NOT_FOUND ||
	    (err == ERR_OK && !principal_may_see(&ctx->principal, &card_r->person_id)))
		return ctx_fail(ctx, ERR_NOT_FOUND, "id", REASON_NO_SUCH);
	return err;
}

static int64_t last_limit(const struct balance_info_in *in)
{
	bool sent = SENT(in, struct balance_info_in, last_transactions);
	return sent && in->last_transactions < STATEMENT_LAST_MAX ? in->last_transactions
								  : STATEMENT_LAST_MAX;
}

/* Of one moment of the database, so that the parts fit together. */
static enum err balance_read(struct ctx *ctx, const struct uuid *account, struct moment erased_at,
			     int64_t last, struct balance_info_out *out)
{
	int64_t org = ctx_organisation(ctx);
	struct moment now = ctx_now(ctx);
	struct statement_account_in account_in = {org, *account};
	struct account_available_at_in live_in = {org, *account, UNIT_POINTS, now, erased_at};
	struct statement_lots_in lots_in = {org, *account, now, erased_at, STATEMENT_ROWS_MAX};
	struct statement_entries_in entries_in = {org, *account, {STATEMENT_ALWAYS}, last};
	struct statement_account_row figures = {.debt = {0}};
	struct account_available_at_row live = {.available = {0}};
	struct list lots = {0}, entries = {0};
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	batch_snapshot(&batch);
	batch_statement_account(&batch, &account_in, &figures, NULL);
	batch_account_available_at(&batch, &live_in, &live, NULL);
	batch_statement_lots(&batch, &lots_in, &lots);
	batch_statement_entries(&batch, &entries_in, &entries);
	enum err err = batch_run(&batch);
	if (err != ERR_OK)
		return err;
	out->received = figures.received;
	out->available.minor = live.available.minor - figures.debt.minor;
	out->active = statement_lots_of(ctx, &lots);
	out->last = statement_entries_of(ctx, &entries);
	return ERR_OK;
}

static enum err balance_info(struct ctx *ctx, const struct balance_info_in *in,
			     struct balance_info_out *out)
{
	struct statement_card_row card;
	enum err err = statement_open(ctx, &in->id, &card);
	if (err != ERR_OK)
		return err;
	const struct uuid *account = uuid_is_unset(&card.master_id) ? &in->id : &card.master_id;
	struct moment erased_at =
		ledger_erased_at(ctx, card.erase_days, card.activity_at, ctx_now(ctx));
	return balance_read(ctx, account, erased_at, last_limit(in), out);
}
OPERATION(balance_info, struct balance_info_in, struct balance_info_out, .mutates = false);
