#include "deck.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "level.h"
#include "person.h"
#include "replacement.h"
#include "uuid.h"
#include "verify.h"

static struct str numbered(struct scene *scene, const char *prefix)
{
	static int n;
	char text[64];
	int len = snprintf(text, sizeof text, "%s%d", prefix, ++n);
	return (struct str){arena_strndup(scene->ctx.arena, text, (size_t)len), (size_t)len};
}

static void must(enum err err, const struct scene *scene, const char *what)
{
	if (err != ERR_OK)
		fprintf(stderr, "%s: %s, %s\n", what, err_text(err),
			reason_name(scene->ctx.detail.reason));
	assert(err == ERR_OK);
}

struct uuid deck_card(struct scene *scene, struct card_in in)
{
	struct id_out out;
	in.row.barcode = numbered(scene, "deck-");
	in.row.code = STR("1");
	must(scene_run(scene, &op_card_add, &in, &out), scene, "card");
	return out.id;
}

struct uuid deck_person(struct scene *scene, bool locked)
{
	struct person_in in = {.row = {.login = numbered(scene, "login-"),
				       .name = STR("Иванова"),
				       .locked = locked}};
	struct id_out out;
	sent_set(&in.sent, offsetof(struct person_in, row.login));
	sent_set(&in.sent, offsetof(struct person_in, row.name));
	must(scene_run(scene, &op_person_add, &in, &out), scene, "person");
	return out.id;
}

struct uuid deck_level(struct scene *scene, int64_t order, int64_t accum, bool resets)
{
	struct level_in in = {.row = {.name = STR("level"),
				      .rank_order = order,
				      .accum_level = {accum},
				      .reset_card_accum = resets}};
	struct id_out out;
	must(scene_run(scene, &op_level_add, &in, &out), scene, "level");
	return out.id;
}

struct card deck_see(struct scene *scene, struct uuid card)
{
	struct card_out out;
	must(scene_run(scene, &op_card_get, &(struct id_in){card}, &out), scene, "get");
	return out.card;
}

struct uuid deck_on(struct scene *scene, struct uuid card, int64_t sum, int64_t days,
		    int64_t pending)
{
	struct posting_in in = {.card_id = card,
				.type = POSTING_ON,
				.sum = {sum},
				.invalidate_period_days = days,
				.activation_period_days = pending};
	struct id_out out;
	must(scene_run(scene, &op_transaction_add, &in, &out), scene, "points on");
	return out.id;
}

enum err deck_off(struct scene *scene, struct uuid card, int64_t sum, struct uuid *id_r)
{
	struct posting_in in = {.card_id = card, .type = POSTING_OFF, .sum = {sum}};
	struct id_out out;
	enum err err = scene_run(scene, &op_transaction_add, &in, &out);
	if (id_r)
		*id_r = out.id;
	return err;
}

enum err deck_hold(struct scene *scene, struct uuid card, int64_t sum, struct uuid *id_r)
{
	struct hold_in in = {.card_id = card, .sum = {sum}};
	struct id_out out;
	enum err err = scene_run(scene, &op_hold_add, &in, &out);
	if (id_r)
		*id_r = out.id;
	return err;
}

enum err deck_capture(struct scene *scene, struct uuid hold, int64_t sum)
{
	struct capture_in in = {.id = hold, .sum = {sum}};
	struct id_out out;
	sent_set(&in.sent, offsetof(struct capture_in, sum));
	return scene_run(scene, &op_hold_capture, &in, &out);
}

enum err deck_void(struct scene *scene, struct uuid hold)
{
	struct nothing out;
	return scene_run(scene, &op_hold_void, &(struct id_in){hold}, &out);
}

enum err deck_master(struct scene *scene, struct uuid card, struct uuid master)
{
	struct card_in in = {.row = {.id = card, .master_id = master}};
	struct nothing out;
	sent_set(&in.sent, offsetof(struct card_in, row.master_id));
	return scene_run(scene, &op_card_change, &in, &out);
}

