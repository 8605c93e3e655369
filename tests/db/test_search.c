/*
 * Every list and search of cards and groups over 100,000 cards: the rows that plain SQL
 * finds, their number, and how many rows the server read for page and count.
 */
#include "unit.h"

#include "group.h"
#include "rows_read.h"
#include "scene.h"
#include "search.h"
#include "text_index.h"

#define NOW_MS 1000000 /* of the blocks of many_cards.sql, half have ended */
#define CAP    10001

static struct scene on;
static int greedy; /* requests that read more than they may */

/* As `kartoteka index` does. */
static bool index_cards(void)
{
	struct text_index index = {.db = on.on.db,
				   .arena = &on.on.arena,
				   .organisation_id = SCENE_ORGANISATION,
				   .object = TEXT_CARD,
				   .most = 20000};

	while (!index.last)
		if (text_index_step(&index) != ERR_OK)
			return false;
	return true;
}

static int open_scene(void **state)
{
	(void)state;
	if (!scene_open(&on, "test_search"))
		return -1;
	on.clock.fixed_ms = NOW_MS;
	return database_script(&on.on, MANY_CARDS) != 0 ||
	       database_script(&on.on, SEARCH_CARDS) != 0 || !index_cards();
}

static int settle(void **state)
{
	(void)state;
	greedy = 0;
	return 0;
}

static int close_scene(void **state)
{
	(void)state;
	scene_close(&on);
	return 0;
}

#define ID(kind, number) "UNHEX(CONCAT('" kind "', LPAD(HEX(" number "), 30, '0')))"
#define NONE             "REPEAT('\\0', 16)"
#define BLOCKED          "((blocked AND blocked_until > 1000000) OR holder_locked)"

#define SENT_1(m)                                                                                  \
	{                                                                                          \
		offsetof(struct card_list_in, m)                                                   \
	}
#define SENT_2(a, b)                                                                               \
	{                                                                                          \
		offsetof(struct card_list_in, a), offsetof(struct card_list_in, b)                 \
	}
#define TEXT(literal)                                                                              \
	{                                                                                          \
		(literal), sizeof(literal) - 1                                                     \
	}
#define FIRST(k)                                                                                   \
	{                                                                                          \
		{                                                                                  \
			[0] = (k), [15] = 1                                                        \
		}                                                                                  \
	}

/* A request, the same in plain SQL, and the most rows that it may read. */
struct listing {
	const char *what;
	struct card_list_in in;
	size_t sent[2]; /* offsets; 0 = none */
	const char *where;
	int64_t most_read;
};

