#include "unit.h"

#include "card.h"
#include "credential.h"
#include "person.h"
#include "uuid.h"
#include "scene.h"

static struct scene on;

static struct person_in person_in(const char *login, const char *phone, const char *email)
{
	struct person_in in = {.row = {.login = str_of(login),
				       .name = STR("Пётр Карамин"),
				       .phone = str_of(phone),
				       .email = str_of(email)}};
	return in;
}

static struct uuid add(const struct person_in *in)
{
	struct id_out out;

	assert_int_equal(scene_run(&on, &op_person_add, in, &out), ERR_OK);
	return out.id;
}

static struct uuid add_person(const char *login, const char *phone, const char *email)
{
	struct person_in in = person_in(login, phone, email);

	return add(&in);
}

static struct person get(struct uuid id)
{
	struct person_get_in in = {id, true};
	struct person_out out;

	assert_int_equal(scene_run(&on, &op_person_get, &in, &out), ERR_OK);
	return out.person;
}

static void delete_person(struct uuid id)
{
	struct nothing out;

	assert_int_equal(scene_run(&on, &op_person_delete, &(struct id_in){id}, &out), ERR_OK);
}

static struct uuid add_card(const char *barcode, struct card_in in)
{
	struct id_out out;

	in.row.barcode = str_of(barcode);
	in.row.code = str_of(barcode);
	assert_int_equal(scene_run(&on, &op_card_add, &in, &out), ERR_OK);
	return out.id;
}

static void delete_card(struct uuid id)
{
	struct nothing out;

	assert_int_equal(scene_run(&on, &op_card_delete, &(struct card_delete_in){.id = id}, &out),
			 ERR_OK);
}

static struct card get_card(struct uuid id)
{
	struct card_out out;

	assert_int_equal(scene_run(&on, &op_card_get, &(struct id_in){id}, &out), ERR_OK);
	return out.card;
}

static void test_what_was_added_is_read(void **state)
{
	struct person_field fields[] = {{STR("1"), STR("Авто"), STR("string"), STR("«Ока»\n")}};
	struct person_in in = person_in("karamin", "+7 (900) 123-45-67", "Karamin@Example.org");
	struct person person;

	(void)state;
	in.row.gender = GENDER_FEMALE;
	in.row.birthdate.ms = -86400000;
	in.row.confirmed = true;
	in.row.app_client = STR("app");
	in.fields = (struct list){fields, 1};
	person = get(add(&in));
	assert_true(str_eq(person.row.phone, in.row.phone));
	assert_true(str_eq(person.row.email, in.row.email));
	assert_int_equal(person.row.gender, GENDER_FEMALE);
	assert_int_equal(person.row.birthdate.ms, -86400000);
	assert_true(person.row.confirmed && !person.row.locked && person.row.serial > 0);
	struct str text = {person.row.additional_fields.at, person.row.additional_fields.len};
	assert_true(str_eq(text, STR("[{\"id\":\"1\",\"name\":\"Авто\",\"type\":\"string\","
				     "\"value\":\"«Ока»\\n\"}]")));
	struct person_out out;
	assert_int_equal(
		scene_run(&on, &op_person_get, &(struct person_get_in){person.row.id, false}, &out),
		ERR_OK);
	assert_null(out.person.row.additional_fields.at);
	delete_person(person.row.id);
}

static void test_keys_are_taken_once(void **state)
{
	static const struct {
		const char *login, *phone, *email, *member;
	} rows[] = {
		{"ONE", "2", "2@example.org", "row.login"},
		{"two", "+7 (900) 1", "2@example.org", "row.phone"},
		{"two", "2", "1@EXAMPLE.org", "row.email"},
		{"two", "", "", NULL},
	};
	struct uuid one = add_person("one", "79001", "1@example.org");
	struct uuid none = add_person("none", "", "");
	struct id_out out;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct person_in in = person_in(rows[i].login, rows[i].phone, rows[i].email);
		enum err err = scene_run(&on, &op_person_add, &in, &out);

		assert_int_equal(err, rows[i].member ? ERR_TAKEN : ERR_OK);
		if (rows[i].member)
			assert_true(scene_refused(&on, rows[i].member, REASON_ALREADY_USED));
		else
			delete_person(out.id);
	}
	on.ctx.principal.organisation_id = SCENE_OTHER;
	struct uuid other = add_person("one", "79001", "1@example.org");
	delete_person(other);
	on.ctx.principal.organisation_id = SCENE_ORGANISATION;
	delete_person(one);
	delete_person(add_person("one", "79001", "1@example.org"));
	delete_person(none);
}

