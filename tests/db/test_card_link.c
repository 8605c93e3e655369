/* Cards linked to a holder and taken from him: each rule on both sides, all or nothing, races. */
#include "unit.h"

#include "attach.h"
#include "db.h"
#include "deck.h"
#include "details.h"
#include "issue.h"
#include "label.h"
#include "person.h"
#include "person_card.h"
#include "uuid.h"

static struct scene on;

struct change {
	struct uuid person_id;
	struct card_entry remove, add; /* number at NULL = none */
};

/* What changeIdentifier does with cards. */
static enum err change_cards(struct ctx *ctx, const struct change *in, struct nothing *out)
{
	struct person_row holder;
	enum err err = person_lock(ctx, &in->person_id, "id", &holder);

	(void)out;
	if (err == ERR_OK && in->remove.number.at)
		err = card_unlink(ctx, &holder, &in->remove, "remove");
	if (err == ERR_OK && in->add.number.at)
		err = card_link(ctx, &holder, &in->add, "add");
	return err;
}
OPERATION(change_cards, struct change, struct nothing, .mutates = true);

static struct card_entry entry(struct str number, const char *label)
{
	return (struct card_entry){.number = number, .label = str_of(label)};
}

static struct str fresh_number(void)
{
	static int n;
	char text[32];
	int len = snprintf(text, sizeof(text), "N%d", ++n);

	return (struct str){arena_strndup(on.ctx.arena, text, (size_t)len), (size_t)len};
}

static int64_t series_with(int64_t most, int64_t days)
{
	struct str code = fresh_number();
	struct series_in in = {.row = {.code = code,
				       .kind = SERIES_PHYSICAL,
				       .expiry_enabled = days > 0,
				       .expiry_days = days,
				       .max_per_person = most}};
	struct series_out out;

	assert_int_equal(scene_run(&on, &op_series_add, &in, &out), ERR_OK);
	return out.series.row.serial;
}

static enum err run_issue(struct ctx *ctx, const struct card_issue_in *in,
			  struct card_issue_out *out)
{
	return card_issue(ctx, in, NULL, out);
}
OPERATION(run_issue, struct card_issue_in, struct card_issue_out, .mutates = true,
	  .serials = SERIAL_BIT(SERIAL_CARD));

static struct str card_of(int64_t series)
{
	struct card_issue_in in = {.number = fresh_number(), .series_serial = series};
	struct card_issue_out out;

	assert_int_equal(scene_run(&on, &op_run_issue, &in, &out), ERR_OK);
	return in.number;
}

static enum err link_card(struct uuid person, struct card_entry add)
{
	struct change in = {.person_id = person, .add = add};
	struct nothing out;

	return scene_run(&on, &op_change_cards, &in, &out);
}

static enum err unlink_card(struct uuid person, struct card_entry remove)
{
	struct change in = {.person_id = person, .remove = remove};
	struct nothing out;

	return scene_run(&on, &op_change_cards, &in, &out);
}

static struct card_details see(struct str number)
{
	struct card_details_in in = {number};
	struct card_details_out out;

	assert_int_equal(scene_run(&on, &op_card_details, &in, &out), ERR_OK);
	return out.details;
}

/* From when it was given, but for what the clock went on meanwhile. */
static bool lasts(const struct card_row *card, int64_t days)
{
	int64_t ms = card->valid_to.ms - card->attached_at.ms - days * INT64_C(86400000);

	return ms >= 0 && ms < 60000;
}

static void assert_refused(enum err err, enum err wanted, const char *member, enum reason reason)
{
	assert_int_equal(err, wanted);
	assert_true(scene_refused(&on, member, reason));
}