static const struct listing listings[] = {
	{"all", {.with_groups = false}, {0}, "1", 110},
	{"deep page", {.page = {.page = 1000}}, {0}, "1", 10100},
	{"500 rows", {.page = {.per_page = 500}}, {0}, "1", 3200},
	{"group", {.parent_id = FIRST(2)}, SENT_1(parent_id), "parent_id = " ID("02", "1"), 70},
	{"root", {.with_groups = false}, SENT_1(parent_id), "parent_id = " NONE, 70},
	{"no such group", {.parent_id = FIRST(9)}, SENT_1(parent_id), "1 = 0", 20},
	{"level", {.level_id = FIRST(3)}, {0}, "level_id = " ID("03", "1"), 70},
	{"holder", {.person_id = FIRST(4)}, {0}, "person_id = " ID("04", "1"), 70},
	{"master", {.master_id = FIRST(1)}, {0}, "master_id = " ID("01", "1"), 4100},
	{"referral",
	 {.referral_id = {{[0] = 1, [15] = 2}}},
	 {0},
	 "referral_id = " ID("01", "2"),
	 4100},
	{"active", {.active = true}, SENT_1(active), "active", 70},
	{"not active", {.active = false}, SENT_1(active), "NOT active", 70},
	{"blocked", {.blocked = true}, SENT_1(blocked), BLOCKED, 700},
	{"not blocked", {.blocked = false}, SENT_1(blocked), "NOT " BLOCKED, 700},
	{"group, active",
	 {.parent_id = FIRST(2), .active = true},
	 SENT_2(parent_id, active),
	 "active AND parent_id = " ID("02", "1"),
	 8300},
	{"level, not active",
	 {.level_id = FIRST(3)},
	 SENT_1(active),
	 "NOT active AND level_id = " ID("03", "1"),
	 20},
	{"level, active",
	 {.level_id = FIRST(3), .active = true},
	 SENT_1(active),
	 "active AND level_id = " ID("03", "1"),
	 10100},
	{"level, blocked",
	 {.level_id = FIRST(3), .blocked = true},
	 SENT_1(blocked),
	 BLOCKED " AND level_id = " ID("03", "1"),
	 200},
	{"group, blocked",
	 {.parent_id = FIRST(2), .blocked = true},
	 SENT_2(parent_id, blocked),
	 BLOCKED " AND parent_id = " ID("02", "1"),
	 400},
	{"group, not blocked",
	 {.parent_id = FIRST(2), .blocked = false},
	 SENT_2(parent_id, blocked),
	 "NOT " BLOCKED " AND parent_id = " ID("02", "1"),
	 9300},
	{"group, level",
	 {.parent_id = FIRST(2), .level_id = FIRST(3)},
	 SENT_1(parent_id),
	 "parent_id = " ID("02", "1") " AND level_id = " ID("03", "1"),
	 1700},
	{"active, blocked",
	 {.active = true, .blocked = true},
	 SENT_2(active, blocked),
	 "active AND " BLOCKED,
	 500},
	{"not active, blocked",
	 {.active = false, .blocked = true},
	 SENT_2(active, blocked),
	 "NOT active AND " BLOCKED,
	 3000},
	{"active, not blocked",
	 {.active = true, .blocked = false},
	 SENT_2(active, blocked),
	 "active AND NOT " BLOCKED,
	 10100},
	{"e-mail", {.email = TEXT("E777@X")}, {0}, "email_key = 'e777@x'", 20},
	{"no such e-mail", {.email = TEXT("e777")}, {0}, "1 = 0", 20},
	{"phone", {.phone = TEXT("+7 (900) 000-00-37")}, {0}, "serial = 1", 20},
	{"barcode fragment", {.barcode = TEXT("00012345")}, {0}, "barcode LIKE '%00012345%'", 60},
	{"code fragment", {.code = TEXT("c9999")}, {0}, "code LIKE '%C9999%'", 200},
	{"frequent fragment", {.filter = TEXT("word1")}, {0}, "name LIKE '%Word1%'", 200},
	{"rare fragment", {.filter = TEXT("E99999@")}, {0}, "email LIKE '%E99999@%'", 100},
	{"active, frequent fragment",
	 {.filter = TEXT("word1"), .active = true},
	 SENT_1(active),
	 "active AND name LIKE '%Word1%'",
	 34000},
	{"active, rare fragment",
	 {.filter = TEXT("e9998@"), .active = true},
	 SENT_1(active),
	 "active AND email LIKE 'E9998@%'",
	 200},
	{"digits", {.filter = TEXT("79000036")}, {0}, "phone_reversed LIKE '%63000097%'", 300},
	{"holder, active",
	 {.person_id = FIRST(4), .active = true},
	 SENT_1(active),
	 "active AND person_id = " ID("04", "1"),
	 60},
	{"group, code fragment",
	 {.parent_id = FIRST(2), .code = TEXT("c9")},
	 SENT_1(parent_id),
	 "code LIKE '%C9%' AND parent_id = " ID("02", "1"),
	 40000},
};

/* Eleven thousand candidates behind 88,000 other cards: a walk would look at all of these. */
static const struct listing last_ones[] = {
	{"active, deep",
	 {.filter = TEXT("me9"), .active = true, .page = {.page = 90}},
	 SENT_1(active),
	 "active AND name LIKE '%me9%'",
	 60000},
	{"blocked",
	 {.filter = TEXT("me9"), .blocked = true},
	 SENT_1(blocked),
	 BLOCKED " AND name LIKE '%me9%'",
	 60000},
	{"group",
	 {.filter = TEXT("me9"), .parent_id = FIRST(2)},
	 SENT_1(parent_id),
	 "name LIKE '%me9%' AND parent_id = " ID("02", "1"),
	 40000},
	{"group, few",
	 {.filter = TEXT("me99"), .parent_id = FIRST(2)},
	 SENT_1(parent_id),
	 "name LIKE '%me99%' AND parent_id = " ID("02", "1"),
	 4500},
};

