/* Postings, refunds and holds on a real database, the clock in the test's hand. */
#include "posting.h"

#include "card.h"
#include "scene.h"
#include "unit.h"

#define DAY_MS   INT64_C(86400000)
#define EPOCH_MS INT64_C(1767225600000) /* 2026-01-01, 03:00 in Moscow */

static struct scene scene;

#define ON(T, in, m) sent_set(&(in).sent, offsetof(T, m))

static struct uuid add_card(const char *barcode)
{
	struct card_in in = {.row = {.code = STR("1"),
				     .barcode = str_of(barcode),
				     .name = STR("n"),
				     .active = true}};
	struct id_out out;
	assert_int_equal(scene_run(&scene, &op_card_add, &in, &out), ERR_OK);
	return out.id;
}

static enum err post(struct posting_in *in, struct uuid *id_r)
{
	struct id_out out = {{{0}}};
	enum err err = scene_run(&scene, &op_transaction_add, in, &out);
	*id_r = out.id;
	return err;
}

static struct uuid accrue(struct uuid card, int64_t sum, int64_t days)
{
	struct uuid id;
	struct posting_in in = {.card_id = card,
				.type = POSTING_ON,
				.sum = {sum},
				.invalidate_period_days = days,
				.author = STR("till"),
				.doc_id = STR("")};
	assert_int_equal(post(&in, &id), ERR_OK);
	return id;
}

static enum err spend(struct uuid card, int64_t sum, struct uuid *id_r)
{
	struct posting_in in = {
		.card_id = card, .type = POSTING_OFF, .sum = {sum}, .doc_id = STR("")};
	return post(&in, id_r);
}

static int64_t available(struct uuid card)
{
	struct id_in in = {card};
	struct card_out out;
	assert_int_equal(scene_run(&scene, &op_card_get, &in, &out), ERR_OK);
	return out.card.available.minor;
}

static void later(int64_t ms)
{
	scene.clock.fixed_ms += ms;
}

static struct refund_out refund(struct uuid id, int64_t sum, enum err want)
{
	struct refund_in in = {.id = id, .sum = {sum}, .doc_id = STR("")};
	struct refund_out out;
	if (sum)
		ON(struct refund_in, in, sum);
	assert_int_equal(scene_run(&scene, &op_transaction_refund, &in, &out), want);
	return out;
}

static void a_spend_eats_what_ends_first(void **state)
{
	struct uuid card = add_card("eats"), id;
	(void)state;
	accrue(card, 1000, 0);
	accrue(card, 500, 10);
	assert_int_equal(available(card), 1500);
	assert_int_equal(spend(card, 1501, &id), ERR_INSUFFICIENT);
	assert_int_equal(spend(card, 300, &id), ERR_OK);
	later(11 * DAY_MS);
	assert_int_equal(available(card), 1000);
	assert_int_equal(spend(card, 1000, &id), ERR_OK);
	assert_int_equal(available(card), 0);
}

static void a_refund_puts_back_what_was_eaten(void **state)
{
	struct uuid card = add_card("back"), id;
	(void)state;
	accrue(card, 500, 10);
	accrue(card, 1000, 0);
	assert_int_equal(spend(card, 900, &id), ERR_OK);
	struct refund_out out = refund(id, 450, ERR_OK);
	assert_int_equal(out.available.minor, 450);
	later(11 * DAY_MS);
	assert_int_equal(available(card), 600 + 400);
	out = refund(id, 0, ERR_OK);
	assert_int_equal(out.expired.minor, 450);
	assert_int_equal(out.available.minor, 0);
	refund(id, 0, ERR_CONFLICT);
	assert_int_equal(available(card), 1000);
}

static void a_return_clips_or_goes_below_zero(void **state)
{
	struct uuid card = add_card("return"), id, accrual = accrue(card, 500, 0);
	(void)state;
	assert_int_equal(spend(card, 400, &id), ERR_OK);
	struct refund_out out = refund(accrual, 200, ERR_OK);
	assert_int_equal(out.clipped.minor, 100);
	scene.settings.return_policy = RETURN_REFUSE;
	refund(accrual, 0, ERR_INSUFFICIENT);
	scene.settings.return_policy = RETURN_NEGATIVE;
	refund(accrual, 301, ERR_CONFLICT);
	refund(accrual, 300, ERR_OK);
	scene.settings.return_policy = RETURN_CLIP;
	assert_int_equal(available(card), -300);
	accrue(card, 1000, 0);
	assert_int_equal(available(card), 700);
	refund(id, 0, ERR_OK);
	assert_int_equal(available(card), 1100);
}

