/* Lists whose length is kept, so that nothing is counted: all, of a group, a level, active,
 * blocked. */
#ifndef CARD_SEARCH_COUNT_H
#define CARD_SEARCH_COUNT_H

#include "ctx.h"
#include "select.h"

/* *n_r: how many cards meet these conditions, or -1 when no kept count knows. */
enum err search_kept_items(struct ctx *ctx, const struct select_cond *conds, size_t n,
			   int64_t *n_r);

#endif
