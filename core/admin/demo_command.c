#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "card.h"
#include "db.h"
#include "demo_run.h"
#include "keyring.h"
#include "ledger.h"
#include "mutation.h"
#include "person_store.h"
#include "stmt_gen.h"

#define ERROR_MAX 512

static void make_answer(void *arg, enum err outcome, const void *out, struct answer *answer_r)
{
	(void)arg;
	(void)out;
	*answer_r = (struct answer){.status = outcome == ERR_OK ? 200 : 409, .body = STR("")};
}

enum err demo_mutate(struct demo *demo, const struct operation *operation, enum demo_draw what,
		     int64_t i, const void *in, void *out)
{
	struct answer answer = {0};
	size_t mark = arena_mark(demo->ctx.arena);

	demo->clock.fixed_ms = demo_time_ms(i);
	demo->random_state = demo_draw(what, i);
	demo->ctx.random_state = &demo->random_state;
	enum err err = mutation_run(&demo->ctx, operation, in, out, make_answer, NULL, &answer);
	arena_reset(demo->ctx.arena, mark);
	return err;
}

struct chunk {
	struct demo *demo;
	int64_t from, to; /* card numbers, half-open */
};

static enum err put_person(struct ctx *ctx, struct batch *batch, int64_t i,
			   struct person_row *person)
{
	struct vehicle_row vehicle;
	enum err err = person_store_into(ctx, batch, NULL, person);

	if (err == ERR_OK && demo_vehicle_make(ctx->arena, i, person, &vehicle))
		batch_vehicle_insert(batch, &vehicle);
	return err;
}

static enum err put_card(struct ctx *ctx, struct batch *batch, int64_t i, struct demo_card *made)
{
	enum err err = ERR_OK;

	made->card.organisation_id = ctx_organisation(ctx);
	made->person.organisation_id = ctx_organisation(ctx);
	if (made->has_person)
		err = put_person(ctx, batch, i, &made->person);
	if (err != ERR_OK)
		return err;
	card_store_into(ctx, batch, NULL, &made->card);
	if (made->balance.minor > 0)
		ledger_open_into(ctx, batch, &made->card.id, UNIT_POINTS, made->balance);
	return ERR_OK;
}

static enum err demo_chunk(struct ctx *ctx, const struct chunk *in, struct nothing *out)
{
	struct demo *demo = in->demo;
	struct demo_card made;
	struct batch batch;
	enum err err = ERR_OK;

	(void)out;
	demo->counts = (struct counts){.n = 0};
	batch_init(&batch, ctx->db, ctx->arena);
	batch_gather(&batch);
	for (int64_t i = in->from; err == ERR_OK && i < in->to; i++) {
		demo->clock.fixed_ms = demo_time_ms(i);
		demo_card_make(ctx->arena, i, &made);
		err = put_card(ctx, &batch, i, &made);
	}
	if (err != ERR_OK)
		return err;
	counts_put(ctx, &batch);
	return batch_run(&batch);
}
OPERATION(demo_chunk, struct chunk, struct nothing, .mutates = true);

static enum status make_chunk(struct demo *demo, int64_t part)
{
	struct chunk chunk = {demo, part * DEMO_CHUNK, (part + 1) * DEMO_CHUNK};
	struct nothing none;

	if (chunk.to > demo->cards)
		chunk.to = demo->cards;
	demo->ctx.counts = &demo->counts;
	enum err err = demo_mutate(demo, &op_demo_chunk, DEMO_CARD, chunk.from, &chunk, &none);
	demo->ctx.counts = NULL;
	return err ? admin_err(demo->admin, err, "cards") : STATUS_OK;
}

static enum status make_cards(struct demo *demo)
{
	const struct demo_job job = {.things = "cards",
				     .things_n = demo->cards,
				     .part_things = DEMO_CHUNK,
				     .parts = (demo->cards + DEMO_CHUNK - 1) / DEMO_CHUNK,
				     .parts_min = 4,
				     .connects = true,
				     .prepare = demo_keys_aside,
				     .make = make_chunk};
	enum status status = demo_share_out(demo, &job);
	enum status back = demo_keys_back(demo);
	return status ? status : back;
}

static enum status open_demo(struct demo *demo)
{
	struct admin *admin = demo->admin;
	char error[ERROR_MAX];

	demo->ledger_keys = keyring_open_ledger(admin->config.ledger_keys.at, error, sizeof(error));
	if (!demo->ledger_keys)
		return admin_fault("ledger keys: %s", error);
	demo->ctx = (struct ctx){
		.arena = &admin->arena,
		.db = admin->db,
		.clock = &demo->clock,
		.config = &admin->config,
		.ledger_keys = demo->ledger_keys,
		.serials = &demo->serials,
		.principal = {.organisation_id = demo->organisation_id,
			      .role = ROLE_ORGANISATION,
			      .scopes = SCOPE_ALL,
			      .subject = STR("kartoteka demo")},
		.request = {.request_id = STR(""), .traceparent = STR("")},
	};
	return STATUS_OK;
}

static enum status fill(struct demo *demo)
{
	struct uuid none = {{0}};
	int64_t there = 0;

	enum err err = count_get(&demo->ctx, COUNT_CARDS, &none, &there);
	if (err)
		return admin_err(demo->admin, err, "database");
	if (there > 0) {
		printf("organisation %lld has %lld cards already\n",
		       (long long)demo->organisation_id, (long long)there);
		return STATUS_OK;
	}
	enum status status = demo_set_up(demo);
	if (!status)
		status = make_cards(demo);
	if (!status)
		status = demo_wash(demo);
	if (!status)
		printf("organisation %lld has %lld cards\n", (long long)demo->organisation_id,
		       (long long)demo->cards);
	return status;
}

static enum status run_demo(struct admin *admin)
{
	struct demo *demo = arena_new(&admin->arena, struct demo);

	demo->admin = admin;
	if (!admin_number(admin, "organisation", 1, ORGANISATION_ID_MAX, &demo->organisation_id) ||
	    !admin_number(admin, "cards", 0, DEMO_CARDS_MAX, &demo->cards))
		return STATUS_USAGE;
	enum status status = open_demo(demo);
	if (!status)
		status = fill(demo);
	keyring_close(&demo->ledger_keys);
	return status;
}

static const struct option_row demo_options[] = {
	{"organisation", "N", "its number; made when there is none", OPTION_REQUIRED, NULL},
	{"cards", "N", "how many, 0 to 10000000: the same ones every time", OPTION_REQUIRED, NULL},
	{"password-file", "FILE",
	 "password of the login demo; written when there is no such file. Without this option a "
	 "made password is printed",
	 0, NULL},
};

static const struct command commands[] = {
	{.name = "demo",
	 .help = "Fill an organisation without cards with a login, levels, groups, holders, cards "
		 "balances and washings",
	 OPTIONS(demo_options),
	 .needs = NEED_CONFIG | NEED_DB | NEED_TIME,
	 .run = run_demo},
};

const struct command_group demo_commands = COMMAND_GROUP(commands);
