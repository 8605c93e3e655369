/* Identifiers changed and customers merged: every refusal, and what goes over. */
#include "unit.h"

#include "deck.h"
#include "erase.h"
#include "identifier_change.h"
#include "merge.h"
#include "person_card.h"
#include "stmt_gen.h"
#include "uuid.h"

static struct scene on;

static struct identifier_entry entry(const char *type, const char *value)
{
	return (struct identifier_entry){.type = str_of(type), .value = str_of(value)};
}

static void put(struct identifier_entries *entries, struct identifier_entry one)
{
	entries->entry[entries->n++] = one;
}

static int64_t serial_of(struct uuid person)
{
	return deck_number(&on, "SELECT serial FROM person WHERE id = %s", person);
}

static struct uuid person_with(const char *phone, const char *email)
{
	static int number;
	char login[32];
	struct person_in in = {
		.row = {.name = STR("Anna"), .phone = str_of(phone), .email = str_of(email)}};
	struct id_out out;

	snprintf(login, sizeof login, "customer%d", number++);
	in.row.login = str_of(login);
	assert_int_equal(scene_run(&on, &op_person_add, &in, &out), ERR_OK);
	return out.id;
}

static struct person_view_row look(struct uuid id)
{
	struct person_get_in in = {id, false};
	struct person_out out;

	assert_int_equal(scene_run(&on, &op_person_get, &in, &out), ERR_OK);
	return out.person.row;
}

static enum err change(struct identifier_change_in *in, struct identifier_change_out *out)
{
	static struct identifier_change_out unused;

	return scene_run(&on, &op_identifier_change, in, out ? out : &unused);
}

static enum err add(struct uuid person, const char *source, const char *account,
		    struct identifier_entry one, struct identifier_change_out *out)
{
	struct identifier_change_in in = {.customer_id = serial_of(person),
					  .source = str_of(source),
					  .account = str_of(account)};

	put(&in.add, one);
	return change(&in, out);
}

static enum err drop(struct uuid person, const char *source, struct identifier_entry one)
{
	struct identifier_change_in in = {.customer_id = serial_of(person),
					  .source = str_of(source)};

	put(&in.remove, one);
	return change(&in, NULL);
}

static long long rows_of(struct uuid person)
{
	return deck_number(&on, "SELECT COUNT(*) FROM identifier WHERE person_id = %s", person);
}

static struct uuid holder_of(struct uuid card)
{
	return deck_see(&on, card).row.person_id;
}

static bool holds(struct uuid person, struct uuid card)
{
	struct uuid holder = holder_of(card);

	return uuid_eq(&holder, &person);
}

static void attach(struct uuid person, struct uuid card)
{
	struct nothing out;

	assert_int_equal(
		scene_run(&on, &op_card_attach_user, &(struct card_attach_in){person, card}, &out),
		ERR_OK);
}

