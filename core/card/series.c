#include "series.h"

#include "arena.h"
#include "attach.h"
#include "db.h"
#include "mutation.h"
#include "serial.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define DAY_MS INT64_C(86400000)

enum err series_of_card(struct ctx *ctx, const struct card_row *card,
			struct card_series_row *series_r)
{
	struct card_series_get_in in = {ctx_organisation(ctx), card->series_id};
	*series_r = (struct card_series_row){.serial = 0};
	if (uuid_is_unset(&card->series_id))
		return ERR_OK;
	enum err err = sql_card_series_get(ctx->db, ctx->arena, &in, series_r);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err series_find(struct ctx *ctx, int64_t serial, struct str code, const char *member,
		     struct card_series_row *series_r)
{
	int64_t organisation_id = ctx_organisation(ctx);
	struct card_series_by_serial_in by_serial = {organisation_id, serial};
	struct card_series_by_code_in by_code = {organisation_id,
						 text_fold(ctx->arena, code, SERIES_CODE_KEY_MAX)};
	enum err err =
		serial || code.len == 0
			? sql_card_series_by_serial(ctx->db, ctx->arena, &by_serial, series_r)
			: sql_card_series_by_code(ctx->db, ctx->arena, &by_code, series_r);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, member, REASON_SERIES_UNKNOWN) : err;
}

enum err series_is(struct ctx *ctx, const struct card_series_row *series, int64_t serial,
		   struct str code, const char *member)
{
	struct str key = text_fold(ctx->arena, code, SERIES_CODE_KEY_MAX);
	if ((serial && serial != series->serial) || (key.len && !str_eq(key, series->code_key)))
		return ctx_fail(ctx, ERR_CONFLICT, member, REASON_OTHER_SERIES);
	return ERR_OK;
}

enum err series_limit_check(struct ctx *ctx, const struct card_series_row *series,
			    const struct uuid *holder, const char *member)
{
	struct card_of_series_count_in in = {ctx_organisation(ctx), series->id, *holder};
	struct card_of_series_count_row row = {0};
	enum err err = ERR_OK;
	if (series->max_per_person > 0)
		err = sql_card_of_series_count(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_OK && series->max_per_person > 0 && row.n >= series->max_per_person)
		return ctx_fail(ctx, ERR_CONFLICT, member, REASON_SERIES_FULL);
	return err == ERR_OK ? card_limit_check(ctx, holder, member) : err;
}

void series_issue(struct ctx *ctx, const struct card_series_row *series, struct card_row *card)
{
	if (series->expiry_enabled && series->expiry_days > 0 && card->valid_to.ms == 0)
		card->valid_to.ms = ctx_now(ctx).ms + series->expiry_days * DAY_MS;
}

enum err series_begin(struct ctx *ctx, struct card_row *card)
{
	struct card_series_row series;
	if (uuid_is_unset(&card->series_id) || card->valid_to.ms)
		return ERR_OK;
	enum err err = series_of_card(ctx, card, &series);
	if (err == ERR_OK)
		series_issue(ctx, &series, card);
	return err;
}

static bool is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
			return false;
	}
	return true;
}

static bool is_affix(struct str text)
{
	return text.len <= SERIES_AFFIX_MAX && is_plain(text);
}

static bool is_trigger(struct str text)
{
	return str_eq(text, STR("REGISTRATION")) || str_eq(text, STR("SERIES_ID")) ||
	       str_eq(text, STR("OU_ID"));
}

static bool is_length(const struct card_series_row *series)
{
	int64_t affixes = (int64_t)(series->prefix.len + series->suffix.len);
	return series->number_length >= SERIES_DIGITS_MIN &&
	       series->number_length + affixes <= NUMBER_MAX;
}

/* The first rule that is broken: Capillary's codes 3001 and 3003 to 3034. */
static enum err series_check(struct ctx *ctx, const struct card_series_row *series)
{
	const struct {
		bool broken;
		const char *member;
		enum reason reason;
	} rules[] = {
		{series->code.len == 0, "row.code", REASON_SERIES_CODE_EMPTY},
		{!is_plain(series->code), "row.code", REASON_MALFORMED},
		{series->kind == 0, "row.kind", REASON_SERIES_KIND_EMPTY},
		{series->expiry_days < 0, "row.expiry_days", REASON_SERIES_DAYS},
		{series->max_per_person < 0, "row.max_per_person", REASON_SERIES_MOST},
		{!is_affix(series->prefix), "row.prefix", REASON_SERIES_PREFIX},
		{!is_affix(series->suffix), "row.suffix", REASON_SERIES_SUFFIX},
		{series->generation_enabled && series->number_length == 0, "row.number_length",
		 REASON_SERIES_NO_NUMBERS},
		{series->number_length != 0 && !is_length(series), "row.number_length",
		 REASON_SERIES_LENGTH},
		{!is_trigger(series->trigger_kind), "row.trigger_kind", REASON_UNKNOWN_VALUE},
		{str_eq(series->trigger_kind, STR("OU_ID")) && series->concept_code.len == 0,
		 "row.concept_code", REASON_REQUIRED},
	};
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (rules[i].broken)
			return ctx_fail(ctx, ERR_INVALID, rules[i].member, rules[i].reason);
	return ERR_OK;
}

