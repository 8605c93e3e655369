#include "unit.h"

#include "arena.h"
#include "text.h"

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	return arena_init(&arena, (size_t)1 << 20) ? 0 : -1;
}

static int close_arena(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static void assert_fold(const char *text, size_t max, const char *expected)
{
	struct str folded = text_fold(&arena, str_of(text), max);

	assert_string_equal(folded.at, expected);
	assert_int_equal(folded.len, strlen(expected));
}

static void test_case_width_and_yo_do_not_matter(void **state)
{
	static const char *const rows[][2] = {
		{"", ""},
		{"Anna MARIA", "anna maria"},
		{"Пётр ЁЛКИН", "петр елкин"},
		{"Е\xCC\x88лка", "елка"},
		{"е\xCC\x81\xCC\x88", "е\xCC\x81"},
		{"ё\xCC\x88", "е"},
		{"Ко\xD0\xB8\xCC\x86", "кой"},
		{"Йод", "йод"},
		{"Straße", "strasse"},
		{"ＦＵＬＬ　Ｗ", "full w"},
		{"ﬁne ①", "fine 1"},
		{"é", "\xC3\xA9"},
		{"e\xCC\x81", "\xC3\xA9"},
		{"ё\xC2\xADлка", "елка"},
		{"ΣΊΣΥΦΟΣ", "σίσυφοσ"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_fold(rows[i][0], 200, rows[i][1]);
}

static void test_spaces_are_trimmed_and_single(void **state)
{
	static const char *const rows[][2] = {
		{"  a \t\r\n b  ", "a b"},
		{"   ", ""},
		{"\xC2\xA0я \xC2\xA0\xE2\x80\x83 б\xE3\x80\x80", "я б"},
		{"\xC2\x85я\xE2\x80\xA8\xE2\x80\xA9б", "я б"},
		{"\xC2\xA0", ""},
		{"a-b", "a-b"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_fold(rows[i][0], 200, rows[i][1]);
}

static void test_a_key_is_cut_at_a_character_and_never_ends_in_space(void **state)
{
	(void)state;
	assert_fold("Abcdef", 6, "abcdef");
	assert_fold("Abcdef", 5, "abcde");
	assert_fold("ab cd", 3, "ab");
	assert_fold("ЖЖЖ", 6, "жжж");
	assert_fold("ЖЖЖ", 5, "жж");
	assert_fold("ЖЖЖ", 1, "");
	assert_fold("Ж Ж", 3, "ж");
	assert_fold("x", 0, "");
}

static void test_folding_twice_changes_nothing(void **state)
{
	static const char *const rows[] = {"ё\xCC\x88\xCC\x81", "İstanbul", "ǰ\xCC\xA3", "ﷺ",
					   "Ǆ ẞ ŉ"};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str once = text_fold(&arena, str_of(rows[i]), 200);

		assert_true(str_eq(once, text_fold(&arena, once, 200)));
	}
}

static void fold_broken(void)
{
	text_fold(&arena, STR("a\xFF"), 10);
}

static void test_folding_what_is_not_utf8_is_a_bug(void **state)
{
	(void)state;
	assert_true(dies(fold_broken));
}

static void test_length_counts_characters(void **state)
{
	(void)state;
	assert_int_equal(text_length(STR("")), 0);
	assert_int_equal(text_length(STR("abc")), 3);
	assert_int_equal(text_length(STR("Жук\xF0\x9F\x98\x80")), 4);
	assert_true(text_is_utf8(STR("Жук")));
	assert_true(text_is_utf8(STR("a\0b")));
	assert_false(text_is_utf8(STR("a\xC0\x80")));
	assert_false(text_is_utf8(STR("a\xED\xA0\x80")));
}

static void test_digits_reverse_and_like(void **state)
{
	(void)state;
	assert_string_equal(text_digits(&arena, STR("+7 (900) 1٣")).at, "79001");
	assert_int_equal(text_digits(&arena, STR("none")).len, 0);
	assert_string_equal(text_reverse(&arena, STR("79001")).at, "10097");
	assert_string_equal(text_reverse(&arena, STR("")).at, "");
	assert_string_equal(text_like_escape(&arena, STR("10%_a\\b")).at, "10\\%\\_a\\\\b");
	assert_string_equal(text_like_escape(&arena, STR("plain")).at, "plain");
}

static void test_a_plate_has_no_spaces_dashes_and_case(void **state)
{
	static const struct {
		const char *plate;
		size_t max;
		const char *key;
	} rows[] = {
		{"", 64, ""},
		{" - -", 64, ""},
		{"A 123 BC-77", 64, "a123bc77"},
		{"а123вс 77", 64, "а123вс77"},
		{"A\xE2\x80\x93"
		 "1\xC2\xA0"
		 "2\xE2\x80\x94"
		 "3\xE2\x88\x92"
		 "4",
		 64, "a1234"},
		{"жжж", 4, "жж"},
		{"a_1.b", 64, "a_1.b"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(text_plate(&arena, str_of(rows[i].plate), rows[i].max).at,
				    rows[i].key);
}

static void test_words_are_runs_of_letters_marks_and_digits(void **state)
{
	static const struct {
		const char *text;
		size_t word_max, n;
		const char *words[4];
	} rows[] = {
		{"", 16, 0, {NULL}},
		{" - !", 16, 0, {NULL}},
		{"иванов-петров иван", 16, 3, {"иванов", "петров", "иван"}},
		{"иванов-петров иван", 8, 2, {"иван", "петр"}},
		{"иванов-петров иван", 9, 2, {"иван", "петр"}},
		{"o'neil 2nd", 16, 3, {"o", "neil", "2nd"}},
		{"ivan ivan petr ivan", 16, 2, {"ivan", "petr"}},
		{"a b c d e f", 16, 4, {"a", "b", "c", "d"}},
		{"x\xCC\xA3y", 16, 1, {"x\xCC\xA3y"}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str words[4];

		assert_int_equal(text_words(str_of(rows[i].text), rows[i].word_max, words, 4),
				 rows[i].n);
		for (size_t w = 0; w < rows[i].n; w++)
			assert_true(str_eq(words[w], str_of(rows[i].words[w])));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_case_width_and_yo_do_not_matter),
		cmocka_unit_test(test_spaces_are_trimmed_and_single),
		cmocka_unit_test(test_a_key_is_cut_at_a_character_and_never_ends_in_space),
		cmocka_unit_test(test_folding_twice_changes_nothing),
		cmocka_unit_test(test_folding_what_is_not_utf8_is_a_bug),
		cmocka_unit_test(test_length_counts_characters),
		cmocka_unit_test(test_digits_reverse_and_like),
		cmocka_unit_test(test_a_plate_has_no_spaces_dashes_and_case),
		cmocka_unit_test(test_words_are_runs_of_letters_marks_and_digits),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
