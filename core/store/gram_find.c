#include "gram_find.h"

#include <assert.h>

#include "db.h"
#include "log.h"
#include "stmt_gen.h"

#define BLOCKS_AT_ONCE 16 /* what one question brings stays a few MiB */
#define KINDS_MAX      4
#define GRAMS_MAX      17

_Static_assert(offsetof(struct text_gram_find_in, gram_q) -
			       offsetof(struct text_gram_find_in, gram_a) ==
		       (GRAMS_MAX - 1) * sizeof(int64_t),
	       "grams lie side by side");
_Static_assert(offsetof(struct text_gram_find_in, kind_d) -
			       offsetof(struct text_gram_find_in, kind_a) ==
		       (KINDS_MAX - 1) * sizeof(int64_t),
	       "kinds lie side by side");

struct finding {
	struct db *db;
	struct arena *arena;
	int64_t organisation_id, object;
	struct gram_found found;
	struct list voids; /* text_void_row */
};

/* `n` values at `at`, then the first one again up to `cap`. */
static void add_once(int64_t *at, size_t *n, size_t cap, int64_t value)
{
	for (size_t i = 0; i < *n; i++)
		if (at[i] == value)
			return;
	assert(*n < cap);
	at[(*n)++] = value;
}

static void fill_up(int64_t *at, size_t n, size_t cap)
{
	for (size_t i = n; i < cap; i++)
		at[i] = at[0];
}

static struct text_gram_find_in question(const struct finding *finding, const struct gram_any *any)
{
	struct text_gram_find_in in = {.organisation_id = finding->organisation_id,
				       .space = finding->found.space};
	size_t kinds = 0, grams = 0;

	add_once(&in.kind_a, &kinds, KINDS_MAX, GRAM_VOID);
	add_once(&in.gram_a, &grams, GRAMS_MAX, 0);
	for (size_t i = 0; i < any->n; i++) {
		add_once(&in.kind_a, &kinds, KINDS_MAX, any->phrase[i].kind);
		for (size_t k = 0; k < any->phrase[i].n; k++)
			add_once(&in.gram_a, &grams, GRAMS_MAX, any->phrase[i].gram[k]);
	}
	fill_up(&in.kind_a, kinds, KINDS_MAX);
	fill_up(&in.gram_a, grams, GRAMS_MAX);
	return in;
}

/* Rows come in order of kind, gram and block. */
static struct str row_of(const struct list *rows, int64_t kind, int64_t gram, int64_t block)
{
	const struct text_gram_find_row *row = rows->rows;
	size_t low = 0, high = rows->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct text_gram_find_row *at = &row[mid];

		if (at->kind == kind && at->gram == gram && at->block == block)
			return at->members;
		if (at->kind < kind ||
		    (at->kind == kind &&
		     (at->gram < gram || (at->gram == gram && at->block < block))))
			low = mid + 1;
		else
			high = mid;
	}
	return STR("");
}

static bool match_any(const struct gram_any *any, const struct list *rows, int64_t block,
		      struct gram_set *set, bool *sure_r)
{
	bool good = true;

	for (size_t i = 0; good && i < any->n; i++) {
		const struct gram_phrase *phrase = &any->phrase[i];
		struct str members[GRAM_PHRASE_MAX];

		for (size_t k = 0; k < phrase->n; k++)
			members[k] = row_of(rows, phrase->kind, phrase->gram[k], block);
		good = gram_match(phrase, members, set, sure_r);
		*sure_r = *sure_r && phrase->whole;
	}
	return good;
}

/* What is void is taken out; true when something is left. */
static bool without(struct gram_set *set, const struct gram_set *voids)
{
	uint64_t any = 0;

	for (size_t i = 0; i < GRAM_BLOCK / 64; i++)
		any |= set->word[i] &= ~voids->word[i];
	return any != 0;
}

/* Leaves in the block's set what is in both; the set of a first condition is taken as it is. */
static void meet(struct gram_found *found, size_t block, const struct gram_set *set, bool first)
{
	struct gram_set *kept = found->blocks[block];

	if (first) {
		*kept = *set;
		return;
	}
	for (size_t i = 0; i < GRAM_BLOCK / 64; i++)
		kept->word[i] &= set->word[i];
}

static bool match_blocks(struct finding *finding, const struct gram_any *any,
			 const struct list *rows, size_t from, size_t to, bool first)
{
	struct gram_found *found = &finding->found;

	for (size_t block = from; block < to; block++) {
		struct gram_set set = {{0}}, voids = {{0}};

		if (!found->blocks[block])
			continue;
		if (!match_any(any, rows, (int64_t)block, &set, &found->sure) ||
		    !gram_members(row_of(rows, GRAM_VOID, 0, (int64_t)block), &voids))
			return false;
		if (without(&set, &voids))
			meet(found, block, &set, first);
		else
			found->blocks[block] = NULL;
	}
	return true;
}

static enum err find_all(struct finding *finding, const struct gram_any *any, bool first)
{
	struct gram_found *found = &finding->found;
	struct text_gram_find_in in = question(finding, any);
	enum err err = ERR_OK;

	for (size_t from = 0; err == ERR_OK && found->served && from < found->block_n;
	     from += BLOCKS_AT_ONCE) {
		size_t to = from + BLOCKS_AT_ONCE, mark = arena_mark(finding->arena);
		struct list rows = {0};

		to = to < found->block_n ? to : found->block_n;
		in.block_from = (int64_t)from;
		in.block_to = (int64_t)to - 1;
		err = sql_text_gram_find(finding->db, finding->arena, &in, &rows);
		if (err == ERR_OK)
			found->served = match_blocks(finding, any, &rows, from, to, first);
		arena_reset(finding->arena, mark);
	}
	return err;
}

