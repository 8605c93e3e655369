/*
 * A program of the process skeleton alone, for the tests of this folder:
 *   process_toy SOCKET NAME=VALUE...
 * with workers, max_requests, body_max, watchdog_s, shutdown_s, no_fork=1 (the system refuses
 * forks until a reload), and control=FOLDER. Files in the
 * control folder steer it: `refuse` (open() says no), `die` (open() aborts), `stay` (reload says
 * no), `workers` (the number that a reload sets). What a request does is its QUERY_STRING.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "listener.h"
#include "log.h"
#include "master.h"
#include "metrics.h"

struct toy {
	char control[96];
	struct master_settings settings;
	int64_t no_fork;
	long answers; /* of this process */
};

static bool control_read(const struct toy *toy, const char *name, int64_t *value_r)
{
	char path[160], text[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", toy->control, name);
	file = toy->control[0] ? fopen(path, "r") : NULL;
	if (!file)
		return false;
	if (fgets(text, sizeof(text), file))
		*value_r = atoll(text);
	fclose(file);
	return true;
}

static bool toy_open(void *arg)
{
	int64_t ignored;

	if (control_read(arg, "die", &ignored))
		abort();
	return !control_read(arg, "refuse", &ignored);
}

static void do_sleep(struct exchange *exchange, const char *value)
{
	(void)exchange;
	usleep((useconds_t)(atoi(value) * 1000));
}

/* As long, but with signs of life. */
static void do_work(struct exchange *exchange, const char *value)
{
	for (int part = 0; part < 10; part++) {
		exchange_works(exchange);
		usleep((useconds_t)(atoi(value) * 100));
	}
}

static void do_crash(struct exchange *exchange, const char *value)
{
	(void)exchange, (void)value;
	signal(SIGABRT, SIG_DFL);
	abort();
}

static const struct {
	const char *name;
	void (*run)(struct exchange *exchange, const char *value);
} deeds[] = {{"sleep=", do_sleep}, {"work=", do_work}, {"crash", do_crash}};

static int summary(struct toy *toy, const struct exchange *exchange, char *text, size_t size)
{
	return snprintf(text, size,
			"Status: 200 OK\r\nContent-Type: text/plain\r\n\r\n"
			"pid=%d answers=%ld body=%zu large=%d short=%d ",
			(int)getpid(), ++toy->answers, exchange->body.len, exchange->body_too_large,
			exchange->body_short);
}

/* A line of figures, then the body as it came. */
static void toy_serve(void *arg, struct exchange *exchange)
{
	const char *query = exchange_param(exchange, "QUERY_STRING");
	char *answer = malloc(exchange->body.len + 300);
	size_t len;

	for (size_t i = 0; query && i < sizeof(deeds) / sizeof(deeds[0]); i++)
		if (strncmp(query, deeds[i].name, strlen(deeds[i].name)) == 0)
			deeds[i].run(exchange, query + strlen(deeds[i].name));
	len = (size_t)summary(arg, exchange, answer, 300);
	memcpy(answer + len, exchange->body.at, exchange->body.len);
	exchange_answer(exchange, answer, len + exchange->body.len);
	free(answer);
}

static bool limit_forks(bool allow)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NPROC, &limit);
	limit.rlim_cur = allow ? limit.rlim_max : 0;
	return setrlimit(RLIMIT_NPROC, &limit) == 0;
}

/* The limit does not hold for root, and a process that changed its user hides from LeakSanitizer.
 */
static bool forbid_fork(void)
{
	if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)
		return false;
	prctl(PR_SET_DUMPABLE, 1);
	return limit_forks(false);
}

static bool toy_reload(void *arg, struct master_settings *settings_r)
{
	struct toy *toy = arg;
	int64_t value = 0;

	if (control_read(toy, "stay", &value))
		return false;
	if (control_read(toy, "workers", &value))
		toy->settings.pool.workers = value;
	*settings_r = toy->settings;
	return !toy->no_fork || limit_forks(true);
}

static void take_argument(struct toy *toy, const char *text)
{
	const struct {
		const char *name;
		int64_t *value;
	} numbers[] = {
		{"workers=", &toy->settings.pool.workers},
		{"max_requests=", &toy->settings.pool.max_requests},
		{"body_max=", &toy->settings.pool.body_max},
		{"watchdog_s=", &toy->settings.pool.watchdog_s},
		{"shutdown_s=", &toy->settings.shutdown_s},
		{"no_fork=", &toy->no_fork},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strncmp(text, numbers[i].name, strlen(numbers[i].name)) == 0)
			*numbers[i].value = atoll(text + strlen(numbers[i].name));
	if (strncmp(text, "control=", 8) == 0)
		snprintf(toy->control, sizeof(toy->control), "%s", text + 8);
}

int main(int argc, char **argv)
{
	static const char *const route[] = {"route=\"toy\""};
	static const struct metrics_labels labels = {
		.set = {[METRICS_ROUTE] = {route, 1}, [METRICS_POSTING] = {route, 1}}};
	struct toy toy = {.settings = {.pool = {.workers = 2, .body_max = 1000, .watchdog_s = 20},
				       .shutdown_s = 10}};
	struct service service = {.open = toy_open, .serve = toy_serve, .arg = &toy};
	struct listener listener;
	struct master master = {
		.service = &service, .listener = &listener, .reload = toy_reload, .arg = &toy};
	char error[256];
	int status;

	for (int i = 2; i < argc; i++)
		take_argument(&toy, argv[i]);
	master.settings = toy.settings;
	master_block_signals();
	if (argc < 2 || !metrics_init(&labels, ROSTER_SLOTS))
		return 2;
	if (!listener_open(&listener, argv[1], 0660, error, sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	if (toy.no_fork && !forbid_fork())
		return 2;
	status = master_run(&master);
	metrics_fini();
	listener_close(&listener);
	return status;
}