static void test_a_card_is_linked_and_delinked(void **state)
{
	struct uuid person = deck_person(&on, false);
	struct str card = card_of(series_with(0, 10));

	(void)state;
	assert_int_equal(link_card(person, entry(card, "ACTIVE")), ERR_OK);
	struct card_details details = see(card);
	assert_int_equal(details.status, CARD_ACTIVE);
	assert_true(details.card.active);
	assert_true(lasts(&details.card, 10));
	assert_refused(link_card(person, entry(card, "active")), ERR_CONFLICT, "add",
		       REASON_LABEL_SAME);
	assert_refused(link_card(person, entry(card, "ISSUED")), ERR_CONFLICT, "add",
		       REASON_TRANSITION);
	assert_int_equal(unlink_card(person, entry(card, "NOT_ISSUED")), ERR_OK);
	details = see(card);
	assert_int_equal(details.status, CARD_NOT_ISSUED);
	assert_int_equal(details.customer, 0);
	assert_true(details.card.active); /* delinking leaves it */
	assert_int_equal(link_card(person, entry(card, "ISSUED")), ERR_OK);
	assert_int_equal(see(card).status, CARD_ISSUED);
	assert_int_equal(link_card(person, entry(card, "ACTIVE")), ERR_OK);
}

/* Whoever gives the card away, its days begin; an end that is set stays. */
static void test_the_days_of_a_series_begin_in_every_dialect(void **state)
{
	struct uuid person = deck_person(&on, false);
	int64_t series = series_with(0, 10);
	struct str cards[] = {card_of(series), card_of(series), card_of(series_with(0, 0))};
	const int64_t wanted[] = {0, INT64_C(4000000000000), 0};
	struct nothing out;

	(void)state;
	deck_sql(&on, "UPDATE card SET valid_to = 4000000000000 WHERE id = %s",
		 see(cards[1]).card.id);
	for (size_t i = 0; i < COUNT(cards); i++) {
		struct card_attach_in in = {.person_id = person, .card_id = see(cards[i]).card.id};

		assert_int_equal(scene_run(&on, &op_card_attach_user, &in, &out), ERR_OK);
		struct card_row card = see(cards[i]).card;
		if (i == 0)
			assert_true(lasts(&card, 10));
		else
			assert_int_equal(card.valid_to.ms, wanted[i]);
	}
}

static void test_labels_are_checked_first(void **state)
{
	struct uuid person = deck_person(&on, false);
	struct str none = STR("no such card");

	(void)state;
	assert_refused(link_card(person, entry(none, "")), ERR_INVALID, "add",
		       REASON_LABEL_REQUIRED);
	assert_refused(link_card(person, entry(none, "GONE")), ERR_INVALID, "add",
		       REASON_LABEL_UNKNOWN);
	assert_refused(link_card(person, entry(none, "NOT_ISSUED")), ERR_INVALID, "add",
		       REASON_LABEL_STATUS);
	assert_refused(unlink_card(person, entry(none, "ACTIVE")), ERR_INVALID, "remove",
		       REASON_LABEL_STATUS);
	assert_refused(link_card(person, entry(none, "ACTIVE")), ERR_NOT_FOUND, "add",
		       REASON_CARD_UNKNOWN);
	assert_refused(unlink_card(person, entry(none, "NOT_ISSUED")), ERR_NOT_FOUND, "remove",
		       REASON_CARD_UNKNOWN);
}

static void test_a_card_is_of_its_series_and_in_time(void **state)
{
	struct uuid person = deck_person(&on, false);
	int64_t series = series_with(0, 0), other = series_with(0, 0);
	struct str card = card_of(series);
	struct card_entry add = entry(card, "ACTIVE");

	(void)state;
	add.series_serial = other;
	assert_refused(link_card(person, add), ERR_CONFLICT, "add", REASON_OTHER_SERIES);
	add.series_serial = series;
	add.series_code = STR("none");
	assert_refused(link_card(person, add), ERR_CONFLICT, "add", REASON_OTHER_SERIES);
	add.series_code = see(card).series.code;
	assert_int_equal(link_card(person, add), ERR_OK);
	deck_sql(&on, "UPDATE card SET valid_to = 1 WHERE id = %s", see(card).card.id);
	assert_refused(link_card(person, add), ERR_CONFLICT, "add", REASON_CARD_EXPIRED);
	assert_refused(unlink_card(person, entry(card, "NOT_ISSUED")), ERR_CONFLICT, "remove",
		       REASON_CARD_EXPIRED);
}

