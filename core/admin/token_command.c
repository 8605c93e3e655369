#include <stdio.h>

#include "admin.h"
#include "db.h"
#include "keyring.h"
#include "principal.h"
#include "revocation.h"
#include "stmt_gen.h"
#include "token.h"
#include "uuid.h"

#define ENDED_MOST 1000 /* ended ones that go when one is added */

static enum status parse_subject(struct admin *admin, struct principal *principal)
{
	struct uuid person;

	principal->subject = admin_str(admin, "subject");
	if (principal->subject.len == 0 || principal->subject.len > SUBJECT_MAX)
		return admin_usage("--subject: not 1 to %d bytes", SUBJECT_MAX);
	if (principal->role == ROLE_CLIENT &&
	    (!uuid_parse(principal->subject, &person) || uuid_is_unset(&person)))
		return admin_usage("--subject: for a client it is the person's UUID");
	return STATUS_OK;
}

static enum status parse_principal(struct admin *admin, struct principal *principal)
{
	int64_t ttl_s;

	if (!admin_number(admin, "organisation", 1, ORGANISATION_ID_MAX,
			  &principal->organisation_id) ||
	    !admin_number(admin, "ttl", 1, TOKEN_LIFE_MAX_S, &ttl_s))
		return STATUS_USAGE;
	principal->role = role_parse(admin_str(admin, "role"));
	if (principal->role == ROLE_NONE)
		return admin_usage("--role: not organization or client");
	if (!scope_parse(admin_str(admin, "scope"), &principal->scopes))
		return admin_usage("--scope: holds a word that is no scope");
	principal->jti = token_id(&admin->arena, admin->now_ms);
	principal->issued_ms = admin->now_ms;
	principal->expires_ms = (admin->now_ms / 1000 + ttl_s) * 1000;
	return parse_subject(admin, principal);
}

static enum status run_issue(struct admin *admin)
{
	const struct config *config = &admin->config;
	struct token_rules rules = {config->issuer, config->audience, config->leeway_s};
	struct principal principal = {0};
	struct str token;

	enum status status = parse_principal(admin, &principal);
	if (status)
		return status;
	enum err err = token_mint(admin->keyring, &rules, &admin->arena, &principal, &token);
	if (err)
		return admin_err(admin, err, "token");
	printf("%s\n", token.at);
	return STATUS_OK;
}

/* What is called back, and what names it. */
static enum revocation_kind kind_of(const struct admin *admin, struct str *value_r)
{
	*value_r = STR("");
	if (admin_has(admin, "jti")) {
		*value_r = admin_str(admin, "jti");
		return REVOKE_TOKEN;
	}
	if (admin_has(admin, "subject")) {
		*value_r = admin_str(admin, "subject");
		return REVOKE_SUBJECT;
	}
	return REVOKE_ORGANISATION;
}

static enum status parse_revocation(struct admin *admin, int64_t *id_r, int64_t *before_ms_r)
{
	const char *before = admin_value(admin, "before");

	if (!admin_has(admin, "jti") && !admin_has(admin, "subject") && !before)
		return admin_usage("--jti: one of it, --subject and --before is required");
	if (admin_has(admin, "jti") && (admin_has(admin, "subject") || before))
		return admin_usage("--jti: not together with --subject or --before");
	*before_ms_r = admin->now_ms;
	if (before && !moment_parse(before, admin->now_ms, before_ms_r))
		return admin_usage("--before: not a time: now, Unix seconds, 2026-11-21 or "
				   "2026-11-21T10:00:00Z");
	return admin_organisation(admin, id_r);
}

static enum status run_revoke(struct admin *admin)
{
	struct str value;
	int64_t id = 0, before_ms = 0;

	enum status status = parse_revocation(admin, &id, &before_ms);
	if (status)
		return status;
	enum revocation_kind kind = kind_of(admin, &value);
	if (kind != REVOKE_ORGANISATION && (value.len == 0 || value.len > SUBJECT_MAX))
		return admin_usage("--%s: not 1 to %d bytes",
				   kind == REVOKE_TOKEN ? "jti" : "subject", SUBJECT_MAX);
	enum err err = revocation_put(admin->db, id, kind, value, before_ms, admin->now_ms);
	if (!err)
		err = sql_purge_revocation(
			admin->db, &(struct purge_revocation_in){{admin->now_ms}, ENDED_MOST},
			NULL);
	return err ? admin_err(admin, err, "database") : STATUS_OK;
}

static enum status run_revocations(struct admin *admin)
{
	static const char *const names[] = {"kind", "value", "before", "ends"};
	static const char *const kinds[] = {"?", "jti", "subject", "organisation"};
	struct table table;
	struct list rows = {0};
	int64_t id;

	enum status status = admin_organisation(admin, &id);
	if (status)
		return status;
	enum err err = sql_revocation_list(admin->db, &admin->arena,
					   &(struct revocation_list_in){id}, &rows);
	if (err)
		return admin_err(admin, err, "database");
	table_begin(&table, admin, names, 4);
	const struct revocation_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++) {
		bool token = row[i].kind == REVOKE_TOKEN;
		table_row(&table,
			  (struct cell[]){{str_of(kinds[row[i].kind & 3]), 0},
					  {row[i].value, 0},
					  cell_moment(admin, token ? 0 : row[i].before_at.ms),
					  cell_moment(admin, row[i].ends_at.ms)});
	}
	table_end(&table);
	return STATUS_OK;
}

static const struct option_row issue_options[] = {
	{"organisation", "N", "whose token", OPTION_REQUIRED, NULL},
	{"subject", "S", "who it is for: a login, for a client the person's UUID", OPTION_REQUIRED,
	 NULL},
	{"role", "R", "organization or client", OPTION_REQUIRED, "organization client"},
	{"scope", "S", "words in one argument; may be empty", OPTION_REQUIRED, NULL},
	{"ttl", "SECONDS", "how long it lives, at most 366 days", OPTION_REQUIRED, NULL},
};

static const struct option_row revoke_options[] = {
	{"organisation", "N", "whose tokens", OPTION_REQUIRED, NULL},
	{"jti", "J", "the one token with this id", 0, NULL},
	{"subject", "S", "all tokens of this subject that were issued until now or --before", 0,
	 NULL},
	{"before", "TIME",
	 "tokens issued before it: now, Unix seconds, 2026-11-21 or 2026-11-21T10:00:00Z (UTC); "
	 "alone: of the whole organisation",
	 0, NULL},
};

static const struct option_row revocations_options[] = {
	{"organisation", "N", "whose tokens", OPTION_REQUIRED, NULL},
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct command commands[] = {
	{.name = "token issue",
	 .help = "Sign a token and print it",
	 OPTIONS(issue_options),
	 .needs = NEED_CONFIG | NEED_KEYRING,
	 .run = run_issue},
	{.name = "token revoke",
	 .help = "Call tokens back; workers see it within 5 seconds",
	 OPTIONS(revoke_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_revoke},
	{.name = "token revocations",
	 .help = "List what has been called back",
	 OPTIONS(revocations_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_revocations},
};

const struct command_group token_commands = COMMAND_GROUP(commands);
