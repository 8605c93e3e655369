#include <stdio.h>

#include "admin.h"
#include "db.h"
#include "migrate.h"

static const char *const state_texts[] = {
	[MIGRATE_APPLIED] = "applied",
	[MIGRATE_PENDING] = "pending",
	[MIGRATE_EDITED] = "edited after it was applied",
	[MIGRATE_UNKNOWN] = "unknown to this program",
};

static enum status list_pending(struct admin *admin)
{
	struct db_options options = db_options_of(&admin->config);
	struct list steps = {0};
	enum status status = STATUS_OK;

	options.bare = true;
	admin->db = db_open(&options);
	enum err err = db_ready(admin->db);
	if (!err)
		err = migrate_list(admin->db, &admin->arena, &steps);
	if (err)
		return admin_err(admin, err, "database");
	const struct migrate_step *step = steps.rows;
	for (size_t i = 0; i < steps.n; i++) {
		printf("%s: %s\n", step[i].name, state_texts[step[i].state]);
		if (step[i].state == MIGRATE_EDITED)
			status = STATUS_FAULT;
	}
	return status;
}

static void tell(const char *name)
{
	printf("applied %s\n", name);
	fflush(stdout);
}

static enum status run_migrate(struct admin *admin)
{
	struct db_options options = db_options_of(&admin->config);
	struct migrate_step fault = {0};
	const char *message = "";

	if (admin_has(admin, "dry-run"))
		return list_pending(admin);
	enum err err = migrate_run(&options, &admin->arena, tell, &fault, &message);
	if (err == ERR_CONFLICT)
		return admin_fault("%s: %s", fault.name, state_texts[fault.state]);
	if (err && fault.name)
		return admin_fault("%s: statement %zu: %s", fault.name, fault.done + 1, message);
	if (err)
		return admin_fault("database: %s: %s", err_text(err), message);
	puts("the schema is up to date");
	return STATUS_OK;
}

static const struct option_row migrate_options[] = {
	{"dry-run", NULL, "only say what would be applied", 0, NULL},
};

static const struct command commands[] = {
	{.name = "migrate",
	 .help = "Bring the database's schema up to this program's",
	 OPTIONS(migrate_options),
	 .needs = NEED_CONFIG,
	 .run = run_migrate},
};

const struct command_group migrate_commands = COMMAND_GROUP(commands);
