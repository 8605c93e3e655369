/* Dates as ISO 8601 writes them (RFC 3339 and the shorter forms that clients send). */
#include <time.h>

#include "form.h"

#define DAY_MS INT64_C(86400000)

/* Exactly n digits off the front. */
static bool take_digits(struct str *text, size_t n, int *value_r)
{
	int value = 0;

	if (text->len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (text->at[i] < '0' || text->at[i] > '9')
			return false;
		value = value * 10 + (text->at[i] - '0');
	}
	*text = (struct str){text->at + n, text->len - n};
	*value_r = value;
	return true;
}

static bool take_char(struct str *text, const char *one_of)
{
	if (text->len == 0 || !strchr(one_of, text->at[0]))
		return false;
	*text = (struct str){text->at + 1, text->len - 1};
	return true;
}

/* YYYY-MM-DD of a day that there is. */
static bool take_day(struct str *text, int64_t *ms_r)
{
	struct tm day = {0}, made;
	int year, month;

	if (!take_digits(text, 4, &year) || !take_char(text, "-") ||
	    !take_digits(text, 2, &month) || !take_char(text, "-") ||
	    !take_digits(text, 2, &day.tm_mday) || year == 0)
		return false;
	day.tm_year = year - 1900;
	day.tm_mon = month - 1;
	made = day;
	*ms_r = (int64_t)timegm(&made) * 1000;
	return made.tm_mday == day.tm_mday && made.tm_mon == day.tm_mon;
}

/* .5 or .123456: milliseconds, the rest dropped. */
static bool take_fraction(struct str *text, int64_t *ms)
{
	int unit = 100, digit;
	size_t n = 0;

	for (; text->len > 0 && take_digits(text, 1, &digit); n++, unit /= 10)
		*ms += (int64_t)digit * unit;
	return n > 0;
}

/* HH:MM[:SS[.fraction]] */
static bool take_time(struct str *text, int64_t *ms)
{
	int hour, minute, second = 0;

	if (!take_digits(text, 2, &hour) || !take_char(text, ":") || !take_digits(text, 2, &minute))
		return false;
	if (take_char(text, ":") && !take_digits(text, 2, &second))
		return false;
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	*ms += ((int64_t)hour * 3600 + (int64_t)minute * 60 + second) * 1000;
	return !take_char(text, ".") || take_fraction(text, ms);
}

/* Z, +HH:MM or nothing, which is UTC too. */
static bool take_offset(struct str *text, int64_t *ms)
{
	bool west = text->len > 0 && text->at[0] == '-';
	int hour, minute;

	if (text->len == 0 || take_char(text, "Zz"))
		return true;
	if (!take_char(text, "+-") || !take_digits(text, 2, &hour))
		return false;
	take_char(text, ":");
	if (!take_digits(text, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*ms += (west ? 1 : -1) * ((int64_t)hour * 60 + minute) * 60000;
	return true;
}

static bool unsets(struct scalar in)
{
	return in.kind == SCALAR_NULL || (in.kind == SCALAR_STRING && in.text.len == 0);
}

static enum reason read_iso(struct scalar in, const struct field *field, void *member)
{
	struct moment *moment = member;
	int64_t ms = 0;

	(void)field;
	if (!unsets(in)) {
		if (in.kind != SCALAR_STRING && in.kind != SCALAR_TEXT)
			return REASON_WRONG_TYPE;
		if (!take_day(&in.text, &ms))
			return REASON_MALFORMED;
		if (in.text.len > 0 && (!take_char(&in.text, "Tt ") || !take_time(&in.text, &ms) ||
					!take_offset(&in.text, &ms)))
			return REASON_MALFORMED;
		if (in.text.len > 0)
			return REASON_MALFORMED;
	}
	moment->ms = ms;
	return REASON_NONE;
}

/* The date of a moment, and how far into the day it is. */
static int64_t put_day(struct buf *buf, int64_t ms)
{
	int64_t into = ((ms % DAY_MS) + DAY_MS) % DAY_MS;
	time_t second = (time_t)((ms - into) / 1000);
	struct tm day;

	gmtime_r(&second, &day);
	buf_printf(buf, "\"%04d-%02d-%02d", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
	return into;
}

static void write_iso(struct buf *buf, const struct field *field, const void *member)
{
	int64_t ms = ((const struct moment *)member)->ms, into = put_day(buf, ms);

	(void)field;
	buf_printf(buf, "T%02d:%02d:%02d.%03dZ\"", (int)(into / 3600000), (int)(into / 60000 % 60),
		   (int)(into / 1000 % 60), (int)(into % 1000));
}

/* 0 is unset, so the day that begins then begins a millisecond late. */
static enum reason read_day(struct scalar in, const struct field *field, void *member)
{
	struct moment *moment = member;
	int64_t ms = 0;

	(void)field;
	if (!unsets(in)) {
		if (in.kind != SCALAR_STRING && in.kind != SCALAR_TEXT)
			return REASON_WRONG_TYPE;
		if (!take_day(&in.text, &ms) || in.text.len > 0)
			return REASON_MALFORMED;
		ms = ms == 0 ? 1 : ms;
	}
	moment->ms = ms;
	return REASON_NONE;
}

static void write_day(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	put_day(buf, ((const struct moment *)member)->ms);
	buf_char(buf, '"');
}

const struct form form_iso_moment = {read_iso, write_iso, FORM_NULL_UNSETS,
				     "\"type\":[\"string\",\"null\"],\"format\":\"date-time\"",
				     "\"type\":\"string\",\"format\":\"date-time\""};
const struct form form_day = {read_day, write_day, FORM_NULL_UNSETS,
			      "\"type\":[\"string\",\"null\"],\"format\":\"date\"",
			      "\"type\":\"string\",\"format\":\"date\""};
