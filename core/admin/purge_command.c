/* What has had its time: answers kept for repeats, throttle marks, revocations that ended. */
#include <stdio.h>

#include "admin.h"
#include "card_file.h"
#include "db.h"
#include "progress.h"
#include "stmt_gen.h"
#include "throttle.h"
#include "tx.h"

#define BATCH_ROWS     1000
#define BATCH_ROWS_MAX 10000
#define HOUR_MS        INT64_C(3600000)

#define KEYS_AGE_MS (-1) /* of the configuration */
#define DAY_MS      (24 * HOUR_MS)
#define SENT_AGE_MS (7 * DAY_MS)
#define DEAD_AGE_MS (30 * DAY_MS) /* so long a dead letter may be sent again */

enum { STATE_SENT = 2, STATE_DEAD }; /* columns message.state, delivery.state */

/* Rows whose time was over before a moment; `state` of those that have one. */
struct part {
	const char *name;
	int64_t age_ms; /* since their time was over */
	int64_t state;
	enum err (*count)(struct admin *admin, int64_t state, int64_t before_ms, int64_t *n_r);
	enum err (*clear)(struct db *db, int64_t state, int64_t before_ms, int64_t most,
			  int64_t *n_r);
};

/* Two functions of a part, by its statements and their parameters. */
#define COUNT(name, stmt, ...)                                                                     \
	static enum err count_##name(struct admin *admin, int64_t state, int64_t before_ms,        \
				     int64_t *n_r)                                                 \
	{                                                                                          \
		struct stmt##_row row = {0};                                                       \
		(void)state;                                                                       \
		enum err err = sql_##stmt(admin->db, &admin->arena,                                \
					  &(struct stmt##_in){__VA_ARGS__}, &row);                 \
		*n_r = row.n;                                                                      \
		return err;                                                                        \
	}
#define CLEAR(name, stmt, ...)                                                                     \
	static enum err clear_##name(struct db *db, int64_t state, int64_t before_ms,              \
				     int64_t most, int64_t *n_r)                                   \
	{                                                                                          \
		(void)state;                                                                       \
		return sql_##stmt(db, &(struct stmt##_in){__VA_ARGS__, most}, n_r);                \
	}
#define PART(name) count_##name, clear_##name

COUNT(keys, purge_journal_count, {before_ms})
CLEAR(keys, purge_journal, {before_ms})
COUNT(marks, purge_throttle_count, before_ms)
CLEAR(marks, throttle_purge, before_ms)
COUNT(subjects, purge_throttle_locks_count, throttle_minute(before_ms))
CLEAR(subjects, throttle_purge_locks, throttle_minute(before_ms))
COUNT(revocations, purge_revocation_count, {before_ms})
CLEAR(revocations, purge_revocation, {before_ms})
COUNT(codes, purge_code_count, {before_ms})
CLEAR(codes, one_time_code_purge, {before_ms})
COUNT(messages, purge_message_count, state, {before_ms})
CLEAR(messages, message_purge, state, {before_ms})
COUNT(deliveries, purge_delivery_count, state, {before_ms})
CLEAR(deliveries, delivery_purge, state, {before_ms})

static const struct part parts[] = {
	{"idempotency keys", KEYS_AGE_MS, 0, PART(keys)},
	{"throttle marks", THROTTLE_AGE_MS, 0, PART(marks)},
	{"throttle subjects", THROTTLE_AGE_MS, 0, PART(subjects)},
	{"revocations", 0, 0, PART(revocations)},
	{"one-time codes", DAY_MS, 0, PART(codes)},
	{"sent messages", SENT_AGE_MS, STATE_SENT, PART(messages)},
	{"dead messages", DEAD_AGE_MS, STATE_DEAD, PART(messages)},
	{"sent deliveries", SENT_AGE_MS, STATE_SENT, PART(deliveries)},
	{"dead deliveries", DEAD_AGE_MS, STATE_DEAD, PART(deliveries)},
};

