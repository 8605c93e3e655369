/* One character of UTF-8 (RFC 3629) at a time: what every check and decoder of text is built on. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_CHAR_MAX 4

/*
 * Bytes of the valid character at `at`, of which `left` bytes are there; 0 when none: overlong
 * forms, surrogates, beyond U+10FFFF, cut short.
 */
size_t utf8_char(const char *at, size_t left);
/* Code point of the character of `len` bytes that utf8_char() found good. */
uint32_t utf8_code(const char *at, size_t len);
/* Writes a code point that is no surrogate, at most U+10FFFF; returns its bytes. */
size_t utf8_put(uint32_t code, char out[UTF8_CHAR_MAX]);
bool utf8_valid(const char *at, size_t len);
/* Largest length not above `max` at which a valid text can be cut between characters. */
size_t utf8_cut(const char *at, size_t len, size_t max);

#endif
