/* What of a lost card's books moves to the card that takes its place. */
#include "unit.h"

#include "deck.h"
#include "rows_read.h"
#include "statement.h"
#include "transfer.h"
#include "uuid.h"

#define DAY_MS   INT64_C(86400000)
#define EPOCH_MS INT64_C(1767225600000) /* 2026-01-01 */

static struct scene on;

static struct uuid active_card(int64_t balance)
{
	return deck_card(&on, (struct card_in){.balance = {balance}, .row = {.active = true}});
}

static struct uuid new_card(void)
{
	return deck_card(&on, (struct card_in){.balance = {0}});
}

static int set_up(void **state)
{
	(void)state;
	on.clock.fixed_ms = EPOCH_MS;
	return 0;
}

static int64_t lots_of(struct uuid card)
{
	return deck_number(&on, "SELECT COUNT(*) FROM lot WHERE card_id = %s AND is_open <> 0",
			   card);
}

/* Live, pending, ended and held lots, each with its dates, from first to third card. */
static void test_all_lots_go_on_with_their_dates(void **state)
{
	struct uuid old = active_card(0), to = new_card(), third = new_card(), hold, voided;

	(void)state;
	deck_on(&on, old, 100, 5, 0);
	deck_on(&on, old, 200, 30, 10);
	deck_on(&on, old, 40, 1, 0);
	deck_on(&on, old, 60, 0, 0);
	assert_int_equal(deck_hold(&on, old, 30, &hold), ERR_OK);
	assert_int_equal(deck_hold(&on, old, 15, &voided), ERR_OK);
	on.clock.fixed_ms += 1000;
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	assert_true(deck_is_sound(&on));
	assert_int_equal(lots_of(old), 0);
	assert_int_equal(lots_of(to), 4);
	assert_int_equal(deck_see(&on, to).available.minor, 155);
	assert_int_equal(deck_replace(&on, to, third), ERR_OK);
	assert_int_equal(deck_capture(&on, hold, 20), ERR_OK);
	assert_int_equal(deck_void(&on, voided), ERR_OK);
	assert_int_equal(deck_see(&on, third).available.minor, 180);
	assert_true(deck_is_sound(&on));
	on.clock.fixed_ms += DAY_MS; /* what is left of the one-day lot burns */
	assert_int_equal(deck_see(&on, third).available.minor, 160);
	on.clock.fixed_ms += 9 * DAY_MS; /* the five days are over, the pending ones have come */
	assert_int_equal(deck_see(&on, third).available.minor, 260);
	on.clock.fixed_ms += 30 * DAY_MS;
	assert_int_equal(deck_see(&on, third).available.minor, 60);
	assert_int_equal(deck_off(&on, third, 60, NULL), ERR_OK);
	assert_true(deck_is_sound(&on));
	assert_int_equal(deck_number(&on,
				     "SELECT COUNT(*) FROM lot n JOIN lot o ON o.id = n.origin_lot "
				     "WHERE n.card_id = %s AND n.active_from = o.active_from AND "
				     "n.active_to = o.active_to AND n.business_at = o.business_at",
				     third),
			 4);
}

static void test_refunds_and_returns_follow(void **state)
{
	struct uuid old = active_card(0), to = new_card(), spend;
	struct refund_out out;

	(void)state;
	struct uuid accrual = deck_on(&on, old, 100, 5, 0);
	assert_int_equal(deck_off(&on, old, 30, &spend), ERR_OK);
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	assert_int_equal(
		scene_run(&on, &op_transaction_refund, &(struct refund_in){.id = spend}, &out),
		ERR_OK);
	assert_int_equal(out.available.minor, 30);
	assert_int_equal(deck_see(&on, to).available.minor, 100);
	assert_int_equal(
		scene_run(&on, &op_transaction_refund, &(struct refund_in){.id = accrual}, &out),
		ERR_OK);
	assert_int_equal(out.clipped.minor, 0);
	assert_int_equal(deck_see(&on, to).available.minor, 0);
	assert_true(deck_is_sound(&on));
}

static void test_debt_moves(void **state)
{
	struct uuid old = active_card(0), to = new_card();
	struct refund_out out;

	(void)state;
	struct uuid accrual = deck_on(&on, old, 100, 0, 0);
	assert_int_equal(deck_off(&on, old, 70, NULL), ERR_OK);
	on.settings.return_policy = RETURN_NEGATIVE;
	assert_int_equal(
		scene_run(&on, &op_transaction_refund, &(struct refund_in){.id = accrual}, &out),
		ERR_OK);
	on.settings.return_policy = RETURN_CLIP;
	deck_on(&on, old, 5, 0, 3);
	assert_int_equal(deck_see(&on, old).available.minor, -65);
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	assert_int_equal(deck_see(&on, to).available.minor, -65);
	assert_int_equal(deck_see(&on, old).available.minor, 0);
	assert_true(deck_is_sound(&on));
	deck_on(&on, to, 100, 0, 0);
	assert_int_equal(deck_see(&on, to).available.minor, 35);
	assert_true(deck_is_sound(&on));
}

