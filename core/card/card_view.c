/* From a card's row to what it means at this moment: whose account it shows, block, balance. */
#include "card.h"

#include "batch.h"
#include "db.h"
#include "settings.h"
#include "stmt_gen.h"
#include "uuid.h"

bool card_is_blocked(bool blocked, struct moment blocked_until, bool holder_locked,
		     struct moment now)
{
	return holder_locked || (blocked && blocked_until.ms > now.ms);
}

static bool has_master(const struct card *card)
{
	return !uuid_is_unset(&card->row.master_id);
}

/* The first of the cards with this one's master. */
static size_t first_of_master(const struct card *cards, size_t i)
{
	size_t first = 0;
	while (!uuid_eq(&cards[first].row.master_id, &cards[i].row.master_id))
		first++;
	return first;
}

/* One that was never posted to has no row: it is one of zeros. */
static void take_account(struct card_view_row *row, const struct card_master_account_row *account)
{
	row->available = account->available;
	row->received = account->received;
	row->debt = account->debt;
	row->next_change_at = account->next_change_at;
	row->account_seq = account->account_seq;
	row->activity_at = account->activity_at;
	row->erase_days = account->erase_days;
}

/* A card with a master shows the master's account: all of them in one packet. */
static enum err masters_read(struct ctx *ctx, struct card *cards, size_t n)
{
	struct card_master_account_row *accounts =
		arena_array(ctx->arena, struct card_master_account_row, n);
	struct batch batch = {.n = 0};
	for (size_t i = 0; i < n; i++) {
		struct card_master_account_in in = {ctx_organisation(ctx), cards[i].row.master_id};
		if (!has_master(&cards[i]) || first_of_master(cards, i) != i)
			continue;
		if (batch.n == 0)
			batch_init(&batch, ctx->db, ctx->arena);
		batch_card_master_account(&batch, &in, &accounts[i], NULL);
	}
	enum err err = batch.n ? batch_run(&batch) : ERR_OK;
	for (size_t i = 0; err == ERR_OK && i < n; i++)
		if (has_master(&cards[i]))
			take_account(&cards[i].row, &accounts[first_of_master(cards, i)]);
	return err;
}

static void resolve_block(const struct ctx *ctx, struct card *card)
{
	struct card_view_row *row = &card->row;
	card->blocked =
		card_is_blocked(row->blocked, row->blocked_until, row->holder_locked, ctx_now(ctx));
	card->blocked_reason = card->blocked ? row->blocked_description : STR("");
	if (card->blocked && row->blocked && row->blocked_until.ms != BLOCKED_FOR_GOOD)
		card->unblock_at = row->blocked_until;
	if (row->image.len == 0)
		row->image = str_of(ctx->settings->default_image);
}

static struct ledger_view account_view(const struct card_view_row *row)
{
	return (struct ledger_view){
		.card_id = uuid_is_unset(&row->master_id) ? row->id : row->master_id,
		.available = row->available,
		.debt = row->debt,
		.next_change_at = row->next_change_at,
		.activity_at = row->activity_at,
		.erase_days = row->erase_days,
	};
}

enum err cards_resolve(struct ctx *ctx, struct card *cards, size_t n)
{
	struct ledger_view *views = arena_array(ctx->arena, struct ledger_view, n);
	enum err err = masters_read(ctx, cards, n);
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		resolve_block(ctx, &cards[i]);
		views[i] = account_view(&cards[i].row);
	}
	if (err == ERR_OK)
		err = ledger_available(ctx, UNIT_POINTS, views, n);
	for (size_t i = 0; i < n; i++)
		cards[i].available = views[i].available;
	return err;
}

/* Where no level ends the points of idle cards, none is looked for: an eighth of what a card costs.
 */
static enum err card_read(struct ctx *ctx, const struct uuid *id, struct card_view_row *row_r)
{
	struct card_view_get_in in = {ctx_organisation(ctx), *id};
	struct card_plain_get_in plain = {ctx_organisation(ctx), *id};
	if (ctx->settings->has_idle_levels)
		return sql_card_view_get(ctx->db, ctx->arena, &in, row_r);
	return sql_card_plain_get(ctx->db, ctx->arena, &plain, row_r);
}

enum err card_view(struct ctx *ctx, const struct uuid *id, struct card *card)
{
	enum err err = card_read(ctx, id, &card->row);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, "id", REASON_NO_SUCH);
	return err == ERR_OK ? cards_resolve(ctx, card, 1) : err;
}
