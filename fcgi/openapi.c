#include "openapi.h"

#include <string.h>

#include "arena.h"
#include "dialect.h"
#include "json.h"
#include "openapi_schema.h"
#include "operation.h"
#include "principal.h"

struct document {
	struct buf buf;
	struct components components;
	const struct endpoint *endpoints;
	size_t n;
};

static void put_text(struct buf *buf, const char *name, const char *text)
{
	json_put_comma(buf);
	buf_printf(buf, "\"%s\":", name);
	json_put_string(buf, str_of(text));
}

/* "/organization/card/{id}" POST -> "organization_card_add", numbered where an operation serves
 * several rows. */
static void put_operation_id(struct document *document, const struct endpoint *endpoint)
{
	size_t twins = 0;

	for (const struct endpoint *other = document->endpoints; other < endpoint; other++)
		twins += other->dialect == endpoint->dialect && other->op == endpoint->op;
	buf_printf(&document->buf, "\"operationId\":\"%s_%s", endpoint->dialect->name,
		   endpoint->op->name);
	if (twins > 0)
		buf_printf(&document->buf, "_%zu", twins + 1);
	buf_char(&document->buf, '"');
}

static void put_parameter(struct document *document, const struct endpoint *endpoint, size_t index,
			  const char *in, bool required)
{
	const struct codec_field *at = &endpoint->in->fields[index];
	struct buf *buf = &document->buf;

	json_put_comma(buf);
	buf_char(buf, '{');
	put_text(buf, "name", at->field->wire);
	put_text(buf, "in", in);
	buf_printf(buf, ",\"required\":%s,\"schema\":", required ? "true" : "false");
	schema_put_field(buf, &document->components, endpoint->dialect, endpoint->in, index,
			 SCHEMA_IN);
	buf_char(buf, '}');
}

static void put_parameters(struct document *document, const struct endpoint *endpoint)
{
	static const char *const in[] = {
		[FROM_PATH] = "path", [FROM_QUERY] = "query", [FROM_HEADER] = "header"};
	struct buf *buf = &document->buf;

	buf_text(buf, ",\"parameters\":[");
	for (size_t i = 0; endpoint->in && i < endpoint->in->n; i++) {
		const struct field *field = endpoint->in->fields[i].field;

		if (field->from != FROM_BODY)
			put_parameter(document, endpoint, i, in[field->from],
				      field->from == FROM_PATH || (field->flags & F_REQUIRED));
		else if (field->flags & F_QUERY_TOO)
			put_parameter(document, endpoint, i, "query", false);
	}
	if (endpoint->op->mutates && !(endpoint->route->flags & ROUTE_NO_IDEMPOTENCY)) {
		json_put_comma(buf);
		buf_text(buf, "{\"$ref\":\"#/components/parameters/Idempotency-Key\"}");
	}
	buf_char(buf, ']');
}

static bool reads_body(const struct endpoint *endpoint)
{
	for (size_t i = 0; endpoint->in && i < endpoint->in->n; i++) {
		if (endpoint->in->fields[i].field->from == FROM_BODY)
			return endpoint->route->method != METHOD_GET;
	}
	return false;
}

static bool needs_body(const struct endpoint *endpoint)
{
	for (size_t i = 0; i < endpoint->in->n; i++) {
		const struct field *field = endpoint->in->fields[i].field;

		if (field->from == FROM_BODY && (field->flags & F_REQUIRED) &&
		    !(field->flags & F_QUERY_TOO))
			return true;
	}
	return false;
}

static void put_example(struct buf *buf, const char *example)
{
	if (example)
		buf_printf(buf, ",\"example\":%s", example);
}

/* Media types of a dialect's bodies, each with the schema that `put` writes; `example` is JSON. */
static void put_content(struct document *document, const struct endpoint *endpoint,
			void (*put)(struct document *document, const struct endpoint *endpoint),
			const char *example)
{
	static const char *const types[] = {"application/json", "text/json", "application/xml",
					    "text/xml"};
	bool xml = endpoint->dialect->xml_error;

	buf_text(&document->buf, ",\"content\":{");
	for (size_t i = 0; i < (xml ? sizeof(types) / sizeof(types[0]) : 1); i++) {
		json_put_comma(&document->buf);
		buf_printf(&document->buf, "\"%s\":{\"schema\":", types[i]);
		put(document, endpoint);
		put_example(&document->buf, i == 0 ? example : NULL);
		buf_char(&document->buf, '}');
	}
	buf_char(&document->buf, '}');
}

