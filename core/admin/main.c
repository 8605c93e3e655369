/* The program `kartoteka`: administration of an installation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "clock.h"
#include "db.h"
#include "keyring.h"
#include "log.h"

#define ARENA_SIZE ((size_t)64 << 20)
#define ERROR_MAX  512
#define PATIENT_MS 600000 /* of a statement, on a busy host too */

static enum status open_config(struct admin *admin)
{
	char error[ERROR_MAX];
	const char *path = admin->config_path;

	if (!path)
		path = getenv(ADMIN_CONF_NAME);
	if (!path || !*path)
		path = ADMIN_CONF;
	if (!config_load(&admin->config, path, error, sizeof(error)))
		return admin_fault("--config: %s", error);
	return STATUS_OK;
}

static enum status open_keyring(struct admin *admin)
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

static enum status open_db(struct admin *admin)
{
	struct db_options options = db_options_of(&admin->config);

	admin->db = db_open(&options);
	enum err err = db_ready(admin->db);
	return err ? admin_err(admin, err, "database") : STATUS_OK;
}

static enum status open_needs(struct admin *admin)
{
	unsigned needs = admin->command->needs;
	enum status status = STATUS_OK;

	if (needs)
		status = open_config(admin);
	if (needs & NEED_TIME && admin->config.db_statement_timeout_ms < PATIENT_MS)
		admin->config.db_statement_timeout_ms = PATIENT_MS;
	if (!status && (needs & NEED_KEYRING))
		status = open_keyring(admin);
	if (!status && (needs & NEED_DB))
		status = open_db(admin);
	return status;
}

static enum status run(struct admin *admin, int argc, char **argv)
{
	bool help = false;

	enum status status = options_read(admin, argc, argv, &help);
	if (status)
		return status;
	if (help) {
		if (admin->command)
			help_command(admin->command);
		else
			help_program();
		return STATUS_OK;
	}
	status = open_needs(admin);
	return status ? status : admin->command->run(admin);
}

int main(int argc, char **argv)
{
	struct admin *admin = calloc(1, sizeof(*admin));

	if (!admin || !arena_init(&admin->arena, ARENA_SIZE))
		return (int)admin_fault("no memory");
	log_init(LOG_ERROR_);
	config_defaults(&admin->config);
	admin->now_ms = clock_now_ms(&(struct clock){0});
	enum status status = run(admin, argc, argv);
	if (admin->db)
		db_close(&admin->db);
	keyring_close(&admin->keyring);
	config_fini(&admin->config);
	arena_fini(&admin->arena);
	free(admin);
	if (fflush(stdout) != 0 || ferror(stdout))
		return (int)admin_fault("standard output: cannot write");
	return (int)status;
}
