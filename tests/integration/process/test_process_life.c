/* Start, reload, stop: what signals and the service manager see. */
#include "harness.h"

#include <sched.h>
#include <sys/socket.h>
#include <sys/un.h>

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void await_gone(const pid_t *pids, size_t n)
{
	long until = now_ms() + PATIENCE_MS;

	for (size_t i = 0; i < n; i++)
		while (!gone(pids[i])) {
			assert_true(now_ms() < until);
			nap_ms(5);
		}
}

/* Who gets in meanwhile goes away. */
static void await_shut(const struct toy_run *toy)
{
	struct client_request request = toy_request(toy, "");
	long until = now_ms() + PATIENCE_MS;
	int fd;

	while ((fd = client_send(&request)) != -1) {
		close(fd);
		assert_true(now_ms() < until);
		nap_ms(5);
	}
}

static void test_stop_finishes_the_request_at_hand(void **state)
{
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "sleep=600");
	char answer[4096];
	int fd;

	toy_start(toy, ARGUMENTS("workers=2"));
	fd = client_send(&request);
	nap_ms(100);
	kill(toy->master, SIGTERM);
	await_shut(toy);
	assert_true(client_receive(fd, answer, sizeof(answer)));
	assert_int_equal(toy_wait(toy, PATIENCE_MS), 0);
	assert_int_equal(access(toy->socket, F_OK), -1);
}

static void test_stop_serves_what_is_queued(void **state)
{
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "sleep=100");
	char answer[4096];
	int fds[12];

	toy_start(toy, ARGUMENTS("workers=2"));
	for (size_t i = 0; i < COUNT(fds); i++)
		fds[i] = client_send(&request);
	kill(toy->master, SIGTERM);
	for (size_t i = 0; i < COUNT(fds); i++)
		assert_true(client_receive(fds[i], answer, sizeof(answer)));
	assert_int_equal(toy_wait(toy, PATIENCE_MS), 0);
}

static void test_stop_has_a_deadline(void **state)
{
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "sleep=15000");
	char answer[4096];
	int fd;

	toy_start(toy, ARGUMENTS("workers=2", "shutdown_s=1"));
	fd = client_send(&request);
	nap_ms(100);
	kill(toy->master, SIGTERM);
	assert_int_equal(toy_wait(toy, 12000), 0);
	assert_false(client_receive(fd, answer, sizeof(answer)));
	assert_int_equal(toy_logged(toy, "did not leave in time"), 1);
}

static void test_interrupt_of_the_whole_group_is_a_stop(void **state)
{
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "sleep=300");
	char answer[4096];
	pid_t pids[WORKERS_SEEN];
	size_t n;
	int fd;

	toy_start(toy, ARGUMENTS("workers=2"));
	fd = client_send(&request);
	nap_ms(100);
	n = toy_workers(toy, pids);
	for (size_t i = 0; i < n; i++)
		kill(pids[i], SIGINT);
	kill(toy->master, SIGINT);
	assert_true(client_receive(fd, answer, sizeof(answer)));
	assert_int_equal(toy_wait(toy, PATIENCE_MS), 0);
}

static void test_workers_leave_when_the_master_is_killed(void **state)
{
	struct toy_run *toy = *state;
	pid_t pids[WORKERS_SEEN];
	char answer[4096];
	size_t n;

	toy_start(toy, ARGUMENTS("workers=4"));
	n = toy_workers(toy, pids);
	assert_int_equal(n, 4);
	kill(toy->master, SIGKILL);
	assert_int_equal(toy_wait(toy, 1000), -1);
	await_gone(pids, n);
	assert_int_equal(access(toy->socket, F_OK), 0);
	toy_start(toy, ARGUMENTS("workers=1"));
	toy_ask(toy, "", answer, sizeof(answer));
}

static void test_second_master_does_not_take_a_live_socket(void **state)
{
	struct toy_run *toy = *state, second = *toy;
	char answer[4096];

	toy_start(toy, ARGUMENTS("workers=1"));
	toy_launch(&second, ARGUMENTS("workers=1"));
	assert_int_equal(toy_wait(&second, PATIENCE_MS), 1);
	toy_ask(toy, "", answer, sizeof(answer));
}

/* A worker lets whatever runs finish before it goes on; the master does not. */
static void test_workers_do_not_press(void **state)
{
	struct toy_run *toy = *state;
	pid_t pids[WORKERS_SEEN];

	toy_start(toy, ARGUMENTS("workers=2"));
	size_t n = toy_workers(toy, pids);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(sched_getscheduler(pids[i]), SCHED_BATCH);
	assert_int_equal(sched_getscheduler(toy->master), SCHED_OTHER);
}

static void test_reload_replaces_every_worker(void **state)
{
	struct toy_run *toy = *state;
	pid_t before[WORKERS_SEEN], after[WORKERS_SEEN];

	toy_start(toy, ARGUMENTS("workers=3"));
	assert_int_equal(toy_workers(toy, before), 3);
	kill(toy->master, SIGHUP);
	toy_await_log(toy, "\"ready\"", 2, PATIENCE_MS);
	await_gone(before, 3);
	toy_await_workers(toy, 3, after);
}

