/* Cards as entities (core-data.md): each write is one of the operations that cards have. */
#include "entity_priv.h"

#include "attach.h"
#include "card.h"
#include "customer.h"
#include "db.h"
#include "mutation.h"
#include "select_tables.h"
#include "serial.h"
#include "stmt_gen.h"
#include "uuid.h"

#define IS_SENT(in, m) SENT(in, struct card_item_in, row.m)

static void copy_in(const struct card_item_in *in, struct card_in *card)
{
	entity_copy(&card_item_row_map, &in->row, &in->sent, offsetof(struct card_item_in, row),
		    &card_row_map, &card->row, &card->sent, offsetof(struct card_in, row));
	if (IS_SENT(in, group_id)) {
		card->row.parent_id = in->row.group_id;
		sent_set(&card->sent, offsetof(struct card_in, row.parent_id));
	}
}

/* The card's own words for what the row calls otherwise; what is missing is a conflict here. */
static enum err fault(struct ctx *ctx, enum err err)
{
	static const struct entity_name names[] = {{"parent_id", "group_id"}, {NULL, NULL}};
	return entity_fault(ctx, err, names);
}

/* The new holder under its lock, before any card; serial 0 = nobody. */
static enum err holder_lock(struct ctx *ctx, const struct card_item_in *in,
			    struct person_row *holder_r)
{
	*holder_r = (struct person_row){.serial = 0};
	if (!IS_SENT(in, customer_serial) || in->row.customer_serial == 0)
		return ERR_OK;
	enum err err = customer_lock(ctx, in->row.customer_serial, holder_r);
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, ERR_CONFLICT, "customer_serial", REASON_NO_SUCH)
				    : err;
}

static enum err holder_free(struct ctx *ctx, const struct uuid *id)
{
	struct card_row before, after;
	enum err err = card_lock(ctx, id, "id", &before);
	if (err != ERR_OK || uuid_is_unset(&before.person_id) || card_is_replaced(&before))
		return err;
	after = before;
	card_take(&after);
	return card_write(ctx, &before, &after);
}

static enum err holder_write(struct ctx *ctx, const struct card_item_in *in,
			     const struct person_row *holder, const struct uuid *id)
{
	if (!IS_SENT(in, customer_serial))
		return ERR_OK;
	return holder->serial ? card_attach(ctx, holder, id, "customer_serial")
			      : holder_free(ctx, id);
}

static enum err insert(struct ctx *ctx, const void *row, struct entity_key *key_r)
{
	const struct card_item_in *in = row;
	struct card_in card = {.unblock_at = in->row.unblock_at};
	struct person_row holder;
	struct card_row made;
	struct id_out out;
	enum err err = holder_lock(ctx, in, &holder);
	copy_in(in, &card);
	card.row.active = in->row.active;
	card.row.blocked = in->row.blocked;
	if (err == ERR_OK)
		err = op_card_add.run(ctx, &card, &out);
	if (err == ERR_OK)
		err = holder_write(ctx, in, &holder, &out.id);
	if (err == ERR_OK)
		err = card_lock(ctx, &out.id, "id", &made);
	if (err == ERR_OK)
		key_r->serial = made.serial;
	return fault(ctx, err);
}

static enum err active_write(struct ctx *ctx, const struct card_item_in *in, const struct uuid *id)
{
	struct card_activate_in on = {.id = *id};
	struct id_in off = {*id};
	struct nothing out;
	if (!IS_SENT(in, active))
		return ERR_OK;
	return in->row.active ? op_card_activate.run(ctx, &on, &out)
			      : op_card_deactivate.run(ctx, &off, &out);
}

static enum err block_write(struct ctx *ctx, const struct card_item_in *in, const struct uuid *id)
{
	struct card_block_in block = {*id, in->row.blocked_description, in->row.unblock_at};
	struct id_in open = {*id};
	struct nothing out;
	if (!IS_SENT(in, blocked))
		return ERR_OK;
	return in->row.blocked ? op_card_block.run(ctx, &block, &out)
			       : op_card_unblock.run(ctx, &open, &out);
}

