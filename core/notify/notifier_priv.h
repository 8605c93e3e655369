/* What the files of the notifier share. */
#ifndef NOTIFY_NOTIFIER_PRIV_H
#define NOTIFY_NOTIFIER_PRIV_H

#include "arena.h"
#include "carrier.h"
#include "clock.h"
#include "config.h"
#include "notifier.h"

#define PASSWORD_MAX_ 255 /* bytes */

struct db;

struct notifier {
	const struct config *config;
	struct db *db;
	struct arena arena;
	struct clock clock;
	struct carrier *carrier;
	char smtp_password[PASSWORD_MAX_ + 1], sms_password[PASSWORD_MAX_ + 1];
	size_t turn;       /* which webhook comes first */
	int64_t pumped_us; /* monotonic: when it was looked for what is due */
	bool ended;        /* something has since: there may be room for more */
};

static inline int64_t notifier_now_ms(const struct notifier *notifier)
{
	return clock_now_ms(&notifier->clock);
}

/* How long what goes over the network is ours: longer than it may take. */
int64_t notifier_lease_ms(const struct notifier *notifier);
/* Until the next try, after `tries` of them: doubled each time, a random half of it waited. */
int64_t notifier_wait_ms(const struct notifier *notifier, int64_t tries);

/* Takes due messages and starts them. */
void messages_pump(struct notifier *notifier);
void message_done(struct notifier *notifier, const struct job *job, const struct outcome *outcome);
/* Takes due deliveries of each webhook and starts them. */
void deliveries_pump(struct notifier *notifier);
void delivery_done(struct notifier *notifier, const struct job *job, const struct outcome *outcome);

#endif
