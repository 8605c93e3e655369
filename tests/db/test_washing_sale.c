/* Sales at a till: money, the birthday wash, points, receipts. */
#include "unit.h"

#include "db.h"
#include "stmt_gen.h"
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

static int64_t points(struct uuid card)
{
	return deck_number(
		&scene,
		"SELECT COALESCE(MAX(balance), 0) FROM account WHERE unit = 1 AND card_id = %s",
		card);
}

static struct sale_out sell(const char *number, const char *payment, int64_t price, size_t options,
			    enum err want)
{
	struct sale_in in = wash_sale(&scene, number, payment, price, options);
	struct sale_out out;
	assert_int_equal(wash_sell(&scene, &in, &out), want);
	return out;
}

static void the_card_pays_what_it_has(void **state)
{
	struct uuid card = wash_card(&scene, "pays");
	(void)state;
	assert_int_equal(wash_put(&scene, "pays", 1000), 1000);
	struct sale_out out = sell("pays", "1", 500, 2, ERR_OK);
	assert_int_equal(out.credit.minor, 300);
	assert_int_equal(out.paid.minor, 700);
	assert_false(out.is_free);
	assert_true(out.receipt_number.len > 0);
	sell("pays", "1", 301, 0, ERR_INSUFFICIENT);
	assert_true(scene_refused(&scene, "key.card_number", REASON_NOT_ENOUGH));
	assert_int_equal(money(card), 300);
	out = sell("pays", "1", 300, 0, ERR_OK);
	assert_int_equal(out.credit.minor, 0);
	out = sell("pays", "1", 0, 0, ERR_OK);
	assert_int_equal(out.credit.minor, 0);
	out = sell("pays", "0", 99900, 1, ERR_OK);
	assert_int_equal(out.credit.minor, 0);
	assert_int_equal(
		deck_number(&scene, "SELECT COUNT(*) FROM washing WHERE card_id = %s", card), 4);
	assert_int_equal(deck_number(&scene, "SELECT COUNT(*) FROM entry WHERE card_id = %s", card),
			 3);
	assert_true(deck_is_sound(&scene));
}

/* A line reaches as far as it says, for the card's own, the holder's and none. */
static void a_credit_line_is_respected(void **state)
{
	static const struct {
		const char *number, *set;
		int64_t line; /* how far below zero */
		int64_t shown;
	} cases[] = {
		{"line-none", "kind = 0", 0, 0},
		{"line-own", "is_credit = 1, credit_limit = 700", 700, 700},
		{"line-holder", "holder_credit = 1", 500, 0},
		{"line-both", "holder_credit = 1, is_credit = 1, credit_limit = 300", 300, 300},
		{"line-gift", "kind = 1, is_credit = 1, credit_limit = 700, holder_credit = 1", 0,
		 0},
	};
	(void)state;
	scene.settings.credit_limit.minor = 500;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct uuid card = wash_card(&scene, cases[i].number);
		char sql[128];
		snprintf(sql, sizeof sql, "UPDATE card SET %s WHERE id = %%s", cases[i].set);
		deck_sql(&scene, sql, card);
		assert_int_equal(wash_put(&scene, cases[i].number, 1000), 1000 + cases[i].shown);
		sell(cases[i].number, "1", 1001 + cases[i].line, 0, ERR_INSUFFICIENT);
		struct sale_out out = sell(cases[i].number, "1", 1000 + cases[i].line, 0, ERR_OK);
		assert_int_equal(out.credit.minor, cases[i].shown - cases[i].line);
		assert_int_equal(money(card), -cases[i].line);
		sell(cases[i].number, "1", 1, 0, ERR_INSUFFICIENT);
		assert_int_equal(wash_put(&scene, cases[i].number, 200),
				 cases[i].shown - cases[i].line + 200);
	}
	scene.settings.credit_limit.minor = 0;
	assert_true(deck_is_sound(&scene));
}