static void test_what_is_no_person_is_refused(void **state)
{
	static const struct {
		const char *login, *name, *phone, *member;
		enum reason reason;
	} rows[] = {
		{"", "x", "1", "row.login", REASON_REQUIRED},
		{"x", "", "1", "row.name", REASON_REQUIRED},
		{"x", "x", "none", "row.phone", REASON_MALFORMED},
	};
	struct id_out out;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct person_in in = person_in(rows[i].login, rows[i].phone, "");

		in.row.name = str_of(rows[i].name);
		assert_int_equal(scene_run(&on, &op_person_add, &in, &out), ERR_INVALID);
		assert_true(scene_refused(&on, rows[i].member, rows[i].reason));
	}
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM person WHERE live = 1"), 0);
}

static void test_a_change_writes_only_what_was_sent(void **state)
{
	struct uuid id = add_person("one", "79001", "1@example.org");
	struct person_in in = {.row = {.id = id, .name = STR("Анна"), .login = STR("ignored")}};
	struct nothing none;
	struct person person;

	(void)state;
	sent_set(&in.sent, offsetof(struct person_in, row.name));
	assert_int_equal(scene_run(&on, &op_person_change, &in, &none), ERR_OK);
	person = get(id);
	assert_true(str_eq(person.row.name, STR("Анна")));
	assert_true(str_eq(person.row.login, STR("one")));
	assert_int_equal(person.row.additional_fields.len, 2);
	in.row.id.byte[0] ^= 1;
	assert_int_equal(scene_run(&on, &op_person_change, &in, &none), ERR_NOT_FOUND);
	assert_true(scene_refused(&on, "row.id", REASON_NO_SUCH));
	delete_person(id);
}

static enum err enter(const char *login, const char *password, struct credential_row *row_r)
{
	struct str key = login_key(on.ctx.arena, str_of(login));

	return credential_check(on.ctx.db, on.ctx.arena, key, str_of(password), SECRET_PLAIN, 4,
				row_r);
}

static void change_login(struct uuid id, const char *login, const char *password)
{
	struct person_in in = {.password = str_of(password),
			       .row = {.id = id, .login = str_of(login)}};
	struct nothing none;

	sent_set(&in.sent, offsetof(struct person_in, row.login));
	sent_set(&in.sent, offsetof(struct person_in, password));
	assert_int_equal(scene_run(&on, &op_person_change, &in, &none), ERR_OK);
}

static void test_a_password_opens_a_clients_login(void **state)
{
	struct person_in in = person_in("one", "", "");
	struct credential_row row;
	struct uuid id;

	(void)state;
	in.password = STR("secret");
	id = add(&in);
	assert_int_equal(enter("one", "secret", &row), ERR_OK);
	assert_int_equal(row.role, ROLE_CLIENT);
	assert_int_equal(row.scopes, SCOPE_CARDS_READ | SCOPE_LEDGER_READ | SCOPE_PEOPLE_READ);
	assert_true(uuid_eq(&row.person_id, &id));
	change_login(id, "renamed", "");
	assert_int_equal(enter("one", "secret", &row), ERR_UNAUTHENTICATED);
	assert_int_equal(enter("renamed", "secret", &row), ERR_OK);
	change_login(id, "renamed", "other");
	assert_int_equal(enter("renamed", "secret", &row), ERR_UNAUTHENTICATED);
	assert_int_equal(enter("renamed", "other", &row), ERR_OK);
	delete_person(id);
	assert_int_equal(enter("renamed", "other", &row), ERR_UNAUTHENTICATED);
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM credential"), 0);
}

