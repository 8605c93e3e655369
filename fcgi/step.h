/*
 * The life of a request: named steps in this order. The first that does not say
 * OK, or that decides the answer, ends the walk; every failure is then written in
 * one place, in the form of the dialect that owns the path, and logged.
 */
#ifndef FCGI_STEP_H
#define FCGI_STEP_H

#include <stdbool.h>

#include "mutation.h"
#include "outcome.h"

struct exchange;
struct host;
struct request;

#define STEP_LIST(X)                                                                               \
	X(read)         /* method, target, ids, language, body as it came */                       \
	X(route)        /* dialect's row for path and method */                                    \
	X(authenticate) /* token -> principal and settings */                                      \
	X(scope)        /* may this principal use this row? */                                     \
	X(decode)       /* path, query, headers and body -> in-struct */                           \
	X(run)          /* the operation; a mutation's answer is made inside it */                 \
	X(encode)       /* out-struct -> body; conditional GET */

#define X(name) enum outcome step_##name(struct request *request);
STEP_LIST(X)
#undef X

/* Serves one exchange: answers it exactly once and gives the arena back. */
void request_serve(const struct host *host, struct exchange *exchange);

/* For a mutation: makes the answer of an outcome inside its transaction (answer_fn). */
void answer_make(void *arg, enum err outcome, const void *out, struct answer *answer_r);
/* Writes the failure of the request in its dialect's form. */
void answer_failure(struct request *request, enum outcome outcome, struct answer *answer_r);
/* Envelope and members of a success. */
struct str answer_success(struct request *request, const void *out);
/* Sends status, headers and body as one CGI answer. */
void answer_send(struct request *request);

/* Entity tag of a state as this dialect and language show it; in the arena. */
struct str etag_make(struct request *request, struct str state);
/* If-Match of this request against a state (ctx.matches). */
bool etag_matches(const struct ctx *ctx, struct str state);
/* Does a list of entity tags (or *) name this one? Weak: W/ is looked through. */
bool etag_listed(struct str list, struct str etag, bool weak);

/* Is this origin on the configured list? */
bool cors_allows(const struct request *request);

#endif