static void a_locked_card_buys_nothing(void **state)
{
	static const struct {
		const char *set, *method;
		enum err want;
		enum reason reason;
	} cases[] = {
		{"blocked = 1, blocked_until = 9223372036854775807", "0", ERR_CONFLICT,
		 REASON_BLOCKED},
		{"blocked = 1, blocked_until = 9223372036854775807", "1", ERR_CONFLICT,
		 REASON_BLOCKED},
		{"blocked = 1, blocked_until = 1", "1", ERR_OK, REASON_NONE},
		{"blocked = 0, holder_locked = 1", "1", ERR_CONFLICT, REASON_BLOCKED},
		{"holder_locked = 0, active = 0", "1", ERR_CONFLICT, REASON_INACTIVE},
		{"holder_locked = 0, active = 0", "0", ERR_OK, REASON_NONE},
		{"active = 1, valid_to = 1000", "1", ERR_CONFLICT, REASON_NOT_VALID},
		{"valid_to = 0", "1", ERR_OK, REASON_NONE},
	};
	struct uuid card = wash_card(&scene, "locked");
	(void)state;
	wash_put(&scene, "locked", 10000);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char sql[160];
		snprintf(sql, sizeof sql, "UPDATE card SET %s WHERE id = %%s", cases[i].set);
		deck_sql(&scene, sql, card);
		sell("locked", cases[i].method, 100, 0, cases[i].want);
		if (cases[i].want != ERR_OK)
			assert_true(scene_refused(&scene, "key.card_number", cases[i].reason));
	}
	deck_sql(&scene, "UPDATE card SET live = NULL WHERE id = %s", card);
	sell("locked", "0", 100, 0, ERR_NOT_FOUND);
	assert_true(scene_refused(&scene, "key.card_number", REASON_NO_CARD));
}

static void points_come_by_the_percentage(void **state)
{
	static const struct {
		int64_t percent, price, points;
	} cases[] = {{0, 100000, 0}, {500, 1000, 50}, {500, 9, 0},     {500, 10, 1},
		     {500, 29, 1},   {500, 30, 2},    {10000, 77, 77}, {250, 1000, 25}};
	struct uuid card = wash_card(&scene, "points"), gift = wash_card(&scene, "points-gift");
	int64_t sum = 0;
	(void)state;
	wash_put(&scene, "points", 1000000);
	deck_sql(&scene, "UPDATE card SET kind = 1 WHERE id = %s", gift);
	for (size_t i = 0; i < COUNT(cases); i++) {
		scene.settings.sale_points_percent.minor = cases[i].percent;
		struct sale_out out = sell("points", i % 2 ? "1" : "0", cases[i].price, 0, ERR_OK);
		sum += cases[i].points;
		assert_int_equal(out.points.minor, cases[i].points);
		assert_int_equal(points(card), sum);
		assert_int_equal(sell("points-gift", "0", cases[i].price, 0, ERR_OK).points.minor,
				 0);
	}
	assert_int_equal(points(gift), 0);
	/* the card's own dates: of the last of its two entries */
	assert_int_equal(deck_number(&scene,
				     "SELECT COUNT(*) FROM account a JOIN entry e ON "
				     "e.id = a.last_transaction_id AND e.kind = 2 WHERE a.unit = 1 "
				     "AND a.first_check_at > 0 AND a.card_id = %s",
				     card),
			 1);
	scene.settings.sale_points_percent.minor = 0;
	assert_true(deck_is_sound(&scene));
}

/* Money and points both go to the master's accounts; the dates stay the follower's. */
static void a_follower_pays_from_its_master(void **state)
{
	struct uuid master = wash_card(&scene, "master"), card = wash_card(&scene, "follower");
	(void)state;
	assert_int_equal(deck_master(&scene, card, master), ERR_OK);
	scene.settings.sale_points_percent.minor = 1000;
	assert_int_equal(wash_put(&scene, "follower", 1000), 1000);
	assert_int_equal(sell("follower", "1", 400, 0, ERR_OK).credit.minor, 600);
	assert_int_equal(wash_see(&scene, "master").credit.minor, 600);
	assert_int_equal(wash_see(&scene, "follower").credit.minor, 600);
	assert_int_equal(money(card), 0);
	assert_int_equal(points(master), 40);
	assert_int_equal(deck_number(&scene,
				     "SELECT COUNT(*) FROM account WHERE unit = 1 AND card_id = %s "
				     "AND last_transaction_at > 0",
				     card),
			 1);
	scene.settings.sale_points_percent.minor = 0;
	assert_true(deck_is_sound(&scene));
}

