/*
 * The bare pipelines: the least that a token, the database's work and one JSON answer can
 * cost behind the same nginx and on the same database. Each handler writes `answer` and returns
 * its length; *status_r is 200 before. Faults of the set-up end the worker.
 */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <mysql.h>
#include <stdbool.h>
#include <stddef.h>

#define UUID_LEN      16
#define UUID_TEXT_LEN 36
#define ANSWER_MAX    65536

extern char answer[ANSWER_MAX];

__attribute__((noreturn)) void die(const char *what, const char *why);
/* An answer that says only `text`; its length. */
size_t fail(int status, const char *text, int *status_r);
bool hex_read(const char *text, size_t bytes, unsigned char *out);
/* 32 digits, dashes anywhere between them. */
bool uuid_read(const char *text, unsigned char *id);
/* Writes UUID_TEXT_LEN characters. */
void uuid_write(const unsigned char *id, char *text);

/* GET card: one prepared select. */
void card_open(MYSQL *database);
size_t card_handle(const char *id, bool joined, int *status_r);

/* The columns of a card, joined: with those of its accounts, of each row of a statement that reads
 * "from" (card is c in it) and goes on with "rest". */
MYSQL_STMT *rows_prepare(MYSQL *database, bool joined, const char *from, const char *rest);
/* The row just fetched as a JSON object, written by hand; its length. */
size_t row_write(bool joined, char *out, size_t room);

/* GET a list of ten with the number of all: two prepared selects, one after the other. */
void list_open(MYSQL *database);
size_t list_handle(const char *id, bool joined, int *status_r);
/* word: hex of a folded word's beginning. */
size_t words_handle(const char *word, int *status_r);

/* A posting: the rows of one, read and locked in a packet, written and committed in another.
 * key: of the request, NULL = none. */
void posting_open(MYSQL *database);
size_t posting_handle(const char *body, size_t len, const char *key, int *status_r);
/* The two-row posting: one CALL. */
size_t two_handle(const char *body, size_t len, int *status_r);

#endif
