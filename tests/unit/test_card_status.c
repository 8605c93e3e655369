/* A card's status from its row, the graph of the page, check digits. */
#include "unit.h"

#include "label.h"
#include "numbers.h"
#include "status.h"

#define NOW INT64_C(1800000000000)

static void the_first_that_applies(void **state)
{
	const struct uuid someone = {{1}}, other = {{2}};
	const struct {
		struct card_row card;
		enum card_status status;
	} cases[] = {
		{{.live = 1}, CARD_NOT_ISSUED},
		{{.live = 1, .active = true}, CARD_NOT_ISSUED},
		{{.live = 1, .person_id = someone}, CARD_ISSUED},
		{{.live = 1, .person_id = someone, .active = true}, CARD_ACTIVE},
		{{.live = 1, .active = true, .blocked = true, .blocked_until = {NOW + 1}},
		 CARD_SUSPENDED},
		{{.live = 1, .active = true, .blocked = true, .blocked_until = {NOW}},
		 CARD_NOT_ISSUED},
		{{.live = 1, .person_id = someone, .active = true, .holder_locked = true},
		 CARD_SUSPENDED},
		{{.live = 1, .person_id = someone, .active = true, .valid_to = {NOW - 999}},
		 CARD_ACTIVE},
		{{.live = 1, .person_id = someone, .active = true, .valid_to = {NOW - 1000}},
		 CARD_EXPIRED},
		{{.live = 1, .blocked = true, .blocked_until = {NOW + 1}, .valid_to = {1}},
		 CARD_EXPIRED},
		{{.live = 0, .person_id = someone, .valid_to = {1}}, CARD_DELETED},
		{{.live = 1,
		  .person_id = someone,
		  .new_card_id = other,
		  .blocked = true,
		  .blocked_until = {BLOCKED_FOR_GOOD}},
		 CARD_SUSPENDED},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(card_status_of(&cases[i].card, (struct moment){NOW}),
				 cases[i].status);
}

/* The page's sentence, word for word: from the first to each of the others. */
static void the_graph_is_that_of_the_page(void **state)
{
	static const enum card_status all[] = {CARD_NOT_ISSUED, CARD_ISSUED,  CARD_ACTIVE,
					       CARD_SUSPENDED,  CARD_EXPIRED, CARD_DELETED};
	static const char *const lines[] = {
		"NOT_ISSUED: ISSUED ACTIVE SUSPENDED",
		"ISSUED: ACTIVE NOT_ISSUED SUSPENDED EXPIRED DELETED",
		"ACTIVE: NOT_ISSUED SUSPENDED EXPIRED DELETED",
		"SUSPENDED: ACTIVE ISSUED NOT_ISSUED EXPIRED DELETED",
		"EXPIRED:",
		"DELETED:",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		for (size_t j = 0; j < COUNT(all); j++) {
			char word[32];

			snprintf(word, sizeof(word), " %s", card_status_name(all[j]).at);
			const char *at = strstr(lines[i], word);
			bool whole = at && strchr(" ", at[strlen(word)]);
			assert_int_equal(card_status_may_follow(all[i], all[j]), whole);
		}
	}
}

static void names_are_found_by_their_case(void **state)
{
	(void)state;
	assert_int_equal(card_status_find(STR("SUSPENDED")), CARD_SUSPENDED);
	assert_int_equal(card_status_find(STR("suspended")), CARD_STATUS_NONE);
	assert_int_equal(card_status_find(STR("")), CARD_STATUS_NONE);
}

static void check_digits_are_checked(void **state)
{
	static const char *const good[] = {"79927398713", "4539578763621486", "PLAT79927398713",
					   "0", ""};
	static const char *const bad[] = {"79927398710", "4539578763621485", "PLAT79927398712",
					  "1"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(luhn_is_good(str_of(good[i])));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(luhn_is_good(str_of(bad[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_that_applies),
		cmocka_unit_test(the_graph_is_that_of_the_page),
		cmocka_unit_test(names_are_found_by_their_case),
		cmocka_unit_test(check_digits_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
