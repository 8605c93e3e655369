/*
 * What the core can do: one row per operation. A dialect's route names a row; the
 * row knows nothing of the route.
 */
#ifndef SERVICE_OPERATION_H
#define SERVICE_OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "types.h"

struct ctx;

struct operation {
	const char *name; /* "card_add": in the journal, metrics and logs */
	size_t in_size, out_size;
	bool mutates;    /* runs in a transaction with a journal row */
	bool joins;      /* its own packets carry guard, journal row and COMMIT (mutation.h) */
	uint8_t serials; /* bits 1 << enum serial: numbers that are to be at hand before it runs */
	int64_t (*serials_most)(const void *in); /* how many of each; NULL = one */
	enum err (*run)(struct ctx *ctx, const void *in, void *out);
};

/*
 * Defines op_<function>; further members by name: OPERATION(card_add, struct card_in, struct
 * id_out, .mutates = true). The only place where a void pointer becomes a struct.
 */
#define OPERATION(function, In, Out, ...)                                                          \
	static enum err function##_thunk(struct ctx *ctx, const void *in, void *out)               \
	{                                                                                          \
		return function(ctx, (const In *)in, (Out *)out);                                  \
	}                                                                                          \
	const struct operation op_##function = {.name = #function,                                 \
						.in_size = sizeof(In),                             \
						.out_size = sizeof(Out),                           \
						.run = function##_thunk,                           \
						__VA_ARGS__}

/* In- or out-struct of an operation that has none. */
struct nothing {
	char unused;
};

/* The object that an operation is about, or has made. */
struct id_in {
	struct uuid id;
};

struct id_out {
	struct uuid id;
};

/* What an operation says beside its success; a row of a list in its out-struct. */
struct warning {
	int64_t reason; /* enum reason */
};

#endif
