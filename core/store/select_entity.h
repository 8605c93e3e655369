/* How the tables of entities say their fields, and what texts become before they are compared. */
#ifndef STORE_SELECT_ENTITY_H
#define STORE_SELECT_ENTITY_H

#include "select.h"

/* What a folded column holds. */
struct str select_key_text(struct arena *arena, struct str text);

/*
 * A folded column that is never NULL, one whose "" stands for null, one that may be NULL, and a
 * text that nothing is kept of.
 */
#define FOLDED(member, col, ...)                                                                   \
	{                                                                                          \
		.name = (member), .column = (col), .like = (col), .type = FT_STR,                  \
		.flags = SELECT_BYTES, .key = select_key_text, __VA_ARGS__                         \
	}
#define FOLDED_EMPTY(member, col, ...)                                                             \
	{                                                                                          \
		.name = (member), .column = (col), .like = (col), .type = FT_STR,                  \
		.flags = SELECT_BYTES | SELECT_ZERO_NULL, .key = select_key_text, __VA_ARGS__      \
	}
#define FOLDED_NULL(member, col, ...)                                                              \
	{                                                                                          \
		.name = (member), .column = (col), .like = (col), .type = FT_STR,                  \
		.flags = SELECT_BYTES | SELECT_NULLABLE, .key = select_key_text, __VA_ARGS__       \
	}
/* ё counts as е, as in folded columns. */
#define PLAIN_TEXT(member, col)                                                                    \
	{                                                                                          \
		.name = (member),                                                                  \
		.column = "NULLIF(REPLACE(LOWER(" col                                              \
			  "), _utf8mb4 0xD191, _utf8mb4 0xD0B5), SPACE(0))",                       \
		.type = FT_STR, .flags = SELECT_NULLABLE, .key = select_key_text                   \
	}
#define COLUMN(member, col, column_type, ...)                                                      \
	{                                                                                          \
		.name = (member), .column = (col), .type = (column_type), __VA_ARGS__              \
	}
#define NOT_ASKED(member, column_type)                                                             \
	{                                                                                          \
		.name = (member), .type = (column_type),                                           \
		.flags = SELECT_NO_FILTER | SELECT_NO_ORDER                                        \
	}

#endif
