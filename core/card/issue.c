#include "issue.h"

#include "arena.h"
#include "attach.h"
#include "mutation.h"
#include "serial.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define NUMBER_KEY_MAX 256
#define CODE_KEY_MAX   1020

static enum err check_external(struct ctx *ctx, struct str external)
{
	struct card_of_code_lock_in in = {ctx_organisation(ctx),
					  text_fold(ctx->arena, external, CODE_KEY_MAX)};
	struct list cards = {0};
	if (external.len == 0)
		return ERR_OK;
	enum err err = sql_card_of_code_lock(ctx->db, ctx->arena, &in, &cards);
	return err == ERR_OK && cards.n > 0
		       ? ctx_fail(ctx, ERR_CONFLICT, "external", REASON_EXTERNAL_TAKEN)
		       : err;
}

static enum err new_label(struct ctx *ctx, const struct card_issue_in *in, bool has_holder,
			  struct card_label *label_r)
{
	enum err err = ERR_OK;
	if (in->label.len > 0)
		err = card_label_find(ctx, in->label, "label", label_r);
	else
		err = card_label_default(ctx, CARD_NOT_ISSUED, label_r);
	if (err != ERR_OK)
		return err;
	enum card_status to = label_r->status;
	if (to == CARD_EXPIRED || to == CARD_DELETED)
		return ctx_fail(ctx, ERR_CONFLICT, "label", REASON_TRANSITION);
	if (to != CARD_SUSPENDED && has_holder == (to == CARD_NOT_ISSUED))
		return ctx_fail(ctx, ERR_INVALID, "label", REASON_LABEL_STATUS);
	return ERR_OK;
}

static enum err new_series(struct ctx *ctx, const struct card_issue_in *in,
			   struct card_series_row *series_r)
{
	enum err err =
		series_find(ctx, in->series_serial, in->series_code, "series_serial", series_r);
	if (err == ERR_OK && !series_r->active)
		return ctx_fail(ctx, ERR_CONFLICT, "series_serial", REASON_SERIES_UNKNOWN);
	return err;
}

static enum err give(struct ctx *ctx, const struct card_series_row *series,
		     const struct person_row *holder, struct card_row *card)
{
	enum err err = series_limit_check(ctx, series, &holder->id, "customer");
	if (err != ERR_OK)
		return err;
	card_give(ctx, holder, card);
	series_issue(ctx, series, card);
	return ERR_OK;
}

static enum err new_card(struct ctx *ctx, const struct card_issue_in *in,
			 const struct card_label *label, struct card_row *card)
{
	struct status_note note = {label->text, in->info.reason.at ? in->info.reason : STR("")};
	card_put_label(ctx, label, card);
	if (label->status == CARD_SUSPENDED)
		card->blocked_description = note.reason;
	journal_object(ctx, &card->id);
	enum err err = card_store_noted(ctx, NULL, card, &note);
	if (err == ERR_TAKEN)
		return ctx_fail(ctx, err, "number", REASON_NUMBER_TAKEN);
	if (err == ERR_OK)
		journal_changes(ctx, "card", &card_row_map, NULL, card);
	return err;
}

enum err card_issue(struct ctx *ctx, const struct card_issue_in *in,
		    const struct person_row *holder, struct card_issue_out *out)
{
	struct card_series_row series;
	struct card_label label;
	struct card_row card = {
		.organisation_id = ctx_organisation(ctx),
		.id = ctx_uuid(ctx),
		.live = 1,
		.barcode = in->number,
		.code = in->external.len > 0 ? in->external : in->number,
		.created_at = ctx_now(ctx),
	};
	enum err err = new_series(ctx, in, &series);
	if (err == ERR_OK)
		err = new_label(ctx, in, holder != NULL, &label);
	if (err == ERR_OK)
		err = check_external(ctx, in->external);
	if (err == ERR_OK && holder)
		err = give(ctx, &series, holder, &card);
	if (err != ERR_OK)
		return err;
	card.series_id = series.id;
	out->serial = card.serial = serial_take(ctx, SERIAL_CARD);
	return new_card(ctx, in, &label, &card);
}

/* A deleted card is known, and nothing leads back from there. */
static enum err find_deleted(struct ctx *ctx, struct str number)
{
	struct card_deleted_by_barcode_in in = {ctx_organisation(ctx),
						text_fold(ctx->arena, number, NUMBER_KEY_MAX)};
	struct card_row card;
	enum err err = sql_card_deleted_by_barcode(ctx->db, ctx->arena, &in, &card);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, "number", REASON_CARD_UNKNOWN);
	return err == ERR_OK ? ctx_fail(ctx, ERR_CONFLICT, "number", REASON_TRANSITION) : err;
}

