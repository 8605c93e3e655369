/* Whole requests through all steps, in-process, with a toy dialect. */
#include "unit.h"

#include "arena.h"
#include "config.h"
#include "log.h"
#include "metrics.h"
#include "request.h"
#include "step.h"
#include "toy.h"

#define ID "0190c0de-0000-7000-8000-00000000000a"

struct call {
	const char *param[16]; /* name, value, ... */
	const char *body;
	bool too_large, cut_short;
};

static struct arena arena;
static struct host host;
static struct config config;
static struct str got; /* the whole CGI answer */

static enum outcome identify(struct request *request, struct str token)
{
	struct principal *who = &request->ctx.principal;

	if (!str_eq(token, STR("all")) && !str_eq(token, STR("client")) &&
	    !str_eq(token, STR("few")))
		return request_fail(request, OUTCOME_UNAUTHENTICATED, NULL, REASON_TOKEN_BAD);
	who->organisation_id = 1;
	who->subject = token;
	who->role = str_eq(token, STR("client")) ? ROLE_CLIENT : ROLE_ORGANISATION;
	who->scopes = str_eq(token, STR("few")) ? SCOPE_LEDGER_READ : SCOPE_ALL;
	return OUTCOME_OK;
}

/* What the journal would do but keep: runs, has the answer made, keeps state refusals only. */
static enum err mutate(struct ctx *ctx, const struct operation *operation, const void *in,
		       void *out, answer_fn *make_answer, void *arg, struct answer *answer_r)
{
	enum err err = operation->run(ctx, in, out);

	if (err == ERR_OK)
		make_answer(arg, err, out, answer_r);
	answer_r->replayed = str_eq(ctx->request.idempotency_key, STR("again"));
	return err;
}

static const char *param(const struct exchange *exchange, const char *name)
{
	const struct call *call = exchange->transport;

	for (size_t i = 0; i + 1 < COUNT(call->param) && call->param[i]; i += 2) {
		if (strcmp(call->param[i], name) == 0)
			return call->param[i + 1];
	}
	return NULL;
}

static void take(struct exchange *exchange, const char *bytes, size_t len)
{
	(void)exchange;
	free((void *)(uintptr_t)got.at);
	got = (struct str){strndup(bytes, len), len};
}

static const char *serve(const struct call *call)
{
	struct exchange exchange = {
		.param = param,
		.send = take,
		.transport = (void *)(uintptr_t)call,
		.body = str_of(call->body ? call->body : ""),
		.body_too_large = call->too_large,
		.body_short = call->cut_short,
	};

	request_serve(&host, &exchange);
	assert_true(exchange.answered);
	assert_int_equal(host.ctx.arena->used, arena_mark(&arena));
	return got.at;
}

static int set_up(void **state)
{
	static const struct dialect *const list[] = {&toy_dialect};
	static struct arena tables;
	static struct clock clock_of_test = {.fixed_ms = 1700000000000};

	(void)state;
	log_init(LOG_ERROR_);
	config_defaults(&config);
	config.cors_origins = STR("https://a.example https://b.example");
	if (!arena_init(&tables, 1 << 20) || !arena_init(&arena, 1 << 22))
		return -1;
	host = (struct host){
		.router = router_make(&tables, list, 1),
		.ctx = {.arena = &arena, .clock = &clock_of_test, .config = &config},
		.identify = identify,
		.mutate = mutate,
	};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free((void *)(uintptr_t)got.at);
	arena_fini(&arena);
	return 0;
}

#define GET(uri)  "REQUEST_METHOD", "GET", "REQUEST_URI", uri
#define POST(uri) "REQUEST_METHOD", "POST", "REQUEST_URI", uri
#define TOKEN     "HTTP_TOKEN", "all"
#define JSON      "CONTENT_TYPE", "application/json"

