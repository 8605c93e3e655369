/*
 * What the books say of a moment is what they said at that moment: random histories, whose
 * balances are kept as they go by and asked for again in the end.
 */
#include "unit.h"

#include "card.h"
#include "level.h"
#include "posting.h"
#include "replacement.h"
#include "scene.h"
#include "statement.h"
#include "uuid.h"

#define START_MS   INT64_C(1700000000000)
#define DAY_MS     INT64_C(86400000)
#define CARDS      3 /* the last one is at times the master of the others */
#define STEPS      50
#define KNOWN_MAX  64
#define MOMENTS    (STEPS * CARDS)
#define ERASE_DAYS 5

static struct scene on;
static struct uuid cards[CARDS], level;
static uint64_t random_state;

/* Ids that later steps may refund or resolve; the newest push out the oldest. */
static struct {
	struct uuid id[KNOWN_MAX];
	size_t n;
} entries, holds;

/* A balance that was seen. */
static struct {
	int64_t at, available, held;
	struct uuid card;
} seen[MOMENTS];
static size_t seen_n;

static int64_t pick(int64_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (int64_t)(random_state >> 33) % n;
}

static void know(struct uuid id, bool hold)
{
	if (hold)
		holds.id[holds.n++ % KNOWN_MAX] = id;
	else
		entries.id[entries.n++ % KNOWN_MAX] = id;
}

static struct uuid known(bool hold)
{
	size_t n = hold ? holds.n : entries.n;
	size_t i = n ? (size_t)pick((int64_t)(n < KNOWN_MAX ? n : KNOWN_MAX)) : 0;

	return hold ? holds.id[i] : entries.id[i];
}

#define SET(in, T, m, ...) ((in).m = (__VA_ARGS__), sent_set(&(in).sent, offsetof(T, m)))

static enum err run(const struct operation *operation, const void *in, void *out)
{
	enum err err = scene_run(&on, operation, in, out);

	if (err != ERR_OK && err != ERR_CONFLICT && err != ERR_INSUFFICIENT)
		fail_msg("%s: %s", operation->name, err_text(err));
	return err;
}

static void post(void)
{
	struct posting_in in = {.card_id = cards[pick(CARDS)], .type = pick(2)};
	struct id_out out;

	in.sum.minor = 1 + pick(300);
	if (pick(3) == 0)
		SET(in, struct posting_in, time,
		    (struct moment){on.clock.fixed_ms - pick(3 * DAY_MS)});
	if (pick(3) == 0)
		SET(in, struct posting_in, activation_period_days, 1 + pick(3));
	if (pick(2) == 0)
		SET(in, struct posting_in, invalidate_period_days, 1 + pick(6));
	if (run(&op_transaction_add, &in, &out) == ERR_OK)
		know(out.id, false);
}

static void refund(void)
{
	struct refund_in in = {.id = known(false)};
	struct refund_out out;

	if (entries.n == 0)
		return;
	if (pick(2))
		SET(in, struct refund_in, sum, (struct amount){1 + pick(50)});
	run(&op_transaction_refund, &in, &out);
}

static void hold(void)
{
	struct hold_in in = {.card_id = cards[pick(CARDS)], .sum = {1 + pick(100)}};
	struct id_out out;

	SET(in, struct hold_in, timeout_s, 1 + pick(3 * DAY_MS / 1000));
	if (run(&op_hold_add, &in, &out) == ERR_OK)
		know(out.id, true);
}

static void resolve(void)
{
	struct capture_in in = {.id = known(true)};
	struct nothing none;
	struct id_out out;

	if (holds.n == 0)
		return;
	if (pick(2))
		SET(in, struct capture_in, sum, (struct amount){1 + pick(60)});
	if (pick(2))
		run(&op_hold_void, &(struct id_in){in.id}, &none);
	else if (run(&op_hold_capture, &in, &out) == ERR_OK)
		know(out.id, false);
}

static void burn(void)
{
	struct burn_account account = {cards[pick(CARDS)], UNIT_POINTS};
	struct burn_out out;

	run(&op_ledger_burn, &(struct burn_in){{&account, 1}}, &out);
}

static void lead(void)
{
	struct card_in in = {.row = {.id = cards[pick(CARDS - 1)]}};
	struct nothing none;

	if (pick(2))
		in.row.master_id = cards[CARDS - 1];
	sent_set(&in.sent, offsetof(struct card_in, row.master_id));
	run(&op_card_change, &in, &none);
}

static struct uuid add_level(void)
{
	struct level_in in = {.row = {.name = STR("idle"),
				      .rank_order = pick(1000000),
				      .inactivity_bonus_erase_period = ERASE_DAYS}};
	struct id_out out;

	assert_int_equal(scene_run(&on, &op_level_add, &in, &out), ERR_OK);
	return out.id;
}

static struct uuid add_card(struct uuid level_id, bool active)
{
	static int number;
	char *barcode = arena_alloc(&on.on.arena, 16);
	struct card_in in = {.balance = {active ? pick(2) * 500 : 0},
			     .row = {.code = STR("1"), .level_id = level_id, .active = active}};
	struct id_out out;

	in.row.barcode = (struct str){barcode, (size_t)snprintf(barcode, 16, "st%d", number++)};
	assert_int_equal(scene_run(&on, &op_card_add, &in, &out), ERR_OK);
	return out.id;
}

/* The old card keeps its past; the new one, with the old one's master, goes on. */
static void replace(void)
{
	int i = (int)pick(CARDS);
	struct replacement_in in = {cards[i], add_card((struct uuid){{0}}, false)};
	struct nothing none;

	if (run(&op_card_replacement, &in, &none) == ERR_OK)
		cards[i] = in.new_id;
}

