/* The document says what the rows say. */
#include "unit.h"

#include "arena.h"
#include "openapi.h"
#include "toy.h"

static struct arena arena;
static const struct json_value *document;

static int set_up(void **state)
{
	static const struct dialect *const list[] = {&toy_dialect};
	const char *where;
	struct str text;

	(void)state;
	if (!arena_init(&arena, 1 << 22))
		return -1;
	text = openapi_make(&arena, router_make(&arena, list, 1));
	return json_parse(&arena, text, &document, &where) == REASON_NONE ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

/* Walks down members; a number is a place in an array. */
static const struct json_value *at(const char *const *path)
{
	const struct json_value *value = document;

	for (; *path && value; path++) {
		if (json_kind(value) == JSON_OBJECT) {
			value = json_member(value, *path);
			continue;
		}
		value = json_first(value);
		for (long n = strtol(*path, NULL, 10); n > 0 && value; n--)
			value = json_next(value);
	}
	return value;
}

#define IN_BODY  "components", "schemas", "toy.ToyIn.in"
#define POST_ROW "paths", "/toy/{id}", "post"

static void rows_become_operations(void **state)
{
	static const struct {
		const char *path[12];
		const char *source; /* NULL = must not be there */
	} cases[] = {
		{{"openapi"}, "\"3.1.0\""},
		{{POST_ROW, "operationId"}, "\"toy_toy_echo\""},
		{{POST_ROW, "summary"}, "\"A toy\""},
		{{POST_ROW, "description"}, "\"Scopes: cards:write.\""},
		{{POST_ROW, "parameters", "0", "name"}, "\"id\""},
		{{POST_ROW, "parameters", "0", "in"}, "\"path\""},
		{{POST_ROW, "parameters", "0", "required"}, "true"},
		{{POST_ROW, "parameters", "1", "name"}, "\"note\""},
		{{POST_ROW, "parameters", "1", "in"}, "\"query\""},
		{{POST_ROW, "parameters", "2", "schema"},
		 "{\"type\":\"integer\",\"minimum\":1,\"maximum\":9}"},
		{{POST_ROW, "parameters", "3", "in"}, "\"header\""},
		{{POST_ROW, "parameters", "4", "$ref"},
		 "\"#/components/parameters/Idempotency-Key\""},
		{{POST_ROW, "requestBody", "required"}, "true"},
		{{IN_BODY, "required"}, "[\"title\"]"},
		{{IN_BODY, "properties", "title", "maxLength"}, "4"},
		{{IN_BODY, "properties", "title", "minLength"}, "1"},
		{{IN_BODY, "properties", "note", "maxLength"}, "10"},
		{{IN_BODY, "properties", "sum", "maximum"}, "10"},
		{{IN_BODY, "properties", "extra"}, "{}"},
		{{IN_BODY, "properties", "id"}, NULL},
		{{IN_BODY, "properties", "page"}, NULL},
		{{IN_BODY, "properties", "parts", "items", "$ref"},
		 "\"#/components/schemas/toy.ToyPart.in\""},
		{{"components", "schemas", "toy.ToyPart", "required"}, "[\"name\",\"n\"]"},
		{{"components", "schemas", "toy.ToyPart", "additionalProperties"}, "false"},
		{{"components", "schemas", "toy.ToyPart.in", "required"}, "[\"name\"]"},
		{{POST_ROW, "responses", "201", "content", "application/json", "schema",
		  "required"},
		 "[\"lang\",\"id\",\"title\",\"page\",\"sum\",\"at\",\"active\",\"extra\","
		 "\"parts\"]"},
		{{POST_ROW, "responses", "409", "$ref"}, "\"#/components/responses/toy.409\""},
		{{POST_ROW, "responses", "304"}, NULL},
		{{"paths", "/toy/peek", "get", "responses", "304", "description"},
		 "\"If-None-Match names the state\""},
		{{"paths", "/toy/peek", "get", "responses", "409"}, NULL},
		{{"paths", "/toy/peek", "get", "requestBody"}, NULL},
		{{"paths", "/toy/peek", "put", "operationId"}, "\"toy_toy_guarded\""},
		{{"paths", "/toy/open", "get", "operationId"}, "\"toy_toy_peek_2\""},
		{{"paths", "/toy/open", "get", "security"}, "[]"},
		{{"components", "responses", "toy.404", "description"},
		 "\"4: no such object; 15: no such path\""},
		{{"components", "schemas", "toy.Error", "required"}, "[\"error\"]"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct json_value *value = at(cases[i].path);

		if (!cases[i].source) {
			assert_null(value);
			continue;
		}
		if (!value)
			fail_msg("case %zu: not there", i);
		assert_string_equal(
			arena_strndup(&arena, json_source(value).at, json_source(value).len),
			cases[i].source);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_become_operations),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
