#include "turnover.h"

#include "mutation.h"
#include "settings.h"
#include "stmt_gen.h"
#include "uuid.h"

/* The card under its lock; a replaced one has given its turnover away. */
static enum err turnover_open(struct ctx *ctx, const struct uuid *id, struct card_row *card_r)
{
	enum err err = card_open(ctx, id, card_r);
	if (err != ERR_OK)
		return err;
	journal_object(ctx, id);
	if (card_is_replaced(card_r))
		return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_REPLACED);
	return ERR_OK;
}

static enum err card_accumulate(struct ctx *ctx, const struct accumulate_in *in,
				struct nothing *out)
{
	struct card_row before, after;
	enum err err = turnover_open(ctx, &in->id, &before);
	(void)out;
	if (err != ERR_OK)
		return err;
	int64_t from = in->reset ? 0 : before.accum_sale_amount.minor;
	if (in->sum.minor > AMOUNT_MINOR_MAX - from)
		return ctx_fail(ctx, ERR_CONFLICT, "sum", REASON_TURNOVER_RANGE);
	after = before;
	after.accum_sale_amount.minor = from + in->sum.minor;
	if (after.accum_sale_amount.minor == before.accum_sale_amount.minor)
		return ERR_OK;
	return card_write(ctx, &before, &after);
}
OPERATION(card_accumulate, struct accumulate_in, struct nothing, .mutates = true);

/* A card that climbs or falls; `at` is its level, of order -1 when it has none: below the first. */
struct climb {
	struct ctx *ctx;
	struct card_row card;
	struct card_level_row at;
};

static enum err climb_open(struct ctx *ctx, const struct uuid *id, struct climb *climb_r)
{
	*climb_r = (struct climb){.ctx = ctx, .at = {.rank_order = -1}};
	enum err err = turnover_open(ctx, id, &climb_r->card);
	if (err != ERR_OK || uuid_is_unset(&climb_r->card.level_id))
		return err;
	struct card_level_get_in in = {ctx_organisation(ctx), climb_r->card.level_id};
	return sql_card_level_get(ctx->db, ctx->arena, &in, &climb_r->at);
}

/* An answer that may be missing: its id is unset then. */
static enum err may_miss(enum err err, struct card_level_row *level_r)
{
	if (err != ERR_NOT_FOUND)
		return err;
	*level_r = (struct card_level_row){.id = {{0}}};
	return ERR_OK;
}

static enum err level_above(const struct climb *climb, struct card_level_row *level_r)
{
	struct ctx *ctx = climb->ctx;
	struct card_level_above_in in = {ctx_organisation(ctx), climb->at.rank_order};
	return may_miss(sql_card_level_above(ctx->db, ctx->arena, &in, level_r), level_r);
}

static enum err level_below(const struct climb *climb, struct card_level_row *level_r)
{
	struct ctx *ctx = climb->ctx;
	struct card_level_below_in in = {ctx_organisation(ctx), climb->at.rank_order};
	return may_miss(sql_card_level_below(ctx->db, ctx->arena, &in, level_r), level_r);
}

/* The highest level above the present one whose threshold is reached. */
static enum err goal_up(const struct climb *climb, struct card_level_row *goal_r)
{
	struct ctx *ctx = climb->ctx;
	struct card_level_reached_in in = {ctx_organisation(ctx), climb->at.rank_order,
					   climb->card.accum_sale_amount};
	return may_miss(sql_card_level_reached(ctx->db, ctx->arena, &in, goal_r), goal_r);
}

/* The nearest lower level, when the turnover holds the present one no more. A level that
 * emptied the turnover is kept (vendor page, leveldown). */
static enum err goal_down(const struct climb *climb, struct card_level_row *goal_r)
{
	const struct card_level_row *at = &climb->at;
	*goal_r = (struct card_level_row){.id = {{0}}};
	if (at->reset_card_accum || climb->card.accum_sale_amount.minor >= at->accum_level.minor)
		return ERR_OK;
	return level_below(climb, goal_r);
}

static const struct way {
	enum err (*goal)(const struct climb *climb, struct card_level_row *goal_r);
	enum err (*neighbour)(const struct climb *climb, struct card_level_row *level_r);
	bool resets; /* on reaching a level that says so */
} up = {goal_up, level_above, true}, down = {goal_down, level_below, false};

static bool is_done(const struct ctx *ctx, const struct level_move_in *in)
{
	bool told = ctx->settings->level_check == LEVEL_CHECK_PERFORM ? !in->check : in->check;
	return SENT(in, struct level_move_in, check) && !told;
}

static struct level_step step_to(const struct climb *climb, const struct card_level_row *level)
{
	if (uuid_is_unset(&level->id))
		return (struct level_step){.id = {{0}}};
	return (struct level_step){level->id, level->name, climb->card.accum_sale_amount,
				   level->accum_level};
}

static enum err level_give(const struct climb *climb, const struct card_level_row *goal,
			   bool resets)
{
	struct card_row after = climb->card;
	after.level_id = goal->id;
	if (resets && goal->reset_card_accum)
		after.accum_sale_amount.minor = 0;
	return card_write(climb->ctx, &climb->card, &after);
}

static enum err level_move(struct ctx *ctx, const struct level_move_in *in, const struct way *way,
			   struct level_move_out *out)
{
	struct climb climb;
	struct card_level_row goal, neighbour;
	enum err err = climb_open(ctx, &in->id, &climb);
	if (err == ERR_OK)
		err = way->goal(&climb, &goal);
	if (err != ERR_OK)
		return err;
	if (!is_done(ctx, in)) {
		out->next = step_to(&climb, &goal);
		return ERR_OK;
	}
	if (!uuid_is_unset(&goal.id)) {
		err = level_give(&climb, &goal, way->resets);
		climb.at = goal;
	}
	out->moved = step_to(&climb, &goal);
	if (err == ERR_OK)
		err = way->neighbour(&climb, &neighbour);
	if (err == ERR_OK)
		out->next = step_to(&climb, &neighbour);
	return err;
}

static enum err card_level_up(struct ctx *ctx, const struct level_move_in *in,
			      struct level_move_out *out)
{
	return level_move(ctx, in, &up, out);
}
OPERATION(card_level_up, struct level_move_in, struct level_move_out, .mutates = true);

static enum err card_level_down(struct ctx *ctx, const struct level_move_in *in,
				struct level_move_out *out)
{
	return level_move(ctx, in, &down, out);
}
OPERATION(card_level_down, struct level_move_in, struct level_move_out, .mutates = true);
