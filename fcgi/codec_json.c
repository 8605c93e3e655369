#include <string.h>

#include "codec.h"
#include "json.h"

static bool is_null(const void *node)
{
	return json_kind(node) == JSON_NULL;
}

static bool is_object(const void *node)
{
	return json_kind(node) == JSON_OBJECT;
}

static bool is_list(const void *node, const struct codec *row)
{
	(void)row;
	return json_kind(node) == JSON_ARRAY;
}

static struct scalar scalar_of(const void *node, const struct field *field)
{
	static const enum scalar_kind kind[] = {
		[JSON_NULL] = SCALAR_NULL,     [JSON_BOOL] = SCALAR_BOOL,
		[JSON_NUMBER] = SCALAR_NUMBER, [JSON_STRING] = SCALAR_STRING,
		[JSON_ARRAY] = SCALAR_TREE,    [JSON_OBJECT] = SCALAR_TREE,
	};
	struct scalar scalar = {.kind = kind[json_kind(node)], .text = json_text_of(node)};

	(void)field;
	if (scalar.kind == SCALAR_TREE) {
		scalar.text = json_source(node);
		scalar.tree = node;
	}
	return scalar;
}

static struct str name_of(const void *member)
{
	return json_name(member);
}

static const void *first_of(const void *parent)
{
	return json_first(parent);
}

static const void *next_of(const void *node)
{
	return json_next(node);
}

const struct tree json_tree = {is_null, is_object, is_list, scalar_of, name_of, first_of, next_of};

bool decode_json(struct decode *decode, const struct json_value *object)
{
	return decode_tree(decode, &json_tree, object);
}

/* Zero, empty and NULL alike: every type's unset value is all zero bytes but a text's "". A list
 * without rows is there when it has room for some. */
static bool is_unset(const struct codec_field *at, const void *member)
{
	const unsigned char *byte = member;

	if (at->field->type == FT_STR)
		return ((const struct str *)member)->len == 0;
	if (at->field->type == FT_LIST)
		return !((const struct list *)member)->rows;
	for (size_t i = 0; at->field->type == FT_OBJECT && i < at->nested->n; i++) {
		const struct codec_field *inner = &at->nested->fields[i];

		if (!is_unset(inner, byte + inner->field->offset))
			return false;
	}
	for (size_t i = 0; at->field->type != FT_OBJECT && i < at->size; i++) {
		if (byte[i])
			return false;
	}
	return true;
}

bool codec_is_written(const struct codec_field *at, const void *row)
{
	const struct field *field = at->field;

	if (field->from == FROM_HEADER)
		return false;
	if (field->when && *((const bool *)row + field->when - 1) == !!(field->flags & F_UNLESS))
		return false;
	return !(field->flags & F_OMIT_UNSET) || !is_unset(at, (const char *)row + field->offset);
}

/* What a request chose of the rows by choice, and where in the row we are. */
struct choice {
	const struct sent *chosen;
	size_t base;
};

/* An object is chosen by its members. */
static bool is_chosen(const struct codec_field *at, struct choice choice)
{
	size_t offset = choice.base + at->field->offset;
	bool any = false;

	if (!choice.chosen)
		return true;
	if (at->field->type != FT_OBJECT)
		return sent_has(choice.chosen, offset);
	for (size_t i = 0; i < at->nested->n && !any; i++)
		any = is_chosen(&at->nested->fields[i], (struct choice){choice.chosen, offset});
	return any;
}

static void write_members(struct buf *buf, const struct codec *codec, const void *row,
			  struct choice choice);

static void write_object(struct buf *buf, const struct codec *codec, const void *row,
			 struct choice choice)
{
	buf_char(buf, '{');
	write_members(buf, codec, row, choice);
	buf_char(buf, '}');
}

static void write_list(struct buf *buf, const struct codec *codec, const struct list *list,
		       const struct sent *chosen)
{
	struct choice choice = {codec->map->by_choice ? chosen : NULL, 0};
	const char *row = list->rows;

	buf_char(buf, '[');
	for (size_t i = 0; i < list->n; i++, row += codec->map->size) {
		if (i > 0)
			buf_char(buf, ',');
		write_object(buf, codec, row, choice);
	}
	buf_char(buf, ']');
}

static void write_member(struct buf *buf, const struct codec_field *at, const void *member,
			 struct choice choice)
{
	choice.base += at->field->offset;
	if (at->form)
		at->form->write(buf, at->field, member);
	else if (at->field->type == FT_LIST)
		write_list(buf, at->nested, member, NULL);
	else
		write_object(buf, at->nested, member, choice);
}

static void write_members(struct buf *buf, const struct codec *codec, const void *row,
			  struct choice choice)
{
	for (size_t i = 0; i < codec->n; i++) {
		const struct codec_field *at = &codec->fields[i];
		size_t first = buf->at[buf->len - 1] == '{';
		bool written = codec_is_written(at, row);

		if ((!written && !(at->field->flags & F_ELSE_NULL)) || !is_chosen(at, choice))
			continue;
		buf_put(buf, at->prefix.at + first, at->prefix.len - first);
		if (!written)
			buf_str(buf, STR("null"));
		else
			write_member(buf, at, (const char *)row + at->field->offset, choice);
	}
}

void codec_write_members(struct buf *buf, const struct codec *codec, const void *row)
{
	write_members(buf, codec, row, (struct choice){0});
}

void codec_write_bare(struct buf *buf, const struct codec *codec, const void *out,
		      const struct sent *chosen)
{
	for (size_t i = 0; i < codec->n; i++) {
		const struct codec_field *at = &codec->fields[i];

		if (at->field->type != FT_LIST || !codec_is_written(at, out))
			continue;
		write_list(buf, at->nested, (const void *)((const char *)out + at->field->offset),
			   chosen);
		return;
	}
	buf_char(buf, '[');
	write_object(buf, codec, out, (struct choice){0});
	buf_char(buf, ']');
}

void codec_write_headers(struct buf *buf, const struct codec *codec, const void *out)
{
	for (size_t i = 0; i < codec->n; i++) {
		const struct codec_field *at = &codec->fields[i];
		const struct field *field = at->field;

		if (field->from != FROM_HEADER ||
		    (field->when && !*((const bool *)out + field->when - 1)))
			continue;
		buf_str(buf, at->name);
		buf_put(buf, ": ", 2);
		at->form->write(buf, field, (const char *)out + field->offset);
		buf_put(buf, "\r\n", 2);
	}
}
