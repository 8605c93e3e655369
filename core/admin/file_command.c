/* Card files: `import cards` and `export cards`. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin.h"
#include "card_file.h"
#include "count.h"
#include "db.h"
#include "file_run.h"
#include "keyring.h"
#include "settings.h"

#define ERROR_MAX  512
#define ARENA_SIZE ((size_t)256 << 20) /* taken as needed */

/* What both commands work with; the organisation is known by then. */
static enum status file_open(struct file_run *run, const char *subject)
{
	struct admin *admin = run->admin;
	char error[ERROR_MAX];

	run->keys = keyring_open_ledger(admin->config.ledger_keys.at, error, sizeof(error));
	if (!run->keys)
		return admin_fault("ledger keys: %s", error);
	if (!arena_init(&run->arena, ARENA_SIZE))
		return admin_fault("no memory");
	run->ctx = (struct ctx){
		.arena = &run->arena,
		.db = admin->db,
		.clock = &run->clock,
		.config = &admin->config,
		.ledger_keys = run->keys,
		.serials = arena_new(&admin->arena, struct serials),
		.principal = {.organisation_id = run->organisation_id,
			      .role = ROLE_ORGANISATION,
			      .scopes = SCOPE_ALL,
			      .subject = str_of(subject)},
		.request = {.request_id = STR(""), .traceparent = STR("")},
	};
	run->settings = settings_cache_open();
	enum err err = settings_get(run->settings, admin->db, &run->arena, run->organisation_id,
				    clock_monotonic_us(), &run->ctx.settings);
	progress_may_stop();
	return err ? admin_err(admin, err, "organisation") : STATUS_OK;
}

static void file_close(struct file_run *run)
{
	settings_cache_close(&run->settings);
	keyring_close(&run->keys);
	arena_fini(&run->arena);
}

static enum status with_file(struct admin *admin, struct file_run *run, const char *subject,
			     enum status (*work)(struct file_run *run))
{
	run->admin = admin;
	enum status status = file_open(run, subject);
	if (!status)
		status = work(run);
	file_close(run);
	return status;
}

static void show(void *arg, int64_t records)
{
	progress_to(arg, records);
}

/* For the bar. */
static int64_t cards_expected(struct file_run *run)
{
	struct uuid none = {{0}};
	int64_t n = 0;

	(void)count_get(&run->ctx, COUNT_CARDS, &none, &n);
	return n;
}

static enum status export(struct file_run *run) {
	struct card_file_progress progress = {show, &run->progress, progress_is_stopped};
	const char *folder = admin_has(run->admin, "out") ? admin_value(run->admin, "out") : ".";
	char name[CARD_FILE_NAME_MAX];
	int64_t n = 0;

	card_file_name(run->organisation_id, name);
	progress_begin(&run->progress, "cards", cards_expected(run));
	enum err err = card_file_export(&run->ctx, folder, name, &progress, &n);
	int saved = errno;
	progress_end(&run->progress);
	if (err == ERR_INVALID) return admin_fault("%s/%s: %s", folder, name, strerror(saved));
	if (err != ERR_OK) return admin_err(run->admin, err, "cards");
	if (progress_is_stopped()) return admin_fault("stopped: no file was written");
	if (n == 0)
		printf("organisation %lld has no card: no file\n", (long long)run->organisation_id);
	else printf("%s/%s: %lld cards in %lld ms, %lld cards/s\n", folder, name, (long long)n,
		    (long long)progress_ms(&run->progress),
		    (long long)progress_rate(&run->progress));
	return STATUS_OK;
}

static enum status run_export(struct admin *admin)
{
	struct file_run *run = arena_new(&admin->arena, struct file_run);
	enum status status = admin_organisation(admin, &run->organisation_id);

	return status ? status : with_file(admin, run, "kartoteka export", export);
}

/* The organisation that the file is for, by its name and the options. */
static enum status choose_organisation(struct file_run *run, const char *path)
{
	struct admin *admin = run->admin;
	const char *slash = strrchr(path, '/');
	int64_t named;
	bool is_named = card_file_names(str_of(slash ? slash + 1 : path), &named);

	run->rewrites = admin_has(admin, "rewrite-organisation");
	if (!admin_has(admin, "organisation")) {
		if (!is_named || named < 1 || named > ORGANISATION_ID_MAX)
			return admin_usage(
				"--organisation: required, the file is not named for one");
		run->organisation_id = named;
		return STATUS_OK;
	}
	enum status status = admin_organisation(admin, &run->organisation_id);
	if (!status && is_named && named != run->organisation_id && !run->rewrites)
		return admin_fault("%s: named for organisation %lld, not %lld; see "
				   "--rewrite-organisation",
				   path, (long long)named, (long long)run->organisation_id);
	return status;
}

static enum status open_file(struct file_run *run, const char *path)
{
	struct stat stat;

	run->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (run->fd < 0 || fstat(run->fd, &stat) != 0)
		return admin_fault("%s: %s", path, strerror(errno));
	if (S_ISDIR(stat.st_mode))
		return admin_fault("%s: %s", path, strerror(EISDIR));
	run->bytes = S_ISREG(stat.st_mode) ? (int64_t)stat.st_size : 0;
	run->is_regular = S_ISREG(stat.st_mode);
	return STATUS_OK;
}

static enum status run_import(struct admin *admin)
{
	struct file_run *run = arena_new(&admin->arena, struct file_run);

	if (admin->rest_n != 1)
		return admin_usage("FILE: give one");
	run->admin = admin;
	run->path = admin->rest[0];
	enum status status = choose_organisation(run, run->path);
	if (!status)
		status = open_file(run, run->path);
	if (!status)
		status = with_file(admin, run, "kartoteka import", file_import);
	if (run->fd > 0)
		close(run->fd);
	return status;
}

static const struct option_row export_options[] = {
	{"organisation", "N", "whose cards", OPTION_REQUIRED, NULL},
	{"out", "DIR", "folder of the file; default the present one", 0, NULL},
};

static const struct option_row import_options[] = {
	{"organisation", "N", "whose cards; default the one that the file is named for", 0, NULL},
	{"dry-run", NULL, "only check and report; nothing is written", 0, NULL},
	{"strict", NULL, "all or nothing: the whole file is checked first", 0, NULL},
	{"rewrite-organisation", NULL, "take records of another organisation's file", 0, NULL},
};

static const struct command commands[] = {
	{.name = "export cards",
	 .help = "Write all cards as they are at this moment to "
		 "{N}-customer_client_card.json; no card, no file",
	 OPTIONS(export_options),
	 .needs = NEED_CONFIG | NEED_DB | NEED_TIME,
	 .run = run_export},
	{.name = "import cards",
	 .help = "Read cards from a file: an array, one object or one record per line. Bad "
		 "records are reported and passed over, exit status 3",
	 OPTIONS(import_options),
	 .rest = "FILE",
	 .rest_required = true,
	 .needs = NEED_CONFIG | NEED_DB | NEED_TIME,
	 .run = run_import},
};

const struct command_group file_commands = COMMAND_GROUP(commands);
