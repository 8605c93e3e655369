/* The organization dialect's forms and words. */
#include "unit.h"

#include "arena.h"
#include "json.h"
#include "organization.h"

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	return arena_init(&arena, 1 << 20) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static void booleans_are_read_in_all_their_forms(void **state)
{
	static const struct {
		enum scalar_kind kind;
		const char *text;
		enum reason reason;
		bool value;
	} cases[] = {
		{SCALAR_BOOL, "true", REASON_NONE, true},
		{SCALAR_BOOL, "false", REASON_NONE, false},
		{SCALAR_NUMBER, "1", REASON_NONE, true},
		{SCALAR_NUMBER, "0", REASON_NONE, false},
		{SCALAR_STRING, "true", REASON_NONE, true},
		{SCALAR_STRING, "0", REASON_NONE, false},
		{SCALAR_TEXT, "false", REASON_NONE, false},
		{SCALAR_NUMBER, "2", REASON_WRONG_TYPE, false},
		{SCALAR_NUMBER, "1.0", REASON_WRONG_TYPE, false},
		{SCALAR_STRING, "", REASON_WRONG_TYPE, false},
		{SCALAR_STRING, "yes", REASON_WRONG_TYPE, false},
		{SCALAR_TREE, "[]", REASON_WRONG_TYPE, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool value = false;
		struct scalar in = {.kind = cases[i].kind, .text = str_of(cases[i].text)};

		assert_int_equal(organization_bool.read(in, NULL, &value), cases[i].reason);
		if (cases[i].reason == REASON_NONE)
			assert_int_equal(value, cases[i].value);
	}
}

static void moments_may_be_seconds_where_the_vendor_sends_them(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{"0", 0},
		{"1700000000", 1700000000000},
		{"99999999999", 99999999999000},
		{"100000000000", 100000000000},
		{"1700000000000", 1700000000000},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct moment moment = {-1};
		struct scalar in = {.kind = SCALAR_NUMBER, .text = str_of(cases[i].text)};

		assert_int_equal(organization_moment_or_seconds.read(in, NULL, &moment),
				 REASON_NONE);
		assert_int_equal(moment.ms, cases[i].ms);
		in.kind = SCALAR_STRING;
		assert_int_equal(organization_moment.read(in, NULL, &moment), REASON_NONE);
	}
}