/* What stands on the new card's account is not read to find it. */
static void test_a_hold_goes_with_the_card_that_it_was_placed_with(void **state)
{
	struct uuid old = active_card(1000), to = new_card(), hold, account;
	bool has = false;

	(void)state;
	assert_int_equal(deck_hold(&on, old, 400, &hold), ERR_OK);
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	for (int i = 0; i < 50; i++)
		assert_int_equal(deck_hold(&on, to, 1, &account), ERR_OK);
	rows_read(&on.on);
	assert_int_equal(ledger_hold_elsewhere(&on.ctx, &old, &account, &has), ERR_OK);
	assert_in_range(rows_read(&on.on), 1, 3);
	assert_true(has && uuid_eq(&account, &to));
	assert_int_equal(ledger_hold_elsewhere(&on.ctx, &to, &account, &has), ERR_OK);
	assert_false(has);
	assert_in_range(rows_read(&on.on), 50, 53);
	assert_int_equal(deck_delete(&on, old, false), ERR_OK);
	assert_int_equal(deck_see(&on, to).available.minor, 950);
	assert_int_equal(deck_capture(&on, hold, 10), ERR_CONFLICT);
	assert_true(deck_is_sound(&on));
}

static struct explain_out explain(struct uuid card, int64_t at)
{
	struct explain_in in = {.id = card, .at = {at}};
	struct explain_out out;

	sent_set(&in.sent, offsetof(struct explain_in, at));
	assert_int_equal(scene_run(&on, &op_balance_explain, &in, &out), ERR_OK);
	return out;
}

/* What was said before the replacement is still said of then; the new card had nothing. */
static void test_the_past_stays_with_the_old_card(void **state)
{
	struct uuid old = active_card(0), to = new_card(), hold;

	(void)state;
	deck_on(&on, old, 100, 5, 0);
	deck_on(&on, old, 30, 0, 2);
	on.clock.fixed_ms += 1000;
	assert_int_equal(deck_hold(&on, old, 40, &hold), ERR_OK);
	on.clock.fixed_ms += 1000;
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	on.clock.fixed_ms += 1000;
	struct explain_out first = explain(old, EPOCH_MS), then = explain(old, EPOCH_MS + 1500);
	assert_int_equal(first.available.minor, 100);
	assert_int_equal(first.pending.minor, 30);
	assert_int_equal(then.available.minor, 60);
	assert_int_equal(then.held.minor, 40);
	assert_int_equal(explain(to, EPOCH_MS + 1500).available.minor, 0);
	assert_int_equal(explain(to, EPOCH_MS + 1500).held.minor, 0);
	struct explain_out now = explain(to, on.clock.fixed_ms),
			   gone = explain(old, on.clock.fixed_ms);
	assert_int_equal(now.available.minor, 60);
	assert_int_equal(now.held.minor, 40);
	assert_int_equal(now.pending.minor, 30);
	assert_int_equal(now.holds.n, 1);
	assert_int_equal(gone.available.minor, 0);
	assert_int_equal(gone.held.minor, 0);
	assert_int_equal(explain(to, EPOCH_MS + 3 * DAY_MS).available.minor, 130);
	assert_int_equal(explain(to, EPOCH_MS + 6 * DAY_MS).available.minor, 30);
}

/* Timed out before the replacement: it comes back there, and burns when its lot has ended. */
static void test_a_hold_past_its_time_comes_back_first(void **state)
{
	struct uuid old = active_card(0), to = new_card(), hold;

	(void)state;
	deck_on(&on, old, 100, 1, 0);
	deck_on(&on, old, 50, 0, 0);
	assert_int_equal(deck_hold(&on, old, 120, &hold), ERR_OK);
	on.clock.fixed_ms += 2 * DAY_MS;
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	assert_int_equal(deck_see(&on, to).available.minor, 50);
	assert_int_equal(deck_capture(&on, hold, 1), ERR_CONFLICT);
	assert_true(deck_is_sound(&on));
}

static enum err give_money(struct ctx *ctx, const struct id_in *in, struct nothing *out)
{
	(void)out;
	return ledger_open_balance(ctx, &in->id, &in->id, UNIT_MONEY, (struct amount){2500});
}
OPERATION(give_money, struct id_in, struct nothing, .mutates = true);

static int64_t money_of(struct uuid card)
{
	return deck_number(&on, "SELECT balance FROM account WHERE unit = 2 AND card_id = %s",
			   card);
}

static void test_money_moves_too(void **state)
{
	struct uuid old = active_card(0), to = new_card();
	struct nothing out;

	(void)state;
	assert_int_equal(scene_run(&on, &op_give_money, &(struct id_in){old}, &out), ERR_OK);
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	assert_int_equal(money_of(old), 0);
	assert_int_equal(money_of(to), 2500);
	assert_int_equal(deck_delete(&on, to, true), ERR_CONFLICT);
	assert_true(deck_is_sound(&on));
}

/* More lots than one packet takes. */
static void test_many_lots_move(void **state)
{
	struct uuid old = active_card(0), to = new_card();

	(void)state;
	for (int i = 0; i < 1203; i++)
		deck_on(&on, old, 1 + i % 3, 1 + i % 5, i % 2);
	int64_t before = deck_see(&on, old).available.minor;
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	assert_int_equal(lots_of(to), 1203);
	assert_int_equal(deck_see(&on, to).available.minor, before);
	assert_true(deck_is_sound(&on));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_all_lots_go_on_with_their_dates, set_up),
		cmocka_unit_test_setup(test_refunds_and_returns_follow, set_up),
		cmocka_unit_test_setup(test_debt_moves, set_up),
		cmocka_unit_test_setup(test_a_hold_goes_with_the_card_that_it_was_placed_with, set_up),
		cmocka_unit_test_setup(test_the_past_stays_with_the_old_card, set_up),
		cmocka_unit_test_setup(test_a_hold_past_its_time_comes_back_first, set_up),
		cmocka_unit_test_setup(test_money_moves_too, set_up),
		cmocka_unit_test_setup(test_many_lots_move, set_up),
	};
	int failed;

	if (!scene_open(&on, "test_replacement_books"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	return failed;
}
