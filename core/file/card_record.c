#include "card_record.h"

#include <time.h>

#include "decimal.h"
#include "json.h"
#include "ledger.h"
#include "text.h"
#include "uuid.h"
#include "zone.h"

/* Four digits show them, in the organisation's zone. */
#define YEAR_MIN 1
#define YEAR_MAX 9999

/* One value on its way in or out. */
struct cell {
	struct arena *arena;
	const char *zone;
	enum json_kind kind;
	struct str text;
};

struct member {
	const char *name;
	size_t offset;
	bool required;
	enum reason (*read)(const struct cell *in, void *at);
	void (*write)(struct buf *buf, const char *zone, const void *at);
};

static enum reason read_number(const struct cell *in, int64_t min, int64_t max, int64_t *value_r)
{
	int64_t value;

	if (in->kind != JSON_NUMBER || !str_to_i64(in->text, &value))
		return REASON_WRONG_TYPE;
	if (value < min || value > max)
		return REASON_OUT_OF_RANGE;
	*value_r = value;
	return REASON_NONE;
}

static enum reason read_id(const struct cell *in, void *at)
{
	return read_number(in, 1, CARD_RECORD_ID_MAX, at);
}

static enum reason read_points(const struct cell *in, void *at)
{
	return read_number(in, 0, CARD_RECORD_POINTS_MAX, at);
}

static void write_number(struct buf *buf, const char *zone, const void *at)
{
	(void)zone;
	buf_i64(buf, *(const int64_t *)at);
}

static enum reason read_guid(const struct cell *in, void *at)
{
	if (in->kind != JSON_STRING)
		return REASON_WRONG_TYPE;
	return uuid_parse(in->text, at) ? REASON_NONE : REASON_NOT_UUID;
}

static void write_guid(struct buf *buf, const char *zone, const void *at)
{
	char text[UUID_TEXT_LEN];

	(void)zone;
	if (uuid_is_unset(at)) {
		buf_text(buf, "null");
		return;
	}
	uuid_format(at, text);
	buf_char(buf, '"');
	buf_put(buf, text, sizeof(text));
	buf_char(buf, '"');
}

/* What folds to nothing could not be told from another such number. */
static enum reason read_text(const struct cell *in, void *at)
{
	if (in->kind != JSON_STRING)
		return REASON_WRONG_TYPE;
	if (text_length(in->text) > CARD_RECORD_NUMBER_MAX)
		return REASON_TOO_LONG;
	if (text_fold(in->arena, in->text, CARD_RECORD_NUMBER_MAX).len == 0)
		return REASON_REQUIRED;
	*(struct str *)at = str_dup(in->arena, in->text);
	return REASON_NONE;
}

static void write_text(struct buf *buf, const char *zone, const void *at)
{
	(void)zone;
	json_put_string(buf, *(const struct str *)at);
}

static const char *const kinds[] = {
	[CARD_LOYALTY] = "loyalty",
	[CARD_GIFT] = "giftcard",
	[CARD_MEMBERSHIP] = "membership",
};

static enum reason read_kind(const struct cell *in, void *at)
{
	if (in->kind != JSON_STRING)
		return REASON_WRONG_TYPE;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (str_eq(in->text, str_of(kinds[i]))) {
			*(int64_t *)at = (int64_t)i;
			return REASON_NONE;
		}
	}
	return REASON_UNKNOWN_VALUE;
}

static void write_kind(struct buf *buf, const char *zone, const void *at)
{
	(void)zone;
	json_put_string(buf, str_of(kinds[*(const int64_t *)at]));
}

static enum reason read_status(const struct cell *in, void *at)
{
	if (in->kind != JSON_STRING)
		return REASON_WRONG_TYPE;
	if (!str_eq(in->text, STR("active")) && !str_eq(in->text, STR("inactive")))
		return REASON_UNKNOWN_VALUE;
	*(bool *)at = str_eq(in->text, STR("active"));
	return REASON_NONE;
}

static void write_status(struct buf *buf, const char *zone, const void *at)
{
	(void)zone;
	buf_text(buf, *(const bool *)at ? "\"active\"" : "\"inactive\"");
}

static enum reason read_money(const struct cell *in, void *at)
{
	struct amount amount;

