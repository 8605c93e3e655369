/*
 * Persons, companies, vehicles and cards as entities: by serial number, every member of the row
 * a field, texts by their folded columns.
 */
#include "select_entity.h"
#include "select_tables.h"

#include "stmt_gen.h"
#include "text.h"

#define N(table) (sizeof(table) / sizeof((table)[0]))

#define KEY_MAX       1020
#define PLATE_KEY_MAX 256

struct str select_key_text(struct arena *arena, struct str text)
{
	return text_fold(arena, text, KEY_MAX);
}

/* What a column of digits holds; the wildcards of a pattern stay. */
static struct str key_digits(struct arena *arena, struct str text)
{
	struct buf digits;

	buf_init(&digits, arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		if (memchr("0123456789%_", text.at[i], 12))
			buf_char(&digits, text.at[i]);
	}
	return buf_done(&digits);
}

static struct str key_plate(struct arena *arena, struct str text)
{
	return text_plate(arena, text, PLATE_KEY_MAX);
}

static const struct select_order by_serial[] = {{.name = "serial"}};

#define COMPANY_JOIN "LEFT JOIN company w ON w.organisation_id = @ AND w.id = person.company_id"
#define COMPANY_ANY                                                                                \
	"person.company_id IN (SELECT w.id FROM company w WHERE w.organisation_id = @ AND "        \
	"w.live = 1"
/* A card that has been replaced is nobody's. */
#define HELD                                                                                       \
	"c.organisation_id = @ AND c.live = 1 AND "                                                \
	"c.person_id <> 0x00000000000000000000000000000000 AND NOT (c.active = 0 AND "             \
	"c.blocked = 1 AND c.new_card_id <> 0x00000000000000000000000000000000)"

#define SPANS(moment)                                                                              \
	"SELECT span AS n FROM person_span WHERE organisation_id = @ AND " moment                  \
	"_max >= $1 AND " moment "_min <= $2 ORDER BY span LIMIT "

static const struct select_field customer_fields[] = {
	COLUMN("id", "person.id", FT_UUID, .index = "PRIMARY"),
	COLUMN("serial", "person.serial", FT_I64, .index = "by_serial", .order = "by_serial"),
	FOLDED("name", "person.name_key", .index = "name_serial", .order = "name_serial"),
	FOLDED_NULL("email", "person.email_key", .index = "email", .sort = "person.email_sort",
		    .order = "email_serial"),
	FOLDED_NULL("external_id", "person.external_key", .index = "external",
		    .sort = "person.external_sort", .order = "external_serial"),
	FOLDED_NULL("card_key", "person.card_key", .index = NULL),
	FOLDED_NULL("card_code", "c.code_key", .unset = "card_key", .sort = "person.card_sort",
		    .order = "card_serial",
		    .any = "0 < (SELECT COUNT(*) FROM card c FORCE INDEX (by_person) WHERE "
			   "c.person_id = person.id AND " HELD,
		    .source = "SELECT DISTINCT c.person_id AS id FROM card c FORCE INDEX "
			      "(by_code) WHERE " HELD),
	COLUMN("company_id", "person.company_id", FT_UUID, .index = "company_serial",
	       .flags = SELECT_ZERO_NULL | SELECT_ORDERED),
	COLUMN("company_serial", "w.serial", FT_I64, .flags = SELECT_NULLABLE, .join = COMPANY_JOIN,
	       .unset = "company_id", .any = COMPANY_ANY,
	       .source = "SELECT p.id FROM company w STRAIGHT_JOIN person p FORCE INDEX "
			 "(company_serial) ON p.organisation_id = w.organisation_id AND "
			 "p.live = 1 AND p.company_id = w.id WHERE w.organisation_id = @ AND "
			 "w.live = 1"),
	FOLDED_NULL("company_name", "w.name_key", .join = COMPANY_JOIN, .unset = "company_id",
		    .any = COMPANY_ANY,
		    .source = "SELECT p.id FROM company w STRAIGHT_JOIN person p FORCE INDEX "
			      "(company_serial) ON p.organisation_id = w.organisation_id AND "
			      "p.live = 1 AND p.company_id = w.id WHERE w.organisation_id = @ "
			      "AND w.live = 1"),
	COLUMN("locked", "person.locked", FT_BOOL, .index = "locked_serial",
	       .order = "locked_serial", .flags = SELECT_ORDERED),
	COLUMN("created_at", "person.created_at", FT_MOMENT, .index = "created_serial",
	       .order = "created_serial", .flags = SELECT_ORDERED, .spans = SPANS("created")),
	COLUMN("updated_at", "person.updated_at", FT_MOMENT, .index = "updated_serial",
	       .order = "updated_serial", .flags = SELECT_ORDERED, .spans = SPANS("updated")),
	COLUMN("credit_allowed", "person.credit_allowed", FT_BOOL, .flags = 0),
	COLUMN("is_default", "person.is_default", FT_BOOL, .flags = 0),
	COLUMN("payment_card", "NULLIF(person.payment_card, SPACE(0))", FT_STR,
	       .flags = SELECT_NULLABLE, .key = key_digits),
	COLUMN("phone", "person.phone_key", FT_STR, .like = "person.phone_key", .index = "phone",
	       .flags = SELECT_BYTES | SELECT_NULLABLE, .key = key_digits),
	COLUMN("birthdate", "person.birthdate", FT_MOMENT, .flags = SELECT_NULLABLE),
	COLUMN("gender", "person.gender", FT_I64, .flags = 0),
	PLAIN_TEXT("salutation", "person.salutation"),
	PLAIN_TEXT("first_name", "person.first_name"),
	PLAIN_TEXT("street", "person.street"),
	PLAIN_TEXT("zip", "person.zip"),
	PLAIN_TEXT("city", "person.city"),
	PLAIN_TEXT("fax", "person.fax"),
	PLAIN_TEXT("contact_person", "person.contact_person"),
	PLAIN_TEXT("contact_phone", "person.contact_phone"),
	PLAIN_TEXT("remark", "person.remark"),
	NOT_ASKED("total_debt", FT_AMOUNT),
	NOT_ASKED("debt_data", FT_JSON),
};

