/*
 * What the operations of other aggregates post into a book that they have opened: money on and
 * off, and the difference to a figure from outside. The caller has asked the book with lots,
 * brings the entry with id, time, card and texts, and closes or puts the book.
 */
#ifndef LEDGER_MONEY_H
#define LEDGER_MONEY_H

#include "book.h"

/*
 * How far below zero the account may go, in minor units: a credit card's own limit; else, when its
 * holder may have credit, the organisation's; none for gift cards and for points.
 */
int64_t book_credit_line(const struct book *book);

/* May the card take money or points at all? As rule_card(); gift cards take no points. */
enum err rule_receive(const struct book *book, const char *member);

/* entry->amount > 0 comes on: ENTRY_CHARGE, ENTRY_ACCRUAL, ENTRY_OPENING. CONFLICT names member. */
enum err book_put_on(struct book *book, struct entry_row *entry, const char *member);
/*
 * entry->amount < 0 goes off: ENTRY_SALE, ENTRY_SPEND. INSUFFICIENT (names member) when what can be
 * spent and the credit line together have less.
 */
enum err book_take_off(struct book *book, struct entry_row *entry, const char *member);
/*
 * An ENTRY_ADJUST that makes what can be spent exactly `target`, 0 or more; entry->amount is
 * filled, 0 = it was that already and nothing is posted. A debt is paid by it.
 */
enum err book_adjust(struct book *book, struct entry_row *entry, struct amount target,
		     const char *member);

/*
 * Two books of one card in one packet, `last` written after `first`: the activity dates, which
 * both of them keep in one row, go on with `last`.
 */
void book_join(struct book *first, struct book *last);
/* 00:00 of the day that ends a period from `base`; 0 when there is none. */
struct moment period_end(const struct ctx *ctx, int64_t days, struct moment base);

#endif
