#include "buf.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "arena.h"

struct str str_dup(struct arena *arena, struct str text)
{
	return (struct str){arena_strndup(arena, text.at, text.len), text.len};
}

bool str_to_i64(struct str text, int64_t *value_r)
{
	bool negative = text.len > 0 && text.at[0] == '-';
	int64_t value = 0;

	if (text.len == (negative ? 1 : 0))
		return false;
	for (size_t i = negative ? 1 : 0; i < text.len; i++) {
		int digit = text.at[i] - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, negative ? -digit : digit, &value))
			return false;
	}
	*value_r = value;
	return true;
}

void buf_init(struct buf *buf, struct arena *arena, size_t cap)
{
	*buf = (struct buf){.arena = arena, .at = arena_alloc(arena, cap + 1), .cap = cap + 1};
}

/* One byte more than asked for is kept for the NUL of buf_done(). */
char *buf_reserve(struct buf *buf, size_t len)
{
	size_t cap = buf->cap;

	assert(len < SIZE_MAX / 4);
	if (cap - buf->len > len)
		return buf->at + buf->len;
	while (cap - buf->len <= len)
		cap *= 2;
	buf->at = arena_grow(buf->arena, buf->at, buf->cap, cap);
	buf->cap = cap;
	return buf->at + buf->len;
}

void buf_put(struct buf *buf, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	memcpy(buf_reserve(buf, len), bytes, len);
	buf->len += len;
}

void buf_str(struct buf *buf, struct str text)
{
	buf_put(buf, text.at, text.len);
}

void buf_text(struct buf *buf, const char *text)
{
	buf_put(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char c)
{
	*buf_reserve(buf, 1) = c;
	buf->len++;
}

void buf_i64(struct buf *buf, int64_t value)
{
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char text[20];
	size_t at = sizeof(text);

	do {
		text[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		text[--at] = '-';
	buf_put(buf, text + at, sizeof(text) - at);
}

void buf_hex(struct buf *buf, const void *bytes, size_t len)
{
	static const char digit[] = "0123456789abcdef";
	const uint8_t *byte = bytes;
	char *out = buf_reserve(buf, len * 2);

	for (size_t i = 0; i < len; i++) {
		out[i * 2] = digit[byte[i] >> 4];
		out[i * 2 + 1] = digit[byte[i] & 15];
	}
	buf->len += len * 2;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	assert(len >= 0);
	vsnprintf(buf_reserve(buf, (size_t)len), (size_t)len + 1, format, again);
	buf->len += (size_t)len;
	va_end(again);
	va_end(args);
}

struct str buf_done(struct buf *buf)
{
	*buf_reserve(buf, 0) = '\0';
	return (struct str){buf->at, buf->len};
}
