/* Figures of several processes are summed, and survive the processes that made them. */
#include "unit.h"

#include <sys/wait.h>

#include "arena.h"
#include "buf.h"
#include "metrics.h"

static const char *const routes[] = {"dialect=\"a\",route=\"/one\"",
				     "dialect=\"a\",route=\"/two\""};
static const char *const postings[] = {"kind=\"accrual\""};
static const struct metrics_labels labels = {
	.set = {[METRICS_ROUTE] = {routes, COUNT(routes)},
		[METRICS_POSTING] = {postings, COUNT(postings)}},
};

static int set_up(void **state)
{
	struct arena *arena = malloc(sizeof(*arena));

	if (!arena || !arena_init(arena, 1 << 20) || !metrics_init(&labels, 4))
		return -1;
	*state = arena;
	return 0;
}

static int tear_down(void **state)
{
	metrics_fini();
	arena_fini(*state);
	free(*state);
	return 0;
}

static const char *written(void **state)
{
	struct buf buf;

	buf_init(&buf, *state, 4096);
	metrics_write(&buf);
	return buf_done(&buf).at;
}

static void assert_line(void **state, const char *line, bool wanted)
{
	const char *text = written(state);
	bool found = strstr(text, line) != NULL;

	if (found != wanted)
		fail_msg("%s: %s\n%s", wanted ? "missing" : "unwanted", line, text);
}

static void in_process(size_t slot, void (*body)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		metrics_use_slot(slot);
		body();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void count_requests(void)
{
	metrics_count_pair(METRIC_REQUESTS, 1, metrics_status(200), 2);
	metrics_count_pair(METRIC_REQUESTS, 0, metrics_status(418), 1);
	metrics_count(METRIC_POSTINGS, 0, 3);
	metrics_level(METRIC_IN_FLIGHT, 1);
}

static void test_sums_over_processes(void **state)
{
	in_process(1, count_requests);
	in_process(3, count_requests);
	in_process(1, count_requests);
	assert_line(
		state,
		"kartoteka_http_requests_total{dialect=\"a\",route=\"/two\",status=\"200\"} 6\n",
		true);
	assert_line(
		state,
		"kartoteka_http_requests_total{dialect=\"a\",route=\"/one\",status=\"other\"} 3\n",
		true);
	assert_line(state, "kartoteka_ledger_postings_total{kind=\"accrual\"} 9\n", true);
	assert_line(state, "route=\"/one\",status=\"200\"", false);
}

static void test_levels_die_with_their_process_and_counters_do_not(void **state)
{
	in_process(1, count_requests);
	in_process(2, count_requests);
	assert_line(state, "kartoteka_http_requests_in_flight 2\n", true);
	metrics_reap_slot(1);
	assert_line(state, "kartoteka_http_requests_in_flight 1\n", true);
	assert_line(state, "kartoteka_ledger_postings_total{kind=\"accrual\"} 6\n", true);
}

static void test_histogram_buckets_are_cumulative(void **state)
{
	metrics_observe(METRIC_REQUEST_SECONDS, 0, 250);
	metrics_observe(METRIC_REQUEST_SECONDS, 0, 251);
	metrics_observe(METRIC_REQUEST_SECONDS, 0, 2500000);
	metrics_observe(METRIC_REQUEST_SECONDS, 0, 2500001);
#define SERIES(suffix) "kartoteka_http_request_seconds" suffix "{dialect=\"a\",route=\"/one\""
	assert_line(state, SERIES("_bucket") ",le=\"0.00025\"} 1\n", true);
	assert_line(state, SERIES("_bucket") ",le=\"0.0005\"} 2\n", true);
	assert_line(state, SERIES("_bucket") ",le=\"2.5\"} 3\n", true);
	assert_line(state, SERIES("_bucket") ",le=\"+Inf\"} 4\n", true);
	assert_line(state, SERIES("_sum") "} 5.000502\n", true);
	assert_line(state, SERIES("_count") "} 4\n", true);
	assert_line(state, "route=\"/two\"", false);
}

static void set_lag(void)
{
	metrics_gauge(METRIC_OUTBOX_LAG, 7);
}

static void test_gauge_is_the_last_one_set(void **state)
{
	metrics_gauge(METRIC_OUTBOX_LAG, 5);
	in_process(2, set_lag);
	assert_line(state, "kartoteka_outbox_lag_seconds 7\n", true);
	metrics_gauge(METRIC_OUTBOX_LAG, -1);
	assert_line(state, "kartoteka_outbox_lag_seconds -1\n", true);
}

static void test_every_metric_has_help_and_type(void **state)
{
	const char *text = written(state);
	size_t helps = 0, types = 0;

	for (const char *at = text; (at = strstr(at, "# HELP kartoteka_")); at++)
		helps++;
	for (const char *at = text; (at = strstr(at, "# TYPE kartoteka_")); at++)
		types++;
	assert_int_equal(helps, METRIC__MAX);
	assert_int_equal(types, METRIC__MAX);
}

static void count_beyond_the_set(void)
{
	metrics_count(METRIC_POSTINGS, COUNT(postings), 1);
}

static void observe_beyond_the_set(void)
{
	metrics_observe(METRIC_REQUEST_SECONDS, COUNT(routes), 1);
}

static void take_slot_beyond_the_last(void)
{
	metrics_use_slot(4);
}

static void test_index_beyond_its_set_is_a_bug(void **state)
{
	(void)state;
	assert_true(dies(count_beyond_the_set));
	assert_true(dies(observe_beyond_the_set));
	assert_true(dies(take_slot_beyond_the_last));
	metrics_use_slot(3);
	metrics_count(METRIC_POSTINGS, COUNT(postings) - 1, 1);
}

static void test_does_nothing_before_init(void **state)
{
	(void)state;
	metrics_count(METRIC_DB_ERRORS, 0, 1);
	metrics_level(METRIC_IN_FLIGHT, 1);
	metrics_gauge(METRIC_BURN_LAG, 1);
	metrics_observe(METRIC_REQUEST_SECONDS, 0, 1);
	metrics_use_slot(9);
	metrics_reap_slot(9);
	metrics_write(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sums_over_processes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_levels_die_with_their_process_and_counters_do_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_histogram_buckets_are_cumulative, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_gauge_is_the_last_one_set, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_every_metric_has_help_and_type, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_index_beyond_its_set_is_a_bug, set_up,
						tear_down),
		cmocka_unit_test(test_does_nothing_before_init),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
