#include "unit.h"

#include "arena.h"

#define MIB ((size_t)1 << 20)

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	return arena_init(&arena, 8 * MIB) ? 0 : -1;
}

static int close_arena(void **state)
{
	(void)state;
	arena_fini(&arena);
	arena_fini(&arena);
	return 0;
}

static bool all_zero(const unsigned char *at, size_t size)
{
	return size == 0 || (at[0] == 0 && memcmp(at, at + 1, size - 1) == 0);
}

static void test_pieces_are_zeroed_and_aligned(void **state)
{
	static const size_t sizes[] = {0, 1, 15, 16, 17, 4096, 100000};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		unsigned char *at = arena_alloc(&arena, sizes[i]);

		assert_int_equal((uintptr_t)at % 16, 0);
		assert_true(all_zero(at, sizes[i]));
		memset(at, 0xEE, sizes[i]);
	}
}

/* Below and above the size from which pages are given back. */
static void test_reset_zeroes_what_was_used(void **state)
{
	static const size_t sizes[] = {1, 4096, 2 * MIB - 100, 2 * MIB, 2 * MIB + 5000, 7 * MIB};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		char *kept = arena_strndup(&arena, "kept", 4);
		size_t mark = arena_mark(&arena);

		memset(arena_alloc(&arena, sizes[i]), 0xEE, sizes[i]);
		arena_reset(&arena, mark);
		assert_int_equal(arena_mark(&arena), mark);
		assert_string_equal(kept, "kept");
		assert_true(all_zero(arena_alloc(&arena, sizes[i]), sizes[i]));
		arena_reset(&arena, 0);
	}
}

static void test_newest_piece_grows_in_place(void **state)
{
	char *first, *grown;

	(void)state;
	first = arena_strndup(&arena, "abc", 3);
	grown = arena_grow(&arena, first, 4, 5000);
	assert_ptr_equal(first, grown);
	assert_string_equal(grown, "abc");
	assert_true(all_zero((unsigned char *)grown + 4, 4996));
}

static void test_older_piece_is_copied_when_it_grows(void **state)
{
	char *first, *grown;

	(void)state;
	first = arena_strndup(&arena, "abc", 3);
	arena_alloc(&arena, 1);
	grown = arena_grow(&arena, first, 4, 5000);
	assert_ptr_not_equal(first, grown);
	assert_string_equal(grown, "abc");
	assert_string_equal(first, "abc");
	assert_non_null(arena_grow(&arena, NULL, 0, 10));
}

static void test_high_remembers_the_most_ever_used(void **state)
{
	size_t high;

	(void)state;
	arena_reset(&arena, 0);
	arena_alloc(&arena, 3 * MIB);
	high = arena.high;
	assert_true(high >= 3 * MIB);
	arena_reset(&arena, 0);
	arena_alloc(&arena, 1);
	assert_int_equal(arena.high, high);
}

static void fill(size_t size)
{
	struct arena small;

	if (arena_init(&small, 4096))
		arena_alloc(&small, size);
}

static void fill_past_cap(void)
{
	fill(4097);
}

static void fill_absurdly(void)
{
	fill(SIZE_MAX);
}

static void fill_to_cap(void)
{
	fill(4096 - 16);
}

static void test_only_past_the_cap_it_aborts(void **state)
{
	(void)state;
	assert_false(dies(fill_to_cap));
	assert_true(dies(fill_past_cap));
	assert_true(dies(fill_absurdly));
}

static void test_a_range_that_cannot_be_mapped_is_told(void **state)
{
	struct arena huge;

	(void)state;
	assert_false(arena_init(&huge, SIZE_MAX / 2));
	arena_fini(&huge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pieces_are_zeroed_and_aligned, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(test_reset_zeroes_what_was_used, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(test_newest_piece_grows_in_place, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(test_older_piece_is_copied_when_it_grows,
						open_arena, close_arena),
		cmocka_unit_test_setup_teardown(test_high_remembers_the_most_ever_used, open_arena,
						close_arena),
		cmocka_unit_test(test_only_past_the_cap_it_aborts),
		cmocka_unit_test(test_a_range_that_cannot_be_mapped_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
