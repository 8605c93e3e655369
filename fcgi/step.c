#include "step.h"

#include "arena.h"
#include "config.h"
#include "log.h"
#include "metrics.h"
#include "operation.h"
#include "principal.h"
#include "request.h"

static const struct step {
	const char *name;
	enum outcome (*run)(struct request *request);
} steps[] = {
#define X(name) {#name, step_##name},
	STEP_LIST(X)
#undef X
};

enum outcome request_fail(struct request *request, enum outcome outcome, const char *wire,
			  enum reason reason)
{
	request->ctx.detail.reason = reason;
	request->ctx.detail.member = wire;
	request->member_is_wire = true;
	return outcome;
}

enum outcome step_route(struct request *request)
{
	struct match *match = &request->match;
	const struct path *path = &request->path;
	size_t alias = dialect_alias(request->dialect, path->segment, path->n);

	*match = router_match(request->host->router, request->dialect, request->method,
			      path->segment + alias, path->n - alias);
	if (!match->allowed)
		return OUTCOME_NO_ROUTE;
	if (request->options && cors_allows(request)) {
		request->response = (struct response){.status = 204, .preflight = true};
		return OUTCOME_OK;
	}
	return match->endpoint && request->known_method ? OUTCOME_OK : OUTCOME_BAD_METHOD;
}

enum outcome step_scope(struct request *request)
{
	const struct route *route = request->match.endpoint->route;
	const struct principal *who = &request->ctx.principal;

	if (route->flags & ROUTE_PUBLIC)
		return OUTCOME_OK;
	if (who->role == ROLE_CLIENT && !(route->flags & ROUTE_CLIENT))
		return request_fail(request, OUTCOME_DENIED, NULL, REASON_ROLE);
	if ((who->scopes & route->scope) != route->scope)
		return request_fail(request, OUTCOME_DENIED, NULL, REASON_SCOPE);
	return OUTCOME_OK;
}

static enum outcome run_mutation(struct request *request, const struct endpoint *endpoint)
{
	struct answer answer = {0};
	enum err err = request->host->mutate(&request->ctx, endpoint->op, request->in, request->out,
					     answer_make, request, &answer);

	if (answer.status == 0)
		return err == ERR_OK ? OUTCOME_INTERNAL : outcome_of(err);
	request->response.status = answer.status;
	request->response.body = answer.body;
	request->response.content_type = media_type(media_of_answer(answer.body));
	request->response.replayed = answer.replayed;
	return OUTCOME_OK;
}

enum outcome step_run(struct request *request)
{
	const struct endpoint *endpoint = request->match.endpoint;
	enum outcome outcome;

	request->out = arena_alloc(request->ctx.arena, endpoint->op->out_size);
	if (endpoint->op->mutates)
		return run_mutation(request, endpoint);
	outcome = outcome_of(endpoint->op->run(&request->ctx, request->in, request->out));
	if (outcome == OUTCOME_OK && request->dialect->verdict)
		outcome = request->dialect->verdict(request);
	return outcome;
}

static void encode_raw(struct request *request)
{
	const struct raw *raw = request->out;

	request->response.body = raw->body;
	request->response.file = raw->file;
	request->response.content_type = raw->content_type;
}

static void put_own_headers(struct request *request)
{
	struct buf buf;

	if (!request->match.endpoint->out)
		return;
	buf_init(&buf, request->ctx.arena, 64);
	codec_write_headers(&buf, request->match.endpoint->out, request->out);
	request->response.headers = buf_done(&buf);
}

enum outcome step_encode(struct request *request)
{
	const struct route *route = request->match.endpoint->route;
	struct response *response = &request->response;
	struct str if_none_match = request_param(request, "HTTP_IF_NONE_MATCH");

