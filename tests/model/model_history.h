/*
 * Random histories for the model and whoever is compared with it: few cards, small amounts,
 * moments at the very edges of periods, holds and blocks, the same documents again. And what
 * to do with a history that fails: drop all that it does not need, print the rest.
 */
#ifndef TESTS_MODEL_HISTORY_H
#define TESTS_MODEL_HISTORY_H

#include <stdio.h>

#include "model.h"

#define HISTORY_BEGIN INT64_C(1767992400000) /* 10 January 2026, 00:00 in Moscow */

struct history {
	uint64_t random; /* the state; the seed decides all */
	int64_t now;
	int cards, named;            /* cards made so far; names given so far */
	bool unfit[MODEL_CARDS];     /* deleted, replaced, inactive or blocked: drawn less often */
	bool done[MODEL_COMMANDS];   /* by name: it was not refused */
	struct model_command queued; /* comes next when it has a verb other than MODEL_CARD */
};

void history_begin(struct history *history, uint64_t seed);
/* The next command of a random history of which `model` has done what was so far. */
struct model_command history_next(struct history *history, const struct model *model);
/* What became of it: later commands rather refer to what was done. */
void history_note(struct history *history, const struct model_command *command, bool done);
/* From 0 to limit - 1. */
int history_random(struct history *history, int limit);
/* A moment before or, with `ahead`, after now, often an edge of something that was done. */
int64_t history_moment(struct history *history, const struct model *model, bool ahead);

/* One line. */
void history_print(FILE *file, const struct model_command *command);

/* Does the history (n commands) fail? */
typedef bool history_fails(void *arg, const struct model_command *commands, int n);
/*
 * Drops commands while the rest still fails, in place: chunks first, then single ones. At most
 * `tries` calls. Returns how many are left.
 */
int history_shrink(struct model_command *commands, int n, int tries, history_fails *fails,
		   void *arg);

#endif
