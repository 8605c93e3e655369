/* Customers of a scene in one line each: made, changed, looked at. All assert. */
#ifndef TESTS_PEOPLE_H
#define TESTS_PEOPLE_H

#include "deck.h"
#include "identifier_change.h"

extern struct scene on; /* with sources WEB and, with accounts a and b, MANY once they are made */

struct identifier_entry entry(const char *type, const char *value);
void put(struct identifier_entries *entries, struct identifier_entry one);
int64_t serial_of(struct uuid person);
struct uuid person_with(const char *phone, const char *email);
struct person_view_row look(struct uuid id);
enum err change(struct identifier_change_in *in, struct identifier_change_out *out);
enum err add(struct uuid person, const char *source, const char *account,
	     struct identifier_entry one, struct identifier_change_out *out);
enum err drop(struct uuid person, const char *source, struct identifier_entry one);
long long rows_of(struct uuid person);
struct uuid holder_of(struct uuid card);
bool holds(struct uuid person, struct uuid card);
void attach(struct uuid person, struct uuid card);

/* Makes the sources; for cmocka. */
int people_sources(void **state);

#endif
