/* The birthday programme's calendar, bonus tiers and rounding. */
#include "unit.h"

#include "programme.h"
#include "zone.h"

static struct settings settings;

static struct moment day(const char *zone, int year, int month, int mday)
{
	struct tm local = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = mday};
	return zone_moment(zone, local);
}

static void zone_is(const char *zone)
{
	settings_defaults(&settings, 1);
	strcpy(settings.timezone, zone);
	settings.birthday_required_washings = 3;
	settings.birthday_period_days = 30;
}

#define HOUR_MS INT64_C(3600000)

struct period_case {
	const char *zone;
	int born[3], now[3], of_year[3], start[3], end[3];
};

/* Over the end of a year; 29 February, which is the 28th in common years; clocks that change. */
/* clang-format off */
static const struct period_case period_cases[] = {
	{"Europe/Moscow", {1980, 6, 15}, {2026, 6, 14}, {2026, 6, 15}, {2026, 6, 15}, {2026, 7, 15}},
	{"Europe/Moscow", {1980, 6, 15}, {2026, 6, 15}, {2026, 6, 15}, {2026, 6, 15}, {2026, 7, 15}},
	{"Europe/Moscow", {1980, 6, 15}, {2026, 12, 31}, {2026, 6, 15}, {2026, 6, 15}, {2026, 7, 15}},
	{"Europe/Moscow", {1980, 12, 20}, {2026, 12, 31}, {2026, 12, 20}, {2026, 12, 20}, {2027, 1, 19}},
	{"Europe/Moscow", {1980, 12, 20}, {2027, 1, 18}, {2027, 12, 20}, {2026, 12, 20}, {2027, 1, 19}},
	{"Europe/Moscow", {1980, 12, 20}, {2027, 1, 19}, {2027, 12, 20}, {2027, 12, 20}, {2028, 1, 19}},
	{"Europe/Moscow", {2000, 2, 29}, {2026, 3, 1}, {2026, 2, 28}, {2026, 2, 28}, {2026, 3, 30}},
	{"Europe/Moscow", {2000, 2, 29}, {2028, 3, 1}, {2028, 2, 29}, {2028, 2, 29}, {2028, 3, 30}},
	{"Europe/Moscow", {2000, 2, 29}, {2100, 3, 1}, {2100, 2, 28}, {2100, 2, 28}, {2100, 3, 30}},
	{"Europe/Moscow", {2000, 2, 28}, {2028, 3, 1}, {2028, 2, 28}, {2028, 2, 28}, {2028, 3, 29}},
	{"Europe/Berlin", {1980, 3, 20}, {2026, 4, 18}, {2026, 3, 20}, {2026, 3, 20}, {2026, 4, 19}},
	{"America/New_York", {1955, 11, 2}, {2026, 11, 5}, {2026, 11, 2}, {2026, 11, 2}, {2026, 12, 2}},
};
/* clang-format on */

static void a_period_is_that_of_now_or_of_this_year(void **state)
{
	const struct programme_count none = {0};
	(void)state;
	for (size_t i = 0; i < COUNT(period_cases); i++) {
		const struct period_case *row = &period_cases[i];
		const char *zone = row->zone;
#define DAY(d) day(zone, (row)->d[0], (row)->d[1], (row)->d[2])
		zone_is(zone);
		struct moment now = DAY(now);
		/* as clients write a day: 00:00 UTC; and as the shop's clock has it */
		struct moment born[] = {day("UTC", row->born[0], row->born[1], row->born[2]),
					DAY(born)};
		now.ms += HOUR_MS;
		for (size_t j = 0; j < COUNT(born); j++) {
			struct birthday_information got =
				programme_of(&settings, born[j], &none, now);
			assert_int_equal(got.birthday.ms, DAY(born).ms);
			assert_int_equal(got.birthday_of_year.ms, DAY(of_year).ms);
			assert_int_equal(got.period_start.ms, DAY(start).ms);
			assert_int_equal(got.period_end.ms, DAY(end).ms);
		}
	}
}

static void the_day_is_that_of_the_zone(void **state)
{
	const struct programme_count enough = {3, {0}};
	static const struct {
		const char *zone;
		bool free; /* at 20:59:59.999 and 21:00 UTC of 14 June */
		bool free_then;
	} cases[] = {
		{"Europe/Moscow", false, true}, {"UTC", false, false}, {"Asia/Omsk", true, true}};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct moment born = day("UTC", 1980, 6, 15), now = day("UTC", 2026, 6, 14);
		zone_is(cases[i].zone);
		now.ms += 21 * HOUR_MS - 1;
		for (int j = 0; j < 2; j++, now.ms++) {
			struct birthday_information got =
				programme_of(&settings, born, &enough, now);
			assert_int_equal(programme_is_free(&got, now),
					 j ? cases[i].free_then : cases[i].free);
		}
	}
}

