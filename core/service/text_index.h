/*
 * The index of grams kept up with the texts: a step is one transaction that moves some texts of
 * one organisation into it, or goes on with making it anew in order of name. Steps may be cut off
 * and run on several hosts at once; searches are right whatever is done or not.
 */
#ifndef SERVICE_TEXT_INDEX_H
#define SERVICE_TEXT_INDEX_H

#include "arena.h"
#include "err.h"
#include "gram.h"

struct db;

struct text_index {
	struct db *db;
	struct arena *arena; /* a step takes up to 200 MiB of it */
	int64_t organisation_id;
	enum text_object object;
	int64_t most; /* texts of one step, at most GRAM_BLOCK; 0 = that many */
	bool rebuild; /* make anew; cleared when that has begun */
	/* what the newest step did */
	int64_t moved;
	bool last; /* nothing was left to do, or another host is at it */
};

/* BUSY, UNCERTAIN: the step may have been done or not; another goes on from there. */
enum err text_index_step(struct text_index *index);
/* Texts that the index does not know as they are. */
enum err text_index_ahead(struct text_index *index, int64_t *n_r);

#endif
