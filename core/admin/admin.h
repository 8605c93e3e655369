/*
 * One run of the program `kartoteka`: what was given, what the command may use, and
 * how it speaks. Results go to standard output, faults to standard error, each
 * fault naming the option that it is about.
 */
#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

#include "arena.h"
#include "buf.h"
#include "command.h"
#include "config.h"
#include "err.h"
#include "reason.h"

struct db;
struct keyring;

#define VALUES_MAX 256

struct option_value {
	const struct option_row *option;
	const char *value; /* NULL for a switch */
};

struct admin {
	const struct command *command;
	const char *config_path; /* NULL = the usual places */
	struct option_value values[VALUES_MAX];
	size_t values_n;
	char **rest; /* what followed the options */
	int rest_n;
	struct arena arena;
	struct config config;
	struct db *db;
	struct keyring *keyring;
	int64_t now_ms; /* of the start */
};

/* Value of an option; NULL when it was not given. */
const char *admin_value(const struct admin *admin, const char *option);
struct str admin_str(const struct admin *admin, const char *option);
bool admin_has(const struct admin *admin, const char *option);
/* The next value of an OPTION_MANY after *at, which starts at 0; NULL after the last. */
const char *admin_next(const struct admin *admin, const char *option, size_t *at);
/* A required whole number; false after a message. */
bool admin_number(const struct admin *admin, const char *option, int64_t min, int64_t max,
		  int64_t *value_r);
/* The number given with --organisation, when there is such an organisation; else after a message.
 */
enum status admin_organisation(struct admin *admin, int64_t *id_r);
/*
 * Calls `work` for the one given with --organisation, without it for each, until one fails or
 * somebody asks the command to stop (progress.h).
 */
typedef enum status organisation_work(void *arg, int64_t organisation_id);
enum status admin_each_organisation(struct admin *admin, organisation_work *work, void *arg);
/* "kartoteka: WHAT" on standard error; STATUS_USAGE, so that a command can return it. */
enum status admin_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same with STATUS_FAULT. */
enum status admin_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "kartoteka: --OPTION: reason". */
enum status admin_refuse(const char *option, enum reason reason);
/* What the database answered, for people. `what` is the object, such as "organisation 5". */
enum status admin_err(const struct admin *admin, enum err err, const char *what);

/* Reads the words after the program's name into the run; STATUS_OK or what to exit with. */
enum status options_read(struct admin *admin, int argc, char **argv, bool *help_r);
const struct command *command_find(const char *first, const char *second);

void help_program(void);
void help_command(const struct command *command);

/* Rows for people: columns padded, or with --json an array of objects. */
struct table {
	const struct admin *admin;
	const char *const *names;
	size_t columns;
	struct buf buf;
	size_t rows;
};

#define CELL_NUMBER 1 /* flag: --json writes it without quotes */

struct cell {
	struct str text;
	unsigned flags;
};

void table_begin(struct table *table, struct admin *admin, const char *const *names,
		 size_t columns);
void table_row(struct table *table, const struct cell *cells);
void table_end(struct table *table);
struct cell cell_number(struct admin *admin, int64_t number);
/* UTC, to the second; "-" for 0. */
struct cell cell_moment(struct admin *admin, int64_t ms);

/*
 * "now", Unix seconds or (from 10^11 on) milliseconds, "2026-11-21",
 * "2026-11-21T10:00:00Z", all UTC.
 */
bool moment_parse(const char *text, int64_t now_ms, int64_t *ms_r);

#endif
