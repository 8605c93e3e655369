/*
 * Variables of a transcript and what stands between {{ and }}:
 *   {{name}}            value of a variable: --define, captured, or made below
 *   {{new:name}}        a fresh UUID, kept under the name
 *   {{unique:name}}     sixteen fresh digits, kept under the name
 *   {{repeat:N:text}}   the text N times
 *   {{hex:00ff}}        raw bytes
 *   {{wait:ms}}         nothing, that much later: for what the clock does
 *   {{now}} {{now+N}} {{now-N}}   Unix milliseconds
 */
#ifndef WIRE_WORDS_H
#define WIRE_WORDS_H

#include "buf.h"

#define WORDS_MAX 256

struct words {
	struct arena *arena;
	struct {
		struct str name, value;
	} list[WORDS_MAX];
	size_t n;
};

/* Sets or overwrites; copies both. */
void words_set(struct words *words, struct str name, struct str value);
/* at NULL = unknown. */
struct str words_get(const struct words *words, struct str name);
/* Everything in braces replaced; at NULL when one is unknown (told on standard output). */
struct str words_fill(struct words *words, struct str text);

#endif
