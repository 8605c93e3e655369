#include <stdio.h>

#include "arena.h"
#include "codec_xml.h"
#include "config.h"
#include "request.h"
#include "settings.h"
#include "step.h"
#include "zone.h"

#define HEADERS_MAX 1024

const char *status_text(int status)
{
	static const struct {
		int status;
		const char *text;
	} known[] = {
		{200, "OK"},
		{201, "Created"},
		{204, "No Content"},
		{304, "Not Modified"},
		{400, "Bad Request"},
		{401, "Unauthorized"},
		{403, "Forbidden"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{409, "Conflict"},
		{412, "Precondition Failed"},
		{413, "Content Too Large"},
		{415, "Unsupported Media Type"},
		{422, "Unprocessable Content"},
		{429, "Too Many Requests"},
		{500, "Internal Server Error"},
		{503, "Service Unavailable"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].status == status)
			return known[i].text;
	}
	return "Unknown";
}

struct str answer_success(struct request *request, const void *out)
{
	const struct endpoint *endpoint = request->match.endpoint;
	struct buf body;

	if (request->ctx.settings)
		zone_enter(request->ctx.settings->timezone);
	buf_init(&body, request->ctx.arena, 2048);
	if (request->media == MEDIA_XML && endpoint->out) {
		xml_write(&body, endpoint->out, out);
		return buf_done(&body);
	}
	if (endpoint->route->flags & ROUTE_BARE) {
		codec_write_bare(&body, endpoint->out, out, request->chosen);
		return buf_done(&body);
	}
	request->dialect->open(&body, request->language);
	if (endpoint->out)
		codec_write_members(&body, endpoint->out, out);
	request->dialect->close(&body);
	return buf_done(&body);
}

void answer_make(void *arg, enum err outcome, const void *out, struct answer *answer_r)
{
	struct request *request = arg;

	if (outcome != ERR_OK) {
		answer_failure(request, outcome_of(outcome), answer_r);
		return;
	}
	answer_r->status = request->match.endpoint->route->ok;
	answer_r->body = answer_success(request, out);
}

bool cors_allows(const struct request *request)
{
	struct str origin = request_param(request, "HTTP_ORIGIN");
	struct str list = request->ctx.config ? request->ctx.config->cors_origins : STR("");
	const char *at = list.at, *end = list.at + list.len;

	while (origin.at && origin.len > 0 && at < end) {
		const char *space = memchr(at, ' ', (size_t)(end - at));
		size_t len = space ? (size_t)(space - at) : (size_t)(end - at);

		if (str_eq((struct str){at, len}, origin))
			return true;
		at += len + (space != NULL);
	}
	return false;
}

static void put_methods(struct buf *buf, const char *header, unsigned allowed)
{
	const char *comma = "";

	buf_text(buf, header);
	for (size_t i = 0; i < METHOD__MAX; i++) {
		if (!(allowed & 1U << i))
			continue;
		buf_printf(buf, "%s%s", comma, method_name((enum method)i));
		comma = ", ";
	}
	buf_text(buf, allowed & 1U << METHOD_GET ? ", HEAD\r\n" : "\r\n");
}

static void put_cors(struct buf *buf, const struct request *request)
{
	buf_printf(buf, "Access-Control-Allow-Origin: %s\r\nVary: Origin\r\n",
		   request_param(request, "HTTP_ORIGIN").at);
	if (!request->response.preflight) {
		buf_text(buf, "Access-Control-Expose-Headers: ETag, Retry-After, X-Request-Id, "
			      "X-Total-Count, Idempotent-Replayed\r\n");
		return;
	}
	put_methods(buf, "Access-Control-Allow-Methods: ", request->match.allowed);
	buf_text(buf, "Access-Control-Allow-Headers: Authorization, token, Content-Type, "
		      "Accept-Language, Idempotency-Key, If-Match, If-None-Match, X-Request-Id, "
		      "traceparent\r\nAccess-Control-Max-Age: 600\r\n");
}

static void put_header(struct buf *buf, const char *name, struct str value)
{
	buf_text(buf, name);
	buf_str(buf, value);
	buf_put(buf, "\r\n", 2);
}

static void put_rare_headers(struct buf *buf, const struct request *request)
{
	const struct response *response = &request->response;

	if (response->status == 405)
		put_methods(buf, "Allow: ", request->match.allowed);
	if (response->status == 401)
		buf_text(buf, request->dialect->flags & DIALECT_BASIC
				      ? "WWW-Authenticate: Bearer, Basic realm=\"kartoteka\"\r\n"
				      : "WWW-Authenticate: Bearer\r\n");
	if (response->retry_after_s > 0)
		buf_printf(buf, "Retry-After: %d\r\n", response->retry_after_s);
	if (response->replayed)
		buf_text(buf, "Idempotent-Replayed: true\r\n");
	if (cors_allows(request))
		put_cors(buf, request);
}

void answer_send(struct request *request)
{
	const struct response *response = &request->response;
	struct buf buf;

	buf_init(&buf, request->ctx.arena, HEADERS_MAX + response->body.len);
	buf_text(&buf, "Status: ");
	buf_i64(&buf, response->status);
	buf_char(&buf, ' ');
	buf_text(&buf, status_text(response->status));
	buf_text(&buf, "\r\nCache-Control: no-store\r\n");
	put_header(&buf, "X-Request-Id: ", request->ctx.request.request_id);
	if (response->etag.at)
		put_header(&buf, "ETag: ", response->etag);
	buf_str(&buf, response->headers);
	put_rare_headers(&buf, request);
	if (response->file.at)
		put_header(&buf, "X-Accel-Redirect: /_kartoteka_file/", response->file);
	if (response->content_type)
		put_header(&buf, "Content-Type: ", str_of(response->content_type));
	if (response->content_type && !response->file.at) {
		buf_text(&buf, "Content-Length: ");
		buf_i64(&buf, (int64_t)response->body.len);
		buf_put(&buf, "\r\n", 2);
	}
	buf_put(&buf, "\r\n", 2);
	if (!request->head)
		buf_str(&buf, response->body);
	exchange_answer(request->exchange, buf.at, buf.len);
}
