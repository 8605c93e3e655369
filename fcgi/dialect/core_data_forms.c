/* Forms of the core-data dialect. */
#include "codec.h"
#include "core_data.h"
#include "json.h"
#include "ledger.h"
#include "person.h"
#include "series.h"

static enum reason read_relation(struct scalar in, const struct field *field, void *member)
{
	const struct json_value *id = NULL;
	const struct form *form = field->type == FT_UUID ? &form_uuid : &form_i64;

	if (in.kind == SCALAR_NULL) {
		memset(member, 0, field_size(field));
		return REASON_NONE;
	}
	if (in.tree && json_kind(in.tree) == JSON_OBJECT && json_count(in.tree) == 1)
		id = json_member(in.tree, "id");
	if (!id || json_kind(id) == JSON_NULL)
		return REASON_WRONG_TYPE;
	return form->read(json_tree.scalar(id, field), field, member);
}

static void write_relation(struct buf *buf, const struct field *field, const void *member)
{
	const struct form *form = field->type == FT_UUID ? &form_uuid : &form_i64;

	buf_text(buf, "{\"id\":");
	form->write(buf, field, member);
	buf_char(buf, '}');
}

/* A word by its value; NULL among the words = none for it. */
static enum reason read_word(struct scalar in, const char *const *words, size_t n, void *member)
{
	if (in.kind == SCALAR_NULL) {
		*(int64_t *)member = 0;
		return REASON_NONE;
	}
	if (in.kind != SCALAR_STRING && in.kind != SCALAR_TEXT)
		return REASON_WRONG_TYPE;
	for (size_t i = 0; i < n; i++) {
		if (words[i] && str_eq(in.text, str_of(words[i]))) {
			*(int64_t *)member = (int64_t)i;
			return REASON_NONE;
		}
	}
	return REASON_UNKNOWN_VALUE;
}

static const char *const gender_words[] = {
	[GENDER_MALE] = "male",
	[GENDER_FEMALE] = "female",
	[GENDER_NONE] = "none",
};
static const char *const type_words[] = {
	[CARD_LOYALTY] = "loyalty",
	[CARD_GIFT] = "giftcard",
	[CARD_MEMBERSHIP] = "membership",
};
static const char *const series_words[] = {
	[SERIES_PHYSICAL] = "PHYSICAL",
	[SERIES_DIGITAL] = "DIGITAL",
};
static const char *const method_words[] = {
	[SERIES_DEFAULT] = "DEFAULT",
	[SERIES_LUHN] = "LUHN",
};
static const char *const unit_words[] = {
	[UNIT_POINTS] = "points",
	[UNIT_MONEY] = "money",
};

/* A form for a list of words, by value. */
#define WORDS(name, words)                                                                         \
	static enum reason read_##name(struct scalar in, const struct field *field, void *member)  \
	{                                                                                          \
		(void)field;                                                                       \
		return read_word(in, (words), sizeof(words) / sizeof((words)[0]), member);         \
	}                                                                                          \
	static void write_##name(struct buf *buf, const struct field *field, const void *member)   \
	{                                                                                          \
		(void)field;                                                                       \
		buf_printf(buf, "\"%s\"", (words)[*(const int64_t *)member]);                      \
	}
WORDS(gender, gender_words)
WORDS(type, type_words)
WORDS(unit, unit_words)
WORDS(series, series_words)
WORDS(method, method_words)
WORDS(kind, entry_kind_names)

const struct form core_data_relation = {
	read_relation, write_relation, FORM_NULL_UNSETS,
	"\"type\":[\"object\",\"null\"],\"required\":[\"id\"],\"properties\":{\"id\":{}},"
	"\"additionalProperties\":false",
	"\"type\":\"object\""};
#define GENDERS "\"enum\":[\"male\",\"female\",\"none\",null]"
#define TYPES   "\"enum\":[\"loyalty\",\"giftcard\",\"membership\"]"
#define UNITS   "\"enum\":[\"points\",\"money\"]"
const struct form core_data_gender = {read_gender, write_gender, FORM_NULL_UNSETS, GENDERS,
				      GENDERS};
const struct form core_data_card_type = {read_type, write_type, 0, TYPES, TYPES};
const struct form core_data_unit = {read_unit, write_unit, 0, UNITS, UNITS};
const struct form core_data_entry_kind = {read_kind, write_kind, 0, "\"type\":\"string\"",
					  "\"type\":\"string\""};
#define SERIES  "\"enum\":[\"PHYSICAL\",\"DIGITAL\"]"
#define METHODS "\"enum\":[\"DEFAULT\",\"LUHN\",null]"
const struct form core_data_series_type = {read_series, write_series, 0, SERIES, SERIES};
const struct form core_data_series_method = {read_method, write_method, FORM_NULL_UNSETS, METHODS,
					     METHODS};
