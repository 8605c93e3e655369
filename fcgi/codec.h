/*
 * A field table made ready for the wire: forms looked up, names escaped and
 * measured once. Decoders of every source fill an in-struct through it; the JSON
 * writer runs down it without a comparison.
 */
#ifndef FCGI_CODEC_H
#define FCGI_CODEC_H

#include "buf.h"
#include "field.h"
#include "form.h"
#include "outcome.h"

struct arena;
struct dialect;
struct json_value;

struct codec_field {
	const struct field *field;
	const struct form *form;    /* NULL for FT_LIST, FT_OBJECT and readers */
	const struct codec *nested; /* FT_LIST, FT_OBJECT */
	struct str name;            /* wire name */
	struct str prefix;          /* ,"name": */
	const char *cgi_name;       /* FROM_HEADER: HTTP_NAME */
	size_t size;                /* bytes of the member */
};

struct codec {
	const struct map *map;
	const struct codec_field *fields;
	size_t n;
	const struct codec *about; /* of the map's `about` */
	bool fold_case, strict;
	int64_t text_max;
};

/* In the arena, for the life of the process. */
const struct codec *codec_make(struct arena *arena, const struct map *map,
			       const struct dialect *dialect);
/* Index of a wire name among the fields of these sources (bits by enum field_from), or codec->n. */
size_t codec_find(const struct codec *codec, struct str name, unsigned sources);
/* Bytes of a member of this type; `map` for FT_OBJECT; 1 for a reader, which alone knows. */
size_t codec_member_size(const struct field *field);

/*
 * How a body of one format is walked. Where the format itself does not tell what a node is
 * (XML), it is what its field wants. `scalar` may look at the field.
 */
struct tree {
	bool (*is_null)(const void *node);
	bool (*is_object)(const void *node);
	bool (*is_list)(const void *node, const struct codec *row);
	struct scalar (*scalar)(const void *node, const struct field *field);
	struct str (*name)(const void *member);
	const void *(*first)(const void *parent);
	const void *(*next)(const void *node);
};
extern const struct tree json_tree;
/* One filling of an in-struct; where it stopped and why. */
struct decode {
	struct arena *arena;
	const struct codec *codec;
	const struct tree *tree; /* of a body */
	void *in;
	bool *seen;                /* by field index */
	const struct sent *chosen; /* members of the answer's rows; NULL = no reader has said */
	enum outcome outcome;
	enum reason reason;
	struct str where; /* wire name or path of the member at fault */
};

/* A zeroed in-struct in the arena. */
void decode_init(struct decode *decode, struct arena *arena, const struct codec *codec);
/* Stops the filling: INVALID with this reason. Always false. */
bool decode_fail(struct decode *decode, enum reason reason, struct str where);
/* One value from path, query or header into the field of this index. */
bool decode_text(struct decode *decode, size_t index, struct str text);
/* The members of a body. */
bool decode_tree(struct decode *decode, const struct tree *tree, const void *object);
bool decode_json(struct decode *decode, const struct json_value *object);
/* After all sources: is everything there that is required? */
bool decode_done(struct decode *decode);

/* Is this member of a row shown (its flags and `when`)? */
bool codec_is_written(const struct codec_field *at, const void *row);
/* "name":value for each member, with commas before them unless the last byte is '{'. */
void codec_write_members(struct buf *buf, const struct codec *codec, const void *row);
/*
 * An array: the rows of the list among the members, of which, if their map is by choice, the
 * members that are `chosen` (by offset in the row; NULL = all); where the list is not to be
 * written, one object of the other members.
 */
void codec_write_bare(struct buf *buf, const struct codec *codec, const void *out,
		      const struct sent *chosen);
/* Lines of the members that travel as headers of the answer. */
void codec_write_headers(struct buf *buf, const struct codec *codec, const void *out);

#endif
