/*
 * A long command: how far it is, on a terminal only, and whether somebody asked it to stop.
 * Standard error alone is written, so that results can be piped.
 */
#ifndef ADMIN_PROGRESS_H
#define ADMIN_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *things; /* "cards" */
	int64_t total;      /* 0 = not known: a number without a bar */
	int64_t done;
	int64_t begin_us, shown_us; /* monotonic */
	bool shows;
};

void progress_begin(struct progress *progress, const char *things, int64_t total);
/* As often as you like; shown ten times a second. */
void progress_to(struct progress *progress, int64_t done);
/* The last state stays above what is printed next. */
void progress_end(struct progress *progress);
/* Milliseconds since it began, at least 1; and things per second. */
int64_t progress_ms(const struct progress *progress);
int64_t progress_rate(const struct progress *progress);

/* From now on SIGINT and SIGTERM ask instead of end; the command looks between its batches. */
void progress_may_stop(void);
bool progress_is_stopped(void);

#endif
