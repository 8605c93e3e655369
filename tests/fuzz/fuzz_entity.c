/* A query of core-data: what is taken keeps the limits and names members only; the rest is named.
 */
#include <assert.h>

#include "arena.h"
#include "codec.h"
#include "json.h"
#include "planted.h"
#include "toy_query.h"

static struct arena arena;
static const struct codec *codecs[2];

static bool set_up(void)
{
	if (codecs[0])
		return true;
	if (!arena_init(&arena, (size_t)256 << 20))
		return false;
	codecs[0] = codec_make(&arena, &thing_select_map, &thing_dialect);
	codecs[1] = codec_make(&arena, &thing_remove_map, &thing_dialect);
	return true;
}

/* A name is one of ours: what was sent is never passed on as one. */
static void check_name(const char *name)
{
	size_t i = 0;

	while (i < thing_map.n && strcmp(thing_fields[i].member, name) != 0)
		i++;
	assert(i < thing_map.n || strcmp(name, "maker_serial") == 0 ||
	       strcmp(name, "maker_name") == 0);
}

static void check_cond(const struct select_cond *cond, size_t depth, size_t *filters)
{
	if (cond->kind == SELECT_FILTER) {
		check_name(cond->name);
		assert(++*filters <= SELECT_FILTERS_MAX && cond->value_n <= SELECT_VALUES_MAX);
		for (size_t i = 0; i < cond->value_n; i++)
			planted_overflow(cond->values[i].text.at, cond->values[i].text.len);
		return;
	}
	assert(depth <= SELECT_DEPTH_MAX);
	for (size_t i = 0; i < cond->cond_n; i++) {
		assert(cond->conds[i].kind == SELECT_FILTER || cond->conds[i].cond_n > 0);
		check_cond(&cond->conds[i], depth + 1, filters);
	}
}

static void check_select(const struct entity_query *query)
{
	size_t filters = 0;

	check_cond(&query->where, 1, &filters);
	assert(query->order_n <= SELECT_ORDERS_MAX);
	for (size_t i = 0; i < query->order_n; i++)
		check_name(query->order[i].name);
	assert(query->limit >= 0 && query->limit <= ENTITY_LIMIT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct json_value *root;
	const char *where;
	size_t mark, filters = 0;

	if (!set_up())
		return 0;
	mark = arena_mark(&arena);
	if (json_parse(&arena, (struct str){(const char *)data, size}, &root, &where) !=
		    REASON_NONE ||
	    json_kind(root) != JSON_OBJECT)
		goto out;
	for (size_t i = 0; i < 2; i++) {
		struct decode decode;

		decode_init(&decode, &arena, codecs[i]);
		if (!decode_json(&decode, root) || !decode_done(&decode)) {
			/* where is empty when the name of an unknown member is */
			assert(decode.reason != REASON_NONE && decode.where.at);
			continue;
		}
		if (i == 0)
			check_select(&((struct entity_select_in *)decode.in)->query);
		else
			check_cond(&((struct entity_remove_in *)decode.in)->where, 1, &filters);
		assert(i == 0 || filters > 0);
	}
out:
	arena_reset(&arena, mark);
	return 0;
}
