/* A column's value into a member of a struct. */
#include "db_priv.h"

bool db_cell_is_number(const struct field *field)
{
	return field->type == FT_BOOL || field->type == FT_I64 || field->type == FT_AMOUNT ||
	       field->type == FT_MOMENT;
}

static bool store_uuid(const struct db_cell *cell, struct uuid *uuid)
{
	if (cell->len != sizeof(uuid->byte))
		return false;
	memcpy(uuid->byte, cell->at, cell->len);
	return true;
}

bool db_cell_store(const struct field *field, const struct db_cell *cell, struct arena *arena,
		   void *row)
{
	void *member = (char *)row + field->offset;
	struct str text;

	if (cell->null) {
		memset(member, 0, field_size(field));
		return field->flags & STORE_NULLABLE;
	}
	if (field->type == FT_BOOL)
		*(bool *)member = cell->number != 0;
	else if (db_cell_is_number(field))
		*(int64_t *)member = cell->number;
	else if (field->type == FT_UUID)
		return store_uuid(cell, member);
	else {
		text = (struct str){cell->at, cell->len};
		if (!cell->in_arena)
			text = str_dup(arena, text);
		memcpy(member, &text, sizeof(text));
	}
	return true;
}

bool db_travels_as_null(const struct field *field, const void *member)
{
	static const struct uuid unset;

	if (!(field->flags & STORE_NULLABLE))
		return false;
	if (db_cell_is_number(field))
		return *(const int64_t *)member == 0;
	if (field->type == FT_UUID)
		return memcmp(member, &unset, sizeof(unset)) == 0;
	return !((const struct str *)member)->at;
}
