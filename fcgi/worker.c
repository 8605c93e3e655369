#include "worker.h"

#include <errno.h>
#include <fcgiapp.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "metrics.h"

#define SECOND_US INT64_C(1000000)
/* Pauses between calls of service->open that failed: doubled up to the greater one. */
#define OPEN_PAUSE_MIN_US INT64_C(100000)
#define OPEN_PAUSE_MAX_US INT64_C(5000000)
/* After an accept() that the system refused for want of descriptors or memory. */
#define REFUSED_PAUSE_US INT64_C(10000)

struct worker {
	const struct service *service;
	const struct worker_settings *settings;
	struct roster *roster;
	struct roster_slot *slot;
	int wait_fd; /* epoll, on the listening socket */
	pid_t master;
	int64_t requests_left; /* until it is tired; negative = never */
	int64_t idle_due_us;
	char *body; /* body_max + 1 bytes */
	FCGX_Request request;
};

static volatile sig_atomic_t told_to_leave;

static void on_terminate(int signal_number)
{
	(void)signal_number;
	told_to_leave = 1;
}

/*
 * Only SIGTERM means something here. What a terminal sends to the whole group is the
 * master's to act on, and a pipe that breaks is an error return.
 */
static const struct {
	int number;
	void (*handler)(int);
} signals[] = {
	{SIGTERM, on_terminate}, {SIGINT, SIG_IGN},  {SIGHUP, SIG_IGN},  {SIGPIPE, SIG_IGN},
	{SIGUSR1, SIG_IGN},      {SIGUSR2, SIG_IGN}, {SIGCHLD, SIG_DFL},
};

static void signals_set(void)
{
	struct sigaction action = {.sa_flags = 0};

	sigemptyset(&action.sa_mask);
	told_to_leave = 0;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		action.sa_handler = signals[i].handler;
		sigaction(signals[i].number, &action, NULL);
	}
}

static bool library_init(void)
{
	/*
	 * Milliseconds that libfcgi waits for the web server to close after an answer, and to send
	 * the first byte after accept; both are 2000 by default.
	 */
	setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "200", 0);
	setenv("LIBFCGI_IS_AF_UNIX_KEEPER_POLL_TIMEOUT", "500", 0);
	return FCGX_Init() == 0;
}

/*
 * Exclusive: of the workers that wait, the kernel wakes one for a connection. With poll()
 * all of them wake for each, which doubled the cost of a request while most are idle.
 */
static int wait_open(int listen_fd)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE};
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd >= 0 && epoll_ctl(fd, EPOLL_CTL_ADD, listen_fd, &event) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Here and in pause_us, and nowhere else, signals arrive. */
static void wait_for_connection(const struct worker *worker)
{
	int64_t most_us = worker->idle_due_us - clock_monotonic_us();
	struct epoll_event event;
	sigset_t none;

	sigemptyset(&none);
	epoll_pwait(worker->wait_fd, &event, 1, most_us > 0 ? (int)(most_us / 1000) + 1 : 0, &none);
}

static void pause_us(int64_t most_us)
{
	struct timespec most = {.tv_sec = most_us / SECOND_US,
				.tv_nsec = most_us % SECOND_US * 1000};
	sigset_t none;

	sigemptyset(&none);
	ppoll(NULL, 0, &most, &none);
}

static bool leaving(const struct worker *worker)
{
	return told_to_leave || atomic_load(&worker->slot->leave);
}

/* The kernel sends SIGTERM when the master dies, but not for a death before prctl() asked. */
static void look_for_master(const struct worker *worker)
{
	if (getppid() != worker->master)
		told_to_leave = 1;
}

/* While it is inside the service, the master watches the time. */
static void enter_service(struct worker *worker)
{
	atomic_store(&worker->slot->busy_since_us, clock_monotonic_us());
}

static void leave_service(struct worker *worker)
{
	atomic_store(&worker->slot->busy_since_us, 0);
}

static bool open_service(struct worker *worker)
{
	int64_t pause = OPEN_PAUSE_MIN_US;
	bool opened = false;

	while (!opened && !leaving(worker)) {
		enter_service(worker);
		opened = worker->service->open(worker->service->arg);
		leave_service(worker);
		if (opened)
			break;
		log_event(LOG_ERROR_, "worker cannot serve yet", NULL);
		pause_us(pause);
		pause = pause < OPEN_PAUSE_MAX_US / 2 ? pause * 2 : OPEN_PAUSE_MAX_US;
	}
	return opened;
}

static const char *request_param(const struct exchange *exchange, const char *name)
{
	const struct worker *worker = exchange->transport;

	return FCGX_GetParam(name, worker->request.envp);
}

/* One FCGX_PutStr: pieces would travel as records of their own. */
static void request_send(struct exchange *exchange, const char *bytes, size_t len)
{
	struct worker *worker = exchange->transport;

	assert(len <= INT_MAX);
	FCGX_PutStr(bytes, (int)len, worker->request.out);
}

static void request_works(struct exchange *exchange)
{
	enter_service(exchange->transport);
}