const struct select_table select_customer = {
	.from = "person",
	.scope = "person.organisation_id = @ AND person.live = 1",
	.key = "person.serial",
	.id = "person.id",
	.walk = "by_serial",
	.order = by_serial,
	.order_n = N(by_serial),
	.rows = STMT_CUSTOMER_GET,
	.fields = customer_fields,
	.field_n = N(customer_fields),
};

static const struct select_field company_fields[] = {
	COLUMN("id", "company.id", FT_UUID, .index = "PRIMARY"),
	COLUMN("serial", "company.serial", FT_I64, .index = "by_serial", .order = "by_serial"),
	FOLDED("name", "company.name_key", .index = "name_serial", .order = "name_serial"),
	PLAIN_TEXT("description", "company.description"),
	PLAIN_TEXT("address", "company.address"),
	PLAIN_TEXT("registration_code", "company.registration_code"),
	COLUMN("created_at", "company.created_at", FT_MOMENT, .flags = 0),
	COLUMN("updated_at", "company.updated_at", FT_MOMENT, .flags = 0),
};

const struct select_table select_company = {
	.from = "company",
	.scope = "company.organisation_id = @ AND company.live = 1",
	.key = "company.serial",
	.id = "company.id",
	.walk = "by_serial",
	.order = by_serial,
	.order_n = N(by_serial),
	.rows = STMT_COMPANY_GET,
	.fields = company_fields,
	.field_n = N(company_fields),
};

#define DRIVER_JOIN "LEFT JOIN person h ON h.organisation_id = @ AND h.id = vehicle.person_id"

static const struct select_field vehicle_fields[] = {
	COLUMN("id", "vehicle.id", FT_UUID, .index = "PRIMARY"),
	COLUMN("serial", "vehicle.serial", FT_I64, .index = "by_serial", .order = "by_serial"),
	COLUMN("plate", "vehicle.plate_key", FT_STR, .like = "vehicle.plate_key",
	       .index = "by_plate", .flags = SELECT_BYTES, .key = key_plate),
	COLUMN("person_id", "vehicle.person_id", FT_UUID, .index = "by_person",
	       .flags = SELECT_ZERO_NULL | SELECT_ORDERED),
	COLUMN("customer_serial", "h.serial", FT_I64, .flags = SELECT_NULLABLE, .join = DRIVER_JOIN,
	       .unset = "person_id",
	       .any = "vehicle.person_id IN (SELECT h.id FROM person h WHERE "
		      "h.organisation_id = @ AND h.live = 1",
	       .source = "SELECT v.id FROM person h STRAIGHT_JOIN vehicle v FORCE INDEX "
			 "(by_person) ON v.organisation_id = h.organisation_id AND v.live = 1 "
			 "AND v.person_id = h.id WHERE h.organisation_id = @ AND h.live = 1"),
	FOLDED_NULL("customer_name", "h.name_key", .join = DRIVER_JOIN, .unset = "person_id",
		    .any = "vehicle.person_id IN (SELECT h.id FROM person h WHERE "
			   "h.organisation_id = @ AND h.live = 1"),
	COLUMN("created_at", "vehicle.created_at", FT_MOMENT, .flags = 0),
	COLUMN("updated_at", "vehicle.updated_at", FT_MOMENT, .flags = 0),
};

const struct select_table select_vehicle = {
	.from = "vehicle",
	.scope = "vehicle.organisation_id = @ AND vehicle.live = 1",
	.key = "vehicle.serial",
	.id = "vehicle.id",
	.walk = "by_serial",
	.order = by_serial,
	.order_n = N(by_serial),
	.rows = STMT_VEHICLE_VIEW_GET,
	.fields = vehicle_fields,
	.field_n = N(vehicle_fields),
};
