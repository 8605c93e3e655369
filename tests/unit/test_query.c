/* The query grammar: what it takes, what it refuses and where, limits on both sides. */
#include "unit.h"

#include "arena.h"
#include "codec.h"
#include "json.h"
#include "toy_query.h"

static struct arena arena;
static const struct codec *select_codec, *remove_codec, *out_codec;

static int set_up(void **state)
{
	(void)state;
	if (!arena_init(&arena, 1 << 24))
		return -1;
	select_codec = codec_make(&arena, &thing_select_map, &thing_dialect);
	remove_codec = codec_make(&arena, &thing_remove_map, &thing_dialect);
	out_codec = codec_make(&arena, &thing_out_map, &thing_dialect);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static bool read_body(struct decode *decode, const struct codec *codec, const char *body)
{
	const struct json_value *root;
	const char *where;

	decode_init(decode, &arena, codec);
	assert_int_equal(json_parse(&arena, str_of(body), &root, &where), REASON_NONE);
	return decode_json(decode, root) && decode_done(decode);
}

/* A condition in words: member, comparator, values. */
static void tell_values(struct buf *buf, const struct select_cond *cond)
{
	for (size_t i = 0; i < cond->value_n; i++) {
		if (cond->values[i].text.at)
			buf_printf(buf, " '%.*s'", (int)cond->values[i].text.len,
				   cond->values[i].text.at);
		else
			buf_printf(buf, " %lld", (long long)cond->values[i].number);
	}
}

static void tell(struct buf *buf, const struct select_cond *cond)
{
	static const char *const cmps[SELECT_CMPS] = {"=",       "!=",   "<",      "<=", ">",
						      ">=",      "like", "prefix", "in", "notin",
						      "between", "null", "notnull"};

	if (cond->kind == SELECT_FILTER) {
		buf_printf(buf, "%s %s", cond->name, cmps[cond->cmp]);
		tell_values(buf, cond);
		return;
	}
	buf_text(buf, cond->kind == SELECT_AND ? "and(" : "or(");
	for (size_t i = 0; i < cond->cond_n; i++) {
		buf_text(buf, i ? ", " : "");
		tell(buf, &cond->conds[i]);
	}
	buf_char(buf, ')');
}

#define WHERE(filters) "{\"conditions\":{\"filters\":[" filters "]}}"
#define FILTER(field, comparator, value)                                                           \
	"{\"field\":\"" field "\",\"comparator\":\"" comparator "\",\"value\":" value "}"

static void conditions_become_the_cores(void **state)
{
	static const char *const cases[][2] = {
		{"{}", "and()"},
		{"{\"conditions\":null}", "and()"},
		{"{\"conditions\":{}}", "and()"},
		{"{\"searchValue\":\"x\"}", "and()"},
		{WHERE(FILTER("id", "=", "123")), "and(serial = 123)"},
		{WHERE(FILTER("title", "!=", "\"a\"")), "and(title != 'a')"},
		{WHERE(FILTER("on", "=", "true")), "and(on = 1)"},
		{WHERE(FILTER("price", "<", "1.5")), "and(price < 150)"},
		{WHERE(FILTER("price", "<=", "\"1.5\"")), "and(price <= 150)"},
		{WHERE(FILTER("madeAt", ">", "\"1970-01-02\"")), "and(made_at > 86400000)"},
		{WHERE(FILTER("madeAt", ">=", "\"1970-01-01T01:00:00.5+01:00\"")),
		 "and(made_at >= 500)"},
		{WHERE(FILTER("title", "like", "\"a%\"")), "and(title like 'a%')"},
		{WHERE(FILTER("id", "in", "[1,2]")), "and(serial in 1 2)"},
		{WHERE(FILTER("id", "in", "[]")), "and(serial in)"},
		{WHERE(FILTER("id", "not in", "[1]")), "and(serial notin 1)"},
		{WHERE(FILTER("id", "between", "[2,1]")), "and(serial between 2 1)"},
		{WHERE("{\"field\":\"title\",\"comparator\":\"is null\"}"), "and(title null)"},
		{WHERE(FILTER("title", "is not null", "null")), "and(title notnull)"},
		{WHERE(FILTER("title", "=", "null")), "and(title null)"},
		{WHERE(FILTER("title", "!=", "null")), "and(title notnull)"},
		{WHERE(FILTER("maker", "=", "{\"id\":42}")), "and(maker_serial = 42)"},
		{WHERE(FILTER("maker", "in", "[{\"id\":42},{\"id\":43}]")),
		 "and(maker_serial in 42 43)"},
		{WHERE(FILTER("maker", "=", "null")), "and(maker_serial null)"},
		{WHERE(FILTER("maker.id", "=", "42")), "and(maker_serial = 42)"},
		{WHERE(FILTER("maker.name", "=", "\"x\"")), "and(maker_name = 'x')"},
		{WHERE("{\"id\":\"f1\",\"disabled\":false,\"field\":\"id\",\"comparator\":\"=\","
		       "\"value\":1}"),
		 "and(serial = 1)"},
		{"{\"conditions\":{\"operator\":\"or\",\"filters\":[" FILTER(
			 "id", "=", "1") ",{\"operator\":\"and\",\"filters\":[" FILTER("id", "=",
										       "2") "]}]}}",
		 "or(serial = 1, and(serial = 2))"},
		/* a group without filters is no condition */
		{"{\"conditions\":{\"operator\":\"or\",\"filters\":[{\"filters\":[{\"operator\":"
		 "\"and\"}]}," FILTER("id", "=", "1") "]}}",
		 "or(serial = 1)"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct decode decode;
		struct buf told;

		if (!read_body(&decode, select_codec, cases[i][0]))
			fail_msg("%s: %.*s", cases[i][0], (int)decode.where.len, decode.where.at);
		buf_init(&told, &arena, 64);
		tell(&told, &((const struct entity_select_in *)decode.in)->query.where);
		assert_string_equal(buf_done(&told).at, cases[i][1]);
	}
}

static const struct {
	const char *body, *where;
	enum reason reason;
} wrong[] = {
	{"{\"conditions\":[]}", "conditions", REASON_NOT_OBJECT},
	{"{\"Conditions\":{}}", "Conditions", REASON_UNKNOWN_VALUE},
	{"{\"conditions\":{\"filter\":[]}}", "conditions.filter", REASON_UNKNOWN_VALUE},
	{"{\"conditions\":{\"filters\":{}}}", "conditions.filters", REASON_WRONG_TYPE},
	{"{\"conditions\":{\"operator\":\"xor\"}}", "conditions.operator", REASON_UNKNOWN_VALUE},
	{WHERE("1"), "conditions.filters[0]", REASON_NOT_OBJECT},
	{WHERE("{}"), "conditions.filters[0].field", REASON_REQUIRED},
	{WHERE(FILTER("id", "=", "1") "," FILTER("nope", "=", "1")), "conditions.filters[1].field",
	 REASON_UNKNOWN_VALUE},
	{WHERE("{\"field\":5,\"comparator\":\"=\",\"value\":1}"), "conditions.filters[0].field",
	 REASON_UNKNOWN_VALUE},
	{WHERE(FILTER("maker.nope", "=", "1")), "conditions.filters[0].field",
	 REASON_UNKNOWN_VALUE},
	{WHERE(FILTER("id.id", "=", "1")), "conditions.filters[0].field", REASON_UNKNOWN_VALUE},
	{WHERE(FILTER(".", "=", "1")), "conditions.filters[0].field", REASON_UNKNOWN_VALUE},
	{WHERE(FILTER("", "=", "1")), "conditions.filters[0].field", REASON_UNKNOWN_VALUE},
	{WHERE("{\"field\":\"id\",\"value\":1}"), "conditions.filters[0].comparator",
	 REASON_REQUIRED},
	{WHERE(FILTER("id", "~", "1")), "conditions.filters[0].comparator", REASON_UNKNOWN_VALUE},
	{WHERE(FILTER("id", "like", "\"1\"")), "conditions.filters[0].comparator",
	 REASON_WRONG_TYPE},
	{WHERE(FILTER("maker", "<", "{\"id\":1}")), "conditions.filters[0].comparator",
	 REASON_WRONG_TYPE},
	{WHERE("{\"field\":\"id\",\"comparator\":\"=\"}"), "conditions.filters[0].value",
	 REASON_REQUIRED},
	{WHERE(FILTER("id", "=", "\"1\"")), "conditions.filters[0].value", REASON_WRONG_TYPE},
	{WHERE(FILTER("id", "=", "1.5")), "conditions.filters[0].value", REASON_WRONG_TYPE},
	{WHERE(FILTER("title", "=", "1")), "conditions.filters[0].value", REASON_WRONG_TYPE},
	{WHERE(FILTER("on", "=", "1")), "conditions.filters[0].value", REASON_WRONG_TYPE},
	{WHERE(FILTER("id", "<", "null")), "conditions.filters[0].value", REASON_WRONG_TYPE},
	{WHERE(FILTER("more", "=", "{}")), "conditions.filters[0].value", REASON_WRONG_TYPE},
	{WHERE(FILTER("madeAt", "=", "\"2025-02-30\"")), "conditions.filters[0].value",
	 REASON_WRONG_TYPE},
	{WHERE(FILTER("maker", "=", "42")), "conditions.filters[0].value", REASON_WRONG_TYPE},
	{WHERE(FILTER("maker", "=", "{\"id\":1,\"name\":\"x\"}")), "conditions.filters[0].value",
	 REASON_WRONG_TYPE},
	{WHERE(FILTER("id", "in", "1")), "conditions.filters[0].value", REASON_WRONG_TYPE},
	{WHERE(FILTER("id", "in", "[1,null]")), "conditions.filters[0].value", REASON_WRONG_TYPE},
	{WHERE(FILTER("id", "between", "[1]")), "conditions.filters[0].value", REASON_WRONG_TYPE},
	{WHERE("{\"field\":\"id\",\"comparator\":\"=\",\"value\":1,\"or\":1}"),
	 "conditions.filters[0].or", REASON_UNKNOWN_VALUE},
	{WHERE("{\"filters\":[" FILTER("x", "=", "1") "]}"),
	 "conditions.filters[0].filters[0].field", REASON_UNKNOWN_VALUE},
	{"{\"orderBy\":{}}", "orderBy", REASON_WRONG_TYPE},
	{"{\"orderBy\":[1]}", "orderBy[0]", REASON_NOT_OBJECT},
	{"{\"orderBy\":[{\"field\":\"x\"}]}", "orderBy[0].field", REASON_UNKNOWN_VALUE},
	{"{\"orderBy\":[{\"field\":\"id\"},{\"field\":\"id\",\"order\":\"up\"}]}",
	 "orderBy[1].order", REASON_UNKNOWN_VALUE},
	{"{\"fields\":[]}", "fields", REASON_NOT_OBJECT},
	{"{\"fields\":{\"x\":true}}", "fields.x", REASON_UNKNOWN_VALUE},
	{"{\"fields\":{\"title\":1}}", "fields.title", REASON_WRONG_TYPE},
	{"{\"fields\":{\"title\":{}}}", "fields.title", REASON_WRONG_TYPE},
	{"{\"fields\":{\"maker\":{\"x\":true}}}", "fields.maker.x", REASON_UNKNOWN_VALUE},
	{"{\"fields\":{\"id\":\"#count\",\"on\":true}}", "fields.id", REASON_WRONG_TYPE},
	{"{\"limit\":0}", "limit", REASON_OUT_OF_RANGE},
	{"{\"limit\":1001}", "limit", REASON_OUT_OF_RANGE},
	{"{\"limit\":\"1\"}", "limit", REASON_WRONG_TYPE},
};

static void what_is_wrong_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct decode decode;

		if (read_body(&decode, select_codec, wrong[i].body))
			fail_msg("taken: %s", wrong[i].body);
		assert_string_equal(str_dup(&arena, decode.where).at, wrong[i].where);
		assert_int_equal(decode.reason, wrong[i].reason);
	}
}

