/* The Russian-style card API (1C-Rarus Bonus Server): rows and envelope. */
#include "organization.h"

#include "card.h"
#include "group.h"
#include "json.h"
#include "level.h"
#include "one_time_code.h"
#include "person.h"
#include "person_card.h"
#include "principal.h"
#include "replacement.h"
#include "request.h"
#include "route.h"
#include "search.h"
#include "settings.h"
#include "sign_in.h"
#include "statement.h"
#include "turnover.h"
#include "posting.h"

static struct dialect_status status(enum outcome outcome, enum reason reason)
{
	static const short codes[OUTCOME__MAX] = {
		[OUTCOME_INVALID] = 100,    [OUTCOME_TOO_LARGE] = 100,
		[OUTCOME_BAD_MEDIA] = 100,  [OUTCOME_UNAUTHENTICATED] = 101,
		[OUTCOME_DENIED] = 102,     [OUTCOME_TAKEN] = 110,
		[OUTCOME_CONFLICT] = 111,   [OUTCOME_INSUFFICIENT] = 112,
		[OUTCOME_NO_ROUTE] = 113,   [OUTCOME_NOT_FOUND] = 114,
		[OUTCOME_MISMATCH] = 115,   [OUTCOME_THROTTLED] = 116,
		[OUTCOME_BUSY] = 117,       [OUTCOME_UNCERTAIN] = 117,
		[OUTCOME_BAD_METHOD] = 118, [OUTCOME_RUNNING] = 119,
		[OUTCOME_STALE] = 120,      [OUTCOME_INTERNAL] = 1,
	};

	(void)reason;
	return (struct dialect_status){outcome_http(outcome), codes[outcome]};
}

static void write_error(struct buf *buf, const struct failure *failure)
{
	struct str message = failure->message;
	struct buf with_id;

	if (failure->outcome == OUTCOME_INTERNAL) {
		buf_init(&with_id, buf->arena, 256);
		buf_str(&with_id, message);
		buf_text(&with_id, " (X-Request-Id: ");
		buf_str(&with_id, failure->request_id);
		buf_char(&with_id, ')');
		message = buf_done(&with_id);
	}
	buf_text(buf, "{\"code\":");
	buf_i64(buf, failure->status.code);
	buf_text(buf, ",\"message\":");
	json_put_string(buf, message);
	buf_char(buf, '}');
}

static void open_envelope(struct buf *buf, size_t language)
{
	buf_str(buf, language == 0 ? STR("{\"code\":0,\"message\":\"Операция выполнена\"")
				   : STR("{\"code\":0,\"message\":\"Operation completed\""));
}

static void close_envelope(struct buf *buf)
{
	buf_char(buf, '}');
}

/* The vendor's server answers an empty list as not found, and its clients expect that. */
static enum outcome verdict(struct request *request)
{
	const struct route *route = request->match.endpoint->route;
	const struct settings *settings = request->ctx.settings;

	if (!route->out || !settings || (route->flags & ROUTE_EMPTY_OK) ||
	    settings->empty_list != 404)
		return OUTCOME_OK;
	for (size_t i = 0; i < route->out->n; i++) {
		const struct field *field = &route->out->fields[i];
		const struct list *list =
			(const void *)((const char *)request->out + field->offset);
		if (field->type != FT_LIST || (!list->rows && (field->flags & F_OMIT_UNSET)))
			continue;
		if (list->n == 0)
			return request_fail(request, OUTCOME_NOT_FOUND, NULL, REASON_EMPTY);
	}
	return OUTCOME_OK;
}

