#include "../unit/unit.h"

#include "model.h"

/* Cases worked out by hand from the rules. Moments are hours after 00:00 of 10 January 2026 in
 * Moscow; amounts are whole points. */
#define BEGIN   INT64_C(1767992400000)
#define HOUR    INT64_C(3600000)
#define AT(h)   (BEGIN + (h)*HOUR)
#define DAY_END (AT(24) - 1)

/* After the command: what its card (or `look`) shows at `seen` (0 = then). */
struct step {
	struct model_command does;
	enum model_outcome outcome;
	unsigned faults;
	int64_t available, held, pending;
	int64_t seen;
	int look;                 /* number of the card + 1; 0 = the command's */
	int64_t expired, clipped; /* of a refund */
	bool replayed;
};

/* Number of the card, moment, further members. */
#define CARD(...)                                                                                  \
	.does = {.verb = MODEL_CARD, .other = MODEL_NONE, .flag = true, .card = __VA_ARGS__}
#define DO(v, ...) .does = {.verb = MODEL_##v, .card = __VA_ARGS__}

static struct model model;
static struct model_view view;

static int play(const struct step *steps, size_t n)
{
	model.n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct step *step = &steps[i];
		struct model_command does = step->does;
		does.name = (int)i + 1;
		struct model_answer answer = model_do(&model, &does);
		model_look(&model, step->look ? step->look - 1 : does.card,
			   step->seen ? step->seen : does.at, &view);
		if (answer.outcome != step->outcome || answer.faults != step->faults ||
		    answer.replayed != step->replayed || answer.expired != step->expired ||
		    answer.clipped != step->clipped || view.available != step->available ||
		    view.held != step->held || view.pending != step->pending) {
			print_error("step %zu: outcome %d faults %x expired %lld clipped %lld, "
				    "available %lld held %lld pending %lld\n",
				    i + 1, answer.outcome, answer.faults, (long long)answer.expired,
				    (long long)answer.clipped, (long long)view.available,
				    (long long)view.held, (long long)view.pending);
			return (int)i + 1;
		}
	}
	return 0;
}

#define PLAYS(steps) assert_int_equal(play(steps, COUNT(steps)), 0)

static void test_a_lot_is_live_from_its_start_until_before_its_end(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1))},
		{DO(ACCRUE, 0, AT(2), .sum = 10, .starts_days = 1, .ends_days = 2), .pending = 10},
		{DO(SPEND, 0, DAY_END, .sum = 1), MODEL_INSUFFICIENT, .pending = 10},
		{DO(SPEND, 0, AT(24), .sum = 1), .available = 9},
		{DO(SPEND, 0, AT(48) - 1, .sum = 1), .available = 8},
		{DO(SPEND, 0, AT(48), .sum = 1), MODEL_INSUFFICIENT},
		{DO(BURN, 0, AT(49)), .seen = AT(48) - 1, .available = 8},
		{DO(BURN, 0, AT(49)), .seen = AT(24) - 1, .pending = 10},
		{DO(BURN, 0, AT(49)), .seen = AT(2) - 1},
	};

	(void)state;
	PLAYS(steps);
	assert_int_equal(view.burnt, 0);
	model_look(&model, 0, AT(49), &view);
	assert_int_equal(view.burnt, 8);
}

static void test_what_ends_first_is_eaten_first_and_comes_back_last(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1), .sum = 5), .available = 5},
		{DO(ACCRUE, 0, AT(2), .sum = 5, .ends_days = 2), .available = 10},
		{DO(ACCRUE, 0, AT(3), .sum = 5, .ends_days = 1), .available = 15},
		{DO(SPEND, 0, AT(4), .sum = 12), .available = 3},
		{DO(REFUND, 0, AT(25), .of = 4, .sum = 3), .available = 6},
		{DO(REFUND, 0, AT(26), .of = 4, .sum = 5), .available = 10, .expired = 1},
		{DO(REFUND, 0, AT(27), .of = 4, .sum = 5), MODEL_CONFLICT, MODEL_TOO_MUCH,
		 .available = 10},
		{DO(REFUND, 0, AT(28), .of = 4), .available = 10, .expired = 4},
		{DO(REFUND, 0, AT(29), .of = 4), MODEL_CONFLICT, MODEL_TOO_MUCH, .available = 10},
	};

	(void)state;
	PLAYS(steps);
}

