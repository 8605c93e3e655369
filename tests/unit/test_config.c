#include "unit.h"

#include "arena.h"
#include "config.h"

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	return arena_init(&arena, (size_t)1 << 20) ? 0 : -1;
}

static int close_arena(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static void assert_defaults(struct config *config)
{
	assert_true(str_eq(config->socket, STR("/run/kartoteka/kartoteka.sock")));
	assert_int_equal(config->socket_mode, 0660);
	assert_int_equal(config->workers, 8);
	assert_int_equal(config->body_max, 1048576);
	assert_true(str_eq(config->db_tls, STR("off")));
	assert_true(str_eq(config->db_password_file, STR("")));
	assert_int_equal(config->db_statement_timeout_ms, 2000);
	assert_int_equal(config->token_ttl_s, 86400);
	assert_int_equal(config->sign_in_per_address, 300);
	assert_int_equal(config->scrypt_cost, 14);
	assert_true(str_eq(config->spool, STR("/var/spool/kartoteka")));
}

static void test_defaults_stand_without_a_file(void **state)
{
	struct config config;

	(void)state;
	config_defaults(&config);
	assert_defaults(&config);
	config_fini(&config);
}

static struct str printed(void (*print)(struct buf *))
{
	struct buf buf;

	buf_init(&buf, &arena, 1000);
	print(&buf);
	return buf_done(&buf);
}

static void test_the_printed_file_reads_as_the_defaults(void **state)
{
	struct config config;
	char error[200] = "";

	(void)state;
	assert_true(config_parse(&config, printed(config_print), "x.ini", error, sizeof(error)));
	assert_string_equal(error, "");
	assert_defaults(&config);
	config_fini(&config);
}

/* With KARTOTEKA_REWRITE set, the file is written anew instead. */
static void assert_file_is(const char *path, struct str expected)
{
	bool rewrite = getenv("KARTOTEKA_REWRITE") != NULL;
	FILE *file = fopen(path, rewrite ? "w" : "r");
	char *text = arena_alloc(&arena, expected.len + 2);

	assert_non_null(file);
	if (rewrite)
		fwrite(expected.at, 1, expected.len, file);
	else
		assert_int_equal(fread(text, 1, expected.len + 1, file), expected.len);
	fclose(file);
	if (!rewrite)
		assert_memory_equal(text, expected.at, expected.len);
}

static void test_the_shipped_files_are_what_the_table_says(void **state)
{
	(void)state;
	assert_file_is(SOURCE_DIR "/conf/kartoteka.ini", printed(config_print));
	assert_file_is(SOURCE_DIR "/conf/man/kartoteka.ini.5", printed(config_print_man));
}

static void test_values_are_read_over_the_defaults(void **state)
{
	const struct str text = STR("\xEF\xBB\xBF# comment\r\n"
				    "; another\n\n \t\n"
				    "[server]\n"
				    "workers = 2 ; two\n"
				    "socket_mode=0600\n"
				    "cors_origins = https://a.example https://b.example\n"
				    "[token]  \n"
				    "issuer: Картотека\n"
				    "[server]\n"
				    "log_level = debug\r\n"
				    "[database]\n"
				    "socket =\n"
				    "tls=verify");
	struct config config;
	char error[200];

	(void)state;
	assert_true(config_parse(&config, text, "x.ini", error, sizeof(error)));
	assert_int_equal(config.workers, 2);
	assert_int_equal(config.socket_mode, 0600);
	assert_true(str_eq(config.cors_origins, STR("https://a.example https://b.example")));
	assert_true(str_eq(config.issuer, STR("Картотека")));
	assert_true(str_eq(config.log_level, STR("debug")));
	assert_true(str_eq(config.db_socket, STR("")));
	assert_true(str_eq(config.db_tls, STR("verify")));
	assert_int_equal(config.max_requests, 100000);
	config_fini(&config);
	config_fini(&config);
}

#define X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

/* Both sides of limits, and everything that inih would let pass. */
static const struct {
	const char *text, *error; /* NULL = good */
} faults[] = {
	{"", NULL},
	{"[server]\nworkers = 1", NULL},
	{"[server]\nworkers = 0", "x.ini:2: workers = 0: must be 1 to 1024"},
	{"[server]\nworkers = 1024", NULL},
	{"[server]\nworkers = 1025", "x.ini:2: workers = 1025: must be 1 to 1024"},
	{"[server]\nworkers = 8x", "x.ini:2: workers = 8x: must be 1 to 1024"},
	{"[server]\nworkers =", "x.ini:2: workers = : must be 1 to 1024"},
	{"[server]\nsocket_mode = 0777", NULL},
	{"[server]\nsocket_mode = 01000", "x.ini:2: socket_mode = 01000: must be octal, 0 to 777"},
	{"[server]\nsocket_mode = 0668", "x.ini:2: socket_mode = 0668: must be octal, 0 to 777"},
	{"[server]\nsocket_mode = 000000660",
	 "x.ini:2: socket_mode = 000000660: must be octal, 0 to 777"},
	{"[server]\nsocket =", "x.ini:2: socket = : must be path of 1 to 107 bytes"},
	{"[server]\nlog_level = info", NULL},
	{"[server]\nlog_level = inf",
	 "x.ini:2: log_level = inf: must be one of: debug info warn error"},
	{"[server]\nlog_level = debug info",
	 "x.ini:2: log_level = debug info: must be one of: debug info warn error"},
	{"[server]\nlog_level =", "x.ini:2: log_level = : must be one of: debug info warn error"},
	{"[idempotency]\nkeep_h = 23", "x.ini:2: keep_h = 23: must be 24 to 8760"},
	{"[throttle]\nscrypt_cost = 21", "x.ini:2: scrypt_cost = 21: must be 10 to 20"},
	{"[server]\nworker = 1", "x.ini:2: unknown parameter worker in [server]"},
	{"[server]\nkeyring = k", "x.ini:2: unknown parameter keyring in [server]"},
	{"workers = 1", "x.ini:1: unknown parameter workers in []"},
	{"[server]\nworkers = 1\nworkers = 1", "x.ini:3: workers appears twice in [server]"},
	{"[server]\nworkers = 1\n[token]\n[server]\nworkers = 2",
	 "x.ini:5: workers appears twice in [server]"},
	{"[servers]\n", "x.ini:1: unknown section [servers]"},
	{"\n[]\n", "x.ini:2: unknown section []"},
	{"[server ]\n", "x.ini:1: unknown section [server ]"},
	{"[server\n", "x.ini:1: a section stands alone, as [name]"},
	{"[server] workers = 2\n", "x.ini:1: a section stands alone, as [name]"},
	{"[server]\nsocket = /a\n  /b\n", "x.ini:3: indented: a value stands on one line"},
	{"[server]\n\tworkers = 2\n", "x.ini:2: indented: a value stands on one line"},
	{"[server]\nworkers\n", "x.ini:2: neither a section, a comment nor name = value"},
	{"[server]\nnonsense\nworkers = 0\n",
	 "x.ini:2: neither a section, a comment nor name = value"},
	{"[token]\nissuer = a\x01\n", "x.ini:2: control characters or broken UTF-8"},
	{"[token]\nissuer = a\xFF\n", "x.ini:2: control characters or broken UTF-8"},
	{"[server]\rworkers = 2\n", "x.ini:1: control characters or broken UTF-8"},
	{"[server]\nsocket = /" X50 X50 "xxxxxx\n", NULL},
	{"[server]\nsocket = /" X50 X50 "xxxxxxx\n",
	 "x.ini:2: socket = /" X50 X50 "xxxxxxx: must be path of 1 to 107 bytes"},
	{"#" X50 X50 X50 X50, "x.ini:1: line longer than 198 bytes"},
	{"[server]\n;" X50 X50 X50 X50 "\n", "x.ini:2: line longer than 198 bytes"},
	{"[token]\nissuer=" X50 X50 X50 "12345678901234567890", NULL},
	{"[token]\nissuer=" X50 X50 X50 "123456789012345678901",
	 "x.ini:2: issuer = " X50 X50 X50 "123456789012345678901: must be 1 to 170 bytes"},
	{"[token]\nissuer=" X50 X50 X50 "12345678901234567890123456789012345678901",
	 "x.ini:2: issuer = " X50 X50 X50
	 "12345678901234567890123456789012345678901: must be 1 to 170 bytes"},
	{"[token]\nissuer=" X50 X50 X50 "123456789012345678901234567890123456789012",
	 "x.ini:2: line longer than 198 bytes"},
};

static void test_each_fault_names_file_and_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(faults); i++) {
		struct config config;
		char error[400] = "";
		bool good = config_parse(&config, str_of(faults[i].text), "x.ini", error,
					 sizeof(error));

		assert_string_equal(error, faults[i].error ? faults[i].error : "");
		assert_int_equal(good, faults[i].error == NULL);
		config_fini(&config);
	}
}

