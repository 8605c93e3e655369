#include "generate.h"

#include "arena.h"
#include "batch.h"
#include "count.h"
#include "db.h"
#include "mutation.h"
#include "numbers.h"
#include "serial.h"
#include "stmt_gen.h"
#include "uuid.h"

#define CARDS_AT_ONCE 1000

struct run {
	struct ctx *ctx;
	const struct card_series_row *series;
	struct card_label label;
	const struct str *numbers;
};

static enum err check(struct ctx *ctx, const struct generate_in *in, struct card_label *label_r)
{
	if (in->count < 1)
		return ctx_fail(ctx, ERR_INVALID, "count", REASON_COUNT_LOW);
	if (in->count > GENERATE_MOST)
		return ctx_fail(ctx, ERR_INVALID, "count", REASON_COUNT_HIGH);
	if (in->label.len == 0)
		return card_label_default(ctx, CARD_NOT_ISSUED, label_r);
	enum err err = card_label_find(ctx, in->label, "label", label_r);
	if (err == ERR_OK && label_r->status != CARD_NOT_ISSUED)
		return ctx_fail(ctx, ERR_INVALID, "label", REASON_LABEL_STATUS);
	return err;
}

/* Under its lock one generation of a series follows the other. */
static enum err series_open(struct ctx *ctx, int64_t serial, struct card_series_row *series_r)
{
	struct card_series_lock_in in = {ctx_organisation(ctx), serial};
	enum err err = sql_card_series_lock(ctx->db, ctx->arena, &in, series_r);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, "series_serial", REASON_SERIES_UNKNOWN);
	enum reason reason = err != ERR_OK                   ? REASON_NONE
			     : !series_r->active             ? REASON_SERIES_UNKNOWN
			     : !series_r->generation_enabled ? REASON_SERIES_NO_GENERATION
			     : series_r->number_length == 0  ? REASON_SERIES_NO_NUMBERS
							     : REASON_NONE;
	return reason ? ctx_fail(ctx, ERR_CONFLICT, "series_serial", reason) : err;
}

static struct card_row card_of(const struct run *run, struct str number)
{
	struct ctx *ctx = run->ctx;
	return (struct card_row){
		.organisation_id = ctx_organisation(ctx),
		.id = ctx_uuid(ctx),
		.serial = serial_take(ctx, SERIAL_CARD),
		.live = 1,
		.barcode = number,
		.code = number,
		.series_id = run->series->id,
		.label_id = run->label.id,
		.created_at = ctx_now(ctx),
	};
}

/* Somebody else took a number between the draw and this: all is drawn again. */
static enum err put_cards(const struct run *run, size_t from, size_t to)
{
	struct ctx *ctx = run->ctx;
	size_t mark = arena_mark(ctx->arena);
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	batch_gather(&batch);
	for (size_t i = from; i < to; i++) {
		struct card_row card = card_of(run, run->numbers[i]);
		card_store_into(ctx, &batch, NULL, &card);
	}
	enum err err = batch_run(&batch);
	arena_reset(ctx->arena, mark);
	return err == ERR_TAKEN ? db_again(ctx->db) : err;
}

static enum err put_all(const struct run *run, size_t n)
{
	struct ctx *ctx = run->ctx;
	struct counts counts = {.n = 0};
	struct batch batch;
	enum err err = ERR_OK;
	ctx->counts = &counts;
	for (size_t i = 0; err == ERR_OK && i < n; i += CARDS_AT_ONCE)
		err = put_cards(run, i, n - i < CARDS_AT_ONCE ? n : i + CARDS_AT_ONCE);
	batch_init(&batch, ctx->db, ctx->arena);
	if (err == ERR_OK) {
		counts_put(ctx, &batch);
		err = batch_run(&batch);
	}
	ctx->counts = NULL;
	return err;
}

static enum err card_generate(struct ctx *ctx, const struct generate_in *in,
			      struct generate_out *out)
{
	struct card_series_row series;
	struct run run = {.ctx = ctx, .series = &series};
	enum err err = check(ctx, in, &run.label);
	if (err == ERR_OK)
		err = series_open(ctx, in->series_serial, &series);
	if (err == ERR_OK)
		err = numbers_draw(ctx, &series, in->count, &out->numbers);
	if (err != ERR_OK)
		return err;
	run.numbers = out->numbers.rows;
	journal_object(ctx, &series.id);
	journal_amount(ctx, "card_series", "generated", (struct amount){0},
		       (struct amount){in->count * 100});
	return put_all(&run, out->numbers.n);
}

static int64_t cards_wanted(const void *in)
{
	int64_t count = ((const struct generate_in *)in)->count;
	return count < 1 || count > GENERATE_MOST ? 1 : count;
}
OPERATION(card_generate, struct generate_in, struct generate_out, .mutates = true,
	  .serials = SERIAL_BIT(SERIAL_CARD), .serials_most = cards_wanted);
