/* Turnover, levels, cards for a user, masters and deletes, on a real database. */
#include "unit.h"

#include "deck.h"
#include "db.h"
#include "group.h"
#include "person_card.h"
#include "search.h"
#include "turnover.h"
#include "uuid.h"

static struct scene on;

static const struct uuid none;

static enum err accumulate(struct uuid card, int64_t sum, bool reset)
{
	struct accumulate_in in = {card, reset, {sum}};
	struct nothing out;

	return scene_run(&on, &op_card_accumulate, &in, &out);
}

static void test_turnover_adds_up_or_begins_anew(void **state)
{
	static const struct {
		bool reset;
		int64_t sum;
		enum err err;
		int64_t turnover;
	} steps[] = {
		{false, 100, ERR_OK, 100},
		{false, 0, ERR_OK, 100},
		{false, AMOUNT_MINOR_MAX - 99, ERR_CONFLICT, 100},
		{false, AMOUNT_MINOR_MAX - 100, ERR_OK, AMOUNT_MINOR_MAX},
		{false, 1, ERR_CONFLICT, AMOUNT_MINOR_MAX},
		{true, AMOUNT_MINOR_MAX, ERR_OK, AMOUNT_MINOR_MAX},
		{true, 5, ERR_OK, 5},
		{true, 0, ERR_OK, 0},
	};
	struct uuid card = deck_card(&on, (struct card_in){.balance = {0}});

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++) {
		assert_int_equal(accumulate(card, steps[i].sum, steps[i].reset), steps[i].err);
		if (steps[i].err != ERR_OK)
			assert_true(scene_refused(&on, "sum", REASON_TURNOVER_RANGE));
		assert_int_equal(deck_see(&on, card).row.accum_sale_amount.minor,
				 steps[i].turnover);
	}
	assert_int_equal(accumulate(none, 1, false), ERR_NOT_FOUND);
	assert_int_equal(deck_number(&on,
				     "SELECT COUNT(*) FROM journal WHERE object_id = %s AND "
				     "operation = 'card_accumulate' AND changes LIKE "
				     "'%accum_sale_amount%'",
				     card),
			 4);
}

enum wish { TELL, DO, ABSENT };

static struct level_move_out move(struct uuid card, bool up, enum wish wish)
{
	struct level_move_in in = {.id = card, .check = wish == TELL};
	struct level_move_out out;

	if (wish != ABSENT)
		sent_set(&in.sent, offsetof(struct level_move_in, check));
	assert_int_equal(scene_run(&on, up ? &op_card_level_up : &op_card_level_down, &in, &out),
			 ERR_OK);
	return out;
}

static int64_t count_of(struct uuid level)
{
	return deck_number(&on,
			   "SELECT CAST(COALESCE(SUM(n), 0) AS SIGNED) FROM kept_count WHERE "
			   "kind = 5 AND value = %s",
			   level);
}

