/*
 * Queries of 100,000 customers by the server's own counts: every indexed filter and order reads
 * few rows, on deep pages too, and what no index serves ends by its time limit.
 */
#include "unit.h"

#include "customer.h"
#include "entity.h"
#include "rows_read.h"
#include "scene.h"
#include "select_tables.h"

static struct scene on;

static int set_up(void **state)
{
	(void)state;
	assert_int_equal(database_script(&on.on, MANY_CARDS), 0);
	assert_int_equal(database_script(&on.on, MANY_PEOPLE), 0);
	return 0;
}

static const struct select_value one[] = {{1, {"Name77", 6}}},
				 two[] = {{70, {"Name77", 6}}, {170, {"Name78", 6}}},
				 prefix[] = {{0, {"Name77%", 7}}}, card[] = {{0, {"C777", 4}}},
				 cards[] = {{0, {"c7777%", 6}}}, mail[] = {{0, {"E7919@X", 7}}},
				 mails[] = {{0, {"e777%", 5}}}, letter[] = {{0, {"e%", 2}}},
				 companies[] = {{0, {"company50%", 10}}},
				 every[] = {{0, {"company%", 8}}}, external[] = {{0, {"x777", 4}}},
				 company[] = {{500, {"Company500", 10}}}, yes[] = {{1, {NULL, 0}}},
				 seventy[] = {{70, {NULL, 0}}}, late[] = {{630000, {NULL, 0}}},
				 middle[] = {{350000, {NULL, 0}}, {420000, {NULL, 0}}},
				 later[] = {{210000, {NULL, 0}}}, never[] = {{9999999, {NULL, 0}}},
				 none[] = {{5000, {NULL, 0}}};

#define FILTER(field, op, v)                                                                       \
	{                                                                                          \
		.kind = SELECT_FILTER, .cmp = (op), .name = (field), .values = (v),                \
		.value_n = COUNT(v)                                                                \
	}
#define ALL                                                                                        \
	{                                                                                          \
		.kind = SELECT_AND                                                                 \
	}

static const struct select_cond late_of_company[] = {FILTER("company_serial", SELECT_EQ, company),
						     FILTER("created_at", SELECT_GE, late)};

/* most_read: rows that a page of 100 may read, its count of candidates too. */
static const struct {
	struct select_cond where;
	const char *order;
	bool desc;
	int64_t offset;
	int64_t rows, most_read;
} cases[] = {
	{FILTER("serial", SELECT_EQ, one), NULL, false, 0, 1, 20},
	{FILTER("serial", SELECT_BETWEEN, two), NULL, false, 0, 100, 700},
	{FILTER("serial", SELECT_GE, seventy), NULL, false, 0, 100, 700},
	{FILTER("name", SELECT_GE, one), "name", false, 0, 100, 700},
	{FILTER("name", SELECT_EQ, one), NULL, false, 0, 1, 20},
	{FILTER("name", SELECT_LIKE, prefix), NULL, false, 0, 100, 5000},
	{FILTER("name", SELECT_BETWEEN, two), "name", false, 0, 100, 5000},
	{FILTER("email", SELECT_EQ, mail), NULL, false, 0, 1, 20},
	{FILTER("email", SELECT_LIKE, mails), NULL, false, 0, 70, 500},
	{FILTER("email", SELECT_LIKE, letter), NULL, false, 0, 100, 1200},
	{FILTER("external_id", SELECT_EQ, external), NULL, false, 0, 1, 20},
	{FILTER("card_code", SELECT_EQ, card), NULL, false, 0, 1, 30},
	{FILTER("card_code", SELECT_LIKE, cards), NULL, false, 0, 11, 200},
	{FILTER("company_serial", SELECT_EQ, company), NULL, false, 0, 100, 700},
	{FILTER("company_serial", SELECT_EQ, company), "name", true, 0, 100, 2000},
	{FILTER("company_name", SELECT_EQ, company), NULL, false, 0, 100, 700},
	{FILTER("company_name", SELECT_LIKE, companies), NULL, false, 0, 100, 2500},
	{FILTER("company_name", SELECT_LIKE, every), NULL, false, 0, 100, 6000},
	{{.kind = SELECT_AND, .conds = late_of_company, .cond_n = 2}, NULL, false, 0, 10, 4600},
	{FILTER("locked", SELECT_EQ, yes), NULL, false, 0, 100, 700},
	{FILTER("created_at", SELECT_LT, seventy), NULL, false, 0, 9, 100},
	{FILTER("created_at", SELECT_GE, late), NULL, false, 0, 100, 2500},
	{FILTER("created_at", SELECT_BETWEEN, middle), NULL, false, 0, 100, 2500},
	{FILTER("updated_at", SELECT_GE, later), NULL, false, 0, 100, 2500},
	{FILTER("company_serial", SELECT_EQ, none), NULL, false, 0, 0, 20},
	{FILTER("updated_at", SELECT_LT, seventy), NULL, false, 0, 23, 200},
	{ALL, NULL, false, 0, 100, 700},
	{ALL, "name", false, 0, 100, 700},
	{ALL, "email", false, 0, 100, 700},
	{ALL, "external_id", false, 0, 100, 700},
	{ALL, "card_code", false, 0, 100, 700},
	{ALL, "locked", false, 0, 100, 700},
	{ALL, "created_at", false, 0, 100, 700},
	{ALL, "updated_at", false, 0, 100, 700},
	{ALL, "name", true, 0, 100, 900},
	{ALL, "email", true, 0, 100, 900},
	{ALL, "created_at", true, 0, 100, 900},
	{ALL, "locked", true, 2000, 100, 9000},
	{ALL, "serial", true, 0, 100, 900},
	{ALL, "name", false, 50000, 100, 51000},
	{ALL, NULL, false, 50000, 100, 51000},
};

