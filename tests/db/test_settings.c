/* Settings: every row of the table on both sides of its limits, and how a change is seen. */
#include "../unit/unit.h"

#include <sys/wait.h>
#include <unistd.h>

#include "database.h"
#include "settings.h"
#include "stmt_gen.h"

static struct database on;
static struct settings_cache *cache;
static int64_t monotonic_us;

static int set_up(void **state)
{
	(void)state;
	assert_int_equal(database_run(&on, "DELETE FROM organisation"), 0);
	assert_int_equal(database_run(&on, "DELETE FROM organisation_setting"), 0);
	cache = settings_cache_open();
	monotonic_us = 1;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	settings_cache_close(&cache);
	arena_reset(&on.arena, 0);
	return 0;
}

static const struct {
	const char *name, *value;
	enum reason reason;
} values[] = {
	{"empty_list", "404", REASON_NONE},
	{"empty_list", "200", REASON_NONE},
	{"empty_list", "201", REASON_UNKNOWN_VALUE},
	{"empty_list", "", REASON_UNKNOWN_VALUE},
	{"level_check", "perform", REASON_NONE},
	{"level_check", "Perform", REASON_UNKNOWN_VALUE},
	{"identify", "none", REASON_NONE},
	{"identify", "no", REASON_UNKNOWN_VALUE},
	{"return_policy", "negative", REASON_NONE},
	{"return_policy", "refuse", REASON_NONE},
	{"return_policy", "forgive", REASON_UNKNOWN_VALUE},
	{"tills_required", "yes", REASON_NONE},
	{"tills_required", "true", REASON_UNKNOWN_VALUE},
	{"cards_per_user", "0", REASON_NONE},
	{"cards_per_user", "1000000", REASON_NONE},
	{"cards_per_user", "1000001", REASON_OUT_OF_RANGE},
	{"cards_per_user", "-1", REASON_OUT_OF_RANGE},
	{"cards_per_user", "1.0", REASON_NOT_A_NUMBER},
	{"cards_per_user", "99999999999999999999", REASON_NOT_A_NUMBER},
	{"credit_limit", "500.50", REASON_NONE},
	{"credit_limit", "10000000000000", REASON_NONE},
	{"credit_limit", "10000000000000.01", REASON_OUT_OF_RANGE},
	{"credit_limit", "-0.01", REASON_OUT_OF_RANGE},
	{"credit_limit", "1.001", REASON_TOO_PRECISE},
	{"invalidate_period_days", "36500", REASON_NONE},
	{"invalidate_period_days", "36501", REASON_OUT_OF_RANGE},
	{"activation_period_days", "36500", REASON_NONE},
	{"activation_period_days", "36501", REASON_OUT_OF_RANGE},
	{"birthday_required_washings", "5", REASON_NONE},
	{"birthday_required_washings", "x", REASON_NOT_A_NUMBER},
	{"birthday_period_days", "1", REASON_NONE},
	{"birthday_period_days", "366", REASON_NONE},
	{"birthday_period_days", "0", REASON_OUT_OF_RANGE},
	{"birthday_period_days", "367", REASON_OUT_OF_RANGE},
	{"sale_points_percent", "100", REASON_NONE},
	{"sale_points_percent", "2.5", REASON_NONE},
	{"sale_points_percent", "100.01", REASON_OUT_OF_RANGE},
	{"bonus_tiers", "[]", REASON_NONE},
	{"bonus_tiers", "[{\"ThresholdAmount\":100,\"BonusPercentage\":5.5}]", REASON_NONE},
	{"bonus_tiers", "{}", REASON_WRONG_TYPE},
	{"bonus_tiers", "[1]", REASON_WRONG_TYPE},
	{"bonus_tiers", "[{\"ThresholdAmount\":100}]", REASON_REQUIRED},
	{"bonus_tiers", "[{\"ThresholdAmount\":\"1\",\"BonusPercentage\":5}]", REASON_WRONG_TYPE},
	{"bonus_tiers", "[{\"ThresholdAmount\":1,\"BonusPercentage\":100.01}]",
	 REASON_OUT_OF_RANGE},
	{"bonus_tiers", "[{\"ThresholdAmount\":-1,\"BonusPercentage\":1}]", REASON_OUT_OF_RANGE},
	{"default_image", "", REASON_NONE},
	{"default_image", "https://example.org/карта.png", REASON_NONE},
	{"default_image", "\xff", REASON_NOT_UTF8},
};

