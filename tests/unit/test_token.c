#include "token_fixture.h"

static void test_a_good_token_says_who(void **state)
{
	struct principal who;

	(void)state;
	/* Twice: once read, once remembered. */
	for (int i = 0; i < 2; i++) {
		memset(&who, 0xff, sizeof(who));
		assert_int_equal(token_check(checker, &arena, good_token(), NOW_MS, &who),
				 TOKEN_FAULT_NONE);
		assert_int_equal(who.organisation_id, 7);
		assert_int_equal(who.role, ROLE_ORGANISATION);
		assert_int_equal(who.scopes, SCOPE_CARDS_READ | SCOPE_CARDS_WRITE);
		assert_true(str_eq(who.subject, STR("till 1")));
		assert_true(str_eq(who.jti, STR("id-1")));
		assert_int_equal(who.issued_ms, NOW_MS);
		assert_int_equal(who.expires_ms, NOW_MS + 3600 * 1000);
	}
}

static void test_attacks_on_the_header(void **state)
{
	static const struct {
		const char *header;
		enum token_fault fault;
	} rows[] = {
		{GOOD_HEADER, TOKEN_FAULT_NONE},
		{"{\"typ\":\"JWT\",\"kid\":\"k1\",\"alg\":\"HS256\",\"x\":1}", TOKEN_FAULT_NONE},
		{"{\"alg\":\"none\",\"kid\":\"k1\",\"typ\":\"JWT\"}", TOKEN_FAULT_ALGORITHM},
		{"{\"alg\":\"None\",\"kid\":\"k1\",\"typ\":\"JWT\"}", TOKEN_FAULT_ALGORITHM},
		{"{\"alg\":\"hs256\",\"kid\":\"k1\",\"typ\":\"JWT\"}", TOKEN_FAULT_ALGORITHM},
		{"{\"alg\":\"HS384\",\"kid\":\"k1\",\"typ\":\"JWT\"}", TOKEN_FAULT_ALGORITHM},
		{"{\"alg\":\"HS512\",\"kid\":\"k1\",\"typ\":\"JWT\"}", TOKEN_FAULT_ALGORITHM},
		{"{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"JWT\"}", TOKEN_FAULT_ALGORITHM},
		{"{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"JWT\"}", TOKEN_FAULT_ALGORITHM},
		{"{\"alg\":[\"HS256\"],\"kid\":\"k1\",\"typ\":\"JWT\"}", TOKEN_FAULT_ALGORITHM},
		{"{\"alg\":\"\",\"kid\":\"k1\",\"typ\":\"JWT\"}", TOKEN_FAULT_ALGORITHM},
		{"{\"kid\":\"k1\",\"typ\":\"JWT\"}", TOKEN_FAULT_ALGORITHM},
		{"{\"alg\":\"HS256\",\"kid\":\"k1\"}", TOKEN_FAULT_TYPE},
		{"{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"jwt\"}", TOKEN_FAULT_TYPE},
		{"{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_FAULT_TYPE},
		{"{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":1}", TOKEN_FAULT_TYPE},
		{"{\"alg\":\"HS256\",\"typ\":\"JWT\"}", TOKEN_FAULT_KEY},
		{"{\"alg\":\"HS256\",\"kid\":\"\",\"typ\":\"JWT\"}", TOKEN_FAULT_KEY},
		{"{\"alg\":\"HS256\",\"kid\":1,\"typ\":\"JWT\"}", TOKEN_FAULT_KEY},
		{"{\"alg\":\"HS256\",\"kid\":\"k9\",\"typ\":\"JWT\"}", TOKEN_FAULT_KEY},
		{"{\"alg\":\"HS256\",\"kid\":\"K1\",\"typ\":\"JWT\"}", TOKEN_FAULT_KEY},
		{"{\"alg\":\"HS256\",\"kid\":\"k3\",\"typ\":\"JWT\"}", TOKEN_FAULT_KEY},
		{"{\"alg\":\"HS256\",\"kid\":\"../k1\",\"typ\":\"JWT\"}", TOKEN_FAULT_KEY},
		{"{\"alg\":\"HS256\",\"kid\":\"k2\",\"typ\":\"JWT\"}", TOKEN_FAULT_SIGNATURE},
		{"{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\",\"crit\":[\"exp\"]}",
		 TOKEN_FAULT_EXTENSION},
		{"{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\",\"crit\":null}",
		 TOKEN_FAULT_EXTENSION},
		{"{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\",\"zip\":\"DEF\"}",
		 TOKEN_FAULT_EXTENSION},
		{"{\"alg\":\"none\",\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\"}",
		 TOKEN_FAULT_HEADER},
		{"{\"alg\":\"HS256\",\"kid\":\"k1\",\"kid\":\"k1\",\"typ\":\"JWT\"}",
		 TOKEN_FAULT_HEADER},
		{"{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\"} x", TOKEN_FAULT_HEADER},
		{"{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\"", TOKEN_FAULT_HEADER},
		{"[\"HS256\"]", TOKEN_FAULT_HEADER},
		{"null", TOKEN_FAULT_HEADER},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect(sign("k1", str_of(rows[i].header), STR(GOOD_CLAIMS)), rows[i].fault);
}

static const struct {
	const char *claims;
	enum token_fault fault;
} claim_attacks[] = {
#define WITH(head, who, times) head who times
#define ISS(iss)               WITH("{" iss "\"aud\":\"kartoteka\",\"sub\":\"s\",", CLAIM_WHO, CLAIM_TIMES)
#define AUD(aud)               WITH("{\"iss\":\"kartoteka\"," aud "\"sub\":\"s\",", CLAIM_WHO, CLAIM_TIMES)
#define SUB(sub)               WITH("{\"iss\":\"kartoteka\",\"aud\":\"kartoteka\"," sub, CLAIM_WHO, CLAIM_TIMES)
#define ORG(org)               WITH(CLAIM_HEAD, org "\"role\":\"organization\",\"scope\":\"admin\",", CLAIM_TIMES)
#define ROLE(role)             WITH(CLAIM_HEAD, "\"org\":7," role "\"scope\":\"admin\",", CLAIM_TIMES)
#define SCOPE(scope)           WITH(CLAIM_HEAD, "\"org\":7,\"role\":\"organization\"," scope, CLAIM_TIMES)
#define TIMES(times)           WITH(CLAIM_HEAD, CLAIM_WHO, times)
	{GOOD_CLAIMS, TOKEN_FAULT_NONE},
	{ISS("\"iss\":\"kartoteka\","), TOKEN_FAULT_NONE},
	{ISS(""), TOKEN_FAULT_ISSUER},
	{ISS("\"iss\":\"kartotek\","), TOKEN_FAULT_ISSUER},
	{ISS("\"iss\":\"Kartoteka\","), TOKEN_FAULT_ISSUER},
	{ISS("\"iss\":[\"kartoteka\"],"), TOKEN_FAULT_ISSUER},
	{AUD("\"aud\":[\"other\",\"kartoteka\"],"), TOKEN_FAULT_NONE},
	{AUD("\"aud\":[\"other\"],"), TOKEN_FAULT_AUDIENCE},
	{AUD("\"aud\":[\"kartoteka\",1],"), TOKEN_FAULT_AUDIENCE},
	{AUD("\"aud\":[],"), TOKEN_FAULT_AUDIENCE},
	{AUD("\"aud\":{\"a\":\"kartoteka\"},"), TOKEN_FAULT_AUDIENCE},
	{AUD("\"aud\":\"other\","), TOKEN_FAULT_AUDIENCE},
	{AUD(""), TOKEN_FAULT_AUDIENCE},
	{SUB("\"sub\":\"s\","), TOKEN_FAULT_NONE},
	{SUB(""), TOKEN_FAULT_SUBJECT},
	{SUB("\"sub\":\"\","), TOKEN_FAULT_SUBJECT},
	{SUB("\"sub\":7,"), TOKEN_FAULT_SUBJECT},
	{ORG("\"org\":1,"), TOKEN_FAULT_NONE},
	{ORG("\"org\":4294967295,"), TOKEN_FAULT_NONE},
	{ORG("\"org\":4294967296,"), TOKEN_FAULT_ORGANISATION},
	{ORG("\"org\":9007199254740992,"), TOKEN_FAULT_ORGANISATION},
	{ORG("\"org\":4294967303,"), TOKEN_FAULT_ORGANISATION},
	{ORG("\"org\":18446744073709551623,"), TOKEN_FAULT_CLAIMS},
	{ORG("\"org\":0,"), TOKEN_FAULT_ORGANISATION},
	{ORG("\"org\":-7,"), TOKEN_FAULT_ORGANISATION},
	{ORG("\"org\":7.0,"), TOKEN_FAULT_ORGANISATION},
	{ORG("\"org\":7e0,"), TOKEN_FAULT_ORGANISATION},
	{ORG("\"org\":\"7\","), TOKEN_FAULT_ORGANISATION},
	{ORG("\"org\":[7],"), TOKEN_FAULT_ORGANISATION},
	{ORG("\"org\":null,"), TOKEN_FAULT_ORGANISATION},
	{ORG(""), TOKEN_FAULT_ORGANISATION},
	{ROLE("\"role\":\"organization\","), TOKEN_FAULT_NONE},
	{ROLE("\"role\":\"organisation\","), TOKEN_FAULT_ROLE},
	{ROLE("\"role\":\"\","), TOKEN_FAULT_ROLE},
	{ROLE(""), TOKEN_FAULT_ROLE},
	{ROLE("\"role\":\"client\","), TOKEN_FAULT_SUBJECT},
	{SCOPE("\"scope\":\"\","), TOKEN_FAULT_NONE},
	{SCOPE("\"scope\":[\"admin\"],"), TOKEN_FAULT_SCOPE},
	{SCOPE(""), TOKEN_FAULT_SCOPE},
	{TIMES("\"iat\":1795000000,\"exp\":1795003600}"), TOKEN_FAULT_ID},
	{TIMES("\"jti\":\"\",\"iat\":1795000000,\"exp\":1795003600}"), TOKEN_FAULT_ID},
	{TIMES("\"jti\":5,\"iat\":1795000000,\"exp\":1795003600}"), TOKEN_FAULT_ID},
	{TIMES("\"jti\":\"j\",\"iat\":1795000000}"), TOKEN_FAULT_TIME},
	{TIMES("\"jti\":\"j\",\"exp\":1795003600}"), TOKEN_FAULT_TIME},
	{TIMES("\"jti\":\"j\",\"iat\":\"1795000000\",\"exp\":1795003600}"), TOKEN_FAULT_TIME},
	{TIMES("\"jti\":\"j\",\"iat\":1795000000,\"exp\":\"1795003600\"}"), TOKEN_FAULT_TIME},
	{TIMES("\"jti\":\"j\",\"iat\":1795000000,\"exp\":null}"), TOKEN_FAULT_TIME},
	{TIMES("\"jti\":\"j\",\"iat\":1795000000,\"exp\":1.8e9}"), TOKEN_FAULT_TIME},
	{TIMES("\"jti\":\"j\",\"iat\":1795000000.25,\"exp\":1795003600.75}"), TOKEN_FAULT_NONE},
	{TIMES("\"jti\":\"j\",\"iat\":1795000000.2e1,\"exp\":1795003600}"), TOKEN_FAULT_TIME},
	{TIMES("\"jti\":\"j\",\"iat\":-1,\"exp\":1795003600}"), TOKEN_FAULT_TIME},
	{TIMES("\"jti\":\"j\",\"iat\":1795000000,\"exp\":253402300800}"), TOKEN_FAULT_TIME},
	{TIMES("\"jti\":\"j\",\"iat\":1795000000,\"exp\":1795003600,\"nbf\":\"x\"}"),
	 TOKEN_FAULT_TIME},
	{TIMES("\"jti\":\"j\",\"iat\":1795000000,\"exp\":1795003600,\"nbf\":null}"),
	 TOKEN_FAULT_TIME},
	{TIMES("\"jti\":\"j\",\"iat\":1795000000,\"exp\":1795003600,\"exp\":1795003601}"),
	 TOKEN_FAULT_CLAIMS},
	{TIMES("\"jti\":\"j\",\"iat\":1795000000,\"exp\":1795003600,\"\\u006frg\":8}"),
	 TOKEN_FAULT_CLAIMS},
	{TIMES("\"jti\":\"j\\u0000\",\"iat\":1795000000,\"exp\":1795003600}"), TOKEN_FAULT_CLAIMS},
	{GOOD_CLAIMS "{}", TOKEN_FAULT_CLAIMS},
	{"[" GOOD_CLAIMS "]", TOKEN_FAULT_CLAIMS},
	{"", TOKEN_FAULT_PARTS},
};

static void test_attacks_on_the_claims(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(claim_attacks); i++)
		expect(sign("k1", STR(GOOD_HEADER), str_of(claim_attacks[i].claims)),
		       claim_attacks[i].fault);
}

static struct str timed(int64_t iat_s, int64_t exp_s, const char *more)
{
	struct buf buf;

	buf_init(&buf, &arena, 512);
	buf_printf(&buf, "%s\"jti\":\"j\",\"iat\":%lld,\"exp\":%lld%s}", CLAIM_HEAD CLAIM_WHO,
		   (long long)iat_s, (long long)exp_s, more);
	return sign("k1", STR(GOOD_HEADER), buf_done(&buf));
}

static void test_times_on_both_sides(void **state)
{
	const struct {
		int64_t iat_s, exp_s;
		const char *more;
		enum token_fault fault;
	} rows[] = {
		{NOW_S, NOW_S + 1, "", TOKEN_FAULT_NONE},
		{NOW_S - 9, NOW_S, "", TOKEN_FAULT_EXPIRED},
		{NOW_S - DAY, NOW_S - 3600, "", TOKEN_FAULT_EXPIRED},
		{NOW_S + 60, NOW_S + 3600, "", TOKEN_FAULT_NONE},
		{NOW_S + 61, NOW_S + 3600, "", TOKEN_FAULT_EARLY},
		{NOW_S, NOW_S + LONGEST, "", TOKEN_FAULT_NONE},
		{NOW_S, NOW_S + LONGEST + 1, "", TOKEN_FAULT_LIFE},
		{NOW_S, NOW_S, "", TOKEN_FAULT_LIFE},
		{NOW_S, NOW_S - 1, "", TOKEN_FAULT_LIFE},
		{NOW_S, NOW_S + 9, ",\"nbf\":1795000060", TOKEN_FAULT_NONE},
		{NOW_S, NOW_S + 9, ",\"nbf\":1795000061", TOKEN_FAULT_EARLY},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect(timed(rows[i].iat_s, rows[i].exp_s, rows[i].more), rows[i].fault);
}

static void test_a_remembered_token_expires_all_the_same(void **state)
{
	struct str token = timed(NOW_S, NOW_S + 5, "");

	(void)state;
	assert_int_equal(check_at(token, NOW_MS), TOKEN_FAULT_NONE);
	assert_int_equal(check_at(token, NOW_MS + 4999), TOKEN_FAULT_NONE);
	assert_int_equal(check_at(token, NOW_MS + 5000), TOKEN_FAULT_EXPIRED);
	assert_int_equal(check_at(token, NOW_MS - 60000), TOKEN_FAULT_NONE);
	assert_int_equal(check_at(token, NOW_MS - 60001), TOKEN_FAULT_EARLY);
	assert_int_equal(token_fault_reason(TOKEN_FAULT_EXPIRED), REASON_TOKEN_EXPIRED);
	assert_int_equal(token_fault_reason(TOKEN_FAULT_EARLY), REASON_TOKEN_BAD);
	assert_int_equal(token_fault_reason(TOKEN_FAULT_NONE), REASON_NONE);
}

/* `format` is a token of which %s is the good one, whole. */
static void test_attacks_on_the_text(void **state)
{
	struct str good = good_token();
	struct buf buf;

	(void)state;
	const struct {
		const char *before, *after;
		size_t cut; /* bytes left off the end */
		enum token_fault fault;
	} rows[] = {
		{"", "", 0, TOKEN_FAULT_NONE},        {"", ".", 0, TOKEN_FAULT_PARTS},
		{"", ".x", 0, TOKEN_FAULT_PARTS},     {".", "", 0, TOKEN_FAULT_PARTS},
		{"", "=", 0, TOKEN_FAULT_SIGNATURE},  {"", "A", 0, TOKEN_FAULT_SIGNATURE},
		{"", "", 1, TOKEN_FAULT_SIGNATURE},   {"", "", 42, TOKEN_FAULT_SIGNATURE},
		{"", "", 43, TOKEN_FAULT_SIGNATURE},  {"", "", 44, TOKEN_FAULT_PARTS},
		{" ", "", 0, TOKEN_FAULT_HEADER},     {"", " ", 0, TOKEN_FAULT_SIGNATURE},
		{"", "\n", 0, TOKEN_FAULT_SIGNATURE}, {"Bearer ", "", 0, TOKEN_FAULT_HEADER},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_init(&buf, &arena, 1024);
		buf_text(&buf, rows[i].before);
		buf_str(&buf, (struct str){good.at, good.len - rows[i].cut});
		buf_text(&buf, rows[i].after);
		expect(buf_done(&buf), rows[i].fault);
	}
	expect(STR(""), TOKEN_FAULT_SIZE);
	expect(STR(".."), TOKEN_FAULT_PARTS);
	expect(STR("a.b"), TOKEN_FAULT_PARTS);
	expect(STR("."), TOKEN_FAULT_PARTS);
}

/* 32 bytes leave four bits unused in the last character: only one of four spellings counts. */
static void test_another_spelling_of_the_signature_is_refused(void **state)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	struct str good = good_token();
	char *text = arena_strndup(&arena, good.at, good.len);
	size_t last = (size_t)(strchr(alphabet, text[good.len - 1]) - alphabet);

	(void)state;
	for (size_t i = 0; i < 64; i++) {
		text[good.len - 1] = alphabet[i];
		expect((struct str){text, good.len},
		       i == last ? TOKEN_FAULT_NONE : TOKEN_FAULT_SIGNATURE);
	}
}

static void test_every_changed_byte_is_refused(void **state)
{
	struct str good = good_token();
	size_t mark = arena_mark(&arena);

	(void)state;
	for (size_t i = 0; i < good.len; i++) {
		char *text = arena_strndup(&arena, good.at, good.len);
		text[i] = text[i] == 'A' ? 'B' : 'A';
		assert_int_not_equal(check_at((struct str){text, good.len}, NOW_MS),
				     TOKEN_FAULT_NONE);
		arena_reset(&arena, mark);
	}
}

/* Signed over a header that is spelled in the standard alphabet, with or without its padding. */
static struct str standard_base64(const char *header, bool padded)
{
	struct buf buf;
	uint8_t mac[SHA256_LEN];
	char text[256];

	buf_init(&buf, &arena, 1024);
	size_t len = base64_encode(header, strlen(header), text);
	buf_str(&buf, (struct str){text, padded ? len : strcspn(text, "=")});
	buf_char(&buf, '.');
	put_base64(&buf, STR(GOOD_CLAIMS));
	hmac_sign(keyring_find(ring, STR("k1"))->hmac, buf.at, buf.len, mac);
	buf_char(&buf, '.');
	put_base64(&buf, (struct str){(const char *)mac, sizeof(mac)});
	return buf_done(&buf);
}

static void test_only_base64url_is_read(void **state)
{
	static const char slashed[] =
		"{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\",\"x\":\"~?~?\"}";

	(void)state;
	expect(standard_base64(GOOD_HEADER, false), TOKEN_FAULT_NONE);
	expect(standard_base64(GOOD_HEADER, true), TOKEN_FAULT_HEADER);
	expect(sign("k1", str_of(slashed), STR(GOOD_CLAIMS)), TOKEN_FAULT_NONE);
	expect(standard_base64(slashed, false), TOKEN_FAULT_HEADER);
}

/* The subject is filled up until the token has exactly this size. */
static struct str token_of_size(size_t size)
{
	struct buf buf;

	for (size_t fill = 2500; fill < 3000; fill++) {
		size_t mark = arena_mark(&arena);
		buf_init(&buf, &arena, 8192);
		buf_text(&buf, "{\"x\":\"");
		for (size_t i = 0; i < fill; i++)
			buf_char(&buf, 'x');
		buf_text(&buf, "\",");
		buf_text(&buf, &GOOD_CLAIMS[1]);
		for (int pad = 0; pad < 4; pad++) {
			char header[64] = GOOD_HEADER;
			memset(header + strlen(header), ' ', (size_t)pad);
			struct str token = sign("k1", str_of(header), buf_done(&buf));
			if (token.len == size)
				return token;
		}
		arena_reset(&arena, mark);
	}
	fail_msg("no token of %zu bytes", size);
	return (struct str){NULL, 0};
}

static void test_size_on_both_sides(void **state)
{
	(void)state;
	expect(token_of_size(TOKEN_MAX), TOKEN_FAULT_NONE);
	expect(token_of_size(TOKEN_MAX + 1), TOKEN_FAULT_SIZE);
}

static struct str with_text(const char *name, size_t len)
{
	struct buf buf;
	bool sub = strcmp(name, "sub") == 0;

	buf_init(&buf, &arena, 1024);
	buf_printf(&buf, "{\"iss\":\"kartoteka\",\"aud\":\"kartoteka\",\"%s\":\"s\",%s\"%s\":\"",
		   sub ? "jti" : "sub", CLAIM_WHO, name);
	for (size_t i = 0; i < len; i++)
		buf_char(&buf, 'x');
	buf_text(&buf, "\",\"iat\":1795000000,\"exp\":1795003600}");
	return sign("k1", STR(GOOD_HEADER), buf_done(&buf));
}

static void test_subject_and_id_of_255_bytes_fit(void **state)
{
	(void)state;
	expect(with_text("sub", SUBJECT_MAX), TOKEN_FAULT_NONE);
	expect(with_text("sub", SUBJECT_MAX + 1), TOKEN_FAULT_SUBJECT);
	expect(with_text("jti", JTI_MAX), TOKEN_FAULT_NONE);
	expect(with_text("jti", JTI_MAX + 1), TOKEN_FAULT_ID);
}

static struct str client_token(const char *sub)
{
	struct buf buf;

	buf_init(&buf, &arena, 512);
	buf_printf(&buf,
		   "{\"iss\":\"kartoteka\",\"aud\":\"kartoteka\",\"sub\":\"%s\",\"org\":7,"
		   "\"role\":\"client\",\"scope\":\"cards:read later:scope\"," CLAIM_TIMES,
		   sub);
	return sign("k1", STR(GOOD_HEADER), buf_done(&buf));
}

static void test_a_client_is_a_person(void **state)
{
	struct principal who;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(token_check(checker, &arena,
					     client_token("0198A000-0000-7000-8000-00000000ABCD"),
					     NOW_MS, &who),
				 TOKEN_FAULT_NONE);
		assert_int_equal(who.role, ROLE_CLIENT);
		assert_int_equal(who.person_id.byte[15], 0xcd);
		assert_int_equal(who.scopes, SCOPE_CARDS_READ);
		assert_true(str_eq(who.subject, STR("0198a000-0000-7000-8000-00000000abcd")));
	}
	expect(client_token("somebody"), TOKEN_FAULT_SUBJECT);
	expect(client_token("00000000-0000-0000-0000-000000000000"), TOKEN_FAULT_SUBJECT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_good_token_says_who),
		cmocka_unit_test(test_attacks_on_the_header),
		cmocka_unit_test(test_attacks_on_the_claims),
		cmocka_unit_test(test_times_on_both_sides),
		cmocka_unit_test(test_a_remembered_token_expires_all_the_same),
		cmocka_unit_test(test_attacks_on_the_text),
		cmocka_unit_test(test_another_spelling_of_the_signature_is_refused),
		cmocka_unit_test(test_every_changed_byte_is_refused),
		cmocka_unit_test(test_only_base64url_is_read),
		cmocka_unit_test(test_size_on_both_sides),
		cmocka_unit_test(test_subject_and_id_of_255_bytes_fit),
		cmocka_unit_test(test_a_client_is_a_person),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
