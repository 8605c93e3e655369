/*
 * The bare pipelines that tests/bench/run holds the service against. Pre-forked libfcgi workers
 * on one unix socket; HMAC-SHA256 over "subject.expiry"; json-c. No route table, fields, scopes,
 * tag, log line or figures.
 *
 *   bare SOCKET WORKERS     BARE_DB_SOCKET, BARE_DB_NAME and BARE_KEY in the environment
 *
 * GET /constant     500 bytes
 * GET /card/UUID    the columns of table card that GET /organization/card/{id} shows
 * GET /joined/UUID  the same with the columns that come from the card's accounts
 * GET /list/UUID    ten active cards of a group, in order of name, and how many there are
 * GET /listed/UUID  the same with the columns that come from the cards' accounts
 * GET /words/HEX    ten cards with a word in the name that begins so, and how many there are
 * POST /posting     the rows of POST /organization/transaction/add, in tables of database `bare`
 * POST /two         two rows of such tables, by one CALL
 */
#include "bare.h"

#include <fcgiapp.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <signal.h>
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

#define MAC_LEN  32
#define BODY_MAX 65536

struct request {
	const char *uri, *token, *key;
	const char *body;
	size_t body_len;
};

char answer[ANSWER_MAX];
static EVP_MAC_CTX *mac;

void die(const char *what, const char *why)
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

bool hex_read(const char *text, size_t bytes, unsigned char *out)
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

static void database_open(void)
{
	MYSQL *database = mysql_init(NULL);

	mysql_options(database, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(database, MYSQL_INIT_COMMAND,
		      "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
	if (!mysql_real_connect(database, NULL, "root", NULL, setting("BARE_DB_NAME"), 0,
				setting("BARE_DB_SOCKET"), CLIENT_MULTI_STATEMENTS))
		die("database", mysql_error(database));
	card_open(database);
	list_open(database);
	posting_open(database);
}

/* ---- answer */

bool uuid_read(const char *text, unsigned char *id)
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

void uuid_write(const unsigned char *id, char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < UUID_LEN; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*text++ = '-';
		*text++ = digits[id[i] >> 4];
		*text++ = digits[id[i] & 15];
	}
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

size_t fail(int status, const char *text, int *status_r)
{
	*status_r = status;
	return (size_t)snprintf(answer, sizeof(answer), "{\"error\":\"%s\"}", text);
}

/* What follows `prefix` in the request's path, or NULL. */
static const char *after(const struct request *request, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(request->uri, prefix, len) == 0 ? request->uri + len : NULL;
}

static size_t handle(const struct request *request, int *status_r)
{
	const char *id;

	*status_r = 200;
	if (strcmp(request->uri, "/constant") == 0)
		return constant_answer();
	if (!token_good(request->token))
		return fail(401, "token", status_r);
	if ((id = after(request, "/card/")))
		return card_handle(id, false, status_r);
	if ((id = after(request, "/joined/")))
		return card_handle(id, true, status_r);
	if ((id = after(request, "/list/")))
		return list_handle(id, false, status_r);
	if ((id = after(request, "/listed/")))
		return list_handle(id, true, status_r);
	if ((id = after(request, "/words/")))
		return words_handle(id, status_r);
	if (strcmp(request->uri, "/posting") == 0)
		return posting_handle(request->body, request->body_len, request->key, status_r);
	if (strcmp(request->uri, "/two") == 0)
		return two_handle(request->body, request->body_len, status_r);
	return fail(404, "none", status_r);
}

/* ---- processes */

static struct request read_request(FCGX_Request *from)
{
	static char body[BODY_MAX];
	const char *uri = FCGX_GetParam("REQUEST_URI", from->envp);
	const char *length = FCGX_GetParam("CONTENT_LENGTH", from->envp);
	long wanted = length ? strtol(length, NULL, 10) : 0;
	int got = wanted > 0 && wanted <= BODY_MAX ? FCGX_GetStr(body, (int)wanted, from->in) : 0;

	return (struct request){.uri = uri ? uri : "",
				.token = FCGX_GetParam("HTTP_TOKEN", from->envp),
				.key = FCGX_GetParam("HTTP_IDEMPOTENCY_KEY", from->envp),
				.body = body,
				.body_len = (size_t)got};
}

static void answer_one(FCGX_Request *request)
{
	struct request wanted = read_request(request);
	int status, head_len;
	char head[128];
	size_t len = handle(&wanted, &status);

	head_len = snprintf(head, sizeof(head),
			    "Status: %d\r\nContent-Type: application/json\r\n"
			    "Content-Length: %zu\r\n\r\n",
			    status, len);
	FCGX_PutStr(head, head_len, request->out);
	FCGX_PutStr(answer, (int)len, request->out);
}

static void serve(int listen_fd)
{
	FCGX_Request request;

	FCGX_Init();
	FCGX_InitRequest(&request, listen_fd, 0);
	mac_open();
	database_open();
	while (FCGX_Accept_r(&request) == 0)
		answer_one(&request);
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
