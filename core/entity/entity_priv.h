/* What an entity is made of, and the verbs that serve all of them. */
#ifndef ENTITY_ENTITY_PRIV_H
#define ENTITY_ENTITY_PRIV_H

#include "entity.h"
#include "select.h"

struct entity {
	const struct select_table *table;
	const char *key; /* member of the row, and field: a serial number, or an id */
	/* Makes the wanted computed members of n rows; NULL = there are none. */
	enum err (*finish)(struct ctx *ctx, const struct sent *wanted, void *rows, size_t n);
	size_t in_size; /* of its in-struct */
	/* One row each, which begins with what was sent. NOT_FOUND: there is no row of this key. */
	enum err (*insert)(struct ctx *ctx, const void *in, struct entity_key *key_r);
	enum err (*update)(struct ctx *ctx, const struct entity_key *key, const void *in);
	enum err (*remove)(struct ctx *ctx, const struct entity_key *key);
};

enum err entity_select(struct ctx *ctx, const struct entity *entity,
		       const struct entity_select_in *in, struct entity_out *out);
/* All or nothing; the rows as they are then, in the order given. */
enum err entity_insert(struct ctx *ctx, const struct entity *entity,
		       const struct entity_write_in *in, struct entity_out *out);
enum err entity_update(struct ctx *ctx, const struct entity *entity,
		       const struct entity_write_in *in, struct entity_out *out);
enum err entity_remove(struct ctx *ctx, const struct entity *entity,
		       const struct entity_remove_in *in, struct entity_remove_out *out);
/* Numbers that a write may take of each kind. */
int64_t entity_serials_most(const void *in);

/* entity_query.c: a query as the compiler takes it. INVALID names the part at fault. */
enum err entity_compile(struct ctx *ctx, const struct entity *entity,
			const struct entity_query *query, struct select_query *select_r);
/* TOO_BROAD for a query that ran out of time; any other outcome stays. */
enum err entity_outcome(struct ctx *ctx, const struct select_query *query, enum err err);

/*
 * Copies the members that were sent from a row to the members of the same names of another, and
 * notes them as sent there; to_sent NULL = nowhere. The bases are the rows' offsets.
 */
void entity_copy(const struct map *from, const void *row, const struct sent *sent, size_t base,
		 const struct map *to, void *target, struct sent *to_sent, size_t to_base);

/* What a member is called elsewhere, and here. */
struct entity_name {
	const char *theirs, *ours;
};
/* A refusal of an operation on the row, in the words of the entity; names end with {0}. What it
 * does not find is a CONFLICT. */
enum err entity_fault(struct ctx *ctx, enum err err, const struct entity_name *names);

/* "company:ID" in the arena: one of several objects in a journal row. */
const char *entity_note_name(struct ctx *ctx, const char *prefix, const struct uuid *id);

#define ENTITY_READS(name)                                                                         \
	static enum err name##_select(struct ctx *ctx, const struct entity_select_in *in,          \
				      struct entity_out *out)                                      \
	{                                                                                          \
		return entity_select(ctx, &name##_entity, in, out);                                \
	}                                                                                          \
	OPERATION(name##_select, struct entity_select_in, struct entity_out, .mutates = false)

#define ENTITY_WRITES(name, bits)                                                                  \
	static enum err name##_insert(struct ctx *ctx, const struct entity_write_in *in,           \
				      struct entity_out *out)                                      \
	{                                                                                          \
		return entity_insert(ctx, &name##_entity, in, out);                                \
	}                                                                                          \
	OPERATION(name##_insert, struct entity_write_in, struct entity_out, .mutates = true,       \
		  .serials = (bits), .serials_most = entity_serials_most);                         \
	static enum err name##_update(struct ctx *ctx, const struct entity_write_in *in,           \
				      struct entity_out *out)                                      \
	{                                                                                          \
		return entity_update(ctx, &name##_entity, in, out);                                \
	}                                                                                          \
	OPERATION(name##_update, struct entity_write_in, struct entity_out, .mutates = true,       \
		  .serials = (bits), .serials_most = entity_serials_most);                         \
	static enum err name##_remove(struct ctx *ctx, const struct entity_remove_in *in,          \
				      struct entity_remove_out *out)                               \
	{                                                                                          \
		return entity_remove(ctx, &name##_entity, in, out);                                \
	}                                                                                          \
	OPERATION(name##_remove, struct entity_remove_in, struct entity_remove_out, .mutates = true)

#endif
