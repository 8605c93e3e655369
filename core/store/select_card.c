/* Cards, groups and levels as queries see them. */
#include "select_tables.h"

#include "gram.h"
#include "stmt_gen.h"

#define N(table) (sizeof(table) / sizeof((table)[0]))

static const struct select_field card_fields[] = {
	SELECT_FIELD("id", "c.id", NULL, "PRIMARY", NULL, FT_UUID, 0),
	SELECT_FIELD("serial", "c.serial", NULL, "serial", NULL, FT_I64, 0),
	SELECT_FIELD("kind", "c.kind", NULL, NULL, NULL, FT_I64, 0),
	SELECT_FIELD("parent_id", "c.parent_id", NULL, "by_parent", NULL, FT_UUID,
		     SELECT_ZERO_NULL | SELECT_ORDERED),
	SELECT_FIELD("active", "c.active", NULL, "by_active", NULL, FT_BOOL, SELECT_ORDERED),
	SELECT_FIELD("level_id", "c.level_id", NULL, "by_level", NULL, FT_UUID,
		     SELECT_ZERO_NULL | SELECT_ORDERED),
	SELECT_FIELD("person_id", "c.person_id", NULL, "by_person", NULL, FT_UUID,
		     SELECT_ZERO_NULL | SELECT_ORDERED | SELECT_FEW),
	SELECT_FIELD("master_id", "c.master_id", NULL, "by_master", NULL, FT_UUID,
		     SELECT_ZERO_NULL | SELECT_ORDERED | SELECT_FEW),
	SELECT_FIELD("referral_id", "c.referral_id", NULL, "by_referral", NULL, FT_UUID,
		     SELECT_ZERO_NULL | SELECT_ORDERED | SELECT_FEW),
	SELECT_FIELD("name", "c.name", "c.name_key", "by_name", NULL, FT_STR, 0),
	SELECT_FIELD("code", "c.code", "c.code_key", "by_code", NULL, FT_STR, 0),
	SELECT_FIELD("barcode", "c.barcode", "c.barcode_key", "barcode", NULL, FT_STR, 0),
	SELECT_FIELD("name_key", "c.name_key", NULL, "by_name", NULL, FT_STR, SELECT_BYTES),
	SELECT_FIELD("code_key", "c.code_key", NULL, "by_code", NULL, FT_STR, SELECT_BYTES),
	SELECT_FIELD("barcode_key", "c.barcode_key", NULL, "barcode", NULL, FT_STR, SELECT_BYTES),
	SELECT_FIELD("email_key", "c.email_key", NULL, "by_email", NULL, FT_STR,
		     SELECT_BYTES | SELECT_ORDERED | SELECT_FEW),
	SELECT_FIELD("phone_reversed", "c.phone_reversed", NULL, "by_phone", NULL, FT_STR,
		     SELECT_BYTES | SELECT_ORDERED | SELECT_FEW),
	SELECT_FIELD("created_at", "c.created_at", NULL, NULL, NULL, FT_MOMENT, SELECT_ZERO_NULL),
	SELECT_FIELD("updated_at", "c.updated_at", NULL, NULL, NULL, FT_MOMENT, SELECT_ZERO_NULL),
};

static const struct select_gram word_grams[] = {{GRAM_OTHER, 1, true}};
static const struct select_gram barcode_grams[] = {{GRAM_BARCODE, 1, false}};
static const struct select_gram code_grams[] = {{GRAM_CODE, 1, false}};
static const struct select_gram fragment_grams[] = {{GRAM_OTHER, 1, false},
						    {GRAM_OTHER, 2, false},
						    {GRAM_BARCODE, 1, false},
						    {GRAM_CODE, 1, false}};

#define GRAMS(table) .grams = (table), .gram_n = N(table)

