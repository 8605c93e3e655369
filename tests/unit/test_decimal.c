#include "unit.h"

#include "decimal.h"

static void test_text_becomes_minor_units(void **state)
{
	static const struct {
		const char *text;
		enum reason reason;
		int64_t minor;
	} rows[] = {
		{"0", REASON_NONE, 0},
		{"-0", REASON_NONE, 0},
		{"225", REASON_NONE, 22500},
		{"0.5", REASON_NONE, 50},
		{"1.500", REASON_NONE, 150},
		{"1.50000000000000000000000000", REASON_NONE, 150},
		{"13573.04", REASON_NONE, 1357304},
		{"-0.01", REASON_NONE, -1},
		{"1.001", REASON_TOO_PRECISE, 0},
		{"1.00000000000000000000000001", REASON_TOO_PRECISE, 0},
		{"10000000000000", REASON_NONE, AMOUNT_MINOR_MAX},
		{"10000000000000.00", REASON_NONE, AMOUNT_MINOR_MAX},
		{"10000000000000.01", REASON_OUT_OF_RANGE, 0},
		{"-10000000000000", REASON_NONE, -AMOUNT_MINOR_MAX},
		{"-10000000000000.01", REASON_OUT_OF_RANGE, 0},
		{"18446744073709551616", REASON_OUT_OF_RANGE, 0},
		{"100000000000000000000000000000000000000", REASON_OUT_OF_RANGE, 0},
		{"", REASON_NOT_A_NUMBER, 0},
		{"-", REASON_NOT_A_NUMBER, 0},
		{"+1", REASON_NOT_A_NUMBER, 0},
		{" 1", REASON_NOT_A_NUMBER, 0},
		{"1 ", REASON_NOT_A_NUMBER, 0},
		{"01", REASON_NOT_A_NUMBER, 0},
		{"00", REASON_NOT_A_NUMBER, 0},
		{"1.", REASON_NOT_A_NUMBER, 0},
		{".5", REASON_NOT_A_NUMBER, 0},
		{"1e2", REASON_NOT_A_NUMBER, 0},
		{"1.0e2", REASON_NOT_A_NUMBER, 0},
		{"1,5", REASON_NOT_A_NUMBER, 0},
		{"1.5.0", REASON_NOT_A_NUMBER, 0},
		{"0x10", REASON_NOT_A_NUMBER, 0},
		{"NaN", REASON_NOT_A_NUMBER, 0},
		{"12abc", REASON_NOT_A_NUMBER, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct amount amount = {42};

		assert_int_equal(decimal_parse(str_of(rows[i].text), &amount), rows[i].reason);
		assert_int_equal(amount.minor, rows[i].reason ? 42 : rows[i].minor);
	}
}

static void test_amounts_are_written_in_the_shortest_form(void **state)
{
	static const struct {
		int64_t minor;
		int digits;
		const char *text;
	} rows[] = {
		{22500, 0, "225"},
		{22500, 1, "225.0"},
		{22500, 2, "225.00"},
		{50, 0, "0.5"},
		{50, 1, "0.5"},
		{50, 2, "0.50"},
		{5, 0, "0.05"},
		{1357304, 0, "13573.04"},
		{1357304, 1, "13573.04"},
		{-1, 0, "-0.01"},
		{-100, 1, "-1.0"},
		{0, 0, "0"},
		{0, 2, "0.00"},
		{INT64_MAX, 0, "92233720368547758.07"},
		{INT64_MIN, 0, "-92233720368547758.08"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[DECIMAL_TEXT_MAX];
		size_t len =
			decimal_format_min((struct amount){rows[i].minor}, rows[i].digits, text);

		assert_int_equal(len, strlen(rows[i].text));
		assert_memory_equal(text, rows[i].text, len);
	}
}

static void test_what_is_written_reads_back(void **state)
{
	(void)state;
	for (int64_t minor = -1234567; minor < 1234567; minor += 997) {
		struct amount amount = {0};
		char text[DECIMAL_TEXT_MAX];
		size_t len = decimal_format((struct amount){minor}, text);

		assert_int_equal(decimal_parse((struct str){text, len}, &amount), REASON_NONE);
		assert_int_equal(amount.minor, minor);
	}
}

static void ask_for_three_digits(void)
{
	char text[DECIMAL_TEXT_MAX];

	decimal_format_min((struct amount){1}, 3, text);
}

static void test_more_than_two_fraction_digits_is_a_bug(void **state)
{
	(void)state;
	assert_true(dies(ask_for_three_digits));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_becomes_minor_units),
		cmocka_unit_test(test_amounts_are_written_in_the_shortest_form),
		cmocka_unit_test(test_what_is_written_reads_back),
		cmocka_unit_test(test_more_than_two_fraction_digits_is_a_bug),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