static void test_a_card_is_of_one_holder(void **state)
{
	struct uuid first = deck_person(&on, false), second = deck_person(&on, false);
	struct str card = card_of(series_with(0, 0));

	(void)state;
	assert_refused(unlink_card(first, entry(card, "NOT_ISSUED")), ERR_CONFLICT, "remove",
		       REASON_NOT_LINKED);
	assert_int_equal(link_card(first, entry(card, "ACTIVE")), ERR_OK);
	assert_refused(link_card(second, entry(card, "ACTIVE")), ERR_CONFLICT, "add",
		       REASON_LINKED_OTHER);
	assert_refused(unlink_card(second, entry(card, "NOT_ISSUED")), ERR_CONFLICT, "remove",
		       REASON_NOT_LINKED);
}

static void test_limits_have_two_sides(void **state)
{
	struct uuid person = deck_person(&on, false);
	int64_t series = series_with(2, 0), other = series_with(0, 0);
	struct str cards[] = {card_of(series), card_of(series), card_of(series), card_of(other)};

	(void)state;
	assert_int_equal(link_card(person, entry(cards[0], "ACTIVE")), ERR_OK);
	assert_int_equal(link_card(person, entry(cards[1], "ISSUED")), ERR_OK);
	assert_refused(link_card(person, entry(cards[2], "ACTIVE")), ERR_CONFLICT, "add",
		       REASON_SERIES_FULL);
	on.settings.cards_per_user = 2;
	assert_refused(link_card(person, entry(cards[3], "ACTIVE")), ERR_CONFLICT, "add",
		       REASON_CARDS_PER_USER);
	on.settings.cards_per_user = 3;
	assert_int_equal(link_card(person, entry(cards[3], "ACTIVE")), ERR_OK);
	on.settings.cards_per_user = 0;
	struct change swap = {.person_id = person,
			      .remove = entry(cards[0], "NOT_ISSUED"),
			      .add = entry(cards[2], "ACTIVE")};
	struct nothing out;
	assert_int_equal(scene_run(&on, &op_change_cards, &swap, &out), ERR_OK);
	assert_int_equal(see(cards[0]).customer, 0);
	assert_int_not_equal(see(cards[2]).customer, 0);
}

static void test_all_or_nothing(void **state)
{
	struct uuid person = deck_person(&on, false);
	int64_t series = series_with(0, 0);
	struct str mine = card_of(series);
	struct change in = {.person_id = person,
			    .remove = entry(mine, "NOT_ISSUED"),
			    .add = entry(STR("none"), "ACTIVE")};
	struct nothing out;

	(void)state;
	assert_int_equal(link_card(person, entry(mine, "ACTIVE")), ERR_OK);
	assert_int_equal(scene_run(&on, &op_change_cards, &in, &out), ERR_NOT_FOUND);
	assert_int_equal(see(mine).status, CARD_ACTIVE);
}

static void test_an_external_id_that_two_cards_have_is_none(void **state)
{
	struct uuid person = deck_person(&on, false);
	struct card_entry add = {.number = STR("twice"), .external = true, .label = STR("ACTIVE")};
	struct str cards[] = {card_of(series_with(0, 0)), card_of(series_with(0, 0))};

	(void)state;
	for (size_t i = 0; i < 2; i++)
		deck_sql(&on, "UPDATE card SET code = 'twice', code_key = 'twice' WHERE id = %s",
			 see(cards[i]).card.id);
	assert_refused(link_card(person, add), ERR_CONFLICT, "add", REASON_EXTERNAL_TAKEN);
	deck_sql(&on, "UPDATE card SET code_key = 'once' WHERE id = %s", see(cards[0]).card.id);
	assert_int_equal(link_card(person, add), ERR_OK);
	assert_int_equal(see(cards[1]).status, CARD_ACTIVE);
}

