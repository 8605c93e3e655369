/* GET card: one prepared select, json-c. What lists need of its columns, too. */
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

#define FROM_CARD " FROM card c"
#define ONE_CARD  " WHERE c.organisation_id = 1 AND c.id = ?"
#define ACCOUNTS                                                                                   \
	" LEFT JOIN account a ON a.organisation_id = c.organisation_id AND a.unit = 1 AND "        \
	"a.card_id ="                                                                              \
	" IF(c.master_id = 0x00000000000000000000000000000000, c.id, c.master_id)"                 \
	" LEFT JOIN account o ON o.organisation_id = c.organisation_id AND o.unit = 1 AND "        \
	"o.card_id = c.id"

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

static void bind_values(MYSQL_STMT *statement, size_t count)
{
	MYSQL_BIND out[COLUMNS];

	memset(out, 0, sizeof(out));
	for (size_t i = 0; i < count; i++) {
		bool number = columns[i].kind == KIND_NUMBER;

		out[i].buffer_type = number ? MYSQL_TYPE_LONGLONG : MYSQL_TYPE_STRING;
		out[i].buffer = number ? (void *)&values[i].number : (void *)values[i].text;
		out[i].buffer_length = number ? sizeof(values[i].number) : TEXT_MAX;
		out[i].length = &values[i].len;
	}
	if (mysql_stmt_bind_result(statement, out))
		die("bind", mysql_stmt_error(statement));
}

static struct query query_open(MYSQL *database, size_t count, const char *from)
{
	struct query query = {.statement = prepare(database, count, from), .columns = count};
	MYSQL_BIND in = {.buffer_type = MYSQL_TYPE_STRING,
			 .buffer = wanted_id,
			 .buffer_length = UUID_LEN,
			 .length = &wanted_id_len};

	if (mysql_stmt_bind_param(query.statement, &in))
		die("bind", mysql_stmt_error(query.statement));
	bind_values(query.statement, count);
	return query;
}

MYSQL_STMT *rows_prepare(MYSQL *database, bool joined, const char *from, const char *rest)
{
	size_t count = joined ? COLUMNS : COLUMNS_CARD;
	char text[TEXT_MAX];
	MYSQL_STMT *statement;

	snprintf(text, sizeof(text), "%s%s%s", from, joined ? ACCOUNTS : "", rest);
	statement = prepare(database, count, text);
	bind_values(statement, count);
	return statement;
}

void card_open(MYSQL *database)
{
	card_query = query_open(database, COLUMNS_CARD, FROM_CARD ONE_CARD);
	joined_query = query_open(database, COLUMNS, FROM_CARD ACCOUNTS ONE_CARD);
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

/* A text as JSON says it: what must be escaped is. */
static size_t text_write(const struct value *value, char *out)
{
	static const char hex[] = "0123456789abcdef";
	char *to = out;

	*to++ = '"';
	for (unsigned long i = 0; i < value->len; i++) {
		unsigned char c = (unsigned char)value->text[i];

		if (c < 0x20) {
			memcpy(to, "\\u00", 4);
			to[4] = hex[c >> 4];
			to[5] = hex[c & 15];
			to += 6;
			continue;
		}
		if (c == '"' || c == '\\')
			*to++ = '\\';
		*to++ = (char)c;
	}
	*to++ = '"';
	return (size_t)(to - out);
}

static size_t number_write(long long number, char *out)
{
	char digits[24];
	size_t n = 0, len = 0;
	unsigned long long left =
		number < 0 ? 0ULL - (unsigned long long)number : (unsigned long long)number;

	do
		digits[n++] = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (number < 0)
		out[len++] = '-';
	while (n > 0)
		out[len++] = digits[--n];
	return len;
}

static size_t value_write(enum kind kind, const struct value *value, char *out)
{
	switch (kind) {
	case KIND_UUID:
		out[0] = out[UUID_TEXT_LEN + 1] = '"';
		uuid_write((const unsigned char *)value->text, out + 1);
		return UUID_TEXT_LEN + 2;
	case KIND_TEXT:
		return text_write(value, out);
	case KIND_NUMBER:
		break;
	}
	return number_write(value->number, out);
}

size_t row_write(bool joined, char *out, size_t room)
{
	size_t len = 0, need = 2;

	for (size_t i = 0; i < (joined ? COLUMNS : COLUMNS_CARD); i++)
		need += strlen(columns[i].name) + 6 * values[i].len + 64;
	if (need > room)
		die("answer", "too long");
	for (size_t i = 0; i < (joined ? COLUMNS : COLUMNS_CARD); i++) {
		size_t name_len = strlen(columns[i].name);

		out[len++] = i == 0 ? '{' : ',';
		out[len++] = '"';
		memcpy(out + len, columns[i].name, name_len);
		len += name_len;
		memcpy(out + len, "\":", 2);
		len += 2;
		len += value_write(columns[i].kind, &values[i], out + len);
	}
	out[len++] = '}';
	return len;
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