/* Thresholds of the three levels: 100, 200 (its turnover is emptied), 300. */
static void test_levels_are_climbed_by_turnover(void **state)
{
	static const struct {
		int64_t turnover;
		bool up;
		int from, moved, next, left; /* levels; -1 = none; left: turnover afterwards */
	} cases[] = {
		{99, true, -1, -1, 0, 99},   {100, true, -1, 0, 1, 100},
		{250, true, -1, 1, 2, 0},    {300, true, -1, 2, -1, 300},
		{300, true, 1, 2, -1, 300},  {299, true, 1, -1, 2, 299},
		{999, true, 2, -1, -1, 999}, {300, false, 2, -1, 1, 300},
		{299, false, 2, 1, 0, 299},  {0, false, 1, -1, 0, 0},
		{99, false, 0, -1, -1, 99},  {0, false, -1, -1, -1, 0},
	};
	struct uuid level[] = {deck_level(&on, 10, 100, false), deck_level(&on, 20, 200, true),
			       deck_level(&on, 30, 300, false)};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct card_in in = {.row = {.accum_sale_amount = {cases[i].turnover}}};
		if (cases[i].from >= 0)
			in.row.level_id = level[cases[i].from];
		struct uuid card = deck_card(&on, in);
		struct uuid goal = cases[i].moved >= 0 ? level[cases[i].moved] : none;
		struct uuid next = cases[i].next >= 0 ? level[cases[i].next] : none;
		for (enum wish wish = TELL; wish <= ABSENT; wish += 2) {
			struct level_move_out told = move(card, cases[i].up, wish);
			assert_true(uuid_is_unset(&told.moved.id));
			assert_true(uuid_eq(&told.next.id, &goal));
		}
		struct card before = deck_see(&on, card);
		assert_true(uuid_eq(&before.row.level_id, &in.row.level_id));
		struct level_move_out done = move(card, cases[i].up, DO);
		assert_true(uuid_eq(&done.moved.id, &goal));
		assert_true(uuid_eq(&done.next.id, &next));
		if (!uuid_is_unset(&next))
			assert_int_equal(done.next.turnover.minor, cases[i].turnover);
		struct card after = deck_see(&on, card);
		assert_int_equal(after.row.accum_sale_amount.minor, cases[i].left);
		if (cases[i].moved >= 0) {
			assert_true(uuid_eq(&after.row.level_id, &goal));
			assert_int_equal(count_of(goal), 1);
		}
		assert_int_equal(deck_delete(&on, card, false), ERR_OK);
	}
	on.settings.level_check = LEVEL_CHECK_PERFORM;
	struct uuid card = deck_card(&on, (struct card_in){.row = {.accum_sale_amount = {100}}});
	struct level_move_out told = move(card, true, DO), absent = move(card, true, ABSENT);
	assert_true(uuid_is_unset(&told.moved.id) && uuid_eq(&told.next.id, &level[0]));
	assert_true(uuid_is_unset(&absent.moved.id));
	struct level_move_out done = move(card, true, TELL);
	assert_true(uuid_eq(&done.moved.id, &level[0]));
	on.settings.level_check = LEVEL_CHECK_TELL;
}

static enum err attach(struct uuid person, struct uuid card)
{
	struct card_attach_in in = {person, card};
	struct nothing out;

	return scene_run(&on, &op_card_attach_user, &in, &out);
}

static enum err add_user(struct uuid person, struct uuid *card_r)
{
	struct card_add_user_in in = {.person_id = person};
	struct id_out out;
	enum err err = scene_run(&on, &op_card_add_user, &in, &out);

	if (card_r)
		*card_r = out.id;
	return err;
}

static void test_a_card_is_attached_to_one(void **state)
{
	struct uuid one = deck_person(&on, false), other = deck_person(&on, true);
	struct uuid card = deck_card(&on, (struct card_in){.row = {.blocked = true}});
	struct uuid external = deck_card(&on, (struct card_in){.row = {.external = true}});

	(void)state;
	assert_int_equal(attach(none, card), ERR_NOT_FOUND);
	assert_true(scene_refused(&on, "person_id", REASON_NO_SUCH));
	assert_int_equal(attach(one, none), ERR_NOT_FOUND);
	assert_true(scene_refused(&on, "card_id", REASON_NO_SUCH));
	assert_int_equal(attach(one, card), ERR_OK);
	assert_int_equal(attach(one, card), ERR_OK);
	assert_int_equal(attach(other, card), ERR_CONFLICT);
	assert_true(scene_refused(&on, "card_id", REASON_OTHER_HOLDER));
	assert_int_equal(attach(one, external), ERR_CONFLICT);
	assert_true(scene_refused(&on, "card_id", REASON_EXTERNAL));
	struct uuid open = deck_card(&on, (struct card_in){.balance = {100}});
	assert_int_equal(attach(other, open), ERR_OK);
	assert_true(deck_see(&on, open).blocked);
	on.ctx.principal.organisation_id = SCENE_OTHER;
	assert_int_equal(attach(one, card), ERR_NOT_FOUND);
	on.ctx.principal.organisation_id = SCENE_ORGANISATION;
}

static void test_a_user_has_no_more_than_are_allowed(void **state)
{
	struct uuid person = deck_person(&on, false), cards[3], given;

	(void)state;
	for (size_t i = 0; i < COUNT(cards); i++)
		cards[i] = deck_card(&on, (struct card_in){.row = {.blocked = true}});
	on.settings.cards_per_user = 2;
	assert_int_equal(attach(person, cards[0]), ERR_OK);
	assert_int_equal(attach(person, cards[1]), ERR_OK);
	assert_int_equal(attach(person, cards[2]), ERR_CONFLICT);
	assert_int_equal(add_user(person, &given), ERR_CONFLICT);
	assert_int_equal(on.ctx.detail.reason, REASON_CARDS_PER_USER);
	assert_int_equal(attach(person, cards[0]), ERR_OK);
	on.settings.cards_per_user = 0;
	assert_int_equal(attach(person, cards[2]), ERR_OK);
}

