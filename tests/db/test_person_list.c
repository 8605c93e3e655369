/* Lists of persons: filters and pages. */
#include "unit.h"

#include "person.h"
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

static void delete_person(struct uuid id)
{
	struct nothing out;

	assert_int_equal(scene_run(&on, &op_person_delete, &(struct id_in){id}, &out), ERR_OK);
}

static struct person_list_out list(struct person_list_in in)
{
	struct person_list_out out;

	assert_int_equal(scene_run(&on, &op_person_list, &in, &out), ERR_OK);
	return out;
}

static void assert_found(struct person_list_in in, const char *logins)
{
	struct person_list_out out = list(in);
	const struct person *person = out.persons.rows;
	char found[64] = "";

	for (size_t i = 0; i < out.persons.n; i++)
		snprintf(found + strlen(found), sizeof(found) - strlen(found), "%.*s ",
			 (int)person[i].row.login.len, person[i].row.login.at);
	assert_string_equal(found, logins);
	assert_int_equal(out.page.items, out.persons.n);
}

static struct uuid add_named(const char *name, struct person_in in, bool confirmed, bool locked)
{
	in.row.name = str_of(name);
	in.row.confirmed = confirmed;
	in.row.locked = locked;
	in.row.gender = confirmed ? GENDER_MALE : GENDER_FEMALE;
	return add(&in);
}

static void test_lists_are_filtered(void **state)
{
	struct uuid ids[] = {
		add_named("Яна", person_in("c", "+7 900 11-12", "Yana@example.org"), true, false),
		add_named("алёна", person_in("a", "79002222", "alena@example.com"), false, true),
		add_named("Борис", person_in("b", "", ""), false, false),
	};
	struct person_list_in in = {.sent = {{0}}};

	(void)state;
	assert_found(in, "a b c ");
	assert_found((struct person_list_in){.login = STR("B")}, "b ");
	assert_found((struct person_list_in){.login = STR("x")}, "");
	assert_found((struct person_list_in){.email = STR("yana@EXAMPLE.org")}, "c ");
	assert_found((struct person_list_in){.phone = STR("7-900-1112")}, "c ");
	assert_found((struct person_list_in){.phone = STR("none")}, "");
	assert_found((struct person_list_in){.phone = STR("79001112"), .login = STR("c")}, "c ");
	assert_found((struct person_list_in){.phone = STR("79001112"), .login = STR("a")}, "");
	assert_found((struct person_list_in){.filter = STR("АЛЕ")}, "a ");
	assert_found((struct person_list_in){.filter = STR("example")}, "a c ");
	assert_found((struct person_list_in){.filter = STR("(900) 2")}, "a ");
	assert_found((struct person_list_in){.filter = STR("%")}, "");
	assert_found((struct person_list_in){.filter = STR("yana"), .login = STR("c")}, "c ");
	assert_found((struct person_list_in){.filter = STR("alena"), .login = STR("c")}, "");
	in.locked = true;
	sent_set(&in.sent, offsetof(struct person_list_in, locked));
	assert_found(in, "a ");
	in.locked = false;
	assert_found(in, "b c ");
	in.gender = GENDER_FEMALE;
	sent_set(&in.sent, offsetof(struct person_list_in, gender));
	assert_found(in, "b ");
	in.login = STR("c");
	assert_found(in, "");
	for (size_t i = 0; i < COUNT(ids); i++)
		delete_person(ids[i]);
	assert_found((struct person_list_in){.sent = {{0}}}, "");
}

static void test_lists_are_paged(void **state)
{
	struct uuid ids[] = {add_person("a", "", ""), add_person("b", "", ""),
			     add_person("c", "", "")};
	struct person_list_out out = list((struct person_list_in){.page = {2, 2}});

	(void)state;
	assert_int_equal(out.persons.n, 1);
	assert_int_equal(((const struct person *)out.persons.rows)->row_number, 3);
	assert_int_equal(out.page.items, 3);
	assert_int_equal(out.page.pages, 2);
	out = list((struct person_list_in){.page = {2, 1}, .login = STR("a")});
	assert_int_equal(out.persons.n, 0);
	assert_int_equal(out.page.items, 1);
	for (size_t i = 0; i < COUNT(ids); i++)
		delete_person(ids[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists_are_filtered),
		cmocka_unit_test(test_lists_are_paged),
	};
	int failed;

	if (!scene_open(&on, "test_person_list"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	return failed;
}
