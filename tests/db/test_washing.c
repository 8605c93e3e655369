/* What a till sees of a card, and how it names one. */
#include "unit.h"

#include "settings.h"
#include "stmt_gen.h"
#include "uuid.h"
#include "wash.h"

static struct scene scene;

static struct card_information_in named(const char *number, const char *uid, const char *plate)
{
	return (struct card_information_in){.key = {.card_number = str_of(number),
						    .card_uid = str_of(uid),
						    .license_plate = str_of(plate)}};
}

static struct card_information_out look(const struct card_information_in *in, enum err want)
{
	struct card_information_out out;
	assert_int_equal(scene_run(&scene, &op_card_information, in, &out), want);
	return out;
}

static void the_first_name_that_is_there_decides(void **state)
{
	static const struct {
		const char *number, *uid, *plate, *found, *member;
	} cases[] = {
		{"N-1", NULL, NULL, "n-1", NULL},
		{" n-1 ", NULL, NULL, "n-1", NULL},
		{"", "", "а 123 ВС-77", "n-1", NULL},
		{NULL, "255", NULL, "n-2", NULL},
		{NULL, "00255", "A123BC", "n-2", NULL},
		{NULL, "FF", NULL, "n-2", NULL},
		{"N-1", "255", NULL, "n-1", NULL},
		{"n-1x", "255", "а123вс77", NULL, "key.card_number"},
		{" ", "255", NULL, NULL, "key.card_number"},
		{NULL, "256", "а123вс77", NULL, "key.card_uid"},
		{NULL, "18446744073709551616", NULL, NULL, "key.card_uid"},
		{NULL, "-1", NULL, NULL, "key.card_uid"},
		{NULL, "7", NULL, NULL, "key.card_uid"}, /* two of them */
		{NULL, NULL, "а123вс78", NULL, "key.license_plate"},
		{NULL, NULL, " - ", NULL, "key.license_plate"},
		{NULL, NULL, NULL, NULL, "key.card_number"},
	};
	struct uuid holder = wash_holder(&scene, "Plate", 0), card = wash_card(&scene, "n-1");
	(void)state;
	wash_attach(&scene, card, holder);
	wash_plate(&scene, holder, "А123ВС 77");
	deck_sql(&scene, "UPDATE card SET uid = UNHEX(LPAD('FF', 16, '0')) WHERE id = %s",
		 wash_card(&scene, "n-2"));
	for (int i = 0; i < 2; i++)
		deck_sql(&scene, "UPDATE card SET uid = UNHEX(LPAD('7', 16, '0')) WHERE id = %s",
			 wash_card(&scene, i ? "n-3" : "n-4"));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct card_information_in in =
			named(cases[i].number, cases[i].uid, cases[i].plate);
		struct card_information_out out =
			look(&in, cases[i].found ? ERR_OK : ERR_NOT_FOUND);
		if (cases[i].found)
			assert_string_equal(out.card_number.at, cases[i].found);
		else
			assert_true(scene_refused(&scene, cases[i].member, REASON_NO_CARD));
	}
}

static void a_long_number_is_not_cut(void **state)
{
	char number[66] = "";
	struct card_information_in in = named(number, NULL, NULL);
	(void)state;
	memset(number, 'x', 65);
	number[65] = '\0';
	wash_card(&scene, arena_strndup(scene.ctx.arena, number, 64));
	in.key.card_number.len = 65;
	look(&in, ERR_NOT_FOUND);
	in.key.card_number.len = 64;
	look(&in, ERR_OK);
}