/* Who has the card now; unset when nobody, or there is none. */
static enum err holder_of(struct ctx *ctx, const struct card_relabel_in *in, struct uuid *holder_r)
{
	int64_t organisation_id = ctx_organisation(ctx);
	struct card_holder_by_barcode_in number = {
		organisation_id, text_fold(ctx->arena, in->number, NUMBER_KEY_MAX)};
	struct card_holder_by_code_in code = {organisation_id,
					      text_fold(ctx->arena, in->external, CODE_KEY_MAX)};
	struct card_holder_by_barcode_row of_number = {.person_id = {{0}}};
	struct card_holder_by_code_row of_code = {.person_id = {{0}}};
	bool external = in->number.len == 0;
	enum err err =
		external ? sql_card_holder_by_code(ctx->db, ctx->arena, &code, &of_code)
			 : sql_card_holder_by_barcode(ctx->db, ctx->arena, &number, &of_number);
	*holder_r = external ? of_code.person_id : of_number.person_id;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* The holder is locked before its card: who that is, the card says. */
static enum err holder_lock(struct ctx *ctx, const struct card_relabel_in *in)
{
	struct person_lock_in lock = {.organisation_id = ctx_organisation(ctx)};
	struct person_row holder;
	enum err err = holder_of(ctx, in, &lock.id);
	if (err == ERR_OK && !uuid_is_unset(&lock.id))
		err = sql_person_lock(ctx->db, ctx->arena, &lock, &holder);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err relabel_open(struct ctx *ctx, const struct card_relabel_in *in,
			     struct card_row *card_r)
{
	bool external = in->number.len == 0;
	struct card_series_row series;
	enum err err = holder_lock(ctx, in);
	if (err == ERR_OK)
		err = card_find_lock(ctx, external ? in->external : in->number, external,
				     external ? "external" : "number", card_r);
	if (err == ERR_NOT_FOUND && !external)
		return find_deleted(ctx, in->number);
	if (err == ERR_OK)
		err = series_of_card(ctx, card_r, &series);
	if (err != ERR_OK)
		return err;
	return series_is(ctx, &series, in->series_serial, in->series_code, "series_serial");
}

static enum err check_state(struct ctx *ctx, const struct card_row *card)
{
	struct card_details details;
	if (!ctx->matches)
		return ERR_OK;
	enum err err = card_details_of(ctx, card, &details);
	return err == ERR_OK ? ctx_precondition(ctx, card_details_state(ctx, &details)) : err;
}

static enum err may_move(struct ctx *ctx, const struct card_row *card, enum card_status from,
			 enum card_status to)
{
	enum reason reason = REASON_NONE;
	if (card_is_replaced(card) || (from != to && !card_status_may_follow(from, to)))
		reason = REASON_TRANSITION;
	else if ((to == CARD_ACTIVE || to == CARD_ISSUED) && uuid_is_unset(&card->person_id))
		reason = REASON_NOT_LINKED;
	else if ((to == CARD_ACTIVE || to == CARD_ISSUED) && card->holder_locked)
		reason = REASON_CUSTOMER_BLOCKED;
	return reason ? ctx_fail(ctx, ERR_CONFLICT, "label", reason) : ERR_OK;
}

static enum err end_card(struct ctx *ctx, const struct card_row *before,
			 const struct status_note *note)
{
	bool leads = false;
	enum err err = card_has_followers(ctx, &before->id, &leads);
	if (err == ERR_OK && leads)
		return ctx_fail(ctx, ERR_CONFLICT, "number", REASON_IS_MASTER);
	if (err == ERR_OK)
		err = card_remove_noted(ctx, before, note);
	if (err == ERR_OK)
		journal_changes(ctx, "card", &card_row_map, before, NULL);
	return err;
}

static enum err move(struct ctx *ctx, const struct card_row *before, struct card_row *after,
		     const struct card_label *label, const struct status_note *note)
{
	after->label_id = label->id;
	if (label->status == CARD_DELETED) {
		enum err err = end_card(ctx, before, note);
		after->live = 0;
		return err;
	}
	if (label->status == CARD_NOT_ISSUED)
		card_take(after);
	card_put_label(ctx, label, after);
	if (label->status == CARD_SUSPENDED)
		after->blocked_description = note->reason;
	enum err err = card_store_noted(ctx, before, after, note);
	if (err == ERR_OK)
		journal_changes(ctx, "card", &card_row_map, before, after);
	return err;
}

static enum err relabel_done(struct ctx *ctx, const struct card_row *card, bool unchanged,
			     struct card_details_out *out)
{
	struct warning *warning = arena_new(ctx->arena, struct warning);
	warning->reason = REASON_LABEL_UNCHANGED;
	if (unchanged)
		out->warnings = (struct list){warning, 1};
	return card_details_of(ctx, card, &out->details);
}

static enum err card_relabel(struct ctx *ctx, const struct card_relabel_in *in,
			     struct card_details_out *out)
{
	struct card_label label, now;
	struct card_row before, after;
	struct status_note note = {.reason = in->info.reason.at ? in->info.reason : STR("")};
	enum err err = card_label_find(ctx, in->label, "label", &label);
	if (err == ERR_OK)
		err = relabel_open(ctx, in, &before);
	if (err == ERR_OK)
		err = check_state(ctx, &before);
	if (err == ERR_OK)
		err = card_label_of(ctx, &before, &now);
	if (err != ERR_OK)
		return err;
	journal_object(ctx, &before.id);
	if (uuid_eq(&now.id, &label.id))
		return relabel_done(ctx, &before, true, out);
	err = may_move(ctx, &before, now.status, label.status);
	if (err != ERR_OK)
		return err;
	after = before;
	note.label = label.text;
	err = move(ctx, &before, &after, &label, &note);
	return err == ERR_OK ? relabel_done(ctx, &after, false, out) : err;
}
OPERATION(card_relabel, struct card_relabel_in, struct card_details_out, .mutates = true);
