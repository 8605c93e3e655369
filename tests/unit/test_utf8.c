#include "unit.h"

#include "utf8.h"

/* Every code point, and the forms that RFC 3629 forbids. */
static void test_every_code_point_but_surrogates(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x10FFFF; code++) {
		char text[UTF8_CHAR_MAX];
		size_t len;

		if (code >= 0xD800 && code <= 0xDFFF)
			continue;
		len = utf8_put(code, text);
		assert_int_equal(utf8_char(text, len), len);
		assert_int_equal(utf8_char(text, len - 1), 0);
		assert_int_equal(utf8_code(text, len), code);
	}
}

static void test_bad_forms_are_refused(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{"abc", true},
		{"", true},
		{"\xD0\x96", true},
		{"\x80", false},
		{"\xBF", false},
		{"\xC0\x80", false},
		{"\xC1\xBF", false},
		{"\xC2\x80", true},
		{"\xC2", false},
		{"\xC2\x7F", false},
		{"\xC2\xC0", false},
		{"\xE0\x9F\xBF", false},
		{"\xE0\xA0\x80", true},
		{"\xED\x9F\xBF", true},
		{"\xED\xA0\x80", false},
		{"\xED\xBF\xBF", false},
		{"\xEE\x80\x80", true},
		{"\xEF\xBF\xBF", true},
		{"\xE2\x82", false},
		{"\xE2\x82\x41", false},
		{"\xF0\x8F\xBF\xBF", false},
		{"\xF0\x90\x80\x80", true},
		{"\xF4\x8F\xBF\xBF", true},
		{"\xF4\x90\x80\x80", false},
		{"\xF5\x80\x80\x80", false},
		{"\xF8\x88\x80\x80\x80", false},
		{"\xFE", false},
		{"\xFF", false},
		{"12345678\x80", false},
		{"1234567\xC3\xA9", true},
		{"123456789\xC3", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(utf8_valid(rows[i].text, strlen(rows[i].text)), rows[i].good);
	assert_true(utf8_valid("a\0b", 3));
}

static void test_a_cut_falls_between_characters(void **state)
{
	static const char text[] = "a\xD0\x96\xF0\x9F\x98\x80z";
	static const size_t expected[] = {0, 1, 1, 3, 3, 3, 3, 7, 8, 8};

	(void)state;
	for (size_t max = 0; max < COUNT(expected); max++)
		assert_int_equal(utf8_cut(text, sizeof(text) - 1, max), expected[max]);
}

static void put_surrogate(void)
{
	char text[UTF8_CHAR_MAX];

	utf8_put(0xD800, text);
}

static void put_beyond_unicode(void)
{
	char text[UTF8_CHAR_MAX];

	utf8_put(0x110000, text);
}

static void test_writing_no_character_is_a_bug(void **state)
{
	(void)state;
	assert_true(dies(put_surrogate));
	assert_true(dies(put_beyond_unicode));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_point_but_surrogates),
		cmocka_unit_test(test_bad_forms_are_refused),
		cmocka_unit_test(test_a_cut_falls_between_characters),
		cmocka_unit_test(test_writing_no_character_is_a_bug),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
