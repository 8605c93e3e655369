#include "text_index.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "text_index_priv.h"
#include "tx.h"
#include "uuid.h"

#define SPACES_STEP  2    /* spaces of cards are odd, of persons even */
#define SPACES_BACK  4    /* of which something may be left */
#define DROP_ROWS    1000 /* of one transaction */
#define ROWS_AT_ONCE 2000 /* of one statement */

/* Numbers out of order that are worth making the index anew: a block, and a part of all. */
#define TAIL_LEAST GRAM_BLOCK
#define TAIL_PART  8

struct step {
	struct text_index *index;
	struct text_space_row space;
	struct list parts; /* text_part_row */
	bool finished;     /* another space is read from now on */
};

static struct text_space_update_in changed(const struct step *step)
{
	const struct text_space_row *space = &step->space;

	return (struct text_space_update_in){
		space->space,    space->next_number,     space->sorted_below,
		space->building, space->built_next,      space->built_key,
		space->built_id, space->organisation_id, space->object};
}

static enum err write_space(const struct step *step)
{
	struct text_space_update_in in = changed(step);

	return sql_text_space_update(step->index->db, &in, NULL);
}

static int64_t room(const struct text_index *index, int64_t next)
{
	int64_t left = GRAM_BLOCK - next % GRAM_BLOCK;

	return index->most > 0 && index->most < left ? index->most : left;
}

/* Some texts behind a place; `from` is where to go on. */
typedef enum err read_some(const struct step *step, const struct text_part_row *from, int64_t most,
			   struct list *rows_r);

static enum err read_fresh(const struct step *step, const struct text_part_row *from, int64_t most,
			   struct list *rows_r)
{
	struct text_index *index = step->index;
	int64_t space = step->space.space, organisation_id = index->organisation_id;

	if (index->object == TEXT_CARD)
		return sql_text_fresh_card(
			index->db, index->arena,
			&(struct text_fresh_card_in){space, organisation_id, from->id, most},
			rows_r);
	return sql_text_fresh_person(
		index->db, index->arena,
		&(struct text_fresh_person_in){space, organisation_id, from->id, most}, rows_r);
}

static enum err read_in_order(const struct step *step, const struct text_part_row *from,
			      int64_t most, struct list *rows_r)
{
	struct text_index *index = step->index;
	int64_t space = step->space.building, organisation_id = index->organisation_id;

	if (index->object == TEXT_CARD)
		return sql_text_all_card(index->db, index->arena,
					 &(struct text_all_card_in){organisation_id, from->name_key,
								    from->id, most, space},
					 rows_r);
	return sql_text_all_person(index->db, index->arena,
				   &(struct text_all_person_in){organisation_id, from->name_key,
								from->id, most, space},
				   rows_r);
}

/* All texts of the step, few at a time: a statement's time is limited. */
static enum err read_parts(struct step *step, struct text_part_row from, int64_t most,
			   read_some *some)
{
	struct text_part_row *all =
		arena_array(step->index->arena, struct text_part_row, (size_t)most);
	enum err err = ERR_OK;
	bool more = true;
	size_t n = 0;

	while (err == ERR_OK && more && (int64_t)n < most) {
		int64_t left = most - (int64_t)n, page = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE;
		struct list rows = {0};

		err = some(step, &from, page, &rows);
		more = (int64_t)rows.n == page;
		if (rows.n == 0)
			break;
		memcpy(all + n, rows.rows, rows.n * sizeof(all[0]));
		n += rows.n;
		from = all[n - 1];
	}
	step->parts = (struct list){all, n};
	return err;
}

/* Rows for a statement that is sent for many. */
struct rows {
	const void **at;
	size_t n;
};

static struct rows rows_new(struct arena *arena, size_t cap)
{
	return (struct rows){arena_array(arena, const void *, cap + 1), 0};
}

static enum err rows_write(const struct step *step, unsigned stmt, const struct rows *rows)
{
	enum err err = ERR_OK;

	for (size_t i = 0, n; err == ERR_OK && i < rows->n; i += n) {
		n = rows->n - i < ROWS_AT_ONCE ? rows->n - i : ROWS_AT_ONCE;
		err = db_exec_rows(step->index->db, step->index->arena, stmt, rows->at + i, n);
	}
	return err;
}

/*
 * While a space is made, a text that was met before comes again when its name has changed; it is
 * fresh then and stays so. Of fresh ones, one comes twice if it had two numbers.
 */
