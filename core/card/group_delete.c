/* Deleting a group: itself, all groups below it and their cards, whose books are closed. */
#include "batch.h"
#include "card.h"
#include "count.h"
#include "db.h"
#include "group.h"
#include "mutation.h"
#include "reference.h"
#include "stmt_gen.h"
#include "uuid.h"

/* Groups of one tree that a delete may take at once, and cards that it reads at a time. */
#define GROUPS_MAX  100000
#define CARDS_CHUNK 200

#define ENTRIES_OF_CARD 2 /* one closes each account; a hold whose lots have ended makes more */

struct tree {
	struct ctx *ctx;
	struct uuid *id;
	struct uuid *parent_id;
	int64_t n, cards;
};

static void tree_push(struct tree *tree, const struct uuid *id, const struct uuid *parent_id)
{
	tree->id[tree->n] = *id;
	tree->parent_id[tree->n] = *parent_id;
	tree->n++;
}

static enum err children_push(struct tree *tree, const struct uuid *parent)
{
	struct ctx *ctx = tree->ctx;
	struct card_group_children_lock_in in = {ctx_organisation(ctx), *parent};
	struct list rows;
	enum err err = sql_card_group_children_lock(ctx->db, ctx->arena, &in, &rows);
	const struct card_group_row *row = rows.rows;
	if (err == ERR_OK && tree->n + (int64_t)rows.n > GROUPS_MAX)
		return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_TOO_MANY);
	for (size_t i = 0; err == ERR_OK && i < rows.n; i++)
		tree_push(tree, &row[i].id, &row[i].parent_id);
	return err;
}

/* Breadth first, each group under its lock; cards are counted from the kept counts. */
static enum err tree_read(struct tree *tree, const struct uuid *root)
{
	struct ctx *ctx = tree->ctx;
	struct card_group_lock_in in = {ctx_organisation(ctx), *root};
	struct card_group_row row;
	enum err err = sql_card_group_lock(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, "id", REASON_NO_SUCH);
	if (err != ERR_OK)
		return err;
	tree->id = arena_array(ctx->arena, struct uuid, GROUPS_MAX);
	tree->parent_id = arena_array(ctx->arena, struct uuid, GROUPS_MAX);
	tree_push(tree, root, &row.parent_id);
	for (int64_t i = 0; err == ERR_OK && i < tree->n; i++) {
		int64_t cards = 0;
		size_t mark = arena_mark(ctx->arena);
		err = children_push(tree, &tree->id[i]);
		if (err == ERR_OK)
			err = count_get(ctx, COUNT_CARDS_OF_GROUP, &tree->id[i], &cards);
		tree->cards += cards;
		arena_reset(ctx->arena, mark);
	}
	return err;
}

static enum err chunk_remove(struct ctx *ctx, const struct list *cards)
{
	enum err err = ERR_OK;
	for (size_t i = 0; err == ERR_OK && i < cards->n; i++) {
		const struct card_row *card = (const struct card_row *)cards->rows + i;
		bool leads = false;
		if (uuid_is_unset(&card->master_id))
			err = card_has_followers(ctx, &card->id, &leads);
		if (err == ERR_OK && leads)
			return ctx_fail(ctx, ERR_CONFLICT, "id", REASON_IS_MASTER);
		if (err == ERR_OK)
			err = card_remove(ctx, card);
	}
	return err;
}

/* Cards of one group: those that follow a master, or the others. */
static enum err cards_remove(struct ctx *ctx, const struct uuid *group, bool followers)
{
	struct card_of_group_lock_in in = {ctx_organisation(ctx), *group, !followers, CARDS_CHUNK};
	struct list rows = {.n = CARDS_CHUNK};
	enum err err = ERR_OK;
	while (err == ERR_OK && rows.n == CARDS_CHUNK) {
		const void *kept = journal_room(ctx, (size_t)CARDS_CHUNK * ENTRIES_OF_CARD);
		size_t mark = arena_mark(ctx->arena);
		err = sql_card_of_group_lock(ctx->db, ctx->arena, &in, &rows);
		if (err == ERR_OK)
			err = chunk_remove(ctx, &rows);
		if (journal_room(ctx, 0) == kept)
			arena_reset(ctx->arena, mark);
	}
	return err;
}

static enum err group_row_remove(struct ctx *ctx, const struct uuid *id, const struct uuid *parent)
{
	struct batch batch;
	struct uuid none = {{0}};
	struct card_group_delete_in group = {ctx_organisation(ctx), *id};
	struct kept_count_forget_in counts = {group.organisation_id, *id};
	batch_init(&batch, ctx->db, ctx->arena);
	batch_card_group_delete(&batch, &group);
	count_put(ctx, &batch, COUNT_GROUPS, &none, -1);
	count_put(ctx, &batch, COUNT_GROUPS_OF_GROUP, parent, -1);
	batch_kept_count_forget(&batch, &counts);
	return batch_run(&batch);
}

/* Followers first, so that a master that only leads cards of this tree can go. */
static enum err tree_remove(struct tree *tree)
{
	enum err err = ERR_OK;
	for (int pass = 0; pass < 2; pass++)
		for (int64_t i = 0; err == ERR_OK && i < tree->n; i++)
			err = cards_remove(tree->ctx, &tree->id[i], pass == 0);
	for (int64_t i = tree->n; err == ERR_OK && i > 0; i--) {
		size_t mark = arena_mark(tree->ctx->arena);
		err = group_row_remove(tree->ctx, &tree->id[i - 1], &tree->parent_id[i - 1]);
		arena_reset(tree->ctx->arena, mark);
	}
	return err;
}

static enum err group_delete(struct ctx *ctx, const struct group_delete_in *in,
			     struct group_delete_out *out)
{
	struct tree tree = {.ctx = ctx};
	enum err err = tree_read(&tree, &in->id);
	journal_object(ctx, &in->id);
	if (err == ERR_OK && !in->test)
		err = tree_remove(&tree);
	out->groups_count = tree.n;
	out->cards_count = tree.cards;
	return err;
}
OPERATION(group_delete, struct group_delete_in, struct group_delete_out, .mutates = true);
