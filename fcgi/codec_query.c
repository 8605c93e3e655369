#include "codec_query.h"

#include "arena.h"
#include "codec.h"
#include "entity.h"
#include "json.h"

/* Conditions on their way in. */
struct reading {
	struct decode *decode;
	const struct codec *rows;
	size_t filters, values;
};

static const char *join(struct decode *decode, const char *path, const char *more)
{
	struct buf buf;

	buf_init(&buf, decode->arena, 64);
	buf_text(&buf, path);
	buf_text(&buf, more);
	return buf_done(&buf).at;
}

static const char *join_index(struct decode *decode, const char *path, size_t index)
{
	struct buf buf;

	buf_init(&buf, decode->arena, 64);
	buf_printf(&buf, "%s[%zu]", path, index);
	return buf_done(&buf).at;
}

static bool fail_at(struct decode *decode, enum reason reason, const char *path, const char *more)
{
	return decode_fail(decode, reason, str_of(join(decode, path, more)));
}

static bool fail_name(struct decode *decode, const char *path, const struct json_value *member)
{
	return fail_at(decode, REASON_UNKNOWN_VALUE, join(decode, path, "."), json_name(member).at);
}

/* Every member of an object is one of these. */
static bool only_members(struct decode *decode, const struct json_value *object, const char *path,
			 const char *const *known)
{
	for (object = json_first(object); object; object = json_next(object)) {
		const char *const *name = known;

		while (*name && !str_eq(json_name(object), str_of(*name)))
			name++;
		if (!*name)
			return fail_name(decode, path, object);
	}
	return true;
}

/* A wire name, or a path through relations; NULL = there is none. */
static const struct codec_field *find_field(const struct codec *codec, struct str path)
{
	const struct codec_field *at = NULL;
	const char *dot;

	do {
		struct str name = path;
		size_t index;

		dot = memchr(path.at, '.', path.len);
		if (dot)
			name.len = (size_t)(dot - path.at);
		if (at)
			codec = at->nested;
		index = codec ? codec_find(codec, name, 1U << FROM_BODY) : 0;
		if (!codec || index == codec->n)
			return NULL;
		at = &codec->fields[index];
		path.at += name.len + 1;
		path.len -= dot ? name.len + 1 : name.len;
	} while (dot);
	return at;
}

/* A relation is known by its id. */
static const struct codec_field *plain_of(const struct codec_field *at)
{
	return at->field->type == FT_OBJECT ? find_field(at->nested, STR("id")) : at;
}

static const struct {
	const char *word;
	enum select_cmp cmp;
} comparators[] = {
	{"=", SELECT_EQ},          {"!=", SELECT_NE},
	{"<", SELECT_LT},          {"<=", SELECT_LE},
	{">", SELECT_GT},          {">=", SELECT_GE},
	{"like", SELECT_LIKE},     {"in", SELECT_IN},
	{"not in", SELECT_NOT_IN}, {"between", SELECT_BETWEEN},
	{"is null", SELECT_NULL},  {"is not null", SELECT_NOT_NULL},
};

/* Does the comparator make sense for the field? Relations are the same or not, unset or not. */
static bool fits(enum select_cmp cmp, const struct codec_field *at)
{
	switch (cmp) {
	case SELECT_LIKE:
		return at->field->type == FT_STR;
	case SELECT_LT:
	case SELECT_LE:
	case SELECT_GT:
	case SELECT_GE:
	case SELECT_BETWEEN:
		return at->field->type != FT_OBJECT;
	case SELECT_EQ:
	case SELECT_NE:
	case SELECT_IN:
	case SELECT_NOT_IN:
	case SELECT_NULL:
	case SELECT_NOT_NULL:
	case SELECT_PREFIX:
	case SELECT_CMPS:
		break;
	}
	return true;
}

static bool read_comparator(struct decode *decode, const struct json_value *filter,
			    const char *path, struct select_cond *cond)
{
	const struct json_value *value = json_member(filter, "comparator");
	size_t i = 0, n = sizeof(comparators) / sizeof(comparators[0]);

	if (!value)
		return fail_at(decode, REASON_REQUIRED, path, ".comparator");
	while (json_kind(value) == JSON_STRING && i < n &&
	       !str_eq(json_text_of(value), str_of(comparators[i].word)))
		i++;
	if (json_kind(value) != JSON_STRING || i == n)
		return fail_at(decode, REASON_UNKNOWN_VALUE, path, ".comparator");
	cond->cmp = comparators[i].cmp;
	return true;
}

