#include "place.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

/* An entry as the table holds it. */
struct entry {
	uint64_t check;
	struct place_query query;
	int64_t at_ms;
	struct place place;
};

typedef _Atomic uint64_t word;

#define WORD_BYTES  sizeof(uint64_t)
#define TABLE_BYTES ((size_t)PLACE_SETS * PLACE_WAYS * PLACE_WORDS * WORD_BYTES)
#define OWN_MOST    (PLACE_WAYS / 2) /* of a set: one query leaves room to others */

_Static_assert(sizeof(struct entry) <= PLACE_WORDS * WORD_BYTES, "an entry has its place");
_Static_assert(sizeof(struct entry) % WORD_BYTES == 0, "an entry is whole words");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "a word is written at once");

static struct {
	word *words;
} shared;

bool places_init(void)
{
	void *mapping = mmap(NULL, TABLE_BYTES, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	assert(!shared.words);
	if (mapping == MAP_FAILED)
		return false;
	shared.words = mapping;
	return true;
}

void places_fini(void)
{
	if (shared.words)
		munmap((void *)shared.words, TABLE_BYTES);
	shared.words = NULL;
}

void *places_words(void)
{
	return (void *)shared.words;
}

static word *words_of(const struct place_query *query, size_t way)
{
	return shared.words + ((query->word[0] % PLACE_SETS) * PLACE_WAYS + way) * PLACE_WORDS;
}

/* Not that of an entry of zeros, which is none. */
static uint64_t check_of(const struct entry *entry)
{
	uint64_t words[sizeof(*entry) / WORD_BYTES], sum = 0x9e3779b97f4a7c15;

	memcpy(words, entry, sizeof(words));
	for (size_t i = 1; i < sizeof(words) / WORD_BYTES; i++) {
		sum = (sum ^ words[i]) * 0xff51afd7ed558ccd;
		sum ^= sum >> 32;
	}
	return sum;
}

/* False for one that is damaged, has been there too long, or is of another boot. */
static bool entry_read(const word *from, int64_t now_ms, struct entry *entry_r)
{
	uint64_t words[sizeof(*entry_r) / WORD_BYTES];

	for (size_t i = 0; i < sizeof(words) / WORD_BYTES; i++)
		words[i] = atomic_load_explicit(&from[i], memory_order_relaxed);
	memcpy(entry_r, words, sizeof(words));
	return entry_r->check == check_of(entry_r) && entry_r->at_ms <= now_ms &&
	       now_ms - entry_r->at_ms < PLACE_LIFE_MS;
}

static void entry_write(word *to, const struct entry *entry)
{
	uint64_t words[sizeof(*entry) / WORD_BYTES];

	memcpy(words, entry, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / WORD_BYTES; i++)
		atomic_store_explicit(&to[i], words[i], memory_order_relaxed);
}

static bool is_of(const struct entry *entry, const struct place_query *query)
{
	return memcmp(&entry->query, query, sizeof(*query)) == 0;
}

/* Where a place goes: over itself, what is none, the query's oldest when it has its share, or the
 * oldest. */
static word *room_for(const struct place_query *query, int64_t offset, int64_t now_ms)
{
	int64_t oldest = INT64_MAX, own_oldest = INT64_MAX;
	word *room = NULL, *own_room = NULL;
	size_t own_n = 0;

	for (size_t way = 0; way < PLACE_WAYS; way++) {
		word *words = words_of(query, way);
		struct entry entry;
		bool good = entry_read(words, now_ms, &entry), own = good && is_of(&entry, query);

		if (own && entry.place.offset == offset)
			return words;
		own_n += own;
		if (own && entry.at_ms < own_oldest) {
			own_oldest = entry.at_ms;
			own_room = words;
		}
		if (!good)
			entry.at_ms = INT64_MIN;
		if (entry.at_ms < oldest) {
			oldest = entry.at_ms;
			room = words;
		}
	}
	return own_n >= OWN_MOST ? own_room : room;
}

void place_put(const struct place_query *query, const struct place *place, int64_t now_ms)
{
	struct entry entry;

	assert(place->len <= PLACE_TEXT_MAX && place->key_len <= PLACE_KEY_MAX);
	if (!shared.words)
		return;
	memset(&entry, 0, sizeof(entry));
	entry.query = *query;
	entry.at_ms = now_ms;
	entry.place = *place;
	entry.check = check_of(&entry);
	entry_write(room_for(query, place->offset, now_ms), &entry);
}

bool place_get(const struct place_query *query, int64_t offset, int64_t now_ms,
	       struct place *place_r)
{
	bool found = false;

	for (size_t way = 0; shared.words && way < PLACE_WAYS; way++) {
		struct entry entry;

		if (!entry_read(words_of(query, way), now_ms, &entry) || !is_of(&entry, query) ||
		    entry.place.offset > offset)
			continue;
		if (found && entry.place.offset <= place_r->offset)
			continue;
		*place_r = entry.place;
		found = true;
	}
	return found;
}
