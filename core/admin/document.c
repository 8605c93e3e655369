#include <stdio.h>
#include <string.h>

#include "admin.h"
#include "settings.h"

#define FORMATS "text man settings completion"

/* A dash that is no hyphen, and a backslash, as groff_man(7) wants them. */
static void man_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
	}
}

static void man_option(const struct option_row *option)
{
	fputs(".TP\n.B \\-\\-", stdout);
	man_text(option->name);
	if (option->argument)
		printf(" \\fI%s\\fR", option->argument);
	putchar('\n');
	man_text(option->help);
	printf("%s%s.\n", option->flags & OPTION_REQUIRED ? " (required)" : "",
	       option->flags & OPTION_MANY ? " (may be repeated)" : "");
}

static void man_command(const struct command *command)
{
	printf(".SS %s", command->name);
	if (command->rest)
		printf(" %s", command->rest);
	putchar('\n');
	man_text(command->help);
	puts(".");
	for (size_t i = 0; i < command->n; i++)
		man_option(&command->options[i]);
}

static const char *of_type(enum setting_type type)
{
	switch (type) {
	case SETTING_WORD:
	case SETTING_TIERS:
		return "";
	case SETTING_INTEGER:
		return "number";
	case SETTING_AMOUNT:
		return "decimal";
	case SETTING_TEXT:
		break;
	}
	return "text";
}

static void man_setting(const struct setting *setting)
{
	printf(".TP\n.B %s\n", setting->name);
	man_text(setting->help);
	printf(" (%s", of_type(setting->type));
	for (const struct setting_word *word = setting->words; word && word->word; word++)
		printf("%s%s", word == setting->words ? "" : " or ", word->word);
	printf("%sdefault: %s).\n", setting->type == SETTING_TIERS ? "" : "; ",
	       *setting->initial ? setting->initial : "none");
}

static void man_settings(void)
{
	for (size_t i = 0; i < setting_count; i++)
		man_setting(&setting_table[i]);
}

static const char completion_head[] =
	"# bash completion of kartoteka(8), as `kartoteka help --format completion` writes it.\n"
	"# shellcheck shell=bash\n"
	"_kartoteka() {\n"
	"\tlocal command='' word list='' i\n"
	"\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tcase $word in\n"
	"\t\t--config) ((i++)) ;;\n"
	"\t\t-*) [ -z \"$command\" ] || break ;;\n"
	"\t\t*) command=${command:+$command }$word ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tcase \"$command $previous\" in\n"
	"\t*' --config') mapfile -t COMPREPLY < <(compgen -f -- \"$current\") && return ;;\n";

static const char completion_tail[] =
	"\tesac\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$list\" -- \"$current\")\n"
	"}\n"
	"complete -F _kartoteka kartoteka\n";

static void completion_values(const struct command *command)
{
	for (size_t i = 0; i < command->n; i++) {
		const struct option_row *option = &command->options[i];
		if (option->words)
			printf("\t'%s --%s') list='%s' ;;\n", command->name, option->name,
			       option->words);
	}
}

static void completion_options(const struct command *command)
{
	printf("\t'%s '*) list='", command->name);
	for (size_t i = 0; i < command->n; i++)
		printf("--%s ", command->options[i].name);
	puts("--help' ;;");
}

static void each_command(void (*print)(const struct command *))
{
	for (size_t g = 0; g < command_groups_n; g++) {
		for (size_t i = 0; i < command_groups[g]->n; i++)
			print(&command_groups[g]->commands[i]);
	}
}

/* Commands of two words share their first: a group's name, then its verbs. */
static void completion_group(const struct command_group *group)
{
	const char *space = strchr(group->commands[0].name, ' ');

	if (!space)
		return;
	printf("\t'%.*s '*) list='", (int)(space - group->commands[0].name),
	       group->commands[0].name);
	for (size_t i = 0; i < group->n; i++)
		printf("%s%s", i > 0 ? " " : "", strchr(group->commands[i].name, ' ') + 1);
	puts("' ;;");
}

static void completion_names(void)
{
	fputs("\t*) list='--config --help", stdout);
	for (size_t g = 0; g < command_groups_n; g++) {
		const struct command *first = &command_groups[g]->commands[0];
		printf(" %.*s", (int)strcspn(first->name, " "), first->name);
	}
	puts("' ;;");
}

static void completion(void)
{
	fputs(completion_head, stdout);
	each_command(completion_values);
	each_command(completion_options);
	for (size_t g = 0; g < command_groups_n; g++)
		completion_group(command_groups[g]);
	completion_names();
	fputs(completion_tail, stdout);
}

static enum status run_help(struct admin *admin)
{
	const char *format = admin_value(admin, "format");

	if (!format || strcmp(format, "text") == 0)
		help_program();
	else if (strcmp(format, "man") == 0)
		each_command(man_command);
	else if (strcmp(format, "settings") == 0)
		man_settings();
	else if (strcmp(format, "completion") == 0)
		completion();
	else
		return admin_usage("--format: not one of " FORMATS);
	return STATUS_OK;
}

static const struct option_row help_options[] = {
	{"format", "FORMAT",
	 "text, man or settings (parts of kartoteka(8)), or completion (for bash)", 0, FORMATS},
};

static const struct command commands[] = {
	{.name = "help", .help = "List the commands", OPTIONS(help_options), .run = run_help},
};

const struct command_group help_commands = COMMAND_GROUP(commands);
