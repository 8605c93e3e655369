#include "field.h"

#include <assert.h>

size_t field_size(const struct field *field)
{
	static const size_t size[] = {
		[FT_BOOL] = sizeof(bool),
		[FT_I64] = sizeof(int64_t),
		[FT_AMOUNT] = sizeof(struct amount),
		[FT_MOMENT] = sizeof(struct moment),
		[FT_UUID] = sizeof(struct uuid),
		[FT_STR] = sizeof(struct str),
		[FT_JSON] = sizeof(struct json_text),
		[FT_LIST] = sizeof(struct list),
		[FT_OBJECT] = 0,
	};
	assert(field->type < sizeof size / sizeof size[0]);
	return size[field->type];
}

void row_merge(const struct map *map, void *row, const void *sent_row, const struct sent *sent,
	       size_t base)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct field *field = &map->fields[i];
		if (sent_has(sent, base + field->offset))
			memcpy((char *)row + field->offset, (const char *)sent_row + field->offset,
			       field_size(field));
	}
}

static bool member_eq(const struct field *field, const void *a, const void *b)
{
	const char *at = (const char *)a + field->offset, *bt = (const char *)b + field->offset;
	if (field->type != FT_STR)
		return memcmp(at, bt, field_size(field)) == 0;
	struct str as, bs;
	memcpy(&as, at, sizeof as);
	memcpy(&bs, bt, sizeof bs);
	return str_eq(as, bs);
}

const struct field *row_difference(const struct map *map, const void *a, const void *b,
				   const struct field *field)
{
	for (; field < map->fields + map->n; field++)
		if (!member_eq(field, a, b))
			return field;
	return NULL;
}
