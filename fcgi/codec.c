#include "codec.h"

#include <assert.h>
#include <strings.h>

#include "arena.h"
#include "dialect.h"
#include "json.h"
#include "text.h"
#include "uuid.h"

size_t codec_member_size(const struct field *field)
{
	if (field->reader)
		return 1;
	return field->type == FT_OBJECT ? field->map->size : field_size(field);
}

/* X-Request-Id -> HTTP_X_REQUEST_ID (RFC 3875, 4.1.18) */
static const char *cgi_name(struct arena *arena, const char *header)
{
	struct buf buf;

	buf_init(&buf, arena, 64);
	buf_text(&buf, "HTTP_");
	for (; *header; header++) {
		bool lower = *header >= 'a' && *header <= 'z';

		buf_char(&buf,
			 *header == '-' ? '_' : (char)(lower ? *header - 'a' + 'A' : *header));
	}
	return buf_done(&buf).at;
}

static struct str name_prefix(struct arena *arena, const char *name)
{
	struct buf buf;

	buf_init(&buf, arena, 64);
	buf_char(&buf, ',');
	json_put_string(&buf, str_of(name));
	buf_char(&buf, ':');
	return buf_done(&buf);
}

static struct codec_field field_make(struct arena *arena, const struct field *field,
				     const struct dialect *dialect)
{
	bool plain = field->type < FT_LIST && !field->reader;

	return (struct codec_field){
		.field = field,
		.form = field->form ? field->form
			: plain     ? dialect->forms[field->type]
				    : NULL,
		.nested = plain || field->reader ? NULL : codec_make(arena, field->map, dialect),
		.name = str_of(field->wire),
		.prefix = name_prefix(arena, field->wire),
		.cgi_name = field->from == FROM_HEADER ? cgi_name(arena, field->wire) : NULL,
		.size = codec_member_size(field),
	};
}

const struct codec *codec_make(struct arena *arena, const struct map *map,
			       const struct dialect *dialect)
{
	struct codec_field *fields = arena_array(arena, struct codec_field, map->n);
	struct codec *codec = arena_new(arena, struct codec);

	for (size_t i = 0; i < map->n; i++) {
		fields[i] = field_make(arena, &map->fields[i], dialect);
		assert(fields[i].form || fields[i].nested || fields[i].field->reader);
	}
	*codec = (struct codec){
		.map = map,
		.fields = fields,
		.n = map->n,
		.about = map->about ? codec_make(arena, map->about, dialect) : NULL,
		.fold_case = dialect->flags & DIALECT_FOLD_CASE,
		.strict = dialect->flags & DIALECT_STRICT_MEMBERS,
		.text_max = dialect->text_max,
	};
	return codec;
}

size_t codec_find(const struct codec *codec, struct str name, unsigned sources)
{
	for (size_t i = 0; i < codec->n; i++) {
		const struct codec_field *field = &codec->fields[i];

		if (field->name.len != name.len || !(sources & 1U << field->field->from))
			continue;
		if (codec->fold_case ? strncasecmp(field->name.at, name.at, name.len) == 0
				     : memcmp(field->name.at, name.at, name.len) == 0)
			return i;
	}
	return codec->n;
}

void decode_init(struct decode *decode, struct arena *arena, const struct codec *codec)
{
	*decode = (struct decode){
		.arena = arena,
		.codec = codec,
		.in = arena_alloc(arena, codec->map->size),
		.seen = arena_array(arena, bool, codec->n + 1),
	};
}

bool decode_fail(struct decode *decode, enum reason reason, struct str where)
{
	decode->outcome = OUTCOME_INVALID;
	decode->reason = reason;
	decode->where = where;
	return false;
}

static bool in_range(const struct field *field, int64_t value)
{
	return (field->min == 0 && field->max == 0) || (value >= field->min && value <= field->max);
}

static enum reason check_text(const struct codec *codec, const struct field *field, struct str text)
{
	int64_t max = field->max ? field->max : codec->text_max;
	int64_t length = (int64_t)text.len;

	if (length == 0 && (field->flags & F_NOT_EMPTY))
		return REASON_REQUIRED;
	if (length < field->min || length > max) /* bytes bound characters from above */
		length = (int64_t)text_length(text);
	return length > max          ? REASON_TOO_LONG
	       : length < field->min ? REASON_TOO_SHORT
				     : REASON_NONE;
}

