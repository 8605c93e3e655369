#include "dialect.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static bool segment_fits(struct str pattern, struct str segment, bool fold)
{
	if (str_eq(pattern, STR("#"))) {
		size_t digits = 0;

		while (digits < segment.len && segment.at[digits] >= '0' &&
		       segment.at[digits] <= '9')
			digits++;
		return digits > 0 && digits == segment.len;
	}
	if (fold)
		return pattern.len == segment.len &&
		       strncasecmp(pattern.at, segment.at, segment.len) == 0;
	return str_eq(pattern, segment);
}

/* Segments that the prefix has when it fits, else -1. */
static int prefix_fits(const char *prefix, const struct str *segments, size_t n, bool fold)
{
	int fits = 0;

	while (*prefix == '/') {
		struct str pattern = {prefix + 1, strcspn(prefix + 1, "/")};

		if ((size_t)fits == n || !segment_fits(pattern, segments[fits], fold))
			return -1;
		prefix = pattern.at + pattern.len;
		fits++;
	}
	return fits;
}

const struct dialect *dialect_of_path(const struct dialect *const *list, size_t n,
				      const struct str *segments, size_t n_segments)
{
	const struct dialect *found = NULL;
	int best = -1;

	for (size_t i = 0; i < n; i++) {
		bool fold = list[i]->flags & DIALECT_FOLD_CASE;

		for (const char *const *prefix = list[i]->prefixes; *prefix; prefix++) {
			int fits = prefix_fits(*prefix, segments, n_segments, fold);

			if (fits > best) {
				best = fits;
				found = list[i];
			}
		}
	}
	assert(found); /* some dialect owns "" */
	return found;
}

size_t dialect_alias(const struct dialect *dialect, const struct str *segments, size_t n)
{
	int fits = -1;

	if (dialect->alias)
		fits = prefix_fits(dialect->alias, segments, n, dialect->flags & DIALECT_FOLD_CASE);
	return fits > 0 ? (size_t)fits : 0;
}

/* Weight of one element of Accept-Language in thousandths (RFC 9110, 12.4.2); malformed = 0. */
static int weight(const char *at, size_t len)
{
	const char *q = memchr(at, ';', len);
	const char *end = at + len;
	int value = 0, unit = 1000;

	if (!q)
		return 1000;
	for (q++; q < end && (*q == ' ' || *q == 'q' || *q == '='); q++)
		;
	for (; q < end && ((*q >= '0' && *q <= '9') || *q == '.'); q++) {
		if (*q == '.')
			continue;
		value += (*q - '0') * unit;
		unit /= 10;
	}
	return value > 1000 ? 1000 : value;
}

static int wants(const char *accept, const char *tag)
{
	size_t tag_len = strlen(tag);
	int best = 0;

	while (*accept) {
		size_t len = strcspn(accept, ","), lead = strspn(accept, " \t");

		if (lead + tag_len <= len && strncasecmp(accept + lead, tag, tag_len) == 0 &&
		    strchr(",;- \t", accept[lead + tag_len])) {
			int found = weight(accept, len);

			best = found > best ? found : best;
		}
		accept += len + (accept[len] == ',');
	}
	return best;
}

size_t dialect_language(const struct dialect *dialect, const char *accept)
{
	size_t chosen = 0;
	int best = 0;

	for (size_t i = 0; accept && i < dialect->n_languages; i++) {
		int found = wants(accept, dialect->languages[i].tag);

		if (found > best) {
			best = found;
			chosen = i;
		}
	}
	return chosen;
}
