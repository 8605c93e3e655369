#include "escape.h"

#include <string.h>

static const char short_form[256] = {
	['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
	['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't',
};

size_t escape_put(char c, char out[ESCAPE_MAX])
{
	static const char digit[] = "0123456789abcdef";
	unsigned char byte = (unsigned char)c;

	out[0] = '\\';
	if (short_form[byte]) {
		out[1] = short_form[byte];
		return 2;
	}
	memcpy(out + 1, "u00", 3);
	out[4] = digit[byte >> 4];
	out[5] = digit[byte & 15];
	return 6;
}
