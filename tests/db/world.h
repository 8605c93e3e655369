/*
 * A database with two organisations, and a ctx to run operations with: what a worker
 * would have, but for requests.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "config.h"
#include "ctx.h"
#include "database.h"
#include "operation.h"
#include "serial.h"
#include "settings.h"

#define WORLD_ORGANISATION 1
#define WORLD_OTHER        2

struct world {
	struct database database;
	struct config config;
	struct clock clock;
	struct settings settings; /* of both organisations; a test may change them */
	struct serials serials;
	struct keyring *ledger_keys;
	struct ctx ctx; /* of WORLD_ORGANISATION, role organization, all scopes */
};

/* false, with a line on standard error, when there is no database. */
bool world_open(struct world *world, const char *name);
void world_close(struct world *world);
/* As a request would: a mutation with its journal row, or a read. Answers stay in the arena. */
enum err world_run(struct world *world, const struct operation *operation, const void *in,
		   void *out);
/* Does ctx->detail name this member and reason? */
bool world_refused(const struct world *world, const char *member, enum reason reason);
/* The first column of the first row. */
long long world_number(const struct world *world, const char *text);

#endif
