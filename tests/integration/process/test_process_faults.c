/* Workers that die, hang, or are sent what is not a request. */
#include "harness.h"

#include <sys/socket.h>

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_workers_that_die_early_are_started_ever_more_slowly(void **state)
{
	struct toy_run *toy = *state;
	char answer[4096];
	long from;

	toy_control(toy, "die", "");
	from = now_ms();
	toy_launch(toy, ARGUMENTS("workers=2"));
	toy_await_log(toy, "\"pause_ms\":1600", 1, PATIENCE_MS);
	/* Starts at 0, 0.1, 0.3, 0.7, 1.5 s at the earliest: five rounds of two. */
	assert_true(now_ms() - from >= 1500);
	assert_in_range(toy_logged(toy, "worker started"), 5, 10);
	toy_uncontrol(toy, "die");
	toy_await_log(toy, "\"ready\"", 1, PATIENCE_MS);
	toy_ask(toy, "", answer, sizeof(answer));
}

static void test_reload_ends_the_pause(void **state)
{
	struct toy_run *toy = *state;

	toy_control(toy, "die", "");
	toy_launch(toy, ARGUMENTS("workers=2"));
	toy_await_log(toy, "\"pause_ms\":3200", 1, PATIENCE_MS);
	toy_uncontrol(toy, "die");
	kill(toy->master, SIGHUP);
	toy_await_log(toy, "\"ready\"", 1, 3000);
}

static void test_fork_that_is_refused_is_tried_ever_more_slowly(void **state)
{
	static const char *const pauses[] = {"\"pause_ms\":100", "\"pause_ms\":200",
					     "\"pause_ms\":400", "\"pause_ms\":800"};
	struct toy_run *toy = *state;
	char answer[4096];

	toy_launch(toy, ARGUMENTS("workers=2", "no_fork=1"));
	toy_await_log(toy, "\"pause_ms\":800", 1, PATIENCE_MS);
	for (size_t i = 0; i < COUNT(pauses); i++)
		assert_int_equal(toy_logged(toy, pauses[i]), 1);
	kill(toy->master, SIGHUP);
	toy_await_log(toy, "\"ready\"", 1, PATIENCE_MS);
	toy_ask(toy, "", answer, sizeof(answer));
}

static void test_idle_workers_killed_from_outside_come_back_at_once(void **state)
{
	struct toy_run *toy = *state;
	pid_t pids[WORKERS_SEEN];
	char answer[4096];

	toy_start(toy, ARGUMENTS("workers=2"));
	for (long round = 1; round <= 8; round++) {
		size_t n = toy_workers(toy, pids);

		for (size_t i = 0; i < n; i++)
			kill(pids[i], SIGKILL);
		toy_await_log(toy, "worker ready", 2 + 2 * round, PATIENCE_MS);
	}
	assert_true(toy_logged_most(toy, "\"pause_ms\":") <= 100);
	toy_ask(toy, "", answer, sizeof(answer));
}

static void test_crash_costs_one_request(void **state)
{
	struct toy_run *toy = *state;
	struct client_request crash = toy_request(toy, "crash");
	char answer[4096];

	toy_start(toy, ARGUMENTS("workers=2"));
	for (int i = 0; i < 5; i++) {
		assert_false(client_ask(&crash, answer, sizeof(answer)));
		toy_ask(toy, "", answer, sizeof(answer));
	}
	toy_await_log(toy, "\"signal\":6", 5, PATIENCE_MS);
}

static void test_hung_worker_is_killed_and_replaced(void **state)
{
	struct toy_run *toy = *state;
	struct client_request hang = toy_request(toy, "sleep=15000");
	char answer[4096];
	long from;

	toy_start(toy, ARGUMENTS("workers=1", "watchdog_s=1"));
	from = now_ms();
	assert_false(client_ask(&hang, answer, sizeof(answer)));
	assert_in_range(now_ms() - from, 900, 14000); /* before it would be done */
	assert_int_equal(toy_logged(toy, "took too long"), 1);
	toy_ask(toy, "", answer, sizeof(answer));
}

static void test_long_request_within_the_limit_is_left_alone(void **state)
{
	struct toy_run *toy = *state;
	char answer[4096];

	toy_start(toy, ARGUMENTS("workers=1", "watchdog_s=4"));
	toy_ask(toy, "sleep=2200", answer, sizeof(answer));
	assert_int_equal(toy_logged(toy, "took too long"), 0);
}

