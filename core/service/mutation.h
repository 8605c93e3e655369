/*
 * Every write of every dialect goes through here: one transaction that holds the
 * operation's effect and its journal row, which is at once the idempotency record,
 * the audit record and the outbox event. A repeat under the same Idempotency-Key
 * answers as the first did; a refusal decided from stored state is kept as an
 * answer too; malformed, 401, 403, 404, 412, 429 and 5xx are not.
 */
#ifndef SERVICE_MUTATION_H
#define SERVICE_MUTATION_H

#include "ctx.h"
#include "operation.h"
#include "types.h"

struct map;

/* What goes back to the client; the core carries it and does not look into it. */
struct answer {
	int status;
	struct str body;
	bool replayed;
};

/* Makes the answer of an outcome (ctx->detail holds the reason of a refusal). Called inside the
 * transaction, perhaps more than once: the last call counts. */
typedef void answer_fn(void *arg, enum err outcome, const void *out, struct answer *answer_r);

/*
 * Runs the operation and has the answer made. When answer_r->status is not 0 the
 * answer is there: a success, a kept refusal, or (replayed) the first request's.
 * Else (RUNNING, MISMATCH of the key, BUSY, NOT_FOUND ...) the caller makes it.
 */
enum err mutation_run(struct ctx *ctx, const struct operation *operation, const void *in, void *out,
		      answer_fn *make_answer, void *arg, struct answer *answer_r);

/*
 * For an operation that is marked `joins`: the guard of the key travels in its first packet
 * (mutation_open adds it, before all else; mutation_ask sends it, once), the journal row and the
 * COMMIT in its last one, when `out` is filled. What it has not closed, mutation_run closes.
 */
struct batch;
void mutation_open(struct ctx *ctx, struct batch *batch);
enum err mutation_ask(struct ctx *ctx, struct batch *batch);
enum err mutation_close(struct ctx *ctx, struct batch *batch);

/* For operations: what the journal row says. */
void journal_object(struct ctx *ctx, const struct uuid *object_id);
/*
 * Notes the members in which two rows of one map differ, as
 * {"object":{"name":["before","after"]}}; before NULL = made, after NULL = deleted.
 * Several notes of one mutation are joined. Columns named in `map` with a _key suffix are left out.
 */
void journal_changes(struct ctx *ctx, const char *object, const struct map *map, const void *before,
		     const void *after);
/* The same for one amount: {"object":{"member":[before,after]}}. */
void journal_amount(struct ctx *ctx, const char *object, const char *member, struct amount before,
		    struct amount after);
/* Names an entry of the ledger that this mutation posts. */
void journal_entry(struct ctx *ctx, const struct uuid *entry_id);
/*
 * Makes room for n more of them and returns where they are kept: memory taken afterwards may be
 * given back while they are kept there.
 */
const void *journal_room(struct ctx *ctx, size_t n);
/* Id of the journal row that this mutation writes; entries of the ledger name it. */
struct uuid journal_id(const struct ctx *ctx);

#endif
