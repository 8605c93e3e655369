/*
 * The seam between the process skeleton and what it serves. The skeleton
 * (master, worker) owns accept, idle, retirement and signals; a service supplies
 * these functions and never sees FastCGI, so a test can drive it in-process with
 * an exchange of its own.
 */
#ifndef FCGI_SERVICE_H
#define FCGI_SERVICE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

/* One request as the worker sees it. All borrowed, valid until serve() returns. */
struct exchange {
	/* Value of a FastCGI parameter (REQUEST_METHOD, HTTP_AUTHORIZATION, ...), NUL-terminated;
	 * NULL = not sent. */
	const char *(*param)(const struct exchange *exchange, const char *name);
	/* Sends the whole answer; called through exchange_answer only. */
	void (*send)(struct exchange *exchange, const char *bytes, size_t len);
	/* See exchange_works; NULL = nobody watches. */
	void (*works)(struct exchange *exchange);
	void *transport;     /* of param, send and works */
	struct str body;     /* read whole before serve(), NUL-terminated behind its end; empty when
				refused */
	bool body_too_large; /* longer than body_max: not read */
	bool body_short; /* ended before CONTENT_LENGTH, went on behind it, or CONTENT_LENGTH is no
			    number */
	bool answered;
};

static inline const char *exchange_param(const struct exchange *exchange, const char *name)
{
	return exchange->param(exchange, name);
}

/* At work, not stuck: the time that a worker may stay inside the service begins anew. */
static inline void exchange_works(struct exchange *exchange)
{
	if (exchange->works)
		exchange->works(exchange);
}

/*
 * Exactly once per request: the complete CGI answer (RFC 3875, 6.2),
 * "Status: 200 OK\r\nContent-Type: ...\r\n\r\n<body>". A client that is gone is no error.
 */
static inline void exchange_answer(struct exchange *exchange, const char *bytes, size_t len)
{
	assert(!exchange->answered);
	exchange->answered = true;
	exchange->send(exchange, bytes, len);
}

/* What a worker process runs. All signals but those of faults are blocked inside these calls. */
struct service {
	/*
	 * Once after fork: connections, caches. False = cannot serve at all; called again
	 * after a growing pause. A database that is away is no reason: open, and answer 503.
	 */
	bool (*open)(void *arg);
	/* One request; must call exchange_answer exactly once. */
	void (*serve)(void *arg, struct exchange *exchange);
	/* Between requests, about once a second also under load. May be NULL. */
	void (*idle)(void *arg);
	/* Once, before the process leaves, when open() had succeeded. May be NULL. */
	void (*close)(void *arg);
	void *arg;
};

#endif
