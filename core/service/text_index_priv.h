/* Between the parts of the index's upkeep. */
#ifndef SERVICE_TEXT_INDEX_PRIV_H
#define SERVICE_TEXT_INDEX_PRIV_H

#include "batch.h"
#include "gram.h"
#include "stmt_gen.h"

/* Numbers of one block that hold one gram of a kind at one place. */
struct gram_numbers {
	int64_t gram;
	uint16_t *numbers;
	uint32_t n, cap;
	uint8_t kind, place;
};

/* All of one step, in one block. */
struct gram_harvest {
	struct arena *arena;
	struct gram_numbers *rows;
	uint32_t *slots; /* by hash: number of a row + 1; 0 = none */
	size_t n, cap;   /* rows; slots are twice as many as cap */
	/* of the text that is being looked at */
	uint16_t number;
	uint8_t kind;
};

void gram_harvest_init(struct gram_harvest *harvest, struct arena *arena);
void gram_harvest_text(struct gram_harvest *harvest, enum text_object object,
		       const struct text_part_row *part, uint16_t number);
/* In order of kind, gram and place. Ends the harvest. */
void gram_harvest_sort(struct gram_harvest *harvest);

/* Where rows are written. */
struct gram_target {
	struct db *db;
	int64_t organisation_id, space, block;
	bool has_rows; /* the block may have rows already */
};

/* Joins the rows of the harvest, which is sorted, with those that are there. INTERNAL: damaged. */
enum err gram_target_write(const struct gram_target *target, const struct gram_harvest *harvest);
/* Takes numbers out, ascending, of one block: they stand for nothing any more. */
enum err gram_target_void(const struct gram_target *target, struct arena *arena,
			  const uint16_t *numbers, size_t n);

#endif
