/* Cards, groups, levels, entries and the journal as entities: every member of the row a field. */
#include "select_entity.h"
#include "select_tables.h"

#include "stmt_gen.h"

#define N(table) (sizeof(table) / sizeof((table)[0]))

#define REPLACED                                                                                   \
	"(c.active = 0 AND c.blocked = 1 AND "                                                     \
	"c.new_card_id <> 0x00000000000000000000000000000000)"
#define HOLDER_JOIN                                                                                \
	"LEFT JOIN person h ON h.organisation_id = @ AND h.id = c.person_id AND NOT " REPLACED
#define HOLDER_ANY                                                                                 \
	"NOT " REPLACED " AND c.person_id IN (SELECT h.id FROM person h WHERE "                    \
	"h.organisation_id = @ AND h.live = 1"
#define HOLDER_SOURCE                                                                              \
	"SELECT c.id FROM person h STRAIGHT_JOIN card c FORCE INDEX (by_person) ON "               \
	"c.organisation_id = h.organisation_id AND c.live = 1 AND c.person_id = h.id AND "         \
	"NOT " REPLACED " WHERE h.organisation_id = @ AND h.live = 1"
/* A block that has not ended by the server's clock, or the holder's lock. */
#define BLOCKED                                                                                    \
	"(c.shut = 1 AND (c.holder_locked = 1 OR c.blocked_until > "                               \
	"CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)))"

static const struct select_order by_serial[] = {{.name = "serial"}};
static const struct select_order by_id[] = {{.name = "id"}};

static const struct select_field card_fields[] = {
	COLUMN("id", "c.id", FT_UUID, .index = "PRIMARY"),
	COLUMN("serial", "c.serial", FT_I64, .index = "by_live_serial", .order = "by_live_serial"),
	FOLDED("barcode", "c.barcode_key", .index = "barcode"),
	FOLDED_EMPTY("code", "c.code_key", .index = "by_code"),
	FOLDED_EMPTY("name", "c.name_key", .index = "by_name"),
	PLAIN_TEXT("description", "c.description"),
	COLUMN("kind", "c.kind", FT_I64, .flags = 0),
	COLUMN("group_id", "c.parent_id", FT_UUID, .index = "by_parent", .flags = SELECT_ZERO_NULL),
	FOLDED_NULL("group_name", "g.name_key", .unset = "group_id",
		    .join = "LEFT JOIN card_group g ON g.organisation_id = @ AND g.id = "
			    "c.parent_id",
		    .any = "c.parent_id IN (SELECT g.id FROM card_group g WHERE "
			   "g.organisation_id = @"),
	COLUMN("level_id", "c.level_id", FT_UUID, .index = "by_level", .flags = SELECT_ZERO_NULL),
	COLUMN("level_name", "LOWER(v.name)", FT_STR, .flags = SELECT_NULLABLE,
	       .key = select_key_text, .unset = "level_id",
	       .join = "LEFT JOIN card_level v ON v.organisation_id = @ AND v.id = c.level_id",
	       .any = "c.level_id IN (SELECT v.id FROM card_level v WHERE v.organisation_id = @"),
	COLUMN("holder_id", "IF(" REPLACED ", 0x00000000000000000000000000000000, c.person_id)",
	       FT_UUID, .flags = SELECT_ZERO_NULL),
	COLUMN("customer_serial", "h.serial", FT_I64, .flags = SELECT_NULLABLE, .join = HOLDER_JOIN,
	       .unset = "holder_id", .any = HOLDER_ANY, .source = HOLDER_SOURCE),
	FOLDED_NULL("customer_name", "h.name_key", .join = HOLDER_JOIN, .unset = "holder_id",
		    .any = HOLDER_ANY, .source = HOLDER_SOURCE),
	COLUMN("active", "c.active", FT_BOOL, .index = "by_active"),
	COLUMN("blocked", BLOCKED, FT_BOOL, .flags = 0),
	PLAIN_TEXT("blocked_description", "c.blocked_description"),
	NOT_ASKED("unblock_at", FT_MOMENT),
	COLUMN("valid_from", "c.valid_from", FT_MOMENT, .flags = SELECT_ZERO_NULL),
	COLUMN("valid_to", "c.valid_to", FT_MOMENT, .flags = SELECT_ZERO_NULL),
	COLUMN("is_credit", "c.is_credit", FT_BOOL, .flags = 0),
	COLUMN("credit_limit", "c.credit_limit", FT_AMOUNT, .flags = 0),
	PLAIN_TEXT("message", "c.message"),
	COLUMN("discount_percent", "c.discount_percent", FT_AMOUNT, .flags = 0),
	COLUMN("discount_until", "c.discount_until", FT_MOMENT, .flags = SELECT_ZERO_NULL),
	NOT_ASKED("points", FT_AMOUNT),
	NOT_ASKED("money", FT_AMOUNT),
	COLUMN("created_at", "c.created_at", FT_MOMENT, .flags = 0),
	COLUMN("updated_at", "c.updated_at", FT_MOMENT, .flags = 0),
};