/* The first row of the page and the last, as plain SQL sorts them. */
static void check_rows(const char *where, const struct card_list_out *out)
{
	const struct card *card = out->cards.rows;
	const size_t places[] = {0, out->cards.n - 1};
	char text[1024];

	for (size_t i = 0; out->cards.n > 0 && i < 2; i++) {
		snprintf(text, sizeof(text),
			 "SELECT serial FROM card c WHERE organisation_id = 1 AND (%s) "
			 "ORDER BY name_key, id LIMIT 1 OFFSET %lld",
			 where, (long long)card[places[i]].row_number - 1);
		assert_int_equal(card[places[i]].row.serial, scene_number(&on, text));
	}
}

static void check_counts(const struct card_list_out *out, long long all, bool exact)
{
	long long shown = all - (out->page.page - 1) * out->page.per_page;
	bool capped = !exact && out->page.items_capped;

	assert_int_equal(out->page.items, capped ? CAP : all);
	assert_true(!capped || all >= CAP);
	assert_int_equal(out->cards.n, shown > out->page.per_page ? out->page.per_page
				       : shown < 0                ? 0
								  : shown);
}

static long long count_where(const char *where)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "SELECT COUNT(*) FROM card c WHERE organisation_id = 1 AND (%s)", where);
	return scene_number(&on, text);
}

static void tell(const char *what, long long rows, int64_t read, int64_t most)
{
	print_message("%-24s %7lld rows, %7lld read\n", what, rows, (long long)read);
	greedy += read < 0 || read > most;
}

static void check_listing(const struct listing *listing)
{
	struct card_list_in in = listing->in;
	struct card_list_out out;
	long long all = count_where(listing->where);

	for (size_t i = 0; i < 2 && listing->sent[i]; i++)
		sent_set(&in.sent, listing->sent[i]);
	rows_read(&on.on);
	assert_int_equal(scene_run(&on, &op_card_list, &in, &out), ERR_OK);
	tell(listing->what, all, rows_read(&on.on), listing->most_read);
	check_counts(&out, all, false);
	check_rows(listing->where, &out);
}

static void check_listings(const struct listing *listing, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t mark = arena_mark(&on.on.arena);

		check_listing(&listing[i]);
		arena_reset(&on.on.arena, mark);
	}
	assert_int_equal(greedy, 0);
}

static void test_lists_find_their_rows_and_read_few(void **state)
{
	(void)state;
	check_listings(listings, sizeof(listings) / sizeof(listings[0]));
}

static void rename_card(uint8_t serial, const char *name)
{
	struct card_in in = {.row = {.id = {{[0] = 1, [15] = serial}}, .name = str_of(name)}};
	struct nothing out;

	sent_set(&in.sent, offsetof(struct card_in, row.name));
	assert_int_equal(scene_run(&on, &op_card_change, &in, &out), ERR_OK);
}

/* Cards that the index does not know yet, then such as it has in no order. */
static void test_candidates_at_the_end_are_looked_at_from_their_first(void **state)
{
	(void)state;
	check_listings(last_ones, sizeof(last_ones) / sizeof(last_ones[0]));
	rename_card(1, "Name9");
	rename_card(2, "Name9000 word");
	rename_card(3, "Name99999999");
	check_listings(last_ones, sizeof(last_ones) / sizeof(last_ones[0]));
	assert_true(index_cards());
	check_listings(last_ones, sizeof(last_ones) / sizeof(last_ones[0]));
}

