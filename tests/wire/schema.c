#include "schema.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "arena.h"
#include "json.h"
#include "judge.h"
#include "text.h"

static int quiet; /* inside anyOf one may fail */

static bool complain(const char *where, const char *what)
{
	if (quiet)
		return false;
	printf("# openapi: %s: %s\n", where, what);
	return false;
}

/* "#/components/schemas/x": none of our names needs the escapes of RFC 6901. */
static const struct json_value *resolve(const struct json_value *document, struct str reference)
{
	const struct json_value *at = document;
	const char *part = reference.at + 1, *end = reference.at + reference.len;

	while (at && part < end) {
		const char *next = memchr(part + 1, '/', (size_t)(end - part) - 1);
		char name[256];

		next = next ? next : end;
		snprintf(name, sizeof(name), "%.*s", (int)(next - part - 1), part + 1);
		at = json_member(at, name);
		part = next;
	}
	return at;
}

static bool is_type(struct str type, const struct json_value *value)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",     [JSON_BOOL] = "boolean", [JSON_NUMBER] = "number",
		[JSON_STRING] = "string", [JSON_ARRAY] = "array",  [JSON_OBJECT] = "object",
	};
	int64_t number;

	if (str_eq(type, STR("integer")))
		return json_kind(value) == JSON_NUMBER && str_to_i64(json_text_of(value), &number);
	return str_eq(type, str_of(names[json_kind(value)]));
}

static bool check_type(const struct json_value *type, const struct json_value *value)
{
	if (json_kind(type) == JSON_STRING)
		return is_type(json_text_of(type), value);
	for (type = json_first(type); type; type = json_next(type)) {
		if (is_type(json_text_of(type), value))
			return true;
	}
	return false;
}

static bool same(const struct json_value *a, const struct json_value *b)
{
	return json_kind(a) == json_kind(b) && str_eq(json_text_of(a), json_text_of(b));
}

static bool check_enum(const struct json_value *list, const struct json_value *value)
{
	for (list = json_first(list); list; list = json_next(list)) {
		if (same(list, value))
			return true;
	}
	return false;
}

static bool check_limit(struct str name, const struct json_value *limit,
			const struct json_value *value)
{
	double most = strtod(json_text_of(limit).at, NULL), have = 0;
	bool length = memmem(name.at, name.len, "Length", 6) != NULL;

	if (json_kind(value) != (length ? JSON_STRING : JSON_NUMBER))
		return true;
	have = length ? (double)text_length(json_text_of(value))
		      : strtod(json_text_of(value).at, NULL);
	return name.at[1] == 'i' ? have >= most : have <= most;
}

static bool check(const struct json_value *document, const struct json_value *schema,
		  const struct json_value *value, const char *where);

static bool check_members(const struct json_value *document, const struct json_value *schema,
			  const struct json_value *value, const char *where)
{
	const struct json_value *properties = json_member(schema, "properties");
	const struct json_value *closed = json_member(schema, "additionalProperties");
	bool good = true;
	char inner[512];

	for (const struct json_value *member = json_first(value); member;
	     member = json_next(member)) {
		const struct json_value *row =
			properties ? json_member(properties, json_name(member).at) : NULL;

		snprintf(inner, sizeof(inner), "%s.%s", where, json_name(member).at);
		if (row)
			good = check(document, row, member, inner) && good;
		else if (closed && json_kind(closed) == JSON_BOOL)
			good = complain(inner, "not in the document");
	}
	return good;
}

static bool check_required(const struct json_value *list, const struct json_value *value,
			   const char *where)
{
	bool good = true;

	for (list = json_first(list); list; list = json_next(list)) {
		if (!json_member(value, json_text_of(list).at)) {
			complain(where, json_text_of(list).at);
			good = complain(where, "the member above is missing");
		}
	}
	return good;
}

static bool check_items(const struct json_value *document, const struct json_value *items,
			const struct json_value *value, const char *where)
{
	bool good = true;
	char inner[512];
	size_t i = 0;

	for (value = json_first(value); value; value = json_next(value)) {
		snprintf(inner, sizeof(inner), "%s[%zu]", where, i++);
		good = check(document, items, value, inner) && good;
	}
	return good;
}

static bool check_all(const struct json_value *document, const struct json_value *list,
		      const struct json_value *value, const char *where)
{
	bool good = true;

	for (list = json_first(list); list; list = json_next(list))
		good = check(document, list, value, where) && good;
	return good;
}

static bool check_any(const struct json_value *document, const struct json_value *list,
		      const struct json_value *value)
{
	bool good = false;

	quiet++;
	for (list = json_first(list); list && !good; list = json_next(list))
		good = check(document, list, value, "");
	quiet--;
	return good;
}

/* One word of a schema; those that only tell (description, example ...) hold always. */
static bool check_word(const struct json_value *document, const struct json_value *word,
		       const struct json_value *value, const char *where)
{
	struct str name = json_name(word);

	if (str_eq(name, STR("$ref"))) {
		const struct json_value *schema = resolve(document, json_text_of(word));

		return schema ? check(document, schema, value, where)
			      : complain(where, "$ref leads nowhere");
	}
	if (str_eq(name, STR("type")))
		return check_type(word, value) || complain(where, "type");
	if (str_eq(name, STR("enum")))
		return check_enum(word, value) || complain(where, "enum");
	if (str_eq(name, STR("const")))
		return same(word, value) || complain(where, "const");
	if (str_eq(name, STR("allOf")))
		return check_all(document, word, value, where);
	if (str_eq(name, STR("anyOf")))
		return check_any(document, word, value) || complain(where, "anyOf");
	if (str_eq(name, STR("required")) && json_kind(value) == JSON_OBJECT)
		return check_required(word, value, where);
	if (str_eq(name, STR("items")) && json_kind(value) == JSON_ARRAY)
		return check_items(document, word, value, where);
	if (str_eq(name, STR("minimum")) || str_eq(name, STR("maximum")) ||
	    str_eq(name, STR("minLength")) || str_eq(name, STR("maxLength")))
		return check_limit(name, word, value) || complain(where, name.at);
	return true;
}

