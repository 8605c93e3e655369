#include "arena.h"
#include "codec_xml.h"
#include "crypto.h"
#include "json.h"
#include "operation.h"
#include "request.h"
#include "step.h"
#include "text.h"

#define IDEMPOTENCY_KEY_MAX 255

static bool decode_path(struct request *request, struct decode *decode)
{
	const struct endpoint *endpoint = request->match.endpoint;

	for (size_t i = 0; i < endpoint->n_params; i++) {
		size_t at = codec_find(decode->codec, str_of(endpoint->param[i]), 1U << FROM_PATH);

		if (!decode_text(decode, at, request->match.param[i]))
			return false;
	}
	return true;
}

/* A body field may come in the query too where its row says so. */
static bool takes_query(const struct codec *codec, struct str name, size_t *index_r)
{
	*index_r = codec_find(codec, name, 1U << FROM_QUERY);
	if (*index_r < codec->n)
		return true;
	*index_r = codec_find(codec, name, 1U << FROM_BODY);
	return *index_r < codec->n && (codec->fields[*index_r].field->flags & F_QUERY_TOO);
}

static bool decode_query(struct request *request, struct decode *decode)
{
	struct query query;
	struct str where;
	enum reason reason = query_parse(request->ctx.arena, request->query_text, &query, &where);
	size_t index;

	if (reason != REASON_NONE)
		return decode_fail(decode, reason, where);
	for (size_t i = 0; i < query.n; i++) {
		if (takes_query(decode->codec, query.params[i].name, &index) &&
		    !decode_text(decode, index, query.params[i].value))
			return false;
	}
	return true;
}

static bool decode_headers(struct request *request, struct decode *decode)
{
	for (size_t i = 0; i < decode->codec->n; i++) {
		const struct codec_field *at = &decode->codec->fields[i];
		struct str value;

		if (!at->cgi_name)
			continue;
		value = request_param(request, at->cgi_name);
		if (!value.at)
			continue;
		if (!text_is_utf8(value))
			return decode_fail(decode, REASON_NOT_UTF8, at->name);
		if (!decode_text(decode, i, value))
			return false;
	}
	return true;
}

static bool decode_json_body(struct request *request, struct decode *decode)
{
	const struct json_value *root;
	const char *where;
	enum reason reason = json_parse(request->ctx.arena, request->exchange->body, &root, &where);

	if (reason != REASON_NONE)
		return decode_fail(decode, reason, str_of(where));
	if (json_kind(root) != JSON_OBJECT)
		return decode_fail(decode, REASON_NOT_OBJECT, STR("body"));
	return decode_json(decode, root);
}

static bool decode_xml_body(struct request *request, struct decode *decode)
{
	const struct xml_node *root;
	struct str where;
	enum reason reason;

	if (request->exchange->body.len > XML_BODY_MAX) {
		decode_fail(decode, REASON_TOO_LONG, STR("body"));
		decode->outcome = OUTCOME_TOO_LARGE;
		return false;
	}
	reason = xml_parse(request->ctx.arena, request->exchange->body, &root, &where);
	if (reason != REASON_NONE)
		return decode_fail(decode, reason, where);
	return decode_xml(decode, root);
}

static bool decode_body(struct request *request, struct decode *decode)
{
	if (request->exchange->body.len == 0 || request->method == METHOD_GET)
		return true;
	return request->body_media == MEDIA_XML ? decode_xml_body(request, decode)
						: decode_json_body(request, decode);
}

/* A route without an in-map reads nothing, yet a broken query or body is told. */
static const struct codec nothing_codec = {
	.map = &(const struct map){.name = "Nothing", .size = sizeof(struct nothing)},
};

static enum outcome decode_in(struct request *request)
{
	const struct codec *codec = request->match.endpoint->in;
	struct decode decode;

	decode_init(&decode, request->ctx.arena, codec ? codec : &nothing_codec);
	request->in = decode.in;
	if (decode_path(request, &decode) && decode_query(request, &decode) &&
	    decode_headers(request, &decode) && decode_body(request, &decode) &&
	    decode_done(&decode)) {
		request->chosen = decode.chosen;
		return OUTCOME_OK;
	}
	return request_fail(request, decode.outcome, str_dup(request->ctx.arena, decode.where).at,
			    decode.reason);
}

static void put_part(struct buf *buf, struct str part)
{
	buf_i64(buf, (int64_t)part.len);
	buf_char(buf, ':');
	buf_str(buf, part);
}

/* Same principal, same request: what an Idempotency-Key stands for. */
static void take_fingerprint(struct request *request)
{
	struct buf buf;

	buf_init(&buf, request->ctx.arena, request->exchange->body.len + 512);
	put_part(&buf, request->ctx.principal.subject);
	put_part(&buf, request->method_text);
	put_part(&buf, request->path_text);
	put_part(&buf, request->query_text);
	put_part(&buf, request->exchange->body);
	sha256(buf.at, buf.len, request->ctx.request.fingerprint);
}

static enum outcome take_key(struct request *request)
{
	struct str key = request_param(request, "HTTP_IDEMPOTENCY_KEY");

	if (!key.at || (request->match.endpoint->route->flags & ROUTE_NO_IDEMPOTENCY))
		return OUTCOME_OK;
	if (key.len > IDEMPOTENCY_KEY_MAX)
		return request_fail(request, OUTCOME_INVALID, "Idempotency-Key", REASON_TOO_LONG);
	for (size_t i = 0; i < key.len; i++) {
		if (key.at[i] <= ' ' || key.at[i] > '~')
			return request_fail(request, OUTCOME_INVALID, "Idempotency-Key",
					    REASON_MALFORMED);
	}
	if (key.len == 0)
		return request_fail(request, OUTCOME_INVALID, "Idempotency-Key", REASON_MALFORMED);
	request->ctx.request.idempotency_key = key;
	take_fingerprint(request);
	return OUTCOME_OK;
}

static bool takes_body(struct request *request)
{
	return media_parse(request_param(request, "CONTENT_TYPE"), &request->body_media) &&
	       (request->body_media == MEDIA_JSON || request->dialect->xml_error);
}

enum outcome step_decode(struct request *request)
{
	struct str if_match = request_param(request, "HTTP_IF_MATCH");
	enum outcome outcome = OUTCOME_OK;

	if (request->exchange->body.len > 0 && !takes_body(request))
		return request_fail(request, OUTCOME_BAD_MEDIA, "Content-Type",
				    REASON_UNKNOWN_VALUE);
	if (request->match.endpoint->op->mutates)
		outcome = take_key(request);
	if (outcome != OUTCOME_OK)
		return outcome;
	if (if_match.at)
		request->ctx.matches = etag_matches;
	return decode_in(request);
}
