#include "organization.h"

#include <string.h>

#define SECONDS_BELOW INT64_C(100000000000) /* 10^11 */

static enum reason read_bool(struct scalar in, const struct field *field, void *member)
{
	static const struct {
		struct str text;
		bool value;
	} words[] = {
		{{"true", 4}, true},
		{{"false", 5}, false},
		{{"1", 1}, true},
		{{"0", 1}, false},
	};

	(void)field;
	for (size_t i = 0; in.kind != SCALAR_TREE && i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_eq(in.text, words[i].text)) {
			*(bool *)member = words[i].value;
			return REASON_NONE;
		}
	}
	return REASON_WRONG_TYPE;
}

static void write_flag(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	buf_char(buf, *(const bool *)member ? '1' : '0');
}

static void write_bool(struct buf *buf, const struct field *field, const void *member)
{
	form_bool.write(buf, field, member);
}

static enum reason read_i64(struct scalar in, const struct field *field, void *member)
{
	(void)field;
	return form_read_integer(in, member);
}

static void write_i64(struct buf *buf, const struct field *field, const void *member)
{
	form_i64.write(buf, field, member);
}

static enum reason read_moment(struct scalar in, const struct field *field, void *member)
{
	if (in.kind == SCALAR_STRING)
		in.kind = SCALAR_TEXT;
	return form_moment_ms.read(in, field, member);
}

static enum reason read_moment_or_seconds(struct scalar in, const struct field *field, void *member)
{
	struct moment *moment = member;
	enum reason reason = read_moment(in, field, member);

	if (reason == REASON_NONE && moment->ms < SECONDS_BELOW && moment->ms > -SECONDS_BELOW)
		moment->ms *= 1000;
	return reason;
}

static void write_moment(struct buf *buf, const struct field *field, const void *member)
{
	form_moment_ms.write(buf, field, member);
}

static enum reason read_code(struct scalar in, const struct field *field, void *member)
{
	if (in.kind == SCALAR_NUMBER && in.text.len == strspn(in.text.at, "-0123456789"))
		in.kind = SCALAR_STRING;
	return form_text.read(in, field, member);
}

static void write_text(struct buf *buf, const struct field *field, const void *member)
{
	form_text.write(buf, field, member);
}

#define SCHEMA_BOOL "\"enum\":[true,false,1,0,\"true\",\"false\",\"1\",\"0\",null]"
#define SCHEMA_I64  "\"type\":[\"integer\",\"string\",\"null\"]"

const struct form organization_bool = {read_bool, write_bool, 0, SCHEMA_BOOL,
				       "\"type\":\"boolean\""};
const struct form organization_flag = {read_bool, write_flag, 0, SCHEMA_BOOL, "\"enum\":[0,1]"};
const struct form organization_i64 = {read_i64, write_i64, 0, SCHEMA_I64, "\"type\":\"integer\""};
const struct form organization_moment = {read_moment, write_moment, 0, SCHEMA_I64,
					 "\"type\":\"integer\""};
const struct form organization_moment_or_seconds = {read_moment_or_seconds, write_moment, 0,
						    SCHEMA_I64, "\"type\":\"integer\""};
const struct form organization_code = {read_code, write_text, FORM_TAKES_EMPTY,
				       "\"type\":[\"string\",\"integer\",\"null\"]",
				       "\"type\":\"string\""};
