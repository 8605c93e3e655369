#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "admin.h"
#include "clock.h"
#include "credential.h"
#include "crypto.h"
#include "db.h"
#include "revocation.h"
#include "stmt_gen.h"
#include "uuid.h"

#define UUID_RANDOM 10

/* The first line of standard input, without its end; never from the command line, where ps shows
 * it. */
static enum status read_password(struct admin *admin, struct str *password_r)
{
	size_t cap = PASSWORD_MAX + 2, len = 0;
	char *text = arena_alloc(&admin->arena, cap);

	for (ssize_t n = 1; n != 0 && len < cap;) {
		n = read(STDIN_FILENO, text + len, cap - len);
		if (n < 0 && errno != EINTR)
			return admin_fault("standard input: cannot read the password");
		len += n > 0 ? (size_t)n : 0;
	}
	const char *end = memchr(text, '\n', len);
	if (end)
		len = (size_t)(end - text);
	if (len > 0 && text[len - 1] == '\r')
		len--;
	if (len == 0)
		return admin_usage("password: none on standard input");
	*password_r = (struct str){text, len};
	return STATUS_OK;
}

static enum status parse_role(struct admin *admin, enum role *role_r)
{
	*role_r = role_parse(admin_str(admin, "role"));
	if (*role_r == ROLE_NONE)
		return admin_usage("--role: not organization or client");
	return STATUS_OK;
}

static enum status parse_scopes(struct admin *admin, enum role role, uint32_t *scopes_r)
{
	struct str text = admin_str(admin, "scope");

	*scopes_r = role == ROLE_CLIENT ? SCOPE_CARDS_READ | SCOPE_LEDGER_READ
					: SCOPE_ALL & ~(uint32_t)SCOPE_ADMIN;
	if (text.at && !scope_parse(text, scopes_r))
		return admin_usage("--scope: holds a word that is no scope");
	return STATUS_OK;
}

/* A client is somebody: a person of the organisation. Others are nobody in particular. */
static enum status parse_person(struct admin *admin, struct credential_row *row)
{
	struct str text = admin_str(admin, "person");
	struct credential_person_row person;

	if (row->role != ROLE_CLIENT)
		return text.at ? admin_usage("--person: only with --role client") : STATUS_OK;
	if (!text.at)
		return admin_usage("--person: required with --role client");
	if (!uuid_parse(text, &row->person_id))
		return admin_refuse("person", REASON_NOT_UUID);
	enum err err = sql_credential_person(
		admin->db, &admin->arena,
		&(struct credential_person_in){row->organisation_id, row->person_id}, &person);
	return err ? admin_err(admin, err, "--person") : STATUS_OK;
}

static enum status parse_user(struct admin *admin, struct credential_row *row)
{
	enum role role;
	uint32_t scopes;

	enum status status = parse_role(admin, &role);
	if (!status)
		status = parse_scopes(admin, role, &scopes);
	if (!status)
		status = admin_organisation(admin, &row->organisation_id);
	if (status)
		return status;
	row->role = role;
	row->scopes = scopes;
	return parse_person(admin, row);
}

static enum status fill(struct admin *admin, struct credential_row *row, struct str password)
{
	const char *member = "login";

	enum reason reason = credential_fill(row, &admin->arena, admin_str(admin, "login"),
					     password, (int)admin->config.scrypt_cost, &member);
	if (reason && strcmp(member, "password") == 0)
		return admin_usage("password: longer than %d bytes", PASSWORD_MAX);
	return reason ? admin_refuse(member, reason) : STATUS_OK;
}

static enum status run_add(struct admin *admin)
{
	struct credential_row row = {.created_at = {admin->now_ms}};
	struct str password = STR("");
	uint8_t random[UUID_RANDOM];

	enum status status = parse_user(admin, &row);
	if (!status)
		status = read_password(admin, &password);
	if (!status)
		status = fill(admin, &row, password);
	if (status)
		return status;
	crypto_random(random, sizeof(random));
	row.id = uuid_v7(admin->now_ms, random);
	enum err err = credential_add(admin->db, &row);
	if (err == ERR_TAKEN)
		return admin_fault("--login: %.*s is taken", (int)row.login.len, row.login.at);
	return err ? admin_err(admin, err, "database") : STATUS_OK;
}

/* The login's row, if it is this organisation's. */
static enum status find_user(struct admin *admin, struct credential_row *row)
{
	struct str key = login_key(&admin->arena, admin_str(admin, "login"));
	int64_t id;

