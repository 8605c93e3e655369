/* A replacement while others replace, spend, hold, capture and delete the same card. */
#include "unit.h"

#include "deck.h"

static struct scene on;

static struct uuid active_card(int64_t balance)
{
	return deck_card(&on, (struct card_in){.balance = {balance}, .row = {.active = true}});
}

static struct uuid new_card(void)
{
	return deck_card(&on, (struct card_in){.balance = {0}});
}

#define RACERS 64

static struct uuid racer_old, racer_new[RACERS], racer_hold;

static enum err race_replace(struct scene *scene, int number)
{
	return deck_replace(scene, racer_old, racer_new[number]);
}

static void test_many_replace_one_card(void **state)
{
	int counts[ERR__MAX], most = 16;

	(void)state;
	racer_old = active_card(1000);
	for (int i = 0; i < most; i++)
		racer_new[i] = new_card();
	deck_race(&on, most, race_replace, counts);
	assert_int_equal(counts[ERR_OK], 1);
	assert_int_equal(counts[ERR_CONFLICT], most - 1);
	int64_t there = 0;
	for (int i = 0; i < most; i++)
		there += deck_see(&on, racer_new[i]).available.minor;
	assert_int_equal(there, 1000);
	assert_true(deck_is_sound(&on));
}

/* Twice over, from the old card to the last one, whichever there is. */
static enum err race_all(struct scene *scene, int number)
{
	struct uuid line[] = {racer_old, racer_new[0], racer_new[1]}, id;
	enum err err = ERR_OK;

	for (size_t i = 0; i < 2 * COUNT(line) && err != ERR_INTERNAL; i++) {
		struct uuid card = line[i % COUNT(line)];
		switch (number % 8) {
		case 0:
			err = deck_replace(scene, card, line[(i + 1) % COUNT(line)]);
			break;
		case 1:
			err = deck_capture(scene, racer_hold, 10);
			break;
		case 2:
			err = deck_void(scene, racer_hold);
			break;
		case 3:
			err = deck_hold(scene, card, 10, &id);
			if (err == ERR_OK)
				err = deck_capture(scene, id, 4);
			break;
		case 4:
			err = number == 4 && i == COUNT(line) ? deck_delete(scene, card, false)
							      : ERR_OK;
			break;
		default:
			err = deck_off(scene, card, 10, NULL);
		}
	}
	return err;
}

/* Whatever comes first, nothing is spent twice and nothing is lost. */
static void test_replacement_meets_spends_holds_and_deletes(void **state)
{
	int counts[ERR__MAX];

	(void)state;
	racer_old = active_card(500);
	racer_new[0] = new_card();
	racer_new[1] = new_card();
	assert_int_equal(deck_hold(&on, racer_old, 50, &racer_hold), ERR_OK);
	deck_race(&on, RACERS, race_all, counts);
	assert_int_equal(counts[ERR_OK] + counts[ERR_CONFLICT] + counts[ERR_NOT_FOUND] +
				 counts[ERR_INSUFFICIENT],
			 RACERS);
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM account WHERE balance < 0"), 0);
	assert_int_equal(
		scene_number(&on, "SELECT COUNT(*) FROM lot WHERE remaining < 0 OR held < 0"), 0);
	assert_in_range(deck_number(&on,
				    "SELECT COUNT(*) FROM hold WHERE id = %s AND state IN (2, 3)",
				    racer_hold),
			1, 1);
	assert_true(deck_is_sound(&on));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_replace_one_card),
		cmocka_unit_test(test_replacement_meets_spends_holds_and_deletes),
	};
	int failed;

	if (!scene_open(&on, "test_replacement_race"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	return failed;
}
