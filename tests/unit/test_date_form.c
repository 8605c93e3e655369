/* Dates as ISO 8601 writes them. */
#include "unit.h"

#include "arena.h"
#include "form.h"

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	return arena_init(&arena, 1 << 16) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static void dates_travel_as_iso(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"2026-01-31", INT64_C(1769817600000)},
		{"2026-01-31T12:30:15.250Z", INT64_C(1769862615250)},
		{"2026-01-31T12:30:15.2509999+03:00", INT64_C(1769851815250)},
		{"2026-01-31 12:30-0130", INT64_C(1769868000000)},
		{"2024-02-29", INT64_C(1709164800000)},
		{"0001-01-01", INT64_C(-62135596800000)},
		{"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)},
	};
	static const char *const bad[] = {"2026-02-29",
					  "2026-13-01",
					  "2026-1-1",
					  "2026-01-31T",
					  "2026-01-31T24:00",
					  "2026-01-31T12:60",
					  "2026-01-31T12:00:60",
					  "2026-01-31T12:00:00.Z",
					  "2026-01-31T12:00Zx",
					  "0000-01-01",
					  "x",
					  "20260131"};
	const struct field field = {.wire = "x"};
	struct moment moment;
	struct buf buf;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct scalar in = {.kind = SCALAR_STRING, .text = str_of(good[i].text)};

		if (form_iso_moment.read(in, &field, &moment) != REASON_NONE)
			fail_msg("%s", good[i].text);
		assert_int_equal(moment.ms, good[i].ms);
		buf_init(&buf, &arena, 32);
		form_iso_moment.write(&buf, &field, &moment);
		in.text = (struct str){buf.at + 1, buf.len - 2};
		assert_int_equal(form_iso_moment.read(in, &field, &moment), REASON_NONE);
		assert_int_equal(moment.ms, good[i].ms);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct scalar in = {.kind = SCALAR_STRING, .text = str_of(bad[i])};

		if (form_iso_moment.read(in, &field, &moment) == REASON_NONE)
			fail_msg("taken: %s", bad[i]);
	}
	assert_int_equal(
		form_day.read((struct scalar){.kind = SCALAR_STRING, .text = STR("1970-01-01")},
			      &field, &moment),
		REASON_NONE);
	assert_int_equal(moment.ms, 1);
	buf_init(&buf, &arena, 32);
	form_day.write(&buf, &field, &moment);
	assert_string_equal(buf_done(&buf).at, "\"1970-01-01\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_travel_as_iso),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
