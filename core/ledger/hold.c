/* Holds: points set aside until they are captured, voided or their time is over. */
#include <assert.h>

#include "db.h"
#include "mutation.h"
#include "posting.h"
#include "refund.h"
#include "stmt_gen.h"
#include "uuid.h"

#define SECOND_MS 1000

/* A hold that is being resolved. */
struct resolution {
	struct ctx *ctx;
	struct book book;
	struct hold_row hold;
	struct list parts; /* allocation_row of the hold */
	struct list lots;  /* lot_row that they are of */
	bool found;
	struct uuid burn_id;
	int64_t position, burnt;
};

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

struct placing {
	struct ctx *ctx;
	const struct hold_in *in;
	struct book book;
	struct list known;
};

static enum err ask_place(struct placing *placing)
{
	const struct hold_in *in = placing->in;
	struct ctx *ctx = placing->ctx;
	struct hold_of_document_in document = {ctx_organisation(ctx), in->card_id, in->doc_id};
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	mutation_open(ctx, &batch);
	book_ask(&placing->book, ctx, &batch, BOOK_OF_CARD, &in->card_id, UNIT_POINTS, true);
	if (in->doc_id.len > 0)
		batch_hold_of_document(&batch, &document, &placing->known);
	enum err err = mutation_ask(ctx, &batch);
	if (err == ERR_OK)
		err = book_answered(&placing->book, UNIT_POINTS);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, "card_id", REASON_NO_SUCH) : err;
}

static struct hold_row hold_make(const struct placing *placing)
{
	const struct hold_in *in = placing->in;
	struct moment now = ctx_now(placing->ctx);
	int64_t timeout_s = SENT(in, struct hold_in, timeout_s) ? in->timeout_s : HOLD_TIMEOUT_S;
	return (struct hold_row){.organisation_id = ctx_organisation(placing->ctx),
				 .id = ctx_uuid(placing->ctx),
				 .account_card_id = *book_account(&placing->book),
				 .unit = UNIT_POINTS,
				 .card_id = in->card_id,
				 .amount = in->sum,
				 .state = HOLD_OPEN,
				 .placed_at = now,
				 .until_at = {now.ms + timeout_s * SECOND_MS},
				 .doc_id = in->doc_id,
				 .author = placing->ctx->principal.subject};
}

static enum err place(struct placing *placing, struct id_out *out)
{
	struct book *book = &placing->book;
	struct amount sum = placing->in->sum;
	int64_t position = 0;
	enum err err = book_refresh(book);
	if (err == ERR_OK && book->account.available.minor < sum.minor)
		return ctx_fail(placing->ctx, ERR_INSUFFICIENT, "sum", REASON_NOT_ENOUGH);
	if (err == ERR_OK)
		err = book_need(book, sum);
	if (err != ERR_OK)
		return err;
	struct hold_row hold = hold_make(placing);
	book_eat(book, &hold.id, &position, sum.minor, true);
	book_changes_at(book, hold.until_at);
	batch_hold_insert(book->batch, &hold);
	out->id = hold.id;
	return book_close(book);
}

static enum err hold_add(struct ctx *ctx, const struct hold_in *in, struct id_out *out)
{
	struct placing placing = {.ctx = ctx, .in = in};
	enum err err = ask_place(&placing);
	if (err == ERR_OK && placing.known.n > 0) {
		const struct hold_row *known = placing.known.rows;
		out->id = known->id;
		return rule_document(ctx, known->amount.minor == in->sum.minor);
	}
	if (err == ERR_OK)
		err = rule_card(&placing.book, true, "card_id");
	return err == ERR_OK ? place(&placing, out) : err;
}
OPERATION(hold_add, struct hold_in, struct id_out, .mutates = true, .joins = true);