/* Scalar subqueries: an EXISTS may be turned around and read all words first. */
static const struct select_named card_named[] = {
	{
		.name = "blocked",
		.check = "c.shut = 1 AND (c.holder_locked = 1 OR c.blocked_until > $1)",
		.index = "by_shut",
		.numbers = 1,
		.passing = 1,
	},
	{
		.name = "unblocked",
		.check = "c.holder_locked = 0 AND c.blocked_until <= $1",
		.numbers = 1,
		.passing = 1,
	},
	{
		.name = "word",
		.source = "SELECT DISTINCT card_id AS id FROM card_word "
			  "WHERE organisation_id = @ AND word >= $1 AND word < $2",
		.check = "(SELECT 1 FROM card_word w WHERE w.organisation_id = @ AND "
			 "w.card_id = c.id AND w.word >= $1 AND w.word < $2 LIMIT 1) = 1",
		.exact = true,
		GRAMS(word_grams),
	},
	{
		.name = "fragment",
		.source = "SELECT card_id AS id FROM card_text WHERE organisation_id = @ AND "
			  "(LOCATE($1, other_key) > 0 OR LOCATE($2, other_key) > 0 OR "
			  "LOCATE($1, barcode_key) > 0 OR LOCATE($1, code_key) > 0)",
		.sample = "SELECT 1 AS one FROM (SELECT barcode_key, code_key, other_key FROM "
			  "card_text WHERE organisation_id = @ LIMIT 1000) t WHERE "
			  "LOCATE($1, other_key) > 0 OR LOCATE($2, other_key) > 0 OR "
			  "LOCATE($1, barcode_key) > 0 OR LOCATE($1, code_key) > 0",
		.check = "(SELECT LOCATE($1, t.other_key) > 0 OR LOCATE($2, t.other_key) > 0 OR "
			 "LOCATE($1, t.barcode_key) > 0 OR LOCATE($1, t.code_key) > 0 "
			 "FROM card_text t WHERE t.organisation_id = @ AND t.card_id = c.id) = 1",
		.scan = true,
		.exact = true,
		GRAMS(fragment_grams),
	},
	{
		.name = "barcode_fragment",
		.source = "SELECT card_id AS id FROM card_text WHERE organisation_id = @ AND "
			  "LOCATE($1, barcode_key) > 0",
		.sample =
			"SELECT 1 AS one FROM (SELECT barcode_key FROM card_text "
			"WHERE organisation_id = @ LIMIT 1000) t WHERE LOCATE($1, barcode_key) > 0",
		.check = "LOCATE($1, c.barcode_key) > 0",
		.scan = true,
		.exact = true,
		GRAMS(barcode_grams),
	},
	{
		.name = "code_fragment",
		.source = "SELECT card_id AS id FROM card_text WHERE organisation_id = @ AND "
			  "LOCATE($1, code_key) > 0",
		.sample = "SELECT 1 AS one FROM (SELECT code_key FROM card_text "
			  "WHERE organisation_id = @ LIMIT 1000) t WHERE LOCATE($1, code_key) > 0",
		.check = "LOCATE($1, c.code_key) > 0",
		.scan = true,
		.exact = true,
		GRAMS(code_grams),
	},
};

static const struct select_pair card_pairs[] = {
	{"parent_id", "active", "parent_active", false},
	{"level_id", "active", "level_active", false},
	{"parent_id", "blocked", "parent_shut", false},
	{"level_id", "blocked", "level_shut", false},
	{"parent_id", "level_id", "parent_level", false},
	{"active", "blocked", "by_unblock", true},
	{"active", "blocked", "by_shut", false},
};

static const struct select_order by_name[] = {{.name = "name_key"}};

#define CARD_TABLE(stmt)                                                                           \
	{                                                                                          \
		.from = "card c", .scope = "c.organisation_id = @ AND c.live = 1", .key = "c.id",  \
		.walk = "by_name", .order = by_name, .order_n = N(by_name), .rows = (stmt),        \
		.fields = card_fields, .field_n = N(card_fields), .named = card_named,             \
		.named_n = N(card_named), .pairs = card_pairs, .pair_n = N(card_pairs),            \
		.object = TEXT_CARD,                                                               \
	}

const struct select_table select_card = CARD_TABLE(STMT_CARD_PLAIN_PAGE);
const struct select_table select_card_idle = CARD_TABLE(STMT_CARD_VIEW_GET);

static const struct select_field group_fields[] = {
	SELECT_FIELD("id", "g.id", NULL, "PRIMARY", NULL, FT_UUID, 0),
	SELECT_FIELD("parent_id", "g.parent_id", NULL, "by_parent", NULL, FT_UUID,
		     SELECT_ZERO_NULL | SELECT_ORDERED),
	SELECT_FIELD("name_key", "g.name_key", NULL, "by_name", NULL, FT_STR, SELECT_BYTES),
};

const struct select_table select_card_group = {
	.from = "card_group g",
	.scope = "g.organisation_id = @",
	.key = "g.id",
	.walk = "by_name",
	.order = by_name,
	.order_n = N(by_name),
	.rows = STMT_CARD_GROUP_VIEW_GET,
	.fields = group_fields,
	.field_n = N(group_fields),
};

static const struct select_field level_fields[] = {
	SELECT_FIELD("id", "card_level.id", NULL, "PRIMARY", NULL, FT_UUID, 0),
	SELECT_FIELD("name", "card_level.name", NULL, NULL, NULL, FT_STR, 0),
	SELECT_FIELD("rank_order", "card_level.rank_order", NULL, "level_order", NULL, FT_I64, 0),
	SELECT_FIELD("accum_level", "card_level.accum_level", NULL, NULL, NULL, FT_AMOUNT, 0),
};

static const struct select_order by_rank[] = {{.name = "rank_order"}};

const struct select_table select_card_level = {
	.from = "card_level",
	.scope = "card_level.organisation_id = @",
	.key = "card_level.id",
	.walk = "level_order",
	.order = by_rank,
	.order_n = N(by_rank),
	.rows = STMT_CARD_LEVEL_GET,
	.fields = level_fields,
	.field_n = N(level_fields),
};
