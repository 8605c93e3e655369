/* One-time codes: who gets one, what opens, how often, and sixty-four at once. */
#include "unit.h"

#include "card.h"
#include "one_time_code.h"
#include "person.h"
#include "scene.h"
#include "uuid.h"

#define NOW_MS INT64_C(1795000000000)
#define RACERS 64

static struct scene on;
static struct uuid anna, boris; /* boris has no e-mail */
static const struct uuid unset;

static void wipe(void)
{
	on.clock.fixed_ms = NOW_MS;
	on.settings.identify = 1;
	database_run(&on.on, "DELETE FROM throttle");
	database_run(&on.on, "DELETE FROM one_time_code");
	database_run(&on.on, "DELETE FROM message");
}

static int set_up(void **state)
{
	(void)state;
	wipe();
	return 0;
}

static enum err ask(const char *email, const char *phone, const char *send_to, struct uuid *id_r)
{
	struct identify_in in = {
		.email = str_of(email), .phone = str_of(phone), .send_to = str_of(send_to)};
	struct identify_out out;
	enum err err = scene_run(&on, &op_identify, &in, &out);

	assert_null(out.cards.rows);
	*id_r = out.person_id;
	return err;
}

static struct uuid asked(const char *email, const char *phone, const char *send_to)
{
	struct uuid id;

	assert_int_equal(ask(email, phone, send_to, &id), ERR_OK);
	assert_false(uuid_is_unset(&id));
	return id;
}

/* The newest code that waits to be sent. */
static void code_sent(char code[CODE_DIGITS + 1])
{
	long long number =
		scene_number(&on, "SELECT CAST(REGEXP_SUBSTR(body, '[0-9]{6}') AS SIGNED) "
				  "FROM message WHERE state = 1 ORDER BY id DESC LIMIT 1");

	assert_in_range(number, 0, 999999);
	snprintf(code, CODE_DIGITS + 1, "%06u", (unsigned)number % 1000000);
}

static enum err bring(struct uuid id, const char *code, struct list *cards_r)
{
	struct identify_in in = {.person_id = id, .code = str_of(code)};
	struct identify_out out;
	enum err err = scene_run(&on, &op_identify, &in, &out);

	*cards_r = out.cards;
	if (err == ERR_NOT_FOUND)
		assert_int_equal(on.ctx.detail.reason, REASON_CODE);
	return err;
}

static void wrong_of(const char code[CODE_DIGITS + 1], char wrong[CODE_DIGITS + 1])
{
	memcpy(wrong, code, CODE_DIGITS + 1);
	wrong[0] = code[0] == '9' ? '0' : (char)(code[0] + 1);
}

static void test_the_right_code_opens_once(void **state)
{
	char code[CODE_DIGITS + 1];
	struct list cards;
	struct uuid id = asked("ANNA@example.org", NULL, "phone");

	(void)state;
	assert_true(uuid_eq(&id, &anna));
	assert_int_equal(scene_number(&on, "SELECT channel FROM message WHERE recipient = "
					   "'+7 (900) 123'"),
			 MESSAGE_SMS);
	code_sent(code);
	assert_int_equal(bring(boris, code, &cards), ERR_NOT_FOUND);
	assert_int_equal(bring(id, code, &cards), ERR_OK);
	assert_int_equal(cards.n, 1);
	const struct card *card = cards.rows;
	assert_true(uuid_eq(&card->row.person_id, &anna));
	assert_int_equal(card->row_number, 1);
	assert_int_equal(bring(id, code, &cards), ERR_NOT_FOUND);
}

static void test_five_wrong_tries_end_a_code(void **state)
{
	char code[CODE_DIGITS + 1], wrong[CODE_DIGITS + 1];
	struct list cards;

	(void)state;
	for (int tries = CODE_TRIES - 1; tries <= CODE_TRIES; tries++) {
		struct uuid id = asked(NULL, "7 900 123", "email");
		code_sent(code);
		wrong_of(code, wrong);
		for (int i = 0; i < tries; i++)
			assert_int_equal(bring(id, wrong, &cards), ERR_NOT_FOUND);
		assert_int_equal(bring(id, code, &cards),
				 tries < CODE_TRIES ? ERR_OK : ERR_NOT_FOUND);
		wipe();
	}
}

static void test_a_code_lives_five_minutes(void **state)
{
	char code[CODE_DIGITS + 1];
	struct list cards;

	(void)state;
	for (int late = 0; late <= 1; late++) {
		struct uuid id = asked("anna@example.org", NULL, "email");
		code_sent(code);
		on.clock.fixed_ms = NOW_MS + CODE_LIFE_MS - 1 + late;
		assert_int_equal(bring(id, code, &cards), late ? ERR_NOT_FOUND : ERR_OK);
		wipe();
	}
}

