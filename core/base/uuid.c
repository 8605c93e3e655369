#include "uuid.h"

#include <string.h>

/* Bytes before which a dash stands in the text. */
static bool dash_before(size_t byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

struct uuid uuid_v7(int64_t now_ms, const uint8_t random[10])
{
	struct uuid uuid;

	for (size_t i = 0; i < 6; i++)
		uuid.byte[i] = (uint8_t)((uint64_t)now_ms >> (8 * (5 - i)));
	memcpy(uuid.byte + 6, random, 10);
	uuid.byte[6] = (uint8_t)(0x70 | (uuid.byte[6] & 0x0F));
	uuid.byte[8] = (uint8_t)(0x80 | (uuid.byte[8] & 0x3F));
	return uuid;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool uuid_parse(struct str text, struct uuid *uuid_r)
{
	const char *at = text.at;
	struct uuid uuid;

	if (text.len != UUID_TEXT_LEN)
		return false;
	for (size_t i = 0; i < sizeof(uuid.byte); i++, at += 2) {
		if (dash_before(i) && *at++ != '-')
			return false;
		if (hex_value(at[0]) < 0 || hex_value(at[1]) < 0)
			return false;
		uuid.byte[i] = (uint8_t)(hex_value(at[0]) << 4 | hex_value(at[1]));
	}
	*uuid_r = uuid;
	return true;
}

void uuid_format(const struct uuid *uuid, char *text)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof(uuid->byte); i++) {
		if (dash_before(i))
			*text++ = '-';
		*text++ = digit[uuid->byte[i] >> 4];
		*text++ = digit[uuid->byte[i] & 15];
	}
}

bool uuid_is_unset(const struct uuid *uuid)
{
	return uuid_eq(uuid, &(struct uuid){0});
}

bool uuid_eq(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->byte, b->byte, sizeof(a->byte)) == 0;
}