static void test_long_work_that_shows_signs_of_life_is_left_alone(void **state)
{
	struct toy_run *toy = *state;
	char answer[4096];

	toy_start(toy, ARGUMENTS("workers=1", "watchdog_s=3"));
	toy_ask(toy, "work=6000", answer, sizeof(answer));
	assert_int_equal(toy_logged(toy, "took too long"), 0);
}

static void test_body_is_read_whole_or_refused(void **state)
{
	static const struct {
		int body_len;
		const char *content_length;
		long body, large, is_short;
	} cases[] = {
		{0, NULL, 0, 0, 0},
		{0, "", 0, 0, 0},
		{5, NULL, 5, 0, 0},
		{1000, NULL, 1000, 0, 0},
		{1001, NULL, 0, 1, 0},
		{60000, NULL, 0, 1, 0},
		{5, "4", 4, 0, 0},
		{5, "6", 0, 0, 1},
		{5, "five", 0, 0, 1},
		{5, "-5", 0, 0, 1},
		{5, "99999999999999999999", 0, 0, 1},
	};
	struct toy_run *toy = *state;
	char body[60001], answer[8192];

	toy_start(toy, ARGUMENTS("workers=1", "body_max=1000"));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct client_request request = toy_request(toy, "");

		memset(body, 'x', sizeof(body));
		body[cases[i].body_len] = '\0';
		request.body = body;
		request.content_length = cases[i].content_length;
		assert_true(client_ask(&request, answer, sizeof(answer)));
		assert_int_equal(client_figure(answer, "body="), cases[i].body);
		assert_int_equal(client_figure(answer, "large="), cases[i].large);
		assert_int_equal(client_figure(answer, "short="), cases[i].is_short);
		assert_int_equal(strlen(strrchr(answer, ' ') + 1), cases[i].body);
	}
}

/* The byte after the one that was read belongs to nobody. */
static void test_body_of_one_request_is_not_seen_by_the_next(void **state)
{
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "");
	char answer[4096];

	toy_start(toy, ARGUMENTS("workers=1"));
	request.body = "secret";
	assert_true(client_ask(&request, answer, sizeof(answer)));
	assert_non_null(strstr(answer, "secret"));
	request.body = "x";
	assert_true(client_ask(&request, answer, sizeof(answer)));
	assert_null(strstr(answer, "ecret"));
}

static void test_connections_without_a_request_hold_nobody_for_long(void **state)
{
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "");
	char answer[4096];

	toy_start(toy, ARGUMENTS("workers=1", "watchdog_s=2"));
	for (int i = 0; i < 3; i++) {
		int fd = client_connect(toy->socket);

		assert_true(fd >= 0);
		assert_true(client_ask(&request, answer, sizeof(answer)));
		close(fd);
	}
	for (int i = 0; i < 50; i++)
		close(client_connect(toy->socket));
	toy_ask(toy, "", answer, sizeof(answer));
}

static void test_garbage_is_dropped(void **state)
{
	static const char *const garbage[] = {
		"GET / HTTP/1.0\r\n\r\n",
		"\1\1\0\1\0\10\0\0\0\1\0\0\0\0\0\0\1\4\0\1\377\377\0\0\377\377\377\377",
		"\2\2\2\2\2\2\2\2",
	};
	static const size_t lengths[] = {18, 28, 8};
	struct toy_run *toy = *state;
	char answer[4096];

	toy_start(toy, ARGUMENTS("workers=1"));
	for (size_t i = 0; i < COUNT(garbage); i++) {
		int fd = client_connect(toy->socket);

		assert_int_equal(write(fd, garbage[i], lengths[i]), lengths[i]);
		assert_int_equal(shutdown(fd, SHUT_WR), 0);
		toy_ask(toy, "", answer, sizeof(answer));
		close(fd);
	}
	assert_int_equal(toy_logged(toy, "worker died"), 0);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, toy_set_up, toy_tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_workers_that_die_early_are_started_ever_more_slowly),
		CASE(test_reload_ends_the_pause),
		CASE(test_fork_that_is_refused_is_tried_ever_more_slowly),
		CASE(test_idle_workers_killed_from_outside_come_back_at_once),
		CASE(test_crash_costs_one_request),
		CASE(test_hung_worker_is_killed_and_replaced),
		CASE(test_long_request_within_the_limit_is_left_alone),
		CASE(test_long_work_that_shows_signs_of_life_is_left_alone),
		CASE(test_body_is_read_whole_or_refused),
		CASE(test_body_of_one_request_is_not_seen_by_the_next),
		CASE(test_connections_without_a_request_hold_nobody_for_long),
		CASE(test_garbage_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
