#include <string.h>

#include "arena.h"
#include "card.h"

#define UID_BYTES 8

/* Value of a digit in this base; -1 when it is none. */
static int digit_of(char c, unsigned base)
{
	int digit = c >= '0' && c <= '9'   ? c - '0'
		    : c >= 'a' && c <= 'f' ? c - 'a' + 10
		    : c >= 'A' && c <= 'F' ? c - 'A' + 10
					   : -1;
	return digit < (int)base ? digit : -1;
}

static bool read_number(struct str text, unsigned base, uint64_t *value_r)
{
	uint64_t value = 0;
	for (size_t i = 0; i < text.len; i++) {
		int digit = digit_of(text.at[i], base);
		if (digit < 0 || value > (UINT64_MAX - (unsigned)digit) / base)
			return false;
		value = value * base + (unsigned)digit;
	}
	*value_r = value;
	return text.len > 0;
}

static bool is_decimal(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (digit_of(text.at[i], 10) < 0)
			return false;
	return true;
}

struct str card_uid(struct arena *arena, struct str code)
{
	uint64_t value;
	if (!read_number(code, is_decimal(code) ? 10 : 16, &value))
		return (struct str){0};
	char *bytes = arena_alloc(arena, UID_BYTES);
	for (int i = UID_BYTES - 1; i >= 0; i--, value >>= 8)
		bytes[i] = (char)(value & 0xff);
	return (struct str){bytes, UID_BYTES};
}
