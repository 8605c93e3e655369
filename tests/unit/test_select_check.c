/* What the query compiler refuses, and on which side of each limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "select_tables.h"

static const struct select_value values[SELECT_VALUES_MAX + 1];
static const struct select_value ids[] = {{.text = {"0123456789abcdef", 16}}};
static const struct select_value short_id[] = {{.text = {"0123456789abcde", 15}}};
static const struct select_value text[] = {{.text = {"x%", 2}}};

#define FILTER(field, op, v, n)                                                                    \
	{                                                                                          \
		.kind = SELECT_FILTER, .cmp = (op), .name = (field), .values = (v), .value_n = (n) \
	}

static const struct {
	struct select_cond cond;
	enum reason reason; /* NONE = accepted */
} conds[] = {
	{FILTER("serial", SELECT_EQ, values, 1), REASON_NONE},
	{FILTER("serial", SELECT_EQ, values, 0), REASON_WRONG_TYPE},
	{FILTER("serial", SELECT_EQ, values, 2), REASON_WRONG_TYPE},
	{FILTER("serial", SELECT_BETWEEN, values, 2), REASON_NONE},
	{FILTER("serial", SELECT_BETWEEN, values, 1), REASON_WRONG_TYPE},
	{FILTER("serial", SELECT_NULL, NULL, 0), REASON_NONE},
	{FILTER("serial", SELECT_NULL, values, 1), REASON_WRONG_TYPE},
	{FILTER("serial", SELECT_IN, values, SELECT_VALUES_MAX), REASON_NONE},
	{FILTER("serial", SELECT_IN, values, SELECT_VALUES_MAX + 1), REASON_TOO_MANY},
	{FILTER("serial", SELECT_LIKE, text, 1), REASON_WRONG_TYPE},
	{FILTER("serial", SELECT_PREFIX, text, 1), REASON_WRONG_TYPE},
	{FILTER("serial", SELECT_CMPS, values, 1), REASON_UNKNOWN_VALUE},
	{FILTER("serial; --", SELECT_EQ, values, 1), REASON_UNKNOWN_VALUE},
	{FILTER("c.serial", SELECT_EQ, values, 1), REASON_UNKNOWN_VALUE},
	{FILTER("", SELECT_EQ, values, 1), REASON_UNKNOWN_VALUE},
	{FILTER("id", SELECT_EQ, ids, 1), REASON_NONE},
	{FILTER("id", SELECT_EQ, short_id, 1), REASON_WRONG_TYPE},
	{FILTER("name", SELECT_LIKE, text, 1), REASON_NONE},
	{FILTER("name", SELECT_PREFIX, text, 1), REASON_WRONG_TYPE},
	{FILTER("name_key", SELECT_PREFIX, text, 1), REASON_NONE},
	{FILTER("name_key", SELECT_LIKE, text, 1), REASON_WRONG_TYPE},
	{{.kind = SELECT_NAMED, .name = "blocked", .values = values, .value_n = 1}, REASON_NONE},
	{{.kind = SELECT_NAMED, .name = "locked", .values = values, .value_n = 1},
	 REASON_UNKNOWN_VALUE},
	{{.kind = SELECT_AND}, REASON_NONE},
	{{.kind = SELECT_OR}, REASON_NONE},
};

static struct select_query query_of(struct select_cond where)
{
	return (struct select_query){.table = &select_card, .where = where, .limit = 1};
}

static void check(struct select_cond where, enum reason reason)
{
	struct select_query query = query_of(where);
	struct select_fault fault;

	assert_int_equal(select_check(&query, &fault),
			 reason == REASON_NONE ? ERR_OK : ERR_INVALID);
	assert_int_equal(fault.reason, reason);
	assert_true((fault.cond != NULL) == (reason != REASON_NONE));
}

static void test_conditions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(conds) / sizeof(conds[0]); i++)
		check(conds[i].cond, conds[i].reason);
}

