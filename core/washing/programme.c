#include "programme.h"

#include <stdlib.h>

#include "zone.h"

#define DAY_MS    INT64_C(86400000)
#define FEBRUARY  1              /* of struct tm */
#define PERCENT_1 INT64_C(10000) /* hundredths of a percent that are the whole */

static struct tm day_of(const char *zone, struct moment birthdate)
{
	return zone_local(birthdate.ms % DAY_MS == 0 ? "UTC" : zone, birthdate);
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* 00:00 of the birthday in a year of struct tm. */
static struct moment birthday_in(const char *zone, const struct tm *day, int year)
{
	struct tm local = {.tm_year = year, .tm_mon = day->tm_mon, .tm_mday = day->tm_mday};
	if (day->tm_mon == FEBRUARY && day->tm_mday == 29 && !is_leap(year + 1900))
		local.tm_mday = 28;
	return zone_moment(zone, local);
}

struct birthday_information programme_of(const struct settings *settings, struct moment birthdate,
					 const struct programme_count *count, struct moment now)
{
	const char *zone = settings->timezone;
	struct tm day = day_of(zone, birthdate);
	int year = zone_local(zone, now).tm_year;
	struct birthday_information out = {
		.birthday = birthday_in(zone, &day, day.tm_year),
		.birthday_of_year = birthday_in(zone, &day, year),
		.required_washings = settings->birthday_required_washings,
		.washings_since = count->washings_since,
		.last_wash = count->last_free,
	};
	struct moment last = birthday_in(zone, &day, year - 1);
	struct moment end = zone_day(zone, last, settings->birthday_period_days);
	bool goes_on = now.ms < out.birthday_of_year.ms && now.ms < end.ms;
	out.period_start = goes_on ? last : out.birthday_of_year;
	out.period_end = zone_day(zone, out.period_start, settings->birthday_period_days);
	out.received = out.required_washings > 0 && out.last_wash.ms != 0 &&
		       out.last_wash.ms >= out.period_start.ms &&
		       out.last_wash.ms < out.period_end.ms;
	return out;
}

bool programme_is_free(const struct birthday_information *birthday, struct moment now)
{
	return birthday->required_washings > 0 && !birthday->received &&
	       birthday->washings_since >= birthday->required_washings &&
	       birthday->period_start.ms <= now.ms && now.ms < birthday->period_end.ms;
}

int64_t percent_of(struct amount amount, struct amount percent)
{
	int64_t whole = amount.minor / PERCENT_1, rest = amount.minor % PERCENT_1;
	return whole * percent.minor + (rest * percent.minor + PERCENT_1 / 2) / PERCENT_1;
}

struct amount bonus_percent(const struct settings *settings, struct amount amount)
{
	struct bonus_tier best = {{-1}, {0}};
	for (int64_t i = 0; i < settings->bonus_tiers_n; i++) {
		const struct bonus_tier *tier = &settings->bonus_tiers[i];
		if (tier->threshold.minor <= amount.minor &&
		    tier->threshold.minor > best.threshold.minor)
			best = *tier;
	}
	return best.percent;
}

static int compare(const void *a, const void *b)
{
	int64_t x = ((const struct bonus_tier *)a)->threshold.minor;
	int64_t y = ((const struct bonus_tier *)b)->threshold.minor;
	return (x > y) - (x < y);
}

struct list bonus_tiers(struct arena *arena, const struct settings *settings)
{
	size_t n = (size_t)settings->bonus_tiers_n;
	struct bonus_tier *tiers = arena_array(arena, struct bonus_tier, n + 1);
	for (size_t i = 0; i < n; i++)
		tiers[i] = settings->bonus_tiers[i];
	if (n > 1)
		qsort(tiers, n, sizeof *tiers, compare);
	return (struct list){tiers, n};
}
