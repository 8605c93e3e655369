/* Rows of a dialect of its own that are asked for by query: for tests of the grammar. */
#ifndef TESTS_TOY_QUERY_H
#define TESTS_TOY_QUERY_H

#include "codec_query.h"
#include "dialect.h"
#include "entity.h"

struct thing {
	int64_t serial;
	struct str title;
	bool on;
	struct amount price;
	struct moment made_at;
	struct uuid key;
	struct json_text more;
	int64_t maker_serial;
	struct str maker_name;
	struct str secret;
};

static const struct field thing_maker_fields[] = {
	FIELD(struct thing, maker_serial, "id"),
	FIELD(struct thing, maker_name, "name"),
};
static const struct map thing_maker_map = MAP("ThingMaker", struct thing, thing_maker_fields);
static const struct field thing_fields[] = {
	FIELD(struct thing, serial, "id"),
	FIELD(struct thing, title, "title", .flags = F_NULL_UNSET),
	FIELD(struct thing, on, "on"),
	FIELD(struct thing, price, "price"),
	FIELD(struct thing, made_at, "madeAt", .flags = F_NULL_UNSET),
	FIELD(struct thing, key, "key"),
	FIELD(struct thing, more, "more"),
	{.wire = "maker",
	 .member = "maker",
	 .type = FT_OBJECT,
	 .flags = F_NULL_UNSET,
	 .map = &thing_maker_map},
	FIELD(struct thing, secret, "secret", .flags = F_ON_DEMAND | F_NULL_UNSET),
};
static const struct map thing_map = MAP_BY_CHOICE("Thing", struct thing, thing_fields);

static const char *const thing_ignored[] = {"searchValue", NULL};
static const struct field thing_select_fields[] = {
	FIELD(struct entity_select_in, query, "fields", .reader = &query_fields),
	FIELD(struct entity_select_in, query.where, "conditions", .reader = &query_conditions),
	FIELD(struct entity_select_in, query, "orderBy", .reader = &query_order),
	FIELD(struct entity_select_in, query, "limit", .reader = &query_limit),
};
static const struct field thing_remove_fields[] = {
	FIELD(struct entity_remove_in, where, "conditions", .reader = &query_conditions_needed),
};
static const struct map thing_select_map = {
	.name = "ThingSelect",
	.size = sizeof(struct entity_select_in),
	.fields = thing_select_fields,
	.n = sizeof(thing_select_fields) / sizeof(thing_select_fields[0]),
	.about = &thing_map,
	.ignored = thing_ignored,
};
static const struct map thing_remove_map = {
	.name = "ThingRemove",
	.size = sizeof(struct entity_remove_in),
	.fields = thing_remove_fields,
	.n = 1,
	.about = &thing_map,
};
static const struct field thing_out_fields[] = {
	FIELD(struct entity_out, rows, "rows", .map = &thing_map,
	      UNLESS(struct entity_out, only_count)),
	FIELD(struct entity_out, total, "count", WHEN(struct entity_out, only_count)),
	FIELD(struct entity_out, total, "X-Total-Count", .from = FROM_HEADER,
	      WHEN(struct entity_out, counted)),
};
static const struct map thing_out_map = MAP("Things", struct entity_out, thing_out_fields);

/* What codec_make() looks at. */
static const struct dialect thing_dialect = {
	.name = "thing",
	.flags = DIALECT_STRICT_MEMBERS,
	.forms = {[FT_BOOL] = &form_bool,
		  [FT_I64] = &form_i64,
		  [FT_AMOUNT] = &form_amount,
		  [FT_MOMENT] = &form_iso_moment,
		  [FT_UUID] = &form_uuid,
		  [FT_STR] = &form_text_or_null,
		  [FT_JSON] = &form_json},
	.text_max = 255,
};

#endif
