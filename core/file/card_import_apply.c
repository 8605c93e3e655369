/* One transaction: holders and cards under their locks, then all that is new or changed. */
#include <stdlib.h>
#include <string.h>

#include "attach.h"
#include "batch.h"
#include "card.h"
#include "card_import_priv.h"
#include "count.h"
#include "db.h"
#include "mutation.h"
#include "person_store.h"
#include "primary.h"
#include "serial.h"
#include "stmt_gen.h"
#include "uuid.h"

/* Persons whose cards come or go; each once, ascending. */
struct holders {
	struct uuid id[2 * CARD_IMPORT_MOST];
	struct file_person_row row[2 * CARD_IMPORT_MOST];
	bool found[2 * CARD_IMPORT_MOST], is_made[2 * CARD_IMPORT_MOST];
	size_t n;
};

struct apply {
	struct ctx *ctx;
	struct import_work *works;
	size_t n;
	struct holders holders;
	struct uuid ids[CARD_IMPORT_MOST]; /* for new cards, ascending */
	struct batch batch;
};

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct uuid));
}

static void add_id(struct uuid *ids, size_t *n, const struct uuid *id)
{
	if (!uuid_is_unset(id))
		ids[(*n)++] = *id;
}

static size_t sort_once(struct uuid *ids, size_t n)
{
	size_t kept = 0;

	qsort(ids, n, sizeof(*ids), compare);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || !uuid_eq(&ids[kept - 1], &ids[i]))
			ids[kept++] = ids[i];
	}
	return kept;
}

/* Does what a holder shows of its cards follow? */
static bool moves(const struct import_work *work)
{
	return !work->stored || (work->differs & (DIFFERS_CLIENT | DIFFERS_NUMBER));
}

static void holders_collect(struct apply *apply)
{
	struct holders *holders = &apply->holders;

	for (size_t i = 0; i < apply->n; i++) {
		const struct import_work *work = &apply->works[i];

		if (!moves(work))
			continue;
		add_id(holders->id, &holders->n, &work->holder);
		if (work->stored)
			add_id(holders->id, &holders->n, &work->stored->person_id);
	}
	holders->n = sort_once(holders->id, holders->n);
}

static size_t holder_of(const struct apply *apply, const struct uuid *id)
{
	const struct holders *holders = &apply->holders;
	const struct uuid *at = bsearch(id, holders->id, holders->n, sizeof(*id), compare);

	return (size_t)(at - holders->id);
}

/* Ascending within and between the statements. */
static enum err holders_lock(struct apply *apply)
{
	struct ctx *ctx = apply->ctx;
	struct holders *holders = &apply->holders;
	struct file_person_lock_in in = {.organisation_id = ctx_organisation(ctx)};
	struct list groups[2 * CARD_IMPORT_MOST / AMONG_MOST + 1] = {{0}};
	struct batch batch;

	batch_init(&batch, ctx->db, ctx->arena);
	for (size_t i = 0; i < holders->n; i += AMONG_MOST) {
		struct uuid *ids = (struct uuid *)(void *)&in.file_ids;

		for (size_t k = 0; k < AMONG_MOST; k++)
			ids[k] = holders->id[i + k < holders->n ? i + k : holders->n - 1];
		batch_file_person_lock(&batch, &in, &groups[i / AMONG_MOST]);
	}
	enum err err = batch.n > 0 ? batch_run(&batch) : ERR_OK;
	for (size_t g = 0; err == ERR_OK && g * AMONG_MOST < holders->n; g++) {
		const struct file_person_row *row = groups[g].rows;

		for (size_t i = 0; i < groups[g].n; i++) {
			size_t at = holder_of(apply, &row[i].id);

			holders->row[at] = row[i];
			holders->found[at] = true;
		}
	}
	return err;
}

static int by_card(const void *a, const void *b)
{
	const struct import_work *const *x = a, *const *y = b;

	return memcmp(&(*x)->stored->id, &(*y)->stored->id, sizeof(struct uuid));
}

/* The changed ones, ascending; TAKEN when one is no longer what it was. */
static enum err cards_lock(struct apply *apply, struct import_work **changed, size_t *n_r)
{
	struct ctx *ctx = apply->ctx;
	struct batch batch;
	size_t n = 0;