	enum status status = admin_organisation(admin, &id);
	if (status)
		return status;
	if (!key.at)
		return admin_refuse("login", REASON_MALFORMED);
	enum err err = sql_credential_by_login(admin->db, &admin->arena,
					       &(struct credential_by_login_in){key}, row);
	if (!err && row->organisation_id != id)
		err = ERR_NOT_FOUND;
	return err ? admin_err(admin, err, "--login") : STATUS_OK;
}

/* Whoever holds a token of the old password is to sign in again. */
static enum status call_back(struct admin *admin, const struct credential_row *row)
{
	struct str subject = credential_subject(row, &admin->arena);

	enum err err = revocation_put(admin->db, row->organisation_id, REVOKE_SUBJECT, subject,
				      admin->now_ms, admin->now_ms);
	return err ? admin_err(admin, err, "database") : STATUS_OK;
}

static enum status run_password(struct admin *admin)
{
	struct credential_row row = {0}, fresh;
	struct str password = STR("");

	enum status status = find_user(admin, &row);
	if (!status)
		status = read_password(admin, &password);
	fresh = row;
	if (!status)
		status = fill(admin, &fresh, password);
	if (status)
		return status;
	enum err err = sql_credential_set_password(
		admin->db,
		&(struct credential_set_password_in){fresh.cost, fresh.salt, fresh.plain_key,
						     fresh.sha1_key, fresh.md5_key,
						     row.organisation_id, row.id},
		NULL);
	return err ? admin_err(admin, err, "database") : call_back(admin, &row);
}

static enum status run_remove(struct admin *admin)
{
	struct credential_row row = {0};

	enum status status = find_user(admin, &row);
	if (status)
		return status;
	enum err err = sql_credential_delete(
		admin->db, &(struct credential_delete_in){row.organisation_id, row.id}, NULL);
	return err ? admin_err(admin, err, "database") : call_back(admin, &row);
}

static struct cell cell_person(struct admin *admin, const struct uuid *person_id)
{
	char *text = arena_alloc(&admin->arena, UUID_TEXT_LEN + 1);

	if (uuid_is_unset(person_id))
		return (struct cell){STR(""), 0};
	uuid_format(person_id, text);
	return (struct cell){{text, UUID_TEXT_LEN}, 0};
}

static struct cell cell_scopes(struct admin *admin, uint32_t scopes)
{
	struct buf buf;

	buf_init(&buf, &admin->arena, 160);
	scope_print(scopes, &buf);
	return (struct cell){buf_done(&buf), 0};
}

static enum status run_list(struct admin *admin)
{
	static const char *const names[] = {"login", "role", "scope", "person", "created_at"};
	struct table table;
	struct list rows = {0};
	int64_t id;

	enum status status = admin_organisation(admin, &id);
	if (status)
		return status;
	enum err err = sql_credential_list(admin->db, &admin->arena,
					   &(struct credential_list_in){id}, &rows);
	if (err)
		return admin_err(admin, err, "database");
	table_begin(&table, admin, names, 5);
	const struct credential_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++)
		table_row(&table, (struct cell[]){{row[i].login, 0},
						  {str_of(role_text((enum role)row[i].role)), 0},
						  cell_scopes(admin, (uint32_t)row[i].scopes),
						  cell_person(admin, &row[i].person_id),
						  cell_moment(admin, row[i].created_at.ms)});
	table_end(&table);
	return STATUS_OK;
}

static const struct option_row add_options[] = {
	{"organisation", "N", "whose user", OPTION_REQUIRED, NULL},
	{"login", "L", "unique in the installation, case does not count", OPTION_REQUIRED, NULL},
	{"role", "R", "organization or client", OPTION_REQUIRED, "organization client"},
	{"scope", "S",
	 "words in one argument; default: all but admin, for a client cards:read ledger:read", 0,
	 NULL},
	{"person", "ID", "the person that a client is", 0, NULL},
};

static const struct option_row login_options[] = {
	{"organisation", "N", "whose user", OPTION_REQUIRED, NULL},
	{"login", "L", "the login", OPTION_REQUIRED, NULL},
};

static const struct option_row list_options[] = {
	{"organisation", "N", "whose users", OPTION_REQUIRED, NULL},
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct command commands[] = {
	{.name = "user add",
	 .help = "Add a login; the password is the first line of standard input",
	 OPTIONS(add_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_add},
	{.name = "user password",
	 .help = "Change a login's password, the first line of standard input, and call back "
		 "its tokens",
	 OPTIONS(login_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_password},
	{.name = "user remove",
	 .help = "Remove a login and call back its tokens",
	 OPTIONS(login_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_remove},
	{.name = "user list",
	 .help = "List the logins of an organisation",
	 OPTIONS(list_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_list},
};

const struct command_group user_commands = COMMAND_GROUP(commands);
