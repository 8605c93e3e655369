#include "arena.h"
#include "crypto.h"
#include "request.h"
#include "step.h"

#define REQUEST_ID_MAX 64

static bool is_visible(struct str text, size_t max)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] <= ' ' || text.at[i] > '~')
			return false;
	}
	return text.len > 0 && text.len <= max;
}

static void read_ids(struct request *request)
{
	struct str id = request_param(request, "HTTP_X_REQUEST_ID");
	struct str trace = request_param(request, "HTTP_TRACEPARENT");
	struct buf made;
	uint8_t random[16];

	if (!id.at || !is_visible(id, REQUEST_ID_MAX)) {
		crypto_random(random, sizeof(random));
		buf_init(&made, request->ctx.arena, sizeof(random) * 2);
		buf_hex(&made, random, sizeof(random));
		id = buf_done(&made);
	}
	request->ctx.request.request_id = id;
	/* W3C Trace Context: version-trace-parent-flags, 55 characters in version 00 */
	if (trace.at && trace.len == 55 && is_visible(trace, 55))
		request->ctx.request.traceparent = trace;
}

static void read_method(struct request *request)
{
	struct str name = request_param(request, "REQUEST_METHOD");

	request->method_text = name.at ? name : STR("");
	request->head = str_eq(name, STR("HEAD"));
	request->options = str_eq(name, STR("OPTIONS"));
	if (request->head)
		name = STR("GET");
	request->known_method = method_parse(name, &request->method);
}

static enum reason read_target(struct request *request)
{
	struct str target = request_param(request, "REQUEST_URI");
	const char *mark = target.at ? memchr(target.at, '?', target.len) : NULL;

	request->path_text = target.at ? target : STR("");
	request->query_text = STR("");
	if (mark) {
		request->path_text.len = (size_t)(mark - target.at);
		request->query_text =
			(struct str){mark + 1, target.len - request->path_text.len - 1};
	}
	return path_split(request->ctx.arena, request->path_text, &request->path);
}

/* Errors that nginx found by itself reach us by its error_page, in this parameter. */
static enum outcome read_nginx_error(struct request *request)
{
	static const struct {
		int64_t status;
		enum outcome outcome;
		enum reason reason;
	} known[] = {
		{413, OUTCOME_TOO_LARGE, REASON_TOO_LONG},
		{414, OUTCOME_TOO_LARGE, REASON_TOO_LONG},
		{429, OUTCOME_THROTTLED, REASON_ATTEMPTS},
		{400, OUTCOME_INVALID, REASON_MALFORMED},
		{404, OUTCOME_NO_ROUTE, REASON_NONE},
	};
	struct str text = request_param(request, "KARTOTEKA_ERROR");
	int64_t status;

	if (!text.at || text.len == 0)
		return OUTCOME_OK;
	if (str_to_i64(text, &status)) {
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
			if (known[i].status == status)
				return request_fail(request, known[i].outcome, "request",
						    known[i].reason);
		}
	}
	return request_fail(request, OUTCOME_BUSY, NULL, REASON_DATABASE);
}

enum outcome step_read(struct request *request)
{
	const struct exchange *exchange = request->exchange;
	struct request_info *info = &request->ctx.request;
	size_t n_dialects;
	const struct dialect *const *list = router_dialects(request->host->router, &n_dialects);
	enum reason reason;
	enum outcome outcome;

	read_ids(request);
	read_method(request);
	reason = read_target(request);
	request->dialect =
		dialect_of_path(list, n_dialects, request->path.segment, request->path.n);
	request->language = dialect_language(request->dialect,
					     exchange_param(exchange, "HTTP_ACCEPT_LANGUAGE"));
	request->media = media_wanted(request_param(request, "HTTP_ACCEPT"),
				      request->dialect->xml_error != NULL);
	info->address = request_param(request, "REMOTE_ADDR");
	info->tls = str_eq(request_param(request, "HTTPS"), STR("on"));
	outcome = read_nginx_error(request);
	if (outcome != OUTCOME_OK)
		return outcome;
	if (reason != REASON_NONE)
		return request_fail(request, OUTCOME_INVALID, "path", reason);
	if (exchange->body_too_large)
		return request_fail(request, OUTCOME_TOO_LARGE, "body", REASON_TOO_LONG);
	if (exchange->body_short)
		return request_fail(request, OUTCOME_INVALID, "body", REASON_MALFORMED);
	return OUTCOME_OK;
}
