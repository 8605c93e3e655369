/* Customers of the identifiers dialect: their identifiers changed and looked up, and a token. */
#include "customer.h"
#include "customer_view.h"
#include "identifier_change.h"
#include "identifiers.h"
#include "json.h"
#include "route.h"
#include "sign_in.h"

#define TYPE_MAX  16 /* of the words that name a kind */
#define LABEL_MAX 64

/* A text, or a number whose digits are meant as one: a mobile number, an id. */
static bool take_text(struct identifier_entries *entries, const struct json_value *value,
		      const char *member, struct str *text)
{
	*text = json_kind(value) == JSON_NUMBER ? json_source(value) : json_text_of(value);
	if (json_kind(value) == JSON_STRING || json_kind(value) == JSON_NUMBER)
		return true;
	entries->member = member;
	entries->fault = REASON_WRONG_TYPE;
	return false;
}

static bool take_series(struct identifier_entries *entries, const struct json_value *value,
			int64_t *series_id)
{
	struct str text;

	if (!take_text(entries, value, "seriesId", &text))
		return false;
	if (text.len == 0 || (str_to_i64(text, series_id) && *series_id > 0))
		return true;
	entries->member = "seriesId";
	entries->fault = REASON_WRONG_TYPE;
	return false;
}

static bool take_member(struct identifier_entries *entries, const struct json_value *value,
			struct identifier_entry *entry)
{
	const struct {
		const char *name;
		struct str *text;
	} texts[] = {
		{"type", &entry->type},
		{"value", &entry->value},
		{"seriesCode", &entry->series_code},
		{"statusLabel", &entry->label},
	};

	if (json_kind(value) == JSON_NULL)
		return true;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (str_eq(json_name(value), str_of(texts[i].name)))
			return take_text(entries, value, texts[i].name, texts[i].text);
	}
	return !str_eq(json_name(value), STR("seriesId")) ||
	       take_series(entries, value, &entry->series_id);
}

static bool take_entry(struct identifier_entries *entries, const struct json_value *object)
{
	struct identifier_entry *entry = &entries->entry[entries->n];
	const struct json_value *value = json_first(object);

	if (json_kind(object) != JSON_OBJECT || entries->n == IDENTIFIER_ENTRIES_MAX) {
		entries->fault =
			entries->n == IDENTIFIER_ENTRIES_MAX ? REASON_TOO_MANY : REASON_NOT_OBJECT;
		return false;
	}
	for (; value; value = json_next(value)) {
		if (!take_member(entries, value, entry))
			return false;
	}
	entries->n++;
	if (entry->type.at && entry->value.at)
		return true;
	entries->member = entry->type.at ? "value" : "type";
	entries->fault = REASON_REQUIRED;
	return false;
}

/* An array of entries, or one alone. What is wrong is told once the customer is known. */
static enum reason read_entries(struct scalar in, const struct field *field, void *member)
{
	struct identifier_entries *entries = member;
	const struct json_value *value = in.tree;

	entries->member = field->wire;
	if (in.kind != SCALAR_TREE) {
		entries->fault = REASON_NOT_OBJECT;
	} else if (json_kind(value) == JSON_OBJECT) {
		take_entry(entries, value);
	} else {
		for (value = json_first(value); value && take_entry(entries, value);)
			value = json_next(value);
	}
	return REASON_NONE;
}

/* Ids are numbers: what is none is nobody's. */
static enum reason read_id(struct scalar in, const struct field *field, void *member)
{
	int64_t id;

	(void)field;
	*(int64_t *)member = form_read_integer(in, &id) == REASON_NONE && id > 0 ? id : 0;
	return REASON_NONE;
}

static void write_id(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	buf_i64(buf, *(const int64_t *)member);
}

static void write_null(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	(void)member;
	buf_text(buf, "null");
}

#define ENTRY_SCHEMA                                                                               \
	"{\"type\":\"object\",\"required\":[\"type\",\"value\"],\"properties\":{"                  \
	"\"type\":{\"type\":\"string\"},\"value\":{\"type\":[\"string\",\"integer\"]},"            \
	"\"seriesId\":{\"type\":[\"integer\",\"string\"]},\"seriesCode\":{\"type\":\"string\"},"   \
	"\"statusLabel\":{\"type\":\"string\"}}}"
#define ENTRIES_SCHEMA                                                                             \
	"\"oneOf\":[" ENTRY_SCHEMA ",{\"type\":\"array\",\"maxItems\":32,\"items\":" ENTRY_SCHEMA  \
	"}]"
static const struct form form_entries = {read_entries, NULL, 0, ENTRIES_SCHEMA, ENTRIES_SCHEMA};
static const struct form form_id = {read_id, write_id, 0, "\"type\":\"integer\"",
				    "\"type\":\"integer\""};
static const struct form form_null = {NULL, write_null, 0, "", "\"type\":\"null\""};

