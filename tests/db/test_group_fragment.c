/* Groups that a fragment finds among the cards: pages, their number, rows looked at. */
#include "unit.h"

#include "rows_read.h"
#include "scene.h"
#include "search.h"

/* Ten thousand groups of nobody's; 111 have the fragment, most of them at the end. */
#define GROUPS                                                                                     \
	"INSERT INTO card_group (organisation_id, id, parent_id, version, name, name_key, "        \
	"description, created_at, updated_at) SELECT 1, UNHEX(LPAD(HEX(seq), 32, '0')), "          \
	"REPEAT('\\0', 16), 1, CONCAT('Group', seq), CONCAT('group', seq), '', 0, 0 "              \
	"FROM seq_1_to_10000"
#define FOUND 111

static struct scene on;

static int open_scene(void **state)
{
	(void)state;
	if (!scene_open(&on, "test_group_fragment"))
		return -1;
	return database_run(&on.on, GROUPS) != 0 ||
	       database_run(&on.on, "ANALYZE TABLE card_group") != 0;
}

static int close_scene(void **state)
{
	(void)state;
	scene_close(&on);
	return 0;
}

static struct card_list_out find(int64_t page, int64_t per_page)
{
	struct card_list_in in = {
		.with_groups = true, .filter = STR("GROUP99"), .page = {page, per_page}};
	struct card_list_out out;

	assert_int_equal(scene_run(&on, &op_card_list, &in, &out), ERR_OK);
	assert_int_equal(out.page.items, FOUND);
	return out;
}

/* Each name is looked at once; on a later page of groups once for the page, once for the count. */
static void test_names_are_looked_at_once(void **state)
{
	static const struct {
		int64_t page, per_page, shown, most_read;
	} cases[] = {
		{1, 1, 1, 10500},     {1, 10, 10, 10500},   {1, 100, 100, 10500},
		{1, 111, 111, 10500}, {1, 112, 111, 10500}, {2, 10, 10, 20500},
		{12, 10, 1, 20500},   {13, 10, 0, 10500},   {2, 111, 0, 10500},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		rows_read(&on.on);
		struct card_list_out out = find(cases[i].page, cases[i].per_page);
		int64_t read = rows_read(&on.on);

		print_message("page %2d of %3d: %d read\n", (int)cases[i].page,
			      (int)cases[i].per_page, (int)read);
		assert_int_equal(out.cards.n, cases[i].shown);
		assert_in_range(read, 1, cases[i].most_read);
	}
}

/* A page may end among groups of one name. */
static void test_groups_of_one_name_are_counted(void **state)
{
	(void)state;
	database_run(&on.on,
		     "UPDATE card_group SET name_key = 'group99' WHERE name_key LIKE 'group99_'");
	for (int64_t per_page = 1; per_page <= 12; per_page++)
		assert_int_equal(find(1, per_page).cards.n, per_page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_looked_at_once),
		cmocka_unit_test(test_groups_of_one_name_are_counted),
	};

	return cmocka_run_group_tests(tests, open_scene, close_scene);
}