static void test_a_hold_is_resolved_once(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1), .sum = 10), .available = 10},
		{DO(HOLD, 0, AT(2), .sum = 4, .until = HOUR), .available = 6, .held = 4},
		{DO(CAPTURE, 0, AT(3) - 1, .of = 2, .sum = 5), MODEL_CONFLICT, MODEL_TOO_MUCH, 6,
		 4},
		{DO(CAPTURE, 0, AT(3) - 1, .of = 2, .sum = 3), .available = 7},
		{DO(VOID, 0, AT(3) - 1, .of = 2), MODEL_CONFLICT, MODEL_WAS_CAPTURED, 7},
		{DO(HOLD, 0, AT(3), .sum = 7, .until = HOUR), .held = 7},
		{DO(VOID, 0, AT(4), .of = 6), MODEL_CONFLICT, MODEL_WAS_EXPIRED, 7},
		{DO(HOLD, 0, AT(4), .sum = 8, .until = HOUR), MODEL_INSUFFICIENT, .available = 7},
		{DO(HOLD, 0, AT(5), .sum = 1, .until = HOUR), .available = 6, .held = 1},
		{DO(VOID, 0, AT(5), .of = 9), .available = 7},
		{DO(VOID, 0, AT(5), .of = 9), MODEL_CONFLICT, MODEL_WAS_VOIDED, 7},
		{DO(REFUND, 0, AT(6), .of = 4), .available = 10},
	};

	(void)state;
	PLAYS(steps);
}

static void test_a_held_part_is_pinned_past_its_end(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1))},
		{DO(ACCRUE, 0, AT(2), .sum = 10, .ends_days = 1), .available = 10},
		{DO(HOLD, 0, AT(3), .sum = 4, .until = 48 * HOUR), .available = 6, .held = 4},
		{DO(HOLD, 0, AT(3), .sum = 5, .until = 48 * HOUR), .available = 1, .held = 9},
		{DO(CAPTURE, 0, AT(30), .of = 3, .sum = 3), .held = 5},
		{DO(VOID, 0, AT(31), .of = 4)},
	};

	(void)state;
	PLAYS(steps);
	assert_int_equal(view.burnt, 7);
}

static void test_a_return_is_clipped_owed_or_refused(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1))},
		{DO(ACCRUE, 0, AT(2), .sum = 10), .available = 10},
		{DO(SPEND, 0, AT(3), .sum = 8), .available = 2},
		{DO(REFUND, 0, AT(4), .of = 2, .sum = 5), .clipped = 3},
		{DO(REFUND, 0, AT(4), .of = 2, .sum = 6), MODEL_CONFLICT, MODEL_TOO_MUCH},
		{DO(POLICY, 0, AT(4), .sum = MODEL_REFUSE)},
		{DO(REFUND, 0, AT(4), .of = 2, .sum = 1), MODEL_INSUFFICIENT},
		{DO(POLICY, 0, AT(4), .sum = MODEL_NEGATIVE)},
		{DO(REFUND, 0, AT(5), .of = 2), .available = -5},
		{DO(ACCRUE, 0, AT(6), .sum = 7, .starts_days = 1), .pending = 2},
		{DO(BURN, 0, AT(24)), .available = 2},
	};

	(void)state;
	PLAYS(steps);
}

static void test_a_refund_pays_the_debt(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1))},
		{DO(POLICY, 0, AT(1), .sum = MODEL_NEGATIVE)},
		{DO(ACCRUE, 0, AT(2), .sum = 10), .available = 10},
		{DO(SPEND, 0, AT(3), .sum = 10)},
		{DO(REFUND, 0, AT(4), .of = 3), .available = -10},
		{DO(REFUND, 0, AT(5), .of = 4, .sum = 4), .available = -6},
		{DO(REFUND, 0, AT(5), .of = 4), .available = 0},
		{DO(REFUND, 0, AT(5), .of = 6), MODEL_CONFLICT, MODEL_NO_REFUND},
	};

	(void)state;
	PLAYS(steps);
}

static void test_a_waiting_lot_is_returned_as_it_is(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1), .sum = 3), .available = 3},
		{DO(ACCRUE, 0, AT(2), .sum = 5, .starts_days = 1), .available = 3, .pending = 5},
		{DO(REFUND, 0, AT(3), .of = 2, .sum = 4), .available = 3, .pending = 1},
		{DO(REFUND, 0, AT(3), .of = 1, .sum = 1), MODEL_CONFLICT, MODEL_NO_REFUND, 3, 0, 1},
	};

	(void)state;
	PLAYS(steps);
}

