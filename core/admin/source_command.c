/* Sources of identifiers, and the accounts of those that have several. */
#include "admin.h"
#include "db.h"
#include "identifier.h"
#include "stmt_gen.h"
#include "text.h"

/* Printable, so that a query string can name it. */
static enum status name_of(struct admin *admin, const char *option, struct str *name_r)
{
	struct str name = admin_str(admin, option);

	if (name.len == 0)
		return admin_refuse(option, REASON_REQUIRED);
	if (!text_is_utf8(name))
		return admin_refuse(option, REASON_NOT_UTF8);
	for (size_t i = 0; i < name.len; i++) {
		if ((unsigned char)name.at[i] <= ' ' || name.at[i] == 0x7f)
			return admin_refuse(option, REASON_MALFORMED);
	}
	if (text_length(name) > SOURCE_NAME_MAX)
		return admin_refuse(option, REASON_TOO_LONG);
	*name_r = name;
	return STATUS_OK;
}

static enum status run_source_add(struct admin *admin)
{
	struct source_row row = {.multi_account = admin_has(admin, "multi-account"),
				 .created_at = {admin->now_ms}};

	enum status status = admin_organisation(admin, &row.organisation_id);
	if (!status)
		status = name_of(admin, "name", &row.name);
	if (status)
		return status;
	if (str_eq(row.name, STR(SOURCE_INSTORE)))
		return admin_fault("--name: every organisation has " SOURCE_INSTORE);
	enum err err = sql_source_insert(admin->db, &row, NULL);
	if (err == ERR_TAKEN)
		return admin_fault("--name: %.*s is there already", (int)row.name.len, row.name.at);
	return err ? admin_err(admin, err, "database") : STATUS_OK;
}

static enum status source_get(struct admin *admin, int64_t organisation_id, struct str name,
			      struct source_row *row_r)
{
	struct source_get_in in = {organisation_id, name};

	enum err err = sql_source_get(admin->db, &admin->arena, &in, row_r);
	return err ? admin_err(admin, err, "--source") : STATUS_OK;
}

static enum status run_account_add(struct admin *admin)
{
	struct source_account_row row = {.created_at = {admin->now_ms}};
	struct source_row source;

	enum status status = admin_organisation(admin, &row.organisation_id);
	if (!status)
		status = name_of(admin, "source", &row.source);
	if (!status)
		status = name_of(admin, "id", &row.id);
	if (!status)
		status = source_get(admin, row.organisation_id, row.source, &source);
	if (status)
		return status;
	if (!source.multi_account)
		return admin_fault("--source: %.*s has no accounts (source add --multi-account)",
				   (int)row.source.len, row.source.at);
	enum err err = sql_source_account_insert(admin->db, &row, NULL);
	if (err == ERR_TAKEN)
		return admin_fault("--id: %.*s is there already", (int)row.id.len, row.id.at);
	return err ? admin_err(admin, err, "database") : STATUS_OK;
}

/* INSTORE first, which has no row. */
static enum status run_source_list(struct admin *admin)
{
	static const char *const names[] = {"name", "multi_account", "created"};
	struct source_list_in in;
	struct list rows = {0};
	struct table table;

	enum status status = admin_organisation(admin, &in.organisation_id);
	if (status)
		return status;
	enum err err = sql_source_list(admin->db, &admin->arena, &in, &rows);
	if (err)
		return admin_err(admin, err, "database");
	table_begin(&table, admin, names, 3);
	table_row(&table,
		  (struct cell[]){{STR(SOURCE_INSTORE), 0}, {STR("no"), 0}, cell_moment(admin, 0)});
	const struct source_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++) {
		table_row(&table,
			  (struct cell[]){{row[i].name, 0},
					  {row[i].multi_account ? STR("yes") : STR("no"), 0},
					  cell_moment(admin, row[i].created_at.ms)});
	}
	table_end(&table);
	return STATUS_OK;
}

static enum status run_account_list(struct admin *admin)
{
	static const char *const names[] = {"source", "id", "created"};
	struct source_account_list_in in;
	struct list rows = {0};
	struct table table;

	enum status status = admin_organisation(admin, &in.organisation_id);
	if (status)
		return status;
	enum err err = sql_source_account_list(admin->db, &admin->arena, &in, &rows);
	if (err)
		return admin_err(admin, err, "database");
	table_begin(&table, admin, names, 3);
	const struct source_account_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++) {
		table_row(&table, (struct cell[]){{row[i].source, 0},
						  {row[i].id, 0},
						  cell_moment(admin, row[i].created_at.ms)});
	}
	table_end(&table);
	return STATUS_OK;
}

#define OPTION_ORGANISATION                                                                        \
	{                                                                                          \
		"organisation", "N", "number of the organisation", OPTION_REQUIRED, NULL           \
	}

static const struct option_row source_add_options[] = {
	OPTION_ORGANISATION,
	{"name", "S", "name of the source, as requests say it", OPTION_REQUIRED, NULL},
	{"multi-account", NULL, "identifiers are unique within an account, not the source", 0,
	 NULL},
};
static const struct option_row account_add_options[] = {
	OPTION_ORGANISATION,
	{"source", "S", "a source with accounts", OPTION_REQUIRED, NULL},
	{"id", "A", "id of the account, as requests say it", OPTION_REQUIRED, NULL},
};
static const struct option_row list_options[] = {
	OPTION_ORGANISATION,
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct command commands[] = {
	{.name = "source add",
	 .help = "Add a source of customers' identifiers",
	 OPTIONS(source_add_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_source_add},
	{.name = "source list",
	 .help = "List the sources of customers' identifiers",
	 OPTIONS(list_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_source_list},
	{.name = "account add",
	 .help = "Add an account to a source that has accounts",
	 OPTIONS(account_add_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_account_add},
	{.name = "account list",
	 .help = "List the accounts of sources",
	 OPTIONS(list_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_account_list},
};

const struct command_group source_commands = COMMAND_GROUP(commands);