static bool check(const struct json_value *document, const struct json_value *schema,
		  const struct json_value *value, const char *where)
{
	bool good = true;

	for (const struct json_value *word = json_first(schema); word; word = json_next(word))
		good = check_word(document, word, value, where) && good;
	if (json_kind(value) == JSON_OBJECT)
		good = check_members(document, schema, value, where) && good;
	return good;
}

static struct str segment(struct str *path)
{
	const char *end = path->len ? memchr(path->at, '/', path->len) : NULL;
	struct str part = {path->at, end ? (size_t)(end - path->at) : path->len};

	path->at += part.len + (end != NULL);
	path->len -= part.len + (end != NULL);
	return part;
}

static bool is_digits(struct str text)
{
	size_t n = 0;

	while (n < text.len && text.at[n] >= '0' && text.at[n] <= '9')
		n++;
	return n > 0 && n == text.len;
}

/* How well a template fits: -1 not, else the number of its literal segments. */
static int fit(struct str template, struct str path)
{
	int literals = 0;

	for (int at = 0; template.len > 0 && path.len > 0; at++) {
		struct str want = segment(&template), have = segment(&path);

		/* the first one is empty: a path that begins with a parameter begins with digits */
		if (want.len > 0 && want.at[0] == '{' && (at != 1 || is_digits(have)))
			continue;
		if (want.len != have.len || strncasecmp(want.at, have.at, have.len) != 0)
			return -1;
		literals++;
	}
	return template.len == 0 && path.len == 0 ? literals : -1;
}

/* The same below any server that the path names for itself. */
static int fit_servers(const struct json_value *row, struct str path)
{
	const struct json_value *server = json_member(row, "servers");
	int best = fit(json_name(row), path);

	for (server = server ? json_first(server) : NULL; server; server = json_next(server)) {
		struct str url = json_text_of(json_member(server, "url"));
		int literals = -1;

		if (url.len > 1 && path.len > url.len && memcmp(path.at, url.at, url.len) == 0)
			literals = fit(json_name(row),
				       (struct str){path.at + url.len, path.len - url.len});
		best = literals > best ? literals : best;
	}
	return best;
}

const struct json_value *schema_path(const struct json_value *document, struct str target)
{
	const char *mark = memchr(target.at, '?', target.len);
	struct str path = {target.at, mark ? (size_t)(mark - target.at) : target.len};
	const struct json_value *best = NULL;
	int most = -1;

	if (path.len > 1 && path.at[path.len - 1] == '/')
		path.len--;
	for (const struct json_value *row = json_first(json_member(document, "paths")); row;
	     row = json_next(row)) {
		int literals = fit_servers(row, path);

		if (literals > most) {
			most = literals;
			best = row;
		}
	}
	return best;
}

static const struct json_value *response_of(const struct json_value *document,
					    const struct json_value *operation, int status)
{
	const struct json_value *response, *reference;
	char text[16];

	snprintf(text, sizeof(text), "%d", status);
	response = json_member(json_member(operation, "responses"), text);
	reference = response ? json_member(response, "$ref") : NULL;
	return reference ? resolve(document, json_text_of(reference)) : response;
}

static bool is_xml(const struct reply *reply)
{
	struct str type = reply_header(reply, STR("Content-Type"));

	return type.at && memmem(type.at, type.len, "xml", 3) != NULL;
}

bool schema_check(struct arena *arena, const struct json_value *document, struct str method,
		  struct str target, const struct reply *reply)
{
	const struct json_value *row = schema_path(document, target), *at, *body;
	const char *where;
	char name[16] = "";

	for (size_t i = 0; i < method.len && i + 1 < sizeof(name); i++)
		name[i] = (char)tolower((unsigned char)method.at[i]);
	at = row ? json_member(row, strcmp(name, "head") == 0 ? "get" : name) : NULL;
	if (!at)
		return reply->status >= 400 || reply->status == 204 ||
		       complain(name, "a success that the document does not know");
	at = response_of(document, at, reply->status);
	if (!at)
		return complain("status", "not in the document");
	at = json_member(at, "content");
	at = at ? json_member(at, "application/json") : NULL;
	at = at ? json_member(at, "schema") : NULL;
	if (!at || reply->body.len == 0 || is_xml(reply))
		return true;
	if (json_parse(arena, reply->body, &body, &where) != REASON_NONE)
		return complain("body", "no JSON");
	return check(document, at, body, "body");
}

static bool check_operation(const struct json_value *document, const struct json_value *operation)
{
	struct str id = json_text_of(json_member(operation, "operationId"));
	bool good = true;

	for (const struct json_value *response = json_first(json_member(operation, "responses"));
	     response; response = json_next(response)) {
		const struct json_value *at = json_member(response, "content");

		at = at ? json_member(at, "application/json") : NULL;
		if (at && json_member(at, "example"))
			good = check(document, json_member(at, "schema"),
				     json_member(at, "example"), id.at) &&
			       good;
	}
	return good;
}

bool schema_examples(const struct json_value *document)
{
	bool good = true;

	for (const struct json_value *row = json_first(json_member(document, "paths")); row;
	     row = json_next(row)) {
		for (const struct json_value *operation = json_first(row); operation;
		     operation = json_next(operation))
			good = (json_kind(operation) != JSON_OBJECT ||
				check_operation(document, operation)) &&
			       good;
	}
	return good;
}
