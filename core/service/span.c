#include "span.h"

#include "batch.h"
#include "count.h"
#include "select.h"
#include "stmt_gen.h"

static void write(const struct ctx *ctx, struct batch *batch, const struct span *span)
{
	struct person_span_widen_in in = {ctx_organisation(ctx), span->number,
					  span->created_min,     span->created_max,
					  span->updated_min,     span->updated_max};
	batch_person_span_widen(batch, &in);
}

static void widen(int64_t *min, int64_t *max, int64_t at)
{
	*min = at < *min ? at : *min;
	*max = at > *max ? at : *max;
}

void span_put(const struct ctx *ctx, struct batch *batch, int64_t serial, struct moment created,
	      struct moment updated)
{
	struct span_set *set = ctx->counts ? &ctx->counts->spans : NULL;
	struct span span = {serial / SELECT_SPAN, created.ms, created.ms, updated.ms, updated.ms};
	size_t i = 0;
	while (set && i < set->n && set->span[i].number != span.number)
		i++;
	if (!set || i == SPANS_MAX) {
		write(ctx, batch, &span);
	} else if (i == set->n) {
		set->span[set->n++] = span;
	} else {
		widen(&set->span[i].created_min, &set->span[i].created_max, created.ms);
		widen(&set->span[i].updated_min, &set->span[i].updated_max, updated.ms);
	}
}

void spans_put(const struct ctx *ctx, struct batch *batch, struct span_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		write(ctx, batch, &set->span[i]);
	set->n = 0;
}
