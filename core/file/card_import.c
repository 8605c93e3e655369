#include "card_import.h"

#include <assert.h>
#include <string.h>

#include "card_import_priv.h"
#include "count.h"
#include "mutation.h"

#define TRIES_MAX 8 /* others write beside us */

static void make_answer(void *arg, enum err outcome, const void *out, struct answer *answer_r)
{
	(void)arg;
	(void)out;
	*answer_r = (struct answer){.status = outcome == ERR_OK ? 200 : 409, .body = STR("")};
}

/* Those that are to be written, first. */
static size_t gather(struct import_work *works, size_t n)
{
	size_t to_do = 0;

	for (size_t i = 0; i < n; i++) {
		struct import_work work = works[i];

		if (work.item->result != IMPORT_NEW && work.item->result != IMPORT_CHANGED)
			continue;
		works[i] = works[to_do];
		works[to_do++] = work;
	}
	return to_do;
}

static enum err apply(struct ctx *ctx, const struct import_in *in)
{
	struct counts *kept = ctx->counts;
	struct answer answer = {0};
	struct nothing none;

	ctx->counts = arena_new(ctx->arena, struct counts);
	enum err err =
		mutation_run(ctx, &op_card_import_some, in, &none, make_answer, NULL, &answer);
	ctx->counts = kept;
	return err;
}

static enum err once(struct ctx *ctx, struct card_import_item *items, size_t n, bool dry)
{
	struct import_work *works = arena_array(ctx->arena, struct import_work, n);
	struct import_in in = {.works = works};
	size_t works_n = 0;

	for (size_t i = 0; i < n; i++) {
		if (items[i].result != IMPORT_REFUSED)
			works[works_n++].item = &items[i];
	}
	if (works_n == 0)
		return ERR_OK;
	enum err err = import_look(ctx, works, works_n, &in.new_persons);
	if (err != ERR_OK || dry)
		return err;
	in.n = gather(works, works_n);
	return in.n > 0 ? apply(ctx, &in) : ERR_OK;
}

enum err card_import(struct ctx *ctx, struct card_import_item *items, size_t n, bool dry)
{
	enum card_import_result at_first[CARD_IMPORT_MOST];
	enum err err = ERR_TAKEN;

	assert(n <= CARD_IMPORT_MOST);
	for (size_t i = 0; i < n; i++)
		at_first[i] = items[i].result;
	for (int try = 0; err == ERR_TAKEN && try < TRIES_MAX; try++) {
		size_t mark = arena_mark(ctx->arena);

		for (size_t i = 0; i < n; i++)
			items[i].result = at_first[i];
		err = once(ctx, items, n, dry);
		arena_reset(ctx->arena, mark);
	}
	return err;
}
