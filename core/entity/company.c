/* Companies: what customers belong to (core-data.md). */
#include "entity_priv.h"

#include "db.h"
#include "mutation.h"
#include "select_tables.h"
#include "serial.h"
#include "stmt_gen.h"
#include "text.h"

#define KEY_MAX              1020
#define REGISTRATION_KEY_MAX 256

static enum err company_write(struct ctx *ctx, const struct company_in *in,
			      const struct company_row *before, struct company_row *after)
{
	enum err err;
	row_merge(&company_row_map, after, &in->row, &in->sent, offsetof(struct company_in, row));
	if (after->name.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "name", REASON_REQUIRED);
	after->name_key = text_fold(ctx->arena, after->name, KEY_MAX);
	after->registration_key =
		text_fold(ctx->arena, after->registration_code, REGISTRATION_KEY_MAX);
	after->version++;
	after->updated_at = ctx_now(ctx);
	if (before) {
		struct company_update_in update = {.company = *after,
						   .where_organisation_id = after->organisation_id,
						   .where_id = after->id};
		err = sql_company_update(ctx->db, &update, NULL);
	} else {
		err = sql_company_insert(ctx->db, after, NULL);
	}
	journal_object(ctx, &after->id);
	if (err == ERR_OK)
		journal_changes(ctx, entity_note_name(ctx, "company:", &after->id),
				&company_row_map, before, after);
	return err;
}

static enum err insert(struct ctx *ctx, const void *row, struct entity_key *key_r)
{
	struct company_row company = {.organisation_id = ctx_organisation(ctx),
				      .id = ctx_uuid(ctx),
				      .serial = serial_take(ctx, SERIAL_COMPANY),
				      .live = 1,
				      .created_at = ctx_now(ctx)};
	key_r->serial = company.serial;
	return company_write(ctx, row, NULL, &company);
}

static enum err company_lock(struct ctx *ctx, int64_t serial, struct company_row *row_r)
{
	struct company_lock_in in = {ctx_organisation(ctx), serial};
	return sql_company_lock(ctx->db, ctx->arena, &in, row_r);
}

static enum err update(struct ctx *ctx, const struct entity_key *key, const void *row)
{
	struct company_row before, after;
	enum err err = company_lock(ctx, key->serial, &before);
	if (err != ERR_OK)
		return err;
	after = before;
	return company_write(ctx, row, &before, &after);
}

/* Under its lock no person can come to it: persons share that lock. */
static enum err retire(struct ctx *ctx, const struct entity_key *key)
{
	struct company_row company, gone;
	struct company_in_use_row user;
	enum err err = company_lock(ctx, key->serial, &company);
	if (err != ERR_OK)
		return err;
	struct company_in_use_in use = {company.organisation_id, company.id};
	err = sql_company_in_use(ctx->db, ctx->arena, &use, &user);
	if (err == ERR_OK)
		return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_IN_USE);
	if (err != ERR_NOT_FOUND)
		return err;
	gone = company;
	gone.live = 0;
	gone.updated_at = ctx_now(ctx);
	struct company_update_in update_in = {.company = gone,
					      .where_organisation_id = gone.organisation_id,
					      .where_id = gone.id};
	journal_object(ctx, &gone.id);
	journal_changes(ctx, entity_note_name(ctx, "company:", &gone.id), &company_row_map,
			&company, NULL);
	return sql_company_update(ctx->db, &update_in, NULL);
}

static const struct entity company_entity = {
	.table = &select_company,
	.key = "serial",
	.in_size = sizeof(struct company_in),
	.insert = insert,
	.update = update,
	.remove = retire,
};
ENTITY_READS(company);
ENTITY_WRITES(company, SERIAL_BIT(SERIAL_COMPANY));
