/* The service that the workers run: loads in the master, opens in the worker, serves. */
#include "application.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "keyring.h"
#include "ledger.h"
#include "log.h"
#include "metrics.h"
#include "openapi.h"
#include "request.h"
#include "session.h"
#include "step.h"

#define TABLES_ARENA_MAX ((size_t)16 << 20)

static struct application {
	const struct config *config;
	struct arena tables; /* router, labels, the OpenAPI document */
	struct router *router;
	struct str openapi;
	struct metrics_labels labels;
	/* of a worker */
	struct arena arena;
	struct clock clock;
	struct session *session;
	struct host host;
} app;

static enum outcome identify(struct request *request, struct str token)
{
	return outcome_of(session_identify(app.session, &request->ctx, token));
}

static enum outcome enter(struct request *request, struct str login, struct str secret)
{
	return outcome_of(session_enter(app.session, &request->ctx, login, secret));
}

static bool ready(struct ctx *ctx)
{
	(void)ctx;
	return session_ready(app.session) == ERR_OK;
}

static struct session_cost cost(void)
{
	return session_cost(app.session);
}

static void make_posting_labels(void)
{
	const char **pairs = arena_array(&app.tables, const char *, ENTRY_KINDS);

	for (size_t i = 0; i < ENTRY_KINDS; i++) {
		struct buf buf;

		buf_init(&buf, &app.tables, 32);
		buf_printf(&buf, "kind=\"%s\"", entry_kind_names[i]);
		pairs[i] = buf_done(&buf).at;
	}
	app.labels.set[METRICS_POSTING] = (struct metrics_values){pairs, ENTRY_KINDS};
}

static void make_labels(void)
{
	size_t n;
	const struct endpoint *endpoints = router_endpoints(app.router, &n);
	const char **pairs = arena_array(&app.tables, const char *, n + 1);

	for (size_t i = 0; i < n; i++) {
		struct buf buf;

		buf_init(&buf, &app.tables, 128);
		buf_printf(&buf, "dialect=\"%s\",route=\"%s %s\"", endpoints[i].dialect->name,
			   method_name(endpoints[i].route->method), endpoints[i].route->path);
		pairs[endpoints[i].label] = buf_done(&buf).at;
	}
	pairs[router_unrouted_label(app.router)] = "dialect=\"\",route=\"\"";
	app.labels.set[METRICS_ROUTE] = (struct metrics_values){pairs, n + 1};
	make_posting_labels();
}

/* Once per process tree: the rows are part of the program. */
static bool make_tables(char *error, size_t error_size)
{
	struct buf faults;

	if (app.router)
		return true;
	if (!arena_init(&app.tables, TABLES_ARENA_MAX)) {
		snprintf(error, error_size, "no memory for the tables");
		return false;
	}
	buf_init(&faults, &app.tables, 256);
	if (!route_check(dialects, dialects_n, &faults)) {
		snprintf(error, error_size, "%s", buf_done(&faults).at);
		return false;
	}
	app.router = router_make(&app.tables, dialects, dialects_n);
	app.openapi = openapi_make(&app.tables, app.router);
	make_labels();
	return true;
}

/* Opened to see that it can be; a worker opens its own after fork. */
static bool check_keys(const struct config *config, char *error, size_t error_size)
{
	struct keyring *ring = keyring_open(config->keyring.at, error, error_size);
	struct keyring *ledger = NULL;

	if (ring)
		ledger = keyring_open_ledger(config->ledger_keys.at, error, error_size);
	keyring_close(&ring);
	if (!ledger)
		return false;
	keyring_close(&ledger);
	return true;
}

bool application_load(const struct config *config, char *error, size_t error_size)
{
	if (!make_tables(error, error_size) || !check_keys(config, error, error_size))
		return false;
	app.config = config;
	return true;
}

const struct metrics_labels *application_labels(void)
{
	return &app.labels;
}

bool application_share(void)
{
	return session_share();
}

void application_unshare(void)
{
	session_unshare();
}

static bool open_service(void *arg)
{
	char error[512];

	(void)arg;
	if (!app.arena.base && !arena_init(&app.arena, REQUEST_ARENA_MAX))
		return false;
	app.session = session_open(app.config, &app.arena, &app.clock, error, sizeof(error));
	if (!app.session) {
		log_event(LOG_ERROR_, "session", (struct log_pair[]){{"fault", error, 0}, {0}});
		return false;
	}
	app.host = (struct host){
		.router = app.router,
		.ctx = session_ctx(app.session),
		.identify = identify,
		.enter = enter,
		.mutate = mutation_run,
		.ready = ready,
		.cost = cost,
		.openapi = app.openapi,
	};
	return true;
}

static void serve(void *arg, struct exchange *exchange)
{
	(void)arg;
	request_serve(&app.host, exchange);
}

static void idle(void *arg)
{
	struct session_lag lag;

	(void)arg;
	session_idle(app.session);
	if (!session_lag(app.session, &lag))
		return;
	metrics_gauge(METRIC_OUTBOX_LAG, lag.outbox_s);
	metrics_gauge(METRIC_BURN_LAG, lag.burn_s);
}

static void close_service(void *arg)
{
	(void)arg;
	session_close(&app.session);
}

const struct service *application_service(void)
{
	static const struct service service = {open_service, serve, idle, close_service, NULL};

	return &service;
}

bool application_check(const struct config *config)
{
	char error[512];
	const char *fault = error;
	struct arena arena;

	if (!application_load(config, error, sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		return false;
	}
	if (!arena_init(&arena, REQUEST_ARENA_MAX))
		return false;
	app.session = session_open(config, &arena, &app.clock, error, sizeof(error));
	if (app.session)
		fault = session_check(app.session);
	if (fault)
		fprintf(stderr, "%s\n", fault);
	session_close(&app.session);
	arena_fini(&arena);
	return fault == NULL;
}

static void print_scopes(uint32_t scopes, unsigned flags)
{
	struct arena arena;
	struct buf words;

	if (!arena_init(&arena, 4096))
		return;
	buf_init(&words, &arena, 128);
	scope_print(scopes, &words);
	fputs(flags & ROUTE_PUBLIC ? "public" : scopes ? buf_done(&words).at : "any", stdout);
	arena_fini(&arena);
}

void application_routes(void)
{
	for (size_t i = 0; i < dialects_n; i++) {
		for (size_t j = 0; j < dialects[i]->n_routes; j++) {
			const struct route *route = &dialects[i]->routes[j];

			printf("%s\t%s\t%s\t", method_name(route->method), route->path,
			       dialects[i]->name);
			print_scopes(route->scope, route->flags);
			printf("\t%s\n", route->op->name);
		}
	}
}