static void test_reload_changes_the_number_of_workers(void **state)
{
	static const char *const numbers[] = {"5", "1", "2"};
	struct toy_run *toy = *state;
	pid_t pids[WORKERS_SEEN];
	char answer[4096];

	toy_start(toy, ARGUMENTS("workers=2"));
	for (size_t i = 0; i < COUNT(numbers); i++) {
		toy_control(toy, "workers", numbers[i]);
		kill(toy->master, SIGHUP);
		toy_await_log(toy, "\"ready\"", (long)i + 2, PATIENCE_MS);
		toy_await_workers(toy, strtoul(numbers[i], NULL, 10), pids);
		toy_ask(toy, "", answer, sizeof(answer));
	}
}

static void test_refused_reload_changes_nothing(void **state)
{
	struct toy_run *toy = *state;
	pid_t before[WORKERS_SEEN], after[WORKERS_SEEN];

	toy_start(toy, ARGUMENTS("workers=2"));
	assert_int_equal(toy_workers(toy, before), 2);
	toy_control(toy, "stay", "");
	kill(toy->master, SIGHUP);
	toy_await_log(toy, "reload refused", 1, PATIENCE_MS);
	nap_ms(200);
	assert_int_equal(toy_workers(toy, after), 2);
	assert_memory_equal(before, after, 2 * sizeof(before[0]));
}

static void test_inherited_socket_outlives_the_master(void **state)
{
	static const char *const ways[] = {"0", "LISTEN_FDS"};
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "");
	char answer[4096];
	int queued;

	for (size_t i = 0; i < COUNT(ways); i++) {
		toy->inherit = ways[i];
		toy_start(toy, ARGUMENTS("workers=2"));
		toy_ask(toy, "", answer, sizeof(answer));
		assert_int_equal(toy_stop(toy), 0);
		queued = client_send(&request);
		assert_true(queued >= 0);
		toy_start(toy, ARGUMENTS("workers=2"));
		assert_true(client_receive(queued, answer, sizeof(answer)));
		assert_int_equal(toy_stop(toy), 0);
	}
}

/* Datagrams until one holds the text; what came before is thrown away. */
static void await_state(int fd, const char *text)
{
	char state[512];
	ssize_t len;

	do {
		len = recv(fd, state, sizeof(state) - 1, 0);
		if (len < 0)
			fail_msg("never told: %s", text);
		state[len] = '\0';
	} while (!strstr(state, text));
}

static void test_service_manager_is_told(void **state)
{
	struct toy_run *toy = *state;
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct timeval most = {.tv_sec = PATIENCE_MS / 1000};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(toy->notify, sizeof(toy->notify), "%s/notify", toy->folder);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", toy->notify);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof(most));
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	toy_start(toy, ARGUMENTS("workers=2"));
	await_state(fd, "READY=1\nSTATUS=2 of 2 workers ready");
	await_state(fd, "WATCHDOG=1");
	await_state(fd, "WATCHDOG=1");
	kill(toy->master, SIGHUP);
	await_state(fd, "RELOADING=1\nMONOTONIC_USEC=");
	await_state(fd, "READY=1\n");
	kill(toy->master, SIGTERM);
	await_state(fd, "STOPPING=1");
	assert_int_equal(toy_wait(toy, PATIENCE_MS), 0);
	close(fd);
}

static void test_not_ready_while_no_worker_is(void **state)
{
	struct toy_run *toy = *state;

	toy_control(toy, "refuse", "");
	toy_launch(toy, ARGUMENTS("workers=2"));
	toy_await_log(toy, "cannot serve yet", 2, PATIENCE_MS);
	nap_ms(300);
	assert_int_equal(toy_logged(toy, "\"ready\""), 0);
	assert_int_equal(toy_logged(toy, "worker left"), 0);
	toy_uncontrol(toy, "refuse");
	toy_await_log(toy, "\"ready\"", 1, PATIENCE_MS);
}

static void test_reload_reaches_workers_that_are_not_ready(void **state)
{
	struct toy_run *toy = *state;
	pid_t pids[WORKERS_SEEN];

	toy_control(toy, "refuse", "");
	toy_launch(toy, ARGUMENTS("workers=2"));
	toy_await_log(toy, "cannot serve yet", 2, PATIENCE_MS);
	assert_int_equal(toy_workers(toy, pids), 2);
	kill(toy->master, SIGHUP);
	await_gone(pids, 2);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, toy_set_up, toy_tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_stop_finishes_the_request_at_hand),
		CASE(test_stop_serves_what_is_queued),
		CASE(test_stop_has_a_deadline),
		CASE(test_interrupt_of_the_whole_group_is_a_stop),
		CASE(test_workers_leave_when_the_master_is_killed),
		CASE(test_second_master_does_not_take_a_live_socket),
		CASE(test_workers_do_not_press),
		CASE(test_reload_replaces_every_worker),
		CASE(test_reload_changes_the_number_of_workers),
		CASE(test_refused_reload_changes_nothing),
		CASE(test_inherited_socket_outlives_the_master),
		CASE(test_service_manager_is_told),
		CASE(test_not_ready_while_no_worker_is),
		CASE(test_reload_reaches_workers_that_are_not_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
