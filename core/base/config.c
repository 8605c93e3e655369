#include "config.h"

#include <assert.h>
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "config_table.h"
#include "utf8.h"

#define FILE_SIZE_MAX ((size_t)65536)
#define PARAMS_MAX    64

/* One file on its way in. */
struct load {
	struct config *config;
	struct str rest;
	const char *path;
	char *error;
	size_t error_size;
	int line;
	bool failed;
	bool seen[PARAMS_MAX];
};

__attribute__((format(printf, 3, 4))) static void fail_at(struct load *load, int line,
							  const char *format, ...)
{
	int len = snprintf(load->error, load->error_size, "%s:%d: ", load->path, line);
	va_list args;

	load->failed = true;
	if (len < 0 || (size_t)len >= load->error_size)
		return;
	va_start(args, format);
	vsnprintf(load->error + len, load->error_size - (size_t)len, format, args);
	va_end(args);
}

static bool is_choice(const char *choices, struct str word)
{
	for (const char *at = choices; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (str_eq((struct str){at, len}, word))
			return true;
		at += len;
	}
	return false;
}

static bool octal_to_i64(struct str text, int64_t *value_r)
{
	int64_t value = 0;

	if (text.len == 0 || text.len > 8)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '7')
			return false;
		value = value * 8 + (text.at[i] - '0');
	}
	*value_r = value;
	return true;
}

static bool value_fits(const struct param *param, struct str value, int64_t *number_r)
{
	int64_t size = (int64_t)value.len;

	if (param->type == PARAM_CHOICE)
		return is_choice(param->choices, value);
	if (param->type == PARAM_INT && !str_to_i64(value, &size))
		return false;
	if (param->type == PARAM_OCTAL && !octal_to_i64(value, &size))
		return false;
	*number_r = size;
	return size >= param->min && size <= param->max;
}

void config_defaults(struct config *config)
{
	*config = (struct config){0};
	for (size_t i = 0; i < config_params_n; i++) {
		const struct param *param = &config_params[i];
		struct str value = str_of(param->fallback);
		int64_t number = 0;
		bool fits = value_fits(param, value, &number);

		assert(fits);
		if (param_is_number(param))
			*param_number(param, config) = number;
		else
			*param_text(param, config) = value;
	}
}

/* Absolute, so that a daemon may change its folder; NULL when there is no such folder. */
static char *from_folder_of(const char *file, const char *path)
{
	char *folder, *real, *joined = NULL;
	const char *slash = strrchr(file, '/');

	folder = slash ? strndup(file, (size_t)(slash - file) + 1) : strdup(".");
	real = folder ? realpath(folder, NULL) : NULL;
	if (real && asprintf(&joined, "%s/%s", real, path) < 0)
		joined = NULL;
	free(real);
	free(folder);
	return joined;
}

static void set_value(struct load *load, const struct param *param, const char *value)
{
	bool relative = param->type == PARAM_PATH && *value && *value != '/';
	char *text = relative ? from_folder_of(load->path, value) : strdup(value);
	char limits[PARAM_LIMITS_MAX];
	int64_t number = 0;

	if (!text || !value_fits(param, str_of(text), &number)) {
		param_limits(param, limits);
		fail_at(load, load->line, "%s = %s: must be %s", param->name, value, limits);
		free(text);
	} else if (param_is_number(param)) {
		*param_number(param, load->config) = number;
		free(text);
	} else {
		*param_text(param, load->config) = str_of(text);
	}
}

static const struct param *find_param(const char *section, const char *name)
{
	for (size_t i = 0; i < config_params_n; i++)
		if (strcmp(config_params[i].section, section) == 0 &&
		    strcmp(config_params[i].name, name) == 0)
			return &config_params[i];
	return NULL;
}

/* inih's handler; called behind take_line() of the same line. */
static int take_value(void *user, const char *section, const char *name, const char *value)
{
	struct load *load = user;
	const struct param *param = find_param(section, name);

	if (!param) {
		fail_at(load, load->line, "unknown parameter %s in [%s]", name, section);
	} else if (load->seen[param - config_params]) {
		fail_at(load, load->line, "%s appears twice in [%s]", name, section);
	} else {
		load->seen[param - config_params] = true;
		set_value(load, param, value);
	}
	return 1;
}

static bool is_section(struct str name)
{
	for (size_t i = 0; i < config_params_n; i++)
		if (str_eq(str_of(config_params[i].section), name))
			return true;
	return false;
}

