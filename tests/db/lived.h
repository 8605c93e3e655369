/* Cards of a scene that have lived through all that a ledger knows; the clock is left a week later.
 */
#ifndef TESTS_LIVED_H
#define TESTS_LIVED_H

#include "scene.h"

/*
 * Openings, accruals with and without periods, spends, holds of every end and open ones, refunds,
 * returns that clip and that go below zero, burns, a deleted card, a card without points.
 */
void history_fill(struct scene *on);

#endif
