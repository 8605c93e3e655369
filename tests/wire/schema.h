/*
 * Does an answer fit /openapi.json? Knows the JSON schema words that our document
 * uses: $ref, type, enum, const, properties, required, additionalProperties, items,
 * allOf, anyOf (with null), minimum, maximum, minLength, maxLength.
 */
#ifndef WIRE_SCHEMA_H
#define WIRE_SCHEMA_H

#include <stdbool.h>

#include "buf.h"

struct arena;
struct json_value;
struct reply;

/* The document's row for this path; NULL when it has none. */
const struct json_value *schema_path(const struct json_value *document, struct str target);
/* True when the document has no row for path and method and the answer is an error. */
bool schema_check(struct arena *arena, const struct json_value *document, struct str method,
		  struct str target, const struct reply *reply);

/* Do the document's own examples of answers fit their schemas? */
bool schema_examples(const struct json_value *document);

#endif
