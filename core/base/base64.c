#include "crypto.h"

/*
 * OpenSSL's decoder skips spaces, takes any padding and any spare bits; a token
 * must have one spelling only, so the decoder is ours.
 */
struct alphabet {
	const char *digits;
	bool padded;
};

static const struct alphabet standard = {
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", true};
static const struct alphabet url_safe = {
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", false};

static int digit_value(const struct alphabet *alphabet, char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == alphabet->digits[62])
		return 62;
	return c == alphabet->digits[63] ? 63 : -1;
}

/* Length without padding; false when the padding is not exactly what the length asks for. */
static bool strip_padding(const struct alphabet *alphabet, struct str *text)
{
	size_t stripped = text->len;

	if (!alphabet->padded)
		return true;
	while (stripped > 0 && text->len - stripped < 2 && text->at[stripped - 1] == '=')
		stripped--;
	if (text->len % 4 != 0)
		return false;
	text->len = stripped;
	return true;
}

static bool decode(const struct alphabet *alphabet, struct str text, uint8_t *out, size_t cap,
		   size_t *len_r)
{
	uint32_t bits = 0;
	size_t n = 0;
	int held = 0;

	if (!strip_padding(alphabet, &text) || text.len % 4 == 1 || text.len / 4 * 3 > cap ||
	    text.len * 3 / 4 > cap)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int value = digit_value(alphabet, text.at[i]);

		if (value < 0)
			return false;
		bits = (bits << 6 | (uint32_t)value) & 0xFFFF;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[n++] = (uint8_t)(bits >> held);
		}
	}
	if ((bits & ((1U << held) - 1)) != 0)
		return false;
	*len_r = n;
	return true;
}

static size_t encode(const struct alphabet *alphabet, const void *bytes, size_t len, char *out)
{
	const uint8_t *byte = bytes;
	size_t n = 0;

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i < 3 ? len - i : 3;
		uint32_t bits = (uint32_t)byte[i] << 16;

		bits |= left > 1 ? (uint32_t)byte[i + 1] << 8 : 0;
		bits |= left > 2 ? byte[i + 2] : 0;
		for (size_t d = 0; d <= left; d++)
			out[n++] = alphabet->digits[bits >> (18 - 6 * d) & 63];
		for (size_t d = left; alphabet->padded && d < 3; d++)
			out[n++] = '=';
	}
	out[n] = '\0';
	return n;
}

bool base64url_decode(struct str text, uint8_t *out, size_t cap, size_t *len_r)
{
	return decode(&url_safe, text, out, cap, len_r);
}

size_t base64url_encode(const void *bytes, size_t len, char *out)
{
	return encode(&url_safe, bytes, len, out);
}

bool base64_decode(struct str text, uint8_t *out, size_t cap, size_t *len_r)
{
	return decode(&standard, text, out, cap, len_r);
}

size_t base64_encode(const void *bytes, size_t len, char *out)
{
	return encode(&standard, bytes, len, out);
}
