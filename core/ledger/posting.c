/* Points on and points off. */
#include "posting.h"

#include "db.h"
#include "money.h"
#include "mutation.h"
#include "rule.h"
#include "settings.h"
#include "stmt_gen.h"
#include "uuid.h"
#include "zone.h"

struct posting {
	struct ctx *ctx;
	const struct posting_in *in;
	struct id_out *out;
	struct book book;
	struct entry_row entry;
	struct activity_count_row activity;
	bool has_limit;
};

static struct moment business_time(const struct posting *posting)
{
	return posting->in->time.ms ? posting->in->time : ctx_now(posting->ctx);
}

static int64_t days_or(int64_t days, int64_t default_days)
{
	return days ? days : default_days;
}

static struct entry_row entry_make(const struct posting *posting)
{
	const struct posting_in *in = posting->in;
	const struct settings *settings = posting->ctx->settings;
	struct moment time = business_time(posting);
	bool on = in->type == POSTING_ON;
	struct moment from = in->activation_base.ms ? in->activation_base : time;
	struct moment to = in->invalidate_base.ms ? in->invalidate_base : time;
	struct entry_row entry = {.id = ctx_uuid(posting->ctx),
				  .kind = on ? ENTRY_ACCRUAL : ENTRY_SPEND,
				  .amount = {on ? in->sum.minor : -in->sum.minor},
				  .business_at = time,
				  .card_id = in->card_id,
				  .author = in->author,
				  .description = in->description,
				  .doc_id = in->doc_id,
				  .doc_type = in->doc_type,
				  .kkm_id = in->kkm_id,
				  .shop_id = in->shop_id,
				  .discount_id = in->discount_id,
				  .counted = in->check_activity_counter};
	if (!SENT(in, struct posting_in, author))
		entry.author = posting->ctx->principal.subject;
	if (on) {
		entry.active_from = period_end(
			posting->ctx,
			days_or(in->activation_period_days, settings->activation_period_days),
			from);
		entry.active_to = period_end(
			posting->ctx,
			days_or(in->invalidate_period_days, settings->invalidate_period_days), to);
	}
	return entry;
}

static void ask_limit(struct posting *posting, struct batch *batch)
{
	struct activity_count_in in = {.organisation_id = ctx_organisation(posting->ctx),
				       .id = posting->in->card_id};
	struct moment *from[] = {NULL,           &in.day_from,     &in.week_from,
				 &in.month_from, &in.quarter_from, &in.year_from};
	struct moment *to[] = {NULL,         &in.day_to,     &in.week_to,
			       &in.month_to, &in.quarter_to, &in.year_to};
	for (enum calendar c = CALENDAR_DAY; c <= CALENDAR_YEAR; c++)
		zone_period(posting->ctx->settings->timezone, business_time(posting), c, from[c],
			    to[c]);
	batch_activity_count(batch, &in, &posting->activity, &posting->has_limit);
}

/* One packet: whoever has the key, the card and its books under lock, what the document did. */
static enum err ask(struct posting *posting)
{
	const struct posting_in *in = posting->in;
	struct ctx *ctx = posting->ctx;
	struct book_document document = {in->doc_id, in->doc_type};
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	mutation_open(ctx, &batch);
	book_ask_document(&posting->book, ctx, &batch, &in->card_id, UNIT_POINTS,
			  in->type == POSTING_OFF, &document);
	if (in->check_activity_counter)
		ask_limit(posting, &batch);
	enum err err = mutation_ask(ctx, &batch);
	if (err == ERR_OK)
		err = book_answered(&posting->book, UNIT_POINTS);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, "card_id", REASON_NO_SUCH) : err;
}

/* Is it known? Then it has answered: replayed, or refused for another amount. */
static enum err document_check(struct posting *posting)
{
	const struct document_row *known =
		book_document(&posting->book, (enum entry_kind)posting->entry.kind);
	if (!known)
		return ERR_OK;
	posting->out->id = known->id;
	return rule_document(posting->ctx, known->amount.minor == posting->entry.amount.minor);
}

static enum err limit_check(const struct posting *posting)
{
	const struct activity_count_row *activity = &posting->activity;
	if (posting->has_limit && activity->most > 0 && activity->n >= activity->most)
		return ctx_fail(posting->ctx, ERR_CONFLICT, "check_activity_counter",
				REASON_ACTIVITY_LIMIT);
	return ERR_OK;
}

static struct lot_row lot_make(const struct entry_row *entry)
{
	struct moment from = entry->active_from.ms ? entry->active_from : entry->posted_at;
	struct moment never = {BURN_NEVER};
	return (struct lot_row){.organisation_id = entry->organisation_id,
				.card_id = entry->account_card_id,
				.unit = entry->unit,
				.id = entry->id,
				.is_open = LOT_OPEN,
				.amount = entry->amount,
				.remaining = entry->amount,
				.active_from = from,
				.active_to = entry->active_to,
				.burn_at = entry->active_to.ms ? entry->active_to : never,
				.entry_id = entry->id,
				.business_at = entry->business_at,
				.posted_at = entry->posted_at};
}

void book_receive(struct book *book, struct entry_row *entry)
{
	struct account_row *account = &book->account;
	int64_t debt = account->debt.minor, amount = entry->amount.minor;
	int64_t paid = debt < amount ? debt : amount;
	book_entry(book, entry);
	account->received.minor += amount;
	struct lot_row row = lot_make(entry);
	struct book_lot *lot = book_lot_add(book, &row);
	if (book_counts(book, &row))
		account->available.minor += amount;
	book_changes_at(book, row.active_from);
	book_changes_at(book, row.burn_at);
	if (paid > 0) {
		book_move(book, &entry->id, 0, lot, paid, 0);
		book_move(book, &entry->id, 1, NULL, -paid, 0);
	}
}

static enum err may_post(const struct posting *posting)
{
	enum err err = posting->in->type == POSTING_OFF ? rule_card(&posting->book, true, "card_id")
							: rule_receive(&posting->book, "card_id");
	return err == ERR_OK ? limit_check(posting) : err;
}

static enum err transaction_add(struct ctx *ctx, const struct posting_in *in, struct id_out *out)
{
	struct posting posting = {.ctx = ctx, .in = in, .out = out};
	if (business_time(&posting).ms > ctx_now(ctx).ms + POSTING_AHEAD_MAX_MS)
		return ctx_fail(ctx, ERR_INVALID, "time", REASON_OUT_OF_RANGE);
	posting.entry = entry_make(&posting);
	enum err err = ask(&posting);
	if (err == ERR_OK)
		err = document_check(&posting);
	if (err != ERR_OK || ctx->replayed)
		return err;
	err = may_post(&posting);
	if (err == ERR_OK)
		err = in->type == POSTING_ON ? book_put_on(&posting.book, &posting.entry, "sum")
					     : book_take_off(&posting.book, &posting.entry, "sum");
	if (err != ERR_OK)
		return err;
	out->id = posting.entry.id;
	return book_close(&posting.book);
}
OPERATION(transaction_add, struct posting_in, struct id_out, .mutates = true, .joins = true);