static const struct {
	struct call call;
	const char *have[3];
	const char * not ;
} cases[] = {
	{{{GET("/toy/peek"), TOKEN}, NULL, 0, 0},
	 {"Status: 200 OK\r\n", "\r\nContent-Length: 13\r\n\r\n{\"lang\":\"en\"}", "ETag: \""},
	 "Retry-After"},
	{{{GET("/toy/peek/?&x=1&&y=2"), TOKEN}, NULL, 0, 0}, {"Status: 200 "}, NULL},
	{{{"REQUEST_METHOD", "HEAD", "REQUEST_URI", "/toy/peek", TOKEN}, NULL, 0, 0},
	 {"Status: 200 ", "Content-Length: 13\r\n\r\n"},
	 "{"},
	{{{GET("/toy/peek"), "HTTP_AUTHORIZATION", "Bearer all"}, NULL, 0, 0},
	 {"Status: 200 "},
	 NULL},
	{{{GET("/toy/peek"), "HTTP_AUTHORIZATION", "bearer  all", TOKEN}, NULL, 0, 0},
	 {"Status: 200 "},
	 NULL},
	{{{GET("/toy/open")}, NULL, 0, 0}, {"Status: 200 "}, NULL},
	{{{GET("/toy/peek")}, NULL, 0, 0},
	 {"Status: 401 Unauthorized\r\n", "WWW-Authenticate: Bearer",
	  "{\"error\":\"token missing\"}"},
	 NULL},
	{{{GET("/toy/peek"), "HTTP_AUTHORIZATION", "Basic YTpi"}, NULL, 0, 0},
	 {"Status: 401 ", "token missing"},
	 NULL},
	{{{GET("/toy/peek"), "HTTP_ACCEPT_LANGUAGE", "de"}, NULL, 0, 0},
	 {"Status: 401 ", "Kein Token"},
	 NULL},
	{{{GET("/toy/peek"), TOKEN, "HTTP_AUTHORIZATION", "Bearer other"}, NULL, 0, 0},
	 {"Status: 401 ", "two different tokens"},
	 NULL},
	{{{GET("/toy/peek"), "HTTP_TOKEN", "bad"}, NULL, 0, 0},
	 {"Status: 401 ", "token not accepted"},
	 NULL},
	{{{GET("/toy/peek"), "HTTP_TOKEN", "few"}, NULL, 0, 0},
	 {"Status: 403 ", "scope not enough"},
	 NULL},
	{{{GET("/toy/peek"), "HTTP_TOKEN", "client"}, NULL, 0, 0}, {"Status: 200 "}, NULL},
	{{{POST("/toy/" ID), "HTTP_TOKEN", "client"}, NULL, 0, 0},
	 {"Status: 403 ", "role not enough"},
	 NULL},
	{{{GET("/nowhere")}, NULL, 0, 0}, {"Status: 404 ", "no such path"}, NULL},
	{{{GET("/toy/%zz")}, NULL, 0, 0}, {"Status: 400 ", "path: malformed"}, NULL},
	{{{"REQUEST_METHOD", "GET"}, NULL, 0, 0}, {"Status: 400 ", "path: malformed"}, NULL},
	{{{POST("/toy/peek"), TOKEN}, NULL, 0, 0},
	 {"Status: 405 ", "Allow: GET, PUT, HEAD\r\n", "method not allowed"},
	 NULL},
	{{{"REQUEST_METHOD", "BREW", "REQUEST_URI", "/toy/peek"}, NULL, 0, 0},
	 {"Status: 405 ", "Allow: GET, PUT, HEAD\r\n"},
	 NULL},
	{{{"REQUEST_METHOD", "OPTIONS", "REQUEST_URI", "/toy/peek"}, NULL, 0, 0},
	 {"Status: 405 ", "Allow: GET, PUT, HEAD\r\n"},
	 "Access-Control"},
	{{{"REQUEST_METHOD", "OPTIONS", "REQUEST_URI", "/toy/peek", "HTTP_ORIGIN",
	   "https://b.example"},
	  NULL,
	  0,
	  0},
	 {"Status: 204 ", "Access-Control-Allow-Origin: https://b.example\r\n",
	  "Access-Control-Allow-Methods: GET, PUT, HEAD\r\n"},
	 "Content-Length"},
	{{{"REQUEST_METHOD", "OPTIONS", "REQUEST_URI", "/toy/peek", "HTTP_ORIGIN",
	   "https://c.example"},
	  NULL,
	  0,
	  0},
	 {"Status: 405 "},
	 "Access-Control"},
	{{{GET("/toy/open"), "HTTP_ORIGIN", "https://a.example"}, NULL, 0, 0},
	 {"Status: 200 ", "Access-Control-Expose-Headers: ETag", "Vary: Origin\r\n"},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, JSON}, "{\"title\":\"abc\"}", 0, 0},
	 {"Status: 201 Created\r\n",
	  "{\"lang\":\"en\",\"id\":\"" ID "\",\"title\":\"abc\",\"page\":0",
	  "Cache-Control: no-store\r\n"},
	 "Idempotent-Replayed"},
	{{{POST("/toy/" ID "?page=3&note=q"), TOKEN, JSON}, "{\"title\":\"abc\"}", 0, 0},
	 {"Status: 201 ", "\"note\":\"q\",\"page\":3"},
	 NULL},
	{{{POST("/toy/" ID "?page=3&page=4"), TOKEN, JSON}, "{\"title\":\"abc\"}", 0, 0},
	 {"Status: 400 ", "page: appears twice"},
	 NULL},
	{{{POST("/toy/" ID "?note=q"), TOKEN, JSON}, "{\"title\":\"abc\",\"note\":\"b\"}", 0, 0},
	 {"Status: 400 ", "note: appears twice"},
	 NULL},
	{{{POST("/toy/" ID "?page=%"), TOKEN, JSON}, "{\"title\":\"abc\"}", 0, 0},
	 {"Status: 400 ", "page: malformed"},
	 NULL},
	{{{POST("/toy/x"), TOKEN, JSON}, "{\"title\":\"abc\"}", 0, 0},
	 {"Status: 404 ", "id: not found"},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, JSON}, NULL, 0, 0}, {"Status: 400 ", "title: required"}, NULL},
	{{{POST("/toy/" ID), TOKEN, JSON, "HTTP_ACCEPT_LANGUAGE", "de"}, NULL, 0, 0},
	 {"Status: 400 ", "Es fehlt title!"},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, JSON}, "{\"title\":\"lost\"}", 0, 0},
	 {"Status: 404 ", "parent: not found"},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, JSON}, "{\"title\":\"away\"}", 0, 0},
	 {"Status: 503 ", "Retry-After: 1\r\n"},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, JSON}, "[]", 0, 0},
	 {"Status: 400 ", "body: must be an object"},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, JSON}, "{\"a\":1,\"a\":2}", 0, 0},
	 {"Status: 400 ", "a: appears twice"},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, "CONTENT_TYPE", "text/plain"}, "{}", 0, 0},
	 {"Status: 415 ", "Content-Type"},
	 NULL},
	{{{POST("/toy/" ID), TOKEN}, "{}", 0, 0}, {"Status: 415 "}, NULL},
	{{{POST("/toy/" ID), TOKEN, "CONTENT_TYPE", "application/json; charset=windows-1251"},
	  "{}",
	  0,
	  0},
	 {"Status: 415 "},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, "CONTENT_TYPE", "Application/X+JSON ; charset=\"UTF-8\""},
	  "{\"title\":\"a\"}",
	  0,
	  0},
	 {"Status: 201 "},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, JSON}, NULL, true, 0},
	 {"Status: 413 ", "body: too long"},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, JSON}, NULL, 0, true},
	 {"Status: 400 ", "body: malformed"},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, JSON, "HTTP_IDEMPOTENCY_KEY", "again"},
	  "{\"title\":\"a\"}",
	  0,
	  0},
	 {"Status: 201 ", "Idempotent-Replayed: true\r\n"},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, JSON, "HTTP_IDEMPOTENCY_KEY", "a b"},
	  "{\"title\":\"a\"}",
	  0,
	  0},
	 {"Status: 400 ", "Idempotency-Key: malformed"},
	 NULL},
	{{{POST("/toy/" ID), TOKEN, JSON, "HTTP_IDEMPOTENCY_KEY", ""}, "{\"title\":\"a\"}", 0, 0},
	 {"Status: 400 ", "Idempotency-Key: malformed"},
	 NULL},
	{{{GET("/toy/open"), "HTTP_X_REQUEST_ID", "abc-1"}, NULL, 0, 0},
	 {"X-Request-Id: abc-1\r\n"},
	 NULL},
	{{{GET("/toy/open"), "HTTP_X_REQUEST_ID", "a b"}, NULL, 0, 0}, {"X-Request-Id: "}, "a b"},
	{{{GET("/toy/open"), "KARTOTEKA_ERROR", "413"}, NULL, 0, 0},
	 {"Status: 413 ", "request: too long"},
	 NULL},
	{{{GET("/toy/open"), "KARTOTEKA_ERROR", "429"}, NULL, 0, 0},
	 {"Status: 429 ", "Retry-After: 60\r\n", "too many attempts"},
	 NULL},
	{{{GET("/toy/open"), "KARTOTEKA_ERROR", "502"}, NULL, 0, 0},
	 {"Status: 503 ", "Retry-After: 1\r\n"},
	 NULL},
};