static void the_birthday_wash_is_free_once(void **state)
{
	struct uuid holder =
		wash_holder(&scene, "Birth Day", WASH_START_MS - 20 * 365 * WASH_DAY_MS);
	struct uuid a = wash_card(&scene, "birthday-a"), b = wash_card(&scene, "birthday-b");
	(void)state;
	/* born on 2006-06-06: it is the 1st now */
	wash_attach(&scene, a, holder);
	wash_attach(&scene, b, holder);
	scene.settings.birthday_required_washings = 2;
	wash_put(&scene, "birthday-a", 10000);
	assert_false(sell("birthday-a", "1", 500, 1, ERR_OK).is_free);
	scene.clock.fixed_ms += 4 * WASH_DAY_MS;
	assert_false(sell("birthday-b", "0", 500, 1, ERR_OK).is_free);
	scene.clock.fixed_ms += WASH_DAY_MS;
	struct sale_out out = sell("birthday-a", "1", 500, 3, ERR_OK);
	assert_true(out.is_free);
	assert_int_equal(out.paid.minor, 300);
	assert_int_equal(out.credit.minor, 10000 - 600 - 300);
	scene.clock.fixed_ms += 1;
	for (int i = 0; i < 3; i++)
		assert_false(sell(i ? "birthday-b" : "birthday-a", "0", 500, 0, ERR_OK).is_free);
	struct card_information_out seen = wash_see(&scene, "birthday-b");
	assert_true(seen.has_birthday && seen.birthday.received);
	assert_int_equal(seen.birthday.washings_since, 3);
	assert_int_equal(seen.birthday.last_wash.ms, scene.clock.fixed_ms - 1);
	seen = wash_see(&scene, "birthday-a");
	const struct washing_shown *shown = seen.washings.rows;
	assert_int_equal(seen.washings.n, 3);
	assert_int_equal(shown[1].line.total.minor, 0);
	assert_int_equal(shown[1].options.n, 3);
	scene.clock.fixed_ms += 365 * WASH_DAY_MS;
	assert_true(sell("birthday-b", "0", 500, 0, ERR_OK).is_free);
	scene.clock.fixed_ms = WASH_START_MS + 30 * WASH_DAY_MS;
	scene.settings.birthday_required_washings = 0;
}

static enum err free_sale(struct scene *own, int number)
{
	struct sale_in in = wash_sale(own, number % 2 ? "free-b" : "free-a", "0", 500, 0);
	struct sale_out out;
	own->settings.birthday_required_washings = 1;
	enum err err = wash_sell(own, &in, &out);
	return err == ERR_OK && out.is_free ? ERR_TAKEN : err;
}

static void two_tills_at_once_give_one_free_wash(void **state)
{
	struct uuid holder = wash_holder(&scene, "Two Tills", WASH_START_MS);
	int counts[ERR__MAX];
	(void)state;
	wash_attach(&scene, wash_card(&scene, "free-a"), holder);
	wash_attach(&scene, wash_card(&scene, "free-b"), holder);
	scene.clock.fixed_ms = WASH_START_MS + 364 * WASH_DAY_MS;
	sell("free-a", "0", 500, 0, ERR_OK);
	scene.clock.fixed_ms += 2 * WASH_DAY_MS;
	deck_race(&scene, 8, free_sale, counts);
	assert_int_equal(counts[ERR_TAKEN], 1);
	assert_int_equal(counts[ERR_OK], 7);
	scene.clock.fixed_ms = WASH_START_MS + 30 * WASH_DAY_MS;
}

static enum err prepaid_sale(struct scene *own, int number)
{
	struct sale_in in = wash_sale(own, "race", "1", 300, 0);
	struct sale_out out;
	(void)number;
	return wash_sell(own, &in, &out);
}

static void a_prepaid_card_never_goes_below_zero(void **state)
{
	struct uuid card = wash_card(&scene, "race");
	int counts[ERR__MAX];
	(void)state;
	wash_put(&scene, "race", 1000);
	deck_race(&scene, 16, prepaid_sale, counts);
	assert_int_equal(counts[ERR_OK], 3);
	assert_int_equal(counts[ERR_INSUFFICIENT], 13);
	assert_int_equal(money(card), 100);
	assert_true(deck_is_sound(&scene));
}

