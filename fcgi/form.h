/*
 * How one type of value travels in a dialect: read from a scalar of any source
 * (JSON, query string, path, header), written as JSON, described in OpenAPI. A
 * dialect has one form per field type; a field may name another.
 */
#ifndef FCGI_FORM_H
#define FCGI_FORM_H

#include "buf.h"
#include "field.h"
#include "reason.h"

enum scalar_kind {
	SCALAR_NULL,
	SCALAR_BOOL,   /* "true" or "false" */
	SCALAR_NUMBER, /* source text of a JSON number */
	SCALAR_STRING, /* decoded JSON string */
	SCALAR_TEXT,   /* from path, query or header: any type may be meant */
	SCALAR_TREE,   /* source text of a JSON array or object */
};

struct json_value;

/* One value as it came; text is NUL-terminated UTF-8 without NUL inside. */
struct scalar {
	enum scalar_kind kind;
	struct str text;
	const struct json_value *tree; /* SCALAR_TREE: the same, read; else NULL */
};

enum form_flag {
	FORM_NULL_UNSETS = 1 << 0, /* null counts as sent and clears; else null = not sent */
	FORM_TAKES_EMPTY = 1 << 1, /* "" in the query is a value; else "" there = not sent */
};

struct form {
	/*
	 * Fills the member; REASON_NONE when good; NULL = only ever written. Range and length of
	 * the field are checked afterwards by the decoder, for all forms alike.
	 */
	enum reason (*read)(struct scalar in, const struct field *field, void *member);
	/* Writes the whole JSON value. */
	void (*write)(struct buf *buf, const struct field *field, const void *member);
	unsigned flags;
	/* Members of a JSON schema object, without braces. */
	const char *schema_in, *schema_out;
};

struct decode;

/* How a member is filled that is no scalar, row or list of rows: a query's conditions, say. */
struct member_reader {
	/*
	 * Fills the member; `value` NULL = it was not sent, after all others were read.
	 * False after decode_fail() with the path of what is wrong.
	 */
	bool (*read)(struct decode *decode, const struct field *field,
		     const struct json_value *value, void *member);
	const char *schema; /* members of a JSON schema object, without braces */
};

/* Decimal text of any kind into an integer: WRONG_TYPE when it is none, OUT_OF_RANGE beyond int64.
 */
enum reason form_read_integer(struct scalar in, int64_t *value_r);

/* Forms that several dialects share; each states what it takes. */
extern const struct form form_bool;   /* true/false in JSON; true/false/1/0 in text */
extern const struct form form_i64;    /* JSON integer; decimal text outside JSON */
extern const struct form form_text;   /* JSON string */
extern const struct form form_uuid;   /* UUID text, any case in, lower out; "" and null = unset */
extern const struct form form_amount; /* number or decimal text; number in shortest form out */
extern const struct form form_moment_ms; /* integer Unix milliseconds, 0 = unset */
extern const struct form form_json;      /* any JSON, carried as it is; null when unset */
/* JSON string; null and "" unset. */
extern const struct form form_text_or_null;
/* ISO 8601 date and time, UTC where it names no offset; out with milliseconds and Z. null, "" =
 * unset (0), which is for F_NULL_UNSET to write. */
extern const struct form form_iso_moment;
/* YYYY-MM-DD, the moment at which that day begins in UTC (1970-01-01: a millisecond later). */
extern const struct form form_day;

#endif