#define RACERS 64
#define FEWER  16

static struct uuid racer_person, racer_card, racer_persons[RACERS];

static enum err race_add(struct scene *scene, int number)
{
	(void)scene;
	return add_user(racer_persons[number], NULL);
}

static enum err race_one(struct scene *scene, int number)
{
	(void)scene;
	(void)number;
	return add_user(racer_person, NULL);
}

static enum err race_attach(struct scene *scene, int number)
{
	(void)scene;
	return attach(racer_persons[number], racer_card);
}

static int64_t cards_of(struct uuid person)
{
	return deck_number(&on, "SELECT COUNT(*) FROM card WHERE live = 1 AND person_id = %s",
			   person);
}

static void test_of_many_at_once_none_gets_a_card_twice(void **state)
{
	int counts[ERR__MAX], prizes = 20;

	(void)state;
	for (size_t i = 0; i < RACERS; i++)
		racer_persons[i] = deck_person(&on, false);
	while (add_user(racer_persons[0], NULL) == ERR_OK)
		; /* none of the other tests' cards is left */
	int64_t before = cards_of(racer_persons[0]);
	for (int i = 0; i < prizes; i++)
		deck_card(&on, (struct card_in){.balance = {0}});
	deck_race(&on, RACERS, race_add, counts);
	assert_int_equal(counts[ERR_OK], prizes);
	assert_int_equal(counts[ERR_NOT_FOUND], RACERS - prizes);
	int64_t given = 0;
	for (size_t i = 0; i < RACERS; i++) {
		int64_t has = cards_of(racer_persons[i]) - (i == 0 ? before : 0);
		assert_in_range(has, 0, 1);
		given += has;
	}
	assert_int_equal(given, prizes);
}

static void test_the_limit_holds_for_many_at_once(void **state)
{
	int counts[ERR__MAX];

	(void)state;
	racer_person = deck_person(&on, false);
	for (int i = 0; i < FEWER; i++)
		deck_card(&on, (struct card_in){.balance = {0}});
	on.settings.cards_per_user = 7;
	deck_race(&on, FEWER, race_one, counts);
	on.settings.cards_per_user = 0;
	assert_int_equal(counts[ERR_OK], 7);
	assert_int_equal(counts[ERR_CONFLICT], FEWER - 7);
	assert_int_equal(cards_of(racer_person), 7);
}

/* A master that others post to has a history, though nothing was posted with it. */
static void test_a_master_with_points_is_not_free(void **state)
{
	struct uuid person = deck_person(&on, false), given;

	(void)state;
	while (add_user(person, NULL) == ERR_OK)
		; /* none of the other tests' cards is left */
	struct uuid master = deck_card(&on, (struct card_in){.balance = {0}});
	struct uuid card = deck_card(
		&on,
		(struct card_in){.row = {.active = true, .external = true, .master_id = master}});
	deck_on(&on, card, 100, 0, 0);
	assert_int_equal(add_user(person, &given), ERR_NOT_FOUND);
	struct uuid unused = deck_card(&on, (struct card_in){.balance = {0}});
	assert_int_equal(add_user(person, &given), ERR_OK);
	assert_true(uuid_eq(&given, &unused));
}

static void test_many_want_one_card(void **state)
{
	int counts[ERR__MAX];

	(void)state;
	racer_card = deck_card(&on, (struct card_in){.row = {.blocked = true}});
	deck_race(&on, FEWER, race_attach, counts);
	assert_int_equal(counts[ERR_OK], 1);
	assert_int_equal(counts[ERR_CONFLICT], FEWER - 1);
}