static void a_receipt_number_is_one_sale(void **state)
{
	struct uuid card = wash_card(&scene, "receipt");
	struct sale_in in = wash_sale(&scene, "receipt", "1", 300, 1), other;
	struct sale_out out, again;
	(void)state;
	wash_put(&scene, "receipt", 10000);
	in.receipt_number = STR("R 1");
	assert_int_equal(wash_sell(&scene, &in, &out), ERR_OK);
	assert_false(scene.ctx.replayed);
	wash_put(&scene, "receipt", 50);
	assert_int_equal(wash_sell(&scene, &in, &again), ERR_OK);
	assert_true(scene.ctx.replayed);
	assert_true(uuid_eq(&again.id, &out.id));
	assert_int_equal(again.credit.minor, 9600);
	assert_int_equal(again.paid.minor, 400);
	assert_string_equal(again.receipt_number.at, "R 1");
	assert_int_equal(money(card), 9650);

	other = wash_sale(&scene, "receipt", "1", 301, 1);
	other.receipt_number = STR("R 1");
	assert_int_equal(wash_sell(&scene, &other, &out), ERR_MISMATCH);
	assert_true(scene_refused(&scene, "receipt_number", REASON_RECEIPT_OTHER));
	other.receipt_number = STR("R 1 "); /* not the same */
	assert_int_equal(wash_sell(&scene, &other, &out), ERR_OK);
	wash_till(&scene, 7);
	other = in;
	other.key.client_number = 7;
	sent_set(&other.sent, offsetof(struct sale_in, key.client_number));
	assert_int_equal(wash_sell(&scene, &other, &out), ERR_OK);
	assert_false(scene.ctx.replayed);
	/* one that was refused may come again */
	in = wash_sale(&scene, "receipt", "1", 99900, 0);
	in.receipt_number = STR("R 2");
	assert_int_equal(wash_sell(&scene, &in, &out), ERR_INSUFFICIENT);
	wash_put(&scene, "receipt", 100000);
	assert_int_equal(wash_sell(&scene, &in, &out), ERR_OK);
	/* a replay needs no card */
	deck_sql(&scene, "UPDATE card SET live = NULL WHERE id = %s", card);
	assert_int_equal(wash_sell(&scene, &in, &again), ERR_OK);
	assert_true(uuid_eq(&again.id, &out.id));
}

static enum err receipt_sale(struct scene *own, int number)
{
	struct sale_in in = wash_sale(own, number % 4 ? "receipts" : "receipts-2", "0", 300, 0);
	struct sale_out out;
	in.receipt_number = STR("once");
	enum err err = wash_sell(own, &in, &out);
	return err == ERR_OK && !own->ctx.replayed ? ERR_TAKEN : err;
}

static void one_receipt_at_many_tills_is_one_sale(void **state)
{
	int counts[ERR__MAX];
	(void)state;
	wash_card(&scene, "receipts");
	wash_card(&scene, "receipts-2");
	deck_race(&scene, 8, receipt_sale, counts);
	assert_int_equal(counts[ERR_TAKEN], 1);
	assert_true(counts[ERR_OK] == 5 || counts[ERR_OK] == 1);
	assert_int_equal(counts[ERR_OK] + counts[ERR_MISMATCH], 7);
}

static void what_cannot_be_sold_is_refused(void **state)
{
	static const struct {
		struct sale_item item;
		size_t n;
		enum reason reason;
	} cases[] = {
		{{{"a", 1}, {100}, {100}}, 0, REASON_REQUIRED},
		{{{"a", 1}, {100}, {100}}, SALE_ITEMS_MAX + 1, REASON_TOO_MANY},
		{{{"a", 1}, {100}, {100}}, SALE_ITEMS_MAX, REASON_NONE},
		{{{"", 0}, {100}, {100}}, 1, REASON_REQUIRED},
		{{{"a", 1}, {0}, {100}}, 1, REASON_OUT_OF_RANGE},
		{{{"a", 1}, {1}, {0}}, 1, REASON_NONE},
		{{{"a", 1}, {-1}, {100}}, 1, REASON_OUT_OF_RANGE},
		{{{"a", 1}, {100}, {-1}}, 1, REASON_OUT_OF_RANGE},
		{{{"a", 1}, {SALE_QUANTITY_MAX + 1}, {1}}, 1, REASON_OUT_OF_RANGE},
		{{{"a", 1}, {SALE_QUANTITY_MAX}, {1}}, 1, REASON_NONE},
		{{{"a", 1}, {100}, {AMOUNT_MINOR_MAX}}, 1, REASON_NONE},
		{{{"a", 1}, {100}, {AMOUNT_MINOR_MAX}}, 2, REASON_OUT_OF_RANGE},
		{{{"a", 1}, {SALE_QUANTITY_MAX}, {AMOUNT_MINOR_MAX}}, 1, REASON_OUT_OF_RANGE},
	};
	(void)state;
	wash_card(&scene, "refused");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sale_item items[SALE_ITEMS_MAX + 1];
		struct sale_in in = {.key = {.card_number = STR("refused")},
				     .items = {items, cases[i].n}};
		struct sale_out out;
		for (size_t j = 0; j < COUNT(items); j++)
			items[j] = cases[i].item;
		assert_int_equal(wash_sell(&scene, &in, &out),
				 cases[i].reason ? ERR_INVALID : ERR_OK);
		if (cases[i].reason)
			assert_true(scene_refused(&scene, "items", cases[i].reason));
	}
}

