/* Tills and articles of a car wash. Workers look at the rows, so a change is there at once. */
#include "admin.h"
#include "db.h"
#include "serial.h"
#include "stmt_gen.h"
#include "text.h"
#include "tx.h"
#include "washing.h"

/* A text of an option; "" when it was not given. */
static enum status read_text(struct admin *admin, const char *option, int64_t max,
			     struct str *text_r)
{
	struct str text = admin_str(admin, option);

	if (!text.at)
		text = STR("");
	if (!text_is_utf8(text))
		return admin_refuse(option, REASON_NOT_UTF8);
	if (text_length(text) > (size_t)max)
		return admin_refuse(option, REASON_TOO_LONG);
	*text_r = text;
	return STATUS_OK;
}

static enum status run_till_add(struct admin *admin)
{
	struct till_row row = {.created_at = {admin->now_ms}, .updated_at = {admin->now_ms}};

	enum status status = admin_organisation(admin, &row.organisation_id);
	if (!status && !admin_number(admin, "number", 0, TILL_NUMBER_MAX, &row.number))
		status = STATUS_USAGE;
	if (!status)
		status = read_text(admin, "name", TILL_NAME_MAX, &row.name);
	if (status)
		return status;
	enum err err = sql_till_put(admin->db, &row, NULL);
	return err ? admin_err(admin, err, "database") : STATUS_OK;
}

static enum status run_till_list(struct admin *admin)
{
	static const char *const names[] = {"number", "name", "created_at"};
	struct table table;
	struct list rows = {0};
	int64_t id;

	enum status status = admin_organisation(admin, &id);
	if (status)
		return status;
	enum err err = sql_till_list(admin->db, &admin->arena, &(struct till_list_in){id}, &rows);
	if (err)
		return admin_err(admin, err, "database");
	table_begin(&table, admin, names, sizeof(names) / sizeof(names[0]));
	const struct till_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++)
		table_row(&table, (struct cell[]){cell_number(admin, row[i].number),
						  {row[i].name, 0},
						  cell_moment(admin, row[i].created_at.ms)});
	table_end(&table);
	return STATUS_OK;
}

/* What an article add writes, in one transaction. */
struct addition {
	struct admin *admin;
	struct article_row row;
};

static enum err take_serial(const struct addition *addition, int64_t *serial_r)
{
	struct admin *admin = addition->admin;
	struct serial_counter_init_in init = {addition->row.organisation_id, SERIAL_ARTICLE, 1};
	struct serial_counter_lock_in lock = {init.organisation_id, init.kind};
	struct serial_counter_lock_row counter;

	enum err err = sql_serial_counter_init(admin->db, &init, NULL);
	if (!err)
		err = sql_serial_counter_lock(admin->db, &admin->arena, &lock, &counter);
	if (err)
		return err;
	*serial_r = counter.next_serial;
	struct serial_counter_set_in set = {counter.next_serial + 1, lock.organisation_id,
					    lock.kind};
	return sql_serial_counter_set(admin->db, &set, NULL);
}

/* The counter's lock comes first: two at once do not both find the article missing. */
static enum err write_article(void *arg)
{
	struct addition *addition = arg;
	struct db *db = addition->admin->db;

	enum err err = take_serial(addition, &addition->row.serial);
	return err ? err : sql_article_put(db, &addition->row, NULL);
}

static enum status run_article_add(struct admin *admin)
{
	struct addition addition = {.admin = admin};
	struct article_row *row = &addition.row;
	struct tx_work work = {.run = write_article, .arg = &addition};

	enum status status = admin_organisation(admin, &row->organisation_id);
	if (!status)
		status = read_text(admin, "number", ARTICLE_NUMBER_MAX, &row->number);
	if (!status && row->number.len == 0)
		status = admin_usage("--number: empty");
	if (!status)
		status = read_text(admin, "label", ARTICLE_LABEL_MAX, &row->label);
	if (!status)
		status = read_text(admin, "receipt-label", ARTICLE_LABEL_MAX, &row->label_receipt);
	if (status)
		return status;
	enum err err = tx_run(admin->db, &admin->arena, &work);
	return err ? admin_err(admin, err, "database") : STATUS_OK;
}

static enum status run_article_list(struct admin *admin)
{
	static const char *const names[] = {"id", "number", "label", "receipt_label"};
	struct table table;
	struct list rows = {0};
	int64_t id;

	enum status status = admin_organisation(admin, &id);
	if (status)
		return status;
	enum err err =
		sql_article_list(admin->db, &admin->arena, &(struct article_list_in){id}, &rows);
	if (err)
		return admin_err(admin, err, "database");
	table_begin(&table, admin, names, sizeof(names) / sizeof(names[0]));
	const struct article_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++)
		table_row(&table, (struct cell[]){cell_number(admin, row[i].serial),
						  {row[i].number, 0},
						  {row[i].label, 0},
						  {row[i].label_receipt, 0}});
	table_end(&table);
	return STATUS_OK;
}

static const struct option_row till_add_options[] = {
	{"organisation", "N", "whose till", OPTION_REQUIRED, NULL},
	{"number", "N", "0 to 255, what the till sends as ClientNumber", OPTION_REQUIRED, NULL},
	{"name", "S", "where it stands", 0, NULL},
};

static const struct option_row till_list_options[] = {
	{"organisation", "N", "whose tills", OPTION_REQUIRED, NULL},
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct option_row article_add_options[] = {
	{"organisation", "N", "whose article", OPTION_REQUIRED, NULL},
	{"number", "S", "what the till sends as ArticleNumber", OPTION_REQUIRED, NULL},
	{"label", "S", "what it is called", OPTION_REQUIRED, NULL},
	{"receipt-label", "S", "what it is called on a receipt; default: as the label", 0, NULL},
};

static const struct option_row article_list_options[] = {
	{"organisation", "N", "whose articles", OPTION_REQUIRED, NULL},
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct command commands[] = {
	{.name = "till add",
	 .help = "Add a till of a car wash, or name it anew",
	 OPTIONS(till_add_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_till_add},
	{.name = "till list",
	 .help = "List the tills of an organisation",
	 OPTIONS(till_list_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_till_list},
	{.name = "article add",
	 .help = "Add an article of a car wash, or label it anew",
	 OPTIONS(article_add_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_article_add},
	{.name = "article list",
	 .help = "List the articles of an organisation",
	 OPTIONS(article_list_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_article_list},
};

const struct command_group washing_commands = COMMAND_GROUP(commands);