static bool has_control(struct str line)
{
	for (size_t i = 0; i < line.len; i++)
		if (((unsigned char)line.at[i] < 0x20 && line.at[i] != '\t') || line.at[i] == 0x7F)
			return true;
	return false;
}

static bool is_blank(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] != ' ' && text.at[i] != '\t')
			return false;
	return true;
}

/* inih takes any name, and anything behind the bracket. */
static void check_section(struct load *load, struct str line)
{
	const char *end = memchr(line.at, ']', line.len);
	struct str name = {line.at + 1, end ? (size_t)(end - line.at) - 1 : 0};

	if (!end || !is_blank((struct str){end + 1, line.len - name.len - 2}))
		fail_at(load, load->line, "a section stands alone, as [name]");
	else if (!is_section(name))
		fail_at(load, load->line, "unknown section [%.*s]", (int)name.len, name.at);
}

/* What inih would silently cut, join to the line before, or take as it is. */
static void check_line(struct load *load, struct str line, size_t max)
{
	if (line.len > max)
		fail_at(load, load->line, "line longer than %zu bytes", max);
	else if (has_control(line) || !utf8_valid(line.at, line.len))
		fail_at(load, load->line, "control characters or broken UTF-8");
	else if (line.len > 0 && (*line.at == ' ' || *line.at == '\t') && !is_blank(line))
		fail_at(load, load->line, "indented: a value stands on one line");
	else if (line.len > 0 && *line.at == '[')
		check_section(load, line);
}

static struct str next_line(struct load *load)
{
	const char *end = memchr(load->rest.at, '\n', load->rest.len);
	struct str line = {load->rest.at, end ? (size_t)(end - load->rest.at) : load->rest.len};
	size_t step = line.len + (end ? 1 : 0);

	load->rest = (struct str){load->rest.at + step, load->rest.len - step};
	load->line++;
	if (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* inih's reader: `size` holds the line, a line end and a NUL. */
static char *take_line(char *out, int size, void *stream)
{
	struct load *load = stream;
	struct str line;

	if (load->failed || load->rest.len == 0)
		return NULL;
	line = next_line(load);
	check_line(load, line, (size_t)size - 2);
	if (load->failed)
		return NULL;
	memcpy(out, line.at, line.len);
	memcpy(out + line.len, "\n", 2);
	return out;
}

bool config_parse(struct config *config, struct str text, const char *path, char *error,
		  size_t error_size)
{
	struct load load = {config, text, path, error, error_size, 0, false, {false}};
	int bad_line;

	assert(config_params_n <= PARAMS_MAX && error_size > 0);
	config_defaults(config);
	if (text.len >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0)
		load.rest = (struct str){text.at + 3, text.len - 3};
	bad_line = ini_parse_stream(take_line, &load, take_value, &load);
	if (bad_line != 0)
		fail_at(&load, bad_line, "neither a section, a comment nor name = value");
	if (load.failed)
		config_fini(config);
	return !load.failed;
}

/* Bytes of the file, at most one more than allowed; false with errno. */
static bool read_file(const char *path, char *text, size_t size, size_t *len_r)
{
	FILE *file = fopen(path, "re");
	bool good;

	if (!file)
		return false;
	*len_r = fread(text, 1, size, file);
	good = !ferror(file);
	fclose(file);
	return good;
}

bool config_load(struct config *config, const char *path, char *error, size_t error_size)
{
	char *text = malloc(FILE_SIZE_MAX + 1);
	bool good = false;
	size_t len = 0;

	*config = (struct config){0};
	if (!text || !read_file(path, text, FILE_SIZE_MAX + 1, &len))
		snprintf(error, error_size, "%s:0: cannot be read: %s", path, strerror(errno));
	else if (len > FILE_SIZE_MAX)
		snprintf(error, error_size, "%s:0: larger than %zu bytes", path, FILE_SIZE_MAX);
	else
		good = config_parse(config, (struct str){text, len}, path, error, error_size);
	free(text);
	return good;
}

void config_fini(struct config *config)
{
	for (size_t i = 0; i < config_params_n; i++) {
		const struct param *param = &config_params[i];

		if (!param_is_number(param) && param_text(param, config)->at != param->fallback)
			free((void *)(uintptr_t)param_text(param, config)->at);
	}
	*config = (struct config){0};
}
