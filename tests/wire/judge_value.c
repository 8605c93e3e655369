#include <stdio.h>
#include <stdlib.h>

#include "arena.h"
#include "clock.h"
#include "json.h"
#include "judge.h"
#include "uuid.h"

#define DAY_MS INT64_C(86400000)

static bool differs(const char *where, struct str want, const struct json_value *have)
{
	struct str source = have ? json_source(have) : STR("nothing");

	printf("# %s: want %.*s, have %.*s\n", where, (int)want.len, want.at,
	       (int)(source.len > 300 ? 300 : source.len), source.at);
	return false;
}

static bool is_integer(const struct json_value *value, int64_t *number_r)
{
	return json_kind(value) == JSON_NUMBER && str_to_i64(json_text_of(value), number_r);
}

static bool is_uuid(const struct json_value *value)
{
	struct str text = json_text_of(value);
	struct uuid uuid;
	char lower[UUID_TEXT_LEN];

	if (json_kind(value) != JSON_STRING || !uuid_parse(text, &uuid))
		return false;
	uuid_format(&uuid, lower);
	return memcmp(lower, text.at, sizeof(lower)) == 0;
}

static bool is_date(const struct json_value *value)
{
	int64_t number, now = clock_now_ms(&(struct clock){0});

	return is_integer(value, &number) && number > now - DAY_MS && number < now + DAY_MS;
}

/* 1 fits, 0 does not, -1 the word is no kind. */
static int fits_kind(struct str kind, const struct json_value *have)
{
	static const struct {
		const char *name;
		enum json_kind kind;
	} kinds[] = {
		{"string", JSON_STRING}, {"number", JSON_NUMBER}, {"bool", JSON_BOOL},
		{"array", JSON_ARRAY},   {"object", JSON_OBJECT},
	};
	int64_t number;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (str_eq(kind, str_of(kinds[i].name)))
			return json_kind(have) == kinds[i].kind;
	}
	if (str_eq(kind, STR("any")))
		return 1;
	if (str_eq(kind, STR("text")))
		return json_kind(have) == JSON_STRING && json_text_of(have).len > 0;
	if (str_eq(kind, STR("int")))
		return is_integer(have, &number);
	if (str_eq(kind, STR("uuid")))
		return is_uuid(have);
	if (str_eq(kind, STR("date")))
		return is_date(have);
	return -1;
}

/* `pattern` is what stands between the braces. */
static bool judge_pattern(struct words *words, struct str pattern, const struct json_value *have,
			  const char *where)
{
	const char *colon = memchr(pattern.at, ':', pattern.len);
	struct str kind = {pattern.at, colon ? (size_t)(colon - pattern.at) : pattern.len};
	struct str rest = {colon ? colon + 1 : "", colon ? pattern.len - kind.len - 1 : 0};
	struct str text = json_text_of(have);
	int fits;

	if (str_eq(kind, STR("has")))
		return (json_kind(have) == JSON_STRING &&
			memmem(text.at, text.len, rest.at, rest.len)) ||
		       differs(where, pattern, have);
	fits = fits_kind(kind, have);
	if (fits >= 0) {
		if (fits && rest.len > 0)
			words_set(words, rest, text);
		return fits || differs(where, pattern, have);
	}
	text = words_fill(words, (struct str){pattern.at - 2, pattern.len + 4});
	return (text.at && str_eq(text, json_text_of(have))) ||
	       differs(where, text.at ? text : pattern, have);
}

static bool judge_string(struct words *words, struct str want, const struct json_value *have,
			 const char *where)
{
	struct str filled;

	if (want.len > 4 && memcmp(want.at, "{{", 2) == 0 &&
	    memmem(want.at, want.len, "}}", 2) == want.at + want.len - 2)
		return judge_pattern(words, (struct str){want.at + 2, want.len - 4}, have, where);
	filled = words_fill(words, want);
	return (filled.at && json_kind(have) == JSON_STRING &&
		str_eq(filled, json_text_of(have))) ||
	       differs(where, want, have);
}

static bool judge_object(struct words *words, const struct json_value *want,
			 const struct json_value *have, const char *where)
{
	bool open = false, good = json_kind(have) == JSON_OBJECT;
	char inner[512];

	if (!good)
		return differs(where, STR("an object"), have);
	for (const struct json_value *member = json_first(want); member;
	     member = json_next(member)) {
		struct str name = json_name(member);

		if (str_eq(name, STR("..."))) {
			open = true;
			continue;
		}
		snprintf(inner, sizeof(inner), "%s.%.*s", where, (int)name.len, name.at);
		good = judge_value(words, member, json_member(have, name.at), inner) && good;
	}
	for (const struct json_value *member = json_first(have); member && !open;
	     member = json_next(member)) {
		if (!json_member(want, json_name(member).at))
			good = differs(where, STR("no such member"), member);
	}
	return good;
}

static bool judge_array(struct words *words, const struct json_value *want,
			const struct json_value *have, const char *where)
{
	const struct json_value *left = json_first(want), *right;
	bool good = true;
	char inner[512];

	if (json_kind(have) != JSON_ARRAY)
		return differs(where, STR("an array"), have);
	right = json_first(have);
	for (size_t i = 0; left || right; i++) {
		if (left && str_eq(json_text_of(left), STR("...")))
			return good;
		if (!left || !right)
			return differs(where, left ? STR("more elements") : STR("fewer elements"),
				       have);
		snprintf(inner, sizeof(inner), "%s[%zu]", where, i);
		good = judge_value(words, left, right, inner) && good;
		left = json_next(left);
		right = json_next(right);
	}
	return good;
}

bool judge_value(struct words *words, const struct json_value *want, const struct json_value *have,
		 const char *where)
{
	if (!have)
		return differs(where, json_source(want), NULL);
	switch (json_kind(want)) {
	case JSON_OBJECT:
		return judge_object(words, want, have, where);
	case JSON_ARRAY:
		return judge_array(words, want, have, where);
	case JSON_STRING:
		return judge_string(words, json_text_of(want), have, where);
	case JSON_NULL:
	case JSON_BOOL:
	case JSON_NUMBER:
		break;
	}
	return (json_kind(want) == json_kind(have) &&
		str_eq(json_source(want), json_source(have))) ||
	       differs(where, json_source(want), have);
}
