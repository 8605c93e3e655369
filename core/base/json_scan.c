#include "json_scan.h"

#include <assert.h>
#include <stdlib.h>

#include "json_token.h"
#include "utf8.h"

/* Up to here names are compared pair by pair, beyond by sorting. */
#define PAIRWISE_MAX 8

struct scan {
	struct arena *arena;
	const char *at, *end;
	struct json_value *values;
	size_t n, cap;
	struct json_pool pool;
	struct json_value *path[JSON_DEPTH_MAX + 1]; /* from the root to where we are */
	size_t depth;                                /* containers that are open */
	bool in_child;                               /* path[depth] counts */
};

static enum reason scan_value(struct scan *scan, struct json_value *value);

struct str json_pool_put(struct json_pool *pool, const char *bytes, size_t len)
{
	struct str copy = {pool->at, len};

	assert(len < pool->left);
	memcpy(pool->at, bytes, len);
	pool->at[len] = '\0';
	pool->at += len + 1;
	pool->left -= len + 1;
	return copy;
}

static void skip_space(struct scan *scan)
{
	while (scan->at < scan->end &&
	       (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
		scan->at++;
}

static bool skip_char(struct scan *scan, char c)
{
	skip_space(scan);
	if (scan->at == scan->end || *scan->at != c)
		return false;
	scan->at++;
	return true;
}

static enum reason scan_number(struct scan *scan, struct json_value *value)
{
	size_t len = 0;
	enum reason reason = json_token_number(scan->at, scan->end, &len);

	value->kind = JSON_NUMBER;
	scan->at += len;
	return reason;
}

static enum reason scan_word(struct scan *scan, struct json_value *value)
{
	static const struct {
		struct str word;
		enum json_kind kind;
	} words[] = {
		{{"true", 4}, JSON_BOOL},
		{{"false", 5}, JSON_BOOL},
		{{"null", 4}, JSON_NULL},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = words[i].word.len;

		if ((size_t)(scan->end - scan->at) < len ||
		    memcmp(scan->at, words[i].word.at, len) != 0)
			continue;
		value->kind = (uint8_t)words[i].kind;
		scan->at += len;
		return REASON_NONE;
	}
	return REASON_MALFORMED;
}

static enum reason scan_string(struct scan *scan, struct str *raw_r)
{
	enum reason reason = json_token_string(scan->at, scan->end, raw_r);

	if (reason == REASON_NONE)
		scan->at = raw_r->at + raw_r->len + 1;
	return reason;
}

/* The next value of the container, in place of the one that was scanned before. */
static enum reason add_child(struct scan *scan, struct json_value *parent,
			     struct json_value **child_r)
{
	struct json_value *child;

	if (scan->n == scan->cap)
		return REASON_TOO_MANY;
	child = &scan->values[scan->n++];
	if (parent->count++ == 0)
		parent->first = child;
	else
		scan->path[scan->depth]->next = child;
	scan->path[scan->depth] = child;
	scan->in_child = true;
	*child_r = child;
	return REASON_NONE;
}

static enum reason scan_element(struct scan *scan, struct json_value *array)
{
	struct json_value *child;
	enum reason reason = add_child(scan, array, &child);

	return reason != REASON_NONE ? reason : scan_value(scan, child);
}

static enum reason scan_member(struct scan *scan, struct json_value *object)
{
	struct json_value *child;
	enum reason reason;
	struct str raw;

	skip_space(scan);
	if (scan->at == scan->end || *scan->at != '"')
		return REASON_MALFORMED;
	reason = scan_string(scan, &raw);
	if (reason == REASON_NONE)
		reason = add_child(scan, object, &child);
	if (reason != REASON_NONE)
		return reason;
	child->name = (struct str){scan->pool.at, json_token_decode(raw, scan->pool.at)};
	scan->pool.at += child->name.len + 1;
	scan->pool.left -= child->name.len + 1;
	if (!skip_char(scan, ':'))
		return REASON_MALFORMED;
	return scan_value(scan, child);
}

static int compare_names(const void *a, const void *b)
{
	const struct str *x = &(*(struct json_value *const *)a)->name;
	const struct str *y = &(*(struct json_value *const *)b)->name;

	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return memcmp(x->at, y->at, x->len);
}

static struct json_value *find_twin_pairwise(const struct json_value *object)
{
	for (struct json_value *a = object->first; a; a = a->next)
		for (struct json_value *b = a->next; b; b = b->next)
			if (str_eq(a->name, b->name))
				return b;
	return NULL;
}

static struct json_value *find_twin_sorted(struct arena *arena, const struct json_value *object)
{
	size_t mark = arena_mark(arena), n = 0;
	struct json_value **members = arena_array(arena, struct json_value *, object->count);
	struct json_value *twin = NULL;

	for (struct json_value *member = object->first; member; member = member->next)
		members[n++] = member;
	qsort(members, n, sizeof(*members), compare_names);
	for (size_t i = 1; i < n && !twin; i++)
		if (str_eq(members[i - 1]->name, members[i]->name))
			twin = members[i];
	arena_reset(arena, mark);
	return twin;
}

static enum reason check_names(struct scan *scan, const struct json_value *object)
{
	struct json_value *twin = object->count <= PAIRWISE_MAX
					  ? find_twin_pairwise(object)
					  : find_twin_sorted(scan->arena, object);

	if (!twin)
		return REASON_NONE;
	scan->path[scan->depth] = twin;
	scan->in_child = true;
	return REASON_DUPLICATE;
}

/* Array or object: what stands between the brackets, with commas between. */
static enum reason scan_children(struct scan *scan, struct json_value *value)
{
	bool object = value->kind == JSON_OBJECT;
	enum reason reason;

	if (skip_char(scan, object ? '}' : ']'))
		return REASON_NONE;
	do {
		reason = object ? scan_member(scan, value) : scan_element(scan, value);
		if (reason != REASON_NONE)
			return reason;
		scan->in_child = false;
	} while (skip_char(scan, ','));
	if (!skip_char(scan, object ? '}' : ']'))
		return REASON_MALFORMED;
	return object ? check_names(scan, value) : REASON_NONE;
}

static enum reason scan_container(struct scan *scan, struct json_value *value)
{
	enum reason reason;

	value->kind = *scan->at++ == '{' ? JSON_OBJECT : JSON_ARRAY;
	if (scan->depth == JSON_DEPTH_MAX)
		return REASON_TOO_DEEP;
	scan->depth++;
	scan->in_child = false;
	reason = scan_children(scan, value);
	if (reason == REASON_NONE)
		scan->depth--;
	return reason;
}

static enum reason scan_value(struct scan *scan, struct json_value *value)
{
	enum reason reason;
	const char *start;
	struct str raw;

	skip_space(scan);
	start = scan->at;
	if (start == scan->end)
		return REASON_MALFORMED;
	if (*start == '{' || *start == '[') {
		reason = scan_container(scan, value);
	} else if (*start == '"') {
		value->kind = JSON_STRING;
		reason = scan_string(scan, &raw);
	} else if (*start == '-' || (*start >= '0' && *start <= '9')) {
		reason = scan_number(scan, value);
	} else {
		reason = scan_word(scan, value);
	}
	value->source = (struct str){start, (size_t)(scan->at - start)};
	return reason;
}

/* Position of the newest child of the container at this depth. */
static void put_step(struct buf *buf, const struct json_value *parent,
		     const struct json_value *child)
{
	size_t index = 0;

	if (parent->kind == JSON_ARRAY) {
		for (const struct json_value *at = parent->first; at != child; at = at->next)
			index++;
		buf_printf(buf, "[%zu]", index);
		return;
	}
	if (buf->len > 0)
		buf_char(buf, '.');
	buf_put(buf, child->name.at,
		utf8_cut(child->name.at, child->name.len, JSON_PLACE_NAME_MAX));
}

static const char *place_of(const struct scan *scan)
{
	size_t steps = scan->in_child ? scan->depth : scan->depth - (scan->depth > 0);
	struct buf buf;

	buf_init(&buf, scan->arena, JSON_PLACE_NAME_MAX);
	for (size_t i = 1; i <= steps; i++)
		put_step(&buf, scan->path[i - 1], scan->path[i]);
	return buf.len > 0 ? buf_done(&buf).at : "body";
}

/* Each value but the root follows one of these bytes or the colon behind a name. */
static size_t count_at_most(struct str body)
{
	size_t n = 1;

	for (size_t i = 0; i < body.len; i++)
		n += body.at[i] == ',' || body.at[i] == '[' || body.at[i] == '{';
	return n < JSON_VALUES_MAX ? n : JSON_VALUES_MAX;
}

static struct str without_mark(struct str body)
{
	if (body.len >= 3 && memcmp(body.at, "\xEF\xBB\xBF", 3) == 0)
		return (struct str){body.at + 3, body.len - 3};
	return body;
}

enum reason json_scan(struct arena *arena, struct str body, struct json_value **root_r,
		      const char **where_r, struct json_pool *pool_r)
{
	struct str text = without_mark(body);
	struct scan scan = {.arena = arena, .at = text.at, .end = text.at + text.len, .n = 1};
	enum reason reason;

	scan.cap = count_at_most(text);
	scan.values = arena_array(arena, struct json_value, scan.cap);
	scan.pool = (struct json_pool){arena_alloc(arena, text.len + 1), text.len + 1};
	scan.path[0] = scan.values;
	reason = scan_value(&scan, scan.values);
	if (reason == REASON_NONE) {
		skip_space(&scan);
		if (scan.at < scan.end)
			reason = REASON_TRAILING;
	}
	if (reason != REASON_NONE)
		*where_r = place_of(&scan);
	*root_r = scan.values;
	*pool_r = scan.pool;
	return reason;
}
