/* What is there of the records' cards, numbers and holders, without a lock. */
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "card.h"
#include "card_file.h"
#include "card_import_priv.h"
#include "settings.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define NUMBER_KEY_MAX 256
#define MERGES_MAX     16 /* a survivor may have been merged itself */
#define GROUPS_MAX     ((CARD_IMPORT_MOST + AMONG_MOST - 1) / AMONG_MOST)

_Static_assert(sizeof(struct file_serials_row) == AMONG_MOST * sizeof(int64_t), "a plain array");
_Static_assert(sizeof(struct file_ids_row) == AMONG_MOST * sizeof(struct uuid), "a plain array");
_Static_assert(sizeof(struct file_keys_row) == AMONG_MOST * sizeof(struct str), "a plain array");

/* `n` values, the last one again up to the full number. */
static void among(void *row, size_t size, const void *values, size_t n)
{
	for (size_t i = 0; i < AMONG_MOST; i++)
		memcpy((char *)row + i * size, (const char *)values + (i < n ? i : n - 1) * size,
		       size);
}

static size_t group_size(size_t n, size_t from)
{
	return n - from < AMONG_MOST ? n - from : AMONG_MOST;
}

static enum err cards_read(struct ctx *ctx, const struct import_work *works, size_t n,
			   struct list groups[GROUPS_MAX])
{
	struct file_card_among_in in = {.organisation_id = ctx_organisation(ctx)};
	int64_t serials[CARD_IMPORT_MOST];
	struct batch batch;

	batch_init(&batch, ctx->db, ctx->arena);
	for (size_t i = 0; i < n; i++)
		serials[i] = works[i].item->record.id;
	for (size_t i = 0; i < n; i += AMONG_MOST) {
		among(&in.file_serials, sizeof(int64_t), serials + i, group_size(n, i));
		batch_file_card_among(&batch, &in, &groups[i / AMONG_MOST]);
	}
	return batch_run(&batch);
}

static enum err match_group(struct ctx *ctx, struct import_work *works, size_t n,
			    const struct list *rows)
{
	const struct file_card_row *row = rows->rows;
	struct card_record *records = arena_array(ctx->arena, struct card_record, rows->n);
	enum err err = card_file_records(ctx, row, rows->n, records);

	for (size_t i = 0; err == ERR_OK && i < rows->n; i++) {
		for (size_t w = 0; w < n; w++) {
			if (works[w].item->record.id != row[i].serial)
				continue;
			works[w].stored = &row[i];
			works[w].now = records[i];
		}
	}
	return err;
}

static enum err cards_look(struct ctx *ctx, struct import_work *works, size_t n)
{
	struct list groups[GROUPS_MAX] = {{0}};
	enum err err = cards_read(ctx, works, n, groups);

	for (size_t i = 0; err == ERR_OK && i < n; i += AMONG_MOST) {
		if (groups[i / AMONG_MOST].n > 0)
			err = match_group(ctx, works + i, group_size(n, i),
					  &groups[i / AMONG_MOST]);
	}
	return err;
}

static unsigned differences(struct ctx *ctx, const struct import_work *work)
{
	static const struct {
		unsigned bit;
		size_t offset;
	} members[] = {
		{DIFFERS_CLIENT, offsetof(struct card_record, client)},
		{DIFFERS_NUMBER, offsetof(struct card_record, number)},
		{DIFFERS_KIND, offsetof(struct card_record, kind)},
		{DIFFERS_BALANCE, offsetof(struct card_record, balance)},
		{DIFFERS_POINTS, offsetof(struct card_record, points)},
		{DIFFERS_FROM, offsetof(struct card_record, valid_from)},
		{DIFFERS_TO, offsetof(struct card_record, valid_to)},
		{DIFFERS_STATUS, offsetof(struct card_record, active)},
		{DIFFERS_CREATED, offsetof(struct card_record, created_at)},
	};
	unsigned differs = 0;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (card_record_differs(ctx->arena, &work->item->record, &work->now,
					ctx->settings->timezone, members[i].offset))
			differs |= members[i].bit;
	}
	return differs;
}

static bool is_replaced(const struct file_card_row *row)
{
	return !uuid_is_unset(&row->new_card_id) && !row->active && row->blocked;
}

/* A card that stays shut for another reason has what the record asks of it already. */
static void judge(struct ctx *ctx, struct import_work *work)
{
	const struct file_card_row *row = work->stored;

	work->differs = 0;
	work->item->result = row ? IMPORT_SAME : IMPORT_NEW;
	work->holder = work->item->record.client;
	if (!row)
		return;
	if (!row->live) {
		import_refuse(work, "id", REASON_DELETED);
		return;
	}
	work->differs = differences(ctx, work);
	if ((work->differs & DIFFERS_STATUS) && row->active == work->item->record.active)
		work->differs &= ~(unsigned)DIFFERS_STATUS;
	if (is_replaced(row) && (work->differs & (DIFFERS_CLIENT | DIFFERS_STATUS)))
		import_refuse(work, "id", REASON_REPLACED);
	else if (!uuid_is_unset(&row->master_id) && (work->differs & DIFFERS_MONEY))
		import_refuse(work, work->differs & DIFFERS_BALANCE ? "balance" : "points",
			      REASON_HAS_MASTER);
	else if (work->differs)
		work->item->result = IMPORT_CHANGED;
}

static bool is_asked(const struct import_work *work, unsigned differs)
{
	return work->item->result == IMPORT_NEW ||
	       (work->item->result == IMPORT_CHANGED && (work->differs & differs));
}

