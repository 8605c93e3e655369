#include "unit.h"

#include <time.h>

#include "clock.h"

static void test_a_fixed_clock_stands_still(void **state)
{
	struct clock clock = {.fixed_ms = 1700000000123, .offset_ms = 5};

	(void)state;
	assert_int_equal(clock_now_ms(&clock), 1700000000123);
	assert_int_equal(clock_now_ms(&clock), 1700000000123);
}

static void test_the_host_clock_is_shifted_by_the_offset(void **state)
{
	struct clock ahead = {.offset_ms = 3600000}, plain = {0};
	int64_t before = (int64_t)time(NULL) * 1000, now = clock_now_ms(&plain);

	(void)state;
	assert_in_range(now, before, before + 60000);
	assert_in_range(clock_now_ms(&ahead), now + 3600000, now + 3660000);
}

static void test_the_monotonic_clock_counts_microseconds(void **state)
{
	struct timespec nap = {.tv_nsec = 5000000};
	int64_t start = clock_monotonic_us(), took;

	(void)state;
	nanosleep(&nap, NULL);
	took = clock_monotonic_us() - start;
	assert_in_range(took, 5000, 10000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_fixed_clock_stands_still),
		cmocka_unit_test(test_the_host_clock_is_shifted_by_the_offset),
		cmocka_unit_test(test_the_monotonic_clock_counts_microseconds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
