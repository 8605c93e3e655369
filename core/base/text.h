/*
 * Text from outside: UTF-8 checks (RFC 3629), folding for searches, words and
 * digits. Folding is Unicode case folding by utf8proc after NFKC composition, with ё as е.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "buf.h"

/* Strict: no overlong forms, surrogates, or beyond U+10FFFF; NUL is allowed. */
bool text_is_utf8(struct str text);
/* Characters of valid UTF-8. */
size_t text_length(struct str text);
/*
 * Search and sort key of valid UTF-8: folded, ё=е, outer spaces trimmed, inner runs of space
 * single. At most `max` bytes, cut at a character; NUL-terminated. Takes up to 24 bytes of arena a
 * byte of text.
 */
struct str text_fold(struct arena *arena, struct str text, size_t max);
/* Only the ASCII digits, in order: "+7 (900) 1" -> "79001". */
struct str text_digits(struct arena *arena, struct str text);
/* The bytes in reverse; for ASCII digits. */
struct str text_reverse(struct arena *arena, struct str text);
/*
 * Words of an already folded text: runs of letters, marks or digits. Writes at most
 * `max` distinct words (each cut to word_max bytes at a character), returns how many.
 */
size_t text_words(struct str folded, size_t word_max, struct str *words, size_t max);
/* Key of a vehicle's plate: folded, without spaces and dashes, at most `max` bytes. */
struct str text_plate(struct arena *arena, struct str plate, size_t max);
/* Escapes % _ \ for LIKE ... ESCAPE '\'. */
struct str text_like_escape(struct arena *arena, struct str text);

#endif
