/* A person that asks to be forgotten. */
#include "admin.h"
#include "db.h"
#include "erase.h"
#include "mutation.h"
#include "serial.h"
#include "uuid.h"

static void make_answer(void *arg, enum err outcome, const void *out, struct answer *answer_r)
{
	(void)arg;
	(void)out;
	*answer_r = (struct answer){.status = outcome == ERR_OK ? 200 : 409, .body = STR("")};
}

static void print(struct admin *admin, const struct erase_out *out)
{
	static const char *const names[] = {"what", "rows"};
	const struct {
		const char *what;
		int64_t n;
	} rows[] = {
		{"persons", out->persons},
		{"cards", out->cards},
		{"entries", out->entries},
		{"journal rows", out->journal_rows},
	};
	struct table table;

	table_begin(&table, admin, names, 2);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		table_row(&table, (struct cell[]){{str_of(rows[i].what), 0},
						  cell_number(admin, rows[i].n)});
	table_end(&table);
}

static enum status run_erase(struct admin *admin)
{
	struct clock clock = {.fixed_ms = 0};
	struct serials serials = {0};
	struct ctx ctx = {.arena = &admin->arena,
			  .db = admin->db,
			  .clock = &clock,
			  .config = &admin->config,
			  .serials = &serials,
			  .principal = {.role = ROLE_ORGANISATION,
					.scopes = SCOPE_ALL,
					.subject = STR("kartoteka erase")}};
	struct erase_in in = {.only_count = admin_has(admin, "dry-run")};
	struct erase_out out = {0};
	struct answer answer = {0};

	enum status status = admin_organisation(admin, &ctx.principal.organisation_id);
	if (status)
		return status;
	if (!uuid_parse(admin_str(admin, "id"), &in.id))
		return admin_refuse("id", REASON_NOT_UUID);
	enum err err = mutation_run(&ctx, &op_person_erase, &in, &out, make_answer, NULL, &answer);
	if (err == ERR_CONFLICT)
		return admin_fault("--id: was merged into %s: erase that one", ctx.detail.member);
	if (err)
		return admin_err(admin, err, "--id");
	print(admin, &out);
	return STATUS_OK;
}

static const struct option_row erase_options[] = {
	{"organisation", "N", "number of the organisation", OPTION_REQUIRED, NULL},
	{"id", "ID", "the person, as a UUID", OPTION_REQUIRED, NULL},
	{"dry-run", NULL, "only count", 0, NULL},
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct command commands[] = {
	{.name = "erase person",
	 .help = "Overwrite the personal data of a person, those merged into it, its cards and "
		 "their entries; the books stay sound",
	 OPTIONS(erase_options),
	 .needs = NEED_CONFIG | NEED_DB | NEED_TIME,
	 .run = run_erase},
};

const struct command_group erase_commands = COMMAND_GROUP(commands);