	response->status = route->ok;
	if (request->ctx.state.at)
		response->etag = etag_make(request, request->ctx.state);
	if (response->etag.at && if_none_match.at &&
	    etag_listed(if_none_match, response->etag, true)) {
		response->status = 304;
		return OUTCOME_OK;
	}
	if (route->flags & ROUTE_RAW) {
		encode_raw(request);
		return OUTCOME_OK;
	}
	put_own_headers(request);
	response->body = answer_success(request, request->out);
	response->content_type = media_type(request->media);
	return OUTCOME_OK;
}

/* Every failure, of whatever step, ends here. */
static void fail(struct request *request, enum outcome outcome)
{
	struct answer answer = {0};

	answer_failure(request, outcome, &answer);
	request->response = (struct response){
		.status = answer.status,
		.body = answer.body,
		.content_type = media_type(request->media),
		.retry_after_s = request->ctx.detail.retry_after_s,
	};
}

/* No personal data: the row's path, never the request's. What a request does not have is left out.
 */
static void log_request(const struct request *request, int64_t duration_us, int64_t database_us)
{
	const struct endpoint *endpoint = request->match.endpoint;
	const char *trace = request->ctx.request.traceparent.at;
	struct log_pair pairs[] = {
		{"request_id", request->ctx.request.request_id.at, 0},
		{"dialect", request->dialect->name, 0},
		{"method", request->known_method ? method_name(request->method) : "?", 0},
		{"route", endpoint ? endpoint->route->path : "", 0},
		{"status", NULL, request->response.status},
		{"organisation_id", NULL, ctx_organisation(&request->ctx)},
		{"duration_us", NULL, duration_us},
		{"database_us", NULL, database_us},
		{0},
		{0},
		{0},
	};
	size_t n = sizeof(pairs) / sizeof(pairs[0]) - 3;

	if (request->outcome != OUTCOME_OK)
		pairs[n++] = (struct log_pair){"outcome", outcome_text(request->outcome), 0};
	if (trace)
		pairs[n] = (struct log_pair){"traceparent", trace, 0};
	log_event(request->response.status >= 500 ? LOG_ERROR_ : LOG_INFO_, "request", pairs);
}

/* What the request did to database and books, in the figures of all workers. */
static struct session_cost account_cost(const struct request *request)
{
	struct session_cost cost = {0};

	if (request->host->cost)
		cost = request->host->cost();
	metrics_count(METRIC_DB_ERRORS, 0, (uint64_t)cost.errors);
	metrics_count(METRIC_DB_RETRIES, 0, (uint64_t)cost.retries);
	for (size_t kind = 0; request->response.status < 300 && kind < CTX_POSTED_KINDS; kind++) {
		if (request->ctx.posted[kind])
			metrics_count(METRIC_POSTINGS, kind, request->ctx.posted[kind]);
	}
	return cost;
}

static void account(const struct request *request)
{
	const struct endpoint *endpoint = request->match.endpoint;
	int64_t duration_us = clock_monotonic_us() - request->started_us;
	size_t label = endpoint ? endpoint->label : router_unrouted_label(request->host->router);

	metrics_count_pair(METRIC_REQUESTS, label, metrics_status(request->response.status), 1);
	metrics_observe(METRIC_REQUEST_SECONDS, label, duration_us);
	log_request(request, duration_us, account_cost(request).us);
}

void request_serve(const struct host *host, struct exchange *exchange)
{
	struct arena *arena = host->ctx.arena;
	size_t mark = arena_mark(arena);
	struct request *request = arena_new(arena, struct request);
	enum outcome outcome = OUTCOME_OK;

	request->ctx = host->ctx;
	request->host = host;
	request->exchange = exchange;
	request->started_us = clock_monotonic_us();
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		outcome = steps[i].run(request);
		if (outcome != OUTCOME_OK || request->response.status != 0)
			break;
	}
	if (outcome != OUTCOME_OK)
		fail(request, outcome);
	answer_send(request);
	account(request);
	arena_reset(arena, mark);
}
