/* Which members of an answer's rows a request chooses, and how many rows. */
#include "arena.h"
#include "codec.h"
#include "codec_query.h"
#include "entity.h"
#include "json.h"

/* All that is plain: neither a relation nor asked for by name only. */
static bool choose_plain(const struct codec *codec, size_t base, struct sent *chosen)
{
	for (size_t i = 0; i < codec->n; i++) {
		const struct field *field = codec->fields[i].field;

		if (field->type != FT_OBJECT && !(field->flags & F_ON_DEMAND))
			sent_set(chosen, base + field->offset);
	}
	return true;
}

static bool fail_member(struct decode *decode, const char *path, const struct json_value *member,
			enum reason reason)
{
	struct buf buf;

	buf_init(&buf, decode->arena, 64);
	buf_printf(&buf, "%s.%s", path, json_name(member).at);
	return decode_fail(decode, reason, buf_done(&buf));
}

static bool is_true(const struct json_value *value)
{
	return json_kind(value) == JSON_BOOL && str_eq(json_text_of(value), STR("true"));
}

static bool choose(struct decode *decode, const struct codec *codec, size_t base,
		   const struct json_value *object, const char *path, struct sent *chosen);

static bool choose_member(struct decode *decode, const struct codec *codec, size_t base,
			  const struct json_value *member, const char *path, struct sent *chosen)
{
	size_t index = codec_find(codec, json_name(member), 1U << FROM_BODY);
	const struct codec_field *at = &codec->fields[index];
	struct buf inner;

	if (index == codec->n)
		return fail_member(decode, path, member, REASON_UNKNOWN_VALUE);
	base += at->field->offset;
	if (json_kind(member) == JSON_OBJECT && at->nested) {
		buf_init(&inner, decode->arena, 64);
		buf_printf(&inner, "%s.%s", path, json_name(member).at);
		return choose(decode, at->nested, base, member, buf_done(&inner).at, chosen);
	}
	if (json_kind(member) != JSON_BOOL)
		return fail_member(decode, path, member, REASON_WRONG_TYPE);
	if (is_true(member) && at->nested)
		return choose_plain(at->nested, base, chosen);
	if (is_true(member))
		sent_set(chosen, base);
	return true;
}

/* {} stands for all that is plain. */
static bool choose(struct decode *decode, const struct codec *codec, size_t base,
		   const struct json_value *object, const char *path, struct sent *chosen)
{
	if (json_count(object) == 0)
		return choose_plain(codec, base, chosen);
	for (object = json_first(object); object; object = json_next(object)) {
		if (!choose_member(decode, codec, base, object, path, chosen))
			return false;
	}
	return true;
}

static bool is_empty(const struct sent *chosen)
{
	for (size_t i = 0; i < sizeof(chosen->bit) / sizeof(chosen->bit[0]); i++) {
		if (chosen->bit[i])
			return false;
	}
	return true;
}

static bool read_chosen(struct decode *decode, const struct field *field,
			const struct json_value *value, void *member)
{
	const struct codec *rows = decode->codec->about;
	struct sent *chosen = member;

	decode->chosen = chosen;
	if (!value || json_kind(value) == JSON_NULL)
		return choose_plain(rows, 0, chosen);
	if (json_kind(value) != JSON_OBJECT)
		return decode_fail(decode, REASON_NOT_OBJECT, str_of(field->wire));
	if (!choose(decode, rows, 0, value, field->wire, chosen))
		return false;
	return !is_empty(chosen) || choose_plain(rows, 0, chosen);
}

/* {"id":"#count"}: the platform's way to ask how many there are. */
static bool is_count(const struct json_value *value)
{
	const struct json_value *id =
		value && json_kind(value) == JSON_OBJECT && json_count(value) == 1
			? json_member(value, "id")
			: NULL;

	return id && json_kind(id) == JSON_STRING && str_eq(json_text_of(id), STR("#count"));
}

static bool read_fields(struct decode *decode, const struct field *field,
			const struct json_value *value, void *member)
{
	struct entity_query *query = member;

	if (!is_count(value))
		return read_chosen(decode, field, value, &query->wanted);
	decode->chosen = &query->wanted;
	query->limit = 0;
	return true;
}

/* Where only the number is wanted it stays 0. */
static bool read_limit(struct decode *decode, const struct field *field,
		       const struct json_value *value, void *member)
{
	struct entity_query *query = member;
	int64_t limit = QUERY_LIMIT_DEFAULT;
	enum reason reason = REASON_NONE;

	if (value && json_kind(value) != JSON_NULL)
		reason = form_i64.read(json_tree.scalar(value, field), field, &limit);
	if (reason == REASON_NONE && (limit < 1 || limit > ENTITY_LIMIT_MAX))
		reason = REASON_OUT_OF_RANGE;
	if (reason != REASON_NONE)
		return decode_fail(decode, reason, str_of(field->wire));
	if (!decode->chosen || !is_empty(decode->chosen))
		query->limit = limit;
	return true;
}

const struct member_reader query_fields = {read_fields, "\"type\":[\"object\",\"null\"]"};
const struct member_reader query_returning = {read_chosen, "\"type\":[\"object\",\"null\"]"};
const struct member_reader query_limit = {
	read_limit, "\"type\":[\"integer\",\"null\"],\"minimum\":1,\"maximum\":1000"};
