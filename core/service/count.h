/*
 * Kept counts: how many cards there are in all, below a group, active, blocked, of
 * a level, how many groups below a group, how many persons of each kind. Each is the sum of a few
 * shards, so that no row is written by every request of an organisation.
 */
#ifndef SERVICE_COUNT_H
#define SERVICE_COUNT_H

#include "ctx.h"
#include "span.h"

enum count {
	COUNT_CARDS = 1,
	COUNT_CARDS_OF_GROUP,
	COUNT_CARDS_ACTIVE,
	COUNT_CARDS_SHUT,
	COUNT_CARDS_OF_LEVEL,
	COUNT_GROUPS_OF_GROUP,
	COUNT_GROUPS,
	COUNT_PERSONS, /* by person_kind() */
};

#define COUNT_SHARDS 16

/* Counts of bulk work, summed up in ctx->counts until they are written; zeroed = none yet. */
#define COUNTS_MAX 256
struct counts {
	struct {
		struct uuid value;
		int64_t kind, n;
	} slot[COUNTS_MAX];
	size_t n;
	struct span_set spans;
};

struct batch;

/* value: the group or level, unset for the others and for the root. Adds n; 0 adds no statement. */
void count_put(const struct ctx *ctx, struct batch *batch, enum count count,
	       const struct uuid *value, int64_t n);
/* Writes and forgets what ctx->counts holds. */
void counts_put(const struct ctx *ctx, struct batch *batch);
enum err count_get(struct ctx *ctx, enum count count, const struct uuid *value, int64_t *n_r);
/* All that is counted so: rows of kept_count_each, in the arena. */
enum err count_each(struct ctx *ctx, enum count count, struct list *rows_r);

#endif
