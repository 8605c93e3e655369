/* Conveniq's entities by query (SUPPA platform grammar): verbs, routes and errors. */
#include "codec_query.h"
#include "core_data.h"
#include "json.h"
#include "principal.h"

#define OFFSET_MAX INT64_C(1000000000000)

/* The platform's client sends these; nothing here needs them. */
static const char *const ignored[] = {"searchValue", "getAccessByFields", "includeDeletedRelations",
				      "markAsView", NULL};

/* clang-format off */
static const struct field select_fields[] = {
	FIELD(struct entity_select_in, query, "fields", .reader = &query_fields,
	      .doc = "{\"name\":true,\"company\":{\"id\":true}}; none = all plain fields; "
		     "{\"id\":\"#count\"} = how many there are"),
	FIELD(struct entity_select_in, query.where, "conditions", .reader = &query_conditions),
	FIELD(struct entity_select_in, query, "orderBy", .reader = &query_order,
	      .doc = "id breaks ties; what is unset comes last, or first in descending order"),
	FIELD(struct entity_select_in, query, "limit", .reader = &query_limit, .doc = "100 by default"),
	FIELD(struct entity_select_in, query.offset, "offset", .min = 0, .max = OFFSET_MAX),
	FIELD(struct entity_select_in, query.count, "X-Count", .from = FROM_HEADER,
	      .doc = "true: X-Total-Count answers how many rows there are"),
};
static const struct field remove_fields[] = {
	FIELD(struct entity_remove_in, where, "conditions", .flags = F_REQUIRED,
	      .reader = &query_conditions_needed, .doc = "at least one filter"),
};
static const struct field key_fields[] = {FIELD(struct entity_key, serial, "id")};
static const struct map key_map = MAP("Removed", struct entity_key, key_fields);
static const struct field remove_out_fields[] = {
	FIELD(struct entity_remove_out, keys, "rows", .map = &key_map),
};
static const struct map remove_out = MAP("RemovedRows", struct entity_remove_out, remove_out_fields);

/* Of entities without serial numbers. */
static const struct field id_fields[] = {FIELD(struct entity_key, id, "id")};
static const struct map id_map = MAP("RemovedId", struct entity_key, id_fields);
static const struct field remove_id_fields[] = {
	FIELD(struct entity_remove_out, keys, "rows", .map = &id_map),
};
static const struct map remove_out_id = MAP("RemovedIds", struct entity_remove_out, remove_id_fields);

#define MAP_ABOUT(NAME, T, table, rows)                                                            \
	{.name = (NAME), .size = sizeof(T), .fields = (table),                                     \
	 .n = sizeof(table) / sizeof((table)[0]), .about = &(rows), .ignored = ignored}

/* The maps of the verbs of an entity, from those of its rows; key: serial or id. */
#define READABLE(x, Name)                                                                          \
	static const struct map x##_select_in = MAP_ABOUT(                                         \
		Name "Select", struct entity_select_in, select_fields, core_data_##x);             \
	static const struct field x##_out_fields[] = {                                             \
		FIELD(struct entity_out, rows, "rows", .map = &core_data_##x,                      \
		      UNLESS(struct entity_out, only_count)),                                      \
		FIELD(struct entity_out, total, "count", WHEN(struct entity_out, only_count)),     \
		FIELD(struct entity_out, total, "X-Total-Count", .from = FROM_HEADER,              \
		      WHEN(struct entity_out, counted)),                                           \
	};                                                                                         \
	static const struct map x##_out = MAP(Name "Rows", struct entity_out, x##_out_fields);
