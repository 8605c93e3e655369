/* The journal row of the mutation under way; mutation.c opens and closes it. */
#ifndef SERVICE_JOURNAL_H
#define SERVICE_JOURNAL_H

#include "ctx.h"

struct journal {
	struct uuid id;
	struct uuid object_id;
	struct buf changes; /* JSON members, without the outer braces */
	struct buf entries; /* ids, one after the other; no memory before the first */
};

/* What the row's `changes` column gets: a JSON object. */
struct str journal_changes_done(struct journal *journal);
/* What its `entries` column gets; unset when there are none. */
struct str journal_entries_done(struct journal *journal);

#endif
