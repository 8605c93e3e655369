#include "route.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "codec.h"
#include "dialect.h"
#include "operation.h"

/* One segment of the paths of a dialect. */
struct node {
	struct str literal;
	struct node *next;     /* another literal below the same parent */
	struct node *children; /* literals */
	struct node *param;    /* {…} */
	const struct endpoint *by_method[METHOD__MAX];
	unsigned allowed;
};

struct router {
	const struct dialect *const *dialects;
	size_t n_dialects;
	struct node **roots; /* by dialect */
	struct endpoint *endpoints;
	size_t n_endpoints;
};

static const char *const method_names[] = {
#define X(name) #name,
	METHOD_LIST(X)
#undef X
};

const char *method_name(enum method method)
{
	return method_names[method];
}

bool method_parse(struct str name, enum method *method_r)
{
	for (size_t i = 0; i < METHOD__MAX; i++) {
		if (str_eq(name, str_of(method_names[i]))) {
			*method_r = (enum method)i;
			return true;
		}
	}
	return false;
}

static struct node *child_make(struct arena *arena, struct node *node, struct str segment)
{
	struct node *child;

	if (segment.at[0] == '{') {
		if (!node->param)
			node->param = arena_new(arena, struct node);
		return node->param;
	}
	for (child = node->children; child; child = child->next) {
		if (str_eq(child->literal, segment))
			return child;
	}
	child = arena_new(arena, struct node);
	child->literal = segment;
	child->next = node->children;
	node->children = child;
	return child;
}

static void endpoint_add(struct arena *arena, struct node *node, struct endpoint *endpoint)
{
	const char *at = endpoint->route->path;
	enum method method = endpoint->route->method;

	while (*at == '/' && at[1]) {
		struct str segment = {at + 1, strcspn(at + 1, "/")};

		if (segment.at[0] == '{') {
			assert(endpoint->n_params < ROUTE_PARAMS_MAX);
			endpoint->param[endpoint->n_params++] =
				arena_strndup(arena, segment.at + 1, segment.len - 2);
		}
		node = child_make(arena, node, segment);
		at = segment.at + segment.len;
	}
	assert(!node->by_method[method]);
	node->by_method[method] = endpoint;
	node->allowed |= 1U << method;
}

static struct endpoint endpoint_make(struct arena *arena, const struct dialect *dialect,
				     const struct route *route, size_t label)
{
	bool raw = route->flags & ROUTE_RAW;

	return (struct endpoint){
		.route = route,
		.dialect = dialect,
		.in = route->in ? codec_make(arena, route->in, dialect) : NULL,
		.out = route->out && !raw ? codec_make(arena, route->out, dialect) : NULL,
		.op = route->op,
		.label = label,
	};
}

struct router *router_make(struct arena *arena, const struct dialect *const *list, size_t n)
{
	struct router *router = arena_new(arena, struct router);
	size_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += list[i]->n_routes;
	*router = (struct router){
		.dialects = list,
		.n_dialects = n,
		.roots = arena_array(arena, struct node *, n),
		.endpoints = arena_array(arena, struct endpoint, total),
	};
	for (size_t i = 0; i < n; i++) {
		router->roots[i] = arena_new(arena, struct node);
		for (size_t j = 0; j < list[i]->n_routes; j++) {
			size_t at = router->n_endpoints++;
			struct endpoint *endpoint = &router->endpoints[at];

			*endpoint = endpoint_make(arena, list[i], &list[i]->routes[j], at);
			endpoint_add(arena, router->roots[i], endpoint);
		}
	}
	return router;
}

const struct endpoint *router_endpoints(const struct router *router, size_t *n_r)
{
	*n_r = router->n_endpoints;
	return router->endpoints;
}

const struct dialect *const *router_dialects(const struct router *router, size_t *n_r)
{
	*n_r = router->n_dialects;
	return router->dialects;
}

size_t router_unrouted_label(const struct router *router)
{
	return router->n_endpoints;
}

static bool same(struct str a, struct str b, bool fold)
{
	return fold ? a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0 : str_eq(a, b);
}

/* Depth-first, literals before {param}: tables hold few paths that differ so late that this
 * turns back. */
static const struct node *find(const struct node *node, const struct str *segments, size_t n,
			       bool fold, struct str *param)
{
	const struct node *found = NULL;

	if (n == 0)
		return node->allowed ? node : NULL;
	for (const struct node *child = node->children; child && !found; child = child->next) {
		if (same(child->literal, *segments, fold))
			found = find(child, segments + 1, n - 1, fold, param);
	}
	if (!found && node->param) {
		*param = *segments;
		found = find(node->param, segments + 1, n - 1, fold, param + 1);
	}
	return found;
}

struct match router_match(const struct router *router, const struct dialect *dialect,
			  enum method method, const struct str *segments, size_t n)
{
	struct match match = {0};
	const struct node *node = NULL;

	assert(method < METHOD__MAX);
	for (size_t i = 0; i < router->n_dialects && n <= ROUTE_SEGMENTS_MAX; i++) {
		if (router->dialects[i] == dialect)
			node = find(router->roots[i], segments, n,
				    dialect->flags & DIALECT_FOLD_CASE, match.param);
	}
	if (node) {
		match.allowed = node->allowed;
		match.endpoint = node->by_method[method];
	}
	return match;
}