static bool is_again(const struct step *step, size_t i)
{
	const struct text_part_row *part = step->parts.rows;

	if (step->space.building)
		return part[i].number >= 0;
	return i > 0 && uuid_eq(&part[i - 1].id, &part[i].id);
}

static enum err forget_fresh(const struct step *step)
{
	struct text_index *index = step->index;
	const struct text_part_row *part = step->parts.rows;
	struct rows rows = rows_new(index->arena, step->parts.n);

	for (size_t i = 0; i < step->parts.n; i++) {
		struct text_fresh_delete_in *in;

		if (part[i].stamp == 0 || is_again(step, i))
			continue;
		in = arena_new(index->arena, struct text_fresh_delete_in);
		*in = (struct text_fresh_delete_in){index->organisation_id, index->object,
						    part[i].id, part[i].stamp};
		rows.at[rows.n++] = in;
	}
	return rows_write(step, STMT_TEXT_FRESH_DELETE, &rows);
}

/* Gives numbers from *next on to the texts that there are, and writes their grams. */
static enum err number_texts(const struct step *step, int64_t space, int64_t *next)
{
	struct text_index *index = step->index;
	const struct text_part_row *part = step->parts.rows;
	struct rows rows = rows_new(index->arena, step->parts.n);
	struct gram_target target = {index->db, index->organisation_id, space, *next / GRAM_BLOCK,
				     *next % GRAM_BLOCK > 0};
	struct gram_harvest harvest;
	enum err err;

	gram_harvest_init(&harvest, index->arena);
	for (size_t i = 0; i < step->parts.n; i++) {
		struct text_number_put_in *in;

		if (!part[i].present || is_again(step, i))
			continue;
		in = arena_new(index->arena, struct text_number_put_in);
		*in = (struct text_number_put_in){index->organisation_id, space, *next, part[i].id};
		rows.at[rows.n++] = in;
		gram_harvest_text(&harvest, index->object, &part[i],
				  (uint16_t)((*next)++ % GRAM_BLOCK));
	}
	index->moved = (int64_t)rows.n;
	gram_harvest_sort(&harvest);
	err = rows_write(step, STMT_TEXT_NUMBER_PUT, &rows);
	return err == ERR_OK ? gram_target_write(&target, &harvest) : err;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Old numbers, ascending. */
static int64_t *old_numbers(const struct step *step, size_t *n_r)
{
	const struct text_part_row *part = step->parts.rows;
	int64_t *numbers = arena_array(step->index->arena, int64_t, step->parts.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < step->parts.n; i++)
		if (part[i].number >= 0)
			numbers[n++] = part[i].number;
	qsort(numbers, n, sizeof(numbers[0]), by_number);
	*n_r = n;
	return numbers;
}

static enum err void_numbers(const struct step *step)
{
	struct text_index *index = step->index;
	struct gram_target target = {index->db, index->organisation_id, step->space.space, 0, true};
	size_t n, of_block;
	int64_t *numbers = old_numbers(step, &n);
	struct rows rows = rows_new(index->arena, n);
	uint16_t *within = arena_array(index->arena, uint16_t, GRAM_BLOCK);
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < n;) {
		target.block = numbers[i] / GRAM_BLOCK;
		for (of_block = 0; i < n && numbers[i] / GRAM_BLOCK == target.block; i++) {
			struct text_number_delete_in *in =
				arena_new(index->arena, struct text_number_delete_in);

			*in = (struct text_number_delete_in){index->organisation_id,
							     step->space.space, numbers[i]};
			rows.at[rows.n++] = in;
			within[of_block++] = (uint16_t)(numbers[i] % GRAM_BLOCK);
		}
		err = gram_target_void(&target, index->arena, within, of_block);
	}
	return err == ERR_OK ? rows_write(step, STMT_TEXT_NUMBER_DELETE, &rows) : err;
}

/* Fresh texts, behind those in order. */
static enum err append(struct step *step)
{
	enum err err = read_parts(step, (struct text_part_row){.name_key = STR("")},
				  room(step->index, step->space.next_number), read_fresh);

	if (err != ERR_OK)
		return err;
	if (step->parts.n == 0) {
		step->index->last = true;
		return ERR_OK;
	}
	err = void_numbers(step);
	if (err == ERR_OK)
		err = number_texts(step, step->space.space, &step->space.next_number);
	if (err == ERR_OK)
		err = write_space(step);
	return err == ERR_OK ? forget_fresh(step) : err;
}

