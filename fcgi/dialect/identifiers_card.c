/* Cards of the identifiers dialect: maps. */
#include "card_issue.h"
#include "generate.h"
#include "identifiers.h"

#define LABEL_FIELD(T) FIELD(T, label, "statusLabel", .max = LABEL_MAX)
#define SERIES_FIELDS(T)                                                                           \
	FIELD(T, series_serial, "seriesId"),                                                       \
		FIELD(T, series_code, "seriesCode", .max = SERIES_CODE_MAX)

static const struct field info_fields[] = {
	FIELD(struct status_info, reason, "reason"),
};
static const struct map info_map = MAP("StatusReason", struct status_info, info_fields);

static const struct field issue_fields[] = {
	SERIES_FIELDS(struct card_issue_in),
	FIELD(struct card_issue_in, number, "cardNumber", .max = NUMBER_MAX, .flags = F_NOT_EMPTY),
	LABEL_FIELD(struct card_issue_in),
	FIELD(struct card_issue_in, external, "cardExternalId", .max = NUMBER_MAX),
	FIELD(struct card_issue_in, customer, "customerId", .max = INT64_MAX,
	      .doc = "the holder of the card from now on"),
	FIELD(struct card_issue_in, info, "statusInfo", .map = &info_map),
};
const struct map identifiers_card_issue_in = MAP("CardAdd", struct card_issue_in, issue_fields);

static const struct field issued_fields[] = {
	FIELD(struct card_issue_out, serial, "entity"),
	IDENTIFIERS_WARNINGS(struct card_issue_out),
};
const struct map identifiers_card_issued = MAP("CardAdded", struct card_issue_out, issued_fields);

static const struct field relabel_fields[] = {
	FIELD(struct card_relabel_in, number, "cardNumber", .max = NUMBER_MAX),
	FIELD(struct card_relabel_in, external, "cardExternalId", .max = NUMBER_MAX),
	SERIES_FIELDS(struct card_relabel_in),
	LABEL_FIELD(struct card_relabel_in),
	FIELD(struct card_relabel_in, info, "statusInfo", .map = &info_map),
};
const struct map identifiers_card_relabel_in =
	MAP("CardChange", struct card_relabel_in, relabel_fields);

static const struct field number_fields[] = {
	FIELD(struct card_details_in, number, "number", .from = FROM_QUERY, .flags = F_REQUIRED,
	      .max = NUMBER_MAX),
};
const struct map identifiers_card_number_in =
	MAP("CardNumber", struct card_details_in, number_fields);

static const struct field status_fields[] = {
	FIELD(struct card_details, reason, "reason"),
	FIELD(struct card_details, customer, "createdBy", .form = &identifiers_zero),
	FIELD(struct card_details, customer, "actions", .form = &identifiers_array),
	FIELD(struct card_details, changed_at, "createdOn"),
	FIELD(struct card_details, changed_at, "autoUpdateTime", .form = &identifiers_day),
	FIELD(struct card_details, card.serial, "entityId"),
	FIELD(struct card_details, live, "isActive"),
	FIELD(struct card_details, label_serial, "id"),
	FIELD(struct card_details, label_serial, "labelId"),
	FIELD(struct card_details, label, "label", .max = LABEL_MAX),
	FIELD(struct card_details, status, "status", .form = &identifiers_status),
};
static const struct map status_map = MAP("CardStatus", struct card_details, status_fields);

