/* Cards, groups, levels, entries of the books, the journal: their fields. */
#include "card.h"
#include "core_data.h"
#include "level.h"

/* clang-format off */
#define CARD(m, ...) FIELD(struct card_item_row, m, __VA_ARGS__)
static const struct field group_fields[] = {CARD(group_id, "id"), CARD(group_name, "name")};
static const struct field level_fields[] = {CARD(level_id, "id"), CARD(level_name, "name")};
static const struct field customer_fields[] = {
	CARD(customer_serial, "id"),
	CARD(customer_name, "name"),
};
static const struct map group = MAP("CardsGroup", struct card_item_row, group_fields);
static const struct map level = MAP("CardsLevel", struct card_item_row, level_fields);
static const struct map customer = MAP("CardsCustomer", struct card_item_row, customer_fields);

#define RELATION(name)                                                                             \
	{.wire = #name, .member = #name, .type = FT_OBJECT, .flags = F_NULL_UNSET, .map = &name,   \
	 .doc = "relation"}

static const struct field card_fields[] = {
	CARD(serial, "id", .doc = "unique in the organisation"),
	CARD(id, "guid", .doc = "read-only; id of other dialects"),
	CARD(barcode, "barcode", .flags = F_NULL_UNSET),
	CARD(code, "code", .flags = F_NULL_UNSET),
	CARD(name, "name", .flags = F_NULL_UNSET),
	CARD(description, "description", .flags = F_NULL_UNSET),
	CARD(kind, "type", .form = &core_data_card_type),
	RELATION(group),
	RELATION(level),
	RELATION(customer),
	CARD(active, "active"),
	CARD(blocked, "blocked"),
	CARD(blocked_description, "blockReason", .flags = F_NULL_UNSET),
	CARD(unblock_at, "unblockAt", .flags = F_NULL_UNSET),
	CARD(valid_from, "validFrom", .flags = F_NULL_UNSET),
	CARD(valid_to, "validTo", .flags = F_NULL_UNSET),
	CARD(is_credit, "isCreditCard"),
	CARD(credit_limit, "creditLimit"),
	CARD(message, "message", .flags = F_NULL_UNSET),
	CARD(discount_percent, "specialDiscountPercent"),
	CARD(discount_until, "specialDiscountUntil", .flags = F_NULL_UNSET),
	CARD(points, "points", .doc = "read-only; neither filtered nor ordered by"),
	CARD(money, "money", .doc = "read-only; neither filtered nor ordered by"),
	CARD(created_at, "createdAt", .flags = F_NULL_UNSET),
	CARD(updated_at, "updatedAt", .flags = F_NULL_UNSET),
};
const struct map core_data_card = MAP_BY_CHOICE("Cards", struct card_item_row, card_fields);

#define CARD_IN(m, ...) FIELD(struct card_item_in, row.m, __VA_ARGS__)
#define CARD_WRITE(need)                                                                           \
	CARD_IN(barcode, "barcode", .flags = (need) | F_NOT_EMPTY, .max = CARD_NAME_MAX),          \
	CARD_IN(code, "code", .max = CARD_NAME_MAX),                                               \
	CARD_IN(name, "name", .max = CARD_NAME_MAX),                                               \
	CARD_IN(description, "description", .max = CARD_DESCRIPTION_MAX),                          \
	CARD_IN(kind, "type", .form = &core_data_card_type),                                       \
	CARD_IN(group_id, "group", .form = &core_data_relation),                                   \
	CARD_IN(level_id, "level", .form = &core_data_relation),                                   \
	CARD_IN(customer_serial, "customer", .form = &core_data_relation),                         \
	CARD_IN(active, "active"),                                                                 \
	CARD_IN(blocked, "blocked"),                                                               \
	CARD_IN(blocked_description, "blockReason", .max = CARD_DESCRIPTION_MAX),                  \
	CARD_IN(unblock_at, "unblockAt"),                                                          \
	CARD_IN(valid_from, "validFrom"),                                                          \
	CARD_IN(valid_to, "validTo"),                                                              \
	CARD_IN(is_credit, "isCreditCard"),                                                        \
	CARD_IN(credit_limit, "creditLimit", .min = 0, .max = AMOUNT_MINOR_MAX),                   \
	CARD_IN(message, "message", .max = 1000),                                                  \
	CARD_IN(discount_percent, "specialDiscountPercent", .min = 0, .max = 10000),               \
	CARD_IN(discount_until, "specialDiscountUntil")
static const struct field card_insert_fields[] = {CARD_WRITE(F_REQUIRED)};
static const struct field card_update_fields[] = {CARD_WRITE(0)};
const struct map core_data_card_insert = MAP_SENT("CardsNew", struct card_item_in, card_insert_fields);
const struct map core_data_card_update =
	MAP_SENT("CardsChange", struct card_item_in, card_update_fields);

#define GROUP(m, ...) FIELD(struct group_item_row, m, __VA_ARGS__)
static const struct field parent_fields[] = {GROUP(parent_id, "id"), GROUP(parent_name, "name")};
static const struct map parent = MAP("CardGroupsParent", struct group_item_row, parent_fields);
static const struct field group_item_fields[] = {
	GROUP(id, "id"),
	GROUP(name, "name"),
	GROUP(description, "description", .flags = F_NULL_UNSET),
	RELATION(parent),
	GROUP(created_at, "createdAt", .flags = F_NULL_UNSET),
	GROUP(updated_at, "updatedAt", .flags = F_NULL_UNSET),
};
const struct map core_data_group = MAP_BY_CHOICE("CardGroups", struct group_item_row, group_item_fields);

