#include "progress.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"

#define BAR_WIDTH 40
#define SHOW_US   100000

static volatile sig_atomic_t stopped;

void progress_begin(struct progress *progress, const char *things, int64_t total)
{
	*progress = (struct progress){.things = things,
				      .total = total,
				      .begin_us = clock_monotonic_us(),
				      .shows = isatty(STDERR_FILENO) == 1};
}

static void show(const struct progress *progress)
{
	int64_t total = progress->total, done = progress->done;
	int filled = BAR_WIDTH;

	if (total > done)
		filled = (int)(BAR_WIDTH * done / total);
	if (total == 0)
		fprintf(stderr, "\r%lld %s", (long long)done, progress->things);
	else
		fprintf(stderr, "\r[%.*s%*s] %lld of %lld %s", filled,
			"########################################", BAR_WIDTH - filled, "",
			(long long)done, (long long)total, progress->things);
	fflush(stderr);
}

void progress_to(struct progress *progress, int64_t done)
{
	int64_t now_us = clock_monotonic_us();

	progress->done = done;
	if (!progress->shows || now_us - progress->shown_us < SHOW_US)
		return;
	progress->shown_us = now_us;
	show(progress);
}

void progress_end(struct progress *progress)
{
	if (!progress->shows)
		return;
	show(progress);
	fputc('\n', stderr);
}

int64_t progress_ms(const struct progress *progress)
{
	return (clock_monotonic_us() - progress->begin_us) / 1000 + 1;
}

int64_t progress_rate(const struct progress *progress)
{
	return progress->done * 1000 / progress_ms(progress);
}

static void stop(int number)
{
	(void)number;
	stopped = 1;
}

void progress_may_stop(void)
{
	struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESTART};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool progress_is_stopped(void)
{
	return stopped != 0;
}
