/*
 * The route table: a row per endpoint. Dispatch, scopes, decoding, encoding,
 * OpenAPI, --routes and the labels of the metrics are all read off these rows.
 */
#ifndef FCGI_ROUTE_H
#define FCGI_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

#define METHOD_LIST(X) X(GET) X(POST) X(PUT) X(DELETE) X(PATCH)

enum method {
#define X(name) METHOD_##name,
	METHOD_LIST(X)
#undef X
		METHOD__MAX
};

enum route_flag {
	ROUTE_CLIENT = 1 << 0,         /* a token of role client may */
	ROUTE_PUBLIC = 1 << 1,         /* no token */
	ROUTE_NO_IDEMPOTENCY = 1 << 2, /* Idempotency-Key is not looked at */
	ROUTE_RAW = 1 << 3,            /* the out-struct is a struct raw: a body as it is */
	ROUTE_EMPTY_OK = 1 << 4,       /* an empty list is no error, whatever the settings say */
	ROUTE_BARE = 1 << 5, /* the list of the out-struct is the body, without an envelope */
};

/* What OpenAPI says of a route beyond its fields. JSON texts of examples may be NULL. */
struct route_doc {
	const char *summary;
	const char *description; /* NULL = none */
	const char *tag;
	const char *example_in, *example_out;
};

/* Out-struct of a ROUTE_RAW route; static or in the request's arena. */
struct raw {
	const char *content_type;
	struct str body;
	struct str file; /* name in the folder of files: nginx sends it, and the body is empty */
};

struct map;
struct operation;

struct route {
	enum method method;
	const char *path;           /* "/organization/card/{id}" */
	uint32_t scope;             /* SCOPE_... bits, all needed; 0 = any token */
	unsigned flags;             /* enum route_flag */
	const struct map *in, *out; /* NULL = the operation takes or gives nothing */
	short ok;                   /* HTTP status of success */
	const struct operation *op;
	const struct route_doc *doc;
};

#define ROUTE_SEGMENTS_MAX 12
#define ROUTE_PARAMS_MAX   4

struct arena;
struct codec;
struct dialect;

/* A row with all that is worked out once at start. */
struct endpoint {
	const struct route *route;
	const struct dialect *dialect;
	const struct codec *in, *out; /* NULL when the route has none */
	const struct operation *op;
	const char *param[ROUTE_PARAMS_MAX]; /* wire names in the order of the path */
	size_t n_params;
	size_t label; /* of the metrics */
};

struct router;

/* Matches, codecs and labels of all routes, in the arena. The tables must pass route_check(). */
struct router *router_make(struct arena *arena, const struct dialect *const *list, size_t n);
const struct endpoint *router_endpoints(const struct router *router, size_t *n_r);
const struct dialect *const *router_dialects(const struct router *router, size_t *n_r);
/* Label of requests that met no row. */
size_t router_unrouted_label(const struct router *router);

struct match {
	const struct endpoint *endpoint; /* NULL = path unknown, or known for other methods only */
	unsigned allowed;                /* bits by enum method of the path; 0 = path unknown */
	struct str param[ROUTE_PARAMS_MAX];
};

/* A literal segment beats {param}. Segments are decoded, without a trailing empty one. */
struct match router_match(const struct router *router, const struct dialect *dialect,
			  enum method method, const struct str *segments, size_t n);
/* False when the name is no method of ours. HEAD and OPTIONS are none. */
bool method_parse(struct str name, enum method *method_r);
const char *method_name(enum method method);

/*
 * Faults of the tables, one line each on `faults` (buf in an arena): two rows that
 * match one path, {param} without a path field and the reverse, maps beyond their
 * struct or not of the operation's size, unknown scopes, names twice in a map,
 * GET that mutates, missing texts. True when there is none.
 */
bool route_check(const struct dialect *const *list, size_t n, struct buf *faults);

#endif
