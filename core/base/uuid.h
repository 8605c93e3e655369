/* UUIDs: version 7 for what we make (RFC 9562 part 5.7), any version for what a client brings. */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include "buf.h"
#include "types.h"

#define UUID_TEXT_LEN 36

/* `random` holds 10 random bytes; time-ordered by now_ms. */
struct uuid uuid_v7(int64_t now_ms, const uint8_t random[10]);
/* 8-4-4-4-12 hexadecimal, any case, nothing else; false leaves uuid_r alone. */
bool uuid_parse(struct str text, struct uuid *uuid_r);
/* Writes UUID_TEXT_LEN lower-case characters, no NUL. */
void uuid_format(const struct uuid *uuid, char *text);
bool uuid_is_unset(const struct uuid *uuid);
bool uuid_eq(const struct uuid *a, const struct uuid *b);

#endif