static void print(size_t i, size_t rows, int64_t read)
{
	fprintf(stderr, "%s order by %s%s offset %lld: %zu rows, %lld read\n",
		cases[i].where.name ? cases[i].where.name : "all",
		cases[i].order ? cases[i].order : "-", cases[i].desc ? " desc" : "",
		(long long)cases[i].offset, rows, (long long)read);
}

static void test_indexed_shapes_read_few_rows(void **state)
{
	size_t faults = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct select_order order = {.name = cases[i].order, .desc = cases[i].desc};
		struct entity_select_in in = {.query = {.where = cases[i].where,
							.order = &order,
							.order_n = cases[i].order ? 1 : 0,
							.limit = 100,
							.offset = cases[i].offset}};
		struct entity_out out;
		int64_t read;

		rows_read(&on.on);
		if (scene_run(&on, &op_customer_select, &in, &out) != ERR_OK)
			fail_msg("case %zu: %s, %s", i, on.ctx.detail.member, db_message(on.on.db));
		read = rows_read(&on.on);
		if ((int64_t)out.rows.n == cases[i].rows && read <= cases[i].most_read)
			continue;
		print(i, out.rows.n, read);
		faults++;
	}
	assert_int_equal(faults, 0);
}

static int64_t first_of(struct select_cond where)
{
	struct entity_select_in in = {.query = {.where = where, .limit = 100}};
	struct entity_out out;

	assert_int_equal(scene_run(&on, &op_customer_select, &in, &out), ERR_OK);
	return out.rows.n > 0 ? ((const struct customer_row *)out.rows.rows)->serial : 0;
}

static void change(int64_t serial)
{
	struct customer_in row = {.row = {.credit_allowed = true}};
	struct entity_write_in in = {.rows = {&row, 1}, .key = {.serial = serial}};
	struct entity_out out;

	sent_set(&row.sent, offsetof(struct customer_in, row.credit_allowed));
	assert_int_equal(scene_run(&on, &op_customer_update, &in, &out), ERR_OK);
	assert_int_equal(out.rows.n, 1);
}

/* Person n was made at 7 n and changed at 3 n. */
static void test_moments_begin_where_they_stand(void **state)
{
	(void)state;
	assert_int_equal(first_of((struct select_cond)FILTER("created_at", SELECT_GE, late)),
			 90000);
	assert_int_equal(first_of((struct select_cond)FILTER("created_at", SELECT_GT, late)),
			 90001);
	assert_int_equal(first_of((struct select_cond)FILTER("created_at", SELECT_BETWEEN, middle)),
			 50000);
	assert_int_equal(first_of((struct select_cond)FILTER("created_at", SELECT_GE, never)), 0);
	assert_int_equal(first_of((struct select_cond)FILTER("updated_at", SELECT_GE, later)),
			 70000);
	change(12);
	assert_int_equal(first_of((struct select_cond)FILTER("updated_at", SELECT_GE, later)), 12);
	assert_int_equal(first_of((struct select_cond)FILTER("created_at", SELECT_GE, late)),
			 90000);
}

/* The text of a page names the index that gives its order. */
static void test_orders_are_walked_by_their_index(void **state)
{
	static const char *const orders[][2] = {
		{"name", "name_serial"},
		{"email", "email_serial"},
		{"external_id", "external_serial"},
		{"card_code", "card_serial"},
		{"locked", "locked_serial"},
		{"created_at", "created_serial"},
		{"updated_at", "updated_serial"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct select_order order = {.name = orders[i][0]};
		struct select_query query = {.table = &select_customer,
					     .organisation_id = 1,
					     .where = ALL,
					     .order = &order,
					     .order_n = 1,
					     .limit = 100};

		assert_non_null(strstr(select_text(&query, on.ctx.arena).at, orders[i][1]));
	}
}

/* A thousand patterns that no index serves, of which none matches, take longer than the limit. */
static void test_what_is_too_broad_names_its_field(void **state)
{
	static const struct select_value wild[] = {{0, {"%a%b%c%d%e%f%g%h%zzz%", 21}}};
	struct select_cond conds[SELECT_FILTERS_MAX];
	struct entity_select_in in = {
		.query = {.where = {.kind = SELECT_OR, .conds = conds, .cond_n = COUNT(conds)},
			  .limit = 100}};
	struct entity_out out;

	(void)state;
	for (size_t i = 0; i < COUNT(conds); i++)
		conds[i] = (struct select_cond){.kind = SELECT_FILTER,
						.cmp = SELECT_LIKE,
						.name = i % 2 ? "name" : "card_code",
						.values = wild,
						.value_n = 1,
						.path = "conditions.filters[0]"};
	assert_int_equal(scene_run(&on, &op_customer_select, &in, &out), ERR_INVALID);
	assert_true(scene_refused(&on, "conditions.filters[0].field", REASON_TOO_BROAD));
}

/*
 * A condition that is pushed down makes InnoDB copy whole rows: lists by an index that has all they
 * ask for took twice as long on a connection that had asked for others.
 */
static void test_no_condition_is_pushed_down(void **state)
{
	(void)state;
	assert_int_equal(rows_pushed(&on.on), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_indexed_shapes_read_few_rows),
		cmocka_unit_test(test_moments_begin_where_they_stand),
		cmocka_unit_test(test_orders_are_walked_by_their_index),
		cmocka_unit_test(test_what_is_too_broad_names_its_field),
		cmocka_unit_test(test_no_condition_is_pushed_down),
	};
	int failed;

	if (!scene_open(&on, "test_plan"))
		return 1;
	failed = cmocka_run_group_tests(tests, set_up, NULL);
	scene_close(&on);
	return failed;
}
