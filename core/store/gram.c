/* Grams of texts and of what is looked for. */
#include "gram.h"

#include "text.h"
#include "utf8.h"

#define CODE_BITS 21
#define CODE_MASK ((INT64_C(1) << CODE_BITS) - 1)
#define PAIR_MASK (CODE_MASK << CODE_BITS | CODE_MASK)
#define WORD_MARK CODE_MASK /* beyond all characters */
#define NOT_UTF8  0x110000  /* and a byte that begins none */
#define LINE_FEED '\n'

/* The character at the start of `rest`, which is not empty, and past it. */
static int64_t next_code(struct str *rest)
{
	size_t len = utf8_char(rest->at, rest->len);
	int64_t code = len ? (int64_t)utf8_code(rest->at, len) : NOT_UTF8 + (uint8_t)rest->at[0];

	rest->at += len ? len : 1;
	rest->len -= len ? len : 1;
	return code;
}

static unsigned place_of(size_t place)
{
	return place < GRAM_PLACE_MAX ? (unsigned)place : GRAM_PLACE_MAX;
}

void gram_each(struct str text, gram_seen *seen, void *arg)
{
	int64_t gram = 0;
	size_t run = 0;

	for (size_t i = 0; text.len > 0; i++) {
		int64_t code = next_code(&text);

		gram = (gram & PAIR_MASK) << CODE_BITS | code;
		run = code == LINE_FEED ? 0 : run + 1;
		if (run >= 3)
			seen(arg, gram, place_of(i - 1));
	}
}

static size_t codes_between(const char *from, const char *to)
{
	struct str rest = {from, (size_t)(to - from)};
	size_t n = 0;

	for (; rest.len > 0; n++)
		next_code(&rest);
	return n;
}

void gram_each_word(struct str name, gram_seen *seen, void *arg)
{
	struct str words[GRAM_WORDS_MAX];
	size_t n = text_words(name, GRAM_WORD_MAX, words, GRAM_WORDS_MAX), place = 0;
	const char *at = name.at;

	for (size_t i = 0; i < n; i++) {
		struct str rest = words[i];
		int64_t gram = WORD_MARK << CODE_BITS | next_code(&rest);

		place += codes_between(at, words[i].at);
		at = words[i].at;
		seen(arg, gram << CODE_BITS | WORD_MARK, place_of(place));
		if (rest.len > 0)
			seen(arg, gram << CODE_BITS | next_code(&rest), place_of(place));
	}
}

/* What a phrase can cover: its characters, the mark of a word's start first. */
#define PHRASE_CODES ((size_t)3 * GRAM_PHRASE_MAX)

static size_t phrase_codes(struct str *text, bool starts_word, int64_t *codes)
{
	size_t n = 0;

	if (starts_word)
		codes[n++] = WORD_MARK;
	while (text->len > 0 && n < PHRASE_CODES)
		codes[n++] = next_code(text);
	if (starts_word && n == 2)
		codes[n++] = WORD_MARK;
	return n;
}

static void phrase_add(struct gram_phrase *phrase, const int64_t *codes, size_t shift)
{
	phrase->gram[phrase->n] =
		(codes[shift] << CODE_BITS | codes[shift + 1]) << CODE_BITS | codes[shift + 2];
	phrase->shift[phrase->n++] = (uint8_t)shift;
}

bool gram_phrase_make(struct str text, bool starts_word, uint8_t kind, struct gram_phrase *phrase_r)
{
	int64_t codes[PHRASE_CODES];
	struct gram_phrase phrase = {.kind = kind};
	size_t n;

	if (!text_is_utf8(text) || (text.len > 0 && memchr(text.at, LINE_FEED, text.len)))
		return false;
	n = phrase_codes(&text, starts_word, codes);
	if (n < 3)
		return false;
	for (size_t shift = 0; shift + 3 <= n; shift += 3)
		phrase_add(&phrase, codes, shift);
	if (n % 3)
		phrase_add(&phrase, codes, n - 3);
	phrase.whole = text.len == 0;
	*phrase_r = phrase;
	return true;
}
