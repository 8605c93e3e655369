#include "record_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the file is; decided at its first bytes, for objects at the end of the first one. */
enum form { FORM_UNKNOWN, FORM_ARRAY, FORM_OBJECTS, FORM_LINES, FORM_OVER };

#define NOTHING (-1)

bool record_stream_open(struct record_stream *stream, int fd, size_t most)
{
	*stream = (struct record_stream){.fd = fd, .most = most};
	stream->block = malloc(RECORD_STREAM_BLOCK);
	stream->record = malloc(most + 1);
	return stream->block && stream->record;
}

void record_stream_close(struct record_stream *stream)
{
	free(stream->block);
	free(stream->record);
	stream->block = stream->record = NULL;
}

static bool fill(struct record_stream *stream)
{
	ssize_t n;

	do
		n = read(stream->fd, stream->block, RECORD_STREAM_BLOCK);
	while (n < 0 && errno == EINTR);
	stream->broken = n < 0;
	stream->ended = n <= 0;
	stream->block_at = 0;
	stream->block_len = n > 0 ? (size_t)n : 0;
	stream->offset += (int64_t)stream->block_len;
	return n > 0;
}

/* The next byte, left where it is; NOTHING at the end. */
static int peek(struct record_stream *stream)
{
	if (stream->block_at == stream->block_len && (stream->ended || !fill(stream)))
		return NOTHING;
	return (unsigned char)stream->block[stream->block_at];
}

static bool is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int peek_past_space(struct record_stream *stream)
{
	int c = peek(stream);

	while (is_space(c)) {
		stream->block_at++;
		c = peek(stream);
	}
	return c;
}

/* Where in a value the scan stands. */
struct place {
	int depth;
	bool in_text, escaped, seen;
};

static void step(struct place *place, int c)
{
	place->seen = place->seen || !is_space(c);
	if (place->in_text) {
		place->in_text = place->escaped || c != '"';
		place->escaped = !place->escaped && c == '\\';
		return;
	}
	place->in_text = c == '"';
	place->depth += c == '{' || c == '[';
	place->depth -= c == '}' || c == ']';
}

static void keep(struct record_stream *stream, int c)
{
	if (stream->record_len < stream->most)
		stream->record[stream->record_len] = (char)c;
	stream->record_len++;
}

/* Does the record end before this byte? */
static bool ends_before(const struct record_stream *stream, const struct place *place, int c)
{
	if (stream->form == FORM_LINES)
		return c == '\n';
	return stream->form == FORM_ARRAY && place->depth == 0 && !place->in_text &&
	       (c == ',' || c == ']');
}

/* The first object tells: one that ends before its line does begins a file of lines. What is no
 * object ends with its line. */
static bool object_ends(struct record_stream *stream, const struct place *place, int c,
			bool one_line)
{
	bool closed = c == '}' || c == ']';

	if (stream->form != FORM_OBJECTS || place->depth > 0 || place->in_text || !place->seen)
		return false;
	if (closed && stream->number == 1 && one_line)
		stream->form = FORM_LINES;
	return stream->form == FORM_OBJECTS && (closed || c == '\n');
}

/* Reads up to the end of the record; false when the file ends first. */
static bool take_record(struct record_stream *stream)
{
	struct place place = {0};
	bool one_line = true;
	int c;

	stream->record_len = 0;
	while ((c = peek(stream)) != NOTHING) {
		if (ends_before(stream, &place, c))
			return true;
		stream->block_at++;
		step(&place, c);
		keep(stream, c);
		one_line = one_line && c != '\n';
		if (object_ends(stream, &place, c, one_line))
			return true;
	}
	return stream->form == FORM_LINES && !stream->broken;
}

static void skip_mark(struct record_stream *stream)
{
	static const char mark[] = "\xEF\xBB\xBF";

	if (peek(stream) != NOTHING && stream->block_len - stream->block_at >= 3 &&
	    memcmp(stream->block, mark, 3) == 0)
		stream->block_at += 3;
}

static void open_form(struct record_stream *stream)
{
	skip_mark(stream);
	stream->form = FORM_OBJECTS;
	if (peek_past_space(stream) == '[') {
		stream->block_at++;
		stream->form = FORM_ARRAY;
		if (peek_past_space(stream) == ']') {
			stream->block_at++;
			stream->form = FORM_OVER;
		}
	}
}

static enum reason refuse(struct record_stream *stream, enum reason reason)
{
	stream->number++;
	stream->form = FORM_OVER;
	stream->ended = true;
	stream->block_at = stream->block_len;
	return reason;
}

/* Behind the array there is nothing. */
static enum reason check_over(struct record_stream *stream)
{
	return peek_past_space(stream) == NOTHING ? REASON_NONE : refuse(stream, REASON_TRAILING);
}

/* Past the comma, or the end of the array. */
static void close_element(struct record_stream *stream)
{
	if (stream->form != FORM_ARRAY)
		return;
	stream->form = peek(stream) == ']' ? FORM_OVER : FORM_ARRAY;
	stream->block_at++;
}

enum reason record_stream_next(struct record_stream *stream, struct str *text_r)
{
	*text_r = (struct str){0};
	if (stream->form == FORM_UNKNOWN)
		open_form(stream);
	if (stream->form == FORM_OVER)
		return check_over(stream);
	if (peek_past_space(stream) == NOTHING && (stream->form != FORM_ARRAY || stream->broken))
		return REASON_NONE;
	stream->number++;
	if (!take_record(stream)) {
		stream->number--;
		return stream->broken ? REASON_NONE : refuse(stream, REASON_MALFORMED);
	}
	close_element(stream);
	if (stream->record_len > stream->most)
		return REASON_TOO_LONG;
	stream->record[stream->record_len] = '\0';
	*text_r = (struct str){stream->record, stream->record_len};
	return REASON_NONE;
}
