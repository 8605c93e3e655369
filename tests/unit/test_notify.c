/* What the notifier decides without a network: addresses, letters, signatures, files. */
#include "unit.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "address.h"
#include "crypto.h"
#include "event.h"
#include "json.h"
#include "letter.h"
#include "one_time_code.h"
#include "spool.h"

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	return arena_init(&arena, (size_t)4 << 20) ? 0 : -1;
}

static int close_arena(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static bool is_public(const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return address_is_public((const struct sockaddr *)(const void *)&v4);
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return address_is_public((const struct sockaddr *)(const void *)&v6);
}

/* Both ends of each range, and their neighbours outside. */
static const char *const public[] = {
	"1.0.0.0",     "9.255.255.255",   "11.0.0.0",         "100.63.255.255",
	"100.128.0.0", "126.255.255.255", "128.0.0.0",        "169.253.255.255",
	"169.255.0.0", "172.15.255.255",  "172.32.0.0",       "192.0.1.0",
	"192.0.3.0",   "192.167.255.255", "192.169.0.0",      "198.17.255.255",
	"198.20.0.0",  "198.51.99.255",   "198.51.101.0",     "203.0.112.255",
	"203.0.114.0", "223.255.255.255", "8.8.8.8",          "2a00:1450::1",
	"2001:200::",  "2001:db7::1",     "2001:db9::1",      "3ffe:ffff::",
	"3fff:1000::", "::ffff:8.8.8.8",  "64:ff9b::8.8.8.8", "2002:0808:0808::1",
	"2620:fe::fe",
};
static const char *const special[] = {
	"0.0.0.0",
	"0.255.255.255",
	"10.0.0.0",
	"10.255.255.255",
	"100.64.0.0",
	"100.127.255.255",
	"127.0.0.1",
	"127.255.255.255",
	"169.254.0.0",
	"169.254.169.254",
	"172.16.0.0",
	"172.31.255.255",
	"192.0.0.1",
	"192.0.2.1",
	"192.88.99.1",
	"192.168.0.0",
	"192.168.255.255",
	"198.18.0.0",
	"198.19.255.255",
	"198.51.100.1",
	"203.0.113.255",
	"224.0.0.1",
	"255.255.255.255",
	"240.0.0.0",
	"::",
	"::1",
	"::8.8.8.8",
	"fe80::1",
	"fc00::1",
	"fdff::1",
	"ff02::1",
	"2001::1",
	"2001:1ff::1",
	"2001:db8::1",
	"3fff::1",
	"3fff:fff::1",
	"::ffff:127.0.0.1",
	"::ffff:10.0.0.1",
	"64:ff9b::10.0.0.1",
	"64:ff9b:1::8.8.8.8",
	"2002:7f00:0001::1",
	"4000::1",
	"1fff::1",
	"100::1",
};

static void test_public_addresses(void **state)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};

	(void)state;
	for (size_t i = 0; i < COUNT(public); i++) {
		if (!is_public(public[i]))
			fail_msg("%s is public", public[i]);
	}
	for (size_t i = 0; i < COUNT(special); i++) {
		if (is_public(special[i]))
			fail_msg("%s is not public", special[i]);
	}
	assert_false(address_is_public((const struct sockaddr *)(const void *)&local));
}

static struct message_row message_of(const char *recipient, const char *subject, const char *body)
{
	return (struct message_row){.id = {{[15] = 7}},
				    .channel = MESSAGE_EMAIL,
				    .recipient = str_of(recipient),
				    .subject = str_of(subject),
				    .body = str_of(body)};
}

static void test_a_template_is_filled(void **state)
{
	static const struct {
		const char *template, *wanted;
	} rows[] = {
		{"", ""},
		{"http://h/?p={to}&t={text}", "http://h/?p=7900&t=a%26b%20%C2%AB1%C2%BB~"},
		{"{text}{to}", "a%26b%20%C2%AB1%C2%BB~7900"},
		{"{tex}{to", "{tex}{to"},
		{"{{to}}", "{7900}"},
	};
	struct message_row message = message_of("+7 (9)00", "", "a&b «1»~");
	struct buf buf;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_init(&buf, &arena, 16);
		letter_sms(&buf, str_of(rows[i].template), &message);
		assert_string_equal(buf_done(&buf).at, rows[i].wanted);
	}
}