static void test_what_is_refused(void **state)
{
	struct uuid one = person_with("+7 900 000-00-01", "one@example.org");
	struct uuid two = person_with("", "");
	const struct {
		const char *source, *account, *type, *value;
		enum err err;
		enum reason reason;
	} rows[] = {
		{"NOWHERE", NULL, "email", "x@example.org", ERR_NOT_FOUND, REASON_SOURCE_UNKNOWN},
		{"", NULL, "email", "x@example.org", ERR_NOT_FOUND, REASON_SOURCE_UNKNOWN},
		{"MANY", NULL, "email", "x@example.org", ERR_INVALID, REASON_ACCOUNT_REQUIRED},
		{"MANY", "no", "email", "x@example.org", ERR_NOT_FOUND, REASON_ACCOUNT_UNKNOWN},
		{"INSTORE", NULL, "e-mail", "x@example.org", ERR_INVALID, REASON_UNKNOWN_VALUE},
		{"INSTORE", NULL, "email", "x@example", ERR_INVALID, REASON_EMAIL_SYNTAX},
		{"INSTORE", NULL, "email", "@example.org", ERR_INVALID, REASON_EMAIL_SYNTAX},
		{"INSTORE", NULL, "email", "a@b@example.org", ERR_INVALID, REASON_EMAIL_SYNTAX},
		{"INSTORE", NULL, "email", "a@example..org", ERR_INVALID, REASON_EMAIL_SYNTAX},
		{"INSTORE", NULL, "email", "", ERR_INVALID, REASON_EMAIL_SYNTAX},
		{"INSTORE", NULL, "mobile", "123456", ERR_INVALID, REASON_MOBILE_SYNTAX},
		{"INSTORE", NULL, "mobile", "1234567890123456", ERR_INVALID, REASON_MOBILE_SYNTAX},
		{"INSTORE", NULL, "mobile", "7900a000001", ERR_INVALID, REASON_MOBILE_SYNTAX},
		{"INSTORE", NULL, "externalId", " ", ERR_INVALID, REASON_EXTERNAL_SYNTAX},
		{"INSTORE", NULL, "wechat", "", ERR_INVALID, REASON_MALFORMED},
		{"INSTORE", NULL, "wechat", "a\tb", ERR_INVALID, REASON_MALFORMED},
		{"INSTORE", NULL, "mobile", "79000000001", ERR_TAKEN, REASON_IDENTIFIER_OTHERS},
		{"INSTORE", NULL, "email", "ONE@example.org", ERR_TAKEN, REASON_IDENTIFIER_OTHERS},
		{"INSTORE", "any", "mobile", "1234567", ERR_OK, REASON_NONE},
		{"WEB", NULL, "mobile", "123456789012345", ERR_OK, REASON_NONE},
		{"MANY", "a", "email", "two@example.org", ERR_OK, REASON_NONE},
		{"MANY", "a", "email", "Two@example.org", ERR_TAKEN, REASON_IDENTIFIER_OWN},
		{"MANY", "b", "email", "two@example.org", ERR_OK, REASON_NONE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum err err = add(two, rows[i].source, rows[i].account,
				   entry(rows[i].type, rows[i].value), NULL);
		if (err != rows[i].err || on.ctx.detail.reason != rows[i].reason)
			fail_msg("row %zu: %s, %s", i, err_text(err),
				 reason_name(on.ctx.detail.reason));
	}
	assert_int_equal(drop(two, "INSTORE", entry("mobile", "79000000001")), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_IDENTIFIER_UNKNOWN);
	assert_int_equal(drop(two, "WEB", entry("mobile", "1234567")), ERR_NOT_FOUND);
	assert_true(str_eq(look(two).phone, STR("1234567")));
	assert_true(str_eq(look(one).phone, STR("+7 900 000-00-01")));
}

static void test_who_is_refused(void **state)
{
	struct uuid locked = deck_person(&on, true), removed = deck_person(&on, false);
	struct identifier_change_in in = {.source = STR("INSTORE")};
	struct nothing out;

	(void)state;
	put(&in.add, entry("wechat", "nobody"));
	in.customer_id = INT64_MAX;
	assert_int_equal(change(&in, NULL), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_UNKNOWN);
	in.customer_id = serial_of(locked);
	assert_int_equal(change(&in, NULL), ERR_CONFLICT);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_BLOCKED);
	assert_int_equal(scene_run(&on, &op_person_delete, &(struct id_in){removed}, &out), ERR_OK);
	in.customer_id = serial_of(removed);
	assert_int_equal(change(&in, NULL), ERR_CONFLICT);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_REMOVED);
	on.ctx.principal.organisation_id = SCENE_OTHER;
	in.customer_id = serial_of(locked);
	assert_int_equal(change(&in, NULL), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_UNKNOWN);
	on.ctx.principal.organisation_id = SCENE_ORGANISATION;
}

/* Source, then customer, then shape: the first that is wrong is told. */
static void test_the_order_of_checks(void **state)
{
	struct identifier_change_in in = {.customer_id = INT64_MAX,
					  .source = STR("NOWHERE"),
					  .add = {.fault = REASON_NOT_OBJECT, .member = "add"}};

	(void)state;
	assert_int_equal(change(&in, NULL), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_SOURCE_UNKNOWN);
	in.source = STR("INSTORE");
	assert_int_equal(change(&in, NULL), ERR_NOT_FOUND);
	assert_int_equal(on.ctx.detail.reason, REASON_CUSTOMER_UNKNOWN);
	in.customer_id = serial_of(deck_person(&on, false));
	assert_int_equal(change(&in, NULL), ERR_INVALID);
	assert_true(scene_refused(&on, "add", REASON_NOT_OBJECT));
	in.add.fault = REASON_NONE;
	assert_int_equal(change(&in, NULL), ERR_INVALID);
	assert_true(scene_refused(&on, "add", REASON_REQUIRED));
}

