/* The login of a holder: a credential of role client under the person's own login. */
#include "config.h"
#include "credential.h"
#include "db.h"
#include "person_store.h"
#include "stmt_gen.h"

#define CLIENT_SCOPES (SCOPE_CARDS_READ | SCOPE_LEDGER_READ | SCOPE_PEOPLE_READ)

static enum err login_refuse(struct ctx *ctx, const char *member, enum reason reason)
{
	bool login = member[0] == 'l';
	return ctx_fail(ctx, ERR_INVALID, login ? "row.login" : "password", reason);
}

static enum err taken(struct ctx *ctx, enum err err)
{
	if (err == ERR_TAKEN)
		return ctx_fail(ctx, err, "row.login", REASON_ALREADY_USED);
	return err;
}

/* NOT_FOUND when the person has none. */
static enum err login_find(struct ctx *ctx, const struct person_row *person, struct uuid *id_r)
{
	struct str key = login_key(ctx->arena, person->login);
	struct credential_of_person_in in = {person->organisation_id, person->id, key};
	struct credential_of_person_row row;
	if (!key.at)
		return ERR_NOT_FOUND;
	enum err err = sql_credential_of_person(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_OK)
		*id_r = row.id;
	return err;
}

static enum err login_make(struct ctx *ctx, const struct person_row *before,
			   const struct person_row *person, struct str password)
{
	struct credential_row row = {.organisation_id = person->organisation_id,
				     .id = ctx_uuid(ctx),
				     .role = ROLE_CLIENT,
				     .scopes = CLIENT_SCOPES,
				     .person_id = person->id,
				     .created_at = ctx_now(ctx)};
	struct credential_delete_in old = {.organisation_id = person->organisation_id};
	const char *member;
	enum reason reason = credential_fill(&row, ctx->arena, person->login, password,
					     (int)ctx->config->scrypt_cost, &member);
	if (reason != REASON_NONE)
		return login_refuse(ctx, member, reason);
	enum err err = before ? login_find(ctx, before, &old.id) : ERR_NOT_FOUND;
	if (err == ERR_OK)
		err = sql_credential_delete(ctx->db, &old, NULL);
	if (err != ERR_OK && err != ERR_NOT_FOUND)
		return err;
	return taken(ctx, credential_add(ctx->db, &row));
}

static enum err login_rename(struct ctx *ctx, const struct person_row *before,
			     const struct person_row *after)
{
	struct credential_rename_in in = {
		after->login, login_key(ctx->arena, after->login), after->organisation_id, {{0}}};
	enum err err = login_find(ctx, before, &in.id);
	if (err != ERR_OK)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	if (!in.login_key.at || in.login.len > SUBJECT_MAX)
		return login_refuse(ctx, "login", REASON_TOO_LONG);
	return taken(ctx, sql_credential_rename(ctx->db, &in, NULL));
}

enum err person_login_store(struct ctx *ctx, const struct person_row *before,
			    const struct person_row *after, struct str password)
{
	if (password.len > 0)
		return login_make(ctx, before, after, password);
	if (before && !str_eq(before->login, after->login))
		return login_rename(ctx, before, after);
	return ERR_OK;
}
