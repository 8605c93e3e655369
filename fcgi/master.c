#include "master.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "log.h"
#include "supervisor.h"

#define SECOND_US INT64_C(1000000)
/* How long a start waits for the last of the workers once one can serve. */
#define READY_GRACE_US (5 * SECOND_US)

static volatile sig_atomic_t asked_to_stop, asked_to_reload;

static void on_stop(int signal_number)
{
	(void)signal_number;
	asked_to_stop = 1;
}

static void on_reload(int signal_number)
{
	(void)signal_number;
	asked_to_reload = 1;
}

/* Ends the wait; what happened is looked at anyway. */
static void on_child(int signal_number)
{
	(void)signal_number;
}

static const struct {
	int number;
	void (*handler)(int);
} signals[] = {
	{SIGTERM, on_stop},  {SIGINT, on_stop},  {SIGHUP, on_reload},
	{SIGCHLD, on_child}, {SIGPIPE, SIG_IGN},
};

struct run {
	struct master *master;
	struct pool pool;
	int64_t started_us, watchdog_us, watchdog_due_us;
	int64_t stop_by_us; /* 0 = it is not stopping */
	bool told_ready;    /* the manager knows: since the start, or since the last reload */
};

/* Faults must not be blocked: the report of a sanitizer would be lost with them. */
void master_block_signals(void)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
	struct sigaction action = {.sa_flags = 0};
	sigset_t blocked;

	sigfillset(&blocked);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(&blocked, faults[i]);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		action.sa_handler = signals[i].handler;
		sigaction(signals[i].number, &action, NULL);
	}
}

static void tell_status(const struct run *run, const char *state)
{
	struct pool_figures figures = pool_figures(&run->pool);
	char text[120];

	snprintf(text, sizeof(text), "%s\nSTATUS=%d of %d workers ready", state, (int)figures.ready,
		 (int)run->pool.settings.workers);
	supervisor_tell(text);
}

static void tell_when_ready(struct run *run)
{
	bool grace_over = clock_monotonic_us() - run->started_us > READY_GRACE_US;

	if (run->told_ready || run->stop_by_us != 0)
		return;
	if (!pool_settled(&run->pool) && !(grace_over && pool_figures(&run->pool).ready > 0))
		return;
	run->told_ready = true;
	tell_status(run, "READY=1");
	log_event(LOG_INFO_, "ready",
		  (struct log_pair[]){{"workers", NULL, pool_figures(&run->pool).ready}, {0}});
}

static void reload(struct run *run)
{
	struct master *master = run->master;

	asked_to_reload = 0;
	if (run->stop_by_us != 0)
		return;
	supervisor_tell_reloading();
	run->told_ready = false;
	run->started_us = clock_monotonic_us();
	if (!master->reload(master->arg, &master->settings)) {
		log_event(LOG_ERROR_, "reload refused, nothing is changed", NULL);
		return;
	}
	log_event(LOG_INFO_, "reload", NULL);
	pool_renew(&run->pool, &master->settings.pool);
}

static void stop(struct run *run)
{
	bool own = run->master->listener->own;

	asked_to_stop = 0;
	if (run->stop_by_us != 0)
		return;
	supervisor_tell("STOPPING=1");
	log_event(LOG_INFO_, "stopping", NULL);
	run->stop_by_us = clock_monotonic_us() + run->master->settings.shutdown_s * SECOND_US;
	/* First the door, then the workers: what is queued by now they still serve. */
	listener_stop(run->master->listener);
	pool_close(&run->pool, own);
}

static void watch(struct run *run)
{
	int64_t now = clock_monotonic_us();

	if (run->watchdog_us != 0 && now >= run->watchdog_due_us) {
		supervisor_tell("WATCHDOG=1");
		run->watchdog_due_us = now + run->watchdog_us;
	}
	if (run->stop_by_us != 0 && now >= run->stop_by_us) {
		pool_kill(&run->pool);
		run->stop_by_us = now + SECOND_US;
	}
}

/* The only place where signals arrive. */
static void wait_for_events(struct run *run)
{
	struct pollfd calls = {.fd = run->pool.roster->wake_fd, .events = POLLIN};
	int64_t now = clock_monotonic_us(), next = pool_next_us(&run->pool);
	struct timespec most;
	sigset_t none;

	if (run->watchdog_us != 0 && run->watchdog_due_us < next)
		next = run->watchdog_due_us;
	if (run->stop_by_us != 0 && run->stop_by_us < next)
		next = run->stop_by_us;
	next = next > now ? next - now : 0;
	most = (struct timespec){.tv_sec = next / SECOND_US, .tv_nsec = next % SECOND_US * 1000};
	sigemptyset(&none);
	ppoll(&calls, 1, &most, &none);
	roster_woken(run->pool.roster);
}

static bool finished(const struct run *run)
{
	struct pool_figures figures = pool_figures(&run->pool);

	return run->stop_by_us != 0 && figures.alive + figures.leaving == 0;
}

static void turn(struct run *run)
{
	if (asked_to_stop)
		stop(run);
	if (asked_to_reload)
		reload(run);
	pool_reap(&run->pool);
	pool_step(&run->pool);
	tell_when_ready(run);
	watch(run);
}

int master_run(struct master *master)
{
	struct run run = {.master = master, .started_us = clock_monotonic_us()};

	if (!pool_init(&run.pool, master->service, master->listener->fd, &master->settings.pool)) {
		log_event(LOG_ERROR_, "shared memory",
			  (struct log_pair[]){{"errno", NULL, errno}, {0}});
		return EXIT_FAILURE;
	}
	run.watchdog_us = supervisor_watchdog_us();
	for (turn(&run); !finished(&run); turn(&run))
		wait_for_events(&run);
	log_event(LOG_INFO_, "stopped", NULL);
	pool_fini(&run.pool);
	return EXIT_SUCCESS;
}
