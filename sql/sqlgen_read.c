/*
 * Reads the .sql files line by line. A line "-- key: rest" is one of the keys
 * below; a rest that ends in a comma goes on in the next comment line; any other
 * comment line is for people. All other lines are the statement's text, which
 * ends in a `;` at the end of a line.
 */
#include "sqlgen.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#define NAME_MAX_LEN 48

static const struct sqlgen_type types[] = {
	{"i64", "int64_t", "FT_I64", false, true},
	{"bool", "bool", "FT_BOOL", false, false},
	{"amount", "struct amount", "FT_AMOUNT", false, true},
	{"moment", "struct moment", "FT_MOMENT", false, true},
	{"uuid", "struct uuid", "FT_UUID", true, true},
	{"text", "struct str", "FT_STR", false, true},
	{"bytes", "struct str", "FT_STR", true, true},
	{"json", "struct json_text", "FT_JSON", false, true},
};

static const char *const kinds[SQLGEN_KINDS] = {":one", ":many", ":exec"};

/* Where in a query file we are. */
struct reader {
	struct sqlgen *gen;
	struct str rest;          /* of the file */
	struct buf pending;       /* comment line that goes on: all of its lines joined */
	struct sqlgen_stmt *stmt; /* being read, or NULL */
	struct buf text;          /* of that statement */
	bool has_in, has_out;
};

bool sqlgen_refuse(struct sqlgen *gen, const char *format, ...)
{
	char what[256];
	struct buf buf;
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	buf_init(&buf, gen->arena, 64);
	buf_printf(&buf, "%s:%d: %s", gen->file, gen->line, what);
	gen->error = buf_done(&buf);
	return false;
}

void sqlgen_init(struct sqlgen *gen, struct arena *arena)
{
	*gen = (struct sqlgen){
		.arena = arena,
		.rows = arena_array(arena, struct sqlgen_row, SQLGEN_ROWS_MAX),
		.stmts = arena_array(arena, struct sqlgen_stmt, SQLGEN_STMTS_MAX),
		.schemas = arena_array(arena, struct sqlgen_schema, SQLGEN_FILES_MAX),
	};
}

static struct str trim(struct str text)
{
	while (text.len > 0 && isspace((unsigned char)text.at[0]))
		text = (struct str){text.at + 1, text.len - 1};
	while (text.len > 0 && isspace((unsigned char)text.at[text.len - 1]))
		text.len--;
	return text;
}

/* Cuts the part before the first `c` off the rest; the whole rest when there is none. */
static struct str cut(struct str *rest, char c)
{
	const char *end = rest->len > 0 ? memchr(rest->at, c, rest->len) : NULL;
	size_t len = end ? (size_t)(end - rest->at) : rest->len;
	struct str part = {rest->at, len};

	*rest = end ? (struct str){end + 1, rest->len - len - 1} : (struct str){NULL, 0};
	return part;
}

static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!(c >= 'a' && c <= 'z') && (i == 0 || (c != '_' && !(c >= '0' && c <= '9'))))
			return false;
	}
	return name.len > 0 && name.len <= NAME_MAX_LEN;
}

const struct sqlgen_row *sqlgen_find_row(const struct sqlgen *gen, struct str name)
{
	for (size_t i = 0; i < gen->row_n; i++) {
		if (str_eq(gen->rows[i].name, name))
			return &gen->rows[i];
	}
	return NULL;
}

static const struct sqlgen_item *find_item(const struct sqlgen_list *list, struct str name)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!list->items[i].again && str_eq(list->items[i].name, name))
			return &list->items[i];
	}
	return NULL;
}

static bool item_type(struct sqlgen *gen, struct sqlgen_item *item, struct str type)
{
	item->nullable = type.len > 0 && type.at[type.len - 1] == '?';
	type.len -= item->nullable;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (str_eq(type, str_of(types[i].name)))
			item->type = &types[i];
	}
	if (!item->type)
		return sqlgen_refuse(gen, "unknown type '%.*s'", (int)type.len, type.at);
	if (item->nullable && !item->type->nullable)
		return sqlgen_refuse(gen, "type '%s' cannot be NULL", item->type->name);
	return true;
}

/* "row card": the whole row as one member named like it; "row card?": of an outer join. */
static bool item_row(struct sqlgen *gen, struct sqlgen_item *item, struct str name)
{
	item->nullable = name.len > 0 && name.at[name.len - 1] == '?';
	name.len -= item->nullable;
	item->name = name;
	item->row = sqlgen_find_row(gen, name);
	if (!item->row)
		return sqlgen_refuse(gen, "unknown row '%.*s'", (int)name.len, name.at);
	return true;
}

/* One of "name type", "row NAME", "name" again. */
static bool read_item(struct sqlgen *gen, struct str text, const struct sqlgen_list *before,
		      struct sqlgen_item *item)
{
	struct str rest = trim(text), name = cut(&rest, ' ');
	bool named;

