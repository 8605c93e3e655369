/* err and reason: every word has its text, and a reason names at most one member. */
#include "unit.h"

#include "err.h"
#include "reason.h"

static void test_every_outcome_has_a_text(void **state)
{
	(void)state;
	for (int i = 0; i < ERR__MAX; i++)
		assert_true(strlen(err_text((enum err)i)) > 0);
	assert_string_equal(err_text(ERR_UNCERTAIN), "commit outcome unknown");
}

static void test_a_reason_names_at_most_one_member(void **state)
{
	(void)state;
	assert_string_equal(reason_text(REASON_NONE), "");
	for (int i = REASON_NONE + 1; i < REASON__MAX; i++) {
		const char *text = reason_text((enum reason)i), *percent = strchr(text, '%');

		assert_true(strlen(text) > 0);
		if (percent) {
			assert_int_equal(percent[1], 's');
			assert_null(strchr(percent + 1, '%'));
		}
	}
}

static void ask_beyond_err(void)
{
	err_text(ERR__MAX);
}

static void ask_beyond_reason(void)
{
	reason_text(REASON__MAX);
}

static void test_a_word_beyond_the_list_is_a_bug(void **state)
{
	(void)state;
	assert_true(dies(ask_beyond_err));
	assert_true(dies(ask_beyond_reason));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_outcome_has_a_text),
		cmocka_unit_test(test_a_reason_names_at_most_one_member),
		cmocka_unit_test(test_a_word_beyond_the_list_is_a_bug),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