const struct select_table select_card_item = {
	.from = "card c",
	.scope = "c.organisation_id = @ AND c.live = 1",
	.key = "c.serial",
	.id = "c.id",
	.walk = "by_live_serial",
	.order = by_serial,
	.order_n = N(by_serial),
	.rows = STMT_CARD_ITEM_GET,
	.fields = card_fields,
	.field_n = N(card_fields),
};

static const struct select_field group_fields[] = {
	COLUMN("id", "card_group.id", FT_UUID, .index = "PRIMARY", .order = "PRIMARY"),
	FOLDED("name", "card_group.name_key", .index = "by_name", .order = "by_name"),
	PLAIN_TEXT("description", "card_group.description"),
	COLUMN("parent_id", "card_group.parent_id", FT_UUID, .index = "by_parent",
	       .flags = SELECT_ZERO_NULL),
	COLUMN("parent_name", "p.name_key", FT_STR, .like = "p.name_key",
	       .flags = SELECT_BYTES | SELECT_NULLABLE, .key = select_key_text,
	       .unset = "parent_id",
	       .join = "LEFT JOIN card_group p ON p.organisation_id = @ AND p.id = "
		       "card_group.parent_id",
	       .any = "card_group.parent_id IN (SELECT p.id FROM card_group p WHERE "
		      "p.organisation_id = @"),
	COLUMN("created_at", "card_group.created_at", FT_MOMENT, .flags = 0),
	COLUMN("updated_at", "card_group.updated_at", FT_MOMENT, .flags = 0),
};

const struct select_table select_group_item = {
	.from = "card_group",
	.scope = "card_group.organisation_id = @",
	.key = "card_group.id",
	.walk = "PRIMARY",
	.order = by_id,
	.order_n = N(by_id),
	.rows = STMT_GROUP_ITEM_GET,
	.fields = group_fields,
	.field_n = N(group_fields),
};

static const struct select_field level_fields[] = {
	COLUMN("id", "card_level.id", FT_UUID, .index = "PRIMARY", .order = "PRIMARY"),
	PLAIN_TEXT("name", "card_level.name"),
	COLUMN("rank_order", "card_level.rank_order", FT_I64, .index = "level_order",
	       .order = "level_order"),
	COLUMN("accum_level", "card_level.accum_level", FT_AMOUNT, .flags = 0),
	COLUMN("reset_card_accum", "card_level.reset_card_accum", FT_BOOL, .flags = 0),
	COLUMN("max_payment_percent", "card_level.max_payment_percent", FT_AMOUNT, .flags = 0),
	COLUMN("activity_restriction_period", "card_level.activity_restriction_period", FT_I64,
	       .flags = 0),
	COLUMN("activity_restriction_count", "card_level.activity_restriction_count", FT_I64,
	       .flags = 0),
	COLUMN("inactivity_bonus_erase_period", "card_level.inactivity_bonus_erase_period", FT_I64,
	       .flags = 0),
	COLUMN("created_at", "card_level.created_at", FT_MOMENT, .flags = 0),
	COLUMN("updated_at", "card_level.updated_at", FT_MOMENT, .flags = 0),
};

