/* Which media type a body has, and which one an Accept header wants. */
#include "unit.h"

#include "media.h"

static void bodies_are_told_by_their_type(void **state)
{
	static const struct {
		const char *type;
		int media; /* -1 = none of ours */
	} cases[] = {
		{NULL, -1},
		{"", -1},
		{"application/json", MEDIA_JSON},
		{"Application/JSON ; charset=UTF-8", MEDIA_JSON},
		{"text/json;charset=\"utf-8\"", MEDIA_JSON},
		{"application/vnd.x+json", MEDIA_JSON},
		{"application/jsonp", -1},
		{"application/json; charset=utf-16", -1},
		{"application/json; charset=utf-80", -1},
		{"application/xml", MEDIA_XML},
		{"text/xml; charset=utf-8", MEDIA_XML},
		{"TEXT/XML", MEDIA_XML},
		{"text/xml; charset=utf-7", -1},
		{"text/xml; charset=utf-16", -1},
		{"application/xml-dtd", -1},
		{"text/plain", -1},
		{"xml", -1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum media media = MEDIA_JSON;
		bool known = media_parse(str_of(cases[i].type), &media);

		if (known != (cases[i].media >= 0) || (known && (int)media != cases[i].media))
			fail_msg("%s", cases[i].type ? cases[i].type : "none");
	}
}

static void answers_are_what_is_wanted_most(void **state)
{
	static const struct {
		const char *accept;
		enum media media;
	} cases[] = {
		{NULL, MEDIA_JSON},
		{"", MEDIA_JSON},
		{"*/*", MEDIA_JSON},
		{"text/html", MEDIA_JSON},
		{"application/json", MEDIA_JSON},
		{"application/xml", MEDIA_XML},
		{"text/xml", MEDIA_XML},
		{"TEXT/XML", MEDIA_XML},
		{"application/xml;q=0", MEDIA_JSON},
		{"application/xml;q=0.0", MEDIA_JSON},
		{"application/xml;q=0.001", MEDIA_XML},
		{"application/xml;q=oops", MEDIA_JSON},
		{"application/json;q=0.5, application/xml", MEDIA_XML},
		{"application/json;q=0.5, application/xml;q=0.4", MEDIA_JSON},
		{"application/json;q=0.5,text/xml;q=0.6", MEDIA_XML},
		{"application/xml;q=0.8, application/json;q=0.9", MEDIA_JSON},
		{"application/xml, application/json", MEDIA_XML},
		{"application/json, application/xml", MEDIA_JSON},
		{"application/xml, */*", MEDIA_XML},
		{"*/*, application/xml", MEDIA_XML},
		{"*/*;q=0.1, application/xml;q=0.05", MEDIA_JSON},
		{"application/*;q=0.5, application/json;q=0.1", MEDIA_XML},
		{"application/json;q=0, */*", MEDIA_JSON}, /* text/json is left */
		{"application/json;q=0, text/json;q=0, */*", MEDIA_XML},
		{"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", MEDIA_XML},
		{" application/xml ; q=1.0 ; x=y , application/json ; q=0.2", MEDIA_XML},
		{";;,,q=1,/", MEDIA_JSON},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (media_wanted(str_of(cases[i].accept), true) != cases[i].media)
			fail_msg("%s", cases[i].accept ? cases[i].accept : "none");
		assert_int_equal(media_wanted(str_of(cases[i].accept), false), MEDIA_JSON);
	}
}

static void answers_tell_their_own_type(void **state)
{
	(void)state;
	assert_int_equal(media_of_answer(STR("<?xml version=\"1.0\"?>")), MEDIA_XML);
	assert_int_equal(media_of_answer(STR("{}")), MEDIA_JSON);
	assert_int_equal(media_of_answer(STR("")), MEDIA_JSON);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_are_told_by_their_type),
		cmocka_unit_test(answers_are_what_is_wanted_most),
		cmocka_unit_test(answers_tell_their_own_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