/* Counting: not at all reads the page and one row more; exactly reads what matches. */
static void test_counts_as_asked_for(void **state)
{
	struct card_list_in in = {.filter = STR("name1"), .calculate_count = true};
	struct card_list_out out;
	long long all = count_where("name LIKE '%Name1%'");

	(void)state;
	sent_set(&in.sent, offsetof(struct card_list_in, calculate_count));
	assert_int_equal(scene_run(&on, &op_card_list, &in, &out), ERR_OK);
	assert_false(out.page.items_capped);
	check_counts(&out, all, true);
	in.calculate_count = false;
	rows_read(&on.on);
	assert_int_equal(scene_run(&on, &op_card_list, &in, &out), ERR_OK);
	tell("not counted", all, rows_read(&on.on), 200);
	assert_int_equal(out.cards.n, 10);
	assert_int_equal(out.page.pages, 2);
	in.sent = (struct sent){0};
	assert_int_equal(scene_run(&on, &op_card_list, &in, &out), ERR_OK);
	assert_true(out.page.items_capped);
	check_counts(&out, all, false);
	assert_int_equal(greedy, 0);
}

static const struct searching {
	const struct operation *operation;
	const char *filter, *where;
	int64_t most_read, page;
} searches[] = {
	{&op_card_by_phone, "", "1", 70, 1},
	{&op_card_by_phone, "(12)-45", "phone_reversed LIKE '5421%'", 200, 1},
	{&op_card_by_phone, "7", "phone_reversed LIKE '7%'", 10600, 1},
	{&op_card_by_phone, "x", "1 = 0", 20, 1},
	{&op_card_by_email, "", "1", 70, 1},
	{&op_card_by_email, "E777", "email_key LIKE 'e777%'", 600, 1},
	{&op_card_by_email, "e", "1", 100, 1},
	{&op_card_by_barcode, "20000123", "barcode LIKE '20000123%'", 150, 1},
	{&op_card_by_barcode, "2000", "barcode LIKE '2000%'", 10600, 1},
	{&op_card_by_barcode, "20", "1", 70, 1},
	{&op_card_by_barcode, "20", "1", 10200, 9000},
	{&op_card_by_barcode, "x", "1 = 0", 20, 1},
	{&op_card_by_code, "C123", "code LIKE 'C123%'", 500, 1},
	{&op_card_by_code, "c", "1", 120, 3},
	{&op_card_by_name, "", "1", 70, 1},
	{&op_card_by_name, "WORD77", "name LIKE '% Word77%'", 200, 1},
	{&op_card_by_name, "word777 name1", "name LIKE 'Name1% Word777%'", 250, 1},
	{&op_card_by_name, "name", "1", 200, 50},
	{&op_card_by_name, "name", "1", 200, 51},
	{&op_card_by_name, "word1 name1", "name LIKE 'Name1% Word1%'", 250, 1},
	{&op_card_by_name, "nobody", "1 = 0", 20, 1},
};

static bool by_name(const struct searching *searching)
{
	return searching->operation == &op_card_by_name && *searching->filter;
}

static void check_search(const struct searching *searching)
{
	struct card_search_in in = {.filter = str_of(searching->filter),
				    .page = {.page = searching->page}};
	struct card_list_out out;
	long long all = count_where(searching->where);
	char what[64];

	snprintf(what, sizeof(what), "%s %s", searching->operation->name, searching->filter);
	rows_read(&on.on);
	assert_int_equal(scene_run(&on, searching->operation, &in, &out), ERR_OK);
	tell(what, all, rows_read(&on.on), searching->most_read);
	if (by_name(searching) && all > SEARCH_NAME_ROWS_MAX)
		all = SEARCH_NAME_ROWS_MAX;
	check_counts(&out, all, false);
	check_rows(searching->where, &out);
}

static void test_searches_find_their_rows_and_read_few(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(searches) / sizeof(searches[0]); i++) {
		size_t mark = arena_mark(&on.on.arena);

		check_search(&searches[i]);
		arena_reset(&on.on.arena, mark);
	}
	assert_int_equal(greedy, 0);
}

