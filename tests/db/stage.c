#include "stage.h"

#include <stdio.h>
#include <string.h>

#include "card.h"
#include "level.h"
#include "posting.h"
#include "replacement.h"
#include "stmt_gen.h"
#include "uuid.h"

#define SECOND_MS 1000

static int64_t organisations = SCENE_OTHER;

struct uuid stage_card(int card)
{
	return (struct uuid){{1, [15] = (uint8_t)(card + 1)}};
}

static bool make_level(struct stage *stage, int days, enum model_limit limit)
{
	struct level_in in = {.row = {.name = STR("level"),
				      .rank_order = days * MODEL_LIMITS + (int64_t)limit,
				      .inactivity_bonus_erase_period = days}};
	struct id_out out;

	if (limit != MODEL_NO_LIMIT) {
		bool daily = limit == MODEL_TWO_A_DAY;
		in.row.activity_restriction_period = daily ? LEVEL_PERIOD_DAY : LEVEL_PERIOD_WEEK;
		in.row.activity_restriction_count = daily ? 2 : 3;
	}
	if (scene_run(stage->scene, &op_level_add, &in, &out) != ERR_OK)
		return false;
	stage->levels[days][limit] = out.id;
	return true;
}

bool stage_begin(struct stage *stage, struct scene *scene)
{
	struct organisation_row row = {.id = ++organisations,
				       .name = STR("stage"),
				       .timezone = STR("Europe/Moscow"),
				       .settings_version = 1};
	bool good = sql_organisation_insert(scene->on.db, &row, NULL) == ERR_OK;

	*stage = (struct stage){.scene = scene, .organisation = row.id};
	scene->serials = (struct serials){0};
	settings_defaults(&scene->settings, row.id);
	strcpy(scene->settings.timezone, "Europe/Moscow");
	scene->ctx.principal.organisation_id = row.id;
	for (int i = 1; good && i < STAGE_DAYS * MODEL_LIMITS; i++)
		good = make_level(stage, i / MODEL_LIMITS, (enum model_limit)(i % MODEL_LIMITS));
	if (!good)
		fprintf(stderr, "no stage\n");
	return good;
}

/* What an operation answered, whatever it was. */
union played {
	struct id_out made;
	struct refund_out refund;
	struct burn_out burn;
	struct nothing nothing;
};

static enum err play(struct stage *stage, const struct operation *operation, const void *in,
		     union played *out)
{
	arena_reset(stage->scene->ctx.arena, 0);
	return scene_run(stage->scene, operation, in, out);
}

static enum err play_card(struct stage *stage, const struct model_command *command,
			  union played *out)
{
	char barcode[16];

	snprintf(barcode, sizeof barcode, "b%d", command->card);
	struct card_in in = {.balance = {command->sum},
			     .row = {.id = stage_card(command->card),
				     .barcode = str_of(barcode),
				     .active = command->flag,
				     .level_id = stage->levels[command->days][command->limit],
				     .valid_from = {command->valid_from},
				     .valid_to = {command->valid_to}}};
	if (command->other != MODEL_NONE)
		in.row.master_id = stage_card(command->other);
	return play(stage, &op_card_add, &in, out);
}

static enum err play_block(struct stage *stage, const struct model_command *command,
			   union played *out)
{
	struct card_block_in in = {.id = stage_card(command->card)};

	if (command->until != MODEL_FOREVER)
		in.unblock_at.ms = command->until;
	return play(stage, &op_card_block, &in, out);
}

static enum err play_unblock(struct stage *stage, const struct model_command *command,
			     union played *out)
{
	return play(stage, &op_card_unblock, &(struct id_in){stage_card(command->card)}, out);
}

static enum err play_activate(struct stage *stage, const struct model_command *command,
			      union played *out)
{
	struct card_activate_in in = {.id = stage_card(command->card)};

	return play(stage, &op_card_activate, &in, out);
}

static enum err play_deactivate(struct stage *stage, const struct model_command *command,
				union played *out)
{
	return play(stage, &op_card_deactivate, &(struct id_in){stage_card(command->card)}, out);
}

static enum err play_delete(struct stage *stage, const struct model_command *command,
			    union played *out)
{
	struct card_delete_in in = {.id = stage_card(command->card),
				    .check_balance = command->flag};

	return play(stage, &op_card_delete, &in, out);
}

static enum err play_master(struct stage *stage, const struct model_command *command,
			    union played *out)
{
	struct card_in in = {.row = {.id = stage_card(command->card)}};

