/* The demo's car wash: tills, articles, and some cards that are charged and washed with. */
#include "batch.h"
#include "db.h"
#include "demo_run.h"
#include "settings.h"
#include "stmt_gen.h"
#include "washing.h"

#define WASHERS     20 /* cards, each tenth from number 4 on: all of them in order */
#define WASHER_STEP 10
#define WASHER_1    4
#define VISIT_STEP  50000 /* of demo numbers: about a day */

static const struct {
	int64_t number;
	const char *name;
} tills[] = {{1, "Въезд"}, {2, "Касса"}, {64, "Tunnel"}};

/* The first ones are washings, the others options. */
static const struct {
	const char *number, *label, *receipt;
	int64_t price;
} articles[] = {
	{"W1", "Мойка «Экспресс»", "Экспресс", 35000},
	{"W2", "Мойка «Комплекс»", "Комплекс", 60000},
	{"W3", "Premium wash", "Premium", 90000},
	{"O1", "Воск", "Воск", 15000},
	{"O2", "Сушка", "Сушка", 10000},
	{"O3", "Rim cleaner", "Rims", 12050},
};
#define ARTICLES ((int64_t)(sizeof(articles) / sizeof(articles[0])))
#define WASHES   3

/* Articles that come later are numbered after these. */
static enum err put_tills(struct demo *demo, struct batch *batch)
{
	struct serial_counter_raise_in raise = {demo->organisation_id, SERIAL_ARTICLE,
						ARTICLES + 1};

	for (size_t i = 0; i < sizeof(tills) / sizeof(tills[0]); i++) {
		struct till_row row = {.organisation_id = demo->organisation_id,
				       .number = tills[i].number,
				       .name = str_of(tills[i].name),
				       .created_at = {DEMO_EPOCH_MS},
				       .updated_at = {DEMO_EPOCH_MS}};

		batch_till_put(batch, &row);
	}
	for (int64_t i = 0; i < ARTICLES; i++) {
		struct article_row row = {.organisation_id = demo->organisation_id,
					  .number = str_of(articles[i].number),
					  .serial = i + 1,
					  .label = str_of(articles[i].label),
					  .label_receipt = str_of(articles[i].receipt)};
		batch_article_put(batch, &row);
	}
	batch_serial_counter_raise(batch, &raise);
	return batch_run(batch);
}

static enum err charge(struct demo *demo, struct str number, int64_t visit)
{
	int64_t notes = (int64_t)(demo_draw(DEMO_WASH, visit) % 8) + 3;
	struct charge_in in = {.key = {.card_number = number}, .amount = {notes * 100000}};
	struct charge_out out;

	return demo_mutate(demo, &op_charge, DEMO_WASH, visit, &in, &out);
}

/* A washing and up to two options; every third one is paid in cash. */
static enum err wash(struct demo *demo, struct str number, int64_t visit)
{
	uint64_t draw = demo_draw(DEMO_WASH, visit);
	struct sale_item items[WASHES];
	size_t n = 1 + draw / 8 % WASHES;
	struct sale_in in = {.key = {.card_number = number, .client_number = 2},
			     .items = {items, n},
			     .payment_method = draw / 64 % 3 ? STR(PAYMENT_METHOD_CARD)
							     : STR(PAYMENT_METHOD_CASH)};
	struct sale_out out;

	sent_set(&in.sent, offsetof(struct sale_in, key.client_number));
	for (size_t i = 0; i < n; i++) {
		uint64_t which = i ? WASHES + (draw / 256 + i) % WASHES : draw / 256 % WASHES;
		items[i] = (struct sale_item){
			str_of(articles[which].number), {100}, {articles[which].price}};
	}
	return demo_mutate(demo, &op_sale, DEMO_WASH, visit, &in, &out);
}

static enum err visits(struct demo *demo, int64_t i)
{
	size_t mark = arena_mark(demo->ctx.arena);
	struct demo_card made;

	demo_card_make(demo->ctx.arena, i, &made);
	enum err err = charge(demo, made.card.barcode, i + VISIT_STEP);
	for (int64_t n = 2; !err && n < 5; n++)
		err = wash(demo, made.card.barcode, i + n * VISIT_STEP);
	arena_reset(demo->ctx.arena, mark);
	return err;
}

enum status demo_wash(struct demo *demo)
{
	struct settings *settings = arena_new(&demo->admin->arena, struct settings);
	struct batch batch;

	settings_defaults(settings, demo->organisation_id);
	demo->ctx.settings = settings;
	batch_init(&batch, demo->admin->db, &demo->admin->arena);
	enum err err = put_tills(demo, &batch);
	for (int64_t n = 0; !err && n < WASHERS; n++) {
		int64_t i = WASHER_1 + n * WASHER_STEP;

		if (i < demo->cards)
			err = visits(demo, i);
	}
	demo->ctx.settings = NULL;
	return err ? admin_err(demo->admin, err, "washings") : STATUS_OK;
}