static const struct route routes[] = {
	{METHOD_POST, "/organization/card_group/add", SCOPE_CARDS_WRITE, 0,
	 &organization_group_add_in, &organization_id_out, 200, &op_group_add,
	 &organization_doc_group_add},
	{METHOD_POST, "/organization/card_group/{id}", SCOPE_CARDS_WRITE, 0,
	 &organization_group_change_in, NULL, 200, &op_group_change,
	 &organization_doc_group_change},
	{METHOD_POST, "/organization/card_group/{id}/delete",
	 SCOPE_CARDS_WRITE | SCOPE_LEDGER_WRITE, 0, &organization_group_delete_in,
	 &organization_group_delete_out, 200, &op_group_delete, &organization_doc_group_delete},
	{METHOD_GET, "/organization/card_group/{id}", SCOPE_CARDS_READ, 0, &organization_id_in,
	 &organization_group_out, 200, &op_group_get, &organization_doc_group_get},
	{METHOD_GET, "/organization/card_group", SCOPE_CARDS_READ, 0, &organization_group_list_in,
	 &organization_group_list_out, 200, &op_group_list, &organization_doc_group_list},
	{METHOD_POST, "/organization/card/add", SCOPE_CARDS_WRITE, 0, &organization_card_add_in,
	 &organization_id_out, 200, &op_card_add, &organization_doc_card_add},
	{METHOD_POST, "/organization/card/{id}", SCOPE_CARDS_WRITE, 0, &organization_card_change_in,
	 NULL, 200, &op_card_change, &organization_doc_card_change},
	{METHOD_POST, "/organization/card/{id}/delete", SCOPE_CARDS_WRITE | SCOPE_LEDGER_WRITE, 0,
	 &organization_card_delete_in, NULL, 200, &op_card_delete, &organization_doc_card_delete},
	{METHOD_GET, "/organization/card/{id}", SCOPE_CARDS_READ, ROUTE_CLIENT, &organization_id_in,
	 &organization_card_out, 200, &op_card_get, &organization_doc_card_get},
	{METHOD_GET, "/organization/card", SCOPE_CARDS_READ, 0, &organization_card_list_in,
	 &organization_card_list_out, 200, &op_card_list, &organization_doc_card_list},
	{METHOD_GET, "/organization/card/by_phone", SCOPE_CARDS_READ, 0,
	 &organization_card_search_in, &organization_card_list_out, 200, &op_card_by_phone,
	 &organization_doc_card_by_phone},
	{METHOD_GET, "/organization/card/by_email", SCOPE_CARDS_READ, 0,
	 &organization_card_search_in, &organization_card_list_out, 200, &op_card_by_email,
	 &organization_doc_card_by_email},
	{METHOD_GET, "/organization/card/by_emai", SCOPE_CARDS_READ, 0,
	 &organization_card_search_in, &organization_card_list_out, 200, &op_card_by_email,
	 &organization_doc_card_by_email_misspelt},
	{METHOD_GET, "/organization/card/by_barcode", SCOPE_CARDS_READ, 0,
	 &organization_card_search_in, &organization_card_list_out, 200, &op_card_by_barcode,
	 &organization_doc_card_by_barcode},
	{METHOD_GET, "/organization/card/by_code", SCOPE_CARDS_READ, 0,
	 &organization_card_search_in, &organization_card_list_out, 200, &op_card_by_code,
	 &organization_doc_card_by_code},
	{METHOD_GET, "/organization/card/by_name", SCOPE_CARDS_READ, 0,
	 &organization_card_search_in, &organization_card_list_out, 200, &op_card_by_name,
	 &organization_doc_card_by_name},
	{METHOD_POST, "/organization/card/{id}/activate", SCOPE_CARDS_WRITE, 0,
	 &organization_card_activate_in, NULL, 200, &op_card_activate,
	 &organization_doc_card_activate},
	{METHOD_POST, "/organization/card/{id}/deactivate", SCOPE_CARDS_WRITE, 0,
	 &organization_id_in, NULL, 200, &op_card_deactivate, &organization_doc_card_deactivate},
	{METHOD_POST, "/organization/card/{id}/block", SCOPE_CARDS_WRITE, 0,
	 &organization_card_block_in, NULL, 200, &op_card_block, &organization_doc_card_block},
	{METHOD_POST, "/organization/card/{id}/unblock", SCOPE_CARDS_WRITE, 0, &organization_id_in,
	 NULL, 200, &op_card_unblock, &organization_doc_card_unblock},
	{METHOD_POST, "/organization/card/{id}/accumulate", SCOPE_LEDGER_WRITE, 0,
	 &organization_accumulate_in, NULL, 200, &op_card_accumulate, &organization_doc_accumulate},
	{METHOD_POST, "/organization/card/{id}/levelup", SCOPE_LEDGER_WRITE, 0,
	 &organization_level_move_in, &organization_level_up_out, 200, &op_card_level_up,
	 &organization_doc_level_up},
	{METHOD_POST, "/organization/card/{id}/leveldown", SCOPE_LEDGER_WRITE, 0,
	 &organization_level_move_in, &organization_level_down_out, 200, &op_card_level_down,
	 &organization_doc_level_down},
	{METHOD_POST, "/organization/card/add_user", SCOPE_CARDS_WRITE, 0,
	 &organization_add_user_in, &organization_id_out, 200, &op_card_add_user,
	 &organization_doc_add_user},
	{METHOD_POST, "/organization/card/attach", SCOPE_CARDS_WRITE, 0, &organization_attach_in,
	 NULL, 200, &op_card_attach_user, &organization_doc_attach},
	{METHOD_POST, "/organization/card/replacement", SCOPE_CARDS_WRITE | SCOPE_LEDGER_WRITE, 0,
	 &organization_replacement_in, NULL, 200, &op_card_replacement,
	 &organization_doc_replacement},
	{METHOD_POST, "/organization/card_level/add", SCOPE_CARDS_WRITE, 0,
	 &organization_level_add_in, &organization_id_out, 200, &op_level_add,
	 &organization_doc_level_add},
	{METHOD_POST, "/organization/card_level/{id}", SCOPE_CARDS_WRITE, 0,
	 &organization_level_change_in, NULL, 200, &op_level_change,
	 &organization_doc_level_change},
	{METHOD_POST, "/organization/card_level/{id}/delete",
	 SCOPE_CARDS_WRITE | SCOPE_LEDGER_WRITE, 0, &organization_id_in, NULL, 200,
	 &op_level_delete, &organization_doc_level_delete},
	{METHOD_GET, "/organization/card_level/{id}", SCOPE_CARDS_READ, 0, &organization_id_in,
	 &organization_level_out, 200, &op_level_get, &organization_doc_level_get},
	{METHOD_GET, "/organization/card_level", SCOPE_CARDS_READ, 0, &organization_level_list_in,
	 &organization_level_list_out, 200, &op_level_list, &organization_doc_level_list},
	{METHOD_POST, "/organization/user/new", SCOPE_PEOPLE_WRITE, 0, &organization_user_add_in,
	 &organization_id_out, 200, &op_person_add, &organization_doc_user_add},
	{METHOD_POST, "/organization/user/{id}", SCOPE_PEOPLE_WRITE, 0,
	 &organization_user_change_in, NULL, 200, &op_person_change, &organization_doc_user_change},
	{METHOD_POST, "/organization/user/{id}/delete", SCOPE_PEOPLE_WRITE, 0, &organization_id_in,
	 NULL, 200, &op_person_delete, &organization_doc_user_delete},
	{METHOD_GET, "/organization/user/{id}", SCOPE_PEOPLE_READ, 0, &organization_user_get_in,
	 &organization_user_out, 200, &op_person_get, &organization_doc_user_get},
	{METHOD_GET, "/organization/user", SCOPE_PEOPLE_READ, ROUTE_EMPTY_OK,
	 &organization_user_list_in, &organization_user_list_out, 200, &op_person_list,
	 &organization_doc_user_list},
	{METHOD_POST, "/organization/card/send_identify", SCOPE_CARDS_READ, ROUTE_NO_IDEMPOTENCY,
	 &organization_identify_in, &organization_identify_out, 200, &op_identify,
	 &organization_doc_identify},
	{METHOD_POST, "/organization/transaction/add", SCOPE_LEDGER_WRITE, 0,
	 &organization_transaction_add_in, &organization_id_out, 200, &op_transaction_add,
	 &organization_doc_transaction_add},
	{METHOD_POST, "/organization/transaction/{id}/refund", SCOPE_LEDGER_WRITE, 0,
	 &organization_refund_in, &organization_refund_out, 200, &op_transaction_refund,
	 &organization_doc_refund},
	{METHOD_POST, "/organization/card/{id}/hold", SCOPE_LEDGER_WRITE, 0, &organization_hold_in,
	 &organization_id_out, 200, &op_hold_add, &organization_doc_hold},
	{METHOD_POST, "/organization/hold/{id}/capture", SCOPE_LEDGER_WRITE, 0,
	 &organization_capture_in, &organization_id_out, 200, &op_hold_capture,
	 &organization_doc_capture},
	{METHOD_POST, "/organization/hold/{id}/void", SCOPE_LEDGER_WRITE, 0, &organization_id_in,
	 NULL, 200, &op_hold_void, &organization_doc_void},
	{METHOD_GET, "/organization/transaction", SCOPE_LEDGER_READ, ROUTE_CLIENT,
	 &organization_transaction_list_in, &organization_transaction_list_out, 200,
	 &op_transaction_list, &organization_doc_transaction_list},
	{METHOD_GET, "/organization/card/{id}/balance_info", SCOPE_LEDGER_READ,
	 ROUTE_CLIENT | ROUTE_EMPTY_OK, &organization_balance_info_in,
	 &organization_balance_info_out, 200, &op_balance_info, &organization_doc_balance_info},
	{METHOD_GET, "/organization/card/{id}/balance_explain", SCOPE_LEDGER_READ,
	 ROUTE_CLIENT | ROUTE_EMPTY_OK, &organization_explain_in, &organization_explain_out, 200,
	 &op_balance_explain, &organization_doc_balance_explain},
	{METHOD_POST, "/sign_in", 0, ROUTE_PUBLIC | ROUTE_NO_IDEMPOTENCY, &organization_sign_in_in,
	 &organization_sign_in_out, 200, &op_sign_in, &organization_doc_sign_in},
};

