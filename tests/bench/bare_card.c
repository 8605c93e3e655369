/* GET card: one prepared select, json-c. */
#include "bare.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX 4096

enum kind { KIND_UUID, KIND_TEXT, KIND_NUMBER };

/* What an answer shows, in its order: c the card, a and o the accounts. */
static const struct column {
	const char *sql, *name;
	enum kind kind;
} columns[] = {
	{"c.id", "id", KIND_UUID},
	{"c.parent_id", "parent_id", KIND_UUID},
	{"c.code", "code", KIND_TEXT},
	{"c.barcode", "barcode", KIND_TEXT},
	{"c.name", "name", KIND_TEXT},
	{"c.description", "description", KIND_TEXT},
	{"c.active", "active", KIND_NUMBER},
	{"c.blocked", "blocked", KIND_NUMBER},
	{"c.blocked_description", "blockeddescription", KIND_TEXT},
	{"c.master_id", "mastercard_id", KIND_UUID},
	{"c.referral_id", "referallink_id", KIND_UUID},
	{"c.phone", "phone", KIND_TEXT},
	{"c.email", "email", KIND_TEXT},
	{"c.external", "external_card", KIND_NUMBER},
	{"c.accum_sale_amount", "accum_sale_amount", KIND_NUMBER},
	{"c.level_id", "card_level_id", KIND_UUID},
	{"c.activated_at", "date_active", KIND_NUMBER},
	{"c.activation_shop_id", "activation_shop_id", KIND_TEXT},
	{"c.deactivated_at", "date_deactivate", KIND_NUMBER},
	{"c.person_id", "user_id", KIND_UUID},
	{"c.image", "image", KIND_TEXT},
	{"c.blocked_until", "date_unblock", KIND_NUMBER},
	{"c.new_card_id", "new_card_id", KIND_UUID},
	/* From here on of the accounts. */
	{"a.received", "balance", KIND_NUMBER},
	{"a.available", "actual_balance", KIND_NUMBER},
	{"o.last_transaction_at", "date_last_transaction", KIND_NUMBER},
	{"o.last_activity_at", "date_last_activity", KIND_NUMBER},
	{"o.first_check_at", "date_first_check", KIND_NUMBER},
	{"o.last_transaction_id", "last_transaction", KIND_UUID},
};
#define COLUMNS      (sizeof(columns) / sizeof(columns[0]))
#define COLUMNS_CARD 23

static const char from_card[] = " FROM card c WHERE c.organisation_id = 1 AND c.id = ?";
static const char from_joined[] =
	" FROM card c"
	" LEFT JOIN account a ON a.organisation_id = c.organisation_id AND a.unit = 1 AND "
	"a.card_id ="
	" IF(c.master_id = 0x00000000000000000000000000000000, c.id, c.master_id)"
	" LEFT JOIN account o ON o.organisation_id = c.organisation_id AND o.unit = 1 AND "
	"o.card_id ="
	" c.id WHERE c.organisation_id = 1 AND c.id = ?";

static struct value {
	char text[TEXT_MAX];
	unsigned long len;
	long long number;
} values[COLUMNS];

struct query {
	MYSQL_STMT *statement;
	size_t columns;
};

static struct query card_query, joined_query;
static unsigned char wanted_id[UUID_LEN];
static unsigned long wanted_id_len = UUID_LEN;

static MYSQL_STMT *prepare(MYSQL *database, size_t count, const char *from)
{
	char text[TEXT_MAX] = "SELECT ";
	MYSQL_STMT *statement = mysql_stmt_init(database);
	size_t len = strlen(text);

	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i ? ", " : "",
					columns[i].sql);
	len += (size_t)snprintf(text + len, sizeof(text) - len, "%s", from);
	if (!statement || mysql_stmt_prepare(statement, text, len) != 0)
		die(text, mysql_error(database));
	return statement;
}

static struct query query_open(MYSQL *database, size_t count, const char *from)
{
	struct query query = {.statement = prepare(database, count, from), .columns = count};
	MYSQL_BIND in = {.buffer_type = MYSQL_TYPE_STRING,
			 .buffer = wanted_id,
			 .buffer_length = UUID_LEN,
			 .length = &wanted_id_len};
	MYSQL_BIND out[COLUMNS];

	memset(out, 0, sizeof(out));
	for (size_t i = 0; i < count; i++) {
		bool number = columns[i].kind == KIND_NUMBER;

		out[i].buffer_type = number ? MYSQL_TYPE_LONGLONG : MYSQL_TYPE_STRING;
		out[i].buffer = number ? (void *)&values[i].number : (void *)values[i].text;
		out[i].buffer_length = number ? sizeof(values[i].number) : TEXT_MAX;
		out[i].length = &values[i].len;
	}
	if (mysql_stmt_bind_param(query.statement, &in) ||
	    mysql_stmt_bind_result(query.statement, out))
		die("bind", mysql_stmt_error(query.statement));
	return query;
}

void card_open(MYSQL *database)
{
	card_query = query_open(database, COLUMNS_CARD, from_card);
	joined_query = query_open(database, COLUMNS, from_joined);
}

static bool query_row(const struct query *query)
{
	bool found;

	if (mysql_stmt_execute(query->statement) != 0)
		die("select", mysql_stmt_error(query->statement));
	found = mysql_stmt_fetch(query->statement) == 0;
	while (found && mysql_stmt_fetch(query->statement) == 0)
		continue;
	mysql_stmt_free_result(query->statement);
	return found;
}

static json_object *uuid_json(const char *id)
{
	char text[UUID_TEXT_LEN];

	uuid_write((const unsigned char *)id, text);
	return json_object_new_string_len(text, UUID_TEXT_LEN);
}

static json_object *value_json(enum kind kind, const struct value *value)
{
	switch (kind) {
	case KIND_UUID:
		return uuid_json(value->text);
	case KIND_TEXT:
		return json_object_new_string_len(value->text, (int)value->len);
	case KIND_NUMBER:
		break;
	}
	return json_object_new_int64(value->number);
}

static size_t card_answer(size_t count)
{
	const unsigned flags = JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY;
	json_object *root = json_object_new_object(), *card = json_object_new_object();
	const char *text;
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		json_object_object_add_ex(card, columns[i].name,
					  value_json(columns[i].kind, &values[i]), flags);
	json_object_object_add_ex(root, "card", card, flags);
	text = json_object_to_json_string_length(
		root, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
	if (len >= ANSWER_MAX)
		die("answer", "too long");
	memcpy(answer, text, len);
	json_object_put(root);
	return len;
}

size_t card_handle(const char *id, bool joined, int *status_r)
{
	const struct query *query = joined ? &joined_query : &card_query;

	if (!uuid_read(id, wanted_id) || !query_row(query))
		return fail(404, "none", status_r);
	return card_answer(query->columns);
}
