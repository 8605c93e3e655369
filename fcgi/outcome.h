/*
 * How a request ended: what the core says (enum err), and four ends that only the
 * web side knows. A dialect turns each into its own status and code in a switch
 * without default.
 */
#ifndef FCGI_OUTCOME_H
#define FCGI_OUTCOME_H

#include "err.h"

enum outcome {
#define X(name, text) OUTCOME_##name = ERR_##name,
	ERR_LIST(X)
#undef X
		OUTCOME_NO_ROUTE, /* no such path */
	OUTCOME_BAD_METHOD,       /* path known, method not */
	OUTCOME_TOO_LARGE,        /* body beyond the limit */
	OUTCOME_BAD_MEDIA,        /* body of a media type that the route does not read */
	OUTCOME__MAX
};

static inline enum outcome outcome_of(enum err err)
{
	return (enum outcome)err;
}

/* The HTTP status that says it (RFC 9110); a dialect deviates where its vendor's clients want it. */
short outcome_http(enum outcome outcome);
/* Reason phrase of an HTTP status (RFC 9110). Borrowed, static. */
const char *status_text(int status);
/* Borrowed, static, English. */
const char *outcome_text(enum outcome outcome);

#endif
