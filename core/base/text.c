#include "text.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "arena.h"
#include "utf8.h"

#define CYRILLIC_IE         0x0435
#define COMBINING_DIAERESIS 0x0308
#define NEXT_LINE           0x0085

bool text_is_utf8(struct str text)
{
	return utf8_valid(text.at, text.len);
}

size_t text_length(struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += ((uint8_t)text.at[i] & 0xC0) != 0x80;
	return n;
}

static bool is_ascii(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((uint8_t)text.at[i] >= 0x80)
			return false;
	return true;
}

static bool is_space(utf8proc_int32_t code)
{
	if (code < 0x80)
		return code == ' ' || (code >= '\t' && code <= '\r');
	switch (utf8proc_category(code)) {
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return code == NEXT_LINE;
	}
}

static size_t fold_ascii(struct str text, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (!is_space(c))
			out[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	return n;
}

/*
 * On decomposed text, where io is always ie with a diaeresis (other marks of the
 * same class may stand between them): drops those diaereses, makes spaces single.
 */
static utf8proc_ssize_t filter_codes(utf8proc_int32_t *codes, utf8proc_ssize_t n)
{
	utf8proc_ssize_t kept = 0;
	bool after_ie = false;

	for (utf8proc_ssize_t i = 0; i < n; i++) {
		utf8proc_int32_t code = is_space(codes[i]) ? ' ' : codes[i];

		if (code == ' ' && (kept == 0 || codes[kept - 1] == ' '))
			continue;
		if (code == COMBINING_DIAERESIS && after_ie)
			continue;
		if (utf8proc_get_property(code)->combining_class == 0)
			after_ie = code == CYRILLIC_IE;
		codes[kept++] = code;
	}
	return kept;
}

/* Options of NFKC_Casefold (Unicode standard, part 3.13, R5 and D146). */
static size_t fold_unicode(struct arena *arena, struct str text, char **out_r)
{
	const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
					  UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.at;
	utf8proc_ssize_t len = (utf8proc_ssize_t)text.len, n;
	utf8proc_int32_t *codes;

	n = utf8proc_decompose(bytes, len, NULL, 0, options);
	assert(n >= 0);
	codes = arena_array(arena, utf8proc_int32_t, (size_t)n + 1);
	utf8proc_decompose(bytes, len, codes, n, options);
	n = utf8proc_reencode(codes, filter_codes(codes, n), options);
	assert(n >= 0);
	*out_r = (char *)codes;
	return (size_t)n;
}

static size_t trimmed_cut(struct str text, size_t max)
{
	size_t len = utf8_cut(text.at, text.len, max);

	while (len > 0 && text.at[len - 1] == ' ')
		len--;
	return len;
}

struct str text_fold(struct arena *arena, struct str text, size_t max)
{
	char *out;
	size_t len;

	if (is_ascii(text)) {
		out = arena_alloc(arena, text.len + 1);
		len = fold_ascii(text, out);
	} else {
		len = fold_unicode(arena, text, &out);
	}
	len = trimmed_cut((struct str){out, len}, max);
	out[len] = '\0';
	return (struct str){out, len};
}

/* Bytes of the space or dash at the beginning; 0 when there is none. Folded text has one kind of
 * space.
 */
static size_t gap(const char *at, size_t left)
{
	static const char *const gaps[] = {" ",
					   "-",
					   "\xE2\x80\x90",
					   "\xE2\x80\x91",
					   "\xE2\x80\x92",
					   "\xE2\x80\x93",
					   "\xE2\x80\x94",
					   "\xE2\x80\x95",
					   "\xE2\x88\x92"};
	for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++) {
		size_t len = strlen(gaps[i]);
		if (len <= left && memcmp(at, gaps[i], len) == 0)
			return len;
	}
	return 0;
}

struct str text_plate(struct arena *arena, struct str plate, size_t max)
{
	struct str folded = text_fold(arena, plate, SIZE_MAX);
	char *out = arena_alloc(arena, folded.len + 1);
	size_t n = 0, skip;

	for (size_t i = 0; i < folded.len; i += skip ? skip : 1) {
		skip = gap(folded.at + i, folded.len - i);
		if (!skip)
			out[n++] = folded.at[i];
	}
	n = utf8_cut(out, n, max);
	out[n] = '\0';
	return (struct str){out, n};
}

struct str text_digits(struct arena *arena, struct str text)
{
	char *out = arena_alloc(arena, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] >= '0' && text.at[i] <= '9')
			out[n++] = text.at[i];
	return (struct str){out, n};
}

struct str text_reverse(struct arena *arena, struct str text)
{
	char *out = arena_alloc(arena, text.len + 1);

	for (size_t i = 0; i < text.len; i++)
		out[i] = text.at[text.len - 1 - i];
	return (struct str){out, text.len};
}

static bool is_word_char(const char *at, size_t len)
{
	if (len == 1)
		return (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') ||
		       (*at >= 'A' && *at <= 'Z');
	switch (utf8proc_category((utf8proc_int32_t)utf8_code(at, len))) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return true;
	default:
		return false;
	}
}

/* Bytes from the start of `text` for as long as its characters are of a word, or are not. */
static size_t run_length(struct str text, bool of_word)
{
	size_t i = 0, len;

	while (i < text.len) {
		len = utf8_char(text.at + i, text.len - i);
		assert(len > 0);
		if (is_word_char(text.at + i, len) != of_word)
			break;
		i += len;
	}
	return i;
}

static bool is_among(struct str word, const struct str *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(word, words[i]))
			return true;
	return false;
}

size_t text_words(struct str folded, size_t word_max, struct str *words, size_t max)
{
	struct str rest = folded, word;
	size_t n = 0, skip, len;

	while (n < max) {
		skip = run_length(rest, false);
		rest = (struct str){rest.at + skip, rest.len - skip};
		if (rest.len == 0)
			break;
		len = run_length(rest, true);
		word = (struct str){rest.at, utf8_cut(rest.at, len, word_max)};
		if (!is_among(word, words, n))
			words[n++] = word;
		rest = (struct str){rest.at + len, rest.len - len};
	}
	return n;
}

struct str text_like_escape(struct arena *arena, struct str text)
{
	char *out = arena_alloc(arena, text.len * 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '%' || text.at[i] == '_' || text.at[i] == '\\')
			out[n++] = '\\';
		out[n++] = text.at[i];
	}
	return (struct str){out, n};
}