/* The first of a kind is the person's; when it goes, the next takes its place. */
static void test_the_first_in_store_is_the_persons(void **state)
{
	struct uuid one = person_with("", "");
	struct identifier_change_in swap = {.customer_id = serial_of(one),
					    .source = STR("INSTORE")};
	struct identifier_change_out out;

	(void)state;
	assert_int_equal(add(one, "INSTORE", NULL, entry("email", "First@example.org"), &out),
			 ERR_OK);
	assert_int_equal(out.created_id, swap.customer_id);
	assert_int_equal(out.warnings.n, 0);
	assert_int_equal(add(one, "INSTORE", NULL, entry("email", "second@example.org"), NULL),
			 ERR_OK);
	assert_int_equal(add(one, "WEB", NULL, entry("email", "web@example.org"), NULL), ERR_OK);
	assert_true(str_eq(look(one).email, STR("First@example.org")));
	assert_int_equal(rows_of(one), 3);
	assert_int_equal(drop(one, "INSTORE", entry("email", "first@example.org")), ERR_OK);
	assert_true(str_eq(look(one).email, STR("second@example.org")));
	put(&swap.remove, entry("email", "second@example.org"));
	put(&swap.add, entry("email", "second@example.org"));
	put(&swap.add, entry("email", "third@example.org"));
	assert_int_equal(change(&swap, NULL), ERR_OK);
	assert_true(str_eq(look(one).email, STR("second@example.org")));
	assert_int_equal(rows_of(one), 3);
	/* Another's further identifier is taken for everybody. */
	struct person_in other = {.row = {.name = STR("B"),
					  .login = STR("other"),
					  .email = STR("THIRD@example.org")}};
	struct id_out id;
	assert_int_equal(scene_run(&on, &op_person_add, &other, &id), ERR_TAKEN);
	assert_true(scene_refused(&on, "row.email", REASON_ALREADY_USED));
}

static void test_all_or_nothing(void **state)
{
	struct uuid one = person_with("", "all@example.org");
	struct identifier_change_in in = {.customer_id = serial_of(one), .source = STR("INSTORE")};

	(void)state;
	put(&in.remove, entry("email", "all@example.org"));
	put(&in.add, entry("wechat", "all"));
	put(&in.add, entry("mobile", "bad"));
	assert_int_equal(change(&in, NULL), ERR_INVALID);
	assert_int_equal(rows_of(one), 1);
	assert_true(str_eq(look(one).email, STR("all@example.org")));
}

static void test_a_card_is_linked_and_unlinked(void **state)
{
	struct uuid one = person_with("", ""), two = person_with("", "");
	struct uuid card = deck_card(&on, (struct card_in){.balance = {0}});
	struct uuid other = deck_card(&on, (struct card_in){.balance = {0}});
	struct identifier_entry link = entry("cardnumber", deck_see(&on, card).row.barcode.at);
	struct identifier_entry second = entry("cardnumber", deck_see(&on, other).row.barcode.at);
	struct identifier_change_in both = {.customer_id = serial_of(one),
					    .source = STR("INSTORE")};

	(void)state;
	assert_int_equal(add(one, "INSTORE", NULL, link, NULL), ERR_INVALID);
	assert_int_equal(on.ctx.detail.reason, REASON_LABEL_REQUIRED);
	link.label = second.label = STR("ACTIVE");
	put(&both.add, link);
	put(&both.add, second);
	assert_int_equal(change(&both, NULL), ERR_INVALID);
	assert_int_equal(on.ctx.detail.reason, REASON_CARDS_ADDED);
	assert_int_equal(add(one, "INSTORE", NULL, link, NULL), ERR_OK);
	assert_true(deck_see(&on, card).row.active);
	assert_true(holds(one, card));
	assert_int_equal(add(two, "INSTORE", NULL, link, NULL), ERR_CONFLICT);
	assert_int_equal(on.ctx.detail.reason, REASON_LINKED_OTHER);
	link.label = STR("NOT_ISSUED");
	assert_int_equal(drop(two, "INSTORE", link), ERR_CONFLICT);
	assert_int_equal(on.ctx.detail.reason, REASON_NOT_LINKED);
	assert_int_equal(drop(one, "INSTORE", link), ERR_OK);
	assert_true(holds((struct uuid){{0}}, card));
}

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
		"journal WHERE changes LIKE '%host%' OR answer LIKE '%host%' OR changes LIKE "
		"'%7922%'",
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

static int open_all(void **state)
{
	static const char *const sql[] = {
		"INSERT INTO source VALUES (1, 'WEB', 0, 0)",
		"INSERT INTO source VALUES (1, 'MANY', 1, 0)",
		"INSERT INTO source_account VALUES (1, 'MANY', 'a', 0)",
		"INSERT INTO source_account VALUES (1, 'MANY', 'b', 0)",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(sql); i++)
		assert_int_equal(database_run(&on.on, sql[i]), 0);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_who_is_refused),
		cmocka_unit_test(test_the_order_of_checks),
		cmocka_unit_test(test_the_first_in_store_is_the_persons),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_a_card_is_linked_and_unlinked),
		cmocka_unit_test(test_a_merge_brings_all_over),
		cmocka_unit_test(test_aliases_lead_to_the_last),
		cmocka_unit_test(test_one_call_may_merge_twice),
		cmocka_unit_test(test_an_erased_person_is_nowhere),
		cmocka_unit_test(test_merges_that_cross),
		cmocka_unit_test(test_a_merge_meets_postings_and_new_cards),
	};

	if (!scene_open(&on, "test_identifier"))
		return 1;
	int failed = cmocka_run_group_tests(tests, open_all, NULL);
	scene_close(&on);
	return failed;
}
