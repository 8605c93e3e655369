/* The car-wash till (Carfunkel POS API): rows, maps and errors. */
#include "pos.h"

#include "json.h"
#include "principal.h"
#include "route.h"
#include "settings.h"
#include "washing.h"

enum { CODE_OTHER, CODE_CARD_NOT_FOUND, CODE_CLIENT_NOT_FOUND, CODE_LOCKED, CODE_NO_CREDIT };

/* What the vendor's page calls an expected error: 400 and a code of its own. */
static const short expected[REASON__MAX] = {
	[REASON_NO_CARD] = CODE_CARD_NOT_FOUND,
	[REASON_NO_TILL] = CODE_CLIENT_NOT_FOUND,
	[REASON_BLOCKED] = CODE_LOCKED,
	[REASON_NOT_ENOUGH] = CODE_NO_CREDIT,
};

static struct dialect_status status(enum outcome outcome, enum reason reason)
{
	if (expected[reason] != CODE_OTHER)
		return (struct dialect_status){400, expected[reason]};
	if (outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_INSUFFICIENT)
		return (struct dialect_status){400, CODE_OTHER};
	return (struct dialect_status){outcome_http(outcome), CODE_OTHER};
}

static void write_error(struct buf *buf, const struct failure *failure)
{
	buf_text(buf, "{\"Data\":null,\"ApplicationErrorCode\":");
	buf_i64(buf, failure->status.code);
	buf_text(buf, ",\"ApplicationMessage\":");
	json_put_string(buf, failure->message);
	buf_char(buf, '}');
}

/* Which card, at which till: in every request. */
#define KEY_FIELDS(T)                                                                              \
	FIELD(T, key.card_number, "CardNumber", .doc = "decides alone when it is not empty"),      \
		FIELD(T, key.card_uid, "CardUID", .form = &pos_uid),                               \
		FIELD(T, key.license_plate, "LicensePlate", .max = PLATE_MAX,                      \
		      .doc = "the holder's most recently used active card"),                       \
		FIELD(T, key.client_number, "ClientNumber", .min = 0, .max = TILL_NUMBER_MAX)
#define PAYMENT_FIELDS(T)                                                                          \
	FIELD(T, cashier, "CashierCardNumber", .max = CASHIER_MAX),                                \
		FIELD(T, payment_method, "PaymentMethod", .form = &pos_payment,                    \
		      .max = PAYMENT_METHOD_MAX, .doc = "0 = cash, 1 = the card pays"),            \
		FIELD(T, receipt_number, "ReceiptNumber", .max = RECEIPT_NUMBER_MAX,               \
		      .doc = "with ClientNumber names the document: again is the same sale")

static const struct field information_in_fields[] = {
	KEY_FIELDS(struct card_information_in),
	FIELD(struct card_information_in, max_last_washings, "MaxLastWashingResults", .min = 0,
	      .max = INT32_MAX, .doc = "newest so many; absent = all, at most 100"),
};
const struct map pos_information_in = MAP_SENT("CustomerCardInformationRequestModel",
					       struct card_information_in, information_in_fields);

static const struct field birthday_fields[] = {
	FIELD(struct birthday_information, birthday, "Birthday"),
	FIELD(struct birthday_information, birthday_of_year, "BirthdayOfTheYear"),
	FIELD(struct birthday_information, required_washings, "RequiredWashings"),
	FIELD(struct birthday_information, washings_since, "WashingsSinceLastFreeWash"),
	FIELD(struct birthday_information, last_wash, "LastBirthdayWash",
	      .form = &pos_time_or_null),
	FIELD(struct birthday_information, received, "BirthdayWashReceived"),
	FIELD(struct birthday_information, period_start, "BirthDayWashPeriodStart"),
	FIELD(struct birthday_information, period_end, "BirthDayWashPeriodEnd"),
};
static const struct map birthday_map =
	MAP("BirthdayWashInformationData", struct birthday_information, birthday_fields);

static const struct field customer_fields[] = {
	FIELD(struct customer_information, first_name, "FirstName"),
	FIELD(struct customer_information, name, "Name"),
	FIELD(struct customer_information, company, "Company"),
	FIELD(struct customer_information, street, "Street"),
	FIELD(struct customer_information, zip, "Zip"),
	FIELD(struct customer_information, city, "City"),
	FIELD(struct customer_information, phone, "Phone"),
	FIELD(struct customer_information, fax, "Fax"),
	FIELD(struct customer_information, email, "Email"),
	FIELD(struct customer_information, contact_person, "ContactPerson"),
	FIELD(struct customer_information, contact_phone, "ContactPersonPhone"),
	FIELD(struct customer_information, remark, "Remark"),
	FIELD(struct customer_information, salutation, "Salutation"),
};
static const struct map customer_map =
	MAP("CustomerData", struct customer_information, customer_fields);

