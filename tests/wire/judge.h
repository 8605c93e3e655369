/*
 * Does an answer fit what the transcript wants? JSON is compared by structure:
 * members in any order, none more or less (unless the wanted object has "..."),
 * numbers by their text. A wanted string that is one {{...}} is a pattern:
 *   any string text int number bool array object uuid   by kind (text = not empty)
 *   date            an integer within a day of now
 *   has:TEXT        a string that holds the text
 *   KIND:name       keeps the value under the name
 *   anything else   what words_fill makes of it, e.g. the value kept under a name
 */
#ifndef WIRE_JUDGE_H
#define WIRE_JUDGE_H

#include <stdbool.h>

#include "script.h"
#include "words.h"

struct json_value;

struct reply {
	int status;
	struct str headers; /* lines, CRLF */
	struct str body;
};

/* Value of a header; at NULL when it is not there. */
struct str reply_header(const struct reply *reply, struct str name);
/* False after telling on standard output what differs. */
bool judge(struct words *words, const struct step *step, const struct reply *reply);
/* One value against one pattern value; `where` leads the complaint. */
bool judge_value(struct words *words, const struct json_value *want, const struct json_value *have,
		 const char *where);

#endif
