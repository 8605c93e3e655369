/* How values travel in the identifiers dialect. */
#include "identifiers.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "json.h"
#include "operation.h"

static enum reason read_bool(struct scalar in, const struct field *field, void *member)
{
	if (in.kind == SCALAR_NUMBER || in.kind == SCALAR_STRING || in.kind == SCALAR_BOOL)
		in.kind = SCALAR_TEXT;
	return form_bool.read(in, field, member);
}

static void write_bool(struct buf *buf, const struct field *field, const void *member)
{
	form_bool.write(buf, field, member);
}

static enum reason read_i64(struct scalar in, const struct field *field, void *member)
{
	(void)field;
	*(int64_t *)member = 0;
	return in.kind == SCALAR_STRING && in.text.len == 0 ? REASON_NONE
							    : form_read_integer(in, member);
}

static void write_i64(struct buf *buf, const struct field *field, const void *member)
{
	form_i64.write(buf, field, member);
}

static enum reason read_nothing(struct scalar in, const struct field *field, void *member)
{
	(void)in;
	(void)field;
	(void)member;
	return REASON_WRONG_TYPE;
}

static void put_time(struct buf *buf, const struct moment *moment, const char *format)
{
	time_t seconds = (time_t)(moment->ms / 1000);
	struct tm parts;
	char text[64];

	if (moment->ms == 0) {
		buf_str(buf, STR("null"));
		return;
	}
	gmtime_r(&seconds, &parts);
	buf_put(buf, text, strftime(text, sizeof(text), format, &parts));
}

static void write_moment(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	put_time(buf, member, "\"%Y-%m-%dT%H:%M:%SZ\"");
}

static void write_day(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	put_time(buf, member, "\"%Y-%m-%d\"");
}

static void write_texts(struct buf *buf, const struct field *field, const void *member)
{
	const struct list *list = member;
	const struct str *text = list->rows;

	(void)field;
	buf_char(buf, '[');
	for (size_t i = 0; i < list->n; i++) {
		if (i > 0)
			buf_char(buf, ',');
		json_put_string(buf, text[i]);
	}
	buf_char(buf, ']');
}

struct word {
	const char *word;
	int64_t value;
};

static const struct word kinds[] = {{"PHYSICAL", 1}, {"DIGITAL", 2}, {NULL, 0}};
/* The vendor's pages spell the second one in two ways. */
static const struct word methods[] = {{"DEFAULT", 1}, {"LUHN", 2}, {"LUHNALGO", 2}, {NULL, 0}};
static const struct word statuses[] = {
	{"NOT_ISSUED", 1}, {"ACTIVE", 2},   {"EXPIRED", 3}, {"SUSPENDED", 4},
	{"ISSUED", 5},     {"DELETED", 11}, {NULL, 0},
};

/* "" = not said. */
static enum reason read_word(const struct word *words, struct scalar in, enum reason unknown,
			     int64_t *value_r)
{
	if (in.kind != SCALAR_STRING && in.kind != SCALAR_TEXT)
		return REASON_WRONG_TYPE;
	*value_r = 0;
	if (in.text.len == 0)
		return REASON_NONE;
	for (; words->word; words++) {
		if (strlen(words->word) == in.text.len &&
		    strncasecmp(words->word, in.text.at, in.text.len) == 0) {
			*value_r = words->value;
			return REASON_NONE;
		}
	}
	return unknown;
}

static void write_word(const struct word *words, struct buf *buf, int64_t value)
{
	while (words->word && words->value != value)
		words++;
	json_put_string(buf, str_of(words->word ? words->word : ""));
}

#define WORDS(name, words, unknown)                                                                \
	static enum reason read_##name(struct scalar in, const struct field *field, void *member)  \
	{                                                                                          \
		(void)field;                                                                       \
		return read_word(words, in, unknown, member);                                      \
	}                                                                                          \
	static void write_##name(struct buf *buf, const struct field *field, const void *member)   \
	{                                                                                          \
		(void)field;                                                                       \
		write_word(words, buf, *(const int64_t *)member);                                  \
	}

WORDS(kind, kinds, REASON_SERIES_KIND)
WORDS(method, methods, REASON_UNKNOWN_VALUE)
WORDS(status, statuses, REASON_UNKNOWN_VALUE)

/* Members that the vendor's pages name and that say nothing here. */
#define CONSTANT(name, text)                                                                       \
	static void write_##name(struct buf *buf, const struct field *field, const void *member)   \
	{                                                                                          \
		(void)field;                                                                       \
		(void)member;                                                                      \
		buf_str(buf, STR(text));                                                           \
	}

CONSTANT(object, "{}")
CONSTANT(array, "[]")
CONSTANT(zero, "0")
CONSTANT(card_word, "\"CARD\"")

#define SCHEMA_BOOL "\"enum\":[true,false,1,0,\"true\",\"false\",\"1\",\"0\",null]"
#define SCHEMA_I64  "\"type\":[\"integer\",\"string\",\"null\"]"
#define SCHEMA_TEXT "\"type\":[\"string\",\"null\"]"

const struct form identifiers_bool = {read_bool, write_bool, 0, SCHEMA_BOOL,
				      "\"type\":\"boolean\""};
const struct form identifiers_i64 = {read_i64, write_i64, 0, SCHEMA_I64, "\"type\":\"integer\""};
const struct form identifiers_moment = {read_nothing, write_moment, 0, SCHEMA_TEXT, SCHEMA_TEXT};
const struct form identifiers_day = {read_nothing, write_day, 0, SCHEMA_TEXT, SCHEMA_TEXT};
const struct form identifiers_texts = {read_nothing, write_texts, 0, "\"type\":\"array\"",
				       "\"type\":\"array\",\"items\":{\"type\":\"string\"}"};
const struct form identifiers_kind = {read_kind, write_kind, 0, SCHEMA_TEXT,
				      "\"enum\":[\"PHYSICAL\",\"DIGITAL\"]"};
const struct form identifiers_method = {read_method, write_method, 0, SCHEMA_TEXT,
					"\"enum\":[\"DEFAULT\",\"LUHN\"]"};
const struct form identifiers_status = {
	read_status, write_status, 0, SCHEMA_TEXT,
	"\"enum\":[\"NOT_ISSUED\",\"ACTIVE\",\"EXPIRED\",\"SUSPENDED\",\"ISSUED\",\"DELETED\"]"};

const struct form identifiers_object = {read_nothing, write_object, 0, "\"type\":\"object\"",
					"\"type\":\"object\""};
const struct form identifiers_array = {read_nothing, write_array, 0, "\"type\":\"array\"",
				       "\"type\":\"array\""};
const struct form identifiers_zero = {read_nothing, write_zero, 0, "\"const\":0", "\"const\":0"};
const struct form identifiers_card_word = {read_nothing, write_card_word, 0, "\"const\":\"CARD\"",
					   "\"const\":\"CARD\""};

static void write_code(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	buf_i64(buf, identifiers_code((enum reason) * (const int64_t *)member));
}

static void write_text(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	json_put_string(buf, str_of(reason_text((enum reason) * (const int64_t *)member)));
}

static const struct form warning_code = {read_nothing, write_code, 0, SCHEMA_I64,
					 "\"type\":\"integer\""};
static const struct form warning_text = {read_nothing, write_text, 0, SCHEMA_TEXT,
					 "\"type\":\"string\""};
static const struct field warning_fields[] = {
	FIELD(struct warning, reason, "code", .form = &warning_code),
	FIELD(struct warning, reason, "message", .form = &warning_text),
};
const struct map identifiers_warning = MAP("Warning", struct warning, warning_fields);