static const struct {
	const char *what;
	bool below;
	struct uuid parent_id;
	int64_t page;
	int64_t items, shown, most_read;
} groupings[] = {
	{"groups", false, {{0}}, 1, 10010, 10, 100},
	{"groups, deep", false, {{0}}, 1001, 10010, 10, 200},
	{"groups, beyond", false, {{0}}, 1002, 10010, 0, 10200},
	{"groups of the root", true, {{0}}, 1, 10, 10, 100},
	{"groups of one", true, FIRST(2), 1, 10000, 10, 100},
	{"groups of one, deep", true, FIRST(2), 1000, 10000, 10, 200},
	{"groups of nobody", true, FIRST(9), 1, 0, 0, 20},
};

static void test_groups_read_few(void **state)
{
	struct group_list_out out;

	(void)state;
	for (size_t i = 0; i < sizeof(groupings) / sizeof(groupings[0]); i++) {
		struct group_list_in in = {.parent_id = groupings[i].parent_id,
					   .page = {.page = groupings[i].page}};

		if (groupings[i].below)
			sent_set(&in.sent, offsetof(struct group_list_in, parent_id));
		rows_read(&on.on);
		assert_int_equal(scene_run(&on, &op_group_list, &in, &out), ERR_OK);
		tell(groupings[i].what, groupings[i].items, rows_read(&on.on),
		     groupings[i].most_read);
		assert_int_equal(out.page.items, groupings[i].items);
		assert_int_equal(out.groups.n, groupings[i].shown);
	}
	assert_int_equal(greedy, 0);
}

/* Groups among the cards: those of the page are read, all are counted without reading them. */
static void test_groups_among_cards_read_few(void **state)
{
	struct card_list_in in = {.with_groups = true, .parent_id = FIRST(2)};
	struct card_list_out out;

	(void)state;
	sent_set(&in.sent, offsetof(struct card_list_in, parent_id));
	rows_read(&on.on);
	assert_int_equal(scene_run(&on, &op_card_list, &in, &out), ERR_OK);
	tell("groups among cards", out.page.items, rows_read(&on.on), 100);
	assert_int_equal(out.page.items, 10000 + 9091);
	in.page.page = 1001;
	rows_read(&on.on);
	assert_int_equal(scene_run(&on, &op_card_list, &in, &out), ERR_OK);
	tell("cards behind groups", out.page.items, rows_read(&on.on), 100);
	assert_false(((struct card *)out.cards.rows)[0].is_group);
	assert_int_equal(greedy, 0);
}

/* Single objects and what a change reads stay the same however many cards there are. */
static void test_one_card_reads_few(void **state)
{
	struct card_out card;
	struct group_get_out group;
	struct card_in change = {.row = {.id = FIRST(1), .name = STR("Name7 other")}};
	struct nothing none;

	(void)state;
	rows_read(&on.on);
	assert_int_equal(scene_run(&on, &op_card_get, &(struct id_in){FIRST(1)}, &card), ERR_OK);
	tell("card", 1, rows_read(&on.on), 10);
	assert_int_equal(scene_run(&on, &op_group_get, &(struct id_in){FIRST(2)}, &group), ERR_OK);
	tell("group", 1, rows_read(&on.on), 40);
	assert_int_equal(group.group.groups_count, 10000);
	sent_set(&change.sent, offsetof(struct card_in, row.name));
	assert_int_equal(scene_run(&on, &op_card_change, &change, &none), ERR_OK);
	tell("change", 1, rows_read(&on.on), 40);
	assert_int_equal(
		scene_run(&on, &op_card_delete, &(struct card_delete_in){FIRST(1), true}, &none),
		ERR_CONFLICT);
	tell("refused delete", 1, rows_read(&on.on), 40);
	assert_int_equal(greedy, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_lists_find_their_rows_and_read_few, settle),
		cmocka_unit_test_setup(test_counts_as_asked_for, settle),
		cmocka_unit_test_setup(test_searches_find_their_rows_and_read_few, settle),
		cmocka_unit_test_setup(test_groups_read_few, settle),
		cmocka_unit_test_setup(test_groups_among_cards_read_few, settle),
		cmocka_unit_test_setup(test_one_card_reads_few, settle),
		cmocka_unit_test_setup(test_candidates_at_the_end_are_looked_at_from_their_first,
				       settle),
	};

	return cmocka_run_group_tests(tests, open_scene, close_scene);
}
