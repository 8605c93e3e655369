/*
 * Media types of bodies: which a request's is, and which its answer is to be (RFC 9110, 8.3 and
 * 12.5.1). A dialect speaks JSON and, where it says so, XML.
 */
#ifndef FCGI_MEDIA_H
#define FCGI_MEDIA_H

#include <stdbool.h>

#include "buf.h"

enum media { MEDIA_JSON, MEDIA_XML };

/*
 * Of a Content-Type (at NULL = not sent): application/json, text/json, anything +json;
 * application/xml, text/xml. A charset, when named, is UTF-8. False when it is none of these.
 */
bool media_parse(struct str content_type, enum media *media_r);
/*
 * What an Accept header (at NULL = not sent) wants most of JSON and, when `xml`, XML: by weight,
 * then how exactly it is named, then what stands first. JSON when nothing tells, or fits.
 */
enum media media_wanted(struct str accept, bool xml);
/* Of an answer that was made before: XML begins with '<', JSON never does. */
enum media media_of_answer(struct str body);
/* Value of Content-Type. Static. */
const char *media_type(enum media media);

#endif
