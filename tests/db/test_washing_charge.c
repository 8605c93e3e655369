/* Charges at a till, and what the questions of a till cost the server. */
#include "unit.h"

#include "rows_read.h"
#include "statement.h"
#include "uuid.h"
#include "wash.h"

static struct scene scene;

static int64_t money(struct uuid card)
{
	return deck_number(
		&scene,
		"SELECT COALESCE(MAX(balance), 0) FROM account WHERE unit = 2 AND card_id = %s",
		card);
}

static void money_and_bonus_are_two_entries(void **state)
{
	static const struct {
		int64_t amount, percent, bonus;
	} cases[] = {
		{1, 0, 0},        {4999, 0, 0},     {5000, 500, 250},    {5009, 500, 250},
		{5010, 500, 251}, {9999, 500, 500}, {10000, 1050, 1050}, {10047, 1050, 1055},
	};
	struct uuid card = wash_card(&scene, "bonus");
	int64_t sum = 0, entries = 0;
	(void)state;
	scene.settings.bonus_tiers[0] = (struct bonus_tier){{10000}, {1050}};
	scene.settings.bonus_tiers[1] = (struct bonus_tier){{5000}, {500}};
	scene.settings.bonus_tiers_n = 2;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct charge_in in = wash_charge("bonus", cases[i].amount);
		struct charge_out out;
		assert_int_equal(scene_run(&scene, &op_charge, &in, &out), ERR_OK);
		sum += cases[i].amount + cases[i].bonus;
		entries += cases[i].bonus > 0 ? 2 : 1;
		assert_int_equal(out.amount.minor, cases[i].amount);
		assert_int_equal(out.bonus_percent.minor, cases[i].percent);
		assert_int_equal(out.bonus.minor, cases[i].bonus);
		assert_int_equal(out.total.minor, cases[i].amount + cases[i].bonus);
		assert_int_equal(out.credit.minor, sum);
	}
	scene.settings.bonus_tiers_n = 0;
	assert_int_equal(money(card), sum);
	assert_int_equal(deck_number(&scene, "SELECT COUNT(*) FROM entry WHERE card_id = %s", card),
			 entries);
	assert_true(deck_is_sound(&scene));
}

static void what_takes_money(void **state)
{
	static const struct {
		const char *set;
		int64_t amount;
		enum err want;
		const char *member;
		enum reason reason;
	} cases[] = {
		{"kind = 1", 100, ERR_OK, NULL, REASON_NONE},
		{"kind = 0, active = 0", 100, ERR_OK, NULL, REASON_NONE},
		{"active = 1", 0, ERR_INVALID, "amount", REASON_OUT_OF_RANGE},
		{"active = 1", -1, ERR_INVALID, "amount", REASON_OUT_OF_RANGE},
		{"active = 1", 1, ERR_OK, NULL, REASON_NONE},
		{"active = 1", AMOUNT_MINOR_MAX, ERR_CONFLICT, "amount", REASON_BALANCE_RANGE},
		{"blocked = 1, blocked_until = 9223372036854775807", 100, ERR_CONFLICT,
		 "key.card_number", REASON_BLOCKED},
		{"blocked = 0, holder_locked = 1", 100, ERR_CONFLICT, "key.card_number",
		 REASON_BLOCKED},
		{"holder_locked = 0, live = NULL", 100, ERR_NOT_FOUND, "key.card_number",
		 REASON_NO_CARD},
	};
	struct uuid card = wash_card(&scene, "takes");
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct charge_in in = wash_charge("takes", cases[i].amount);
		struct charge_out out;
		char sql[160];
		snprintf(sql, sizeof sql, "UPDATE card SET %s WHERE id = %%s", cases[i].set);
		deck_sql(&scene, sql, card);
		assert_int_equal(scene_run(&scene, &op_charge, &in, &out), cases[i].want);
		if (cases[i].want != ERR_OK)
			assert_true(scene_refused(&scene, cases[i].member, cases[i].reason));
	}
	assert_int_equal(money(card), 201);
}

static void a_charge_pays_the_debt_first(void **state)
{
	struct uuid card = wash_card(&scene, "debt");
	struct sale_in sale = wash_sale(&scene, "debt", "1", 500, 0);
	struct sale_out out;
	(void)state;
	deck_sql(&scene, "UPDATE card SET is_credit = 1, credit_limit = 500 WHERE id = %s", card);
	assert_int_equal(wash_sell(&scene, &sale, &out), ERR_OK);
	assert_int_equal(out.credit.minor, 0);
	assert_int_equal(wash_put(&scene, "debt", 300), 300);
	assert_int_equal(deck_number(&scene,
				     "SELECT debt FROM account WHERE unit = 2 AND card_id = %s",
				     card),
			 200);
	assert_int_equal(wash_put(&scene, "debt", 300), 600);
	assert_int_equal(money(card), 100);
	struct card_information_out seen = wash_see(&scene, "debt");
	assert_true(seen.is_credit_card);
	assert_int_equal(seen.credit.minor, 600);
	assert_true(deck_is_sound(&scene));
}