static const struct field entries_fields[] = {
	FIELD(struct identifier_entries, n, "n"),
};
static const struct map entries_map =
	MAP("IdentifierEntries", struct identifier_entries, entries_fields);

#define PLACE_FIELDS(T)                                                                            \
	FIELD(T, source, "source", .from = FROM_QUERY,                                             \
	      .doc = "INSTORE, or a source of the organisation"),                                  \
		FIELD(T, account, "accountId", .from = FROM_QUERY,                                 \
		      .doc = "needed for a source with several accounts")

static const struct field change_fields[] = {
	FIELD(struct identifier_change_in, customer_id, "customerId", .from = FROM_PATH,
	      .flags = F_REQUIRED, .form = &form_id),
	PLACE_FIELDS(struct identifier_change_in),
	FIELD(struct identifier_change_in, add, "add", .map = &entries_map, .form = &form_entries),
	FIELD(struct identifier_change_in, remove, "remove", .map = &entries_map,
	      .form = &form_entries),
};
const struct map identifiers_change_in =
	MAP("IdentifierChange", struct identifier_change_in, change_fields);
static const struct field changed_fields[] = {
	FIELD(struct identifier_change_out, created_id, "createdId"),
	IDENTIFIERS_WARNINGS(struct identifier_change_out),
};
const struct map identifiers_changed =
	MAP("IdentifierChanged", struct identifier_change_out, changed_fields);

static const struct field lookup_fields[] = {
	PLACE_FIELDS(struct customer_lookup_in),
	FIELD(struct customer_lookup_in, name, "identifierName", .from = FROM_QUERY,
	      .doc = "email, mobile, cardnumber ..."),
	FIELD(struct customer_lookup_in, value, "identifierValue", .from = FROM_QUERY),
};
const struct map identifiers_lookup_in =
	MAP("CustomerLookup", struct customer_lookup_in, lookup_fields);
static const struct field found_fields[] = {
	FIELD(struct customer_lookup_out, serial, "entity"),
	IDENTIFIERS_WARNINGS(struct customer_lookup_out),
};
const struct map identifiers_lookup_out =
	MAP("CustomerFound", struct customer_lookup_out, found_fields);

static const struct field get_fields[] = {
	FIELD(struct customer_show_in, customer_id, "customerId", .from = FROM_PATH,
	      .flags = F_REQUIRED, .form = &form_id),
	FIELD(struct customer_show_in, source, "source", .from = FROM_QUERY, .doc = "ALL = all"),
	FIELD(struct customer_show_in, account, "accountId", .from = FROM_QUERY),
	FIELD(struct customer_show_in, embed, "embed", .from = FROM_QUERY,
	      .doc = "points: a pointsSummary too; other words are not looked at"),
};
const struct map identifiers_customer_in = MAP("CustomerGet", struct customer_show_in, get_fields);

static const struct field identifier_fields[] = {
	FIELD(struct customer_identifier, type, "type", .max = TYPE_MAX),
	FIELD(struct customer_identifier, value, "value", .max = IDENTIFIER_VALUE_MAX),
	FIELD(struct customer_identifier, series_id, "seriesId",
	      WHEN(struct customer_identifier, is_card), .doc = "of cards"),
	FIELD(struct customer_identifier, label, "statusLabel", .max = LABEL_MAX,
	      WHEN(struct customer_identifier, is_card), .doc = "of cards"),
};
static const struct map identifier_map =
	MAP("CustomerIdentifier", struct customer_identifier, identifier_fields);

static const struct field channel_fields[] = {
	FIELD(struct customer_channel, type, "type", .max = TYPE_MAX),
	FIELD(struct customer_channel, value, "value", .max = IDENTIFIER_VALUE_MAX),
	FIELD(struct customer_channel, primary, "primary"),
	FIELD(struct customer_channel, verified, "verified"),
	FIELD(struct customer_channel, primary, "meta", .form = &identifiers_object),
	FIELD(struct customer_channel, primary, "attributes", .form = &identifiers_object),
};
static const struct map channel_map =
	MAP("CustomerChannel", struct customer_channel, channel_fields);

static const struct field profile_fields[] = {
	FIELD(struct customer_profile, first_name, "firstName"),
	FIELD(struct customer_profile, last_name, "lastName"),
	FIELD(struct customer_profile, serial, "attribution", .form = &identifiers_object),
	FIELD(struct customer_profile, serial, "fields", .form = &identifiers_object),
	FIELD(struct customer_profile, identifiers, "identifiers", .map = &identifier_map,
	      .max = CUSTOMER_IDENTIFIERS_MAX + CUSTOMER_CARDS_MAX),
	FIELD(struct customer_profile, channels, "commChannels", .map = &channel_map,
	      .max = CUSTOMER_IDENTIFIERS_MAX),
	FIELD(struct customer_profile, source, "source"),
	FIELD(struct customer_profile, serial, "userId"),
	FIELD(struct customer_profile, account, "accountId"),
	FIELD(struct customer_profile, serial, "conflictingProfileList",
	      .form = &identifiers_array),
	FIELD(struct customer_profile, updated_at, "autoUpdateTime"),
	FIELD(struct customer_profile, identifiers, "identifiersAll", .map = &identifier_map,
	      .max = CUSTOMER_IDENTIFIERS_MAX + CUSTOMER_CARDS_MAX),
};
static const struct map profile_map =
	MAP("CustomerProfile", struct customer_profile, profile_fields);