static void test_a_newer_code_ends_the_older(void **state)
{
	char older[CODE_DIGITS + 1], newer[CODE_DIGITS + 1];
	struct list cards;
	struct uuid id = asked("anna@example.org", NULL, "email");

	(void)state;
	code_sent(older);
	do {
		database_run(&on.on, "DELETE FROM throttle");
		on.clock.fixed_ms++;
		asked("anna@example.org", NULL, "email");
		code_sent(newer);
	} while (strcmp(older, newer) == 0);
	assert_int_equal(bring(id, older, &cards), ERR_NOT_FOUND);
	assert_int_equal(bring(id, newer, &cards), ERR_OK);
}

static void test_nobody_is_answered_alike(void **state)
{
	static const struct {
		const char *email, *phone, *send_to;
	} rows[] = {
		{"nobody@example.org", NULL, "email"},
		{"nobody@example.org", NULL, "phone"},
		{NULL, "79000000000", "phone"},
		{NULL, "no digit", "phone"},
		{NULL, "7900", "email"},               /* boris has none */
		{"anna@example.org", "7900", "phone"}, /* two persons' */
		{"anna@example.or", NULL, "email"},    /* not whole */
		{NULL, "7900123456789012345678901", "phone"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct list cards;
		struct uuid first = asked(rows[i].email, rows[i].phone, rows[i].send_to);
		on.clock.fixed_ms += 1000;
		struct uuid again = asked(rows[i].email, rows[i].phone, rows[i].send_to);

		assert_true(uuid_eq(&first, &again));
		assert_int_equal(first.byte[6] >> 4, 7);
		assert_true(memcmp(first.byte, anna.byte, 6) < 0); /* of a time that has been */
		assert_false(uuid_eq(&first, &anna) || uuid_eq(&first, &boris));
		assert_int_equal(bring(first, "000000", &cards), ERR_NOT_FOUND);
		assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM message WHERE state <> 2 "
						   "OR recipient <> '' OR body <> ''"),
				 0);
		assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM one_time_code"), 1);
		wipe();
	}
}

static void test_what_is_no_question_is_refused(void **state)
{
	static const struct {
		const char *email, *phone, *send_to, *member;
		enum reason reason;
	} rows[] = {
		{NULL, NULL, "email", "email", REASON_REQUIRED},
		{"", "", "email", "email", REASON_REQUIRED},
		{"anna@example.org", NULL, NULL, "send_to", REASON_REQUIRED},
		{"anna@example.org", NULL, "pigeon", "send_to", REASON_UNKNOWN_VALUE},
		{"anna@example.org", NULL, "Email", "send_to", REASON_UNKNOWN_VALUE},
	};
	struct uuid id;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(ask(rows[i].email, rows[i].phone, rows[i].send_to, &id),
				 ERR_INVALID);
		assert_true(scene_refused(&on, rows[i].member, rows[i].reason));
	}
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM message"), 0);
}

/* By e-mail and by phone, found or not, five in an hour. */
static void test_the_sixth_code_is_not_sent(void **state)
{
	struct uuid id;

	(void)state;
	for (int i = 0; i < 5; i++)
		asked(i % 2 ? "anna@example.org" : NULL, i % 2 ? NULL : "7900123", "email");
	assert_int_equal(ask("anna@example.org", NULL, "email", &id), ERR_THROTTLED);
	assert_int_equal(on.ctx.detail.reason, REASON_ATTEMPTS);
	assert_in_range(on.ctx.detail.retry_after_s, 1, 3600);
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM message"), 5);
	for (int i = 0; i < 5; i++)
		asked("nobody@example.org", NULL, "email");
	assert_int_equal(ask("nobody@example.org", NULL, "email", &id), ERR_THROTTLED);
	on.clock.fixed_ms += INT64_C(3600000);
	asked("anna@example.org", NULL, "email");
}

static void test_where_no_code_is_asked_for(void **state)
{
	struct identify_in in = {.email = STR("anna@example.org")};
	struct identify_out out;

	(void)state;
	on.settings.identify = 0;
	assert_int_equal(scene_run(&on, &op_identify, &in, &out), ERR_OK);
	assert_int_equal(out.cards.n, 1);
	assert_true(uuid_is_unset(&out.person_id));
	in.email = STR("nobody@example.org");
	assert_int_equal(scene_run(&on, &op_identify, &in, &out), ERR_OK);
	assert_int_equal(out.cards.n, 0);
	assert_non_null(out.cards.rows);
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM message"), 0);
}

