/* One run of `kartoteka demo`: what its files share. */
#ifndef ADMIN_DEMO_RUN_H
#define ADMIN_DEMO_RUN_H

#include "admin.h"
#include "count.h"
#include "ctx.h"
#include "demo.h"
#include "operation.h"
#include "progress.h"
#include "serial.h"

#define DEMO_CHUNK 250 /* cards of one transaction */

struct demo {
	struct admin *admin;
	int64_t organisation_id, cards;
	struct clock clock; /* stands at the card that is being made */
	uint64_t random_state;
	bool keyless; /* keys were put aside */
	struct counts counts;
	struct serials serials;
	struct progress progress;
	struct keyring *ledger_keys;
	struct ctx ctx;
};

/* A mutation by the demo, at the moment of number i; its ids are drawn for `what` and i. */
enum err demo_mutate(struct demo *demo, const struct operation *operation, enum demo_draw what,
		     int64_t i, const void *in, void *out);

/* What is there before the first card: organisation, login, levels, groups. Says what it made. */
enum status demo_set_up(struct demo *demo);

/* A few companies; one has the number 42. */
enum status demo_make_companies(struct demo *demo);

/* Tills, articles, and washings with some of the cards. */
enum status demo_wash(struct demo *demo);

/* What several processes can do, in parts of which each depends on its number alone. */
struct demo_job {
	const char *things; /* plural, for the progress bar */
	int64_t things_n, part_things;
	int64_t parts, parts_min; /* a process with fewer is not worth it */
	bool connects;            /* each with the database, before anything begins */
	enum status (*prepare)(struct demo *demo); /* then, once; NULL = nothing */
	enum status (*make)(struct demo *demo, int64_t part);
};
/* All parts, by as many processes as there are processors; shows how far it is. */
enum status demo_share_out(struct demo *demo, const struct demo_job *job);

/*
 * Rows of many cards come in faster without keys (see keys.h). aside: where the tables are empty;
 * nobody can connect then, since statements name their keys. back: nothing when none was put
 * aside; what a broken run left so `kartoteka migrate` puts back.
 */
enum status demo_keys_aside(struct demo *demo);
enum status demo_keys_back(struct demo *demo);

#endif
