/*
 * JSON in and out; the only user of json-c. json-c accepts much that JSON is
 * not, so a strict scanner of ours reads every body first: RFC 8259 grammar,
 * UTF-8, depth, duplicate names after decoding, NUL, lone surrogates, numbers
 * beyond 64 bits or with absurd exponents, the number of values. The writer goes
 * straight into a buffer in the arena.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "arena.h"
#include "buf.h"
#include "reason.h"
#include "types.h"

#define JSON_DEPTH_MAX   32
#define JSON_VALUES_MAX  20000
#define JSON_VALUE_ARENA 96
/* Most that json_parse() takes of an arena, in bytes, for a body of `body_max` bytes. */
#define JSON_ARENA_MAX(body_max)                                                                   \
	((size_t)(body_max) + (size_t)JSON_VALUES_MAX * JSON_VALUE_ARENA + 8192)

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_value; /* a value inside a document, in the document's arena */

/*
 * Parses a whole body (a UTF-8 BOM is skipped) into the arena. On refusal: not
 * REASON_NONE, and *where_r names the place: a member path such as "fields[2].name", or "body".
 */
enum reason json_parse(struct arena *arena, struct str body, const struct json_value **root_r,
		       const char **where_r);

enum json_kind json_kind(const struct json_value *value);
/* A string's decoded bytes; a number's source text; "true"/"false"; "" for the rest. NUL-terminated. */
struct str json_text_of(const struct json_value *value);
/* Source bytes of any value. */
struct str json_source(const struct json_value *value);
/* Children of an array or object in order; NULL after the last. */
const struct json_value *json_first(const struct json_value *parent);
const struct json_value *json_next(const struct json_value *value);
/* Name of an object's member, decoded. */
struct str json_name(const struct json_value *member);
/* NULL when there is none, or `object` is none. */
const struct json_value *json_member(const struct json_value *object, const char *name);
size_t json_count(const struct json_value *parent);

/* Writers: escape as RFC 8259 asks, Cyrillic as it is, slashes as they are. */
void json_put_string(struct buf *buf, struct str text);
/* "name": with a comma before it unless it is the first after { or [. */
void json_put_name(struct buf *buf, const char *name);
/* A comma unless the last byte is { [ or :, or nothing is written yet. */
void json_put_comma(struct buf *buf);

#endif
