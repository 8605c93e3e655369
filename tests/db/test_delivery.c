/* What has happened goes to the webhooks of its organisation: with it, once, or not at all. */
#include "unit.h"

#include "card.h"
#include "person.h"
#include "scene.h"
#include "stmt_gen.h"
#include "uuid.h"

static struct scene on;

static int set_up(void **state)
{
	(void)state;
	on.settings.has_webhooks = true;
	assert_int_equal(database_run(&on.on, "DELETE FROM delivery"), 0);
	assert_int_equal(database_run(&on.on, "DELETE FROM webhook"), 0);
	return 0;
}

static void add_webhook(int64_t organisation_id, uint8_t number, bool live)
{
	struct webhook_row row = {.organisation_id = organisation_id,
				  .id = {{number}},
				  .live = live,
				  .url = STR("http://example.com/"),
				  .secret = STR("secret")};

	assert_int_equal(sql_webhook_insert(on.on.db, &row, NULL), ERR_OK);
}

static enum err add_card(const char *barcode, const char *key, struct answer *answer_r)
{
	struct card_in in = {.row = {.barcode = str_of(barcode), .code = str_of(barcode)}};
	struct id_out out;

	scene_request(&on, key, barcode);
	return scene_mutate(&on, &op_card_add, &in, &out, answer_r);
}

static long long deliveries(void)
{
	return scene_number(&on,
			    "SELECT COUNT(*) FROM delivery d JOIN journal j ON j.id = d.journal_id "
			    "AND j.organisation_id = d.organisation_id JOIN webhook w ON w.id = "
			    "d.webhook_id AND w.organisation_id = d.organisation_id AND w.live = 1 "
			    "WHERE d.state = 1 AND d.tries = 0 AND j.operation = 'card_add'");
}

static void test_each_live_webhook_gets_it(void **state)
{
	struct answer answer;

	(void)state;
	add_webhook(SCENE_ORGANISATION, 1, true);
	add_webhook(SCENE_ORGANISATION, 2, true);
	add_webhook(SCENE_ORGANISATION, 3, false);
	add_webhook(SCENE_OTHER, 4, true);
	assert_int_equal(add_card("a1", NULL, &answer), ERR_OK);
	assert_int_equal(deliveries(), 2);
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM delivery"), 2);
}

static void test_without_webhooks_nothing_is_written(void **state)
{
	struct answer answer;

	(void)state;
	assert_int_equal(add_card("b1", NULL, &answer), ERR_OK);
	add_webhook(SCENE_ORGANISATION, 1, true);
	on.settings.has_webhooks = false;
	assert_int_equal(add_card("b2", NULL, &answer), ERR_OK);
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM delivery"), 0);
}

static void test_a_refusal_is_no_event(void **state)
{
	struct answer answer;

	(void)state;
	add_webhook(SCENE_ORGANISATION, 1, true);
	assert_int_equal(add_card("c1", "key-c1", &answer), ERR_OK);
	assert_int_equal(deliveries(), 1);
	/* The kept answer again, a kept refusal, and one that is not kept. */
	assert_int_equal(add_card("c1", "key-c1", &answer), ERR_OK);
	assert_true(answer.replayed);
	assert_int_equal(add_card("c1", "key-c2", &answer), ERR_TAKEN);
	assert_int_equal(answer.status, 409);
	assert_int_equal(add_card("c1", NULL, &answer), ERR_TAKEN);
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM delivery"), 1);
}

/* The transaction that is undone takes its event along; the one that counts brings it. */
static void test_a_lost_commit_announces_once(void **state)
{
	struct answer answer;
	char barcode[16];

	(void)state;
	add_webhook(SCENE_ORGANISATION, 1, true);
	for (int n = 1; n <= 4; n++) {
		long long before = deliveries();
		snprintf(barcode, sizeof(barcode), "d%d", n);
		db_fail_after(on.on.db, n, DB_FAULT_UNANSWERED);
		enum err err = add_card(barcode, barcode, &answer);
		db_fail_after(on.on.db, 0, DB_FAULT_NONE);
		assert_int_equal(deliveries() - before, err == ERR_OK ? 1 : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_each_live_webhook_gets_it, set_up),
		cmocka_unit_test_setup(test_without_webhooks_nothing_is_written, set_up),
		cmocka_unit_test_setup(test_a_refusal_is_no_event, set_up),
		cmocka_unit_test_setup(test_a_lost_commit_announces_once, set_up),
	};
	int failed;

	if (!scene_open(&on, "test_delivery"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	return failed;
}
