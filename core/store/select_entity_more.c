/* Series, tills, washings and webhooks as entities: every member of the row a field. */
#include "select_entity.h"
#include "select_tables.h"

#include "stmt_gen.h"

#define N(table) (sizeof(table) / sizeof((table)[0]))

static const struct select_order by_serial[] = {{.name = "serial"}};
static const struct select_order by_number[] = {{.name = "number"}};
static const struct select_order by_id[] = {{.name = "id"}};

static const struct select_field series_fields[] = {
	COLUMN("id", "card_series.id", FT_UUID, .index = "PRIMARY"),
	COLUMN("serial", "card_series.serial", FT_I64, .index = "by_serial", .order = "by_serial"),
	FOLDED("code", "card_series.code_key", .index = "code"),
	PLAIN_TEXT("name", "card_series.name"),
	COLUMN("kind", "card_series.kind", FT_I64, .flags = 0),
	COLUMN("active", "card_series.active", FT_BOOL, .flags = 0),
	COLUMN("expiry_enabled", "card_series.expiry_enabled", FT_BOOL, .flags = 0),
	COLUMN("expiry_days", "card_series.expiry_days", FT_I64, .flags = 0),
	COLUMN("generation_enabled", "card_series.generation_enabled", FT_BOOL, .flags = 0),
	PLAIN_TEXT("prefix", "card_series.prefix"),
	PLAIN_TEXT("suffix", "card_series.suffix"),
	COLUMN("number_offset", "card_series.number_offset", FT_I64, .flags = 0),
	COLUMN("number_length", "card_series.number_length", FT_I64, .flags = 0),
	COLUMN("method", "card_series.method", FT_I64, .flags = 0),
	PLAIN_TEXT("trigger_kind", "card_series.trigger_kind"),
	PLAIN_TEXT("concept_code", "card_series.concept_code"),
	COLUMN("max_per_person", "card_series.max_per_person", FT_I64, .flags = 0),
	COLUMN("created_at", "card_series.created_at", FT_MOMENT, .flags = 0),
	COLUMN("updated_at", "card_series.updated_at", FT_MOMENT, .flags = 0),
};

const struct select_table select_series_item = {
	.from = "card_series",
	.scope = "card_series.organisation_id = @ AND card_series.live = 1",
	.key = "card_series.serial",
	.id = "card_series.id",
	.walk = "by_serial",
	.order = by_serial,
	.order_n = N(by_serial),
	.rows = STMT_CARD_SERIES_GET,
	.fields = series_fields,
	.field_n = N(series_fields),
};

static const struct select_field till_fields[] = {
	COLUMN("number", "till.number", FT_I64, .index = "PRIMARY", .order = "PRIMARY"),
	PLAIN_TEXT("name", "till.name"),
	COLUMN("created_at", "till.created_at", FT_MOMENT, .flags = 0),
	COLUMN("updated_at", "till.updated_at", FT_MOMENT, .flags = 0),
};

const struct select_table select_till_item = {
	.from = "till",
	.scope = "till.organisation_id = @",
	.key = "till.number",
	.walk = "PRIMARY",
	.order = by_number,
	.order_n = N(by_number),
	.rows = STMT_TILL_GET,
	.fields = till_fields,
	.field_n = N(till_fields),
};

#define CARD_JOIN "LEFT JOIN card c ON c.organisation_id = @ AND c.id = washing.card_id"
/* Deleted ones too: said so, an index that begins with `live` serves. */
#define CARD_ANY                                                                                   \
	"washing.card_id IN (SELECT c.id FROM card c WHERE c.organisation_id = @ AND "             \
	"(c.live = 1 OR c.live IS NULL)"
#define CARD_SOURCE                                                                                \
	"SELECT w.id FROM card c STRAIGHT_JOIN washing w FORCE INDEX (by_card) ON "                \
	"w.organisation_id = c.organisation_id AND w.card_id = c.id WHERE "                        \
	"c.organisation_id = @ AND (c.live = 1 OR c.live IS NULL)"
