/*
 * Asking the index of grams: which numbers hold all of some fragments. What the index does not
 * know as it is now (text_fresh) is left out, counted, and to be looked at besides.
 */
#ifndef STORE_GRAM_FIND_H
#define STORE_GRAM_FIND_H

#include "arena.h"
#include "err.h"
#include "gram.h"

struct db;

#define GRAM_FRESH_MAX   1000 /* with more the index is of no use */
#define GRAM_PHRASES_MAX 4

/* Any of these. At most 16 grams of at most 3 kinds in all. */
struct gram_any {
	struct gram_phrase phrase[GRAM_PHRASES_MAX];
	size_t n;
};

struct gram_found {
	bool served; /* the index can tell; else nothing below is set */
	bool sure;   /* every number's text holds what was asked for */
	int64_t space, version;
	int64_t numbers;          /* numbers that were given so far */
	int64_t sorted_below;     /* those below are in order of name */
	int64_t n, n_sorted;      /* found, and of these below sorted_below */
	int64_t fresh;            /* rows of text_fresh */
	struct gram_set **blocks; /* NULL = none of the block */
	size_t block_n;
};

/* All of `all`, n > 0. What is found stays in the arena. A damaged row: logged, not served. */
enum err gram_find(struct db *db, struct arena *arena, int64_t organisation_id, int64_t object,
		   const struct gram_any *all, size_t n, struct gram_found *found_r);
/* Whether the index is still at this version: what was found is as it was. */
enum err gram_still(struct db *db, struct arena *arena, int64_t organisation_id, int64_t object,
		    int64_t version, bool *still_r);
/* The n-th (from 1) of those that are in order of name: how many objects there are up to it, or all
 * that are in order when fewer were found. */
int64_t gram_nth(const struct gram_found *found, int64_t n);
/*
 * "[1,5]": at most `most` of the found numbers that are in order of name, from the skip-th on, and
 * all others. mixed: all found numbers are counted and left out alike.
 */
struct str gram_numbers(const struct gram_found *found, struct arena *arena, int64_t skip,
			int64_t most, bool mixed);

#endif