/* Numbers of fresh objects stand for what was. */
static void take_out_fresh(struct finding *finding)
{
	const struct text_void_row *row = finding->voids.rows;

	for (size_t i = 0; i < finding->voids.n; i++) {
		size_t number = (size_t)row[i].number, block = number / GRAM_BLOCK;

		number %= GRAM_BLOCK;
		if (row[i].number >= 0 && block < finding->found.block_n &&
		    finding->found.blocks[block])
			finding->found.blocks[block]->word[number / 64] &=
				~(UINT64_C(1) << number % 64);
	}
}

static int64_t count_below(const struct gram_set *set, size_t below)
{
	struct gram_set some = *set;

	for (size_t i = below; i < GRAM_BLOCK; i++)
		some.word[i / 64] &= ~(UINT64_C(1) << i % 64);
	return gram_set_count(&some);
}

static void count(struct gram_found *found)
{
	for (size_t i = 0; i < found->block_n; i++) {
		int64_t n = 0, below = found->sorted_below - (int64_t)(i * GRAM_BLOCK);

		if (!found->blocks[i])
			continue;
		found->n += n = gram_set_count(found->blocks[i]);
		if (below > 0)
			found->n_sorted += below >= GRAM_BLOCK
						   ? n
						   : count_below(found->blocks[i], (size_t)below);
	}
}

static enum err open_index(struct finding *finding)
{
	struct gram_found *found = &finding->found;
	struct text_space_get_in in = {finding->organisation_id, finding->object};
	struct text_void_in fresh = {0, finding->organisation_id, finding->object,
				     GRAM_FRESH_MAX + 1};
	struct text_space_get_row row = {0};
	enum err err = sql_text_space_get(finding->db, finding->arena, &in, &row);

	if (err != ERR_OK || row.space == 0)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	fresh.space = row.space;
	err = sql_text_void(finding->db, finding->arena, &fresh, &finding->voids);
	*found = (struct gram_found){.served = finding->voids.n <= GRAM_FRESH_MAX,
				     .sure = true,
				     .space = row.space,
				     .version = row.version,
				     .numbers = row.next_number,
				     .sorted_below = row.sorted_below,
				     .fresh = (int64_t)finding->voids.n};
	return err;
}

static void make_room(struct finding *finding)
{
	struct gram_found *found = &finding->found;
	struct gram_set *sets;

	found->block_n = (size_t)((found->numbers + GRAM_BLOCK - 1) / GRAM_BLOCK);
	found->blocks = arena_array(finding->arena, struct gram_set *, found->block_n + 1);
	sets = arena_array(finding->arena, struct gram_set, found->block_n + 1);
	for (size_t i = 0; i < found->block_n; i++)
		found->blocks[i] = &sets[i];
}

enum err gram_find(struct db *db, struct arena *arena, int64_t organisation_id, int64_t object,
		   const struct gram_any *all, size_t n, struct gram_found *found_r)
{
	struct finding finding = {
		.db = db, .arena = arena, .organisation_id = organisation_id, .object = object};
	enum err err = open_index(&finding);

	*found_r = (struct gram_found){0};
	if (err != ERR_OK || !finding.found.served)
		return err;
	make_room(&finding);
	for (size_t i = 0; err == ERR_OK && finding.found.served && i < n; i++)
		err = find_all(&finding, &all[i], i == 0);
	if (err != ERR_OK)
		return err;
	if (!finding.found.served) {
		log_event(LOG_ERROR_, "damaged row of text_gram: kartoteka index --rebuild",
			  (struct log_pair[]){{"organisation", NULL, organisation_id}, {0}});
		return ERR_OK;
	}
	take_out_fresh(&finding);
	count(&finding.found);
	*found_r = finding.found;
	return ERR_OK;
}

enum err gram_still(struct db *db, struct arena *arena, int64_t organisation_id, int64_t object,
		    int64_t version, bool *still_r)
{
	struct text_space_get_in in = {organisation_id, object};
	struct text_space_get_row row = {0};
	enum err err = sql_text_space_get(db, arena, &in, &row);

	if (err == ERR_OK)
		*still_r = row.version == version;
	return err;
}

int64_t gram_nth(const struct gram_found *found, int64_t n)
{
	for (size_t i = 0; i < (n <= found->n_sorted ? found->block_n : 0); i++) {
		for (size_t w = 0; found->blocks[i] && w < GRAM_BLOCK / 64; w++) {
			uint64_t word = found->blocks[i]->word[w];

			for (; word && n > 0; word &= word - 1)
				if (--n == 0)
					return (int64_t)(i * GRAM_BLOCK + w * 64) +
					       __builtin_ctzll(word) + 1;
		}
	}
	return found->sorted_below;
}

struct str gram_numbers(const struct gram_found *found, struct arena *arena, int64_t skip,
			int64_t most, bool mixed)
{
	struct buf buf;
	int64_t nth = 0;

	buf_init(&buf, arena, 256);
	buf_char(&buf, '[');
	for (size_t i = 0; i < (found->n > 0 ? found->block_n : 0); i++) {
		for (size_t w = 0; found->blocks[i] && w < GRAM_BLOCK / 64; w++) {
			for (uint64_t word = found->blocks[i]->word[w]; word; word &= word - 1) {
				int64_t number =
					(int64_t)(i * GRAM_BLOCK + w * 64) + __builtin_ctzll(word);
				bool sorted = mixed || number < found->sorted_below;

				nth += sorted;
				if (sorted && (nth <= skip || nth > skip + most))
					continue;
				buf_text(&buf, buf.len > 1 ? "," : "");
				buf_i64(&buf, number);
			}
		}
	}
	buf_char(&buf, ']');
	return buf_done(&buf);
}