static void move_on(void)
{
	on.clock.fixed_ms += pick(4) ? pick(DAY_MS) : pick(ERASE_DAYS * DAY_MS);
}

static struct balance_info_out info_of(int card)
{
	struct balance_info_in in = {.id = cards[card]};
	struct balance_info_out out;

	assert_int_equal(scene_run(&on, &op_balance_info, &in, &out), ERR_OK);
	return out;
}

static struct explain_out explain(struct uuid card, int64_t at)
{
	struct explain_in in = {.id = card, .at = {at}};
	struct explain_out out;

	assert_int_equal(scene_run(&on, &op_balance_explain, &in, &out), ERR_OK);
	return out;
}

/* The parts add up to the whole. */
static void check_parts(const struct explain_out *out)
{
	const struct statement_lot *lot = out->lots.rows;
	const struct statement_hold *held = out->holds.rows;
	const struct statement_entry *entry = out->entries.rows;
	int64_t live = 0, pending = 0, holding = 0, sum = 0;

	for (size_t i = 0; i < out->lots.n; i++)
		*(lot[i].active_from.ms <= out->at.ms ? &live : &pending) += lot[i].remaining.minor;
	for (size_t i = 0; i < out->holds.n; i++)
		holding += held[i].sum.minor;
	for (size_t i = 0; i < out->entries.n; i++) {
		sum += entry[i].sum.minor;
		assert_int_equal(entry[i].seq, i + 1);
		assert_int_equal(entry[i].balance_after.minor, sum);
	}
	assert_int_equal(out->available.minor, live - out->debt.minor);
	assert_int_equal(out->pending.minor, pending);
	assert_int_equal(out->held.minor, holding);
	assert_true(live + pending + holding - out->debt.minor <= sum);
}

/* GET card, balance_info and balance_explain agree; what they say is kept. */
static void look(void)
{
	for (int i = 0; i < CARDS; i++) {
		size_t mark = arena_mark(&on.on.arena);
		struct balance_info_out info = info_of(i);
		struct explain_out out = explain(cards[i], 0);
		struct card_out card;

		assert_int_equal(scene_run(&on, &op_card_get, &(struct id_in){cards[i]}, &card),
				 ERR_OK);
		check_parts(&out);
		assert_int_equal(info.available.minor, card.card.available.minor);
		assert_int_equal(info.available.minor, out.available.minor);
		assert_int_equal(info.received.minor, card.card.row.received.minor);
		seen[seen_n].at = on.clock.fixed_ms;
		seen[seen_n].available = out.available.minor;
		seen[seen_n].held = out.held.minor;
		seen[seen_n++].card = cards[i];
		arena_reset(&on.on.arena, mark);
	}
}

/* What was told of a moment to come comes true when nothing is posted until then. */
static void foresee(void)
{
	int64_t at = on.clock.fixed_ms + 1 + pick(8 * DAY_MS), before = on.clock.fixed_ms;
	int card = (int)pick(CARDS);
	size_t mark = arena_mark(&on.on.arena);
	struct explain_out told = explain(cards[card], at);

	check_parts(&told);
	on.clock.fixed_ms = at;
	assert_int_equal(info_of(card).available.minor, told.available.minor);
	assert_int_equal(explain(cards[card], 0).held.minor, told.held.minor);
	on.clock.fixed_ms = before;
	arena_reset(&on.on.arena, mark);
}

static void check_past(uint64_t seed)
{
	for (size_t i = 0; i < seen_n; i++) {
		size_t mark = arena_mark(&on.on.arena);
		struct explain_out out = explain(seen[i].card, seen[i].at);

		check_parts(&out);
		if (out.available.minor != seen[i].available || out.held.minor != seen[i].held)
			fail_msg("seed %llu, moment %zu, card %zu at %lld: %lld held %lld, was "
				 "%lld held %lld",
				 (unsigned long long)seed, i / CARDS, i % CARDS,
				 (long long)seen[i].at, (long long)out.available.minor,
				 (long long)out.held.minor, (long long)seen[i].available,
				 (long long)seen[i].held);
		arena_reset(&on.on.arena, mark);
	}
}

static void step(void)
{
	static void (*const steps[])(void) = {post, post,    post, refund, hold,
					      hold, resolve, burn, lead,   replace};

	size_t mark = arena_mark(&on.on.arena);

	steps[pick((int64_t)COUNT(steps))]();
	arena_reset(&on.on.arena, mark);
	look();
	if (pick(4) == 0)
		foresee();
	move_on();
	on.clock.fixed_ms++; /* a moment is before or after a step, not within */
}

static void play(uint64_t seed, int64_t policy)
{
	struct uuid none = {{0}};

	random_state = seed;
	entries.n = holds.n = seen_n = 0;
	on.clock.fixed_ms = START_MS;
	on.settings.return_policy = policy;
	level = add_level();
	for (int i = 0; i < CARDS; i++)
		cards[i] = add_card(i > 0 ? level : none, true);
	for (int i = 0; i < STEPS; i++)
		step();
	check_past(seed);
}

static void test_the_past_is_told_as_it_was(void **state)
{
	const char *first = getenv("SEED");
	uint64_t from = first ? strtoull(first, NULL, 10) : 1;

	(void)state;
	for (uint64_t seed = from; seed < from + 3; seed++)
		play(seed, seed % 2 ? RETURN_NEGATIVE : RETURN_CLIP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_past_is_told_as_it_was),
	};
	int failed;

	if (!scene_open(&on, "test_statement"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	return failed;
}
