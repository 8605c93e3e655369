/* Entering with login and password: the operation on a real store. */
#include "../unit/unit.h"

#include <sys/stat.h>
#include <time.h>

#include "config.h"
#include "database.h"
#include "keyring.h"
#include "revocation.h"
#include "sign_in.h"
#include "stmt_gen.h"

#define NOW_MS   INT64_C(1795000000000)
#define SECRET   "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
#define PASSWORD "Пароль-1"
#define COST     4 /* cheap: the work factor is not under test here */

static struct database on;
static struct config config;
static struct clock fixed = {.fixed_ms = NOW_MS};
static struct keyring *ring;
static char sha1[41], md5[33];
static const struct uuid person = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};

static void add_user(const char *login, enum role role, int64_t organisation_id)
{
	struct credential_row row = {.organisation_id = organisation_id,
				     .role = role,
				     .scopes = SCOPE_CARDS_READ | SCOPE_LEDGER_READ};
	const char *member;

	if (role == ROLE_CLIENT)
		row.person_id = person;
	row.id.byte[0] = (uint8_t)strlen(login);
	assert_int_equal(credential_fill(&row, &on.arena, str_of(login), STR(PASSWORD),
					 (int)config.scrypt_cost, &member),
			 REASON_NONE);
	assert_int_equal(credential_add(on.db, &row), ERR_OK);
}

static int open_all(void **state)
{
	char folder[] = "/tmp/test_sign_in.XXXXXX", path[64], error[256];

	(void)state;
	config_defaults(&config);
	config.scrypt_cost = COST;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/ring", folder);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("k1 " SECRET " sign\n", file);
	fclose(file);
	chmod(path, 0600);
	ring = keyring_open(path, error, sizeof(error));
	unlink(path);
	rmdir(folder);
	assert_non_null(ring);
	sha1_hex(PASSWORD, strlen(PASSWORD), sha1);
	md5_hex(PASSWORD, strlen(PASSWORD), md5);
	add_user("Demo", ROLE_ORGANISATION, 1);
	add_user("клиент", ROLE_CLIENT, 2);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	keyring_close(&ring);
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	assert_int_equal(database_run(&on, "DELETE FROM throttle"), 0);
	arena_reset(&on.arena, 0);
	return 0;
}

static struct ctx context(bool tls)
{
	return (struct ctx){
		.arena = &on.arena,
		.db = on.db,
		.clock = &fixed,
		.config = &config,
		.keyring = ring,
		.request = {.address = STR("192.0.2.1"), .tls = tls},
	};
}

static enum err enter(struct ctx *ctx, const char *login, const char *password, const char *role,
		      int64_t company_id, struct sign_in_out *out)
{
	struct sign_in_in in = {.login = str_of(login),
				.password = str_of(password),
				.role = str_of(role),
				.company_id = company_id};

	return op_sign_in.run(ctx, &in, out);
}

static void test_who_may_enter(void **state)
{
	const struct {
		const char *login, *password, *role;
		int64_t company_id;
		bool tls;
		enum err err;
	} rows[] = {
		{"Demo", sha1, "organization", 0, false, ERR_OK},
		{"Demo", sha1, "organization", 1, false, ERR_OK},
		{"dEMO ", sha1, "organization", 0, false, ERR_OK},
		{"Demo", sha1, "organization", 0, true, ERR_OK},
		{"Demo", PASSWORD, "organization", 0, true, ERR_OK},
		{"КЛИЕНТ", sha1, "client", 2, false, ERR_OK},
		{"Demo", PASSWORD, "organization", 0, false, ERR_UNAUTHENTICATED},
		{"Demo", md5, "organization", 0, true, ERR_UNAUTHENTICATED},
		{"Demo", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "organization", 0, false,
		 ERR_UNAUTHENTICATED},
		{"Demo", "", "organization", 0, true, ERR_UNAUTHENTICATED},
		{"Demo", sha1, "client", 0, false, ERR_UNAUTHENTICATED},
		{"Demo", sha1, "organization", 2, false, ERR_UNAUTHENTICATED},
		{"nobody", sha1, "organization", 0, false, ERR_UNAUTHENTICATED},
		{"", sha1, "organization", 0, false, ERR_UNAUTHENTICATED},
		{"Demo", sha1, "operator", 0, false, ERR_INVALID},
	};
	struct sign_in_out out;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ctx ctx = context(rows[i].tls);
		database_run(&on, "DELETE FROM throttle");
		assert_int_equal(enter(&ctx, rows[i].login, rows[i].password, rows[i].role,
				       rows[i].company_id, &out),
				 rows[i].err);
		if (rows[i].err == ERR_UNAUTHENTICATED)
			assert_int_equal(ctx.detail.reason, REASON_LOGIN_REFUSED);
	}
}

