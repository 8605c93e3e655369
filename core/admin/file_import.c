/* The records of a file, some at a time; what is wrong with one is a line on standard output. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_crew.h"
#include "settings.h"
#include "text.h"

#define SCRATCH_SIZE   ((size_t)32 << 20) /* of one record */
#define NUMBER_KEY_MAX 256

/* The member's name stands where the text says, else before it. */
static void report(FILE *out, const struct card_import_item *item)
{
	const char *text = reason_text(item->reason), *mark = strstr(text, "%s");

	if (mark)
		fprintf(out, "record %lld: %.*s%s%s\n", (long long)item->number, (int)(mark - text),
			text, item->member, mark + 2);
	else
		fprintf(out, "record %lld: %s: %s\n", (long long)item->number, item->member, text);
}

static void count(struct importing *importing)
{
	for (size_t i = 0; i < importing->n; i++) {
		const struct card_import_item *item = &importing->items[i];

		importing->share->totals[item->result]++;
		if (item->result == IMPORT_REFUSED)
			report(importing->report, item);
		else if (importing->dry)
			twins_add(&importing->twins[importing->turn], importing->keys[i], item);
	}
}

/* What the books refuse is told of the one record that they refuse. */
static enum err one_by_one(struct importing *importing)
{
	struct ctx *ctx = &importing->run->ctx;
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < importing->n; i++) {
		struct card_import_item *item = &importing->items[i];

		if (item->result == IMPORT_REFUSED)
			continue;
		err = card_import(ctx, item, 1, importing->dry);
		if (err != ERR_CONFLICT)
			continue;
		item->result = IMPORT_REFUSED;
		item->member = ctx->detail.member ? ctx->detail.member : "record";
		item->reason = ctx->detail.reason;
		err = ERR_OK;
	}
	return err;
}

static enum status flush(struct importing *importing)
{
	struct file_run *run = importing->run;
	enum err err = card_import(&run->ctx, importing->items, importing->n, importing->dry);

	if (err == ERR_CONFLICT)
		err = one_by_one(importing);
	if (err != ERR_OK)
		return admin_err(run->admin, err, "cards; another run goes on");
	count(importing);
	importing->n = 0;
	arena_reset(&run->arena, importing->mark);
	importing->share->offset = importing->stream.offset;
	if (importing->size == 1)
		progress_to(&run->progress, importing->stream.offset / 1000);
	return STATUS_OK;
}

static void refuse(struct card_import_item *item, const char *member, enum reason reason)
{
	item->result = IMPORT_REFUSED;
	item->member = member;
	item->reason = reason;
}

static void read_item(struct importing *importing, struct str text, struct card_import_item *item)
{
	const struct file_run *run = importing->run;
	const char *member;

	enum reason reason = card_record_read(&importing->scratch, text,
					      run->ctx.settings->timezone, &item->record, &member);
	if (reason != REASON_NONE)
		refuse(item, member, reason);
	else if (item->record.customer_id != run->organisation_id && !run->rewrites)
		refuse(item, "customer_id", REASON_OTHER_ORGANISATION);
}

/* Is this card, or another one of this number, among the records that wait? */
static bool waits(const struct importing *importing, const struct card_import_item *item,
		  struct str key)
{
	for (size_t i = 0; i < importing->n; i++) {
		const struct card_import_item *other = &importing->items[i];

		if (other->result != IMPORT_REFUSED && item->result != IMPORT_REFUSED &&
		    (other->record.id == item->record.id || str_eq(importing->keys[i], key)))
			return true;
	}
	return false;
}

/* What the scratch memory has of it is kept with the others that wait. */
static void keep(struct importing *importing, struct card_import_item *item, struct str key)
{
	struct arena *arena = &importing->run->arena;

	item->record.number = str_dup(arena, item->record.number);
	if (item->result == IMPORT_REFUSED)
		item->member = arena_strndup(arena, item->member, strlen(item->member));
	importing->keys[importing->n] = str_dup(arena, key);
	importing->items[importing->n++] = *item;
}

/* Of one card all records, so that they keep their order. */
static bool is_turn(const struct importing *importing, int64_t number)
{
	return number % importing->size == importing->turn;
}

static int64_t number_of(const struct card_import_item *item)
{
	return item->result == IMPORT_REFUSED ? item->number : item->record.id;
}

static enum status add(struct importing *importing, struct str text, enum reason reason)
{
	struct card_import_item item = {.number = importing->stream.number};
	size_t mark = arena_mark(&importing->scratch);
	enum status status = STATUS_OK;
	int64_t first = reason == REASON_NONE ? card_record_first_id(text) : 0;

	if (first > 0 && !is_turn(importing, first))
		return STATUS_OK;
	if (reason == REASON_NONE)
		read_item(importing, text, &item);
	else
		refuse(&item, "record", reason);
	if (!item.record.number.at)
		item.record.number = STR("");
	if (first == 0 && !is_turn(importing, number_of(&item))) {
		arena_reset(&importing->scratch, mark);
		return STATUS_OK;
	}
	struct str key = text_fold(&importing->scratch, item.record.number, NUMBER_KEY_MAX);
	if (importing->n == CARD_IMPORT_MOST || waits(importing, &item, key))
		status = flush(importing);
	keep(importing, &item, key);
	arena_reset(&importing->scratch, mark);
	return status;
}

