#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "arena.h"
#include "clock.h"
#include "crypto.h"
#include "uuid.h"

void words_set(struct words *words, struct str name, struct str value)
{
	size_t i = 0;

	while (i < words->n && !str_eq(words->list[i].name, name))
		i++;
	if (i == WORDS_MAX) {
		puts("Bail out! too many variables");
		exit(2);
	}
	if (i == words->n) {
		words->list[i].name = str_dup(words->arena, name);
		words->n++;
	}
	words->list[i].value = str_dup(words->arena, value);
}

struct str words_get(const struct words *words, struct str name)
{
	for (size_t i = 0; i < words->n; i++) {
		if (str_eq(words->list[i].name, name))
			return words->list[i].value;
	}
	return (struct str){0};
}

static bool starts(struct str text, const char *with, struct str *rest_r)
{
	size_t len = strlen(with);

	if (text.len < len || memcmp(text.at, with, len) != 0)
		return false;
	*rest_r = (struct str){text.at + len, text.len - len};
	return true;
}

static struct str fresh_uuid(struct arena *arena)
{
	char text[UUID_TEXT_LEN];
	uint8_t random[10];
	struct uuid uuid;

	crypto_random(random, sizeof(random));
	uuid = uuid_v7(clock_now_ms(&(struct clock){0}), random);
	uuid_format(&uuid, text);
	return str_dup(arena, (struct str){text, sizeof(text)});
}

static struct str fresh_digits(struct arena *arena)
{
	char text[16];

	crypto_random(text, sizeof(text));
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('0' + (unsigned char)text[i] % 10);
	if (text[0] == '0')
		text[0] = '1'; /* a number, too */
	return str_dup(arena, (struct str){text, sizeof(text)});
}

static bool is_now(struct str word, struct str *offset_r)
{
	return starts(word, "now", offset_r) &&
	       (offset_r->len == 0 || offset_r->at[0] == '+' || offset_r->at[0] == '-');
}

static void put_now(struct buf *out, struct str offset)
{
	int64_t ms = 0;
	bool minus = offset.len > 0 && offset.at[0] == '-';
	struct str digits = {offset.at + 1, offset.len - (offset.len > 0)};

	if (digits.len > 0 && !str_to_i64(digits, &ms))
		ms = 0;
	buf_i64(out, clock_now_ms(&(struct clock){0}) + (minus ? -ms : ms));
}

static void put_repeat(struct buf *out, struct str rest)
{
	const char *colon = memchr(rest.at, ':', rest.len);
	int64_t n = 0;

	if (!colon || !str_to_i64((struct str){rest.at, (size_t)(colon - rest.at)}, &n))
		return;
	for (int64_t i = 0; i < n; i++)
		buf_put(out, colon + 1, rest.len - (size_t)(colon + 1 - rest.at));
}

static void wait_ms(struct str digits)
{
	int64_t ms = 0;
	struct timespec time;

	if (!str_to_i64(digits, &ms))
		return;
	time = (struct timespec){ms / 1000, ms % 1000 * 1000000};
	nanosleep(&time, NULL);
}

static void put_hex(struct buf *out, struct str digits)
{
	for (size_t i = 0; i + 1 < digits.len; i += 2) {
		char pair[3] = {digits.at[i], digits.at[i + 1], '\0'};

		buf_char(out, (char)strtol(pair, NULL, 16));
	}
}

static bool put_word(struct words *words, struct buf *out, struct str word)
{
	struct str rest, value;

	if (starts(word, "new:", &rest) || starts(word, "unique:", &rest)) {
		value = word.at[0] == 'n' ? fresh_uuid(words->arena) : fresh_digits(words->arena);
		words_set(words, rest, value);
		buf_str(out, value);
	} else if (starts(word, "repeat:", &rest)) {
		put_repeat(out, rest);
	} else if (starts(word, "hex:", &rest)) {
		put_hex(out, rest);
	} else if (starts(word, "wait:", &rest)) {
		wait_ms(rest);
	} else if (is_now(word, &rest)) {
		put_now(out, rest);
	} else {
		value = words_get(words, word);
		if (!value.at) {
			printf("# unknown variable: %.*s\n", (int)word.len, word.at);
			return false;
		}
		buf_str(out, value);
	}
	return true;
}

struct str words_fill(struct words *words, struct str text)
{
	const char *at = text.at, *end = text.at + text.len;
	struct buf out;

	buf_init(&out, words->arena, text.len + 64);
	while (at < end) {
		const char *open = memmem(at, (size_t)(end - at), "{{", 2);
		const char *close = open ? memmem(open, (size_t)(end - open), "}}", 2) : NULL;

		if (!close)
			break;
		buf_put(&out, at, (size_t)(open - at));
		if (!put_word(words, &out, (struct str){open + 2, (size_t)(close - open) - 2}))
			return (struct str){0};
		at = close + 2;
	}
	buf_put(&out, at, (size_t)(end - at));
	return buf_done(&out);
}
