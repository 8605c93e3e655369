/* Pairs of login and password that were good a moment ago. */
#include "unit.h"

#include "arena.h"
#include "verified.h"

static struct arena arena;

static bool finds(struct verified *verified, const char *login, const char *secret, int64_t at_us)
{
	struct principal who = {.organisation_id = 0};
	bool found = verified_find(verified, &arena, str_of(login), str_of(secret), at_us, &who);

	if (found)
		assert_true(who.organisation_id == 7 && who.scopes == SCOPE_CARDS_READ &&
			    str_eq(who.subject, STR("Demo")));
	return found;
}

static void test_a_pair_is_known_for_a_minute(void **state)
{
	struct verified *verified = verified_open();
	char subject[] = "Demo";
	const struct principal who = {.organisation_id = 7,
				      .role = ROLE_ORGANISATION,
				      .scopes = SCOPE_CARDS_READ,
				      .subject = {subject, 4}};

	(void)state;
	assert_false(finds(verified, "demo", "secret", 1));
	verified_keep(verified, STR("demo"), STR("secret"), 1, &who);
	subject[0] = 'x';
	assert_true(finds(verified, "demo", "secret", 1));
	assert_true(finds(verified, "demo", "secret", VERIFIED_LIFE_US));
	assert_false(finds(verified, "demo", "secret", VERIFIED_LIFE_US + 1));
	assert_false(finds(verified, "demo", "secreT", 2));
	assert_false(finds(verified, "demos", "ecret", 2));
	assert_false(finds(verified, "dem", "osecret", 2));
	verified_close(&verified);
	assert_null(verified);
	verified_close(&verified);
}

/* However many come, the table stays as it is, and the newest is known. */
static void test_it_is_bounded(void **state)
{
	struct verified *verified = verified_open();
	const struct principal who = {
		.organisation_id = 7, .scopes = SCOPE_CARDS_READ, .subject = STR("Demo")};
	char login[32];
	int known = 0;

	(void)state;
	for (int i = 0; i < 4 * VERIFIED_KEPT_MAX; i++) {
		snprintf(login, sizeof login, "login%d", i);
		verified_keep(verified, str_of(login), STR("x"), 1, &who);
		assert_true(finds(verified, login, "x", 2));
	}
	for (int i = 0; i < 4 * VERIFIED_KEPT_MAX; i++) {
		snprintf(login, sizeof login, "login%d", i);
		known += finds(verified, login, "x", 2);
	}
	assert_in_range(known, 1, VERIFIED_KEPT_MAX);
	verified_close(&verified);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_pair_is_known_for_a_minute),
		cmocka_unit_test(test_it_is_bounded),
	};
	int failed;

	if (!arena_init(&arena, 1 << 20))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_fini(&arena);
	return failed;
}
