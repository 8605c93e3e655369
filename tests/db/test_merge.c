/* Customers merged and erased: what goes over, what stays, and others at the same time. */
#include "unit.h"

#include "people.h"
#include "erase.h"
#include "merge.h"
#include "person_card.h"
#include "uuid.h"

/* What a merge brings over. */
static void test_a_merge_brings_all_over(void **state)
{
	struct uuid victim = person_with("79110000001", "victim@example.org");
	struct uuid survivor = person_with("", "survivor@example.org");
	struct uuid mine = deck_card(&on, (struct card_in){.row = {.active = true}});
	struct uuid theirs = deck_card(&on, (struct card_in){.row = {.active = true}});
	struct identifier_change_out out;
	struct uuid hold;

	(void)state;
	attach(survivor, theirs);
	attach(victim, mine);
	deck_on(&on, mine, 5000, 10, 0);
	deck_on(&on, mine, 700, 0, 3);
	assert_int_equal(deck_hold(&on, mine, 1000, &hold), ERR_OK);
	assert_int_equal(add(survivor, "WEB", NULL, entry("wechat", "both"), NULL), ERR_OK);
	assert_int_equal(add(victim, "MANY", "a", entry("wechat", "BOTH"), &out), ERR_OK);
	assert_int_equal(out.created_id, serial_of(survivor));
	assert_int_equal(out.warnings.n, 1);
	assert_int_equal(((struct warning *)out.warnings.rows)->reason, REASON_MERGED);
	assert_true(holds(survivor, mine));
	assert_int_equal(deck_see(&on, mine).available.minor, 4000);
	assert_int_equal(deck_capture(&on, hold, 1000), ERR_OK);
	assert_int_equal(rows_of(victim), 0);
	assert_int_equal(rows_of(survivor), 5);
	assert_true(str_eq(look(survivor).email, STR("survivor@example.org")));
	assert_true(str_eq(look(survivor).phone, STR("79110000001")));
	assert_int_equal(add(victim, "WEB", NULL, entry("wechat", "new"), NULL), ERR_CONFLICT);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_MERGED);
	assert_int_equal(atoll(on.ctx.detail.member), serial_of(survivor));
	assert_true(deck_is_sound(&on));
	assert_true(deck_counts_hold(&on));
	/* The survivor's e-mail stays the victim's too: nobody else can have it. */
	assert_int_equal(add(survivor, "INSTORE", NULL, entry("email", "victim@example.org"), NULL),
			 ERR_TAKEN);
	assert_int_equal(on.ctx.detail.reason, REASON_IDENTIFIER_OWN);
}

static void check_alias(struct uuid of, struct uuid is)
{
	struct person_found found;

	assert_int_equal(person_resolve(&on.ctx, serial_of(of), &found), ERR_OK);
	assert_true(uuid_eq(&found.id, &is) && found.alias && !found.removed);
	assert_int_equal(found.serial, serial_of(is));
}

static void test_aliases_lead_to_the_last(void **state)
{
	struct uuid a = person_with("", ""), b = person_with("", ""), c = person_with("", "");

	(void)state;
	assert_int_equal(add(b, "WEB", NULL, entry("line", "b"), NULL), ERR_OK);
	assert_int_equal(add(c, "WEB", NULL, entry("line", "c"), NULL), ERR_OK);
	assert_int_equal(add(a, "INSTORE", NULL, entry("line", "b"), NULL), ERR_OK);
	check_alias(a, b);
	assert_int_equal(add(b, "INSTORE", NULL, entry("line", "c"), NULL), ERR_OK);
	check_alias(a, c);
	check_alias(b, c);
	assert_int_equal(add(a, "INSTORE", NULL, entry("line", "d"), NULL), ERR_CONFLICT);
	assert_int_equal(atoll(on.ctx.detail.member), serial_of(c));
}

/* Two entries of one call that belong to two others: one customer is left of three. */
static void test_one_call_may_merge_twice(void **state)
{
	struct uuid a = person_with("", ""), b = person_with("", ""), c = person_with("", "");
	struct uuid card = deck_card(&on, (struct card_in){.balance = {0}});
	struct identifier_change_in in = {.customer_id = serial_of(a), .source = STR("INSTORE")};
	struct identifier_change_out out;

	(void)state;
	attach(a, card);
	assert_int_equal(add(b, "WEB", NULL, entry("jd_uname", "b"), NULL), ERR_OK);
	assert_int_equal(add(c, "WEB", NULL, entry("jd_uname", "c"), NULL), ERR_OK);
	put(&in.add, entry("jd_uname", "b"));
	put(&in.add, entry("jd_uname", "c"));
	assert_int_equal(change(&in, &out), ERR_OK);
	assert_int_equal(out.created_id, serial_of(c));
	assert_int_equal(out.warnings.n, 2);
	check_alias(a, c);
	check_alias(b, c);
	assert_int_equal(rows_of(c), 4);
	assert_true(holds(c, card));
}

