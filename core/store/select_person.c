/* Persons as queries see them. */
#include "select_tables.h"

#include "gram.h"
#include "stmt_gen.h"

#define N(table) (sizeof(table) / sizeof((table)[0]))

static const struct select_field fields[] = {
	SELECT_FIELD("id", "person.id", NULL, "PRIMARY", NULL, FT_UUID, 0),
	SELECT_FIELD("serial", "person.serial", NULL, "serial", NULL, FT_I64, 0),
	SELECT_FIELD("name", "person.name", "person.name_key", "by_name", NULL, FT_STR, 0),
	SELECT_FIELD("name_key", "person.name_key", NULL, "by_name", NULL, FT_STR, SELECT_BYTES),
	SELECT_FIELD("login_key", "person.login_key", NULL, "login", NULL, FT_STR,
		     SELECT_BYTES | SELECT_NULLABLE),
	SELECT_FIELD("phone_key", "person.phone_key", NULL, "phone", NULL, FT_STR,
		     SELECT_BYTES | SELECT_NULLABLE),
	SELECT_FIELD("email_key", "person.email_key", NULL, "email", NULL, FT_STR,
		     SELECT_BYTES | SELECT_NULLABLE),
	SELECT_FIELD("gender", "person.gender", NULL, "by_gender", NULL, FT_I64, SELECT_ORDERED),
	SELECT_FIELD("locked", "person.locked", NULL, "by_locked", NULL, FT_BOOL, SELECT_ORDERED),
	SELECT_FIELD("confirmed", "person.confirmed", NULL, "by_confirmed", NULL, FT_BOOL,
		     SELECT_ORDERED),
};

static const struct select_gram fragment_grams[] = {{GRAM_PERSON, 1, false},
						    {GRAM_PERSON, 2, false}};

static const struct select_named named[] = {
	{
		.name = "fragment",
		.source = "SELECT person_id AS id FROM person_text WHERE organisation_id = @ AND "
			  "(LOCATE($1, text_key) > 0 OR LOCATE($2, text_key) > 0)",
		.sample = "SELECT 1 AS one FROM (SELECT text_key FROM person_text "
			  "WHERE organisation_id = @ LIMIT 1000) t WHERE "
			  "LOCATE($1, text_key) > 0 OR LOCATE($2, text_key) > 0",
		.check = "(SELECT LOCATE($1, t.text_key) > 0 OR LOCATE($2, t.text_key) > 0 "
			 "FROM person_text t WHERE t.organisation_id = @ AND "
			 "t.person_id = person.id) = 1",
		.scan = true,
		.exact = true,
		.grams = fragment_grams,
		.gram_n = N(fragment_grams),
	},
};

static const struct select_order by_name[] = {{.name = "name_key"}};

#define PERSON_TABLE(stmt)                                                                         \
	{                                                                                          \
		.from = "person", .scope = "person.organisation_id = @ AND person.live = 1",       \
		.key = "person.id", .walk = "by_name", .order = by_name, .order_n = N(by_name),    \
		.rows = (stmt), .fields = fields, .field_n = N(fields), .named = named,            \
		.named_n = N(named), .object = TEXT_PERSON,                                        \
	}

const struct select_table select_person = PERSON_TABLE(STMT_PERSON_VIEW_GET);
const struct select_table select_person_full = PERSON_TABLE(STMT_PERSON_FULL_GET);
