#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "admin.h"

#define LONG_MAX_OPTIONS 32
/* getopt_long's answers; an option of the table is FIRST + its place. */
enum { ANSWER_HELP = 1000, ANSWER_CONFIG, ANSWER_FIRST };

const char *admin_value(const struct admin *admin, const char *option)
{
	size_t at = 0;

	return admin_next(admin, option, &at);
}

struct str admin_str(const struct admin *admin, const char *option)
{
	return str_of(admin_value(admin, option));
}

bool admin_has(const struct admin *admin, const char *option)
{
	for (size_t i = 0; i < admin->values_n; i++) {
		if (strcmp(admin->values[i].option->name, option) == 0)
			return true;
	}
	return false;
}

const char *admin_next(const struct admin *admin, const char *option, size_t *at)
{
	while (*at < admin->values_n) {
		const struct option_value *value = &admin->values[(*at)++];
		if (strcmp(value->option->name, option) == 0)
			return value->value;
	}
	return NULL;
}

bool admin_number(const struct admin *admin, const char *option, int64_t min, int64_t max,
		  int64_t *value_r)
{
	int64_t value;

	if (!str_to_i64(admin_str(admin, option), &value) || value < min || value > max) {
		admin_usage("--%s: not a whole number from %lld to %lld", option, (long long)min,
			    (long long)max);
		return false;
	}
	*value_r = value;
	return true;
}

static void long_options(const struct command *command, struct option *options)
{
	size_t n = 0;

	for (; n < command->n; n++) {
		options[n] = (struct option){command->options[n].name,
					     command->options[n].argument ? required_argument
									  : no_argument,
					     NULL, ANSWER_FIRST + (int)n};
	}
	options[n++] = (struct option){"help", no_argument, NULL, ANSWER_HELP};
	options[n++] = (struct option){"config", required_argument, NULL, ANSWER_CONFIG};
	options[n] = (struct option){NULL, 0, NULL, 0};
}

static enum status keep(struct admin *admin, const struct option_row *option, const char *value)
{
	if (admin->values_n == VALUES_MAX)
		return admin_usage("--%s: too many options", option->name);
	if (!(option->flags & OPTION_MANY) && admin_has(admin, option->name))
		return admin_usage("--%s: given twice", option->name);
	admin->values[admin->values_n++] = (struct option_value){option, value};
	return STATUS_OK;
}

static enum status check_one_of(const struct admin *admin)
{
	const struct command *command = admin->command;
	const char *first = NULL;
	size_t given = 0;

	for (size_t i = 0; i < command->n; i++) {
		if (!(command->options[i].flags & OPTION_ONE_OF))
			continue;
		first = first ? first : command->options[i].name;
		given += admin_has(admin, command->options[i].name);
	}
	if (first && given != 1)
		return admin_usage("--%s: give exactly one of it and its alternatives, see "
				   "kartoteka %s --help",
				   first, command->name);
	return STATUS_OK;
}

static enum status check_given(const struct admin *admin)
{
	const struct command *command = admin->command;

	for (size_t i = 0; i < command->n; i++) {
		const struct option_row *option = &command->options[i];
		if ((option->flags & OPTION_REQUIRED) && !admin_has(admin, option->name))
			return admin_usage("--%s: required", option->name);
	}
	if (!command->rest && admin->rest_n > 0)
		return admin_usage("%s: not expected", admin->rest[0]);
	if (command->rest_required && admin->rest_n == 0)
		return admin_usage("%s: required", command->rest);
	return check_one_of(admin);
}

/* Options of one command; argv[0] is the command's last word. */
static enum status read_options(struct admin *admin, int argc, char **argv, bool *help_r)
{
	struct option options[LONG_MAX_OPTIONS];
	enum status status = STATUS_OK;
	int answer;

	long_options(admin->command, options);
	optind = 0; /* start over, GNU's way */
	opterr = 0;
	while (!status && (answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer == ':')
			status = admin_usage("%s: needs a value", argv[optind - 1]);
		else if (answer == '?')
			status = admin_usage("%s: no such option of %s", argv[optind - 1],
					     admin->command->name);
		else if (answer == ANSWER_HELP)
			*help_r = true;
		else if (answer == ANSWER_CONFIG)
			admin->config_path = optarg;
		else
			status = keep(admin, &admin->command->options[answer - ANSWER_FIRST],
				      optarg);
	}
	admin->rest = argv + optind;
	admin->rest_n = argc - optind;
	return status || *help_r ? status : check_given(admin);
}

/* Options before the command. *at_r = index of the command's first word. */
static enum status read_global(struct admin *admin, int argc, char **argv, int *at_r, bool *help_r)
{
	int at = 1;

	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--help") == 0) {
			*help_r = true;
		} else if (strcmp(argv[at], "--config") == 0) {
			if (++at == argc)
				return admin_usage("--config: needs a value");
			admin->config_path = argv[at];
		} else if (strncmp(argv[at], "--config=", 9) == 0) {
			admin->config_path = argv[at] + 9;
		} else {
			return admin_usage("%s: no such option", argv[at]);
		}
	}
	*at_r = at;
	return STATUS_OK;
}

enum status options_read(struct admin *admin, int argc, char **argv, bool *help_r)
{
	int at = argc;

	enum status status = read_global(admin, argc, argv, &at, help_r);
	if (status || (*help_r && at == argc))
		return status;
	if (at == argc)
		return admin_usage("a command is needed, see kartoteka --help");
	admin->command = at + 1 < argc ? command_find(argv[at], argv[at + 1]) : NULL;
	if (admin->command)
		at++;
	else
		admin->command = command_find(argv[at], NULL);
	if (!admin->command && at + 1 < argc && argv[at + 1][0] != '-')
		return admin_usage("%s %s: no such command, see kartoteka --help", argv[at],
				   argv[at + 1]);
	if (!admin->command)
		return admin_usage("%s: no such command, see kartoteka --help", argv[at]);
	return read_options(admin, argc - at, argv + at, help_r);
}
