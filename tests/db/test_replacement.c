/* A new card for a lost one: its rules, and what of the card moves. */
#include "unit.h"

#include "deck.h"
#include "person_card.h"
#include "replacement.h"
#include "uuid.h"

#define DAY_MS   INT64_C(86400000)
#define EPOCH_MS INT64_C(1767225600000) /* 2026-01-01 */

static struct scene on;

static const struct uuid none;

static struct uuid active_card(int64_t balance)
{
	return deck_card(&on, (struct card_in){.balance = {balance}, .row = {.active = true}});
}

static struct uuid new_card(void)
{
	return deck_card(&on, (struct card_in){.balance = {0}});
}

static int set_up(void **state)
{
	(void)state;
	on.clock.fixed_ms = EPOCH_MS;
	return 0;
}

static enum err switched(const struct operation *operation, struct uuid card)
{
	struct nothing out;

	if (operation == &op_card_activate)
		return scene_run(&on, operation, &(struct card_activate_in){.id = card}, &out);
	return scene_run(&on, operation, &(struct id_in){card}, &out);
}

static enum err block(struct uuid card, int64_t for_ms)
{
	struct card_block_in in = {.id = card, .description = STR("lost")};
	struct nothing out;

	if (for_ms)
		in.unblock_at.ms = on.clock.fixed_ms + for_ms;
	return scene_run(&on, &op_card_block, &in, &out);
}

static bool refuses(struct uuid from, struct uuid to, const char *member, enum reason reason)
{
	return deck_replace(&on, from, to) == ERR_CONFLICT && scene_refused(&on, member, reason);
}

static void test_the_old_card_must_be_in_use(void **state)
{
	struct uuid old = new_card(), to = new_card(), other = new_card();

	(void)state;
	assert_true(refuses(old, old, "new_id", REASON_REPLACE_SELF));
	assert_true(refuses(old, to, "old_id", REASON_OLD_INACTIVE));
	assert_int_equal(deck_replace(&on, none, to), ERR_NOT_FOUND);
	assert_true(scene_refused(&on, "old_id", REASON_NO_SUCH));
	assert_int_equal(deck_replace(&on, old, none), ERR_NOT_FOUND);
	assert_true(scene_refused(&on, "new_id", REASON_NO_SUCH));
	assert_int_equal(switched(&op_card_activate, old), ERR_OK);
	assert_int_equal(block(old, 0), ERR_OK); /* a blocked one may be replaced */
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	assert_int_equal(deck_replace(&on, old, to), ERR_OK); /* again is done already */
	assert_true(refuses(old, other, "old_id", REASON_OLD_REPLACED));
	on.ctx.principal.organisation_id = SCENE_OTHER;
	assert_int_equal(deck_replace(&on, to, other), ERR_NOT_FOUND);
	on.ctx.principal.organisation_id = SCENE_ORGANISATION;
}

static void test_the_new_card_must_be_new(void **state)
{
	struct uuid old = active_card(100), to = new_card(), hold;

	(void)state;
	assert_int_equal(switched(&op_card_activate, to), ERR_OK);
	assert_true(refuses(old, to, "new_id", REASON_NEW_ACTIVE));
	assert_int_equal(block(to, 0), ERR_OK);
	assert_true(refuses(old, to, "new_id", REASON_NEW_ACTIVE));
	struct uuid held =
		deck_card(&on, (struct card_in){.row = {.person_id = deck_person(&on, false)}});
	assert_true(refuses(old, held, "new_id", REASON_NEW_HAS_USER));
	struct uuid opened = deck_card(&on, (struct card_in){.balance = {1}});
	assert_true(refuses(old, opened, "new_id", REASON_NEW_POSTED));
	struct uuid posted = new_card();
	deck_on(&on, posted, 5, 0, 0);
	assert_true(refuses(old, posted, "new_id", REASON_NEW_POSTED));
	struct uuid master = new_card();
	deck_on(&on, deck_card(&on, (struct card_in){.row = {.master_id = master}}), 5, 0, 0);
	assert_true(refuses(old, master, "new_id", REASON_NEW_POSTED));
	struct uuid lost = active_card(0), successor = new_card();
	assert_int_equal(deck_replace(&on, lost, successor), ERR_OK);
	assert_true(refuses(old, lost, "new_id", REASON_NEW_REPLACED));
	assert_int_equal(deck_hold(&on, old, 1, &hold), ERR_OK);
	assert_int_equal(block(to, DAY_MS), ERR_OK); /* for a time: it may */
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	assert_false(deck_see(&on, to).blocked);
	struct uuid shut = new_card();
	assert_int_equal(block(shut, 0), ERR_OK); /* blocked, but never sold with: it may */
	assert_int_equal(deck_replace(&on, to, shut), ERR_OK);
	assert_true(deck_is_sound(&on));
}

