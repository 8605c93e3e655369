/* An XML body into an in-struct and out again: what is accepted keeps the field table's limits,
 * what is not is named, and whatever is written is XML that reads back. */
#include <assert.h>

#include "arena.h"
#include "codec_xml.h"
#include "planted.h"
#include "text.h"
#include "xml_toy.h"

static struct arena arena;
static struct dialect dialect;
static const struct codec *in_codec, *out_codec, *back_codec;

static bool set_up(void)
{
	if (in_codec)
		return true;
	if (!arena_init(&arena, (size_t)256 << 20))
		return false;
	dialect = toy_dialect;
	dialect.flags = DIALECT_FOLD_CASE;
	dialect.xml_error = "Error";
	in_codec = codec_make(&arena, &xml_in_map, &dialect);
	out_codec = codec_make(&arena, &xml_out_map, &dialect);
	dialect.flags = DIALECT_STRICT_MEMBERS;
	back_codec = codec_make(&arena, &xml_in_map, &dialect);
	return true;
}

static void check_in(const struct xml_in *in)
{
	assert(text_length(in->name) <= 4);
	assert(in->count >= 0 && in->count <= 9);
	assert(in->parts.n <= 2);
}

static void check_planted(const struct xml_in *in)
{
	const struct xml_part *part = in->parts.rows;

	planted_overflow(in->name.at, in->name.len);
	for (size_t i = 0; i < in->parts.n; i++)
		planted_overflow(part[i].name.at, part[i].name.len);
}

static const struct xml_node *parse_again(struct buf *buf)
{
	const struct xml_node *root;
	struct str where;

	assert(xml_parse(&arena, buf_done(buf), &root, &where) == REASON_NONE);
	return root;
}

/* What was taken in can be written out; what was written as it came reads back as it was. */
static void check_out(const struct xml_in *in)
{
	struct xml_out out = {.name = in->name, .sum = in->sum, .parts = in->parts};
	struct decode decode;
	struct buf buf;

	buf_init(&buf, &arena, 256);
	xml_write(&buf, out_codec, &out);
	parse_again(&buf);
	buf_init(&buf, &arena, 256);
	xml_write(&buf, back_codec, in);
	decode_init(&decode, &arena, back_codec);
	if (in->count > 0) {
		assert(decode_xml(&decode, parse_again(&buf)) && decode_done(&decode));
		assert(((struct xml_in *)decode.in)->sum.minor == in->sum.minor);
		assert(str_eq(((struct xml_in *)decode.in)->name, in->name));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct xml_node *root;
	struct decode decode;
	struct str where = {0};
	size_t mark;

	if (size > XML_BODY_MAX || !set_up())
		return 0;
	mark = arena_mark(&arena);
	decode_init(&decode, &arena, in_codec);
	if (xml_parse(&arena, (struct str){(const char *)data, size}, &root, &where) ==
	    REASON_NONE) {
		if (decode_xml(&decode, root) && decode_done(&decode)) {
			check_in(decode.in);
			check_out(decode.in);
		} else {
			assert(decode.outcome != OUTCOME_OK && decode.reason != REASON_NONE);
			assert(decode.where.len > 0);
		}
		check_planted(decode.in);
	} else {
		assert(where.len > 0);
	}
	arena_reset(&arena, mark);
	return 0;
}
