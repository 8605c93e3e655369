/* One transaction, one journal row, one answer: under repeats, refusals, losses and races. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "card.h"
#include "scene.h"
#include "uuid.h"

#define RACERS 50

static struct scene scene;

static int open_scene(void **state)
{
	(void)state;
	return scene_open(&scene, "test_mutation") ? 0 : -1;
}

static int close_scene(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static long long count(const char *what)
{
	char text[256];
	snprintf(text, sizeof text, "SELECT COUNT(*) FROM %s", what);
	return database_number(&scene.on, text);
}

static struct card_in card_of(const char *barcode)
{
	struct card_in in = {.balance = {1050}};
	in.row.barcode = str_of(barcode);
	in.row.code = STR("1");
	in.row.name = STR("Анна Иванова");
	in.row.description = in.row.blocked_description = in.row.phone = in.row.email = STR("");
	in.row.image = in.row.activation_shop_id = STR("");
	return in;
}

static enum err add(const char *key, const char *body, const char *barcode, struct answer *answer_r)
{
	struct card_in in = card_of(barcode);
	struct id_out out;
	scene_request(&scene, key, body);
	return scene_mutate(&scene, &op_card_add, &in, &out, answer_r);
}

static void one_mutation_is_one_journal_row(void **state)
{
	struct answer answer;
	(void)state;
	long long cards = count("card"), rows = count("journal");
	assert_int_equal(add(NULL, "a", "A1", &answer), ERR_OK);
	assert_int_equal(answer.status, 200);
	assert_int_equal(count("card"), cards + 1);
	assert_int_equal(count("journal"), rows + 1);
	assert_int_equal(count("entry e JOIN journal j ON j.id = e.journal_id"), count("entry"));
}

static void a_repeat_answers_as_the_first(void **state)
{
	struct answer first, second;
	(void)state;
	assert_int_equal(add("k1", "a", "B1", &first), ERR_OK);
	long long cards = count("card");
	assert_int_equal(add("k1", "a", "B1", &second), ERR_OK);
	assert_true(second.replayed);
	assert_false(first.replayed);
	assert_true(str_eq(first.body, second.body));
	assert_int_equal(count("card"), cards);
	assert_int_equal(add("k1", "b", "B2", &second), ERR_MISMATCH);
	assert_int_equal(second.status, 0);
	assert_int_equal(scene.ctx.detail.reason, REASON_KEY_OTHER_REQUEST);
}

static void a_refusal_from_state_is_kept(void **state)
{
	struct answer first, second;
	(void)state;
	assert_int_equal(add(NULL, "", "C1", &first), ERR_OK);
	assert_int_equal(add("k2", "a", "C1", &first), ERR_TAKEN);
	assert_int_equal(first.status, 409);
	database_run(&scene.on, "UPDATE card SET barcode_key = 'freed' WHERE barcode = 'C1'");
	assert_int_equal(add("k2", "a", "C1", &second), ERR_OK);
	assert_true(second.replayed);
	assert_int_equal(second.status, 409);
	assert_true(str_eq(first.body, second.body));
}

static void not_found_is_not_kept(void **state)
{
	struct card_delete_in in = {.id = {{1}}};
	struct answer answer;
	struct nothing out;
	(void)state;
	scene_request(&scene, "k3", "a");
	assert_int_equal(scene_mutate(&scene, &op_card_delete, &in, &out, &answer), ERR_NOT_FOUND);
	assert_int_equal(answer.status, 0);
	assert_int_equal(count("journal WHERE idem_key = 'k3'"), 0);
}

static void no_call_that_fails_leaves_half_a_card(void **state)
{
	static const enum db_fault faults[] = {DB_FAULT_UNSENT, DB_FAULT_UNANSWERED};
	char barcode[24], key[24];
	(void)state;
	for (int i = 0; i < 40; i++) {
		struct answer first, second;
		snprintf(barcode, sizeof barcode, "F%d", i);
		snprintf(key, sizeof key, "fault%d", i);
		db_fail_after(scene.on.db, i / 2 + 1, faults[i % 2]);
		enum err err = add(key, "a", barcode, &first);
		db_fail_after(scene.on.db, 0, DB_FAULT_NONE);
		assert_true(err == ERR_OK || err == ERR_BUSY || err == ERR_UNCERTAIN);
		assert_int_equal(add(key, "a", barcode, &second), ERR_OK);
		assert_int_equal(second.status, 200);
		if (err == ERR_OK)
			assert_true(str_eq(first.body, second.body));
		char what[64];
		snprintf(what, sizeof what, "card WHERE barcode = '%s'", barcode);
		assert_int_equal(count(what), 1);
	}
	assert_int_equal(count("card c JOIN account a ON a.card_id = c.id"), count("card"));
	assert_int_equal(count("card"), count("lot"));
	assert_int_equal(count("card"), count("entry"));
	assert_int_equal(count("card"), count("card_text"));
	assert_int_equal(database_number(&scene.on, "SELECT SUM(n) FROM kept_count WHERE kind = 1"),
			 count("card WHERE live = 1"));
}

/* A card file has brought the number that comes next. */
static void a_number_that_is_used_is_passed_over(void **state)
{
	struct answer answer;
	(void)state;
	assert_int_equal(add(NULL, "a", "N1", &answer), ERR_OK);
	assert_int_equal(
		database_run(&scene.on, "UPDATE card SET serial = serial + 1 WHERE barcode = 'N1'"),
		0);
	assert_int_equal(add("n2", "a", "N2", &answer), ERR_OK);
	assert_int_equal(add(NULL, "a", "N3", &answer), ERR_OK);
	assert_int_equal(count("card WHERE barcode IN ('N1', 'N2', 'N3')"), 3);
}

