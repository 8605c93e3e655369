#include "serial.h"

#include <assert.h>

#include "db.h"
#include "stmt_gen.h"
#include "tx.h"

/* A repeated transaction takes a number each time. */
#define SERIAL_TRIES (TX_TRIES_MAX + 1)

struct block_work {
	struct ctx *ctx;
	struct serial_block *block;
	int64_t least; /* numbers */
};

static struct serial_block *slot_of(struct ctx *ctx, enum serial kind)
{
	uint64_t hash = (uint64_t)ctx_organisation(ctx) * SERIAL__MAX + (uint64_t)kind;
	return &ctx->serials->slot[hash % SERIAL_SLOTS];
}

static bool has_number(struct ctx *ctx, const struct serial_block *block, enum serial kind,
		       int64_t least)
{
	return block->organisation_id == ctx_organisation(ctx) && block->kind == (int)kind &&
	       block->end - block->next >= least;
}

static enum err block_lock(struct block_work *work, int64_t *next_r)
{
	struct ctx *ctx = work->ctx;
	struct serial_counter_lock_in in = {work->block->organisation_id, work->block->kind};
	struct serial_counter_lock_row row;
	enum err err = sql_serial_counter_lock(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_NOT_FOUND) {
		struct serial_counter_init_in init = {in.organisation_id, in.kind, 1};
		err = sql_serial_counter_init(ctx->db, &init, NULL);
		if (err == ERR_OK)
			err = sql_serial_counter_lock(ctx->db, ctx->arena, &in, &row);
	}
	if (err == ERR_OK)
		*next_r = row.next_serial;
	return err;
}

static enum err block_take(void *arg)
{
	struct block_work *work = arg;
	int64_t next;
	enum err err = block_lock(work, &next);
	if (err != ERR_OK)
		return err;
	int64_t end = next + (work->least > SERIAL_BLOCK ? work->least : SERIAL_BLOCK);
	struct serial_counter_set_in set = {end, work->block->organisation_id, work->block->kind};
	work->block->next = next;
	work->block->end = end;
	return sql_serial_counter_set(work->ctx->db, &set, NULL);
}

/* Whether it was committed or not: a block of unknown fate is not used, the next one is. */
static enum err block_settle(void *arg, bool *committed_r)
{
	(void)arg;
	*committed_r = false;
	return ERR_OK;
}

enum err serial_reserve(struct ctx *ctx, unsigned bits, int64_t most)
{
	int64_t least = most * SERIAL_TRIES;
	for (enum serial kind = 0; kind < SERIAL__MAX; kind++) {
		struct serial_block *block = slot_of(ctx, kind);
		if (!(bits & (1u << kind)) || has_number(ctx, block, kind, least))
			continue;
		*block = (struct serial_block){.organisation_id = ctx_organisation(ctx),
					       .kind = (int)kind};
		struct block_work arg = {ctx, block, least};
		struct tx_work work = {block_take, block_settle, &arg};
		enum err err = tx_run(ctx->db, ctx->arena, &work);
		if (err != ERR_OK) {
			block->next = block->end = 0;
			return err;
		}
	}
	return ERR_OK;
}

void serial_forget(struct ctx *ctx, unsigned bits)
{
	for (enum serial kind = 0; kind < SERIAL__MAX; kind++)
		if (bits & (1u << kind))
			*slot_of(ctx, kind) = (struct serial_block){0};
}

int64_t serial_take(struct ctx *ctx, enum serial kind)
{
	struct serial_block *block = slot_of(ctx, kind);
	assert(block->organisation_id == ctx_organisation(ctx) && block->kind == (int)kind &&
	       block->next < block->end);
	return block->next++;
}
