/*
 * Spans: of each SELECT_SPAN serial numbers of persons between which moments their rows were made
 * and last changed. They only widen, so that a list by number may leave out spans that hold nothing
 * of what it asks for.
 */
#ifndef SERVICE_SPAN_H
#define SERVICE_SPAN_H

#include "types.h"

#define SPANS_MAX 32

struct batch;
struct ctx;

struct span {
	int64_t number;
	int64_t created_min, created_max, updated_min, updated_max; /* ms */
};

/* Spans of bulk work, until they are written; zeroed = none yet. */
struct span_set {
	struct span span[SPANS_MAX];
	size_t n;
};

/* The row of a serial number was made, or changed: in ctx->counts where there are some. */
void span_put(const struct ctx *ctx, struct batch *batch, int64_t serial, struct moment created,
	      struct moment updated);
/* Writes and forgets. */
void spans_put(const struct ctx *ctx, struct batch *batch, struct span_set *set);

#endif
