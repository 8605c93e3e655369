#include "transfer.h"

#include "stmt_gen.h"

enum err ledger_has_holds(struct ctx *ctx, const struct uuid *account_card, const struct uuid *card,
			  bool *has_r)
{
	struct hold_open_on_in on = {ctx_organisation(ctx), *account_card, ctx_now(ctx)};
	struct hold_open_on_row on_row;
	struct hold_open_of_row of_row;
	enum err err;
	if (card) {
		struct hold_open_of_in of = {on.organisation_id, *account_card, on.now, *card};
		err = sql_hold_open_of(ctx->db, ctx->arena, &of, &of_row);
	} else {
		err = sql_hold_open_on(ctx->db, ctx->arena, &on, &on_row);
	}
	*has_r = err == ERR_OK;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