static void test_a_mail_is_plain_ascii_in_short_lines(void **state)
{
	char subject[256] = "", body[2001] = "";
	struct buf buf;

	(void)state;
	for (int i = 0; i < 100; i++)
		strcat(subject, i % 3 ? "я" : "a");
	memset(body, 'x', sizeof(body) - 1);
	struct message_row message = message_of("anna@example.org", subject, body);
	buf_init(&buf, &arena, 16);
	letter_mail(&buf, &message, STR("cards@example.com"), INT64_C(1795000000000));
	struct str text = buf_done(&buf);
	assert_non_null(strstr(text.at, "\r\nTo: <anna@example.org>\r\n"));
	assert_non_null(strstr(text.at, "\r\nDate: Wed, 18 Nov 2026 11:06:40 +0000\r\n"));
	assert_non_null(strstr(text.at, "@example.com>\r\nMIME-Version: 1.0\r\n"));
	assert_non_null(strstr(text.at, "?=\r\n =?UTF-8?B?"));
	for (const char *line = text.at; *line; line = strstr(line, "\r\n") + 2)
		assert_in_range(strstr(line, "\r\n") - line, 0, 76);
	for (size_t i = 0; i < text.len; i++)
		assert_in_range(text.at[i], '\n', '~');
}

static void test_addresses_that_break_a_line_are_none(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{"anna@example.org", true}, {"+7 900", true},
		{"анна@пример.рф", true},   {"", false},
		{"a\nBcc: b", false},       {"a\r", false},
		{"a\x7f", false},           {"\t", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(letter_address_is_good(str_of(rows[i].text)), rows[i].good);
}

/* HMAC-SHA256("key", "1795000000.{}") as openssl dgst -hmac makes it. */
static void test_a_signature(void **state)
{
	struct buf buf, other;

	(void)state;
	buf_init(&buf, &arena, 16);
	event_signature(&buf, STR("key"), 1795000000, STR("{}"));
	assert_string_equal(
		buf_done(&buf).at,
		"t=1795000000,v1=71f6cd81e7ac967a6bfd8d621347e9ee7792b1fde3a9a64c3161a631437c7fb6");
	buf_init(&other, &arena, 16);
	event_signature(&other, STR("key"), 1795000001, STR("{}"));
	assert_false(str_eq((struct str){buf.at + 13, 67}, (struct str){other.at + 13, 67}));
}

static void test_an_event_is_json(void **state)
{
	struct event_get_row event = {.operation = STR("card_add"),
				      .at = {5},
				      .subject = STR("a\"b"),
				      .request_id = STR("r"),
				      .changes = STR("{\"card\":{}}")};
	struct uuid id = {{1}};
	struct buf buf;

	(void)state;
	buf_init(&buf, &arena, 16);
	event_body(&buf, 3, &id, &event);
	assert_string_equal(buf_done(&buf).at,
			    "{\"id\":\"01000000-0000-0000-0000-000000000000\",\"organisation\":3,"
			    "\"operation\":\"card_add\",\"at\":5,\"object_id\":\"\",\"subject\":"
			    "\"a\\\"b\",\"request_id\":\"r\",\"changes\":{\"card\":{}}}");
	event.changes = STR("");
	buf_init(&buf, &arena, 16);
	event_body(&buf, 3, &id, &event);
	assert_non_null(strstr(buf_done(&buf).at, "\"changes\":{}}"));
}

static void test_a_message_is_one_file(void **state)
{
	char folder[] = "/tmp/kartoteka-spool-XXXXXX", path[256], text[256] = "";
	struct message_row message = message_of("a@b", "S", "text");
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(folder));
	mode_t before = umask(0077);
	for (int i = 0; i < 2; i++)
		assert_int_equal(spool_write(folder, &message), 0);
	umask(before);
	snprintf(path, sizeof(path), "%s/00000000-0000-0000-0000-000000000007.txt", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_string_equal(text, "Channel: email\nTo: a@b\nSubject: S\n\ntext\n");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0); /* nothing else was in it */
	assert_int_equal(spool_write(folder, &message), ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_public_addresses),
		cmocka_unit_test(test_a_template_is_filled),
		cmocka_unit_test(test_a_mail_is_plain_ascii_in_short_lines),
		cmocka_unit_test(test_addresses_that_break_a_line_are_none),
		cmocka_unit_test(test_a_signature),
		cmocka_unit_test(test_an_event_is_json),
		cmocka_unit_test(test_a_message_is_one_file),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
