/* Histories in which the ledger and the model once disagreed: played before any random one. */
#ifndef TESTS_MODEL_CASES_H
#define TESTS_MODEL_CASES_H

#include "model.h"

#define CASE_COMMANDS 10

struct model_case {
	const char *name;
	struct model_command commands[CASE_COMMANDS]; /* until the first without a moment */
};

extern const struct model_case model_cases[];
extern const int model_cases_n;

#endif
