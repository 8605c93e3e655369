#include "zone.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A process has one zone at a time; tzset() knows when the name is the one it had. */
void zone_enter(const char *zone)
{
	const char *now = getenv("TZ");

	if (!now || strcmp(now, zone) != 0) {
		setenv("TZ", zone, 1);
		tzset();
	}
}

struct tm zone_here(struct moment at)
{
	time_t seconds = (time_t)(at.ms / 1000 - (at.ms % 1000 < 0));
	struct tm local = {0};

	localtime_r(&seconds, &local);
	return local;
}

struct tm zone_local(const char *zone, struct moment at)
{
	zone_enter(zone);
	return zone_here(at);
}

struct moment zone_moment(const char *zone, struct tm local)
{
	zone_enter(zone);
	local.tm_isdst = -1;
	return (struct moment){(int64_t)mktime(&local) * 1000};
}

/* Seconds as if the local date and time were UTC: they compare as calendars do. */
static int64_t civil(struct tm local)
{
	return (int64_t)timegm(&local);
}

/* Clocks that skip move by less than this, even across the date line. */
#define SKIP_MAX_S 100000

/* The first second from which on clocks show `wanted` or later, near `guess`. */
static int64_t first_after(const char *zone, int64_t guess, int64_t wanted)
{
	int64_t low = guess - SKIP_MAX_S, high = guess + SKIP_MAX_S;

	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (civil(zone_local(zone, (struct moment){middle * 1000})) < wanted)
			low = middle;
		else
			high = middle;
	}
	return high;
}

static bool is_date(struct tm local)
{
	struct tm shown = local;

	timegm(&shown);
	return shown.tm_year == local.tm_year && shown.tm_mon == local.tm_mon &&
	       shown.tm_mday == local.tm_mday && shown.tm_hour == local.tm_hour &&
	       shown.tm_min == local.tm_min && shown.tm_sec == local.tm_sec;
}

bool zone_moment_next(const char *zone, struct tm local, struct moment *at_r)
{
	int64_t wanted = civil(local), seconds;

	if (!is_date(local))
		return false;
	seconds = zone_moment(zone, local).ms / 1000;
	if (civil(zone_local(zone, (struct moment){seconds * 1000})) != wanted)
		seconds = first_after(zone, seconds, wanted);
	at_r->ms = seconds * 1000;
	return true;
}

static struct moment midnight(struct tm day)
{
	day.tm_hour = day.tm_min = day.tm_sec = 0;
	day.tm_isdst = -1;
	return (struct moment){(int64_t)mktime(&day) * 1000};
}

struct moment zone_day(const char *zone, struct moment base, int64_t days)
{
	struct tm local = zone_local(zone, base);

	local.tm_mday += (int)days;
	return midnight(local);
}

/* Months of a period, 0 where days make it. */
static const int months[] = {[CALENDAR_MONTH] = 1, [CALENDAR_QUARTER] = 3, [CALENDAR_YEAR] = 12};

void zone_period(const char *zone, struct moment at, enum calendar calendar, struct moment *from_r,
		 struct moment *to_r)
{
	struct tm from = zone_local(zone, at), to;

	if (calendar == CALENDAR_WEEK)
		from.tm_mday -= (from.tm_wday + 6) % 7;
	if (calendar >= CALENDAR_MONTH) {
		from.tm_mday = 1;
		from.tm_mon -= from.tm_mon % months[calendar];
	}
	to = from;
	if (calendar >= CALENDAR_MONTH)
		to.tm_mon += months[calendar];
	else
		to.tm_mday += calendar == CALENDAR_WEEK ? 7 : 1;
	*from_r = midnight(from);
	*to_r = midnight(to);
}
