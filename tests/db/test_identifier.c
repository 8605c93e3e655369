/* Identifiers and cards of a customer changed: every refusal, and what is kept. */
#include "unit.h"

#include "people.h"
#include "uuid.h"

static void test_what_is_refused(void **state)
{
	struct uuid one = person_with("+7 900 000-00-01", "one@example.org");
	struct uuid two = person_with("", "");
	const struct {
		const char *source, *account, *type, *value;
		enum err err;
		enum reason reason;
	} rows[] = {
		{"NOWHERE", NULL, "email", "x@example.org", ERR_NOT_FOUND, REASON_SOURCE_UNKNOWN},
		{"", NULL, "email", "x@example.org", ERR_NOT_FOUND, REASON_SOURCE_UNKNOWN},
		{"MANY", NULL, "email", "x@example.org", ERR_INVALID, REASON_ACCOUNT_REQUIRED},
		{"MANY", "no", "email", "x@example.org", ERR_NOT_FOUND, REASON_ACCOUNT_UNKNOWN},
		{"INSTORE", NULL, "e-mail", "x@example.org", ERR_INVALID, REASON_UNKNOWN_VALUE},
		{"INSTORE", NULL, "email", "x@example", ERR_INVALID, REASON_EMAIL_SYNTAX},
		{"INSTORE", NULL, "email", "@example.org", ERR_INVALID, REASON_EMAIL_SYNTAX},
		{"INSTORE", NULL, "email", "a@b@example.org", ERR_INVALID, REASON_EMAIL_SYNTAX},
		{"INSTORE", NULL, "email", "a@example..org", ERR_INVALID, REASON_EMAIL_SYNTAX},
		{"INSTORE", NULL, "email", "", ERR_INVALID, REASON_EMAIL_SYNTAX},
		{"INSTORE", NULL, "mobile", "123456", ERR_INVALID, REASON_MOBILE_SYNTAX},
		{"INSTORE", NULL, "mobile", "1234567890123456", ERR_INVALID, REASON_MOBILE_SYNTAX},
		{"INSTORE", NULL, "mobile", "7900a000001", ERR_INVALID, REASON_MOBILE_SYNTAX},
		{"INSTORE", NULL, "externalId", " ", ERR_INVALID, REASON_EXTERNAL_SYNTAX},
		{"INSTORE", NULL, "wechat", "", ERR_INVALID, REASON_MALFORMED},
		{"INSTORE", NULL, "wechat", "a\tb", ERR_INVALID, REASON_MALFORMED},
		{"INSTORE", NULL, "mobile", "79000000001", ERR_TAKEN, REASON_IDENTIFIER_OTHERS},
		{"INSTORE", NULL, "email", "ONE@example.org", ERR_TAKEN, REASON_IDENTIFIER_OTHERS},
		{"INSTORE", "any", "mobile", "1234567", ERR_OK, REASON_NONE},
		{"WEB", NULL, "mobile", "123456789012345", ERR_OK, REASON_NONE},
		{"MANY", "a", "email", "two@example.org", ERR_OK, REASON_NONE},
		{"MANY", "a", "email", "Two@example.org", ERR_TAKEN, REASON_IDENTIFIER_OWN},
		{"MANY", "b", "email", "two@example.org", ERR_OK, REASON_NONE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum err err = add(two, rows[i].source, rows[i].account,
				   entry(rows[i].type, rows[i].value), NULL);
		if (err != rows[i].err || on.ctx.detail.reason != rows[i].reason)
			fail_msg("row %zu: %s, %s", i, err_text(err),
				 reason_name(on.ctx.detail.reason));
	}
	assert_int_equal(drop(two, "INSTORE", entry("mobile", "79000000001")), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_IDENTIFIER_UNKNOWN);
	assert_int_equal(drop(two, "WEB", entry("mobile", "1234567")), ERR_NOT_FOUND);
	assert_true(str_eq(look(two).phone, STR("1234567")));
	assert_true(str_eq(look(one).phone, STR("+7 900 000-00-01")));
}

static void test_who_is_refused(void **state)
{
	struct uuid locked = deck_person(&on, true), removed = deck_person(&on, false);
	struct identifier_change_in in = {.source = STR("INSTORE")};
	struct nothing out;

	(void)state;
	put(&in.add, entry("wechat", "nobody"));
	in.customer_id = INT64_MAX;
	assert_int_equal(change(&in, NULL), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_UNKNOWN);
	in.customer_id = serial_of(locked);
	assert_int_equal(change(&in, NULL), ERR_CONFLICT);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_BLOCKED);
	assert_int_equal(scene_run(&on, &op_person_delete, &(struct id_in){removed}, &out), ERR_OK);
	in.customer_id = serial_of(removed);
	assert_int_equal(change(&in, NULL), ERR_CONFLICT);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_REMOVED);
	on.ctx.principal.organisation_id = SCENE_OTHER;
	in.customer_id = serial_of(locked);
	assert_int_equal(change(&in, NULL), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_UNKNOWN);
	on.ctx.principal.organisation_id = SCENE_ORGANISATION;
}

