/* XML fills the same structs by the same tables as JSON, and nothing that attacks gets in. */
#include "unit.h"

#include <time.h>

#include "arena.h"
#include "codec_xml.h"
#include "json.h"
#include "xml_toy.h"

static struct arena arena;
static struct dialect xml_dialect;
static const struct codec *in_codec, *out_codec;

static int set_up(void **state)
{
	(void)state;
	xml_dialect = toy_dialect;
	xml_dialect.flags = DIALECT_FOLD_CASE;
	xml_dialect.xml_error = "ToyError";
	if (!arena_init(&arena, (size_t)1 << 26))
		return -1;
	in_codec = codec_make(&arena, &xml_in_map, &xml_dialect);
	out_codec = codec_make(&arena, &xml_out_map, &xml_dialect);
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
	const struct xml_node *root;
	struct str where;

	decode_init(decode, &arena, in_codec);
	if (xml_parse(&arena, str_of(body), &root, &where) != REASON_NONE)
		fail_msg("%s: %s", body, where.at);
	return decode_xml(decode, root) && decode_done(decode);
}

static void a_body_fills_its_struct(void **state)
{
	static const char *const bodies[] = {
		"<XmlIn><Name>a&amp;b</Name><Count>3</Count><Sum>2.50</Sum><Flag>true</Flag>"
		"<Parts><XmlPart><Name>x</Name></XmlPart><XmlPart><Name>y</Name><N> 4 </N>"
		"</XmlPart></Parts></XmlIn>",
		"\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<!-- c -->"
		"<?php echo 1 ?><xmlin xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n <unknown><deep/>"
		"</unknown>\n <PARTS>\n  <xmlPart>\n<NAME>x</NAME></xmlPart><XMLPART><n>4</n>"
		"<name>y</name></XMLPART>\n</PARTS><FLAG> 1 </FLAG><sum>2.5</sum>"
		"<count>\n3\n</count><name><![CDATA[a&]]>b</name>\n</xmlin>\n<!-- end -->\n",
		"<p:XmlIn xmlns:p=\"urn:x\" a=\"b\"><p:Name>a&#38;b</p:Name><p:Count>3</p:Count>"
		"<p:Sum>2.5</p:Sum><p:Flag>1</p:Flag><p:Parts><p:XmlPart><p:Name>x</p:Name>"
		"</p:XmlPart><p:XmlPart><p:Name>y</p:Name><p:N>4</p:N></p:XmlPart></p:Parts>"
		"</p:XmlIn>",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		const struct xml_part *part;
		const struct xml_in *in;
		struct decode decode;

		if (!decode_text_of(&decode, bodies[i]))
			fail_msg("%zu: %.*s", i, (int)decode.where.len, decode.where.at);
		in = decode.in;
		part = in->parts.rows;
		assert_string_equal(in->name.at, "a&b");
		assert_int_equal(in->count, 3);
		assert_int_equal(in->sum.minor, 250);
		assert_true(in->flag);
		assert_int_equal(in->parts.n, 2);
		assert_string_equal(part[0].name.at, "x");
		assert_string_equal(part[1].name.at, "y");
		assert_int_equal(part[1].n, 4);
	}
}

