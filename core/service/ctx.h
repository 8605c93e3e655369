/*
 * What an operation works with: memory, database, clock, who asks, and where it
 * puts the reason of a refusal. One per request.
 */
#ifndef SERVICE_CTX_H
#define SERVICE_CTX_H

#include "arena.h"
#include "buf.h"
#include "clock.h"
#include "err.h"
#include "principal.h"
#include "reason.h"
#include "types.h"

struct config;
struct counts;
struct db;
struct journal;
struct keyring;
struct serials;
struct settings;

struct request_info {
	struct str request_id;
	struct str traceparent;
	struct str idempotency_key; /* at NULL = the client sent none */
	uint8_t fingerprint[32];    /* SHA-256 of subject, method, path, query, body */
	struct str address;         /* the client's, for throttles */
	bool tls;                   /* the client's connection to nginx is encrypted */
};

#define CTX_POSTED_KINDS 16

struct ctx {
	struct arena *arena;
	struct db *db;
	const struct clock *clock;
	const struct config *config;
	const struct settings *settings; /* of the principal's organisation */
	struct keyring *keyring;
	struct keyring *ledger_keys;
	struct serials *serials;
	struct principal principal;
	struct request_info request;
	struct err_detail detail;
	bool replayed; /* a mutation has nothing to write: it was all posted before, and answers as
			  then */
	uint32_t posted[CTX_POSTED_KINDS]; /* entries of the mutation by kind, for the figures */
	struct journal *journal;           /* the mutation's row while one runs, else NULL */
	struct counts *counts;             /* bulk work: kept counts are summed here; else NULL */
	bool settings_changed;             /* the mutation touches what settings_get() keeps */
	uint64_t *random_state; /* ids repeat from here (the demo, tests); NULL = random */
	/*
	 * The state that an ETag stands for. A read sets `state`; a mutation asks
	 * ctx_precondition(). `matches` is the caller's: does If-Match name this state?
	 * NULL = the request has no If-Match.
	 */
	struct str state;
	bool (*matches)(const struct ctx *ctx, struct str state);
};

/* Keeps member and reason for the dialect's message; returns err. */
enum err ctx_fail(struct ctx *ctx, enum err err, const char *member, enum reason reason);
/* ERR_STALE when the request carries an If-Match that does not name this state. */
enum err ctx_precondition(struct ctx *ctx, struct str state);
struct moment ctx_now(const struct ctx *ctx);
/* A fresh UUIDv7 by the ctx's clock. */
struct uuid ctx_uuid(const struct ctx *ctx);
/* A fresh one that sorts where `of` does among ids of other moments: its first half is the same. */
struct uuid ctx_uuid_beside(const struct ctx *ctx, const struct uuid *of);
/* Organisation of the principal: the first parameter of every statement. */
static inline int64_t ctx_organisation(const struct ctx *ctx)
{
	return ctx->principal.organisation_id;
}

#endif
