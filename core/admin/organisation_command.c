#include <stdio.h>
#include <string.h>

#include "admin.h"
#include "db.h"
#include "json.h"
#include "settings.h"
#include "stmt_gen.h"
#include "text.h"
#include "tx.h"

#define NAME_MAX_CHARACTERS 255

/* What add and set write, in one transaction. */
struct change {
	struct admin *admin;
	struct organisation_row row;
	struct setting_row settings[VALUES_MAX];
	size_t settings_n;
	bool add;
};

static enum status parse_pair(struct change *change, const char *pair)
{
	struct admin *admin = change->admin;
	struct settings *unused = arena_new(&admin->arena, struct settings);
	const char *equals = strchr(pair, '=');
	int len = equals ? (int)(equals - pair) : 0;

	if (!equals)
		return admin_usage("%s: not KEY=VALUE", pair);
	const struct setting *setting = setting_find((struct str){pair, (size_t)len});
	if (!setting)
		return admin_usage("%.*s: no such setting", len, pair);
	enum reason reason = setting_decode(setting, &admin->arena, str_of(equals + 1), unused);
	if (reason)
		return admin_usage("%s: %s is not a value of it (%s)", setting->name, equals + 1,
				   setting->help);
	if (change->settings_n == VALUES_MAX)
		return admin_usage("%s: too many settings", setting->name);
	change->settings[change->settings_n++] =
		(struct setting_row){change->row.id, str_of(setting->name), str_of(equals + 1)};
	return STATUS_OK;
}

/* KEY=VALUE pairs of --set and of the rest of the line. */
static enum status parse_pairs(struct change *change)
{
	struct admin *admin = change->admin;
	enum status status = STATUS_OK;
	const char *pair;

	for (size_t at = 0; !status && (pair = admin_next(admin, "set", &at));)
		status = parse_pair(change, pair);
	for (int i = 0; !status && i < admin->rest_n; i++)
		status = parse_pair(change, admin->rest[i]);
	return status;
}

static enum status parse_names(struct change *change)
{
	struct admin *admin = change->admin;
	struct str name = admin_str(admin, "name"), zone = admin_str(admin, "timezone");

	if (name.at &&
	    (name.len == 0 || !text_is_utf8(name) || text_length(name) > NAME_MAX_CHARACTERS))
		return admin_usage("--name: not 1 to 255 characters");
	if (zone.at && !timezone_is_good(zone))
		return admin_usage("--timezone: %s is not a time zone of this host", zone.at);
	if (name.at)
		change->row.name = name;
	if (zone.at)
		change->row.timezone = zone;
	return STATUS_OK;
}

static enum err write_change(void *arg)
{
	struct change *change = arg;
	struct db *db = change->admin->db;
	const struct organisation_row *row = &change->row;
	enum err err;

	if (change->add)
		err = sql_organisation_insert(db, row, NULL);
	else
		err = sql_organisation_set(
			db, &(struct organisation_set_in){row->name, row->timezone, row->id}, NULL);
	for (size_t i = 0; !err && i < change->settings_n; i++)
		err = sql_setting_put(db, &change->settings[i], NULL);
	return err;
}

static enum status write_it(struct change *change)
{
	struct admin *admin = change->admin;
	struct tx_work work = {.run = write_change, .arg = change};
	char what[64];

	enum err err = tx_run(admin->db, &admin->arena, &work);
	snprintf(what, sizeof(what), "--id: organisation %lld", (long long)change->row.id);
	return err ? admin_err(admin, err, what) : STATUS_OK;
}

static struct change *change_new(struct admin *admin)
{
	struct change *change = arena_new(&admin->arena, struct change);

	change->admin = admin;
	return change;
}

static enum status run_add(struct admin *admin)
{
	struct change *change = change_new(admin);

	change->add = true;
	change->row.settings_version = 1;
	change->row.created_at.ms = admin->now_ms;
	change->row.timezone = STR("Europe/Moscow");
	if (!admin_number(admin, "id", 1, ORGANISATION_ID_MAX, &change->row.id))
		return STATUS_USAGE;
	enum status status = parse_names(change);
	if (!status)
		status = parse_pairs(change);
	return status ? status : write_it(change);
}

static enum status run_set(struct admin *admin)
{
	struct change *change = change_new(admin);
	int64_t id;

	if (!admin_number(admin, "id", 1, ORGANISATION_ID_MAX, &id))
		return STATUS_USAGE;
	if (admin->rest_n == 0 && !admin_has(admin, "name") && !admin_has(admin, "timezone"))
		return admin_usage("KEY=VALUE: nothing to set");
	enum err err = sql_organisation_get(admin->db, &admin->arena,
					    &(struct organisation_get_in){id}, &change->row);
	if (err)
		return admin_err(admin, err, "--id");
	enum status status = parse_names(change);
	if (!status)
		status = parse_pairs(change);
	return status ? status : write_it(change);
}

static enum err settings_text(struct admin *admin, int64_t id, struct str *text_r)
{
	struct list rows = {0};
	struct buf buf;

	enum err err =
		sql_setting_list(admin->db, &admin->arena, &(struct setting_list_in){id}, &rows);
	if (err)
		return err;
	buf_init(&buf, &admin->arena, 256);
	const struct setting_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++) {
		buf_text(&buf, i > 0 ? " " : "");
		buf_str(&buf, row[i].name);
		buf_char(&buf, '=');
		buf_str(&buf, row[i].value);
	}
	*text_r = buf_done(&buf);
	return ERR_OK;
}

static enum status run_list(struct admin *admin)
{
	static const char *const names[] = {"id", "name", "timezone", "created_at", "settings"};
	struct table table;
	struct list rows = {0};

	enum err err = sql_organisation_list(admin->db, &admin->arena, &rows);
	table_begin(&table, admin, names, 5);
	const struct organisation_row *row = rows.rows;
	for (size_t i = 0; !err && i < rows.n; i++) {
		struct str settings = STR("");
		err = settings_text(admin, row[i].id, &settings);
		table_row(&table, (struct cell[]){cell_number(admin, row[i].id),
						  {row[i].name, 0},
						  {row[i].timezone, 0},
						  cell_moment(admin, row[i].created_at.ms),
						  {settings, 0}});
	}
	if (err)
		return admin_err(admin, err, "database");
	table_end(&table);
	return STATUS_OK;
}

static const struct option_row add_options[] = {
	{"id", "N", "its number, 1 to 4294967295", OPTION_REQUIRED, NULL},
	{"name", "S", "its name", OPTION_REQUIRED, NULL},
	{"timezone", "ZONE", "IANA name; default Europe/Moscow", 0, NULL},
	{"set", "KEY=VALUE", "a setting", OPTION_MANY, NULL},
};

static const struct option_row set_options[] = {
	{"id", "N", "its number", OPTION_REQUIRED, NULL},
	{"name", "S", "a new name", 0, NULL},
	{"timezone", "ZONE", "a new time zone", 0, NULL},
};

static const struct option_row list_options[] = {
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct command commands[] = {
	{.name = "organisation add",
	 .help = "Add an organisation",
	 OPTIONS(add_options),
	 .rest = "KEY=VALUE...",
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_add},
	{.name = "organisation set",
	 .help = "Change an organisation's settings; workers see it within 5 seconds",
	 OPTIONS(set_options),
	 .rest = "KEY=VALUE...",
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_set},
	{.name = "organisation list",
	 .help = "List the organisations with the settings that differ from the defaults",
	 OPTIONS(list_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_list},
};

const struct command_group organisation_commands = COMMAND_GROUP(commands);
