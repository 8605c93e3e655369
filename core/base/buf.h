/* Slices of text, and a growing buffer in an arena that all answers are written into. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

/* Borrowed bytes; NUL-terminated only when the maker says so. `at` NULL = unset. */
struct str {
	const char *at;
	size_t len;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline struct str str_of(const char *text)
{
	return (struct str){text, text ? strlen(text) : 0};
}

/* NUL-terminated copy in the arena. */
struct str str_dup(struct arena *arena, struct str text);
/* Decimal integer that fills the whole text, no sign but '-', no leading zeros rule; false when not. */
bool str_to_i64(struct str text, int64_t *value_r);

struct buf {
	struct arena *arena;
	char *at;
	size_t len, cap;
};

void buf_init(struct buf *buf, struct arena *arena, size_t cap);
void buf_put(struct buf *buf, const void *bytes, size_t len);
void buf_str(struct buf *buf, struct str text);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);
void buf_i64(struct buf *buf, int64_t value);
/* Lower-case hexadecimal. */
void buf_hex(struct buf *buf, const void *bytes, size_t len);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for at least `len` more bytes; write there, then add to buf->len. */
char *buf_reserve(struct buf *buf, size_t len);
/* What is written so far, NUL-terminated. */
struct str buf_done(struct buf *buf);

#endif
