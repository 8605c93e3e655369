/* Strings and numbers of the strict scanner (RFC 8259 parts 6 and 7, RFC 3629). */
#ifndef BASE_JSON_TOKEN_H
#define BASE_JSON_TOKEN_H

#include "buf.h"
#include "reason.h"

/* An integer must fit int64 or uint64; a number with fraction or exponent must stay within these.
 */
#define JSON_NUMBER_LEN_MAX 64
#define JSON_EXPONENT_MAX   99

/*
 * Checks the string whose opening quote is at `at`: *raw_r is what stands between
 * the quotes. Refuses control bytes, broken UTF-8, unknown escapes, lone surrogates
 * (as not UTF-8) and NUL in any spelling.
 */
enum reason json_token_string(const char *at, const char *end, struct str *raw_r);
/* Decodes what json_token_string() found good; `out` holds raw.len bytes. Returns the length. */
size_t json_token_decode(struct str raw, char *out);
/* Checks the number at `at`, a minus or digit: its bytes in *len_r. */
enum reason json_token_number(const char *at, const char *end, size_t *len_r);

#endif