#define GROUP_IN(m, ...) FIELD(struct group_item_in, row.m, __VA_ARGS__)
#define GROUP_WRITE(need)                                                                          \
	GROUP_IN(name, "name", .flags = (need) | F_NOT_EMPTY, .max = CARD_NAME_MAX),               \
	GROUP_IN(description, "description", .max = CARD_DESCRIPTION_MAX),                         \
	GROUP_IN(parent_id, "parent", .form = &core_data_relation)
static const struct field group_insert_fields[] = {GROUP_WRITE(F_REQUIRED)};
static const struct field group_update_fields[] = {GROUP_WRITE(0)};
const struct map core_data_group_insert =
	MAP_SENT("CardGroupsNew", struct group_item_in, group_insert_fields);
const struct map core_data_group_update =
	MAP_SENT("CardGroupsChange", struct group_item_in, group_update_fields);

#define LEVEL(m, ...) FIELD(struct card_level_row, m, __VA_ARGS__)
static const struct field level_item_fields[] = {
	LEVEL(id, "id"),
	LEVEL(name, "name"),
	LEVEL(rank_order, "order"),
	LEVEL(accum_level, "accumLevel"),
	LEVEL(reset_card_accum, "resetCardAccum"),
	LEVEL(max_payment_percent, "maxPaymentPercent"),
	LEVEL(activity_restriction_period, "activityRestrictionPeriod"),
	LEVEL(activity_restriction_count, "activityRestrictionCount"),
	LEVEL(inactivity_bonus_erase_period, "inactivityBonusErasePeriod"),
	LEVEL(created_at, "createdAt", .flags = F_NULL_UNSET),
	LEVEL(updated_at, "updatedAt", .flags = F_NULL_UNSET),
};
const struct map core_data_level = MAP_BY_CHOICE("CardLevels", struct card_level_row, level_item_fields);

#define LEVEL_IN(m, ...) FIELD(struct level_item_in, row.m, __VA_ARGS__)
#define LEVEL_WRITE(need)                                                                          \
	LEVEL_IN(name, "name", .flags = (need) | F_NOT_EMPTY, .max = CARD_NAME_MAX),               \
	LEVEL_IN(rank_order, "order", .flags = (need), .max = LEVEL_ORDER_MAX),                \
	LEVEL_IN(accum_level, "accumLevel", .min = 0, .max = AMOUNT_MINOR_MAX),                    \
	LEVEL_IN(reset_card_accum, "resetCardAccum"),                                              \
	LEVEL_IN(max_payment_percent, "maxPaymentPercent", .max = LEVEL_PERCENT_MAX),                \
	LEVEL_IN(activity_restriction_period, "activityRestrictionPeriod", .max = LEVEL_PERIOD_YEAR),   \
	LEVEL_IN(activity_restriction_count, "activityRestrictionCount",                            \
		 .max = LEVEL_COUNT_MAX),                                                          \
	LEVEL_IN(inactivity_bonus_erase_period, "inactivityBonusErasePeriod",                       \
		 .max = LEVEL_DAYS_MAX)
static const struct field level_insert_fields[] = {LEVEL_WRITE(F_REQUIRED)};
static const struct field level_update_fields[] = {LEVEL_WRITE(0)};
const struct map core_data_level_insert =
	MAP_SENT("CardLevelsNew", struct level_item_in, level_insert_fields);
const struct map core_data_level_update =
	MAP_SENT("CardLevelsChange", struct level_item_in, level_update_fields);

#define ENTRY(m, ...) FIELD(struct transaction_row, m, __VA_ARGS__)
static const struct field entry_card_fields[] = {
	ENTRY(card_serial, "id"),
	ENTRY(card_barcode, "barcode"),
};
static const struct map card = MAP("TransactionsCard", struct transaction_row, entry_card_fields);
static const struct field transaction_fields[] = {
	ENTRY(id, "id"),
	ENTRY(kind, "kind", .form = &core_data_entry_kind),
	ENTRY(unit, "unit", .form = &core_data_unit),
	ENTRY(amount, "amount"),
	ENTRY(balance_after, "balanceAfter"),
	RELATION(card),
	ENTRY(posted_at, "postedAt", .flags = F_NULL_UNSET),
	ENTRY(business_at, "businessAt", .flags = F_NULL_UNSET),
	ENTRY(author, "author", .flags = F_NULL_UNSET),
	ENTRY(description, "description", .flags = F_NULL_UNSET),
	ENTRY(doc_id, "docId", .flags = F_NULL_UNSET),
	ENTRY(doc_type, "docType"),
	ENTRY(kkm_id, "kkmId", .flags = F_NULL_UNSET),
	ENTRY(shop_id, "shopId", .flags = F_NULL_UNSET),
	ENTRY(discount_id, "discountId", .flags = F_NULL_UNSET),
};
const struct map core_data_transaction =
	MAP_BY_CHOICE("Transactions", struct transaction_row, transaction_fields);

#define AUDIT(m, ...) FIELD(struct audit_row, m, __VA_ARGS__)
static const struct field audit_fields[] = {
	AUDIT(id, "id"),
	AUDIT(at, "at", .flags = F_NULL_UNSET),
	AUDIT(operation, "operation"),
	AUDIT(subject, "subject", .doc = "who asked for it"),
	AUDIT(request_id, "requestId", .flags = F_NULL_UNSET),
	AUDIT(object_id, "objectId", .doc = "what it was about"),
	AUDIT(changes, "changes", .doc = "what it was and what it became; not filtered by"),
};
const struct map core_data_audit = MAP_BY_CHOICE("Audit", struct audit_row, audit_fields);
/* clang-format on */
