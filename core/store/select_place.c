/* Pages that go on after a row that is known: which can, what they are known by, their predicate.
 */
#include "select_priv.h"

#include <assert.h>

#include "clock.h"
#include "crypto.h"
#include "stmt.h"

/* The field that a table's key is; every table has one. */
static const struct select_field *key_field(const struct select_table *table)
{
	size_t i = 0;

	while (i < table->field_n &&
	       (!table->fields[i].column || strcmp(table->fields[i].column, table->key) != 0))
		i++;
	assert(i < table->field_n);
	return &table->fields[i];
}

static const struct select_order *only_order(const struct select_query *query)
{
	if (query->order_n == 1)
		return query->order;
	return query->order_n == 0 && query->table->order_n == 1 ? query->table->order : NULL;
}

/* One order, without a mark for what is unset, that an index has. */
static const struct select_field *placed_field(const struct select_query *query)
{
	const struct select_order *order = only_order(query);
	const struct select_field *field;

	if (!order || (query->order_n == 0 && !query->table->walk))
		return NULL;
	field = select_field_find(query->table, order->name);
	if (field->join && !field->sort)
		return NULL;
	if (!field->sort && field->flags & (SELECT_NULLABLE | SELECT_ZERO_NULL))
		return NULL;
	if (field->type == FT_STR && !(field->flags & SELECT_BYTES))
		return NULL;
	return query->order_n == 0 || field->order ? field : NULL;
}

static void put_bytes(struct buf *buf, const void *bytes, size_t len)
{
	buf_put(buf, &len, sizeof(len));
	buf_put(buf, bytes, len);
}

static void put_name(struct buf *buf, const char *name)
{
	put_bytes(buf, name ? name : "", name ? strlen(name) : 0);
}

static void put_cond(struct buf *buf, const struct select_table *table,
		     const struct select_cond *cond)
{
	const struct select_named *named =
		cond->kind == SELECT_NAMED ? select_find_named(table, cond->name) : NULL;
	const uint64_t shape[] = {cond->kind, cond->cmp, cond->value_n, cond->cond_n};

	buf_put(buf, shape, sizeof(shape));
	put_name(buf, cond->name);
	for (size_t i = 0; i < cond->value_n; i++) {
		if (named && named->passing >> i & 1)
			continue;
		buf_put(buf, &cond->values[i].number, sizeof(cond->values[i].number));
		put_bytes(buf, cond->values[i].text.at, cond->values[i].text.len);
	}
	for (size_t i = 0; i < cond->cond_n; i++)
		put_cond(buf, table, &cond->conds[i]);
}

/* All that makes the order of rows what it is: not the page. */
static struct place_query query_hash(struct arena *arena, const struct select_query *query)
{
	const struct select_order *order = only_order(query);
	struct place_query hash;
	uint8_t digest[SHA256_LEN];
	struct buf buf;

	buf_init(&buf, arena, 512);
	buf_put(&buf, &query->organisation_id, sizeof(query->organisation_id));
	put_name(&buf, query->table->from);
	put_name(&buf, query->table->scope);
	put_name(&buf, order->name);
	buf_char(&buf, order->desc ? '-' : '+');
	put_cond(&buf, query->table, &query->where);
	sha256(buf.at, buf.len, digest);
	memcpy(&hash, digest, sizeof(hash));
	return hash;
}

static int64_t now_ms(void)
{
	return clock_monotonic_us() / 1000;
}

/* Numbers stay numbers, all else are bytes. */
static bool is_number(const struct select_field *field)
{
	return field->type != FT_STR && field->type != FT_UUID;
}

void select_place_find(struct arena *arena, const struct select_query *query,
		       const struct select_plan *plan, struct select_page *page_r)
{
	*page_r =
		(struct select_page){.field = placed_field(query), .key = key_field(query->table)};
	if (plan->from || plan->grams || query->offset + query->limit < SELECT_PLACE_FROM)
		page_r->field = NULL;
	if (!page_r->field)
		return;
	page_r->hash = query_hash(arena, query);
	page_r->desc = only_order(query)->desc;
	page_r->known = place_get(&page_r->hash, query->offset, now_ms(), &page_r->place);
}

static bool place_make(int64_t offset, const struct select_value *sort,
		       const struct select_value *key, struct place *place_r)
{
	struct place place = {.offset = offset, .number = sort->number, .key_number = key->number};

	if (sort->text.len > PLACE_TEXT_MAX || key->text.len > PLACE_KEY_MAX)
		return false;
	place.len = (uint32_t)sort->text.len;
	place.key_len = (uint32_t)key->text.len;
	if (place.len > 0)
		memcpy(place.text, sort->text.at, place.len);
	if (place.key_len > 0)
		memcpy(place.key, key->text.at, place.key_len);
	*place_r = place;
	return true;
}

void select_place_keep(const struct select_page *page, int64_t offset,
		       const struct select_value *sort, const struct select_value *key)
{
	struct place place;

	if (place_make(offset, sort, key, &place))
		place_put(&page->hash, &place, now_ms());
}

void select_place_take(struct select_page *page, int64_t offset, const struct select_value *sort,
		       const struct select_value *key)
{
	page->known = place_make(offset, sort, key, &page->place) || page->known;
}

int64_t select_place_from_end(const struct select_query *query, const struct select_page *page)
{
	int64_t before = query->offset - (page->known ? page->place.offset : 0);
	int64_t behind = query->total - query->offset;

	return page->field && !page->desc && behind > 0 && behind < before &&
			       before > SELECT_PLACE_FROM
		       ? behind
		       : 0;
}

void select_put_after(struct select_writer *writer, const struct select_plan *plan)
{
	const struct select_page *page = plan->after;
	const struct select_value key = {
		page ? page->place.key_number : 0,
		{page ? page->place.key : "", page ? page->place.key_len : 0}};
	struct select_value value;

	if (!page)
		return;
	value = (struct select_value){page->place.number, {page->place.text, page->place.len}};
	buf_text(&writer->text, " AND (");
	select_put_sorted(writer, page->field, page->desc ? " < " : " > ", value);
	if (page->field != page->key) {
		buf_text(&writer->text, " OR (");
		select_put_sorted(writer, page->field, " = ", value);
		buf_text(&writer->text, " AND ");
		select_put_sorted(writer, page->key, " > ", key);
		buf_char(&writer->text, ')');
	}
	buf_char(&writer->text, ')');
}

/* Two columns before the statement's own, and where a struct has them behind its members. */
struct map select_placed_map(struct arena *arena, const struct select_page *page,
			     const struct map *map)
{
	struct field *fields = arena_array(arena, struct field, map->n + 2);
	const struct select_field *const extra[] = {page->field, page->key};

	for (size_t i = 0; i < 2; i++) {
		bool number = is_number(extra[i]);
		size_t offset = map->size + i * sizeof(struct select_value) +
				(number ? offsetof(struct select_value, number)
					: offsetof(struct select_value, text));

		assert(offset < UINT16_MAX);
		fields[i] = (struct field){.wire = i ? "k" : "o0",
					   .offset = (uint16_t)offset,
					   .type = number ? FT_I64 : FT_STR,
					   .flags = number ? 0 : STORE_BYTES};
	}
	if (map->n > 0)
		memcpy(fields + 2, map->fields, map->n * sizeof(struct field));
	return (struct map){.name = map->name,
			    .size = map->size + 2 * sizeof(struct select_value),
			    .fields = fields,
			    .n = map->n + 2};
}
