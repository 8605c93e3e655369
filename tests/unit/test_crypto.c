#include "unit.h"

#include "crypto.h"

static void assert_hex(const uint8_t *bytes, size_t len, const char *expected)
{
	char hex[3];

	assert_int_equal(strlen(expected), len * 2);
	for (size_t i = 0; i < len; i++) {
		snprintf(hex, sizeof(hex), "%02x", bytes[i]);
		assert_memory_equal(hex, expected + i * 2, 2);
	}
}

/* RFC 4231 test cases 1, 2 and 6 (a key longer than the block). */
static void test_hmac_of_the_rfc(void **state)
{
	struct {
		char key[131];
		size_t key_len;
		const char *text, *tag;
	} rows[] = {
		{"", 20, "Hi There",
		 "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{"Jefe", 4, "what do ya want for nothing?",
		 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{"", 131, "Test Using Larger Than Block-Size Key - Hash Key First",
		 "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
	};

	(void)state;
	memset(rows[0].key, 0x0b, 20);
	memset(rows[2].key, 0xaa, 131);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct hmac *hmac = hmac_open(rows[i].key, rows[i].key_len);
		uint8_t tag[SHA256_LEN];

		/* Again and again from the kept context. */
		for (int again = 0; again < 3; again++) {
			hmac_sign(hmac, rows[i].text, strlen(rows[i].text), tag);
			assert_hex(tag, sizeof(tag), rows[i].tag);
		}
		hmac_close(&hmac);
		assert_null(hmac);
		hmac_close(&hmac);
	}
}

static void test_parts_are_signed_as_if_joined(void **state)
{
	const struct str parts[] = {STR("what do "), STR(""), STR("ya want "), STR("for nothing?")};
	struct hmac *hmac = hmac_open("Jefe", 4), *other = hmac_open("Jeff", 4);
	uint8_t tag[SHA256_LEN], wrong[SHA256_LEN];

	(void)state;
	hmac_sign_parts(hmac, parts, COUNT(parts), tag);
	hmac_sign_parts(other, parts, COUNT(parts), wrong);
	assert_hex(tag, sizeof(tag),
		   "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	assert_false(crypto_equal(tag, wrong, sizeof(tag)));
	hmac_close(&hmac);
	hmac_close(&other);
}

static void open_without_key(void)
{
	hmac_open("", 0);
}

static void test_an_empty_key_is_a_bug(void **state)
{
	(void)state;
	assert_true(dies(open_without_key));
}

static void test_digests_of_abc(void **state)
{
	uint8_t digest[SHA256_LEN];
	char sha1[41], md5[33];

	(void)state;
	for (int again = 0; again < 2; again++) {
		sha256("abc", 3, digest);
		assert_hex(digest, sizeof(digest),
			   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
		sha1_hex("abc", 3, sha1);
		assert_string_equal(sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
		md5_hex("abc", 3, md5);
		assert_string_equal(md5, "900150983cd24fb0d6963f7d28e17f72");
	}
	sha256(NULL, 0, digest);
	assert_hex(digest, sizeof(digest),
		   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* Made with Python's hashlib.scrypt(b"password", salt=bytes(range(16)), n=1024, r=8, p=1). */
static void test_scrypt_by_cost(void **state)
{
	uint8_t salt[16], key[32], other[32];

	(void)state;
	for (uint8_t i = 0; i < sizeof(salt); i++)
		salt[i] = i;
	assert_true(scrypt(STR("password"), salt, 10, key));
	assert_hex(key, sizeof(key),
		   "3a7c0782a4dbdf543acd7c522fe853d9b34abb8af27a5c6597488cdf228140b5");
	assert_true(scrypt(STR("passwore"), salt, 10, other));
	assert_false(crypto_equal(key, other, sizeof(key)));
	assert_true(scrypt(STR("password"), salt, 14, other));
	assert_false(crypto_equal(key, other, sizeof(key)));
	assert_true(scrypt(str_of(NULL), salt, 1, other));
	assert_false(scrypt(STR("password"), salt, 0, other));
	assert_false(scrypt(STR("password"), salt, SCRYPT_COST_MAX + 1, other));
}

/* Small draws come from a pool that a fork must not copy. */
static void test_a_child_draws_other_bytes(void **state)
{
	uint8_t own[16], of_child[16];
	int ends[2], status;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	crypto_random(own, sizeof(own));
	child = fork();
	if (child == 0) {
		crypto_random(of_child, sizeof(of_child));
		_exit(write(ends[1], of_child, sizeof(of_child)) == sizeof(of_child) ? 0 : 1);
	}
	crypto_random(own, sizeof(own));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(read(ends[0], of_child, sizeof(of_child)), sizeof(of_child));
	assert_memory_not_equal(own, of_child, sizeof(own));
	close(ends[0]);
	close(ends[1]);
}

static int compare_draws(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

static void test_no_draw_comes_twice(void **state)
{
	static uint8_t draws[2000][16];

	(void)state;
	for (size_t i = 0; i < COUNT(draws); i++)
		crypto_random(draws[i], sizeof(draws[i]));
	qsort(draws, COUNT(draws), sizeof(draws[0]), compare_draws);
	for (size_t i = 1; i < COUNT(draws); i++)
		assert_memory_not_equal(draws[i - 1], draws[i], sizeof(draws[0]));
}

static void test_random_bytes_differ(void **state)
{
	uint8_t a[32] = {0}, b[32] = {0};

	(void)state;
	crypto_random(a, sizeof(a));
	crypto_random(b, sizeof(b));
	assert_false(crypto_equal(a, b, sizeof(a)));
	crypto_wipe(a, sizeof(a));
	assert_true(crypto_equal(a, (uint8_t[32]){0}, sizeof(a)));
}

/* RFC 4648 part 10, and bytes that need the two alphabets. */
static void test_base64_both_ways(void **state)
{
	static const struct {
		const char *bytes, *standard, *url_safe;
	} rows[] = {
		{"", "", ""},
		{"f", "Zg==", "Zg"},
		{"fo", "Zm8=", "Zm8"},
		{"foo", "Zm9v", "Zm9v"},
		{"foob", "Zm9vYg==", "Zm9vYg"},
		{"fooba", "Zm9vYmE=", "Zm9vYmE"},
		{"foobar", "Zm9vYmFy", "Zm9vYmFy"},
		{"\xfb\xff\xfe", "+//+", "-__-"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].bytes), decoded;
		uint8_t bytes[8];
		char text[16];

		assert_int_equal(base64_encode(rows[i].bytes, len, text), strlen(rows[i].standard));
		assert_string_equal(text, rows[i].standard);
		assert_true(base64_decode(str_of(text), bytes, len, &decoded));
		assert_int_equal(decoded, len);
		assert_memory_equal(bytes, rows[i].bytes, len);
		base64url_encode(rows[i].bytes, len, text);
		assert_string_equal(text, rows[i].url_safe);
		assert_true(base64url_decode(str_of(text), bytes, len, &decoded));
		assert_int_equal(decoded, len);
		assert_memory_equal(bytes, rows[i].bytes, len);
	}
}

static void test_base64_has_one_spelling(void **state)
{
	static const char *const url_safe[] = {
		"Zg==",  "Zm8=", "Z",    "Zm9vY", "Zh", "Zm9",  "Zm 8",
		"Zm8\n", "+//+", "Zm9.", "Z\xD0", "=",  "====", "Zg=",
	};
	static const char *const standard[] = {
		"Zg", "Zm8", "Zg=",  "Zg===", "Zh==",     "Zm9=",   "Z===",  "====",  "-__-",
		"=",  "==",  "Z=g=", "Zm9v=", "Zm9v====", "Zm9v\n", " Zg==", "Zg== ",
	};
	uint8_t bytes[16];
	size_t len = 42;

	(void)state;
	for (size_t i = 0; i < COUNT(url_safe); i++)
		assert_false(base64url_decode(str_of(url_safe[i]), bytes, sizeof(bytes), &len));
	for (size_t i = 0; i < COUNT(standard); i++)
		assert_false(base64_decode(str_of(standard[i]), bytes, sizeof(bytes), &len));
	assert_int_equal(len, 42);
}

static void test_base64_stays_inside_the_buffer(void **state)
{
	uint8_t bytes[4];
	size_t len;

	(void)state;
	assert_true(base64url_decode(STR("Zm9vYg"), bytes, 4, &len));
	assert_false(base64url_decode(STR("Zm9vYg"), bytes, 3, &len));
	assert_false(base64url_decode(STR("Zm8"), bytes, 1, &len));
	assert_true(base64_decode(STR("Zg=="), bytes, 1, &len));
	assert_false(base64_decode(STR("Zg=="), bytes, 0, &len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hmac_of_the_rfc),
		cmocka_unit_test(test_parts_are_signed_as_if_joined),
		cmocka_unit_test(test_an_empty_key_is_a_bug),
		cmocka_unit_test(test_digests_of_abc),
		cmocka_unit_test(test_scrypt_by_cost),
		cmocka_unit_test(test_random_bytes_differ),
		cmocka_unit_test(test_a_child_draws_other_bytes),
		cmocka_unit_test(test_no_draw_comes_twice),
		cmocka_unit_test(test_base64_both_ways),
		cmocka_unit_test(test_base64_has_one_spelling),
		cmocka_unit_test(test_base64_stays_inside_the_buffer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