static void test_a_login_is_taken_in_the_whole_installation(void **state)
{
	struct person_in in = person_in("one", "", "");
	struct id_out out;
	struct uuid id;

	(void)state;
	in.password = STR("secret");
	id = add(&in);
	on.ctx.principal.organisation_id = SCENE_OTHER;
	assert_int_equal(scene_run(&on, &op_person_add, &in, &out), ERR_TAKEN);
	assert_true(scene_refused(&on, "row.login", REASON_ALREADY_USED));
	on.ctx.principal.organisation_id = SCENE_ORGANISATION;
	delete_person(id);
}

static bool is_holder(struct uuid card, struct uuid person)
{
	struct card found = get_card(card);

	return uuid_eq(&found.row.person_id, &person);
}

static void lock_person(struct uuid id, bool locked)
{
	struct person_in in = {.row = {.id = id, .locked = locked}};
	struct nothing none;

	sent_set(&in.sent, offsetof(struct person_in, row.locked));
	assert_int_equal(scene_run(&on, &op_person_change, &in, &none), ERR_OK);
}

static const char shut_sql[] =
	"SELECT CAST(COALESCE(SUM(n), 0) AS SIGNED) FROM kept_count WHERE kind = 4";

static void test_cards_follow_their_holder(void **state)
{
	struct uuid person = add_person("one", "", "");
	struct uuid card = add_card("1", (struct card_in){.row = {.person_id = person}});
	struct uuid other = add_card("2", (struct card_in){.row = {.active = true}});

	(void)state;
	lock_person(person, true);
	assert_true(get_card(card).blocked);
	assert_false(get_card(other).blocked);
	assert_int_equal(scene_number(&on, shut_sql), 1);
	lock_person(person, false);
	assert_false(get_card(card).blocked);
	assert_int_equal(scene_number(&on, shut_sql), 0);
	lock_person(person, true);
	delete_person(person);
	assert_true(is_holder(card, (struct uuid){{0}}));
	assert_false(get_card(card).blocked);
	assert_int_equal(scene_number(&on, shut_sql), 0);
	delete_card(card);
	delete_card(other);
}

static enum err give(const char *login, struct id_out *out)
{
	struct person_in in = person_in(login, "", "");

	in.attach_free_card = true;
	in.activation_shop = STR("shop-1");
	return scene_run(&on, &op_person_add, &in, out);
}

static void test_only_free_cards_are_given(void **state)
{
	struct uuid holder = add_person("holder", "", "");
	const struct card_in busy[] = {
		{.row = {.person_id = holder}},
		{.row = {.blocked = true}},
		{.row = {.external = true}},
		{.balance = {100}},
	};
	struct uuid cards[COUNT(busy)], free_card;
	struct id_out out;

	(void)state;
	for (size_t i = 0; i < COUNT(busy); i++)
		cards[i] = add_card((char[]){(char)('1' + i), 0}, busy[i]);
	assert_int_equal(give("none", &out), ERR_NOT_FOUND);
	assert_true(scene_refused(&on, "attach_free_card", REASON_NO_SUCH));
	free_card = add_card("9", (struct card_in){.row = {.name = STR("Свободная")}});
	assert_int_equal(give("some", &out), ERR_OK);
	struct card card = get_card(free_card);
	assert_true(uuid_eq(&card.row.person_id, &out.id));
	assert_true(card.row.active && card.row.activated_at.ms > 0);
	assert_true(str_eq(card.row.activation_shop_id, STR("shop-1")));
	struct id_out none;
	assert_int_equal(give("none", &none), ERR_NOT_FOUND);
	delete_person(out.id);
	assert_int_equal(give("again", &out), ERR_OK);
	delete_person(out.id);
	delete_card(free_card);
	for (size_t i = 0; i < COUNT(busy); i++)
		delete_card(cards[i]);
	delete_person(holder);
}

