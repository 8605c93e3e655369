/*
 * Memory of one request: a fixed range, zeroed, given back as a whole. What
 * outgrows the cap is a bug (the limits of all inputs sum below it; a unit test
 * adds them up), so allocation never returns NULL.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena {
	unsigned char *base;
	size_t used, cap;
	size_t high; /* most ever used since init, in bytes */
};

/* Maps `cap` bytes lazily; false when the system refuses. */
bool arena_init(struct arena *arena, size_t cap);
void arena_fini(struct arena *arena);
/* Zeroed, aligned to 16; aborts past the cap. */
void *arena_alloc(struct arena *arena, size_t size);
/* Copies `len` bytes and adds a NUL. */
char *arena_strndup(struct arena *arena, const char *text, size_t len);
/* Grows the newest allocation in place, else copies. */
void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size);
size_t arena_mark(const struct arena *arena);
/* Forgets all that came after the mark: zeroes it, and gives big ranges back to the system. */
void arena_reset(struct arena *arena, size_t mark);

#define arena_new(arena, T)         ((T *)arena_alloc((arena), sizeof(T)))
#define arena_array(arena, T, n)    ((T *)arena_alloc((arena), sizeof(T) * (n)))

#endif
