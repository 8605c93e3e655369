/* The index of grams kept up with the texts, step by step. */
#include "admin.h"
#include "clock.h"
#include "db.h"
#include "progress.h"
#include "stmt_gen.h"
#include "text_index.h"

#define ARENA_SIZE ((size_t)1 << 30) /* taken as needed */

struct index_run {
	struct admin *admin;
	struct arena arena;
	struct table table;
	int64_t most;
};

static const struct {
	enum text_object object;
	const char *name;
} objects[] = {{TEXT_CARD, "cards"}, {TEXT_PERSON, "users"}};

/* For the bar; 0 when nobody looks. */
static int64_t ahead(struct text_index *index, const struct progress *progress)
{
	int64_t n = 0;

	if (progress->shows)
		(void)text_index_ahead(index, &n);
	return n;
}

static enum err index_object(struct text_index *index, const char *name, int64_t *moved_r,
			     int64_t *ms_r)
{
	struct progress progress;
	enum err err = ERR_OK;

	progress_begin(&progress, name, 0);
	progress.total = index->rebuild ? 0 : ahead(index, &progress);
	*moved_r = 0;
	do {
		err = text_index_step(index);
		*moved_r += err == ERR_OK ? index->moved : 0;
		progress_to(&progress, *moved_r);
	} while (err == ERR_OK && !index->last && !progress_is_stopped());
	if (*moved_r > 0)
		progress_end(&progress);
	*ms_r = progress_ms(&progress);
	return err;
}

static enum status index_organisation(void *arg, int64_t organisation_id)
{
	struct index_run *run = arg;
	struct admin *admin = run->admin;

	for (size_t i = 0; i < sizeof objects / sizeof objects[0] && !progress_is_stopped(); i++) {
		struct text_index index = {.db = admin->db,
					   .arena = &run->arena,
					   .organisation_id = organisation_id,
					   .object = objects[i].object,
					   .most = run->most,
					   .rebuild = admin_has(admin, "rebuild")};
		int64_t moved, ms;
		enum err err = index_object(&index, objects[i].name, &moved, &ms);

		if (err != ERR_OK)
			return admin_err(admin, err, "index");
		table_row(&run->table, (struct cell[]){cell_number(admin, organisation_id),
						       {str_of(objects[i].name), 0},
						       cell_number(admin, moved),
						       cell_number(admin, ms)});
	}
	return STATUS_OK;
}

static enum status run_index(struct admin *admin)
{
	static const char *const names[] = {"organisation", "what", "texts", "milliseconds"};
	struct index_run *run = arena_new(&admin->arena, struct index_run);

	run->admin = admin;
	if (admin_has(admin, "batch") && !admin_number(admin, "batch", 1, GRAM_BLOCK, &run->most))
		return STATUS_USAGE;
	if (!arena_init(&run->arena, ARENA_SIZE))
		return admin_fault("no memory");
	progress_may_stop();
	table_begin(&run->table, admin, names, sizeof names / sizeof names[0]);
	enum status status = admin_each_organisation(admin, index_organisation, run);
	table_end(&run->table);
	arena_fini(&run->arena);
	if (!status && progress_is_stopped())
		return admin_fault("stopped: another run goes on");
	return status;
}

static const struct option_row index_options[] = {
	{"organisation", "N", "this one only; default all", 0, NULL},
	{"batch", "N", "texts of one transaction, 1 to 32768; default 32768", 0, NULL},
	{"rebuild", NULL, "make the index anew; searches use the old one meanwhile", 0, NULL},
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct command commands[] = {
	{.name = "index",
	 .help = "Bring the index of searches up to date: new and changed texts of cards and users",
	 OPTIONS(index_options),
	 .needs = NEED_CONFIG | NEED_DB | NEED_TIME,
	 .run = run_index},
};

const struct command_group index_commands = COMMAND_GROUP(commands);
