/*
 * GET /openapi.json: an OpenAPI 3.1 document of all routes, written from the same
 * rows and field tables that serve the requests.
 */
#ifndef FCGI_OPENAPI_H
#define FCGI_OPENAPI_H

#include "buf.h"

struct arena;
struct router;

/* The whole document, in the arena. */
struct str openapi_make(struct arena *arena, const struct router *router);

#endif
