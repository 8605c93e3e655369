/*
 * A transcript: requests and the answers that they must get.
 *
 *   # a comment
 *   >>> POST /organization/card/add
 *   Name: value                 headers; see carrier.h for those that are added
 *
 *   {"code":"1"}                the body, up to the next line of <<< or >>>
 *   <<< 200
 *   ETag: {{any:etag}}          headers that must be there
 *   !Retry-After                a header that must not
 *
 *   {"code":0}                  JSON by structure (judge.h); "(empty)" = no body;
 *                               lines "~ text" = the body holds the text
 */
#ifndef WIRE_SCRIPT_H
#define WIRE_SCRIPT_H

#include <stdbool.h>

#include "buf.h"

struct step {
	size_t line;
	struct str method, target;
	struct str headers; /* lines as they stand */
	struct str body;    /* without the last line end */
	int status;
	struct str want_headers, want_body;
};

struct script {
	struct step *steps;
	size_t n;
};

/* Reads a file into the arena; false with a line on standard output when it is malformed. */
bool script_read(struct script *script, struct arena *arena, const char *path);
/* Takes the next line off the front; false at the end. */
bool script_line(struct str *text, struct str *line_r);

#endif
