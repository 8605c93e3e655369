/*
 * A database with two organisations, ledger keys and a ctx: what a worker has when it
 * runs an operation, but for HTTP.
 */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include "config.h"
#include "ctx.h"
#include "database.h"
#include "mutation.h"
#include "operation.h"
#include "serial.h"
#include "settings.h"

#define SCENE_ORGANISATION 1
#define SCENE_OTHER        2

struct scene {
	struct database on;
	struct config config;
	struct clock clock;
	struct serials serials;
	struct settings settings; /* of both organisations; a test may change them */
	struct ctx ctx;           /* of SCENE_ORGANISATION, role organization, all scopes */
};

/* Drops and makes database `name`; false, with a line on standard error, when there is none. */
bool scene_open(struct scene *scene, const char *name);
void scene_close(struct scene *scene);
/* The ctx on a connection of its own, in a process that was forked off. Asserts. */
void scene_connect(struct scene *scene);

/* The next request: detail, key and fingerprint are its own. key NULL = none. */
void scene_request(struct scene *scene, const char *key, const char *body);
/*
 * Runs a mutation as a worker would, under the request's key. The answer's body is the
 * outcome and, for out-structs that begin with one, the id in hexadecimal.
 */
enum err scene_mutate(struct scene *scene, const struct operation *operation, const void *in,
		      void *out, struct answer *answer_r);
/* Runs a mutation of a request of its own, or a read. Rows stay in the arena. */
enum err scene_run(struct scene *scene, const struct operation *operation, const void *in,
		   void *out);
/* Does ctx.detail name this member and reason? */
bool scene_refused(const struct scene *scene, const char *member, enum reason reason);
/* The first column of the first row. */
long long scene_number(const struct scene *scene, const char *text);

#endif