enum err deck_replace(struct scene *scene, struct uuid from, struct uuid to)
{
	struct replacement_in in = {from, to};
	struct nothing out;
	return scene_run(scene, &op_card_replacement, &in, &out);
}

enum err deck_delete(struct scene *scene, struct uuid card, bool check_balance)
{
	struct card_delete_in in = {card, check_balance};
	struct nothing out;
	return scene_run(scene, &op_card_delete, &in, &out);
}

static const char *with_id(char sql[SQL_MAX], const char *text, struct uuid card)
{
	char id[2 * sizeof card.byte + 4] = "x'";
	size_t n = 0;
	for (size_t i = 0; i < sizeof card.byte; i++)
		snprintf(id + 2 + 2 * i, 3, "%02x", card.byte[i]);
	strcat(id, "'");
	for (; *text; text++) {
		bool here = text[0] == '%' && text[1] == 's';
		n += (size_t)snprintf(sql + n, SQL_MAX - n, "%.*s", here ? (int)strlen(id) : 1,
				      here ? id : text);
		assert(n < SQL_MAX);
		text += here;
	}
	return sql;
}

long long deck_number(struct scene *scene, const char *text, struct uuid card)
{
	char sql[SQL_MAX];
	return scene_number(scene, with_id(sql, text, card));
}

void deck_sql(struct scene *scene, const char *text, struct uuid card)
{
	char sql[SQL_MAX];
	unsigned error = database_run(&scene->on, with_id(sql, text, card));
	assert(error == 0);
}

bool deck_is_sound(struct scene *scene)
{
	struct verify_report report;
	enum err err = ledger_verify(scene->on.db, scene->ctx.ledger_keys, 0, NULL, NULL, &report);
	if (err == ERR_OK && !report.table)
		return true;
	fprintf(stderr, "verify: %s, %s %s: %s\n", err_text(err),
		report.table ? report.table : "nothing", report.key, report.fault);
	return false;
}

bool deck_counts_hold(struct scene *scene)
{
	long long wrong = scene_number(
		scene,
		"SELECT COUNT(*) FROM (SELECT CAST(SUM(k.n) AS SIGNED) - (SELECT COUNT(*) FROM "
		"card c "
		"WHERE c.organisation_id = k.organisation_id AND c.live = 1 AND CASE k.kind "
		"WHEN 1 THEN 1 WHEN 2 THEN c.parent_id = k.value WHEN 3 THEN c.active WHEN 4 THEN "
		"c.shut ELSE c.level_id = k.value END) AS wrong FROM kept_count k WHERE k.kind <= "
		"5 "
		"GROUP BY k.organisation_id, k.kind, k.value) t WHERE wrong <> 0");
	return wrong == 0;
}

/* Whoever has a connection says so and waits until all have one. */
static void wait_for_all(int ready, int go)
{
	char byte = 0;
	ssize_t n = write(ready, &byte, 1);
	assert(n == 1);
	n = read(go, &byte, 1);
	assert(n == 0);
}

static void start_all(int ready, int n)
{
	char byte;
	for (int i = 0; i < n; i++) {
		ssize_t got = read(ready, &byte, 1);
		assert(got == 1);
	}
}

void deck_race(struct scene *scene, int n, enum err (*body)(struct scene *scene, int number),
	       int counts[ERR__MAX])
{
	int status, ready[2], go[2], failed = pipe(ready) | pipe(go);
	assert(failed == 0);
	memset(counts, 0, ERR__MAX * sizeof *counts);
	fflush(NULL);
	for (int i = 0; i < n; i++) {
		if (fork() > 0)
			continue;
		close(go[1]);
		scene_connect(scene);
		wait_for_all(ready[1], go[0]);
		_exit((int)body(scene, i));
	}
	start_all(ready[0], n);
	close(go[1]);
	for (int i = 0; i < n; i++) {
		pid_t pid = wait(&status);
		assert(pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) < ERR__MAX);
		counts[WEXITSTATUS(status)]++;
	}
	close(go[0]);
	close(ready[0]);
	close(ready[1]);
}
