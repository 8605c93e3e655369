#include <string.h>

#include "codec.h"

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

static bool is_written(const struct codec_field *at, const void *row)
{
	const struct field *field = at->field;

	if (field->when && *((const bool *)row + field->when - 1) == !!(field->flags & F_UNLESS))
		return false;
	return !(field->flags & F_OMIT_UNSET) || !is_unset(at, (const char *)row + field->offset);
}

static void write_object(struct buf *buf, const struct codec *codec, const void *row)
{
	buf_char(buf, '{');
	codec_write_members(buf, codec, row);
	buf_char(buf, '}');
}

static void write_list(struct buf *buf, const struct codec *codec, const struct list *list)
{
	const char *row = list->rows;

	buf_char(buf, '[');
	for (size_t i = 0; i < list->n; i++, row += codec->map->size) {
		if (i > 0)
			buf_char(buf, ',');
		write_object(buf, codec, row);
	}
	buf_char(buf, ']');
}

void codec_write_members(struct buf *buf, const struct codec *codec, const void *row)
{
	for (size_t i = 0; i < codec->n; i++) {
		const struct codec_field *at = &codec->fields[i];
		const void *member = (const char *)row + at->field->offset;
		size_t first = buf->at[buf->len - 1] == '{';

		if (!is_written(at, row))
			continue;
		buf_put(buf, at->prefix.at + first, at->prefix.len - first);
		if (at->form)
			at->form->write(buf, at->field, member);
		else if (at->field->type == FT_LIST)
			write_list(buf, at->nested, member);
		else
			write_object(buf, at->nested, member);
	}
}