/* What the field says of the value, whatever form it came in. */
static enum reason check_limits(const struct codec *codec, const struct field *field,
				const void *member)
{
	switch ((enum field_type)field->type) {
	case FT_STR:
		return check_text(codec, field, *(const struct str *)member);
	case FT_I64:
		return in_range(field, *(const int64_t *)member) ? REASON_NONE
								 : REASON_OUT_OF_RANGE;
	case FT_AMOUNT:
		return in_range(field, ((const struct amount *)member)->minor)
			       ? REASON_NONE
			       : REASON_OUT_OF_RANGE;
	case FT_MOMENT:
		return in_range(field, ((const struct moment *)member)->ms) ? REASON_NONE
									    : REASON_OUT_OF_RANGE;
	case FT_UUID:
		return (field->flags & F_NOT_EMPTY) && uuid_is_unset(member) ? REASON_REQUIRED
									     : REASON_NONE;
	case FT_BOOL:
	case FT_JSON:
	case FT_LIST:
	case FT_OBJECT:
		break;
	}
	return REASON_NONE;
}

static void *member_of(const struct decode *decode, size_t index)
{
	return (char *)decode->in + decode->codec->fields[index].field->offset;
}

static void mark_sent(struct decode *decode, size_t index)
{
	decode->seen[index] = true;
	if (decode->codec->map->has_sent)
		sent_set(decode->in, decode->codec->fields[index].field->offset);
}

/* An id in a path, or one that names another object, that is no id names nothing. */
static bool fail_id(struct decode *decode, const struct codec_field *at)
{
	bool invalid = !(at->field->flags & F_REFERENCE) && at->field->from != FROM_PATH;

	decode_fail(decode, invalid ? REASON_NOT_UUID : REASON_NO_SUCH, at->name);
	decode->outcome = invalid ? OUTCOME_INVALID : OUTCOME_NOT_FOUND;
	return false;
}

static bool decode_scalar(struct decode *decode, size_t index, struct scalar in)
{
	const struct codec_field *at = &decode->codec->fields[index];
	bool required = at->field->flags & F_REQUIRED;
	enum reason reason;

	if (in.kind == SCALAR_NULL && (required || !(at->form->flags & FORM_NULL_UNSETS)))
		return true;
	if (in.kind == SCALAR_TEXT && in.text.len == 0 && !(at->form->flags & FORM_TAKES_EMPTY))
		return true;
	reason = at->form->read(in, at->field, member_of(decode, index));
	if (reason == REASON_NOT_UUID)
		return fail_id(decode, at);
	if (reason == REASON_NONE)
		reason = check_limits(decode->codec, at->field, member_of(decode, index));
	if (reason != REASON_NONE)
		return decode_fail(decode, reason, at->name);
	mark_sent(decode, index);
	return true;
}

bool decode_text(struct decode *decode, size_t index, struct str text)
{
	if (decode->seen[index])
		return decode_fail(decode, REASON_DUPLICATE, decode->codec->fields[index].name);
	return decode_scalar(decode, index, (struct scalar){.kind = SCALAR_TEXT, .text = text});
}

/* Moves the failure of a nested filling up: "fields" + "[2]" + ".name". */
static bool fail_nested(struct decode *decode, const struct decode *inner, struct str name,
			int64_t row)
{
	struct buf where;

	buf_init(&where, decode->arena, 64);
	buf_str(&where, name);
	if (row >= 0) {
		buf_char(&where, '[');
		buf_i64(&where, row);
		buf_char(&where, ']');
	}
	if (inner->where.len) {
		buf_char(&where, '.');
		buf_str(&where, inner->where);
	}
	decode->outcome = inner->outcome;
	decode->reason = inner->reason;
	decode->where = buf_done(&where);
	return false;
}

static bool decode_members(struct decode *decode, const void *object);

/* `row` < 0: an object of its own, no row of a list. */
static bool decode_nested(struct decode *decode, const struct codec_field *at, const void *node,
			  void *into, int64_t row)
{
	struct decode inner = {
		.arena = decode->arena,
		.codec = at->nested,
		.tree = decode->tree,
		.in = into,
		.seen = arena_array(decode->arena, bool, at->nested->n + 1),
	};

	if (!decode->tree->is_object(node))
		decode_fail(&inner, REASON_NOT_OBJECT, (struct str){0});
	else if (decode_members(&inner, node) && decode_done(&inner))
		return true;
	return fail_nested(decode, &inner, at->name, row);
}