static const struct codec_field *read_field(struct decode *decode, const struct codec *rows,
					    const struct json_value *object, const char *path)
{
	const struct json_value *value = json_member(object, "field");
	const struct codec_field *at = NULL;

	if (!value) {
		fail_at(decode, REASON_REQUIRED, path, ".field");
		return NULL;
	}
	if (json_kind(value) == JSON_STRING)
		at = find_field(rows, json_text_of(value));
	if (!at || !plain_of(at))
		fail_at(decode, REASON_UNKNOWN_VALUE, path, ".field");
	return at && plain_of(at) ? at : NULL;
}

/* {"id": N} names a related row. */
static const struct json_value *id_of(const struct json_value *value)
{
	bool object = json_kind(value) == JSON_OBJECT && json_count(value) == 1;

	return object ? json_member(value, "id") : NULL;
}

static struct str uuid_bytes(struct arena *arena, const struct uuid *uuid)
{
	return (struct str){arena_strndup(arena, (const char *)uuid->byte, sizeof(uuid->byte)),
			    sizeof(uuid->byte)};
}

static bool read_value(struct arena *arena, const struct codec_field *at,
		       const struct json_value *value, struct select_value *value_r)
{
	const struct field *field;
	union {
		int64_t number;
		bool truth;
		struct amount amount;
		struct moment moment;
		struct uuid uuid;
		struct str text;
		struct json_text json;
	} have = {0};

	if (at->field->type == FT_OBJECT)
		value = id_of(value);
	at = plain_of(at);
	field = at->field;
	if (!value || !at->form || json_kind(value) == JSON_NULL ||
	    at->form->read(json_tree.scalar(value, field), field, &have) != REASON_NONE)
		return false;
	switch ((enum field_type)field->type) {
	case FT_BOOL:
		value_r->number = have.truth;
		return true;
	case FT_I64:
	case FT_AMOUNT:
	case FT_MOMENT:
		value_r->number = have.number;
		return true;
	case FT_STR:
		value_r->text = have.text;
		return true;
	case FT_UUID:
		value_r->text = uuid_bytes(arena, &have.uuid);
		return true;
	case FT_JSON:
	case FT_LIST:
	case FT_OBJECT:
		break;
	}
	return false;
}

static bool read_list(struct reading *reading, const struct codec_field *at,
		      const struct json_value *list, const char *path, struct select_cond *cond)
{
	struct select_value *values;
	size_t n = json_kind(list) == JSON_ARRAY ? json_count(list) : 0;

	if (json_kind(list) != JSON_ARRAY || (cond->cmp == SELECT_BETWEEN && n != 2))
		return fail_at(reading->decode, REASON_WRONG_TYPE, path, ".value");
	reading->values += n;
	if (reading->values > SELECT_VALUES_MAX)
		return fail_at(reading->decode, REASON_TOO_MANY, path, ".value");
	values = arena_array(reading->decode->arena, struct select_value, n + 1);
	for (list = json_first(list); list; list = json_next(list)) {
		if (!read_value(reading->decode->arena, at, list, &values[cond->value_n++]))
			return fail_at(reading->decode, REASON_WRONG_TYPE, path, ".value");
	}
	cond->values = values;
	return true;
}

static bool read_single(struct reading *reading, const struct codec_field *at,
			const struct json_value *value, const char *path, struct select_cond *cond)
{
	struct select_value *values = arena_array(reading->decode->arena, struct select_value, 1);

	if (json_kind(value) == JSON_NULL && (cond->cmp == SELECT_EQ || cond->cmp == SELECT_NE)) {
		cond->cmp = cond->cmp == SELECT_EQ ? SELECT_NULL : SELECT_NOT_NULL;
		return true;
	}
	if (!read_value(reading->decode->arena, at, value, values))
		return fail_at(reading->decode, REASON_WRONG_TYPE, path, ".value");
	reading->values++;
	cond->values = values;
	cond->value_n = 1;
	return true;
}

