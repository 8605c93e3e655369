/* JSON lines on standard error, one write(2) each. No personal data, no tokens. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>

enum log_level { LOG_DEBUG_, LOG_INFO_, LOG_WARN_, LOG_ERROR_ };

/* A pair of the line; end the list with {0}. */
struct log_pair {
	const char *name;
	const char *text; /* used when not NULL */
	int64_t number;
};

void log_init(enum log_level least);
/* log_event(LOG_INFO_, "worker started", (struct log_pair[]){{"pid", NULL, 7}, {0}}); pairs may be NULL. */
void log_event(enum log_level level, const char *event, const struct log_pair *pairs);

#endif
