#include "json_token.h"

#include <assert.h>

#include "utf8.h"

#define SURROGATE_FIRST 0xD800
#define SURROGATE_LOW   0xDC00
#define SURROGATE_LAST  0xDFFF

static const char unescaped[256] = {
	['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
	['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

/* Value of four hexadecimal digits, or -1. */
static int32_t four_hex(const char *at, const char *end)
{
	int32_t value = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = at[i], lower = (char)(c | 0x20);

		if (c >= '0' && c <= '9')
			value = value * 16 + (c - '0');
		else if (lower >= 'a' && lower <= 'f')
			value = value * 16 + (lower - 'a' + 10);
		else
			return -1;
	}
	return value;
}

static bool is_surrogate(int32_t unit)
{
	return unit >= SURROGATE_FIRST && unit <= SURROGATE_LAST;
}

/* The second half of a pair, at the backslash; -1 when there is none. */
static int32_t low_half(const char *at, const char *end)
{
	int32_t unit = end - at >= 6 && at[0] == '\\' && at[1] == 'u' ? four_hex(at + 2, end) : -1;

	return unit >= SURROGATE_LOW && unit <= SURROGATE_LAST ? unit : -1;
}

static enum reason check_unicode(const char *at, const char *end, size_t *step_r)
{
	int32_t unit = four_hex(at + 2, end);

	*step_r = 6;
	if (unit < 0)
		return REASON_MALFORMED;
	if (unit == 0)
		return REASON_HAS_NUL;
	if (!is_surrogate(unit))
		return REASON_NONE;
	*step_r = 12;
	return unit < SURROGATE_LOW && low_half(at + 6, end) >= 0 ? REASON_NONE : REASON_NOT_UTF8;
}

static enum reason check_escape(const char *at, const char *end, size_t *step_r)
{
	if (end - at < 2)
		return REASON_MALFORMED;
	if (at[1] == 'u')
		return check_unicode(at, end, step_r);
	*step_r = 2;
	return unescaped[(unsigned char)at[1]] ? REASON_NONE : REASON_MALFORMED;
}

static enum reason check_char(const char *at, const char *end, size_t *step_r)
{
	if (*at == '\\')
		return check_escape(at, end, step_r);
	if (*at == '\0')
		return REASON_HAS_NUL;
	if ((unsigned char)*at < 0x20)
		return REASON_MALFORMED;
	*step_r = utf8_char(at, (size_t)(end - at));
	return *step_r > 0 ? REASON_NONE : REASON_NOT_UTF8;
}

enum reason json_token_string(const char *at, const char *end, struct str *raw_r)
{
	const char *start = at + 1;
	enum reason reason;
	size_t step = 0;

	for (at = start; at < end && *at != '"'; at += step) {
		reason = check_char(at, end, &step);
		if (reason != REASON_NONE)
			return reason;
	}
	if (at >= end)
		return REASON_MALFORMED;
	*raw_r = (struct str){start, (size_t)(at - start)};
	return REASON_NONE;
}

static size_t unescape_unicode(const char *at, const char *end, char *out, size_t *step_r)
{
	int32_t code = four_hex(at + 2, end);

	*step_r = 6;
	if (is_surrogate(code)) {
		code = 0x10000 + (code - SURROGATE_FIRST) * 0x400 +
		       (low_half(at + 6, end) - SURROGATE_LOW);
		*step_r = 12;
	}
	return utf8_put((uint32_t)code, out);
}

size_t json_token_decode(struct str raw, char *out)
{
	const char *at = raw.at, *end = raw.at + raw.len;
	size_t n = 0, step;

	while (at < end) {
		step = 1;
		if (*at != '\\') {
			out[n++] = *at;
		} else if (at[1] == 'u') {
			n += unescape_unicode(at, end, out + n, &step);
		} else {
			out[n++] = unescaped[(unsigned char)at[1]];
			step = 2;
		}
		at += step;
	}
	assert(n <= raw.len);
	return n;
}

static size_t digits_at(const char *at, const char *end)
{
	size_t n = 0;

	while (at + n < end && at[n] >= '0' && at[n] <= '9')
		n++;
	return n;
}

/* Fraction behind the point. */
static bool scan_fraction(const char **at, const char *end)
{
	size_t n = digits_at(*at + 1, end);

	*at += 1 + n;
	return n > 0;
}

/* Behind the e; false when it is malformed, *fits_r false when its value is absurd. */
static bool scan_exponent(const char **at, const char *end, bool *fits_r)
{
	int64_t exponent = 0;
	size_t n;

	(*at)++;
	if (*at < end && (**at == '+' || **at == '-'))
		(*at)++;
	n = digits_at(*at, end);
	*fits_r = str_to_i64((struct str){*at, n}, &exponent) && exponent <= JSON_EXPONENT_MAX;
	*at += n;
	return n > 0;
}

/* int64, or uint64 beyond it: an unsigned 64-bit number is one that a form may take. */
static bool fits_64_bits(struct str digits)
{
	static const struct str most = {"18446744073709551615", 20};
	int64_t ignored;

	if (str_to_i64(digits, &ignored) || digits.at[0] == '-')
		return str_to_i64(digits, &ignored);
	return digits.len < most.len ||
	       (digits.len == most.len && memcmp(digits.at, most.at, most.len) <= 0);
}

enum reason json_token_number(const char *start, const char *end, size_t *len_r)
{
	const char *at = start + (*start == '-');
	size_t whole = digits_at(at, end);
	bool integer = true, fits = true;

	if (whole == 0 || (whole > 1 && *at == '0'))
		return REASON_MALFORMED;
	at += whole;
	if (at < end && *at == '.') {
		integer = false;
		if (!scan_fraction(&at, end))
			return REASON_MALFORMED;
	}
	if (at < end && (*at | 0x20) == 'e') {
		integer = false;
		if (!scan_exponent(&at, end, &fits))
			return REASON_MALFORMED;
	}
	*len_r = (size_t)(at - start);
	if (integer)
		fits = fits_64_bits((struct str){start, *len_r});
	return fits && *len_r <= JSON_NUMBER_LEN_MAX ? REASON_NONE : REASON_OUT_OF_RANGE;
}
