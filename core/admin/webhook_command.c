/* Webhooks of an organisation: where its events go. */
#include <stdio.h>

#include "admin.h"
#include "crypto.h"
#include "db.h"
#include "stmt_gen.h"
#include "tx.h"
#include "uuid.h"

#define URL_MAX      1000 /* bytes */
#define HOOKS_MAX    16   /* of an organisation: every mutation writes a row for each */
#define SECRET_BYTES 32
#define SECRET_LEN   (2 * SECRET_BYTES)
#define STEP         500 /* rows of one statement */

/* What add and remove write, in one transaction. */
struct change {
	struct admin *admin;
	struct webhook_row row;
	bool add;
};

/* http:// or https://, a host, no user, no fragment. */
static bool url_is_good(struct str url)
{
	static const char *const schemes[] = {"http://", "https://"};
	size_t host = 0;

	for (size_t i = 0; i < url.len; i++) {
		if (url.at[i] <= ' ' || url.at[i] > '~' || strchr("\"<>\\^`{|}#", url.at[i]))
			return false;
	}
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (url.len > 0 && strncmp(url.at, schemes[i], strlen(schemes[i])) == 0)
			host = strlen(schemes[i]);
	}
	if (host == 0 || url.len > URL_MAX)
		return false;
	size_t len = strcspn(url.at + host, "/?");
	return len > 0 && url.at[host] != ':' && !memchr(url.at + host, '@', len);
}

/* The bump locks the organisation: two at once do not both count the same. */
static enum err write_change(void *arg)
{
	struct change *change = arg;
	struct db *db = change->admin->db;
	struct webhook_row *row = &change->row;
	struct webhook_remove_in gone = {STR(""), row->organisation_id, row->id};
	struct webhook_count_row count;
	int64_t removed = 1;

	enum err err = sql_setting_version_bump(
		db, &(struct setting_version_bump_in){row->organisation_id}, NULL);
	if (err)
		return err;
	if (!change->add) {
		err = sql_webhook_remove(db, &gone, &removed);
		return !err && removed == 0 ? ERR_NOT_FOUND : err;
	}
	err = sql_webhook_count(db, &change->admin->arena,
				&(struct webhook_count_in){row->organisation_id}, &count);
	if (!err && count.n >= HOOKS_MAX)
		return ERR_CONFLICT;
	return err ? err : sql_webhook_insert(db, row, NULL);
}

static enum err write_it(struct change *change)
{
	struct tx_work work = {.run = write_change, .arg = change};

	return tx_run(change->admin->db, &change->admin->arena, &work);
}

static struct str secret_make(struct admin *admin)
{
	uint8_t bytes[SECRET_BYTES];
	struct buf buf;

	crypto_random(bytes, sizeof(bytes));
	buf_init(&buf, &admin->arena, SECRET_LEN + 1);
	buf_hex(&buf, bytes, sizeof(bytes));
	crypto_wipe(bytes, sizeof(bytes));
	return buf_done(&buf);
}

static struct cell cell_uuid(struct admin *admin, const struct uuid *id)
{
	char text[UUID_TEXT_LEN];

	uuid_format(id, text);
	return (struct cell){str_dup(&admin->arena, (struct str){text, sizeof(text)}), 0};
}

static enum status run_add(struct admin *admin)
{
	static const char *const names[] = {"id", "secret"};
	struct change change = {.admin = admin, .add = true};
	uint8_t random[10];
	struct table table;

	enum status status = admin_organisation(admin, &change.row.organisation_id);
	if (status)
		return status;
	if (!url_is_good(admin_str(admin, "url")))
		return admin_usage("--url: not http:// or https:// with a host, at most %d bytes",
				   URL_MAX);
	crypto_random(random, sizeof(random));
	change.row.id = uuid_v7(admin->now_ms, random);
	change.row.live = 1;
	change.row.url = admin_str(admin, "url");
	change.row.secret = secret_make(admin);
	change.row.created_at.ms = admin->now_ms;
	enum err err = write_it(&change);
	if (err == ERR_CONFLICT)
		return admin_fault("--organisation: it has %d webhooks already", HOOKS_MAX);
	if (err)
		return admin_err(admin, err, "database");
	table_begin(&table, admin, names, 2);
	table_row(&table,
		  (struct cell[]){cell_uuid(admin, &change.row.id), {change.row.secret, 0}});
	table_end(&table);
	return STATUS_OK;
}