const struct select_table select_level_item = {
	.from = "card_level",
	.scope = "card_level.organisation_id = @",
	.key = "card_level.id",
	.walk = "PRIMARY",
	.order = by_id,
	.order_n = N(by_id),
	.rows = STMT_LEVEL_ITEM_GET,
	.fields = level_fields,
	.field_n = N(level_fields),
};

static const struct select_field transaction_fields[] = {
	COLUMN("id", "entry.id", FT_UUID, .index = "id", .order = "id"),
	COLUMN("kind", "entry.kind", FT_I64, .flags = 0),
	COLUMN("unit", "entry.unit", FT_I64, .flags = 0),
	COLUMN("amount", "entry.amount", FT_AMOUNT, .flags = 0),
	COLUMN("balance_after", "entry.balance_after", FT_AMOUNT, .flags = 0),
	COLUMN("card_id", "entry.card_id", FT_UUID, .index = "by_card"),
	COLUMN("card_serial", "c.serial", FT_I64, .unset = "card_id",
	       .join = "LEFT JOIN card c ON c.organisation_id = @ AND c.id = entry.card_id",
	       .any = "entry.card_id IN (SELECT c.id FROM card c WHERE c.organisation_id = @ AND "
		      "(c.live = 1 OR c.live IS NULL)",
	       .source = "SELECT e.id FROM card c STRAIGHT_JOIN entry e FORCE INDEX (by_card) ON "
			 "e.organisation_id = c.organisation_id AND e.card_id = c.id WHERE "
			 "c.organisation_id = @"),
	FOLDED("card_barcode", "c.barcode_key", .unset = "card_id",
	       .join = "LEFT JOIN card c ON c.organisation_id = @ AND c.id = entry.card_id",
	       .any = "entry.card_id IN (SELECT c.id FROM card c WHERE c.organisation_id = @ AND "
		      "(c.live = 1 OR c.live IS NULL)",
	       .source = "SELECT e.id FROM card c STRAIGHT_JOIN entry e FORCE INDEX (by_card) ON "
			 "e.organisation_id = c.organisation_id AND e.card_id = c.id WHERE "
			 "c.organisation_id = @ AND (c.live = 1 OR c.live IS NULL)"),
	COLUMN("posted_at", "entry.posted_at", FT_MOMENT, .flags = 0),
	COLUMN("business_at", "entry.business_at", FT_MOMENT, .flags = 0),
	PLAIN_TEXT("author", "entry.author"),
	PLAIN_TEXT("description", "entry.description"),
	PLAIN_TEXT("doc_id", "entry.doc_id"),
	COLUMN("doc_type", "entry.doc_type", FT_I64, .flags = 0),
	PLAIN_TEXT("kkm_id", "entry.kkm_id"),
	PLAIN_TEXT("shop_id", "entry.shop_id"),
	PLAIN_TEXT("discount_id", "entry.discount_id"),
};

const struct select_table select_transaction = {
	.from = "entry",
	.scope = "entry.organisation_id = @",
	.key = "entry.id",
	.walk = "id",
	.order = by_id,
	.order_n = N(by_id),
	.rows = STMT_TRANSACTION_GET,
	.fields = transaction_fields,
	.field_n = N(transaction_fields),
};

static const struct select_field audit_fields[] = {
	COLUMN("id", "journal.id", FT_UUID, .index = "PRIMARY", .order = "PRIMARY"),
	COLUMN("at", "journal.at", FT_MOMENT, .flags = 0),
	PLAIN_TEXT("operation", "journal.operation"),
	PLAIN_TEXT("subject", "journal.subject"),
	PLAIN_TEXT("request_id", "journal.request_id"),
	COLUMN("object_id", "journal.object_id", FT_UUID, .index = "by_object",
	       .flags = SELECT_ZERO_NULL | SELECT_ORDERED),
	NOT_ASKED("changes", FT_JSON),
};

const struct select_table select_audit = {
	.from = "journal",
	.scope = "journal.organisation_id = @",
	.key = "journal.id",
	.walk = "PRIMARY",
	.order = by_id,
	.order_n = N(by_id),
	.rows = STMT_AUDIT_GET,
	.fields = audit_fields,
	.field_n = N(audit_fields),
};