static enum status all_records(struct importing *importing)
{
	struct record_stream *stream = &importing->stream;
	enum status status = STATUS_OK;

	while (!status && !progress_is_stopped()) {
		struct str text;
		enum reason reason = record_stream_next(stream, &text);

		if (stream->broken)
			return admin_fault("%s: %s", importing->run->path, strerror(errno));
		if (reason == REASON_NONE && !text.at)
			break;
		status = add(importing, text, reason);
	}
	if (!status)
		status = flush(importing);
	if (!status && progress_is_stopped())
		return admin_fault("stopped: another run goes on");
	return status;
}

enum status import_share(struct importing *importing)
{
	if (!record_stream_open(&importing->stream, importing->run->fd, CARD_RECORD_MAX))
		return admin_fault("no memory");
	enum status status = all_records(importing);
	record_stream_close(&importing->stream);
	if (!status && importing->dry && !twins_flush(&importing->twins[importing->turn]))
		return admin_fault("temporary file: %s", strerror(errno));
	return status;
}

static void sum_up(const struct importing *importing, const char *end)
{
	const struct progress *progress = &importing->run->progress;
	int64_t totals[RESULTS_N] = {0}, all = 0;

	for (int turn = 0; turn < importing->size; turn++) {
		for (int i = 0; i < RESULTS_N; i++) {
			totals[i] += importing->shares[turn].totals[i];
			all += importing->shares[turn].totals[i];
		}
	}
	printf("%lld records: %lld new, %lld changed, %lld as they were, %lld refused%s; %lld ms, "
	       "%lld records/s\n",
	       (long long)all, (long long)totals[IMPORT_NEW], (long long)totals[IMPORT_CHANGED],
	       (long long)totals[IMPORT_SAME], (long long)totals[IMPORT_REFUSED], end,
	       (long long)progress_ms(progress), (long long)(all * 1000 / progress_ms(progress)));
}

static int64_t refused(const struct importing *importing)
{
	int64_t n = 0;

	for (int turn = 0; turn < importing->size; turn++)
		n += importing->shares[turn].totals[IMPORT_REFUSED];
	return n;
}

static enum status pass(struct importing *importing, bool dry)
{
	importing->dry = dry;
	memset(importing->shares, 0, CREW_MAX * sizeof(*importing->shares));
	return import_with_crew(importing);
}

/* Two cards of one number: the second is refused, as it would be were the first one there. */
static enum status refuse_twins(struct importing *importing)
{
	if (!twins_report(importing->twins, importing->size, importing->shares[0].totals))
		return admin_fault("temporary file: %s", strerror(errno));
	return STATUS_OK;
}

static enum status dry_pass(struct importing *importing)
{
	enum status status = STATUS_OK;

	for (int turn = 0; !status && turn < CREW_MAX; turn++) {
		if (!twins_open(&importing->twins[turn]))
			status = admin_fault("temporary file: %s", strerror(errno));
	}
	if (!status)
		status = pass(importing, true);
	if (!status)
		status = refuse_twins(importing);
	for (int turn = 0; turn < CREW_MAX; turn++)
		twins_close(&importing->twins[turn]);
	return status;
}

/* Nothing is written when the first reading finds a bad record. */
static enum status both_passes(struct importing *importing)
{
	struct file_run *run = importing->run;

	if (!run->is_regular)
		return admin_usage("--strict: the file is read twice, it cannot be a pipe");
	enum status status = dry_pass(importing);
	if (status || refused(importing) > 0)
		return status;
	if (lseek(run->fd, 0, SEEK_SET) != 0)
		return admin_fault("%s: %s", run->path, strerror(errno));
	return pass(importing, false);
}

static enum status import(struct importing *importing)
{
	struct file_run *run = importing->run;
	bool dry = admin_has(run->admin, "dry-run"), strict = admin_has(run->admin, "strict");

	progress_begin(&run->progress, "kB", run->bytes / 1000);
	enum status status = strict && !dry ? both_passes(importing)
			     : dry          ? dry_pass(importing)
					    : pass(importing, false);
	progress_end(&run->progress);
	if (status)
		return status;
	sum_up(importing, importing->dry ? ", nothing was written" : "");
	return refused(importing) > 0 ? STATUS_SOME : STATUS_OK;
}

enum status file_import(struct file_run *run)
{
	struct importing *importing = arena_new(&run->admin->arena, struct importing);

	importing->run = run;
	importing->mark = arena_mark(&run->arena);
	importing->report = stdout;
	importing->shares = crew_shares();
	if (!importing->shares || !arena_init(&importing->scratch, SCRATCH_SIZE))
		return admin_fault("no memory");
	enum status status = import(importing);
	arena_fini(&importing->scratch);
	return status;
}
