#include "scene.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto.h"
#include "keyring.h"
#include "stmt_gen.h"

/* 32 bytes of zero: a key for tests only. */
#define KEY_LINE "t1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

#define SCRYPT_COST 4 /* of 2^n: tests make many verifiers */

static struct keyring *ledger_keys(void)
{
	char path[] = "/tmp/kartoteka-test-keys-XXXXXX", error[256];
	struct keyring *keys = NULL;
	int fd = mkstemp(path);

	if (fd >= 0 && write(fd, KEY_LINE, strlen(KEY_LINE)) > 0)
		keys = keyring_open_ledger(path, error, sizeof(error));
	if (fd >= 0)
		close(fd);
	unlink(path);
	return keys;
}

static bool make_organisations(const struct scene *scene)
{
	enum err err = ERR_OK;

	for (int64_t id = SCENE_ORGANISATION; err == ERR_OK && id <= SCENE_OTHER; id++) {
		struct organisation_row row = {.id = id,
					       .name = STR("Мойка"),
					       .timezone = STR("Europe/Moscow"),
					       .settings_version = 1};
		err = sql_organisation_insert(scene->on.db, &row, NULL);
	}
	return err == ERR_OK;
}

static void ctx_make(struct scene *scene)
{
	scene->ctx = (struct ctx){.arena = &scene->on.arena,
				  .db = scene->on.db,
				  .clock = &scene->clock,
				  .config = &scene->config,
				  .settings = &scene->settings,
				  .ledger_keys = scene->ctx.ledger_keys,
				  .serials = &scene->serials,
				  .principal = {.organisation_id = SCENE_ORGANISATION,
						.role = ROLE_ORGANISATION,
						.scopes = SCOPE_ALL,
						.subject = STR("tester")},
				  .request = {.request_id = STR("test"), .traceparent = STR("")}};
}

bool scene_open(struct scene *scene, const char *name)
{
	*scene = (struct scene){.clock = {0}};
	config_defaults(&scene->config);
	scene->config.scrypt_cost = SCRYPT_COST;
	settings_defaults(&scene->settings, SCENE_ORGANISATION);
	scene->ctx.ledger_keys = ledger_keys();
	if (!scene->ctx.ledger_keys || !database_open(&scene->on, name) ||
	    !make_organisations(scene)) {
		fprintf(stderr, "no scene\n");
		return false;
	}
	ctx_make(scene);
	return true;
}

void scene_close(struct scene *scene)
{
	keyring_close(&scene->ctx.ledger_keys);
	database_close(&scene->on);
	config_fini(&scene->config);
}

void scene_connect(struct scene *scene)
{
	scene->on.db = db_open(&scene->on.options);
	scene->serials = (struct serials){0};
	enum err err = db_ready(scene->on.db);
	assert(err == ERR_OK);
	ctx_make(scene);
}

void scene_request(struct scene *scene, const char *key, const char *body)
{
	scene->ctx.detail = (struct err_detail){0};
	scene->ctx.request.idempotency_key = str_of(key);
	sha256(body, strlen(body), scene->ctx.request.fingerprint);
}

static void make_answer(void *arg, enum err outcome, const void *out, struct answer *answer_r)
{
	struct scene *scene = arg;
	struct buf buf;

	buf_init(&buf, scene->ctx.arena, 64);
	buf_i64(&buf, outcome);
	if (outcome == ERR_OK)
		buf_hex(&buf, out, sizeof(struct uuid));
	else
		buf_text(&buf, reason_text(scene->ctx.detail.reason));
	answer_r->status = outcome == ERR_OK ? 200 : 409;
	answer_r->body = buf_done(&buf);
}

/* Of operations whose out-struct may be smaller than an id. */
static void make_empty_answer(void *arg, enum err outcome, const void *out, struct answer *answer_r)
{
	(void)arg;
	(void)out;
	*answer_r = (struct answer){.status = outcome == ERR_OK ? 200 : 409, .body = STR("")};
}

enum err scene_mutate(struct scene *scene, const struct operation *operation, const void *in,
		      void *out, struct answer *answer_r)
{
	answer_fn *make =
		operation->out_size < sizeof(struct uuid) ? make_empty_answer : make_answer;

	*answer_r = (struct answer){0};
	return mutation_run(&scene->ctx, operation, in, out, make, scene, answer_r);
}

enum err scene_run(struct scene *scene, const struct operation *operation, const void *in,
		   void *out)
{
	struct answer answer;

	scene_request(scene, NULL, "");
	memset(out, 0, operation->out_size);
	if (operation->mutates)
		return scene_mutate(scene, operation, in, out, &answer);
	return operation->run(&scene->ctx, in, out);
}

bool scene_refused(const struct scene *scene, const char *member, enum reason reason)
{
	const struct err_detail *detail = &scene->ctx.detail;
	bool same = detail->member && strcmp(detail->member, member) == 0;

	if (same && detail->reason == reason)
		return true;
	fprintf(stderr, "refused for %s: %s\n", detail->member ? detail->member : "nothing",
		reason_text(detail->reason));
	return false;
}

long long scene_number(const struct scene *scene, const char *text)
{
	return database_number(&scene->on, text);
}
