/* Cards given to a holder and taken from him with a label: changeIdentifier (Capillary). */
#include "attach.h"
#include "label.h"
#include "mutation.h"
#include "series.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define NUMBER_KEY_MAX 256
#define CODE_KEY_MAX   1020

struct link {
	struct ctx *ctx;
	const char *member;
	struct card_label label; /* wanted */
	struct card_row before, after;
	struct card_series_row series; /* unset: the card is of none */
	enum card_status status;
};

static enum err refuse(const struct link *link, enum reason reason)
{
	return ctx_fail(link->ctx, ERR_CONFLICT, link->member, reason);
}

static enum err by_code(struct ctx *ctx, struct str code, const char *member,
			struct card_row *card_r)
{
	struct card_of_code_lock_in in = {ctx_organisation(ctx),
					  text_fold(ctx->arena, code, CODE_KEY_MAX)};
	struct list cards = {0};
	enum err err = sql_card_of_code_lock(ctx->db, ctx->arena, &in, &cards);
	if (err != ERR_OK)
		return err;
	if (cards.n > 1)
		return ctx_fail(ctx, ERR_CONFLICT, member, REASON_EXTERNAL_TAKEN);
	if (cards.n == 0)
		return ERR_NOT_FOUND;
	*card_r = *(const struct card_row *)cards.rows;
	return ERR_OK;
}

enum err card_find_lock(struct ctx *ctx, struct str number, bool external, const char *member,
			struct card_row *card_r)
{
	struct card_by_barcode_lock_in in = {ctx_organisation(ctx),
					     text_fold(ctx->arena, number, NUMBER_KEY_MAX)};
	enum err err = number.len == 0 ? ERR_NOT_FOUND
		       : external      ? by_code(ctx, number, member, card_r)
				       : sql_card_by_barcode_lock(ctx->db, ctx->arena, &in, card_r);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, member, REASON_CARD_UNKNOWN) : err;
}

/* Label, card, series, validity: what both directions ask for, in the page's order. */
static enum err link_open(struct link *link, const struct card_entry *entry, bool is_link)
{
	struct ctx *ctx = link->ctx;
	enum err err = card_label_find(ctx, entry->label, link->member, &link->label);
	if (err != ERR_OK)
		return err;
	enum card_status to = link->label.status;
	if (is_link ? to != CARD_ACTIVE && to != CARD_ISSUED : to != CARD_NOT_ISSUED)
		return ctx_fail(ctx, ERR_INVALID, link->member, REASON_LABEL_STATUS);
	err = card_find_lock(ctx, entry->number, entry->external, link->member, &link->before);
	if (err == ERR_OK)
		err = series_of_card(ctx, &link->before, &link->series);
	if (err == ERR_OK)
		err = series_is(ctx, &link->series, entry->series_serial, entry->series_code,
				link->member);
	if (err != ERR_OK)
		return err;
	link->status = card_status_of(&link->before, ctx_now(ctx));
	link->after = link->before;
	return link->status == CARD_EXPIRED ? refuse(link, REASON_CARD_EXPIRED) : ERR_OK;
}

static enum err check_move(const struct link *link)
{
	struct card_label now;
	if (card_is_replaced(&link->before))
		return refuse(link, REASON_TRANSITION);
	if (link->status != link->label.status)
		return card_status_may_follow(link->status, link->label.status)
			       ? ERR_OK
			       : refuse(link, REASON_TRANSITION);
	enum err err = card_label_of(link->ctx, &link->before, &now);
	return err == ERR_OK && uuid_eq(&now.id, &link->label.id) ? refuse(link, REASON_LABEL_SAME)
								  : err;
}

/* The journal's object is the holder. */
static enum err link_write(struct link *link)
{
	struct ctx *ctx = link->ctx;
	struct status_note note = {link->label.text, STR("")};
	card_put_label(ctx, &link->label, &link->after);
	enum err err = card_store_noted(ctx, &link->before, &link->after, &note);
	if (err == ERR_OK)
		journal_changes(ctx, card_note_name(ctx, &link->after.id), &card_row_map,
				&link->before, &link->after);
	return err;
}

enum err card_link(struct ctx *ctx, const struct person_row *holder, const struct card_entry *entry,
		   const char *member)
{
	struct link link = {.ctx = ctx, .member = member};
	enum err err = link_open(&link, entry, true);
	if (err != ERR_OK)
		return err;
	const struct card_row *card = &link.before;
	bool linked = uuid_eq(&card->person_id, &holder->id);
	if (!linked && !uuid_is_unset(&card->person_id) && !card_is_replaced(card))
		return refuse(&link, REASON_LINKED_OTHER);
	err = check_move(&link);
	if (err == ERR_OK && !linked && card->external)
		return refuse(&link, REASON_EXTERNAL);
	if (err == ERR_OK && !linked)
		err = series_limit_check(ctx, &link.series, &holder->id, member);
	if (err != ERR_OK)
		return err;
	if (!linked) {
		card_give(ctx, holder, &link.after);
		series_issue(ctx, &link.series, &link.after);
	}
	return link_write(&link);
}

enum err card_unlink(struct ctx *ctx, const struct person_row *holder,
		     const struct card_entry *entry, const char *member)
{
	struct link link = {.ctx = ctx, .member = member};
	enum err err = link_open(&link, entry, false);
	if (err == ERR_OK && !uuid_eq(&link.before.person_id, &holder->id))
		return refuse(&link, REASON_NOT_LINKED);
	if (err == ERR_OK)
		err = check_move(&link);
	if (err != ERR_OK)
		return err;
	card_take(&link.after);
	return link_write(&link);
}
