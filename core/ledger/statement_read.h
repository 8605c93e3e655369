/* What statement.c and explain.c share; private to them. */
#ifndef LEDGER_STATEMENT_READ_H
#define LEDGER_STATEMENT_READ_H

#include "statement.h"

struct statement_card_row;

/* Of statements that reach to this moment. */
#define STATEMENT_ALWAYS INT64_MAX

/* A card that the one who asks may see. NOT_FOUND names `id`. */
enum err statement_open(struct ctx *ctx, const struct uuid *id, struct statement_card_row *card_r);
/* Rows of the two statements into what operations answer, in the order as they are. */
struct list statement_lots_of(struct ctx *ctx, const struct list *rows);
struct list statement_entries_of(struct ctx *ctx, const struct list *rows);

#endif
