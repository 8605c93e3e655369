#include "erase.h"

#include "batch.h"
#include "db.h"
#include "mutation.h"
#include "person_store.h"
#include "stmt_gen.h"
#include "uuid.h"

/* The id, as a text that a message can name. */
static const char *id_text(struct ctx *ctx, const struct uuid *id)
{
	char *text = arena_alloc(ctx->arena, UUID_TEXT_LEN + 1);
	uuid_format(id, text);
	return text;
}

/* All that a human wrote of himself; the number, the id and the alias stay. */
static struct person_row blank_of(const struct person_row *person)
{
	const struct str none = STR("");
	return (struct person_row){.organisation_id = person->organisation_id,
				   .id = person->id,
				   .serial = person->serial,
				   .version = person->version,
				   .merged_into = person->merged_into,
				   .created_at = person->created_at,
				   .login = none,
				   .name = none,
				   .phone = none,
				   .email = none,
				   .image = none,
				   .app_client = none,
				   .additional_fields = STR("[]"),
				   .external_id = none,
				   .card_code = none,
				   .payment_card = none,
				   .salutation = none,
				   .first_name = none,
				   .street = none,
				   .zip = none,
				   .city = none,
				   .fax = none,
				   .contact_person = none,
				   .contact_phone = none,
				   .remark = none};
}

static enum err journal_erase(struct ctx *ctx, const struct uuid *object, const struct erase_in *in,
			      struct erase_out *out)
{
	struct erase_journal_count_in which = {ctx_organisation(ctx), *object};
	struct erase_journal_in blank = {STR("{}"), which.organisation_id, *object};
	struct erase_journal_count_row row = {.n = 0};
	enum err err = sql_erase_journal_count(ctx->db, ctx->arena, &which, &row);
	out->journal_rows += row.n;
	return err == ERR_OK && !in->only_count ? sql_erase_journal(ctx->db, &blank, NULL) : err;
}

static enum err entries_erase(struct ctx *ctx, const struct uuid *card, const struct erase_in *in,
			      struct erase_out *out)
{
	struct erase_entries_count_in which = {ctx_organisation(ctx), *card};
	struct erase_entries_in entries = {STR(""), STR(""), which.organisation_id, *card};
	struct erase_holds_in holds = {STR(""), which.organisation_id, *card};
	struct erase_entries_count_row row = {.n = 0};
	enum err err = sql_erase_entries_count(ctx->db, ctx->arena, &which, &row);
	out->entries += row.n;
	if (err != ERR_OK || in->only_count)
		return err;
	err = sql_erase_entries(ctx->db, &entries, NULL);
	return err == ERR_OK ? sql_erase_holds(ctx->db, &holds, NULL) : err;
}

static enum err card_erase(struct ctx *ctx, const struct card_row *card, const struct erase_in *in,
			   struct erase_out *out)
{
	struct card_row after = *card;
	after.name = after.description = after.phone = after.email = after.image = STR("");
	after.message = STR("");
	after.person_id = (struct uuid){{0}};
	after.attached_at.ms = 0;
	after.holder_locked = after.holder_credit = false;
	out->cards++;
	enum err err = in->only_count ? ERR_OK : card_store(ctx, card, &after);
	if (err == ERR_OK)
		err = entries_erase(ctx, &card->id, in, out);
	return err == ERR_OK ? journal_erase(ctx, &card->id, in, out) : err;
}

static enum err cards_erase(struct ctx *ctx, const struct uuid *person, const struct erase_in *in,
			    struct erase_out *out)
{
	struct card_of_person_lock_in which = {ctx_organisation(ctx), *person};
	struct list cards = {0};
	enum err err = sql_card_of_person_lock(ctx->db, ctx->arena, &which, &cards);
	const struct card_row *card = cards.rows;
	for (size_t i = 0; err == ERR_OK && i < cards.n; i++)
		err = card_erase(ctx, &card[i], in, out);
	return err;
}

static enum err rows_delete(struct ctx *ctx, const struct uuid *person)
{
	struct erase_vehicles_in vehicles = {ctx_organisation(ctx), *person};
	struct credential_of_person_delete_in logins = {vehicles.organisation_id, *person};
	struct one_time_code_delete_in code = {vehicles.organisation_id, *person};
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	batch_erase_vehicles(&batch, &vehicles);
	batch_credential_of_person_delete(&batch, &logins);
	batch_one_time_code_delete(&batch, &code);
	return batch_run(&batch);
}

static enum err row_erase(struct ctx *ctx, const struct person_row *person,
			  const struct erase_in *in, struct erase_out *out)
{
	struct person_row after = blank_of(person);
	out->persons++;
	enum err err = journal_erase(ctx, &person->id, in, out);
	if (err != ERR_OK || in->only_count)
		return err;
	err = rows_delete(ctx, &person->id);
	return err == ERR_OK ? person_store(ctx, person, &after) : err;
}

static enum err aliases_erase(struct ctx *ctx, const struct erase_in *in, struct erase_out *out)
{
	struct erase_aliases_in which = {ctx_organisation(ctx), in->id};
	struct list aliases = {0};
	enum err err = sql_erase_aliases(ctx->db, ctx->arena, &which, &aliases);
	const struct erase_aliases_row *alias = aliases.rows;
	for (size_t i = 0; err == ERR_OK && i < aliases.n; i++) {
		struct person_any_lock_in lock = {which.organisation_id, alias[i].id};
		struct person_row row;
		err = sql_person_any_lock(ctx->db, ctx->arena, &lock, &row);
		if (err == ERR_OK)
			err = row_erase(ctx, &row, in, out);
	}
	return err;
}

static enum err person_erase(struct ctx *ctx, const struct erase_in *in, struct erase_out *out)
{
	struct person_any_lock_in lock = {ctx_organisation(ctx), in->id};
	struct person_row person;
	enum err err = sql_person_any_lock(ctx->db, ctx->arena, &lock, &person);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, "id", REASON_NO_SUCH);
	if (err == ERR_OK && !uuid_is_unset(&person.merged_into))
		return ctx_fail(ctx, ERR_CONFLICT, id_text(ctx, &person.merged_into),
				REASON_CUSTOMER_MERGED);
	journal_object(ctx, &in->id);
	if (err == ERR_OK)
		err = cards_erase(ctx, &in->id, in, out);
	if (err == ERR_OK)
		err = row_erase(ctx, &person, in, out);
	return err == ERR_OK ? aliases_erase(ctx, in, out) : err;
}
OPERATION(person_erase, struct erase_in, struct erase_out, .mutates = true);
