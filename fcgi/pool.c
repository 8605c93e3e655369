#include "pool.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "metrics.h"
#include "worker.h"

#define SECOND_US INT64_C(1000000)
/*
 * A worker that dies younger than this, and before its first request, is a reason to wait
 * before the next start. One that a request has killed is not: waiting would hand whoever
 * sends such requests the whole pool.
 */
#define SETTLED_US   (1 * SECOND_US)
#define PAUSE_MIN_US INT64_C(100000)
#define PAUSE_MAX_US (30 * SECOND_US)
/* A worker told to leave is told again; a signal costs nothing and cannot then be lost. */
#define TELL_AGAIN_US (1 * SECOND_US)

bool pool_init(struct pool *pool, const struct service *service, int listen_fd,
	       const struct pool_settings *settings)
{
	*pool = (struct pool){.settings = *settings, .service = service, .listen_fd = listen_fd};
	assert(settings->workers >= 1 && settings->workers <= ROSTER_WORKERS_MAX);
	pool->roster = roster_open();
	return pool->roster != NULL;
}

void pool_fini(struct pool *pool)
{
	roster_close(&pool->roster);
}

static const struct roster_slot *slot_of(const struct pool *pool, const struct child *child)
{
	return &pool->roster->slot[child - pool->child];
}

static bool is_alive(const struct child *child)
{
	return child->pid != 0 && child->told_us == 0;
}

static bool is_tired(const struct pool *pool, const struct child *child)
{
	return child->generation != pool->generation || atomic_load(&slot_of(pool, child)->tired);
}

struct pool_figures pool_figures(const struct pool *pool)
{
	struct pool_figures figures = {0};

	for (size_t i = 1; i < ROSTER_SLOTS; i++) {
		const struct child *child = &pool->child[i];

		figures.leaving += child->pid != 0 && child->told_us != 0;
		if (!is_alive(child))
			continue;
		figures.alive++;
		figures.ready += child->ready;
		figures.starting += !child->ready;
		figures.tired += is_tired(pool, child);
	}
	return figures;
}

bool pool_settled(const struct pool *pool)
{
	struct pool_figures figures = pool_figures(pool);

	return figures.ready == pool->settings.workers && figures.starting == 0 &&
	       figures.tired == 0;
}

static void log_child(enum log_level level, const char *event, const struct child *child,
		      const char *name, int64_t number)
{
	log_event(level, event,
		  (struct log_pair[]){{"worker", NULL, child->pid}, {name, NULL, number}, {0}});
}

/* Deaths in one pause count once, or eight workers that die together would wait for minutes. */
static void back_off(struct pool *pool, bool own_fault)
{
	int64_t now = clock_monotonic_us();

	if (now < pool->start_after_us)
		return;
	if (pool->pause_us == 0 || !own_fault)
		pool->pause_us = PAUSE_MIN_US;
	else
		pool->pause_us *= 2;
	if (pool->pause_us > PAUSE_MAX_US)
		pool->pause_us = PAUSE_MAX_US;
	pool->start_after_us = now + pool->pause_us;
	log_event(LOG_WARN_, "workers die early, the next start waits",
		  (struct log_pair[]){{"pause_ms", NULL, pool->pause_us / 1000}, {0}});
}

static void run_child(const struct pool *pool, size_t slot, pid_t master)
{
	struct worker_settings settings = {.max_requests = pool->settings.max_requests,
					   .body_max = pool->settings.body_max};

	exit(worker_run(pool->service, &settings, pool->listen_fd, pool->roster, slot, master));
}

static void start(struct pool *pool)
{
	pid_t master = getpid(), pid;
	size_t slot = 1;

	while (slot < ROSTER_SLOTS && pool->child[slot].pid != 0)
		slot++;
	if (slot == ROSTER_SLOTS || clock_monotonic_us() < pool->start_after_us)
		return;
	roster_clear(&pool->roster->slot[slot]);
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		run_child(pool, slot, master);
	if (pid < 0) {
		log_event(LOG_ERROR_, "fork", (struct log_pair[]){{"errno", NULL, errno}, {0}});
		back_off(pool, true);
		return;
	}
	pool->child[slot] = (struct child){
		.pid = pid, .generation = pool->generation, .started_us = clock_monotonic_us()};
	metrics_count(METRIC_WORKER_STARTS, 0, 1);
	log_child(LOG_INFO_, "worker started", &pool->child[slot], "slot", (int64_t)slot);
}

static void tell_to_leave(struct pool *pool, struct child *child)
{
	child->told_again_us = clock_monotonic_us();
	if (child->told_us == 0)
		child->told_us = child->told_again_us;
	atomic_store(&pool->roster->slot[child - pool->child].leave, true);
	kill(child->pid, SIGTERM);
}

static void kill_child(struct child *child, const char *why)
{
	child->killed = true;
	metrics_count(METRIC_WORKER_KILLS, 0, 1);
	log_child(LOG_ERROR_, why, child, "age_ms",
		  (clock_monotonic_us() - child->started_us) / 1000);
	kill(child->pid, SIGKILL);
}