/* The new space is read from now on. */
static void finish(struct text_space_row *space)
{
	space->space = space->building;
	space->next_number = space->sorted_below = space->built_next;
	space->building = space->built_next = 0;
	space->built_key = STR("");
	space->built_id = (struct uuid){{0}};
}

/*
 * All texts in order of name. What is fresh meanwhile stays so while there is a space to read;
 * otherwise nobody misses it there.
 */
static enum err build(struct step *step)
{
	struct text_space_row *space = &step->space;
	struct text_part_row from = {.id = space->built_id, .name_key = space->built_key};
	enum err err = read_parts(step, from, room(step->index, space->built_next), read_in_order);
	const struct text_part_row *last = step->parts.rows;

	if (err != ERR_OK)
		return err;
	if (step->parts.n == 0) {
		finish(space);
		step->finished = true;
		return write_space(step);
	}
	last += step->parts.n - 1;
	space->built_key = last->name_key;
	space->built_id = last->id;
	err = number_texts(step, space->building, &space->built_next);
	if (err == ERR_OK && space->space == 0)
		err = forget_fresh(step);
	return err == ERR_OK ? write_space(step) : err;
}

static bool tail_is_long(const struct text_space_row *space)
{
	int64_t tail = space->next_number - space->sorted_below;

	return tail > TAIL_LEAST && tail > space->sorted_below / TAIL_PART;
}

static void begin_building(struct step *step)
{
	struct text_space_row *space = &step->space;

	if (space->building == 0)
		space->building = space->space == 0 ? space->object : space->space + SPACES_STEP;
}

static enum err run_step(void *arg)
{
	struct step *step = arg;
	struct text_index *index = step->index;
	struct text_space_lock_in in = {index->organisation_id, index->object};
	enum err err;

	index->moved = 0;
	index->last = false;
	step->parts = (struct list){0};
	step->finished = false;
	err = sql_text_space_lock(index->db, index->arena, &in, &step->space);
	if (err != ERR_OK) {
		index->last = true;
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	}
	if (index->rebuild || step->space.space == 0 || tail_is_long(&step->space))
		begin_building(step);
	return step->space.building ? build(step) : append(step);
}

struct drop {
	struct text_index *index;
	int64_t space, n;
};

static enum err run_drop(void *arg)
{
	struct drop *drop = arg;
	int64_t organisation_id = drop->index->organisation_id, numbers = 0;
	struct text_gram_drop_in grams_in = {organisation_id, drop->space, DROP_ROWS};
	struct text_number_drop_in numbers_in = {organisation_id, drop->space, DROP_ROWS};
	enum err err = sql_text_gram_drop(drop->index->db, &grams_in, &drop->n);

	if (err == ERR_OK)
		err = sql_text_number_drop(drop->index->db, &numbers_in, &numbers);
	drop->n += numbers;
	return err;
}

/* What is left of a space, some rows at a time. */
static enum err drop_space(struct text_index *index, int64_t space)
{
	struct drop drop = {.index = index, .space = space, .n = 1};
	struct tx_work work = {.run = run_drop, .arg = &drop};
	enum err err = ERR_OK;

	while (err == ERR_OK && drop.space > 0 && drop.n > 0)
		err = tx_run(index->db, index->arena, &work);
	return err;
}

enum err text_index_step(struct text_index *index)
{
	struct text_space_add_in in = {index->organisation_id, index->object};
	struct step step = {.index = index};
	struct tx_work work = {.run = run_step, .arg = &step};
	size_t mark = arena_mark(index->arena);
	bool drops;
	enum err err = sql_text_space_add(index->db, &in, NULL);

	if (err == ERR_OK)
		err = tx_run(index->db, index->arena, &work);
	if (err == ERR_OK)
		index->rebuild = false;
	drops = index->last || step.finished;
	for (int64_t back = 1; err == ERR_OK && drops && back <= SPACES_BACK; back++)
		err = drop_space(index, step.space.space - back * SPACES_STEP);
	arena_reset(index->arena, mark);
	return err;
}

enum err text_index_ahead(struct text_index *index, int64_t *n_r)
{
	struct text_fresh_count_in in = {index->organisation_id, index->object};
	struct text_fresh_count_row row = {0};
	enum err err = sql_text_fresh_count(index->db, index->arena, &in, &row);

	*n_r = row.n;
	return err;
}
