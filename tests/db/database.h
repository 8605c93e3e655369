/*
 * A database of its own for a test program, on the server that the ctest fixture
 * started (its socket is in KARTOTEKA_TEST_SOCKET), with the program's whole schema.
 */
#ifndef TESTS_DATABASE_H
#define TESTS_DATABASE_H

#include "arena.h"
#include "db.h"

struct database {
	struct db_options options;
	struct arena arena;
	struct db *db; /* ready */
};

/* Drops and makes database `name`; false, with a line on standard error, when that fails. */
bool database_open(struct database *database, const char *name);
/* The database stays, for a look at what went wrong. */
void database_close(struct database *database);
/* Without a schema: for tests of migrations. */
bool database_make(struct database *database, const char *name);
/* A statement on a new connection of its own; 0 or the server's error code. */
unsigned database_run(const struct database *database, const char *text);
/* A file of statements, each ended by a `;` at the end of a line; 0 or the first error code. */
unsigned database_script(const struct database *database, const char *path);
/* The first column of the first row as a number; -1 = none. */
long long database_number(const struct database *database, const char *text);

#endif
