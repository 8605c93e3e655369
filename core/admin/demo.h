/*
 * The demo organisation: cards that look like real ones and are the same every time.
 * Everything about card number i follows from i alone, so a thousand cards are the first
 * thousand of a million.
 */
#ifndef ADMIN_DEMO_H
#define ADMIN_DEMO_H

#include "arena.h"
#include "rows_gen.h"

#define DEMO_CARDS_MAX 10000000
#define DEMO_LEVELS    4
#define DEMO_EPOCH_MS  INT64_C(1735722000000) /* 2025-01-01T09:00:00Z: the first card */
#define DEMO_STEP_MS   2000                   /* from one card to the next */

/* What ids and traits are drawn for. */
enum demo_draw {
	DEMO_CARD,
	DEMO_PERSON,
	DEMO_GROUP,
	DEMO_LEVEL,
	DEMO_NAME,
	DEMO_FIRST_NAME,
	DEMO_TRAIT,
	DEMO_AMOUNT,
	DEMO_PLACE,
	DEMO_WASH,
	DEMO_COMPANY,
	DEMO_VEHICLE,
};

/* Well mixed bits of a number: the same on every host. */
uint64_t demo_draw(enum demo_draw what, int64_t i);
/* When number i came to be. */
int64_t demo_time_ms(int64_t i);
struct uuid demo_id(enum demo_draw what, int64_t i);

struct demo_name {
	struct str full;  /* several words, Russian or Latin */
	struct str ascii; /* for logins and addresses */
	bool russian, female;
};

struct demo_name demo_name_make(struct arena *arena, int64_t i);

/* The tree of groups; parent -1 = root. */
struct demo_group {
	const char *name;
	int parent;
};
extern const struct demo_group demo_groups[];
extern const int demo_groups_n;

struct demo_level {
	const char *name;
	int64_t turnover_minor, percent; /* threshold; most that is payable, in percent */
};
extern const struct demo_level demo_levels[DEMO_LEVELS];

struct demo_card {
	struct card_row card;
	bool has_person; /* a new holder comes with the card */
	struct person_row person;
	struct amount balance;
};

/* Company, id elsewhere and credit of holder number i, some of them; vehicle: false = it has none.
 */
void demo_put_ties(struct arena *arena, int64_t i, struct person_row *person);
bool demo_vehicle_make(struct arena *arena, int64_t i, const struct person_row *person,
		       struct vehicle_row *vehicle);

/* Rows without keys and organisation, texts in the arena or static. */
void demo_card_make(struct arena *arena, int64_t i, struct demo_card *made);

#endif
