/* Link and delink cards, and what that needs around it (Capillary v2): rows and envelope. */
#include "identifiers.h"

#include "card_issue.h"
#include "customer.h"
#include "customer_view.h"
#include "dialect.h"
#include "generate.h"
#include "identifier_change.h"
#include "json.h"
#include "label.h"
#include "principal.h"
#include "route.h"
#include "series.h"
#include "sign_in.h"

/* Faults of the caller are 400 with the vendor's number; where it has none, the status is the code.
 */
static struct dialect_status status(enum outcome outcome, enum reason reason)
{
	static const short numbers[OUTCOME__MAX] = {
		[OUTCOME_INVALID] = 8013, [OUTCOME_NOT_FOUND] = 8015,   [OUTCOME_TAKEN] = 400,
		[OUTCOME_CONFLICT] = 400, [OUTCOME_INSUFFICIENT] = 400,
	};
	short http = outcome_http(outcome), code = identifiers_code(reason);

	if (outcome == OUTCOME_OK)
		return (struct dialect_status){http, 0};
	if (numbers[outcome])
		return (struct dialect_status){400, code ? code : numbers[outcome]};
	return (struct dialect_status){http, http};
}

static void write_error(struct buf *buf, const struct failure *failure)
{
	buf_text(buf, "{\"errors\":[{\"status\":false,\"code\":");
	buf_i64(buf, failure->status.code);
	buf_text(buf, ",\"message\":");
	json_put_string(buf, failure->message);
	buf_text(buf, "}],\"warnings\":[]}");
}

static const struct route routes[] = {
	{METHOD_POST, "/v2/customers/{customerId}/changeIdentifier",
	 SCOPE_PEOPLE_WRITE | SCOPE_CARDS_WRITE, 0, &identifiers_change_in, &identifiers_changed,
	 200, &op_identifier_change, &identifiers_doc_change},
	{METHOD_GET, "/v2/customers/lookup", SCOPE_PEOPLE_READ | SCOPE_CARDS_READ, 0,
	 &identifiers_lookup_in, &identifiers_lookup_out, 200, &op_customer_lookup,
	 &identifiers_doc_lookup},
	{METHOD_GET, "/v2/customers/{customerId}", SCOPE_PEOPLE_READ | SCOPE_CARDS_READ, 0,
	 &identifiers_customer_in, &identifiers_customer_out, 200, &op_customer_show,
	 &identifiers_doc_customer},
	{METHOD_POST, "/v3/oauth/token/generate", 0, ROUTE_PUBLIC | ROUTE_NO_IDEMPOTENCY,
	 &identifiers_token_in, &identifiers_token_out, 200, &op_token_generate,
	 &identifiers_doc_token},
	{METHOD_POST, "/v2/card", SCOPE_PEOPLE_WRITE | SCOPE_CARDS_WRITE, 0,
	 &identifiers_card_issue_in, &identifiers_card_issued, 200, &op_card_issue_to,
	 &identifiers_doc_card_issue},
	{METHOD_PUT, "/v2/card", SCOPE_PEOPLE_WRITE | SCOPE_CARDS_WRITE, 0,
	 &identifiers_card_relabel_in, &identifiers_card_out, 200, &op_card_relabel,
	 &identifiers_doc_card_relabel},
	{METHOD_GET, "/v2/card", SCOPE_PEOPLE_READ | SCOPE_CARDS_READ, 0,
	 &identifiers_card_number_in, &identifiers_card_out, 200, &op_card_details,
	 &identifiers_doc_card_get},
	{METHOD_GET, "/v2/card/statusLog", SCOPE_PEOPLE_READ | SCOPE_CARDS_READ, 0,
	 &identifiers_card_number_in, &identifiers_status_log_out, 200, &op_card_status_log,
	 &identifiers_doc_status_log},
	{METHOD_POST, "/v2/card/generate", SCOPE_PEOPLE_WRITE | SCOPE_CARDS_WRITE, 0,
	 &identifiers_generate_in, &identifiers_generate_out, 200, &op_card_generate,
	 &identifiers_doc_generate},
	{METHOD_POST, "/v2/card/series", SCOPE_ADMIN, 0, &identifiers_series_add_in,
	 &identifiers_series_made, 200, &op_series_add, &identifiers_doc_series_add},
	{METHOD_PUT, "/v2/card/series/{seriesId}", SCOPE_ADMIN, 0, &identifiers_series_change_in,
	 &identifiers_series_out, 200, &op_series_change, &identifiers_doc_series_change},
	{METHOD_GET, "/v2/card/series/{seriesId}", SCOPE_ADMIN, 0, &identifiers_series_get_in,
	 &identifiers_series_out, 200, &op_series_get, &identifiers_doc_series_get},
	{METHOD_GET, "/v2/card/series", SCOPE_ADMIN, 0, NULL, &identifiers_series_list_out, 200,
	 &op_series_list, &identifiers_doc_series_list},
	{METHOD_GET, "/v2/card/series/get/all", SCOPE_ADMIN, 0, NULL, &identifiers_series_list_out,
	 200, &op_series_list, &identifiers_doc_series_list},
	{METHOD_GET, "/v2/genericStatus/card/labels", SCOPE_ADMIN, 0, NULL,
	 &identifiers_label_list_out, 200, &op_label_list, &identifiers_doc_label_list},
	{METHOD_POST, "/v2/genericStatus/card/labelMapping", SCOPE_ADMIN, 0,
	 &identifiers_label_map_in, &identifiers_label_map_out, 200, &op_label_map,
	 &identifiers_doc_label_map},
};

static const char *const prefixes[] = {"/v2", "/v3", NULL};
static const struct language languages[] = {{"en", NULL, NULL}};

const struct dialect dialect_identifiers = {
	.name = "identifiers",
	.prefixes = prefixes,
	.routes = routes,
	.n_routes = sizeof(routes) / sizeof(routes[0]),
	.flags = DIALECT_BASIC,
	.token_header = "HTTP_X_CAP_API_OAUTH_TOKEN",
	.forms = {[FT_BOOL] = &identifiers_bool,
		  [FT_I64] = &identifiers_i64,
		  [FT_AMOUNT] = &form_amount,
		  [FT_MOMENT] = &identifiers_moment,
		  [FT_UUID] = &form_uuid,
		  [FT_STR] = &form_text,
		  [FT_JSON] = &form_json},
	.text_max = 255,
	.languages = languages,
	.n_languages = 1,
	.status = status,
	.write_error = write_error,
	.open = dialect_open_object,
	.close = dialect_close_object,
	.title = "Customers' identifiers, cards, series and labels (Capillary v2)",
	.envelope_schema = "",
	.envelope_required = "",
	.error_schema =
		"{\"type\":\"object\",\"required\":[\"errors\",\"warnings\"],\"properties\":{"
		"\"errors\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"type\":\"object\","
		"\"required\":[\"status\",\"code\",\"message\"],\"properties\":{\"status\":"
		"{\"const\":false},\"code\":{\"type\":\"integer\"},\"message\":{\"type\":"
		"\"string\"}}}},\"warnings\":{\"type\":\"array\"}}}",
};