static void removing_needs_a_filter(void **state)
{
	static const char *const refused[] = {
		"{}",
		"{\"conditions\":null}",
		"{\"conditions\":{}}",
		"{\"conditions\":{\"filters\":[]}}",
		"{\"conditions\":{\"operator\":\"or\",\"filters\":[{\"filters\":[]}]}}",
	};
	struct decode decode;

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		if (read_body(&decode, remove_codec, refused[i]))
			fail_msg("taken: %s", refused[i]);
		assert_string_equal(str_dup(&arena, decode.where).at, "conditions");
		assert_int_equal(decode.reason, REASON_REQUIRED);
	}
	assert_true(read_body(&decode, remove_codec, WHERE(FILTER("id", "=", "1"))));
}

/* `n` groups within each other around one filter. */
static const char *nested(size_t n)
{
	struct buf body;

	buf_init(&body, &arena, 1024);
	buf_text(&body, "{\"conditions\":");
	for (size_t i = 0; i < n; i++)
		buf_text(&body, "{\"filters\":[");
	buf_text(&body, FILTER("id", "=", "1"));
	for (size_t i = 0; i < n; i++)
		buf_text(&body, "]}");
	buf_char(&body, '}');
	return buf_done(&body).at;
}

/* lead, then `part` n times with commas, then tail. */
static const char *repeated(const char *lead, const char *part, size_t n, const char *tail)
{
	struct buf body;

	buf_init(&body, &arena, 65536);
	buf_text(&body, lead);
	for (size_t i = 0; i < n; i++)
		buf_printf(&body, "%s%s", i ? "," : "", part);
	buf_text(&body, tail);
	return buf_done(&body).at;
}

