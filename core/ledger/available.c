/* What can be spent at this moment, for reads. */
#include "ledger.h"

#include "batch.h"
#include "settings.h"
#include "stmt_gen.h"
#include "zone.h"

#define DAY_MS INT64_C(86400000)

/* Whether the day has come is looked up in the calendar only when it is near. */
struct moment ledger_erased_at(const struct ctx *ctx, int64_t erase_days, struct moment activity_at,
			       struct moment at)
{
	struct moment never = {0};
	if (erase_days == 0 || activity_at.ms == 0 ||
	    at.ms < activity_at.ms + (erase_days - 2) * DAY_MS)
		return never;
	struct moment end = zone_day(ctx->settings->timezone, activity_at, erase_days);
	return end.ms <= at.ms ? end : never;
}

static bool is_due(const struct ledger_view *view, struct moment erased_at, struct moment now)
{
	return (view->next_change_at.ms != 0 && view->next_change_at.ms <= now.ms) ||
	       (erased_at.ms != 0 && view->available.minor + view->debt.minor > 0);
}

enum err ledger_available(struct ctx *ctx, enum unit unit, struct ledger_view *views, size_t n)
{
	struct account_available_at_row *rows =
		arena_array(ctx->arena, struct account_available_at_row, n);
	bool *due = arena_array(ctx->arena, bool, n);
	struct moment now = ctx_now(ctx);
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	for (size_t i = 0; i < n; i++) {
		const struct ledger_view *view = &views[i];
		struct account_available_at_in in = {
			ctx_organisation(ctx), view->card_id, unit, now,
			ledger_erased_at(ctx, view->erase_days, view->activity_at, now)};
		due[i] = is_due(view, in.erased_at, now);
		if (due[i])
			batch_account_available_at(&batch, &in, &rows[i], NULL);
	}
	enum err err = batch.n ? batch_run(&batch) : ERR_OK;
	for (size_t i = 0; i < n && err == ERR_OK; i++)
		if (due[i])
			views[i].available.minor = rows[i].available.minor - views[i].debt.minor;
	return err;
}
