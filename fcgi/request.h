/*
 * One request on its way through the steps (step.h), and what all requests of a
 * process share.
 */
#ifndef FCGI_REQUEST_H
#define FCGI_REQUEST_H

#include "codec.h"
#include "ctx.h"
#include "dialect.h"
#include "media.h"
#include "mutation.h"
#include "route.h"
#include "service.h"
#include "session.h"
#include "uri.h"

struct request;

/* Above the sum of all that the limits of one request allow (tests/unit/test_dialects.c adds
 * them up); mapped lazily, so only what is used costs memory. */
#define REQUEST_ARENA_MAX ((size_t)256 << 20)

/* What outlives a request. */
struct host {
	const struct router *router;
	/* Copied into every request: arena, database, clock, configuration, keys. */
	struct ctx ctx;
	/* Checks a token; fills ctx.principal and ctx.settings, or ctx.detail. */
	enum outcome (*identify)(struct request *request, struct str token);
	/* Checks a login and a password alike; NULL = nobody enters so. */
	enum outcome (*enter)(struct request *request, struct str login, struct str secret);
	/* mutation_run() */
	enum err (*mutate)(struct ctx *ctx, const struct operation *operation, const void *in,
			   void *out, answer_fn *make_answer, void *arg, struct answer *answer_r);
	/* Database, schema and key ring are as they should be. */
	bool (*ready)(struct ctx *ctx);
	/* What the database cost since the last call; NULL = no database. */
	struct session_cost (*cost)(void);
	struct str openapi; /* the document, made once */
};

struct response {
	int status; /* 0 = not decided yet */
	struct str body;
	struct str file;          /* sent by nginx; no body then */
	const char *content_type; /* NULL = no body */
	struct str etag;
	struct str headers; /* lines of the out-struct's own */
	int retry_after_s;
	bool replayed;
	bool preflight; /* answer to a CORS preflight request */
};

struct request {
	struct ctx ctx; /* first: operations get it, request_of() leads back */
	const struct host *host;
	struct exchange *exchange;
	int64_t started_us;
	struct str method_text, path_text, query_text;
	struct path path;
	enum method method;
	bool known_method, head, options;
	const struct dialect *dialect; /* by the path's prefix */
	size_t language;
	enum media body_media, media; /* of the body; of the answer */
	struct match match;
	bool member_is_wire; /* ctx.detail.member is a wire name already */
	void *in, *out;
	const struct sent *chosen; /* members of the answer's rows */
	struct response response;
	enum outcome outcome;
};

static inline struct request *request_of(struct ctx *ctx)
{
	return (struct request *)(void *)ctx;
}

/* Parameter of the exchange as a slice; at NULL = not sent. */
static inline struct str request_param(const struct request *request, const char *name)
{
	return str_of(exchange_param(request->exchange, name));
}

/* Keeps reason and wire name for the message; returns the outcome. */
enum outcome request_fail(struct request *request, enum outcome outcome, const char *wire,
			  enum reason reason);

#endif
