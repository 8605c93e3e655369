/*
 * Card numbers that a file gives to two cards: nothing is written while it is only checked, so the
 * database does not tell. Marks go to temporary files by a digest of the number; one of these at a
 * time is read back, so that memory stays small at any size.
 */
#ifndef ADMIN_FILE_TWINS_H
#define ADMIN_FILE_TWINS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "card_import.h"

#define TWINS_FILES 32

/* Of one process; zeroed = closed. */
struct twins {
	FILE *file[TWINS_FILES];
};

/* False: errno. */
bool twins_open(struct twins *twins);
void twins_close(struct twins *twins);
/* A record that is good so far; key: the folded card number. */
void twins_add(struct twins *twins, struct str key, const struct card_import_item *item);
/* Before another process reads them. False: errno. */
bool twins_flush(struct twins *twins);
/*
 * A line for each record whose number an earlier one of another card has, in all of `n`; totals by
 * enum card_import_result follow. False: no memory, or a file cannot be read.
 */
bool twins_report(struct twins *twins, int n, int64_t *totals);

#endif