static void test_values(void **state)
{
	struct settings settings;

	(void)state;
	settings_defaults(&settings, 1);
	for (size_t i = 0; i < COUNT(values); i++) {
		const struct setting *setting = setting_find(str_of(values[i].name));
		assert_non_null(setting);
		enum reason got =
			setting_decode(setting, &on.arena, str_of(values[i].value), &settings);
		if (got != values[i].reason)
			fail_msg("%s=%s: %s", values[i].name, values[i].value, reason_text(got));
	}
	assert_null(setting_find(STR("empty_lists")));
	assert_null(setting_find(STR("")));
}

static void test_text_and_tiers_on_both_sides(void **state)
{
	static const char tier[] = "{\"ThresholdAmount\":1,\"BonusPercentage\":1}";
	struct settings settings;
	struct buf buf;

	(void)state;
	for (int over = 0; over < 2; over++) {
		buf_init(&buf, &on.arena, 4096);
		for (int i = 0; i < SETTING_IMAGE_MAX + over; i++)
			buf_text(&buf, "я");
		assert_int_equal(setting_decode(setting_find(STR("default_image")), &on.arena,
						buf_done(&buf), &settings),
				 over ? REASON_TOO_LONG : REASON_NONE);
		buf_init(&buf, &on.arena, 4096);
		for (int i = 0; i < SETTING_TIERS_MAX + over; i++) {
			buf_char(&buf, i == 0 ? '[' : ',');
			buf_text(&buf, tier);
		}
		buf_char(&buf, ']');
		assert_int_equal(setting_decode(setting_find(STR("bonus_tiers")), &on.arena,
						buf_done(&buf), &settings),
				 over ? REASON_TOO_MANY : REASON_NONE);
	}
	assert_int_equal(settings.bonus_tiers_n, SETTING_TIERS_MAX);
}

static void test_every_default_is_a_value(void **state)
{
	struct settings settings;

	(void)state;
	for (size_t i = 0; i < setting_count; i++)
		assert_int_equal(setting_decode(&setting_table[i], &on.arena,
						str_of(setting_table[i].initial), &settings),
				 REASON_NONE);
	settings_defaults(&settings, 1);
	assert_int_equal(settings.empty_list, 404);
	assert_int_equal(settings.level_check, LEVEL_CHECK_TELL);
	assert_int_equal(settings.identify, 1);
	assert_int_equal(settings.return_policy, RETURN_CLIP);
	assert_int_equal(settings.birthday_period_days, 30);
}