/* A sale without any transaction left of it, as old books that were taken over have it. */
static void test_a_blocked_card_with_a_sale_is_not_new(void **state)
{
	struct uuid first = active_card(100), second = new_card(), old = active_card(0);

	(void)state;
	assert_int_equal(deck_off(&on, first, 100, NULL), ERR_OK);
	assert_int_equal(deck_replace(&on, first, second), ERR_OK);
	assert_int_equal(deck_see(&on, second).row.first_check_at.ms, EPOCH_MS);
	assert_int_equal(switched(&op_card_deactivate, second), ERR_OK);
	assert_int_equal(block(second, 0), ERR_OK);
	assert_true(refuses(old, second, "new_id", REASON_NEW_POSTED));
	deck_sql(&on, "UPDATE card SET posted = 0 WHERE id = %s", second);
	assert_true(refuses(old, second, "new_id", REASON_NEW_SOLD));
	assert_int_equal(switched(&op_card_unblock, second), ERR_OK);
	assert_int_equal(deck_replace(&on, old, second), ERR_OK);
}

static void test_what_the_card_was_moves(void **state)
{
	struct uuid person = deck_person(&on, true), level = deck_level(&on, 1, 100, false);
	struct uuid referral = new_card(), to = new_card();
	struct card_in in = {.balance = {500},
			     .row = {.active = true,
				     .name = STR("Старая"),
				     .phone = STR("+7 900 1"),
				     .email = STR("a@example.com"),
				     .external = false,
				     .accum_sale_amount = {777},
				     .activation_shop_id = STR("shop"),
				     .level_id = level,
				     .referral_id = referral}};
	struct card_attach_in attach = {.person_id = person};
	struct nothing out;

	(void)state;
	struct uuid old = deck_card(&on, in);
	assert_int_equal(deck_off(&on, old, 100, NULL), ERR_OK);
	attach.card_id = old;
	assert_int_equal(scene_run(&on, &op_card_attach_user, &attach, &out), ERR_OK);
	struct card before = deck_see(&on, old);
	on.clock.fixed_ms += DAY_MS;
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	struct card card = deck_see(&on, to), gone = deck_see(&on, old);
	assert_true(uuid_eq(&card.row.person_id, &person));
	assert_true(uuid_eq(&card.row.level_id, &level));
	assert_true(uuid_eq(&card.row.referral_id, &referral));
	assert_true(str_eq(card.row.phone, in.row.phone));
	assert_true(str_eq(card.row.email, in.row.email));
	assert_true(str_eq(card.row.activation_shop_id, in.row.activation_shop_id));
	assert_int_equal(card.row.accum_sale_amount.minor, 777);
	assert_true(card.row.active && card.blocked); /* its user is locked */
	assert_int_equal(card.row.activated_at.ms, before.row.activated_at.ms);
	assert_int_equal(card.row.first_check_at.ms, EPOCH_MS);
	assert_int_equal(card.row.last_transaction_at.ms, EPOCH_MS);
	assert_true(uuid_eq(&card.row.last_transaction_id, &before.row.last_transaction_id));
	assert_int_equal(card.available.minor, 400);
	assert_int_equal(card.row.received.minor, 400);
	assert_true(str_eq(card.row.name, STR("")));
	assert_true(!gone.row.active && gone.blocked && gone.available.minor == 0);
	assert_true(uuid_eq(&gone.row.new_card_id, &to));
	assert_true(uuid_eq(&gone.row.person_id, &person));
	assert_int_equal(gone.row.deactivated_at.ms, EPOCH_MS + DAY_MS);
	assert_int_equal(switched(&op_card_activate, old), ERR_CONFLICT);
	assert_int_equal(deck_off(&on, old, 1, NULL), ERR_CONFLICT);
	assert_int_equal(on.ctx.detail.reason, REASON_REPLACED);
	assert_true(deck_is_sound(&on));
	assert_true(deck_counts_hold(&on));
	assert_int_equal(deck_number(&on,
				     "SELECT COUNT(*) FROM journal WHERE object_id = %s AND "
				     "operation = 'card_replacement' AND LENGTH(entries) = 32",
				     old),
			 1);
}

static void test_followers_get_the_new_master(void **state)
{
	struct uuid old = active_card(500), to = new_card(), follower[3], hold;

	(void)state;
	for (size_t i = 0; i < COUNT(follower); i++)
		follower[i] =
			deck_card(&on, (struct card_in){.row = {.active = true, .master_id = old}});
	assert_int_equal(deck_hold(&on, follower[0], 100, &hold), ERR_OK);
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	for (size_t i = 0; i < COUNT(follower); i++) {
		struct card card = deck_see(&on, follower[i]);
		assert_true(uuid_eq(&card.row.master_id, &to));
		assert_int_equal(card.available.minor, 400);
	}
	assert_int_equal(deck_off(&on, follower[1], 300, NULL), ERR_OK);
	assert_int_equal(deck_capture(&on, hold, 100), ERR_OK);
	assert_int_equal(deck_see(&on, to).available.minor, 100);
	assert_int_equal(
		deck_number(&on, "SELECT COUNT(*) FROM card_master WHERE master_id = %s", old), 3);
	assert_int_equal(deck_delete(&on, old, true), ERR_OK);
	assert_int_equal(deck_delete(&on, to, false), ERR_CONFLICT);
	assert_true(deck_is_sound(&on));
}

