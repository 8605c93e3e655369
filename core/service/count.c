#include "count.h"

#include <unistd.h>

#include "batch.h"
#include "db.h"
#include "stmt_gen.h"
#include "uuid.h"

static void put(const struct ctx *ctx, struct batch *batch, int64_t kind, const struct uuid *value,
		int64_t n)
{
	struct kept_count_add_in in = {ctx_organisation(ctx), kind, *value, getpid() % COUNT_SHARDS,
				       n};
	if (n)
		batch_kept_count_add(batch, &in);
}

/* false when there is no room left. */
static bool sum_up(struct counts *counts, enum count count, const struct uuid *value, int64_t n)
{
	size_t i = 0;
	while (i < counts->n &&
	       (counts->slot[i].kind != count || !uuid_eq(&counts->slot[i].value, value)))
		i++;
	if (i == COUNTS_MAX)
		return false;
	if (i == counts->n)
		counts->n++;
	counts->slot[i].kind = count;
	counts->slot[i].value = *value;
	counts->slot[i].n += n;
	return true;
}

void count_put(const struct ctx *ctx, struct batch *batch, enum count count,
	       const struct uuid *value, int64_t n)
{
	if (!ctx->counts || !sum_up(ctx->counts, count, value, n))
		put(ctx, batch, count, value, n);
}

void counts_put(const struct ctx *ctx, struct batch *batch)
{
	struct counts *counts = ctx->counts;
	for (size_t i = 0; i < counts->n; i++)
		put(ctx, batch, counts->slot[i].kind, &counts->slot[i].value, counts->slot[i].n);
	spans_put(ctx, batch, &counts->spans);
	*counts = (struct counts){.n = 0};
}

enum err count_get(struct ctx *ctx, enum count count, const struct uuid *value, int64_t *n_r)
{
	struct kept_count_get_in in = {ctx_organisation(ctx), count, *value};
	struct kept_count_get_row row;
	enum err err = sql_kept_count_get(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_OK)
		*n_r = row.n;
	return err;
}

enum err count_each(struct ctx *ctx, enum count count, struct list *rows_r)
{
	struct kept_count_each_in in = {ctx_organisation(ctx), count};
	return sql_kept_count_each(ctx->db, ctx->arena, &in, rows_r);
}