static void put_request_schema(struct document *document, const struct endpoint *endpoint)
{
	schema_put_reference(&document->buf, &document->components, endpoint->dialect, endpoint->in,
			     SCHEMA_IN);
}

static void put_request(struct document *document, const struct endpoint *endpoint)
{
	if (!reads_body(endpoint))
		return;
	buf_printf(&document->buf, ",\"requestBody\":{\"required\":%s",
		   needs_body(endpoint) ? "true" : "false");
	put_content(document, endpoint, put_request_schema, endpoint->route->doc->example_in);
	buf_char(&document->buf, '}');
}

/* Envelope and members of a success, closed: what the document does not show is not sent. */
static void put_success_schema(struct document *document, const struct endpoint *endpoint)
{
	const struct dialect *dialect = endpoint->dialect;
	struct buf *buf = &document->buf;

	buf_printf(buf, "{\"type\":\"object\",\"required\":[%s", dialect->envelope_required);
	if (endpoint->out)
		schema_put_required(buf, endpoint->out, SCHEMA_OUT);
	buf_printf(buf, "],\"properties\":{%s", dialect->envelope_schema);
	if (endpoint->out)
		schema_put_properties(buf, &document->components, dialect, endpoint->out,
				      SCHEMA_OUT);
	buf_text(buf, "},\"additionalProperties\":false}");
}

/* The rows alone; or what a row of scalars says instead of them. */
static void put_bare_schema(struct document *document, const struct endpoint *endpoint)
{
	struct buf *buf = &document->buf;

	buf_text(buf, "{\"type\":\"array\",\"items\":{\"anyOf\":[");
	for (size_t i = 0; i < endpoint->out->n; i++) {
		const struct codec_field *at = &endpoint->out->fields[i];

		if (at->field->from == FROM_HEADER)
			continue;
		json_put_comma(buf);
		if (at->nested) {
			schema_put_reference(buf, &document->components, endpoint->dialect,
					     at->nested, SCHEMA_OUT);
			continue;
		}
		buf_text(buf, "{\"type\":\"object\",\"properties\":{");
		json_put_string(buf, at->name);
		buf_printf(buf, ":{%s}},\"additionalProperties\":false}", at->form->schema_out);
	}
	buf_text(buf, "]}}");
}

static void put_headers(struct document *document, const struct endpoint *endpoint)
{
	struct buf *buf = &document->buf;
	bool any = false;

	for (size_t i = 0; endpoint->out && i < endpoint->out->n; i++) {
		const struct codec_field *at = &endpoint->out->fields[i];

		if (at->field->from != FROM_HEADER)
			continue;
		buf_printf(buf, "%s\"%s\":{\"schema\":{%s}}", any ? "," : ",\"headers\":{",
			   at->field->wire, at->form->schema_out);
		any = true;
	}
	buf_text(buf, any ? "}" : "");
}

static void put_success(struct document *document, const struct endpoint *endpoint)
{
	struct buf *buf = &document->buf;

	buf_printf(buf, "\"%d\":{\"description\":\"done\"", endpoint->route->ok);
	put_headers(document, endpoint);
	if (endpoint->route->flags & ROUTE_RAW) {
		buf_text(buf, ",\"content\":{\"*/*\":{}}}");
		return;
	}
	put_content(document, endpoint,
		    endpoint->route->flags & ROUTE_BARE ? put_bare_schema : put_success_schema,
		    endpoint->route->doc->example_out);
	buf_char(buf, '}');
}