static void limits_hold_on_both_sides(void **state)
{
	static const char filters[] = "{\"conditions\":{\"filters\":[";
	static const char values[] =
		"{\"conditions\":{\"filters\":[{\"field\":\"id\",\"comparator\":"
		"\"in\",\"value\":[";
	const struct {
		const char *good, *bad, *where;
		enum reason reason;
	} cases[] = {
		{nested(SELECT_DEPTH_MAX), nested(SELECT_DEPTH_MAX + 1),
		 "conditions.filters[0].filters[0].filters[0].filters[0].filters[0].filters[0]."
		 "filters[0].filters[0]",
		 REASON_TOO_DEEP},
		{repeated(filters, FILTER("id", "=", "1"), SELECT_FILTERS_MAX, "]}}"),
		 repeated(filters, FILTER("id", "=", "1"), SELECT_FILTERS_MAX + 1, "]}}"),
		 "conditions.filters[100]", REASON_TOO_MANY},
		{repeated(values, "7", SELECT_VALUES_MAX, "]}]}}"),
		 repeated(values, "7", SELECT_VALUES_MAX + 1, "]}]}}"),
		 "conditions.filters[0].value", REASON_TOO_MANY},
		{repeated("{\"orderBy\":[", "{\"field\":\"id\"}", SELECT_ORDERS_MAX, "]}"),
		 repeated("{\"orderBy\":[", "{\"field\":\"id\"}", SELECT_ORDERS_MAX + 1, "]}"),
		 "orderBy", REASON_TOO_MANY},
		{"{\"limit\":1}", "{\"limit\":0}", "limit", REASON_OUT_OF_RANGE},
		{"{\"limit\":1000}", "{\"limit\":1001}", "limit", REASON_OUT_OF_RANGE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct decode decode;

		if (!read_body(&decode, select_codec, cases[i].good))
			fail_msg("refused: %s", cases[i].good);
		if (read_body(&decode, select_codec, cases[i].bad))
			fail_msg("taken: %s", cases[i].bad);
		assert_string_equal(str_dup(&arena, decode.where).at, cases[i].where);
		assert_int_equal(decode.reason, cases[i].reason);
	}
}

static void order_and_page(void **state)
{
	struct decode decode;
	const struct entity_query *query;

	(void)state;
	assert_true(read_body(&decode, select_codec, "{}"));
	query = &((const struct entity_select_in *)decode.in)->query;
	assert_int_equal(query->limit, QUERY_LIMIT_DEFAULT);
	assert_int_equal(query->order_n, 0);
	assert_false(query->count);
	assert_true(read_body(&decode, select_codec,
			      "{\"limit\":5,\"orderBy\":[{\"field\":\"maker\",\"order\":\"desc\"},"
			      "{\"field\":\"title\",\"order\":\"asc\"}]}"));
	query = &((const struct entity_select_in *)decode.in)->query;
	assert_int_equal(query->limit, 5);
	assert_int_equal(query->order_n, 2);
	assert_string_equal(query->order[0].name, "maker_serial");
	assert_true(query->order[0].desc);
	assert_string_equal(query->order[1].name, "title");
	assert_false(query->order[1].desc);
	assert_string_equal(query->order[1].path, "orderBy[1]");
}

static const char *written(const char *body, struct entity_out *out)
{
	struct decode decode;
	struct buf buf;

	assert_true(read_body(&decode, select_codec, body));
	buf_init(&buf, &arena, 64);
	codec_write_bare(&buf, out_codec, out, decode.chosen);
	return buf_done(&buf).at;
}

static void only_what_is_chosen_is_written(void **state)
{
	static const char *const cases[][2] = {
		{"{\"fields\":{\"id\":true}}", "[{\"id\":1},{\"id\":2}]"},
		{"{\"fields\":{\"id\":false,\"title\":true}}",
		 "[{\"title\":\"a\"},{\"title\":null}]"},
		{"{\"fields\":{\"maker\":{\"id\":true}}}",
		 "[{\"maker\":{\"id\":7}},{\"maker\":null}]"},
		{"{\"fields\":{\"maker\":true}}",
		 "[{\"maker\":{\"id\":7,\"name\":\"m\"}},{\"maker\":null}]"},
		{"{\"fields\":{\"maker\":{}}}",
		 "[{\"maker\":{\"id\":7,\"name\":\"m\"}},{\"maker\":null}]"},
		{"{\"fields\":{\"secret\":true}}", "[{\"secret\":\"s\"},{\"secret\":null}]"},
	};
	struct thing things[2] = {{.serial = 1,
				   .title = STR("a"),
				   .maker_serial = 7,
				   .maker_name = STR("m"),
				   .secret = STR("s")},
				  {.serial = 2}};
	struct entity_out out = {.rows = {things, 2}};
	const char *all;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(written(cases[i][0], &out), cases[i][1]);
	all = written("{}", &out);
	assert_non_null(strstr(all, "\"price\":0"));
	assert_null(strstr(all, "maker"));
	assert_null(strstr(all, "secret"));
	assert_string_equal(written("{\"fields\":{}}", &out), all);
	assert_string_equal(written("{\"fields\":null}", &out), all);
	out.rows.n = 0;
	assert_string_equal(written("{}", &out), "[]");
}

static void a_count_is_a_row_of_its_own(void **state)
{
	static const char *const bodies[] = {
		"{\"fields\":{\"id\":\"#count\"}}",
		"{\"limit\":5,\"fields\":{\"id\":\"#count\"}}",
		"{\"fields\":{\"id\":\"#count\"},\"limit\":5}",
	};
	struct entity_out out = {.total = 12, .counted = true, .only_count = true};
	struct buf headers;

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct decode decode;
		const struct entity_query *query;

		assert_true(read_body(&decode, select_codec, bodies[i]));
		query = &((const struct entity_select_in *)decode.in)->query;
		assert_false(query->count);
		assert_int_equal(query->limit, 0);
		assert_string_equal(written(bodies[i], &out), "[{\"count\":12}]");
	}
	buf_init(&headers, &arena, 64);
	codec_write_headers(&headers, out_codec, &out);
	assert_string_equal(buf_done(&headers).at, "X-Total-Count: 12\r\n");
	out.counted = false;
	buf_init(&headers, &arena, 64);
	codec_write_headers(&headers, out_codec, &out);
	assert_int_equal(headers.len, 0);
}