	if (in->kind != JSON_NUMBER)
		return REASON_WRONG_TYPE;
	enum reason reason = decimal_parse(in->text, &amount);
	if (reason == REASON_NONE && amount.minor < 0)
		return REASON_OUT_OF_RANGE;
	if (reason == REASON_NONE)
		*(struct amount *)at = amount;
	return reason;
}

static void write_money(struct buf *buf, const char *zone, const void *at)
{
	char text[DECIMAL_TEXT_MAX];

	(void)zone;
	buf_put(buf, text, decimal_format_min(*(const struct amount *)at, 1, text));
}

/* n digits at *text, which moves on; false when there are none. */
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

static bool take_char(struct str *text, char c)
{
	if (text->len == 0 || *text->at != c)
		return false;
	*text = (struct str){text->at + 1, text->len - 1};
	return true;
}

static bool take_civil(struct str *text, struct tm *tm)
{
	bool good = take_digits(text, 4, &tm->tm_year) && take_char(text, '-') &&
		    take_digits(text, 2, &tm->tm_mon) && take_char(text, '-') &&
		    take_digits(text, 2, &tm->tm_mday) && take_char(text, 'T') &&
		    take_digits(text, 2, &tm->tm_hour) && take_char(text, ':') &&
		    take_digits(text, 2, &tm->tm_min) && take_char(text, ':') &&
		    take_digits(text, 2, &tm->tm_sec);
	int ignored;

	if (!good || tm->tm_year == 0)
		return false;
	tm->tm_year -= 1900;
	tm->tm_mon -= 1;
	if (!take_char(text, '.'))
		return true;
	if (!take_digits(text, 1, &ignored))
		return false;
	while (take_digits(text, 1, &ignored))
		;
	return true;
}