static const struct field loyalty_fields[] = {
	FIELD(struct customer_loyalty, type, "loyaltyType"),
	FIELD(struct customer_loyalty, purchases, "lifetimePurchases",
	      .doc = "of the customer's cards"),
	FIELD(struct customer_loyalty, type, "attributionV2", .form = &identifiers_object),
};
static const struct map loyalty_map =
	MAP("CustomerLoyalty", struct customer_loyalty, loyalty_fields);

static const struct field points_fields[] = {
	FIELD(struct customer_points, available, "loyaltyPoints"),
	FIELD(struct customer_points, received, "lifetimePoints"),
	FIELD(struct customer_points, purchases, "cumulativePurchases"),
};
static const struct map points_map = MAP("CustomerPoints", struct customer_points, points_fields);

static const struct field customer_fields[] = {
	FIELD(struct customer_show_out, serial, "id"),
	FIELD(struct customer_show_out, profiles, "profiles", .map = &profile_map,
	      .max = CUSTOMER_PROFILES_MAX),
	FIELD(struct customer_show_out, loyalty, "loyaltyInfo", .map = &loyalty_map),
	FIELD(struct customer_show_out, points, "pointsSummary", .map = &points_map,
	      WHEN(struct customer_show_out, has_points), .doc = "with embed=points"),
	FIELD(struct customer_show_out, serial, "segments", .form = &identifiers_object),
	FIELD(struct customer_show_out, serial, "extendedFields", .form = &identifiers_object),
	FIELD(struct customer_show_out, cards, "cardDetails", .map = &identifiers_card_details,
	      .max = CUSTOMER_CARDS_MAX),
	IDENTIFIERS_WARNINGS(struct customer_show_out),
};
const struct map identifiers_customer_out =
	MAP("Customer", struct customer_show_out, customer_fields);

static const struct field token_in_fields[] = {
	FIELD(struct token_generate_in, key, "key", .max = LOGIN_MAX, .flags = F_REQUIRED),
	FIELD(struct token_generate_in, secret, "secret", .max = PASSWORD_MAX,
	      .flags = F_REQUIRED | F_SECRET, .doc = "the password, or its MD5 in lower-case hex"),
};
const struct map identifiers_token_in =
	MAP("TokenRequest", struct token_generate_in, token_in_fields);
static const struct field token_fields[] = {
	FIELD(struct token_generate_out, token, "accessToken"),
	FIELD(struct token_generate_out, ttl_s, "ttlSeconds"),
};
static const struct map token_map = MAP("Token", struct token_generate_out, token_fields);
/* The whole out-struct is the one member `data`. */
static const struct field token_out_fields[] = {
	{.wire = "data", .member = "token", .offset = 0, .type = FT_OBJECT, .map = &token_map},
	FIELD(struct token_generate_out, ttl_s, "errors", .form = &form_null),
};
const struct map identifiers_token_out =
	MAP("TokenAnswer", struct token_generate_out, token_out_fields);

const struct route_doc identifiers_doc_change = {
	.summary = "Change what a customer is known by, and its cards",
	.description =
		"All or nothing; what is removed goes before what is added. A value that another "
		"customer has in another source or account merges this customer into that one: "
		"createdId is the survivor, with warning 8051.",
	.tag = "Capillary customers",
	.example_in = "{\"add\":[{\"type\":\"cardnumber\",\"value\":\"EXTERNALCARD99123450233\","
		      "\"seriesId\":15,\"statusLabel\":\"ACTIVE\"}],"
		      "\"remove\":[{\"type\":\"email\",\"value\":\"anna@example.com\"}]}",
	.example_out = "{\"createdId\":42,\"warnings\":[]}",
};
const struct route_doc identifiers_doc_customer = {
	.summary = "Get a customer, source by source, with its cards",
	.description = "A customer that was merged answers as the one it was merged into, with "
		       "warning 8051.",
	.tag = "Capillary customers",
};
const struct route_doc identifiers_doc_lookup = {
	.summary = "Find a customer's number by an identifier or a card",
	.tag = "Capillary customers",
	.example_out = "{\"entity\":42,\"warnings\":[]}",
};
const struct route_doc identifiers_doc_token = {
	.summary = "A token for a login and a password",
	.tag = "Capillary customers",
	.example_in = "{\"key\":\"demo\",\"secret\":\"secret\"}",
	.example_out = "{\"data\":{\"accessToken\":\"eyJhbGciOiJIUzI1NiJ9.e30.x\","
		       "\"ttlSeconds\":86400},\"errors\":null}",
};
