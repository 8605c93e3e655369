/*
 * sqlgen ROWS_DIR STORE_DIR FILE...: compiles sql/ into C. A file whose folder is
 * called schema is a migration, any other holds named statements.
 * sqlgen --check FILE...: reads only. The first fault goes to standard error.
 */
#include "sqlgen.h"

#include <stdio.h>
#include <stdlib.h>

#define ARENA_CAP ((size_t)256 << 20)
#define FILE_MAX  ((size_t)1 << 20)

static bool read_file(struct arena *arena, const char *path, struct str *text_r)
{
	FILE *file = fopen(path, "rb");
	char *text;
	size_t len;

	if (!file)
		return false;
	text = arena_alloc(arena, FILE_MAX);
	len = fread(text, 1, FILE_MAX, file);
	*text_r = (struct str){text, len};
	return fclose(file) == 0 && len < FILE_MAX;
}

static bool read_sql(struct sqlgen *gen, const char *path)
{
	struct str text;

	gen->file = path;
	if (!read_file(gen->arena, path, &text))
		return sqlgen_refuse(gen, "cannot be read");
	return strstr(path, "schema/") ? sqlgen_schema(gen, path, text)
				       : sqlgen_query(gen, path, text);
}

static const struct output {
	bool rows; /* into ROWS_DIR */
	const char *name;
	void (*write)(const struct sqlgen *gen, struct buf *out);
} outputs[] = {
	{true, "rows_gen.h", sqlgen_write_rows_h},
	{false, "stmt_gen.h", sqlgen_write_stmt_h},
	{false, "stmt_gen.c", sqlgen_write_stmt_c},
	{false, "schema_gen.c", sqlgen_write_schema_c},
};

static bool write_output(const struct sqlgen *gen, const struct output *output, const char *dir)
{
	struct buf path, out;
	FILE *file;
	bool written;

	buf_init(&path, gen->arena, 256);
	buf_printf(&path, "%s/%s", dir, output->name);
	buf_init(&out, gen->arena, 65536);
	output->write(gen, &out);
	file = fopen(buf_done(&path).at, "wb");
	if (!file)
		return false;
	written = fwrite(out.at, 1, out.len, file) == out.len;
	return fclose(file) == 0 && written;
}

static bool write_all(const struct sqlgen *gen, const char *rows_dir, const char *store_dir)
{
	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		if (!write_output(gen, &outputs[i], outputs[i].rows ? rows_dir : store_dir)) {
			fprintf(stderr, "sqlgen: cannot write %s\n", outputs[i].name);
			return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	bool check = argc > 1 && strcmp(argv[1], "--check") == 0;
	struct arena arena;
	struct sqlgen gen;

	if (argc < 4 - check) {
		fprintf(stderr, "sqlgen ROWS_DIR STORE_DIR FILE... | sqlgen --check FILE...\n");
		return 2;
	}
	if (!arena_init(&arena, ARENA_CAP))
		abort();
	sqlgen_init(&gen, &arena);
	for (int i = check ? 2 : 3; i < argc; i++) {
		if (!read_sql(&gen, argv[i])) {
			fprintf(stderr, "%.*s\n", (int)gen.error.len, gen.error.at);
			return 1;
		}
	}
	return check || write_all(&gen, argv[1], argv[2]) ? 0 : 1;
}
