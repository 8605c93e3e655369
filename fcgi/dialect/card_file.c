/* The card file of the Munu data store as a download: one route. */
#include "card_file.h"

#include <errno.h>
#include <string.h>

#include "card_file_docs.h"
#include "clock.h"
#include "config.h"
#include "dialect.h"
#include "json.h"
#include "log.h"
#include "operation.h"
#include "principal.h"
#include "request.h"
#include "service.h"
#include "step.h"

struct card_file_in {
	struct str customer_id, file;
};

static const struct field in_fields[] = {
	FIELD(struct card_file_in, customer_id, "customer_id", .from = FROM_PATH),
	FIELD(struct card_file_in, file, "file", .from = FROM_PATH),
};
static const struct map in_map = MAP("CardFile", struct card_file_in, in_fields);

/* Only the file of the token's own organisation is there. */
static bool is_there(const struct ctx *ctx, const struct card_file_in *in)
{
	char name[CARD_FILE_NAME_MAX];

	card_file_name(ctx_organisation(ctx), name);
	return str_eq(in->file, str_of(name)) &&
	       strncmp(name, in->customer_id.at, in->customer_id.len) == 0 &&
	       name[in->customer_id.len] == '-';
}

static enum err cannot_write(const char *folder)
{
	log_event(LOG_ERROR_, "card file cannot be written",
		  (struct log_pair[]){{"folder", folder, 0}, {"error", strerror(errno), 0}, {0}});
	return ERR_INTERNAL;
}

/* However many cards there are, the worker is not stuck while pages come. */
static void works(void *arg, int64_t records)
{
	(void)records;
	exchange_works(arg);
}

static enum err card_file_get(struct ctx *ctx, const struct card_file_in *in, struct raw *out)
{
	const char *folder = ctx->config->files.at;
	const struct card_file_progress progress = {.to = works, .arg = request_of(ctx)->exchange};
	int64_t gone;

	if (!is_there(ctx, in))
		return ctx_fail(ctx, ERR_NOT_FOUND, "file", REASON_NO_SUCH);
	(void)card_file_purge(folder, ctx_now(ctx).ms - CARD_SNAPSHOT_GONE_S * INT64_C(1000), false,
			      &gone);
	enum err err = card_file_snapshot(ctx, folder, &progress, &out->file);
	if (err == ERR_INVALID)
		return cannot_write(folder);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, "file", REASON_NO_SUCH);
	out->content_type = "application/json";
	ctx->state = out->file;
	return err;
}
OPERATION(card_file_get, struct card_file_in, struct raw, .mutates = false);

static const struct route routes[] = {
	{METHOD_GET, "/{customer_id}/{file}", SCOPE_REPORTS_READ, ROUTE_RAW, &in_map, NULL, 200,
	 &op_card_file_get, &card_file_doc},
};

static void write_error(struct buf *buf, const struct failure *failure)
{
	buf_text(buf, "{\"statusCode\":");
	buf_i64(buf, failure->status.http);
	buf_text(buf, ",\"error\":");
	json_put_string(buf, str_of(status_text(failure->status.http)));
	buf_text(buf, ",\"message\":");
	json_put_string(buf, failure->message);
	buf_char(buf, '}');
}

static const char *const prefixes[] = {"/#", NULL};
static const struct language languages[] = {{"en", NULL, NULL}};

const struct dialect dialect_card_file = {
	.name = "card_file",
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
	.open = dialect_open_nothing,
	.close = dialect_close_nothing,
	.title = "The card file (Munu data store)",
	.envelope_schema = "",
	.envelope_required = "",
	.error_schema = "{\"type\":\"object\",\"required\":[\"statusCode\",\"error\",\"message\"],"
			"\"properties\":{\"statusCode\":{\"type\":\"integer\"},\"error\":{\"type\":"
			"\"string\"},\"message\":{\"type\":\"string\"}}}",
};
