#include "arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "log.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#endif

/* Under AddressSanitizer what is not handed out is poisoned, and a gap follows every piece. */
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define GAP 16
#else
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define GAP                                   0
#endif

#define ALIGN 16
/* Beyond this a reset gives pages back instead of writing zeroes into them. */
#define GIVE_BACK_MIN ((size_t)2 << 20)

static size_t rounded(size_t size)
{
	return ((size + (ALIGN - 1)) & ~(size_t)(ALIGN - 1)) + GAP;
}

bool arena_init(struct arena *arena, size_t cap)
{
	void *base = mmap(NULL, cap, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	*arena = (struct arena){0};
	if (base == MAP_FAILED)
		return false;
	*arena = (struct arena){.base = base, .cap = cap};
	ASAN_POISON_MEMORY_REGION(base, cap);
	return true;
}

void arena_fini(struct arena *arena)
{
	if (!arena->base)
		return;
	ASAN_UNPOISON_MEMORY_REGION(arena->base, arena->cap);
	munmap(arena->base, arena->cap);
	*arena = (struct arena){0};
}

static void check_room(const struct arena *arena, size_t start, size_t size)
{
	if (size <= arena->cap && rounded(size) <= arena->cap - start)
		return;
	log_event(LOG_ERROR_, "arena past its cap",
		  (struct log_pair[]){{"cap", NULL, (int64_t)arena->cap},
				      {"used", NULL, (int64_t)start},
				      {"asked", NULL, (int64_t)size},
				      {0}});
	abort();
}

/* Hands out `size` bytes at `start`, which becomes the newest piece. */
static void take(struct arena *arena, size_t start, size_t size)
{
	check_room(arena, start, size);
	ASAN_UNPOISON_MEMORY_REGION(arena->base + start, size);
	arena->used = start + rounded(size);
	if (arena->used > arena->high)
		arena->high = arena->used;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size_t start = arena->used;

	take(arena, start, size);
	return arena->base + start;
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy;

	assert(len < SIZE_MAX);
	copy = arena_alloc(arena, len + 1);
	if (len > 0)
		memcpy(copy, text, len);
	return copy;
}

void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size)
{
	unsigned char *at = old;
	void *grown;

	assert(new_size >= old_size);
	if (at && at + rounded(old_size) == arena->base + arena->used) {
		take(arena, (size_t)(at - arena->base), new_size);
		return at;
	}
	grown = arena_alloc(arena, new_size);
	if (old)
		memcpy(grown, old, old_size);
	return grown;
}

size_t arena_mark(const struct arena *arena)
{
	return arena->used;
}

/* Pages that the kernel takes back read as zero again. */
static size_t give_back(unsigned char *from, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t head = (page - (uintptr_t)from % page) % page;
	size_t whole = (size - head) / page * page;

	if (size < GIVE_BACK_MIN || madvise(from + head, whole, MADV_DONTNEED) != 0)
		return size;
	memset(from + head + whole, 0, size - head - whole);
	return head;
}

void arena_reset(struct arena *arena, size_t mark)
{
	unsigned char *from = arena->base + mark;
	size_t size = arena->used - mark;

	assert(mark <= arena->used);
	ASAN_UNPOISON_MEMORY_REGION(from, size);
	memset(from, 0, give_back(from, size));
	ASAN_POISON_MEMORY_REGION(from, size);
	arena->used = mark;
}