/* RFC 3875, 4.1.2: absent or empty means no body. */
static void read_body(struct worker *worker, struct exchange *exchange)
{
	struct str text = str_of(exchange_param(exchange, "CONTENT_LENGTH"));
	int64_t len = 0;

	worker->body[0] = '\0';
	exchange->body = (struct str){worker->body, 0};
	if (text.len == 0)
		return;
	if (!str_to_i64(text, &len) || len < 0) {
		exchange->body_short = true;
	} else if (len > worker->settings->body_max) {
		exchange->body_too_large = true;
	} else if (FCGX_GetStr(worker->body, (int)len, worker->request.in) != len) {
		exchange->body_short = true;
	} else {
		worker->body[len] = '\0';
		exchange->body.len = (size_t)len;
	}
}

/*
 * libfcgi waits for the web server to close first, lest unread input makes the kernel throw the
 * answer away. When all input has been read there is nothing to wait for.
 */
static void finish(struct worker *worker)
{
	if (FCGX_GetChar(worker->request.in) == EOF)
		FCGX_Detach(&worker->request);
	FCGX_Finish_r(&worker->request);
}

static void serve(struct worker *worker)
{
	struct exchange exchange = {.param = request_param,
				    .send = request_send,
				    .works = request_works,
				    .transport = worker};

	worker->request.keepConnection = 0;
	atomic_store(&worker->slot->served, true);
	metrics_level(METRIC_IN_FLIGHT, 1);
	read_body(worker, &exchange);
	worker->service->serve(worker->service->arg, &exchange);
	assert(exchange.answered);
	finish(worker);
	metrics_level(METRIC_IN_FLIGHT, -1);
}

static void count_request(struct worker *worker)
{
	if (worker->requests_left > 0 && --worker->requests_left == 0) {
		atomic_store(&worker->slot->tired, true);
		roster_wake(worker->roster);
	}
}

/* False when nobody is in the queue. The socket is shared: another worker may have been quicker. */
static bool accept_one(struct worker *worker)
{
	int result;

	enter_service(worker);
	result = FCGX_Accept_r(&worker->request);
	if (result == 0)
		serve(worker);
	leave_service(worker);
	if (result == 0)
		count_request(worker);
	else if (result != -EAGAIN && result != -EINTR)
		pause_us(REFUSED_PAUSE_US);
	return result == 0;
}

static void idle_when_due(struct worker *worker)
{
	int64_t now = clock_monotonic_us();

	if (now < worker->idle_due_us)
		return;
	worker->idle_due_us = now + SECOND_US;
	look_for_master(worker);
	/* Under load there is no wait: let a signal in. */
	pause_us(0);
	if (!worker->service->idle)
		return;
	enter_service(worker);
	worker->service->idle(worker->service->arg);
	leave_service(worker);
}

static void serve_until_told(struct worker *worker)
{
	while (!leaving(worker)) {
		idle_when_due(worker);
		if (!accept_one(worker))
			wait_for_connection(worker);
	}
	/* What woke it may be a connection that nobody else was woken for. */
	accept_one(worker);
	while (atomic_load(&worker->roster->draining) && accept_one(worker))
		continue;
}

/*
 * The server answers a packet of statements in pieces. An ordinary process would interrupt it at
 * each of them, where the two share a core: three times the task switches. Where it is not
 * allowed all works, only slower; systemd sets it for us.
 */
static void yield_to_server(void)
{
	sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
}

/* Up to an eighth less than asked for, so that workers of one age do not retire together. */
static int64_t requests_share(int64_t max_requests)
{
	uint32_t random = 0;

	if (max_requests == 0)
		return -1;
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != (ssize_t)sizeof(random))
		random = (uint32_t)getpid();
	return max_requests - (int64_t)random % (max_requests / 8 + 1);
}

int worker_run(const struct service *service, const struct worker_settings *settings, int listen_fd,
	       struct roster *roster, size_t slot, pid_t master)
{
	struct worker worker = {.service = service,
				.settings = settings,
				.roster = roster,
				.slot = &roster->slot[slot],
				.wait_fd = wait_open(listen_fd),
				.master = master,
				.requests_left = requests_share(settings->max_requests)};
	int status = EXIT_FAILURE;

	assert(settings->body_max >= 0 && settings->body_max < INT_MAX);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	yield_to_server();
	metrics_use_slot(slot);
	worker.body = malloc((size_t)settings->body_max + 1);
	if (!worker.body || worker.wait_fd < 0 || !library_init() ||
	    FCGX_InitRequest(&worker.request, listen_fd, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
		goto out;
	signals_set();
	look_for_master(&worker);
	if (open_service(&worker)) {
		atomic_store(&worker.slot->ready, true);
		roster_wake(roster);
		serve_until_told(&worker);
		if (service->close)
			service->close(service->arg);
	}
	status = EXIT_SUCCESS;
out:
	if (worker.wait_fd >= 0)
		close(worker.wait_fd);
	free(worker.body);
	return status;
}
