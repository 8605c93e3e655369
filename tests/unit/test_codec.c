/* In-structs are filled and out-structs written by their field tables alone. */
#include "unit.h"

#include "arena.h"
#include "codec.h"
#include "toy.h"
#include "uuid.h"

#define ID "0190c0de-0000-7000-8000-00000000000a"

static struct arena arena;
static const struct codec *in_codec, *out_codec;

static int set_up(void **state)
{
	(void)state;
	if (!arena_init(&arena, 1 << 22))
		return -1;
	in_codec = codec_make(&arena, &toy_in_map, &toy_dialect);
	out_codec = codec_make(&arena, &toy_out_map, &toy_dialect);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static bool decode_text_of(struct decode *decode, const char *body)
{
	const struct json_value *root;
	const char *where;

	decode_init(decode, &arena, in_codec);
	assert_int_equal(json_parse(&arena, str_of(body), &root, &where), REASON_NONE);
	return decode_json(decode, root) && decode_done(decode);
}

static void a_body_fills_its_struct(void **state)
{
	struct decode decode;
	const struct toy_in *in;
	const struct toy_part *part;

	(void)state;
	assert_true(decode_text_of(
		&decode, "{\"title\":\"имя\",\"parent\":\"" ID "\",\"new_id\":null,\"sum\":\"1.5\","
			 "\"at\":1700000000000,\"active\":true,\"extra\":{\"x\":[1]},\"page\":7,"
			 "\"unknown\":1,\"parts\":[{\"name\":\"a\",\"n\":1},{\"name\":\"b\"}],"
			 "\"main\":{\"name\":\"m\"},\"note\":null}"));
	in = decode.in;
	part = in->parts.rows;
	assert_string_equal(in->name.at, "имя");
	assert_false(uuid_is_unset(&in->parent_id));
	assert_int_equal(in->sum.minor, 150);
	assert_int_equal(in->at.ms, 1700000000000);
	assert_true(in->active);
	assert_int_equal(in->extra.len, strlen("{\"x\":[1]}"));
	assert_int_equal(in->page, 0); /* comes in the query only */
	assert_int_equal(in->parts.n, 2);
	assert_string_equal(part[1].name.at, "b");
	assert_string_equal(in->main_part.name.at, "m");
	assert_true(SENT(in, struct toy_in, name) && SENT(in, struct toy_in, parts) &&
		    SENT(in, struct toy_in, main_part));
	assert_true(SENT(in, struct toy_in, new_id)); /* null clears an id */
	assert_false(SENT(in, struct toy_in, note));  /* and is nothing elsewhere */
	assert_false(SENT(in, struct toy_in, page));
}

static void bodies_are_refused_by_field(void **state)
{
	static const struct {
		const char *body;
		enum outcome outcome;
		enum reason reason;
		const char *where;
	} cases[] = {
		{"{}", OUTCOME_INVALID, REASON_REQUIRED, "title"},
		{"{\"title\":null}", OUTCOME_INVALID, REASON_REQUIRED, "title"},
		{"{\"title\":\"\"}", OUTCOME_INVALID, REASON_REQUIRED, "title"},
		{"{\"title\":1}", OUTCOME_INVALID, REASON_WRONG_TYPE, "title"},
		{"{\"title\":[]}", OUTCOME_INVALID, REASON_WRONG_TYPE, "title"},
		{"{\"title\":\"12345\"}", OUTCOME_INVALID, REASON_TOO_LONG, "title"},
		{"{\"title\":\"a\",\"note\":\"12345678901\"}", OUTCOME_INVALID, REASON_TOO_LONG,
		 "note"},
		{"{\"title\":\"a\",\"sum\":-0.01}", OUTCOME_INVALID, REASON_OUT_OF_RANGE, "sum"},
		{"{\"title\":\"a\",\"sum\":10.01}", OUTCOME_INVALID, REASON_OUT_OF_RANGE, "sum"},
		{"{\"title\":\"a\",\"sum\":0.001}", OUTCOME_INVALID, REASON_TOO_PRECISE, "sum"},
		{"{\"title\":\"a\",\"sum\":true}", OUTCOME_INVALID, REASON_WRONG_TYPE, "sum"},
		{"{\"title\":\"a\",\"at\":1.5}", OUTCOME_INVALID, REASON_WRONG_TYPE, "at"},
		{"{\"title\":\"a\",\"at\":\"1\"}", OUTCOME_INVALID, REASON_WRONG_TYPE, "at"},
		{"{\"title\":\"a\",\"at\":253402300800000}", OUTCOME_INVALID, REASON_OUT_OF_RANGE,
		 "at"},
		{"{\"title\":\"a\",\"active\":1}", OUTCOME_INVALID, REASON_WRONG_TYPE, "active"},
		{"{\"title\":\"a\",\"new_id\":\"x\"}", OUTCOME_INVALID, REASON_NOT_UUID, "new_id"},
		{"{\"title\":\"a\",\"new_id\":5}", OUTCOME_INVALID, REASON_WRONG_TYPE, "new_id"},
		{"{\"title\":\"a\",\"parent\":\"x\"}", OUTCOME_NOT_FOUND, REASON_NO_SUCH, "parent"},
		{"{\"title\":\"a\",\"parts\":{}}", OUTCOME_INVALID, REASON_WRONG_TYPE, "parts"},
		{"{\"title\":\"a\",\"parts\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]}",
		 OUTCOME_INVALID, REASON_OUT_OF_RANGE, "parts"},
		{"{\"title\":\"a\",\"parts\":[{\"name\":\"a\"},5]}", OUTCOME_INVALID,
		 REASON_NOT_OBJECT, "parts[1]"},
		{"{\"title\":\"a\",\"parts\":[{\"n\":1}]}", OUTCOME_INVALID, REASON_REQUIRED,
		 "parts[0].name"},
		{"{\"title\":\"a\",\"parts\":[{\"name\":\"a\",\"n\":6}]}", OUTCOME_INVALID,
		 REASON_OUT_OF_RANGE, "parts[0].n"},
		{"{\"title\":\"a\",\"main\":[]}", OUTCOME_INVALID, REASON_NOT_OBJECT, "main"},
		{"{\"title\":\"a\",\"main\":{}}", OUTCOME_INVALID, REASON_REQUIRED, "main.name"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct decode decode;

		assert_false(decode_text_of(&decode, cases[i].body));
		assert_int_equal(decode.outcome, cases[i].outcome);
		assert_int_equal(decode.reason, cases[i].reason);
		assert_int_equal(decode.where.len, strlen(cases[i].where));
		assert_memory_equal(decode.where.at, cases[i].where, decode.where.len);
	}
}

static void limits_hold_on_both_sides(void **state)
{
	static const char *const good[] = {
		"{\"title\":\"1234\"}",
		"{\"title\":\"жжжж\"}",
		"{\"title\":\"a\",\"note\":\"1234567890\"}",
		"{\"title\":\"a\",\"sum\":10}",
		"{\"title\":\"a\",\"sum\":0}",
		"{\"title\":\"a\",\"at\":253402300799999}",
		"{\"title\":\"a\",\"parts\":[]}",
		"{\"title\":\"a\",\"parts\":[{\"name\":\"\",\"n\":5},{\"name\":\"\",\"n\":1}]}",
		"{\"title\":\"a\",\"parts\":null,\"main\":null}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct decode decode;

		if (!decode_text_of(&decode, good[i]))
			fail_msg("%s: %s", good[i], reason_text(decode.reason));
	}
}

static bool decode_param(struct decode *decode, const char *name, enum field_from from,
			 const char *text)
{
	size_t at = codec_find(in_codec, str_of(name), 1U << from);

	assert_true(at < in_codec->n);
	return decode_text(decode, at, str_of(text));
}

static void texts_of_other_sources_fill_too(void **state)
{
	struct decode decode;
	struct toy_in *in;

	(void)state;
	decode_init(&decode, &arena, in_codec);
	in = decode.in;
	assert_true(decode_param(&decode, "id", FROM_PATH, "0190C0DE-0000-7000-8000-00000000000A"));
	assert_true(decode_param(&decode, "page", FROM_QUERY, "9"));
	assert_true(decode_param(&decode, "X-Client", FROM_HEADER, "me"));
	assert_true(decode_param(&decode, "sum", FROM_BODY, "1.25"));
	assert_true(decode_param(&decode, "active", FROM_BODY, "1"));
	assert_int_equal(in->page, 9);
	assert_int_equal(in->sum.minor, 125);
	assert_true(in->active);
	assert_string_equal(in->client.at, "me");
	assert_false(decode_param(&decode, "page", FROM_QUERY, "1"));
	assert_int_equal(decode.reason, REASON_DUPLICATE);
}

static void empty_texts_mean_what_the_type_says(void **state)
{
	struct decode decode;
	const struct toy_in *in;

	(void)state;
	decode_init(&decode, &arena, in_codec);
	in = decode.in;
	assert_true(decode_param(&decode, "page", FROM_QUERY, ""));
	assert_true(decode_param(&decode, "note", FROM_BODY, ""));
	assert_true(decode_param(&decode, "parent", FROM_BODY, ""));
	assert_false(SENT(in, struct toy_in, page));
	assert_true(SENT(in, struct toy_in, note));
	assert_true(SENT(in, struct toy_in, parent_id));
}

static void texts_are_refused(void **state)
{
	static const struct {
		const char *name;
		enum field_from from;
		const char *text;
		enum outcome outcome;
		enum reason reason;
	} cases[] = {
		{"id", FROM_PATH, "x", OUTCOME_NOT_FOUND, REASON_NO_SUCH},
		{"page", FROM_QUERY, "0", OUTCOME_INVALID, REASON_OUT_OF_RANGE},
		{"page", FROM_QUERY, "10", OUTCOME_INVALID, REASON_OUT_OF_RANGE},
		{"page", FROM_QUERY, "12abc", OUTCOME_INVALID, REASON_WRONG_TYPE},
		{"page", FROM_QUERY, "1.5", OUTCOME_INVALID, REASON_WRONG_TYPE},
		{"page", FROM_QUERY, "99999999999999999999", OUTCOME_INVALID, REASON_OUT_OF_RANGE},
		{"active", FROM_BODY, "yes", OUTCOME_INVALID, REASON_WRONG_TYPE},
		{"sum", FROM_BODY, "1,5", OUTCOME_INVALID, REASON_NOT_A_NUMBER},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct decode decode;

		decode_init(&decode, &arena, in_codec);
		assert_false(decode_param(&decode, cases[i].name, cases[i].from, cases[i].text));
		assert_int_equal(decode.outcome, cases[i].outcome);
		assert_int_equal(decode.reason, cases[i].reason);
	}
}

static const char *written(const struct toy_out *out)
{
	struct buf buf;

	buf_init(&buf, &arena, 64);
	buf_char(&buf, '{');
	codec_write_members(&buf, out_codec, out);
	buf_char(&buf, '}');
	return buf_done(&buf).at;
}

static void structs_are_written(void **state)
{
	struct toy_part parts[] = {{STR("a\"b"), 1}, {STR("Ж"), -2}};
	struct toy_out out = {
		.name = STR("x"),
		.note = STR("n"),
		.page = 3,
		.sum = {150},
		.at = {1700000000000},
		.active = true,
		.extra = {"[1]", 3},
		.parts = {parts, 2},
		.main_part = {STR(""), 4},
	};

	(void)state;
	assert_true(uuid_parse(STR("0190C0DE-0000-7000-8000-00000000000A"), &out.id));
	assert_string_equal(written(&out),
			    "{\"id\":\"" ID
			    "\",\"title\":\"x\",\"note\":\"n\",\"page\":3,\"sum\":1.5,"
			    "\"at\":1700000000000,\"active\":true,\"extra\":[1],"
			    "\"parts\":[{\"name\":\"a\\\"b\",\"n\":1},{\"name\":\"Ж\",\"n\":-2}],"
			    "\"main\":{\"name\":\"\",\"n\":4}}");
}

static void unset_members_have_their_unset_form(void **state)
{
	(void)state;
	assert_string_equal(written(&(struct toy_out){0}),
			    "{\"id\":\"\",\"title\":\"\",\"page\":0,\"sum\":0,\"at\":0,"
			    "\"active\":false,\"extra\":null,\"parts\":[]}");
}

static void strict_dialects_refuse_unknown_members(void **state)
{
	struct dialect strict = toy_dialect;
	const struct json_value *root;
	struct decode decode;
	const char *where;

	(void)state;
	strict.flags = DIALECT_STRICT_MEMBERS;
	decode_init(&decode, &arena, codec_make(&arena, &toy_in_map, &strict));
	assert_int_equal(json_parse(&arena, STR("{\"title\":\"a\",\"other\":1}"), &root, &where),
			 REASON_NONE);
	assert_false(decode_json(&decode, root));
	assert_int_equal(decode.reason, REASON_UNKNOWN_VALUE);
	assert_string_equal(decode.where.at, "other");
}

static void folding_dialects_match_members_in_any_case(void **state)
{
	struct dialect fold = toy_dialect;
	const struct json_value *root;
	struct decode decode;
	const char *where;

	(void)state;
	fold.flags = DIALECT_FOLD_CASE;
	decode_init(&decode, &arena, codec_make(&arena, &toy_in_map, &fold));
	assert_int_equal(json_parse(&arena, STR("{\"TITLE\":\"a\"}"), &root, &where), REASON_NONE);
	assert_true(decode_json(&decode, root));
	assert_string_equal(((struct toy_in *)decode.in)->name.at, "a");
	assert_int_equal(
		json_parse(&arena, STR("{\"title\":\"a\",\"Title\":\"b\"}"), &root, &where),
		REASON_NONE);
	decode_init(&decode, &arena, decode.codec);
	assert_false(decode_json(&decode, root));
	assert_int_equal(decode.reason, REASON_DUPLICATE);
}

struct choice {
	bool is_left;
	int64_t left, right;
};

static void a_member_may_depend_on_another(void **state)
{
	static const struct field fields[] = {
		FIELD(struct choice, left, "left", WHEN(struct choice, is_left)),
		FIELD(struct choice, right, "right", UNLESS(struct choice, is_left)),
	};
	static const struct map map = MAP("Choice", struct choice, fields);
	static const char *const wanted[] = {"{\"right\":0", "{\"left\":0"};
	const struct codec *codec = codec_make(&arena, &map, &toy_dialect);

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct choice choice = {.is_left = i};
		struct buf buf;

		buf_init(&buf, &arena, 64);
		buf_char(&buf, '{');
		codec_write_members(&buf, codec, &choice);
		assert_string_equal(buf_done(&buf).at, wanted[i]);
	}
}

static void what_is_left_out_may_be_null(void **state)
{
	static const struct field fields[] = {
		FIELD(struct choice, left, "left", .flags = F_OMIT_UNSET | F_ELSE_NULL),
		FIELD(struct choice, right, "right", WHEN(struct choice, is_left),
		      .flags = F_ELSE_NULL),
	};
	static const struct map map = MAP("Choice", struct choice, fields);
	static const struct {
		struct choice choice;
		const char *wanted;
	} cases[] = {
		{{false, 0, 0}, "{\"left\":null,\"right\":null"},
		{{true, 1, 0}, "{\"left\":1,\"right\":0"},
	};
	const struct codec *codec = codec_make(&arena, &map, &toy_dialect);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf buf;

		buf_init(&buf, &arena, 64);
		buf_char(&buf, '{');
		codec_write_members(&buf, codec, &cases[i].choice);
		assert_string_equal(buf_done(&buf).at, cases[i].wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_fills_its_struct),
		cmocka_unit_test(bodies_are_refused_by_field),
		cmocka_unit_test(limits_hold_on_both_sides),
		cmocka_unit_test(texts_of_other_sources_fill_too),
		cmocka_unit_test(empty_texts_mean_what_the_type_says),
		cmocka_unit_test(texts_are_refused),
		cmocka_unit_test(structs_are_written),
		cmocka_unit_test(unset_members_have_their_unset_form),
		cmocka_unit_test(strict_dialects_refuse_unknown_members),
		cmocka_unit_test(folding_dialects_match_members_in_any_case),
		cmocka_unit_test(a_member_may_depend_on_another),
		cmocka_unit_test(what_is_left_out_may_be_null),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
