#include "config_table.h"

static bool starts_section(size_t i)
{
	return i == 0 || strcmp(config_params[i].section, config_params[i - 1].section) != 0;
}

void config_print(struct buf *buf)
{
	char limits[PARAM_LIMITS_MAX];

	buf_text(buf, "# kartoteka.ini: every parameter with its default. See kartoteka.ini(5).\n"
		      "# A value stands on one line; relative paths are taken from this file's "
		      "folder.\n");
	for (size_t i = 0; i < config_params_n; i++) {
		const struct param *param = &config_params[i];

		if (starts_section(i))
			buf_printf(buf, "\n[%s]\n", param->section);
		param_limits(param, limits);
		buf_printf(buf, "# %s (%s)\n%s =%s%s\n", param->help, limits, param->name,
			   *param->fallback ? " " : "", param->fallback);
	}
}

/* A dash in roff is a hyphen unless escaped; a dot at the start of a line a command. */
static void put_roff(struct buf *buf, const char *text)
{
	if (*text == '.' || *text == '\'')
		buf_text(buf, "\\&");
	for (; *text; text++) {
		if (*text == '-')
			buf_text(buf, "\\-");
		else if (*text == '\\')
			buf_text(buf, "\\e");
		else
			buf_char(buf, *text);
	}
}

static void put_man_param(struct buf *buf, const struct param *param)
{
	char limits[PARAM_LIMITS_MAX];

	param_limits(param, limits);
	buf_text(buf, ".TP\n.B ");
	put_roff(buf, param->name);
	buf_text(buf, "\n");
	put_roff(buf, param->help);
	buf_text(buf, " (");
	put_roff(buf, limits);
	buf_text(buf, "; default: ");
	put_roff(buf, *param->fallback ? param->fallback : "empty");
	buf_text(buf, ")\n");
}

void config_print_man(struct buf *buf)
{
	buf_text(buf,
		 ".TH KARTOTEKA.INI 5\n.SH NAME\nkartoteka.ini \\- configuration of the "
		 "Kartoteka card service\n.SH DESCRIPTION\n"
		 "Sections in brackets, one parameter a line as name = value. A comment starts a "
		 "line with # or ;, or follows a value behind a space and a ;.\n"
		 "An unknown section or parameter, one that appears twice, an indented "
		 "line and a value out of range are refused with file and line.\n"
		 "Relative paths are taken from the folder of the file.\n");
	for (size_t i = 0; i < config_params_n; i++) {
		if (starts_section(i))
			buf_printf(buf, ".SH [%s]\n", config_params[i].section);
		put_man_param(buf, &config_params[i]);
	}
	buf_text(buf, ".SH SEE ALSO\n.BR kartoteka (8)\n");
}
