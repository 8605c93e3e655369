/*
 * Where pages begin, kept for all workers: a long list is left at some row, and whoever asks
 * for the next page goes on after that row instead of skipping all rows before it.
 *
 * One fixed table in memory that the master maps before it forks and never looks into. An entry
 * is the hash of a query but for its page, the number of rows up to a row, and that row's sort
 * value and key. It counts for PLACE_LIFE_MS. Rows that come or go before it meanwhile do not
 * move it: a page follows the page before it without a gap or a row twice, but begins a few rows
 * off its number.
 *
 * There are no locks: an entry holds a check of itself, so that one which is half written, by a
 * process that was killed or by two at once, is none and is written over.
 */
#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLACE_LIFE_MS  60000
#define PLACE_TEXT_MAX 168 /* longer sort values are not kept */
#define PLACE_KEY_MAX  16
#define PLACE_SETS     256 /* a query's places share one set */
#define PLACE_WAYS     64
#define PLACE_WORDS    32 /* of 64 bits, an entry */

/* SHA-256 of a query, its beginning: of one organisation, and nobody finds another's. */
struct place_query {
	uint64_t word[2];
};

/* A row: how many there are up to it, what it is sorted by and its key, as numbers or as bytes. */
struct place {
	int64_t offset;
	int64_t number, key_number;
	uint32_t len, key_len;
	char key[PLACE_KEY_MAX];
	char text[PLACE_TEXT_MAX];
};

/*
 * Before any fork. Until then, and in a program that never calls it, nothing is kept. False: no
 * memory.
 */
bool places_init(void);
void places_fini(void);

/* now_ms: of the host's monotonic clock. */
void place_put(const struct place_query *query, const struct place *place, int64_t now_ms);
/* The one nearest to `offset` that is not beyond it. */
bool place_get(const struct place_query *query, int64_t offset, int64_t now_ms,
	       struct place *place_r);

/* The table's own words, PLACE_SETS * PLACE_WAYS * PLACE_WORDS, for tests that damage them. */
void *places_words(void);

#endif
