/* Targets are decoded strictly; what clients really send is tolerated. */
#include "unit.h"

#include "arena.h"
#include "uri.h"

static int set_up(void **state)
{
	static struct arena arena;

	*state = &arena;
	return arena_init(&arena, 1 << 20) ? 0 : -1;
}

static int tear_down(void **state)
{
	arena_fini(*state);
	return 0;
}

static void paths_are_split(void **state)
{
	static const struct {
		const char *path;
		enum reason reason;
		size_t n;
		const char *segment[4];
	} cases[] = {
		{"/", REASON_NONE, 0, {0}},
		{"/a", REASON_NONE, 1, {"a"}},
		{"/a/", REASON_NONE, 1, {"a"}},
		{"/a//", REASON_NONE, 2, {"a", ""}},
		{"//a", REASON_NONE, 2, {"", "a"}},
		{"/a/b%20c/%D0%96", REASON_NONE, 3, {"a", "b c", "Ж"}},
		{"/a%2Fb", REASON_NONE, 1, {"a/b"}},
		{"/a+b", REASON_NONE, 1, {"a+b"}},
		{"/Ж", REASON_NONE, 1, {"Ж"}},
		{"", REASON_MALFORMED, 0, {0}},
		{"a", REASON_MALFORMED, 0, {0}},
		{"/%", REASON_MALFORMED, 0, {0}},
		{"/%4", REASON_MALFORMED, 0, {0}},
		{"/%4g", REASON_MALFORMED, 0, {0}},
		{"/%G4", REASON_MALFORMED, 0, {0}},
		{"/%00", REASON_HAS_NUL, 0, {0}},
		{"/%C0%AF", REASON_NOT_UTF8, 0, {0}},
		{"/\xFF", REASON_NOT_UTF8, 0, {0}},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct path path = {0};

		assert_int_equal(path_split(*state, str_of(cases[i].path), &path), cases[i].reason);
		assert_int_equal(path.n, cases[i].n);
		for (size_t j = 0; j < path.n; j++)
			assert_string_equal(path.segment[j].at, cases[i].segment[j]);
	}
}

static void a_path_deeper_than_any_route_is_cut(void **state)
{
	struct path path;

	assert_int_equal(path_split(*state, STR("/1/2/3/4/5/6/7/8/9/10/11/12"), &path), 0);
	assert_int_equal(path.n, ROUTE_SEGMENTS_MAX);
	assert_int_equal(path_split(*state, STR("/1/2/3/4/5/6/7/8/9/10/11/12/13/14"), &path), 0);
	assert_int_equal(path.n, ROUTE_SEGMENTS_MAX + 1);
}

static void queries_are_parsed(void **state)
{
	static const struct {
		const char *query;
		enum reason reason;
		const char *where; /* of a refusal */
		size_t n;
		const char *pair[6];
	} cases[] = {
		{"", REASON_NONE, NULL, 0, {0}},
		{"&&", REASON_NONE, NULL, 0, {0}},
		{"&a=b", REASON_NONE, NULL, 1, {"a", "b"}},
		{"a=b&&c=d", REASON_NONE, NULL, 2, {"a", "b", "c", "d"}},
		{"a", REASON_NONE, NULL, 1, {"a", ""}},
		{"a=b=c", REASON_NONE, NULL, 1, {"a", "b=c"}},
		{"a=x+y%2B%26", REASON_NONE, NULL, 1, {"a", "x y+&"}},
		{"%61=1&a=2", REASON_NONE, NULL, 2, {"a", "1", "a", "2"}},
		{"n=Иван", REASON_NONE, NULL, 1, {"n", "Иван"}},
		{"a=%", REASON_MALFORMED, "a", 0, {0}},
		{"b=1&a=%zz", REASON_MALFORMED, "a", 0, {0}},
		{"a=%00", REASON_HAS_NUL, "a", 0, {0}},
		{"a=%ED%A0%80", REASON_NOT_UTF8, "a", 0, {0}},
		{"%=1", REASON_MALFORMED, "query", 0, {0}},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct query query = {0};
		struct str where;

		assert_int_equal(query_parse(*state, str_of(cases[i].query), &query, &where),
				 cases[i].reason);
		assert_int_equal(query.n, cases[i].n);
		for (size_t j = 0; j < query.n; j++) {
			assert_string_equal(query.params[j].name.at, cases[i].pair[j * 2]);
			assert_string_equal(query.params[j].value.at, cases[i].pair[j * 2 + 1]);
		}
		if (cases[i].where)
			assert_string_equal(where.at, cases[i].where);
	}
}

static void parameters_are_bounded(void **state)
{
	char text[QUERY_PARAMS_MAX * 2 + 3] = "";
	struct query query;
	struct str where;

	for (size_t i = 0; i < QUERY_PARAMS_MAX; i++)
		memcpy(text + i * 2, "a&", 3);
	assert_int_equal(query_parse(*state, str_of(text), &query, &where), REASON_NONE);
	assert_int_equal(query.n, QUERY_PARAMS_MAX);
	memcpy(text + QUERY_PARAMS_MAX * 2, "a", 2);
	assert_int_equal(query_parse(*state, str_of(text), &query, &where), REASON_TOO_MANY);
	assert_string_equal(where.at, "query");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_split),
		cmocka_unit_test(a_path_deeper_than_any_route_is_cut),
		cmocka_unit_test(queries_are_parsed),
		cmocka_unit_test(parameters_are_bounded),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
