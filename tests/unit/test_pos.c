/* The pos dialect's forms and the codes of its errors. */
#include "unit.h"

#include "arena.h"
#include "pos.h"
#include "zone.h"

static struct arena arena;

extern const struct dialect dialect_pos;

static int set_up(void **state)
{
	(void)state;
	return arena_init(&arena, 1 << 20) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static void uids_are_unsigned_64_bit_numbers(void **state)
{
	static const struct {
		enum scalar_kind kind;
		const char *text;
		enum reason reason;
		const char *uid;
	} cases[] = {
		{SCALAR_NUMBER, "1", REASON_NONE, "1"},
		{SCALAR_NUMBER, "0", REASON_NONE, "0"},
		{SCALAR_NUMBER, "18446744073709551615", REASON_NONE, "18446744073709551615"},
		{SCALAR_STRING, "00018446744073709551615", REASON_NONE, "18446744073709551615"},
		{SCALAR_STRING, "0000", REASON_NONE, "0"},
		{SCALAR_TEXT, "\n 42\t", REASON_NONE, "42"},
		{SCALAR_TEXT, "", REASON_NONE, ""},
		{SCALAR_STRING, "18446744073709551616", REASON_OUT_OF_RANGE, NULL},
		{SCALAR_STRING, "100000000000000000000", REASON_OUT_OF_RANGE, NULL},
		{SCALAR_NUMBER, "-1", REASON_OUT_OF_RANGE, NULL},
		{SCALAR_NUMBER, "1.0", REASON_WRONG_TYPE, NULL},
		{SCALAR_NUMBER, "1e3", REASON_WRONG_TYPE, NULL},
		{SCALAR_STRING, "AB12", REASON_WRONG_TYPE, NULL},
		{SCALAR_STRING, "1 2", REASON_WRONG_TYPE, NULL},
		{SCALAR_BOOL, "true", REASON_WRONG_TYPE, NULL},
		{SCALAR_TREE, "[]", REASON_WRONG_TYPE, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct scalar in = {.kind = cases[i].kind, .text = str_of(cases[i].text)};
		struct str uid = {0};

		if (pos_uid.read(in, NULL, &uid) != cases[i].reason)
			fail_msg("%s", cases[i].text);
		if (cases[i].uid)
			assert_true(str_eq(uid, str_of(cases[i].uid)));
	}
}

static const char *written(const struct form *form, const void *member)
{
	struct buf buf;

	buf_init(&buf, &arena, 64);
	form->write(&buf, NULL, member);
	return buf_done(&buf).at;
}

static void payments_have_numbers_and_names(void **state)
{
	static const struct {
		enum scalar_kind kind;
		const char *text;
		enum reason reason;
		const char *kept, *json, *xml;
	} cases[] = {
		{SCALAR_NUMBER, "0", REASON_NONE, "0", "0", "\"CashPayment\""},
		{SCALAR_NUMBER, "1", REASON_NONE, "1", "1", "\"CustomerCardPayment\""},
		{SCALAR_NUMBER, "7", REASON_NONE, "7", "7", "\"7\""},
		{SCALAR_STRING, "1", REASON_NONE, "1", "1", "\"CustomerCardPayment\""},
		{SCALAR_TEXT, "007", REASON_NONE, "7", "7", "\"7\""},
		{SCALAR_TEXT, "00", REASON_NONE, "0", "0", "\"CashPayment\""},
		{SCALAR_STRING, "cashPAYMENT", REASON_NONE, "0", "0", "\"CashPayment\""},
		{SCALAR_TEXT, "CustomerCardPayment", REASON_NONE, "1", "1",
		 "\"CustomerCardPayment\""},
		{SCALAR_STRING, "Voucher", REASON_NONE, "Voucher", "\"Voucher\"", "\"Voucher\""},
		{SCALAR_STRING, "", REASON_NONE, "", "\"\"", "\"\""},
		{SCALAR_NUMBER, "2147483647", REASON_NONE, "2147483647", "2147483647",
		 "\"2147483647\""},
		{SCALAR_NUMBER, "2147483648", REASON_OUT_OF_RANGE, NULL, NULL, NULL},
		{SCALAR_STRING, "99999999999999999999", REASON_OUT_OF_RANGE, NULL, NULL, NULL},
		{SCALAR_NUMBER, "-1", REASON_OUT_OF_RANGE, NULL, NULL, NULL},
		{SCALAR_NUMBER, "1.5", REASON_WRONG_TYPE, NULL, NULL, NULL},
		{SCALAR_BOOL, "true", REASON_WRONG_TYPE, NULL, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct scalar in = {.kind = cases[i].kind, .text = str_of(cases[i].text)};
		struct str method = {0};

		if (pos_payment.read(in, NULL, &method) != cases[i].reason)
			fail_msg("%s", cases[i].text);
		if (!cases[i].kept)
			continue;
		assert_true(str_eq(method, str_of(cases[i].kept)));
		assert_string_equal(written(&pos_payment, &method), cases[i].json);
		assert_string_equal(written(&pos_payment_xml, &method), cases[i].xml);
	}
}

static void amounts_show_a_fraction(void **state)
{
	static const struct {
		int64_t minor;
		const char *text;
	} cases[] = {{0, "0.0"},  {300, "3.0"},     {250, "2.5"},
		     {1, "0.01"}, {-1050, "-10.5"}, {AMOUNT_MINOR_MAX, "10000000000000.0"}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(written(&pos_amount, &(struct amount){cases[i].minor}),
				    cases[i].text);
}

static void times_carry_the_offset_of_their_day(void **state)
{
	static const struct {
		const char *zone;
		int64_t ms;
		const char *text;
	} cases[] = {
		{"Europe/Berlin", 1769623918597, "\"2026-01-28T19:11:58.5970000+01:00\""},
		{"Europe/Berlin", 1785262318005, "\"2026-07-28T20:11:58.0050000+02:00\""},
		{"Europe/Moscow", 0, "\"1970-01-01T03:00:00.0000000+03:00\""},
		{"UTC", -1, "\"1969-12-31T23:59:59.9990000+00:00\""},
		{"Asia/Kathmandu", 1769623918000, "\"2026-01-28T23:56:58.0000000+05:45\""},
		{"America/St_Johns", 1769623918000, "\"2026-01-28T14:41:58.0000000-03:30\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		zone_enter(cases[i].zone);
		assert_string_equal(written(&pos_time, &(struct moment){cases[i].ms}),
				    cases[i].text);
	}
	assert_string_equal(written(&pos_time_or_null, &(struct moment){0}), "null");
	assert_string_equal(written(&pos_time_or_null, &(struct moment){1}),
			    "\"1969-12-31T20:30:00.0010000-03:30\"");
}

static void expected_errors_are_400_with_a_code(void **state)
{
	static const struct {
		enum outcome outcome;
		enum reason reason;
		short http, code;
	} cases[] = {
		{OUTCOME_NOT_FOUND, REASON_NO_CARD, 400, 1},
		{OUTCOME_NOT_FOUND, REASON_NO_TILL, 400, 2},
		{OUTCOME_CONFLICT, REASON_BLOCKED, 400, 3},
		{OUTCOME_INSUFFICIENT, REASON_NOT_ENOUGH, 400, 4},
		{OUTCOME_INVALID, REASON_OUT_OF_RANGE, 400, 0},
		{OUTCOME_UNAUTHENTICATED, REASON_TOKEN_BAD, 401, 0},
		{OUTCOME_DENIED, REASON_SCOPE, 403, 0},
		{OUTCOME_NO_ROUTE, REASON_NONE, 404, 0},
		{OUTCOME_BAD_METHOD, REASON_NONE, 405, 0},
		{OUTCOME_CONFLICT, REASON_INACTIVE, 409, 0},
		{OUTCOME_RUNNING, REASON_KEY_RUNNING, 409, 0},
		{OUTCOME_STALE, REASON_IF_MATCH, 412, 0},
		{OUTCOME_TOO_LARGE, REASON_TOO_LONG, 413, 0},
		{OUTCOME_BAD_MEDIA, REASON_UNKNOWN_VALUE, 415, 0},
		{OUTCOME_MISMATCH, REASON_RECEIPT_OTHER, 422, 0},
		{OUTCOME_THROTTLED, REASON_ATTEMPTS, 429, 0},
		{OUTCOME_INTERNAL, REASON_BUG, 500, 0},
		{OUTCOME_BUSY, REASON_DATABASE, 503, 0},
		{OUTCOME_UNCERTAIN, REASON_NONE, 503, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct dialect_status status =
			dialect_pos.status(cases[i].outcome, cases[i].reason);

		if (status.http != cases[i].http || status.code != cases[i].code)
			fail_msg("%s: %d, %d", reason_name(cases[i].reason), status.http,
				 status.code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uids_are_unsigned_64_bit_numbers),
		cmocka_unit_test(payments_have_numbers_and_names),
		cmocka_unit_test(amounts_show_a_fraction),
		cmocka_unit_test(times_carry_the_offset_of_their_day),
		cmocka_unit_test(expected_errors_are_400_with_a_code),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
