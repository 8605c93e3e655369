#include "clock.h"

#include <time.h>

int64_t clock_now_ms(const struct clock *clock)
{
	struct timespec now;

	if (clock->fixed_ms != 0)
		return clock->fixed_ms;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + clock->offset_ms;
}

int64_t clock_monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
