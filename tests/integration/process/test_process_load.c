/* Nothing is lost while workers come and go under load. */
#include "harness.h"

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/*
 * A signal that is lost shows as a second, between others that take a few milliseconds: a worker
 * looks around, and is told again, each second. Where the machine is short of time, more of them
 * take a part of a second than a whole one.
 */
#define LOST_SIGNAL_MS 900
#define SHORT_TIME_MS  300

static void test_thousand_idle_stops_lose_no_signal(void **state)
{
	struct toy_run *toy = *state;
	long lost, late;

	toy_start(toy, ARGUMENTS("workers=20"));
	for (long round = 0; round < 50; round++) {
		kill(toy->master, SIGHUP);
		toy_await_log(toy, "\"ready\"", round + 2, 20000);
	}
	toy_await_log(toy, "worker left", 1000, PATIENCE_MS);
	lost = toy_logged_from(toy, "\"leaving_ms\":", LOST_SIGNAL_MS);
	late = toy_logged_from(toy, "\"leaving_ms\":", SHORT_TIME_MS) - lost;
	if (lost > late)
		fail_msg("%ld workers took a second to leave, %ld a part of it", lost, late);
	assert_int_equal(toy_logged(toy, "worker died"), 0);
}

static void test_reloads_lose_no_request(void **state)
{
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "");
	struct load load;

	toy_start(toy, ARGUMENTS("workers=4"));
	load_start(&load, 16, &request);
	for (long round = 0; round < 20; round++) {
		kill(toy->master, SIGHUP);
		toy_await_log(toy, "\"ready\"", round + 2, 20000);
	}
	load_stop(&load);
	assert_true(load.figures->asked > 100);
	assert_int_equal(load.figures->failed, 0);
}

static void test_burst_of_reloads_settles(void **state)
{
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "sleep=5");
	pid_t pids[WORKERS_SEEN];
	struct load load;

	toy_start(toy, ARGUMENTS("workers=4"));
	load_start(&load, 8, &request);
	for (int i = 0; i < 50; i++) {
		kill(toy->master, SIGHUP);
		nap_ms(i % 7);
	}
	nap_ms(500);
	load_stop(&load);
	assert_int_equal(load.figures->failed, 0);
	toy_await_workers(toy, 4, pids);
}

static void test_killed_worker_loses_only_its_request(void **state)
{
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "sleep=1");
	pid_t pids[WORKERS_SEEN];
	struct load load;
	int kills = 0;
	size_t n;

	toy_start(toy, ARGUMENTS("workers=4"));
	load_start(&load, 16, &request);
	for (long until = now_ms() + 2 * PATIENCE_MS; kills < 50 && now_ms() < until; nap_ms(20)) {
		n = toy_workers(toy, pids);
		kills += n > 0 && kill(pids[(size_t)kills % n], SIGKILL) == 0;
	}
	load_stop(&load);
	assert_int_equal(kills, 50);
	assert_true(load.figures->asked > 100);
	if (load.figures->failed > kills)
		fail_msg("%ld of %ld failed with %d kills", load.figures->failed,
			 load.figures->asked, kills);
}

static void test_retiring_workers_lose_no_request(void **state)
{
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "");
	struct load load;

	toy_start(toy, ARGUMENTS("workers=3", "max_requests=40"));
	load_start(&load, 12, &request);
	toy_await_log(toy, "worker left", 20, PATIENCE_MS);
	load_stop(&load);
	assert_int_equal(load.figures->failed, 0);
	assert_int_equal(toy_logged(toy, "worker died"), 0);
	assert_int_equal(toy_logged(toy, "die early"), 0);
}

static void test_stop_under_load_answers_all_that_got_in(void **state)
{
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "sleep=20");
	char answer[4096];
	int fds[200];

	toy_start(toy, ARGUMENTS("workers=4"));
	for (size_t i = 0; i < COUNT(fds); i++) {
		if (i == COUNT(fds) / 2)
			kill(toy->master, SIGTERM);
		fds[i] = client_send(&request);
	}
	for (size_t i = 0; i < COUNT(fds); i++)
		if (fds[i] >= 0)
			assert_true(client_receive(fds[i], answer, sizeof(answer)));
	assert_int_equal(toy_wait(toy, PATIENCE_MS), 0);
}

/* The web server's keep-alive must not glue a worker to an idle connection. */
static void test_kept_connections_starve_nobody(void **state)
{
	struct toy_run *toy = *state;
	struct client_request request = toy_request(toy, "");
	char answer[4096];
	int fds[8], slow = 0;

	request.keep_connection = true;
	toy_start(toy, ARGUMENTS("workers=2"));
	for (int round = 0; round < 20; round++) {
		long from = now_ms();

		for (size_t i = 0; i < COUNT(fds); i++)
			fds[i] = client_send(&request);
		for (size_t i = 0; i < COUNT(fds); i++)
			assert_true(client_receive(fds[i], answer, sizeof(answer)));
		slow += now_ms() - from >= 1500;
	}
	assert_in_range(slow, 0, 5); /* the machine may stand still; a glued worker always does */
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, toy_set_up, toy_tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_thousand_idle_stops_lose_no_signal),
		CASE(test_reloads_lose_no_request),
		CASE(test_burst_of_reloads_settles),
		CASE(test_killed_worker_loses_only_its_request),
		CASE(test_retiring_workers_lose_no_request),
		CASE(test_stop_under_load_answers_all_that_got_in),
		CASE(test_kept_connections_starve_nobody),
	};

	/* A search for leaks at each of 2000 exits is what the machine would be busy with. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
