#include "money.h"

#include "rule.h"
#include "settings.h"
#include "zone.h"

int64_t book_credit_line(const struct book *book)
{
	const struct posting_card_row *card = &book->card;
	if (book->unit != UNIT_MONEY || card->account_kind == CARD_GIFT)
		return 0;
	if (card->is_credit)
		return card->credit_limit.minor;
	return card->holder_credit ? book->ctx->settings->credit_limit.minor : 0;
}

enum err rule_receive(const struct book *book, const char *member)
{
	const struct posting_card_row *card = &book->card;
	bool gift = card->kind == CARD_GIFT || card->account_kind == CARD_GIFT;
	enum err err = rule_card(book, false, member);
	if (err == ERR_OK && gift && book->unit == UNIT_POINTS)
		return ctx_fail(book->ctx, ERR_CONFLICT, member, REASON_GIFT_POINTS);
	return err;
}

enum err book_put_on(struct book *book, struct entry_row *entry, const char *member)
{
	enum err err = rule_range(book, entry->amount.minor, member);
	if (err == ERR_OK)
		err = book_refresh_erased(book);
	if (err != ERR_OK)
		return err;
	book_receive(book, entry);
	book_date(book, entry, BOOK_TRANSACTION | BOOK_ACTIVE);
	return ERR_OK;
}

/* Entry and lots of what goes off; what the lots do not have is debt. */
static enum err take(struct book *book, struct entry_row *entry)
{
	struct amount amount = {-entry->amount.minor};
	int64_t position = 0;
	enum err err = book_need(book, amount);
	if (err != ERR_OK)
		return err;
	book_entry(book, entry);
	book_eat(book, &entry->id, &position, amount.minor, false);
	return ERR_OK;
}

enum err book_take_off(struct book *book, struct entry_row *entry, const char *member)
{
	enum err err = book_refresh(book);
	if (err == ERR_OK &&
	    book->account.available.minor + book_credit_line(book) < -entry->amount.minor)
		return ctx_fail(book->ctx, ERR_INSUFFICIENT, member, REASON_NOT_ENOUGH);
	if (err == ERR_OK)
		err = take(book, entry);
	if (err == ERR_OK)
		book_date(book, entry, BOOK_TRANSACTION | BOOK_SALE | BOOK_ACTIVE);
	return err;
}

enum err book_adjust(struct book *book, struct entry_row *entry, struct amount target,
		     const char *member)
{
	enum err err = book_refresh(book);
	if (err != ERR_OK)
		return err;
	entry->kind = ENTRY_ADJUST;
	entry->amount.minor = target.minor - book->account.available.minor;
	err = rule_range(book, entry->amount.minor, member);
	if (err != ERR_OK || entry->amount.minor == 0)
		return err;
	if (entry->amount.minor < 0)
		return take(book, entry);
	book_receive(book, entry);
	return ERR_OK;
}

void book_join(struct book *first, struct book *last)
{
	const struct account_row *from = first->has_dates ? &first->dates : &first->account;
	struct account_row *to = last->has_dates ? &last->dates : &last->account;
	to->first_check_at = from->first_check_at;
	to->last_activity_at = from->last_activity_at;
	to->last_transaction_at = from->last_transaction_at;
	to->last_transaction_id = from->last_transaction_id;
	first->has_dates = false;
	first->card.posted = true;
	last->batch = first->batch;
}

struct moment period_end(const struct ctx *ctx, int64_t days, struct moment base)
{
	struct moment none = {0};
	return days > 0 ? zone_day(ctx->settings->timezone, base, days) : none;
}