static struct uuid hold(struct uuid card, int64_t sum, int64_t timeout_s, enum err want)
{
	struct hold_in in = {
		.card_id = card, .sum = {sum}, .timeout_s = timeout_s, .doc_id = STR("")};
	struct id_out out;
	ON(struct hold_in, in, timeout_s);
	assert_int_equal(scene_run(&scene, &op_hold_add, &in, &out), want);
	return out.id;
}

static enum err capture(struct uuid id, int64_t sum)
{
	struct capture_in in = {.id = id, .sum = {sum}};
	struct id_out out;
	ON(struct capture_in, in, sum);
	return scene_run(&scene, &op_hold_capture, &in, &out);
}

static void a_hold_ends_once(void **state)
{
	struct uuid card = add_card("hold");
	struct nothing nothing;
	(void)state;
	accrue(card, 1000, 0);
	struct id_in first = {hold(card, 600, 60, ERR_OK)};
	assert_int_equal(available(card), 400);
	hold(card, 401, 60, ERR_INSUFFICIENT);
	assert_int_equal(capture(first.id, 601), ERR_CONFLICT);
	assert_int_equal(capture(first.id, 500), ERR_OK);
	assert_int_equal(available(card), 500);
	assert_int_equal(capture(first.id, 1), ERR_CONFLICT);
	first.id = hold(card, 500, 60, ERR_OK);
	assert_int_equal(scene_run(&scene, &op_hold_void, &first, &nothing), ERR_OK);
	assert_int_equal(available(card), 500);
	first.id = hold(card, 500, 60, ERR_OK);
	later(60000);
	assert_int_equal(capture(first.id, 500), ERR_CONFLICT);
	struct uuid id;
	assert_int_equal(spend(card, 500, &id), ERR_OK);
	assert_int_equal(available(card), 0);
}

static void a_document_posts_once(void **state)
{
	struct uuid card = add_card("document"), first, again;
	struct posting_in in = {.card_id = card,
				.type = POSTING_ON,
				.sum = {500},
				.author = STR("till"),
				.doc_id = STR("D1"),
				.doc_type = 2};
	(void)state;
	assert_int_equal(post(&in, &first), ERR_OK);
	assert_int_equal(post(&in, &again), ERR_OK);
	assert_memory_equal(&first, &again, sizeof first);
	in.sum.minor = 501;
	assert_int_equal(post(&in, &again), ERR_MISMATCH);
	in.doc_type = 3;
	assert_int_equal(post(&in, &again), ERR_OK);
	assert_int_equal(available(card), 1001);
}

static void a_burn_changes_nothing_that_is_seen(void **state)
{
	struct uuid card = add_card("burn");
	struct burn_account account = {card, UNIT_POINTS};
	struct burn_in in = {{&account, 1}};
	struct burn_out out;
	(void)state;
	accrue(card, 300, 5);
	accrue(card, 200, 5);
	accrue(card, 100, 0);
	later(6 * DAY_MS);
	assert_int_equal(available(card), 100);
	assert_int_equal(scene_run(&scene, &op_ledger_burn, &in, &out), ERR_OK);
	assert_int_equal(out.entries, 2);
	assert_int_equal(out.amount.minor, 500);
	assert_int_equal(available(card), 100);
	assert_int_equal(scene_run(&scene, &op_ledger_burn, &in, &out), ERR_OK);
	assert_int_equal(out.entries, 0);
}

static void a_master_has_the_points(void **state)
{
	struct uuid master = add_card("master"), follower = add_card("follower"), id;
	struct card_in in = {.row = {.id = follower, .master_id = master}};
	struct nothing nothing;
	(void)state;
	ON(struct card_in, in, row.master_id);
	assert_int_equal(scene_run(&scene, &op_card_change, &in, &nothing), ERR_OK);
	accrue(follower, 500, 0);
	assert_int_equal(available(master), 500);
	assert_int_equal(spend(follower, 200, &id), ERR_OK);
	refund(id, 0, ERR_OK);
	assert_int_equal(available(follower), 500);
	assert_int_equal(scene_number(&scene, "SELECT COUNT(*) FROM account WHERE last_seq = 0"),
			 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_spend_eats_what_ends_first),
		cmocka_unit_test(a_refund_puts_back_what_was_eaten),
		cmocka_unit_test(a_return_clips_or_goes_below_zero),
		cmocka_unit_test(a_hold_ends_once),
		cmocka_unit_test(a_document_posts_once),
		cmocka_unit_test(a_burn_changes_nothing_that_is_seen),
		cmocka_unit_test(a_master_has_the_points),
	};
	if (!scene_open(&scene, "posting"))
		return 1;
	scene.clock.fixed_ms = EPOCH_MS;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&scene);
	return failed;
}
