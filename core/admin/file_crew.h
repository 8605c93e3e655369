/*
 * A big file is read by several processes at once, each with a connection of its own: each takes
 * the records of its own cards, by their ids, so that the records of one card keep their order.
 */
#ifndef ADMIN_FILE_CREW_H
#define ADMIN_FILE_CREW_H

#include <stdio.h>

#include "card_import.h"
#include "file_run.h"
#include "file_twins.h"
#include "record_stream.h"

#define CREW_MAX  4
#define RESULTS_N (IMPORT_REFUSED + 1)

/* What the processes tell the first one; shared memory. */
struct import_share {
	int64_t offset; /* bytes of the file that are done */
	int64_t totals[RESULTS_N];
};

struct importing {
	struct file_run *run;
	struct record_stream stream;
	struct arena scratch;
	struct card_import_item items[CARD_IMPORT_MOST];
	struct str keys[CARD_IMPORT_MOST]; /* folded numbers */
	size_t n;
	size_t mark;  /* of the run's arena, before the items */
	FILE *report; /* lines about bad records */
	int turn, size;
	struct import_share *shares, *share; /* of all CREW_MAX, of this process */
	struct twins twins[CREW_MAX];        /* dry: numbers, of each process */
	bool dry;
};

/* Zeroed shares; NULL: no memory. They last as long as the program. */
struct import_share *crew_shares(void);
/* The whole file, by as many processes as pay; the lines of all in the order of the file. */
enum status import_with_crew(struct importing *importing);
/* file_import.c: what one process does of it, from where its file stands. */
enum status import_share(struct importing *importing);

#endif
