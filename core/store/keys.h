/*
 * The keys of a table but its primary one, put aside while very many rows come in: made anew
 * afterwards from sorted rows they cost half of what they cost row by row, and their pages are
 * full. For a table that nobody else uses meanwhile, since nothing is unique then but the primary
 * key.
 *
 * What is put aside is kept as the keys of an empty table beside it, NAME_keys, from the moment
 * before they go to the moment after they are back: a run that broke between is made good by the
 * next keys_back or keys_all_back.
 */
#ifndef STORE_KEYS_H
#define STORE_KEYS_H

#include "arena.h"
#include "db.h"

/*
 * `db` is bare (no time limit), outside a transaction; `table` a name of our schema. CONFLICT: the
 * table has rows, nothing was done.
 */
enum err keys_aside(struct db *db, struct arena *arena, const char *table);
/* OK also when none is aside. TAKEN: rows came in that a unique key forbids. */
enum err keys_back(struct db *db, struct arena *arena, const char *table);
/* Of every table. */
enum err keys_all_back(struct db *db, struct arena *arena);

#endif
