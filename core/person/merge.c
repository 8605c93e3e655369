#include "merge.h"

#include "batch.h"
#include "db.h"
#include "identifier.h"
#include "mutation.h"
#include "person_store.h"
#include "stmt_gen.h"
#include "uuid.h"

/* Cards that are written in one packet. */
#define CARDS_CHUNK 256

const char *person_note_name(struct ctx *ctx, const struct uuid *id)
{
	static const char prefix[] = "person:";
	char *name = arena_alloc(ctx->arena, sizeof prefix + UUID_TEXT_LEN);
	memcpy(name, prefix, sizeof prefix - 1);
	uuid_format(id, name + sizeof prefix - 1);
	return name;
}

/* When the survivor's primary card came to it; 0 = it has no card. */
static int64_t primary_at(const struct list *cards, const struct uuid *holder)
{
	const struct card_row *card = cards->rows;
	int64_t at = 0;
	for (size_t i = 0; i < cards->n; i++)
		if (uuid_eq(&card[i].person_id, holder) && (at == 0 || card[i].attached_at.ms < at))
			at = card[i].attached_at.ms;
	return at;
}

static void put_card(struct ctx *ctx, struct batch *batch, const struct card_row *card,
		     const struct person_row *survivor, int64_t after_ms)
{
	struct card_row after = *card;
	after.person_id = survivor->id;
	after.holder_locked = survivor->locked;
	after.holder_credit = survivor->credit_allowed;
	if (after.attached_at.ms <= after_ms)
		after.attached_at.ms = after_ms + 1;
	card_store_into(ctx, batch, card, &after);
	journal_changes(ctx, card_note_name(ctx, &after.id), &card_row_map, card, &after);
}

static enum err cards_put(struct ctx *ctx, const struct list *cards,
			  const struct person_row *victim, const struct person_row *survivor)
{
	int64_t after_ms = primary_at(cards, &survivor->id);
	const struct card_row *card = cards->rows;
	enum err err = ERR_OK;
	for (size_t i = 0; err == ERR_OK && i < cards->n;) {
		struct batch batch;
		batch_init(&batch, ctx->db, ctx->arena);
		for (size_t end = i + CARDS_CHUNK; i < end && i < cards->n; i++)
			if (uuid_eq(&card[i].person_id, &victim->id))
				put_card(ctx, &batch, &card[i], survivor, after_ms);
		err = batch.n > 0 ? batch_run(&batch) : ERR_OK;
	}
	return err;
}

static enum err cards_move(struct ctx *ctx, const struct person_row *victim,
			   struct person_row *survivor)
{
	struct card_of_persons_lock_in in = {ctx_organisation(ctx), victim->id, survivor->id};
	struct list cards = {0};
	enum err err = sql_card_of_persons_lock(ctx->db, ctx->arena, &in, &cards);
	if (err == ERR_OK && primary_at(&cards, &survivor->id) == 0)
		survivor->card_code = victim->card_code;
	return err == ERR_OK ? cards_put(ctx, &cards, victim, survivor) : err;
}

/* What names the person by its id and is read by it. */
static enum err rows_move(struct ctx *ctx, const struct uuid *victim, const struct uuid *survivor)
{
	int64_t organisation = ctx_organisation(ctx);
	struct identifier_move_in identifiers = {*survivor, organisation, *victim};
	struct vehicle_move_in vehicles = {*survivor, organisation, *victim};
	struct washing_move_in washings = {*survivor, organisation, *victim};
	struct credential_move_in logins = {*survivor, organisation, *victim};
	struct person_alias_move_in aliases = {*survivor, organisation, *victim};
	struct one_time_code_delete_in code = {organisation, *victim};
	struct batch batch;
	batch_init(&batch, ctx->db, ctx->arena);
	batch_identifier_move(&batch, &identifiers);
	batch_vehicle_move(&batch, &vehicles);
	batch_washing_move(&batch, &washings);
	batch_credential_move(&batch, &logins);
	batch_person_alias_move(&batch, &aliases);
	batch_one_time_code_delete(&batch, &code);
	return batch_run(&batch);
}

/* Its identifiers are gone from it before it dies, or they would die with it. */
static enum err victim_write(struct ctx *ctx, const struct person_row *victim,
			     const struct uuid *survivor)
{
	struct person_row after = *victim;
	after.live = 0;
	after.merged_into = *survivor;
	journal_changes(ctx, person_note_name(ctx, &victim->id), &person_row_map, victim, &after);
	return person_store(ctx, victim, &after);
}

enum err person_merge(struct ctx *ctx, const struct person_row *victim, struct person_row *survivor)
{
	enum err err = rows_move(ctx, &victim->id, &survivor->id);
	if (err == ERR_OK)
		err = victim_write(ctx, victim, &survivor->id);
	if (err == ERR_OK)
		err = cards_move(ctx, victim, survivor);
	return err == ERR_OK ? identifiers_fill(ctx, survivor) : err;
}

enum err person_resolve(struct ctx *ctx, int64_t serial, struct person_found *found_r)
{
	struct person_by_serial_in in = {ctx_organisation(ctx), serial};
	struct person_by_serial_row row;
	enum err err = sql_person_by_serial(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, "customer_id", REASON_CUSTOMER_UNKNOWN);
	if (err != ERR_OK)
		return err;
	*found_r = (struct person_found){.id = row.id, .serial = serial, .removed = !row.live};
	if (uuid_is_unset(&row.merged_into))
		return ERR_OK;
	struct person_state_in survivor = {in.organisation_id, row.merged_into};
	struct person_state_row state;
	err = sql_person_state(ctx->db, ctx->arena, &survivor, &state);
	if (err == ERR_OK)
		*found_r = (struct person_found){row.merged_into, state.serial, true, !state.live};
	return err;
}
