/* Paths to rows: prefixes, literals before {param}, languages; by a table of every kind. */
#include <assert.h>

#include "arena.h"
#include "planted.h"
#include "toy.h"
#include "uri.h"

static const struct field ids_fields[] = {
	FIELD(struct toy_in, id, "id", .from = FROM_PATH),
	FIELD(struct toy_in, name, "name", .from = FROM_PATH),
};
static const struct map ids_map = MAP("Ids", struct toy_in, ids_fields);

#define ROW(method, path, in)                                                                      \
	{                                                                                          \
		METHOD_##method, path, 0, 0, in, NULL, 200, &op_toy_echo, &toy_doc                 \
	}
static const struct route rows[] = {
	ROW(GET, "/", NULL),
	ROW(GET, "/a", NULL),
	ROW(POST, "/a/{name}", &ids_map),
	ROW(GET, "/a/add", NULL),
	ROW(GET, "/a/{id}/{name}/x", &ids_map),
	ROW(GET, "/a/b/{name}/y", &ids_map),
	ROW(DELETE, "/a/b/c/{name}", &ids_map),
};
static const char *const file_prefix[] = {"/#", "/v2/files", NULL};

static struct arena arena;
static struct dialect plain, folding;
static const struct dialect *const list[] = {&plain, &folding};
static struct router *router;

static bool set_up(void)
{
	if (router)
		return true;
	if (!arena_init(&arena, (size_t)16 << 20))
		return false;
	plain = toy_dialect;
	plain.routes = rows;
	plain.n_routes = sizeof(rows) / sizeof(rows[0]);
	folding = plain;
	folding.prefixes = file_prefix;
	folding.flags = DIALECT_FOLD_CASE;
	router = router_make(&arena, list, 2);
	return true;
}

static void check_match(const struct match *match, enum method method)
{
	assert((match->endpoint != NULL) == ((match->allowed >> method) & 1U));
	for (size_t i = 0; match->endpoint && i < match->endpoint->n_params; i++) {
		assert(match->param[i].at);
		planted_overflow(match->param[i].at, match->param[i].len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct path path;
	size_t mark;
	char *text;

	if (!set_up())
		return 0;
	mark = arena_mark(&arena);
	text = arena_strndup(&arena, (const char *)data, size);
	assert(dialect_language(&plain, text) < plain.n_languages);
	if (path_split(&arena, (struct str){text, size}, &path) == REASON_NONE) {
		const struct dialect *dialect = dialect_of_path(list, 2, path.segment, path.n);

		for (enum method method = METHOD_GET; method < METHOD__MAX; method++) {
			struct match match =
				router_match(router, dialect, method, path.segment, path.n);

			check_match(&match, method);
		}
	}
	arena_reset(&arena, mark);
	return 0;
}
