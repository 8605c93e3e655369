/* What the files of the organization dialect share: its forms, its words. */
#ifndef DIALECT_ORGANIZATION_H
#define DIALECT_ORGANIZATION_H

#include "dialect.h"

#define ORGANIZATION_LANGUAGES 2

/* Russian first: the vendor's own. */
extern const struct language organization_languages[ORGANIZATION_LANGUAGES];

/* true/false, 1/0, the words in quotes. */
extern const struct form organization_bool;
/* The same, answered as 1 or 0 (external_card). */
extern const struct form organization_flag;
/* Integer, also in quotes. */
extern const struct form organization_i64;
/* Unix milliseconds, also in quotes; 0 = unset. */
extern const struct form organization_moment;
/* The same, but a value below 10^11 is seconds, as the vendor's own client sends. */
extern const struct form organization_moment_or_seconds;
/* Text, or an integer whose digits are kept as text (code). */
extern const struct form organization_code;

#endif
