#include "person.h"

#include "attach.h"
#include "db.h"
#include "mutation.h"
#include "person_store.h"
#include "serial.h"
#include "stmt_gen.h"
#include "uuid.h"

enum err person_lock(struct ctx *ctx, const struct uuid *id, const char *member,
		     struct person_row *row_r)
{
	struct person_lock_in in = {ctx_organisation(ctx), *id};
	enum err err = sql_person_lock(ctx->db, ctx->arena, &in, row_r);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, member, REASON_NO_SUCH) : err;
}

/* What both ways of writing demand of the row; a holder made elsewhere may have no login. */
static enum err take_in(struct ctx *ctx, const struct person_in *in,
			const struct person_row *before, struct person_row *person)
{
	bool without = before && before->login.len == 0 && !SENT(in, struct person_in, row.login);
	if (person->login.len == 0 && !without)
		return ctx_fail(ctx, ERR_INVALID, "row.login", REASON_REQUIRED);
	if (person->name.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "row.name", REASON_REQUIRED);
	if (SENT(in, struct person_in, fields) || !person->additional_fields.at)
		person->additional_fields = person_fields_text(ctx->arena, &in->fields);
	return ERR_OK;
}

static enum err person_write(struct ctx *ctx, const struct person_in *in,
			     const struct person_row *before, struct person_row *after)
{
	enum err err = take_in(ctx, in, before, after);
	if (err == ERR_OK)
		err = person_login_store(ctx, before, after, in->password);
	if (err == ERR_OK)
		err = person_store(ctx, before, after);
	if (err != ERR_OK)
		return err;
	journal_object(ctx, &after->id);
	journal_changes(ctx, "person", &person_row_map, before, after);
	return ERR_OK;
}

static enum err give_card(struct ctx *ctx, const struct person_in *in,
			  const struct person_row *person)
{
	struct attach_terms terms = {.shop_id = in->activation_shop};
	struct uuid card;
	enum err err = card_attach_free(ctx, person, &terms, &card);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, "attach_free_card", REASON_NO_SUCH) : err;
}

static enum err person_add(struct ctx *ctx, const struct person_in *in, struct id_out *out)
{
	struct person_row person = in->row;
	person.organisation_id = ctx_organisation(ctx);
	person.live = 1;
	person.serial = serial_take(ctx, SERIAL_PERSON);
	person.created_at = ctx_now(ctx);
	if (uuid_is_unset(&person.id))
		person.id = ctx_uuid(ctx);
	out->id = person.id;
	enum err err = person_write(ctx, in, NULL, &person);
	return err == ERR_OK && in->attach_free_card ? give_card(ctx, in, &person) : err;
}
OPERATION(person_add, struct person_in, struct id_out, .mutates = true,
	  .serials = SERIAL_BIT(SERIAL_PERSON));

static enum err person_change(struct ctx *ctx, const struct person_in *in, struct nothing *out)
{
	struct person_row before, after;
	enum err err = person_lock(ctx, &in->row.id, "row.id", &before);
	(void)out;
	if (err != ERR_OK)
		return err;
	after = before;
	row_merge(&person_row_map, &after, &in->row, &in->sent, offsetof(struct person_in, row));
	err = person_write(ctx, in, &before, &after);
	if (err == ERR_OK &&
	    (before.locked != after.locked || before.credit_allowed != after.credit_allowed))
		err = cards_follow(ctx, &after);
	return err;
}
OPERATION(person_change, struct person_in, struct nothing, .mutates = true);

static enum err logins_remove(struct ctx *ctx, const struct uuid *person)
{
	struct credential_of_person_delete_in in = {ctx_organisation(ctx), *person};
	return sql_credential_of_person_delete(ctx->db, &in, NULL);
}

enum err person_bury(struct ctx *ctx, const struct person_row *person)
{
	struct person_row after = *person;
	struct vehicle_of_person_remove_in vehicles = {ctx_now(ctx), person->organisation_id,
						       person->id};
	enum err err = logins_remove(ctx, &person->id);
	after.live = 0;
	after.card_code = STR("");
	if (err == ERR_OK)
		err = sql_vehicle_of_person_remove(ctx->db, &vehicles, NULL);
	return err == ERR_OK ? person_store(ctx, person, &after) : err;
}

static enum err person_delete(struct ctx *ctx, const struct id_in *in, struct nothing *out)
{
	struct person_row person;
	enum err err = person_lock(ctx, &in->id, "id", &person);
	(void)out;
	if (err == ERR_OK)
		err = cards_set_free(ctx, &in->id);
	if (err == ERR_OK)
		err = person_bury(ctx, &person);
	if (err != ERR_OK)
		return err;
	journal_object(ctx, &in->id);
	journal_changes(ctx, "person", &person_row_map, &person, NULL);
	return ERR_OK;
}
OPERATION(person_delete, struct id_in, struct nothing, .mutates = true);

static enum err person_get(struct ctx *ctx, const struct person_get_in *in, struct person_out *out)
{
	struct person_view_get_in view = {ctx_organisation(ctx), in->id};
	struct person_full_get_in full = {ctx_organisation(ctx), in->id};
	enum err err = in->with_fields
			       ? sql_person_full_get(ctx->db, ctx->arena, &full, &out->person.row)
			       : sql_person_view_get(ctx->db, ctx->arena, &view, &out->person.row);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, "id", REASON_NO_SUCH) : err;
}
OPERATION(person_get, struct person_get_in, struct person_out, .mutates = false);
