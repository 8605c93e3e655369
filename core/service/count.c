#include "count.h"

#include <unistd.h>

#include "batch.h"
#include "db.h"
#include "stmt_gen.h"

void count_put(const struct ctx *ctx, struct batch *batch, enum count count,
	       const struct uuid *value, int64_t n)
{
	struct kept_count_add_in in = {ctx_organisation(ctx), count, *value,
				       getpid() % COUNT_SHARDS, n};
	if (n)
		batch_kept_count_add(batch, &in);
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
