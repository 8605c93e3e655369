#include "media.h"

#include <strings.h>

static const struct {
	const char *type, *subtype;
	enum media media;
} known[] = {
	{"application", "json", MEDIA_JSON},
	{"text", "json", MEDIA_JSON},
	{"application", "xml", MEDIA_XML},
	{"text", "xml", MEDIA_XML},
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

static struct str trim(struct str text)
{
	while (text.len > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
		text.at++;
		text.len--;
	}
	while (text.len > 0 && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
		text.len--;
	return text;
}

/* Takes what stands before the mark off the front, the mark too. */
static struct str take(struct str *text, char mark)
{
	const char *end = text->len ? memchr(text->at, mark, text->len) : NULL;
	struct str part = {text->at, end ? (size_t)(end - text->at) : text->len};

	text->at += part.len + (end != NULL);
	text->len -= part.len + (end != NULL);
	return trim(part);
}

static bool is(struct str text, const char *word)
{
	return text.len == strlen(word) && strncasecmp(text.at, word, text.len) == 0;
}

static bool ends_with(struct str text, const char *end)
{
	size_t len = strlen(end);

	return text.len >= len && strncasecmp(text.at + text.len - len, end, len) == 0;
}

/* Value of a parameter of "; a=b; c=d", without quotes; at NULL = not there. */
static struct str parameter(struct str list, const char *name)
{
	while (list.len > 0) {
		struct str value = take(&list, ';'), left = take(&value, '=');

		if (!is(left, name))
			continue;
		value = trim(value);
		if (value.len > 1 && value.at[0] == '"' && value.at[value.len - 1] == '"')
			value = (struct str){value.at + 1, value.len - 2};
		return value;
	}
	return (struct str){0};
}

bool media_parse(struct str content_type, enum media *media_r)
{
	struct str rest = content_type, whole, type, subtype, charset;

	if (!content_type.at)
		return false;
	subtype = whole = take(&rest, ';');
	type = take(&subtype, '/');
	charset = parameter(rest, "charset");
	if (charset.at && !is(charset, "utf-8"))
		return false;
	*media_r = MEDIA_JSON;
	if (ends_with(whole, "+json"))
		return true;
	for (size_t i = 0; i < KNOWN; i++) {
		if (is(type, known[i].type) && is(subtype, known[i].subtype)) {
			*media_r = known[i].media;
			return true;
		}
	}
	return false;
}

/* A weight in thousandths (RFC 9110, 12.4.2); malformed = 0. */
static int weight(struct str q)
{
	int value = 0, unit = 1000;

	if (!q.at)
		return 1000;
	for (size_t i = 0; i < q.len; i++) {
		if (i == 1 && q.at[i] == '.')
			continue;
		if (q.at[i] < '0' || q.at[i] > '9' || i > 4)
			return 0;
		value += (q.at[i] - '0') * unit;
		unit /= 10;
	}
	return value > 1000 ? 1000 : value;
}

/* How well one media type is wanted; all 0 = no range names it. */
struct wish {
	int q, exact, place; /* exact: 1 any, 2 any of the type, 3 itself; place: less is later */
};

static int exactness(struct str range, const char *type, const char *subtype)
{
	struct str right = range, left = take(&right, '/');

	if (is(left, type) && is(right, subtype))
		return 3;
	if (is(left, type) && is(right, "*"))
		return 2;
	return is(left, "*") && is(right, "*");
}

/* The most exact range decides (RFC 9110, 12.5.1). */
static struct wish wish_for(struct str accept, size_t i)
{
	struct wish best = {0};

	for (int place = 0; accept.len > 0; place--) {
		struct str parameters = take(&accept, ','), range = take(&parameters, ';');
		int exact = exactness(range, known[i].type, known[i].subtype);

		if (exact > best.exact)
			best = (struct wish){weight(parameter(parameters, "q")), exact, place};
	}
	return best;
}

static bool is_better(struct wish a, struct wish b)
{
	if (a.q != b.q)
		return a.q > b.q;
	if (a.exact != b.exact)
		return a.exact > b.exact;
	return a.exact == 3 && a.place > b.place;
}

enum media media_wanted(struct str accept, bool xml)
{
	enum media media = MEDIA_JSON;
	struct wish best = {0};

	for (size_t i = 0; xml && accept.at && i < KNOWN; i++) {
		struct wish wish = wish_for(accept, i);

		if (wish.q > 0 && is_better(wish, best)) {
			best = wish;
			media = known[i].media;
		}
	}
	return media;
}

enum media media_of_answer(struct str body)
{
	return body.len > 0 && body.at[0] == '<' ? MEDIA_XML : MEDIA_JSON;
}

const char *media_type(enum media media)
{
	return media == MEDIA_XML ? "application/xml; charset=utf-8"
				  : "application/json; charset=utf-8";
}
