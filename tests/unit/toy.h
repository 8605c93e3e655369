/* A dialect of its own for tests: few rows, operations that keep nothing. */
#ifndef TESTS_TOY_H
#define TESTS_TOY_H

#include <stddef.h>

#include "ctx.h"
#include "dialect.h"
#include "json.h"
#include "operation.h"
#include "principal.h"
#include "route.h"

struct toy_part {
	struct str name;
	int64_t n;
};

struct toy_in {
	struct sent sent;
	struct uuid id, parent_id, new_id;
	struct str name, note;
	int64_t page;
	struct amount sum;
	struct moment at;
	bool active;
	struct json_text extra;
	struct list parts;
	struct toy_part main_part;
	struct str client;
};

struct toy_out {
	struct uuid id;
	struct str name, note;
	int64_t page;
	struct amount sum;
	struct moment at;
	bool active;
	struct json_text extra;
	struct list parts;
	struct toy_part main_part;
};

static const struct field toy_part_fields[] = {
	FIELD(struct toy_part, name, "name", .flags = F_REQUIRED),
	FIELD(struct toy_part, n, "n", .min = 1, .max = 5),
};
static const struct map toy_part_map = MAP("ToyPart", struct toy_part, toy_part_fields);

static const struct field toy_in_fields[] = {
	FIELD(struct toy_in, id, "id", .from = FROM_PATH),
	FIELD(struct toy_in, parent_id, "parent", .flags = F_REFERENCE),
	FIELD(struct toy_in, new_id, "new_id"),
	FIELD(struct toy_in, name, "title", .flags = F_REQUIRED | F_NOT_EMPTY, .max = 4),
	FIELD(struct toy_in, note, "note", .flags = F_QUERY_TOO),
	FIELD(struct toy_in, page, "page", .from = FROM_QUERY, .min = 1, .max = 9),
	FIELD(struct toy_in, sum, "sum", .min = 0, .max = 1000),
	FIELD(struct toy_in, at, "at"),
	FIELD(struct toy_in, active, "active"),
	FIELD(struct toy_in, extra, "extra"),
	FIELD(struct toy_in, parts, "parts", .max = 2, .map = &toy_part_map),
	FIELD(struct toy_in, main_part, "main", .map = &toy_part_map),
	FIELD(struct toy_in, client, "X-Client", .from = FROM_HEADER),
};
static const struct map toy_in_map = MAP_SENT("ToyIn", struct toy_in, toy_in_fields);

static const struct field toy_out_fields[] = {
	FIELD(struct toy_out, id, "id"),
	FIELD(struct toy_out, name, "title"),
	FIELD(struct toy_out, note, "note", .flags = F_OMIT_UNSET),
	FIELD(struct toy_out, page, "page"),
	FIELD(struct toy_out, sum, "sum"),
	FIELD(struct toy_out, at, "at"),
	FIELD(struct toy_out, active, "active"),
	FIELD(struct toy_out, extra, "extra"),
	FIELD(struct toy_out, parts, "parts", .map = &toy_part_map),
	FIELD(struct toy_out, main_part, "main", .flags = F_OMIT_UNSET, .map = &toy_part_map),
};
static const struct map toy_out_map = MAP("ToyOut", struct toy_out, toy_out_fields);

static inline enum err toy_echo(struct ctx *ctx, const struct toy_in *in, struct toy_out *out)
{
	*out = (struct toy_out){
		.id = in->id,
		.name = in->name,
		.note = in->note,
		.page = in->page,
		.sum = in->sum,
		.at = in->at,
		.active = in->active,
		.extra = in->extra,
		.parts = in->parts,
		.main_part = in->main_part,
	};
	if (str_eq(in->name, STR("lost")))
		return ctx_fail(ctx, ERR_NOT_FOUND, "parent_id", REASON_NO_SUCH);
	return str_eq(in->name, STR("away")) ? ERR_BUSY : ERR_OK;
}

static inline enum err toy_peek(struct ctx *ctx, const struct nothing *in, struct nothing *out)
{
	(void)in;
	(void)out;
	ctx->state = STR("state 1");
	return ERR_OK;
}

static inline enum err toy_guarded(struct ctx *ctx, const struct nothing *in, struct nothing *out)
{
	(void)in;
	(void)out;
	return ctx_precondition(ctx, STR("state 1"));
}

