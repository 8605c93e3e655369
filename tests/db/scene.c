#include "scene.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "crypto.h"
#include "keyring.h"
#include "stmt_gen.h"

/* 32 bytes of zero: a key for tests only. */
#define KEY_LINE "t1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

static struct keyring *ledger_keys(void)
{
	char path[] = "/tmp/kartoteka-test-keys-XXXXXX", error[256];
	int fd = mkstemp(path);
	assert(fd >= 0 && write(fd, KEY_LINE, sizeof KEY_LINE - 1) == sizeof KEY_LINE - 1);
	close(fd);
	struct keyring *ring = keyring_open_ledger(path, error, sizeof error);
	unlink(path);
	assert(ring);
	return ring;
}

static void ctx_make(struct scene *scene)
{
	scene->ctx = (struct ctx){.arena = &scene->on.arena,
				  .db = scene->on.db,
				  .clock = &scene->clock,
				  .settings = &scene->settings,
				  .ledger_keys = scene->ctx.ledger_keys,
				  .serials = &scene->serials};
	scene->ctx.principal = (struct principal){
		.organisation_id = 1, .role = ROLE_ORGANISATION, .subject = STR("tester")};
	scene->ctx.request.request_id = STR("test");
	scene->ctx.request.traceparent = STR("");
}

void scene_open(struct scene *scene, const char *name)
{
	*scene = (struct scene){.clock = {0}};
	bool opened = database_open(&scene->on, name);
	assert(opened);
	struct organisation_row row = {
		.id = 1, .name = STR("Test"), .timezone = STR("Europe/Moscow"), .settings_version = 1};
	enum err err = sql_organisation_insert(scene->on.db, &row, NULL);
	assert(err == ERR_OK);
	settings_defaults(&scene->settings, 1);
	scene->ctx.ledger_keys = ledger_keys();
	ctx_make(scene);
}

void scene_close(struct scene *scene)
{
	keyring_close(&scene->ctx.ledger_keys);
	database_close(&scene->on);
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

enum err scene_mutate(struct scene *scene, const struct operation *operation, const void *in,
		      void *out, struct answer *answer_r)
{
	*answer_r = (struct answer){0};
	return mutation_run(&scene->ctx, operation, in, out, make_answer, scene, answer_r);
}