static enum err fields_write(struct ctx *ctx, const struct card_item_in *in, const struct uuid *id)
{
	struct card_in card = {.row = {.serial = 0}};
	struct nothing out;
	copy_in(in, &card);
	card.row.id = *id;
	return op_card_change.run(ctx, &card, &out);
}

static enum err card_find(struct ctx *ctx, const struct entity_key *key, struct uuid *id_r)
{
	struct card_of_serial_in in = {ctx_organisation(ctx), key->serial};
	struct card_of_serial_row row;
	enum err err = sql_card_of_serial(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_OK)
		*id_r = row.id;
	return err;
}

static enum err update(struct ctx *ctx, const struct entity_key *key, const void *row)
{
	const struct card_item_in *in = row;
	struct person_row holder;
	struct uuid id;
	enum err err = card_find(ctx, key, &id);
	if (err != ERR_OK)
		return err;
	err = holder_lock(ctx, in, &holder);
	if (err == ERR_OK)
		err = fields_write(ctx, in, &id);
	if (err == ERR_OK)
		err = active_write(ctx, in, &id);
	if (err == ERR_OK)
		err = block_write(ctx, in, &id);
	if (err == ERR_OK)
		err = holder_write(ctx, in, &holder, &id);
	return fault(ctx, err);
}

/* A card with points or money on it stays: 409, as for Rarus with check_balance. */
static enum err retire(struct ctx *ctx, const struct entity_key *key)
{
	struct card_delete_in in = {.check_balance = true};
	struct nothing out;
	enum err err = card_find(ctx, key, &in.id);
	return err == ERR_OK ? fault(ctx, op_card_delete.run(ctx, &in, &out)) : err;
}

static const struct uuid *account_of(const struct card_item_row *row)
{
	return uuid_is_unset(&row->master_id) ? &row->id : &row->master_id;
}

static void resolve_block(const struct ctx *ctx, struct card_item_row *row)
{
	bool own = row->blocked && row->unblock_at.ms > ctx_now(ctx).ms;
	row->blocked = own || row->holder_locked;
	if (!own || row->unblock_at.ms == BLOCKED_FOR_GOOD)
		row->unblock_at.ms = 0;
	if (!row->blocked)
		row->blocked_description = STR("");
}

static enum err finish(struct ctx *ctx, const struct sent *wanted, void *rows, size_t n)
{
	struct card_item_row *row = rows;
	struct ledger_view *points = arena_array(ctx->arena, struct ledger_view, n);
	struct ledger_view *money = arena_array(ctx->arena, struct ledger_view, n);
	(void)wanted;
	for (size_t i = 0; i < n; i++) {
		resolve_block(ctx, &row[i]);
		points[i] = (struct ledger_view){*account_of(&row[i]),      row[i].points,
						 row[i].points_debt,        row[i].points_change_at,
						 row[i].points_activity_at, row[i].erase_days};
		money[i] = (struct ledger_view){.card_id = *account_of(&row[i]),
						.available = row[i].money,
						.debt = row[i].money_debt,
						.next_change_at = row[i].money_change_at};
	}
	enum err err = ledger_available(ctx, UNIT_POINTS, points, n);
	if (err == ERR_OK)
		err = ledger_available(ctx, UNIT_MONEY, money, n);
	for (size_t i = 0; i < n; i++) {
		row[i].points = points[i].available;
		row[i].money = money[i].available;
	}
	return err;
}

static const struct entity card_item_entity = {
	.table = &select_card_item,
	.key = "serial",
	.finish = finish,
	.in_size = sizeof(struct card_item_in),
	.insert = insert,
	.update = update,
	.remove = retire,
};
ENTITY_READS(card_item);
ENTITY_WRITES(card_item, SERIAL_BIT(SERIAL_CARD));
