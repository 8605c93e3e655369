/*
 * What waits in the database goes out: messages to the spool, a mail server or an SMS gateway,
 * events to webhooks. Whatever is taken is leased: a notifier that dies or loses the database
 * gives it up by the clock, and it is sent again, by itself or on another host. So everything
 * goes out at least once, and may come twice.
 */
#ifndef NOTIFY_NOTIFIER_H
#define NOTIFY_NOTIFIER_H

#include <stdbool.h>
#include <stddef.h>

struct config;
struct notifier;

/* What is wrong with the ways out goes into error[]; NULL then. `config` is borrowed. */
struct notifier *notifier_open(const struct config *config, char *error, size_t error_size);
void notifier_close(struct notifier **notifier);
/*
 * Takes what is due unless `stopping`, moves what is under way, and waits for up to half a
 * second, or until `fd` is readable. False when nothing is under way.
 */
bool notifier_step(struct notifier *notifier, int fd, bool stopping);
/* The database answers and has our schema: the fault in words, NULL when none. */
const char *notifier_check(struct notifier *notifier);

#endif
