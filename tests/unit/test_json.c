#include "unit.h"

#include "json.h"

#define BODY_MAX ((size_t)1 << 20)

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	return arena_init(&arena, (size_t)16 << 20) ? 0 : -1;
}

static int close_arena(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

/* The body in a block of its own size, so that a read beyond it is seen. */
static enum reason parse(struct str body, const struct json_value **root_r, const char **where_r)
{
	static char *copy;

	free(copy);
	copy = malloc(body.len + !body.len);
	assert_non_null(copy);
	memcpy(copy, body.at, body.len);
	arena_reset(&arena, 0);
	return json_parse(&arena, (struct str){copy, body.len}, root_r, where_r);
}

#define BODY(literal)                                                                              \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}

static void test_every_form_of_the_grammar_is_read(void **state)
{
	static const struct {
		struct str body;
		enum json_kind kind;
		const char *text;
	} rows[] = {
		{BODY("null"), JSON_NULL, ""},
		{BODY("true"), JSON_BOOL, "true"},
		{BODY("false"), JSON_BOOL, "false"},
		{BODY(" \t\r\n0 \t\r\n"), JSON_NUMBER, "0"},
		{BODY("\xEF\xBB\xBF[]"), JSON_ARRAY, ""},
		{BODY("{}"), JSON_OBJECT, ""},
		{BODY("[ ]"), JSON_ARRAY, ""},
		{BODY("-0"), JSON_NUMBER, "-0"},
		{BODY("42"), JSON_NUMBER, "42"},
		{BODY("9223372036854775807"), JSON_NUMBER, "9223372036854775807"},
		{BODY("-9223372036854775808"), JSON_NUMBER, "-9223372036854775808"},
		{BODY("9223372036854775808"), JSON_NUMBER, "9223372036854775808"},
		{BODY("18446744073709551615"), JSON_NUMBER, "18446744073709551615"},
		{BODY("12.10"), JSON_NUMBER, "12.10"},
		{BODY("-0.00"), JSON_NUMBER, "-0.00"},
		{BODY("99999999999999999999.5"), JSON_NUMBER, "99999999999999999999.5"},
		{BODY("1e2"), JSON_NUMBER, "1e2"},
		{BODY("1E+02"), JSON_NUMBER, "1E+02"},
		{BODY("1.5e-99"), JSON_NUMBER, "1.5e-99"},
		{BODY("1e99"), JSON_NUMBER, "1e99"},
		{BODY("\"\""), JSON_STRING, ""},
		{BODY("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), JSON_STRING, "\"\\/\b\f\n\r\t"},
		{BODY("\"\\u0041\\u00e9\\u0416\\u20AC\""), JSON_STRING, "A\xC3\xA9Ж€"},
		{BODY("\"\\ud83d\\ude00\\uDBFF\\uDFFF\""), JSON_STRING,
		 "\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF"},
		{BODY("\"Жук \xF0\x9F\x98\x80 \x7f\""), JSON_STRING, "Жук \xF0\x9F\x98\x80 \x7f"},
		{BODY("\"\\u0001\""), JSON_STRING, "\x01"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct json_value *root = NULL;
		const char *where;

		assert_int_equal(parse(rows[i].body, &root, &where), REASON_NONE);
		assert_int_equal(json_kind(root), rows[i].kind);
		assert_string_equal(json_text_of(root).at, rows[i].text);
		assert_int_equal(json_text_of(root).len, strlen(rows[i].text));
	}
}

struct refusal {
	struct str body;
	enum reason reason;
	const char *where;
};

static void assert_refused(const struct refusal *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct json_value *root = NULL;
		const char *where = NULL;
		enum reason reason = parse(rows[i].body, &root, &where);

		if (reason != rows[i].reason || strcmp(where, rows[i].where) != 0)
			fail_msg("%.*s: %d at %s", (int)rows[i].body.len, rows[i].body.at, reason,
				 where);
		assert_null(root);
	}
}

/* The kinds of input that json-c 0.16 takes even when told to be strict and to check UTF-8. */
static void test_what_json_c_lets_pass_is_refused(void **state)
{
	static const struct refusal rows[] = {
		{BODY("NaN"), REASON_MALFORMED, "body"},
		{BODY("{\"a\":NaN}"), REASON_MALFORMED, "a"},
		{BODY("{\"a\":nan}"), REASON_MALFORMED, "a"},
		{BODY("{\"a\":Infinity}"), REASON_MALFORMED, "a"},
		{BODY("{\"a\":-Infinity}"), REASON_MALFORMED, "a"},
		{BODY("{\"a\":1e999}"), REASON_OUT_OF_RANGE, "a"},
		{BODY("{\"a\":-1e999}"), REASON_OUT_OF_RANGE, "a"},
		{BODY("{'a':1}"), REASON_MALFORMED, "body"},
		{BODY("{\"a\":'b'}"), REASON_MALFORMED, "a"},
		{BODY("{\"a\":\"x\x01y\"}"), REASON_MALFORMED, "a"},
		{BODY("{\"a\":\"x\ny\"}"), REASON_MALFORMED, "a"},
		{BODY("{\"a\":\"x\ty\"}"), REASON_MALFORMED, "a"},
		{BODY("{\"a\x1f\":1}"), REASON_MALFORMED, "body"},
		{BODY("{\"a\":\"\xC0\xAF\"}"), REASON_NOT_UTF8, "a"},
		{BODY("{\"a\":\"\xE0\x80\xAF\"}"), REASON_NOT_UTF8, "a"},
		{BODY("{\"a\":\"\xF0\x80\x80\xAF\"}"), REASON_NOT_UTF8, "a"},
		{BODY("{\"a\":\"\xED\xA0\x80\"}"), REASON_NOT_UTF8, "a"},
		{BODY("{\"a\":\"\xED\xA0\xBD\xED\xB8\x80\"}"), REASON_NOT_UTF8, "a"},
		{BODY("{\"a\":\"\xFF\"}"), REASON_NOT_UTF8, "a"},
		{BODY("{\"a\":\"\xF4\x90\x80\x80\"}"), REASON_NOT_UTF8, "a"},
		{BODY("{\"\xFF\":1}"), REASON_NOT_UTF8, "body"},
		{BODY("{\"a\":1,\"a\":2}"), REASON_DUPLICATE, "a"},
		{BODY("{\"a\":1,\"\\u0061\":2}"), REASON_DUPLICATE, "a"},
		{BODY("{\"x\":[0,{\"\":1,\"b\":2,\"\":3}]}"), REASON_DUPLICATE, "x[1]."},
		{BODY("{\"a\":\"x\\u0000y\"}"), REASON_HAS_NUL, "a"},
		{BODY("{\"a\\u0000b\":1}"), REASON_HAS_NUL, "body"},
		{BODY("{\"a\":\"x\0y\"}"), REASON_HAS_NUL, "a"},
		{BODY("{\"a\":18446744073709551616}"), REASON_OUT_OF_RANGE, "a"},
		{BODY("{\"a\":99999999999999999999}"), REASON_OUT_OF_RANGE, "a"},
		{BODY("{\"a\":100000000000000000000}"), REASON_OUT_OF_RANGE, "a"},
		{BODY("{\"a\":-9223372036854775809}"), REASON_OUT_OF_RANGE, "a"},
		{BODY("{\"a\":12abc}"), REASON_MALFORMED, "body"},
		{BODY("12abc"), REASON_TRAILING, "body"},
		{BODY("{\"a\":1} x"), REASON_TRAILING, "body"},
		{BODY("{\"a\":1}{\"a\":1}"), REASON_TRAILING, "body"},
		{BODY("{\"a\":1}\0"), REASON_TRAILING, "body"},
		{BODY("{\"a\":\"\\ud800\"}"), REASON_NOT_UTF8, "a"},
		{BODY("{\"a\":\"\\udc00\"}"), REASON_NOT_UTF8, "a"},
		{BODY("{\"a\":\"\\ud800\\ud800\"}"), REASON_NOT_UTF8, "a"},
		{BODY("{\"a\":\"\\ud800x\"}"), REASON_NOT_UTF8, "a"},
		{BODY("{\"a\":\"\\ud800\\u0041\"}"), REASON_NOT_UTF8, "a"},
		{BODY("{\"a\":\"\\ud800\\n0dc00\"}"), REASON_NOT_UTF8, "a"},
	};

	(void)state;
	assert_refused(rows, COUNT(rows));
}

static void test_what_is_no_json_is_refused(void **state)
{
	static const struct refusal rows[] = {
		{BODY(""), REASON_MALFORMED, "body"},
		{BODY("  "), REASON_MALFORMED, "body"},
		{BODY("\xEF\xBB\xBF"), REASON_MALFORMED, "body"},
		{BODY("\xEF\xBB\xBF\xEF\xBB\xBF{}"), REASON_MALFORMED, "body"},
		{BODY("{"), REASON_MALFORMED, "body"},
		{BODY("["), REASON_MALFORMED, "[0]"},
		{BODY("}"), REASON_MALFORMED, "body"},
		{BODY("[1"), REASON_MALFORMED, "body"},
		{BODY("[1,"), REASON_MALFORMED, "[1]"},
		{BODY("[1,]"), REASON_MALFORMED, "[1]"},
		{BODY("[,1]"), REASON_MALFORMED, "[0]"},
		{BODY("[1 2]"), REASON_MALFORMED, "body"},
		{BODY("[1}"), REASON_MALFORMED, "body"},
		{BODY("{\"a\":1,}"), REASON_MALFORMED, "body"},
		{BODY("{,}"), REASON_MALFORMED, "body"},
		{BODY("{\"a\"}"), REASON_MALFORMED, "a"},
		{BODY("{\"a\" 1}"), REASON_MALFORMED, "a"},
		{BODY("{\"a\":}"), REASON_MALFORMED, "a"},
		{BODY("{\"a\":"), REASON_MALFORMED, "a"},
		{BODY("{\"a\":1"), REASON_MALFORMED, "body"},
		{BODY("{\"a\":1]"), REASON_MALFORMED, "body"},
		{BODY("{\"a\":1 \"b\":2}"), REASON_MALFORMED, "body"},
		{BODY("{a:1}"), REASON_MALFORMED, "body"},
		{BODY("{1:1}"), REASON_MALFORMED, "body"},
		{BODY("{null:1}"), REASON_MALFORMED, "body"},
		{BODY("\"abc"), REASON_MALFORMED, "body"},
		{BODY("\"abc\\"), REASON_MALFORMED, "body"},
		{BODY("\"abc\\\""), REASON_MALFORMED, "body"},
		{BODY("\"\\x\""), REASON_MALFORMED, "body"},
		{BODY("\"\\u12\""), REASON_MALFORMED, "body"},
		{BODY("\"\\u12g4\""), REASON_MALFORMED, "body"},
		{BODY("\"\\u123"), REASON_MALFORMED, "body"},
		{BODY("\"\\u+123\""), REASON_MALFORMED, "body"},
		{BODY("\"\\U0041\""), REASON_MALFORMED, "body"},
		{BODY("\"\xD0"), REASON_NOT_UTF8, "body"},
		{BODY("nul"), REASON_MALFORMED, "body"},
		{BODY("nulL"), REASON_MALFORMED, "body"},
		{BODY("True"), REASON_MALFORMED, "body"},
		{BODY("-"), REASON_MALFORMED, "body"},
		{BODY("+1"), REASON_MALFORMED, "body"},
		{BODY("01"), REASON_MALFORMED, "body"},
		{BODY("-01"), REASON_MALFORMED, "body"},
		{BODY("1."), REASON_MALFORMED, "body"},
		{BODY(".5"), REASON_MALFORMED, "body"},
		{BODY("1.e1"), REASON_MALFORMED, "body"},
		{BODY("1e"), REASON_MALFORMED, "body"},
		{BODY("1e+"), REASON_MALFORMED, "body"},
		{BODY("1e1.5"), REASON_TRAILING, "body"},
		{BODY("0x10"), REASON_TRAILING, "body"},
		{BODY("1e100"), REASON_OUT_OF_RANGE, "body"},
		{BODY("1e-100"), REASON_OUT_OF_RANGE, "body"},
		{BODY("1e99999999999999999999"), REASON_OUT_OF_RANGE, "body"},
		{BODY("// c\n1"), REASON_MALFORMED, "body"},
		{BODY("1 /* c */"), REASON_TRAILING, "body"},
		{BODY("[1]\v"), REASON_TRAILING, "body"},
		{BODY("\xC2\xA0[]"), REASON_MALFORMED, "body"},
	};

	(void)state;
	assert_refused(rows, COUNT(rows));
}

static void test_the_place_is_named_by_member_path(void **state)
{
	static const struct refusal rows[] = {
		{BODY("{\"fields\":[1,2,{\"x\":3,\"name\":nope}]}"), REASON_MALFORMED,
		 "fields[2].name"},
		{BODY("{\"a\":{\"b\":{\"c\":1,\"c\":2}},\"d\":0}"), REASON_DUPLICATE, "a.b.c"},
		{BODY("[[],[0,[1e999]]]"), REASON_OUT_OF_RANGE, "[1][1][0]"},
		{BODY("{\"a\":{\"b\":1},\"c\":{\"d\" 1}}"), REASON_MALFORMED, "c.d"},
		{BODY("{\"a\":{\"b\":[1]x}}"), REASON_MALFORMED, "a"},
		{BODY("{\"Ж\\n\":x}"), REASON_MALFORMED, "Ж\n"},
		{BODY("{\"0123456789012345678901234567890123456789012345678901234567890123456789\""
		      ":x}"),
		 REASON_MALFORMED,
		 "0123456789012345678901234567890123456789012345678901234567890123"},
	};

	(void)state;
	assert_refused(rows, COUNT(rows));
}

/* Objects of more members are compared another way. */
static void test_duplicate_names_are_found_in_small_and_big_objects(void **state)
{
	static const int sizes[] = {2, 8, 9, 100, 19998};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		const struct json_value *root = NULL;
		const char *where = NULL;
		struct arena own;
		struct buf buf;

		assert_true(arena_init(&own, (size_t)4 << 20));
		buf_init(&buf, &own, 1000);
		buf_char(&buf, '{');
		for (int n = 0; n < sizes[i]; n++)
			buf_printf(&buf, "\"name%d\":%d,", n, n);
		buf_text(&buf, "\"other\":0}");
		assert_int_equal(parse(buf_done(&buf), &root, &where), REASON_NONE);
		assert_int_equal(json_count(root), sizes[i] + 1);
		buf.len -= strlen("\"other\":0}");
		buf_text(&buf, "\"nam\\u00651\":0}");
		assert_int_equal(parse(buf_done(&buf), &root, &where), REASON_DUPLICATE);
		assert_string_equal(where, "name1");
		arena_fini(&own);
	}
}

static struct str repeated(struct buf *buf, const char *open, const char *part, size_t n,
			   const char *close)
{
	buf_text(buf, open);
	for (size_t i = 0; i < n; i++)
		buf_text(buf, part);
	buf_text(buf, close);
	return buf_done(buf);
}

static void test_depth_and_count_have_both_sides(void **state)
{
	static const struct {
		const char *open, *part;
		size_t n;
		const char *close;
		enum reason reason;
	} rows[] = {
		{"", "[", JSON_DEPTH_MAX, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", REASON_NONE},
		{"", "[", JSON_DEPTH_MAX + 1, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", REASON_TOO_DEEP},
		{"", "[", 100000, "", REASON_TOO_DEEP},
		{"", "{\"a\":", JSON_DEPTH_MAX, "0}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}", REASON_NONE},
		{"", "{\"a\":", JSON_DEPTH_MAX + 1, "", REASON_TOO_DEEP},
		{"[", "0,", JSON_VALUES_MAX - 2, "0]", REASON_NONE},
		{"[", "0,", JSON_VALUES_MAX - 1, "0]", REASON_TOO_MANY},
		{"[", "[],", JSON_VALUES_MAX - 2, "{}]", REASON_NONE},
		{"[", "[],", JSON_VALUES_MAX - 1, "{}]", REASON_TOO_MANY},
		{"\"", ",[{", 100000, "\"", REASON_NONE},
		{"1.", "0", 62, "", REASON_NONE},
		{"1.", "0", 63, "", REASON_OUT_OF_RANGE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct json_value *root = NULL;
		const char *where = NULL;
		struct arena own;
		struct buf buf;

		assert_true(arena_init(&own, (size_t)4 << 20));
		buf_init(&buf, &own, 1000);
		assert_int_equal(
			parse(repeated(&buf, rows[i].open, rows[i].part, rows[i].n, rows[i].close),
			      &root, &where),
			rows[i].reason);
		arena_fini(&own);
	}
}

static void test_the_worst_bodies_stay_within_the_promised_memory(void **state)
{
	static const char *const parts[] = {"0,", "\"\",", "[[],{}],",
					    "{\"nnnnnnnnnnnnnnnnnnnnn\":\"x\"},"};

	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++) {
		const struct json_value *root = NULL;
		const char *where = NULL;
		struct arena own;
		struct str body;
		struct buf buf;

		assert_true(arena_init(&own, 4 * BODY_MAX));
		buf_init(&buf, &own, BODY_MAX);
		body = repeated(&buf, "[", parts[i], (BODY_MAX - 3) / strlen(parts[i]), "0]");
		assert_true(body.len <= BODY_MAX);
		arena.high = 0;
		parse(body, &root, &where);
		assert_in_range(arena.high, 1, JSON_ARENA_MAX(body.len));
		arena_fini(&own);
	}
}

static void test_the_tree_is_walked_in_order(void **state)
{
	static const struct str body =
		BODY("{\"id\": 7, \"\\u0061\": [ 1.50 ,\"x\"], \"o\":{ \"n\" : null } }");
	const struct json_value *root = NULL, *list, *object;
	const char *where;

	(void)state;
	assert_int_equal(parse(body, &root, &where), REASON_NONE);
	assert_int_equal(json_count(root), 3);
	assert_true(str_eq(json_name(json_first(root)), STR("id")));
	list = json_next(json_first(root));
	assert_string_equal(json_name(list).at, "a");
	assert_ptr_equal(json_member(root, "a"), list);
	assert_true(str_eq(json_source(list), STR("[ 1.50 ,\"x\"]")));
	assert_int_equal(json_count(list), 2);
	assert_true(str_eq(json_text_of(json_first(list)), STR("1.50")));
	assert_true(str_eq(json_source(json_next(json_first(list))), STR("\"x\"")));
	assert_null(json_next(json_next(json_first(list))));
	object = json_next(list);
	assert_int_equal(json_kind(json_member(object, "n")), JSON_NULL);
	assert_null(json_next(object));
	assert_null(json_member(root, "missing"));
	assert_null(json_member(list, "a"));
	assert_null(json_first(json_member(root, "id")));
}

static void test_writers_escape_and_place_commas(void **state)
{
	struct buf buf;

	(void)state;
	arena_reset(&arena, 0);
	buf_init(&buf, &arena, 0);
	buf_char(&buf, '{');
	json_put_name(&buf, "a");
	json_put_string(&buf, STR("q\" b\\ /\x01\x1f\b\f\n\r\t\x7f Жук"));
	json_put_name(&buf, "b");
	buf_char(&buf, '[');
	json_put_comma(&buf);
	buf_i64(&buf, 1);
	json_put_comma(&buf);
	json_put_string(&buf, STR(""));
	json_put_comma(&buf);
	json_put_string(&buf, str_of(NULL));
	buf_text(&buf, "]}");
	assert_string_equal(buf_done(&buf).at,
			    "{\"a\":\"q\\\" b\\\\ /\\u0001\\u001f\\b\\f\\n\\r\\t\x7f Жук\","
			    "\"b\":[1,\"\",\"\"]}");
}

static void test_every_byte_that_is_written_reads_back(void **state)
{
	const struct json_value *root = NULL;
	const char *where;
	char text[127];
	struct arena own;
	struct buf buf;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i + 1);
	assert_true(arena_init(&own, 65536));
	buf_init(&buf, &own, 0);
	json_put_string(&buf, (struct str){text, sizeof(text)});
	assert_int_equal(parse(buf_done(&buf), &root, &where), REASON_NONE);
	assert_true(str_eq(json_text_of(root), (struct str){text, sizeof(text)}));
	arena_fini(&own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_form_of_the_grammar_is_read),
		cmocka_unit_test(test_what_json_c_lets_pass_is_refused),
		cmocka_unit_test(test_what_is_no_json_is_refused),
		cmocka_unit_test(test_the_place_is_named_by_member_path),
		cmocka_unit_test(test_duplicate_names_are_found_in_small_and_big_objects),
		cmocka_unit_test(test_depth_and_count_have_both_sides),
		cmocka_unit_test(test_the_worst_bodies_stay_within_the_promised_memory),
		cmocka_unit_test(test_the_tree_is_walked_in_order),
		cmocka_unit_test(test_writers_escape_and_place_commas),
		cmocka_unit_test(test_every_byte_that_is_written_reads_back),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
