/* Health, readiness, metrics and the OpenAPI document: rows like all others. */
#include <stddef.h>

#include "dialect.h"
#include "json.h"
#include "metrics.h"
#include "operation.h"
#include "request.h"

struct health {
	struct str status;
};

static const struct field health_fields[] = {
	FIELD(struct health, status, "status"),
};
static const struct map health_map = MAP("Health", struct health, health_fields);

static enum err healthz(struct ctx *ctx, const struct nothing *in, struct health *out)
{
	(void)ctx;
	(void)in;
	out->status = STR("ok");
	return ERR_OK;
}

static enum err readyz(struct ctx *ctx, const struct nothing *in, struct health *out)
{
	const struct host *host = request_of(ctx)->host;

	(void)in;
	if (!host->ready(ctx))
		return ctx_fail(ctx, ERR_BUSY, NULL, REASON_DATABASE);
	out->status = STR("ready");
	return ERR_OK;
}

static enum err metrics(struct ctx *ctx, const struct nothing *in, struct raw *out)
{
	struct buf buf;

	(void)in;
	buf_init(&buf, ctx->arena, 65536);
	metrics_write(&buf);
	*out = (struct raw){.content_type = "text/plain; version=0.0.4; charset=utf-8",
			    .body = buf_done(&buf)};
	return ERR_OK;
}

static enum err openapi(struct ctx *ctx, const struct nothing *in, struct raw *out)
{
	(void)in;
	*out = (struct raw){.content_type = "application/json; charset=utf-8",
			    .body = request_of(ctx)->host->openapi};
	return ERR_OK;
}

OPERATION(healthz, struct nothing, struct health, .mutates = false);
OPERATION(readyz, struct nothing, struct health, .mutates = false);
OPERATION(metrics, struct nothing, struct raw, .mutates = false);
OPERATION(openapi, struct nothing, struct raw, .mutates = false);

static const struct route_doc docs[] = {
	{.summary = "The process is up", .tag = "operations", .example_out = "{\"status\":\"ok\"}"},
	{.summary = "The database answers, its schema and the key ring are right",
	 .tag = "operations",
	 .example_out = "{\"status\":\"ready\"}"},
	{.summary = "Figures of all workers, Prometheus text", .tag = "operations"},
	{.summary = "This document", .tag = "operations"},
};

static const struct route routes[] = {
	{METHOD_GET, "/healthz", 0, ROUTE_PUBLIC, NULL, &health_map, 200, &op_healthz, &docs[0]},
	{METHOD_GET, "/readyz", 0, ROUTE_PUBLIC, NULL, &health_map, 200, &op_readyz, &docs[1]},
	{METHOD_GET, "/metrics", 0, ROUTE_PUBLIC | ROUTE_RAW, NULL, NULL, 200, &op_metrics,
	 &docs[2]},
	{METHOD_GET, "/openapi.json", 0, ROUTE_PUBLIC | ROUTE_RAW, NULL, NULL, 200, &op_openapi,
	 &docs[3]},
};

static void write_error(struct buf *buf, const struct failure *failure)
{
	buf_text(buf, "{\"status\":");
	json_put_string(buf, failure->message);
	buf_char(buf, '}');
}

static const char *const prefixes[] = {"/healthz", "/readyz", "/metrics", "/openapi.json", NULL};
static const struct language languages[] = {{"en", NULL, NULL}};

const struct dialect dialect_operations = {
	.name = "operations",
	.prefixes = prefixes,
	.routes = routes,
	.n_routes = sizeof(routes) / sizeof(routes[0]),
	.forms = {[FT_BOOL] = &form_bool,
		  [FT_I64] = &form_i64,
		  [FT_AMOUNT] = &form_amount,
		  [FT_MOMENT] = &form_moment_ms,
		  [FT_UUID] = &form_uuid,
		  [FT_STR] = &form_text,
		  [FT_JSON] = &form_json},
	.text_max = 255,
	.languages = languages,
	.n_languages = 1,
	.status = dialect_http_status,
	.write_error = write_error,
	.open = dialect_open_object,
	.close = dialect_close_object,
	.title = "Health, metrics and this document",
	.envelope_schema = "",
	.envelope_required = "",
	.error_schema = "{\"type\":\"object\",\"required\":[\"status\"],\"properties\":{"
			"\"status\":{\"type\":\"string\"}}}",
};