/* Why the newest dead letter is one; "-" when there is none. */
static enum err fault_get(struct admin *admin, const struct webhook_row *row, struct str *fault_r)
{
	struct delivery_fault_row found;
	struct delivery_fault_in in = {row->organisation_id, row->id};
	enum err err = sql_delivery_fault(admin->db, &admin->arena, &in, &found);

	*fault_r = err == ERR_OK ? found.fault : STR("-");
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum status run_list(struct admin *admin)
{
	static const char *const names[] = {"id",        "url",  "created_at", "waiting",
					    "delivered", "dead", "fault"};
	struct table table;
	struct list rows = {0};
	int64_t id;

	enum status status = admin_organisation(admin, &id);
	if (status)
		return status;
	enum err err =
		sql_webhook_list(admin->db, &admin->arena, &(struct webhook_list_in){id}, &rows);
	table_begin(&table, admin, names, sizeof(names) / sizeof(names[0]));
	const struct webhook_row *row = rows.rows;
	for (size_t i = 0; !err && i < rows.n; i++) {
		struct delivery_counts_row counts = {0};
		struct str fault = STR("-");
		err = sql_delivery_counts(admin->db, &admin->arena,
					  &(struct delivery_counts_in){id, row[i].id}, &counts);
		if (!err)
			err = fault_get(admin, &row[i], &fault);
		table_row(&table, (struct cell[]){cell_uuid(admin, &row[i].id),
						  {row[i].url, 0},
						  cell_moment(admin, row[i].created_at.ms),
						  cell_number(admin, counts.waiting),
						  cell_number(admin, counts.delivered),
						  cell_number(admin, counts.dead),
						  {fault, 0}});
	}
	if (err)
		return admin_err(admin, err, "database");
	table_end(&table);
	return STATUS_OK;
}

/* --organisation and --id. */
static enum status read_names(struct admin *admin, int64_t *organisation_id_r, struct uuid *id_r)
{
	enum status status = admin_organisation(admin, organisation_id_r);
	if (status)
		return status;
	if (!uuid_parse(admin_str(admin, "id"), id_r))
		return admin_usage("--id: not a UUID");
	return STATUS_OK;
}

static enum status run_remove(struct admin *admin)
{
	struct change change = {.admin = admin};
	int64_t dropped = STEP;

	enum status status = read_names(admin, &change.row.organisation_id, &change.row.id);
	if (status)
		return status;
	enum err err = write_it(&change);
	if (err)
		return admin_err(admin, err, err == ERR_NOT_FOUND ? "--id" : "database");
	struct delivery_drop_in drop = {change.row.organisation_id, change.row.id, STEP};
	while (!err && dropped == STEP)
		err = sql_delivery_drop(admin->db, &drop, &dropped);
	return err ? admin_err(admin, err, "database") : STATUS_OK;
}

/* A replay: of the dead letters, or of all events of a time range. */
struct replay {
	struct admin *admin;
	int64_t organisation_id, events;
	struct uuid id, after, last;
};

static enum err replay_dead(struct replay *replay)
{
	struct delivery_revive_in in = {
		{replay->admin->now_ms}, replay->organisation_id, replay->id, STEP};
	int64_t revived = STEP;
	enum err err = ERR_OK;

	while (!err && revived == STEP) {
		err = sql_delivery_revive(replay->admin->db, &in, &revived);
		replay->events += err ? 0 : revived;
	}
	return err;
}

/* One statement's worth, from `after` to *until_r. */
static enum err replay_step(struct replay *replay, struct uuid *until_r, bool *more_r)
{
	struct admin *admin = replay->admin;
	struct journal_step_in step = {replay->organisation_id, replay->after, replay->last,
				       STEP - 1};
	struct journal_step_row row;
	struct journal_events_row count;