static void requests_are_answered(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *answer = serve(&cases[i].call);

		for (size_t j = 0; j < 3 && cases[i].have[j]; j++) {
			if (!strstr(answer, cases[i].have[j]))
				fail_msg("case %zu wants %s in:\n%s", i, cases[i].have[j], answer);
		}
		if (cases[i].not &&strstr(answer, cases[i].not ))
			fail_msg("case %zu wants no %s in:\n%s", i, cases[i].not, answer);
	}
}

static struct str etag_of(const char *answer)
{
	const char *at = strstr(answer, "ETag: ");

	assert_non_null(at);
	return (struct str){strndup(at + 6, strcspn(at + 6, "\r")), strcspn(at + 6, "\r")};
}

static void conditions_are_checked(void **state)
{
	char *etag = (char *)(uintptr_t)etag_of(
			     serve(&(struct call){.param = {GET("/toy/peek"), TOKEN}}))
			     .at;
	char weak[64], listed[128];

	(void)state;
	snprintf(weak, sizeof(weak), "W/%s", etag);
	snprintf(listed, sizeof(listed), "\"other\", %s", etag);

#define PEEK_IF(value)                                                                             \
	serve(&(struct call){.param = {GET("/toy/peek"), TOKEN, "HTTP_IF_NONE_MATCH", value}})
#define PUT_IF(value)                                                                              \
	serve(&(struct call){.param = {"REQUEST_METHOD", "PUT", "REQUEST_URI", "/toy/peek", TOKEN, \
				       "HTTP_IF_MATCH", value}})

	assert_non_null(strstr(PEEK_IF(etag), "Status: 304 Not Modified"));
	assert_null(strstr(got.at, "Content-Length"));
	assert_non_null(strstr(got.at, "ETag: "));
	assert_non_null(strstr(PEEK_IF(weak), "Status: 304"));
	assert_non_null(strstr(PEEK_IF("*"), "Status: 304"));
	assert_non_null(strstr(PEEK_IF("\"other\""), "Status: 200"));
	assert_non_null(strstr(PUT_IF(etag), "Status: 200"));
	assert_non_null(strstr(PUT_IF(listed), "Status: 200"));
	assert_non_null(strstr(PUT_IF("*"), "Status: 200"));
	assert_non_null(strstr(PUT_IF("\"other\""), "Status: 412"));
	assert_non_null(strstr(PUT_IF("garbage"), "Status: 412"));
	assert_non_null(strstr(PUT_IF("\""), "Status: 412"));
	assert_non_null(strstr(PUT_IF(weak), "Status: 412"));
	free(etag);
}

