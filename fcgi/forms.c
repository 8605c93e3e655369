#include "form.h"

#include <assert.h>
#include <strings.h>

#include "decimal.h"
#include "json.h"
#include "uuid.h"

#define MOMENT_MIN_MS INT64_C(-62135596800000) /* 0001-01-01 */
#define MOMENT_MAX_MS INT64_C(253402300799999) /* 9999-12-31 */

static enum reason read_bool(struct scalar in, const struct field *field, void *member)
{
	(void)field;
	if (in.kind != SCALAR_BOOL && in.kind != SCALAR_TEXT)
		return REASON_WRONG_TYPE;
	*(bool *)member = str_eq(in.text, STR("true")) || str_eq(in.text, STR("1"));
	if (*(bool *)member || str_eq(in.text, STR("false")) || str_eq(in.text, STR("0")))
		return REASON_NONE;
	return REASON_WRONG_TYPE;
}

static void write_bool(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	buf_str(buf, *(const bool *)member ? STR("true") : STR("false"));
}

enum reason form_read_integer(struct scalar in, int64_t *value_r)
{
	size_t i = in.text.len > 0 && in.text.at[0] == '-';

	if (in.kind != SCALAR_NUMBER && in.kind != SCALAR_STRING && in.kind != SCALAR_TEXT)
		return REASON_WRONG_TYPE;
	if (str_to_i64(in.text, value_r))
		return REASON_NONE;
	while (i < in.text.len && in.text.at[i] >= '0' && in.text.at[i] <= '9')
		i++;
	return i > 1 && i == in.text.len ? REASON_OUT_OF_RANGE : REASON_WRONG_TYPE;
}

static enum reason read_i64(struct scalar in, const struct field *field, void *member)
{
	(void)field;
	return in.kind == SCALAR_STRING ? REASON_WRONG_TYPE : form_read_integer(in, member);
}

static void write_i64(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	buf_i64(buf, *(const int64_t *)member);
}

static enum reason read_text(struct scalar in, const struct field *field, void *member)
{
	(void)field;
	if (in.kind != SCALAR_STRING && in.kind != SCALAR_TEXT)
		return REASON_WRONG_TYPE;
	*(struct str *)member = in.text;
	return REASON_NONE;
}

static enum reason read_text_or_null(struct scalar in, const struct field *field, void *member)
{
	if (in.kind == SCALAR_NULL) {
		in.kind = SCALAR_STRING;
		in.text = STR("");
	}
	return read_text(in, field, member);
}

static void write_text(struct buf *buf, const struct field *field, const void *member)
{
	const struct str *text = member;

	(void)field;
	json_put_string(buf, text->at ? *text : STR(""));
}

static enum reason read_uuid(struct scalar in, const struct field *field, void *member)
{
	(void)field;
	if (in.kind == SCALAR_NULL || (in.kind != SCALAR_NUMBER && in.text.len == 0)) {
		*(struct uuid *)member = (struct uuid){0};
		return REASON_NONE;
	}
	if (in.kind != SCALAR_STRING && in.kind != SCALAR_TEXT)
		return REASON_WRONG_TYPE;
	return uuid_parse(in.text, member) ? REASON_NONE : REASON_NOT_UUID;
}

static void write_uuid(struct buf *buf, const struct field *field, const void *member)
{
	char *out;

	(void)field;
	if (uuid_is_unset(member)) {
		buf_str(buf, STR("\"\""));
		return;
	}
	out = buf_reserve(buf, UUID_TEXT_LEN + 2);
	out[0] = '"';
	uuid_format(member, out + 1);
	out[UUID_TEXT_LEN + 1] = '"';
	buf->len += UUID_TEXT_LEN + 2;
}

static enum reason read_amount(struct scalar in, const struct field *field, void *member)
{
	(void)field;
	if (in.kind != SCALAR_NUMBER && in.kind != SCALAR_STRING && in.kind != SCALAR_TEXT)
		return REASON_WRONG_TYPE;
	return decimal_parse(in.text, member);
}

static void write_amount(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	buf->len +=
		decimal_format(*(const struct amount *)member, buf_reserve(buf, DECIMAL_TEXT_MAX));
}

static enum reason read_moment_ms(struct scalar in, const struct field *field, void *member)
{
	struct moment *moment = member;
	enum reason reason = read_i64(in, field, &moment->ms);

	if (reason == REASON_NONE && (moment->ms < MOMENT_MIN_MS || moment->ms > MOMENT_MAX_MS))
		return REASON_OUT_OF_RANGE;
	return reason;
}

static void write_moment_ms(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	buf_i64(buf, ((const struct moment *)member)->ms);
}

static enum reason read_json(struct scalar in, const struct field *field, void *member)
{
	(void)field;
	assert(in.kind != SCALAR_TEXT);
	*(struct json_text *)member = (struct json_text){in.text.at, in.text.len};
	return REASON_NONE;
}

static void write_json(struct buf *buf, const struct field *field, const void *member)
{
	const struct json_text *text = member;

	(void)field;
	buf_str(buf, text->at && text->len ? (struct str){text->at, text->len} : STR("null"));
}

const struct form form_bool = {read_bool, write_bool, 0, "\"type\":\"boolean\"",
			       "\"type\":\"boolean\""};
const struct form form_i64 = {read_i64, write_i64, 0, "\"type\":\"integer\"",
			      "\"type\":\"integer\""};
const struct form form_text = {read_text, write_text, FORM_TAKES_EMPTY, "\"type\":\"string\"",
			       "\"type\":\"string\""};
const struct form form_text_or_null = {read_text_or_null, write_text,
				       FORM_NULL_UNSETS | FORM_TAKES_EMPTY,
				       "\"type\":[\"string\",\"null\"]", "\"type\":\"string\""};
const struct form form_uuid = {read_uuid, write_uuid, FORM_NULL_UNSETS | FORM_TAKES_EMPTY,
			       "\"type\":[\"string\",\"null\"],\"maxLength\":36",
			       "\"type\":\"string\",\"maxLength\":36"};
const struct form form_amount = {read_amount, write_amount, 0, "\"type\":[\"number\",\"string\"]",
				 "\"type\":\"number\""};
const struct form form_moment_ms = {read_moment_ms, write_moment_ms, 0, "\"type\":\"integer\"",
				    "\"type\":\"integer\""};
const struct form form_json = {read_json, write_json, 0, "", ""};
