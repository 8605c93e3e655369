#include "uri.h"

#include "arena.h"
#include "text.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

enum reason uri_decode(struct arena *arena, struct str text, bool plus, struct str *text_r)
{
	char *out = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '%') {
			int high = i + 2 < text.len ? hex_digit(text.at[i + 1]) : -1;
			int low = high >= 0 ? hex_digit(text.at[i + 2]) : -1;

			if (low < 0)
				return REASON_MALFORMED;
			c = (char)(high * 16 + low);
			i += 2;
		} else if (plus && c == '+') {
			c = ' ';
		}
		if (c == '\0')
			return REASON_HAS_NUL;
		out[len++] = c;
	}
	*text_r = (struct str){out, len};
	return text_is_utf8(*text_r) ? REASON_NONE : REASON_NOT_UTF8;
}

/* Cuts the part before the first `mark` off the front of *rest, which keeps what follows it. */
static struct str cut(struct str *rest, char mark)
{
	const char *at = rest->len ? memchr(rest->at, mark, rest->len) : NULL;
	struct str part = {rest->at, at ? (size_t)(at - rest->at) : rest->len};
	size_t gone = part.len + (at != NULL);

	rest->at += gone;
	rest->len -= gone;
	return part;
}

enum reason path_split(struct arena *arena, struct str text, struct path *path_r)
{
	struct path path = {0};

	if (text.len == 0 || text.at[0] != '/')
		return REASON_MALFORMED;
	text.at++;
	text.len--;
	while (text.len > 0 && path.n <= ROUTE_SEGMENTS_MAX) {
		struct str raw = cut(&text, '/');
		enum reason reason = uri_decode(arena, raw, false, &path.segment[path.n++]);

		if (reason != REASON_NONE)
			return reason;
	}
	*path_r = path;
	return REASON_NONE;
}

static size_t count_params(struct str text)
{
	size_t n = 0;

	while (text.len > 0)
		n += cut(&text, '&').len > 0;
	return n;
}

enum reason query_parse(struct arena *arena, struct str text, struct query *query_r,
			struct str *where_r)
{
	size_t n = count_params(text);
	struct query query = {arena_array(arena, struct query_param, n + 1), 0};

	*where_r = STR("query");
	if (n > QUERY_PARAMS_MAX)
		return REASON_TOO_MANY;
	while (text.len > 0) {
		struct str pair = cut(&text, '&'), name;
		struct query_param *param = &query.params[query.n];
		enum reason reason;

		if (pair.len == 0)
			continue;
		name = cut(&pair, '=');
		reason = uri_decode(arena, name, true, &param->name);
		if (reason != REASON_NONE)
			return reason;
		reason = uri_decode(arena, pair, true, &param->value);
		if (reason != REASON_NONE) {
			*where_r = param->name;
			return reason;
		}
		query.n++;
	}
	*query_r = query;
	return REASON_NONE;
}