/* Runs `racer` in RACERS processes at once; how many ended with this status. */
static int race(int (*racer)(int), int status)
{
	int gate[2], ended = 0;
	char go;
	assert_int_equal(pipe(gate), 0);
	for (int i = 0; i < RACERS; i++) {
		if (fork() == 0) {
			close(gate[1]);
			scene_connect(&scene);
			if (read(gate[0], &go, 1) < 0)
				_exit(99);
			_exit(racer(i));
		}
	}
	sleep(1);
	close(gate[1]);
	close(gate[0]);
	for (int i = 0; i < RACERS; i++) {
		int code;
		wait(&code);
		ended += WIFEXITED(code) && WEXITSTATUS(code) == status;
	}
	return ended;
}

static int take_barcode(int i)
{
	struct answer answer;
	(void)i;
	switch (add(NULL, "", "RACE", &answer)) {
	case ERR_OK:
		return 0;
	case ERR_TAKEN:
		return 1;
	default:
		return 2;
	}
}

static void of_fifty_with_one_barcode_one_wins(void **state)
{
	(void)state;
	int won = race(take_barcode, 0);
	assert_int_equal(won, 1);
	assert_int_equal(count("card WHERE barcode = 'RACE'"), 1);
}

static int same_key(int i)
{
	struct answer answer;
	(void)i;
	enum err err = add("same", "a", "SAME", &answer);
	return err == ERR_OK && answer.status == 200 ? 0 : err == ERR_RUNNING ? 1 : 2;
}

static void of_fifty_with_one_key_all_hear_the_same(void **state)
{
	(void)state;
	assert_int_equal(race(same_key, 0), RACERS);
	assert_int_equal(count("card WHERE barcode = 'SAME'"), 1);
	assert_int_equal(count("journal WHERE idem_key = 'same'"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_mutation_is_one_journal_row),
		cmocka_unit_test(a_repeat_answers_as_the_first),
		cmocka_unit_test(a_refusal_from_state_is_kept),
		cmocka_unit_test(not_found_is_not_kept),
		cmocka_unit_test(no_call_that_fails_leaves_half_a_card),
		cmocka_unit_test(a_number_that_is_used_is_passed_over),
		cmocka_unit_test(of_fifty_with_one_barcode_one_wins),
		cmocka_unit_test(of_fifty_with_one_key_all_hear_the_same),
	};
	return cmocka_run_group_tests(tests, open_scene, close_scene);
}
