/* Calendar days of a time zone (IANA name), as the host's zone database has them. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <time.h>

#include "types.h"

enum calendar { CALENDAR_DAY = 1, CALENDAR_WEEK, CALENDAR_MONTH, CALENDAR_QUARTER, CALENDAR_YEAR };

/* The zone that zone_here() speaks of: one at a time in a process. Any call below enters its own.
 */
void zone_enter(const char *zone);
/* Local date and time of a moment, with its offset from UTC (tm_gmtoff). */
struct tm zone_here(struct moment at);
/* 00:00 of the day that lies `days` after the one of `base`; where clocks skip it, the first
 * moment after. */
struct moment zone_day(const char *zone, struct moment base, int64_t days);
/* The local date and time of a moment. */
struct tm zone_local(const char *zone, struct moment at);
/* The moment of a local date and time; where clocks show it twice or never, one beside it. */
struct moment zone_moment(const char *zone, struct tm local);
/* The same, but what the clocks skip reads as the first moment after. False: no such date. */
bool zone_moment_next(const char *zone, struct tm local, struct moment *at_r);
/* First moment of the calendar period that `at` lies in, and of the next one. Weeks begin on
 * Monday. */
void zone_period(const char *zone, struct moment at, enum calendar calendar, struct moment *from_r,
		 struct moment *to_r);

#endif
