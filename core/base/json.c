#include "json.h"

#include <json-c/json.h>

#include "json_scan.h"

#define VALUE_ARENA (sizeof(struct json_value) + sizeof(struct json_value *))
_Static_assert(VALUE_ARENA <= JSON_VALUE_ARENA, "JSON_ARENA_MAX is short");

static enum json_kind kind_of(struct json_object *read)
{
	static const uint8_t kinds[] = {
		[json_type_null] = JSON_NULL,     [json_type_boolean] = JSON_BOOL,
		[json_type_double] = JSON_NUMBER, [json_type_int] = JSON_NUMBER,
		[json_type_object] = JSON_OBJECT, [json_type_array] = JSON_ARRAY,
		[json_type_string] = JSON_STRING,
	};

	return (enum json_kind)kinds[json_object_get_type(read)];
}

static bool fill(struct json_pool *pool, struct json_value *value, struct json_object *read);

static bool fill_object(struct json_pool *pool, struct json_value *value, struct json_object *read)
{
	struct json_object_iterator at = json_object_iter_begin(read);
	struct json_value *child = value->first;

	if ((size_t)json_object_object_length(read) != value->count)
		return false;
	for (; child; child = child->next, json_object_iter_next(&at))
		if (!str_eq(child->name, str_of(json_object_iter_peek_name(&at))) ||
		    !fill(pool, child, json_object_iter_peek_value(&at)))
			return false;
	return true;
}

static bool fill_array(struct json_pool *pool, struct json_value *value, struct json_object *read)
{
	struct json_value *child = value->first;

	if (json_object_array_length(read) != value->count)
		return false;
	for (size_t i = 0; child; child = child->next, i++)
		if (!fill(pool, child, json_object_array_get_idx(read, i)))
			return false;
	return true;
}

static bool fill_string(struct json_pool *pool, struct json_value *value, struct json_object *read)
{
	const char *text = json_object_get_string(read);
	size_t len = (size_t)json_object_get_string_len(read);

	if (len + 2 > value->source.len || memchr(text, '\0', len))
		return false;
	value->text = json_pool_put(pool, text, len);
	return true;
}

/* Takes over what json-c read; false where the two readers disagree. */
static bool fill(struct json_pool *pool, struct json_value *value, struct json_object *read)
{
	value->text = STR("");
	if (kind_of(read) != value->kind)
		return false;
	switch ((enum json_kind)value->kind) {
	case JSON_NULL:
		break;
	case JSON_BOOL:
		value->text = json_object_get_boolean(read) ? STR("true") : STR("false");
		break;
	case JSON_NUMBER:
		value->text = json_pool_put(pool, value->source.at, value->source.len);
		break;
	case JSON_STRING:
		return fill_string(pool, value, read);
	case JSON_ARRAY:
		return fill_array(pool, value, read);
	case JSON_OBJECT:
		return fill_object(pool, value, read);
	}
	return true;
}

static bool parse(struct json_value *root, struct json_pool *pool)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	struct json_object *read = NULL;
	bool good = false;

	if (!tokener)
		return false;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	read = json_tokener_parse_ex(tokener, root->source.at, (int)root->source.len);
	/* A number may go on until something else follows. */
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		read = json_tokener_parse_ex(tokener, "", 1);
	if (json_tokener_get_error(tokener) == json_tokener_success)
		good = fill(pool, root, read);
	json_object_put(read);
	json_tokener_free(tokener);
	return good;
}

enum reason json_parse(struct arena *arena, struct str body, const struct json_value **root_r,
		       const char **where_r)
{
	struct json_value *root;
	struct json_pool pool;
	enum reason reason;

	*where_r = "body";
	if (body.len > INT32_MAX)
		return REASON_TOO_LONG;
	reason = json_scan(arena, body, &root, where_r, &pool);
	if (reason != REASON_NONE)
		return reason;
	if (!parse(root, &pool))
		return REASON_MALFORMED;
	*root_r = root;
	return REASON_NONE;
}

enum json_kind json_kind(const struct json_value *value)
{
	return (enum json_kind)value->kind;
}

struct str json_text_of(const struct json_value *value)
{
	return value->text;
}

struct str json_source(const struct json_value *value)
{
	return value->source;
}

const struct json_value *json_first(const struct json_value *parent)
{
	return parent->first;
}

const struct json_value *json_next(const struct json_value *value)
{
	return value->next;
}

struct str json_name(const struct json_value *member)
{
	return member->name;
}

const struct json_value *json_member(const struct json_value *object, const char *name)
{
	struct str wanted = str_of(name);

	if (object->kind != JSON_OBJECT)
		return NULL;
	for (const struct json_value *member = object->first; member; member = member->next)
		if (str_eq(member->name, wanted))
			return member;
	return NULL;
}

size_t json_count(const struct json_value *parent)
{
	return parent->count;
}
