#include <stdio.h>

#include "admin.h"
#include "json.h"
#include "keyring.h"
#include "progress.h"
#include "verify.h"

#define ERROR_MAX 512

static void watch(void *arg, const struct verify_report *report)
{
	struct progress *progress = arg;

	progress->total = report->expected;
	progress_to(progress, report->entries);
}

static void put_number(struct buf *buf, const char *name, int64_t number)
{
	json_put_name(buf, name);
	buf_i64(buf, number);
}

static void say_json(struct admin *admin, const struct verify_report *report,
		     const struct progress *progress)
{
	struct buf buf;

	buf_init(&buf, &admin->arena, 1024);
	buf_text(&buf, "{");
	json_put_name(&buf, "sound");
	buf_text(&buf, report->table ? "false" : "true");
	put_number(&buf, "organisations", report->organisations);
	put_number(&buf, "accounts", report->accounts);
	put_number(&buf, "entries", report->entries);
	put_number(&buf, "lots", report->lots);
	put_number(&buf, "allocations", report->allocations);
	put_number(&buf, "holds", report->holds);
	put_number(&buf, "milliseconds", progress_ms(progress));
	put_number(&buf, "entries_per_second", progress_rate(progress));
	if (report->table) {
		json_put_name(&buf, "table");
		json_put_string(&buf, str_of(report->table));
		json_put_name(&buf, "key");
		json_put_string(&buf, str_of(report->key));
		json_put_name(&buf, "fault");
		json_put_string(&buf, str_of(report->fault));
	}
	buf_text(&buf, "}");
	puts(buf_done(&buf).at);
}

static void say_text(const struct verify_report *report, const struct progress *progress)
{
	if (report->table)
		printf("bad row: %s, %s: %s\n", report->table, report->key, report->fault);
	printf("%s%lld entries, %lld lots, %lld holds of %lld accounts checked in %lld ms, "
	       "%lld entries/s\n",
	       report->table ? "" : "sound: ", (long long)report->entries, (long long)report->lots,
	       (long long)report->holds, (long long)report->accounts,
	       (long long)progress_ms(progress), (long long)progress_rate(progress));
}

static enum status verify(struct admin *admin, const struct keyring *keys, int64_t organisation_id)
{
	struct verify_report report = {0};
	struct progress progress;

	progress_begin(&progress, "entries", 0);
	enum err err = ledger_verify(admin->db, keys, organisation_id, watch, &progress, &report);
	progress_to(&progress, report.entries);
	progress_end(&progress);
	if (err != ERR_OK)
		return admin_err(admin, err, "database");
	if (admin_has(admin, "json"))
		say_json(admin, &report, &progress);
	else
		say_text(&report, &progress);
	return report.table ? STATUS_FAULT : STATUS_OK;
}

static enum status run_verify(struct admin *admin)
{
	struct keyring *keys;
	int64_t organisation_id = 0;
	char error[ERROR_MAX];

	enum status status = admin_has(admin, "organisation")
				     ? admin_organisation(admin, &organisation_id)
				     : STATUS_OK;
	if (status)
		return status;
	keys = keyring_open_ledger(admin->config.ledger_keys.at, error, sizeof(error));
	if (!keys)
		return admin_fault("ledger keys: %s", error);
	status = verify(admin, keys, organisation_id);
	keyring_close(&keys);
	return status;
}

static const struct option_row verify_options[] = {
	{"organisation", "N", "this one only; default all", 0, NULL},
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct command commands[] = {
	{.name = "verify",
	 .help = "Recompute the books: chains, balances, lots, holds and journal; name the first "
		 "bad row",
	 OPTIONS(verify_options),
	 .needs = NEED_CONFIG | NEED_DB | NEED_TIME,
	 .run = run_verify},
};

const struct command_group verify_commands = COMMAND_GROUP(commands);
