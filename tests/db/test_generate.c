/* Cards by the ten thousand: numbers that are all different, all or none, many at once; and how
 * many rows the look-ups among them read. */
#include "unit.h"

#include "db.h"
#include "deck.h"
#include "details.h"
#include "generate.h"
#include "numbers.h"
#include "rows_read.h"
#include "stmt_gen.h"

static struct scene on;

static int64_t make_series(const char *code, const char *prefix, int64_t length, int64_t method)
{
	struct series_in in = {
		.row = {.code = str_of(code), .kind = SERIES_PHYSICAL, .generation_enabled = true},
		.numbers = {.prefix = str_of(prefix),
			    .suffix = STR("99"),
			    .length = length,
			    .method = method}};
	struct series_out out;

	sent_set(&in.sent, offsetof(struct series_in, numbers));
	assert_int_equal(scene_run(&on, &op_series_add, &in, &out), ERR_OK);
	return out.series.row.serial;
}

static enum err generate(struct scene *scene, int64_t series, int64_t count,
			 struct generate_out *out)
{
	struct generate_in in = {.series_serial = series, .count = count};

	return scene_run(scene, &op_card_generate, &in, out);
}

static long long cards_like(const char *pattern)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "SELECT COUNT(*) FROM card WHERE organisation_id = 1 AND live = 1 AND barcode "
		 "LIKE '%s'",
		 pattern);
	return scene_number(&on, text);
}

static void test_fifty_thousand_at_once(void **state)
{
	int64_t series = make_series("BIG", "B", 12, SERIES_LUHN), began = clock_monotonic_us();
	struct generate_out out;

	(void)state;
	assert_int_equal(generate(&on, series, GENERATE_MOST, &out), ERR_OK);
	print_message("50000 cards in %lld ms\n", (long long)(clock_monotonic_us() - began) / 1000);
	assert_int_equal(out.numbers.n, GENERATE_MOST);
	assert_int_equal(cards_like("B____________99"), GENERATE_MOST);
	const struct str *number = out.numbers.rows;
	for (size_t i = 0; i < out.numbers.n; i++) {
		assert_int_equal(number[i].len, 15);
		assert_true(luhn_is_good(number[i]));
	}
	assert_true(deck_counts_hold(&on));
}

/* Among those, a look-up reads a handful of rows. */
static void test_look_ups_read_few_rows(void **state)
{
	struct card_details_in in;
	struct card_details_out out;
	struct status_log_out log;
	struct generate_out made;

	(void)state;
	assert_int_equal(generate(&on, make_series("ONE", "O", 12, SERIES_DEFAULT), 1, &made),
			 ERR_OK);
	in.number = *(const struct str *)made.numbers.rows;
	assert_int_equal(scene_run(&on, &op_card_details, &in, &out), ERR_OK);
	rows_read(&on.on);
	assert_int_equal(scene_run(&on, &op_card_details, &in, &out), ERR_OK);
	assert_in_range(rows_read(&on.on), 1, 10);
	assert_int_equal(scene_run(&on, &op_card_status_log, &in, &log), ERR_OK);
	assert_in_range(rows_read(&on.on), 1, 10);
	struct card_of_series_count_in count = {SCENE_ORGANISATION, out.details.card.series_id,
						out.details.card.id};
	struct card_of_series_count_row row;
	assert_int_equal(sql_card_of_series_count(on.on.db, on.ctx.arena, &count, &row), ERR_OK);
	assert_in_range(rows_read(&on.on), 0, 3);
	struct card_of_code_lock_in code = {SCENE_ORGANISATION, in.number};
	struct list cards;
	assert_int_equal(sql_card_of_code_lock(on.on.db, on.ctx.arena, &code, &cards), ERR_OK);
	assert_in_range(rows_read(&on.on), 0, 5);
}

static void test_the_last_number_is_found(void **state)
{
	int64_t series = make_series("FEW", "F", 5, SERIES_LUHN);
	struct generate_out out;

	(void)state;
	assert_int_equal(generate(&on, series, 10001, &out), ERR_CONFLICT);
	assert_true(scene_refused(&on, "count", REASON_NUMBERS_SHORT));
	assert_int_equal(generate(&on, series, 9999, &out), ERR_OK);
	assert_int_equal(generate(&on, series, 2, &out), ERR_CONFLICT);
	assert_true(scene_refused(&on, "count", REASON_NUMBERS_FULL));
	assert_int_equal(cards_like("F_____99"), 9999);
	assert_int_equal(generate(&on, series, 1, &out), ERR_OK);
	assert_int_equal(cards_like("F_____99"), 10000);
}

static int64_t racer_series;

static enum err race(struct scene *scene, int number)
{
	struct generate_out out;

	enum err err;

	(void)number;
	do
		err = generate(scene, racer_series, 2500, &out);
	while (err == ERR_BUSY); /* whoever waits too long for the others is told to come again */
	return err;
}

/* Five want a quarter each: four get it, no number is given twice. */
static void test_many_generate_at_once(void **state)
{
	int counts[ERR__MAX];

	(void)state;
	racer_series = make_series("RACE", "R", 5, SERIES_LUHN);
	deck_race(&on, 5, race, counts);
	assert_int_equal(counts[ERR_OK], 4);
	assert_int_equal(counts[ERR_CONFLICT], 1);
	assert_int_equal(cards_like("R_____99"), 10000);
	assert_int_equal(scene_number(&on, "SELECT COUNT(DISTINCT serial) - COUNT(*) FROM card"),
			 0);
	assert_true(deck_counts_hold(&on));
}

/* Two series of one form: what one takes between another's draw and its write is drawn again. */
static enum err race_twins(struct scene *scene, int number)
{
	struct generate_out out;
	enum err err = ERR_OK;

	for (int done = 0; (err == ERR_OK || err == ERR_BUSY) && done < 5; done += err == ERR_OK) {
		size_t at = arena_mark(scene->ctx.arena);
		err = generate(scene, racer_series + number % 2, 800, &out);
		arena_reset(scene->ctx.arena, at);
	}
	return err;
}

static void test_twins_do_not_meet(void **state)
{
	int counts[ERR__MAX];

	(void)state;
	racer_series = make_series("TWIN1", "T", 5, SERIES_DEFAULT);
	assert_int_equal(make_series("TWIN2", "T", 5, SERIES_DEFAULT), racer_series + 1);
	deck_race(&on, 4, race_twins, counts);
	assert_int_equal(counts[ERR_OK], 4);
	assert_int_equal(cards_like("T_____99"), 16000);
	assert_true(deck_counts_hold(&on));
}

/* What a test leaves in the arena is given back: numbers by the ten thousand. */
static size_t mark;

static int mark_arena(void **state)
{
	(void)state;
	mark = arena_mark(on.ctx.arena);
	return 0;
}

static int reset_arena(void **state)
{
	(void)state;
	arena_reset(on.ctx.arena, mark);
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	return scene_open(&on, "test_generate") ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&on);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fifty_thousand_at_once, mark_arena,
						reset_arena),
		cmocka_unit_test_setup_teardown(test_look_ups_read_few_rows, mark_arena,
						reset_arena),
		cmocka_unit_test_setup_teardown(test_the_last_number_is_found, mark_arena,
						reset_arena),
		cmocka_unit_test_setup_teardown(test_many_generate_at_once, mark_arena,
						reset_arena),
		cmocka_unit_test_setup_teardown(test_twins_do_not_meet, mark_arena, reset_arena),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
