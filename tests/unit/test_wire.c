/* The player of transcripts says no where it must. */
#include "unit.h"

#include "arena.h"
#include "json.h"
#include "judge.h"
#include "schema.h"

#define ID "0190c0de-0000-7000-8000-00000000000a"

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	return arena_init(&arena, (size_t)64 << 20) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static struct words words_with(const char *name, const char *value)
{
	struct words words = {.arena = &arena};

	words_set(&words, str_of(name), str_of(value));
	return words;
}

static void bodies_are_judged(void **state)
{
	static const struct {
		const char *want, *have;
		bool fits;
	} cases[] = {
		{"{\"a\":1,\"b\":\"x\"}", "{\"b\":\"x\",\"a\":1}", true},
		{"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
		{"{\"a\":1,\"b\":2}", "{\"a\":1}", false},
		{"{\"a\":1,\"...\":0}", "{\"a\":1,\"b\":2}", true},
		{"{\"a\":1}", "{\"a\":1.0}", false},
		{"{\"a\":1}", "{\"a\":\"1\"}", false},
		{"{\"a\":null}", "{\"a\":0}", false},
		{"{\"a\":true}", "{\"a\":false}", false},
		{"[1,2]", "[1,2]", true},
		{"[1,2]", "[2,1]", false},
		{"[1]", "[1,2]", false},
		{"[1,2]", "[1]", false},
		{"[1,\"...\"]", "[1,2,3]", true},
		{"[]", "{}", false},
		{"{}", "[]", false},
		{"\"{{any}}\"", "[1]", true},
		{"\"{{int}}\"", "5", true},
		{"\"{{int}}\"", "5.5", false},
		{"\"{{number}}\"", "5.5", true},
		{"\"{{number}}\"", "\"5\"", false},
		{"\"{{string}}\"", "\"\"", true},
		{"\"{{text}}\"", "\"\"", false},
		{"\"{{text}}\"", "\"a\"", true},
		{"\"{{bool}}\"", "1", false},
		{"\"{{array}}\"", "[]", true},
		{"\"{{object}}\"", "[]", false},
		{"\"{{uuid}}\"", "\"" ID "\"", true},
		{"\"{{uuid}}\"", "\"0190C0DE-0000-7000-8000-00000000000A\"", false},
		{"\"{{uuid}}\"", "\"\"", false},
		{"\"{{date}}\"", "1000", false},
		{"\"{{has:code}}\"", "\"the code: bad\"", true},
		{"\"{{has:code}}\"", "\"the core\"", false},
		{"\"{{known}}\"", "\"value\"", true},
		{"\"{{known}}\"", "\"other\"", false},
		{"\"{{unknown}}\"", "\"unknown\"", false},
		{"\"is {{known}}!\"", "\"is value!\"", true},
		{"\"is {{known}}!\"", "\"is value\"", false},
		{"[\"{{int:n}}\",\"{{n}}\"]", "[7,7]", true},
		{"[\"{{int:n}}\",\"{{n}}\"]", "[7,8]", false},
		{"{\"a\":1}", "{\"a\":1", false},
		{"{\"a\":1}", "", false},
		{"(empty)", "", true},
		{"(empty)", "{}", false},
		{"~ b\n~ c", "abcd", true},
		{"~ b\n~ x", "abcd", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct words words = words_with("known", "value");
		struct step step = {.status = 200, .want_body = str_of(cases[i].want)};
		struct reply reply = {.status = 200, .body = str_of(cases[i].have)};

		if (judge(&words, &step, &reply) != cases[i].fits)
			fail_msg("want %s, have %s", cases[i].want, cases[i].have);
	}
}

static void statuses_and_headers_are_judged(void **state)
{
	static const struct {
		int status;
		const char *want;
		bool fits;
	} cases[] = {
		{200, "", true},
		{201, "", false},
		{200, "ETag: \"x\"", true},
		{200, "etag: \"x\"", true},
		{200, "ETag: \"y\"", false},
		{200, "ETag: {{any}}", true},
		{200, "ETag: {{any:kept}}\nETag: {{kept}}", true},
		{200, "Retry-After: 1", false},
		{200, "!Retry-After", true},
		{200, "!ETag", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct words words = words_with("known", "value");
		struct step step = {.status = cases[i].status,
				    .want_headers = str_of(cases[i].want)};
		struct reply reply = {.status = 200, .headers = STR("A: b\r\nETag: \"x\"\r\n")};

		if (judge(&words, &step, &reply) != cases[i].fits)
			fail_msg("%d %s", cases[i].status, cases[i].want);
	}
}

static void answers_are_held_against_the_document(void **state)
{
	static const char document_text[] =
		"{\"paths\":{\"/a/{id}\":{\"get\":{\"operationId\":\"a\",\"responses\":{\"200\":{"
		"\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\","
		"\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":9},\"s\":{\"type\":[\"string\",\"null\"],\"maxLength\":2,"
		"\"minLength\":1},\"e\":{\"enum\":[0,\"x\"]},\"c\":{\"const\":5},"
		"\"l\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/row\"}},"
		"\"o\":{\"allOf\":[{\"$ref\":\"#/components/schemas/row\"}]}},"
		"\"additionalProperties\":false}}}},\"404\":{\"$ref\":"
		"\"#/components/responses/error\"}}}},\"/a/b\":{\"get\":{\"responses\":{"
		"\"204\":{}}}}},\"components\":{\"schemas\":{\"row\":{\"type\":\"object\","
		"\"required\":[\"r\"],\"properties\":{\"r\":{\"type\":\"boolean\"}}}},"
		"\"responses\":{\"error\":{\"content\":{\"application/json\":{\"schema\":{"
		"\"type\":\"object\",\"required\":[\"code\"]}}}}}}}";
	static const struct {
		const char *method, *target;
		int status;
		const char *body;
		bool fits;
	} cases[] = {
		{"GET", "/a/1", 200, "{\"n\":1}", true},
		{"GET", "/a/1/?x=1", 200, "{\"n\":9}", true},
		{"HEAD", "/a/1", 200, "", true},
		{"GET", "/a/1", 200, "{\"n\":0}", false},
		{"GET", "/a/1", 200, "{\"n\":10}", false},
		{"GET", "/a/1", 200, "{\"n\":1.5}", false},
		{"GET", "/a/1", 200, "{\"n\":\"1\"}", false},
		{"GET", "/a/1", 200, "{}", false},
		{"GET", "/a/1", 200, "[]", false},
		{"GET", "/a/1", 200, "{\"n\":1,\"x\":1}", false},
		{"GET", "/a/1", 200, "{\"n\":1,\"s\":null}", true},
		{"GET", "/a/1", 200, "{\"n\":1,\"s\":\"жж\"}", true},
		{"GET", "/a/1", 200, "{\"n\":1,\"s\":\"жжж\"}", false},
		{"GET", "/a/1", 200, "{\"n\":1,\"s\":\"\"}", false},
		{"GET", "/a/1", 200, "{\"n\":1,\"e\":\"x\"}", true},
		{"GET", "/a/1", 200, "{\"n\":1,\"e\":\"0\"}", false},
		{"GET", "/a/1", 200, "{\"n\":1,\"c\":5}", true},
		{"GET", "/a/1", 200, "{\"n\":1,\"c\":6}", false},
		{"GET", "/a/1", 200, "{\"n\":1,\"l\":[{\"r\":true}]}", true},
		{"GET", "/a/1", 200, "{\"n\":1,\"l\":[{\"r\":true},{\"r\":1}]}", false},
		{"GET", "/a/1", 200, "{\"n\":1,\"o\":{}}", false},
		{"GET", "/a/1", 404, "{\"code\":1}", true},
		{"GET", "/a/1", 404, "{}", false},
		{"GET", "/a/1", 409, "{\"code\":1}", false},
		{"GET", "/a/b", 204, "", true},
		{"GET", "/a/b", 200, "{\"n\":1}", false},
		{"POST", "/a/1", 405, "{}", true},
		{"POST", "/a/1", 200, "{}", false},
		{"GET", "/c", 404, "{}", true},
		{"GET", "/c", 200, "{}", false},
		{"GET", "/a/1", 200, "no JSON", false},
	};
	const struct json_value *document;
	const char *where;

	(void)state;
	assert_int_equal(json_parse(&arena, STR(document_text), &document, &where), REASON_NONE);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct reply reply = {.status = cases[i].status, .body = str_of(cases[i].body)};

		if (schema_check(&arena, document, str_of(cases[i].method), str_of(cases[i].target),
				 &reply) != cases[i].fits)
			fail_msg("%s %s %d %s", cases[i].method, cases[i].target, cases[i].status,
				 cases[i].body);
	}
}

static bool read_text(struct script *script, const char *text)
{
	char path[] = "/tmp/test_wire.XXXXXX";
	int fd = mkstemp(path);
	bool good;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	good = script_read(script, &arena, path);
	unlink(path);
	return good;
}

static void transcripts_are_read(void **state)
{
	struct script script;

	(void)state;
	assert_true(read_text(&script, "# first\n>>> POST /a b\nX: y\nZ: w\n\n{\n\n\"a\":1}\n\n"
				       "<<< 201\nE: f\n!G\n\n{\"b\":\n2}\n\n# last\n"
				       ">>> GET /c\n<<< 404\n"));
	assert_int_equal(script.n, 2);
	assert_true(str_eq(script.steps[0].target, STR("/a b")));
	assert_true(str_eq(script.steps[0].headers, STR("X: y\nZ: w")));
	assert_true(str_eq(script.steps[0].body, STR("{\n\n\"a\":1}")));
	assert_int_equal(script.steps[0].status, 201);
	assert_true(str_eq(script.steps[0].want_headers, STR("E: f\n!G")));
	assert_true(str_eq(script.steps[0].want_body, STR("{\"b\":\n2}")));
	assert_true(str_eq(script.steps[1].method, STR("GET")));
	assert_int_equal(script.steps[1].want_body.len, 0);
}

static void malformed_transcripts_are_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"text\n",
		"<<< 200\n",
		">>> GET\n<<< 200\n",
		">>> GET /a\n",
		">>> GET /a\n>>> GET /b\n<<< 200\n",
		">>> GET /a\n<<< abc\n",
		">>> GET /a\n<<< 200\n<<< 201\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct script script;

		if (read_text(&script, cases[i]))
			fail_msg("taken: %s", cases[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_are_judged),
		cmocka_unit_test(statuses_and_headers_are_judged),
		cmocka_unit_test(answers_are_held_against_the_document),
		cmocka_unit_test(transcripts_are_read),
		cmocka_unit_test(malformed_transcripts_are_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
