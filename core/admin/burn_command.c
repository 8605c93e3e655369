#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "burn_run.h"
#include "crypto.h"
#include "db.h"
#include "decimal.h"
#include "keyring.h"
#include "mutation.h"
#include "serial.h"
#include "settings.h"
#include "stmt_gen.h"

#define ERROR_MAX 512
/*
 * Defaults: beside transactions of 64 accounts, one right after the other, tills on the same two
 * processors wait several times as long, for the burn's thread in the database more than for rows.
 */
#define BATCH       16 /* accounts of one transaction */
#define SHARE       25 /* per cent of its time that it works */
#define LOTS_MOST   32 /* of accounts that share a transaction */
#define REST_MAX_US 1000000
#define ARENA_SIZE  ((size_t)512 << 20) /* taken as needed: accounts may have many lots */

static void make_answer(void *arg, enum err outcome, const void *out, struct answer *answer_r)
{
	(void)arg;
	(void)out;
	*answer_r = (struct answer){.status = outcome == ERR_OK ? 200 : 409, .body = STR("")};
}

static int by_account(const void *a, const void *b)
{
	const struct burn_account *x = &((const struct burn_find *)a)->account;
	const struct burn_account *y = &((const struct burn_find *)b)->account;
	int order = memcmp(&x->card_id, &y->card_id, sizeof(x->card_id));

	return order ? order : x->unit < y->unit ? -1 : x->unit > y->unit;
}

/* Ascending, each account once. */
static void page_sort(struct burn_page *page)
{
	size_t n = 0;

	qsort(page->find, page->n, sizeof(page->find[0]), by_account);
	for (size_t i = 0; i < page->n; i++) {
		if (n > 0 && by_account(&page->find[n - 1], &page->find[i]) == 0)
			page->find[n - 1].lots += page->find[i].lots;
		else
			page->find[n++] = page->find[i];
	}
	page->n = n;
}

static enum err burn_once(struct burn_run *run, struct burn_account *accounts, size_t n)
{
	struct burn_in in = {.accounts = {accounts, n}};
	struct burn_out out = {0};
	struct answer answer = {0};

	enum err err =
		mutation_run(&run->ctx, &op_ledger_burn, &in, &out, make_answer, NULL, &answer);
	if (err == ERR_OK) {
		run->entries += out.entries;
		run->amount.minor += out.amount.minor;
	}
	return err;
}

/* One call burns so many lots of an account: those with more come again. */
static enum err burn_some(struct burn_run *run, const struct burn_find *find, size_t n,
			  bool at_once)
{
	struct burn_account accounts[BURN_ACCOUNTS_MAX];
	enum err err = ERR_OK;
	size_t left = n;

	for (int64_t done = 0; err == ERR_OK && left > 0; done += burn_lots_each(left ? left : 1)) {
		left = 0;
		for (size_t i = 0; i < n; i++)
			if (find[i].lots > done)
				accounts[left++] = find[i].account;
		if (left > 0)
			err = burn_once(run, accounts, left);
		if (at_once)
			break;
	}
	run->accounts += (int64_t)n;
	progress_to(&run->progress, run->entries);
	return err;
}

static bool is_same_card(const struct burn_find *a, const struct burn_find *b)
{
	return memcmp(&a->account.card_id, &b->account.card_id, sizeof(a->account.card_id)) == 0;
}

/*
 * How many accounts from this one on, of `most`, make a transaction: many lots weigh more, and
 * both accounts of a card write the row of its dates.
 */
static size_t chunk_of(const struct burn_run *run, const struct burn_page *page, size_t from,
		       size_t most)
{
	int64_t lots = page->find[from].lots;
	size_t n = 1;

	while (n < (size_t)run->batch && n < most && from + n < page->n && lots < LOTS_MOST &&
	       !is_same_card(&page->find[from + n - 1], &page->find[from + n]))
		lots += page->find[from + n++].lots;
	return n;
}

