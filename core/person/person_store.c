#include "person_store.h"

#include <string.h>

#include "batch.h"
#include "count.h"
#include "db.h"
#include "gram.h"
#include "identifier.h"
#include "json.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define KEY_MAX       1020
#define PHONE_KEY_MAX 64

/* NULL when empty: a unique key does not see it. */
static struct str key_or_none(struct str key)
{
	return key.len > 0 ? key : (struct str){0};
}

static enum err fill_keys(struct ctx *ctx, struct person_row *person)
{
	struct str digits = text_digits(ctx->arena, person->phone);
	person->login_key = key_or_none(text_fold(ctx->arena, person->login, KEY_MAX));
	person->name_key = text_fold(ctx->arena, person->name, KEY_MAX);
	person->email_key = key_or_none(text_fold(ctx->arena, person->email, KEY_MAX));
	person->phone_key = key_or_none(digits);
	person->external_key = key_or_none(text_fold(ctx->arena, person->external_id, KEY_MAX));
	person->card_key = key_or_none(text_fold(ctx->arena, person->card_code, KEY_MAX));
	if (person->phone.len > 0 && digits.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "row.phone", REASON_MALFORMED);
	if (digits.len > PHONE_KEY_MAX)
		return ctx_fail(ctx, ERR_INVALID, "row.phone", REASON_TOO_LONG);
	return ERR_OK;
}

/* What a fragment may be of. */
static struct str text_of(struct arena *arena, const struct person_row *person)
{
	const struct str parts[] = {person->name_key, person->login_key, person->email_key,
				    person->phone_key};
	struct buf buf;
	buf_init(&buf, arena, 256);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (i > 0)
			buf_char(&buf, '\n');
		buf_str(&buf, parts[i]);
	}
	return buf_done(&buf);
}

static void put_text(struct batch *batch, const struct person_row *before,
		     const struct person_row *after)
{
	struct str text = text_of(batch->arena, after);
	struct person_text_insert_in insert = {after->organisation_id, after->id, text};
	struct person_text_update_in update = {text, after->organisation_id, after->id};
	struct person_text_delete_in delete = {after->organisation_id, after->id};
	struct text_fresh_put_in fresh = {after->organisation_id, TEXT_PERSON, after->id};
	bool changed = before && !str_eq(text, text_of(batch->arena, before));
	if (!before || !after->live || changed)
		batch_text_fresh_put(batch, &fresh);
	if (!before)
		batch_person_text_insert(batch, &insert);
	else if (!after->live)
		batch_person_text_delete(batch, &delete);
	else if (changed)
		batch_person_text_update(batch, &update);
}

/* A unique key of the person, or another's further identifier. */
static const struct {
	const char *key, *member;
	enum identifier_kind kind;
} keys_taken[] = {
	{"login", "row.login", IDENTIFIER_NONE},
	{"phone", "row.phone", IDENTIFIER_MOBILE},
	{"email", "row.email", IDENTIFIER_EMAIL},
	{"external", "row.external_id", IDENTIFIER_EXTERNAL},
};
#define KEYS_N (sizeof keys_taken / sizeof keys_taken[0])

static bool is_others(struct ctx *ctx, struct person_row *person, enum identifier_kind kind)
{
	const struct identifier_place instore = {STR(SOURCE_INSTORE), STR("")};
	struct identifier_row row;
	const struct str *field = identifier_field(person, kind);
	return field && field->len > 0 &&
	       identifier_find(ctx, &instore, kind, *field, &row) == ERR_OK &&
	       !uuid_eq(&row.person_id, &person->id);
}

static enum err taken(struct ctx *ctx, struct person_row *person)
{
	const char *key = str_dup(ctx->arena, str_of(db_taken_key(ctx->db))).at, *member = "row.id";
	bool further = strcmp(key, "value") == 0;
	for (size_t i = 0; i < KEYS_N; i++)
		if (further ? is_others(ctx, person, keys_taken[i].kind)
			    : strcmp(key, keys_taken[i].key) == 0)
			member = keys_taken[i].member;
	return ctx_fail(ctx, ERR_TAKEN, member, REASON_ALREADY_USED);
}

/* Whatever the row said that was written: cards may have changed since it was read. */
static void put_primary(struct ctx *ctx, struct batch *batch, const struct person_row *person)
{
	struct person_follow_card_in in = {ctx_now(ctx), person->organisation_id, person->id};
	if (person->live)
		batch_person_follow_card(batch, &in);
}

struct uuid person_kind(const struct person_row *person)
{
	struct uuid kind = {{1}};
	kind.byte[PERSON_KIND_GENDER] = (uint8_t)person->gender;
	kind.byte[PERSON_KIND_LOCKED] = person->locked;
	kind.byte[PERSON_KIND_CONFIRMED] = person->confirmed;
	return kind;
}

static void put_counts(struct ctx *ctx, struct batch *batch, const struct person_row *before,
		       const struct person_row *after)
{
	struct uuid was = before ? person_kind(before) : person_kind(after);
	struct uuid is = person_kind(after);
	int64_t before_n = before ? before->live : 0;
	if (uuid_eq(&was, &is)) {
		count_put(ctx, batch, COUNT_PERSONS, &is, after->live - before_n);
		return;
	}
	count_put(ctx, batch, COUNT_PERSONS, &was, -before_n);
	count_put(ctx, batch, COUNT_PERSONS, &is, after->live);
}

enum err person_store_into(struct ctx *ctx, struct batch *batch, const struct person_row *before,
			   struct person_row *after)
{
	enum err err = fill_keys(ctx, after);
	if (err != ERR_OK)
		return err;
	after->version++;
	after->updated_at = ctx_now(ctx);
	if (!before) {
		batch_person_insert(batch, after);
	} else {
		struct person_update_in in = {.person = *after,
					      .where_organisation_id = after->organisation_id,
					      .where_id = after->id};
		batch_person_update(batch, &in);
		put_primary(ctx, batch, after);
	}
	put_text(batch, before, after);
	identifiers_mirror(ctx, batch, before, after);
	span_put(ctx, batch, after->serial, after->created_at, after->updated_at);
	put_counts(ctx, batch, before, after);
	return ERR_OK;
}

enum err person_store(struct ctx *ctx, const struct person_row *before, struct person_row *after)
{
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	enum err err = person_store_into(ctx, &batch, before, after);
	if (err != ERR_OK)
		return err;
	err = batch_run(&batch);
	return err == ERR_TAKEN ? taken(ctx, after) : err;
}

static void put_field(struct buf *buf, const struct person_field *field)
{
	const struct {
		const char *name;
		struct str text;
	} members[] = {
		{"id", field->id},
		{"name", field->name},
		{"type", field->type},
		{"value", field->value},
	};
	json_put_comma(buf);
	buf_char(buf, '{');
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		json_put_name(buf, members[i].name);
		json_put_string(buf, members[i].text);
	}
	buf_char(buf, '}');
}

struct str person_fields_text(struct arena *arena, const struct list *fields)
{
	const struct person_field *field = fields->rows;
	struct buf buf;
	buf_init(&buf, arena, 64);
	buf_char(&buf, '[');
	for (size_t i = 0; i < fields->n; i++)
		put_field(&buf, &field[i]);
	buf_char(&buf, ']');
	return buf_done(&buf);
}
