/* The demo's organisation, its login, levels and groups. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "credential.h"
#include "crypto.h"
#include "db.h"
#include "demo_run.h"
#include "group.h"
#include "level.h"
#include "stmt_gen.h"

#define DEMO_LOGIN     "demo"
#define PASSWORD_BYTES 18 /* of a made one, before base64url */

static enum status need_organisation(struct demo *demo)
{
	struct admin *admin = demo->admin;
	struct organisation_get_in in = {demo->organisation_id};
	struct organisation_row row;

	enum err err = sql_organisation_get(admin->db, &admin->arena, &in, &row);
	if (err != ERR_NOT_FOUND)
		return err ? admin_err(admin, err, "--organisation") : STATUS_OK;
	row = (struct organisation_row){.id = demo->organisation_id,
					.name = STR("Demo"),
					.timezone = STR("Europe/Moscow"),
					.settings_version = 1,
					.created_at = {admin->now_ms}};
	err = sql_organisation_insert(admin->db, &row, NULL);
	return err ? admin_err(admin, err, "--organisation") : STATUS_OK;
}

static struct str made_password(struct arena *arena)
{
	uint8_t random[PASSWORD_BYTES];
	char *text = arena_alloc(arena, 4 * (PASSWORD_BYTES + 2) / 3 + 1);

	crypto_random(random, sizeof(random));
	return (struct str){text, base64url_encode(random, sizeof(random), text)};
}

/* The first line of the file; the file is made, for its owner's eyes only, when there is none. */
static enum status password_of_file(struct admin *admin, const char *path, struct str *password_r)
{
	FILE *file = fopen(path, "re");
	char *line = arena_alloc(&admin->arena, PASSWORD_MAX + 2);

	if (!file && errno == ENOENT) {
		int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

		*password_r = made_password(&admin->arena);
		bool written = fd >= 0 && dprintf(fd, "%s\n", password_r->at) > 0;
		if (fd >= 0 && close(fd) != 0)
			written = false;
		return written ? STATUS_OK : admin_fault("--password-file: %s: cannot write", path);
	}
	if (!file)
		return admin_fault("--password-file: %s: %s", path, strerror(errno));
	bool read = fgets(line, PASSWORD_MAX + 2, file) != NULL;
	fclose(file);
	*password_r = (struct str){line, read ? strcspn(line, "\r\n") : 0};
	if (password_r->len == 0 || password_r->len > PASSWORD_MAX)
		return admin_fault("--password-file: %s: no password in its first line", path);
	return STATUS_OK;
}

static enum status choose_password(struct demo *demo, struct str *password_r)
{
	struct admin *admin = demo->admin;
	const char *path = admin_value(admin, "password-file");

	if (path)
		return password_of_file(admin, path, password_r);
	*password_r = made_password(&admin->arena);
	printf("login %s, password %s\n", DEMO_LOGIN, password_r->at);
	return STATUS_OK;
}

/* NOT_FOUND when nobody in the installation has it. */
static enum err find_login(struct demo *demo, struct credential_row *row_r)
{
	struct credential_by_login_in in = {STR(DEMO_LOGIN)};

	return sql_credential_by_login(demo->admin->db, &demo->admin->arena, &in, row_r);
}

static enum status need_login(struct demo *demo)
{
	struct admin *admin = demo->admin;
	struct credential_row row;
	struct str password = {0};
	const char *member;

	enum err err = find_login(demo, &row);
	if (err != ERR_NOT_FOUND)
		return err ? admin_err(admin, err, "login demo") : STATUS_OK;
	enum status status = choose_password(demo, &password);
	if (status)
		return status;
	row = (struct credential_row){.organisation_id = demo->organisation_id,
				      .id = ctx_uuid(&demo->ctx),
				      .role = ROLE_ORGANISATION,
				      .scopes = SCOPE_ALL,
				      .created_at = {admin->now_ms}};
	if (credential_fill(&row, &admin->arena, STR(DEMO_LOGIN), password,
			    (int)admin->config.scrypt_cost, &member) != REASON_NONE)
		return admin_fault("%s: not accepted", member);
	err = credential_add(admin->db, &row);
	return err ? admin_err(admin, err, "login demo") : STATUS_OK;
}

/* What is there already stays as it is. */
static enum status make_levels(struct demo *demo)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < DEMO_LEVELS; i++) {
		const struct demo_level *level = &demo_levels[i];
		struct level_in in = {.row = {.id = demo_id(DEMO_LEVEL, i),
					      .name = str_of(level->name),
					      .rank_order = i,
					      .accum_level = {level->turnover_minor},
					      .max_payment_percent = {level->percent * 100}}};
		struct id_out out;

		err = demo_mutate(demo, &op_level_add, DEMO_LEVEL, i, &in, &out);
		err = err == ERR_TAKEN ? ERR_OK : err;
	}
	return err ? admin_err(demo->admin, err, "levels") : STATUS_OK;
}

static enum status make_groups(struct demo *demo)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < demo_groups_n; i++) {
		const struct demo_group *group = &demo_groups[i];
		struct group_in in = {.row = {.id = demo_id(DEMO_GROUP, i),
					      .name = str_of(group->name),
					      .description = STR("")}};
		struct id_out out;

		if (group->parent >= 0)
			in.row.parent_id = demo_id(DEMO_GROUP, group->parent);
		err = demo_mutate(demo, &op_group_add, DEMO_GROUP, i, &in, &out);
		err = err == ERR_TAKEN ? ERR_OK : err;
	}
	return err ? admin_err(demo->admin, err, "groups") : STATUS_OK;
}

/* Cards and holders that come later are numbered after the demo's. */
static enum status raise_serials(struct demo *demo)
{
	enum err err = ERR_OK;

	for (int64_t kind = 0; !err && kind < SERIAL__MAX; kind++) {
		struct serial_counter_raise_in in = {demo->organisation_id, kind, demo->cards + 1};

		err = sql_serial_counter_raise(demo->admin->db, &in, NULL);
	}
	return err ? admin_err(demo->admin, err, "serial numbers") : STATUS_OK;
}

enum status demo_set_up(struct demo *demo)
{
	enum status (*const parts[])(struct demo *) = {make_levels, make_groups, raise_serials,
						       demo_make_companies};
	enum status status = need_organisation(demo);

	if (!status)
		status = need_login(demo);
	for (size_t i = 0; !status && i < sizeof(parts) / sizeof(parts[0]); i++)
		status = parts[i](demo);
	return status;
}