static void of_several_cards_the_one_in_use_is_meant(void **state)
{
	struct uuid holder = wash_holder(&scene, "Several", 0);
	struct card_information_in in = named(NULL, NULL, "several");
	static const char *const numbers[] = {"s-0", "s-1", "s-2"};
	struct uuid card[COUNT(numbers)];
	(void)state;
	wash_plate(&scene, holder, "SEVERAL");
	look(&in, ERR_NOT_FOUND);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		scene.clock.fixed_ms++;
		card[i] = wash_card(&scene, numbers[i]);
		wash_attach(&scene, card[i], holder);
	}
	assert_string_equal(look(&in, ERR_OK).card_number.at, "s-0");
	scene.clock.fixed_ms += 1000;
	wash_put(&scene, "s-2", 100);
	assert_string_equal(look(&in, ERR_OK).card_number.at, "s-2");
	scene.clock.fixed_ms += 1000;
	struct sale_in cash = wash_sale(&scene, "s-1", "0", 100, 0);
	struct sale_out out;
	assert_int_equal(wash_sell(&scene, &cash, &out), ERR_OK);
	assert_string_equal(look(&in, ERR_OK).card_number.at, "s-1");
	deck_sql(&scene, "UPDATE card SET active = 0 WHERE id = %s", card[1]);
	assert_string_equal(look(&in, ERR_OK).card_number.at, "s-2");
	deck_sql(&scene,
		 "UPDATE card SET blocked = 1, blocked_until = 9223372036854775807 WHERE id = %s",
		 card[2]);
	assert_string_equal(look(&in, ERR_OK).card_number.at, "s-0");
	deck_sql(&scene, "UPDATE card SET active = 0 WHERE id = %s", card[0]);
	assert_string_equal(look(&in, ERR_OK).card_number.at, "s-1");
	/* a replaced one has no holder here */
	deck_sql(&scene, "UPDATE card SET new_card_id = id, active = 0 WHERE id = %s", card[2]);
	deck_sql(&scene, "UPDATE card SET live = NULL WHERE id = %s", card[1]);
	deck_sql(&scene, "UPDATE card SET live = NULL WHERE id = %s", card[0]);
	look(&in, ERR_NOT_FOUND);
	in = named("s-2", NULL, NULL);
	assert_false(look(&in, ERR_OK).has_customer);
}

static void a_till_is_looked_for_first(void **state)
{
	static const struct {
		bool sent, required;
		int64_t number;
		const char *card;
		enum reason reason;
	} cases[] = {
		{true, false, 0, "till-card", REASON_NONE},
		{true, true, 255, "till-card", REASON_NONE},
		{true, false, 1, "till-card", REASON_NO_TILL},
		{true, false, 1, "none", REASON_NO_TILL},
		{true, false, 0, "none", REASON_NO_CARD},
		{false, false, 0, "till-card", REASON_NONE},
		{false, true, 0, "till-card", REASON_NO_TILL},
		{false, true, 0, "none", REASON_NO_TILL},
	};
	(void)state;
	wash_card(&scene, "till-card");
	wash_till(&scene, 0);
	wash_till(&scene, 255);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct card_information_in in = named(cases[i].card, NULL, NULL);
		if (cases[i].sent)
			sent_set(&in.sent, offsetof(struct card_information_in, key.client_number));
		in.key.client_number = cases[i].number;
		scene.settings.tills_required = cases[i].required;
		look(&in, cases[i].reason ? ERR_NOT_FOUND : ERR_OK);
		if (cases[i].reason)
			assert_true(scene_refused(&scene,
						  cases[i].reason == REASON_NO_TILL
							  ? "key.client_number"
							  : "key.card_number",
						  cases[i].reason));
	}
	scene.settings.tills_required = 0;
}

static void another_organisation_sees_nothing(void **state)
{
	struct card_information_in in = named("foreign", NULL, NULL);
	struct sale_in sale = wash_sale(&scene, "foreign", "0", 100, 0);
	struct sale_out out;
	(void)state;
	wash_card(&scene, "foreign");
	look(&in, ERR_OK);
	scene.ctx.principal.organisation_id = SCENE_OTHER;
	look(&in, ERR_NOT_FOUND);
	assert_int_equal(wash_sell(&scene, &sale, &out), ERR_NOT_FOUND);
	sent_set(&in.sent, offsetof(struct card_information_in, key.client_number));
	look(&in, ERR_NOT_FOUND);
	assert_true(scene_refused(&scene, "key.client_number", REASON_NO_TILL));
	scene.ctx.principal.organisation_id = SCENE_ORGANISATION;
}

