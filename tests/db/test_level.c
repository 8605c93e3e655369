#include "unit.h"

#include "card.h"
#include "db.h"
#include "level.h"
#include "uuid.h"
#include "scene.h"

static struct scene on;

static struct level_in level_in(const char *name, int64_t order)
{
	struct level_in in = {.row = {.name = str_of(name), .rank_order = order}};

	sent_set(&in.sent, offsetof(struct level_in, row.name));
	sent_set(&in.sent, offsetof(struct level_in, row.rank_order));
	return in;
}

static struct uuid add_level(const char *name, int64_t order)
{
	struct level_in in = level_in(name, order);
	struct id_out out;

	assert_int_equal(scene_run(&on, &op_level_add, &in, &out), ERR_OK);
	assert_false(uuid_is_unset(&out.id));
	return out.id;
}

static void delete_level(struct uuid id)
{
	struct nothing out;

	assert_int_equal(scene_run(&on, &op_level_delete, &(struct id_in){id}, &out), ERR_OK);
}

static void test_what_was_added_is_read(void **state)
{
	struct level_in in = level_in("Золото", 7);
	struct id_out id;
	struct level_out out;

	(void)state;
	in.row.accum_level.minor = 1000050;
	in.row.max_payment_percent.minor = 3050;
	in.row.reset_card_accum = true;
	in.row.activity_restriction_period = LEVEL_PERIOD_MONTH;
	assert_int_equal(scene_run(&on, &op_level_add, &in, &id), ERR_OK);
	assert_int_equal(scene_run(&on, &op_level_get, &(struct id_in){id.id}, &out), ERR_OK);
	assert_true(str_eq(out.level.row.name, STR("Золото")));
	assert_int_equal(out.level.row.rank_order, 7);
	assert_int_equal(out.level.row.accum_level.minor, 1000050);
	assert_int_equal(out.level.row.max_payment_percent.minor, 3050);
	assert_true(out.level.row.reset_card_accum);
	assert_int_equal(out.level.row.activity_restriction_period, LEVEL_PERIOD_MONTH);
	delete_level(id.id);
}

static void test_an_order_is_taken_once(void **state)
{
	struct uuid first = add_level("a", 1), second = add_level("b", 2);
	struct level_in in = level_in("c", 1);
	struct id_out id;
	struct nothing out;

	(void)state;
	assert_int_equal(scene_run(&on, &op_level_add, &in, &id), ERR_TAKEN);
	assert_true(scene_refused(&on, "row.rank_order", REASON_ALREADY_USED));
	in.row.id = second;
	assert_int_equal(scene_run(&on, &op_level_change, &in, &out), ERR_TAKEN);
	assert_true(scene_refused(&on, "row.rank_order", REASON_ALREADY_USED));
	on.ctx.principal.organisation_id = SCENE_OTHER;
	struct uuid other = add_level("a", 1);
	delete_level(other);
	on.ctx.principal.organisation_id = SCENE_ORGANISATION;
	delete_level(first);
	delete_level(second);
}

static void test_an_id_is_taken_once(void **state)
{
	struct uuid first = add_level("a", 1);
	struct level_in in = level_in("b", 2);
	struct id_out id;

	(void)state;
	in.row.id = first;
	assert_int_equal(scene_run(&on, &op_level_add, &in, &id), ERR_TAKEN);
	assert_true(scene_refused(&on, "row.id", REASON_ALREADY_USED));
	delete_level(first);
}

static void test_a_change_writes_only_what_was_sent(void **state)
{
	struct uuid id = add_level("before", 3);
	struct level_in in = {.row = {.id = id, .name = STR("after"), .rank_order = 99}};
	struct level_out out;
	struct nothing none;

	(void)state;
	sent_set(&in.sent, offsetof(struct level_in, row.name));
	assert_int_equal(scene_run(&on, &op_level_change, &in, &none), ERR_OK);
	assert_int_equal(scene_run(&on, &op_level_get, &(struct id_in){id}, &out), ERR_OK);
	assert_true(str_eq(out.level.row.name, STR("after")));
	assert_int_equal(out.level.row.rank_order, 3);
	in.row.name = STR("");
	assert_int_equal(scene_run(&on, &op_level_change, &in, &none), ERR_INVALID);
	assert_true(scene_refused(&on, "row.name", REASON_REQUIRED));
	delete_level(id);
}

