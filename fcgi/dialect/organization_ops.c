/* What is done with cards beyond changing them: turnover, levels, holders, a new card for a lost
 * one. Maps and texts. */
#include "organization.h"
#include "person_card.h"
#include "replacement.h"
#include "route.h"
#include "turnover.h"

static const struct field accumulate_fields[] = {
	FIELD(struct accumulate_in, id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	FIELD(struct accumulate_in, reset, "reset",
	      .doc = "true = the turnover begins at sum, else sum is added"),
	FIELD(struct accumulate_in, sum, "sum", .max = AMOUNT_MINOR_MAX, .flags = F_REQUIRED),
};
const struct map organization_accumulate_in =
	MAP("Accumulate", struct accumulate_in, accumulate_fields);

static const struct field level_move_fields[] = {
	FIELD(struct level_move_in, id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	FIELD(struct level_move_in, check, "check",
	      .doc = "true = only tell, false = do it, the other way round with the setting "
		     "level_check=perform; absent = only tell"),
};
const struct map organization_level_move_in =
	MAP_SENT("LevelMove", struct level_move_in, level_move_fields);

static const struct field step_fields[] = {
	FIELD(struct level_step, id, "level_id"),
	FIELD(struct level_step, name, "level_name"),
	FIELD(struct level_step, turnover, "accum_amount", .doc = "of the card, before a reset"),
	FIELD(struct level_step, threshold, "accum_level"),
};
static const struct map step_map = MAP("LevelStep", struct level_step, step_fields);

#define STEP(m, wire) FIELD(struct level_move_out, m, wire, .map = &step_map, .flags = F_OMIT_UNSET)
static const struct field level_up_fields[] = {
	STEP(moved, "level_up"),
	STEP(next, "next_level_up"),
};
const struct map organization_level_up_out =
	MAP("LevelUpAnswer", struct level_move_out, level_up_fields);

static const struct field level_down_fields[] = {
	STEP(moved, "level_down"),
	STEP(next, "next_level_down"),
};
const struct map organization_level_down_out =
	MAP("LevelDownAnswer", struct level_move_out, level_down_fields);

static const struct field add_user_fields[] = {
	FIELD(struct card_add_user_in, person_id, "user_id",
	      .flags = F_REQUIRED | F_REFERENCE | F_NOT_EMPTY),
	FIELD(struct card_add_user_in, name, "name", .max = CARD_NAME_MAX,
	      .doc = "of the card from now on"),
	FIELD(struct card_add_user_in, description, "description", .max = CARD_DESCRIPTION_MAX),
};
const struct map organization_add_user_in =
	MAP("CardAddUser", struct card_add_user_in, add_user_fields);

static const struct field attach_fields[] = {
	FIELD(struct card_attach_in, person_id, "user_id",
	      .flags = F_REQUIRED | F_REFERENCE | F_NOT_EMPTY),
	FIELD(struct card_attach_in, card_id, "card_id",
	      .flags = F_REQUIRED | F_REFERENCE | F_NOT_EMPTY),
};
const struct map organization_attach_in = MAP("CardAttach", struct card_attach_in, attach_fields);

static const struct field replacement_fields[] = {
	FIELD(struct replacement_in, old_id, "old_card_id",
	      .flags = F_REQUIRED | F_REFERENCE | F_NOT_EMPTY),
	FIELD(struct replacement_in, new_id, "new_card_id",
	      .flags = F_REQUIRED | F_REFERENCE | F_NOT_EMPTY),
};
const struct map organization_replacement_in =
	MAP("CardReplacement", struct replacement_in, replacement_fields);

#define DONE "{\"code\":0,\"message\":\"Операция выполнена\","

const struct route_doc organization_doc_accumulate = {
	.summary = "Add to a card's turnover, or begin it anew",
	.description = "Turnover moves no level by itself: levelup and leveldown do.",
	.tag = "Card levels",
	.example_in = "{\"reset\":false,\"sum\":1500.5}",
};
const struct route_doc organization_doc_level_up = {
	.summary = "Raise a card to the highest level that its turnover reaches, or tell it",
	.description = "Told: next_level_up is there only when the card would rise now. Done: "
		       "level_up is there when it rose, next_level_up when a higher level is left.",
	.tag = "Card levels",
	.example_in = "{\"check\":false}",
	.example_out = DONE "\"level_up\":{\"level_id\":\"5f0e8a1c-3f7c-4c9d-8a52-2b1f0f6f6a11\","
			    "\"level_name\":\"Золотой\",\"accum_amount\":50100,"
			    "\"accum_level\":50000}}",
};
const struct route_doc organization_doc_level_down = {
	.summary = "Lower a card to the next level when its turnover is too low, or tell it",
	.description = "Told: next_level_down is there only when the card would fall now. Done: "
		       "level_down is there when it fell, next_level_down when a lower level is "
		       "left. A level with reset_card_accum is kept.",
	.tag = "Card levels",
	.example_in = "{\"check\":true}",
	.example_out = DONE "\"next_level_down\":{"
			    "\"level_id\":\"0d6a0c52-1c0a-4b63-9a0e-6f2a1b7f3c55\","
			    "\"level_name\":\"Серебряный\",\"accum_amount\":100,"
			    "\"accum_level\":10000}}",
};
const struct route_doc organization_doc_add_user = {
	.summary = "Give a user a random free card",
	.description = "Free: of no user, not blocked, not external, without history.",
	.tag = "Cards",
	.example_in = "{\"user_id\":\"8d3f4c1e-7a64-4c4e-9a51-0b7d2f0f7e21\"}",
	.example_out = DONE "\"id\":\"729a9760-1712-4b89-b4ca-7c9af4606ee8\"}",
};
const struct route_doc organization_doc_attach = {
	.summary = "Give a user this card",
	.description = "The same user again is fine; a card of another user or an external one is "
		       "refused.",
	.tag = "Cards",
	.example_in = "{\"user_id\":\"8d3f4c1e-7a64-4c4e-9a51-0b7d2f0f7e21\","
		      "\"card_id\":\"729a9760-1712-4b89-b4ca-7c9af4606ee8\"}",
};
const struct route_doc organization_doc_replacement = {
	.summary = "Replace a lost card by a new one",
	.description = "The old card is active and was not replaced; the new one is inactive, or "
		       "active and blocked for a time, has no user and no transactions. Balance, "
		       "pending points, open holds, the user, the level and cards that follow "
		       "the old one go to the new card; the old one stays inactive and blocked.",
	.tag = "Cards",
	.example_in = "{\"old_card_id\":\"729a9760-1712-4b89-b4ca-7c9af4606ee8\","
		      "\"new_card_id\":\"26e5744f-902d-4bb9-a565-32e872e7bb30\"}",
};
