/* Grams of texts, rows of members, and phrases that are met in them. */
#include "unit.h"

#include "arena.h"
#include "gram.h"

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	return arena_init(&arena, (size_t)16 << 20) ? 0 : -1;
}

static int close_arena(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

/* The members of every gram that some texts have; number n is the n-th text. */
struct world {
	int64_t gram[4096];
	struct str row[4096];
	size_t n;
	uint16_t number;
};

static struct world world;

static struct str *row_of(int64_t gram)
{
	for (size_t i = 0; i < world.n; i++)
		if (world.gram[i] == gram)
			return &world.row[i];
	world.gram[world.n] = gram;
	world.row[world.n] = STR("");
	return &world.row[world.n++];
}

static void seen(void *arg, int64_t gram, unsigned place)
{
	struct str *row = row_of(gram);
	struct buf one, both;

	(void)arg;
	buf_init(&one, &arena, 8);
	buf_init(&both, &arena, 8);
	gram_group_put(&one, place, &world.number, 1);
	assert_true(gram_merge(&both, *row, buf_done(&one)));
	*row = buf_done(&both);
}

static bool finds(uint16_t number, const char *text, bool starts_word)
{
	struct gram_set set = {{0}};
	struct gram_phrase phrase;
	struct str rows[GRAM_PHRASE_MAX];
	bool sure = true;

	assert_true(gram_phrase_make(str_of(text), starts_word, GRAM_OTHER, &phrase));
	for (size_t i = 0; i < phrase.n; i++)
		rows[i] = *row_of(phrase.gram[i]);
	assert_true(gram_match(&phrase, rows, &set, &sure));
	return set.word[number / 64] >> number % 64 & 1;
}

static const struct {
	const char *text, *held, *not_held;
} texts[] = {
	{"anna karenina", "anna k", "annak"},
	{"abcabd", "cabd", "abcd"},
	{"aaaa", "aaa", "aab"},
	{"анна\n7900", "анна", "на7"},
	{"12345678901234567890123456789", "2345678901234567890123456789", "234567890123456789x"},
	{"x\nabc", "abc", "xab"},
	{"\U0001F600\U0001F600я", "\U0001F600я", "я\U0001F600\U0001F600"},
};

static void test_fragments_are_met_at_places_that_fit(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	for (size_t i = 0; i < COUNT(texts); i++) {
		world.number = (uint16_t)(i * 1000);
		gram_each(str_of(texts[i].text), seen, NULL);
	}
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct gram_phrase phrase;

		if (gram_phrase_make(str_of(texts[i].held), false, GRAM_OTHER, &phrase))
			assert_true(finds((uint16_t)(i * 1000), texts[i].held, false));
		assert_false(finds((uint16_t)(i * 1000), texts[i].not_held, false));
	}
}

static void test_words_are_met_at_their_starts(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.number = 7;
	gram_each(STR("anna-maria o2"), seen, NULL);
	gram_each_word(STR("anna-maria o2"), seen, NULL);
	assert_true(finds(7, "a", true));
	assert_true(finds(7, "m", true));
	assert_false(finds(7, "n", true));
	assert_true(finds(7, "an", true));
	assert_true(finds(7, "anna", true));
	assert_true(finds(7, "mari", true));
	assert_true(finds(7, "o2", true));
	assert_false(finds(7, "na", true));
	assert_false(finds(7, "ria", true));
	assert_false(finds(7, "annam", true));
}

static const struct {
	const char *text;
	bool starts_word, made, whole;
} phrases[] = {
	{"ab", false, false, false},
	{"abc", false, true, true},
	{"яя", false, false, false},
	{"яяя", false, true, true},
	{"a\nb", false, false, false},
	{"a\xff"
	 "bc",
	 false, false, false},
	{"", true, false, false},
	{"a", true, true, true},
	{"ab", true, true, true},
	{"123456789012345678901234", false, true, true},
	{"1234567890123456789012345", false, true, false},
	{"", false, false, false},
};