/* The upper-case spelling is another text: the vendor's clients send the lower-case one. */
static void test_upper_case_sha1_is_refused(void **state)
{
	char upper[41];
	struct ctx ctx = context(false);
	struct sign_in_out out;

	(void)state;
	for (size_t i = 0; i <= 40; i++)
		upper[i] = sha1[i] >= 'a' ? (char)(sha1[i] - 32) : sha1[i];
	assert_int_equal(enter(&ctx, "Demo", upper, "organization", 0, &out), ERR_UNAUTHENTICATED);
}

static void test_the_token_is_the_users(void **state)
{
	const struct token_rules rules = token_rules_of(&config);
	struct token_checker *checker = token_checker_open(ring, &rules);
	struct ctx ctx = context(false);
	struct sign_in_out out;
	struct principal who;

	(void)state;
	assert_int_equal(enter(&ctx, "demo", sha1, "organization", 0, &out), ERR_OK);
	assert_int_equal(out.company_id, 1);
	assert_int_equal(out.expires.ms, NOW_MS + 86400 * 1000);
	assert_int_equal(token_check(checker, &on.arena, out.token, NOW_MS, &who),
			 TOKEN_FAULT_NONE);
	assert_int_equal(who.organisation_id, 1);
	assert_int_equal(who.scopes, SCOPE_CARDS_READ | SCOPE_LEDGER_READ);
	assert_true(str_eq(who.subject, STR("Demo")));
	assert_int_equal(who.expires_ms, out.expires.ms);

	assert_int_equal(enter(&ctx, "клиент", sha1, "client", 0, &out), ERR_OK);
	assert_int_equal(token_check(checker, &on.arena, out.token, NOW_MS, &who),
			 TOKEN_FAULT_NONE);
	assert_int_equal(who.role, ROLE_CLIENT);
	assert_memory_equal(&who.person_id, &person, sizeof(person));
	token_checker_close(&checker);
}

static void test_a_token_signed_after_a_revocation_stands(void **state)
{
	const struct token_rules rules = token_rules_of(&config);
	struct token_checker *checker = token_checker_open(ring, &rules);
	struct revocations *revocations = revocations_open();
	struct ctx ctx = context(false);
	struct sign_in_out before, after;
	struct principal who;

	(void)state;
	assert_int_equal(enter(&ctx, "demo", sha1, "organization", 0, &before), ERR_OK);
	fixed.fixed_ms = NOW_MS + 3;
	assert_int_equal(enter(&ctx, "demo", sha1, "organization", 0, &after), ERR_OK);
	fixed.fixed_ms = NOW_MS;
	assert_int_equal(revocation_put(on.db, 1, REVOKE_SUBJECT, STR("Demo"), NOW_MS + 2, NOW_MS),
			 ERR_OK);
	assert_int_equal(token_check(checker, &on.arena, before.token, NOW_MS, &who),
			 TOKEN_FAULT_NONE);
	assert_int_equal(revocations_check(revocations, on.db, &on.arena, &who, 1, NOW_MS),
			 ERR_UNAUTHENTICATED);
	assert_int_equal(token_check(checker, &on.arena, after.token, NOW_MS, &who),
			 TOKEN_FAULT_NONE);
	assert_int_equal(revocations_check(revocations, on.db, &on.arena, &who, 1, NOW_MS), ERR_OK);
	revocations_close(&revocations);
	token_checker_close(&checker);
}

/* The eleventh is refused even with the right password, known login or not. */
static void test_the_throttle_answers_alike(void **state)
{
	static const char *const logins[] = {"Demo", "nobody"};
	struct sign_in_out out;

	(void)state;
	for (size_t who = 0; who < COUNT(logins); who++) {
		for (int i = 0; i < 10; i++) {
			struct ctx ctx = context(false);
			assert_int_equal(enter(&ctx, logins[who], md5, "organization", 0, &out),
					 ERR_UNAUTHENTICATED);
			assert_int_equal(ctx.detail.reason, REASON_LOGIN_REFUSED);
		}
		struct ctx ctx = context(false);
		assert_int_equal(enter(&ctx, logins[who], sha1, "organization", 0, &out),
				 ERR_THROTTLED);
		assert_int_equal(ctx.detail.reason, REASON_ATTEMPTS);
		assert_int_equal(ctx.detail.retry_after_s, 900);
	}
}

/* Of this process alone: what its neighbours take away is not counted. */
static int64_t processor_us(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return used.tv_sec * INT64_C(1000000) + used.tv_nsec / 1000;
}

/* Round trips and the least processor time of some refused attempts, in microseconds. */
static void measure(const char *login, int64_t *calls_r, int64_t *best_us_r)
{
	struct sign_in_out out;

	*best_us_r = INT64_MAX;
	for (int i = 0; i < 5; i++) {
		struct ctx ctx = context(false);
		int64_t calls = db_stats(on.db)->calls, from = processor_us();
		assert_int_equal(enter(&ctx, login, md5, "organization", 0, &out),
				 ERR_UNAUTHENTICATED);
		int64_t us = processor_us() - from;
		*calls_r = db_stats(on.db)->calls - calls;
		*best_us_r = us < *best_us_r ? us : *best_us_r;
	}
}

