#include "log.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "escape.h"
#include "utf8.h"

#define LINE_MAX_ 4096
/* Kept free for the mark of a line that was cut, and its end. */
#define LINE_TAIL 32

struct line {
	char at[LINE_MAX_];
	size_t len;
	bool full;
};

static const char *const level_names[] = {"debug", "info", "warn", "error"};
static enum log_level least_level = LOG_INFO_;

void log_init(enum log_level least)
{
	least_level = least;
}

static void line_put(struct line *line, const char *bytes, size_t len)
{
	if (line->full || len > LINE_MAX_ - LINE_TAIL - line->len) {
		line->full = true;
		return;
	}
	memcpy(line->at + line->len, bytes, len);
	line->len += len;
}

/* A log line stays valid JSON whatever bytes a client sent. */
static void line_put_char(struct line *line, const char *at, size_t left, size_t *step_r)
{
	char escaped[ESCAPE_MAX];
	size_t len = utf8_char(at, left);

	*step_r = len ? len : 1;
	if (len == 0)
		line_put(line, "\\ufffd", 6);
	else if (escape_needed(*at))
		line_put(line, escaped, escape_put(*at, escaped));
	else
		line_put(line, at, len);
}

/* Bytes up to the first that is not plain ASCII. */
static size_t plain_run(const char *text)
{
	size_t len = 0;

	while (text[len] > 0 && !escape_needed(text[len]))
		len++;
	return len;
}

static void line_put_string(struct line *line, const char *text)
{
	line_put(line, "\"", 1);
	while (!line->full) {
		size_t run = plain_run(text), step;

		line_put(line, text, run);
		text += run;
		if (*text == '\0')
			break;
		line_put_char(line, text, strnlen(text, UTF8_CHAR_MAX), &step);
		text += step;
	}
	line_put(line, "\"", 1);
}

static void line_put_number(struct line *line, int64_t number)
{
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
	char text[24];
	size_t at = sizeof(text);

	do {
		text[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0)
		text[--at] = '-';
	line_put(line, text + at, sizeof(text) - at);
}

/* A line a request: the text of a second is written once a second. */
static void line_put_time(struct line *line)
{
	static int64_t written_s = -1;
	static char second[32];
	int64_t now_ms = clock_now_ms(&(struct clock){0});
	time_t now_s = (time_t)(now_ms / 1000);
	int ms = (int)(now_ms % 1000);
	char end[] = {
		'.', (char)('0' + ms / 100), (char)('0' + ms / 10 % 10), (char)('0' + ms % 10), 'Z',
		'"'};
	struct tm tm;

	if (now_s != written_s) {
		gmtime_r(&now_s, &tm);
		strftime(second, sizeof(second), "{\"ts\":\"%Y-%m-%dT%H:%M:%S", &tm);
		written_s = now_s;
	}
	line_put(line, second, strlen(second));
	line_put(line, end, sizeof(end));
}

static pid_t process; /* 0 = not asked for since the fork */

static void forget_process(void)
{
	process = 0;
}

/* getpid() is a system call. */
static pid_t own_process(void)
{
	static bool forgets;

	if (process == 0) {
		forgets = forgets || pthread_atfork(NULL, NULL, forget_process) == 0;
		if (!forgets)
			return getpid();
		process = getpid();
	}
	return process;
}

/* A pair goes in whole or not at all. */
static void line_put_pair(struct line *line, const struct log_pair *pair)
{
	size_t start = line->len;

	line_put(line, ",", 1);
	line_put_string(line, pair->name);
	line_put(line, ":", 1);
	if (pair->text)
		line_put_string(line, pair->text);
	else
		line_put_number(line, pair->number);
	if (line->full)
		line->len = start;
}

static void line_write(struct line *line)
{
	static const char cut[] = ",\"cut\":true", end[] = "}\n";
	ssize_t written;

	if (line->full) {
		memcpy(line->at + line->len, cut, sizeof(cut) - 1);
		line->len += sizeof(cut) - 1;
	}
	memcpy(line->at + line->len, end, sizeof(end) - 1);
	line->len += sizeof(end) - 1;
	/* Nobody is left to tell when the log itself cannot be written. */
	written = write(STDERR_FILENO, line->at, line->len);
	(void)written;
}

void log_event(enum log_level level, const char *event, const struct log_pair *pairs)
{
	struct line line = {.len = 0, .full = false};

	if (level < least_level)
		return;
	line_put_time(&line);
	line_put_pair(&line, &(struct log_pair){"level", level_names[level], 0});
	line_put_pair(&line, &(struct log_pair){"event", event, 0});
	line_put_pair(&line, &(struct log_pair){"pid", NULL, own_process()});
	for (; pairs && pairs->name; pairs++)
		line_put_pair(&line, pairs);
	line_write(&line);
}
