/*
 * The request target (RFC 3986): path segments and query parameters, decoded
 * strictly. Whatever is decoded here is valid UTF-8 without NUL.
 */
#ifndef FCGI_URI_H
#define FCGI_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "reason.h"
#include "route.h"

#define QUERY_PARAMS_MAX 64

struct arena;

/* Percent-decoded, NUL-terminated copy; `plus` = '+' stands for a space (queries). */
enum reason uri_decode(struct arena *arena, struct str text, bool plus, struct str *text_r);

struct path {
	struct str segment[ROUTE_SEGMENTS_MAX + 1];
	size_t n; /* ROUTE_SEGMENTS_MAX + 1 = more than any route has; those are not kept */
};

/* "/a/b%20c/" -> "a", "b c". One trailing slash is no segment. MALFORMED without a leading slash.
 */
enum reason path_split(struct arena *arena, struct str text, struct path *path_r);

struct query_param {
	struct str name, value;
};

struct query {
	struct query_param *params;
	size_t n;
};

/* "a=1&&b" -> ("a", "1"), ("b", ""). On refusal *where_r is the parameter as it was sent, or
 * "query". */
enum reason query_parse(struct arena *arena, struct str text, struct query *query_r,
			struct str *where_r);

#endif