static void a_lock_and_its_message_are_shown(void **state)
{
	static const struct {
		const char *set, *message;
		bool locked;
	} cases[] = {
		{"message = 'hello'", "hello", false},
		{"message = ''", "", false},
		{"blocked = 1, blocked_until = 9223372036854775807, blocked_description = 'lost'",
		 "lost", true},
		{"message = 'hello'", "hello", true},
		{"blocked_until = 1", "hello", false},
		{"message = ''", "", false},
		{"blocked = 0, blocked_description = '', holder_locked = 1", "", true},
	};
	struct uuid card = wash_card(&scene, "lock");
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char sql[160];
		snprintf(sql, sizeof sql, "UPDATE card SET %s WHERE id = %%s", cases[i].set);
		deck_sql(&scene, sql, card);
		struct card_information_out out = wash_see(&scene, "lock");
		assert_int_equal(out.is_locked, cases[i].locked);
		assert_string_equal(out.message.at, cases[i].message);
	}
}

static void a_discount_ends_by_the_clock(void **state)
{
	static const struct {
		int64_t percent, until; /* until: from now, 0 = for good */
		int64_t shown;
		bool temporary;
	} cases[] = {
		{0, 0, 0, false},      {0, 1, 0, false},     {1250, 0, 1250, false},
		{1250, 1, 1250, true}, {1250, -1, 0, false},
	};
	struct uuid card = wash_card(&scene, "discount");
	(void)state;
	scene.settings.bonus_tiers[0] = (struct bonus_tier){{20000}, {1000}};
	scene.settings.bonus_tiers[1] = (struct bonus_tier){{5000}, {500}};
	scene.settings.bonus_tiers_n = 2;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t until = cases[i].until ? scene.clock.fixed_ms + cases[i].until : 0;
		char sql[160];
		snprintf(sql, sizeof sql,
			 "UPDATE card SET discount_percent = %lld, discount_until = %lld WHERE "
			 "id = %%s",
			 (long long)cases[i].percent, (long long)until);
		deck_sql(&scene, sql, card);
		struct bonus_information bonus = wash_see(&scene, "discount").bonus;
		assert_int_equal(bonus.discount_percent.minor, cases[i].shown);
		assert_int_equal(bonus.is_temporary, cases[i].temporary);
		assert_int_equal(bonus.discount_until.ms, cases[i].shown ? until : 0);
		assert_int_equal(bonus.tiers.n, 2);
		assert_int_equal(((struct bonus_tier *)bonus.tiers.rows)[0].threshold.minor, 5000);
	}
	scene.settings.bonus_tiers_n = 0;
}

static void a_customer_has_a_first_name(void **state)
{
	static const struct {
		const char *stored_first, *stored, *first, *name;
	} cases[] = {
		{"", "Anna Maria Berg", "Anna", "Maria Berg"},
		{"Anna", "Maria Berg", "Anna", "Maria Berg"},
		{"", "Anna", "Anna", ""},
		{"", "", "", ""},
		{"Anna", "", "Anna", ""},
		{"", "Анна  Берг", "Анна", "Берг"},
	};
	struct uuid holder = wash_holder(&scene, "x", 0), card = wash_card(&scene, "customer");
	(void)state;
	assert_false(wash_see(&scene, "customer").has_customer);
	wash_attach(&scene, card, holder);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char sql[200];
		snprintf(sql, sizeof sql,
			 "UPDATE person SET first_name = '%s', name = '%s', fax = '1', remark = "
			 "'r', "
			 "company_id = id WHERE id = %%s",
			 cases[i].stored_first, cases[i].stored);
		deck_sql(&scene, sql, holder);
		struct card_information_out out = wash_see(&scene, "customer");
		assert_true(out.has_customer && !out.has_birthday);
		assert_true(str_eq(out.customer.first_name, str_of(cases[i].first)));
		assert_true(str_eq(out.customer.name, str_of(cases[i].name)));
		assert_string_equal(out.customer.fax.at, "1");
		assert_string_equal(out.customer.remark.at, "r");
		assert_int_equal(out.customer.company.len, 0);
	}
}