static const char *const prefixes[] = {"", NULL};

const struct dialect dialect_organization = {
	.name = "organization",
	.prefixes = prefixes,
	.routes = routes,
	.n_routes = sizeof(routes) / sizeof(routes[0]),
	.forms = {[FT_BOOL] = &organization_bool,
		  [FT_I64] = &organization_i64,
		  [FT_AMOUNT] = &form_amount,
		  [FT_MOMENT] = &organization_moment,
		  [FT_UUID] = &form_uuid,
		  [FT_STR] = &form_text,
		  [FT_JSON] = &form_json},
	.text_max = 255,
	.languages = organization_languages,
	.n_languages = ORGANIZATION_LANGUAGES,
	.status = status,
	.write_error = write_error,
	.open = open_envelope,
	.close = close_envelope,
	.verdict = verdict,
	.title = "Cards, groups, holders, levels and transactions (1C-Rarus Bonus Server)",
	.envelope_schema = "\"code\":{\"type\":\"integer\",\"const\":0},"
			   "\"message\":{\"type\":\"string\"}",
	.envelope_required = "\"code\",\"message\"",
	.error_schema = "{\"type\":\"object\",\"required\":[\"code\",\"message\"],\"properties\":{"
			"\"code\":{\"type\":\"integer\",\"minimum\":1},"
			"\"message\":{\"type\":\"string\"}}}",
};