static void test_a_card_whose_block_has_ended_is_free(void **state)
{
	struct card_in in = {.row = {.blocked = true}};
	struct id_out out;
	struct uuid card;

	(void)state;
	on.clock.fixed_ms = 1700000000000;
	in.unblock_at.ms = on.clock.fixed_ms + 1000;
	card = add_card("1", in);
	assert_int_equal(give("none", &out), ERR_NOT_FOUND);
	on.clock.fixed_ms += 1000;
	assert_int_equal(give("some", &out), ERR_OK);
	on.clock.fixed_ms = 0;
	delete_person(out.id);
	delete_card(card);
}

static void test_cards_are_taken_from_any_place(void **state)
{
	struct uuid cards[20], persons[COUNT(cards)];
	char name[16];
	struct id_out out;
	size_t in_order = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cards); i++) {
		snprintf(name, sizeof(name), "card-%zu", i);
		cards[i] = add_card(name, (struct card_in){.balance = {0}});
	}
	for (size_t i = 0; i < COUNT(cards); i++) {
		snprintf(name, sizeof(name), "p%zu", i);
		assert_int_equal(give(str_dup(on.ctx.arena, str_of(name)).at, &out), ERR_OK);
		persons[i] = out.id;
		in_order += is_holder(cards[i], out.id);
	}
	assert_true(in_order < COUNT(cards));
	assert_int_equal(give("late", &out), ERR_NOT_FOUND);
	for (size_t i = 0; i < COUNT(cards); i++) {
		delete_person(persons[i]);
		delete_card(cards[i]);
	}
}

static struct person_list_out list(struct person_list_in in)
{
	struct person_list_out out;

	assert_int_equal(scene_run(&on, &op_person_list, &in, &out), ERR_OK);
	return out;
}

#define RACERS 12
#define PRIZES 5

/* Its outcome is the process's status. */
static void race(int number)
{
	char login[32];
	struct id_out out;

	snprintf(login, sizeof(login), "racer-%d", number);
	scene_connect(&on);
	_exit((int)give(login, &out));
}

static void test_of_many_at_once_each_card_goes_to_one(void **state)
{
	struct uuid cards[PRIZES];
	int given = 0, refused = 0, status;
	char name[32];

	(void)state;
	for (int i = 0; i < PRIZES; i++) {
		snprintf(name, sizeof(name), "prize-%d", i);
		cards[i] = add_card(name, (struct card_in){.balance = {0}});
	}
	for (int i = 0; i < RACERS; i++) {
		if (fork() == 0)
			race(i);
	}
	while (wait(&status) > 0) {
		given += WIFEXITED(status) && WEXITSTATUS(status) == ERR_OK;
		refused += WIFEXITED(status) && WEXITSTATUS(status) == ERR_NOT_FOUND;
	}
	assert_int_equal(given, PRIZES);
	assert_int_equal(refused, RACERS - PRIZES);
	assert_int_equal(scene_number(&on, "SELECT COUNT(DISTINCT c.person_id) FROM card c JOIN "
					   "person p ON p.id = c.person_id WHERE c.live = 1 AND "
					   "p.login LIKE 'racer-%'"),
			 PRIZES);
	struct person_list_out out =
		list((struct person_list_in){.filter = STR("racer-"), .page = {1, RACERS}});
	const struct person *person = out.persons.rows;
	assert_int_equal(out.persons.n, PRIZES);
	for (size_t i = 0; i < out.persons.n; i++)
		delete_person(person[i].row.id);
	for (int i = 0; i < PRIZES; i++)
		delete_card(cards[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_added_is_read),
		cmocka_unit_test(test_keys_are_taken_once),
		cmocka_unit_test(test_what_is_no_person_is_refused),
		cmocka_unit_test(test_a_change_writes_only_what_was_sent),
		cmocka_unit_test(test_a_password_opens_a_clients_login),
		cmocka_unit_test(test_a_login_is_taken_in_the_whole_installation),
		cmocka_unit_test(test_cards_follow_their_holder),
		cmocka_unit_test(test_only_free_cards_are_given),
		cmocka_unit_test(test_a_card_whose_block_has_ended_is_free),
		cmocka_unit_test(test_cards_are_taken_from_any_place),
		cmocka_unit_test(test_of_many_at_once_each_card_goes_to_one),
	};
	int failed;

	if (!scene_open(&on, "test_person"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	return failed;
}