static enum err series_store(struct ctx *ctx, const struct card_series_row *before,
			     struct card_series_row *after)
{
	enum err err = series_check(ctx, after);
	if (err != ERR_OK)
		return err;
	after->code_key = text_fold(ctx->arena, after->code, SERIES_CODE_KEY_MAX);
	after->version++;
	after->updated_at = ctx_now(ctx);
	if (!before) {
		err = sql_card_series_insert(ctx->db, after, NULL);
	} else {
		struct card_series_update_in in = {.card_series = *after,
						   .where_organisation_id = after->organisation_id,
						   .where_id = after->id};
		err = sql_card_series_update(ctx->db, &in, NULL);
	}
	if (err == ERR_TAKEN)
		return ctx_fail(ctx, err, "row.code", REASON_SERIES_CODE_TAKEN);
	if (err != ERR_OK)
		return err;
	journal_object(ctx, &after->id);
	journal_changes(ctx, "card_series", &card_series_row_map, before, after);
	return ERR_OK;
}

static void put_numbers(const struct series_in *in, struct card_series_row *series)
{
	if (!SENT(in, struct series_in, numbers))
		return;
	series->prefix = in->numbers.prefix;
	series->suffix = in->numbers.suffix;
	series->number_offset = in->numbers.offset;
	series->number_length = in->numbers.length;
	series->method = in->numbers.method;
}

static struct series_view view_of(const struct card_series_row *row)
{
	return (struct series_view){
		.row = *row,
		.numbers = {row->prefix, row->suffix, row->number_offset, row->number_length,
			    row->method},
		.has_numbers = row->number_length > 0,
	};
}

static enum err series_add(struct ctx *ctx, const struct series_in *in, struct series_out *out)
{
	struct card_series_row row = in->row, *series = &row;
	put_numbers(in, series);
	series->organisation_id = ctx_organisation(ctx);
	series->id = ctx_uuid(ctx);
	series->serial = serial_take(ctx, SERIAL_SERIES);
	series->live = 1;
	series->created_at = ctx_now(ctx);
	if (!SENT(in, struct series_in, row.active))
		series->active = true;
	if (series->name.len == 0)
		series->name = series->code;
	if (series->method == 0)
		series->method = SERIES_DEFAULT;
	if (series->trigger_kind.len == 0)
		series->trigger_kind = STR("SERIES_ID");
	enum err err = series_store(ctx, NULL, series);
	out->series = view_of(series);
	return err;
}
OPERATION(series_add, struct series_in, struct series_out, .mutates = true,
	  .serials = SERIAL_BIT(SERIAL_SERIES));

/* An empty text leaves what stands: the vendor's page deactivates a series with such. */
static void keep_texts(const struct card_series_row *before, struct card_series_row *after)
{
	if (after->code.len == 0)
		after->code = before->code;
	if (after->name.len == 0)
		after->name = before->name;
	if (after->trigger_kind.len == 0)
		after->trigger_kind = before->trigger_kind;
	if (after->method == 0)
		after->method = before->method;
}

static enum err series_change(struct ctx *ctx, const struct series_in *in, struct series_out *out)
{
	struct card_series_lock_in lock = {ctx_organisation(ctx), in->row.serial};
	struct card_series_row before, after;
	enum err err = sql_card_series_lock(ctx->db, ctx->arena, &lock, &before);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, "row.serial", REASON_SERIES_UNKNOWN);
	if (err != ERR_OK)
		return err;
	after = before;
	row_merge(&card_series_row_map, &after, &in->row, &in->sent,
		  offsetof(struct series_in, row));
	put_numbers(in, &after);
	keep_texts(&before, &after);
	err = series_store(ctx, &before, &after);
	out->series = view_of(&after);
	return err;
}
OPERATION(series_change, struct series_in, struct series_out, .mutates = true);

static enum err series_get(struct ctx *ctx, const struct series_get_in *in, struct series_out *out)
{
	struct card_series_row row;
	enum err err = series_find(ctx, in->serial, STR(""), "serial", &row);
	if (err == ERR_OK)
		out->series = view_of(&row);
	return err;
}
OPERATION(series_get, struct series_get_in, struct series_out, .mutates = false);

static enum err series_list(struct ctx *ctx, const struct nothing *in, struct series_list_out *out)
{
	struct card_series_list_in list = {ctx_organisation(ctx), SERIES_LIST_MAX};
	struct list rows = {0};
	enum err err = sql_card_series_list(ctx->db, ctx->arena, &list, &rows);
	struct series_view *views = arena_array(ctx->arena, struct series_view, rows.n + 1);
	const struct card_series_row *row = rows.rows;
	(void)in;
	for (size_t i = 0; i < rows.n; i++)
		views[i] = view_of(&row[i]);
	out->series = (struct list){views, rows.n};
	return err;
}
OPERATION(series_list, struct nothing, struct series_list_out, .mutates = false);
