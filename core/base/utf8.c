#include "utf8.h"

#include <assert.h>
#include <string.h>

/* RFC 3629 part 4: the first byte says how many follow and where the second may lie. */
struct lead {
	uint8_t first, last;
	uint8_t len;
	uint8_t second_min, second_max;
};

static const struct lead leads[] = {
	{0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
	{0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
	{0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

static const struct lead *lead_of(uint8_t byte)
{
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	return NULL;
}

size_t utf8_char(const char *at, size_t left)
{
	const uint8_t *byte = (const uint8_t *)at;
	const struct lead *lead;

	if (left == 0)
		return 0;
	if (byte[0] < 0x80)
		return 1;
	lead = lead_of(byte[0]);
	if (!lead || left < lead->len || byte[1] < lead->second_min || byte[1] > lead->second_max)
		return 0;
	for (size_t i = 2; i < lead->len; i++)
		if ((byte[i] & 0xC0) != 0x80)
			return 0;
	return lead->len;
}

uint32_t utf8_code(const char *at, size_t len)
{
	static const uint8_t mask[UTF8_CHAR_MAX + 1] = {0, 0x7F, 0x1F, 0x0F, 0x07};
	uint32_t code;

	assert(len >= 1 && len <= UTF8_CHAR_MAX);
	code = (uint8_t)at[0] & mask[len];
	for (size_t i = 1; i < len; i++)
		code = code << 6 | ((uint8_t)at[i] & 0x3F);
	return code;
}

size_t utf8_put(uint32_t code, char out[UTF8_CHAR_MAX])
{
	static const uint8_t mark[UTF8_CHAR_MAX + 1] = {0, 0x00, 0xC0, 0xE0, 0xF0};
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	assert(code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF));
	for (size_t i = len - 1; i > 0; i--, code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3F));
	out[0] = (char)(mark[len] | code);
	return len;
}

/* Most texts are ASCII: eight bytes at a step. */
static size_t ascii_run(const char *at, size_t len)
{
	size_t i = 0;

	for (uint64_t word; len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, at + i, sizeof(word));
		if (word & UINT64_C(0x8080808080808080))
			break;
	}
	return i;
}

bool utf8_valid(const char *at, size_t len)
{
	size_t i = 0, step;

	while (i < len) {
		i += ascii_run(at + i, len - i);
		if (i == len)
			break;
		step = utf8_char(at + i, len - i);
		if (step == 0)
			return false;
		i += step;
	}
	return true;
}

size_t utf8_cut(const char *at, size_t len, size_t max)
{
	if (len <= max)
		return len;
	while (max > 0 && ((uint8_t)at[max] & 0xC0) == 0x80)
		max--;
	return max;
}
