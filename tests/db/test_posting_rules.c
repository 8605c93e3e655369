/* One rule of the ledger, one test, at its very edge: what tests/check/mutants breaks, one by one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "card.h"
#include "level.h"
#include "till.h"
#include "uuid.h"
#include "verify.h"

#define DAY_MS   INT64_C(86400000)
#define EPOCH_MS INT64_C(1767225600000) /* 2026-01-01, 03:00 in Moscow */
#define NOON_MS  (9 * INT64_C(3600000)) /* from then to the next 12:00 there */
#define RACERS   24
#define STRANGE  255 /* status of a racer that was refused for another reason */

static struct scene scene;

static int open_scene(void **state)
{
	(void)state;
	return scene_open(&scene, "test_posting_rules") ? 0 : -1;
}

static int close_scene(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static int reset(void **state)
{
	(void)state;
	scene.clock.fixed_ms = EPOCH_MS;
	settings_defaults(&scene.settings, SCENE_ORGANISATION);
	memcpy(scene.settings.timezone, "Europe/Moscow", sizeof "Europe/Moscow");
	scene.ctx.principal.organisation_id = SCENE_ORGANISATION;
	return 0;
}

static enum err spend(const struct uuid *card, int64_t sum)
{
	struct posting_in in = till_posting(card, POSTING_OFF, sum);
	return till_try(&scene, &op_transaction_add, &in);
}

/* The points burn at 00:00 of the day after `days`. */
static struct uuid accrue_for(const struct uuid *card, int64_t sum, int64_t days)
{
	struct posting_in in = till_posting(card, POSTING_ON, sum);
	in.invalidate_period_days = days;
	return till_run(&scene, &op_transaction_add, &in);
}

static struct uuid hold_for(const struct uuid *card, int64_t sum, int64_t timeout_s)
{
	struct hold_in in = till_hold(card, sum);
	in.timeout_s = timeout_s;
	sent_set(&in.sent, offsetof(struct hold_in, timeout_s));
	return till_run(&scene, &op_hold_add, &in);
}

static int64_t available(const struct uuid *card)
{
	struct id_in in = {*card};
	struct card_out out;
	assert_int_equal(scene_run(&scene, &op_card_get, &in, &out), ERR_OK);
	return out.card.available.minor;
}

static void a_lot_is_over_at_its_end(void **state)
{
	struct uuid card = till_card(&scene, 0, true);
	(void)state;
	accrue_for(&card, 500, 1);
	long long end = till_number(&scene, "active_to FROM lot WHERE card_id", &card);
	assert_int_equal(end, EPOCH_MS + 21 * INT64_C(3600000));
	scene.clock.fixed_ms = end - 1;
	assert_int_equal(available(&card), 500);
	assert_int_equal(spend(&card, 1), ERR_OK);
	scene.clock.fixed_ms = end;
	assert_int_equal(available(&card), 0);
	assert_int_equal(spend(&card, 1), ERR_INSUFFICIENT);
}

static void what_ends_first_is_eaten_first(void **state)
{
	struct uuid card = till_card(&scene, 0, true);
	(void)state;
	accrue_for(&card, 100, 0);
	accrue_for(&card, 100, 20);
	accrue_for(&card, 100, 10);
	assert_int_equal(spend(&card, 150), ERR_OK);
	scene.clock.fixed_ms += 15 * DAY_MS;
	assert_int_equal(available(&card), 150);
	scene.clock.fixed_ms += 15 * DAY_MS;
	assert_int_equal(available(&card), 100);
}

static void points_never_go_below_zero(void **state)
{
	struct uuid card = till_card(&scene, 100, true);
	(void)state;
	assert_int_equal(spend(&card, 101), ERR_INSUFFICIENT);
	assert_int_equal(spend(&card, 100), ERR_OK);
	assert_int_equal(spend(&card, 1), ERR_INSUFFICIENT);
	struct hold_in hold = till_hold(&card, 1);
	sent_set(&hold.sent, offsetof(struct hold_in, sum));
	assert_int_equal(till_try(&scene, &op_hold_add, &hold), ERR_INSUFFICIENT);
	assert_int_equal(till_number(&scene, "balance FROM account WHERE card_id", &card), 0);
}

static void an_accrual_pays_the_debt_first(void **state)
{
	struct uuid card = till_card(&scene, 0, true);
	struct uuid accrual = accrue_for(&card, 300, 0);
	struct refund_in back = till_refund(&accrual, 300);
	(void)state;
	assert_int_equal(spend(&card, 300), ERR_OK);
	scene.settings.return_policy = RETURN_NEGATIVE;
	till_run(&scene, &op_transaction_refund, &back);
	assert_int_equal(till_number(&scene, "debt FROM account WHERE card_id", &card), 300);
	accrue_for(&card, 1000, 0);
	assert_int_equal(till_number(&scene, "debt FROM account WHERE card_id", &card), 0);
	assert_int_equal(till_number(&scene,
				     "SUM(remaining) FROM lot WHERE amount = 1000 AND card_id",
				     &card),
			 700);
}

static void a_refund_goes_where_it_was_eaten_last(void **state)
{
	struct uuid card = till_card(&scene, 0, true);
	(void)state;
	accrue_for(&card, 100, 10);
	accrue_for(&card, 100, 20);
	struct uuid id = till_post(&scene, &card, POSTING_OFF, 200);
	struct refund_in back = till_refund(&id, 100);
	till_run(&scene, &op_transaction_refund, &back);
	scene.clock.fixed_ms += 15 * DAY_MS;
	assert_int_equal(available(&card), 100);
}

static void what_is_held_is_not_available(void **state)
{
	struct uuid card = till_card(&scene, 500, true);
	(void)state;
	hold_for(&card, 400, 900);
	assert_int_equal(available(&card), 100);
	assert_int_equal(spend(&card, 101), ERR_INSUFFICIENT);
	assert_int_equal(spend(&card, 100), ERR_OK);
}

static void a_hold_is_over_at_its_end(void **state)
{
	struct uuid card = till_card(&scene, 500, true);
	struct uuid first = hold_for(&card, 200, 60), second = hold_for(&card, 300, 60);
	struct capture_in early = till_capture(&first, 200), late = till_capture(&second, 300);
	(void)state;
	scene.clock.fixed_ms += 60000 - 1;
	till_run(&scene, &op_hold_capture, &early);
	scene.clock.fixed_ms += 1;
	assert_int_equal(till_try(&scene, &op_hold_capture, &late), ERR_CONFLICT);
	assert_true(scene_refused(&scene, "id", REASON_HOLD_EXPIRED));
	assert_int_equal(available(&card), 300);
}

static void a_key_is_for_one_request(void **state)
{
	struct uuid card = till_card(&scene, 500, true);
	struct posting_in in = till_posting(&card, POSTING_OFF, 100);
	struct answer answer;
	struct id_out out;
	(void)state;
	scene_request(&scene, "rule-key", "one");
	assert_int_equal(scene_mutate(&scene, &op_transaction_add, &in, &out, &answer), ERR_OK);
	scene_request(&scene, "rule-key", "one");
	assert_int_equal(scene_mutate(&scene, &op_transaction_add, &in, &out, &answer), ERR_OK);
	assert_true(answer.replayed);
	scene_request(&scene, "rule-key", "two");
	assert_int_equal(scene_mutate(&scene, &op_transaction_add, &in, &out, &answer),
			 ERR_MISMATCH);
	assert_int_equal(available(&card), 400);
}

static void a_document_is_for_one_amount(void **state)
{
	struct uuid card = till_card(&scene, 500, true);
	struct posting_in in = till_posting(&card, POSTING_OFF, 100);
	(void)state;
	in.doc_id = STR("rule-doc");
	struct uuid first = till_run(&scene, &op_transaction_add, &in);
	struct uuid again = till_run(&scene, &op_transaction_add, &in);
	assert_true(uuid_eq(&first, &again));
	in.sum.minor = 101;
	assert_int_equal(till_try(&scene, &op_transaction_add, &in), ERR_MISMATCH);
	assert_int_equal(available(&card), 400);
}

static void change(const struct operation *operation, const void *in)
{
	struct nothing out;
	assert_int_equal(scene_run(&scene, operation, in, &out), ERR_OK);
}

static struct uuid follower_of(const struct uuid *master)
{
	struct uuid card = till_card(&scene, 0, true);
	struct card_in in = {.row = {.id = card, .master_id = *master}};
	sent_set(&in.sent, offsetof(struct card_in, row.master_id));
	change(&op_card_change, &in);
	return card;
}

static void a_blocked_master_blocks(void **state)
{
	struct uuid master = till_card(&scene, 500, true), card = follower_of(&master);
	struct card_block_in block = {
		.id = master, .description = STR(""), .unblock_at = {EPOCH_MS + DAY_MS}};
	(void)state;
	assert_int_equal(spend(&card, 100), ERR_OK);
	change(&op_card_block, &block);
	assert_int_equal(spend(&card, 100), ERR_CONFLICT);
	scene.clock.fixed_ms += DAY_MS;
	assert_int_equal(spend(&card, 100), ERR_OK);
	assert_int_equal(available(&master), 300);
}

static void inactivity_ends_points(void **state)
{
	struct level_in level = {
		.row = {.name = STR("idle"), .rank_order = 7, .inactivity_bonus_erase_period = 30}};
	struct card_in in = {0};
	(void)state;
	scene.clock.fixed_ms += NOON_MS;
	in.row.level_id = till_run(&scene, &op_level_add, &level);
	in.row.id = till_card(&scene, 500, true);
	sent_set(&in.sent, offsetof(struct card_in, row.level_id));
	change(&op_card_change, &in);
	scene.clock.fixed_ms = EPOCH_MS - 3 * INT64_C(3600000) + 30 * DAY_MS - 1;
	assert_int_equal(available(&in.row.id), 500);
	scene.clock.fixed_ms += 1;
	assert_int_equal(available(&in.row.id), 0);
	assert_int_equal(spend(&in.row.id, 1), ERR_INSUFFICIENT);
}

static void a_foreign_card_is_none(void **state)
{
	struct uuid card = till_card(&scene, 500, true);
	(void)state;
	scene.ctx.principal.organisation_id = SCENE_OTHER;
	assert_int_equal(spend(&card, 100), ERR_NOT_FOUND);
	scene.ctx.principal.organisation_id = SCENE_ORGANISATION;
	assert_int_equal(available(&card), 500);
}

/* Spends 100 until there is no more; how often it could, or STRANGE. */
static int spend_all(const struct uuid *card)
{
	for (int n = 0;; n++) {
		enum err err = spend(card, 100);
		if (err == ERR_INSUFFICIENT)
			return n;
		if (err != ERR_OK)
			return STRANGE;
	}
}

/* RACERS at once, each in a process with a connection of its own; how many spends in all. */
static int race(const struct uuid *card)
{
	int gate[2], spends = 0, code;
	char go;
	assert_int_equal(pipe(gate), 0);
	for (int i = 0; i < RACERS; i++) {
		if (fork() == 0) {
			close(gate[1]);
			scene_connect(&scene);
			if (read(gate[0], &go, 1) < 0)
				_exit(STRANGE);
			_exit(spend_all(card));
		}
	}
	sleep(1);
	close(gate[1]);
	close(gate[0]);
	for (int i = 0; i < RACERS; i++) {
		wait(&code);
		assert_true(WIFEXITED(code) && WEXITSTATUS(code) != STRANGE);
		spends += WEXITSTATUS(code);
	}
	return spends;
}

static void nothing_is_spent_twice(void **state)
{
	struct uuid card = till_card(&scene, 20050, true);
	(void)state;
	assert_int_equal(race(&card), 200);
	assert_int_equal(available(&card), 50);
	assert_int_equal(till_number(&scene, "SUM(amount) FROM entry WHERE card_id", &card), 50);
}

static void the_books_are_sound(void **state)
{
	struct verify_report report;
	(void)state;
	assert_int_equal(ledger_verify(scene.on.db, scene.ctx.ledger_keys, 0, NULL, NULL, &report),
			 ERR_OK);
	if (report.table)
		fail_msg("%s, %s: %s", report.table, report.key, report.fault);
	assert_true(report.entries > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_lot_is_over_at_its_end, reset),
		cmocka_unit_test_setup(what_ends_first_is_eaten_first, reset),
		cmocka_unit_test_setup(points_never_go_below_zero, reset),
		cmocka_unit_test_setup(an_accrual_pays_the_debt_first, reset),
		cmocka_unit_test_setup(a_refund_goes_where_it_was_eaten_last, reset),
		cmocka_unit_test_setup(what_is_held_is_not_available, reset),
		cmocka_unit_test_setup(a_hold_is_over_at_its_end, reset),
		cmocka_unit_test_setup(a_key_is_for_one_request, reset),
		cmocka_unit_test_setup(a_document_is_for_one_amount, reset),
		cmocka_unit_test_setup(a_blocked_master_blocks, reset),
		cmocka_unit_test_setup(inactivity_ends_points, reset),
		cmocka_unit_test_setup(a_foreign_card_is_none, reset),
		cmocka_unit_test_setup(nothing_is_spent_twice, reset),
		cmocka_unit_test_setup(the_books_are_sound, reset),
	};
	return cmocka_run_group_tests(tests, open_scene, close_scene);
}
