/* Records of a card file: where each ends, what it may hold, how it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena.h"
#include "card_file.h"
#include "card_record.h"
#include "record_stream.h"

#define ARENA  ((size_t)16 << 20)
#define MOST   64
#define PARTS  6
#define MOSCOW "Europe/Moscow"
#define BERLIN "Europe/Berlin"

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	return arena_init(&arena, ARENA) ? 0 : -1;
}

static int close_arena(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

/* NULL text: this reason instead of a record. */
struct part {
	const char *text;
	enum reason reason;
};

static const struct {
	const char *file;
	struct part parts[PARTS];
} streams[] = {
	{"", {{0}}},
	{" \n", {{0}}},
	{"[]", {{0}}},
	{"\xEF\xBB\xBF[ ] \n", {{0}}},
	{"[{\"a\":1},{\"b\":2}]", {{"{\"a\":1}", 0}, {"{\"b\":2}", 0}}},
	{"[\n{\"a\":\"]},[{\"}\n]\n", {{"{\"a\":\"]},[{\"}\n", 0}}},
	{"[{\"a\":\"\\\"]\"}, 5]", {{"{\"a\":\"\\\"]\"}", 0}, {"5", 0}}},
	{"{\"a\":1}", {{"{\"a\":1}", 0}}},
	{"{\"a\":1}\n\n{\"b\":2}\r\n", {{"{\"a\":1}", 0}, {"{\"b\":2}\r", 0}}},
	{"{\"a\":1} {\"b\":2}\n", {{"{\"a\":1} {\"b\":2}", 0}}},
	{"{\"a\":1}\n{\"b\n{\"c\":3}", {{"{\"a\":1}", 0}, {"{\"b", 0}, {"{\"c\":3}", 0}}},
	{"{\n\"a\":1}\n{\"b\":\n2}x\n", {{"{\n\"a\":1}", 0}, {"{\"b\":\n2}", 0}, {"x\n", 0}}},
	{"[{\"a\":1},]", {{"{\"a\":1}", 0}, {"", 0}}},
	{"[{\"a\":1}", {{NULL, REASON_MALFORMED}}},
	{"[{\"a\":1},", {{"{\"a\":1}", 0}, {NULL, REASON_MALFORMED}}},
	{"[{\"a\":1}]]", {{"{\"a\":1}", 0}, {NULL, REASON_TRAILING}}},
	{"{\n\"a\":[", {{NULL, REASON_MALFORMED}}},
	/* 64 bytes, then 65 */
	{"[\"0123456789012345678901234567890123456789012345678901234567890\",1]",
	 {{"\"0123456789012345678901234567890123456789012345678901234567890\"", 0}, {"1", 0}}},
	{"[\"012345678901234567890123456789012345678901234567890123456789012\",1]",
	 {{NULL, REASON_TOO_LONG}, {"1", 0}}},
};

static void check_stream(size_t at)
{
	struct record_stream stream;
	struct str text;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	size_t len = strlen(streams[at].file);
	assert_int_equal(write(ends[1], streams[at].file, len), (ssize_t)len);
	close(ends[1]);
	assert_true(record_stream_open(&stream, ends[0], MOST));
	for (size_t i = 0; i <= PARTS; i++) {
		const struct part end = {0}, *part = i < PARTS ? &streams[at].parts[i] : &end;
		enum reason reason = record_stream_next(&stream, &text);

		assert_int_equal(reason, part->reason);
		if (reason == REASON_NONE && !part->text)
			assert_null(text.at);
		if (reason == REASON_NONE && part->text)
			assert_string_equal(text.at, part->text);
		if (reason == REASON_NONE && !text.at)
			break;
		assert_int_equal(stream.number, i + 1);
	}
	record_stream_close(&stream);
	close(ends[0]);
}

static void test_records_of_a_file_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
		check_stream(i);
}

#define HEAD                                                                                       \
	"{\"id\":5,\"customer_id\":7,\"customer_client_id\":null,\"card_number\":\"N\","           \
	"\"card_type\":\"loyalty\",\"balance\":0.0,\"points\":0,"
#define TAIL ",\"status\":\"active\",\"created_at\":\"2024-01-01T10:00:00\"}"

/* Written as it was read. */
static const char *const kept[] = {
	HEAD "\"valid_from\":null,\"valid_to\":null" TAIL,
	HEAD "\"valid_from\":\"2024-02-29T00:00:00\",\"valid_to\":\"2024-02-29T00:00:00\"" TAIL,
	"{\"id\":50001,\"customer_id\":10352,\"customer_client_id\":\"a1b2c3d4-e5f6-7890-abcd-"
	"ef1234567890\",\"card_number\":\"Ё "
	"\\\"1\\\"\",\"card_type\":\"giftcard\",\"balance\":12.75,"
	"\"points\":0,\"valid_from\":null,\"valid_to\":null,\"status\":\"inactive\","
	"\"created_at\":\"0999-12-31T23:59:59\"}",
};

static void test_a_record_is_written_as_it_was_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		struct card_record record;
		const char *member = "";
		struct buf buf;

		assert_int_equal(
			card_record_read(&arena, str_of(kept[i]), MOSCOW, &record, &member),
			REASON_NONE);
		buf_init(&buf, &arena, 512);
		card_record_write(&buf, &record, MOSCOW);
		assert_string_equal(buf_done(&buf).at, kept[i]);
	}
}

