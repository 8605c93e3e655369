/* What a person's row brings with it: keys, kept count, stored fields, the client's login. */
#ifndef PERSON_STORE_H
#define PERSON_STORE_H

#include "person.h"

/*
 * Writes a person: before NULL = new, after->live 0 = deleted. Fills the search keys of
 * `after`, keeps the count. INVALID or TAKEN name a member of person_in.
 */
enum err person_store(struct ctx *ctx, const struct person_row *before, struct person_row *after);

/* person_store into a batch, which the caller runs: for bulk work. */
struct batch;
enum err person_store_into(struct ctx *ctx, struct batch *batch, const struct person_row *before,
			   struct person_row *after);

/* By what living persons are counted (COUNT_PERSONS): gender, lock and confirmation in bytes. */
#define PERSON_KIND_GENDER    13
#define PERSON_KIND_LOCKED    14
#define PERSON_KIND_CONFIRMED 15
struct uuid person_kind(const struct person_row *person);

/* A locked person goes, with its logins and vehicles; its cards are the caller's. */
enum err person_bury(struct ctx *ctx, const struct person_row *person);

/* The stored form of additional fields: a JSON array of objects with all four members. */
struct str person_fields_text(struct arena *arena, const struct list *fields);

/*
 * The login that goes with a person: made or renewed when there is a password, else renamed
 * with the person (before NULL = new). Deriving keys takes about a second, so it comes before
 * any write that others could wait for.
 */
enum err person_login_store(struct ctx *ctx, const struct person_row *before,
			    const struct person_row *after, struct str password);

#endif