/* Can this row end so? */
static bool may_end(const struct endpoint *endpoint, enum outcome outcome)
{
	const struct route *route = endpoint->route;

	switch (outcome) {
	case OUTCOME_OK:
	case OUTCOME_NO_ROUTE:
	case OUTCOME_BAD_METHOD:
	case OUTCOME__MAX:
		return false;
	case OUTCOME_UNAUTHENTICATED:
	case OUTCOME_DENIED:
		return !(route->flags & ROUTE_PUBLIC) || route->method != METHOD_GET;
	case OUTCOME_TAKEN:
	case OUTCOME_CONFLICT:
	case OUTCOME_INSUFFICIENT:
	case OUTCOME_MISMATCH:
	case OUTCOME_RUNNING:
	case OUTCOME_STALE:
		return endpoint->op->mutates;
	case OUTCOME_INVALID:
	case OUTCOME_NOT_FOUND:
	case OUTCOME_THROTTLED:
	case OUTCOME_BUSY:
	case OUTCOME_UNCERTAIN:
	case OUTCOME_INTERNAL:
	case OUTCOME_TOO_LARGE:
	case OUTCOME_BAD_MEDIA:
		break;
	}
	return true;
}

static void put_responses(struct document *document, const struct endpoint *endpoint)
{
	struct buf *buf = &document->buf;
	short seen[OUTCOME__MAX];
	size_t n = 0;

	buf_text(buf, ",\"responses\":{");
	put_success(document, endpoint);
	if (endpoint->route->method == METHOD_GET)
		buf_text(buf, ",\"304\":{\"description\":\"If-None-Match names the state\"}");
	for (enum outcome i = OUTCOME_OK; i < OUTCOME__MAX; i++) {
		short http = endpoint->dialect->status(i, REASON_NONE).http;
		size_t j = 0;

		while (j < n && seen[j] != http)
			j++;
		if (j < n || !may_end(endpoint, i))
			continue;
		seen[n++] = http;
		buf_printf(buf, ",\"%d\":{\"$ref\":\"#/components/responses/%s.%d\"}", http,
			   endpoint->dialect->name, http);
	}
	buf_char(buf, '}');
}

static void put_scopes(struct document *document, const struct endpoint *endpoint)
{
	struct buf *buf = &document->buf, words;

	if (endpoint->route->flags & ROUTE_PUBLIC) {
		buf_text(buf, ",\"security\":[]");
		return;
	}
	buf_init(&words, buf->arena, 128);
	buf_text(&words, "Scopes: ");
	scope_print(endpoint->route->scope, &words);
	if (endpoint->route->scope == 0)
		buf_text(&words, "none");
	if (endpoint->route->flags & ROUTE_CLIENT)
		buf_text(&words, ". Also for tokens of role client");
	buf_char(&words, '.');
	if (endpoint->route->doc->description)
		buf_printf(&words, " %s", endpoint->route->doc->description);
	put_text(buf, "description", buf_done(&words).at);
}

static void put_operation(struct document *document, const struct endpoint *endpoint)
{
	static const char *const names[] = {[METHOD_GET] = "get",
					    [METHOD_POST] = "post",
					    [METHOD_PUT] = "put",
					    [METHOD_DELETE] = "delete",
					    [METHOD_PATCH] = "patch"};
	struct buf *buf = &document->buf;

	json_put_comma(buf);
	buf_printf(buf, "\"%s\":{", names[endpoint->route->method]);
	put_operation_id(document, endpoint);
	put_text(buf, "summary", endpoint->route->doc->summary);
	buf_text(buf, ",\"tags\":[");
	json_put_string(buf, str_of(endpoint->route->doc->tag));
	buf_char(buf, ']');
	put_scopes(document, endpoint);
	put_parameters(document, endpoint);
	put_request(document, endpoint);
	put_responses(document, endpoint);
	buf_char(buf, '}');
}

static bool is_first_of_path(const struct document *document, const struct endpoint *endpoint)
{
	for (const struct endpoint *other = document->endpoints; other < endpoint; other++) {
		if (strcmp(other->route->path, endpoint->route->path) == 0)
			return false;
	}
	return true;
}

static void put_paths(struct document *document)
{
	const struct endpoint *end = document->endpoints + document->n;
	struct buf *buf = &document->buf;

	for (const struct endpoint *first = document->endpoints; first < end; first++) {
		if (!is_first_of_path(document, first))
			continue;
		json_put_comma(buf);
		json_put_string(buf, str_of(first->route->path));
		buf_text(buf, ":{");
		if (first->dialect->alias)
			buf_printf(buf, "\"servers\":[{\"url\":\"/\"},{\"url\":\"%s\"}]",
				   first->dialect->alias);
		for (const struct endpoint *at = first; at < end; at++) {
			if (strcmp(at->route->path, first->route->path) == 0)
				put_operation(document, at);
		}
		buf_char(buf, '}');
	}
}

