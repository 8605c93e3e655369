/*
 * Customers in memory and queries of them, evaluated row by row: what the query compiler is held
 * against. Shares no code with it but the words of a query.
 */
#ifndef TESTS_QUERY_MODEL_H
#define TESTS_QUERY_MODEL_H

#include <stdio.h>

#include "entity.h"

#define MODEL_PEOPLE_MAX    1000
#define MODEL_COMPANIES_MAX 50

enum model_text {
	MODEL_NAME,
	MODEL_EMAIL,
	MODEL_EXTERNAL,
	MODEL_CITY,
	MODEL_PHONE,   /* digits */
	MODEL_PAYMENT, /* digits */
	MODEL_TEXTS
};

struct model_person {
	int64_t serial, gender, birthdate; /* 0 = unset */
	bool locked, is_default;
	int company; /* -1 = none */
	struct str text[MODEL_TEXTS];
	struct str card[4]; /* the first is the primary one */
	int cards;
};

struct model_company {
	int64_t serial;
	struct str name;
};

struct model {
	struct model_person person[MODEL_PEOPLE_MAX]; /* by serial */
	struct model_company company[MODEL_COMPANIES_MAX];
	int people, companies;
};

/* Random, and the same for a seed. */
void model_seed(unsigned long seed);
unsigned model_below(unsigned n);
bool model_chance(unsigned percent);
/* One of a few words in both alphabets and cases, with characters that mean something to LIKE. */
struct str model_word(void);
/* Only the digits; with `wild` the wildcards too. */
struct str model_digits(struct arena *arena, struct str text, bool wild);

struct entity_query model_query(const struct model *model, struct arena *arena);
/* Serials of the page in order; *total_r = all that match. */
size_t model_select(const struct model *model, const struct entity_query *query, int64_t *serials,
		    int64_t *total_r);
size_t model_count(const struct model *model, const struct select_cond *where);
void model_print(FILE *file, const struct entity_query *query);

#endif