static bool read_values(struct reading *reading, const struct codec_field *at,
			const struct json_value *filter, const char *path, struct select_cond *cond)
{
	const struct json_value *value = json_member(filter, "value");

	if (cond->cmp == SELECT_NULL || cond->cmp == SELECT_NOT_NULL)
		return true;
	if (!value)
		return fail_at(reading->decode, REASON_REQUIRED, path, ".value");
	if (cond->cmp == SELECT_IN || cond->cmp == SELECT_NOT_IN || cond->cmp == SELECT_BETWEEN)
		return read_list(reading, at, value, path, cond);
	return read_single(reading, at, value, path, cond);
}

static bool read_filter(struct reading *reading, const struct json_value *filter, const char *path,
			struct select_cond *cond)
{
	static const char *const known[] = {"field", "comparator", "value",
					    "id",    "disabled", /* the platform's client's own */
					    NULL};
	struct decode *decode = reading->decode;
	const struct codec_field *at;

	if (++reading->filters > SELECT_FILTERS_MAX)
		return fail_at(decode, REASON_TOO_MANY, path, "");
	if (!only_members(decode, filter, path, known))
		return false;
	at = read_field(decode, reading->rows, filter, path);
	if (!at || !read_comparator(decode, filter, path, cond))
		return false;
	if (!fits(cond->cmp, at))
		return fail_at(decode, REASON_WRONG_TYPE, path, ".comparator");
	cond->kind = SELECT_FILTER;
	cond->name = plain_of(at)->field->member;
	return read_values(reading, at, filter, path, cond);
}

static bool read_operator(struct decode *decode, const struct json_value *group, const char *path,
			  enum select_kind *kind_r)
{
	const struct json_value *value = json_member(group, "operator");

	*kind_r = SELECT_AND;
	if (!value || (json_kind(value) == JSON_STRING && str_eq(json_text_of(value), STR("and"))))
		return true;
	*kind_r = SELECT_OR;
	if (json_kind(value) == JSON_STRING && str_eq(json_text_of(value), STR("or")))
		return true;
	return fail_at(decode, REASON_UNKNOWN_VALUE, path, ".operator");
}

static bool read_group(struct reading *reading, const struct json_value *group, const char *path,
		       size_t depth, struct select_cond *cond);

/* One of a group's filters: itself a group when it has filters. Nothing is added for an empty one.
 */
static bool read_element(struct reading *reading, const struct json_value *value, const char *path,
			 size_t depth, struct select_cond *into, size_t *n)
{
	struct select_cond cond = {.path = path};

	if (json_kind(value) != JSON_OBJECT)
		return fail_at(reading->decode, REASON_NOT_OBJECT, path, "");
	if (json_member(value, "filters") || json_member(value, "operator")) {
		if (!read_group(reading, value, path, depth + 1, &cond))
			return false;
		if (cond.cond_n == 0)
			return true;
	} else if (!read_filter(reading, value, path, &cond)) {
		return false;
	}
	into[(*n)++] = cond;
	return true;
}

static bool read_group(struct reading *reading, const struct json_value *group, const char *path,
		       size_t depth, struct select_cond *cond)
{
	static const char *const known[] = {"operator", "filters", "id", "disabled", NULL};
	struct decode *decode = reading->decode;
	const struct json_value *list;
	const char *filters = join(decode, path, ".filters");
	struct select_cond *conds;
	size_t i = 0;

	if (json_kind(group) != JSON_OBJECT)
		return fail_at(decode, REASON_NOT_OBJECT, path, "");
	if (depth > SELECT_DEPTH_MAX)
		return fail_at(decode, REASON_TOO_DEEP, path, "");
	if (!only_members(decode, group, path, known) ||
	    !read_operator(decode, group, path, &cond->kind))
		return false;
	list = json_member(group, "filters");
	if (!list)
		return true;
	if (json_kind(list) != JSON_ARRAY)
		return decode_fail(decode, REASON_WRONG_TYPE, str_of(filters));
	conds = arena_array(decode->arena, struct select_cond, json_count(list) + 1);
	cond->conds = conds;
	for (list = json_first(list); list; list = json_next(list), i++) {
		if (!read_element(reading, list, join_index(decode, filters, i), depth, conds,
				  &cond->cond_n))
			return false;
	}
	return true;
}

static bool read_conditions(struct decode *decode, const struct field *field,
			    const struct json_value *value, void *member)
{
	struct reading reading = {.decode = decode, .rows = decode->codec->about};
	struct select_cond *cond = member;

	if (!value || json_kind(value) == JSON_NULL)
		return true;
	cond->path = field->wire;
	return read_group(&reading, value, field->wire, 1, cond);
}

