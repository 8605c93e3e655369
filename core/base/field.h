/*
 * One descriptor for all that the outside names: it ties a wire name (or a
 * column name) to a place in a core struct. JSON, query strings, paths, headers,
 * SQL rows, validation and OpenAPI are all driven by it; nothing copies a field
 * by hand.
 */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include "buf.h"
#include "types.h"

enum field_type {
	FT_BOOL,
	FT_I64,
	FT_AMOUNT,
	FT_MOMENT,
	FT_UUID,
	FT_STR,
	FT_JSON,
	FT_LIST,   /* struct list of rows that `map` describes */
	FT_OBJECT, /* nested struct that `map` describes */
};

enum field_from { FROM_BODY, FROM_PATH, FROM_QUERY, FROM_HEADER };

enum field_flag {
	F_REQUIRED = 1 << 0,   /* must be sent */
	F_OMIT_UNSET = 1 << 1, /* not written when zero / empty / NULL */
	F_REFERENCE = 1 << 2,  /* an id of another object: malformed means not found */
	F_SECRET = 1 << 3,     /* never logged, never shown in examples */
	F_NOT_EMPTY = 1 << 4,  /* "" is refused */
	F_QUERY_TOO = 1 << 5,  /* a body field that may also come in the query string */
	F_UNLESS = 1 << 6,     /* with `when`: written while that member is false */
	F_ELSE_NULL = 1 << 7,  /* null is written where F_OMIT_UNSET or `when` leaves it out */
	F_BASE = 1 << 8,       /* of the vendor's base class: XML has it before the others */
	F_ROW = 1 << 9,        /* a list that is sent as an object: its one row */
	F_ON_DEMAND = 1 << 10, /* of a map by choice: written only when it is asked for by name */
};

#define F_NULL_UNSET (F_OMIT_UNSET | F_ELSE_NULL) /* written as null when zero / empty / NULL */

struct map;
struct form;
struct member_reader;

struct field {
	const char *wire;   /* the dialect's (or column's) name */
	const char *member; /* the C member's name */
	uint16_t offset;
	uint8_t type; /* enum field_type */
	uint8_t from; /* enum field_from */
	uint16_t flags;
	uint16_t when; /* offset + 1 of a bool of the row: written while it is true; 0 = always */
	int64_t min, max; /* FT_STR: characters; FT_I64, FT_MOMENT: value; FT_AMOUNT: minor units;
			     FT_LIST: rows. Both 0 = the type's default */
	const struct map *map; /* FT_LIST, FT_OBJECT */
	const struct form
		*form; /* wire form other than the dialect's own for the type, else NULL */
	const struct form *xml_form; /* what XML shows where it shows something else; else NULL */
	const struct member_reader
		*reader; /* fills the member from its JSON in its own way, else NULL */
	const char *doc; /* one line for OpenAPI; NULL = none */
};

struct map {
	const char *name; /* schema name in OpenAPI */
	size_t size;      /* sizeof of the struct */
	const struct field *fields;
	size_t n;
	bool has_sent;           /* the struct begins with `struct sent sent` */
	bool by_choice;          /* a request says which members of a row are written */
	const struct map *about; /* of an in-map: the rows that its trees speak of */
	const char *const
		*ignored; /* members that also a strict dialect passes over; NULL at the end */
};

/* The C type is read off the member: a map cannot disagree with its struct. */
/* clang-format off */
#define FIELD_TYPE(T, m) _Generic(((T *)0)->m, bool: FT_BOOL, int64_t: FT_I64, struct amount: FT_AMOUNT, \
	struct moment: FT_MOMENT, struct uuid: FT_UUID, struct str: FT_STR, struct json_text: FT_JSON, \
	struct list: FT_LIST, default: FT_OBJECT)
/* clang-format on */
#define FIELD(T, m, ...)                                                                           \
	{                                                                                          \
		.offset = offsetof(T, m), .type = FIELD_TYPE(T, m), .member = #m,                  \
		.wire = __VA_ARGS__                                                                \
	}
/* Members of FIELD for one that is written only when, or unless, another one is true. */
#define WHEN(T, m)   .when = offsetof(T, m) + 1
#define UNLESS(T, m) .when = offsetof(T, m) + 1, .flags = F_UNLESS
#define MAP(NAME, T, table)                                                                        \
	{                                                                                          \
		.name = (NAME), .size = sizeof(T), .fields = (table),                              \
		.n = sizeof(table) / sizeof((table)[0])                                            \
	}
/* The same for an in-struct that begins with `struct sent sent`. */
#define MAP_SENT(NAME, T, table)                                                                   \
	{                                                                                          \
		.name = (NAME), .size = sizeof(T), .fields = (table),                              \
		.n = sizeof(table) / sizeof((table)[0]), .has_sent = offsetof(T, sent) == 0        \
	}

/* Rows of which a request chooses the members. */
#define MAP_BY_CHOICE(NAME, T, table)                                                              \
	{                                                                                          \
		.name = (NAME), .size = sizeof(T), .fields = (table),                              \
		.n = sizeof(table) / sizeof((table)[0]), .by_choice = true                         \
	}

/*
 * Which members a request sent, by byte offset. An in-struct whose operation
 * needs to know has it as its first member, named `sent`.
 */
#define SENT_STRUCT_MAX 1024
struct sent {
	uint64_t bit[SENT_STRUCT_MAX / 64];
};

static inline void sent_set(struct sent *sent, size_t offset)
{
	sent->bit[offset / 64] |= UINT64_C(1) << (offset % 64);
}

static inline bool sent_has(const struct sent *sent, size_t offset)
{
	return (sent->bit[offset / 64] >> (offset % 64)) & 1;
}

/* Bytes that a member of this type takes in its struct; 0 for FT_OBJECT, which its map knows. */
size_t field_size(const struct field *field);
/*
 * Copies the members that were sent from one row of `map` to another. `base` is
 * the offset of the sender's row in the struct that `sent` belongs to.
 */
void row_merge(const struct map *map, void *row, const void *sent_row, const struct sent *sent,
	       size_t base);
/* The first member in which two rows of `map` differ, from `field` on; NULL when none is left. */
const struct field *row_difference(const struct map *map, const void *a, const void *b,
				   const struct field *field);

/* SENT(in, T, member): did the request carry it? */
#define SENT(in, T, m) sent_has(&(in)->sent, offsetof(T, m))

#endif
