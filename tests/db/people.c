#include "unit.h"

#include "people.h"
#include "person_card.h"
#include "uuid.h"

struct scene on;

struct identifier_entry entry(const char *type, const char *value)
{
	return (struct identifier_entry){.type = str_of(type), .value = str_of(value)};
}

void put(struct identifier_entries *entries, struct identifier_entry one)
{
	entries->entry[entries->n++] = one;
}

int64_t serial_of(struct uuid person)
{
	return deck_number(&on, "SELECT serial FROM person WHERE id = %s", person);
}

struct uuid person_with(const char *phone, const char *email)
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

struct person_view_row look(struct uuid id)
{
	struct person_get_in in = {id, false};
	struct person_out out;

	assert_int_equal(scene_run(&on, &op_person_get, &in, &out), ERR_OK);
	return out.person.row;
}

enum err change(struct identifier_change_in *in, struct identifier_change_out *out)
{
	static struct identifier_change_out unused;

	return scene_run(&on, &op_identifier_change, in, out ? out : &unused);
}

enum err add(struct uuid person, const char *source, const char *account,
	     struct identifier_entry one, struct identifier_change_out *out)
{
	struct identifier_change_in in = {.customer_id = serial_of(person),
					  .source = str_of(source),
					  .account = str_of(account)};

	put(&in.add, one);
	return change(&in, out);
}

enum err drop(struct uuid person, const char *source, struct identifier_entry one)
{
	struct identifier_change_in in = {.customer_id = serial_of(person),
					  .source = str_of(source)};

	put(&in.remove, one);
	return change(&in, NULL);
}

long long rows_of(struct uuid person)
{
	return deck_number(&on, "SELECT COUNT(*) FROM identifier WHERE person_id = %s", person);
}

struct uuid holder_of(struct uuid card)
{
	return deck_see(&on, card).row.person_id;
}

bool holds(struct uuid person, struct uuid card)
{
	struct uuid holder = holder_of(card);

	return uuid_eq(&holder, &person);
}

void attach(struct uuid person, struct uuid card)
{
	struct nothing out;

	assert_int_equal(
		scene_run(&on, &op_card_attach_user, &(struct card_attach_in){person, card}, &out),
		ERR_OK);
}

int people_sources(void **state)
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