static size_t count_nodes(const struct tree *tree, const void *parent)
{
	size_t n = 0;

	for (const void *node = tree->first(parent); node; node = tree->next(node))
		n++;
	return n;
}

/* A list of one row, which is sent by itself. */
static bool decode_row(struct decode *decode, size_t index, const void *node)
{
	const struct codec_field *at = &decode->codec->fields[index];
	struct list *list = member_of(decode, index);

	*list = (struct list){arena_alloc(decode->arena, at->nested->map->size), 1};
	if (!decode_nested(decode, at, node, list->rows, -1))
		return false;
	mark_sent(decode, index);
	return true;
}

static bool decode_list(struct decode *decode, size_t index, const void *node)
{
	const struct codec_field *at = &decode->codec->fields[index];
	const struct tree *tree = decode->tree;
	size_t size = at->nested->map->size, n;
	struct list *list = member_of(decode, index);
	int64_t row = 0;

	if (!tree->is_list(node, at->nested))
		return decode_fail(decode, REASON_WRONG_TYPE, at->name);
	n = count_nodes(tree, node);
	if (!in_range(at->field, (int64_t)n))
		return decode_fail(decode, REASON_OUT_OF_RANGE, at->name);
	*list = (struct list){arena_alloc(decode->arena, n * size + 1), n};
	for (node = tree->first(node); node; node = tree->next(node), row++) {
		if (!decode_nested(decode, at, node, (char *)list->rows + (size_t)row * size, row))
			return false;
	}
	mark_sent(decode, index);
	return true;
}

/* Only JSON has readers (route_check). */
static bool decode_reader(struct decode *decode, size_t index, const void *node)
{
	const struct field *field = decode->codec->fields[index].field;

	if (!field->reader->read(decode, field, node, member_of(decode, index)))
		return false;
	mark_sent(decode, index);
	return true;
}

static bool decode_member(struct decode *decode, size_t index, const void *node)
{
	const struct codec_field *at = &decode->codec->fields[index];

	if (decode->seen[index])
		return decode_fail(decode, REASON_DUPLICATE, at->name);
	if (at->field->reader)
		return decode_reader(decode, index, node);
	if (at->form)
		return decode_scalar(decode, index, decode->tree->scalar(node, at->field));
	if (decode->tree->is_null(node))
		return true;
	if (at->field->type == FT_LIST)
		return at->field->flags & F_ROW ? decode_row(decode, index, node)
						: decode_list(decode, index, node);
	if (!decode_nested(decode, at, node, member_of(decode, index), -1))
		return false;
	mark_sent(decode, index);
	return true;
}

/* What clients send and nobody needs. */
static bool is_ignored(const struct codec *codec, struct str name)
{
	for (const char *const *known = codec->map->ignored; known && *known; known++) {
		if (str_eq(str_of(*known), name))
			return true;
	}
	return false;
}

static bool decode_members(struct decode *decode, const void *object)
{
	const struct codec *codec = decode->codec;
	const struct tree *tree = decode->tree;

	for (const void *node = tree->first(object); node; node = tree->next(node)) {
		size_t index = codec_find(codec, tree->name(node), 1U << FROM_BODY);

		if (index == codec->n && codec->strict && !is_ignored(codec, tree->name(node)))
			return decode_fail(decode, REASON_UNKNOWN_VALUE, tree->name(node));
		if (index < codec->n && !decode_member(decode, index, node))
			return false;
	}
	return true;
}

bool decode_tree(struct decode *decode, const struct tree *tree, const void *object)
{
	decode->tree = tree;
	return decode_members(decode, object);
}

bool decode_done(struct decode *decode)
{
	for (size_t i = 0; i < decode->codec->n; i++) {
		const struct codec_field *at = &decode->codec->fields[i];

		if ((at->field->flags & F_REQUIRED) && !decode->seen[i])
			return decode_fail(decode, REASON_REQUIRED, at->name);
		if (at->field->reader && !decode->seen[i] &&
		    !at->field->reader->read(decode, at->field, NULL, member_of(decode, i)))
			return false;
	}
	return true;
}