static enum err ask_resolve(struct resolution *resolution, const struct uuid *id)
{
	struct ctx *ctx = resolution->ctx;
	int64_t org = ctx_organisation(ctx);
	struct hold_get_in hold = {org, *id};
	struct allocation_of_hold_in parts = {org, org, *id, *id};
	struct lot_of_hold_in lots = {org, org, *id, *id};
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	mutation_open(ctx, &batch);
	book_ask(&resolution->book, ctx, &batch, BOOK_OF_HOLD, id, UNIT_POINTS, false);
	batch_hold_get(&batch, &hold, &resolution->hold, &resolution->found);
	batch_allocation_of_hold(&batch, &parts, &resolution->parts);
	batch_lot_of_hold(&batch, &lots, &resolution->lots);
	enum err err = mutation_ask(ctx, &batch);
	if (err == ERR_OK)
		err = resolution->found
			      ? book_answered(&resolution->book, (enum unit)resolution->hold.unit)
			      : ERR_NOT_FOUND;
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, "id", REASON_NO_SUCH) : err;
}

/* Parts and lots of a hold whose account is locked already. */
static enum err load_parts(struct resolution *resolution)
{
	struct ctx *ctx = resolution->ctx;
	const struct hold_row *hold = &resolution->hold;
	struct allocation_of_owner_in parts = {hold->organisation_id, hold->account_card_id,
					       hold->unit, hold->id};
	struct lot_of_owner_in lots = {hold->organisation_id, hold->account_card_id, hold->unit,
				       hold->id};
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	batch_allocation_of_owner(&batch, &parts, &resolution->parts);
	batch_lot_of_owner(&batch, &lots, &resolution->lots);
	return batch_run(&batch);
}

/* A replacement may have moved it while this request waited for the lock: to go on from here to the
 * other card would be against the order in which all lock cards and accounts. */
static enum err stayed(const struct resolution *resolution)
{
	bool same = uuid_eq(book_account(&resolution->book), &resolution->hold.account_card_id);
	return same ? ERR_OK : db_again(resolution->ctx->db);
}

static enum err may_resolve(const struct resolution *resolution)
{
	static const enum reason reasons[] = {[HOLD_CAPTURED] = REASON_HOLD_CAPTURED,
					      [HOLD_VOIDED] = REASON_HOLD_VOIDED,
					      [HOLD_EXPIRED] = REASON_HOLD_EXPIRED};
	const struct hold_row *hold = &resolution->hold;
	struct ctx *ctx = resolution->ctx;
	if (hold->state != HOLD_OPEN)
		return ctx_fail(ctx, ERR_CONFLICT, "id", reasons[hold->state]);
	if (hold->until_at.ms <= ctx_now(ctx).ms)
		return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_HOLD_EXPIRED);
	return ERR_OK;
}

static enum err open_resolution(struct resolution *resolution, const struct uuid *id)
{
	enum err err = ask_resolve(resolution, id);
	if (err == ERR_OK)
		err = stayed(resolution);
	if (err == ERR_OK)
		err = may_resolve(resolution);
	if (err == ERR_OK)
		err = refund_may(&resolution->book, &resolution->hold.card_id);
	return err;
}

static const struct lot_row *lot_of_part(const struct resolution *resolution,
					 const struct allocation_row *part)
{
	const struct lot_row *lot = resolution->lots.rows;
	for (size_t i = 0; i < resolution->lots.n; i++)
		if (uuid_eq(&lot[i].id, &part->lot_id))
			return &lot[i];
	return NULL;
}

/* The held part leaves the hold: `back` of it to what remains of its lot, where it burns when the
 * lot has ended. */
static void part_resolve(struct resolution *resolution, const struct uuid *owner,
			 const struct allocation_row *part, int64_t back)
{
	struct book *book = &resolution->book;
	const struct lot_row *row = lot_of_part(resolution, part);
	assert(row);
	struct book_lot *lot = book_lot_known(book, row);
	book_move(book, owner, resolution->position++, lot, -back, -part->held.minor);
	if (back > 0 && book_lot_ended(book, &lot->row)) {
		book_move(book, &resolution->burn_id, resolution->position++, lot, back, 0);
		resolution->burnt += back;
	}
}

/* What came back ended burns in the same transaction, as one entry. */
static void post_burn(struct resolution *resolution, struct moment at)
{
	struct entry_row burn = {.id = resolution->burn_id,
				 .kind = ENTRY_BURN,
				 .amount = {-resolution->burnt},
				 .business_at = at,
				 .card_id = resolution->hold.card_id,
				 .author = resolution->ctx->principal.subject};
	if (resolution->burnt > 0)
		book_entry(&resolution->book, &burn);
}

