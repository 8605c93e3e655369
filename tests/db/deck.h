/* Cards, holders and postings of a scene in one line each, and the books looked through. */
#ifndef TESTS_DECK_H
#define TESTS_DECK_H

#include "card.h"
#include "posting.h"
#include "scene.h"

#define SQL_MAX 1024

/* A card with a barcode of its own. Asserts. */
struct uuid deck_card(struct scene *scene, struct card_in in);
struct uuid deck_person(struct scene *scene, bool locked);
struct uuid deck_level(struct scene *scene, int64_t order, int64_t accum, bool resets);
struct card deck_see(struct scene *scene, struct uuid card);

/* Points on, until so many days are over (0 = for good), live after `pending` days. Asserts. */
struct uuid deck_on(struct scene *scene, struct uuid card, int64_t sum, int64_t days,
		    int64_t pending);
enum err deck_off(struct scene *scene, struct uuid card, int64_t sum, struct uuid *id_r);
enum err deck_hold(struct scene *scene, struct uuid card, int64_t sum, struct uuid *id_r);
enum err deck_capture(struct scene *scene, struct uuid hold, int64_t sum);
enum err deck_void(struct scene *scene, struct uuid hold);
enum err deck_master(struct scene *scene, struct uuid card, struct uuid master);
enum err deck_replace(struct scene *scene, struct uuid from, struct uuid to);
enum err deck_delete(struct scene *scene, struct uuid card, bool check_balance);

/* A number that SQL says, and SQL that says none; %s stands for the card as x'…'. */
long long deck_number(struct scene *scene, const char *text, struct uuid card);
void deck_sql(struct scene *scene, const char *text, struct uuid card);
/* Does `kartoteka verify` find nothing? Prints what it finds. */
bool deck_is_sound(struct scene *scene);
/* Do the kept counts of cards say what the cards say? */
bool deck_counts_hold(struct scene *scene);
/* Runs `body` in n processes at once, each with a connection of its own, when all have one;
 * counts[e] = how many ended with outcome e. Asserts that none died. */
void deck_race(struct scene *scene, int n, enum err (*body)(struct scene *scene, int number),
	       int counts[ERR__MAX]);

#endif