static void a_list_of_one_row_is_sent_as_an_object(void **state)
{
	static const struct field fields[] = {
		FIELD(struct entity_write_in, rows, "row", .flags = F_ROW | F_REQUIRED,
		      .map = &thing_map),
	};
	static const struct map map = MAP("ThingUpdate", struct entity_write_in, fields);
	const struct codec *codec = codec_make(&arena, &map, &thing_dialect);
	struct decode decode;
	const struct entity_write_in *in;

	(void)state;
	assert_true(read_body(&decode, codec, "{\"row\":{\"title\":\"a\"}}"));
	in = decode.in;
	assert_int_equal(in->rows.n, 1);
	assert_string_equal(((const struct thing *)in->rows.rows)->title.at, "a");
	assert_false(read_body(&decode, codec, "{\"row\":{\"title\":5}}"));
	assert_string_equal(str_dup(&arena, decode.where).at, "row.title");
	assert_false(read_body(&decode, codec, "{\"row\":[{\"title\":\"a\"}]}"));
	assert_string_equal(str_dup(&arena, decode.where).at, "row");
	assert_false(read_body(&decode, codec, "{}"));
}

static void an_alias_leads_a_path(void **state)
{
	const struct dialect aliased = {.name = "aliased", .alias = "/api"},
			     plain = {.name = "plain"};
	const struct str below[] = {STR("api"), STR("core")}, other[] = {STR("core"), STR("api")};

	(void)state;
	assert_int_equal(dialect_alias(&aliased, below, 2), 1);
	assert_int_equal(dialect_alias(&aliased, other, 2), 0);
	assert_int_equal(dialect_alias(&aliased, below, 0), 0);
	assert_int_equal(dialect_alias(&plain, below, 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_become_the_cores),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(removing_needs_a_filter),
		cmocka_unit_test(limits_hold_on_both_sides),
		cmocka_unit_test(order_and_page),
		cmocka_unit_test(only_what_is_chosen_is_written),
		cmocka_unit_test(a_count_is_a_row_of_its_own),
		cmocka_unit_test(a_list_of_one_row_is_sent_as_an_object),
		cmocka_unit_test(an_alias_leads_a_path),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