static void test_a_master_changes_only_without_open_holds(void **state)
{
	(void)state;
	on.clock.fixed_ms = 1770000000000;
	struct uuid master = deck_card(&on, (struct card_in){.balance = {500}});
	struct uuid card = deck_card(&on, (struct card_in){.row = {.active = true}}), hold;

	deck_on(&on, card, 300, 0, 0);
	assert_int_equal(deck_hold(&on, card, 100, &hold), ERR_OK);
	assert_int_equal(deck_master(&on, card, master), ERR_CONFLICT);
	assert_true(scene_refused(&on, "row.master_id", REASON_MASTER_HOLDS));
	assert_int_equal(deck_void(&on, hold), ERR_OK);
	assert_int_equal(deck_master(&on, card, master), ERR_OK);
	assert_int_equal(deck_see(&on, card).available.minor, 500);
	assert_int_equal(deck_hold(&on, card, 100, &hold), ERR_OK);
	assert_int_equal(deck_master(&on, card, none), ERR_CONFLICT);
	assert_true(scene_refused(&on, "row.master_id", REASON_MASTER_HOLDS));
	assert_int_equal(deck_master(&on, card, master), ERR_OK);
	on.clock.fixed_ms += HOLD_TIMEOUT_S * 1000 - 1;
	assert_int_equal(deck_master(&on, card, none), ERR_CONFLICT);
	on.clock.fixed_ms += 1;
	assert_int_equal(deck_master(&on, card, none), ERR_OK);
	assert_int_equal(deck_see(&on, card).available.minor, 300);
	assert_int_equal(deck_see(&on, master).available.minor, 500);
	assert_true(deck_is_sound(&on));
	assert_int_equal(
		deck_number(&on, "SELECT COUNT(*) FROM card_master WHERE card_id = %s", card), 2);
	on.clock.fixed_ms = 0;
}

static struct uuid follower(struct uuid referral, struct uuid master)
{
	struct card_in in = {.balance = {uuid_is_unset(&master) ? 7 : 0},
			     .row = {.active = true, .referral_id = referral, .master_id = master}};

	return deck_card(&on, in);
}

/* Trips that the page takes; its cards show what each shows alone. */
static int64_t list_of(struct uuid referral, size_t cards)
{
	struct card_list_in in = {.referral_id = referral, .page = {1, 100}};
	struct card_list_out out;
	int64_t calls = db_stats(on.on.db)->calls;

	assert_int_equal(scene_run(&on, &op_card_list, &in, &out), ERR_OK);
	calls = db_stats(on.on.db)->calls - calls;
	assert_int_equal(out.cards.n, cards);
	for (size_t i = 0; i < out.cards.n; i++) {
		const struct card *card = (const struct card *)out.cards.rows + i;
		struct card alone = deck_see(&on, card->row.id);

		assert_int_equal(card->available.minor, alone.available.minor);
		assert_int_equal(card->row.received.minor, alone.row.received.minor);
		assert_int_equal(card->row.account_seq, alone.row.account_seq);
		assert_int_equal(card->row.first_check_at.ms, alone.row.first_check_at.ms);
	}
	return calls;
}

static void test_a_list_shows_the_masters_accounts(void **state)
{
	struct uuid referral = deck_card(&on, (struct card_in){.balance = {0}});
	struct uuid rich = deck_card(&on, (struct card_in){.balance = {500}});
	struct uuid blank = deck_card(&on, (struct card_in){.balance = {0}});

	(void)state;
	follower(referral, none);
	struct uuid cards[] = {follower(referral, rich), follower(referral, blank),
			       follower(referral, none), follower(referral, rich)};
	for (int idle = 0; idle < 2; idle++) {
		on.settings.has_idle_levels = idle;
		list_of(referral, 5); /* prepares what it asks */
		assert_int_equal(list_of(referral, 5), 2);
	}
	assert_int_equal(deck_see(&on, cards[0]).available.minor, 500);
	assert_int_equal(deck_see(&on, cards[1]).available.minor, 0);
	assert_int_equal(deck_see(&on, cards[2]).available.minor, 7);
	deck_on(&on, cards[3], 11, 0, 0);
	list_of(referral, 5);
	assert_int_equal(deck_see(&on, cards[0]).available.minor, 511);
}

static void test_a_delete_closes_the_books(void **state)
{
	struct uuid card = deck_card(&on, (struct card_in){.row = {.active = true}}), hold;
	struct uuid waits = deck_card(&on, (struct card_in){.row = {.active = true}});

	(void)state;
	deck_on(&on, card, 300, 10, 0);
	deck_on(&on, waits, 5, 0, 10);
	assert_int_equal(deck_hold(&on, card, 300, &hold), ERR_OK);
	assert_int_equal(deck_delete(&on, card, true), ERR_CONFLICT);
	assert_true(scene_refused(&on, "id", REASON_HAS_BALANCE));
	assert_int_equal(deck_delete(&on, waits, true), ERR_CONFLICT);
	assert_int_equal(deck_delete(&on, card, false), ERR_OK);
	assert_int_equal(deck_capture(&on, hold, 1), ERR_CONFLICT);
	assert_int_equal(deck_void(&on, hold), ERR_CONFLICT);
	assert_int_equal(deck_delete(&on, waits, false), ERR_OK);
	assert_int_equal(deck_number(&on, "SELECT balance FROM account WHERE card_id = %s", card),
			 0);
	assert_int_equal(deck_number(&on,
				     "SELECT COUNT(*) FROM lot WHERE card_id = %s AND is_open <> 0",
				     card),
			 0);
	assert_true(deck_is_sound(&on));
}

