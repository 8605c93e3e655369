#include "journal.h"

#include <assert.h>
#include <string.h>

#include "decimal.h"
#include "field.h"
#include "json.h"
#include "stmt.h"
#include "mutation.h"
#include "uuid.h"

void journal_object(struct ctx *ctx, const struct uuid *object_id)
{
	assert(ctx->journal);
	ctx->journal->object_id = *object_id;
}

struct uuid journal_id(const struct ctx *ctx)
{
	assert(ctx->journal);
	return ctx->journal->id;
}

static void put_uuid(struct buf *buf, const struct uuid *uuid)
{
	char text[UUID_TEXT_LEN];
	uuid_format(uuid, text);
	json_put_string(buf, (struct str){text, uuid_is_unset(uuid) ? 0 : UUID_TEXT_LEN});
}

static void put_amount(struct buf *buf, struct amount amount)
{
	char text[DECIMAL_TEXT_MAX];
	buf_put(buf, text, decimal_format(amount, text));
}

static void put_member(struct buf *buf, const struct field *field, const void *row)
{
	const char *at = row ? (const char *)row + field->offset : NULL;
	if (!at) {
		buf_text(buf, "null");
		return;
	}
	switch ((enum field_type)field->type) {
	case FT_BOOL:
		buf_text(buf, *(const bool *)at ? "true" : "false");
		break;
	case FT_I64:
	case FT_MOMENT:
		buf_i64(buf, *(const int64_t *)(const void *)at);
		break;
	case FT_AMOUNT:
		put_amount(buf, *(const struct amount *)(const void *)at);
		break;
	case FT_UUID:
		put_uuid(buf, (const struct uuid *)(const void *)at);
		break;
	case FT_STR:
		json_put_string(buf, *(const struct str *)(const void *)at);
		break;
	case FT_JSON:
	case FT_LIST:
	case FT_OBJECT:
		assert(false && "a row has plain columns");
	}
}

/* Columns of bytes repeat what other members say, and are no text. */
static bool is_noted(const struct field *field)
{
	return !(field->type == FT_STR && field->flags & STORE_BYTES);
}

static void put_change(struct buf *buf, const struct field *field, const void *before,
		       const void *after)
{
	json_put_name(buf, field->wire);
	buf_char(buf, '[');
	put_member(buf, field, before);
	buf_char(buf, ',');
	put_member(buf, field, after);
	buf_char(buf, ']');
}

void journal_changes(struct ctx *ctx, const char *object, const struct map *map, const void *before,
		     const void *after)
{
	struct buf *buf = &ctx->journal->changes;
	json_put_name(buf, object);
	buf_char(buf, '{');
	const struct field *field = map->fields;
	for (; field < map->fields + map->n; field++) {
		if (before && after)
			field = row_difference(map, before, after, field);
		if (!field)
			break;
		if (is_noted(field))
			put_change(buf, field, before, after);
	}
	buf_char(buf, '}');
}

void journal_amount(struct ctx *ctx, const char *object, const char *member, struct amount before,
		    struct amount after)
{
	struct buf *buf = &ctx->journal->changes;
	json_put_name(buf, object);
	buf_char(buf, '{');
	json_put_name(buf, member);
	buf_char(buf, '[');
	put_amount(buf, before);
	buf_char(buf, ',');
	put_amount(buf, after);
	buf_text(buf, "]}");
}

const void *journal_room(struct ctx *ctx, size_t n)
{
	struct buf *entries = &ctx->journal->entries;
	if (!entries->at)
		buf_init(entries, ctx->arena, 4 * sizeof(struct uuid));
	buf_reserve(entries, n * sizeof(struct uuid));
	return entries->at;
}

void journal_entry(struct ctx *ctx, const struct uuid *entry_id)
{
	journal_room(ctx, 1);
	buf_put(&ctx->journal->entries, entry_id, sizeof *entry_id);
}

struct str journal_entries_done(struct journal *journal)
{
	return journal->entries.len ? buf_done(&journal->entries) : (struct str){0};
}

struct str journal_changes_done(struct journal *journal)
{
	buf_char(&journal->changes, '}');
	return buf_done(&journal->changes);
}