	for (size_t i = 0; i < apply->n; i++) {
		if (apply->works[i].stored)
			changed[n++] = &apply->works[i];
	}
	qsort(changed, n, sizeof(*changed), by_card);
	batch_init(&batch, ctx->db, ctx->arena);
	for (size_t i = 0; i < n; i++) {
		struct card_lock_in in = {ctx_organisation(ctx), changed[i]->stored->id};

		batch_card_lock(&batch, &in, &changed[i]->before, &changed[i]->locked);
	}
	enum err err = batch.n > 0 ? batch_run(&batch) : ERR_OK;
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		if (!changed[i]->locked ||
		    changed[i]->before.version != changed[i]->stored->version)
			err = ERR_TAKEN;
	}
	*n_r = n;
	return err;
}

/* A guid that nobody has yet is a person of nothing else. */
static enum err holder_make(struct apply *apply, size_t at, const struct card_row *card)
{
	struct holders *holders = &apply->holders;
	struct ctx *ctx = apply->ctx;
	struct person_row person = {
		.organisation_id = ctx_organisation(ctx),
		.id = holders->id[at],
		.live = 1,
		.card_code = card->code,
		.additional_fields = STR("[]"),
		.created_at = ctx_now(ctx),
	};

	if (holders->found[at] || holders->is_made[at])
		return ERR_OK;
	person.serial = serial_take(ctx, SERIAL_PERSON);
	holders->is_made[at] = true;
	return person_store_into(ctx, &apply->batch, NULL, &person);
}

static enum err set_holder(struct apply *apply, const struct import_work *work,
			   struct card_row *card)
{
	card->person_id = work->holder;
	card->attached_at.ms = 0;
	card->holder_locked = card->holder_credit = false;
	if (uuid_is_unset(&work->holder))
		return ERR_OK;
	size_t at = holder_of(apply, &work->holder);
	const struct file_person_row *row = &apply->holders.row[at];
	if (apply->holders.found[at] && !row->live)
		return ERR_TAKEN;
	card->attached_at = ctx_now(apply->ctx);
	card->holder_locked = row->locked;
	card->holder_credit = row->credit_allowed;
	return holder_make(apply, at, card);
}

static void set_active(const struct ctx *ctx, struct card_row *card, bool active)
{
	if (card->active == active)
		return;
	card->active = active;
	if (active)
		card->activated_at = ctx_now(ctx);
	card->deactivated_at.ms = active ? 0 : ctx_now(ctx).ms;
}

static enum err card_make(struct apply *apply, struct import_work *work, const struct uuid *id)
{
	const struct card_record *record = &work->item->record;
	struct card_row *card = &work->after;

	*card = (struct card_row){
		.organisation_id = ctx_organisation(apply->ctx),
		.id = *id,
		.serial = record->id,
		.live = 1,
		.kind = record->kind,
		.code = record->number,
		.barcode = record->number,
		.active = record->active,
		.activated_at = {record->active ? record->created_at.ms : 0},
		.valid_from = record->valid_from,
		.valid_to = record->valid_to,
		.posted = record->points > 0 || record->balance.minor > 0,
		.created_at = record->created_at,
	};
	enum err err = set_holder(apply, work, card);
	if (err == ERR_OK)
		card_store_into(apply->ctx, &apply->batch, NULL, card);
	return err;
}

static void open_balances(struct apply *apply, const struct import_work *work)
{
	const struct card_record *record = &work->item->record;
	struct amount points = {record->points * 100};

	if (points.minor > 0)
		ledger_open_into(apply->ctx, &apply->batch, &work->after.id, UNIT_POINTS, points);
	if (record->balance.minor > 0)
		ledger_open_into(apply->ctx, &apply->batch, &work->after.id, UNIT_MONEY,
				 record->balance);
}

/* The code of a card made by a file is its number, and stays so. */
static void set_number(struct card_row *card, struct str number)
{
	if (str_eq(card->code, card->barcode))
		card->code = number;
	card->barcode = number;
}

static enum err card_change(struct apply *apply, struct import_work *work)
{
	const struct card_record *record = &work->item->record;
	struct card_row *card = &work->after;
	unsigned differs = work->differs;
	enum err err = ERR_OK;

	*card = work->before;
	if (differs & DIFFERS_NUMBER)
		set_number(card, record->number);
	if (differs & DIFFERS_KIND)
		card->kind = record->kind;
	if (differs & DIFFERS_FROM)
		card->valid_from = record->valid_from;
	if (differs & DIFFERS_TO)
		card->valid_to = record->valid_to;
	if (differs & DIFFERS_CREATED)
		card->created_at = record->created_at;
	if (differs & DIFFERS_STATUS)
		set_active(apply->ctx, card, record->active);
	if (differs & DIFFERS_CLIENT)
		err = set_holder(apply, work, card);
	if (err == ERR_OK && (differs & ~(unsigned)DIFFERS_MONEY))
		card_store_into(apply->ctx, &apply->batch, &work->before, card);
	return err;
}