/* A login that does not exist costs the same scrypt: without it the ratio would be 20 and more. */
static void test_an_unknown_login_is_as_much_work(void **state)
{
	int64_t known_calls, unknown_calls, known_us, unknown_us;

	(void)state;
	config.scrypt_cost = 14;
	add_user("costly", ROLE_ORGANISATION, 1);
	measure("costly", &known_calls, &known_us);
	measure("nobody", &unknown_calls, &unknown_us);
	config.scrypt_cost = COST;
	assert_int_equal(known_calls, unknown_calls);
	assert_true(known_us < unknown_us * 2 && unknown_us < known_us * 2);
}

static void test_right_ones_do_not_fill_the_throttle(void **state)
{
	struct sign_in_out out;

	(void)state;
	for (int i = 0; i < 25; i++) {
		struct ctx ctx = context(false);
		assert_int_equal(enter(&ctx, "Demo", sha1, "organization", 0, &out), ERR_OK);
	}
}

static void test_a_login_is_taken_everywhere(void **state)
{
	struct credential_row row = {.organisation_id = 7, .role = ROLE_ORGANISATION};
	const char *member;

	(void)state;
	assert_int_equal(credential_fill(&row, &on.arena, STR("DEMO"), STR("x"), COST, &member),
			 REASON_NONE);
	assert_int_equal(credential_add(on.db, &row), ERR_TAKEN);
}

static void test_limits_of_login_and_password(void **state)
{
	static char text[PASSWORD_MAX + 1];
	const struct {
		size_t login_len, password_len;
		enum reason reason;
		const char *member;
	} rows[] = {
		{255, PASSWORD_MAX, REASON_NONE, NULL},
		{256, 1, REASON_MALFORMED, "login"},
		{0, 1, REASON_REQUIRED, "login"},
		{1, 0, REASON_REQUIRED, "password"},
		{1, PASSWORD_MAX + 1, REASON_TOO_LONG, "password"},
	};

	(void)state;
	memset(text, 'a', sizeof(text));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct credential_row row = {0};
		const char *member = NULL;
		assert_int_equal(
			credential_fill(&row, &on.arena, (struct str){text, rows[i].login_len},
					(struct str){text, rows[i].password_len}, COST, &member),
			rows[i].reason);
		if (rows[i].member)
			assert_string_equal(member, rows[i].member);
	}
}

#define ROW(test) cmocka_unit_test_setup(test, set_up)

/* The other door, for organisations: the password or its MD5, whatever the connection. */
static void test_a_token_is_generated(void **state)
{
	const struct {
		const char *key, *secret;
		enum err err;
	} rows[] = {
		{"Demo", PASSWORD, ERR_OK},
		{"dEMO", md5, ERR_OK},
		{"Demo", sha1, ERR_UNAUTHENTICATED},
		{"Demo", "", ERR_UNAUTHENTICATED},
		{"nobody", PASSWORD, ERR_UNAUTHENTICATED},
		{"клиент", PASSWORD, ERR_UNAUTHENTICATED},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct token_generate_in in = {str_of(rows[i].key), str_of(rows[i].secret)};
		struct token_generate_out out = {.ttl_s = 0};
		struct ctx ctx = context(false);
		assert_int_equal(op_token_generate.run(&ctx, &in, &out), rows[i].err);
		assert_int_equal(out.ttl_s, rows[i].err ? 0 : config.token_ttl_s);
		assert_int_equal(out.token.len > 0, rows[i].err == ERR_OK);
	}
}

/* Wrong secrets count in the one throttle, whichever door. */
static void test_all_doors_share_the_throttle(void **state)
{
	struct token_generate_in in = {STR("Demo"), STR("wrong")};
	struct token_generate_out out;
	struct sign_in_out signed_in;
	struct ctx ctx = context(false);

	(void)state;
	for (int64_t i = 0; i < config.sign_in_per_subject; i++)
		assert_int_equal(op_token_generate.run(&ctx, &in, &out), ERR_UNAUTHENTICATED);
	assert_int_equal(op_token_generate.run(&ctx, &in, &out), ERR_THROTTLED);
	assert_int_equal(enter(&ctx, "Demo", sha1, "organization", 0, &signed_in), ERR_THROTTLED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(test_who_may_enter),
		ROW(test_upper_case_sha1_is_refused),
		ROW(test_the_token_is_the_users),
		ROW(test_a_token_signed_after_a_revocation_stands),
		ROW(test_the_throttle_answers_alike),
		ROW(test_an_unknown_login_is_as_much_work),
		ROW(test_right_ones_do_not_fill_the_throttle),
		ROW(test_a_login_is_taken_everywhere),
		ROW(test_limits_of_login_and_password),
		ROW(test_a_token_is_generated),
		ROW(test_all_doors_share_the_throttle),
	};

	if (!database_open(&on, "test_sign_in"))
		return 1;
	int failed = cmocka_run_group_tests(tests, open_all, close_all);
	database_close(&on);
	return failed;
}
