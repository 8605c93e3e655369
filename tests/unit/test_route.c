/* Paths find their rows; tables that could not work are refused. */
#include "unit.h"

#include "arena.h"
#include "toy.h"
#include "uri.h"

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	return arena_init(&arena, 1 << 22) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

#define ROW(method, path)                                                                          \
	{                                                                                          \
		METHOD_##method, path, 0, 0, NULL, NULL, 200, &op_toy_peek, &toy_doc               \
	}

static const struct field id_fields[] = {FIELD(struct toy_in, id, "id", .from = FROM_PATH)};
static const struct map id_map = MAP("Id", struct toy_in, id_fields);
static const struct field two_fields[] = {
	FIELD(struct toy_in, id, "id", .from = FROM_PATH),
	FIELD(struct toy_in, parent_id, "other", .from = FROM_PATH),
};
static const struct map two_map = MAP("Two", struct toy_in, two_fields);

static const struct route match_routes[] = {
	ROW(GET, "/card"),
	ROW(POST, "/card/add"),
	{METHOD_GET, "/card/{id}", 0, 0, &id_map, NULL, 200, &op_toy_echo, &toy_doc},
	{METHOD_POST, "/card/{id}", 0, 0, &id_map, NULL, 200, &op_toy_echo, &toy_doc},
	{METHOD_POST, "/card/{id}/block", 0, 0, &id_map, NULL, 200, &op_toy_echo, &toy_doc},
	{METHOD_GET, "/card/add/{id}/x", 0, 0, &id_map, NULL, 200, &op_toy_echo, &toy_doc},
	{METHOD_GET, "/card/{id}/{other}/y", 0, 0, &two_map, NULL, 200, &op_toy_echo, &toy_doc},
};

static struct dialect dialect_with(const struct route *routes, size_t n)
{
	struct dialect dialect = toy_dialect;

	dialect.routes = routes;
	dialect.n_routes = n;
	return dialect;
}

static const char *matched(const struct router *router, const struct dialect *dialect,
			   enum method method, const char *text, struct match *match_r)
{
	struct path path;

	assert_int_equal(path_split(&arena, str_of(text), &path), REASON_NONE);
	*match_r = router_match(router, dialect, method, path.segment, path.n);
	return match_r->endpoint ? match_r->endpoint->route->path : NULL;
}

static void paths_find_their_rows(void **state)
{
	static const struct {
		enum method method;
		const char *path, *row;
		unsigned allowed;
		const char *param[2];
	} cases[] = {
		{METHOD_GET, "/card", "/card", 1U << METHOD_GET, {0}},
		{METHOD_GET, "/card/", "/card", 1U << METHOD_GET, {0}},
		{METHOD_POST, "/card", NULL, 1U << METHOD_GET, {0}},
		{METHOD_POST, "/card/add", "/card/add", 1U << METHOD_POST, {0}},
		{METHOD_GET, "/card/add", NULL, 1U << METHOD_POST, {0}},
		{METHOD_GET, "/card/7", "/card/{id}", 1U << METHOD_GET | 1U << METHOD_POST, {"7"}},
		{METHOD_POST, "/card/7/block", "/card/{id}/block", 1U << METHOD_POST, {"7"}},
		{METHOD_POST, "/card/add/block", "/card/{id}/block", 1U << METHOD_POST, {"add"}},
		{METHOD_GET, "/card/add/7/x", "/card/add/{id}/x", 1U << METHOD_GET, {"7"}},
		{METHOD_GET,
		 "/card/add/7/y",
		 "/card/{id}/{other}/y",
		 1U << METHOD_GET,
		 {"add", "7"}},
		{METHOD_GET, "/Card", NULL, 0, {0}},
		{METHOD_GET, "/", NULL, 0, {0}},
		{METHOD_GET, "/card/7/block/more", NULL, 0, {0}},
		{METHOD_GET, "/card//", "/card/{id}", 1U << METHOD_GET | 1U << METHOD_POST, {""}},
		{METHOD_GET, "/1/2/3/4/5/6/7/8/9/10/11/12/13", NULL, 0, {0}},
	};
	struct dialect dialect = dialect_with(match_routes, COUNT(match_routes));
	const struct dialect *list[] = {&dialect};
	struct router *router = router_make(&arena, list, 1);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct match match;
		const char *row = matched(router, &dialect, cases[i].method, cases[i].path, &match);

		assert_int_equal(match.allowed, cases[i].allowed);
		if (!cases[i].row) {
			assert_null(row);
			continue;
		}
		assert_string_equal(row, cases[i].row);
		for (size_t j = 0; j < 2 && cases[i].param[j]; j++)
			assert_string_equal(match.param[j].at, cases[i].param[j]);
	}
}

