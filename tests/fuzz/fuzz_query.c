/* query_parse() and path_split(): whatever comes out is decoded, valid UTF-8 without NUL. */
#include <assert.h>

#include "arena.h"
#include "planted.h"
#include "text.h"
#include "uri.h"

static void check_text(struct str text)
{
	assert(text_is_utf8(text));
	assert(text.at[text.len] == '\0');
	assert(memchr(text.at, '\0', text.len) == NULL);
}

static void check_query(struct arena *arena, struct str text)
{
	struct query query = {0};
	struct str where = {0};

	if (query_parse(arena, text, &query, &where) != REASON_NONE) {
		assert(where.at && query.n == 0);
		return;
	}
	assert(query.n <= QUERY_PARAMS_MAX);
	for (size_t i = 0; i < query.n; i++) {
		check_text(query.params[i].name);
		check_text(query.params[i].value);
		planted_overflow(query.params[i].value.at, query.params[i].value.len);
	}
}

static void check_path(struct arena *arena, struct str text)
{
	struct path path = {0};

	if (path_split(arena, text, &path) != REASON_NONE) {
		assert(path.n == 0);
		return;
	}
	assert(path.n <= ROUTE_SEGMENTS_MAX + 1);
	for (size_t i = 0; i < path.n; i++)
		check_text(path.segment[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;

	if (!arena.base && !arena_init(&arena, (size_t)64 << 20))
		return 0;
	check_query(&arena, (struct str){(const char *)data, size});
	check_path(&arena, (struct str){(const char *)data, size});
	arena_reset(&arena, 0);
	return 0;
}
