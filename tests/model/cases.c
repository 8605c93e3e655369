#include "cases.h"

#include "model_history.h"

#define HOUR INT64_C(3600000)
/* Hours after 00:00 of the first day. */
#define AT(h) (HISTORY_BEGIN + (h)*HOUR)
/* Number of the card, moment, further members. */
#define CARD(...)                                                                                  \
	{                                                                                          \
		.verb = MODEL_CARD, .other = MODEL_NONE, .flag = true, .card = __VA_ARGS__         \
	}
#define FOLLOWER(master, ...)                                                                      \
	{                                                                                          \
		.verb = MODEL_CARD, .other = (master), .flag = true, .card = __VA_ARGS__           \
	}
#define DO(v, ...)                                                                                 \
	{                                                                                          \
		.verb = MODEL_##v, .other = MODEL_NONE, .card = __VA_ARGS__                        \
	}

const struct model_case model_cases[] = {
	{"a card goes though a hold of it ran out after its points had ended",
	 {CARD(0, AT(1), .sum = 3, .days = 2), DO(HOLD, 0, AT(2), .sum = 2, .until = 24 * HOUR),
	  DO(DELETE, 0, AT(50)), DO(VOID, 0, AT(51), .of = 2)}},
	{"a follower's hold on its master's account goes with the follower",
	 {CARD(0, AT(1)), FOLLOWER(0, 1, AT(1) + 1), DO(ACCRUE, 1, AT(2), .sum = 10),
	  DO(HOLD, 1, AT(3), .sum = 7, .until = 24 * HOUR), DO(DELETE, 1, AT(4), .flag = true),
	  DO(CAPTURE, 0, AT(5), .of = 4)}},
	{"an accrual finds a change that nobody has written down",
	 {CARD(0, AT(1), .sum = 1), DO(ACCRUE, 0, AT(2), .sum = 388),
	  DO(HOLD, 0, AT(3), .sum = 386, .until = HOUR),
	  DO(ACCRUE, 0, AT(5), .sum = 21, .ends_days = 4), DO(SPEND, 0, AT(6), .sum = 410)}},
	{"what a hold gave back burns before new activity could save it",
	 {CARD(0, AT(1), .days = 1), DO(ACCRUE, 0, AT(2), .sum = 6), DO(SPEND, 0, AT(3), .sum = 2),
	  DO(HOLD, 0, AT(4), .sum = 4, .until = 30 * HOUR), DO(ACCRUE, 0, AT(80), .sum = 7)}},
	{"before a hold nothing was held",
	 {CARD(0, AT(1), .sum = 9),
	  DO(HOLD, 0, AT(2), .sum = 4, .until = HOUR, .seen_at = AT(2) - 1),
	  DO(BURN, 0, AT(4), .seen_at = AT(3) - 1), DO(BURN, 0, AT(5), .seen_at = AT(3))}},
	{"what has ended does not move to another card, though no job has burnt it",
	 {CARD(0, AT(1), .sum = 2),
	  DO(ACCRUE, 0, AT(2), .sum = 300, .ends_days = 1),
	  {.verb = MODEL_CARD, .other = MODEL_NONE, .card = 1, AT(30)},
	  {.verb = MODEL_REPLACE, .other = 1, .card = 0, AT(31)}}},
	{"what ended while a hold that ran out had it is no remainder",
	 {CARD(0, AT(1)), DO(ACCRUE, 0, AT(2), .sum = 4, .ends_days = 1),
	  DO(HOLD, 0, AT(3), .sum = 4, .until = 48 * HOUR), DO(DELETE, 0, AT(50), .flag = true),
	  DO(DELETE, 0, AT(51), .flag = true)}},
	{"a hold is over at the very end of its time, not before",
	 {CARD(0, AT(1), .sum = 9), DO(HOLD, 0, AT(2), .sum = 9, .until = HOUR),
	  DO(SPEND, 0, AT(3) - 1, .sum = 9), DO(CAPTURE, 0, AT(3) - 1, .of = 2, .sum = 2),
	  DO(HOLD, 0, AT(4), .sum = 7, .until = HOUR), DO(VOID, 0, AT(5), .of = 5),
	  DO(HOLD, 0, AT(6), .sum = 7, .until = HOUR), DO(SPEND, 0, AT(7), .sum = 7)}},
	{"a lot can be spent from its very start until before its very end",
	 {CARD(0, AT(1)), DO(ACCRUE, 0, AT(2), .sum = 9, .starts_days = 1, .ends_days = 2),
	  DO(SPEND, 0, AT(24) - 1, .sum = 1), DO(SPEND, 0, AT(24), .sum = 1),
	  DO(SPEND, 0, AT(48) - 1, .sum = 1), DO(HOLD, 0, AT(48), .sum = 1, .until = HOUR),
	  DO(REFUND, 0, AT(49), .of = 4)}},
	{"a hold goes with the replaced card that it was placed with",
	 {CARD(0, AT(1), .sum = 9),
	  DO(HOLD, 0, AT(2), .sum = 7, .until = 48 * HOUR),
	  {.verb = MODEL_CARD, .other = MODEL_NONE, .card = 1, AT(3)},
	  {.verb = MODEL_REPLACE, .other = 1, .card = 0, AT(4)},
	  DO(HOLD, 1, AT(5), .sum = 2, .until = 48 * HOUR),
	  DO(DELETE, 0, AT(6)),
	  DO(SPEND, 1, AT(7), .sum = 7),
	  DO(CAPTURE, 0, AT(8), .of = 2),
	  DO(CAPTURE, 1, AT(9), .of = 5)}},
	{"the activity of a card that had nothing left is known of on the card that took its place",
	 {CARD(0, AT(1), .days = 1),
	  DO(ACCRUE, 0, AT(30), .sum = 2),
	  DO(REFUND, 0, AT(31), .of = 2),
	  {.verb = MODEL_CARD, .other = MODEL_NONE, .card = 1, AT(32)},
	  {.verb = MODEL_REPLACE, .other = 1, .card = 0, AT(33)},
	  DO(ACCRUE, 1, AT(34), .sum = 20, .business = AT(5)),
	  DO(BURN, 1, AT(100), .seen_at = AT(40))}},
	{"activity that was taken over counts for the past when later activity has covered it",
	 {CARD(0, AT(1), .days = 1),
	  DO(ACCRUE, 0, AT(30), .sum = 2),
	  DO(REFUND, 0, AT(31), .of = 2),
	  {.verb = MODEL_CARD, .other = MODEL_NONE, .card = 1, AT(32)},
	  {.verb = MODEL_REPLACE, .other = 1, .card = 0, AT(33)},
	  DO(ACCRUE, 1, AT(34), .sum = 20, .business = AT(5)),
	  DO(ACCRUE, 1, AT(60), .sum = 3, .seen_at = AT(40))}},
	{"a debt that goes with its card is nothing received",
	 {CARD(0, AT(1)), DO(ACCRUE, 0, AT(2), .sum = 6, .ends_days = 1),
	  DO(POLICY, 0, AT(3), .sum = MODEL_NEGATIVE), DO(BURN, 0, AT(39)),
	  DO(REFUND, 0, AT(40), .of = 2), DO(DELETE, 0, AT(41))}},
	{"lots of the same dates keep their order on the card that they move to",
	 {CARD(0, AT(1)),
	  DO(ACCRUE, 0, AT(2), .sum = 1, .starts_days = 1),
	  DO(ACCRUE, 0, AT(3), .sum = 2, .starts_days = 1),
	  DO(ACCRUE, 0, AT(4), .sum = 4, .starts_days = 1),
	  DO(ACCRUE, 0, AT(5), .sum = 8, .starts_days = 1),
	  DO(ACCRUE, 0, AT(6), .sum = 16, .starts_days = 1),
	  {.verb = MODEL_CARD, .other = MODEL_NONE, .card = 1, AT(7)},
	  {.verb = MODEL_REPLACE, .other = 1, .card = 0, AT(8)},
	  DO(SPEND, 1, AT(30), .sum = 6, .seen_at = AT(30)),
	  DO(SPEND, 1, AT(31), .sum = 8, .seen_at = AT(31))}},
	{"what comes back to another card takes the place that it had",
	 {CARD(0, AT(1)),
	  DO(ACCRUE, 0, AT(2), .sum = 9, .starts_days = 1),
	  DO(ACCRUE, 0, AT(3), .sum = 9, .starts_days = 1),
	  DO(ACCRUE, 0, AT(4), .sum = 9, .starts_days = 1),
	  DO(SPEND, 0, AT(30), .sum = 9),
	  {.verb = MODEL_CARD, .other = MODEL_NONE, .card = 1, AT(31)},
	  {.verb = MODEL_REPLACE, .other = 1, .card = 0, AT(32)},
	  DO(REFUND, 1, AT(33), .of = 5),
	  DO(SPEND, 1, AT(34), .sum = 9, .seen_at = AT(34))}},
	{"what a return clipped is no fault of the books",
	 {CARD(0, AT(1)), DO(ACCRUE, 0, AT(2), .sum = 6, .ends_days = 1),
	  DO(REFUND, 0, AT(40), .of = 2, .doc = 1), DO(REFUND, 0, AT(41), .of = 2, .doc = 1)}},
};
const int model_cases_n = sizeof model_cases / sizeof model_cases[0];