static const struct field tier_fields[] = {
	FIELD(struct bonus_tier, threshold, "ThresholdAmount"),
	FIELD(struct bonus_tier, percent, "BonusPercentage"),
};
static const struct map tier_map = MAP("BonusTier", struct bonus_tier, tier_fields);

static const struct field bonus_fields[] = {
	FIELD(struct bonus_information, discount_percent, "SpecialDiscountPercent",
	      .form = &form_amount),
	FIELD(struct bonus_information, is_temporary, "IsSpecialDiscountTemporary"),
	FIELD(struct bonus_information, discount_until, "SpecialDiscountValidUntil",
	      .form = &pos_time_or_null),
	FIELD(struct bonus_information, tiers, "BonusTiers", .max = SETTING_TIERS_MAX,
	      .map = &tier_map),
};
static const struct map bonus_map =
	MAP("CardBonusInformation", struct bonus_information, bonus_fields);

/* `at` leads to the struct washing_line inside T: an option is one, a washing has one. */
#define LINE_FIELDS(T, at)                                                                         \
	FIELD(T, at time, "ReceiptTime", .flags = F_BASE),                                         \
		FIELD(T, at quantity, "Quantity", .flags = F_BASE),                                \
		FIELD(T, at total, "TotalPrice", .flags = F_BASE),                                 \
		FIELD(T, at article_id, "ArticleId", .flags = F_BASE),                             \
		FIELD(T, at article_number, "ArticleNumber", .flags = F_BASE,                      \
		      .max = ARTICLE_NUMBER_MAX),                                                  \
		FIELD(T, at label, "Label", .flags = F_BASE, .max = ARTICLE_LABEL_MAX),            \
		FIELD(T, at label_receipt, "LabelReceipt", .flags = F_BASE,                        \
		      .max = ARTICLE_LABEL_MAX)

static const struct field option_fields[] = {LINE_FIELDS(struct washing_line, )};
static const struct map option_map = MAP("WashingOption", struct washing_line, option_fields);

static const struct field washing_fields[] = {
	FIELD(struct washing_shown, options, "Options", .max = SALE_ITEMS_MAX, .map = &option_map),
	FIELD(struct washing_shown, payment_method, "PaymentMethod", .form = &pos_payment,
	      .xml_form = &pos_payment_xml, .max = PAYMENT_METHOD_MAX),
	LINE_FIELDS(struct washing_shown, line.),
};
static const struct map washing_map = MAP("WashingItem", struct washing_shown, washing_fields);

static const struct field information_out_fields[] = {
	FIELD(struct card_information_out, card_number, "CardNumber"),
	FIELD(struct card_information_out, is_locked, "IsLocked"),
	FIELD(struct card_information_out, credit, "Credit"),
	FIELD(struct card_information_out, is_credit_card, "IsCreditCard"),
	FIELD(struct card_information_out, birthday, "Birthday",
	      WHEN(struct card_information_out, has_birthday), .flags = F_ELSE_NULL,
	      .map = &birthday_map),
	FIELD(struct card_information_out, customer, "CustomerData",
	      WHEN(struct card_information_out, has_customer), .flags = F_ELSE_NULL,
	      .map = &customer_map),
	FIELD(struct card_information_out, message, "CardMessage"),
	FIELD(struct card_information_out, bonus, "Bonus", .map = &bonus_map),
	FIELD(struct card_information_out, washings, "LastWashings", .max = WASHINGS_SHOWN_MAX,
	      .map = &washing_map),
};
const struct map pos_information_out = MAP("CustomerCardInformationResponseModel",
					   struct card_information_out, information_out_fields);

static const struct field item_fields[] = {
	FIELD(struct sale_item, article_number, "ArticleNumber", .flags = F_REQUIRED | F_NOT_EMPTY,
	      .max = ARTICLE_NUMBER_MAX),
	FIELD(struct sale_item, quantity, "Quantity", .flags = F_REQUIRED, .min = 1,
	      .max = SALE_QUANTITY_MAX),
	FIELD(struct sale_item, price, "Price", .flags = F_REQUIRED, .min = 0,
	      .max = AMOUNT_MINOR_MAX, .doc = "of one piece"),
};
static const struct map item_map = MAP("SaleItem", struct sale_item, item_fields);

