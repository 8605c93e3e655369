/* The generated C. */
#include "sqlgen.h"

#include <ctype.h>

static const char head[] = "/* Made by sqlgen from sql/. */\n";

#define P(str_) (int)(str_).len, (str_).at

static void put_upper(struct buf *out, struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		buf_char(out, (char)toupper((unsigned char)name.at[i]));
}

static void put_literal(struct buf *out, struct str text)
{
	buf_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"' || text.at[i] == '\\')
			buf_char(out, '\\');
		buf_char(out, text.at[i]);
	}
	buf_char(out, '"');
}

/* struct NAME_row, or the statement's own struct NAME_in, NAME_row. */
static void put_struct(struct buf *out, struct str name, const char *suffix,
		       const struct sqlgen_list *list)
{
	buf_printf(out, "struct %.*s%s {\n", P(name), suffix);
	for (size_t i = 0; i < list->n; i++) {
		const struct sqlgen_item *item = &list->items[i];

		if (item->row)
			buf_printf(out, "\tstruct %.*s_row %.*s;\n", P(item->row->name),
				   P(item->name));
		else if (!item->again)
			buf_printf(out, "\t%s %.*s;\n", item->type->c_type, P(item->name));
	}
	buf_text(out, "};\n\n");
}

/* Nothing but one row: the row's own struct and map serve. */
static const struct sqlgen_row *only_row(const struct sqlgen_list *list)
{
	return list->n == 1 ? list->items[0].row : NULL;
}

void sqlgen_write_rows_h(const struct sqlgen *gen, struct buf *out)
{
	buf_text(out, head);
	buf_text(out, "#ifndef ROWS_GEN_H\n#define ROWS_GEN_H\n\n"
		      "#include \"buf.h\"\n#include \"types.h\"\n\n");
	for (size_t i = 0; i < gen->row_n; i++)
		put_struct(out, gen->rows[i].name, "_row", &gen->rows[i].columns);
	buf_text(out, "#endif\n");
}

/* "struct NAME_in", the type of a statement's parameters or row. */
static void put_type(struct buf *out, const struct sqlgen_stmt *stmt,
		     const struct sqlgen_list *list, const char *suffix)
{
	const struct sqlgen_row *row = only_row(list);

	if (row)
		buf_printf(out, "struct %.*s_row", P(row->name));
	else
		buf_printf(out, "struct %.*s%s", P(stmt->name), suffix);
}

static void put_in_param(struct buf *out, const struct sqlgen_stmt *stmt)
{
	if (stmt->in.n == 0)
		return;
	buf_text(out, ", const ");
	put_type(out, stmt, &stmt->in, "_in");
	buf_text(out, " *in");
}

/* What differs between the kinds: the parameters after `in`, and what is called. */
static const struct shape {
	bool arena, row;
	const char *sql_params, *sql_call, *batch_params, *batch_call;
} shapes[SQLGEN_KINDS] = {
	[SQLGEN_ONE] = {true, true, " *row_r", "db_one(db, arena, ", " *row_r, bool *found_r",
			"batch_one(batch, "},
	[SQLGEN_MANY] = {true, false, ", struct list *rows_r", "db_many(db, arena, ",
			 ", struct list *rows_r", "batch_many(batch, "},
	[SQLGEN_EXEC] = {false, false, ", int64_t *affected_r", "db_exec(db, ", "",
			 "batch_exec(batch, "},
};

static const char *const sql_args[SQLGEN_KINDS] = {", row_r", ", rows_r", ", affected_r"};
static const char *const batch_args[SQLGEN_KINDS] = {", row_r, found_r", ", rows_r", ""};

static void put_row_param(struct buf *out, const struct sqlgen_stmt *stmt)
{
	if (!shapes[stmt->kind].row)
		return;
	buf_text(out, ", ");
	put_type(out, stmt, &stmt->out, "_row");
}

static void put_call(struct buf *out, const struct sqlgen_stmt *stmt, const char *call,
		     const char *args)
{
	buf_printf(out, "%sSTMT_", call);
	put_upper(out, stmt->name);
	buf_printf(out, ", %s%s);\n}\n\n", stmt->in.n > 0 ? "in" : "NULL", args);
}