static void put_close(struct resolution *resolution, enum hold_state state, int64_t captured,
		      struct moment at, const struct uuid *by)
{
	const struct hold_row *hold = &resolution->hold;
	struct hold_close_in in = {state, {captured}, at, *by, hold->organisation_id, hold->id};
	batch_hold_close(resolution->book.batch, &in);
}

static void release(struct resolution *resolution, enum hold_state state, struct moment at)
{
	const struct allocation_row *part = resolution->parts.rows;
	struct uuid owner = ctx_uuid(resolution->ctx);
	resolution->burn_id = ctx_uuid(resolution->ctx);
	for (size_t i = 0; i < resolution->parts.n; i++)
		part_resolve(resolution, &owner, &part[i], part[i].held.minor);
	post_burn(resolution, at);
	put_close(resolution, state, 0, at, &owner);
}

enum err hold_release(struct book *book, const struct hold_row *hold, enum hold_state state,
		      struct moment at)
{
	struct resolution resolution = {.ctx = book->ctx, .book = *book, .hold = *hold};
	enum err err = load_parts(&resolution);
	if (err == ERR_OK)
		release(&resolution, state, at);
	*book = resolution.book;
	return err;
}

static void capture_parts(struct resolution *resolution, const struct uuid *owner, int64_t sum)
{
	const struct allocation_row *part = resolution->parts.rows;
	for (size_t i = 0; i < resolution->parts.n; i++) {
		int64_t captured = least(sum, part[i].held.minor);
		part_resolve(resolution, owner, &part[i], part[i].held.minor - captured);
		sum -= captured;
	}
}

static struct entry_row capture_entry(const struct resolution *resolution, int64_t sum)
{
	const struct hold_row *hold = &resolution->hold;
	return (struct entry_row){.id = ctx_uuid(resolution->ctx),
				  .kind = ENTRY_SPEND,
				  .amount = {-sum},
				  .business_at = ctx_now(resolution->ctx),
				  .card_id = hold->card_id,
				  .author = resolution->ctx->principal.subject,
				  .doc_id = hold->doc_id};
}

static enum err hold_capture(struct ctx *ctx, const struct capture_in *in, struct id_out *out)
{
	struct resolution resolution = {.ctx = ctx};
	struct book *book = &resolution.book;
	enum err err = open_resolution(&resolution, &in->id);
	if (err != ERR_OK)
		return err;
	int64_t most = resolution.hold.amount.minor;
	int64_t sum = SENT(in, struct capture_in, sum) ? in->sum.minor : most;
	if (sum > most)
		return ctx_fail(ctx, ERR_CONFLICT, "sum", REASON_CAPTURE_TOO_MUCH);
	err = book_dates_of(book, &resolution.hold.card_id);
	if (err == ERR_OK)
		err = book_refresh_erased(book);
	if (err != ERR_OK)
		return err;
	struct entry_row entry = capture_entry(&resolution, sum);
	resolution.burn_id = ctx_uuid(ctx);
	book_entry(book, &entry);
	capture_parts(&resolution, &entry.id, sum);
	post_burn(&resolution, entry.business_at);
	put_close(&resolution, HOLD_CAPTURED, sum, entry.business_at, &entry.id);
	book_date(book, &entry, BOOK_TRANSACTION | BOOK_SALE | BOOK_ACTIVE);
	out->id = entry.id;
	return book_close(book);
}
OPERATION(hold_capture, struct capture_in, struct id_out, .mutates = true, .joins = true);

static enum err hold_void(struct ctx *ctx, const struct id_in *in, struct nothing *out)
{
	struct resolution resolution = {.ctx = ctx};
	(void)out;
	enum err err = open_resolution(&resolution, &in->id);
	if (err != ERR_OK)
		return err;
	release(&resolution, HOLD_VOIDED, ctx_now(ctx));
	return book_close(&resolution.book);
}
OPERATION(hold_void, struct id_in, struct nothing, .mutates = true, .joins = true);
