/* Series and labels of the identifiers dialect: maps. */
#include "identifiers.h"
#include "label.h"
#include "series.h"

#define NUMBERS_FIELDS                                                                             \
	FIELD(struct series_numbers, prefix, "prefix", .max = NUMBER_MAX),                         \
		FIELD(struct series_numbers, suffix, "suffix", .max = NUMBER_MAX),                 \
		FIELD(struct series_numbers, offset, "offset", .max = INT64_MAX,                   \
		      .doc = "kept; numbers are random"),                                          \
		FIELD(struct series_numbers, length, "length", .min = INT64_MIN, .max = INT64_MAX, \
		      .doc = "digits between prefix and suffix, a check digit among them"),        \
		FIELD(struct series_numbers, method, "method", .form = &identifiers_method,        \
		      .doc = "LUHN: the last digit is a check digit (ISO/IEC 7812-1)")
static const struct field numbers_fields[] = {NUMBERS_FIELDS};
static const struct map numbers_map = MAP("SeriesNumbers", struct series_numbers, numbers_fields);

#define SERIES_IN_FIELDS                                                                           \
	FIELD(struct series_in, row.code, "code", .max = SERIES_CODE_MAX,                          \
	      .doc = "letters and digits; unique without regard to case"),                         \
		FIELD(struct series_in, row.name, "name", .doc = "the code when absent"),          \
		FIELD(struct series_in, row.kind, "type", .form = &identifiers_kind),              \
		FIELD(struct series_in, row.expiry_enabled, "cardExpiryEnabled"),                  \
		FIELD(struct series_in, row.expiry_days, "expiryDays", .min = INT64_MIN,           \
		      .max = SERIES_DAYS_MAX, .doc = "from the day of issue"),                     \
		FIELD(struct series_in, row.generation_enabled, "cardGenerationEnabled"),          \
		FIELD(struct series_in, numbers, "cardGenerationConfiguration",                    \
		      .map = &numbers_map),                                                        \
		FIELD(struct series_in, row.active, "isActive"),                                   \
		FIELD(struct series_in, row.trigger_kind, "trigger", .max = 64,                    \
		      .doc = "REGISTRATION, SERIES_ID or OU_ID; kept"),                            \
		FIELD(struct series_in, row.concept_code, "conceptCode", .max = 64),               \
		FIELD(struct series_in, row.max_per_person, "maxActiveCardsPerCustomer",           \
		      .min = INT64_MIN, .max = INT64_MAX, .doc = "0 = no limit")

static const struct field add_fields[] = {SERIES_IN_FIELDS};
const struct map identifiers_series_add_in = MAP_SENT("SeriesAdd", struct series_in, add_fields);
static const struct field change_fields[] = {
	FIELD(struct series_in, row.serial, "seriesId", .from = FROM_PATH, .flags = F_REQUIRED),
	SERIES_IN_FIELDS,
};
const struct map identifiers_series_change_in =
	MAP_SENT("SeriesChange", struct series_in, change_fields);

static const struct field get_fields[] = {
	FIELD(struct series_get_in, serial, "seriesId", .from = FROM_PATH, .flags = F_REQUIRED),
};
const struct map identifiers_series_get_in = MAP("SeriesGet", struct series_get_in, get_fields);

static const struct field made_fields[] = {
	FIELD(struct series_out, series.row.serial, "entity"),
	IDENTIFIERS_WARNINGS(struct series_out),
};
const struct map identifiers_series_made = MAP("SeriesMade", struct series_out, made_fields);

#define VIEW_FIELDS(T, at)                                                                         \
	FIELD(T, at row.serial, "id"), FIELD(T, at row.organisation_id, "orgId"),                  \
		FIELD(T, at row.code, "code", .max = SERIES_CODE_MAX),                             \
		FIELD(T, at row.name, "name"),                                                     \
		FIELD(T, at row.kind, "type", .form = &identifiers_kind),                          \
		FIELD(T, at row.active, "isActive"),                                               \
		FIELD(T, at row.expiry_enabled, "cardExpiryEnabled"),                              \
		FIELD(T, at row.expiry_days, "expiryDays"),                                        \
		FIELD(T, at row.generation_enabled, "cardGenerationEnabled"),                      \
		FIELD(T, at numbers, "cardGenerationConfiguration", .map = &numbers_map,           \
		      WHEN(T, at has_numbers)),                                                    \
		FIELD(T, at row.trigger_kind, "trigger", .max = 64),                               \
		FIELD(T, at row.concept_code, "conceptCode", .max = 64),                           \
		FIELD(T, at row.max_per_person, "maxActiveCardsPerCustomer"),                      \
		FIELD(T, at row.created_at, "createdOn"),                                          \
		FIELD(T, at row.updated_at, "lastUpdatedOn")