static void test_a_list_is_ordered_and_paged(void **state)
{
	static const int64_t orders[] = {5, 1, 3};
	struct uuid ids[3];
	struct level_list_out out;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		ids[i] = add_level("level", orders[i]);
	for (int64_t page = 1; page <= 3; page++) {
		struct level_list_in in = {.page = {page, 2}};
		const struct level *level;

		assert_int_equal(scene_run(&on, &op_level_list, &in, &out), ERR_OK);
		assert_int_equal(out.page.items, 3);
		assert_int_equal(out.page.pages, 2);
		assert_int_equal(out.levels.n, page == 1 ? 2 : page == 2 ? 1 : 0);
		level = out.levels.rows;
		for (size_t i = 0; i < out.levels.n; i++) {
			assert_int_equal(level[i].row_number, (page - 1) * 2 + (int64_t)i + 1);
			assert_int_equal(level[i].row.rank_order, level[i].row_number * 2 - 1);
		}
	}
	for (size_t i = 0; i < 3; i++)
		delete_level(ids[i]);
}

static struct uuid add_card(struct uuid level)
{
	struct card_in in = {
		.row = {.barcode = STR("2900000000017"), .code = STR("1"), .level_id = level}};
	struct id_out out;

	assert_int_equal(scene_run(&on, &op_card_add, &in, &out), ERR_OK);
	return out.id;
}

static void test_a_level_in_use_stays(void **state)
{
	struct uuid id = add_level("used", 4), card = add_card(id);
	struct nothing none;

	(void)state;
	assert_int_equal(scene_run(&on, &op_level_delete, &(struct id_in){id}, &none),
			 ERR_CONFLICT);
	assert_true(scene_refused(&on, "id", REASON_IN_USE));
	assert_int_equal(
		scene_run(&on, &op_card_delete, &(struct card_delete_in){.id = card}, &none),
		ERR_OK);
	delete_level(id);
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM kept_count WHERE kind = 5"), 0);
}

static void test_nobody_elses_level_is_found(void **state)
{
	struct uuid id = add_level("mine", 6);
	struct level_in change = level_in("theirs", 6);
	struct level_out out;
	struct nothing none;

	(void)state;
	change.row.id = id;
	on.ctx.principal.organisation_id = SCENE_OTHER;
	assert_int_equal(scene_run(&on, &op_level_get, &(struct id_in){id}, &out), ERR_NOT_FOUND);
	assert_true(scene_refused(&on, "id", REASON_NO_SUCH));
	assert_int_equal(scene_run(&on, &op_level_change, &change, &none), ERR_NOT_FOUND);
	assert_int_equal(scene_run(&on, &op_level_delete, &(struct id_in){id}, &none),
			 ERR_NOT_FOUND);
	on.ctx.principal.organisation_id = SCENE_ORGANISATION;
	delete_level(id);
}

static bool has_idle_levels(struct settings_cache *cache)
{
	const struct settings *settings = NULL;

	assert_int_equal(
		settings_get(cache, on.ctx.db, on.ctx.arena, SCENE_ORGANISATION, 0, &settings),
		ERR_OK);
	return settings->has_idle_levels;
}

/* The cache's clock stands still: it looks again only when it is told. */
static void test_workers_learn_of_a_level_that_ends_points(void **state)
{
	struct settings_cache *cache = settings_cache_open();
	struct level_in change = level_in("idle", 30);
	struct nothing nothing;
	int64_t calls;

	(void)state;
	assert_false(has_idle_levels(cache));
	change.row.id = add_level("idle", 30);
	calls = db_stats(on.ctx.db)->calls;
	assert_false(has_idle_levels(cache));
	assert_int_equal(db_stats(on.ctx.db)->calls, calls);
	for (int days = 1; days >= 0; days--) {
		change.row.inactivity_bonus_erase_period = days;
		sent_set(&change.sent,
			 offsetof(struct level_in, row.inactivity_bonus_erase_period));
		assert_int_equal(scene_run(&on, &op_level_change, &change, &nothing), ERR_OK);
		assert_int_equal(has_idle_levels(cache), days);
	}
	delete_level(change.row.id);
	settings_cache_close(&cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_added_is_read),
		cmocka_unit_test(test_an_order_is_taken_once),
		cmocka_unit_test(test_an_id_is_taken_once),
		cmocka_unit_test(test_a_change_writes_only_what_was_sent),
		cmocka_unit_test(test_a_list_is_ordered_and_paged),
		cmocka_unit_test(test_a_level_in_use_stays),
		cmocka_unit_test(test_nobody_elses_level_is_found),
		cmocka_unit_test(test_workers_learn_of_a_level_that_ends_points),
	};
	int failed;

	if (!scene_open(&on, "test_level"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	return failed;
}
