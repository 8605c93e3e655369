/* Card numbers of a series: prefix, random digits, check digit when it says so, suffix. */
#ifndef CARD_NUMBERS_H
#define CARD_NUMBERS_H

#include "series.h"

/* Do the text's digits pass (ISO/IEC 7812-1, Luhn)? Other bytes are passed over. */
bool luhn_is_good(struct str text);
/*
 * Draws `n` numbers that no live card has, each once, in random order: struct str in the arena.
 * CONFLICT: NUMBERS_SHORT when there can never be so many, NUMBERS_FULL when not so many are free
 * or, among more than a hundred thousand, none was found in twenty draws for each. The series is
 * locked, so that two draws do not meet.
 */
enum err numbers_draw(struct ctx *ctx, const struct card_series_row *series, int64_t n,
		      struct list *numbers_r);

#endif
