/* Customers looked up and shown among many: by an index each, and as what they are. */
#include "unit.h"

#include "customer.h"
#include "customer_view.h"
#include "people.h"
#include "rows_read.h"
#include "uuid.h"

static struct customer_lookup_in by(const char *name, const char *value)
{
	return (struct customer_lookup_in){
		.source = STR(SOURCE_INSTORE), .name = str_of(name), .value = str_of(value)};
}

static enum err look_up(const char *name, const char *value, int64_t *serial_r)
{
	struct customer_lookup_in in = by(name, value);
	struct customer_lookup_out out = {.serial = 0};

	enum err err = scene_run(&on, &op_customer_lookup, &in, &out);
	*serial_r = out.serial;
	return err;
}

static enum err show(int64_t serial, const char *source, struct customer_show_out *out)
{
	struct customer_show_in in = {
		.customer_id = serial, .source = str_of(source), .account = STR("a")};

	return scene_run(&on, &op_customer_show, &in, out);
}

/* As many others as make a scan seen. */
static void fill(void)
{
	static const char *const sql[] = {
		"INSERT INTO identifier SELECT 1, UNHEX(MD5(CONCAT('i', seq))), "
		"UNHEX(MD5(CONCAT('p', seq))), 'INSTORE', '', 4, CONCAT('w', seq), "
		"CONCAT('w', seq), 0 FROM seq_1_to_20000",
		"INSERT INTO source VALUES (1, 'FULL', 0, 0)",
		"ANALYZE TABLE identifier",
	};

	for (size_t i = 0; i < COUNT(sql); i++)
		assert_int_equal(database_run(&on.on, sql[i]), 0);
}

static void test_every_look_is_by_an_index(void **state)
{
	struct uuid one = person_with("79330000001", "look@example.org");
	struct uuid card = deck_card(&on, (struct card_in){.balance = {0}});
	struct card seen = deck_see(&on, card);
	const struct {
		const char *name, *value;
	} looks[] = {
		{"email", "LOOK@example.org"},
		{"mobile", "+7 933 000 00 01"},
		{"cardnumber", seen.row.barcode.at},
		{"cardExternalId", seen.row.code.at},
	};
	struct customer_show_out shown = {.serial = 0};
	int64_t serial, wanted = serial_of(one);

	(void)state;
	attach(one, card);
	fill();
	for (size_t i = 0; i < COUNT(looks); i++) {
		rows_read(&on.on);
		assert_int_equal(look_up(looks[i].name, looks[i].value, &serial), ERR_OK);
		assert_in_range(rows_read(&on.on), 1, 20);
		assert_int_equal(serial, wanted);
	}
	rows_read(&on.on);
	assert_int_equal(show(wanted, SOURCE_ALL, &shown), ERR_OK);
	assert_in_range(rows_read(&on.on), 1, 60);
	assert_true(shown.profiles.n == 1 && shown.cards.n == 1);
	rows_read(&on.on);
	assert_int_equal(add(one, "FULL", NULL, entry("wechat", "new"), NULL), ERR_OK);
	assert_in_range(rows_read(&on.on), 1, 100);
}

static void test_who_is_nobody(void **state)
{
	struct uuid card = deck_card(&on, (struct card_in){.balance = {0}});
	struct card seen = deck_see(&on, card);
	struct customer_show_out shown;
	int64_t serial;

	(void)state;
	assert_int_equal(look_up("email", "nobody@example.org", &serial), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_UNKNOWN);
	assert_int_equal(look_up("cardnumber", seen.row.barcode.at, &serial), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_UNKNOWN);
	assert_int_equal(look_up("shoe", "44", &serial), ERR_INVALID);
	assert_int_equal(look_up("email", "", &serial), ERR_INVALID);
	assert_int_equal(show(INT64_MAX, SOURCE_ALL, &shown), ERR_NOT_FOUND);
}

/* Two cards of one code are nobody's; a card that was replaced is its successor's holder's. */
static void test_cards_that_do_not_tell(void **state)
{
	struct uuid one = person_with("", "");
	struct uuid twins[] = {
		deck_card(&on, (struct card_in){.balance = {0}}),
		deck_card(&on, (struct card_in){.row = {.active = true}}),
		deck_card(&on, (struct card_in){.balance = {0}}),
	};
	int64_t serial;

	(void)state;
	attach(one, twins[0]);
	attach(one, twins[1]);
	deck_sql(&on, "UPDATE card SET code = 'twin', code_key = 'twin' WHERE id = %s", twins[0]);
	assert_int_equal(look_up("cardExternalId", "TWIN", &serial), ERR_OK);
	deck_sql(&on, "UPDATE card SET code = 'twin', code_key = 'twin' WHERE id = %s", twins[1]);
	assert_int_equal(look_up("cardExternalId", "TWIN", &serial), ERR_NOT_FOUND);
	struct card old = deck_see(&on, twins[1]);
	assert_int_equal(deck_replace(&on, twins[1], twins[2]), ERR_OK);
	assert_int_equal(look_up("cardnumber", old.row.barcode.at, &serial), ERR_NOT_FOUND);
	assert_int_equal(look_up("cardExternalId", "TWIN", &serial), ERR_OK);
	assert_int_equal(serial, serial_of(one));
}

static void test_a_profile_for_each_source(void **state)
{
	struct uuid one = person_with("", "each@example.org");
	struct customer_show_out shown = {.serial = 0};
	const struct customer_profile *profile;
	int64_t serial = serial_of(one);

	(void)state;
	assert_int_equal(add(one, "WEB", NULL, entry("email", "web@example.org"), NULL), ERR_OK);
	assert_int_equal(add(one, "MANY", "a", entry("line", "l"), NULL), ERR_OK);
	assert_int_equal(show(serial, SOURCE_ALL, &shown), ERR_OK);
	assert_int_equal(shown.profiles.n, 3);
	profile = shown.profiles.rows;
	assert_true(str_eq(profile[0].source, STR("INSTORE")) && profile[0].identifiers.n == 1);
	assert_true(str_eq(profile[1].source, STR("WEB")) && profile[1].channels.n == 1);
	assert_true(str_eq(profile[2].account, STR("a")) && profile[2].channels.n == 0);
	shown.profiles.n = 0;
	assert_int_equal(show(serial, "MANY", &shown), ERR_OK);
	assert_int_equal(shown.profiles.n, 1);
	assert_int_equal(show(serial, "FULL", &shown), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_look_is_by_an_index),
		cmocka_unit_test(test_who_is_nobody),
		cmocka_unit_test(test_cards_that_do_not_tell),
		cmocka_unit_test(test_a_profile_for_each_source),
	};

	if (!scene_open(&on, "test_customer"))
		return 1;
	int failed = cmocka_run_group_tests(tests, people_sources, NULL);
	scene_close(&on);
	return failed;
}
