#include "unit.h"

#include "log.h"

#define LONG_TEXT 5000

/* What log_event() writes on standard error; the caller's buffer holds 8 KiB. */
static char *logged(enum log_level level, const char *event, const struct log_pair *pairs)
{
	static char text[8192];
	int ends[2], old = dup(STDERR_FILENO);
	ssize_t len;

	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	log_event(level, event, pairs);
	dup2(old, STDERR_FILENO);
	close(old);
	len = read(ends[0], text, sizeof(text) - 1);
	close(ends[0]);
	assert_true(len >= 0);
	text[len] = '\0';
	return text;
}

/* The line behind "pid", so that time and process do not matter. */
static const char *pairs_of(const char *line)
{
	const char *pid = strstr(line, ",\"pid\":");

	assert_non_null(pid);
	return pid + strcspn(pid + 1, ",}") + 1;
}

static void test_a_line_has_time_level_event_and_process(void **state)
{
	char *line = logged(LOG_WARN_, "worker died", NULL), expected[128];
	int year, month, day, hour, minute, second, ms;

	(void)state;
	assert_int_equal(sscanf(line, "{\"ts\":\"%4d-%2d-%2dT%2d:%2d:%2d.%3dZ\"", &year, &month,
				&day, &hour, &minute, &second, &ms),
			 7);
	snprintf(expected, sizeof(expected),
		 ",\"level\":\"warn\",\"event\":\"worker died\",\"pid\":%d}\n", (int)getpid());
	assert_string_equal(strchr(line, ','), expected);
}

static void test_a_child_says_its_own_number(void **state)
{
	char expected[64], *line;
	int status;
	pid_t child;

	(void)state;
	assert_non_null(logged(LOG_WARN_, "parent", NULL));
	child = fork();
	if (child == 0) {
		snprintf(expected, sizeof(expected), ",\"pid\":%d}", (int)getpid());
		line = logged(LOG_WARN_, "child", NULL);
		_exit(strstr(line, expected) ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void test_pairs_are_escaped(void **state)
{
	const struct log_pair pairs[] = {
		{"n", NULL, INT64_MIN},
		{"quote", "a\"b\\c", 0},
		{"control", "\x01\b\f\n\r\t\x1f\x7f", 0},
		{"cyrillic", "\xD0\x96/", 0},
		{"broken", "a\xFF\xD0", 0},
		{0},
	};

	(void)state;
	assert_string_equal(pairs_of(logged(LOG_ERROR_, "x", pairs)),
			    ",\"n\":-9223372036854775808,\"quote\":\"a\\\"b\\\\c\","
			    "\"control\":\"\\u0001\\b\\f\\n\\r\\t\\u001f\x7f\","
			    "\"cyrillic\":\"\xD0\x96/\",\"broken\":\"a\\ufffd\\ufffd\"}\n");
}

static void test_a_line_too_long_loses_whole_pairs_and_says_so(void **state)
{
	char text[LONG_TEXT];
	const struct log_pair pairs[] = {{"a", NULL, 1}, {"long", text, 0}, {"b", NULL, 2}, {0}};

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_string_equal(pairs_of(logged(LOG_ERROR_, "x", pairs)), ",\"a\":1,\"cut\":true}\n");
	text[3900] = '\0';
	assert_null(strstr(logged(LOG_ERROR_, "x", pairs), "\"cut\""));
}

static void test_lines_below_the_least_level_are_not_written(void **state)
{
	int old = dup(STDERR_FILENO), ends[2];
	char byte;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	log_init(LOG_WARN_);
	log_event(LOG_INFO_, "quiet", NULL);
	log_event(LOG_DEBUG_, "quiet", NULL);
	dup2(old, STDERR_FILENO);
	close(old);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	assert_non_null(strstr(logged(LOG_WARN_, "loud", NULL), "\"loud\""));
	log_init(LOG_DEBUG_);
	assert_non_null(strstr(logged(LOG_DEBUG_, "loud", NULL), "\"level\":\"debug\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_line_has_time_level_event_and_process),
		cmocka_unit_test(test_a_child_says_its_own_number),
		cmocka_unit_test(test_pairs_are_escaped),
		cmocka_unit_test(test_a_line_too_long_loses_whole_pairs_and_says_so),
		cmocka_unit_test(test_lines_below_the_least_level_are_not_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
