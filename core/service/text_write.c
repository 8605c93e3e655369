/* Rows of text_gram of one block: joined with what is there, and written many at once. */
#include "arena.h"
#include "db.h"
#include "log.h"
#include "text_index_priv.h"

#define GRAMS_AT_ONCE 17  /* of one question */
#define PUT_AT_ONCE   256 /* rows of one packet, which ends after so many bytes, too */
#define PUT_BYTES     ((size_t)1 << 20)

/* Rows on their way, in order of kind and gram. */
struct writing {
	const struct gram_target *target;
	struct arena *arena;
	struct text_gram_put_in row[PUT_AT_ONCE];
	size_t n, bytes;
};

static int64_t *nth_gram(struct text_gram_find_in *in, size_t i)
{
	return &in->gram_a + i;
}

/* The members that are there for up to GRAMS_AT_ONCE grams of one kind are joined into the rows. */
static enum err join_some(struct writing *writing, size_t from, size_t to)
{
	const struct gram_target *target = writing->target;
	struct text_gram_put_in *put = writing->row;
	struct text_gram_find_in in = {.organisation_id = target->organisation_id,
				       .space = target->space,
				       .block_from = target->block,
				       .block_to = target->block};
	struct list rows = {0};
	enum err err;

	in.kind_a = in.kind_b = in.kind_c = in.kind_d = put[from].kind;
	for (size_t i = 0; i < GRAMS_AT_ONCE; i++)
		*nth_gram(&in, i) = put[from + i < to ? from + i : from].gram;
	err = sql_text_gram_find(target->db, writing->arena, &in, &rows);
	const struct text_gram_find_row *row = rows.rows;
	for (size_t i = 0; err == ERR_OK && i < rows.n; i++) {
		struct buf buf;

		while (put[from].gram != row[i].gram)
			from++;
		buf_init(&buf, writing->arena, row[i].members.len + put[from].members.len);
		if (!gram_merge(&buf, row[i].members, put[from].members))
			return ERR_INTERNAL;
		put[from].members = buf_done(&buf);
	}
	return err;
}

static enum err join_all(struct writing *writing)
{
	enum err err = ERR_OK;

	for (size_t from = 0, to; err == ERR_OK && from < writing->n; from = to) {
		for (to = from + 1; to < writing->n && to - from < GRAMS_AT_ONCE; to++)
			if (writing->row[to].kind != writing->row[from].kind)
				break;
		err = join_some(writing, from, to);
	}
	return err;
}

static enum err flush(struct writing *writing)
{
	const void *rows[PUT_AT_ONCE];
	enum err err = writing->target->has_rows ? join_all(writing) : ERR_OK;

	if (err == ERR_INTERNAL)
		log_event(LOG_ERROR_, "damaged row of text_gram: kartoteka index --rebuild", NULL);
	for (size_t i = 0; i < writing->n; i++)
		rows[i] = &writing->row[i];
	if (err == ERR_OK)
		err = db_exec_rows(writing->target->db, writing->arena, STMT_TEXT_GRAM_PUT, rows,
				   writing->n);
	writing->n = writing->bytes = 0;
	return err;
}

static void put(struct writing *writing, int64_t kind, int64_t gram, struct str members)
{
	const struct gram_target *target = writing->target;

	writing->bytes += members.len;
	writing->row[writing->n++] = (struct text_gram_put_in){
		target->organisation_id, target->space, kind, gram, target->block, members};
}

/* Groups of the places of one gram; *at goes past them. */
static struct str members_of(struct arena *arena, const struct gram_harvest *harvest, size_t *at)
{
	const struct gram_numbers *first = &harvest->rows[*at], *row = first;
	const struct gram_numbers *end = harvest->rows + harvest->n;
	struct buf buf;

	buf_init(&buf, arena, 64);
	for (; row < end && row->kind == first->kind && row->gram == first->gram; row++)
		gram_group_put(&buf, row->place, row->numbers, row->n);
	*at = (size_t)(row - harvest->rows);
	return buf_done(&buf);
}

enum err gram_target_write(const struct gram_target *target, const struct gram_harvest *harvest)
{
	struct writing *writing = arena_new(harvest->arena, struct writing);
	size_t mark = arena_mark(harvest->arena);
	enum err err = ERR_OK;

	writing->target = target;
	writing->arena = harvest->arena;
	for (size_t i = 0; err == ERR_OK && i < harvest->n;) {
		const struct gram_numbers *row = &harvest->rows[i];
		struct str members = members_of(harvest->arena, harvest, &i);

		put(writing, row->kind, row->gram, members);
		if (writing->n < PUT_AT_ONCE && writing->bytes < PUT_BYTES)
			continue;
		err = flush(writing);
		arena_reset(harvest->arena, mark);
	}
	if (err == ERR_OK && writing->n > 0)
		err = flush(writing);
	arena_reset(harvest->arena, mark);
	return err;
}

enum err gram_target_void(const struct gram_target *target, struct arena *arena,
			  const uint16_t *numbers, size_t n)
{
	struct writing *writing = arena_new(arena, struct writing);
	struct buf buf;

	buf_init(&buf, arena, 64);
	gram_group_put(&buf, 0, numbers, n);
	writing->target = target;
	writing->arena = arena;
	put(writing, GRAM_VOID, 0, buf_done(&buf));
	return flush(writing);
}