static void a_wash_is_free_once_within_the_period(void **state)
{
	static const struct free_case {
		int required, since;
		int last[3], now[3];
		bool free, received;
	} cases[] = {
		{3, 3, {0}, {2026, 6, 15}, true, false},
		{3, 2, {0}, {2026, 6, 15}, false, false},
		{3, 4, {0}, {2026, 7, 14}, true, false},
		{3, 4, {0}, {2026, 7, 15}, false, false},
		{3, 4, {0}, {2026, 6, 14}, false, false},
		{0, 9, {0}, {2026, 6, 15}, false, false},
		{0, 9, {2026, 6, 15}, {2026, 6, 16}, false, false},
		{3, 9, {2026, 6, 15}, {2026, 6, 16}, false, true},
		{3, 9, {2025, 6, 15}, {2026, 6, 16}, true, false},
		{3, 9, {2025, 7, 14}, {2026, 6, 15}, true, false},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct free_case *row = &cases[i];
		const char *zone = "Europe/Moscow";
		struct programme_count count = {.washings_since = cases[i].since};
		zone_is(zone);
		settings.birthday_required_washings = cases[i].required;
		if (cases[i].last[0])
			count.last_free = DAY(last);
		struct moment now = DAY(now);
		struct birthday_information got =
			programme_of(&settings, day("UTC", 1980, 6, 15), &count, now);
		assert_int_equal(programme_is_free(&got, now), cases[i].free);
		assert_int_equal(got.received, cases[i].received);
		assert_int_equal(got.required_washings, cases[i].required);
		assert_int_equal(got.washings_since, cases[i].since);
	}
}

static void the_highest_tier_that_is_reached_counts(void **state)
{
	static const struct {
		int64_t amount, percent;
	} cases[] = {{1, 0},        {4999, 0},     {5000, 500},   {9999, 500},
		     {10000, 1050}, {19999, 1050}, {20000, 1000}, {AMOUNT_MINOR_MAX, 1000}};
	(void)state;
	zone_is("UTC");
	settings.bonus_tiers[0] = (struct bonus_tier){{20000}, {1000}};
	settings.bonus_tiers[1] = (struct bonus_tier){{5000}, {500}};
	settings.bonus_tiers[2] = (struct bonus_tier){{10000}, {1050}};
	settings.bonus_tiers_n = 3;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(bonus_percent(&settings, (struct amount){cases[i].amount}).minor,
				 cases[i].percent);
	settings.bonus_tiers_n = 0;
	assert_int_equal(bonus_percent(&settings, (struct amount){20000}).minor, 0);
}

static void tiers_are_shown_ascending(void **state)
{
	struct arena arena;
	(void)state;
	assert_true(arena_init(&arena, 4096));
	zone_is("UTC");
	settings.bonus_tiers[0] = (struct bonus_tier){{20000}, {1000}};
	settings.bonus_tiers[1] = (struct bonus_tier){{5000}, {500}};
	settings.bonus_tiers_n = 2;
	struct list list = bonus_tiers(&arena, &settings);
	const struct bonus_tier *tier = list.rows;
	assert_int_equal(list.n, 2);
	assert_int_equal(tier[0].threshold.minor, 5000);
	assert_int_equal(tier[1].percent.minor, 1000);
	assert_int_equal(settings.bonus_tiers[0].threshold.minor, 20000);
	settings.bonus_tiers_n = 0;
	assert_int_equal(bonus_tiers(&arena, &settings).n, 0);
	arena_fini(&arena);
}

static void a_bonus_is_rounded_half_up(void **state)
{
	static const struct {
		int64_t amount, percent, want;
	} cases[] = {
		{1000, 1000, 100},
		{5, 1000, 1},
		{4, 1000, 0},
		{15, 1000, 2},
		{14, 1000, 1},
		{1, 4999, 0},
		{1, 5000, 1},
		{333, 333, 11},
		{10050, 1050, 1055},
		{10047, 1050, 1055},
		{0, 10000, 0},
		{7, 10000, 7},
		{AMOUNT_MINOR_MAX, 10000, AMOUNT_MINOR_MAX},
		{AMOUNT_MINOR_MAX - 1, 5000, AMOUNT_MINOR_MAX / 2},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(percent_of((struct amount){cases[i].amount},
					    (struct amount){cases[i].percent}),
				 cases[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_period_is_that_of_now_or_of_this_year),
		cmocka_unit_test(the_day_is_that_of_the_zone),
		cmocka_unit_test(a_wash_is_free_once_within_the_period),
		cmocka_unit_test(the_highest_tier_that_is_reached_counts),
		cmocka_unit_test(tiers_are_shown_ascending),
		cmocka_unit_test(a_bonus_is_rounded_half_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
