#include "rule.h"

#include "mutation.h"
#include "uuid.h"

#define SECOND_MS 1000

static bool shut(bool blocked, struct moment until, bool holder_locked, struct moment now)
{
	return holder_locked || (blocked && until.ms > now.ms);
}

/* Whole seconds, both ends valid: the last one is usable to its end. */
static bool is_valid(const struct posting_card_row *card, struct moment now)
{
	return (card->valid_from.ms == 0 || card->valid_from.ms <= now.ms) &&
	       (card->valid_to.ms == 0 || now.ms < card->valid_to.ms + SECOND_MS);
}

enum err rule_card(const struct book *book, bool eats, const char *member)
{
	const struct posting_card_row *card = &book->card;
	struct ctx *ctx = book->ctx;
	struct moment now = ctx_now(ctx);
	if (!card->live)
		return ctx_fail(ctx, ERR_CONFLICT, member, REASON_DELETED);
	if (!uuid_is_unset(&card->new_card_id) && !card->active && card->blocked)
		return ctx_fail(ctx, ERR_CONFLICT, member, REASON_REPLACED);
	if (shut(card->blocked, card->blocked_until, card->holder_locked, now))
		return ctx_fail(ctx, ERR_CONFLICT, member, REASON_BLOCKED);
	if (shut(card->master_blocked, card->master_blocked_until, card->master_holder_locked, now))
		return ctx_fail(ctx, ERR_CONFLICT, member, REASON_MASTER_BLOCKED);
	if (eats && !card->active)
		return ctx_fail(ctx, ERR_CONFLICT, member, REASON_INACTIVE);
	if (eats && !is_valid(card, now))
		return ctx_fail(ctx, ERR_CONFLICT, member, REASON_NOT_VALID);
	return ERR_OK;
}

enum err rule_range(const struct book *book, int64_t amount, const char *member)
{
	int64_t balance = book->account.balance.minor;
	if (balance + amount > AMOUNT_MINOR_MAX || balance + amount < -AMOUNT_MINOR_MAX)
		return ctx_fail(book->ctx, ERR_CONFLICT, member, REASON_BALANCE_RANGE);
	return ERR_OK;
}

enum err rule_document(struct ctx *ctx, bool same)
{
	if (!same)
		return ctx_fail(ctx, ERR_MISMATCH, "doc_id", REASON_DOCUMENT_OTHER);
	ctx->replayed = true;
	return ERR_OK;
}

static const char *const unit_names[] = {[UNIT_POINTS] = "points", [UNIT_MONEY] = "money"};

void book_write(struct book *book)
{
	struct amount before = {book->balance_before};
	journal_amount(book->ctx, unit_names[book->unit], "balance", before, book->account.balance);
	book_put(book);
}

enum err book_close(struct book *book)
{
	journal_object(book->ctx, &book->card.id);
	book_write(book);
	return mutation_close(book->ctx, book->batch);
}
