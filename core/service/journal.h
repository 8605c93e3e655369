/* The journal row of the mutation under way; mutation.c opens and closes it. */
#ifndef SERVICE_JOURNAL_H
#define SERVICE_JOURNAL_H

#include "ctx.h"

struct journal {
	struct uuid id;
	struct uuid object_id;
	struct buf changes; /* JSON members, without the outer braces */
};

/* What the row's `changes` column gets: a JSON object. */
struct str journal_changes_done(struct journal *journal);

#endif