#define WRITABLE(x, Name, by)                                                                      \
	READABLE(x, Name)                                                                          \
	static const struct map x##_remove_in = MAP_ABOUT(                                         \
		Name "Remove", struct entity_remove_in, remove_fields, core_data_##x);             \
	static const struct field x##_insert_in_fields[] = {                                       \
		FIELD(struct entity_write_in, rows, "fields", .flags = F_REQUIRED, .min = 1,       \
		      .max = ENTITY_ROWS_MAX, .map = &core_data_##x##_insert),                     \
		FIELD(struct entity_write_in, wanted, "returning", .reader = &query_returning),    \
	};                                                                                         \
	static const struct map x##_insert_in = MAP_ABOUT(                                         \
		Name "Insert", struct entity_write_in, x##_insert_in_fields, core_data_##x);       \
	static const struct field x##_update_in_fields[] = {                                       \
		FIELD(struct entity_write_in, key.by, "id", .from = FROM_PATH),                    \
		FIELD(struct entity_write_in, rows, "fields", .flags = F_REQUIRED | F_ROW,         \
		      .map = &core_data_##x##_update),                                             \
		FIELD(struct entity_write_in, wanted, "returning", .reader = &query_returning),    \
	};                                                                                         \
	static const struct map x##_update_in = MAP_ABOUT(                                         \
		Name "Update", struct entity_write_in, x##_update_in_fields, core_data_##x);       \
	static const struct field x##_written_fields[] = {                                         \
		FIELD(struct entity_out, rows, "rows", .map = &core_data_##x),                     \
	};                                                                                         \
	static const struct map x##_written =                                                      \
		MAP(Name "Written", struct entity_out, x##_written_fields);

WRITABLE(customer, "Customers", serial)
WRITABLE(company, "Companies", serial)
WRITABLE(vehicle, "Vehicles", serial)
WRITABLE(card, "Cards", serial)
WRITABLE(group, "CardGroups", id)
WRITABLE(level, "CardLevels", id)
WRITABLE(series, "CardSeries", serial)
WRITABLE(till, "Tills", serial)
READABLE(washing, "Washings")
READABLE(transaction, "Transactions")
READABLE(audit, "Audit")
READABLE(webhook, "Webhooks")

#define VERB(x, Name, verb, path, scope, in, out, op)                                              \
	{METHOD_POST, "/core/data/" Name "/" path, (scope), ROUTE_BARE, &(in), &(out), 200, &(op), \
	 &core_data_docs_##x.verb}
#define READ(x, Name, core, scope)                                                                 \
	VERB(x, Name, select, "select", scope, x##_select_in, x##_out, op_##core##_select),        \
	VERB(x, Name, search, "search", scope, x##_select_in, x##_out, op_##core##_select)
#define WRITE(x, Name, core, scope, removed)                                                       \
	READ(x, Name, core, scope##_READ),                                                         \
	VERB(x, Name, insert, "insert", scope##_WRITE, x##_insert_in, x##_written,                 \
	     op_##core##_insert),                                                                  \
	VERB(x, Name, update, "update/{id}", scope##_WRITE, x##_update_in, x##_written,            \
	     op_##core##_update),                                                                  \
	VERB(x, Name, remove, "remove", scope##_WRITE, x##_remove_in, removed, op_##core##_remove)

static const struct route routes[] = {
	WRITE(customer, "Customers", customer, SCOPE_PEOPLE, remove_out),
	WRITE(company, "Companies", company, SCOPE_PEOPLE, remove_out),
	WRITE(vehicle, "Vehicles", vehicle, SCOPE_PEOPLE, remove_out),
	WRITE(card, "Cards", card_item, SCOPE_CARDS, remove_out),
	WRITE(group, "CardGroups", group_item, SCOPE_CARDS, remove_out_id),
	WRITE(level, "CardLevels", level_item, SCOPE_CARDS, remove_out_id),
	WRITE(series, "CardSeries", series_item, SCOPE_CARDS, remove_out),
	WRITE(till, "Tills", till_item, SCOPE_WASHING, remove_out),
	READ(washing, "Washings", washing_item, SCOPE_WASHING_READ),
	READ(transaction, "Transactions", transaction, SCOPE_LEDGER_READ),
	READ(audit, "Audit", audit, SCOPE_ADMIN),
	READ(webhook, "Webhooks", webhook_item, SCOPE_ADMIN),
};
/* clang-format on */

static void write_error(struct buf *buf, const struct failure *failure)
{
	buf_printf(buf, "{\"statusCode\":%d,\"error\":\"%s\",\"message\":", failure->status.http,
		   status_text(failure->status.http));
	json_put_string(buf, failure->message);
	buf_text(buf, ",\"path\":");
	if (failure->member.len > 0)
		json_put_string(buf, failure->member);
	else
		buf_text(buf, "null");
	buf_char(buf, '}');
}

static const char *const prefixes[] = {"/core/data", "/api/core/data", NULL};
static const char *const outcomes[OUTCOME__MAX] = {
	[OUTCOME_NO_ROUTE] = "no such entity, or the entity has no such verb",
};
static const char *const reasons[REASON__MAX] = {
	[REASON_UNKNOWN_VALUE] = "%s: not known",
};
static const struct language languages[] = {{"en", reasons, outcomes}};

const struct dialect dialect_core_data = {
	.name = "core_data",
	.prefixes = prefixes,
	.alias = "/api",
	.routes = routes,
	.n_routes = sizeof(routes) / sizeof(routes[0]),
	.flags = DIALECT_STRICT_MEMBERS,
	.forms = {[FT_BOOL] = &form_bool,
		  [FT_I64] = &form_i64,
		  [FT_AMOUNT] = &form_amount,
		  [FT_MOMENT] = &form_iso_moment,
		  [FT_UUID] = &form_uuid,
		  [FT_STR] = &form_text_or_null,
		  [FT_JSON] = &form_json},
	.text_max = 255,
	.languages = languages,
	.n_languages = 1,
	.status = dialect_http_status,
	.write_error = write_error,
	.open = dialect_open_nothing,
	.close = dialect_close_nothing,
	.title = "Conveniq's entities by query; the paths answer below /api too",
	.envelope_schema = "",
	.envelope_required = "",
	.error_schema =
		"{\"type\":\"object\",\"required\":[\"statusCode\",\"error\",\"message\","
		"\"path\"],\"properties\":{\"statusCode\":{\"type\":\"integer\"},\"error\":{"
		"\"type\":\"string\"},\"message\":{\"type\":\"string\"},\"path\":{\"type\":["
		"\"string\",\"null\"],\"description\":\"the member at fault: "
		"conditions.filters[2].field\"}}}",
	.schemas = query_schemas,
};
