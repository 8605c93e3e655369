/*
 * The commands of the program `kartoteka` as rows. One table drives the reading of
 * the command line, --help, the completion of the shell and the list in
 * kartoteka(8). A group of commands is one file; a new one is its rows and one line in command.c.
 */
#ifndef ADMIN_COMMAND_H
#define ADMIN_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct admin;

/* Exit status of the program. */
enum status {
	STATUS_OK,
	STATUS_FAULT,
	STATUS_USAGE,
	STATUS_SOME
}; /* SOME: not all of it was good */

enum option_flag {
	OPTION_REQUIRED = 1,
	OPTION_MANY = 2,   /* may be given again */
	OPTION_ONE_OF = 4, /* exactly one of those marked so is to be given */
};

struct option_row {
	const char *name;     /* without the dashes */
	const char *argument; /* NULL = a switch */
	const char *help;
	unsigned flags;
	const char *words; /* for completion, space-separated; NULL = none */
};

enum command_need {
	NEED_CONFIG = 1,
	NEED_DB = 2,      /* connected, every statement checked */
	NEED_KEYRING = 4, /* readable, with a key that signs */
	NEED_TIME = 8,    /* a statement may take ten minutes: one does the work of many requests */
};

struct command {
	const char *name; /* one or two words: "organisation add" */
	const char *help; /* one line, no full stop */
	const struct option_row *options;
	size_t n;
	const char *rest; /* what may follow the options: "KEY=VALUE..."; NULL = nothing */
	bool rest_required;
	unsigned needs; /* enum command_need bits */
	enum status (*run)(struct admin *admin);
};

struct command_group {
	const struct command *commands;
	size_t n;
};

#define COMMAND_GROUP(table)                                                                       \
	{                                                                                          \
		(table), sizeof(table) / sizeof((table)[0])                                        \
	}
#define OPTIONS(table) .options = (table), .n = sizeof(table) / sizeof((table)[0])

extern const struct command_group migrate_commands, check_commands, organisation_commands,
	user_commands, token_commands, key_commands, webhook_commands, burn_commands,
	index_commands, verify_commands, purge_commands, demo_commands, file_commands,
	washing_commands, source_commands, erase_commands, help_commands;

extern const struct command_group *const command_groups[];
extern const size_t command_groups_n;

#define ADMIN_PAGE      "kartoteka(8)"
#define ADMIN_CONF      "/etc/kartoteka/kartoteka.ini"
#define ADMIN_CONF_NAME "KARTOTEKA_CONF" /* variable of the environment */

#endif