static const struct {
	const char *zone, *text, *shown; /* shown NULL = refused */
} times[] = {
	{MOSCOW, "2024-01-01T10:00:00", "2024-01-01T10:00:00"},
	{MOSCOW, "2024-01-01T10:00:00Z", "2024-01-01T13:00:00"},
	{MOSCOW, "2024-01-01T10:00:00.9999+03:00", "2024-01-01T10:00:00"},
	{BERLIN, "2024-03-31T01:59:59", "2024-03-31T01:59:59"},
	{BERLIN, "2024-03-31T02:00:00", "2024-03-31T03:00:00"},
	{BERLIN, "2024-03-31T02:59:59", "2024-03-31T03:00:00"},
	{BERLIN, "2024-03-31T03:00:00", "2024-03-31T03:00:00"},
	{BERLIN, "2024-10-27T02:30:00", "2024-10-27T02:30:00"},
	{"Pacific/Apia", "2011-12-30T12:00:00", "2011-12-31T00:00:00"}, /* a day that was skipped */
	{BERLIN, "1970-01-01T00:00:00Z", "1970-01-01T01:00:00"},
	{BERLIN, "1969-12-31T23:59:59Z", "1970-01-01T00:59:59"},
	{MOSCOW, "9999-12-31T23:59:59", "9999-12-31T23:59:59"},
	{MOSCOW, "2023-02-29T00:00:00", NULL},
	{MOSCOW, "2024-13-01T00:00:00", NULL},
	{MOSCOW, "2024-01-01T24:00:00", NULL},
	{MOSCOW, "2024-01-01T00:60:00", NULL},
	{MOSCOW, "2024-01-01T00:00:60", NULL},
	{MOSCOW, "0000-01-01T00:00:00", NULL},
	{MOSCOW, "2024-01-01 00:00:00", NULL},
	{MOSCOW, "2024-01-01T00:00", NULL},
	{MOSCOW, "2024-01-01T00:00:00.", NULL},
	{MOSCOW, "2024-01-01T00:00:00+3", NULL},
	{MOSCOW, "2024-01-01T00:00:00+24:00", NULL},
	{MOSCOW, "2024-01-01T00:00:00Zx", NULL},
};

static void check_time(size_t at)
{
	struct card_record record;
	const char *member = "";
	struct buf text, want;

	buf_init(&text, &arena, 512);
	buf_printf(&text, HEAD "\"valid_from\":\"%s\",\"valid_to\":null" TAIL, times[at].text);
	enum reason reason =
		card_record_read(&arena, buf_done(&text), times[at].zone, &record, &member);
	if (!times[at].shown) {
		assert_int_equal(reason, REASON_MALFORMED);
		assert_string_equal(member, "valid_from");
		return;
	}
	assert_int_equal(reason, REASON_NONE);
	buf_init(&text, &arena, 512);
	card_record_write(&text, &record, times[at].zone);
	buf_init(&want, &arena, 64);
	buf_printf(&want, "\"valid_from\":\"%s\"", times[at].shown);
	assert_non_null(strstr(buf_done(&text).at, buf_done(&want).at));
}

static void test_times_are_local_and_to_the_second(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		check_time(i);
}

static void test_a_moment_differs_by_what_is_shown(void **state)
{
	struct card_record a = {.valid_to = {1000}}, b = {.valid_to = {1999}};
	const size_t at = offsetof(struct card_record, valid_to);

	(void)state;
	assert_false(card_record_differs(&arena, &a, &b, MOSCOW, at));
	b.valid_to.ms = 2000;
	assert_true(card_record_differs(&arena, &a, &b, MOSCOW, at));
	b.valid_to.ms = 0;
	assert_true(card_record_differs(&arena, &a, &b, MOSCOW, at));
}

static void test_a_file_is_named_for_its_organisation(void **state)
{
	static const char *const none[] = {"",
					   "x",
					   "1-customer_client_card.jsonx",
					   "-customer_client_card.json",
					   "01-customer_client_card.json",
					   "18446744073709551617-customer_client_card.json"};
	char name[CARD_FILE_NAME_MAX];
	int64_t named = 0;

	(void)state;
	card_file_name(10352, name);
	assert_string_equal(name, "10352-customer_client_card.json");
	assert_true(card_file_names(str_of(name), &named));
	assert_int_equal(named, 10352);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(card_file_names(str_of(none[i]), &named));
}

static void test_a_first_id_tells_whose_turn_it_is(void **state)
{
	static const struct {
		const char *text;
		int64_t id;
	} cases[] = {
		{"{\"id\":7,\"customer_id\":10352}", 7},
		{"{\"id\":1234567890123456789,\"customer_id\":1}", 0},
		{"{\"id\":123456789012345678,\"customer_id\":1}", 123456789012345678},
		{"{\"id\":7.0,\"customer_id\":10352}", 0},
		{"{\"id\":-7,\"customer_id\":10352}", 0},
		{"{\"id\": 7,\"customer_id\":10352}", 0},
		{"{\"id\":,\"customer_id\":10352,\"i\":1}", 0},
		{"{\"customer_id\":10352,\"id\":7}", 0},
		{"{\"id\":7,", 0},
		{"", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(card_record_first_id(str_of(cases[i].text)), cases[i].id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_of_a_file_are_found),
		cmocka_unit_test(test_a_record_is_written_as_it_was_read),
		cmocka_unit_test(test_times_are_local_and_to_the_second),
		cmocka_unit_test(test_a_moment_differs_by_what_is_shown),
		cmocka_unit_test(test_a_file_is_named_for_its_organisation),
		cmocka_unit_test(test_a_first_id_tells_whose_turn_it_is),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
