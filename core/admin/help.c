#include <stdio.h>

#include "admin.h"
#include "settings.h"

static void print_option(const struct option_row *option)
{
	char left[64];

	snprintf(left, sizeof(left), "--%s%s%s", option->name, option->argument ? " " : "",
		 option->argument ? option->argument : "");
	printf("  %-26s %s%s%s\n", left, option->help,
	       option->flags & OPTION_REQUIRED ? " (required)" : "",
	       option->flags & OPTION_MANY ? " (may be repeated)" : "");
}

static void synopsis(const struct command *command)
{
	for (size_t i = 0; i < command->n; i++) {
		const struct option_row *option = &command->options[i];
		bool required = option->flags & OPTION_REQUIRED;
		printf(" %s--%s%s%s%s", required ? "" : "[", option->name,
		       option->argument ? " " : "", option->argument ? option->argument : "",
		       required ? "" : "]");
	}
	if (command->rest)
		printf(command->rest_required ? " %s" : " [%s]", command->rest);
}

void help_command(const struct command *command)
{
	printf("usage: kartoteka [--config FILE] %s", command->name);
	synopsis(command);
	printf("\n%s.\n", command->help);
	for (size_t i = 0; i < command->n; i++)
		print_option(&command->options[i]);
	printf("  %-26s %s\n", "--help", "this text");
}

void help_program(void)
{
	printf("usage: kartoteka [--config FILE] COMMAND [OPTION...]\n\n");
	for (size_t g = 0; g < command_groups_n; g++) {
		for (size_t i = 0; i < command_groups[g]->n; i++)
			printf("  %-20s %s\n", command_groups[g]->commands[i].name,
			       command_groups[g]->commands[i].help);
	}
	printf("\nSettings of an organisation:\n");
	for (size_t i = 0; i < setting_count; i++)
		printf("  %-26s %s\n", setting_table[i].name, setting_table[i].help);
	printf("\nThe configuration is FILE, else $" ADMIN_CONF_NAME ", else " ADMIN_CONF ".\n"
	       "kartoteka COMMAND --help tells the options; exit status: 0 done, 1 fault, "
	       "2 usage. See " ADMIN_PAGE ".\n");
}