static void test_another_organisations_code_opens_nothing(void **state)
{
	char code[CODE_DIGITS + 1];
	struct list cards;
	struct uuid id = asked("anna@example.org", NULL, "email");

	(void)state;
	code_sent(code);
	on.ctx.principal.organisation_id = SCENE_OTHER;
	assert_int_equal(bring(id, code, &cards), ERR_NOT_FOUND);
	struct uuid there = asked("anna@example.org", NULL, "email");
	on.ctx.principal.organisation_id = SCENE_ORGANISATION;
	assert_false(uuid_eq(&there, &anna));
	assert_int_equal(bring(id, code, &cards), ERR_OK);
}

/* Whoever reads the database, but for the message on its way, has no code. */
static void test_a_code_is_written_nowhere_else(void **state)
{
	long long before = scene_number(&on, "SELECT COUNT(*) FROM journal");
	char code[CODE_DIGITS + 1], text[128];

	(void)state;
	asked("anna@example.org", NULL, "email");
	code_sent(code);
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM journal"), before);
	snprintf(text, sizeof(text), "SELECT COUNT(*) FROM one_time_code WHERE mac LIKE '%%%s%%'",
		 code);
	assert_int_equal(scene_number(&on, text), 0);
	snprintf(text, sizeof(text),
		 "SELECT mac = UNHEX(SHA2(CONCAT(salt, '%s'), 256)) FROM one_time_code", code);
	assert_int_equal(scene_number(&on, text), 0);
}

static void race(struct uuid id, const char *code)
{
	struct list cards;

	scene_connect(&on);
	_exit((int)bring(id, code, &cards));
}

static void test_of_many_at_once_one_gets_in(void **state)
{
	char code[CODE_DIGITS + 1];
	struct uuid id = asked("anna@example.org", NULL, "email");
	int status, in = 0, out = 0;

	(void)state;
	code_sent(code);
	for (int i = 0; i < RACERS; i++) {
		if (fork() == 0)
			race(id, code);
	}
	while (wait(&status) > 0) {
		in += WIFEXITED(status) && WEXITSTATUS(status) == ERR_OK;
		out += WIFEXITED(status) && WEXITSTATUS(status) == ERR_NOT_FOUND;
	}
	assert_int_equal(in, 1);
	assert_int_equal(out, RACERS - 1);
}

static struct uuid add_person(const char *login, const char *phone, const char *email)
{
	struct person_in in = {.row = {.login = str_of(login),
				       .name = str_of(login),
				       .phone = str_of(phone),
				       .email = str_of(email)}};
	struct id_out out;

	assert_int_equal(scene_run(&on, &op_person_add, &in, &out), ERR_OK);
	return out.id;
}

static int open_scene(void **state)
{
	struct card_in in = {.row = {.barcode = STR("1"), .code = STR("1")}};
	struct id_out out;

	(void)state;
	if (!scene_open(&on, "test_one_time_code"))
		return -1;
	on.clock.fixed_ms = NOW_MS;
	anna = add_person("anna", "+7 (900) 123", "Anna@Example.org");
	boris = add_person("boris", "7900", "");
	in.row.person_id = anna;
	assert_int_equal(scene_run(&on, &op_card_add, &in, &out), ERR_OK);
	assert_false(uuid_eq(&anna, &unset));
	return 0;
}

static int close_scene(void **state)
{
	(void)state;
	scene_close(&on);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_the_right_code_opens_once, set_up),
		cmocka_unit_test_setup(test_five_wrong_tries_end_a_code, set_up),
		cmocka_unit_test_setup(test_a_code_lives_five_minutes, set_up),
		cmocka_unit_test_setup(test_a_newer_code_ends_the_older, set_up),
		cmocka_unit_test_setup(test_nobody_is_answered_alike, set_up),
		cmocka_unit_test_setup(test_what_is_no_question_is_refused, set_up),
		cmocka_unit_test_setup(test_the_sixth_code_is_not_sent, set_up),
		cmocka_unit_test_setup(test_where_no_code_is_asked_for, set_up),
		cmocka_unit_test_setup(test_another_organisations_code_opens_nothing, set_up),
		cmocka_unit_test_setup(test_a_code_is_written_nowhere_else, set_up),
		cmocka_unit_test_setup(test_of_many_at_once_one_gets_in, set_up),
	};
	return cmocka_run_group_tests(tests, open_scene, close_scene);
}