static void test_phrases_have_three_characters_and_are_covered_up_to_a_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(phrases); i++) {
		struct gram_phrase phrase;
		bool made = gram_phrase_make(str_of(phrases[i].text), phrases[i].starts_word,
					     GRAM_CODE, &phrase);

		assert_int_equal(made, phrases[i].made);
		if (made)
			assert_int_equal(phrase.whole, phrases[i].whole);
	}
}

/* Beyond the last place that is told apart a phrase may be there or not. */
static void test_far_places_are_not_sure(void **state)
{
	char text[400];
	struct gram_phrase phrase;
	struct gram_set set = {{0}};
	struct str rows[GRAM_PHRASE_MAX];
	bool sure = true;

	(void)state;
	memset(&world, 0, sizeof(world));
	memset(text, 'x', sizeof(text));
	memcpy(text + 300, "abcdef", 6);
	gram_each((struct str){text, sizeof(text)}, seen, NULL);
	assert_true(gram_phrase_make(STR("abcdef"), false, GRAM_OTHER, &phrase));
	for (size_t i = 0; i < phrase.n; i++)
		rows[i] = *row_of(phrase.gram[i]);
	assert_true(gram_match(&phrase, rows, &set, &sure));
	assert_int_equal(gram_set_count(&set), 1);
	assert_false(sure);
}

/* As a list and as bits: on both sides of the longest list. */
static void test_members_come_back(void **state)
{
	static uint16_t numbers[GRAM_BLOCK];
	const size_t counts[] = {1, 2, GRAM_LIST_MAX, GRAM_LIST_MAX + 1, GRAM_BLOCK};

	(void)state;
	for (size_t i = 0; i < COUNT(counts); i++) {
		struct gram_set set = {{0}}, all = {{0}};
		struct buf buf, twice;

		for (size_t k = 0; k < counts[i]; k++)
			numbers[k] = (uint16_t)(GRAM_BLOCK - counts[i] + k);
		buf_init(&buf, &arena, 8);
		gram_group_put(&buf, 9, numbers, counts[i]);
		assert_true(gram_members(buf_done(&buf), &set));
		assert_int_equal(gram_set_count(&set), counts[i]);
		buf_init(&twice, &arena, 8);
		assert_true(gram_merge(&twice, buf_done(&buf), buf_done(&buf)));
		assert_true(str_eq(buf_done(&twice), buf_done(&buf)));
		assert_true(gram_members(buf_done(&twice), &all));
		assert_memory_equal(&all, &set, sizeof(set));
	}
}

static const struct {
	const char *row;
	size_t len;
	bool good;
} rows[] = {
	{"", 0, true},
	{"\1\0\0\0\5\0", 6, true},
	{"\1\0\0\0\5\0\2\0\0\0\5\0", 12, true},
	{"\1\0\1\0\5\0\6\0", 8, true},
	{"\1\0\0\0\xff\x7f", 6, true},
	{"\1\0\0\0\0\x80", 6, false},   /* beyond the block */
	{"\1\0\1\0\6\0\5\0", 8, false}, /* not ascending */
	{"\1\0\1\0\5\0\5\0", 8, false}, /* twice */
	{"\1\0\1\0\5\0", 6, false},     /* cut short */
	{"\1\0\0", 3, false},
	{"\1\2\0\0\5\0", 6, false}, /* no such form */
	{"\1\1\0\0\5\0", 6, false}, /* bits cut short */
};

static void test_damaged_rows_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str row = {rows[i].row, rows[i].len};
		struct gram_set set = {{0}};
		struct buf buf;

		buf_init(&buf, &arena, 8);
		assert_int_equal(gram_members(row, &set), rows[i].good);
		assert_int_equal(gram_merge(&buf, row, STR("")), rows[i].good);
		assert_int_equal(gram_merge(&buf, STR("\1\0\0\0\7"), row), false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fragments_are_met_at_places_that_fit),
		cmocka_unit_test(test_words_are_met_at_their_starts),
		cmocka_unit_test(test_phrases_have_three_characters_and_are_covered_up_to_a_length),
		cmocka_unit_test(test_far_places_are_not_sure),
		cmocka_unit_test(test_members_come_back),
		cmocka_unit_test(test_damaged_rows_are_refused),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
