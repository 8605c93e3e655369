/* Card groups and card levels as entities: each write is an operation that they have. */
#include "entity_priv.h"

#include "group.h"
#include "level.h"
#include "select_tables.h"
#include "stmt_gen.h"

static void group_copy(const struct group_item_in *in, struct group_in *group)
{
	entity_copy(&group_item_row_map, &in->row, &in->sent, offsetof(struct group_item_in, row),
		    &card_group_row_map, &group->row, &group->sent, offsetof(struct group_in, row));
}

static enum err group_insert(struct ctx *ctx, const void *row, struct entity_key *key_r)
{
	struct group_in group = {.row = {.version = 0}};
	struct id_out out;
	group_copy(row, &group);
	if (group.row.name.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "name", REASON_REQUIRED);
	enum err err = op_group_add.run(ctx, &group, &out);
	key_r->id = out.id;
	return entity_fault(ctx, err, NULL);
}

static bool group_is_there(struct ctx *ctx, const struct uuid *id, enum err *err_r)
{
	struct group_get_out out;
	*err_r = op_group_get.run(ctx, &(struct id_in){*id}, &out);
	return *err_r == ERR_OK;
}

static enum err group_update(struct ctx *ctx, const struct entity_key *key, const void *row)
{
	struct group_in group = {.row = {.version = 0}};
	struct nothing out;
	enum err err;
	if (!group_is_there(ctx, &key->id, &err))
		return err;
	group_copy(row, &group);
	group.row.id = key->id;
	return entity_fault(ctx, op_group_change.run(ctx, &group, &out), NULL);
}

/* Only an empty one: a query must not take cards with it. */
static enum err group_remove(struct ctx *ctx, const struct entity_key *key)
{
	struct group_delete_in in = {key->id, true};
	struct group_delete_out out = {0};
	enum err err = op_group_delete.run(ctx, &in, &out);
	if (err != ERR_OK)
		return err;
	if (out.groups_count > 1 || out.cards_count > 0)
		return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_IN_USE);
	in.test = false;
	return entity_fault(ctx, op_group_delete.run(ctx, &in, &out), NULL);
}

static const struct entity group_item_entity = {
	.table = &select_group_item,
	.key = "id",
	.in_size = sizeof(struct group_item_in),
	.insert = group_insert,
	.update = group_update,
	.remove = group_remove,
};
ENTITY_READS(group_item);
ENTITY_WRITES(group_item, 0);

static enum err level_insert(struct ctx *ctx, const void *row, struct entity_key *key_r)
{
	const struct level_item_in *in = row;
	struct level_in level = {in->sent, in->row};
	struct id_out out;
	enum err err = op_level_add.run(ctx, &level, &out);
	key_r->id = out.id;
	return entity_fault(ctx, err, NULL);
}

static enum err level_update(struct ctx *ctx, const struct entity_key *key, const void *row)
{
	const struct level_item_in *in = row;
	struct level_in level = {in->sent, in->row};
	struct nothing out;
	level.row.id = key->id;
	enum err err = op_level_change.run(ctx, &level, &out);
	return err == ERR_NOT_FOUND ? err : entity_fault(ctx, err, NULL);
}

static enum err level_remove(struct ctx *ctx, const struct entity_key *key)
{
	struct nothing out;
	return op_level_delete.run(ctx, &(struct id_in){key->id}, &out);
}

static const struct entity level_item_entity = {
	.table = &select_level_item,
	.key = "id",
	.in_size = sizeof(struct level_item_in),
	.insert = level_insert,
	.update = level_update,
	.remove = level_remove,
};
ENTITY_READS(level_item);
ENTITY_WRITES(level_item, 0);
