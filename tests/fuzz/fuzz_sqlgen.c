/* sqlgen on any text: refused with a place, or statements that keep the promises of stmt.h. */
#include <assert.h>

#include "planted.h"
#include "sqlgen.h"

#define INPUT_MAX 65536

static void check_stmt(const struct sqlgen_stmt *stmt)
{
	assert(stmt->text.len > 0 && stmt->text.len <= SQLGEN_TEXT_MAX);
	for (size_t i = 0; i < stmt->text.len; i++) {
		char c = stmt->text.at[i];

		assert(c >= ' ' && c <= '~');
		assert(c != '\'' && c != '"' && c != '`' && c != '\\' && c != ';' && c != '#');
	}
	planted_overflow(stmt->name.at, stmt->name.len);
}

static void write_all(const struct sqlgen *gen)
{
	static void (*const writers[])(const struct sqlgen *gen, struct buf *out) = {
		sqlgen_write_rows_h, sqlgen_write_stmt_h, sqlgen_write_stmt_c,
		sqlgen_write_schema_c};

	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
		struct buf out;

		buf_init(&out, gen->arena, 4096);
		writers[i](gen, &out);
		assert(out.len > 0);
	}
}

static void check_error(const struct sqlgen *gen)
{
	assert(gen->error.at && strncmp(gen->error.at, gen->file, strlen(gen->file)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	struct str text = {(const char *)data, size};
	struct sqlgen gen;

	if (size > INPUT_MAX || (!arena.base && !arena_init(&arena, (size_t)256 << 20)))
		return 0;
	sqlgen_init(&gen, &arena);
	if (!sqlgen_query(&gen, "query.sql", text))
		check_error(&gen);
	for (size_t i = 0; i < gen.stmt_n; i++)
		check_stmt(&gen.stmts[i]);
	if (!sqlgen_schema(&gen, "schema/0001_a.sql", text))
		check_error(&gen);
	write_all(&gen);
	arena_reset(&arena, 0);
	return 0;
}
