/* Cards and groups of the organization dialect: what travels in which member. */
#include "card.h"
#include "group.h"
#include "organization.h"
#include "search.h"

/* A card as the vendor's pages list it; rows of lists have their number before it. */
#define CARD_FIELDS                                                                                \
	FIELD(struct card, row.id, "id"), FIELD(struct card, is_group, "is_group"),                \
		FIELD(struct card, row.parent_id, "parent_id"),                                    \
		FIELD(struct card, row.code, "code"), FIELD(struct card, row.barcode, "barcode"),  \
		FIELD(struct card, row.name, "name"),                                              \
		FIELD(struct card, row.description, "description"),                                \
		FIELD(struct card, row.active, "active"), FIELD(struct card, blocked, "blocked"),  \
		FIELD(struct card, blocked_reason, "blockeddescription"),                          \
		FIELD(struct card, row.received, "balance",                                        \
		      .doc = "points ever received; deprecated"),                                  \
		FIELD(struct card, available, "actual_balance",                                    \
		      .doc = "points that can be spent now"),                                      \
		FIELD(struct card, row.master_id, "mastercard_id"),                                \
		FIELD(struct card, row.referral_id, "referallink_id"),                             \
		FIELD(struct card, row.phone, "phone"), FIELD(struct card, row.email, "email"),    \
		FIELD(struct card, row.external, "external_card", .form = &organization_flag),     \
		FIELD(struct card, row.accum_sale_amount, "accum_sale_amount"),                    \
		FIELD(struct card, row.level_id, "card_level_id"),                                 \
		FIELD(struct card, row.activated_at, "date_active"),                               \
		FIELD(struct card, row.activation_shop_id, "activation_shop_id"),                  \
		FIELD(struct card, row.deactivated_at, "date_deactivate"),                         \
		FIELD(struct card, row.last_transaction_at, "date_last_transaction"),              \
		FIELD(struct card, row.last_activity_at, "date_last_activity"),                    \
		FIELD(struct card, row.first_check_at, "date_first_check"),                        \
		FIELD(struct card, row.last_transaction_id, "last_transaction"),                   \
		FIELD(struct card, row.person_id, "user_id"),                                      \
		FIELD(struct card, row.image, "image"),                                            \
		FIELD(struct card, unblock_at, "date_unblock"),                                    \
		FIELD(struct card, row.new_card_id, "new_card_id")

static const struct field card_fields[] = {CARD_FIELDS};
static const struct field card_list_row_fields[] = {
	FIELD(struct card, row_number, "row_number"),
	CARD_FIELDS,
};
static const struct map card_map = MAP("Card", struct card, card_fields);
const struct map organization_card_row = MAP("CardRow", struct card, card_list_row_fields);

static const struct field card_out_fields[] = {
	FIELD(struct card_out, card, "card", .map = &card_map),
};
const struct map organization_card_out = MAP("CardAnswer", struct card_out, card_out_fields);

