#include "token_fixture.h"

/* Made by another hand: json.dumps, base64 and hmac of Python, with spaces and escapes. */
static void test_a_token_of_another_library(void **state)
{
	static const char token[] =
		"eyJ0eXAiOiAiSldUIiwgImFsZyI6ICJIUzI1NiIsICJraWQiOiAiazEifQ."
		"eyJpc3MiOiAia2FydG90ZWthIiwgImF1ZCI6IFsia2FydG90ZWthIl0sICJzdWIiOiAiXHUwNDFhXHUw"
		"NDMwXHUwNDQxXHUwNDQxXHUwNDMwIDIiLCAib3JnIjogNDIsICJyb2xlIjogIm9yZ2FuaXphdGlvbiIs"
		"ICJzY29wZSI6ICJjYXJkczpyZWFkIHJlcG9ydHM6cmVhZCIsICJqdGkiOiAib3V0c2lkZS0xIiwgImlh"
		"dCI6IDE3OTUwMDAwMDAsICJuYmYiOiAxNzk1MDAwMDAwLCAiZXhwIjogMTc5NTA4NjQwMH0."
		"Xfn1eZ9QxJh7PhLgWN9pVkV6Nkzj28qxYSNX7zSNX8g";
	struct principal who;

	(void)state;
	assert_int_equal(token_check(checker, &arena, str_of(token), NOW_MS, &who),
			 TOKEN_FAULT_NONE);
	assert_true(str_eq(who.subject, STR("Касса 2")));
	assert_int_equal(who.organisation_id, 42);
	assert_int_equal(who.scopes, SCOPE_CARDS_READ | SCOPE_REPORTS_READ);
}

static struct principal sample(void)
{
	return (struct principal){
		.organisation_id = 7,
		.role = ROLE_ORGANISATION,
		.scopes = SCOPE_ALL,
		.subject = STR("Касса \"1\""),
		.jti = token_id(&arena, NOW_MS + 250),
		.issued_ms = NOW_MS + 250,
		.expires_ms = NOW_MS + 3600 * 1000,
	};
}

static void test_what_is_minted_is_accepted(void **state)
{
	struct principal in = sample(), out;
	struct str token;

	(void)state;
	assert_int_equal(token_mint(ring, &rules, &arena, &in, &token), ERR_OK);
	assert_int_equal(token_check(checker, &arena, token, NOW_MS + 300, &out), TOKEN_FAULT_NONE);
	assert_true(str_eq(in.subject, out.subject));
	assert_true(str_eq(in.jti, out.jti));
	assert_int_equal(in.scopes, out.scopes);
	/* The id keeps the millisecond: what was called back a moment before stays apart. */
	assert_int_equal(out.issued_ms, NOW_MS + 250);
	assert_int_equal(out.expires_ms, NOW_MS + 3600 * 1000);
}

static void test_what_would_not_be_accepted_is_not_minted(void **state)
{
	struct principal rows[8];
	struct str token;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		rows[i] = sample();
	rows[0].organisation_id = 0;
	rows[1].organisation_id = ORGANISATION_ID_MAX + 1;
	rows[2].role = ROLE_NONE;
	rows[3].subject.len = 0;
	rows[4].jti.len = 0;
	rows[5].expires_ms = rows[5].issued_ms;
	rows[6].expires_ms = NOW_MS + (LONGEST + 1) * 1000;
	rows[7].role = ROLE_CLIENT;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(token_mint(ring, &rules, &arena, &rows[i], &token), ERR_INVALID);
}

static void test_many_tokens_do_not_mix(void **state)
{
	struct str tokens[600];
	struct principal who;

	(void)state;
	for (size_t i = 0; i < COUNT(tokens); i++) {
		struct principal in = sample();
		in.organisation_id = (int64_t)i + 1;
		assert_int_equal(token_mint(ring, &rules, &arena, &in, &tokens[i]), ERR_OK);
	}
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < COUNT(tokens); i++) {
			assert_int_equal(
				token_check(checker, &arena, tokens[i], NOW_MS + 999, &who),
				TOKEN_FAULT_NONE);
			assert_int_equal(who.organisation_id, i + 1);
		}
	}
}

static void test_scopes_and_roles_have_one_spelling(void **state)
{
	uint32_t scopes;
	struct buf buf;

	(void)state;
	buf_init(&buf, &arena, 256);
	scope_print(SCOPE_ALL, &buf);
	assert_string_equal(buf_done(&buf).at,
			    "cards:read cards:write ledger:read ledger:write people:read "
			    "people:write washing:read washing:write reports:read admin");
	assert_true(scope_parse(buf_done(&buf), &scopes));
	assert_int_equal(scopes, SCOPE_ALL);
	assert_true(scope_parse(STR("  admin   cards:read "), &scopes));
	assert_int_equal(scopes, SCOPE_ADMIN | SCOPE_CARDS_READ);
	assert_true(scope_parse(STR(""), &scopes));
	assert_int_equal(scopes, 0);
	assert_false(scope_parse(STR("admin cards:reads"), &scopes));
	assert_int_equal(scopes, SCOPE_ADMIN);
	assert_int_equal(role_parse(STR("client")), ROLE_CLIENT);
	assert_int_equal(role_parse(STR("Client")), ROLE_NONE);
	assert_int_equal(role_parse(STR("")), ROLE_NONE);
	assert_string_equal(role_text(ROLE_ORGANISATION), "organization");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_token_of_another_library),
		cmocka_unit_test(test_what_is_minted_is_accepted),
		cmocka_unit_test(test_what_would_not_be_accepted_is_not_minted),
		cmocka_unit_test(test_many_tokens_do_not_mix),
		cmocka_unit_test(test_scopes_and_roles_have_one_spelling),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
