#include "judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "arena.h"
#include "json.h"

static bool complain(const char *where, const char *want, struct str have)
{
	printf("# %s: want %s, have %.*s\n", where, want, (int)(have.len > 700 ? 700 : have.len),
	       have.at ? have.at : "nothing");
	return false;
}

struct str reply_header(const struct reply *reply, struct str name)
{
	struct str rest = reply->headers, line;

	while (script_line(&rest, &line)) {
		if (line.len > name.len && line.at[name.len] == ':' &&
		    strncasecmp(line.at, name.at, name.len) == 0) {
			struct str value = {line.at + name.len + 1, line.len - name.len - 1};

			while (value.len > 0 && value.at[0] == ' ')
				value = (struct str){value.at + 1, value.len - 1};
			while (value.len > 0 && value.at[value.len - 1] == '\r')
				value.len--;
			return value;
		}
	}
	return (struct str){0};
}

/* "ETag: {{any:etag}}", "Allow: GET, HEAD", "!Retry-After" */
static bool judge_header(struct words *words, struct str line, const struct reply *reply)
{
	const char *colon = memchr(line.at, ':', line.len);
	struct str name = {line.at, colon ? (size_t)(colon - line.at) : line.len};
	struct str want = {colon ? colon + 1 : line.at, 0}, have;
	char where[128];

	snprintf(where, sizeof(where), "header %.*s", (int)name.len, name.at);
	if (line.at[0] == '!') {
		have = reply_header(reply, (struct str){name.at + 1, name.len - 1});
		return have.at ? complain(where, "no such header", have) : true;
	}
	have = reply_header(reply, name);
	if (!have.at || !colon)
		return complain(where, "the header", (struct str){0});
	want.len = line.len - name.len - 1;
	while (want.len > 0 && want.at[0] == ' ')
		want = (struct str){want.at + 1, want.len - 1};
	if (want.len > 8 && memcmp(want.at, "{{any:", 6) == 0) {
		words_set(words, (struct str){want.at + 6, want.len - 8}, have);
		return true;
	}
	if (str_eq(want, STR("{{any}}")))
		return true;
	want = words_fill(words, want);
	return want.at && str_eq(want, have) ? true
					     : complain(where, want.at ? want.at : "?", have);
}

static bool judge_headers(struct words *words, struct str lines, const struct reply *reply)
{
	struct str line;
	bool good = true;

	while (script_line(&lines, &line))
		good = judge_header(words, line, reply) && good;
	return good;
}

static bool holds(struct str text, struct str part)
{
	return part.len == 0 || memmem(text.at, text.len, part.at, part.len) != NULL;
}

static bool judge_lines(struct words *words, struct str lines, struct str body)
{
	struct str line;
	bool good = true;

	while (script_line(&lines, &line)) {
		struct str part = words_fill(words, (struct str){line.at + 2, line.len - 2});

		if (!part.at || !holds(body, part))
			good = complain("body", part.at ? part.at : "?", body);
	}
	return good;
}

static bool judge_json(struct words *words, struct str want, struct str have)
{
	const struct json_value *wanted, *got;
	const char *where;

	if (json_parse(words->arena, want, &wanted, &where) != REASON_NONE)
		return complain("transcript", "JSON", want);
	if (json_parse(words->arena, have, &got, &where) != REASON_NONE)
		return complain("body", "JSON", have);
	return judge_value(words, wanted, got, "body") || complain("whole body", "the above", have);
}

static bool judge_body(struct words *words, struct str want, struct str have)
{
	if (want.len == 0)
		return true;
	if (str_eq(want, STR("(empty)")))
		return have.len == 0 || complain("body", "nothing", have);
	if (want.at[0] == '~')
		return judge_lines(words, want, have);
	return judge_json(words, want, have);
}

bool judge(struct words *words, const struct step *step, const struct reply *reply)
{
	bool good = true;

	if (reply->status != step->status) {
		char want[16];

		snprintf(want, sizeof(want), "%d", step->status);
		printf("# status: want %s, have %d\n", want, reply->status);
		return complain("body", "another", reply->body);
	}
	good = judge_headers(words, step->want_headers, reply);
	return judge_body(words, step->want_body, reply->body) && good;
}
