/* What a book writes: its activity dates, lots and accounts, into the packet. */
#include "book.h"

#include "chain.h"
#include "keyring.h"
#include "stmt_gen.h"
#include "uuid.h"

static void date_row(struct account_row *row, const struct entry_row *entry, unsigned activity)
{
	if (activity & BOOK_TRANSACTION) {
		row->last_transaction_at = entry->business_at;
		row->last_transaction_id = entry->id;
	}
	if (activity & BOOK_SALE) {
		row->last_activity_at = entry->business_at;
		if (row->first_check_at.ms == 0)
			row->first_check_at = entry->business_at;
	}
}

void book_date(struct book *book, const struct entry_row *entry, unsigned activity)
{
	struct moment *active = &book->account.activity_at;
	if ((activity & BOOK_ACTIVE || entry->seq == 1) && active->ms < entry->business_at.ms)
		*active = entry->business_at;
	date_row(book->has_dates ? &book->dates : &book->account, entry, activity);
}

static void put_account(struct book *book, struct account_row *row, bool is_new)
{
	chain_seal_account(book->ctx->arena, keyring_signing(book->ctx->ledger_keys), row);
	if (is_new) {
		batch_account_insert(book->batch, row);
		return;
	}
	struct account_update_in in = {.account = *row,
				       .where_organisation_id = row->organisation_id,
				       .where_card_id = row->card_id,
				       .where_unit = row->unit};
	batch_account_update(book->batch, &in);
}

static void put_lot(struct book *book, const struct book_lot *lot)
{
	const struct lot_row *row = &lot->row;
	struct lot_update_in in = {row->is_open,         row->remaining, row->held, row->returned,
				   row->organisation_id, row->card_id,   row->unit, row->id};
	if (lot->is_new)
		batch_lot_insert(book->batch, row);
	else if (lot->changed)
		batch_lot_update(book->batch, &in);
}

void book_put(struct book *book)
{
	struct card_posted_in posted = {book->account.organisation_id, book->card.id};
	for (size_t i = 0; i < book->lots_n; i++)
		put_lot(book, &book->lots[i]);
	put_account(book, &book->account, book->is_new);
	if (book->has_dates)
		put_account(book, &book->dates, book->dates_are_new);
	if (!book->card.posted)
		batch_card_posted(book->batch, &posted);
	/* a master's account that its follower opens makes the master no free card */
	if (book->is_new && !uuid_eq(&posted.id, &book->account.card_id)) {
		posted.id = book->account.card_id;
		batch_card_posted(book->batch, &posted);
	}
}
