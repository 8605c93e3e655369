/*
 * The value types that core structs are made of. Each is a type of its own, so
 * that a field table reads off the member how it travels (see field.h).
 */
#ifndef BASE_TYPES_H
#define BASE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Minor units (1/100) of points or money. */
struct amount {
	int64_t minor;
};

/* Unix milliseconds UTC; 0 = unset. */
struct moment {
	int64_t ms;
};

/* RFC 9562; all zero = unset. */
struct uuid {
	uint8_t byte[16];
};

/* Rows of one struct type, in an arena; the field table says which. */
struct list {
	void *rows;
	size_t n;
};

/* JSON text that is carried, not looked into. */
struct json_text {
	const char *at;
	size_t len;
};

/* Largest absolute amount that any request, lot or balance may hold: 10^15 minor units. */
#define AMOUNT_MINOR_MAX INT64_C(1000000000000000)

/* The organisation's integer id (Rarus company_id, Munu customer_id). */
#define ORGANISATION_ID_MAX INT64_C(4294967295)

#endif
