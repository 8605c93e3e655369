/* Rules that all postings share: the state of the card, documents, the packet that ends them. */
#ifndef LEDGER_RULE_H
#define LEDGER_RULE_H

#include "book.h"

/* May the card be posted to? `eats`: spends and holds, which ask for more. CONFLICT names member.
 */
enum err rule_card(const struct book *book, bool eats, const char *member);
/* CONFLICT when the balance would pass AMOUNT_MINOR_MAX. */
enum err rule_range(const struct book *book, int64_t amount, const char *member);
/* The known entry or hold of a document has another amount, or answers again. */
enum err rule_document(struct ctx *ctx, bool same);
/* Writes the book, and the journal's note of it: one of several books of an operation. */
void book_write(struct book *book);
/* Writes the book with the journal row and commits; `out` of the operation is filled. */
enum err book_close(struct book *book);

#endif