static void put_functions(struct buf *out, const struct sqlgen_stmt *stmt)
{
	const struct shape *shape = &shapes[stmt->kind];

	buf_printf(out, "static inline enum err sql_%.*s(struct db *db", P(stmt->name));
	buf_text(out, shape->arena ? ", struct arena *arena" : "");
	put_in_param(out, stmt);
	put_row_param(out, stmt);
	buf_printf(out, "%s)\n{\n\treturn ", shape->sql_params);
	put_call(out, stmt, shape->sql_call, sql_args[stmt->kind]);

	buf_printf(out, "static inline void batch_%.*s(struct batch *batch", P(stmt->name));
	put_in_param(out, stmt);
	put_row_param(out, stmt);
	buf_printf(out, "%s)\n{\n\t", shape->batch_params);
	put_call(out, stmt, shape->batch_call, batch_args[stmt->kind]);
}

static void put_enum(const struct sqlgen *gen, struct buf *out)
{
	buf_text(out, "enum stmt {\n");
	for (size_t i = 0; i < gen->stmt_n; i++) {
		buf_text(out, "\tSTMT_");
		put_upper(out, gen->stmts[i].name);
		buf_text(out, ",\n");
	}
	buf_text(out, "\tSTMT__MAX\n};\n\n");
}

void sqlgen_write_stmt_h(const struct sqlgen *gen, struct buf *out)
{
	buf_text(out, head);
	buf_text(out, "#ifndef STMT_GEN_H\n#define STMT_GEN_H\n\n"
		      "#include \"batch.h\"\n#include \"db.h\"\n#include \"rows_gen.h\"\n"
		      "#include \"stmt.h\"\n\n");
	put_enum(gen, out);
	for (size_t i = 0; i < gen->row_n; i++)
		buf_printf(out, "extern const struct map %.*s_row_map;\n", P(gen->rows[i].name));
	buf_char(out, '\n');
	for (size_t i = 0; i < gen->stmt_n; i++) {
		const struct sqlgen_stmt *stmt = &gen->stmts[i];

		if (stmt->in.n > 0 && !only_row(&stmt->in))
			put_struct(out, stmt->name, "_in", &stmt->in);
		if (stmt->out.n > 0 && !only_row(&stmt->out))
			put_struct(out, stmt->name, "_row", &stmt->out);
		put_functions(out, stmt);
	}
	buf_text(out, "#endif\n");
}

/* A map under way: the struct it describes and the member it is inside. */
struct map_writer {
	struct buf *out;
	struct str name;
	const char *suffix;
};

/* The row that a field is of, where it is not the map's own. */
struct inside {
	struct str name;
	bool outer; /* all its columns may be NULL */
};

static void put_field(const struct map_writer *map, const struct inside *row,
		      const struct sqlgen_item *item)
{
	const struct sqlgen_item *is = item->again ? item->again : item;
	struct str inside = row->name;
	const char *dot = inside.len > 0 ? "." : "";
	struct buf *out = map->out;

	buf_printf(out, "\t{.wire = \"%.*s\", .member = \"%.*s%s%.*s\", .type = %s, ", P(is->name),
		   P(inside), dot, P(is->name), is->type->field);
	buf_printf(out, ".offset = offsetof(struct %.*s%s, %.*s%s%.*s), .flags = %s%s},\n",
		   P(map->name), map->suffix, P(inside), dot, P(is->name),
		   is->type->bytes ? "STORE_BYTES" : "0",
		   is->nullable || row->outer ? " | STORE_NULLABLE" : "");
}