#define DETAILS_FIELDS(T, at)                                                                      \
	FIELD(T, at card.serial, "cardId"), FIELD(T, at card.serial, "id"),                        \
		FIELD(T, at card.barcode, "cardNumber", .max = NUMBER_MAX),                        \
		FIELD(T, at card.code, "cardExternalId"),                                          \
		FIELD(T, at card.organisation_id, "orgId"),                                        \
		FIELD(T, at card.organisation_id, "entityId"),                                     \
		FIELD(T, at card.serial, "customFields", .form = &identifiers_object),             \
		FIELD(T, at card.serial, "extendedFields", .form = &identifiers_object),           \
		FIELD(T, at customer, "customerId", .doc = "0 = of nobody"),                       \
		FIELD(T, at series.serial, "seriesId"),                                            \
		FIELD(T, at series.code, "seriesCode", .max = SERIES_CODE_MAX),                    \
		FIELD(T, at series.name, "seriesName"),                                            \
		FIELD(T, at series.kind, "type", .form = &identifiers_kind,                        \
		      .flags = F_OMIT_UNSET),                                                      \
		FIELD(T, at series.max_per_person, "maxActiveCards"),                              \
		FIELD(T, at series.expiry_days, "expiryDays"),                                     \
		FIELD(T, at card.created_at, "createdDate", .form = &identifiers_day),             \
		FIELD(T, at issued_at, "issuedDate", .form = &identifiers_day),                    \
		FIELD(T, at card.valid_to, "expiryDate", .form = &identifiers_day),                \
		FIELD(T, at not_allowed, "transactionNotAllowed"),                                 \
		FIELD(T, at active_and_digital, "activeAndDigital")

static const struct field out_fields[] = {
	DETAILS_FIELDS(struct card_details_out, details.),
	FIELD(struct card_details_out, details, "statusInfo", .map = &status_map),
	FIELD(struct card_details_out, details.label, "statusLabel", .max = LABEL_MAX),
	IDENTIFIERS_WARNINGS(struct card_details_out),
};
const struct map identifiers_card_out = MAP("CardAnswer", struct card_details_out, out_fields);

static const struct field details_fields[] = {
	DETAILS_FIELDS(struct card_details, ),
	FIELD(struct card_details, reason, "reason"),
	FIELD(struct card_details, label, "statusLabel", .max = LABEL_MAX),
	FIELD(struct card_details, status, "status", .form = &identifiers_status),
};
const struct map identifiers_card_details = MAP("Card", struct card_details, details_fields);

static const struct field entry_fields[] = {
	FIELD(struct status_entry, reason, "reason"),
	FIELD(struct status_entry, card_serial, "createdBy", .form = &identifiers_zero),
	FIELD(struct status_entry, card_serial, "actions", .form = &identifiers_array),
	FIELD(struct status_entry, made_at, "autoUpdateTime", .form = &identifiers_day),
	FIELD(struct status_entry, made_at, "createdOn"),
	FIELD(struct status_entry, card_serial, "entityId"),
	FIELD(struct status_entry, is_last, "isActive"),
	FIELD(struct status_entry, label, "label", .max = LABEL_MAX),
	FIELD(struct status_entry, status, "status", .form = &identifiers_status),
};
static const struct map entry_map = MAP("StatusEntry", struct status_entry, entry_fields);
static const struct field log_fields[] = {
	FIELD(struct status_log_out, entries, "data", .map = &entry_map, .max = STATUS_LOG_MAX),
	IDENTIFIERS_DATA_TAIL(struct status_log_out),
};
const struct map identifiers_status_log_out = MAP("StatusLog", struct status_log_out, log_fields);

static const struct field generate_fields[] = {
	FIELD(struct generate_in, series_serial, "seriesId", .flags = F_REQUIRED),
	FIELD(struct generate_in, count, "count", .min = INT64_MIN, .max = INT64_MAX,
	      .flags = F_REQUIRED, .doc = "1 to 50000"),
	LABEL_FIELD(struct generate_in),
};
const struct map identifiers_generate_in = MAP("Generate", struct generate_in, generate_fields);

struct text {
	struct str text;
};
static const struct field text_fields[] = {
	FIELD(struct text, text, "number", .max = NUMBER_MAX),
};
static const struct map text_map = MAP("Number", struct text, text_fields);
static const struct field generated_fields[] = {
	FIELD(struct generate_out, numbers, "data", .map = &text_map, .max = GENERATE_MOST,
	      .form = &identifiers_texts),
	IDENTIFIERS_DATA_TAIL(struct generate_out),
};
const struct map identifiers_generate_out = MAP("Generated", struct generate_out, generated_fields);