static const struct field sale_in_fields[] = {
	KEY_FIELDS(struct sale_in),
	FIELD(struct sale_in, price_group, "PriceGroup", .min = 0, .max = PRICE_GROUP_MAX),
	FIELD(struct sale_in, items, "Items", .flags = F_REQUIRED, .min = 1, .max = SALE_ITEMS_MAX,
	      .map = &item_map, .doc = "the washing, then its options"),
	PAYMENT_FIELDS(struct sale_in),
};
const struct map pos_sale_in = MAP_SENT("SaleRequestModel", struct sale_in, sale_in_fields);

static const struct field sale_out_fields[] = {
	FIELD(struct sale_out, credit, "NewCredit"),
	FIELD(struct sale_out, receipt_number, "ReceiptNumber"),
};
const struct map pos_sale_out = MAP("SaleResponseModel", struct sale_out, sale_out_fields);

static const struct field charge_in_fields[] = {
	KEY_FIELDS(struct charge_in),
	FIELD(struct charge_in, amount, "ChargeAmount", .flags = F_REQUIRED, .min = 1,
	      .max = AMOUNT_MINOR_MAX, .doc = "without the bonus"),
	PAYMENT_FIELDS(struct charge_in),
};
const struct map pos_charge_in =
	MAP_SENT("ChargeCardCreditRequestModel", struct charge_in, charge_in_fields);

static const struct field chargement_fields[] = {
	FIELD(struct charge_out, amount, "ChargeAmount"),
	FIELD(struct charge_out, bonus_percent, "BonusPercentage"),
	FIELD(struct charge_out, bonus, "BonusAmount"),
	FIELD(struct charge_out, total, "TotalAmount"),
};
static const struct map chargement_map =
	MAP("ChargementInformation", struct charge_out, chargement_fields);

/* The core's struct is flat: the inner object is the same one. */
static const struct field charge_out_fields[] = {
	FIELD(struct charge_out, credit, "NewCredit"),
	{.wire = "ChargementInformation",
	 .member = "amount",
	 .offset = 0,
	 .type = FT_OBJECT,
	 .map = &chargement_map},
};
const struct map pos_charge_out =
	MAP("ChargeCardCreditResponseModel", struct charge_out, charge_out_fields);

static const struct route routes[] = {
	{METHOD_POST, "/api/CustomerCardInformation", SCOPE_CARDS_READ, 0, &pos_information_in,
	 &pos_information_out, 200, &op_card_information, &pos_doc_information},
	{METHOD_POST, "/api/Sale", SCOPE_WASHING_WRITE | SCOPE_LEDGER_WRITE, 0, &pos_sale_in,
	 &pos_sale_out, 200, &op_sale, &pos_doc_sale},
	{METHOD_POST, "/api/ChargeCardCredit", SCOPE_LEDGER_WRITE, 0, &pos_charge_in,
	 &pos_charge_out, 200, &op_charge, &pos_doc_charge},
};

static const char *const prefixes[] = {"/api", NULL};

const struct dialect dialect_pos = {
	.name = "pos",
	.prefixes = prefixes,
	.routes = routes,
	.n_routes = sizeof(routes) / sizeof(routes[0]),
	.flags = DIALECT_FOLD_CASE,
	.forms = {[FT_BOOL] = &form_bool,
		  [FT_I64] = &pos_i64,
		  [FT_AMOUNT] = &pos_amount,
		  [FT_MOMENT] = &pos_time,
		  [FT_UUID] = &form_uuid,
		  [FT_STR] = &pos_text},
	.text_max = 255,
	.languages = pos_languages,
	.n_languages = POS_LANGUAGES,
	.status = status,
	.write_error = write_error,
	.xml_error = "ErrorResponse",
	.open = dialect_open_object,
	.close = dialect_close_object,
	.title = "The till of a car wash: card information, sales, charging (Carfunkel POS)",
	.envelope_schema = "",
	.envelope_required = "",
	.error_schema = "{\"type\":\"object\",\"required\":[\"Data\",\"ApplicationErrorCode\","
			"\"ApplicationMessage\"],\"properties\":{\"Data\":{\"type\":\"null\"},"
			"\"ApplicationErrorCode\":{\"type\":\"integer\",\"enum\":[0,1,2,3,4]},"
			"\"ApplicationMessage\":{\"type\":\"string\"}}}",
};