static void numbers_match(struct import_work **asked, const struct str *keys, size_t n,
			  const struct list *rows)
{
	const struct file_barcode_among_row *row = rows->rows;

	for (size_t i = 0; i < rows->n; i++) {
		for (size_t w = 0; w < n; w++) {
			if (str_eq(row[i].barcode_key, keys[w]) &&
			    row[i].serial != asked[w]->item->record.id)
				import_refuse(asked[w], "card_number", REASON_ALREADY_USED);
		}
	}
}

/* Whose are the numbers? */
static enum err numbers_look(struct ctx *ctx, struct import_work *works, size_t n)
{
	struct file_barcode_among_in in = {.organisation_id = ctx_organisation(ctx)};
	struct import_work *asked[CARD_IMPORT_MOST];
	struct str keys[CARD_IMPORT_MOST];
	struct list groups[GROUPS_MAX] = {{0}};
	struct batch batch;
	size_t asked_n = 0;

	for (size_t i = 0; i < n; i++) {
		if (!is_asked(&works[i], DIFFERS_NUMBER))
			continue;
		keys[asked_n] = text_fold(ctx->arena, works[i].item->record.number, NUMBER_KEY_MAX);
		asked[asked_n++] = &works[i];
	}
	batch_init(&batch, ctx->db, ctx->arena);
	for (size_t i = 0; i < asked_n; i += AMONG_MOST) {
		among(&in.file_keys, sizeof(struct str), keys + i, group_size(asked_n, i));
		batch_file_barcode_among(&batch, &in, &groups[i / AMONG_MOST]);
	}
	enum err err = batch.n > 0 ? batch_run(&batch) : ERR_OK;
	for (size_t i = 0; err == ERR_OK && i < asked_n; i += AMONG_MOST)
		numbers_match(asked + i, keys + i, group_size(asked_n, i), &groups[i / AMONG_MOST]);
	return err;
}

/* The person of a guid: there, gone, or its survivor; *more_r = a survivor is to be looked at. */
static void holder_match(struct import_work *work, const struct file_person_row *row, bool *more_r)
{
	if (row->live)
		return;
	if (uuid_is_unset(&row->merged_into)) {
		import_refuse(work, "customer_client_id", REASON_NO_SUCH);
		return;
	}
	work->holder = row->merged_into;
	*more_r = true;
}

static enum err holders_read(struct ctx *ctx, struct import_work **asked, size_t n,
			     struct list groups[GROUPS_MAX])
{
	struct file_person_among_in in = {.organisation_id = ctx_organisation(ctx)};
	struct uuid ids[CARD_IMPORT_MOST];
	struct batch batch;

	batch_init(&batch, ctx->db, ctx->arena);
	for (size_t i = 0; i < n; i++)
		ids[i] = asked[i]->holder;
	for (size_t i = 0; i < n; i += AMONG_MOST) {
		among(&in.file_ids, sizeof(struct uuid), ids + i, group_size(n, i));
		batch_file_person_among(&batch, &in, &groups[i / AMONG_MOST]);
	}
	return batch.n > 0 ? batch_run(&batch) : ERR_OK;
}

static size_t holders_match(struct import_work **asked, size_t n, const struct list *rows,
			    bool *more_r)
{
	const struct file_person_row *row = rows->rows;
	size_t found = 0;

	for (size_t w = 0; w < n; w++) {
		const struct uuid holder = asked[w]->holder;

		for (size_t i = 0; i < rows->n; i++) {
			if (!uuid_eq(&row[i].id, &holder))
				continue;
			holder_match(asked[w], &row[i], more_r);
			found++;
			break;
		}
	}
	return found;
}

/* A guid that led to the present holder changes nothing. */
static void holder_settle(struct import_work *work)
{
	if (work->item->result != IMPORT_CHANGED || !(work->differs & DIFFERS_CLIENT) ||
	    !uuid_eq(&work->holder, &work->now.client))
		return;
	work->differs &= ~(unsigned)DIFFERS_CLIENT;
	work->item->result = work->differs ? IMPORT_CHANGED : IMPORT_SAME;
}

static enum err holders_look(struct ctx *ctx, struct import_work *works, size_t n, size_t *new_r)
{
	struct import_work *asked[CARD_IMPORT_MOST];
	enum err err = ERR_OK;
	size_t asked_n = 0;
	bool more = true;

	for (size_t i = 0; i < n; i++) {
		if (is_asked(&works[i], DIFFERS_CLIENT) && !uuid_is_unset(&works[i].holder))
			asked[asked_n++] = &works[i];
	}
	for (int merges = 0; err == ERR_OK && more && merges < MERGES_MAX; merges++) {
		struct list groups[GROUPS_MAX] = {{0}};

		more = false;
		*new_r = asked_n;
		err = holders_read(ctx, asked, asked_n, groups);
		for (size_t i = 0; err == ERR_OK && i < asked_n; i += AMONG_MOST)
			*new_r -= holders_match(asked + i, group_size(asked_n, i),
						&groups[i / AMONG_MOST], &more);
	}
	for (size_t i = 0; i < asked_n; i++)
		holder_settle(asked[i]);
	return err;
}

enum err import_look(struct ctx *ctx, struct import_work *works, size_t n, size_t *new_persons_r)
{
	enum err err = cards_look(ctx, works, n);

	for (size_t i = 0; err == ERR_OK && i < n; i++)
		judge(ctx, &works[i]);
	if (err == ERR_OK)
		err = numbers_look(ctx, works, n);
	return err == ERR_OK ? holders_look(ctx, works, n, new_persons_r) : err;
}
