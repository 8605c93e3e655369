/*
 * What the core can do: one row per operation. A dialect's route names a row; the
 * row knows nothing of the route.
 */
#ifndef SERVICE_OPERATION_H
#define SERVICE_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct ctx;

struct operation {
	const char *name; /* "card_add": in the journal, metrics and logs */
	size_t in_size, out_size;
	bool mutates; /* runs in a transaction with a journal row */
	enum err (*run)(struct ctx *ctx, const void *in, void *out);
};

/* The only place where a void pointer becomes a struct. */
#define OPERATION(function, In, Out, changes)                                                      \
	static enum err function##_thunk(struct ctx *ctx, const void *in, void *out)               \
	{                                                                                          \
		return function(ctx, (const In *)in, (Out *)out);                                  \
	}                                                                                          \
	const struct operation op_##function = {#function, sizeof(In), sizeof(Out), (changes),     \
						function##_thunk}

/* In- or out-struct of an operation that has none. */
struct nothing {
	char unused;
};

#endif