static void a_receipt_number_is_one_charge(void **state)
{
	struct charge_in in = wash_charge("receipt", 10000), other;
	struct charge_out out, again;
	struct uuid card = wash_card(&scene, "receipt");
	(void)state;
	scene.settings.bonus_tiers[0] = (struct bonus_tier){{5000}, {500}};
	scene.settings.bonus_tiers_n = 1;
	in.receipt_number = STR("C1");
	assert_int_equal(scene_run(&scene, &op_charge, &in, &out), ERR_OK);
	scene.settings.bonus_tiers_n = 0;
	wash_put(&scene, "receipt", 1);
	assert_int_equal(scene_run(&scene, &op_charge, &in, &again), ERR_OK);
	assert_true(scene.ctx.replayed);
	assert_memory_equal(&again, &out, sizeof out);
	assert_int_equal(money(card), 10501);
	other = in;
	other.amount.minor++;
	assert_int_equal(scene_run(&scene, &op_charge, &other, &again), ERR_MISMATCH);
	assert_true(scene_refused(&scene, "receipt_number", REASON_RECEIPT_OTHER));
	other = in;
	other.key.card_number = STR("other");
	assert_int_equal(scene_run(&scene, &op_charge, &other, &again), ERR_MISMATCH);
	/* a sale's numbers are others */
	struct sale_in sale = wash_sale(&scene, "receipt", "0", 100, 0);
	struct sale_out sold;
	sale.receipt_number = STR("C1");
	assert_int_equal(wash_sell(&scene, &sale, &sold), ERR_OK);
	assert_false(scene.ctx.replayed);
	assert_int_equal(money(card), 10501);
}

/* Organisation's lists are of points: money is no transaction there, and no document of it. */
static void money_is_not_among_the_points(void **state)
{
	struct uuid card = wash_card(&scene, "lists");
	struct charge_in in = wash_charge("lists", 10000);
	struct charge_out out;
	struct sale_in sale = wash_sale(&scene, "lists", "1", 100, 0);
	struct sale_out sold;
	(void)state;
	scene.settings.bonus_tiers[0] = (struct bonus_tier){{5000}, {500}};
	scene.settings.bonus_tiers_n = 1;
	in.receipt_number = sale.receipt_number = STR("D1");
	assert_int_equal(scene_run(&scene, &op_charge, &in, &out), ERR_OK);
	assert_int_equal(wash_sell(&scene, &sale, &sold), ERR_OK);
	scene.settings.bonus_tiers_n = 0;
	struct posting_in posting = {
		.card_id = card, .type = POSTING_ON, .sum = {500}, .doc_id = STR("D1")};
	struct id_out posted;
	assert_int_equal(scene_run(&scene, &op_transaction_add, &posting, &posted), ERR_OK);
	assert_false(scene.ctx.replayed);
	struct transaction_list_in list = {.card_id = card, .page = {.page = 1}};
	struct transaction_list_out listed;
	assert_int_equal(scene_run(&scene, &op_transaction_list, &list, &listed), ERR_OK);
	assert_int_equal(listed.transactions.n, 1);
	struct balance_info_in info = {.id = card};
	struct balance_info_out figures;
	assert_int_equal(scene_run(&scene, &op_balance_info, &info, &figures), ERR_OK);
	assert_int_equal(figures.available.minor, 500);
	assert_int_equal(figures.last.n, 1);
}

static enum err same_charge(struct scene *own, int number)
{
	struct charge_in in = wash_charge("many", 100);
	struct charge_out out;
	(void)number;
	in.receipt_number = STR("M1");
	enum err err = scene_run(own, &op_charge, &in, &out);
	return err == ERR_OK && !own->ctx.replayed ? ERR_TAKEN : err;
}

static void one_receipt_at_many_tills_is_one_charge(void **state)
{
	struct uuid card = wash_card(&scene, "many");
	int counts[ERR__MAX];
	(void)state;
	deck_race(&scene, 8, same_charge, counts);
	assert_int_equal(counts[ERR_TAKEN], 1);
	assert_int_equal(counts[ERR_OK], 7);
	assert_int_equal(money(card), 100);
}

