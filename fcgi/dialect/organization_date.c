/*
 * Dates as the vendor's client library sends them: a PHP DateTime that went through json_encode,
 * {"date":"2025-01-31 12:00:00.000000","timezone_type":3,"timezone":"Europe/Moscow"}.
 * timezone_type (php.net, DateTimeZone): 1 = offset, 2 = abbreviation, 3 = name.
 */
#include "organization.h"

#include <string.h>
#include <time.h>

#include "json.h"
#include "settings.h"
#include "zone.h"

#define FRACTION_MAX 6

enum { ZONE_OFFSET = 1, ZONE_ABBREVIATION, ZONE_NAME };

/* What DateTime prints of zones that a Russian or European shop has; those that mean several
 * zones are left out. Minutes east of Greenwich. */
static const struct {
	const char *name;
	int minutes;
} abbreviations[] = {
	{"UTC", 0},    {"GMT", 0},    {"Z", 0},      {"WET", 0},    {"WEST", 60},  {"CET", 60},
	{"CEST", 120}, {"EET", 120},  {"EEST", 180}, {"MSK", 180},  {"MSD", 240},  {"SAMT", 240},
	{"YEKT", 300}, {"OMST", 360}, {"NOVT", 420}, {"KRAT", 420}, {"IRKT", 480}, {"YAKT", 540},
	{"VLAT", 600}, {"MAGT", 660}, {"PETT", 720}, {"EST", -300}, {"EDT", -240}, {"CDT", -300},
	{"MDT", -360}, {"PDT", -420}, {"PST", -480},
};

/* Exactly n digits, no more behind them. */
static bool read_digits(const char **at, size_t n, int *value_r)
{
	*value_r = 0;
	for (size_t i = 0; i < n; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*value_r = *value_r * 10 + (**at - '0');
	}
	return **at < '0' || **at > '9';
}

static bool read_char(const char **at, char c)
{
	return *(*at)++ == c;
}

/* The fraction counts to milliseconds. */
static bool read_fraction(const char **at, int *ms_r)
{
	int digits = 0;

	*ms_r = 0;
	if (**at == '\0')
		return true;
	if (!read_char(at, '.'))
		return false;
	for (; **at >= '0' && **at <= '9'; (*at)++, digits++)
		if (digits < 3)
			*ms_r = *ms_r * 10 + (**at - '0');
	for (int i = digits; i < 3; i++)
		*ms_r *= 10;
	return digits > 0 && digits <= FRACTION_MAX && **at == '\0';
}

static bool read_date(const char *at, struct tm *local_r, int *ms_r)
{
	struct tm *t = local_r, whole;

	*t = (struct tm){0};
	if (!read_digits(&at, 4, &t->tm_year) || !read_char(&at, '-') ||
	    !read_digits(&at, 2, &t->tm_mon) || !read_char(&at, '-') ||
	    !read_digits(&at, 2, &t->tm_mday) || !read_char(&at, ' ') ||
	    !read_digits(&at, 2, &t->tm_hour) || !read_char(&at, ':') ||
	    !read_digits(&at, 2, &t->tm_min) || !read_char(&at, ':') ||
	    !read_digits(&at, 2, &t->tm_sec) || !read_fraction(&at, ms_r))
		return false;
	t->tm_year -= 1900;
	t->tm_mon -= 1;
	whole = *t;
	timegm(&whole); /* what is no date or time is moved to one that is */
	return t->tm_mon == whole.tm_mon && t->tm_mday == whole.tm_mday &&
	       t->tm_hour == whole.tm_hour && t->tm_min == whole.tm_min &&
	       t->tm_sec == whole.tm_sec;
}

/* "+03:00" */
static bool read_offset(const char *at, int *minutes_r)
{
	bool west = *at == '-';
	int hours, minutes;

	if ((*at != '+' && *at != '-') || !(at++, read_digits(&at, 2, &hours)) ||
	    !read_char(&at, ':') || !read_digits(&at, 2, &minutes) || *at != '\0' || hours > 14 ||
	    minutes > 59)
		return false;
	*minutes_r = (west ? -1 : 1) * (hours * 60 + minutes);
	return true;
}

static bool read_abbreviation(const char *name, int *minutes_r)
{
	for (size_t i = 0; i < sizeof(abbreviations) / sizeof(abbreviations[0]); i++) {
		if (strcmp(name, abbreviations[i].name) == 0) {
			*minutes_r = abbreviations[i].minutes;
			return true;
		}
	}
	return false;
}

static bool read_zoned(int64_t type, struct str zone, struct tm local, struct moment *moment_r)
{
	int minutes = 0;

	switch (type) {
	case ZONE_OFFSET:
		if (!read_offset(zone.at, &minutes))
			return false;
		break;
	case ZONE_ABBREVIATION:
		if (!read_abbreviation(zone.at, &minutes))
			return false;
		break;
	case ZONE_NAME:
		if (!timezone_is_good(zone))
			return false;
		*moment_r = zone_moment(zone.at, local);
		return true;
	default:
		return false;
	}
	moment_r->ms = ((int64_t)timegm(&local) - (int64_t)minutes * 60) * 1000;
	return true;
}

static bool is_kind(const struct json_value *value, enum json_kind kind)
{
	return value && json_kind(value) == kind;
}

static enum reason read_object(const struct json_value *object, struct moment *moment_r)
{
	const struct json_value *date = json_member(object, "date");
	const struct json_value *type = json_member(object, "timezone_type");
	const struct json_value *zone = json_member(object, "timezone");
	struct tm local;
	int64_t number = 0;
	int ms = 0;

	if (!is_kind(date, JSON_STRING) || !is_kind(type, JSON_NUMBER) ||
	    !is_kind(zone, JSON_STRING) || !str_to_i64(json_text_of(type), &number) ||
	    !read_date(json_text_of(date).at, &local, &ms) ||
	    !read_zoned(number, json_text_of(zone), local, moment_r))
		return REASON_MALFORMED;
	moment_r->ms += ms;
	return REASON_NONE;
}

static enum reason read_base_date(struct scalar in, const struct field *field, void *member)
{
	if (in.tree && json_kind(in.tree) == JSON_OBJECT)
		return read_object(in.tree, member);
	return organization_moment_or_seconds.read(in, field, member);
}

static void write_base_date(struct buf *buf, const struct field *field, const void *member)
{
	form_moment_ms.write(buf, field, member);
}

const struct form organization_base_date = {
	read_base_date,
	write_base_date,
	0,
	"\"type\":[\"integer\",\"string\",\"object\",\"null\"],\"properties\":{"
	"\"date\":{\"type\":\"string\"},\"timezone_type\":{\"enum\":[1,2,3]},"
	"\"timezone\":{\"type\":\"string\"}}",
	"\"type\":\"integer\"",
};