OPERATION(toy_echo, struct toy_in, struct toy_out, .mutates = true);
OPERATION(toy_peek, struct nothing, struct nothing, .mutates = false);
OPERATION(toy_guarded, struct nothing, struct nothing, .mutates = true);

static const struct route_doc toy_doc = {.summary = "A toy", .tag = "toys"};

static const struct route toy_routes[] = {
	{METHOD_POST, "/toy/{id}", SCOPE_CARDS_WRITE, 0, &toy_in_map, &toy_out_map, 201,
	 &op_toy_echo, &toy_doc},
	{METHOD_GET, "/toy/peek", SCOPE_CARDS_READ, ROUTE_CLIENT, NULL, NULL, 200, &op_toy_peek,
	 &toy_doc},
	{METHOD_PUT, "/toy/peek", 0, 0, NULL, NULL, 200, &op_toy_guarded, &toy_doc},
	{METHOD_GET, "/toy/open", 0, ROUTE_PUBLIC, NULL, NULL, 200, &op_toy_peek, &toy_doc},
};

static inline struct dialect_status toy_status(enum outcome outcome, enum reason reason)
{
	(void)reason;
	static const short http[OUTCOME__MAX] = {
		[OUTCOME_OK] = 200,
		[OUTCOME_INVALID] = 400,
		[OUTCOME_UNAUTHENTICATED] = 401,
		[OUTCOME_DENIED] = 403,
		[OUTCOME_NOT_FOUND] = 404,
		[OUTCOME_TAKEN] = 409,
		[OUTCOME_CONFLICT] = 409,
		[OUTCOME_INSUFFICIENT] = 409,
		[OUTCOME_MISMATCH] = 422,
		[OUTCOME_RUNNING] = 409,
		[OUTCOME_STALE] = 412,
		[OUTCOME_THROTTLED] = 429,
		[OUTCOME_BUSY] = 503,
		[OUTCOME_UNCERTAIN] = 503,
		[OUTCOME_INTERNAL] = 500,
		[OUTCOME_NO_ROUTE] = 404,
		[OUTCOME_BAD_METHOD] = 405,
		[OUTCOME_TOO_LARGE] = 413,
		[OUTCOME_BAD_MEDIA] = 415,
	};

	return (struct dialect_status){http[outcome], (short)outcome};
}

static inline void toy_write_error(struct buf *buf, const struct failure *failure)
{
	buf_text(buf, "{\"error\":");
	json_put_string(buf, failure->message);
	buf_char(buf, '}');
}

static inline void toy_open(struct buf *buf, size_t language)
{
	buf_text(buf, language ? "{\"lang\":\"de\"" : "{\"lang\":\"en\"");
}

static inline void toy_close(struct buf *buf)
{
	buf_char(buf, '}');
}

static const char *const toy_reasons_de[REASON__MAX] = {
	[REASON_TOKEN_MISSING] = "Kein Token",
	[REASON_REQUIRED] = "Es fehlt %s!",
};
static const struct language toy_languages[] = {{"en", NULL, NULL}, {"de", toy_reasons_de, NULL}};
static const char *const toy_prefixes[] = {"", NULL};

static const struct dialect toy_dialect = {
	.name = "toy",
	.prefixes = toy_prefixes,
	.routes = toy_routes,
	.n_routes = sizeof(toy_routes) / sizeof(toy_routes[0]),
	.forms = {[FT_BOOL] = &form_bool,
		  [FT_I64] = &form_i64,
		  [FT_AMOUNT] = &form_amount,
		  [FT_MOMENT] = &form_moment_ms,
		  [FT_UUID] = &form_uuid,
		  [FT_STR] = &form_text,
		  [FT_JSON] = &form_json},
	.text_max = 10,
	.languages = toy_languages,
	.n_languages = 2,
	.status = toy_status,
	.write_error = toy_write_error,
	.open = toy_open,
	.close = toy_close,
	.title = "Toys",
	.envelope_schema = "\"lang\":{\"type\":\"string\"}",
	.envelope_required = "\"lang\"",
	.error_schema = "{\"type\":\"object\",\"required\":[\"error\"]}",
};

#endif