static void case_folds_where_the_dialect_says_so(void **state)
{
	struct dialect dialect = dialect_with(match_routes, COUNT(match_routes));
	const struct dialect *list[] = {&dialect};
	struct match match;

	(void)state;
	dialect.flags = DIALECT_FOLD_CASE;
	assert_string_equal(
		matched(router_make(&arena, list, 1), &dialect, METHOD_POST, "/CARD/Add", &match),
		"/card/add");
}

static void prefixes_choose_the_dialect(void **state)
{
	static const char *const of_file[] = {"/#", NULL};
	static const char *const of_api[] = {"/api", "/v2", NULL};
	static const char *const of_data[] = {"/core/data", "/api/core/data", NULL};
	static const struct {
		const char *path, *name;
	} cases[] = {
		{"/", "toy"},         {"/api", "api"},        {"/API/x", "api"},
		{"/apix", "toy"},     {"/v2/x", "api"},       {"/api/core/data/C", "data"},
		{"/api/core", "api"}, {"/core/data", "data"}, {"/12/x", "file"},
		{"/12a/x", "toy"},    {"/x/12", "toy"},       {"/Core/data", "toy"},
	};
	struct dialect toy = toy_dialect, file = toy_dialect, api = toy_dialect, data = toy_dialect;
	const struct dialect *list[] = {&toy, &file, &api, &data};

	(void)state;
	file.name = "file", file.prefixes = of_file;
	api.name = "api", api.prefixes = of_api, api.flags = DIALECT_FOLD_CASE;
	data.name = "data", data.prefixes = of_data;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct path path;

		assert_int_equal(path_split(&arena, str_of(cases[i].path), &path), REASON_NONE);
		assert_string_equal(dialect_of_path(list, 4, path.segment, path.n)->name,
				    cases[i].name);
	}
}

