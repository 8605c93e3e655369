/* The one clock. Operations read it through ctx, so a test can fix it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct clock {
	int64_t fixed_ms;  /* not 0 = always this moment */
	int64_t offset_ms; /* added to the host's clock */
};

/* Unix milliseconds. */
int64_t clock_now_ms(const struct clock *clock);
/* Monotonic microseconds, for durations only. */
int64_t clock_monotonic_us(void);

#endif