static void test_the_same_document_is_posted_once(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1))},
		{DO(SPEND, 0, AT(1), .sum = 5, .doc = 1), MODEL_INSUFFICIENT},
		{DO(ACCRUE, 0, AT(1), .sum = 5, .doc = 1), .available = 5},
		{DO(ACCRUE, 0, AT(2), .sum = 5, .doc = 1), .available = 5, .replayed = true},
		{DO(ACCRUE, 0, AT(2), .sum = 6, .doc = 1), MODEL_MISMATCH, .available = 5},
		{DO(SPEND, 0, AT(2), .sum = 3, .doc = 1), .available = 2},
		{DO(SPEND, 0, AT(2), .sum = 1, .doc = 1, .doc_type = 2), .available = 1},
		{DO(BLOCK, 0, AT(2), .until = AT(3)), .available = 1},
		{DO(SPEND, 0, AT(2), .sum = 3, .doc = 1), .available = 1, .replayed = true},
		{DO(REFUND, 0, AT(2), .of = 6, .sum = 2, .doc = 1), .available = 3},
		{DO(REFUND, 0, AT(2), .of = 6, .sum = 2, .doc = 1), .available = 3,
		 .replayed = true},
		{DO(REFUND, 0, AT(2), .of = 6, .sum = 1, .doc = 1), MODEL_MISMATCH, .available = 3},
		{DO(REFUND, 0, AT(2), .of = 7, .sum = 1, .doc = 1), .available = 4},
	};

	(void)state;
	PLAYS(steps);
}

static void test_a_card_must_be_fit_to_post(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1), .sum = 9, .valid_from = AT(2), .valid_to = AT(4)), .available = 9},
		{DO(SPEND, 0, AT(2) - 1, .sum = 1), MODEL_CONFLICT, MODEL_NOT_VALID, 9},
		{DO(SPEND, 0, AT(2), .sum = 1), .available = 8},
		{DO(BLOCK, 0, AT(2), .until = AT(3)), .available = 8},
		{DO(ACCRUE, 0, AT(3) - 1, .sum = 1), MODEL_CONFLICT, MODEL_BLOCKED, 8},
		{DO(ACCRUE, 0, AT(3), .sum = 1), .available = 9},
		{DO(DEACTIVATE, 0, AT(3)), .available = 9},
		{DO(HOLD, 0, AT(3), .sum = 1, .until = 1), MODEL_CONFLICT, MODEL_INACTIVE, 9},
		{DO(ACCRUE, 0, AT(3), .sum = 1), .available = 10},
		{DO(ACTIVATE, 0, AT(3)), .available = 10},
		{DO(SPEND, 0, AT(4) + 999, .sum = 1), .available = 9},
		{DO(SPEND, 0, AT(4) + 1000, .sum = 1), MODEL_CONFLICT, MODEL_NOT_VALID, 9},
		{DO(DELETE, 0, AT(5), .flag = true), MODEL_CONFLICT, MODEL_REMAINDER, 9},
		{DO(DELETE, 0, AT(5))},
		{DO(ACCRUE, 0, AT(5), .sum = 1), MODEL_CONFLICT, MODEL_DELETED},
		{DO(ACCRUE, 1, AT(5), .sum = 1), MODEL_NOT_FOUND},
	};

	(void)state;
	PLAYS(steps);
}

static void test_postings_go_to_the_master(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1), .sum = 5), .available = 5},
		{CARD(1, AT(1), .sum = 4), .available = 4},
		{DO(MASTER, 1, AT(1), .other = 0), .available = 5},
		{DO(MASTER, 0, AT(1), .other = 1), MODEL_CONFLICT, MODEL_CHAIN, 5},
		{DO(SPEND, 1, AT(2), .sum = 2), .available = 3, .look = 1},
		{DO(HOLD, 1, AT(2), .sum = 1, .until = HOUR), .available = 2, .held = 1},
		{DO(MASTER, 1, AT(2), .other = MODEL_NONE), MODEL_CONFLICT, MODEL_HOLDS_OPEN, 2, 1},
		{DO(VOID, 1, AT(2), .of = 6), .available = 3},
		{DO(DELETE, 0, AT(2)), MODEL_CONFLICT, MODEL_LEADS, 3},
		{DO(BLOCK, 0, AT(2), .until = AT(3)), .available = 3},
		{DO(SPEND, 1, AT(2), .sum = 1), MODEL_CONFLICT, MODEL_BLOCKED, 3},
		{DO(MASTER, 1, AT(3), .other = MODEL_NONE), .available = 4},
		{DO(REFUND, 1, AT(3), .of = 5), .available = 5, .look = 1},
	};

	(void)state;
	PLAYS(steps);
}