static void a_sale_can_be_given_back(void **state)
{
	struct uuid card = wash_card(&scene, "back");
	(void)state;
	deck_sql(&scene, "UPDATE card SET is_credit = 1, credit_limit = 500 WHERE id = %s", card);
	wash_put(&scene, "back", 300);
	sell("back", "1", 700, 0, ERR_OK);
	struct refund_in in = {.sum = {500}};
	struct refund_out out;
	struct entry_at_in second = {SCENE_ORGANISATION, card, UNIT_MONEY, 2};
	struct entry_row entry;
	assert_int_equal(sql_entry_at(scene.on.db, scene.ctx.arena, &second, &entry), ERR_OK);
	assert_int_equal(entry.kind, ENTRY_SALE);
	in.id = entry.id;
	sent_set(&in.sent, offsetof(struct refund_in, sum));
	assert_int_equal(scene_run(&scene, &op_transaction_refund, &in, &out), ERR_OK);
	assert_int_equal(money(card), 100);
	assert_int_equal(scene_run(&scene, &op_transaction_refund, &in, &out), ERR_CONFLICT);
	in.sum.minor = 200;
	assert_int_equal(scene_run(&scene, &op_transaction_refund, &in, &out), ERR_OK);
	assert_int_equal(wash_see(&scene, "back").credit.minor, 300 + 500);
	assert_true(deck_is_sound(&scene));
}

static void money_follows_a_replacement_and_ends_with_a_card(void **state)
{
	struct uuid old = wash_card(&scene, "moves-old"), new = wash_card(&scene, "moves-new");
	(void)state;
	deck_sql(&scene, "UPDATE card SET active = 0 WHERE id = %s", new);
	wash_put(&scene, "moves-old", 700);
	sell("moves-old", "1", 200, 0, ERR_OK);
	assert_int_equal(deck_replace(&scene, old, new), ERR_OK);
	assert_int_equal(wash_see(&scene, "moves-new").credit.minor, 500);
	struct card_information_out seen = wash_see(&scene, "moves-old");
	assert_int_equal(seen.credit.minor, 0);
	assert_true(seen.is_locked);
	sell("moves-old", "0", 1, 0, ERR_CONFLICT);
	sell("moves-new", "1", 100, 0, ERR_OK);
	assert_int_equal(deck_delete(&scene, new, true), ERR_CONFLICT);
	assert_int_equal(deck_delete(&scene, new, false), ERR_OK);
	assert_int_equal(money(new), 0);
	assert_true(deck_is_sound(&scene));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_card_pays_what_it_has),
		cmocka_unit_test(a_credit_line_is_respected),
		cmocka_unit_test(a_locked_card_buys_nothing),
		cmocka_unit_test(points_come_by_the_percentage),
		cmocka_unit_test(a_follower_pays_from_its_master),
		cmocka_unit_test(the_birthday_wash_is_free_once),
		cmocka_unit_test(two_tills_at_once_give_one_free_wash),
		cmocka_unit_test(a_prepaid_card_never_goes_below_zero),
		cmocka_unit_test(a_receipt_number_is_one_sale),
		cmocka_unit_test(one_receipt_at_many_tills_is_one_sale),
		cmocka_unit_test(what_cannot_be_sold_is_refused),
		cmocka_unit_test(a_sale_can_be_given_back),
		cmocka_unit_test(money_follows_a_replacement_and_ends_with_a_card),
	};
	if (!scene_open(&scene, "test_washing_sale"))
		return 1;
	scene.clock.fixed_ms = WASH_START_MS;
	strcpy(scene.settings.timezone, "Europe/Moscow");
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&scene);
	return failed;
}
