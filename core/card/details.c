#include "details.h"

#include "arena.h"
#include "settings.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define NUMBER_KEY_MAX 256

/* The number of a card's holder; a replaced card has none. */
static enum err find_holder(struct ctx *ctx, struct card_details *details)
{
	const struct card_row *card = &details->card;
	struct person_state_in in = {ctx_organisation(ctx), card->person_id};
	struct person_state_row row;
	if (!card->live || uuid_is_unset(&card->person_id) || card_is_replaced(card))
		return ERR_OK;
	enum err err = sql_person_state(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_OK) {
		details->customer = row.serial;
		details->issued_at = card->attached_at;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err find_change(struct ctx *ctx, struct card_details *details)
{
	struct card_status_last_in in = {ctx_organisation(ctx), details->card.id};
	struct card_status_row row;
	enum err err = sql_card_status_last(ctx->db, ctx->arena, &in, &row);
	details->changed_at = err == ERR_OK ? row.made_at : details->card.created_at;
	details->reason = err == ERR_OK ? row.reason : STR("");
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err card_details_of(struct ctx *ctx, const struct card_row *card,
			 struct card_details *details_r)
{
	struct card_details details = {.card = *card};
	struct card_label label;
	enum err err = card_label_of(ctx, card, &label);
	if (err == ERR_OK)
		err = series_of_card(ctx, card, &details.series);
	if (err == ERR_OK)
		err = find_holder(ctx, &details);
	if (err == ERR_OK)
		err = find_change(ctx, &details);
	if (err != ERR_OK)
		return err;
	details.status = label.status;
	details.label_serial = label.serial;
	details.label = label.text;
	details.live = card->live;
	details.not_allowed = label.status != CARD_ACTIVE;
	details.active_and_digital =
		label.status == CARD_ACTIVE && details.series.kind == SERIES_DIGITAL;
	*details_r = details;
	return ERR_OK;
}

struct str card_details_state(struct ctx *ctx, const struct card_details *details)
{
	const int64_t part[] = {details->card.version, details->series.version,
				details->label_serial, details->status,
				details->customer,     ctx->settings->version};
	struct buf buf;
	buf_init(&buf, ctx->arena, 128);
	buf_hex(&buf, details->card.id.byte, sizeof details->card.id.byte);
	for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
		buf_char(&buf, '.');
		buf_i64(&buf, part[i]);
	}
	return buf_done(&buf);
}

enum err card_details_of_person(struct ctx *ctx, const struct uuid *person_id,
				struct list *details_r)
{
	struct card_of_person_list_in in = {ctx_organisation(ctx), *person_id, DETAILS_MAX};
	struct list cards = {0};
	enum err err = sql_card_of_person_list(ctx->db, ctx->arena, &in, &cards);
	struct card_details *details = arena_array(ctx->arena, struct card_details, cards.n + 1);
	const struct card_row *card = cards.rows;
	for (size_t i = 0; err == ERR_OK && i < cards.n; i++)
		err = card_details_of(ctx, &card[i], &details[i]);
	*details_r = (struct list){details, cards.n};
	return err;
}

static enum err find(struct ctx *ctx, struct str number, struct card_row *card_r)
{
	struct str key = text_fold(ctx->arena, number, NUMBER_KEY_MAX);
	struct card_by_barcode_in in = {ctx_organisation(ctx), key};
	struct card_deleted_by_barcode_in deleted = {in.organisation_id, key};
	enum err err = sql_card_by_barcode(ctx->db, ctx->arena, &in, card_r);
	if (err == ERR_NOT_FOUND)
		err = sql_card_deleted_by_barcode(ctx->db, ctx->arena, &deleted, card_r);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, "number", REASON_CARD_UNKNOWN) : err;
}

static enum err card_details(struct ctx *ctx, const struct card_details_in *in,
			     struct card_details_out *out)
{
	struct card_row card;
	enum err err = find(ctx, in->number, &card);
	if (err == ERR_OK)
		err = card_details_of(ctx, &card, &out->details);
	if (err == ERR_OK)
		ctx->state = card_details_state(ctx, &out->details);
	return err;
}
OPERATION(card_details, struct card_details_in, struct card_details_out, .mutates = false);

/* What a log without label means: the default one of the status. */
static enum err name_entry(struct ctx *ctx, struct status_entry *entry)
{
	struct card_label label;
	enum err err = ERR_OK;
	if (entry->label.len > 0)
		return ERR_OK;
	err = card_label_default(ctx, (enum card_status)entry->status, &label);
	if (err == ERR_OK)
		entry->label = label.text;
	return err;
}

/* The status that a card was made with is in its row's date and in what the first change says. */
static struct status_entry first_entry(struct ctx *ctx, const struct card_row *card,
				       const struct list *rows)
{
	const struct card_status_row *row = rows->rows;
	enum card_status status =
		rows->n > 0 ? (enum card_status)row[0].was : card_status_of(card, ctx_now(ctx));
	return (struct status_entry){
		.status = status, .label = STR(""), .reason = STR(""), .made_at = card->created_at};
}

static enum err card_status_log_read(struct ctx *ctx, const struct card_row *card,
				     struct list *entries_r)
{
	struct card_status_list_in in = {ctx_organisation(ctx), card->id, STATUS_LOG_MAX};
	struct list rows = {0};
	enum err err = sql_card_status_list(ctx->db, ctx->arena, &in, &rows);
	struct status_entry *entries = arena_array(ctx->arena, struct status_entry, rows.n + 1);
	const struct card_status_row *row = rows.rows;
	size_t n = 0;
	if (rows.n == 0 || row[0].was != CARD_STATUS_NONE)
		entries[n++] = first_entry(ctx, card, &rows);
	for (size_t i = 0; i < rows.n; i++)
		entries[n++] = (struct status_entry){.status = row[i].status,
						     .label = row[i].label,
						     .reason = row[i].reason,
						     .made_at = row[i].made_at};
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		entries[i].card_serial = card->serial;
		entries[i].is_last = i + 1 == n;
		err = name_entry(ctx, &entries[i]);
	}
	*entries_r = (struct list){entries, n};
	return err;
}

static enum err card_status_log(struct ctx *ctx, const struct card_details_in *in,
				struct status_log_out *out)
{
	struct card_row card;
	enum err err = find(ctx, in->number, &card);
	return err == ERR_OK ? card_status_log_read(ctx, &card, &out->entries) : err;
}
OPERATION(card_status_log, struct card_details_in, struct status_log_out, .mutates = false);
