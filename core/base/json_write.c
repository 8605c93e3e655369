#include "json.h"

#include "escape.h"

void json_put_string(struct buf *buf, struct str text)
{
	size_t start = 0;

	buf_char(buf, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (!escape_needed(text.at[i]))
			continue;
		buf_put(buf, text.at + start, i - start);
		buf->len += escape_put(text.at[i], buf_reserve(buf, ESCAPE_MAX));
		start = i + 1;
	}
	if (start < text.len)
		buf_put(buf, text.at + start, text.len - start);
	buf_char(buf, '"');
}

void json_put_name(struct buf *buf, const char *name)
{
	json_put_comma(buf);
	json_put_string(buf, str_of(name));
	buf_char(buf, ':');
}

void json_put_comma(struct buf *buf)
{
	char last = buf->len > 0 ? buf->at[buf->len - 1] : '[';

	if (last != '{' && last != '[' && last != ':')
		buf_char(buf, ',');
}
