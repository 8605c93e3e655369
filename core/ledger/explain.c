/* All that adds up to a balance, at a moment of posting. */
#include "statement.h"

#include "batch.h"
#include "db.h"
#include "statement_read.h"
#include "stmt_gen.h"
#include "uuid.h"

/* What is asked for. */
struct question {
	struct uuid account;
	struct moment at;
	struct moment since; /* what was posted later is left out; ALWAYS for now and what comes */
	struct moment erased_at;
};

/* The card whose account was in force for the card at the moment. */
static enum err find_account(struct ctx *ctx, const struct uuid *card_id, struct question *question)
{
	struct statement_card_row card;
	struct explain_master_in in = {ctx_organisation(ctx), *card_id, question->since};
	struct explain_master_row master;
	enum err err = statement_open(ctx, card_id, &card);
	if (err != ERR_OK)
		return err;
	err = sql_explain_master(ctx->db, ctx->arena, &in, &master);
	if (err == ERR_OK)
		card.master_id = master.master_id;
	question->account = uuid_is_unset(&card.master_id) ? *card_id : card.master_id;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* The last activity that the account knew of then: its own, or a card's whose place it took. */
static enum err find_activity(struct ctx *ctx, const struct question *question,
			      struct moment inherited, struct moment *activity_r)
{
	struct explain_activity_in in = {ctx_organisation(ctx), question->account, question->since};
	struct explain_activity_row row;
	enum err err = sql_explain_activity(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_OK)
		*activity_r = row.activity_at.ms > inherited.ms ? row.activity_at : inherited;
	return err;
}

static enum err find_erasure(struct ctx *ctx, struct question *question)
{
	struct explain_account_in in = {ctx_organisation(ctx), question->account};
	struct explain_account_row account = {.erase_days = 0};
	enum err err = sql_explain_account(ctx->db, ctx->arena, &in, &account);
	if (err != ERR_OK && err != ERR_NOT_FOUND)
		return err;
	err = ERR_OK;
	if (account.erase_days != 0 && question->since.ms != STATEMENT_ALWAYS)
		err = find_activity(ctx, question, account.inherited_at, &account.activity_at);
	question->erased_at =
		ledger_erased_at(ctx, account.erase_days, account.activity_at, question->at);
	return err;
}

static struct list holds_of(struct ctx *ctx, const struct list *rows)
{
	struct statement_hold *holds = arena_array(ctx->arena, struct statement_hold, rows->n + 1);
	const struct explain_holds_row *row = rows->rows;
	for (size_t i = 0; i < rows->n; i++)
		holds[i] = (struct statement_hold){row[i].id, row[i].amount, row[i].until_at};
	return (struct list){holds, rows->n};
}

/* Newest first, as they are read, to oldest first. */
static void turn(struct list *entries)
{
	struct statement_entry *entry = entries->rows;
	for (size_t i = 0; i < entries->n / 2; i++) {
		struct statement_entry other = entry[entries->n - 1 - i];
		entry[entries->n - 1 - i] = entry[i];
		entry[i] = other;
	}
}

struct figures {
	struct explain_figures_row lots;
	struct explain_debt_row debt;
	struct list lot_rows, hold_rows, entry_rows;
};

/* Of one moment of the database, so that the parts fit together. */
static enum err read_all(struct ctx *ctx, const struct question *q, struct figures *figures)
{
	int64_t org = ctx_organisation(ctx);
	struct explain_figures_in lots = {q->at, q->erased_at, org, q->account, q->since};
	struct explain_debt_in debt = {q->since, org, q->account};
	struct explain_lots_in lot_list = {org,   q->account,   q->since,
					   q->at, q->erased_at, STATEMENT_ROWS_MAX};
	struct explain_holds_in holds = {org, q->account, q->since, q->at, STATEMENT_ROWS_MAX};
	struct statement_entries_in entries = {org, q->account, q->since, STATEMENT_ROWS_MAX};
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	batch_snapshot(&batch);
	batch_explain_figures(&batch, &lots, &figures->lots, NULL);
	batch_explain_debt(&batch, &debt, &figures->debt, NULL);
	batch_explain_lots(&batch, &lot_list, &figures->lot_rows);
	batch_explain_holds(&batch, &holds, &figures->hold_rows);
	batch_statement_entries(&batch, &entries, &figures->entry_rows);
	return batch_run(&batch);
}

static enum err balance_explain(struct ctx *ctx, const struct explain_in *in,
				struct explain_out *out)
{
	struct moment now = ctx_now(ctx);
	struct question question = {.at = in->at.ms != 0 ? in->at : now};
	struct figures figures = {.debt = {{0}}};
	question.since.ms = question.at.ms < now.ms ? question.at.ms : STATEMENT_ALWAYS;
	enum err err = find_account(ctx, &in->id, &question);
	if (err == ERR_OK)
		err = find_erasure(ctx, &question);
	if (err == ERR_OK)
		err = read_all(ctx, &question, &figures);
	if (err != ERR_OK)
		return err;
	out->at = question.at;
	out->available.minor = figures.lots.available.minor - figures.debt.debt.minor;
	out->held = figures.lots.held;
	out->pending = figures.lots.pending;
	out->debt = figures.debt.debt;
	out->lots = statement_lots_of(ctx, &figures.lot_rows);
	out->holds = holds_of(ctx, &figures.hold_rows);
	out->entries = statement_entries_of(ctx, &figures.entry_rows);
	turn(&out->entries);
	return ERR_OK;
}
OPERATION(balance_explain, struct explain_in, struct explain_out, .mutates = false);