static int64_t before_ms(const struct admin *admin, const struct part *part)
{
	int64_t age_ms = part->age_ms == KEYS_AGE_MS ? admin->config.idempotency_keep_h * HOUR_MS
						     : part->age_ms;

	return admin->now_ms - age_ms;
}

struct clearing {
	const struct part *part;
	struct admin *admin;
	int64_t most, cleared;
};

static enum err clear_batch(void *arg)
{
	struct clearing *c = arg;

	return c->part->clear(c->admin->db, c->part->state, before_ms(c->admin, c->part), c->most,
			      &c->cleared);
}

/* Batch by batch, each in a transaction of its own: another host may clear beside this one. */
static enum status clear(struct admin *admin, const struct part *part, int64_t most, int64_t *n_r)
{
	struct clearing clearing = {.part = part, .admin = admin, .most = most, .cleared = most};
	struct tx_work work = {.run = clear_batch, .arg = &clearing};
	struct progress progress;
	enum err err = ERR_OK;

	progress_begin(&progress, part->name, 0);
	while (err == ERR_OK && clearing.cleared == most && !progress_is_stopped()) {
		err = tx_run(admin->db, &admin->arena, &work);
		if (err == ERR_OK)
			*n_r += clearing.cleared;
		progress_to(&progress, *n_r);
	}
	if (*n_r > 0)
		progress_end(&progress);
	return err ? admin_err(admin, err, part->name) : STATUS_OK;
}

static enum status do_part(struct admin *admin, const struct part *part, int64_t most,
			   struct table *table)
{
	enum status status = STATUS_OK;
	int64_t n = 0;

	if (admin_has(admin, "dry-run")) {
		enum err err = part->count(admin, part->state, before_ms(admin, part), &n);
		if (err != ERR_OK)
			return admin_err(admin, err, part->name);
	} else {
		status = clear(admin, part, most, &n);
	}
	table_row(table, (struct cell[]){{str_of(part->name), 0}, cell_number(admin, n)});
	return status;
}

/* Card files that were sent; a host that sends none has no such folder. */
static void do_files(struct admin *admin, struct table *table)
{
	int64_t before_ms = admin->now_ms - CARD_SNAPSHOT_GONE_S * INT64_C(1000), n;

	if (card_file_purge(admin->config.files.at, before_ms, admin_has(admin, "dry-run"), &n))
		table_row(table, (struct cell[]){{STR("card files"), 0}, cell_number(admin, n)});
}

static enum status run_purge(struct admin *admin)
{
	static const char *const names[] = {"what", "rows"};
	enum status status = STATUS_OK;
	struct table table;
	int64_t most = BATCH_ROWS;

	if (admin_has(admin, "batch") && !admin_number(admin, "batch", 1, BATCH_ROWS_MAX, &most))
		return STATUS_USAGE;
	progress_may_stop();
	table_begin(&table, admin, names, 2);
	for (size_t i = 0; !status && i < sizeof(parts) / sizeof(parts[0]); i++)
		status = do_part(admin, &parts[i], most, &table);
	if (!status)
		do_files(admin, &table);
	table_end(&table);
	if (!status && progress_is_stopped())
		return admin_fault("stopped: another run goes on");
	return status;
}

static const struct option_row purge_options[] = {
	{"batch", "N", "rows of one transaction, 1 to 10000; default 1000", 0, NULL},
	{"dry-run", NULL, "only count", 0, NULL},
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct command commands[] = {
	{.name = "purge",
	 .help = "Clear what has had its time: idempotency keys with their answers, throttle "
		 "marks, "
		 "ended revocations, card files that were sent",
	 OPTIONS(purge_options),
	 .needs = NEED_CONFIG | NEED_DB | NEED_TIME,
	 .run = run_purge},
};

const struct command_group purge_commands = COMMAND_GROUP(commands);
