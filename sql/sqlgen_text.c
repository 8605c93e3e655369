/* Texts of statements: expansion of {row…}, and the rules that a text alone can break. */
#include "sqlgen.h"

#include <ctype.h>

static const char quotes[] = "'\"`\\";

/* {row} columns; {row:c} with a prefix; {row=?} assignments; {row?} marks. */
struct braces {
	struct str row, prefix;
	const char *suffix;
	bool marks;
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool read_braces(struct sqlgen *gen, struct str text, struct braces *braces)
{
	size_t n = 0;
	struct str rest;

	while (n < text.len && is_word(text.at[n]))
		n++;
	braces->row = (struct str){text.at, n};
	rest = (struct str){text.at + n, text.len - n};
	braces->suffix = str_eq(rest, STR("=?")) ? " = ?" : "";
	braces->marks = str_eq(rest, STR("?"));
	braces->prefix = (struct str){rest.at, 0};
	if (rest.len > 1 && rest.at[0] == ':')
		braces->prefix = (struct str){rest.at + 1, rest.len - 1};
	for (size_t i = 0; i < braces->prefix.len; i++) {
		if (!is_word(braces->prefix.at[i]))
			return sqlgen_refuse(gen, "bad prefix in {%.*s}", (int)text.len, text.at);
	}
	if (rest.len > 0 && !braces->marks && !*braces->suffix && braces->prefix.len == 0)
		return sqlgen_refuse(gen, "unknown expansion {%.*s}", (int)text.len, text.at);
	return true;
}

static bool put_braces(struct sqlgen *gen, struct buf *out, struct str text)
{
	struct braces braces;
	const struct sqlgen_row *row;

	if (!read_braces(gen, text, &braces))
		return false;
	row = sqlgen_find_row(gen, braces.row);
	if (!row)
		return sqlgen_refuse(gen, "unknown row in {%.*s}", (int)text.len, text.at);
	for (size_t i = 0; i < row->columns.n; i++) {
		struct str name = braces.marks ? STR("?") : row->columns.items[i].name;

		buf_text(out, i > 0 ? ", " : "");
		buf_str(out, braces.prefix);
		buf_text(out, braces.prefix.len > 0 ? "." : "");
		buf_str(out, name);
		buf_text(out, braces.suffix);
	}
	return true;
}

static bool text_is_plain(struct sqlgen *gen, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (strchr(quotes, c) && c != '\0')
			return sqlgen_refuse(gen, "a quote or backslash: strings are parameters");
		if ((c < ' ' && !isspace((unsigned char)c)) || (unsigned char)c > '~')
			return sqlgen_refuse(gen, "a byte that is not printable ASCII");
		if (c == ';')
			return sqlgen_refuse(gen, "two statements in one");
		if (c == '#' || (i > 0 && ((c == '-' && text.at[i - 1] == '-') ||
					   (c == '*' && text.at[i - 1] == '/'))))
			return sqlgen_refuse(gen, "a comment inside a statement");
	}
	return true;
}

/* Spaces collapse; {…} expands. */
static bool expand_into(struct sqlgen *gen, struct buf *out, struct str source)
{
	for (size_t i = 0; i < source.len; i++) {
		struct str rest = {source.at + i, source.len - i};
		const char *end;

		if (isspace((unsigned char)rest.at[0])) {
			if (out->len > 0 && out->at[out->len - 1] != ' ')
				buf_char(out, ' ');
			continue;
		}
		if (rest.at[0] != '{') {
			buf_char(out, rest.at[0]);
			continue;
		}
		end = memchr(rest.at, '}', rest.len);
		if (!end)
			return sqlgen_refuse(gen, "a { without }");
		if (!put_braces(gen, out, (struct str){rest.at + 1, (size_t)(end - rest.at) - 1}))
			return false;
		i += (size_t)(end - rest.at);
		if (out->len > SQLGEN_TEXT_MAX)
			break;
	}
	while (out->len > 0 && out->at[out->len - 1] == ' ')
		out->len--;
	return out->len <= SQLGEN_TEXT_MAX ||
	       sqlgen_refuse(gen, "a statement over %d bytes", SQLGEN_TEXT_MAX);
}

static size_t flat_count(const struct sqlgen_list *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += list->items[i].row ? list->items[i].row->columns.n : 1;
	return n;
}

static bool counts_agree(struct sqlgen *gen, const struct sqlgen_stmt *stmt)
{
	size_t marks = 0, declared = flat_count(&stmt->in);

	for (size_t i = 0; i < stmt->text.len; i++)
		marks += stmt->text.at[i] == '?';
	if (marks != declared)
		return sqlgen_refuse(gen, "%zu parameters are declared, the text has %zu", declared,
				     marks);
	if (declared > SQLGEN_ITEMS_MAX || flat_count(&stmt->out) > SQLGEN_ITEMS_MAX)
		return sqlgen_refuse(gen, "more than %d parameters or columns", SQLGEN_ITEMS_MAX);
	return true;
}

static bool starts_with(struct str text, const char *word)
{
	size_t len = strlen(word);

	return text.len >= len && memcmp(text.at, word, len) == 0;
}

/* `what` as whole words: neither side goes on with a letter. */
static bool has_words(struct str text, struct str what)
{
	for (size_t i = 0; i + what.len <= text.len; i++) {
		if (memcmp(text.at + i, what.at, what.len) == 0 &&
		    (i == 0 || !is_word(text.at[i - 1])) &&
		    (i + what.len == text.len || !is_word(text.at[i + what.len])))
			return true;
	}
	return false;
}

/* An INSERT names the column; whatever reads or changes rows compares it with a parameter. */
static bool names_organisation(struct sqlgen *gen, const struct sqlgen_stmt *stmt)
{
	bool inserts = starts_with(stmt->text, "INSERT ");
	struct str words = inserts ? STR("organisation_id") : STR("organisation_id = ?");

	if (stmt->spans || has_words(stmt->text, words))
		return true;
	return sqlgen_refuse(gen, "'%.*s' does not say '%s' (or '-- spans: organisations')",
			     (int)stmt->name.len, stmt->name.at, words.at);
}

bool sqlgen_expand(struct sqlgen *gen, struct sqlgen_stmt *stmt, struct str source)
{
	struct buf out;

	buf_init(&out, gen->arena, source.len + 64);
	if (!text_is_plain(gen, source) || !expand_into(gen, &out, source))
		return false;
	stmt->text = buf_done(&out);
	if (stmt->text.len == 0)
		return sqlgen_refuse(gen, "a statement without text");
	return counts_agree(gen, stmt) && names_organisation(gen, stmt);
}
