/* The labels of an organisation: list, and mapping to statuses. */
#include "label.h"

#include <assert.h>

#include "arena.h"
#include "mutation.h"
#include "serial.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define SIX 6

static const enum card_status statuses[SIX] = {
	CARD_NOT_ISSUED, CARD_ACTIVE, CARD_EXPIRED, CARD_SUSPENDED, CARD_ISSUED, CARD_DELETED,
};

static const struct list *words_of(const struct label_mapping *mapping, enum card_status status)
{
	switch (status) {
	case CARD_NOT_ISSUED:
		return &mapping->not_issued;
	case CARD_ISSUED:
		return &mapping->issued;
	case CARD_ACTIVE:
		return &mapping->active;
	case CARD_SUSPENDED:
		return &mapping->suspended;
	case CARD_EXPIRED:
		return &mapping->expired;
	case CARD_DELETED:
		return &mapping->deleted;
	case CARD_STATUS_NONE:
		break;
	}
	return NULL;
}

static bool has_default(const struct list *rows, enum card_status status)
{
	const struct status_label_row *row = rows->rows;
	for (size_t i = 0; i < rows->n; i++)
		if (row[i].status == (int64_t)status && row[i].is_default)
			return true;
	return false;
}

static enum err label_list(struct ctx *ctx, const struct nothing *in, struct label_list_out *out)
{
	struct status_label_list_in list = {ctx_organisation(ctx), LABELS_MAX};
	struct list rows = {0};
	(void)in;
	enum err err = sql_status_label_list(ctx->db, ctx->arena, &list, &rows);
	if (err != ERR_OK)
		return err;
	struct label_view *views = arena_array(ctx->arena, struct label_view, rows.n + SIX);
	const struct status_label_row *row = rows.rows;
	for (size_t i = 0; i < SIX; i++)
		views[i].row = (struct status_label_row){
			.organisation_id = list.organisation_id,
			.serial = statuses[i],
			.status = statuses[i],
			.label = card_status_name(statuses[i]),
			.active = true,
			.is_default = !has_default(&rows, statuses[i]),
		};
	for (size_t i = 0; i < rows.n; i++)
		views[SIX + i].row = row[i];
	out->labels = (struct list){views, rows.n + SIX};
	return ERR_OK;
}
OPERATION(label_list, struct nothing, struct label_list_out, .mutates = false);

static enum err refuse(struct ctx *ctx, enum reason reason)
{
	return ctx_fail(ctx, ERR_INVALID, "mapping", reason);
}

/* The folded labels of the whole mapping: each may be named once. */
struct keys {
	struct str key[SIX * LABELS_AT_ONCE];
	size_t n;
};

static enum err check_word(struct ctx *ctx, const struct label_word *word, struct keys *keys)
{
	struct str key = text_fold(ctx->arena, word->label, LABEL_KEY_MAX);
	if (key.len == 0)
		return refuse(ctx, REASON_LABEL_REQUIRED);
	for (size_t i = 0; i < keys->n; i++)
		if (str_eq(keys->key[i], key))
			return refuse(ctx, REASON_LABEL_REPEATED);
	keys->key[keys->n++] = key;
	return ERR_OK;
}

static enum err check_words(struct ctx *ctx, const struct list *words, struct keys *keys)
{
	const struct label_word *word = words->rows;
	size_t defaults = 0;
	enum err err = ERR_OK;
	assert(words->n <= LABELS_AT_ONCE);
	for (size_t i = 0; err == ERR_OK && i < words->n; i++) {
		defaults += word[i].is_default;
		err = check_word(ctx, &word[i], keys);
	}
	if (err == ERR_OK && words->n > 0 && defaults != 1)
		return refuse(ctx, defaults ? REASON_LABEL_DEFAULTS : REASON_LABEL_NO_DEFAULT);
	return err;
}

/* "label:107": one of several objects in a journal row. */
static const char *note_name(struct ctx *ctx, int64_t serial)
{
	struct buf buf;
	buf_init(&buf, ctx->arena, 32);
	buf_text(&buf, "label:");
	buf_i64(&buf, serial);
	return buf_done(&buf).at;
}

static enum err label_add(struct ctx *ctx, const struct label_word *word, enum card_status status,
			  struct uuid *id_r)
{
	struct status_label_row row = {
		.organisation_id = ctx_organisation(ctx),
		.id = ctx_uuid(ctx),
		.serial = LABEL_SERIAL_MIN + serial_take(ctx, SERIAL_LABEL),
		.status = status,
		.label = word->label,
		.label_key = text_fold(ctx->arena, word->label, LABEL_KEY_MAX),
		.active = true,
		.created_at = ctx_now(ctx),
		.updated_at = ctx_now(ctx),
	};
	*id_r = row.id;
	enum err err = sql_status_label_insert(ctx->db, &row, NULL);
	if (err == ERR_OK)
		journal_changes(ctx, note_name(ctx, row.serial), &status_label_row_map, NULL, &row);
	return err == ERR_TAKEN ? refuse(ctx, REASON_LABEL_REPEATED) : err;
}

static enum err label_put(struct ctx *ctx, const struct label_word *word, enum card_status status,
			  struct uuid *id_r)
{
	struct card_label label;
	enum err err = card_label_find(ctx, word->label, "mapping", &label);
	if (err == ERR_INVALID && ctx->detail.reason == REASON_LABEL_UNKNOWN)
		return label_add(ctx, word, status, id_r);
	if (err == ERR_OK && label.status != status)
		return refuse(ctx, REASON_LABEL_REPEATED);
	if (err == ERR_OK)
		*id_r = label.id;
	return err;
}

/* New labels first, then the default: of two mappings at once one sees the other's labels. */
static enum err map_status(struct ctx *ctx, const struct list *words, enum card_status status)
{
	const struct label_word *word = words->rows;
	struct status_label_set_default_in in = {.updated_at = ctx_now(ctx),
						 .organisation_id = ctx_organisation(ctx),
						 .status = status};
	enum err err = ERR_OK;
	for (size_t i = 0; err == ERR_OK && i < words->n; i++) {
		struct uuid id = {{0}};
		err = label_put(ctx, &word[i], status, &id);
		if (word[i].is_default)
			in.id = id;
	}
	if (err == ERR_OK && words->n > 0)
		err = sql_status_label_set_default(ctx->db, &in, NULL);
	return err;
}

static enum err label_map(struct ctx *ctx, const struct label_map_in *in, struct label_map_out *out)
{
	struct keys keys = {.n = 0};
	enum err err = ERR_OK;
	for (size_t i = 0; err == ERR_OK && i < SIX; i++)
		err = check_words(ctx, words_of(&in->mapping, statuses[i]), &keys);
	for (size_t i = 0; err == ERR_OK && i < SIX; i++)
		err = map_status(ctx, words_of(&in->mapping, statuses[i]), statuses[i]);
	out->mapping = in->mapping;
	return err;
}

static int64_t labels_named(const void *in)
{
	const struct label_map_in *map = in;
	size_t n = 1;
	for (size_t i = 0; i < SIX; i++)
		n += words_of(&map->mapping, statuses[i])->n;
	return (int64_t)n;
}
OPERATION(label_map, struct label_map_in, struct label_map_out, .mutates = true,
	  .serials = SERIAL_BIT(SERIAL_LABEL), .serials_most = labels_named);
