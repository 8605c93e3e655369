/*
 * Records of a JSON file of any size, one at a time, in bounded memory: an array, one object, or
 * one record per line. It only finds where a record ends; what a record is worth its reader says.
 */
#ifndef FILE_RECORD_STREAM_H
#define FILE_RECORD_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "reason.h"

#define RECORD_STREAM_BLOCK 65536 /* bytes that are read at once */

struct record_stream {
	int fd;      /* borrowed, at its beginning */
	size_t most; /* bytes of one record */
	char *block, *record;
	size_t block_at, block_len, record_len;
	int64_t offset; /* bytes of the file that are read */
	int64_t number; /* of the newest record, from 1 */
	unsigned form;  /* enum form of the file */
	bool ended, broken;
};

/* False: no memory. */
bool record_stream_open(struct record_stream *stream, int fd, size_t most);
void record_stream_close(struct record_stream *stream);
/*
 * The next record. REASON_NONE: its bytes in *text_r, until the next call; at NULL = the file has
 * ended. TOO_LONG: passed over. MALFORMED: the file ends within it. TRAILING: bytes behind the
 * end of the array. stream->broken: the file could not be read (errno).
 */
enum reason record_stream_next(struct record_stream *stream, struct str *text_r);

#endif