static void nothing_may_stand_for_nothing(void **state)
{
	static const char *const bodies[] = {
		"<XmlIn/>",
		"<XmlIn><Count/><Sum> </Sum></XmlIn>",
		("<XmlIn xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
		 "<Name xsi:nil=\"true\"/><Count xsi:nil=\"1\"/><Parts xsi:nil=\"true\" "
		 "/></XmlIn>"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct decode decode;
		const struct xml_in *in;

		assert_true(decode_text_of(&decode, bodies[i]));
		in = decode.in;
		assert_false(SENT(in, struct xml_in, name) || SENT(in, struct xml_in, count) ||
			     SENT(in, struct xml_in, parts));
	}
}

static void bodies_are_refused_by_field(void **state)
{
	static const struct {
		const char *body;
		enum reason reason;
		const char *where;
	} cases[] = {
		{"<Other/>", REASON_UNKNOWN_VALUE, "Other"},
		{"<XmlIn>text</XmlIn>", REASON_NOT_OBJECT, "XmlIn"},
		{"<XmlIn><Count>x</Count></XmlIn>", REASON_WRONG_TYPE, "Count"},
		{"<XmlIn><Count>10</Count></XmlIn>", REASON_OUT_OF_RANGE, "Count"},
		{"<XmlIn><Count>1</Count><COUNT>1</COUNT></XmlIn>", REASON_DUPLICATE, "Count"},
		{"<XmlIn><Name><b/></Name></XmlIn>", REASON_WRONG_TYPE, "Name"},
		{"<XmlIn><Parts>1</Parts></XmlIn>", REASON_WRONG_TYPE, "Parts"},
		{"<XmlIn><Parts><Part/></Parts></XmlIn>", REASON_WRONG_TYPE, "Parts"},
		{"<XmlIn><Parts><XmlPart/></Parts></XmlIn>", REASON_REQUIRED, "Parts[0].Name"},
		{"<XmlIn><Parts><XmlPart><Name>a</Name></XmlPart><XmlPart>b</XmlPart></Parts>"
		 "</XmlIn>",
		 REASON_NOT_OBJECT, "Parts[1]"},
		{"<XmlIn><Parts><XmlPart><Name>a</Name></XmlPart><XmlPart><Name>a</Name>"
		 "</XmlPart><XmlPart><Name>a</Name></XmlPart></Parts></XmlIn>",
		 REASON_OUT_OF_RANGE, "Parts"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct decode decode;

		if (decode_text_of(&decode, cases[i].body))
			fail_msg("taken: %s", cases[i].body);
		assert_int_equal(decode.reason, cases[i].reason);
		assert_true(str_eq(decode.where, str_of(cases[i].where)));
	}
}

static enum reason reason_of(struct str body, struct str *where_r)
{
	const struct xml_node *root;

	return xml_parse(&arena, body, &root, where_r);
}

static void what_is_no_xml_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *body;
		enum reason reason;
		const char *where; /* NULL = some place */
	} cases[] = {
		{"", REASON_MALFORMED, "line 1, column 1"},
		{"text", REASON_MALFORMED, "line 1, column 1"},
		{"{}", REASON_MALFORMED, "line 1, column 1"},
		{"<a>", REASON_MALFORMED, NULL},
		{"<a>\n<b>\n</a>", REASON_MALFORMED, "line 3, column 5"},
		{"<a></a><b/>", REASON_MALFORMED, "line 1, column 8"},
		{"<a/>x", REASON_MALFORMED, "line 1, column 5"},
		{"<a b=1/>", REASON_MALFORMED, NULL},
		{"<a b='1' b='2'/>", REASON_MALFORMED, NULL},
		{"<a>&none;</a>", REASON_MALFORMED, NULL},
		{"<a>&#0;</a>", REASON_MALFORMED, NULL},
		{"<a>&#xFFFE;</a>", REASON_MALFORMED, NULL},
		{"<a>\x01</a>", REASON_MALFORMED, NULL},
		{"<a>]]></a>", REASON_MALFORMED, NULL},
		{" <?xml version='1.0'?><a/>", REASON_MALFORMED, NULL},
		{"<a>\xff</a>", REASON_NOT_UTF8, "line 1, column 1"},
		{"<a>\xc0\xaf</a>", REASON_NOT_UTF8, NULL},
		{"<?xml version='1.0' encoding='utf-16'?><a/>", REASON_NOT_UTF8, NULL},
		{"<?xml version='1.0' encoding='UTF-7'?><a/>", REASON_NOT_UTF8, NULL},
		{"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", REASON_NOT_UTF8, NULL},
		{"<?xml version='1.0' encoding='utf-8x'?><a/>", REASON_NOT_UTF8, NULL},
		{"<!DOCTYPE a><a/>", REASON_DOCTYPE, NULL},
		{"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", REASON_DOCTYPE, NULL},
		{"<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", REASON_DOCTYPE, NULL},
		{"<!DOCTYPE a [<!ENTITY % b SYSTEM \"http://127.0.0.1/\"> %b;]><a/>",
		 REASON_DOCTYPE, NULL},
		{"<!-- c --><!DOCTYPE a><a/>", REASON_DOCTYPE, NULL},
		{"<a><!DOCTYPE a></a>", REASON_MALFORMED, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str where = {0};
		enum reason reason = reason_of(str_of(cases[i].body), &where);

		if (reason != cases[i].reason || where.len == 0 ||
		    (cases[i].where && !str_eq(where, str_of(cases[i].where))))
			fail_msg("%s: %s at %s", cases[i].body, reason_name(reason), where.at);
	}
	assert_int_equal(reason_of(STR("<a>b\0c</a>"), &(struct str){0}), REASON_HAS_NUL);
	assert_int_equal(reason_of(STR("<\0a\0/\0>\0"), &(struct str){0}), REASON_HAS_NUL);
}

/* `before`, `n` times `part` (%d counts), `after`. */
static struct str many(const char *before, const char *part, int n, const char *after)
{
	struct buf buf;

	buf_init(&buf, &arena, 1024);
	buf_text(&buf, before);
	for (int i = 0; i < n; i++) {
		const char *mark = strchr(part, '%');

		buf_put(&buf, part, mark ? (size_t)(mark - part) : strlen(part));
		if (mark) {
			buf_i64(&buf, i);
			buf_text(&buf, mark + 1);
		}
	}
	buf_text(&buf, after);
	return buf_done(&buf);
}

static void limits_hold_on_both_sides(void **state)
{
	struct str where;

	(void)state;
	assert_int_equal(reason_of(many("<a", " b%='c'", 64, "/>"), &where), REASON_NONE);
	assert_int_equal(reason_of(many("<a", " b%='c'", 65, "/>"), &where), REASON_TOO_MANY);
	assert_int_equal(reason_of(many("<a>", "<b c='d'/>", 64, "</a>"), &where), REASON_NONE);
	assert_int_equal(reason_of(many("<a>", "<b c='d'/>", 65, "</a>"), &where), REASON_TOO_MANY);
	assert_int_equal(reason_of(many("<a>", "<b xmlns:x%='d'/>", 65, "</a>"), &where),
			 REASON_TOO_MANY);
	assert_int_equal(reason_of(many(many("", "<a>", 32, "").at, "</a>", 32, ""), &where),
			 REASON_NONE);
	assert_int_equal(reason_of(many(many("", "<a>", 33, "").at, "</a>", 33, ""), &where),
			 REASON_TOO_DEEP);
	assert_int_equal(reason_of(many("", "<a>", 10000, ""), &where), REASON_TOO_DEEP);
}

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Whatever fits the limit of a body is read in bounded time and memory. */
static void no_body_costs_much(void **state)
{
	struct str bodies[] = {
		many("<a", " b%=''", 3400, "/>"),
		many("<a>", "<b/>", 8000, "</a>"),
		many("<a>", "x<b/>", 6500, "</a>"),
		many("<a>", "&amp;", 6500, "</a>"),
		many("<a>", "&#38;<!---->", 2700, "</a>"),
		many("<a>", "<![CDATA[x]]>", 2500, "</a>"),
		many("<a>", "x", 32000, "</a>"),
		many("<a", " xmlns:b%='u'", 1900, "/>"),
		many("<", "a", 32000, "/>"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		size_t mark = arena_mark(&arena);
		double before = cpu_seconds();
		struct str where;

		assert_true(bodies[i].len <= XML_BODY_MAX);
		reason_of(bodies[i], &where);
		assert_true(arena_mark(&arena) - mark <= XML_ARENA_MAX);
		if (cpu_seconds() - before > 2)
			fail_msg("%.40s: %f s", bodies[i].at, cpu_seconds() - before);
		arena_reset(&arena, mark);
	}
}

#define HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define SPACES                                                                                     \
	" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""                                 \
	" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">"

static void structs_are_written_base_first(void **state)
{
	struct xml_part parts[] = {{STR("a<b>&\"c\" \r\n\x01 ж"), 1}, {STR("\xEF\xBF\xBE"), -2}};
	struct xml_out out = {.name = STR("x"), .sum = {250}, .total = {300}, .parts = {parts, 2}};
	struct buf buf;

	(void)state;
	buf_init(&buf, &arena, 64);
	xml_write(&buf, out_codec, &out);
	assert_string_equal(
		buf_done(&buf).at,
		HEAD "<XmlOut" SPACES "<Sum>2.5</Sum><Total>3</Total><Parts><XmlPart>"
		     "<Name>a&lt;b&gt;&amp;\"c\" &#xD;\n\xEF\xBF\xBD ж</Name><N>1</N></XmlPart>"
		     "<XmlPart><Name>\xEF\xBF\xBD</Name><N>-2</N></XmlPart></Parts><Name>x</Name>"
		     "<Flag>false</Flag><Main xsi:nil=\"true\" /><Method>word</Method></XmlOut>");
}

static void errors_are_written_from_their_json(void **state)
{
	const struct json_value *root;
	const char *where;
	struct buf buf;

	(void)state;
	assert_int_equal(json_parse(&arena,
				    STR("{\"Data\":null,\"Code\":2,\"Text\":\"<\\u0416>\"}"), &root,
				    &where),
			 REASON_NONE);
	buf_init(&buf, &arena, 64);
	xml_write_flat(&buf, "ToyError", root);
	assert_string_equal(buf_done(&buf).at,
			    HEAD "<ToyError" SPACES "<Data xsi:nil=\"true\" /><Code>2</Code>"
				 "<Text>&lt;Ж&gt;</Text></ToyError>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_fills_its_struct),
		cmocka_unit_test(nothing_may_stand_for_nothing),
		cmocka_unit_test(bodies_are_refused_by_field),
		cmocka_unit_test(what_is_no_xml_is_refused_with_its_place),
		cmocka_unit_test(limits_hold_on_both_sides),
		cmocka_unit_test(no_body_costs_much),
		cmocka_unit_test(structs_are_written_base_first),
		cmocka_unit_test(errors_are_written_from_their_json),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