	sent_set(&in.sent, offsetof(struct card_in, row.master_id));
	if (command->other != MODEL_NONE)
		in.row.master_id = stage_card(command->other);
	return play(stage, &op_card_change, &in, out);
}

static enum err play_replace(struct stage *stage, const struct model_command *command,
			     union played *out)
{
	struct replacement_in in = {stage_card(command->card), stage_card(command->other)};

	return play(stage, &op_card_replacement, &in, out);
}

static enum err play_posting(struct stage *stage, const struct model_command *command,
			     union played *out)
{
	char doc[16] = "";

	if (command->doc)
		snprintf(doc, sizeof doc, "d%d", command->doc);
	struct posting_in in = {.card_id = stage_card(command->card),
				.time = {command->business},
				.type = command->verb == MODEL_ACCRUE ? POSTING_ON : POSTING_OFF,
				.sum = {command->sum},
				.doc_id = str_of(doc),
				.doc_type = command->doc_type,
				.check_activity_counter = command->counted,
				.invalidate_period_days = command->ends_days,
				.activation_period_days = command->starts_days,
				.invalidate_base = {command->ends_base},
				.activation_base = {command->starts_base}};
	return play(stage, &op_transaction_add, &in, out);
}

static enum err play_refund(struct stage *stage, const struct model_command *command,
			    union played *out)
{
	char doc[16] = "";

	if (command->doc)
		snprintf(doc, sizeof doc, "d%d", command->doc);
	struct refund_in in = {
		.id = stage->posted[command->of], .sum = {command->sum}, .doc_id = str_of(doc)};
	if (command->sum)
		sent_set(&in.sent, offsetof(struct refund_in, sum));
	return play(stage, &op_transaction_refund, &in, out);
}

static enum err play_hold(struct stage *stage, const struct model_command *command,
			  union played *out)
{
	char doc[16] = "";

	if (command->doc)
		snprintf(doc, sizeof doc, "d%d", command->doc);
	struct hold_in in = {.card_id = stage_card(command->card),
			     .sum = {command->sum},
			     .timeout_s = command->until / SECOND_MS,
			     .doc_id = str_of(doc)};
	sent_set(&in.sent, offsetof(struct hold_in, timeout_s));
	return play(stage, &op_hold_add, &in, out);
}

static enum err play_capture(struct stage *stage, const struct model_command *command,
			     union played *out)
{
	struct capture_in in = {.id = stage->posted[command->of], .sum = {command->sum}};

	if (command->sum)
		sent_set(&in.sent, offsetof(struct capture_in, sum));
	return play(stage, &op_hold_capture, &in, out);
}

static enum err play_void(struct stage *stage, const struct model_command *command,
			  union played *out)
{
	return play(stage, &op_hold_void, &(struct id_in){stage->posted[command->of]}, out);
}

static enum err play_policy(struct stage *stage, const struct model_command *command,
			    union played *out)
{
	static const enum return_policy policies[] = {[MODEL_CLIP] = RETURN_CLIP,
						      [MODEL_NEGATIVE] = RETURN_NEGATIVE,
						      [MODEL_REFUSE] = RETURN_REFUSE};

	(void)out;
	stage->scene->settings.return_policy = policies[command->sum];
	stage->scene->settings.activation_period_days = command->starts_days;
	stage->scene->settings.invalidate_period_days = command->ends_days;
	return ERR_OK;
}

/* The job, on every account that there may be. */
static enum err play_burn(struct stage *stage, const struct model_command *command,
			  union played *out)
{
	struct burn_account accounts[MODEL_CARDS];
	struct burn_in in = {{accounts, MODEL_CARDS}};

	(void)command;
	for (int i = 0; i < MODEL_CARDS; i++)
		accounts[i] = (struct burn_account){stage_card(i), UNIT_POINTS};
	return play(stage, &op_ledger_burn, &in, out);
}

/* `makes`: the answer begins with the id of something that later commands may name. */
static const struct {
	enum err (*play)(struct stage *stage, const struct model_command *command,
			 union played *out);
	bool makes;
} plays[MODEL_VERBS] = {
	[MODEL_CARD] = {play_card, false},
	[MODEL_BLOCK] = {play_block, false},
	[MODEL_UNBLOCK] = {play_unblock, false},
	[MODEL_ACTIVATE] = {play_activate, false},
	[MODEL_DEACTIVATE] = {play_deactivate, false},
	[MODEL_DELETE] = {play_delete, false},
	[MODEL_MASTER] = {play_master, false},
	[MODEL_REPLACE] = {play_replace, false},
	[MODEL_ACCRUE] = {play_posting, true},
	[MODEL_SPEND] = {play_posting, true},
	[MODEL_REFUND] = {play_refund, true},
	[MODEL_HOLD] = {play_hold, true},
	[MODEL_CAPTURE] = {play_capture, true},
	[MODEL_VOID] = {play_void, false},
	[MODEL_POLICY] = {play_policy, false},
	[MODEL_BURN] = {play_burn, false},
};

