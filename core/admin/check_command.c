#include <stdio.h>

#include "admin.h"
#include "db.h"
#include "keyring.h"
#include "migrate.h"

#define ERROR_MAX 512

/* One thing that must be right; says on standard error what is not. */
typedef enum status check_fn(struct admin *admin);

static enum status check_keyring(struct admin *admin)
{
	char error[ERROR_MAX];

	admin->keyring = keyring_open(admin->config.keyring.at, error, sizeof(error));
	if (!admin->keyring)
		return admin_fault("key ring: %s", error);
	if (!keyring_signing(admin->keyring))
		return admin_fault("key ring: %s: no key with the state sign",
				   admin->config.keyring.at);
	return STATUS_OK;
}

static enum status check_ledger_keys(struct admin *admin)
{
	char error[ERROR_MAX];
	struct key_lines lines;
	bool good =
		key_lines_read(&lines, admin->config.ledger_keys.at, false, error, sizeof(error));
	size_t n = good ? lines.n : 0;

	key_lines_wipe(&lines);
	if (!good)
		return admin_fault("ledger keys: %s", error);
	if (n == 0)
		return admin_fault("ledger keys: %s: no key in it", admin->config.ledger_keys.at);
	return STATUS_OK;
}

static enum status check_schema(struct admin *admin)
{
	struct db_options options = db_options_of(&admin->config);

	options.bare = true;
	struct db *db = db_open(&options);
	enum err err = db_ready(db);
	if (!err)
		err = migrate_check(db, &admin->arena);
	db_close(&db);
	if (err == ERR_CONFLICT)
		return admin_fault("database: the schema is not this program's: run kartoteka "
				   "migrate");
	return err ? admin_err(admin, err, "database") : STATUS_OK;
}

static enum status check_statements(struct admin *admin)
{
	struct db_options options = db_options_of(&admin->config);

	admin->db = db_open(&options);
	enum err err = db_ready(admin->db);
	return err ? admin_err(admin, err, "database: statements") : STATUS_OK;
}

static const struct {
	const char *name;
	check_fn *run;
} checks[] = {
	{"key ring", check_keyring},
	{"ledger keys", check_ledger_keys},
	{"schema", check_schema},
	{"statements", check_statements},
};

static enum status run_check(struct admin *admin)
{
	enum status worst = STATUS_OK;

	puts("ok configuration");
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		enum status status = checks[i].run(admin);
		printf("%s %s\n", status ? "not ok" : "ok", checks[i].name);
		worst = status ? status : worst;
	}
	return worst;
}

static const struct command commands[] = {
	{.name = "check",
	 .help = "Check configuration, keys, schema and statements, and change nothing",
	 .needs = NEED_CONFIG,
	 .run = run_check},
};

const struct command_group check_commands = COMMAND_GROUP(commands);
