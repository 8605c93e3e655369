/* XML out: the forms write JSON values, which are turned here into what XML shows of them. */
#include "codec_xml.h"

#include "json.h"
#include "json_token.h"
#include "utf8.h"

static const struct str replacement = {"\xEF\xBF\xBD", 3}; /* U+FFFD */

/* XML 1.0, 2.2: what no document may hold, however written. */
static bool is_char(const char *at, size_t len)
{
	unsigned char byte = (unsigned char)*at;
	uint32_t code = utf8_code(at, len);

	return byte >= 0x20 ? code != 0xFFFE && code != 0xFFFF
			    : byte == '\t' || byte == '\n' || byte == '\r';
}

static struct str escape_of(const char *at, size_t len)
{
	switch (*at) {
	case '&':
		return STR("&amp;");
	case '<':
		return STR("&lt;");
	case '>':
		return STR("&gt;");
	case '\r':
		return STR("&#xD;");
	default:
		return is_char(at, len) ? (struct str){at, len} : replacement;
	}
}

static void put_text(struct buf *buf, struct str text)
{
	size_t len;

	for (size_t i = 0; i < text.len; i += len) {
		len = utf8_char(text.at + i, text.len - i);
		buf_str(buf, escape_of(text.at + i, len));
	}
}

/* 3.0 -> 3, 2.50 -> 2.5 */
static struct str short_number(struct str number)
{
	if (!memchr(number.at, '.', number.len))
		return number;
	while (number.at[number.len - 1] == '0')
		number.len--;
	if (number.at[number.len - 1] == '.')
		number.len--;
	return number;
}

static void open_element(struct buf *buf, struct str name)
{
	buf_char(buf, '<');
	buf_str(buf, name);
	buf_char(buf, '>');
}

static void close_element(struct buf *buf, struct str name)
{
	buf_str(buf, STR("</"));
	buf_str(buf, name);
	buf_char(buf, '>');
}

static void put_nil(struct buf *buf, struct str name)
{
	buf_char(buf, '<');
	buf_str(buf, name);
	buf_str(buf, STR(" xsi:nil=\"true\" />"));
}

/* `json` is a whole value; a text is decoded in place. */
static void put_value(struct buf *buf, struct str name, char *json, size_t len)
{
	struct str value = {json, len};

	if (str_eq(value, STR("null"))) {
		put_nil(buf, name);
		return;
	}
	open_element(buf, name);
	if (json[0] == '"')
		put_text(buf, (struct str){json, json_token_decode((struct str){json + 1, len - 2},
								   json)});
	else
		buf_str(buf, short_number(value));
	close_element(buf, name);
}

static void put_members(struct buf *buf, struct buf *scratch, const struct codec *codec,
			const void *row);

static void put_rows(struct buf *buf, struct buf *scratch, const struct codec *codec,
		     const struct list *list)
{
	struct str name = str_of(codec->map->name);
	const char *row = list->rows;

	for (size_t i = 0; i < list->n; i++, row += codec->map->size) {
		open_element(buf, name);
		put_members(buf, scratch, codec, row);
		close_element(buf, name);
	}
}

static void put_scalar(struct buf *buf, struct buf *scratch, const struct codec_field *at,
		       const void *member)
{
	const struct form *form = at->field->xml_form ? at->field->xml_form : at->form;

	scratch->len = 0;
	form->write(scratch, at->field, member);
	put_value(buf, at->name, scratch->at, scratch->len);
}

static void put_member(struct buf *buf, struct buf *scratch, const struct codec_field *at,
		       const void *row)
{
	const void *member = (const char *)row + at->field->offset;

	if (!codec_is_written(at, row)) {
		if (at->field->flags & F_ELSE_NULL)
			put_nil(buf, at->name);
		return;
	}
	if (at->form) {
		put_scalar(buf, scratch, at, member);
		return;
	}
	open_element(buf, at->name);
	if (at->field->type == FT_LIST)
		put_rows(buf, scratch, at->nested, member);
	else
		put_members(buf, scratch, at->nested, member);
	close_element(buf, at->name);
}

static void put_members(struct buf *buf, struct buf *scratch, const struct codec *codec,
			const void *row)
{
	for (int base = 1; base >= 0; base--) {
		for (size_t i = 0; i < codec->n; i++) {
			if (!!(codec->fields[i].field->flags & F_BASE) == base)
				put_member(buf, scratch, &codec->fields[i], row);
		}
	}
}

static void open_document(struct buf *buf, const char *root)
{
	buf_text(buf, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<");
	buf_text(buf, root);
	buf_text(buf, " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
		      " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">");
}

void xml_write(struct buf *buf, const struct codec *codec, const void *row)
{
	struct buf scratch;

	buf_init(&scratch, buf->arena, 256);
	open_document(buf, codec->map->name);
	put_members(buf, &scratch, codec, row);
	close_element(buf, str_of(codec->map->name));
}

void xml_write_flat(struct buf *buf, const char *root, const struct json_value *object)
{
	struct buf scratch;

	buf_init(&scratch, buf->arena, 256);
	open_document(buf, root);
	for (const struct json_value *member = json_first(object); member;
	     member = json_next(member)) {
		scratch.len = 0;
		buf_str(&scratch, json_source(member));
		put_value(buf, json_name(member), scratch.at, scratch.len);
	}
	close_element(buf, str_of(root));
}
