#include "err.h"

#include <assert.h>
#include <stddef.h>

static const char *const texts[] = {
#define X(name, text) [ERR_##name] = (text),
	ERR_LIST(X)
#undef X
};

const char *err_text(enum err err)
{
	assert((size_t)err < ERR__MAX);
	return texts[err];
}
