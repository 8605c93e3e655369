#include "reason.h"

#include <assert.h>
#include <stddef.h>

static const char *const texts[] = {
#define X(name, text) [REASON_##name] = (text),
	REASON_LIST(X)
#undef X
};

const char *reason_text(enum reason reason)
{
	assert((size_t)reason < REASON__MAX);
	return texts[reason];
}

const char *reason_name(enum reason reason)
{
	static const char *const names[REASON__MAX] = {
#define X(name, text) [REASON_##name] = #name,
		REASON_LIST(X)
#undef X
	};

	return names[reason];
}