/* Rows that the server reads do not grow with the table, nor with a card's past. */
static void questions_are_answered_by_indexes(void **state)
{
	struct uuid holder = wash_holder(&scene, "Often", WASH_START_MS);
	struct uuid card = wash_card(&scene, "often");
	struct card_information_in by_plate = {.key = {.license_plate = STR("often 1")},
					       .max_last_washings = 5};
	struct card_information_in by_uid = {.key = {.card_uid = STR("987654321")},
					     .max_last_washings = 5};
	struct card_information_out out;
	struct sale_in sale = wash_sale(&scene, "often", "0", 100, 1);
	struct sale_out sold;
	(void)state;
	wash_attach(&scene, card, holder);
	wash_plate(&scene, holder, "OFTEN 1");
	deck_sql(&scene, "UPDATE card SET uid = UNHEX('000000003ADE68B1') WHERE id = %s", card);
	deck_sql(&scene,
		 "INSERT INTO washing SELECT 1, UNHEX(LPAD(HEX(seq), 32, '0')), 1000000 + seq, "
		 "IF(seq <= 3000, %s, 0x01), IF(seq <= 3000, "
		 "(SELECT person_id FROM card WHERE barcode = 'often'), 0x02), seq, '', '', 0, '', "
		 "'0', 100, 100, 0 FROM seq_1_to_20000",
		 card);
	deck_sql(&scene,
		 "INSERT INTO washing_item SELECT 1, UNHEX(LPAD(HEX(seq), 32, '0')), 0, 'wash', "
		 "100, "
		 "100, 100 FROM seq_1_to_20000",
		 card);
	sent_set(&by_plate.sent, offsetof(struct card_information_in, max_last_washings));
	sent_set(&by_uid.sent, offsetof(struct card_information_in, max_last_washings));
	static const struct {
		const char *what;
		int64_t most;
	} limits[] = {{"by plate", 3100},
		      {"by uid", 3100},
		      {"a sale", 200},
		      {"a sale with the programme", 3200}};
	for (size_t i = 0; i < COUNT(limits); i++) {
		scene.settings.birthday_required_washings = i == 3;
		rows_read(&scene.on);
		enum err err = i < 2 ? scene_run(&scene, &op_card_information,
						 i ? &by_uid : &by_plate, &out)
				     : wash_sell(&scene, &sale, &sold);
		int64_t read = rows_read(&scene.on);
		assert_int_equal(err, ERR_OK);
		print_message("%s: %lld rows\n", limits[i].what, (long long)read);
		assert_true(read <= limits[i].most);
	}
	assert_int_equal(out.washings.n, 5);
	scene.settings.birthday_required_washings = 0;
}

/* However the card is named, in the second statement's place or after it: two packets. And no card
 * is that of an earlier request. */
static void a_till_waits_for_two_packets(void **state)
{
	static const int64_t hour_ms = 3600000;
	struct uuid card = wash_card(&scene, "4711"), other = wash_card(&scene, "4712");
	struct uuid holder = wash_holder(&scene, "Packets", 0);
	struct till_key keys[] = {{.card_number = STR("4711")},
				  {.card_uid = STR("4711")},
				  {.license_plate = STR("PA CK 1")}};
	(void)state;
	wash_attach(&scene, card, holder);
	wash_plate(&scene, holder, "PA CK 1");
	wash_put(&scene, "4711", 100000);
	wash_put(&scene, "4712", 50000);
	scene.settings.birthday_required_washings = 3;
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct sale_in sale = wash_sale(&scene, "4711", PAYMENT_METHOD_CARD, 1000, 1);
		struct charge_in charge = wash_charge("4711", 1000);
		struct sale_out sold;
		struct charge_out put;
		sale.key = charge.key = keys[i];
		int64_t calls = db_stats(scene.on.db)->calls;
		assert_int_equal(wash_sell(&scene, &sale, &sold), ERR_OK);
		assert_int_equal(scene_run(&scene, &op_charge, &charge, &put), ERR_OK);
		if (i > 0) /* the first of all prepares its statements */
			assert_int_equal(db_stats(scene.on.db)->calls - calls, 4);
		scene.clock.fixed_ms += hour_ms;
	}
	assert_int_equal(money(card), 100000 - 3 * 1100 + 3 * 1000);
	struct charge_in nobody = wash_charge("4713", 1000);
	struct charge_out put;
	assert_int_equal(scene_run(&scene, &op_charge, &nobody, &put), ERR_NOT_FOUND);
	assert_int_equal(money(other), 50000);
	scene.settings.birthday_required_washings = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money_and_bonus_are_two_entries),
		cmocka_unit_test(what_takes_money),
		cmocka_unit_test(a_charge_pays_the_debt_first),
		cmocka_unit_test(a_receipt_number_is_one_charge),
		cmocka_unit_test(money_is_not_among_the_points),
		cmocka_unit_test(one_receipt_at_many_tills_is_one_charge),
		cmocka_unit_test(questions_are_answered_by_indexes),
		cmocka_unit_test(a_till_waits_for_two_packets),
	};
	if (!scene_open(&scene, "test_washing_charge"))
		return 1;
	scene.clock.fixed_ms = WASH_START_MS;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&scene);
	return failed;
}
