#include "lived.h"

#include "card.h"
#include "ledger.h"
#include "till.h"
#include "unit.h"

#define DAY_MS INT64_C(86400000)

static void later(struct scene *on, int64_t ms)
{
	on->clock.fixed_ms += ms;
}

static void run(struct scene *on, const struct operation *operation, const void *in)
{
	till_run(on, operation, in);
}

static void burn(struct scene *on, struct uuid card)
{
	struct burn_account account = {card, UNIT_POINTS};
	struct burn_in in = {.accounts = {&account, 1}};
	struct burn_out out;

	assert_int_equal(scene_run(on, &op_ledger_burn, &in, &out), ERR_OK);
	assert_true(out.entries > 0);
}

/* Whatever a card can live through. */
static void live(struct scene *on, struct uuid card)
{
	struct posting_in pending = till_posting(&card, POSTING_ON, 5000);
	struct posting_in ending = till_posting(&card, POSTING_ON, 700);
	struct nothing none;

	sent_set(&pending.sent, offsetof(struct posting_in, activation_period_days));
	pending.activation_period_days = 30;
	sent_set(&ending.sent, offsetof(struct posting_in, invalidate_period_days));
	ending.invalidate_period_days = 5;
	struct uuid accrual = till_run(on, &op_transaction_add, &ending);
	run(on, &op_transaction_add, &pending);
	struct uuid spend = till_post(on, &card, POSTING_OFF, 400);
	struct refund_in refund = till_refund(&spend, 150);
	run(on, &op_transaction_refund, &refund);
	struct hold_in hold = till_hold(&card, 300);
	struct uuid id = till_run(on, &op_hold_add, &hold);
	struct capture_in capture = till_capture(&id, 120);
	run(on, &op_hold_capture, &capture);
	id = till_run(on, &op_hold_add, &hold);
	assert_int_equal(scene_run(on, &op_hold_void, &(struct id_in){id}, &none), ERR_OK);
	run(on, &op_hold_add, &hold);
	refund = till_refund(&accrual, 600);
	on->settings.return_policy = RETURN_CLIP;
	run(on, &op_transaction_refund, &refund);
	later(on, 6 * DAY_MS);
	burn(on, card);
	refund = till_refund(&spend, 100);
	run(on, &op_transaction_refund, &refund);
	run(on, &op_hold_add, &hold);
}

/* Below zero, and up again. */
static void owe(struct scene *on, struct uuid card)
{
	struct uuid accrual = till_post(on, &card, POSTING_ON, 500);

	till_post(on, &card, POSTING_OFF, 450);
	struct refund_in back = till_refund(&accrual, 500);
	on->settings.return_policy = RETURN_NEGATIVE;
	run(on, &op_transaction_refund, &back);
	till_post(on, &card, POSTING_ON, 200);
}

void history_fill(struct scene *on)
{
	struct uuid gone = till_card(on, 300, true);
	struct nothing none;

	live(on, till_card(on, 10000, true));
	live(on, till_card(on, 2000, true));
	owe(on, till_card(on, 0, true));
	struct hold_in hold = till_hold(&gone, 100);
	run(on, &op_hold_add, &hold);
	assert_int_equal(
		scene_run(on, &op_card_delete, &(struct card_delete_in){.id = gone}, &none),
		ERR_OK);
	till_card(on, 0, true);
}