	rest = trim(rest);
	if (rest.len == 0) {
		item->again = find_item(before, name);
		item->name = name;
		if (!item->again || item->again->row)
			return sqlgen_refuse(gen, "'%.*s' has no type", (int)name.len, name.at);
		return true;
	}
	named = str_eq(name, STR("row")) ? item_row(gen, item, rest) : item_type(gen, item, rest);
	if (!named)
		return false;
	if (!item->row)
		item->name = name;
	if (!is_name(item->name))
		return sqlgen_refuse(gen, "bad name '%.*s'", (int)name.len, name.at);
	if (find_item(before, item->name))
		return sqlgen_refuse(gen, "'%.*s' is declared twice", (int)item->name.len,
				     item->name.at);
	return true;
}

static bool read_list(struct sqlgen *gen, struct str text, struct sqlgen_list *list)
{
	struct sqlgen_item items[SQLGEN_ITEMS_MAX] = {0};

	list->items = items;
	while (text.len > 0) {
		if (list->n == SQLGEN_ITEMS_MAX)
			return sqlgen_refuse(gen, "more than %d members", SQLGEN_ITEMS_MAX);
		if (!read_item(gen, cut(&text, ','), list, &items[list->n]))
			return false;
		list->n++;
	}
	if (list->n == 0)
		return sqlgen_refuse(gen, "an empty list");
	list->items = arena_array(gen->arena, struct sqlgen_item, list->n);
	memcpy(list->items, items, list->n * sizeof(items[0]));
	for (size_t i = 0; i < list->n; i++) {
		if (items[i].again)
			list->items[i].again = list->items + (items[i].again - items);
	}
	return true;
}

static bool key_row(struct reader *reader, struct str rest)
{
	struct sqlgen *gen = reader->gen;
	struct sqlgen_row *row = &gen->rows[gen->row_n];
	struct str name = trim(cut(&rest, ':'));

	if (reader->stmt)
		return sqlgen_refuse(gen, "a row inside a statement");
	if (!is_name(name))
		return sqlgen_refuse(gen, "bad row name '%.*s'", (int)name.len, name.at);
	if (sqlgen_find_row(gen, name))
		return sqlgen_refuse(gen, "row '%.*s' is declared twice", (int)name.len, name.at);
	if (gen->row_n == SQLGEN_ROWS_MAX)
		return sqlgen_refuse(gen, "more than %d rows", SQLGEN_ROWS_MAX);
	*row = (struct sqlgen_row){.name = name};
	if (!read_list(gen, rest, &row->columns))
		return false;
	for (size_t i = 0; i < row->columns.n; i++) {
		if (!row->columns.items[i].type)
			return sqlgen_refuse(gen, "a row holds columns only");
	}
	gen->row_n++;
	return true;
}

static bool stmt_is_new(struct sqlgen *gen, struct str name)
{
	if (!is_name(name))
		return sqlgen_refuse(gen, "bad statement name '%.*s'", (int)name.len, name.at);
	for (size_t i = 0; i < gen->stmt_n; i++) {
		if (str_eq(gen->stmts[i].name, name))
			return sqlgen_refuse(gen, "statement '%.*s' is declared twice",
					     (int)name.len, name.at);
	}
	if (sqlgen_find_row(gen, name))
		return sqlgen_refuse(gen, "statement '%.*s' is named as a row", (int)name.len,
				     name.at);
	if (gen->stmt_n == SQLGEN_STMTS_MAX)
		return sqlgen_refuse(gen, "more than %d statements", SQLGEN_STMTS_MAX);
	return true;
}

static bool key_stmt(struct reader *reader, struct str rest)
{
	struct sqlgen *gen = reader->gen;
	struct sqlgen_stmt *stmt = &gen->stmts[gen->stmt_n];
	struct str name = cut(&rest, ' '), kind = trim(rest);

	if (reader->stmt)
		return sqlgen_refuse(gen, "the statement before has no end");
	if (!stmt_is_new(gen, name))
		return false;
	*stmt = (struct sqlgen_stmt){.name = name, .kind = SQLGEN_KINDS, .line = gen->line};
	for (unsigned i = 0; i < SQLGEN_KINDS; i++) {
		if (str_eq(kind, str_of(kinds[i])))
			stmt->kind = (enum sqlgen_kind)i;
	}
	if (stmt->kind == SQLGEN_KINDS)
		return sqlgen_refuse(gen, "unknown kind '%.*s'", (int)kind.len, kind.at);
	reader->stmt = stmt;
	reader->has_in = reader->has_out = false;
	buf_init(&reader->text, gen->arena, 256);
	return true;
}

