#include "../unit/unit.h"

#include "model_history.h"

static struct model model;
static struct model_command commands[MODEL_COMMANDS];

/* A random history, done by the model alone; where[verb] counts what was not refused. */
static int play(uint64_t seed, int steps, int *where)
{
	static struct history history;

	history_begin(&history, seed);
	model.n = 0;
	for (int i = 0; i < steps; i++) {
		commands[i] = history_next(&history, &model);
		struct model_answer answer = model_do(&model, &commands[i]);
		bool done = answer.outcome == MODEL_OK && !answer.replayed;
		history_note(&history, &commands[i], done);
		where[commands[i].verb] += done;
	}
	return steps;
}

static void test_a_seed_makes_one_history(void **state)
{
	static struct model_command first[100];
	int where[MODEL_VERBS] = {0};

	(void)state;
	play(5, 100, where);
	memcpy(first, commands, sizeof first);
	play(5, 100, where);
	assert_memory_equal(first, commands, sizeof first);
	play(6, 100, where);
	assert_memory_not_equal(first, commands, sizeof first);
}

static void test_every_verb_succeeds_now_and_then(void **state)
{
	int where[MODEL_VERBS] = {0};

	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++)
		play(seed, 150, where);
	for (int verb = 0; verb < MODEL_VERBS; verb++)
		assert_true(where[verb] > 5);
}

static void test_names_are_dense_and_time_moves_on(void **state)
{
	int where[MODEL_VERBS] = {0};

	(void)state;
	play(7, 150, where);
	for (int i = 0; i < 150; i++) {
		assert_int_equal(commands[i].name, i + 1);
		assert_true(i == 0 || commands[i].at > commands[i - 1].at);
		assert_true(commands[i].of < commands[i].name);
	}
}

/* Fails with a void after a hold; counts how often it was asked. */
static bool void_after_hold(void *arg, const struct model_command *list, int n)
{
	bool held = false;

	++*(int *)arg;
	for (int i = 0; i < n; i++) {
		held = held || list[i].verb == MODEL_HOLD;
		if (held && list[i].verb == MODEL_VOID)
			return true;
	}
	return false;
}

static void test_what_a_failure_does_not_need_is_dropped(void **state)
{
	int where[MODEL_VERBS] = {0}, asked = 0;

	(void)state;
	int n = play(8, 150, where);
	assert_true(void_after_hold(&asked, commands, n));
	n = history_shrink(commands, n, 10000, void_after_hold, &asked);
	assert_int_equal(n, 2);
	assert_int_equal(commands[0].verb, MODEL_HOLD);
	assert_int_equal(commands[1].verb, MODEL_VOID);
}

static void test_shrinking_ends_after_so_many_tries(void **state)
{
	int where[MODEL_VERBS] = {0}, asked = 0;

	(void)state;
	int n = play(8, 150, where);
	assert_int_equal(history_shrink(commands, n, 0, void_after_hold, &asked), n);
	assert_int_equal(asked, 0);
	n = history_shrink(commands, n, 7, void_after_hold, &asked);
	assert_int_equal(asked, 7);
	assert_true(void_after_hold(&asked, commands, n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_seed_makes_one_history),
		cmocka_unit_test(test_every_verb_succeeds_now_and_then),
		cmocka_unit_test(test_names_are_dense_and_time_moves_on),
		cmocka_unit_test(test_what_a_failure_does_not_need_is_dropped),
		cmocka_unit_test(test_shrinking_ends_after_so_many_tries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
