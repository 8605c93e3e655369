/*
 * Grams: runs of three characters of folded text, and sets of numbers that hold them. A row of
 * text_gram says, for one gram and one block of numbers, at which places of their texts the
 * numbers hold it; so a fragment is found exactly, by its grams at places that fit together.
 *
 * Members of a row: groups in ascending order of place. A group: place (1 byte), form (1 byte),
 * how many less one (2 bytes, low first), then as many numbers within the block, ascending, of 2
 * bytes each (form 0), or 4096 bytes with a bit for each number, low first (form 1).
 */
#ifndef STORE_GRAM_H
#define STORE_GRAM_H

#include "buf.h"

#define GRAM_BLOCK      32768 /* numbers of one block */
#define GRAM_LIST_MAX   2048  /* more than these are bits */
#define GRAM_PLACE_MAX  255   /* and all places beyond; the first character has place 1 */
#define GRAM_PHRASE_MAX 8
#define GRAM_WORDS_MAX  32 /* words of a name whose starts are known, as of card_word */
#define GRAM_WORD_MAX   96 /* bytes of such a word */

enum text_object { TEXT_CARD = 1, TEXT_PERSON = 2 };

/* Texts of their own. VOID: one gram, 0, of the numbers that stand for nothing any more. */
enum gram_kind { GRAM_VOID, GRAM_BARCODE, GRAM_CODE, GRAM_OTHER, GRAM_PERSON };

typedef void gram_seen(void *arg, int64_t gram, unsigned place);

/* Every gram of a folded text; none lies over a line feed. */
void gram_each(struct str text, gram_seen *seen, void *arg);
/*
 * A mark and the first two characters of each word, at the place before the word's; and the first
 * one between two marks, for who asks for no more.
 */
void gram_each_word(struct str name, gram_seen *seen, void *arg);

/* A fragment, or the start of a word: grams that together cover it. */
struct gram_phrase {
	int64_t gram[GRAM_PHRASE_MAX];
	uint8_t shift[GRAM_PHRASE_MAX]; /* of the gram's place against the first one's */
	size_t n;
	uint8_t kind; /* enum gram_kind */
	bool whole;   /* nothing of it is left uncovered */
};

/* false: too short, or not within one line. */
bool gram_phrase_make(struct str text, bool starts_word, uint8_t kind,
		      struct gram_phrase *phrase_r);

/* Numbers of one block. */
struct gram_set {
	uint64_t word[GRAM_BLOCK / 64];
};

int64_t gram_set_count(const struct gram_set *set);

struct gram_group {
	const uint8_t *at; /* numbers or bits */
	size_t n;
	uint8_t place;
	bool bits;
};

/* The next group of a row; false at the end, and with *damaged_r when there is no good one. */
bool gram_group_next(struct str *rest, struct gram_group *group_r, bool *damaged_r);
/* Writes a group of n ascending numbers, n > 0. */
void gram_group_put(struct buf *buf, unsigned place, const uint16_t *numbers, size_t n);
/* The members of both rows. false: one is damaged. */
bool gram_merge(struct buf *buf, struct str a, struct str b);

/*
 * Adds the numbers that hold the phrase; rows[i] is the phrase's i-th gram's, "" = none. Clears
 * *sure_r when a place was too far for telling. false: a row is damaged.
 */
bool gram_match(const struct gram_phrase *phrase, const struct str *rows, struct gram_set *set,
		bool *sure_r);
/* Adds the numbers of all places. false: damaged. */
bool gram_members(struct str row, struct gram_set *set);

#endif
