/* An organisation and a ctx for tests that call operations as a worker does. */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include "ctx.h"
#include "database.h"
#include "mutation.h"
#include "serial.h"
#include "settings.h"

struct scene {
	struct database on;
	struct clock clock;
	struct serials serials;
	struct settings settings;
	struct ctx ctx;
};

/* Database `name` with organisation 1 and a ledger key. Asserts. */
void scene_open(struct scene *scene, const char *name);
void scene_close(struct scene *scene);
/* A second ctx on a connection of its own, for another process or a race. */
void scene_connect(struct scene *scene);
/* The next request: detail, key and fingerprint are its own. NULL key = none. */
void scene_request(struct scene *scene, const char *key, const char *body);
/* Runs an operation as a worker would; the answer's body is the new id in hexadecimal for out-structs that start with one. */
enum err scene_mutate(struct scene *scene, const struct operation *operation, const void *in,
		      void *out, struct answer *answer_r);

#endif
