/* The INSTORE identifiers and the person's own fields say the same. */
#include "batch.h"
#include "db.h"
#include "identifier.h"
#include "stmt_gen.h"

/* A person's field that is an identifier, and its key. */
struct mirrored {
	enum identifier_kind kind;
	struct str value, key;
};

#define MIRRORED_N 3

static void mirrored_of(const struct person_row *person, struct mirrored of[MIRRORED_N])
{
	static const struct person_row nobody;
	if (!person || !person->live)
		person = &nobody;
	of[0] = (struct mirrored){IDENTIFIER_EMAIL, person->email, person->email_key};
	of[1] = (struct mirrored){IDENTIFIER_MOBILE, person->phone, person->phone_key};
	of[2] = (struct mirrored){IDENTIFIER_EXTERNAL, person->external_id, person->external_key};
}

static void put_delete(struct batch *batch, const struct person_row *person,
		       const struct mirrored *old)
{
	struct identifier_delete_in in = {person->organisation_id,
					  STR(SOURCE_INSTORE),
					  STR(""),
					  old->kind,
					  old->key,
					  person->id};
	if (old->key.len > 0)
		batch_identifier_delete(batch, &in);
}

static void put_insert(struct ctx *ctx, struct batch *batch, const struct person_row *person,
		       const struct mirrored *new)
{
	struct identifier_row row = {.organisation_id = person->organisation_id,
				     .id = ctx_uuid(ctx),
				     .person_id = person->id,
				     .source = STR(SOURCE_INSTORE),
				     .account = STR(""),
				     .kind = new->kind,
				     .value = new->value,
				     .value_key = new->key,
				     .created_at = ctx_now(ctx)};
	if (new->key.len > 0)
		batch_identifier_insert(batch, &row);
}

/* A value that was the person's already, as a further one, becomes the field's row. */
void identifiers_mirror(struct ctx *ctx, struct batch *batch, const struct person_row *before,
			const struct person_row *after)
{
	struct mirrored old[MIRRORED_N], new[MIRRORED_N];
	struct identifier_of_person_delete_in all = {after->organisation_id, after->id};
	mirrored_of(before, old);
	mirrored_of(after, new);
	if (!after->live) {
		batch_identifier_of_person_delete(batch, &all);
		return;
	}
	for (size_t i = 0; i < MIRRORED_N; i++) {
		if (str_eq(old[i].value, new[i].value) && str_eq(old[i].key, new[i].key))
			continue;
		if (before) {
			put_delete(batch, after, &old[i]);
			put_delete(batch, after, &new[i]);
		}
		put_insert(ctx, batch, after, &new[i]);
	}
}

enum err identifiers_fill(struct ctx *ctx, struct person_row *person)
{
	struct identifier_of_person_in in = {ctx_organisation(ctx), person->id};
	struct list rows = {0};
	enum err err = sql_identifier_of_person(ctx->db, ctx->arena, &in, &rows);
	const struct identifier_row *row = rows.rows;
	for (size_t i = 0; err == ERR_OK && i < rows.n; i++) {
		struct str *field = identifier_field(person, (enum identifier_kind)row[i].kind);
		if (field && field->len == 0 && str_eq(row[i].source, STR(SOURCE_INSTORE)))
			*field = row[i].value;
	}
	return err;
}
