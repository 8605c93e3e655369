#include "card_issue.h"

#include "merge.h"
#include "serial.h"

static enum err customer_lock(struct ctx *ctx, int64_t serial, struct person_row *holder_r)
{
	struct person_found found;
	enum err err = person_resolve(ctx, serial, &found);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, "customer", REASON_CUSTOMER_UNKNOWN);
	if (err == ERR_OK && found.removed)
		return ctx_fail(ctx, ERR_CONFLICT, "customer", REASON_CUSTOMER_REMOVED);
	if (err == ERR_OK)
		err = person_lock(ctx, &found.id, "customer", holder_r);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, ERR_CONFLICT, "customer", REASON_CUSTOMER_REMOVED);
	if (err == ERR_OK && holder_r->locked)
		return ctx_fail(ctx, ERR_CONFLICT, "customer", REASON_CUSTOMER_BLOCKED);
	return err;
}

/* The operation; card_issue() of core/card does not know customers by number. */
static enum err card_issue_to(struct ctx *ctx, const struct card_issue_in *in,
			      struct card_issue_out *out)
{
	struct person_row holder;
	enum err err = ERR_OK;
	if (in->number.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "number", REASON_REQUIRED);
	if (in->customer)
		err = customer_lock(ctx, in->customer, &holder);
	return err == ERR_OK ? card_issue(ctx, in, in->customer ? &holder : NULL, out) : err;
}
OPERATION(card_issue_to, struct card_issue_in, struct card_issue_out, .mutates = true,
	  .serials = SERIAL_BIT(SERIAL_CARD));
