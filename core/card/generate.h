/* Many cards of a series at once, all or none (Capillary, "Generate Cards"). */
#ifndef CARD_GENERATE_H
#define CARD_GENERATE_H

#include "series.h"

struct generate_in {
	int64_t series_serial;
	int64_t count;    /* 1 to GENERATE_MOST */
	struct str label; /* of status NOT_ISSUED; empty = its default */
};

struct generate_out {
	struct list numbers; /* struct str */
	struct list warnings, errors;
};

/*
 * The cards are of nobody and not active; the code is the number. Refused: COUNT_LOW, COUNT_HIGH,
 * LABEL_*, SERIES_UNKNOWN (none, or not active), SERIES_NO_GENERATION, SERIES_NO_NUMBERS,
 * NUMBERS_SHORT, NUMBERS_FULL.
 */
extern const struct operation op_card_generate;

#endif