/* More than one packet takes. */
static void test_many_followers_follow(void **state)
{
	struct uuid old = active_card(500), to = new_card();
	enum { CARDS = 405 };

	(void)state;
	for (int i = 0; i < CARDS; i++)
		deck_card(&on, (struct card_in){.row = {.master_id = old}});
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	assert_int_equal(deck_number(&on, "SELECT COUNT(*) FROM card WHERE master_id = %s", old),
			 0);
	assert_int_equal(deck_number(&on, "SELECT COUNT(*) FROM card WHERE master_id = %s", to),
			 CARDS);
}

/* Its own points wait on its own account, and wait on that of its successor. */
static void test_a_follower_is_replaced(void **state)
{
	struct uuid master = active_card(500), old = active_card(30), to = new_card(), hold;

	(void)state;
	assert_int_equal(deck_master(&on, old, master), ERR_OK);
	assert_int_equal(deck_hold(&on, old, 100, &hold), ERR_OK);
	assert_true(refuses(old, master, "new_id", REASON_NEW_POSTED));
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	struct card card = deck_see(&on, to), gone = deck_see(&on, old);
	assert_true(uuid_eq(&card.row.master_id, &master));
	assert_true(uuid_is_unset(&gone.row.master_id));
	assert_int_equal(card.available.minor, 400);
	assert_int_equal(gone.available.minor, 0);
	assert_int_equal(deck_capture(&on, hold, 60), ERR_OK);
	assert_int_equal(deck_master(&on, to, none), ERR_OK);
	assert_int_equal(deck_see(&on, to).available.minor, 30);
	assert_int_equal(deck_see(&on, master).available.minor, 440);
	assert_true(deck_is_sound(&on));
}

static void test_no_chain_and_no_ring_comes_of_it(void **state)
{
	struct uuid master = deck_card(&on, (struct card_in){.balance = {0}});
	struct uuid old =
		deck_card(&on, (struct card_in){.row = {.active = true, .master_id = master}});
	struct uuid leader = new_card();
	struct uuid led = deck_card(&on, (struct card_in){.row = {.master_id = leader}});

	(void)state;
	assert_true(refuses(old, master, "new_id", REASON_MASTER_SELF));
	assert_true(refuses(old, leader, "new_id", REASON_MASTER_CHAIN));
	assert_int_equal(switched(&op_card_activate, master), ERR_OK);
	struct uuid follower = deck_card(&on, (struct card_in){.row = {.master_id = master}});
	assert_int_equal(deck_replace(&on, master, follower), ERR_OK); /* by one of its own */
	struct card card = deck_see(&on, follower);
	assert_true(uuid_is_unset(&card.row.master_id));
	card = deck_see(&on, old);
	assert_true(uuid_eq(&card.row.master_id, &follower));
	assert_int_equal(deck_master(&on, led, master), ERR_CONFLICT);
	assert_true(scene_refused(&on, "row.master_id", REASON_MASTER_REPLACED));
}

/* A hold is history as any posting is: such a card changes no master by replacing another. */
static void test_a_new_card_with_a_hold_is_not_new(void **state)
{
	struct uuid master = active_card(500), old = active_card(0), hold;
	struct uuid to =
		deck_card(&on, (struct card_in){.row = {.active = true, .master_id = master}});

	(void)state;
	assert_int_equal(deck_hold(&on, to, 100, &hold), ERR_OK);
	assert_int_equal(switched(&op_card_deactivate, to), ERR_OK);
	assert_true(refuses(old, to, "new_id", REASON_NEW_POSTED));
}

static void test_a_card_without_books_gets_none(void **state)
{
	struct uuid old = active_card(0), to = new_card();

	(void)state;
	assert_int_equal(deck_replace(&on, old, to), ERR_OK);
	assert_int_equal(deck_number(&on, "SELECT COUNT(*) FROM account WHERE card_id = %s", to),
			 0);
	assert_int_equal(deck_number(&on, "SELECT posted FROM card WHERE id = %s", to), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_the_old_card_must_be_in_use, set_up),
		cmocka_unit_test_setup(test_the_new_card_must_be_new, set_up),
		cmocka_unit_test_setup(test_a_blocked_card_with_a_sale_is_not_new, set_up),
		cmocka_unit_test_setup(test_what_the_card_was_moves, set_up),
		cmocka_unit_test_setup(test_followers_get_the_new_master, set_up),
		cmocka_unit_test_setup(test_many_followers_follow, set_up),
		cmocka_unit_test_setup(test_a_follower_is_replaced, set_up),
		cmocka_unit_test_setup(test_no_chain_and_no_ring_comes_of_it, set_up),
		cmocka_unit_test_setup(test_a_new_card_with_a_hold_is_not_new, set_up),
		cmocka_unit_test_setup(test_a_card_without_books_gets_none, set_up),
	};
	int failed;

	if (!scene_open(&on, "test_replacement"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	return failed;
}
