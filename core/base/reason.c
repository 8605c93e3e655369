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