static void log_end(const struct child *child, int status)
{
	int64_t told_us = child->told_us == 0 ? 0 : clock_monotonic_us() - child->told_us;
	bool died = WIFSIGNALED(status);

	log_event(died || child->told_us == 0 ? LOG_ERROR_ : LOG_INFO_,
		  died ? "worker died" : "worker left",
		  (struct log_pair[]){{"worker", NULL, child->pid},
				      {died ? "signal" : "status", NULL,
				       died ? WTERMSIG(status) : WEXITSTATUS(status)},
				      {"leaving_ms", NULL, told_us / 1000},
				      {0}});
}

static void bury(struct pool *pool, struct child *child, int status)
{
	bool expected = child->told_us != 0 || child->killed;
	bool early = !child->settled && !atomic_load(&slot_of(pool, child)->served);

	metrics_reap_slot((size_t)(child - pool->child));
	log_end(child, status);
	*child = (struct child){0};
	if (expected)
		return;
	metrics_count(METRIC_WORKER_DEATHS, 0, 1);
	/* Whoever sends SIGKILL is outside, and does not tire of it if we wait longer. */
	if (early)
		back_off(pool, !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
}

void pool_reap(struct pool *pool)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 1; i < ROSTER_SLOTS; i++)
			if (pool->child[i].pid == pid)
				bury(pool, &pool->child[i], status);
}

/* What the workers have written into their slots, and what time has made of them. */
static void look_at(struct pool *pool, struct child *child, int64_t now)
{
	int64_t busy_since = atomic_load(&slot_of(pool, child)->busy_since_us);

	if (!child->ready && atomic_load(&slot_of(pool, child)->ready)) {
		child->ready = true;
		log_child(LOG_INFO_, "worker ready", child, "after_ms",
			  (now - child->started_us) / 1000);
	}
	if (child->ready && !child->settled && now - child->started_us >= SETTLED_US) {
		child->settled = true;
		pool->pause_us = 0;
	}
	if (child->told_us != 0 && now - child->told_again_us >= TELL_AGAIN_US)
		tell_to_leave(pool, child);
	if (!child->killed && busy_since != 0 &&
	    now - busy_since > pool->settings.watchdog_s * SECOND_US)
		kill_child(child, "worker killed: one request took too long");
}

/* The one that may go first: tired before sound, and not one that is still to become ready. */
static struct child *leaver(struct pool *pool)
{
	struct child *found = NULL;

	for (size_t i = 1; i < ROSTER_SLOTS; i++) {
		struct child *child = &pool->child[i];

		if (!is_alive(child) || !child->ready)
			continue;
		if (is_tired(pool, child))
			return child;
		found = child;
	}
	return found;
}

/* They serve nobody yet, so they need no successor. */
static void dismiss_tired_starters(struct pool *pool)
{
	for (size_t i = 1; i < ROSTER_SLOTS; i++)
		if (is_alive(&pool->child[i]) && !pool->child[i].ready &&
		    is_tired(pool, &pool->child[i]))
			tell_to_leave(pool, &pool->child[i]);
}

static void balance(struct pool *pool)
{
	struct pool_figures figures;

	dismiss_tired_starters(pool);
	figures = pool_figures(pool);
	for (int64_t n = figures.alive; n < pool->settings.workers; n++)
		start(pool);
	if (figures.alive == pool->settings.workers && figures.tired > 0 && figures.starting == 0)
		start(pool);
	for (int64_t n = figures.ready; n > pool->settings.workers; n--)
		tell_to_leave(pool, leaver(pool));
}

void pool_step(struct pool *pool)
{
	int64_t now = clock_monotonic_us();

	for (size_t i = 1; i < ROSTER_SLOTS; i++)
		if (pool->child[i].pid != 0)
			look_at(pool, &pool->child[i], now);
	if (!pool->closing)
		balance(pool);
	metrics_gauge(METRIC_WORKERS, pool_figures(pool).ready);
}

int64_t pool_next_us(const struct pool *pool)
{
	int64_t now = clock_monotonic_us();
	int64_t next = now + SECOND_US;

	if (pool->start_after_us > now && pool->start_after_us < next)
		next = pool->start_after_us;
	return next;
}

void pool_renew(struct pool *pool, const struct pool_settings *settings)
{
	assert(settings->workers >= 1 && settings->workers <= ROSTER_WORKERS_MAX);
	pool->settings = *settings;
	pool->generation++;
	/* Whatever made workers die may be what the operator has just mended. */
	pool->pause_us = 0;
	pool->start_after_us = 0;
}

void pool_close(struct pool *pool, bool drain)
{
	pool->closing = true;
	atomic_store(&pool->roster->draining, drain);
	for (size_t i = 1; i < ROSTER_SLOTS; i++)
		if (is_alive(&pool->child[i]))
			tell_to_leave(pool, &pool->child[i]);
}

void pool_kill(struct pool *pool)
{
	for (size_t i = 1; i < ROSTER_SLOTS; i++)
		if (pool->child[i].pid != 0 && !pool->child[i].killed)
			kill_child(&pool->child[i], "worker killed: it did not leave in time");
}
