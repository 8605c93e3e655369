#include "dialect.h"

extern const struct dialect dialect_operations;
extern const struct dialect dialect_organization;
extern const struct dialect dialect_core_data;
extern const struct dialect dialect_pos;
extern const struct dialect dialect_identifiers;
extern const struct dialect dialect_card_file;

const struct dialect *const dialects[] = {
	&dialect_operations,
	&dialect_organization,
	&dialect_core_data,
	&dialect_pos,
	&dialect_identifiers,
	&dialect_card_file,
};
const size_t dialects_n = sizeof(dialects) / sizeof(dialects[0]);