static void put_error_text(struct buf *buf, const struct dialect *dialect, short http)
{
	const char *lead = "";

	for (enum outcome i = OUTCOME_INVALID; i < OUTCOME__MAX; i++) {
		struct dialect_status status = dialect->status(i, REASON_NONE);

		if (status.http != http)
			continue;
		buf_text(buf, lead);
		if (status.code)
			buf_printf(buf, "%d: ", status.code);
		buf_text(buf, outcome_text(i));
		lead = "; ";
	}
}

static void put_error_content(struct buf *buf, const struct dialect *dialect, const char *type)
{
	json_put_comma(buf);
	buf_printf(buf, "\"%s\":{\"schema\":{\"$ref\":\"#/components/schemas/%s.Error\"}}", type,
		   dialect->name);
}

/* One response component per status of a dialect, its codes told in words. */
static void put_errors(struct buf *buf, const struct dialect *dialect)
{
	for (short http = 400; http < 600; http++) {
		struct buf words;

		buf_init(&words, buf->arena, 256);
		put_error_text(&words, dialect, http);
		if (words.len == 0)
			continue;
		json_put_comma(buf);
		buf_printf(buf, "\"%s.%d\":{", dialect->name, http);
		put_text(buf, "description", buf_done(&words).at);
		buf_text(buf, ",\"content\":{");
		put_error_content(buf, dialect, "application/json");
		if (dialect->xml_error)
			put_error_content(buf, dialect, "application/xml");
		buf_text(buf, "}}");
	}
}

static void put_components(struct document *document, const struct dialect *const *list, size_t n)
{
	struct buf *buf = &document->buf;

	buf_text(buf,
		 "},\"components\":{\"securitySchemes\":{"
		 "\"token\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"token\"},"
		 "\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"JWT\"}},"
		 "\"parameters\":{\"Idempotency-Key\":{\"name\":\"Idempotency-Key\","
		 "\"in\":\"header\",\"description\":\"A repeat under the same key answers as "
		 "the first request did.\",\"schema\":{\"type\":\"string\",\"minLength\":1,"
		 "\"maxLength\":255}}},\"responses\":{");
	for (size_t i = 0; i < n; i++)
		put_errors(buf, list[i]);
	buf_text(buf, "},\"schemas\":{");
	for (size_t i = 0; i < n; i++) {
		json_put_comma(buf);
		buf_printf(buf, "\"%s.Error\":%s", list[i]->name, list[i]->error_schema);
		if (list[i]->schemas)
			buf_printf(buf, ",%s", list[i]->schemas);
	}
	schema_put_components(buf, &document->components);
	buf_text(buf, "}}}");
}

/* The dialects, and what holds for all routes. */
static void put_info(struct buf *buf, const struct dialect *const *list, size_t n)
{
	struct buf words;

	buf_init(&words, buf->arena, 1024);
	for (size_t i = 0; i < n; i++)
		buf_printf(&words, "%s: %s. ", list[i]->name, list[i]->title);
	buf_text(&words,
		 "X-Request-Id is taken from the request or made, and answered. A GET that "
		 "answers ETag takes If-None-Match; a change of that object takes If-Match.");
	buf_text(buf, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Kartoteka\",\"version\":"
		      "\"" KARTOTEKA_VERSION "\",\"license\":{\"name\":\"Apache-2.0\"}");
	put_text(buf, "description", buf_done(&words).at);
	buf_char(buf, '}');
}

struct str openapi_make(struct arena *arena, const struct router *router)
{
	struct document document = {.components = {.arena = arena}};
	struct buf *buf = &document.buf;
	size_t n_dialects;
	const struct dialect *const *list = router_dialects(router, &n_dialects);

	document.endpoints = router_endpoints(router, &document.n);
	buf_init(buf, arena, (size_t)1 << 18);
	put_info(buf, list, n_dialects);
	buf_text(buf, ",\"servers\":[{\"url\":\"/\"}],"
		      "\"security\":[{\"token\":[]},{\"bearer\":[]}],\"paths\":{");
	put_paths(&document);
	put_components(&document, list, n_dialects);
	return buf_done(buf);
}