static void a_birthday_is_shown_without_a_programme(void **state)
{
	struct uuid holder = wash_holder(&scene, "Born", INT64_C(951782400000)); /* 2000-02-29 */
	(void)state;
	wash_attach(&scene, wash_card(&scene, "born"), holder);
	struct card_information_out out = wash_see(&scene, "born");
	assert_true(out.has_birthday);
	assert_int_equal(out.birthday.required_washings, 0);
	assert_false(out.birthday.received);
	assert_int_equal(out.birthday.birthday.ms, INT64_C(951782400000) - 3 * 3600000);
	/* 2026-02-28, 00:00 in Moscow */
	assert_int_equal(out.birthday.birthday_of_year.ms, INT64_C(1772226000000));
	assert_int_equal(out.birthday.period_start.ms, out.birthday.birthday_of_year.ms);
	assert_int_equal(out.birthday.period_end.ms,
			 out.birthday.period_start.ms + 30 * WASH_DAY_MS);
	assert_int_equal(out.birthday.last_wash.ms, 0);
}

static void the_newest_washings_come_first(void **state)
{
	static const struct {
		bool sent;
		int64_t most;
		size_t shown;
	} cases[] = {
		{false, 0, 100}, {true, 0, 0}, {true, 1, 1}, {true, 100, 100}, {true, 101, 100}};
	struct article_row article = {.organisation_id = SCENE_ORGANISATION,
				      .number = STR("option"),
				      .serial = 77,
				      .label = STR("Wax"),
				      .label_receipt = STR("")};
	(void)state;
	assert_int_equal(sql_article_put(scene.on.db, &article, NULL), ERR_OK);
	wash_card(&scene, "newest");
	for (int i = 0; i < 101; i++) {
		struct sale_in in =
			wash_sale(&scene, "newest", i == 100 ? "Voucher" : "", i, (size_t)i % 3);
		struct sale_out out;
		scene.clock.fixed_ms += 1000;
		assert_int_equal(wash_sell(&scene, &in, &out), ERR_OK);
	}
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct card_information_in in = named("newest", NULL, NULL);
		in.max_last_washings = cases[i].most;
		if (cases[i].sent)
			sent_set(&in.sent, offsetof(struct card_information_in, max_last_washings));
		struct list washings = look(&in, ERR_OK).washings;
		const struct washing_shown *shown = washings.rows;
		assert_int_equal(washings.n, cases[i].shown);
		for (size_t j = 0; j < washings.n; j++) {
			const struct washing_line *option = shown[j].options.rows;
			assert_int_equal(shown[j].line.time.ms,
					 scene.clock.fixed_ms - (int64_t)j * 1000);
			assert_int_equal(shown[j].line.total.minor, 100 - (int64_t)j);
			assert_string_equal(shown[j].line.label.at, "wash");
			assert_int_equal(shown[j].line.article_id, 0);
			assert_string_equal(shown[j].payment_method.at, j ? "0" : "Voucher");
			assert_int_equal(shown[j].options.n, (100 - j) % 3);
			if (shown[j].options.n > 0) {
				assert_int_equal(option->article_id, 77);
				assert_string_equal(option->label.at, "Wax");
				assert_string_equal(option->label_receipt.at, "Wax");
				assert_string_equal(option->article_number.at, "option");
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_name_that_is_there_decides),
		cmocka_unit_test(a_long_number_is_not_cut),
		cmocka_unit_test(of_several_cards_the_one_in_use_is_meant),
		cmocka_unit_test(a_till_is_looked_for_first),
		cmocka_unit_test(another_organisation_sees_nothing),
		cmocka_unit_test(a_lock_and_its_message_are_shown),
		cmocka_unit_test(a_discount_ends_by_the_clock),
		cmocka_unit_test(a_customer_has_a_first_name),
		cmocka_unit_test(a_birthday_is_shown_without_a_programme),
		cmocka_unit_test(the_newest_washings_come_first),
	};
	if (!scene_open(&scene, "test_washing"))
		return 1;
	scene.clock.fixed_ms = WASH_START_MS;
	strcpy(scene.settings.timezone, "Europe/Moscow");
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&scene);
	return failed;
}
