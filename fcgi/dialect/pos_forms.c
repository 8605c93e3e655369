/* How values travel in the pos dialect. */
#include "pos.h"

#include <strings.h>

#include "decimal.h"
#include "json.h"
#include "zone.h"

static enum reason read_text(struct scalar in, const struct field *field, void *member)
{
	if (in.kind == SCALAR_NUMBER)
		in.kind = SCALAR_STRING;
	return form_text.read(in, field, member);
}

static void write_text(struct buf *buf, const struct field *field, const void *member)
{
	form_text.write(buf, field, member);
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

static bool all_digits(struct str text)
{
	size_t n = 0;

	while (n < text.len && text.at[n] >= '0' && text.at[n] <= '9')
		n++;
	return n > 0 && n == text.len;
}

static enum reason read_uid(struct scalar in, const struct field *field, void *member)
{
	static const struct str most = {"18446744073709551615", 20};
	struct str digits;
	enum reason reason = read_text(in, field, &digits);

	if (reason != REASON_NONE)
		return reason;
	while (digits.len > 0 && strchr(" \t\r\n", digits.at[0]))
		digits = (struct str){digits.at + 1, digits.len - 1};
	while (digits.len > 0 && strchr(" \t\r\n", digits.at[digits.len - 1]))
		digits.len--;
	*(struct str *)member = digits;
	if (digits.len == 0)
		return REASON_NONE;
	if (!all_digits(digits))
		return digits.at[0] == '-' ? REASON_OUT_OF_RANGE : REASON_WRONG_TYPE;
	while (digits.len > 1 && digits.at[0] == '0')
		digits = (struct str){digits.at + 1, digits.len - 1};
	*(struct str *)member = digits;
	return digits.len < most.len ||
			       (digits.len == most.len && memcmp(digits.at, most.at, most.len) <= 0)
		       ? REASON_NONE
		       : REASON_OUT_OF_RANGE;
}

static enum reason read_amount(struct scalar in, const struct field *field, void *member)
{
	return form_amount.read(in, field, member);
}

static void write_amount(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	buf->len += decimal_format_min(*(const struct amount *)member, 1,
				       buf_reserve(buf, DECIMAL_TEXT_MAX));
}

static void write_time(struct buf *buf, const struct field *field, const void *member)
{
	struct moment at = *(const struct moment *)member;
	struct tm local = zone_here(at);
	long minutes = local.tm_gmtoff / 60, apart = minutes < 0 ? -minutes : minutes;

	(void)field;
	buf_printf(buf, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03d0000%c%02ld:%02ld\"",
		   local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour,
		   local.tm_min, local.tm_sec, (int)((at.ms % 1000 + 1000) % 1000),
		   minutes < 0 ? '-' : '+', apart / 60, apart % 60);
}

static void write_time_or_null(struct buf *buf, const struct field *field, const void *member)
{
	if (((const struct moment *)member)->ms)
		write_time(buf, field, member);
	else
		buf_str(buf, STR("null"));
}

/* The numbers that have a name; the rest is the till's own. */
static const struct {
	struct str number, name;
} methods[] = {
	{{"0", 1}, {"CashPayment", 11}},
	{{"1", 1}, {"CustomerCardPayment", 19}},
};

#define METHODS (sizeof(methods) / sizeof(methods[0]))

static enum reason read_payment(struct scalar in, const struct field *field, void *member)
{
	struct str *method = member;
	enum reason reason = read_text(in, field, method);
	int64_t number;

	if (reason != REASON_NONE || method->len == 0)
		return reason;
	if (in.kind == SCALAR_NUMBER || method->at[0] == '-' || all_digits(*method)) {
		reason = form_read_integer(in, &number);
		if (reason == REASON_NONE && (number < 0 || number > INT32_MAX))
			reason = REASON_OUT_OF_RANGE;
		while (method->len > 1 && method->at[0] == '0')
			*method = (struct str){method->at + 1, method->len - 1};
	}
	for (size_t i = 0; i < METHODS; i++) {
		if (method->len == methods[i].name.len &&
		    strncasecmp(method->at, methods[i].name.at, method->len) == 0)
			*method = methods[i].number;
	}
	return reason;
}

static void write_payment(struct buf *buf, const struct field *field, const void *member)
{
	const struct str *method = member;

	if (all_digits(*method))
		buf_str(buf, *method);
	else
		form_text.write(buf, field, member);
}

static void write_payment_name(struct buf *buf, const struct field *field, const void *member)
{
	struct str method = *(const struct str *)member;

	for (size_t i = 0; i < METHODS; i++) {
		if (str_eq(method, methods[i].number))
			method = methods[i].name;
	}
	form_text.write(buf, field, &method);
}

#define DATE_TIME "\"type\":\"string\",\"format\":\"date-time\""

const struct form pos_text = {read_text, write_text, FORM_TAKES_EMPTY,
			      "\"type\":[\"string\",\"integer\"]", "\"type\":\"string\""};
const struct form pos_i64 = {read_i64, write_i64, 0, "\"type\":[\"integer\",\"string\"]",
			     "\"type\":\"integer\""};
const struct form pos_uid = {read_uid, write_text, FORM_TAKES_EMPTY,
			     "\"type\":[\"integer\",\"string\"]", "\"type\":\"string\""};
const struct form pos_amount = {read_amount, write_amount, 0, "\"type\":[\"number\",\"string\"]",
				"\"type\":\"number\""};
const struct form pos_time = {NULL, write_time, 0, "", DATE_TIME};
const struct form pos_time_or_null = {NULL, write_time_or_null, 0, "",
				      "\"type\":[\"string\",\"null\"],\"format\":\"date-time\""};
const struct form pos_payment = {read_payment, write_payment, FORM_TAKES_EMPTY,
				 "\"type\":[\"integer\",\"string\"]",
				 "\"type\":[\"integer\",\"string\"]"};
const struct form pos_payment_xml = {NULL, write_payment_name, 0, "", "\"type\":\"string\""};
