/* How one byte is written inside a JSON string (RFC 8259 part 7); log lines and answers share it.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

#define ESCAPE_MAX 6

/* Only quote, backslash and control bytes have to be escaped; Cyrillic and slashes stay. */
static inline bool escape_needed(char c)
{
	return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

/* Writes the escape of a byte that needs one; returns its length. */
size_t escape_put(char c, char out[ESCAPE_MAX]);

#endif
