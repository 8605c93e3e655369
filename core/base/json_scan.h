/*
 * The strict scanner in front of json-c, and the tree that it lays out; private
 * to json*.c. It fills kinds, sources, names and the links between values; the
 * texts of values are filled from what json-c read.
 */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "json.h"

/* Bytes of one name that the place of an error shows. */
#define JSON_PLACE_NAME_MAX 64

struct json_value {
	struct str text, source, name;
	struct json_value *first, *next;
	uint32_t count; /* children */
	uint8_t kind;   /* enum json_kind */
};

/* Room for decoded texts: none is longer, with its NUL, than its source and one delimiter. */
struct json_pool {
	char *at;
	size_t left;
};

struct str json_pool_put(struct json_pool *pool, const char *bytes, size_t len);

/* As json_parse(), but for the texts of values; the pool is for those. */
enum reason json_scan(struct arena *arena, struct str body, struct json_value **root_r,
		      const char **where_r, struct json_pool *pool_r);

#endif