/* A transaction that took long, as beside busy tills, is followed by a long pause. */
static void rest(const struct burn_run *run, int64_t begin_us)
{
	int64_t us = (clock_monotonic_us() - begin_us) * (100 - run->share) / run->share;
	struct timespec pause;

	us = us < REST_MAX_US ? us : REST_MAX_US;
	pause = (struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
	if (us > 0)
		nanosleep(&pause, NULL);
}

/* Runs on other hosts look at the same pages: each begins at another place. */
static enum err burn_page(struct burn_run *run, struct burn_page *page)
{
	uint32_t random;
	size_t begin, done = 0;
	enum err err = ERR_OK;

	page_sort(page);
	assert(page->n > 0);
	crypto_random(&random, sizeof(random));
	begin = random % page->n;
	for (size_t i = begin; err == ERR_OK && done < page->n && !progress_is_stopped();) {
		size_t n = chunk_of(run, page, i, page->n - done),
		       mark = arena_mark(run->ctx.arena);
		int64_t begin_us = clock_monotonic_us();

		err = burn_some(run, &page->find[i], n, page->at_once);
		arena_reset(run->ctx.arena, mark);
		rest(run, begin_us);
		done += n;
		i = (i + n) % page->n;
	}
	return err;
}

static enum err burn_from(struct burn_run *run, burn_source *source, struct burn_page *page)
{
	enum err err = ERR_OK;

	run->place = (struct burn_place){0};
	page->last = false;
	while (err == ERR_OK && !page->last && !progress_is_stopped()) {
		size_t mark = arena_mark(run->ctx.arena);

		page->n = 0;
		page->at_once = false;
		err = source(run, page);
		if (err == ERR_OK && page->n > 0)
			err = burn_page(run, page);
		arena_reset(run->ctx.arena, mark);
	}
	return err;
}

static struct cell cell_amount(struct admin *admin, struct amount amount)
{
	char *text = arena_alloc(&admin->arena, DECIMAL_TEXT_MAX);

	return (struct cell){{text, decimal_format(amount, text)}, CELL_NUMBER};
}

/* For the bar; 0 when nobody looks, or counting takes too long. */
static int64_t lots_ahead(struct burn_run *run)
{
	struct burn_lot_count_in in = {ctx_organisation(&run->ctx), run->until};
	struct burn_lot_count_row row = {0};

	if (isatty(STDERR_FILENO) == 1)
		(void)sql_burn_lot_count(run->ctx.db, run->ctx.arena, &in, &row);
	return row.n;
}

static enum status burn_organisation(struct burn_run *run)
{
	struct admin *admin = run->admin;
	enum err err = ERR_OK;

	run->accounts = run->entries = run->amount.minor = 0;
	progress_begin(&run->progress, "lots", lots_ahead(run));
	for (size_t i = 0; err == ERR_OK && i < burn_sources_n; i++)
		err = burn_from(run, burn_sources[i], run->page);
	if (run->accounts > 0)
		progress_end(&run->progress);
	table_row(&run->table,
		  (struct cell[]){cell_number(admin, ctx_organisation(&run->ctx)),
				  cell_number(admin, run->accounts),
				  cell_number(admin, run->entries), cell_amount(admin, run->amount),
				  cell_number(admin, progress_ms(&run->progress))});
	return err ? admin_err(admin, err, "burn") : STATUS_OK;
}

static enum status count_organisation(struct burn_run *run)
{
	struct admin *admin = run->admin;
	int64_t organisation_id = ctx_organisation(&run->ctx);
	struct burn_lot_count_row lots = {0};
	struct burn_hold_count_row holds = {0};

	enum err err =
		sql_burn_lot_count(admin->db, &admin->arena,
				   &(struct burn_lot_count_in){organisation_id, run->until}, &lots);
	if (err == ERR_OK)
		err = sql_burn_hold_count(admin->db, &admin->arena,
					  &(struct burn_hold_count_in){organisation_id, run->until},
					  &holds);
	if (err != ERR_OK)
		return admin_err(admin, err, "database");
	table_row(&run->table,
		  (struct cell[]){cell_number(admin, organisation_id), cell_number(admin, lots.n),
				  cell_number(admin, holds.n)});
	return STATUS_OK;
}

static enum status one_organisation(void *arg, int64_t organisation_id)
{
	struct burn_run *run = arg;
	struct admin *admin = run->admin;

	run->ctx.principal.organisation_id = organisation_id;
	enum err err = settings_get(run->settings, admin->db, &admin->arena, organisation_id,
				    clock_monotonic_us(), &run->ctx.settings);
	if (err != ERR_OK)
		return admin_err(admin, err, "database");
	return admin_has(admin, "dry-run") ? count_organisation(run) : burn_organisation(run);
}

static enum status each_organisation(struct burn_run *run)
{
	static const char *const done[] = {"organisation", "accounts", "entries", "amount",
					   "milliseconds"};
	static const char *const counted[] = {"organisation", "lots", "holds"};
	bool dry = admin_has(run->admin, "dry-run");

	table_begin(&run->table, run->admin, dry ? counted : done, dry ? 3 : 5);
	enum status status = admin_each_organisation(run->admin, one_organisation, run);
	table_end(&run->table);
	return status;
}

static void ctx_make(struct burn_run *run, struct serials *serials, struct keyring *keys)
{
	run->ctx = (struct ctx){
		.arena = &run->arena,
		.db = run->admin->db,
		.clock = &run->clock,
		.config = &run->admin->config,
		.ledger_keys = keys,
		.serials = serials,
		.principal = {.role = ROLE_ORGANISATION,
			      .scopes = SCOPE_LEDGER_WRITE,
			      .subject = STR("burn")},
		.request = {.request_id = STR(""), .traceparent = STR("")},
	};
	run->until = ctx_now(&run->ctx);
}

static enum status run_burn(struct admin *admin)
{
	struct burn_run *run = arena_new(&admin->arena, struct burn_run);
	struct serials *serials = arena_new(&admin->arena, struct serials);
	struct keyring *keys;
	char error[ERROR_MAX];

	run->admin = admin;
	run->batch = BATCH;
	if (admin_has(admin, "batch") &&
	    !admin_number(admin, "batch", 1, BURN_ACCOUNTS_MAX, &run->batch))
		return STATUS_USAGE;
	run->share = SHARE;
	if (admin_has(admin, "share") && !admin_number(admin, "share", 1, 100, &run->share))
		return STATUS_USAGE;
	keys = keyring_open_ledger(admin->config.ledger_keys.at, error, sizeof(error));
	if (!keys)
		return admin_fault("ledger keys: %s", error);
	if (!arena_init(&run->arena, ARENA_SIZE))
		return admin_fault("no memory");
	run->settings = settings_cache_open();
	run->page = arena_new(&admin->arena, struct burn_page);
	ctx_make(run, serials, keys);
	progress_may_stop();
	enum status status = each_organisation(run);
	settings_cache_close(&run->settings);
	keyring_close(&keys);
	arena_fini(&run->arena);
	if (!status && progress_is_stopped())
		return admin_fault("stopped: another run goes on");
	return status;
}

static const struct option_row burn_options[] = {
	{"organisation", "N", "this one only; default all", 0, NULL},
	{"batch", "N", "accounts of one transaction, 1 to 64; default 16", 0, NULL},
	{"share", "PERCENT", "of its time that it works, 1 to 100; default 25", 0, NULL},
	{"dry-run", NULL, "only count lots that have ended and holds past their time", 0, NULL},
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct command commands[] = {
	{.name = "burn",
	 .help = "Write down what the clock has done: burn entries of ended lots and of inactive "
		 "cards, release of holds past their time",
	 OPTIONS(burn_options),
	 .needs = NEED_CONFIG | NEED_DB,
	 .run = run_burn},
};

const struct command_group burn_commands = COMMAND_GROUP(commands);
