#include "script.h"

#include <stdio.h>
#include <stdlib.h>

#include "arena.h"

#define SCRIPT_STEPS_MAX 512
#define SCRIPT_SIZE_MAX  ((size_t)4 << 20)

static bool read_file(struct arena *arena, const char *path, struct str *text_r)
{
	FILE *file = fopen(path, "rb");
	char *text = arena_alloc(arena, SCRIPT_SIZE_MAX);
	size_t len;

	if (!file)
		return false;
	len = fread(text, 1, SCRIPT_SIZE_MAX - 1, file);
	fclose(file);
	*text_r = (struct str){text, len};
	return true;
}

bool script_line(struct str *text, struct str *line_r)
{
	const char *end = text->len ? memchr(text->at, '\n', text->len) : NULL;
	size_t len = end ? (size_t)(end - text->at) : text->len;

	if (text->len == 0)
		return false;
	*line_r = (struct str){text->at, len};
	text->at += len + (end != NULL);
	text->len -= len + (end != NULL);
	return true;
}

static bool starts(struct str line, const char *with)
{
	return line.len >= strlen(with) && memcmp(line.at, with, strlen(with)) == 0;
}

/* Extends a slice of the file to the end of this line. */
static void extend(struct str *part, struct str line)
{
	if (!part->at)
		part->at = line.at;
	part->len = (size_t)(line.at + line.len - part->at);
}

static bool open_step(struct step *step, struct str line, size_t number)
{
	const char *space = memchr(line.at + 4, ' ', line.len > 4 ? line.len - 4 : 0);

	if (!space)
		return false;
	*step = (struct step){.line = number};
	step->method = (struct str){line.at + 4, (size_t)(space - line.at) - 4};
	step->target = (struct str){space + 1, (size_t)(line.at + line.len - space) - 1};
	return true;
}

enum place { PLACE_NOWHERE, PLACE_HEADERS, PLACE_BODY };

struct reader {
	struct script *script;
	struct step *step;
	enum place place;
	bool answer;
};

static void take_content(struct reader *reader, struct str line)
{
	struct step *step = reader->step;

	if (reader->place == PLACE_HEADERS && line.len == 0)
		reader->place = PLACE_BODY;
	else if (reader->place == PLACE_HEADERS)
		extend(reader->answer ? &step->want_headers : &step->headers, line);
	else if (line.len > 0)
		extend(reader->answer ? &step->want_body : &step->body, line);
}

/* False: the line is out of place. */
static bool take_line(struct reader *reader, struct str line, size_t number)
{
	if (starts(line, ">>> ")) {
		if (reader->script->n == SCRIPT_STEPS_MAX || (reader->step && !reader->answer))
			return false;
		reader->step = &reader->script->steps[reader->script->n++];
		reader->answer = false;
		reader->place = PLACE_HEADERS;
		return open_step(reader->step, line, number);
	}
	if (starts(line, "<<< ")) {
		if (!reader->step || reader->answer || line.len < 7)
			return false;
		reader->step->status = (int)strtol(line.at + 4, NULL, 10);
		reader->answer = true;
		reader->place = PLACE_HEADERS;
		return reader->step->status > 99;
	}
	if (starts(line, "# ") || str_eq(line, STR("#")))
		return true;
	if (!reader->step)
		return line.len == 0;
	take_content(reader, line);
	return true;
}

bool script_read(struct script *script, struct arena *arena, const char *path)
{
	struct reader reader = {.script = script};
	struct str text, line;
	size_t number = 0;

	*script = (struct script){arena_array(arena, struct step, SCRIPT_STEPS_MAX), 0};
	if (!read_file(arena, path, &text)) {
		printf("# %s: cannot be read\n", path);
		return false;
	}
	while (script_line(&text, &line)) {
		number++;
		if (!take_line(&reader, line, number)) {
			printf("# %s:%zu: malformed\n", path, number);
			return false;
		}
	}
	return script->n > 0 && reader.answer;
}