static void put_map(const struct map_writer *map, const struct sqlgen_list *list,
		    const char *storage)
{
	struct buf *out = map->out;

	buf_printf(out, "static const struct field %.*s%s_fields[] = {\n", P(map->name),
		   map->suffix);
	for (size_t i = 0; i < list->n; i++) {
		const struct sqlgen_item *item = &list->items[i];
		struct inside row = {item->name, item->nullable};

		for (size_t k = 0; item->row && k < item->row->columns.n; k++)
			put_field(map, &row, &item->row->columns.items[k]);
		if (!item->row)
			put_field(map, &(struct inside){0}, item);
	}
	buf_printf(out, "};\n%sconst struct map %.*s%s_map =\n\tMAP(\"%.*s%s\", ", storage,
		   P(map->name), map->suffix, P(map->name), map->suffix);
	buf_printf(out, "struct %.*s%s, %.*s%s_fields);\n\n", P(map->name), map->suffix,
		   P(map->name), map->suffix);
}

static void put_stmt_maps(const struct sqlgen_stmt *stmt, struct buf *out)
{
	if (stmt->in.n > 0 && !only_row(&stmt->in))
		put_map(&(struct map_writer){out, stmt->name, "_in"}, &stmt->in, "static ");
	if (stmt->out.n > 0 && !only_row(&stmt->out))
		put_map(&(struct map_writer){out, stmt->name, "_row"}, &stmt->out, "static ");
}

static void put_map_name(struct buf *out, const struct sqlgen_stmt *stmt,
			 const struct sqlgen_list *list, const char *suffix)
{
	const struct sqlgen_row *row = only_row(list);

	if (row)
		buf_printf(out, "&%.*s_row_map", P(row->name));
	else if (list->n > 0)
		buf_printf(out, "&%.*s%s_map", P(stmt->name), suffix);
	else
		buf_text(out, "NULL");
}

static const char *const kind_names[SQLGEN_KINDS] = {"STMT_ONE", "STMT_MANY", "STMT_EXEC"};

static void put_def(struct buf *out, const struct sqlgen_stmt *stmt)
{
	buf_text(out, "\t[STMT_");
	put_upper(out, stmt->name);
	buf_printf(out, "] = {\n\t\t.name = \"%.*s\",\n\t\t.text = ", P(stmt->name));
	put_literal(out, stmt->text);
	buf_text(out, ",\n\t\t.in = ");
	put_map_name(out, stmt, &stmt->in, "_in");
	buf_text(out, ",\n\t\t.out = ");
	put_map_name(out, stmt, &stmt->out, "_row");
	buf_printf(out, ",\n\t\t.kind = %s,\n\t},\n", kind_names[stmt->kind]);
}

void sqlgen_write_stmt_c(const struct sqlgen *gen, struct buf *out)
{
	buf_text(out, head);
	buf_text(out, "#include \"stmt_gen.h\"\n\n");
	for (size_t i = 0; i < gen->row_n; i++)
		put_map(&(struct map_writer){out, gen->rows[i].name, "_row"}, &gen->rows[i].columns,
			"");
	for (size_t i = 0; i < gen->stmt_n; i++)
		put_stmt_maps(&gen->stmts[i], out);
	buf_text(out, "const struct stmt_def stmt_table[] = {\n");
	for (size_t i = 0; i < gen->stmt_n; i++)
		put_def(out, &gen->stmts[i]);
	buf_text(out, "};\n\nconst size_t stmt_count = STMT__MAX;\n");
}

void sqlgen_write_schema_c(const struct sqlgen *gen, struct buf *out)
{
	buf_text(out, head);
	buf_text(out, "#include \"stmt.h\"\n\n");
	for (size_t i = 0; i < gen->schema_n; i++) {
		const struct sqlgen_schema *schema = &gen->schemas[i];

		buf_printf(out, "static const char *const migration_%.*s[] = {\n", P(schema->name));
		for (size_t k = 0; k < schema->n; k++) {
			buf_char(out, '\t');
			put_literal(out, schema->statements[k]);
			buf_text(out, ",\n");
		}
		buf_text(out, "};\n\n");
	}
	buf_text(out, "const struct schema_def schema_table[] = {\n");
	for (size_t i = 0; i < gen->schema_n; i++)
		buf_printf(out, "\t{\"%.*s\", migration_%.*s, %zu},\n", P(gen->schemas[i].name),
			   P(gen->schemas[i].name), gen->schemas[i].n);
	buf_printf(out, "};\n\nconst size_t schema_count = %zu;\n", gen->schema_n);
}