static bool key_in(struct reader *reader, struct str rest)
{
	if (reader->has_in)
		return sqlgen_refuse(reader->gen, "'in' is given twice");
	reader->has_in = true;
	if (!read_list(reader->gen, rest, &reader->stmt->in))
		return false;
	for (size_t i = 0; i < reader->stmt->in.n; i++) {
		if (reader->stmt->in.items[i].row && reader->stmt->in.items[i].nullable)
			return sqlgen_refuse(reader->gen, "only an answer's row has a '?'");
	}
	return true;
}

static bool key_out(struct reader *reader, struct str rest)
{
	struct sqlgen_list *out = &reader->stmt->out;

	if (reader->has_out)
		return sqlgen_refuse(reader->gen, "'out' is given twice");
	reader->has_out = true;
	if (!read_list(reader->gen, rest, out))
		return false;
	for (size_t i = 0; i < out->n; i++) {
		if (out->items[i].again)
			return sqlgen_refuse(reader->gen, "an answer's column has no type");
		if (out->items[i].row && out->items[i].nullable && out->n == 1)
			return sqlgen_refuse(reader->gen, "an answer of nothing but '?'");
	}
	return true;
}

static bool key_spans(struct reader *reader, struct str rest)
{
	if (!str_eq(rest, STR("organisations")))
		return sqlgen_refuse(reader->gen, "a statement spans: organisations, or nothing");
	reader->stmt->spans = true;
	return true;
}

static const struct key {
	const char *name;
	bool in_stmt; /* may only follow "-- stmt:" */
	bool (*read)(struct reader *reader, struct str rest);
} keys[] = {
	{"row", false, key_row}, {"stmt", false, key_stmt},  {"in", true, key_in},
	{"out", true, key_out},  {"spans", true, key_spans},
};

/* "key: rest" after the dashes: the key alone decides; free comments have no one-word key. */
static bool read_key(struct reader *reader, struct str line)
{
	struct str rest = line, name = cut(&rest, ':');

	if (name.len == line.len || !is_name(name))
		return true;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!str_eq(name, str_of(keys[i].name)))
			continue;
		if (keys[i].in_stmt && (!reader->stmt || reader->text.len > 0))
			return sqlgen_refuse(reader->gen, "'%s' outside a statement's head",
					     keys[i].name);
		return keys[i].read(reader, trim(rest));
	}
	return sqlgen_refuse(reader->gen, "unknown key '%.*s'", (int)name.len, name.at);
}

/* A comment line that ends in a comma waits for the next one. */
static bool read_comment(struct reader *reader, struct str line)
{
	struct buf *pending = &reader->pending;
	bool goes_on = line.len > 0 && line.at[line.len - 1] == ',';

	if (pending->len == 0 && !goes_on)
		return read_key(reader, line);
	if (pending->len == 0)
		buf_init(pending, reader->gen->arena, line.len);
	else
		buf_char(pending, ' ');
	buf_str(pending, line);
	if (goes_on)
		return true;
	line = buf_done(pending);
	*pending = (struct buf){0};
	return read_key(reader, line);
}

static bool end_stmt(struct reader *reader)
{
	struct sqlgen *gen = reader->gen;
	struct sqlgen_stmt *stmt = reader->stmt;

	if (stmt->kind != SQLGEN_EXEC && stmt->out.n == 0)
		return sqlgen_refuse(gen, "a statement that answers rows has no 'out'");
	if (stmt->kind == SQLGEN_EXEC && stmt->out.n > 0)
		return sqlgen_refuse(gen, "an :exec statement answers no rows");
	if (!sqlgen_expand(gen, stmt, buf_done(&reader->text)))
		return false;
	gen->stmt_n++;
	reader->stmt = NULL;
	return true;
}

static bool read_text(struct reader *reader, struct str line)
{
	bool ends = line.at[line.len - 1] == ';';

	if (!reader->stmt)
		return sqlgen_refuse(reader->gen, "text outside a statement");
	if (reader->text.len + line.len > SQLGEN_TEXT_MAX)
		return sqlgen_refuse(reader->gen, "a statement over %d bytes", SQLGEN_TEXT_MAX);
	line.len -= ends;
	buf_str(&reader->text, line);
	buf_char(&reader->text, ' ');
	return !ends || end_stmt(reader);
}

bool sqlgen_query(struct sqlgen *gen, const char *file, struct str text)
{
	struct reader reader = {.gen = gen, .rest = text};

	gen->file = file;
	gen->line = 0;
	while (reader.rest.len > 0) {
		struct str line = trim(cut(&reader.rest, '\n'));
		bool comment = line.len >= 2 && line.at[0] == '-' && line.at[1] == '-';

		gen->line++;
		if (comment)
			line = trim((struct str){line.at + 2, line.len - 2});
		if (reader.pending.len > 0 && !comment)
			return sqlgen_refuse(gen, "a list ends in a comma");
		if (comment ? !read_comment(&reader, line)
			    : line.len > 0 && !read_text(&reader, line))
			return false;
	}
	if (reader.stmt || reader.pending.len > 0)
		return sqlgen_refuse(gen, "the file ends inside a statement");
	return true;
}
