#include "unit.h"

#include "uuid.h"

static const uint8_t ones[10] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

/* RFC 9562 appendix A.6: the same time and random bits. */
static void test_version_7_of_the_rfc(void **state)
{
	static const uint8_t random[10] = {0x0C, 0xC3, 0x18, 0xC4, 0xDC,
					   0x0C, 0x0C, 0x07, 0x39, 0x8F};
	struct uuid uuid = uuid_v7(INT64_C(0x017F22E279B0), random);
	char text[UUID_TEXT_LEN + 1] = {0};

	(void)state;
	uuid_format(&uuid, text);
	assert_string_equal(text, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

static void test_later_ones_sort_behind(void **state)
{
	static const uint8_t zeroes[10] = {0};
	struct uuid early = uuid_v7(1700000000000, ones), late = uuid_v7(1700000000001, zeroes);

	(void)state;
	assert_true(memcmp(early.byte, late.byte, 16) < 0);
	assert_int_equal(early.byte[6] >> 4, 7);
	assert_int_equal(early.byte[8] >> 6, 2);
	assert_int_equal(late.byte[6] >> 4, 7);
	assert_int_equal(late.byte[8] >> 6, 2);
}

static void test_only_the_canonical_shape_is_read(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{"017f22e2-79b0-7cc3-98c4-dc0c0c07398f", true},
		{"017F22E2-79B0-7CC3-98C4-DC0C0C07398F", true},
		{"00000000-0000-0000-0000-000000000000", true},
		{"ffffffff-ffff-ffff-ffff-ffffffffffff", true},
		{"017f22e2-79b0-7cc3-98c4-dc0c0c07398", false},
		{"017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", false},
		{"017f22e279b0-7cc3-98c4-dc0c0c07398f-", false},
		{"017f22e279b07cc398c4dc0c0c07398f", false},
		{"{17f22e2-79b0-7cc3-98c4-dc0c0c07398}", false},
		{"017f22e2-79b0-7cc3-98c4-dc0c0c07398g", false},
		{"017f22e2-79b0-7cc3-98c4-dc0c0c0739 f", false},
		{"017f22e2_79b0-7cc3-98c4-dc0c0c07398f", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct uuid uuid;

		memset(&uuid, 0x42, sizeof(uuid));
		assert_int_equal(uuid_parse(str_of(rows[i].text), &uuid), rows[i].good);
		if (!rows[i].good)
			assert_int_equal(uuid.byte[0], 0x42);
	}
}

/* Bytes from '@' to 'O' differ from digits and letters by one bit only. */
static void test_no_other_byte_counts_as_hexadecimal(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[] = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
		bool hex = c && strchr("0123456789abcdefABCDEF", c);
		struct uuid uuid;

		text[20] = (char)c;
		assert_int_equal(uuid_parse((struct str){text, 36}, &uuid), hex);
	}
}

static void test_text_round_trips(void **state)
{
	struct uuid made = uuid_v7(1700000000000, ones), read;
	char text[UUID_TEXT_LEN];

	(void)state;
	uuid_format(&made, text);
	assert_true(uuid_parse((struct str){text, sizeof(text)}, &read));
	assert_true(uuid_eq(&made, &read));
	assert_false(uuid_is_unset(&read));
	read.byte[15] ^= 1;
	assert_false(uuid_eq(&made, &read));
	assert_true(uuid_is_unset(&(struct uuid){0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version_7_of_the_rfc),
		cmocka_unit_test(test_later_ones_sort_behind),
		cmocka_unit_test(test_only_the_canonical_shape_is_read),
		cmocka_unit_test(test_no_other_byte_counts_as_hexadecimal),
		cmocka_unit_test(test_text_round_trips),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