static void languages_are_weighed(void **state)
{
	static const struct {
		const char *accept;
		size_t language;
	} cases[] = {
		{NULL, 0},
		{"", 0},
		{"de", 1},
		{"DE-at", 1},
		{"fr, de;q=0.5", 1},
		{"en;q=0.4,de;q=0.5", 1},
		{"de;q=0.4, en;q=0.41", 0},
		{"de;q=0", 0},
		{"den", 0},
		{"*", 0},
		{";;,,q=", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(dialect_language(&toy_dialect, cases[i].accept),
				 cases[i].language);
}

struct small {
	int64_t n;
};
static const struct field beyond_fields[] = {
	FIELD(struct toy_out, sum, "sum"),
};
static const struct map beyond_map = {
	.name = "Beyond", .size = sizeof(struct nothing), .fields = beyond_fields, .n = 1};
static const struct field twice_fields[] = {
	FIELD(struct toy_in, page, "a"),
	FIELD(struct toy_in, sum, "a"),
};
static const struct map twice_map = MAP("Twice", struct toy_in, twice_fields);
static const struct field range_fields[] = {FIELD(struct toy_in, page, "a", .min = 2, .max = 1)};
static const struct map range_map = MAP("Range", struct toy_in, range_fields);
static const struct field query_json_fields[] = {
	FIELD(struct toy_in, extra, "a", .from = FROM_QUERY)};
static const struct map query_json_map = MAP("QueryJson", struct toy_in, query_json_fields);
static const struct field unsent_fields[] = {FIELD(struct small, n, "a")};
static const struct map unsent_map = {.name = "Unsent",
				      .size = sizeof(struct toy_in),
				      .fields = unsent_fields,
				      .n = 1,
				      .has_sent = true};
static const struct field mapless_fields[] = {FIELD(struct toy_in, parts, "a")};
static const struct map mapless_map = MAP("Mapless", struct toy_in, mapless_fields);
static const struct map nameless_map = MAP("", struct toy_in, range_fields);

static const struct field named_fields[] = {FIELD(struct toy_in, page, "a")};
static const struct map named_map = MAP_SENT("Named", struct toy_in, named_fields);
static const struct map named_too_map = MAP_SENT("Named", struct toy_in, named_fields);
static const struct map buried_map = MAP("Buried", struct toy_in, named_fields);

static const struct operation op_raw = {.name = "raw",
					.in_size = sizeof(struct nothing),
					.out_size = sizeof(struct raw),
					.run = toy_peek_thunk};

#define P(path, in, out, op)                                                                       \
	{                                                                                          \
		METHOD_POST, path, 0, 0, in, out, 200, op, &toy_doc                                \
	}

static const struct {
	struct route route[2];
	size_t n;
	const char *fault;
} bad[] = {
	{{ROW(GET, "/a"), ROW(GET, "/a")}, 2, "two rows match this path (/a)"},
	{{P("/a/{id}", &id_map, &toy_out_map, &op_toy_echo),
	  P("/a/{id}", &id_map, &toy_out_map, &op_toy_echo)},
	 2,
	 "two rows match this path"},
	{{ROW(GET, "a")}, 1, "path malformed"},
	{{ROW(GET, "/a/")}, 1, "path malformed"},
	{{ROW(GET, "/a/1/2/3/4/5/6/7/8/9/10/11/12")}, 1, "too deep"},
	{{ROW(GET, "/a/{id}")}, 1, "{param} without a path field ({id})"},
	{{P("/a", &id_map, &toy_out_map, &op_toy_echo)}, 1, "path field without its {param} (id)"},
	{{P("/a", NULL, &beyond_map, &op_toy_peek)}, 1, "field beyond its struct (sum)"},
	{{P("/a", &twice_map, &toy_out_map, &op_toy_echo)}, 1, "name twice in a map (a)"},
	{{P("/a", &range_map, &toy_out_map, &op_toy_echo)}, 1, "least above most (a)"},
	{{P("/a", &nameless_map, &toy_out_map, &op_toy_echo)}, 1, "map without a name"},
	{{P("/a", &query_json_map, &toy_out_map, &op_toy_echo)}, 1, "only a body carries JSON"},
	{{P("/a", &unsent_map, &toy_out_map, &op_toy_echo)}, 1, "outside what `sent` can note"},
	{{P("/a", &mapless_map, &toy_out_map, &op_toy_echo)}, 1, "without a map"},
	{{P("/a", NULL, &toy_out_map, &op_toy_echo)}, 1, "differ in size (in)"},
	{{P("/a", NULL, &toy_out_map, &op_toy_peek)}, 1, "differ in size (out)"},
	{{{METHOD_GET, "/a", 0, 0, &twice_map, NULL, 200, &op_toy_peek, &toy_doc}},
	 1,
	 "GET reads no body (a)"},
	{{{METHOD_GET, "/a", 0, 0, NULL, NULL, 200, &op_toy_guarded, &toy_doc}},
	 1,
	 "GET must not write"},
	{{{METHOD_POST, "/a", 0, ROUTE_PUBLIC, NULL, NULL, 200, &op_toy_guarded, &toy_doc}},
	 1,
	 "writes without a token"},
	{{{METHOD_GET, "/a", 0, ROUTE_RAW, NULL, NULL, 200, &op_toy_peek, &toy_doc}},
	 1,
	 "raw route whose operation answers otherwise"},
	{{{METHOD_GET, "/a", 1U << 31, 0, NULL, NULL, 200, &op_toy_peek, &toy_doc}},
	 1,
	 "unknown scope"},
	{{{METHOD_GET, "/a", SCOPE_ADMIN, ROUTE_PUBLIC, NULL, NULL, 200, &op_toy_peek, &toy_doc}},
	 1,
	 "scope without a token"},
	{{{METHOD_GET, "/a", 0, 0, NULL, NULL, 404, &op_toy_peek, &toy_doc}}, 1, "out of range"},
	{{{METHOD_GET, "/a", 0, 0, NULL, NULL, 200, &op_toy_peek, NULL}}, 1, "summary or tag"},
	{{P("/a", &named_map, &toy_out_map, &op_toy_echo),
	  P("/b", &named_too_map, &toy_out_map, &op_toy_echo)},
	 2,
	 "two maps of one name (Named)"},
	{{P("/a", &buried_map, &toy_out_map, &op_toy_echo)},
	 1,
	 "does not say so (MAP_SENT) (Buried)"},
	{{ROW(GET, "/other/a")}, 1, "belongs to another dialect's prefix"},
};

static void tables_that_cannot_work_are_refused(void **state)
{
	static const char *const other_prefix[] = {"/other", NULL};
	struct dialect other = toy_dialect;

	(void)state;
	other.prefixes = other_prefix;
	other.n_routes = 0;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct dialect dialect = dialect_with(bad[i].route, bad[i].n);
		const struct dialect *list[] = {&dialect, &other};
		struct buf faults;

		buf_init(&faults, &arena, 256);
		assert_false(route_check(list, 2, &faults));
		if (!strstr(buf_done(&faults).at, bad[i].fault))
			fail_msg("want: %s\nhave: %s", bad[i].fault, faults.at);
	}
}

static void a_type_without_a_form_is_refused(void **state)
{
	struct dialect dialect = toy_dialect;
	const struct dialect *list[] = {&dialect};
	struct buf faults;

	(void)state;
	dialect.forms[FT_UUID] = NULL;
	buf_init(&faults, &arena, 256);
	assert_false(route_check(list, 1, &faults));
	assert_non_null(strstr(buf_done(&faults).at, "no form for the type (id)"));
}

static void a_good_table_has_no_fault(void **state)
{
	static const struct route raw_routes[] = {
		{METHOD_GET, "/raw", 0, ROUTE_RAW, NULL, NULL, 200, &op_raw, &toy_doc}};
	struct dialect raw = dialect_with(raw_routes, 1);
	static const char *const prefix[] = {"/raw", NULL};
	const struct dialect *list[] = {&toy_dialect, &raw};
	struct buf faults;

	(void)state;
	raw.prefixes = prefix;
	buf_init(&faults, &arena, 256);
	if (!route_check(list, 2, &faults))
		fail_msg("%s", buf_done(&faults).at);
}

static void methods_have_names(void **state)
{
	enum method method;

	(void)state;
	for (size_t i = 0; i < METHOD__MAX; i++) {
		assert_true(method_parse(str_of(method_name((enum method)i)), &method));
		assert_int_equal(method, i);
	}
	assert_false(method_parse(STR("HEAD"), &method));
	assert_false(method_parse(STR("get"), &method));
	assert_false(method_parse(STR(""), &method));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_find_their_rows),
		cmocka_unit_test(case_folds_where_the_dialect_says_so),
		cmocka_unit_test(prefixes_choose_the_dialect),
		cmocka_unit_test(languages_are_weighed),
		cmocka_unit_test(tables_that_cannot_work_are_refused),
		cmocka_unit_test(a_type_without_a_form_is_refused),
		cmocka_unit_test(a_good_table_has_no_fault),
		cmocka_unit_test(methods_have_names),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