/* Of a new card the journal keeps what names it; its members are the record's. */
static const struct field note_fields[] = {
	FIELD(struct card_row, serial, "serial"),
	FIELD(struct card_row, barcode, "barcode"),
};
static const struct map note_map = MAP("card", struct card_row, note_fields);

static void note(struct ctx *ctx, const struct import_work *work)
{
	journal_changes(ctx, card_note_name(ctx, &work->after.id),
			work->stored ? &card_row_map : &note_map,
			work->stored ? &work->before : NULL, &work->after);
}

/* So that what comes first in the file is first of two cards that a holder gets at once. */
static void ids_make(struct apply *apply)
{
	for (size_t i = 0; i < apply->n; i++)
		apply->ids[i] = ctx_uuid(apply->ctx);
	qsort(apply->ids, apply->n, sizeof(apply->ids[0]), compare);
}

static void raise_serial(struct apply *apply)
{
	struct serial_counter_raise_in in = {ctx_organisation(apply->ctx), SERIAL_CARD, 0};

	for (size_t i = 0; i < apply->n; i++) {
		if (!apply->works[i].stored && apply->works[i].item->record.id >= in.next_serial)
			in.next_serial = apply->works[i].item->record.id + 1;
	}
	if (in.next_serial > 0)
		batch_serial_counter_raise(&apply->batch, &in);
}

static enum err write_cards(struct apply *apply)
{
	struct ctx *ctx = apply->ctx;
	enum err err = ERR_OK;

	*ctx->counts = (struct counts){.n = 0};
	batch_init(&apply->batch, ctx->db, ctx->arena);
	batch_gather(&apply->batch);
	for (size_t i = 0; err == ERR_OK && i < apply->n; i++) {
		struct import_work *work = &apply->works[i];

		err = work->stored ? card_change(apply, work)
				   : card_make(apply, work, &apply->ids[i]);
		if (err != ERR_OK)
			return err;
		note(ctx, work);
		if (!work->stored)
			open_balances(apply, work);
	}
	counts_put(ctx, &apply->batch);
	raise_serial(apply); /* last: all who make cards wait for its lock */
	return batch_run(&apply->batch);
}

/* One that was made here shows its card already. */
static enum err holders_show(struct apply *apply)
{
	const struct holders *holders = &apply->holders;
	struct ctx *ctx = apply->ctx;
	struct batch batch;

	batch_init(&batch, ctx->db, ctx->arena);
	for (size_t i = 0; i < holders->n; i++) {
		if (holders->found[i] && holders->row[i].live)
			holder_put_primary(ctx, &batch, &holders->id[i]);
	}
	return batch.n > 0 ? batch_run(&batch) : ERR_OK;
}

static int by_number(const void *a, const void *b)
{
	const struct import_work *x = a, *y = b;

	return x->item->number < y->item->number ? -1 : 1;
}

static enum err card_import_some(struct ctx *ctx, const struct import_in *in, struct nothing *out)
{
	struct apply *apply = arena_new(ctx->arena, struct apply);
	struct import_work **changed = arena_array(ctx->arena, struct import_work *, in->n);
	size_t changed_n;

	(void)out;
	apply->ctx = ctx;
	apply->works = in->works;
	apply->n = in->n;
	qsort(apply->works, apply->n, sizeof(*apply->works), by_number);
	ids_make(apply);
	holders_collect(apply);
	enum err err = holders_lock(apply);
	if (err == ERR_OK)
		err = cards_lock(apply, changed, &changed_n);
	if (err == ERR_OK)
		err = write_cards(apply);
	if (err == ERR_OK)
		err = holders_show(apply);
	if (err == ERR_OK)
		err = import_balances(ctx, changed, changed_n);
	return err;
}

static int64_t persons_most(const void *in)
{
	const struct import_in *import = in;

	return import->new_persons > 0 ? (int64_t)import->new_persons : 1;
}

OPERATION(card_import_some, struct import_in, struct nothing, .mutates = true,
	  .serials = SERIAL_BIT(SERIAL_PERSON), .serials_most = persons_most);
