#include "unit.h"

#include <sys/stat.h>

#include "keyring.h"

/* base64 of 32, of 31 and of 257 bytes. */
#define SECRET   "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
#define SECRET_2 "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWc="
#define SHORT    "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZQ=="

static char folder[] = "/tmp/test_keyring.XXXXXX", path[64], error[256];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/ring", folder);
	return 0;
}

static int drop_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void write_file(const char *text, mode_t mode)
{
	unlink(path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static void test_good_files(void **state)
{
	static const struct {
		const char *text, *signs;
	} rows[] = {
		{"a " SECRET " sign\n", "a"},
		{"a " SECRET " sign", "a"},
		{"# the old one\na " SECRET " retired\n\n \t\n  b\t" SECRET_2 "  sign \r\n", "b"},
		{"a " SECRET " verify\n", NULL},
		{"A-z_0.9aaaaaaaaaaaaaaaaaaaaaaaaa " SECRET " sign\n",
		 "A-z_0.9aaaaaaaaaaaaaaaaaaaaaaaaa"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		write_file(rows[i].text, 0640);
		struct keyring *ring = keyring_open(path, error, sizeof(error));
		assert_non_null(ring);
		const struct key *key = keyring_signing(ring);
		assert_int_equal(key != NULL, rows[i].signs != NULL);
		if (key)
			assert_memory_equal(key->kid.at, rows[i].signs, key->kid.len);
		keyring_close(&ring);
		assert_null(ring);
		keyring_close(&ring);
	}
}

static void test_bad_files_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"", "ring: no key in it"},
		{"# nothing\n", "ring: no key in it"},
		{"a " SECRET "\n", "ring:1: not `kid secret state`"},
		{"a " SECRET " sign more\n", "ring:1: not `kid secret state`"},
		{"a " SECRET " sign more still\n", "ring:1: not `kid secret state`"},
		{"#\n\na " SECRET " signs\n", "ring:3: the state is not sign, verify or retired"},
		{"a " SECRET " SIGN\n", "ring:1: the state is not sign, verify or retired"},
		{"a " SHORT " sign\n", "ring:1: the secret is shorter than 32 bytes"},
		{"a !" SECRET " sign\n", "ring:1: the secret is not base64 of at most 256 bytes"},
		{"a/b " SECRET " sign\n", "ring:1: the kid is not 1 to 32 of"},
		{"A-z_0.9aaaaaaaaaaaaaaaaaaaaaaaaaa " SECRET " sign\n",
		 "ring:1: the kid is not 1 to 32 of"},
		{"a " SECRET " sign\na " SECRET_2 " verify\n", "ring:2: the kid appears twice"},
		{"a " SECRET " sign\nb " SECRET_2 " sign\n",
		 "ring:2: a second key with the state sign"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		write_file(rows[i].text, 0600);
		assert_null(keyring_open(path, error, sizeof(error)));
		assert_non_null(strstr(error, rows[i].says));
		assert_null(strstr(error, "MDEy"));
	}
}

static void write_keys(int n)
{
	char text[8192] = "";

	for (int i = 0; i < n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "k%d " SECRET " verify\n", i);
	write_file(text, 0600);
}

static void test_thirty_two_keys_fit(void **state)
{
	(void)state;
	write_keys(KEYRING_MAX);
	struct keyring *ring = keyring_open(path, error, sizeof(error));
	assert_non_null(ring);
	assert_non_null(keyring_find(ring, STR("k31")));
	keyring_close(&ring);
	write_keys(KEYRING_MAX + 1);
	assert_null(keyring_open(path, error, sizeof(error)));
	assert_non_null(strstr(error, "ring:33: more than 32 keys"));
}

static void test_secrets_of_256_bytes_fit(void **state)
{
	uint8_t secret[SECRET_MAX + 1];
	char text[512], base64[400];

	(void)state;
	memset(secret, 7, sizeof(secret));
	for (size_t len = SECRET_MAX; len <= SECRET_MAX + 1; len++) {
		base64_encode(secret, len, base64);
		snprintf(text, sizeof(text), "a %s sign\n", base64);
		write_file(text, 0600);
		struct keyring *ring = keyring_open(path, error, sizeof(error));
		assert_int_equal(ring != NULL, len == SECRET_MAX);
		keyring_close(&ring);
	}
}

static void test_modes(void **state)
{
	static const struct {
		mode_t mode;
		bool good;
	} rows[] = {{0600, true},  {0400, true},  {0640, true},  {0440, true}, {0644, false},
		    {0604, false}, {0660, false}, {0602, false}, {0601, false}};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		write_file("a " SECRET " sign\n", rows[i].mode);
		struct keyring *ring = keyring_open(path, error, sizeof(error));
		assert_int_equal(ring != NULL, rows[i].good);
		keyring_close(&ring);
	}
}

