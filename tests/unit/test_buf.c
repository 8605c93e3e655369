#include "unit.h"

#include <inttypes.h>

#include "arena.h"
#include "buf.h"

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

static void test_integers_fill_the_whole_text(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int64_t value;
	} rows[] = {
		{"0", true, 0},
		{"-0", true, 0},
		{"007", true, 7},
		{"-12", true, -12},
		{"9223372036854775807", true, INT64_MAX},
		{"9223372036854775808", false, 0},
		{"-9223372036854775808", true, INT64_MIN},
		{"-9223372036854775809", false, 0},
		{"99999999999999999999", false, 0},
		{"", false, 0},
		{"-", false, 0},
		{"+1", false, 0},
		{" 1", false, 0},
		{"1 ", false, 0},
		{"12abc", false, 0},
		{"1.5", false, 0},
		{"--1", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t value = 42;

		assert_int_equal(str_to_i64(str_of(rows[i].text), &value), rows[i].good);
		assert_int_equal(value, rows[i].good ? rows[i].value : 42);
	}
}

static void test_slices_compare_by_bytes(void **state)
{
	(void)state;
	assert_true(str_eq(STR("abc"), str_of("abc")));
	assert_false(str_eq(STR("abc"), STR("abd")));
	assert_false(str_eq(STR("abc"), STR("ab")));
	assert_true(str_eq(STR(""), str_of(NULL)));
}

static void test_a_copy_ends_in_nul(void **state)
{
	struct str copy;

	(void)state;
	copy = str_dup(&arena, (struct str){"abcdef", 3});
	assert_int_equal(copy.len, 3);
	assert_string_equal(copy.at, "abc");
	assert_string_equal(str_dup(&arena, str_of(NULL)).at, "");
}

static void test_every_writer_appends(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, &arena, 0);
	buf_text(&buf, "a");
	buf_str(&buf, STR("bc"));
	buf_str(&buf, str_of(NULL));
	buf_char(&buf, '=');
	buf_hex(&buf, "\x00\xff\x1a", 3);
	buf_printf(&buf, " %s %d", "x", 7);
	assert_string_equal(buf_done(&buf).at, "abc=00ff1a x 7");
	assert_int_equal(buf_done(&buf).len, strlen("abc=00ff1a x 7"));
}

static void test_integers_are_written_as_printf_does(void **state)
{
	static const int64_t values[] = {0, 1, -1, 9, 10, -10, INT64_MAX, INT64_MIN};

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		char expected[32];
		struct buf buf;

		snprintf(expected, sizeof(expected), "%" PRId64, values[i]);
		buf_init(&buf, &arena, 1);
		buf_i64(&buf, values[i]);
		assert_string_equal(buf_done(&buf).at, expected);
	}
}

/* Growing keeps what is written, in place and (with a piece behind it) by copy. */
static void test_growing_keeps_the_text(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, &arena, 3);
	for (int i = 0; i < 5000; i++) {
		buf_char(&buf, (char)('a' + i % 26));
		if (i % 1000 == 0)
			arena_alloc(&arena, 1);
	}
	assert_int_equal(buf_done(&buf).len, 5000);
	for (int i = 0; i < 5000; i++)
		assert_int_equal(buf.at[i], 'a' + i % 26);
}

static void test_reserved_room_is_written_by_the_caller(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, &arena, 2);
	memcpy(buf_reserve(&buf, 10), "0123456789", 10);
	buf.len += 10;
	assert_string_equal(buf_done(&buf).at, "0123456789");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers_fill_the_whole_text),
		cmocka_unit_test(test_slices_compare_by_bytes),
		cmocka_unit_test(test_a_copy_ends_in_nul),
		cmocka_unit_test(test_every_writer_appends),
		cmocka_unit_test(test_integers_are_written_as_printf_does),
		cmocka_unit_test(test_growing_keeps_the_text),
		cmocka_unit_test(test_reserved_room_is_written_by_the_caller),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
