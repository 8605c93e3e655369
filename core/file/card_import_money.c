/* Balances of cards that are there: the difference to the record's is posted. */
#include "batch.h"
#include "card.h"
#include "card_import_priv.h"
#include "money.h"
#include "mutation.h"

static bool asked(const struct import_work *work, enum unit unit)
{
	return work->differs & (unit == UNIT_POINTS ? DIFFERS_POINTS : DIFFERS_BALANCE);
}

static struct amount target(const struct import_work *work, enum unit unit)
{
	const struct card_record *record = &work->item->record;
	const struct amount points = {record->points * 100};

	return unit == UNIT_POINTS ? points : record->balance;
}

/* Parts of a point are not in the file, and stay when the whole ones are the record's. */
static bool is_printed(const struct book *book, enum unit unit, struct amount wanted)
{
	int64_t now = book->account.available.minor;

	now = now > 0 ? now : 0;
	return unit == UNIT_POINTS ? now / 100 == wanted.minor / 100 : now == wanted.minor;
}

static enum err adjust(struct book *book, const struct import_work *work, enum unit unit)
{
	struct ctx *ctx = book->ctx;
	struct amount wanted = target(work, unit), before;
	struct entry_row entry = {.id = ctx_uuid(ctx),
				  .business_at = ctx_now(ctx),
				  .card_id = work->before.id,
				  .author = ctx->principal.subject,
				  .description = STR("card file")};
	enum err err = book_answered(book, unit);

	if (err == ERR_OK)
		err = book_refresh(book);
	if (err != ERR_OK || is_printed(book, unit, wanted))
		return err;
	before = book->account.balance;
	err = book_adjust(book, &entry, wanted, unit == UNIT_POINTS ? "points" : "balance");
	if (err != ERR_OK || entry.amount.minor == 0)
		return err;
	journal_amount(ctx, card_note_name(ctx, &work->before.id),
		       unit == UNIT_POINTS ? "points" : "money", before, book->account.balance);
	book_put(book);
	return ERR_OK;
}

/* One unit at a time: the books of both share the row of the card's dates. */
static enum err adjust_unit(struct ctx *ctx, struct import_work **changed, size_t n, enum unit unit)
{
	struct book *books = arena_array(ctx->arena, struct book, n);
	struct batch ask, put;
	enum err err = ERR_OK;

	batch_init(&ask, ctx->db, ctx->arena);
	batch_init(&put, ctx->db, ctx->arena);
	for (size_t i = 0; i < n; i++) {
		if (!asked(changed[i], unit))
			continue;
		book_ask(&books[i], ctx, &ask, BOOK_OWN, &changed[i]->before.id, unit, true);
		books[i].batch = &put;
	}
	if (ask.n == 0)
		return ERR_OK;
	batch_gather(&put);
	err = batch_run(&ask);
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		if (asked(changed[i], unit))
			err = adjust(&books[i], changed[i], unit);
	}
	return err == ERR_OK ? batch_run(&put) : err;
}

enum err import_balances(struct ctx *ctx, struct import_work **changed, size_t n)
{
	enum err err = adjust_unit(ctx, changed, n, UNIT_POINTS);

	return err == ERR_OK ? adjust_unit(ctx, changed, n, UNIT_MONEY) : err;
}
