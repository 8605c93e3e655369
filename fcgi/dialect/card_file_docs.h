/* What the reference says of the card file. */
#ifndef DIALECT_CARD_FILE_DOCS_H
#define DIALECT_CARD_FILE_DOCS_H

#include "route.h"

extern const struct route_doc card_file_doc;

#endif
