/* Between the parts of Customers, and for entities that name one. */
#ifndef ENTITY_CUSTOMER_H
#define ENTITY_CUSTOMER_H

#include "entity.h"

/* A living person by its number, under its lock. NOT_FOUND, unnamed. */
enum err customer_lock(struct ctx *ctx, int64_t serial, struct person_row *person_r);

/* Masks the payment card; total_debt and debt_data, when they are wanted, from the cards' books. */
enum err customers_finish(struct ctx *ctx, const struct sent *wanted, void *rows, size_t n);

#endif