/* Z or +03:00; *local_r = neither. */
static bool take_offset(struct str *text, int *seconds_r, bool *local_r)
{
	int hours, minutes, sign;

	*seconds_r = 0;
	*local_r = text->len == 0;
	if (*local_r || take_char(text, 'Z'))
		return text->len == 0;
	sign = take_char(text, '-') ? -1 : 1;
	if (sign == 1 && !take_char(text, '+'))
		return false;
	if (!take_digits(text, 2, &hours) || !take_char(text, ':') ||
	    !take_digits(text, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*seconds_r = sign * (hours * 3600 + minutes * 60);
	return text->len == 0;
}

/* A moment of 0 is unset: the epoch's own second stands a millisecond later. */
static struct moment never_unset(struct moment at)
{
	return (struct moment){at.ms ? at.ms : 1};
}

static enum reason read_moment(const struct cell *in, void *at)
{
	struct tm tm = {0};
	struct str text = in->text;
	struct moment moment;
	int offset_s;
	bool local;

	if (in->kind != JSON_STRING)
		return REASON_WRONG_TYPE;
	if (!take_civil(&text, &tm) || !take_offset(&text, &offset_s, &local))
		return REASON_MALFORMED;
	if (!zone_moment_next(local ? in->zone : "UTC", tm, &moment))
		return REASON_MALFORMED;
	moment.ms -= (int64_t)offset_s * 1000;
	int year = zone_local(in->zone, moment).tm_year + 1900;
	if (year < YEAR_MIN || year > YEAR_MAX)
		return REASON_OUT_OF_RANGE;
	*(struct moment *)at = never_unset(moment);
	return REASON_NONE;
}

static char *put_digits(char *at, int value, int width)
{
	for (int i = width - 1; i >= 0; i--, value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + width;
}

static void write_moment(struct buf *buf, const char *zone, const void *at)
{
	static const char form[] = "\"0000-00-00T00:00:00\"";
	const struct moment *moment = at;
	char text[sizeof(form)];

	if (moment->ms == 0) {
		buf_text(buf, "null");
		return;
	}
	struct tm tm = zone_local(zone, *moment);
	memcpy(text, form, sizeof(form));
	put_digits(text + 1, tm.tm_year + 1900, 4);
	put_digits(text + 6, tm.tm_mon + 1, 2);
	put_digits(text + 9, tm.tm_mday, 2);
	put_digits(text + 12, tm.tm_hour, 2);
	put_digits(text + 15, tm.tm_min, 2);
	put_digits(text + 18, tm.tm_sec, 2);
	buf_put(buf, text, sizeof(form) - 1);
}

#define MEMBER(name, member, required, form)                                                       \
	{                                                                                          \
		name, offsetof(struct card_record, member), required, read_##form, write_##form    \
	}
#define write_id     write_number
#define write_points write_number

/* The vendor's table, in its order. */
static const struct member members[] = {
	MEMBER("id", id, true, id),
	MEMBER("customer_id", customer_id, true, id),
	MEMBER("customer_client_id", client, false, guid),
	MEMBER("card_number", number, true, text),
	MEMBER("card_type", kind, true, kind),
	MEMBER("balance", balance, false, money),
	MEMBER("points", points, false, points),
	MEMBER("valid_from", valid_from, false, moment),
	MEMBER("valid_to", valid_to, false, moment),
	MEMBER("status", active, true, status),
	MEMBER("created_at", created_at, true, moment),
};
#define MEMBERS_N (sizeof(members) / sizeof(members[0]))

static enum reason read_member(struct arena *arena, const struct member *member,
			       const struct json_value *object, const char *zone,
			       struct card_record *record)
{
	const struct json_value *value = json_member(object, member->name);

	if (!value || json_kind(value) == JSON_NULL)
		return member->required ? REASON_REQUIRED : REASON_NONE;
	struct cell cell = {arena, zone, json_kind(value), json_text_of(value)};
	return member->read(&cell, (char *)record + member->offset);
}

/* What no member can say alone. */
static enum reason check(const struct card_record *record, const char **member_r)
{
	if (record->kind == CARD_GIFT && record->points > 0) {
		*member_r = "points";
		return REASON_GIFT_POINTS;
	}
	if (record->valid_from.ms && record->valid_to.ms &&
	    record->valid_to.ms < record->valid_from.ms) {
		*member_r = "valid_to";
		return REASON_BEFORE_START;
	}
	return REASON_NONE;
}

enum reason card_record_read(struct arena *arena, struct str text, const char *zone,
			     struct card_record *record, const char **member_r)
{
	const struct json_value *root;

	*record = (struct card_record){.number = STR("")};
	enum reason reason = json_parse(arena, text, &root, member_r);
	if (reason != REASON_NONE)
		return reason;
	*member_r = "record";
	if (json_kind(root) != JSON_OBJECT)
		return REASON_NOT_OBJECT;
	for (size_t i = 0; i < MEMBERS_N; i++) {
		*member_r = members[i].name;
		reason = read_member(arena, &members[i], root, zone, record);
		if (reason != REASON_NONE)
			return reason;
	}
	return check(record, member_r);
}

void card_record_write(struct buf *buf, const struct card_record *record, const char *zone)
{
	for (size_t i = 0; i < MEMBERS_N; i++) {
		buf_text(buf, i ? ",\"" : "{\"");
		buf_text(buf, members[i].name);
		buf_text(buf, "\":");
		members[i].write(buf, zone, (const char *)record + members[i].offset);
	}
	buf_char(buf, '}');
}

/* Written alike: moments differ in what is not shown of them. */
static bool same(struct arena *arena, const struct member *member, const struct card_record *a,
		 const struct card_record *b, const char *zone)
{
	size_t mark = arena_mark(arena);
	struct buf x, y;

	buf_init(&x, arena, CARD_RECORD_NUMBER_MAX);
	member->write(&x, zone, (const char *)a + member->offset);
	buf_init(&y, arena, CARD_RECORD_NUMBER_MAX);
	member->write(&y, zone, (const char *)b + member->offset);
	bool alike = x.len == y.len && memcmp(x.at, y.at, x.len) == 0;
	arena_reset(arena, mark);
	return alike;
}

bool card_record_differs(struct arena *arena, const struct card_record *a,
			 const struct card_record *b, const char *zone, size_t offset)
{
	size_t i = 0;

	while (members[i].offset != offset)
		i++;
	return !same(arena, &members[i], a, b, zone);
}

int64_t card_record_first_id(struct str text)
{
	static const char start[] = "{\"id\":";
	size_t at = sizeof(start) - 1, most = at + 18;
	int64_t id = 0;

	if (text.len <= most || memcmp(text.at, start, at) != 0)
		return 0;
	while (at < most && text.at[at] >= '0' && text.at[at] <= '9')
		id = id * 10 + (text.at[at++] - '0');
	return text.at[at] == ',' ? id : 0;
}
