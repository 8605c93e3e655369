/* Base dates of the organization dialect: what is accepted is a moment of four-digit years. */
#include <assert.h>

#include "arena.h"
#include "json.h"
#include "organization.h"
#include "planted.h"

#define YEAR_0_MS     INT64_C(-62167305600000) /* less a day, for zones */
#define YEAR_10000_MS INT64_C(253402387200000) /* and a day */

static struct scalar scalar_of(const struct json_value *root)
{
	struct scalar scalar = {.kind = SCALAR_STRING, .text = json_text_of(root)};

	if (json_kind(root) == JSON_OBJECT || json_kind(root) == JSON_ARRAY)
		scalar = (struct scalar){SCALAR_TREE, json_source(root), root};
	else if (json_kind(root) == JSON_NUMBER)
		scalar.kind = SCALAR_NUMBER;
	return scalar;
}

static void check(const struct json_value *root)
{
	const struct json_value *zone = json_member(root, "timezone");
	struct moment moment = {0};

	if (zone)
		planted_overflow(json_text_of(zone).at, json_text_of(zone).len);
	if (organization_base_date.read(scalar_of(root), NULL, &moment) != REASON_NONE)
		return;
	assert(json_kind(root) != JSON_OBJECT ||
	       (moment.ms > YEAR_0_MS && moment.ms < YEAR_10000_MS));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	const struct json_value *root;
	const char *where;

	if (!arena.base && !arena_init(&arena, (size_t)256 << 20))
		return 0;
	if (json_parse(&arena, (struct str){(const char *)data, size}, &root, &where) ==
	    REASON_NONE)
		check(root);
	arena_reset(&arena, 0);
	return 0;
}