static void test_the_log_knows_whoever_changed_it(void **state)
{
	struct uuid person = deck_person(&on, false);
	struct str card = card_of(series_with(0, 0));
	struct uuid id = see(card).card.id;
	struct card_block_in block = {.id = id, .description = STR("lost")};
	struct card_details_in in = {card};
	struct card_attach_in attach = {.person_id = person, .card_id = id};
	static const enum card_status wanted[] = {CARD_NOT_ISSUED, CARD_ISSUED, CARD_ACTIVE,
						  CARD_SUSPENDED, CARD_DELETED};
	struct card_activate_in activate = {.id = id};
	struct card_delete_in end = {.id = id};
	struct status_log_out log;
	struct nothing out;

	(void)state;
	assert_int_equal(scene_run(&on, &op_card_attach_user, &attach, &out), ERR_OK);
	assert_int_equal(scene_run(&on, &op_card_activate, &activate, &out), ERR_OK);
	assert_int_equal(scene_run(&on, &op_card_block, &block, &out), ERR_OK);
	assert_int_equal(scene_run(&on, &op_card_delete, &end, &out), ERR_OK);
	assert_int_equal(scene_run(&on, &op_card_status_log, &in, &log), ERR_OK);
	assert_int_equal(log.entries.n, COUNT(wanted));
	const struct status_entry *entries = log.entries.rows;
	for (size_t i = 0; i < COUNT(wanted); i++) {
		assert_int_equal(entries[i].status, wanted[i]);
		assert_int_equal(entries[i].is_last, i + 1 == COUNT(wanted));
	}
}

static struct str racer_card;
static struct uuid racer_person[8];

static enum err race_link(struct scene *scene, int number)
{
	struct change in = {.person_id = racer_person[number], .add = entry(racer_card, "ACTIVE")};
	struct nothing out;

	return scene_run(scene, &op_change_cards, &in, &out);
}

static void test_of_many_one_gets_the_card(void **state)
{
	int counts[ERR__MAX];

	(void)state;
	racer_card = card_of(series_with(0, 0));
	for (size_t i = 0; i < COUNT(racer_person); i++)
		racer_person[i] = deck_person(&on, false);
	deck_race(&on, COUNT(racer_person), race_link, counts);
	assert_int_equal(counts[ERR_OK], 1);
	assert_int_equal(counts[ERR_CONFLICT], COUNT(racer_person) - 1);
}

static struct str racer_cards[8];

static enum err race_limit(struct scene *scene, int number)
{
	struct change in = {.person_id = racer_person[0],
			    .add = entry(racer_cards[number], "ACTIVE")};
	struct nothing out;

	return scene_run(scene, &op_change_cards, &in, &out);
}

static void test_the_limit_of_a_series_holds_against_many(void **state)
{
	int64_t series = series_with(3, 0);
	int counts[ERR__MAX];

	(void)state;
	racer_person[0] = deck_person(&on, false);
	for (size_t i = 0; i < COUNT(racer_cards); i++)
		racer_cards[i] = card_of(series);
	deck_race(&on, COUNT(racer_cards), race_limit, counts);
	assert_int_equal(counts[ERR_OK], 3);
	assert_int_equal(counts[ERR_CONFLICT], COUNT(racer_cards) - 3);
	assert_true(deck_counts_hold(&on));
}

static int set_up(void **state)
{
	(void)state;
	return scene_open(&on, "test_card_link") ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&on);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_card_is_linked_and_delinked),
		cmocka_unit_test(test_the_days_of_a_series_begin_in_every_dialect),
		cmocka_unit_test(test_labels_are_checked_first),
		cmocka_unit_test(test_a_card_is_of_its_series_and_in_time),
		cmocka_unit_test(test_a_card_is_of_one_holder),
		cmocka_unit_test(test_limits_have_two_sides),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_an_external_id_that_two_cards_have_is_none),
		cmocka_unit_test(test_the_log_knows_whoever_changed_it),
		cmocka_unit_test(test_of_many_one_gets_the_card),
		cmocka_unit_test(test_the_limit_of_a_series_holds_against_many),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
