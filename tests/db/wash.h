/* A car wash in a scene: cards by number, sales and charges in a line each. */
#ifndef TESTS_WASH_H
#define TESTS_WASH_H

#include "deck.h"
#include "person.h"
#include "washing.h"

#define WASH_DAY_MS   INT64_C(86400000)
#define WASH_START_MS INT64_C(1780304400000) /* 2026-06-01 12:00 in Moscow */

/* An active card of this number, code = number. Asserts. */
struct uuid wash_card(struct scene *scene, const char *number);
/* A card of `holder`; born = birthdate, 0 = not known. Asserts. */
struct uuid wash_holder(struct scene *scene, const char *name, int64_t born);
void wash_attach(struct scene *scene, struct uuid card, struct uuid holder);
void wash_plate(struct scene *scene, struct uuid holder, const char *plate);
void wash_till(struct scene *scene, int64_t number);

/* One washing of `price`, and options of 1.00 each. */
struct sale_in wash_sale(struct scene *scene, const char *number, const char *payment,
			 int64_t price, size_t options);
struct charge_in wash_charge(const char *number, int64_t amount);
enum err wash_sell(struct scene *scene, const struct sale_in *in, struct sale_out *out);
/* Asserts; the new credit. */
int64_t wash_put(struct scene *scene, const char *number, int64_t amount);
struct card_information_out wash_see(struct scene *scene, const char *number);

#endif
