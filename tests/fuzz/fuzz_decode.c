/* A body into an in-struct: what is accepted keeps the field table's limits, what is not is named.
 */
#include <assert.h>

#include "arena.h"
#include "codec.h"
#include "planted.h"
#include "text.h"
#include "toy.h"

static struct arena arena;
static const struct codec *in_codec, *out_codec;

static bool set_up(void)
{
	if (in_codec)
		return true;
	if (!arena_init(&arena, (size_t)256 << 20))
		return false;
	in_codec = codec_make(&arena, &toy_in_map, &toy_dialect);
	out_codec = codec_make(&arena, &toy_out_map, &toy_dialect);
	return true;
}

static void check_in(const struct toy_in *in)
{
	assert(in->name.len > 0 && text_length(in->name) <= 4);
	assert(text_length(in->note) <= 10);
	assert(in->sum.minor >= 0 && in->sum.minor <= 1000);
	assert(in->parts.n <= 2);
}

static void check_planted(const struct toy_in *in)
{
	const struct toy_part *part = in->parts.rows;

	planted_overflow(in->name.at, in->name.len);
	planted_overflow(in->note.at, in->note.len);
	planted_overflow(in->main_part.name.at, in->main_part.name.len);
	for (size_t i = 0; i < in->parts.n; i++)
		planted_overflow(part[i].name.at, part[i].name.len);
}

/* What was taken in can be written out, and is JSON again. */
static void check_out(const struct toy_in *in)
{
	struct ctx ctx = {0};
	struct toy_out out;
	struct buf buf;
	const struct json_value *root;
	const char *where;

	toy_echo(&ctx, in, &out);
	buf_init(&buf, &arena, 256);
	buf_char(&buf, '{');
	codec_write_members(&buf, out_codec, &out);
	buf_char(&buf, '}');
	assert(json_parse(&arena, buf_done(&buf), &root, &where) == REASON_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct json_value *root;
	struct decode decode;
	const char *where;
	size_t mark;

	if (!set_up())
		return 0;
	mark = arena_mark(&arena);
	decode_init(&decode, &arena, in_codec);
	if (json_parse(&arena, (struct str){(const char *)data, size}, &root, &where) ==
		    REASON_NONE &&
	    json_kind(root) == JSON_OBJECT) {
		if (decode_json(&decode, root) && decode_done(&decode)) {
			check_in(decode.in);
			check_out(decode.in);
		} else {
			assert(decode.outcome != OUTCOME_OK && decode.reason != REASON_NONE);
			assert(decode.where.len > 0);
		}
		check_planted(decode.in);
	}
	arena_reset(&arena, mark);
	return 0;
}
