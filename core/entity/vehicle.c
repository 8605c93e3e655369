/* Vehicles: the plates by which a customer is known at the gate (core-data.md). */
#include "entity_priv.h"

#include "customer.h"
#include "db.h"
#include "mutation.h"
#include "select_tables.h"
#include "serial.h"
#include "stmt_gen.h"
#include "text.h"

#define IS_SENT(in, m) SENT(in, struct vehicle_in, row.m)
#define PLATE_KEY_MAX  256

static enum err take_customer(struct ctx *ctx, int64_t serial, struct vehicle_row *vehicle)
{
	struct person_row person;
	vehicle->person_id = (struct uuid){{0}};
	if (serial == 0)
		return ERR_OK;
	enum err err = customer_lock(ctx, serial, &person);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, ERR_CONFLICT, "customer_serial", REASON_NO_SUCH);
	if (err == ERR_OK)
		vehicle->person_id = person.id;
	return err;
}

static enum err vehicle_put(struct ctx *ctx, const struct vehicle_row *before,
			    struct vehicle_row *after)
{
	struct vehicle_update_in in = {.vehicle = *after,
				       .where_organisation_id = after->organisation_id,
				       .where_id = after->id};
	journal_object(ctx, &after->id);
	journal_changes(ctx, entity_note_name(ctx, "vehicle:", &after->id), &vehicle_row_map,
			before, after->live ? after : NULL);
	return before ? sql_vehicle_update(ctx->db, &in, NULL)
		      : sql_vehicle_insert(ctx->db, after, NULL);
}

static enum err vehicle_write(struct ctx *ctx, const struct vehicle_in *in,
			      const struct vehicle_row *before, struct vehicle_row *after)
{
	enum err err = ERR_OK;
	if (IS_SENT(in, customer_serial))
		err = take_customer(ctx, in->row.customer_serial, after);
	if (err != ERR_OK)
		return err;
	if (IS_SENT(in, plate))
		after->plate = in->row.plate;
	after->plate_key = text_plate(ctx->arena, after->plate, PLATE_KEY_MAX);
	if (after->plate_key.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "plate", REASON_REQUIRED);
	after->updated_at = ctx_now(ctx);
	return vehicle_put(ctx, before, after);
}

static enum err insert(struct ctx *ctx, const void *row, struct entity_key *key_r)
{
	struct vehicle_row vehicle = {.organisation_id = ctx_organisation(ctx),
				      .id = ctx_uuid(ctx),
				      .serial = serial_take(ctx, SERIAL_VEHICLE),
				      .live = 1,
				      .created_at = ctx_now(ctx)};
	key_r->serial = vehicle.serial;
	return vehicle_write(ctx, row, NULL, &vehicle);
}

static enum err vehicle_lock(struct ctx *ctx, int64_t serial, struct vehicle_row *row_r)
{
	struct vehicle_lock_in in = {ctx_organisation(ctx), serial};
	return sql_vehicle_lock(ctx->db, ctx->arena, &in, row_r);
}

static enum err update(struct ctx *ctx, const struct entity_key *key, const void *row)
{
	struct vehicle_row before, after;
	enum err err = vehicle_lock(ctx, key->serial, &before);
	if (err != ERR_OK)
		return err;
	after = before;
	return vehicle_write(ctx, row, &before, &after);
}

static enum err retire(struct ctx *ctx, const struct entity_key *key)
{
	struct vehicle_row before, after;
	enum err err = vehicle_lock(ctx, key->serial, &before);
	if (err != ERR_OK)
		return err;
	after = before;
	after.live = 0;
	after.updated_at = ctx_now(ctx);
	return vehicle_put(ctx, &before, &after);
}

static const struct entity vehicle_entity = {
	.table = &select_vehicle,
	.key = "serial",
	.in_size = sizeof(struct vehicle_in),
	.insert = insert,
	.update = update,
	.remove = retire,
};
ENTITY_READS(vehicle);
ENTITY_WRITES(vehicle, SERIAL_BIT(SERIAL_VEHICLE));
