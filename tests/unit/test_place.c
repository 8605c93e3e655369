/* Places of pages in shared memory: which is found, how long, and what a killed writer leaves. */
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "place.h"

#define NOW_MS 1000000

static int start(void **state)
{
	(void)state;
	return places_init() ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	places_fini();
	return 0;
}

/* Queries of one set. */
static struct place_query query_of(uint64_t n)
{
	return (struct place_query){{7, n}};
}

/* A place whose parts tell whether they belong together. */
static struct place place_at(int64_t offset)
{
	struct place place = {
		.offset = offset, .number = offset * 3, .key_number = -offset, .key_len = 8};

	place.len = PLACE_TEXT_MAX;
	for (size_t i = 0; i + sizeof(offset) <= PLACE_TEXT_MAX; i += sizeof(offset))
		memcpy(place.text + i, &offset, sizeof(offset));
	memcpy(place.key, &offset, sizeof(offset));
	return place;
}

static bool is_whole(const struct place *place)
{
	struct place expected = place_at(place->offset);

	return memcmp(&expected, place, sizeof(expected)) == 0;
}

static void put(uint64_t query, int64_t offset, int64_t now_ms)
{
	struct place_query of = query_of(query);
	struct place place = place_at(offset);

	place_put(&of, &place, now_ms);
}

/* The offset of the place found, -1 = none. */
static int64_t get(uint64_t query, int64_t offset, int64_t now_ms)
{
	struct place_query of = query_of(query);
	struct place place;

	if (!place_get(&of, offset, now_ms, &place))
		return -1;
	assert_true(is_whole(&place));
	return place.offset;
}

static void test_the_nearest_place_before_is_found(void **state)
{
	static const struct {
		uint64_t query;
		int64_t offset, found;
	} cases[] = {
		{1, 999, -1},    {1, 1000, 1000}, {1, 1001, 1000}, {1, 2999, 1000},
		{1, 3000, 3000}, {1, 9999, 3000}, {2, 9999, 2000}, {3, 9999, -1},
	};

	(void)state;
	put(1, 3000, NOW_MS);
	put(2, 2000, NOW_MS);
	put(1, 1000, NOW_MS);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(get(cases[i].query, cases[i].offset, NOW_MS), cases[i].found);
}

static void test_a_place_ends_with_its_time(void **state)
{
	static const struct {
		int64_t now_ms, found;
	} cases[] = {
		{NOW_MS - 1, -1},
		{NOW_MS, 1000},
		{NOW_MS + PLACE_LIFE_MS - 1, 1000},
		{NOW_MS + PLACE_LIFE_MS, -1},
	};

	(void)state;
	put(1, 1000, NOW_MS);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(get(1, 1000, cases[i].now_ms), cases[i].found);
}

static void test_a_place_that_is_put_again_lives_on(void **state)
{
	(void)state;
	put(1, 1000, NOW_MS);
	put(1, 1000, NOW_MS + 30000);
	assert_int_equal(get(1, 1000, NOW_MS + PLACE_LIFE_MS), 1000);
	put(2, 1, NOW_MS + 30000 + PLACE_LIFE_MS);
	assert_int_equal(get(1, 1000, NOW_MS + 30000 + PLACE_LIFE_MS), -1);
}

static void test_a_full_set_forgets_its_oldest(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < PLACE_WAYS; i++)
		put(i, 1000, NOW_MS + (int64_t)i);
	for (uint64_t i = 0; i < PLACE_WAYS; i++)
		assert_int_equal(get(i, 1000, NOW_MS + 100), 1000);
	put(PLACE_WAYS, 1000, NOW_MS + 100);
	assert_int_equal(get(0, 1000, NOW_MS + 100), -1);
	for (uint64_t i = 1; i <= PLACE_WAYS; i++)
		assert_int_equal(get(i, 1000, NOW_MS + 100), 1000);
}

/* Whoever reads a whole list takes half of the set at most, by what it left longest ago. */
static void test_one_query_leaves_room_to_others(void **state)
{
	(void)state;
	put(1, 1000, NOW_MS);
	for (int64_t i = 1; i <= 1000; i++)
		put(2, i * 10, NOW_MS + i);
	assert_int_equal(get(1, 1000, NOW_MS + 1000), 1000);
	assert_int_equal(get(2, 10000, NOW_MS + 1000), 10000);
	assert_int_equal(get(2, 10000 - (PLACE_WAYS / 2 - 1) * 10, NOW_MS + 1000),
			 10000 - (PLACE_WAYS / 2 - 1) * 10);
	assert_int_equal(get(2, 10000 - PLACE_WAYS / 2 * 10, NOW_MS + 1000), -1);
}

/* Whatever word of an entry is another's: it is none, and taken again. */
static void test_a_torn_entry_is_none(void **state)
{
	uint64_t *words = places_words();
	size_t first = 0, torn = 0;

	(void)state;
	put(1, 1000, NOW_MS);
	while (words[first] == 0)
		first++;
	for (size_t i = 0; i < PLACE_WORDS; i++) {
		uint64_t was = words[first + i];

		words[first + i] ^= UINT64_C(1) << (i % 64);
		torn += get(1, 1000, NOW_MS) < 0;
		words[first + i] = was;
		assert_int_equal(get(1, 1000, NOW_MS), 1000);
	}
	assert_int_equal(torn, (8 + 16 + 8 + sizeof(struct place)) / 8);
	words[first + 5]++;
	put(1, 1000, NOW_MS);
	assert_int_equal(get(1, 1000, NOW_MS), 1000);
}

static void test_without_memory_nothing_is_kept(void **state)
{
	(void)state;
	places_fini();
	put(1, 1000, NOW_MS);
	assert_int_equal(get(1, 1000, NOW_MS), -1);
	assert_true(places_init());
}

static void write_for_ever(unsigned seed)
{
	for (;;) {
		seed = seed * 1103515245 + 12345;
		put(seed >> 16 & 1, (int64_t)(seed >> 20 & 7) * 1000, NOW_MS);
	}
}

static pid_t start_writer(unsigned seed)
{
	pid_t pid = fork();

	if (pid == 0)
		write_for_ever(seed);
	return pid;
}

/* Writers that are killed amid their work, and two at once on one entry: what is found is whole. */
static void test_killed_writers_leave_nothing_half(void **state)
{
	size_t found = 0;

	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		pid_t writers[] = {start_writer(round), start_writer(round + 100)};

		for (int i = 0; i < 2000; i++)
			found += get((uint64_t)i & 1, 7000, NOW_MS) >= 0;
		for (size_t i = 0; i < COUNT(writers); i++) {
			assert_true(writers[i] > 0);
			kill(writers[i], SIGKILL);
			waitpid(writers[i], NULL, 0);
		}
		put(0, 7000, NOW_MS);
		assert_int_equal(get(0, 7000, NOW_MS), 7000);
	}
	assert_true(found > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_nearest_place_before_is_found, start, end),
		cmocka_unit_test_setup_teardown(test_a_place_ends_with_its_time, start, end),
		cmocka_unit_test_setup_teardown(test_a_place_that_is_put_again_lives_on, start,
						end),
		cmocka_unit_test_setup_teardown(test_a_full_set_forgets_its_oldest, start, end),
		cmocka_unit_test_setup_teardown(test_one_query_leaves_room_to_others, start, end),
		cmocka_unit_test_setup_teardown(test_a_torn_entry_is_none, start, end),
		cmocka_unit_test_setup_teardown(test_without_memory_nothing_is_kept, start, end),
		cmocka_unit_test_setup_teardown(test_killed_writers_leave_nothing_half, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