#define HOLDER_JOIN "LEFT JOIN person h ON h.organisation_id = @ AND h.id = washing.person_id"
#define HOLDER_ANY                                                                                 \
	"washing.person_id IN (SELECT h.id FROM person h WHERE h.organisation_id = @ AND "         \
	"(h.live = 1 OR h.live IS NULL)"
#define HOLDER_SOURCE                                                                              \
	"SELECT w.id FROM person h STRAIGHT_JOIN washing w FORCE INDEX (by_person) ON "            \
	"w.organisation_id = h.organisation_id AND w.person_id = h.id WHERE "                      \
	"h.organisation_id = @ AND (h.live = 1 OR h.live IS NULL)"

static const struct select_field washing_fields[] = {
	COLUMN("id", "washing.id", FT_UUID, .index = "PRIMARY"),
	COLUMN("serial", "washing.serial", FT_I64, .index = "serial", .order = "serial"),
	COLUMN("card_id", "washing.card_id", FT_UUID, .index = "by_card",
	       .flags = SELECT_ZERO_NULL),
	COLUMN("card_serial", "c.serial", FT_I64, .flags = SELECT_NULLABLE, .unset = "card_id",
	       .join = CARD_JOIN, .any = CARD_ANY, .source = CARD_SOURCE),
	FOLDED_NULL("card_barcode", "c.barcode_key", .unset = "card_id", .join = CARD_JOIN,
		    .any = CARD_ANY, .source = CARD_SOURCE),
	COLUMN("person_id", "washing.person_id", FT_UUID, .index = "by_person",
	       .flags = SELECT_ZERO_NULL),
	COLUMN("customer_serial", "h.serial", FT_I64, .flags = SELECT_NULLABLE,
	       .unset = "person_id", .join = HOLDER_JOIN, .any = HOLDER_ANY,
	       .source = HOLDER_SOURCE),
	FOLDED_NULL("customer_name", "h.name_key", .unset = "person_id", .join = HOLDER_JOIN,
		    .any = HOLDER_ANY, .source = HOLDER_SOURCE),
	COLUMN("sold_at", "washing.sold_at", FT_MOMENT, .flags = 0),
	PLAIN_TEXT("till", "washing.till"),
	PLAIN_TEXT("receipt", "washing.receipt"),
	COLUMN("price_group", "washing.price_group", FT_I64, .flags = 0),
	PLAIN_TEXT("cashier", "washing.cashier"),
	PLAIN_TEXT("payment_method", "washing.payment_method"),
	COLUMN("total", "washing.total", FT_AMOUNT, .flags = 0),
	COLUMN("paid", "washing.paid", FT_AMOUNT, .flags = 0),
	COLUMN("is_free", "washing.is_free", FT_BOOL, .flags = 0),
};

const struct select_table select_washing_item = {
	.from = "washing",
	.scope = "washing.organisation_id = @",
	.key = "washing.serial",
	.id = "washing.id",
	.walk = "serial",
	.order = by_serial,
	.order_n = N(by_serial),
	.rows = STMT_WASHING_VIEW_GET,
	.fields = washing_fields,
	.field_n = N(washing_fields),
};

static const struct select_field webhook_fields[] = {
	COLUMN("id", "webhook.id", FT_UUID, .index = "PRIMARY", .order = "PRIMARY"),
	PLAIN_TEXT("url", "webhook.url"),
	COLUMN("created_at", "webhook.created_at", FT_MOMENT, .flags = 0),
};

const struct select_table select_webhook_item = {
	.from = "webhook",
	.scope = "webhook.organisation_id = @ AND webhook.live = 1",
	.key = "webhook.id",
	.walk = "PRIMARY",
	.order = by_id,
	.order_n = N(by_id),
	.rows = STMT_WEBHOOK_VIEW_GET,
	.fields = webhook_fields,
	.field_n = N(webhook_fields),
};