#define RACERS 12

static struct uuid racer[RACERS], racer_card[RACERS];
static int64_t racer_serial; /* of the first */

/* Each has a name in WEB and takes the next one's in INSTORE: a ring of merges. */
static enum err race_ring(struct scene *scene, int number)
{
	char value[32];
	struct identifier_change_in in = {.source = STR("INSTORE")};
	struct identifier_change_out out;

	snprintf(value, sizeof value, "ring%d", (number + 1) % RACERS);
	in.customer_id = racer_serial + number;
	put(&in.add, entry("cuid", value));
	enum err err = scene_run(scene, &op_identifier_change, &in, &out);
	return err == ERR_BUSY ? scene_run(scene, &op_identifier_change, &in, &out) : err;
}

static void test_merges_that_cross(void **state)
{
	int counts[ERR__MAX];
	char value[32];

	(void)state;
	for (int i = 0; i < RACERS; i++) {
		racer[i] = person_with("", "");
		racer_card[i] = deck_card(&on, (struct card_in){.row = {.active = true}});
		attach(racer[i], racer_card[i]);
		deck_on(&on, racer_card[i], 100, 0, 0);
		snprintf(value, sizeof value, "ring%d", i);
		assert_int_equal(add(racer[i], "WEB", NULL, entry("cuid", value), NULL), ERR_OK);
	}
	racer_serial = serial_of(racer[0]); /* serials follow each other */
	assert_int_equal(serial_of(racer[RACERS - 1]), serial_of(racer[0]) + RACERS - 1);
	deck_race(&on, RACERS, race_ring, counts);
	assert_int_equal(counts[ERR_OK] + counts[ERR_CONFLICT], RACERS);
	long long holders = scene_number(
		&on, "SELECT COUNT(DISTINCT person_id) FROM identifier WHERE kind = 9");
	long long living = 0;
	for (int i = 0; i < RACERS; i++) {
		struct card card = deck_see(&on, racer_card[i]);
		assert_int_equal(card.available.minor, 100);
		assert_false(uuid_is_unset(&card.row.person_id));
		look(card.row.person_id);
		living += deck_number(&on, "SELECT COUNT(*) FROM person WHERE live = 1 AND id = %s",
				      racer[i]);
	}
	assert_int_equal(holders, living);
	assert_int_equal(scene_number(&on,
				      "SELECT COUNT(*) FROM identifier i JOIN identifier j ON "
				      "i.kind = 9 AND j.kind = 9 AND i.value_key = j.value_key "
				      "AND i.person_id <> j.person_id"),
			 0);
	assert_true(deck_is_sound(&on));
	assert_true(deck_counts_hold(&on));
}

/* Postings on the victim's card, cards that come to it, and merges, all at once. */
static enum err race_mixed(struct scene *scene, int number)
{
	struct identifier_change_in in = {.customer_id = racer_serial, .source = STR("INSTORE")};
	struct identifier_change_out changed;
	struct nothing out;
	enum err err = ERR_OK;

	put(&in.add, entry("vip_uname", "mixed"));
	for (int i = 0; i < 8 && err == ERR_OK; i++) {
		if (number % 3 == 0)
			err = deck_off(scene, racer_card[0], 1, NULL);
		else if (number % 3 == 1)
			err = scene_run(scene, &op_card_attach_user,
					&(struct card_attach_in){racer[0], racer_card[number]},
					&out);
		else
			err = scene_run(scene, &op_identifier_change, &in, &changed);
	}
	return err == ERR_NOT_FOUND || err == ERR_CONFLICT || err == ERR_BUSY ? ERR_OK : err;
}