static void test_a_replacement_moves_all(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1), .sum = 5), .available = 5},
		{CARD(1, AT(1))},
		{DO(DEACTIVATE, 1, AT(1))},
		{DO(ACCRUE, 0, AT(1), .sum = 3, .starts_days = 1), .available = 5, .pending = 3},
		{DO(SPEND, 0, AT(1), .sum = 1), .available = 4, .pending = 3},
		{DO(HOLD, 0, AT(1), .sum = 2, .until = HOUR), .available = 2, .held = 2,
		 .pending = 3},
		{DO(REPLACE, 1, AT(1), .other = 0), MODEL_CONFLICT,
		 MODEL_OLD_CARD | MODEL_NEW_CARD},
		{DO(REPLACE, 0, AT(1), .other = 1), .available = 2, .held = 2, .pending = 3,
		 .look = 2},
		{DO(ACCRUE, 0, AT(2) - 1, .sum = 3), MODEL_CONFLICT,
		 MODEL_REPLACED | MODEL_BLOCKED},
		{DO(CAPTURE, 0, AT(2) - 1, .of = 6), .available = 2, .pending = 3, .look = 2},
		{DO(REFUND, 0, AT(2), .of = 5), .available = 3, .pending = 3, .look = 2},
		{DO(REFUND, 0, AT(2), .of = 4), .available = 3, .look = 2},
		{DO(UNBLOCK, 0, AT(2)), MODEL_CONFLICT, MODEL_REPLACED},
	};

	(void)state;
	PLAYS(steps);
}

static void test_idle_points_end_by_the_clock(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1), .days = 2)},
		{DO(ACCRUE, 0, AT(2), .sum = 5), .available = 5, .seen = AT(48) - 1},
		{DO(ACCRUE, 0, AT(3), .sum = 5), .seen = AT(48)},
		{DO(SPEND, 0, AT(48) - 1, .sum = 4), .available = 6, .seen = AT(72) - 1},
		{DO(BURN, 0, AT(72))},
		{DO(ACCRUE, 0, AT(73), .sum = 2), .available = 2},
	};

	(void)state;
	PLAYS(steps);
	assert_int_equal(view.burnt, 6);
}

static void test_counted_postings_are_limited_by_calendar_periods(void **state)
{
	static const struct step steps[] = {
		{CARD(0, AT(1), .limit = MODEL_TWO_A_DAY)},
		{DO(ACCRUE, 0, AT(2), .sum = 5, .counted = true), .available = 5},
		{DO(SPEND, 0, AT(2), .sum = 9, .counted = true), MODEL_INSUFFICIENT,
		 .available = 5},
		{DO(SPEND, 0, AT(24) - 1, .sum = 1, .counted = true), .available = 4},
		{DO(SPEND, 0, AT(24) - 1, .sum = 1, .counted = true), MODEL_CONFLICT, MODEL_LIMIT,
		 4},
		{DO(SPEND, 0, AT(24) - 1, .sum = 1), .available = 3},
		{DO(SPEND, 0, AT(24), .sum = 1, .counted = true), .available = 2},
		{CARD(1, AT(24), .limit = MODEL_THREE_A_WEEK)},
		{DO(ACCRUE, 1, AT(24), .sum = 1, .counted = true), .available = 1},
		{DO(ACCRUE, 1, AT(48) - 2, .sum = 1, .counted = true), .available = 2},
		{DO(ACCRUE, 1, AT(48) - 1, .sum = 1, .counted = true), .available = 3},
		{DO(ACCRUE, 1, AT(48) - 1, .sum = 1, .counted = true), MODEL_CONFLICT, MODEL_LIMIT,
		 3},
		{DO(ACCRUE, 1, AT(48), .sum = 1, .counted = true), .available = 4},
	};

	(void)state;
	PLAYS(steps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_lot_is_live_from_its_start_until_before_its_end),
		cmocka_unit_test(test_what_ends_first_is_eaten_first_and_comes_back_last),
		cmocka_unit_test(test_a_hold_is_resolved_once),
		cmocka_unit_test(test_a_held_part_is_pinned_past_its_end),
		cmocka_unit_test(test_a_return_is_clipped_owed_or_refused),
		cmocka_unit_test(test_a_refund_pays_the_debt),
		cmocka_unit_test(test_a_waiting_lot_is_returned_as_it_is),
		cmocka_unit_test(test_the_same_document_is_posted_once),
		cmocka_unit_test(test_a_card_must_be_fit_to_post),
		cmocka_unit_test(test_postings_go_to_the_master),
		cmocka_unit_test(test_a_replacement_moves_all),
		cmocka_unit_test(test_idle_points_end_by_the_clock),
		cmocka_unit_test(test_counted_postings_are_limited_by_calendar_periods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