/* Source, then customer, then shape: the first that is wrong is told. */
static void test_the_order_of_checks(void **state)
{
	struct identifier_change_in in = {.customer_id = INT64_MAX,
					  .source = STR("NOWHERE"),
					  .add = {.fault = REASON_NOT_OBJECT, .member = "add"}};

	(void)state;
	assert_int_equal(change(&in, NULL), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_SOURCE_UNKNOWN);
	in.source = STR("INSTORE");
	assert_int_equal(change(&in, NULL), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_UNKNOWN);
	in.customer_id = serial_of(deck_person(&on, false));
	assert_int_equal(change(&in, NULL), ERR_INVALID);
	assert_true(scene_refused(&on, "add", REASON_NOT_OBJECT));
	in.add.fault = REASON_NONE;
	assert_int_equal(change(&in, NULL), ERR_INVALID);
	assert_true(scene_refused(&on, "add", REASON_REQUIRED));
}

/* The first of a kind is the person's; when it goes, the next takes its place. */
static void test_the_first_in_store_is_the_persons(void **state)
{
	struct uuid one = person_with("", "");
	struct identifier_change_in swap = {.customer_id = serial_of(one),
					    .source = STR("INSTORE")};
	struct identifier_change_out out;

	(void)state;
	assert_int_equal(add(one, "INSTORE", NULL, entry("email", "First@example.org"), &out),
			 ERR_OK);
	assert_int_equal(out.created_id, swap.customer_id);
	assert_int_equal(out.warnings.n, 0);
	assert_int_equal(add(one, "INSTORE", NULL, entry("email", "second@example.org"), NULL),
			 ERR_OK);
	assert_int_equal(add(one, "WEB", NULL, entry("email", "web@example.org"), NULL), ERR_OK);
	assert_true(str_eq(look(one).email, STR("First@example.org")));
	assert_int_equal(rows_of(one), 3);
	assert_int_equal(drop(one, "INSTORE", entry("email", "first@example.org")), ERR_OK);
	assert_true(str_eq(look(one).email, STR("second@example.org")));
	put(&swap.remove, entry("email", "second@example.org"));
	put(&swap.add, entry("email", "second@example.org"));
	put(&swap.add, entry("email", "third@example.org"));
	assert_int_equal(change(&swap, NULL), ERR_OK);
	assert_true(str_eq(look(one).email, STR("second@example.org")));
	assert_int_equal(rows_of(one), 3);
	/* Another's further identifier is taken for everybody. */
	struct person_in other = {.row = {.name = STR("B"),
					  .login = STR("other"),
					  .email = STR("THIRD@example.org")}};
	struct id_out id;
	assert_int_equal(scene_run(&on, &op_person_add, &other, &id), ERR_TAKEN);
	assert_true(scene_refused(&on, "row.email", REASON_ALREADY_USED));
}

static void test_all_or_nothing(void **state)
{
	struct uuid one = person_with("", "all@example.org");
	struct identifier_change_in in = {.customer_id = serial_of(one), .source = STR("INSTORE")};

	(void)state;
	put(&in.remove, entry("email", "all@example.org"));
	put(&in.add, entry("wechat", "all"));
	put(&in.add, entry("mobile", "bad"));
	assert_int_equal(change(&in, NULL), ERR_INVALID);
	assert_int_equal(rows_of(one), 1);
	assert_true(str_eq(look(one).email, STR("all@example.org")));
}

static void test_a_card_is_linked_and_unlinked(void **state)
{
	struct uuid one = person_with("", ""), two = person_with("", "");
	struct uuid card = deck_card(&on, (struct card_in){.balance = {0}});
	struct uuid other = deck_card(&on, (struct card_in){.balance = {0}});
	struct identifier_entry link = entry("cardnumber", deck_see(&on, card).row.barcode.at);
	struct identifier_entry second = entry("cardnumber", deck_see(&on, other).row.barcode.at);
	struct identifier_change_in both = {.customer_id = serial_of(one),
					    .source = STR("INSTORE")};

	(void)state;
	assert_int_equal(add(one, "INSTORE", NULL, link, NULL), ERR_INVALID);
	assert_int_equal(on.ctx.detail.reason, REASON_LABEL_REQUIRED);
	link.label = second.label = STR("ACTIVE");
	put(&both.add, link);
	put(&both.add, second);
	assert_int_equal(change(&both, NULL), ERR_INVALID);
	assert_int_equal(on.ctx.detail.reason, REASON_CARDS_ADDED);
	assert_int_equal(add(one, "INSTORE", NULL, link, NULL), ERR_OK);
	assert_true(deck_see(&on, card).row.active);
	assert_true(holds(one, card));
	assert_int_equal(add(two, "INSTORE", NULL, link, NULL), ERR_CONFLICT);
	assert_int_equal(on.ctx.detail.reason, REASON_LINKED_OTHER);
	link.label = STR("NOT_ISSUED");
	assert_int_equal(drop(two, "INSTORE", link), ERR_CONFLICT);
	assert_int_equal(on.ctx.detail.reason, REASON_NOT_LINKED);
	assert_int_equal(drop(one, "INSTORE", link), ERR_OK);
	assert_true(holds((struct uuid){{0}}, card));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_who_is_refused),
		cmocka_unit_test(test_the_order_of_checks),
		cmocka_unit_test(test_the_first_in_store_is_the_persons),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_a_card_is_linked_and_unlinked),
	};

	if (!scene_open(&on, "test_identifier"))
		return 1;
	int failed = cmocka_run_group_tests(tests, people_sources, NULL);
	scene_close(&on);
	return failed;
}