static void test_depth(void **state)
{
	struct select_cond nest[SELECT_DEPTH_MAX + 1] = {{.kind = SELECT_AND}};

	(void)state;
	for (size_t i = 1; i <= SELECT_DEPTH_MAX; i++)
		nest[i] =
			(struct select_cond){.kind = SELECT_OR, .conds = &nest[i - 1], .cond_n = 1};
	check(nest[SELECT_DEPTH_MAX - 1], REASON_NONE);
	check(nest[SELECT_DEPTH_MAX], REASON_TOO_DEEP);
}

static void test_number_of_filters(void **state)
{
	struct select_cond many[SELECT_FILTERS_MAX + 1];
	struct select_cond all = {.kind = SELECT_AND, .conds = many};

	(void)state;
	for (size_t i = 0; i <= SELECT_FILTERS_MAX; i++)
		many[i] = conds[0].cond;
	all.cond_n = SELECT_FILTERS_MAX;
	check(all, REASON_NONE);
	all.cond_n++;
	check(all, REASON_TOO_MANY);
}

static void test_orders(void **state)
{
	static const struct select_order orders[] = {{.name = "name"},
						     {.name = "code", .desc = true},
						     {.name = "serial"},
						     {.name = "id", .desc = true},
						     {.name = "kind"}};
	static const struct select_order unknown[] = {{.name = "name", .desc = false},
						      {.name = "name DESC", .desc = false}};
	struct select_query query = query_of((struct select_cond){.kind = SELECT_AND});
	struct select_fault fault;

	(void)state;
	query.order = orders;
	query.order_n = SELECT_ORDERS_MAX;
	assert_int_equal(select_check(&query, &fault), ERR_OK);
	query.order_n++;
	assert_int_equal(select_check(&query, &fault), ERR_INVALID);
	assert_int_equal(fault.reason, REASON_TOO_MANY);
	query.order = unknown;
	query.order_n = 2;
	assert_int_equal(select_check(&query, &fault), ERR_INVALID);
	assert_ptr_equal(fault.order, &unknown[1]);
}

/* Whatever is asked, the text is ours alone: no value, one parameter for each. */
static void test_values_never_reach_the_text(void **state)
{
	static const struct select_value evil[] = {{.text = {"EVIL' OR 1", 10}}};
	static const struct select_cond both[] = {
		FILTER("name", SELECT_EQ, evil, 1),
		FILTER("name", SELECT_LIKE, evil, 1),
		FILTER("code_key", SELECT_PREFIX, evil, 1),
		FILTER("code", SELECT_NOT_IN, evil, 1),
		{.kind = SELECT_NAMED, .name = "code_fragment", .values = evil, .value_n = 1}};
	struct select_query query =
		query_of((struct select_cond){.kind = SELECT_OR, .conds = both, .cond_n = 5});
	struct arena arena;
	struct str made;

	(void)state;
	assert_true(arena_init(&arena, 1 << 20));
	made = select_text(&query, &arena);
	assert_null(strstr(made.at, "EVIL"));
	assert_null(strpbrk(made.at, "'\"`@$;"));
	arena_fini(&arena);
}

static void test_ends_of_prefixes(void **state)
{
	static const struct {
		struct str prefix, end;
	} table[] = {
		{{"a", 1}, {"b", 1}},
		{{"az", 2}, {"a{", 2}},
		{{"a\xff", 2}, {"b", 1}},
		{{"\xff\xff", 2}, {"", 0}},
		{{"", 0}, {"", 0}},
		{{"\xd1\x8f", 2}, {"\xd1\x90", 2}},
		{{"a\x7f\xff", 3}, {"a\x80", 2}},
	};
	struct arena arena;

	(void)state;
	assert_true(arena_init(&arena, 1 << 20));
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_true(str_eq(select_prefix_end(&arena, table[i].prefix), table[i].end));
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_number_of_filters),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_values_never_reach_the_text),
		cmocka_unit_test(test_ends_of_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