static void test_a_nul_is_refused(void **state)
{
	struct config config;
	char error[100];

	(void)state;
	assert_false(config_parse(&config, STR("[token]\nissuer = a\0b\n"), "x.ini", error,
				  sizeof(error)));
	assert_string_equal(error, "x.ini:2: control characters or broken UTF-8");
}

static void test_a_short_error_buffer_is_not_overrun(void **state)
{
	struct config config;
	char error[8];

	(void)state;
	for (size_t size = 1; size <= sizeof(error); size++) {
		assert_false(config_parse(&config, STR("nonsense"), "x.ini", error, size));
		assert_int_equal(strlen(error), size - 1);
	}
}

static void write_file(const char *path, size_t padding)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("[token]\nkeyring = sub/ring\n", file);
	for (size_t i = strlen("[token]\nkeyring = sub/ring\n"); i < padding; i++)
		fputc('\n', file);
	fclose(file);
}

static void test_a_relative_path_starts_at_the_files_folder(void **state)
{
	char folder[] = "test_config.XXXXXX", path[64], expected[4200], error[200] = "";
	char *real;
	struct config config;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/k.ini", folder);
	real = realpath(folder, NULL);
	snprintf(expected, sizeof(expected), "%s/sub/ring", real);
	free(real);
	write_file(path, 0);
	assert_true(config_load(&config, path, error, sizeof(error)));
	assert_true(str_eq(config.keyring, str_of(expected)));
	assert_true(str_eq(config.ledger_keys, STR("/etc/kartoteka/ledger.keys")));
	config_fini(&config);
	write_file(path, 65536);
	assert_true(config_load(&config, path, error, sizeof(error)));
	config_fini(&config);
	write_file(path, 65537);
	assert_false(config_load(&config, path, error, sizeof(error)));
	assert_non_null(strstr(error, "larger than 65536 bytes"));
	unlink(path);
	assert_false(config_load(&config, path, error, sizeof(error)));
	assert_non_null(strstr(error, "k.ini:0: cannot be read: No such file"));
	assert_false(config_load(&config, folder, error, sizeof(error)));
	rmdir(folder);
}

static void test_a_relative_path_without_a_folder_is_refused(void **state)
{
	struct config config;
	char error[200];

	(void)state;
	assert_true(config_parse(&config, STR("[token]\nkeyring = ring"), "x.ini", error,
				 sizeof(error)));
	assert_int_equal(config.keyring.at[0], '/');
	config_fini(&config);
	assert_false(config_parse(&config, STR("[token]\nkeyring = ring"), "/no/such/x.ini", error,
				  sizeof(error)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults_stand_without_a_file),
		cmocka_unit_test(test_the_printed_file_reads_as_the_defaults),
		cmocka_unit_test(test_the_shipped_files_are_what_the_table_says),
		cmocka_unit_test(test_values_are_read_over_the_defaults),
		cmocka_unit_test(test_each_fault_names_file_and_line),
		cmocka_unit_test(test_a_nul_is_refused),
		cmocka_unit_test(test_a_short_error_buffer_is_not_overrun),
		cmocka_unit_test(test_a_relative_path_starts_at_the_files_folder),
		cmocka_unit_test(test_a_relative_path_without_a_folder_is_refused),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
