/*
 * The bare pipeline: the least that a token, one row and one JSON answer can cost behind
 * the same nginx and on the same database. Pre-forked libfcgi workers on one unix socket;
 * HMAC-SHA256 over "subject.expiry"; one prepared select; json-c. No route table, fields,
 * scopes, tag, log line or figures: what tests/bench/run holds the service against.
 *
 *   bare SOCKET WORKERS     BARE_DB_SOCKET, BARE_DB_NAME and BARE_KEY in the environment
 *
 * GET /constant     500 bytes
 * GET /card/UUID    the columns of table card that GET /organization/card/{id} shows
 * GET /joined/UUID  the same with the columns that come from the card's accounts
 */
#include <fcgiapp.h>
#include <json-c/json.h>
#include <mysql.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UUID_LEN      16
#define UUID_TEXT_LEN 36
#define MAC_LEN       32
#define TEXT_MAX      4096
#define ANSWER_MAX    65536

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

static EVP_MAC_CTX *mac;
static struct query card_query, joined_query;
static unsigned char wanted_id[UUID_LEN];
static unsigned long wanted_id_len = UUID_LEN;
static char answer[ANSWER_MAX];

__attribute__((noreturn)) static void die(const char *what, const char *why)
{
	fprintf(stderr, "bare: %s: %s\n", what, why);
	_exit(EXIT_FAILURE);
}

static const char *setting(const char *name)
{
	const char *value = getenv(name);

	if (!value)
		die(name, "not set");
	return value;
}

/* ---- token: subject.expiry.hex */

static void mac_open(void)
{
	const char *key = setting("BARE_KEY");
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0),
			       OSSL_PARAM_construct_end()};
	EVP_MAC *algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);

	mac = EVP_MAC_CTX_new(algorithm);
	if (!mac || EVP_MAC_init(mac, (const unsigned char *)key, strlen(key), params) != 1)
		die("HMAC", "not to be had");
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool hex_read(const char *text, size_t bytes, unsigned char *out)
{
	for (size_t i = 0; i < bytes; i++) {
		int high = nibble(text[2 * i]), low = high < 0 ? -1 : nibble(text[2 * i + 1]);

		if (low < 0)
			return false;
		out[i] = (unsigned char)(high * 16 + low);
	}
	return true;
}

static bool token_good(const char *token)
{
	const char *dot = token ? strrchr(token, '.') : NULL, *expiry;
	unsigned char sent[MAC_LEN], own[MAC_LEN];
	size_t len;

	if (!dot || strlen(dot + 1) != 2 * (size_t)MAC_LEN || !hex_read(dot + 1, MAC_LEN, sent))
		return false;
	if (EVP_MAC_init(mac, NULL, 0, NULL) != 1 ||
	    EVP_MAC_update(mac, (const unsigned char *)token, (size_t)(dot - token)) != 1 ||
	    EVP_MAC_final(mac, own, &len, sizeof(own)) != 1 ||
	    CRYPTO_memcmp(sent, own, MAC_LEN) != 0)
		return false;
	expiry = memchr(token, '.', (size_t)(dot - token));
	return expiry && strtoll(expiry + 1, NULL, 10) > time(NULL);
}

/* ---- database */

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

static void database_open(void)
{
	MYSQL *database = mysql_init(NULL);

	mysql_options(database, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (!mysql_real_connect(database, NULL, "root", NULL, setting("BARE_DB_NAME"), 0,
				setting("BARE_DB_SOCKET"), 0))
		die("database", mysql_error(database));
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

/* ---- answer */

static bool uuid_read(const char *text, unsigned char *id)
{
	char hex[2 * UUID_LEN];
	size_t n = 0;

	if (strnlen(text, UUID_TEXT_LEN) < UUID_TEXT_LEN)
		return false;
	for (size_t i = 0; i < UUID_TEXT_LEN; i++)
		if (text[i] != '-' && n < sizeof(hex))
			hex[n++] = text[i];
	return n == sizeof(hex) && hex_read(hex, UUID_LEN, id);
}

static json_object *uuid_json(const char *id)
{
	static const char digits[] = "0123456789abcdef";
	char text[UUID_TEXT_LEN], *out = text;

	for (int i = 0; i < UUID_LEN; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = digits[(unsigned char)id[i] >> 4];
		*out++ = digits[(unsigned char)id[i] & 15];
	}
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

static size_t constant_answer(void)
{
	static const char head[] = "{\"data\":\"", tail[] = "\"}";
	size_t len = 500, at = sizeof(head) - 1;

	memset(answer, 'x', len);
	memcpy(answer, head, at);
	memcpy(answer + len - (sizeof(tail) - 1), tail, sizeof(tail) - 1);
	return len;
}

static size_t fail(int status, const char *text, int *status_r)
{
	*status_r = status;
	return (size_t)snprintf(answer, sizeof(answer), "{\"error\":\"%s\"}", text);
}

static size_t handle(const char *uri, const char *token, int *status_r)
{
	static const char card[] = "/card/", joined[] = "/joined/";
	const struct query *query = NULL;
	const char *id = "";

	*status_r = 200;
	if (strcmp(uri, "/constant") == 0)
		return constant_answer();
	if (!token_good(token))
		return fail(401, "token", status_r);
	if (strncmp(uri, card, sizeof(card) - 1) == 0) {
		query = &card_query;
		id = uri + sizeof(card) - 1;
	} else if (strncmp(uri, joined, sizeof(joined) - 1) == 0) {
		query = &joined_query;
		id = uri + sizeof(joined) - 1;
	}
	if (!query || !uuid_read(id, wanted_id) || !query_row(query))
		return fail(404, "none", status_r);
	return card_answer(query->columns);
}

/* ---- processes */

static void serve(int listen_fd)
{
	FCGX_Request request;

	FCGX_Init();
	FCGX_InitRequest(&request, listen_fd, 0);
	mac_open();
	database_open();
	while (FCGX_Accept_r(&request) == 0) {
		const char *uri = FCGX_GetParam("REQUEST_URI", request.envp);
		int status, head_len;
		char head[128];
		size_t len =
			handle(uri ? uri : "", FCGX_GetParam("HTTP_TOKEN", request.envp), &status);

		head_len = snprintf(head, sizeof(head),
				    "Status: %d\r\nContent-Type: application/json\r\n"
				    "Content-Length: %zu\r\n\r\n",
				    status, len);
		FCGX_PutStr(head, head_len, request.out);
		FCGX_PutStr(answer, (int)len, request.out);
	}
}

static int listen_on(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		die(path, "too long");
	memcpy(address.sun_path, path, strlen(path));
	unlink(path);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(fd, SOMAXCONN) != 0)
		die(path, "cannot listen");
	return fd;
}

int main(int argc, char **argv)
{
	long workers = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	int fd;

	if (workers < 1 || workers > 1024)
		die("usage", "bare SOCKET WORKERS");
	fd = listen_on(argv[1]);
	for (long i = 0; i < workers; i++)
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(fd);
			_exit(EXIT_SUCCESS);
		}
	while (wait(NULL) > 0)
		continue;
	return EXIT_FAILURE;
}
