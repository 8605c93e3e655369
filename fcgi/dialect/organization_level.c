/* Card levels of the organization dialect: maps and texts. */
#include "level.h"
#include "organization.h"
#include "route.h"

/* Name and order must be sent with a new level; all else is 0 and false when it is not. */
#define LEVEL_IN_FIELDS(need)                                                                      \
	FIELD(struct level_in, row.name, "name", .max = CARD_NAME_MAX,                             \
	      .flags = (need) | F_NOT_EMPTY),                                                      \
		FIELD(struct level_in, row.rank_order, "order", .max = LEVEL_ORDER_MAX,            \
		      .flags = (need), .doc = "0 = first; unique"),                                \
		FIELD(struct level_in, row.accum_level, "accum_level", .max = AMOUNT_MINOR_MAX,    \
		      .doc = "turnover at which the level can be reached"),                        \
		FIELD(struct level_in, row.reset_card_accum, "reset_card_accum",                   \
		      .doc = "turnover goes to zero on reaching the level"),                       \
		FIELD(struct level_in, row.max_payment_percent, "max_payment_percent",             \
		      .max = LEVEL_PERCENT_MAX),                                                   \
		FIELD(struct level_in, row.activity_restriction_period,                            \
		      "activity_restriction_period", .max = LEVEL_PERIOD_YEAR,                     \
		      .doc = "0 none, 1 day, 2 week, 3 month, 4 quarter, 5 year"),                 \
		FIELD(struct level_in, row.activity_restriction_count,                             \
		      "activity_restriction_count", .max = LEVEL_COUNT_MAX),                       \
		FIELD(struct level_in, row.inactivity_bonus_erase_period,                          \
		      "inactivity_bonus_erase_period", .max = LEVEL_DAYS_MAX,                      \
		      .doc = "days; 0 = never")

static const struct field add_fields[] = {
	FIELD(struct level_in, row.id, "id"),
	LEVEL_IN_FIELDS(F_REQUIRED),
};
const struct map organization_level_add_in = MAP_SENT("CardLevelAdd", struct level_in, add_fields);

static const struct field change_fields[] = {
	FIELD(struct level_in, row.id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	LEVEL_IN_FIELDS(0),
};
const struct map organization_level_change_in =
	MAP_SENT("CardLevelChange", struct level_in, change_fields);

#define LEVEL_FIELDS                                                                               \
	FIELD(struct level, row.id, "id"), FIELD(struct level, row.name, "name"),                  \
		FIELD(struct level, row.rank_order, "order"),                                      \
		FIELD(struct level, row.accum_level, "accum_level"),                               \
		FIELD(struct level, row.reset_card_accum, "reset_card_accum"),                     \
		FIELD(struct level, row.max_payment_percent, "max_payment_percent"),               \
		FIELD(struct level, row.activity_restriction_period,                               \
		      "activity_restriction_period"),                                              \
		FIELD(struct level, row.activity_restriction_count, "activity_restriction_count"), \
		FIELD(struct level, row.inactivity_bonus_erase_period,                             \
		      "inactivity_bonus_erase_period")

static const struct field level_fields[] = {LEVEL_FIELDS};
static const struct map level_map = MAP("CardLevel", struct level, level_fields);
static const struct field out_fields[] = {
	FIELD(struct level_out, level, "card_level", .map = &level_map),
};
const struct map organization_level_out = MAP("CardLevelAnswer", struct level_out, out_fields);

static const struct field list_fields[] = {
	ORGANIZATION_PAGE_FIELDS(struct level_list_in),
};
const struct map organization_level_list_in =
	MAP("CardLevelList", struct level_list_in, list_fields);

static const struct field row_fields[] = {
	FIELD(struct level, row_number, "row_number"),
	LEVEL_FIELDS,
};
static const struct map row_map = MAP("CardLevelRow", struct level, row_fields);
static const struct field list_out_fields[] = {
	FIELD(struct level_list_out, levels, "card_level", .map = &row_map),
	FIELD(struct level_list_out, page, "pagination", .map = &organization_pagination),
};
const struct map organization_level_list_out =
	MAP("CardLevelListAnswer", struct level_list_out, list_out_fields);

#define LEVEL_EXAMPLE                                                                              \
	"\"id\":\"5f0e8a1c-3f7c-4c9d-8a52-2b1f0f6f6a11\",\"name\":\"Золотой\",\"order\":2," \
	"\"accum_level\":50000,\"reset_card_accum\":false,\"max_payment_percent\":50,"             \
	"\"activity_restriction_period\":1,\"activity_restriction_count\":5,"                      \
	"\"inactivity_bonus_erase_period\":365"

const struct route_doc organization_doc_level_add = {
	.summary = "Add a card level",
	.description = "name and order are required; all other members are 0 when absent.",
	.tag = "Card levels",
	.example_in = "{\"name\":\"Золотой\",\"order\":2,\"accum_level\":50000,"
		      "\"max_payment_percent\":50}",
	.example_out = "{\"code\":0,\"message\":\"Операция выполнена\","
		       "\"id\":\"5f0e8a1c-3f7c-4c9d-8a52-2b1f0f6f6a11\"}",
};
const struct route_doc organization_doc_level_change = {
	.summary = "Change a card level; only members sent are changed",
	.tag = "Card levels",
	.example_in = "{\"max_payment_percent\":70}",
};
const struct route_doc organization_doc_level_delete = {
	.summary = "Delete a card level that no card has",
	.tag = "Card levels",
};
const struct route_doc organization_doc_level_get = {
	.summary = "Get a card level",
	.tag = "Card levels",
	.example_out = "{\"code\":0,\"message\":\"Операция выполнена\",\"card_level\":"
		       "{" LEVEL_EXAMPLE "}}",
};
const struct route_doc organization_doc_level_list = {
	.summary = "List card levels, the first one first",
	.description = "Levels are always counted exactly: calculate_count changes nothing.",
	.tag = "Card levels",
	.example_out = "{\"code\":0,\"message\":\"Операция выполнена\",\"card_level\":"
		       "[{\"row_number\":1," LEVEL_EXAMPLE "}],\"pagination\":"
		       "{\"per_page\":10,\"page\":1,\"items\":1,\"pages\":1}}",
};
