/* One run of `kartoteka burn`: what its files share. */
#ifndef ADMIN_BURN_RUN_H
#define ADMIN_BURN_RUN_H

#include "admin.h"
#include "ctx.h"
#include "ledger.h"
#include "progress.h"

#define BURN_PAGE 1000 /* rows looked at in one statement */

/* An account that a page names, and how many lots of it are to burn, as far as the page tells. */
struct burn_find {
	struct burn_account account;
	int64_t lots;
};

/* Accounts of one page. The place to go on from is the source's own. */
struct burn_page {
	struct burn_find find[BURN_PAGE];
	size_t n;
	bool at_once; /* one call does all there is to an account, whatever its lots */
	bool last;
};

/* Where accounts come from: reads the page after the one before, in the run's organisation. */
struct burn_run;
typedef enum err burn_source(struct burn_run *run, struct burn_page *page);

/* Places in the three sources; zeroed at the start of an organisation. */
struct burn_place {
	struct moment at;
	struct uuid card_id, id;
	int64_t unit;
	uint8_t name_key[1020];
	size_t name_len;
	size_t level; /* number in the list of levels */
};

struct burn_run {
	struct admin *admin;
	struct settings_cache *settings;
	struct table table;
	struct burn_page *page;
	struct arena arena; /* of a page and of what is done to it */
	struct clock clock;
	struct ctx ctx;
	struct progress progress;
	int64_t batch; /* accounts of one transaction */
	int64_t share; /* per cent of its time that it works; the rest is the tills' */
	struct moment until;
	struct burn_place place;
	/* what was done in the organisation */
	int64_t accounts, entries;
	struct amount amount;
};

extern burn_source *const burn_sources[];
extern const size_t burn_sources_n;

#endif
