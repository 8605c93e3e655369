#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keyring.h"
#include "mutation.h"
#include "stmt_gen.h"

static const char ledger_key[] = "k1 MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n";

static struct keyring *open_keys(void)
{
	char path[] = "/tmp/world_keys.XXXXXX", error[256];
	struct keyring *keys = NULL;
	int fd = mkstemp(path);

	if (fd >= 0 && write(fd, ledger_key, strlen(ledger_key)) > 0)
		keys = keyring_open_ledger(path, error, sizeof(error));
	if (fd >= 0)
		close(fd);
	unlink(path);
	return keys;
}

static bool make_organisations(struct world *world)
{
	enum err err = ERR_OK;

	for (int64_t id = WORLD_ORGANISATION; !err && id <= WORLD_OTHER; id++) {
		struct organisation_row row = {.id = id,
					       .name = STR("Мойка"),
					       .timezone = STR("Europe/Moscow"),
					       .settings_version = 1};
		err = sql_organisation_insert(world->database.db, &row, NULL);
	}
	return err == ERR_OK;
}

bool world_open(struct world *world, const char *name)
{
	memset(world, 0, sizeof(*world));
	config_defaults(&world->config);
	world->config.scrypt_cost = 4;
	settings_defaults(&world->settings, WORLD_ORGANISATION);
	world->ledger_keys = open_keys();
	if (!world->ledger_keys || !database_open(&world->database, name) ||
	    !make_organisations(world)) {
		fprintf(stderr, "no world\n");
		return false;
	}
	world->ctx = (struct ctx){.arena = &world->database.arena,
				  .db = world->database.db,
				  .clock = &world->clock,
				  .config = &world->config,
				  .settings = &world->settings,
				  .ledger_keys = world->ledger_keys,
				  .serials = &world->serials,
				  .principal = {.organisation_id = WORLD_ORGANISATION,
						.role = ROLE_ORGANISATION,
						.scopes = SCOPE_ALL,
						.subject = STR("tester")},
				  .request = {.request_id = STR("test")}};
	world->ctx.request.traceparent = STR("");
	return true;
}

void world_close(struct world *world)
{
	keyring_close(&world->ledger_keys);
	database_close(&world->database);
	config_fini(&world->config);
}

static void make_answer(void *arg, enum err outcome, const void *out, struct answer *answer_r)
{
	(void)arg;
	(void)out;
	*answer_r = (struct answer){.status = outcome == ERR_OK ? 200 : 400, .body = STR("{}")};
}

enum err world_run(struct world *world, const struct operation *operation, const void *in,
		   void *out)
{
	struct answer answer = {0};

	world->ctx.detail = (struct err_detail){0};
	memset(out, 0, operation->out_size);
	if (operation->mutates)
		return mutation_run(&world->ctx, operation, in, out, make_answer, NULL, &answer);
	return operation->run(&world->ctx, in, out);
}

bool world_refused(const struct world *world, const char *member, enum reason reason)
{
	const struct err_detail *detail = &world->ctx.detail;
	bool same = detail->member && strcmp(detail->member, member) == 0;

	if (same && detail->reason == reason)
		return true;
	fprintf(stderr, "refused for %s: %s\n", detail->member ? detail->member : "nothing",
		reason_text(detail->reason));
	return false;
}

long long world_number(const struct world *world, const char *text)
{
	return database_number(&world->database, text);
}