static const struct field id_fields[] = {
	FIELD(struct id_in, id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
};
const struct map organization_id_in = MAP("Id", struct id_in, id_fields);

static const struct field id_out_fields[] = {
	FIELD(struct id_out, id, "id"),
};
const struct map organization_id_out = MAP("IdAnswer", struct id_out, id_out_fields);

/* What add and change share; `need` = F_REQUIRED where code and barcode must be sent. */
#define CARD_TEXT(m, wire, most, ...) FIELD(struct card_in, row.m, wire, .max = (most), __VA_ARGS__)
#define CARD_REFERENCE(m, wire)       FIELD(struct card_in, row.m, wire, .flags = F_REFERENCE)
#define CARD_IN_FIELDS(need)                                                                       \
	CARD_REFERENCE(parent_id, "parent_id"),                                                    \
		CARD_TEXT(code, "code", CARD_NAME_MAX, .flags = (need),                            \
			  .form = &organization_code),                                             \
		CARD_TEXT(barcode, "barcode", CARD_SHORT_TEXT_MAX, .flags = (need) | F_NOT_EMPTY,  \
			  .form = &organization_code),                                             \
		CARD_TEXT(name, "name", CARD_NAME_MAX, .flags = 0),                                \
		CARD_TEXT(description, "description", CARD_DESCRIPTION_MAX, .flags = 0),           \
		CARD_REFERENCE(master_id, "mastercard_id"),                                        \
		CARD_REFERENCE(referral_id, "referallink_id"),                                     \
		CARD_TEXT(phone, "phone", CARD_SHORT_TEXT_MAX, .form = &organization_code),        \
		CARD_TEXT(email, "email", CARD_EMAIL_MAX, .flags = 0),                             \
		FIELD(struct card_in, row.external, "external_card", .form = &organization_flag),  \
		FIELD(struct card_in, row.accum_sale_amount, "accum_sale_amount",                  \
		      .max = AMOUNT_MINOR_MAX),                                                    \
		CARD_REFERENCE(level_id, "card_level_id"),                                         \
		CARD_REFERENCE(new_card_id, "new_card_id")

static const struct field card_add_fields[] = {
	FIELD(struct card_in, row.id, "id"),
	CARD_IN_FIELDS(F_REQUIRED),
	FIELD(struct card_in, balance, "balance", .max = AMOUNT_MINOR_MAX),
	FIELD(struct card_in, row.active, "active"),
	FIELD(struct card_in, row.blocked, "blocked"),
	FIELD(struct card_in, row.blocked_description, "blockeddescription",
	      .max = CARD_DESCRIPTION_MAX),
};
const struct map organization_card_add_in = MAP_SENT("CardAdd", struct card_in, card_add_fields);

static const struct field card_change_fields[] = {
	FIELD(struct card_in, row.id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	CARD_IN_FIELDS(0),
};
const struct map organization_card_change_in =
	MAP_SENT("CardChange", struct card_in, card_change_fields);

static const struct field card_delete_fields[] = {
	FIELD(struct card_delete_in, id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	FIELD(struct card_delete_in, check_balance, "checkbalance"),
};
const struct map organization_card_delete_in =
	MAP("CardDelete", struct card_delete_in, card_delete_fields);

static const struct field card_activate_fields[] = {
	FIELD(struct card_activate_in, id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	FIELD(struct card_activate_in, shop_id, "activation_shop_id", .max = CARD_SHORT_TEXT_MAX,
	      .form = &organization_code),
};
const struct map organization_card_activate_in =
	MAP_SENT("CardActivate", struct card_activate_in, card_activate_fields);

static const struct field card_block_fields[] = {
	FIELD(struct card_block_in, id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	FIELD(struct card_block_in, description, "description", .max = CARD_DESCRIPTION_MAX),
	FIELD(struct card_block_in, unblock_at, "unblock_date",
	      .form = &organization_moment_or_seconds),
};
const struct map organization_card_block_in =
	MAP("CardBlock", struct card_block_in, card_block_fields);

static const struct field pagination_fields[] = {
	FIELD(struct page_out, per_page, "per_page"),
	FIELD(struct page_out, page, "page"),
	FIELD(struct page_out, items, "items"),
	FIELD(struct page_out, pages, "pages"),
	FIELD(struct page_out, items_capped, "items_capped", .flags = F_OMIT_UNSET),
};
const struct map organization_pagination = MAP("Pagination", struct page_out, pagination_fields);

#define QUERY(m, wire, ...) FIELD(struct card_list_in, m, wire, .from = FROM_QUERY, __VA_ARGS__)
#define TEXT_QUERY(m, wire) QUERY(m, wire, .max = CARD_NAME_MAX)
static const struct field card_list_fields[] = {
	QUERY(parent_id, "parent_id", .flags = F_REFERENCE),
	QUERY(active, "active", .flags = 0),
	QUERY(blocked, "blocked", .flags = 0),
	TEXT_QUERY(filter, "card_filter"),
	QUERY(person_id, "user_id", .flags = F_REFERENCE),
	QUERY(master_id, "mastercard_id", .flags = F_REFERENCE),
	QUERY(referral_id, "referallink_id", .flags = F_REFERENCE),
	TEXT_QUERY(barcode, "barcode"),
	TEXT_QUERY(code, "code"),
	QUERY(with_groups, "with_groups", .flags = 0),
	QUERY(level_id, "card_level_id", .flags = F_REFERENCE),
	TEXT_QUERY(email, "email"),
	TEXT_QUERY(phone, "phone"),
	ORGANIZATION_PAGE_FIELDS(struct card_list_in),
	QUERY(calculate_count, "calculate_count", .flags = 0),
};
const struct map organization_card_list_in =
	MAP_SENT("CardList", struct card_list_in, card_list_fields);

static const struct field card_search_fields[] = {
	FIELD(struct card_search_in, filter, "filter", .from = FROM_QUERY, .max = CARD_NAME_MAX),
	ORGANIZATION_PAGE_FIELDS(struct card_search_in),
	FIELD(struct card_search_in, calculate_count, "calculate_count", .from = FROM_QUERY),
};
const struct map organization_card_search_in =
	MAP_SENT("CardSearch", struct card_search_in, card_search_fields);

static const struct field card_list_out_fields[] = {
	FIELD(struct card_list_out, cards, "cards", .map = &organization_card_row),
	FIELD(struct card_list_out, page, "pagination", .map = &organization_pagination),
};
const struct map organization_card_list_out =
	MAP("CardListAnswer", struct card_list_out, card_list_out_fields);

/* groups */
#define GROUP_FIELDS                                                                               \
	FIELD(struct group_in, row.parent_id, "parent_id", .flags = F_REFERENCE),                  \
		FIELD(struct group_in, row.name, "name", .max = CARD_NAME_MAX),                    \
		FIELD(struct group_in, row.description, "description",                             \
		      .max = CARD_DESCRIPTION_MAX)

static const struct field group_add_fields[] = {
	FIELD(struct group_in, row.id, "id"),
	GROUP_FIELDS,
};
const struct map organization_group_add_in =
	MAP_SENT("CardGroupAdd", struct group_in, group_add_fields);

static const struct field group_change_fields[] = {
	FIELD(struct group_in, row.id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	GROUP_FIELDS,
};
const struct map organization_group_change_in =
	MAP_SENT("CardGroupChange", struct group_in, group_change_fields);

static const struct field group_delete_fields[] = {
	FIELD(struct group_delete_in, id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	FIELD(struct group_delete_in, test, "test"),
};
const struct map organization_group_delete_in =
	MAP("CardGroupDelete", struct group_delete_in, group_delete_fields);

static const struct field group_delete_out_fields[] = {
	FIELD(struct group_delete_out, groups_count, "groups_count"),
	FIELD(struct group_delete_out, cards_count, "cards_count"),
};
const struct map organization_group_delete_out =
	MAP("CardGroupDeleteAnswer", struct group_delete_out, group_delete_out_fields);

static const struct field group_fields[] = {
	FIELD(struct card_group_view_row, id, "id"),
	FIELD(struct card_group_view_row, parent_id, "parent_id"),
	FIELD(struct card_group_view_row, name, "name"),
	FIELD(struct card_group_view_row, description, "description"),
	FIELD(struct card_group_view_row, groups_count, "groups_count"),
	FIELD(struct card_group_view_row, cards_count, "cards_count"),
};
static const struct map group_map = MAP("CardGroup", struct card_group_view_row, group_fields);

static const struct field group_out_fields[] = {
	FIELD(struct group_get_out, group, "card_group", .map = &group_map),
};
const struct map organization_group_out =
	MAP("CardGroupAnswer", struct group_get_out, group_out_fields);

static const struct field group_list_fields[] = {
	FIELD(struct group_list_in, parent_id, "parent_id", .from = FROM_QUERY,
	      .flags = F_REFERENCE),
	ORGANIZATION_PAGE_FIELDS(struct group_list_in),
};
const struct map organization_group_list_in =
	MAP_SENT("CardGroupList", struct group_list_in, group_list_fields);

static const struct field group_list_out_fields[] = {
	FIELD(struct group_list_out, groups, "card_groups", .map = &group_map),
	FIELD(struct group_list_out, page, "pagination", .map = &organization_pagination),
};
const struct map organization_group_list_out =
	MAP("CardGroupListAnswer", struct group_list_out, group_list_out_fields);