/* A typing error must not remove everything. */
static bool read_needed(struct decode *decode, const struct field *field,
			const struct json_value *value, void *member)
{
	const struct select_cond *cond = member;

	if (!read_conditions(decode, field, value, member))
		return false;
	return cond->cond_n > 0 || decode_fail(decode, REASON_REQUIRED, str_of(field->wire));
}

static bool read_way(struct decode *decode, const struct json_value *object, const char *path,
		     bool *desc_r)
{
	const struct json_value *value = json_member(object, "order");

	*desc_r = value && json_kind(value) == JSON_STRING &&
		  str_eq(json_text_of(value), STR("desc"));
	if (!value || *desc_r ||
	    (json_kind(value) == JSON_STRING && str_eq(json_text_of(value), STR("asc"))))
		return true;
	return fail_at(decode, REASON_UNKNOWN_VALUE, path, ".order");
}

static bool read_order(struct decode *decode, const struct json_value *value, const char *path,
		       struct select_order *order)
{
	static const char *const known[] = {"field", "order", NULL};
	const struct codec_field *at;

	if (json_kind(value) != JSON_OBJECT)
		return fail_at(decode, REASON_NOT_OBJECT, path, "");
	if (!only_members(decode, value, path, known))
		return false;
	at = read_field(decode, decode->codec->about, value, path);
	if (!at)
		return false;
	order->name = plain_of(at)->field->member;
	order->path = path;
	return read_way(decode, value, path, &order->desc);
}

static bool read_orders(struct decode *decode, const struct field *field,
			const struct json_value *value, void *member)
{
	struct entity_query *query = member;
	struct select_order *orders;

	if (!value || json_kind(value) == JSON_NULL)
		return true;
	if (json_kind(value) != JSON_ARRAY)
		return decode_fail(decode, REASON_WRONG_TYPE, str_of(field->wire));
	if (json_count(value) > SELECT_ORDERS_MAX)
		return decode_fail(decode, REASON_TOO_MANY, str_of(field->wire));
	orders = arena_array(decode->arena, struct select_order, json_count(value) + 1);
	for (value = json_first(value); value; value = json_next(value), query->order_n++) {
		const char *path = join_index(decode, field->wire, query->order_n);

		if (!read_order(decode, value, path, &orders[query->order_n]))
			return false;
	}
	query->order = orders;
	return true;
}

#define REFERENCE(name) "\"$ref\":\"#/components/schemas/" name "\""

const struct member_reader query_conditions = {read_conditions, REFERENCE("Conditions")};
const struct member_reader query_conditions_needed = {read_needed, REFERENCE("Conditions")};
const struct member_reader query_order = {read_orders, REFERENCE("OrderBy")};

const char query_schemas[] =
	"\"Conditions\":{\"type\":[\"object\",\"null\"],\"properties\":{"
	"\"operator\":{\"enum\":[\"and\","
	"\"or\"]},\"filters\":{\"type\":\"array\",\"items\":{\"anyOf\":["
	"{" REFERENCE("Filter") "},{" REFERENCE(
		"Conditions") "}]}}},\"additionalProperties\":false},"
			      "\"Filter\":{\"type\":\"object\",\"required\":["
			      "\"field\",\"comparator\"],\"properties\":{"
			      "\"field\":{\"type\":\"string\",\"description\":\"a "
			      "field, or a path through a relation: "
			      "company.name\"},\"comparator\":{\"enum\":[\"=\",\"!="
			      "\",\"<\",\"<=\",\">\",\">=\",\"like\","
			      "\"in\",\"not in\",\"between\",\"is null\",\"is not "
			      "null\"]},\"value\":{},\"id\":{},"
			      "\"disabled\":{}},\"additionalProperties\":false},"
			      "\"OrderBy\":{\"type\":[\"array\",\"null\"],"
			      "\"maxItems\":4,\"items\":{\"type\":\"object\","
			      "\"required\":[\"field\"],\"properties\":{\"field\":{"
			      "\"type\":\"string\"},\"order\":{\"enum\":["
			      "\"asc\",\"desc\"]}},\"additionalProperties\":false}"
			      "}";
