#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "db.h"
#include "migrate.h"
#include "notifier_priv.h"

#define ARENA_SIZE   ((size_t)64 << 20)
#define WAIT_MS      500 /* between two looks at what is due */
#define WAIT_LESS_MS 20  /* when something has ended */
#define LEASE_MORE_S 5
#define WAIT_MAX_MS  INT64_C(3600000)

int64_t notifier_lease_ms(const struct notifier *notifier)
{
	return (2 * notifier->config->notify_timeout_s + LEASE_MORE_S) * 1000;
}

int64_t notifier_wait_ms(const struct notifier *notifier, int64_t tries)
{
	int64_t wait_ms = notifier->config->notify_retry_s * 1000;
	uint32_t draw;

	for (int64_t i = 1; i < tries && wait_ms < WAIT_MAX_MS; i++)
		wait_ms *= 2;
	if (wait_ms > WAIT_MAX_MS)
		wait_ms = WAIT_MAX_MS;
	crypto_random(&draw, sizeof draw);
	return wait_ms / 2 + draw % (wait_ms / 2 + 1);
}

static void done(void *arg, const struct job *job, const struct outcome *outcome)
{
	struct notifier *notifier = arg;

	if (job->kind == JOB_MESSAGE)
		message_done(notifier, job, outcome);
	else
		delivery_done(notifier, job, outcome);
}

/* The first line of a file. */
static bool password_read(struct str path, char *password, char *error, size_t error_size)
{
	FILE *file;

	if (path.len == 0)
		return true;
	file = fopen(path.at, "re");
	if (!file || !fgets(password, PASSWORD_MAX_ + 1, file)) {
		snprintf(error, error_size, "%s: %s", path.at, file ? "empty" : strerror(errno));
		if (file)
			fclose(file);
		return false;
	}
	password[strcspn(password, "\r\n")] = '\0';
	fclose(file);
	return true;
}

/* Without this every delivery would fail, one by one. */
static bool ca_file_is_good(struct str path, char *error, size_t error_size)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----";
	char line[256];
	bool found = false;
	FILE *file;

	if (path.len == 0)
		return true;
	file = fopen(path.at, "re");
	while (file && !found && fgets(line, sizeof(line), file))
		found = strncmp(line, begin, sizeof(begin) - 1) == 0;
	if (!found)
		snprintf(error, error_size, "%s: %s", path.at,
			 file ? "no certificate in PEM form" : strerror(errno));
	if (file)
		fclose(file);
	return found;
}

static bool starts_with(struct str text, const char *word)
{
	return text.len >= strlen(word) && memcmp(text.at, word, strlen(word)) == 0;
}

/* What is needed for the ways out that are configured. */
static const char *missing(const struct config *config)
{
	if (str_eq(config->mail, STR("smtp"))) {
		if (!starts_with(config->smtp_url, "smtp://") &&
		    !starts_with(config->smtp_url, "smtps://"))
			return "notify.smtp_url: not smtp:// or smtps://";
		if (!memchr(config->smtp_from.at, '@', config->smtp_from.len))
			return "notify.smtp_from: not an address";
	}
	if (str_eq(config->sms, STR("http"))) {
		struct str url = config->sms_url;
		if (!starts_with(url, "http://") && !starts_with(url, "https://"))
			return "notify.sms_url: not http:// or https://";
		if (!strstr(url.at, "{text}") && !strstr(config->sms_body.at, "{text}"))
			return "notify.sms_url: {text} is neither in it nor in sms_body";
	}
	return NULL;
}

struct notifier *notifier_open(const struct config *config, char *error, size_t error_size)
{
	struct notifier *notifier = calloc(1, sizeof(*notifier));
	struct db_options options = db_options_of(config);
	const char *fault = missing(config);

	if (fault || !notifier) {
		snprintf(error, error_size, "%s", fault ? fault : "no memory");
		free(notifier);
		return NULL;
	}
	notifier->config = config;
	if (!arena_init(&notifier->arena, ARENA_SIZE) ||
	    !(notifier->carrier = carrier_open(done, notifier, config->notify_ca_file))) {
		snprintf(error, error_size, "no memory");
		notifier_close(&notifier);
		return NULL;
	}
	if (!ca_file_is_good(config->notify_ca_file, error, error_size) ||
	    !password_read(config->smtp_password_file, notifier->smtp_password, error,
			   error_size) ||
	    !password_read(config->sms_password_file, notifier->sms_password, error, error_size)) {
		notifier_close(&notifier);
		return NULL;
	}
	notifier->db = db_open(&options);
	return notifier;
}

void notifier_close(struct notifier **notifier)
{
	struct notifier *n = *notifier;

	if (!n)
		return;
	carrier_close(&n->carrier);
	if (n->db)
		db_close(&n->db);
	if (n->arena.base)
		arena_fini(&n->arena);
	crypto_wipe(n, sizeof(*n));
	free(n);
	*notifier = NULL;
}

static int64_t pause_ms(const struct notifier *notifier)
{
	int64_t past_ms = (clock_monotonic_us() - notifier->pumped_us) / 1000;
	int64_t pause = notifier->ended ? WAIT_LESS_MS : WAIT_MS;

	return past_ms < pause ? pause - past_ms : 0;
}

/* Not at every turn: bytes move far more often than something becomes due. */
static void pump(struct notifier *notifier)
{
	size_t mark = arena_mark(&notifier->arena);

	if (pause_ms(notifier) > 0)
		return;
	notifier->pumped_us = clock_monotonic_us();
	notifier->ended = false;
	if (db_ready(notifier->db) != ERR_OK)
		return;
	messages_pump(notifier);
	deliveries_pump(notifier);
	arena_reset(&notifier->arena, mark);
}

bool notifier_step(struct notifier *notifier, int fd, bool stopping)
{
	if (!stopping)
		pump(notifier);
	carrier_step(notifier->carrier, fd, stopping ? WAIT_MS : (int)pause_ms(notifier));
	return carrier_busy(notifier->carrier, JOB_MESSAGE, NULL) +
		       carrier_busy(notifier->carrier, JOB_DELIVERY, NULL) >
	       0;
}

const char *notifier_check(struct notifier *notifier)
{
	enum err err = db_ready(notifier->db);

	if (err == ERR_OK)
		err = migrate_check(notifier->db, &notifier->arena);
	if (err == ERR_BUSY)
		return "the database does not answer";
	return err ? "the database schema is not the one of this program: kartoteka migrate" : NULL;
}