static const struct field out_fields[] = {
	VIEW_FIELDS(struct series_out, series.),
	IDENTIFIERS_WARNINGS(struct series_out),
};
const struct map identifiers_series_out = MAP("Series", struct series_out, out_fields);

static const struct field view_fields[] = {VIEW_FIELDS(struct series_view, )};
static const struct map view_map = MAP("SeriesRow", struct series_view, view_fields);
static const struct field list_fields[] = {
	FIELD(struct series_list_out, series, "data", .map = &view_map, .max = SERIES_LIST_MAX),
	IDENTIFIERS_DATA_TAIL(struct series_list_out),
};
const struct map identifiers_series_list_out =
	MAP("SeriesList", struct series_list_out, list_fields);

static const struct field label_fields[] = {
	FIELD(struct label_view, row.created_at, "createdOn", .form = &identifiers_day),
	FIELD(struct label_view, row.updated_at, "updatedOn", .form = &identifiers_day),
	FIELD(struct label_view, row.status, "entityStatusId"),
	FIELD(struct label_view, row.serial, "id"),
	FIELD(struct label_view, row.active, "isActive"),
	FIELD(struct label_view, row.label, "label", .max = LABEL_MAX),
	FIELD(struct label_view, row.status, "status", .form = &identifiers_status),
	FIELD(struct label_view, row.organisation_id, "orgId"),
	FIELD(struct label_view, row.serial, "type", .form = &identifiers_card_word),
	FIELD(struct label_view, row.serial, "actions", .form = &identifiers_object),
	FIELD(struct label_view, row.is_default, "default"),
};
static const struct map label_map = MAP("Label", struct label_view, label_fields);
static const struct field label_list_fields[] = {
	FIELD(struct label_list_out, labels, "data", .map = &label_map, .max = LABELS_MAX),
	IDENTIFIERS_DATA_TAIL(struct label_list_out),
};
const struct map identifiers_label_list_out =
	MAP("LabelList", struct label_list_out, label_list_fields);

#define WORD_FIELDS                                                                                \
	FIELD(struct label_word, label, "label", .flags = F_REQUIRED, .max = LABEL_MAX),           \
		FIELD(struct label_word, is_default, "default")
static const struct field word_in_fields[] = {WORD_FIELDS};
static const struct map word_in_map = MAP("LabelWord", struct label_word, word_in_fields);
static const struct field word_fields[] = {
	WORD_FIELDS,
	FIELD(struct label_word, is_default, "actions", .form = &identifiers_object),
};
static const struct map word_map = MAP("LabelMapped", struct label_word, word_fields);
#define MAPPED(m, name, words)                                                                     \
	FIELD(struct label_mapping, m, name, .map = &words, .max = LABELS_AT_ONCE,                 \
	      .flags = F_OMIT_UNSET)
#define MAPPING(words)                                                                             \
	MAPPED(not_issued, "NOT_ISSUED", words), MAPPED(issued, "ISSUED", words),                  \
		MAPPED(active, "ACTIVE", words), MAPPED(suspended, "SUSPENDED", words),            \
		MAPPED(expired, "EXPIRED", words), MAPPED(deleted, "DELETED", words)
static const struct field mapping_in_fields[] = {MAPPING(word_in_map)};
static const struct map mapping_in_map =
	MAP("LabelMapping", struct label_mapping, mapping_in_fields);
static const struct field mapping_fields[] = {MAPPING(word_map)};
static const struct map mapping_map = MAP("LabelMappingDone", struct label_mapping, mapping_fields);
static const struct field map_in_fields[] = {
	FIELD(struct label_map_in, mapping, "mapping", .map = &mapping_in_map, .flags = F_REQUIRED),
};
const struct map identifiers_label_map_in = MAP("LabelMap", struct label_map_in, map_in_fields);
static const struct field map_out_fields[] = {
	FIELD(struct label_map_out, mapping, "mapping", .map = &mapping_map),
	IDENTIFIERS_DATA_TAIL(struct label_map_out),
};
const struct map identifiers_label_map_out =
	MAP("LabelMapAnswer", struct label_map_out, map_out_fields);