	enum err err = sql_journal_step(admin->db, &admin->arena, &step, &row);
	*more_r = err == ERR_OK;
	*until_r = err == ERR_OK ? row.id : replay->last;
	if (err && err != ERR_NOT_FOUND)
		return err;
	struct journal_events_in events = {replay->organisation_id, replay->after, *until_r};
	struct delivery_replay_in in = {
		replay->id, {admin->now_ms}, replay->organisation_id, replay->after, *until_r};
	err = sql_journal_events(admin->db, &admin->arena, &events, &count);
	if (!err)
		err = sql_delivery_replay(admin->db, &in, NULL);
	replay->events += err ? 0 : count.n;
	return err;
}

static enum err replay_range(struct replay *replay)
{
	bool more = true;
	enum err err = ERR_OK;

	while (!err && more) {
		struct uuid until;
		err = replay_step(replay, &until, &more);
		replay->after = until;
	}
	return err;
}

/* Ids of journal rows begin with their time. */
static enum status read_range(struct admin *admin, struct replay *replay)
{
	static const uint8_t none[10] = {0};
	const char *from = admin_value(admin, "from"), *to = admin_value(admin, "to");
	int64_t from_ms = 0, to_ms = admin->now_ms + 1;

	if (!from && to)
		return admin_usage("--from: required with --to");
	if (from && !moment_parse(from, admin->now_ms, &from_ms))
		return admin_usage("--from: not a time");
	if (to && !moment_parse(to, admin->now_ms, &to_ms))
		return admin_usage("--to: not a time");
	if (from_ms > to_ms)
		return admin_usage("--to: before --from");
	replay->after = uuid_v7(from_ms, none);
	replay->last = uuid_v7(to_ms, none);
	return STATUS_OK;
}

static enum status run_replay(struct admin *admin)
{
	struct replay replay = {.admin = admin};
	struct webhook_row row;

	enum status status = read_names(admin, &replay.organisation_id, &replay.id);
	if (!status)
		status = read_range(admin, &replay);
	if (status)
		return status;
	struct webhook_get_in key = {replay.organisation_id, replay.id};
	enum err err = sql_webhook_get(admin->db, &admin->arena, &key, &row);
	if (err == ERR_NOT_FOUND)
		return admin_err(admin, err, "--id");
	if (!err)
		err = admin_has(admin, "from") ? replay_range(&replay) : replay_dead(&replay);
	if (err)
		return admin_err(admin, err, "database");
	printf("%lld\n", (long long)replay.events);
	return STATUS_OK;
}

static const struct option_row add_options[] = {
	{"organisation", "N", "whose events", OPTION_REQUIRED, NULL},
	{"url", "URL", "where they are posted to; https:// keeps them private", OPTION_REQUIRED,
	 NULL},
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct option_row list_options[] = {
	{"organisation", "N", "whose webhooks", OPTION_REQUIRED, NULL},
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct option_row remove_options[] = {
	{"organisation", "N", "whose webhook", OPTION_REQUIRED, NULL},
	{"id", "ID", "its id", OPTION_REQUIRED, NULL},
};

static const struct option_row replay_options[] = {
	{"organisation", "N", "whose webhook", OPTION_REQUIRED, NULL},
	{"id", "ID", "its id", OPTION_REQUIRED, NULL},
	{"from", "TIME", "all events from this moment on, instead of the dead letters", 0, NULL},
	{"to", "TIME", "and before this one; default now", 0, NULL},
};

static const struct command commands[] = {
	{.name = "webhook add",
	 .help = "Send an organisation's events to a URL; prints the webhook's id and secret",
	 OPTIONS(add_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_add},
	{.name = "webhook list",
	 .help = "List webhooks, how many events wait, were delivered, are dead letters, and why "
		 "the newest one is",
	 OPTIONS(list_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_list},
	{.name = "webhook remove",
	 .help = "Remove a webhook with all that waits for it",
	 OPTIONS(remove_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_remove},
	{.name = "webhook replay",
	 .help = "Deliver dead letters or a time range again; prints how many events",
	 OPTIONS(replay_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_replay},
};

const struct command_group webhook_commands = COMMAND_GROUP(commands);