static void test_a_merge_meets_postings_and_new_cards(void **state)
{
	int counts[ERR__MAX];
	struct uuid survivor = person_with("", "");

	(void)state;
	racer[0] = person_with("", "");
	for (int i = 0; i < RACERS; i++)
		racer_card[i] = deck_card(&on, (struct card_in){.row = {.active = true}});
	attach(racer[0], racer_card[0]);
	deck_on(&on, racer_card[0], 1000, 0, 0);
	assert_int_equal(add(survivor, "WEB", NULL, entry("vip_uname", "mixed"), NULL), ERR_OK);
	racer_serial = serial_of(racer[0]);
	deck_race(&on, RACERS, race_mixed, counts);
	assert_int_equal(counts[ERR_OK], RACERS);
	check_alias(racer[0], survivor);
	assert_int_equal(deck_number(&on,
				     "SELECT COUNT(*) FROM card WHERE person_id = %s AND live = 1",
				     racer[0]),
			 0);
	assert_true(holds(survivor, racer_card[0]));
	assert_true(deck_is_sound(&on));
	assert_true(deck_counts_hold(&on));
}

/* Nothing that a human wrote of himself is left, and the books are as they were. */
static void test_an_erased_person_is_nowhere(void **state)
{
	struct uuid alias = person_with("79220000009", "ghost1@example.org");
	struct uuid ghost = person_with("79220000008", "ghost2@example.org");
	struct uuid card =
		deck_card(&on, (struct card_in){.row = {.active = true, .name = STR("Ghost")}});
	struct erase_in in = {.id = alias, .only_count = true};
	struct erase_out out = {0};
	static const char *const places[] = {
		"person WHERE name LIKE '%host%' OR phone LIKE '7922%' OR email LIKE 'ghost%'",
		"person_text WHERE text_key LIKE '%ghost%'",
		"identifier WHERE value LIKE '%ghost%' OR value LIKE '7922%'",
		"card WHERE name LIKE 'Ghost%'",
		"entry WHERE description LIKE 'Ghost%' OR author LIKE 'Ghost%'",
		"journal WHERE changes LIKE '%host%' OR changes LIKE '%7922%'",
		"journal WHERE answer LIKE '%host%'",
	};
	char sql[SQL_MAX];

	(void)state;
	attach(ghost, card);
	struct posting_in spend = {.card_id = card, .type = POSTING_OFF, .sum = {100}};
	struct id_out spent;
	spend.author = STR("Ghostwriter");
	sent_set(&spend.sent, offsetof(struct posting_in, author));
	sent_set(&spend.sent, offsetof(struct posting_in, description));
	spend.description = STR("Ghost's points");
	deck_on(&on, card, 1000, 0, 0);
	assert_int_equal(scene_run(&on, &op_transaction_add, &spend, &spent), ERR_OK);
	assert_int_equal(add(ghost, "WEB", NULL, entry("line", "ghost"), NULL), ERR_OK);
	assert_int_equal(add(alias, "INSTORE", NULL, entry("line", "ghost"), NULL), ERR_OK);
	assert_int_equal(scene_run(&on, &op_person_erase, &in, &out), ERR_CONFLICT);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_MERGED);
	in.id = ghost;
	assert_int_equal(scene_run(&on, &op_person_erase, &in, &out), ERR_OK);
	assert_true(out.persons == 2 && out.cards == 1 && out.entries == 2);
	assert_true(str_eq(look(ghost).email, STR("ghost2@example.org")));
	in.only_count = false;
	assert_int_equal(scene_run(&on, &op_person_erase, &in, &out), ERR_OK);
	for (size_t i = 0; i < COUNT(places); i++) {
		snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM %s", places[i]);
		if (scene_number(&on, sql) != 0)
			fail_msg("found in %s", places[i]);
	}
	assert_true(holds((struct uuid){{0}}, card));
	assert_int_equal(deck_see(&on, card).available.minor, 900);
	assert_true(deck_is_sound(&on));
	assert_true(deck_counts_hold(&on));
	assert_int_equal(scene_run(&on, &op_person_erase, &in, &out), ERR_OK);
	on.ctx.principal.organisation_id = SCENE_OTHER;
	assert_int_equal(scene_run(&on, &op_person_erase, &in, &out), ERR_NOT_FOUND);
	on.ctx.principal.organisation_id = SCENE_ORGANISATION;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_merge_brings_all_over),
		cmocka_unit_test(test_aliases_lead_to_the_last),
		cmocka_unit_test(test_one_call_may_merge_twice),
		cmocka_unit_test(test_an_erased_person_is_nowhere),
		cmocka_unit_test(test_merges_that_cross),
		cmocka_unit_test(test_a_merge_meets_postings_and_new_cards),
	};

	if (!scene_open(&on, "test_merge"))
		return 1;
	int failed = cmocka_run_group_tests(tests, people_sources, NULL);
	scene_close(&on);
	return failed;
}
