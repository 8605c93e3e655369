/* The real tables: they pass their check, their examples decode, their limits fit the arena. */
#include "unit.h"

#include "arena.h"
#include "codec.h"
#include "json.h"
#include "openapi.h"
#include "page.h"
#include "request.h"

#define BODY_MAX         ((size_t)4 << 20) /* most that server.body_max can be */
#define TEXT_CHARS_MAX   1000
#define ESCAPED_BYTES    6  /* a control character as \u001f */
#define SINGLE_BYTES_MAX 64 /* a number, date, UUID or boolean with its comma */

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	return arena_init(&arena, (size_t)1 << 30) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static void the_tables_are_sound(void **state)
{
	struct buf faults;

	(void)state;
	buf_init(&faults, &arena, 256);
	if (!route_check(dialects, dialects_n, &faults))
		fail_msg("%s", buf_done(&faults).at);
}

static void the_document_is_json(void **state)
{
	const struct json_value *root;
	const char *where = "";
	enum reason reason =
		json_parse(&arena, openapi_make(&arena, router_make(&arena, dialects, dialects_n)),
			   &root, &where);

	(void)state;
	if (reason != REASON_NONE)
		fail_msg("%s: %s", where, reason_text(reason));
}

static void check_example(const struct endpoint *endpoint)
{
	const struct route *route = endpoint->route;
	const struct json_value *root;
	struct decode decode;
	const char *where;

	assert_non_null(endpoint->in);
	decode_init(&decode, &arena, endpoint->in);
	assert_int_equal(json_parse(&arena, str_of(route->doc->example_in), &root, &where),
			 REASON_NONE);
	if (!decode_json(&decode, root))
		fail_msg("%s: example: %.*s", route->path, (int)decode.where.len, decode.where.at);
	for (const struct json_value *value = json_first(root); value; value = json_next(value)) {
		if (codec_find(endpoint->in, json_name(value), 1U << FROM_BODY) == endpoint->in->n)
			fail_msg("%s: no member %s", route->path, json_name(value).at);
	}
	for (size_t i = 0; i < endpoint->in->n; i++) {
		const struct field *field = endpoint->in->fields[i].field;

		if (field->from == FROM_BODY && (field->flags & F_REQUIRED) && !decode.seen[i])
			fail_msg("%s: example lacks %s", route->path, field->wire);
	}
}

static void examples_of_requests_decode(void **state)
{
	size_t n;
	const struct endpoint *endpoints =
		router_endpoints(router_make(&arena, dialects, dialects_n), &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (endpoints[i].route->doc->example_in)
			check_example(&endpoints[i]);
	}
}

/* Most bytes that a row can take: in memory with its texts, and written as JSON or XML. */
static size_t row_bytes(const struct map *map)
{
	size_t bytes = map->size;

	for (size_t i = 0; i < map->n; i++) {
		const struct field *field = &map->fields[i];

		bytes += 2 * strlen(field->wire) + 8;
		if (field->type == FT_STR || field->type == FT_JSON)
			bytes += (size_t)(field->max ? field->max : TEXT_CHARS_MAX) *
				 (4 + ESCAPED_BYTES);
		else if (field->type == FT_LIST)
			bytes += (size_t)(field->max ? field->max : PAGE_SIZE_MAX) *
				 row_bytes(field->map);
		else if (field->type == FT_OBJECT)
			bytes += row_bytes(field->map);
		else
			bytes += SINGLE_BYTES_MAX;
	}
	return bytes;
}

static size_t largest_answer(void)
{
	size_t most = 0;

	for (size_t i = 0; i < dialects_n; i++) {
		for (size_t j = 0; j < dialects[i]->n_routes; j++) {
			const struct map *out = dialects[i]->routes[j].out;
			size_t bytes = out ? row_bytes(out) : 0;

			most = bytes > most ? bytes : most;
		}
	}
	return most;
}

/* What the parser takes for the worst bodies: one long text of escapes, most members. */
static size_t largest_body(void)
{
	static const char *const parts[][3] = {
		{"{\"a\":\"", "\\u0416", "\"}"},
		{"[", "\"\",", "0]"},
	};
	size_t most = 0;

	for (size_t i = 0; i < COUNT(parts); i++) {
		size_t len = strlen(parts[i][1]), n = i == 0 ? BODY_MAX / len : JSON_VALUES_MAX - 2;
		size_t mark = arena_mark(&arena);
		const struct json_value *root;
		struct buf body;
		const char *where;

		buf_init(&body, &arena, n * len + 16);
		buf_text(&body, parts[i][0]);
		for (size_t j = 0; j < n; j++)
			buf_put(&body, parts[i][1], len);
		buf_text(&body, parts[i][2]);
		assert_int_equal(json_parse(&arena, buf_done(&body), &root, &where), REASON_NONE);
		most = arena.used - mark > most ? arena.used - mark : most;
		arena_reset(&arena, mark);
	}
	return most;
}

static void the_limits_of_a_request_fit_its_arena(void **state)
{
	size_t body = largest_body(), answer = largest_answer();

	(void)state;
	/* the answer is copied once behind its headers */
	if (body + 2 * answer > REQUEST_ARENA_MAX)
		fail_msg("body %zu, answer %zu, arena %zu", body, answer, REQUEST_ARENA_MAX);
	assert_true(answer > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tables_are_sound),
		cmocka_unit_test(the_document_is_json),
		cmocka_unit_test(examples_of_requests_decode),
		cmocka_unit_test(the_limits_of_a_request_fit_its_arena),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
