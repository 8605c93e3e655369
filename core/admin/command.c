#include "command.h"

#include <string.h>

#include "admin.h"

const struct command_group *const command_groups[] = {
	&migrate_commands, &check_commands,   &organisation_commands, &user_commands,
	&token_commands,   &key_commands,     &webhook_commands,      &burn_commands,
	&index_commands,   &verify_commands,  &purge_commands,        &demo_commands,
	&file_commands,    &washing_commands, &source_commands,       &erase_commands,
	&help_commands,
};
const size_t command_groups_n = sizeof(command_groups) / sizeof(command_groups[0]);

static bool is_named(const struct command *command, const char *first, const char *second)
{
	size_t len = strlen(first);

	if (strncmp(command->name, first, len) != 0)
		return false;
	if (command->name[len] == '\0')
		return !second;
	return command->name[len] == ' ' && second && strcmp(command->name + len + 1, second) == 0;
}

const struct command *command_find(const char *first, const char *second)
{
	for (size_t g = 0; g < command_groups_n; g++) {
		for (size_t i = 0; i < command_groups[g]->n; i++) {
			if (is_named(&command_groups[g]->commands[i], first, second))
				return &command_groups[g]->commands[i];
		}
	}
	return NULL;
}
