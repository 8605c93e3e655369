/*
 * json_parse(): no body crashes it; json-c takes all that the scanner takes; every
 * text is UTF-8 without NUL and reads back as it was when it is written.
 */
#include <assert.h>

#include "json.h"
#include "json_scan.h"
#include "planted.h"
#include "text.h"

#define ARENA_CAP ((size_t)64 << 20)

static struct arena arena, again;

static void check_text(struct str text)
{
	const struct json_value *root = NULL;
	const char *where = NULL;
	struct buf buf;

	assert(text_is_utf8(text) && (text.len == 0 || !memchr(text.at, '\0', text.len)));
	planted_overflow(text.at, text.len);
	arena_reset(&again, 0);
	buf_init(&buf, &again, text.len + 2);
	json_put_string(&buf, text);
	assert(json_parse(&again, buf_done(&buf), &root, &where) == REASON_NONE);
	assert(str_eq(json_text_of(root), text));
}

static void check_value(const struct json_value *value)
{
	size_t n = 0;

	check_text(json_text_of(value));
	check_text(json_name(value));
	assert(json_source(value).len > 0);
	for (const struct json_value *child = json_first(value); child; child = json_next(child)) {
		check_value(child);
		n++;
	}
	assert(n == json_count(value));
}

static enum reason scan_only(struct str body)
{
	struct json_value *root;
	struct json_pool pool;
	const char *where;
	enum reason reason;

	arena_reset(&again, 0);
	reason = json_scan(&again, body, &root, &where, &pool);
	assert(reason == REASON_NONE || strlen(where) > 0);
	return reason;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = {(const char *)data, size};
	const struct json_value *root = NULL;
	const char *where = NULL;
	enum reason reason;

	if (!arena.base && (!arena_init(&arena, ARENA_CAP) || !arena_init(&again, ARENA_CAP)))
		abort();
	arena_reset(&arena, 0);
	reason = json_parse(&arena, body, &root, &where);
	assert(reason == scan_only(body));
	if (reason == REASON_NONE)
		check_value(root);
	return 0;
}
