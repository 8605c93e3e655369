/* A card file: its records are found in bounded memory; what is read is written and read again the
 * same. */
#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arena.h"
#include "card_record.h"
#include "planted.h"
#include "record_stream.h"

#define ARENA_SIZE ((size_t)32 << 20)
#define MOST       4096

static void read_back(struct arena *arena, struct str text)
{
	static const char zone[] = "Europe/Berlin";
	struct card_record record, again;
	const char *member = NULL;
	struct buf first, second;

	enum reason reason = card_record_read(arena, text, zone, &record, &member);
	/* Also of a refused record: the short ones are those a search finds. */
	planted_overflow(record.number.at, record.number.len);
	if (reason != REASON_NONE) {
		assert(member);
		return;
	}
	buf_init(&first, arena, 512);
	card_record_write(&first, &record, zone);
	reason = card_record_read(arena, buf_done(&first), zone, &again, &member);
	assert(reason == REASON_NONE);
	buf_init(&second, arena, 512);
	card_record_write(&second, &again, zone);
	assert(str_eq(buf_done(&first), buf_done(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	struct record_stream stream;
	struct str text;
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (!arena.base && !arena_init(&arena, ARENA_SIZE))
		return 0;
	ssize_t written = write(fd, data, size);
	assert(written == (ssize_t)size);
	(void)written;
	lseek(fd, 0, SEEK_SET);
	bool opened = record_stream_open(&stream, fd, MOST);
	for (bool more = opened; more;) {
		enum reason reason = record_stream_next(&stream, &text);

		assert(!text.at || text.len <= MOST);
		more = reason != REASON_NONE || text.at;
		if (text.at)
			read_back(&arena, text);
		arena_reset(&arena, 0);
	}
	record_stream_close(&stream);
	close(fd);
	return 0;
}