static void test_what_is_no_file(void **state)
{
	(void)state;
	unlink(path);
	assert_null(keyring_open(path, error, sizeof(error)));
	assert_non_null(strstr(error, "No such file"));
	assert_null(keyring_open(folder, error, sizeof(error)));
	assert_non_null(strstr(error, "not a regular file"));
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_null(keyring_open(path, error, sizeof(error)));
	assert_non_null(strstr(error, "not a regular file"));
}

static void test_files_of_64_kib_fit(void **state)
{
	static char text[KEYRING_SIZE + 2];

	(void)state;
	memset(text, '#', KEYRING_SIZE);
	memcpy(text, "a " SECRET " sign\n", strlen("a " SECRET " sign\n"));
	write_file(text, 0600);
	struct keyring *ring = keyring_open(path, error, sizeof(error));
	assert_non_null(ring);
	keyring_close(&ring);
	text[KEYRING_SIZE] = '#';
	write_file(text, 0600);
	assert_null(keyring_open(path, error, sizeof(error)));
	assert_non_null(strstr(error, "larger than 64 KiB"));
}

static void test_retired_and_unknown_keys_are_not_found(void **state)
{
	(void)state;
	write_file("a " SECRET " sign\nb " SECRET_2 " verify\nc " SECRET " retired\n", 0600);
	struct keyring *ring = keyring_open(path, error, sizeof(error));
	assert_non_null(ring);
	assert_non_null(keyring_find(ring, STR("a")));
	assert_non_null(keyring_find(ring, STR("b")));
	assert_null(keyring_find(ring, STR("c")));
	assert_null(keyring_find(ring, STR("d")));
	assert_null(keyring_find(ring, STR("")));
	keyring_close(&ring);
}

static void test_a_refused_reload_keeps_the_ring(void **state)
{
	(void)state;
	write_file("a " SECRET " sign\n", 0600);
	struct keyring *ring = keyring_open(path, error, sizeof(error));
	assert_non_null(ring);
	write_file("a " SECRET " verify\nb " SECRET_2 " sign\n", 0644);
	uint64_t before = keyring_generation(ring);
	assert_false(keyring_reload(ring, error, sizeof(error)));
	assert_int_equal(keyring_generation(ring), before);
	assert_non_null(keyring_find(ring, STR("a")));
	assert_null(keyring_find(ring, STR("b")));
	assert_int_equal(chmod(path, 0600), 0);
	assert_true(keyring_reload(ring, error, sizeof(error)));
	assert_int_not_equal(keyring_generation(ring), before);
	assert_memory_equal(keyring_signing(ring)->kid.at, "b", 1);
	keyring_close(&ring);
}

static void test_ledger_keys_have_no_state(void **state)
{
	struct key_lines lines;

	(void)state;
	write_file("a " SECRET "\nb " SECRET_2 "\n", 0600);
	assert_true(key_lines_read(&lines, path, false, error, sizeof(error)));
	assert_int_equal(lines.n, 2);
	assert_int_equal(lines.key[0].state, KEY_VERIFY);
	assert_int_equal(lines.key[1].state, KEY_SIGN);
	assert_int_equal(lines.key[1].secret_len, 32);
	write_file("a " SECRET " sign\n", 0600);
	assert_false(key_lines_read(&lines, path, false, error, sizeof(error)));
	assert_non_null(strstr(error, "ring:1: not `kid secret`"));
	assert_int_equal(lines.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_files),
		cmocka_unit_test(test_bad_files_are_refused_with_their_line),
		cmocka_unit_test(test_thirty_two_keys_fit),
		cmocka_unit_test(test_secrets_of_256_bytes_fit),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_what_is_no_file),
		cmocka_unit_test(test_files_of_64_kib_fit),
		cmocka_unit_test(test_retired_and_unknown_keys_are_not_found),
		cmocka_unit_test(test_a_refused_reload_keeps_the_ring),
		cmocka_unit_test(test_ledger_keys_have_no_state),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
