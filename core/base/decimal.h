/* Exact decimals with two fraction digits. No binary float ever touches an amount. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "buf.h"
#include "reason.h"
#include "types.h"

#define DECIMAL_TEXT_MAX 24

/*
 * Text of a JSON number or decimal string -> minor units. Refuses exponents,
 * more than two fraction digits that are not zero ("1.500" is 1.5), a sign other than '-',
 * spaces, |amount| > AMOUNT_MINOR_MAX. REASON_NONE when good.
 */
enum reason decimal_parse(struct str text, struct amount *amount_r);
/* Shortest form: 225, 0.5, 13573.04, -0.01. Returns the length, no NUL. */
size_t decimal_format(struct amount amount, char text[DECIMAL_TEXT_MAX]);
/* At least `digits` (0, 1 or 2) fraction digits: 500.0. */
size_t decimal_format_min(struct amount amount, int digits, char text[DECIMAL_TEXT_MAX]);

#endif
