/*
 * The fault that shows that a fuzz target finds faults: built with PLANTED_OVERFLOW,
 * a target reads one byte beyond a copy of a parsed text that starts with four equal
 * bytes above 'f' ("xxxx"; so no number, UUID or hash does). Each is a branch of its
 * own, so a fuzzer that is led by coverage gets there from the inputs near_* of its
 * corpus when the decoder yields texts at all. Without PLANTED_OVERFLOW nothing happens.
 * tests/fuzz/planted builds and runs both kinds.
 */
#ifndef TESTS_FUZZ_PLANTED_H
#define TESTS_FUZZ_PLANTED_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifdef PLANTED_OVERFLOW
static inline void planted_read_beyond(const char *text, size_t len)
{
	volatile char *copy = malloc(len);
	volatile char beyond;

	if (!copy)
		return;
	memcpy((char *)copy, text, len);
	beyond = copy[len];
	(void)beyond;
	free((char *)copy);
}
#endif

/* To be called with texts that came out of the decoder under test. */
static inline void planted_overflow(const char *text, size_t len)
{
#ifdef PLANTED_OVERFLOW
	if (len >= 4 && text[0] > 'f')
		if (text[1] == text[0])
			if (text[2] == text[0])
				if (text[3] == text[0])
					planted_read_beyond(text, len);
#else
	(void)text;
	(void)len;
#endif
}

#endif