/* What a follower holds is on its master's account; a hold of a card that is gone is gone. */
static void test_a_followers_holds_end_with_it(void **state)
{
	struct uuid master = deck_card(&on, (struct card_in){.balance = {500}});
	struct uuid card =
		deck_card(&on, (struct card_in){.row = {.active = true, .master_id = master}});
	struct uuid hold;

	(void)state;
	assert_int_equal(deck_hold(&on, card, 200, &hold), ERR_OK);
	assert_int_equal(deck_see(&on, master).available.minor, 300);
	assert_int_equal(deck_delete(&on, card, true), ERR_OK);
	assert_int_equal(deck_capture(&on, hold, 1), ERR_CONFLICT);
	assert_int_equal(deck_see(&on, master).available.minor, 500);
	assert_true(deck_is_sound(&on));
}

static struct uuid add_group(struct uuid parent)
{
	struct group_in in = {.row = {.name = STR("group"), .parent_id = parent}};
	struct id_out out;

	assert_int_equal(scene_run(&on, &op_group_add, &in, &out), ERR_OK);
	return out.id;
}

/* More cards than are deleted at a time; each entry that closes one is named by the journal. */
static void test_a_group_goes_with_all_books_of_its_cards(void **state)
{
	struct uuid above = add_group(none), below = add_group(above), hold;
	struct group_delete_out out;
	enum { CARDS = 205 };

	(void)state;
	on.clock.fixed_ms = 1770000000000;
	for (int i = 0; i < CARDS; i++) {
		struct uuid parent = i % 2 ? above : below;
		struct card_in in = {.balance = {100},
				     .row = {.active = true, .parent_id = parent}};
		struct uuid card = deck_card(&on, in);
		if (i % 50 == 0) { /* a hold whose lot has ended by then */
			deck_on(&on, card, 7, 1, 0);
			assert_int_equal(deck_hold(&on, card, 50, &hold), ERR_OK);
		}
	}
	on.clock.fixed_ms += INT64_C(3) * 86400000;
	assert_int_equal(
		scene_run(&on, &op_group_delete, &(struct group_delete_in){above, false}, &out),
		ERR_OK);
	on.clock.fixed_ms = 0;
	assert_int_equal(out.groups_count, 2);
	assert_int_equal(out.cards_count, CARDS);
	assert_true(deck_is_sound(&on));
	assert_true(deck_counts_hold(&on));
	assert_in_range(deck_number(&on,
				    "SELECT LENGTH(entries) / 16 FROM journal WHERE object_id = %s "
				    "AND operation = 'group_delete'",
				    above),
			CARDS, CARDS + 2 * (CARDS / 50 + 1));
	assert_int_equal(deck_number(&on,
				     "SELECT COUNT(*) FROM card WHERE live = 1 AND parent_id = %s",
				     below),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_turnover_adds_up_or_begins_anew),
		cmocka_unit_test(test_levels_are_climbed_by_turnover),
		cmocka_unit_test(test_a_card_is_attached_to_one),
		cmocka_unit_test(test_a_user_has_no_more_than_are_allowed),
		cmocka_unit_test(test_of_many_at_once_none_gets_a_card_twice),
		cmocka_unit_test(test_the_limit_holds_for_many_at_once),
		cmocka_unit_test(test_a_master_with_points_is_not_free),
		cmocka_unit_test(test_many_want_one_card),
		cmocka_unit_test(test_a_master_changes_only_without_open_holds),
		cmocka_unit_test(test_a_list_shows_the_masters_accounts),
		cmocka_unit_test(test_a_delete_closes_the_books),
		cmocka_unit_test(test_a_followers_holds_end_with_it),
		cmocka_unit_test(test_a_group_goes_with_all_books_of_its_cards),
	};
	int failed;

	if (!scene_open(&on, "test_card_ops"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	return failed;
}
