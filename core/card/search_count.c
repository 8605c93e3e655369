#include "search_count.h"

#include <string.h>

#include "count.h"
#include "db.h"
#include "stmt_gen.h"

static const struct uuid none = {{0}};

static enum err kept_all(struct ctx *ctx, const struct select_cond *cond, int64_t *n_r)
{
	(void)cond;
	return count_get(ctx, COUNT_CARDS, &none, n_r);
}

static enum err kept_of(struct ctx *ctx, enum count count, const struct select_cond *cond,
			int64_t *n_r)
{
	struct uuid id;
	memcpy(id.byte, cond->values[0].text.at, sizeof id.byte);
	return count_get(ctx, count, &id, n_r);
}

static enum err kept_parent(struct ctx *ctx, const struct select_cond *cond, int64_t *n_r)
{
	return kept_of(ctx, COUNT_CARDS_OF_GROUP, cond, n_r);
}

static enum err kept_level(struct ctx *ctx, const struct select_cond *cond, int64_t *n_r)
{
	return kept_of(ctx, COUNT_CARDS_OF_LEVEL, cond, n_r);
}

/* All cards but those of a count. */
static enum err others(struct ctx *ctx, int64_t *n)
{
	int64_t all;
	enum err err = count_get(ctx, COUNT_CARDS, &none, &all);
	if (err == ERR_OK)
		*n = all - *n;
	return err;
}

static enum err kept_active(struct ctx *ctx, const struct select_cond *cond, int64_t *n_r)
{
	enum err err = count_get(ctx, COUNT_CARDS_ACTIVE, &none, n_r);
	return err == ERR_OK && !cond->values[0].number ? others(ctx, n_r) : err;
}

static enum err kept_blocked(struct ctx *ctx, const struct select_cond *cond, int64_t *n_r)
{
	struct card_block_ended_in in = {ctx_organisation(ctx), {cond->values[0].number}};
	struct card_block_ended_row ended;
	enum err err = count_get(ctx, COUNT_CARDS_SHUT, &none, n_r);
	if (err == ERR_OK)
		err = sql_card_block_ended(ctx->db, ctx->arena, &in, &ended);
	if (err == ERR_OK)
		*n_r -= ended.n;
	return err;
}

static enum err kept_unblocked(struct ctx *ctx, const struct select_cond *cond, int64_t *n_r)
{
	enum err err = kept_blocked(ctx, cond, n_r);
	return err == ERR_OK ? others(ctx, n_r) : err;
}

static const struct {
	const char *cond;
	enum err (*read)(struct ctx *ctx, const struct select_cond *cond, int64_t *n_r);
} kept[] = {
	{"parent_id", kept_parent}, {"level_id", kept_level},      {"active", kept_active},
	{"blocked", kept_blocked},  {"unblocked", kept_unblocked},
};

enum err search_kept_items(struct ctx *ctx, const struct select_cond *conds, size_t n, int64_t *n_r)
{
	*n_r = -1;
	if (n == 0)
		return kept_all(ctx, conds, n_r);
	for (size_t i = 0; n == 1 && conds->name && i < sizeof kept / sizeof kept[0]; i++)
		if (strcmp(conds->name, kept[i].cond) == 0)
			return kept[i].read(ctx, conds, n_r);
	return ERR_OK;
}
