/*
 * Takes a request to the service and its answer back: over HTTP/1.1, or in-process
 * through the same functions that a worker calls. Added where the request does
 * not name them: token (the variable `token`) and, with a body, Content-Type:
 * application/json. A header without a value is left out.
 */
#ifndef WIRE_CARRIER_H
#define WIRE_CARRIER_H

#include <stdbool.h>

#include "judge.h"
#include "words.h"

struct carrier {
	/* The step's own texts are filled in already. */
	bool (*carry)(struct carrier *carrier, struct words *words, const struct step *step,
		      struct reply *reply_r);
	const char *host, *port; /* HTTP */
};

/* "http://127.0.0.1:8080" */
bool carrier_http(struct carrier *carrier, struct arena *arena, const char *url);
/* Loads the application by a configuration file. */
bool carrier_direct(struct carrier *carrier, const char *config_path);
void carrier_close(struct carrier *carrier);

/* Header lines with the added ones, CRLF. */
struct str carrier_headers(struct words *words, const struct step *step);
/* Splits headers from body. */
bool carrier_split(struct str answer, struct reply *reply_r);

#endif