static void a_code_is_text_whatever_it_came_as(void **state)
{
	static const struct {
		enum scalar_kind kind;
		const char *text;
		enum reason reason;
	} cases[] = {
		{SCALAR_STRING, "007", REASON_NONE},
		{SCALAR_NUMBER, "700", REASON_NONE},
		{SCALAR_STRING, "", REASON_NONE},
		{SCALAR_NUMBER, "1.5", REASON_WRONG_TYPE},
		{SCALAR_NUMBER, "1e3", REASON_WRONG_TYPE},
		{SCALAR_BOOL, "true", REASON_WRONG_TYPE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct scalar in = {.kind = cases[i].kind, .text = str_of(cases[i].text)};
		struct str code = {0};

		assert_int_equal(organization_code.read(in, NULL, &code), cases[i].reason);
		if (cases[i].reason == REASON_NONE)
			assert_string_equal(code.at, cases[i].text);
	}
}

static enum reason read_base_date(const char *json, int64_t *ms_r)
{
	const struct json_value *root;
	const char *where;
	struct moment moment = {-1};
	struct scalar in = {.kind = SCALAR_TREE, .text = str_of(json)};
	enum reason reason;

	assert_int_equal(json_parse(&arena, in.text, &root, &where), REASON_NONE);
	if (json_kind(root) == JSON_OBJECT || json_kind(root) == JSON_ARRAY)
		in.tree = root;
	else
		in = (struct scalar){.kind = json_kind(root) == JSON_NUMBER ? SCALAR_NUMBER
									    : SCALAR_STRING,
				     .text = json_text_of(root)};
	reason = organization_base_date.read(in, NULL, &moment);
	*ms_r = moment.ms;
	return reason;
}

#define NOON            "\"date\":\"2025-01-31 12:00:00.000000\""
#define PHP(type, zone) ",\"timezone_type\":" type ",\"timezone\":\"" zone "\"}"
#define DATE(text)      "{\"date\":\"" text "\"" PHP("1", "+00:00")

static const struct {
	const char *json;
	int64_t ms; /* -1 = refused */
} base_dates[] = {
	{"1738324800000", 1738324800000},
	{"1738324800", 1738324800000},
	{"\"1738324800000\"", 1738324800000},
	{"0", 0},
	{"{" NOON PHP("1", "+00:00"), 1738324800000},
	{"{" NOON PHP("1", "+03:00"), 1738314000000},
	{"{" NOON PHP("1", "-03:30"), 1738337400000},
	{"{" NOON PHP("2", "MSK"), 1738314000000},
	{"{" NOON PHP("2", "UTC"), 1738324800000},
	{"{" NOON PHP("2", "Z"), 1738324800000},
	{"{" NOON PHP("3", "Europe\\/Moscow"), 1738314000000},
	{"{" NOON PHP("3", "Europe/Moscow"), 1738314000000},
	{"{" NOON PHP("3", "UTC"), 1738324800000},
	{"{\"extra\":[1]," NOON PHP("3", "UTC"), 1738324800000},
	{DATE("2025-01-31 12:00:00"), 1738324800000},
	{DATE("2025-01-31 12:00:00.5"), 1738324800500},
	{DATE("2025-01-31 12:00:00.123999"), 1738324800123},
	{DATE("2024-02-29 00:00:00.000000"), 1709164800000},
	{DATE("1970-01-01 00:00:00.000000"), 0},
	{"{" NOON PHP("1", "+15:00"), -1},
	{"{" NOON PHP("1", "+03:60"), -1},
	{"{" NOON PHP("1", "+0300"), -1},
	{"{" NOON PHP("1", "03:00"), -1},
	{"{" NOON PHP("1", "+03:00:00"), -1},
	{"{" NOON PHP("1", ""), -1},
	{"{" NOON PHP("2", "NOPE"), -1},
	{"{" NOON PHP("2", "+03:00"), -1},
	{"{" NOON PHP("3", "Europe/Nowhere"), -1},
	{"{" NOON PHP("3", "../../etc/passwd"), -1},
	{"{" NOON PHP("3", ""), -1},
	{"{" NOON PHP("0", "UTC"), -1},
	{"{" NOON PHP("4", "UTC"), -1},
	{"{" NOON PHP("1.0", "+00:00"), -1},
	{"{" NOON PHP("\"1\"", "+00:00"), -1},
	{"{" NOON ",\"timezone_type\":3,\"timezone\":3}", -1},
	{"{" NOON ",\"timezone_type\":3}", -1},
	{"{" NOON ",\"timezone\":\"UTC\"}", -1},
	{"{\"date\":5" PHP("3", "UTC"), -1},
	{"{}", -1},
	{"[]", -1},
	{"\"2025-01-31\"", -1},
	{"1.5", -1},
	{DATE("2025-02-29 00:00:00.000000"), -1},
	{DATE("2025-13-01 00:00:00.000000"), -1},
	{DATE("2025-00-01 00:00:00.000000"), -1},
	{DATE("2025-01-00 00:00:00.000000"), -1},
	{DATE("2025-01-31 24:00:00.000000"), -1},
	{DATE("2025-01-31 23:60:00.000000"), -1},
	{DATE("2025-01-31 23:59:60.000000"), -1},
	{DATE("2025-01-31 12:00:00.0000000"), -1},
	{DATE("2025-01-31 12:00:00."), -1},
	{DATE("2025-01-31 12:00:00x"), -1},
	{DATE("2025-01-31T12:00:00"), -1},
	{DATE("2025-01-31"), -1},
	{DATE("25-01-31 12:00:00"), -1},
	{DATE("-025-01-31 12:00:00"), -1},
	{DATE("12025-01-31 12:00:00"), -1},
	{DATE(""), -1},
};

static void base_dates_are_numbers_or_what_php_makes_of_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(base_dates); i++) {
		int64_t ms;
		bool good = read_base_date(base_dates[i].json, &ms) == REASON_NONE;

		if (good != (base_dates[i].ms >= 0) || (good && ms != base_dates[i].ms))
			fail_msg("%s: %lld", base_dates[i].json, good ? (long long)ms : -1);
	}
}

static const char *written(const struct form *form, const void *member)
{
	struct buf buf;

	buf_init(&buf, &arena, 64);
	form->write(&buf, NULL, member);
	return buf_done(&buf).at;
}

static void values_are_written(void **state)
{
	(void)state;
	assert_string_equal(written(&organization_bool, &(bool){true}), "true");
	assert_string_equal(written(&organization_flag, &(bool){true}), "1");
	assert_string_equal(written(&organization_flag, &(bool){false}), "0");
	assert_string_equal(written(&organization_i64, &(int64_t){-7}), "-7");
	assert_string_equal(written(&organization_moment, &(struct moment){5}), "5");
	assert_string_equal(written(&organization_code, &(struct str){"1", 1}), "\"1\"");
}

/* A reason added to the core needs its Russian text in organization_text.c. */
static void every_reason_has_its_russian_text(void **state)
{
	const struct language *ru = &organization_languages[0];

	(void)state;
	for (size_t i = 0; i < REASON__MAX; i++) {
		if (!ru->reasons[i])
			fail_msg("no text for: %s", reason_text((enum reason)i));
		assert_int_equal(strstr(ru->reasons[i], "%s") != NULL,
				 strstr(reason_text((enum reason)i), "%s") != NULL);
	}
	for (size_t i = 0; i < OUTCOME__MAX; i++)
		assert_non_null(ru->outcomes[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(booleans_are_read_in_all_their_forms),
		cmocka_unit_test(moments_may_be_seconds_where_the_vendor_sends_them),
		cmocka_unit_test(a_code_is_text_whatever_it_came_as),
		cmocka_unit_test(base_dates_are_numbers_or_what_php_makes_of_them),
		cmocka_unit_test(values_are_written),
		cmocka_unit_test(every_reason_has_its_russian_text),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