static void an_etag_differs_by_language(void **state)
{
	struct str en = etag_of(serve(&(struct call){.param = {GET("/toy/peek"), TOKEN}}));
	struct str de = etag_of(serve(
		&(struct call){.param = {GET("/toy/peek"), TOKEN, "HTTP_ACCEPT_LANGUAGE", "de"}}));

	(void)state;
	assert_false(str_eq(en, de));
	free((void *)(uintptr_t)en.at);
	free((void *)(uintptr_t)de.at);
}

#define BASIC(pair) "HTTP_AUTHORIZATION", "Basic " pair
#define OWN(token)  "HTTP_X_OWN_TOKEN", token

static enum outcome enter(struct request *request, struct str login, struct str secret)
{
	if (!str_eq(login, STR("a")) || !str_eq(secret, STR("b:c")))
		return request_fail(request, OUTCOME_UNAUTHENTICATED, NULL, REASON_LOGIN_REFUSED);
	return identify(request, STR("all"));
}

static const struct {
	struct call call;
	const char *have;
} entries[] = {
	{{{GET("/toy/peek"), BASIC("YTpiOmM=")}, NULL, 0, 0}, "Status: 200 "}, /* a:b:c */
	{{{GET("/toy/peek"), "HTTP_AUTHORIZATION", "basic  YTpiOmM="}, NULL, 0, 0}, "Status: 200 "},
	{{{GET("/toy/peek"), BASIC("YTpi")}, NULL, 0, 0}, "login or password wrong"}, /* a:b */
	{{{GET("/toy/peek"), BASIC("YWI=")}, NULL, 0, 0}, "login or password wrong"}, /* ab */
	{{{GET("/toy/peek"), BASIC("YTpiOmM")}, NULL, 0, 0}, "login or password wrong"},
	{{{GET("/toy/peek"), BASIC("")}, NULL, 0, 0}, "login or password wrong"},
	{{{GET("/toy/peek"), BASIC("YTpiADpj")}, NULL, 0, 0}, "login or password wrong"}, /* NUL */
	{{{GET("/toy/peek"), BASIC("YTqA")}, NULL, 0, 0}, "login or password wrong"}, /* no UTF-8 */
	{{{GET("/toy/peek"), BASIC("YTpi")}, NULL, 0, 0}, "Basic realm=\"kartoteka\""},
	{{{GET("/toy/peek"), OWN("all")}, NULL, 0, 0}, "Status: 200 "},
	{{{GET("/toy/peek"), OWN("all"), TOKEN}, NULL, 0, 0}, "Status: 200 "},
	{{{GET("/toy/peek"), OWN("few"), TOKEN}, NULL, 0, 0}, "two different tokens"},
	{{{GET("/toy/peek"), OWN("bad"), BASIC("YTpiOmM=")}, NULL, 0, 0}, "token not accepted"},
	{{{GET("/toy/peek")}, NULL, 0, 0}, "token missing"},
};

/* A dialect whose vendor has them takes Basic and a header of its own. */
static void test_a_dialect_has_doors_of_its_own(void **state)
{
	static struct dialect toy;
	static const struct dialect *const list[] = {&toy};
	const struct router *before = host.router;
	struct arena tables;

	(void)state;
	toy = toy_dialect;
	toy.flags |= DIALECT_BASIC;
	toy.token_header = "HTTP_X_OWN_TOKEN";
	assert_true(arena_init(&tables, 1 << 20));
	host.router = router_make(&tables, list, 1);
	host.enter = enter;
	for (size_t i = 0; i < COUNT(entries); i++) {
		if (!strstr(serve(&entries[i].call), entries[i].have))
			fail_msg("entry %zu: no %s in %s", i, entries[i].have, got.at);
	}
	host.enter = NULL;
	host.router = before;
	arena_fini(&tables);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_dialect_has_doors_of_its_own),
		cmocka_unit_test(requests_are_answered),
		cmocka_unit_test(conditions_are_checked),
		cmocka_unit_test(an_etag_differs_by_language),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