static enum model_outcome outcome_of(enum err err)
{
	switch (err) {
	case ERR_OK:
		return MODEL_OK;
	case ERR_INVALID:
		return MODEL_INVALID;
	case ERR_NOT_FOUND:
		return MODEL_NOT_FOUND;
	case ERR_CONFLICT:
		return MODEL_CONFLICT;
	case ERR_INSUFFICIENT:
		return MODEL_INSUFFICIENT;
	case ERR_MISMATCH:
		return MODEL_MISMATCH;
	default:
		return MODEL_OUTCOMES;
	}
}

static unsigned faults_of(enum reason reason)
{
	static const struct {
		enum reason reason;
		unsigned faults;
	} table[] = {
		{REASON_DELETED, MODEL_DELETED},
		{REASON_REPLACED, MODEL_REPLACED},
		{REASON_BLOCKED, MODEL_BLOCKED},
		{REASON_MASTER_BLOCKED, MODEL_BLOCKED},
		{REASON_INACTIVE, MODEL_INACTIVE},
		{REASON_NOT_VALID, MODEL_NOT_VALID},
		{REASON_IS_MASTER, MODEL_LEADS},
		{REASON_HAS_BALANCE, MODEL_REMAINDER},
		{REASON_MASTER_SELF, MODEL_SELF},
		{REASON_MASTER_CHAIN, MODEL_CHAIN},
		{REASON_MASTER_REPLACED, MODEL_REPLACED},
		{REASON_MASTER_HOLDS, MODEL_HOLDS_OPEN},
		{REASON_HOLD_CAPTURED, MODEL_WAS_CAPTURED},
		{REASON_HOLD_VOIDED, MODEL_WAS_VOIDED},
		{REASON_HOLD_EXPIRED, MODEL_WAS_EXPIRED},
		{REASON_CAPTURE_TOO_MUCH, MODEL_TOO_MUCH},
		{REASON_REFUND_TOO_MUCH, MODEL_TOO_MUCH},
		{REASON_NOT_REFUNDABLE, MODEL_NO_REFUND},
		{REASON_ACTIVITY_LIMIT, MODEL_LIMIT},
		{REASON_OLD_INACTIVE, MODEL_OLD_CARD},
		{REASON_OLD_REPLACED, MODEL_OLD_CARD},
		{REASON_NEW_ACTIVE, MODEL_NEW_CARD},
		{REASON_NEW_POSTED, MODEL_NEW_CARD},
		{REASON_NEW_SOLD, MODEL_NEW_CARD},
		{REASON_NEW_REPLACED, MODEL_NEW_CARD},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (table[i].reason == reason)
			return table[i].faults;
	return ~0U;
}

/* The command that made what has this id; 0 = none. */
static int name_of(const struct stage *stage, const struct uuid *id)
{
	for (int name = 1; name <= MODEL_COMMANDS; name++)
		if (uuid_eq(&stage->posted[name], id))
			return name;
	return 0;
}

static struct model_answer answer_of(struct stage *stage, const struct model_command *command,
				     enum err err, const union played *out)
{
	const struct ctx *ctx = &stage->scene->ctx;
	struct model_answer answer = {.outcome = outcome_of(err)};

	if (err == ERR_CONFLICT)
		answer.faults = faults_of(ctx->detail.reason);
	if (err != ERR_OK)
		return answer;
	answer.posting = command->name;
	if (!plays[command->verb].makes)
		return answer;
	answer.replayed = ctx->replayed;
	if (!ctx->replayed)
		stage->posted[command->name] = out->made.id;
	answer.posting = name_of(stage, &out->made.id);
	if (command->verb == MODEL_REFUND) {
		answer.available = out->refund.available.minor;
		answer.expired = out->refund.expired.minor;
		answer.clipped = out->refund.clipped.minor;
	}
	return answer;
}

struct model_answer stage_do(struct stage *stage, const struct model_command *command)
{
	union played out;

	memset(&out, 0, sizeof out);
	stage->scene->clock.fixed_ms = command->at;
	enum err err = plays[command->verb].play(stage, command, &out);
	return answer_of(stage, command, err, &out);
}