static void test_time_zones(void **state)
{
	static const struct {
		const char *name;
		bool good;
	} rows[] = {
		{"Europe/Moscow", true},
		{"UTC", true},
		{"America/Port-au-Prince", true},
		{"Etc/GMT+3", true},
		{"Europe/Moskva", false},
		{"europe/moscow ", false},
		{"", false},
		{"Europe", false},
		{"/etc/passwd", false},
		{"../../../etc/passwd", false},
		{"Europe//", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(timezone_is_good(str_of(rows[i].name)), rows[i].good);
}

static void add_organisation(int64_t id)
{
	struct organisation_row row = {
		.id = id, .name = STR("x"), .timezone = STR("Asia/Omsk"), .settings_version = 1};

	assert_int_equal(sql_organisation_insert(on.db, &row, NULL), ERR_OK);
}

static void set(int64_t id, const char *name, const char *value)
{
	struct setting_row row = {id, str_of(name), str_of(value)};

	assert_int_equal(sql_setting_put(on.db, &row, NULL), ERR_OK);
	assert_int_equal(
		sql_setting_version_bump(on.db, &(struct setting_version_bump_in){id}, NULL),
		ERR_OK);
}

static const struct settings *get(int64_t id, enum err expected)
{
	const struct settings *settings = NULL;

	assert_int_equal(settings_get(cache, on.db, &on.arena, id, monotonic_us, &settings),
			 expected);
	return settings;
}

static void test_a_change_is_seen_within_three_seconds(void **state)
{
	(void)state;
	add_organisation(1);
	assert_string_equal(get(1, ERR_OK)->timezone, "Asia/Omsk");
	assert_int_equal(get(1, ERR_OK)->empty_list, 404);
	set(1, "empty_list", "200");
	int64_t calls = db_stats(on.db)->calls;
	monotonic_us += SETTINGS_REFRESH_US - 1;
	assert_int_equal(get(1, ERR_OK)->empty_list, 404);
	assert_int_equal(db_stats(on.db)->calls, calls);
	monotonic_us += 1;
	assert_int_equal(get(1, ERR_OK)->empty_list, 200);
	assert_int_equal(db_stats(on.db)->calls, calls + 3);
	/* Unchanged: only the version is looked at. */
	monotonic_us += SETTINGS_REFRESH_US;
	assert_int_equal(get(1, ERR_OK)->version, 2);
	assert_int_equal(db_stats(on.db)->calls, calls + 4);
}

static void tell_from_another_process(void)
{
	pid_t teller = fork();
	int status = -1;

	if (teller == 0) {
		settings_tell();
		_exit(0);
	}
	assert_int_equal(waitpid(teller, &status, 0), teller);
	assert_int_equal(status, 0);
}

static void test_a_change_that_is_told_is_seen_at_once(void **state)
{
	(void)state;
	assert_true(settings_share());
	add_organisation(1);
	assert_int_equal(get(1, ERR_OK)->empty_list, 404);
	set(1, "empty_list", "200");
	assert_int_equal(get(1, ERR_OK)->empty_list, 404);
	tell_from_another_process();
	assert_int_equal(get(1, ERR_OK)->empty_list, 200);
	/* Once: then the time counts again. */
	set(1, "empty_list", "404");
	assert_int_equal(get(1, ERR_OK)->empty_list, 200);
	settings_unshare();
}

static void test_idle_levels_are_known_by_the_version(void **state)
{
	struct card_level_row row = {.organisation_id = 1, .id = {{1}}, .name = STR("idle")};

	(void)state;
	add_organisation(1);
	assert_int_equal(sql_card_level_insert(on.db, &row, NULL), ERR_OK);
	assert_false(get(1, ERR_OK)->has_idle_levels);
	row.id = (struct uuid){{2}};
	row.rank_order = 1;
	row.inactivity_bonus_erase_period = 1;
	assert_int_equal(sql_card_level_insert(on.db, &row, NULL), ERR_OK);
	set(1, "empty_list", "200");
	monotonic_us += SETTINGS_REFRESH_US;
	assert_true(get(1, ERR_OK)->has_idle_levels);
}

static void test_webhooks_are_known_by_the_version(void **state)
{
	struct webhook_row row = {
		.organisation_id = 1, .id = {{1}}, .live = 1, .url = STR("u"), .secret = STR("s")};

	(void)state;
	add_organisation(1);
	assert_false(get(1, ERR_OK)->has_webhooks);
	assert_int_equal(sql_webhook_insert(on.db, &row, NULL), ERR_OK);
	set(1, "empty_list", "200");
	monotonic_us += SETTINGS_REFRESH_US;
	assert_true(get(1, ERR_OK)->has_webhooks);
	struct webhook_remove_in gone = {STR(""), 1, row.id};
	assert_int_equal(sql_webhook_remove(on.db, &gone, NULL), ERR_OK);
	set(1, "empty_list", "404");
	monotonic_us += SETTINGS_REFRESH_US;
	assert_false(get(1, ERR_OK)->has_webhooks);
}

static void test_organisations_keep_apart(void **state)
{
	(void)state;
	for (int64_t id = 1; id <= SETTINGS_KEPT_MAX + 5; id++)
		add_organisation(id);
	set(2, "cards_per_user", "2");
	for (int round = 0; round < 2; round++) {
		for (int64_t id = 1; id <= SETTINGS_KEPT_MAX + 5; id++) {
			const struct settings *settings = get(id, ERR_OK);
			monotonic_us++;
			assert_int_equal(settings->organisation_id, id);
			assert_int_equal(settings->cards_per_user, id == 2 ? 2 : 0);
		}
	}
	get(999, ERR_NOT_FOUND);
}

static void test_a_value_of_a_newer_program_leaves_the_default(void **state)
{
	(void)state;
	add_organisation(1);
	set(1, "return_policy", "forgive");
	set(1, "colour", "red");
	set(1, "cards_per_user", "3");
	assert_int_equal(get(1, ERR_OK)->return_policy, RETURN_CLIP);
	assert_int_equal(get(1, ERR_OK)->cards_per_user, 3);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(test_values),
		ROW(test_text_and_tiers_on_both_sides),
		ROW(test_every_default_is_a_value),
		ROW(test_time_zones),
		ROW(test_a_change_is_seen_within_three_seconds),
		ROW(test_webhooks_are_known_by_the_version),
		ROW(test_a_change_that_is_told_is_seen_at_once),
		ROW(test_idle_levels_are_known_by_the_version),
		ROW(test_organisations_keep_apart),
		ROW(test_a_value_of_a_newer_program_leaves_the_default),
	};

	if (!database_open(&on, "test_settings"))
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	database_close(&on);
	return failed;
}
