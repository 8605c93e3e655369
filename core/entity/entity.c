#include "entity_priv.h"

#include <assert.h>

#include "db.h"
#include "mutation.h"
#include "stmt.h"
#include "uuid.h"

#define READ_CHUNK 400 /* rows that are read back by one question */

static const struct field *key_field(const struct entity *entity)
{
	const struct map *map = stmt_table[entity->table->rows].out;
	for (size_t i = 0; i < map->n; i++)
		if (strcmp(map->fields[i].member, entity->key) == 0)
			return &map->fields[i];
	assert(false && "the key is a member of the row");
	return NULL;
}

static size_t row_size(const struct entity *entity)
{
	return stmt_table[entity->table->rows].out->size;
}

static struct entity_key key_of(const struct entity *entity, const void *row)
{
	const struct field *field = key_field(entity);
	const void *member = (const char *)row + field->offset;
	struct entity_key key = {.serial = 0};
	if (field->type == FT_UUID)
		memcpy(&key.id, member, sizeof key.id);
	else
		memcpy(&key.serial, member, sizeof key.serial);
	return key;
}

static enum err finish(struct ctx *ctx, const struct entity *entity, const struct sent *wanted,
		       const struct list *rows)
{
	return entity->finish && rows->n > 0 ? entity->finish(ctx, wanted, rows->rows, rows->n)
					     : ERR_OK;
}

enum err entity_select(struct ctx *ctx, const struct entity *entity,
		       const struct entity_select_in *in, struct entity_out *out)
{
	struct select_query query;
	enum err err = entity_compile(ctx, entity, &in->query, &query);
	if (err != ERR_OK)
		return err;
	query.time_ms = ENTITY_TIME_MS;
	out->counted = in->query.count;
	out->only_count = query.limit == 0;
	if (query.limit == 0)
		err = select_count(ctx->db, ctx->arena, &query, 0, &out->total);
	else if (in->query.count)
		err = select_page(ctx->db, ctx->arena, &query, 0, &out->rows, &out->total);
	else
		err = select_rows(ctx->db, ctx->arena, &query, &out->rows);
	if (err != ERR_OK)
		return entity_outcome(ctx, &query, err);
	return finish(ctx, entity, &in->query.wanted, &out->rows);
}

/* A chunk of rows by their keys, in ascending order of these. */
static enum err chunk_read(struct ctx *ctx, const struct entity *entity,
			   const struct entity_key *keys, size_t n, struct list *rows_r)
{
	struct select_value *values = arena_array(ctx->arena, struct select_value, n);
	struct select_cond by_key = {.kind = SELECT_FILTER,
				     .cmp = SELECT_IN,
				     .name = entity->key,
				     .values = values,
				     .value_n = n};
	struct select_query query = {.table = entity->table,
				     .organisation_id = ctx_organisation(ctx),
				     .where = by_key,
				     .limit = (int64_t)n};
	for (size_t i = 0; i < n; i++)
		values[i] = (struct select_value){
			keys[i].serial, {(const char *)keys[i].id.byte, sizeof keys[i].id.byte}};
	return select_rows(ctx->db, ctx->arena, &query, rows_r);
}

static bool key_eq(const struct entity_key *a, const struct entity_key *b)
{
	return a->serial == b->serial && memcmp(&a->id, &b->id, sizeof a->id) == 0;
}

/* What was read, to where its key stands among the keys. */
static void put_in_place(const struct entity *entity, const struct entity_key *keys, size_t n,
			 const struct list *rows, char *to)
{
	size_t size = row_size(entity);
	for (size_t r = 0; r < rows->n; r++) {
		const char *row = (const char *)rows->rows + r * size;
		struct entity_key key = key_of(entity, row);
		for (size_t i = 0; i < n; i++)
			if (key_eq(&key, &keys[i]))
				memcpy(to + i * size, row, size);
	}
}

static enum err read_back(struct ctx *ctx, const struct entity *entity,
			  const struct entity_key *keys, size_t n, const struct sent *wanted,
			  struct entity_out *out)
{
	size_t size = row_size(entity);
	char *rows = arena_alloc(ctx->arena, size * n);
	enum err err = ERR_OK;
	for (size_t at = 0; err == ERR_OK && at < n; at += READ_CHUNK) {
		size_t some = n - at < READ_CHUNK ? n - at : READ_CHUNK;
		struct list read = {0};
		err = chunk_read(ctx, entity, keys + at, some, &read);
		assert(err != ERR_OK || read.n == some);
		put_in_place(entity, keys + at, some, &read, rows + at * size);
	}
	out->rows = (struct list){rows, n};
	return err == ERR_OK ? finish(ctx, entity, wanted, &out->rows) : err;
}

static const void *row_at(const struct entity *entity, const struct list *rows, size_t i)
{
	return (const char *)rows->rows + i * entity->in_size;
}

enum err entity_insert(struct ctx *ctx, const struct entity *entity,
		       const struct entity_write_in *in, struct entity_out *out)
{
	struct entity_key *keys = arena_array(ctx->arena, struct entity_key, in->rows.n + 1);
	if (in->rows.n == 0)
		return ctx_fail(ctx, ERR_INVALID, "rows", REASON_REQUIRED);
	if (in->rows.n > ENTITY_ROWS_MAX)
		return ctx_fail(ctx, ERR_INVALID, "rows", REASON_TOO_MANY);
	for (size_t i = 0; i < in->rows.n; i++) {
		enum err err = entity->insert(ctx, row_at(entity, &in->rows, i), &keys[i]);
		if (err == ERR_OK)
			continue;
		ctx->detail.row = (int64_t)i + 1;
		return err;
	}
	return read_back(ctx, entity, keys, in->rows.n, &in->wanted, out);
}

enum err entity_update(struct ctx *ctx, const struct entity *entity,
		       const struct entity_write_in *in, struct entity_out *out)
{
	if (in->rows.n != 1)
		return ctx_fail(ctx, ERR_INVALID, "rows", REASON_REQUIRED);
	enum err err = entity->update(ctx, &in->key, in->rows.rows);
	if (err == ERR_NOT_FOUND)
		return ERR_OK;
	return err == ERR_OK ? read_back(ctx, entity, &in->key, 1, &in->wanted, out) : err;
}

/* Something that limits the rows: an empty condition would take them all. */
static bool limits(const struct select_cond *cond)
{
	if (cond->kind == SELECT_FILTER || cond->kind == SELECT_NAMED)
		return true;
	for (size_t i = 0; i < cond->cond_n; i++)
		if (limits(&cond->conds[i]))
			return true;
	return false;
}

static enum err keys_read(struct ctx *ctx, const struct entity *entity,
			  const struct entity_remove_in *in, struct entity_remove_out *out)
{
	struct entity_query all = {.where = in->where, .limit = ENTITY_REMOVE_MAX + 1};
	struct select_query query;
	struct list rows = {0};
	enum err err = entity_compile(ctx, entity, &all, &query);
	if (err != ERR_OK)
		return err;
	query.time_ms = ENTITY_TIME_MS;
	err = select_rows(ctx->db, ctx->arena, &query, &rows);
	if (err != ERR_OK)
		return entity_outcome(ctx, &query, err);
	if (rows.n > ENTITY_REMOVE_MAX)
		return ctx_fail(ctx, ERR_INVALID, "where", REASON_TOO_MANY);
	struct entity_key *keys = arena_array(ctx->arena, struct entity_key, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		keys[i] = key_of(entity, (const char *)rows.rows + i * row_size(entity));
	out->keys = (struct list){keys, rows.n};
	return ERR_OK;
}

enum err entity_remove(struct ctx *ctx, const struct entity *entity,
		       const struct entity_remove_in *in, struct entity_remove_out *out)
{
	if (!limits(&in->where))
		return ctx_fail(ctx, ERR_INVALID, "where", REASON_REQUIRED);
	enum err err = keys_read(ctx, entity, in, out);
	struct entity_key *keys = out->keys.rows;
	size_t n = out->keys.n;
	out->keys.n = 0;
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		err = entity->remove(ctx, &keys[i]);
		if (err == ERR_OK)
			keys[out->keys.n++] = keys[i];
		else if (err == ERR_NOT_FOUND)
			err = ERR_OK; /* another was faster */
	}
	return err;
}

int64_t entity_serials_most(const void *in)
{
	const struct entity_write_in *write = in;
	int64_t n = (int64_t)write->rows.n;
	return n < 1 ? 1 : n > ENTITY_ROWS_MAX ? ENTITY_ROWS_MAX : n;
}

static const struct field *field_named(const struct map *map, const char *member)
{
	for (size_t i = 0; i < map->n; i++)
		if (strcmp(map->fields[i].member, member) == 0)
			return &map->fields[i];
	return NULL;
}

void entity_copy(const struct map *from, const void *row, const struct sent *sent, size_t base,
		 const struct map *to, void *target, struct sent *to_sent, size_t to_base)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct field *field = &from->fields[i];
		const struct field *other = field_named(to, field->member);
		if (!other || other->type != field->type || !sent_has(sent, base + field->offset))
			continue;
		memcpy((char *)target + other->offset, (const char *)row + field->offset,
		       field_size(field));
		if (to_sent)
			sent_set(to_sent, to_base + other->offset);
	}
}

enum err entity_fault(struct ctx *ctx, enum err err, const struct entity_name *names)
{
	const char *member = ctx->detail.member;
	if (err != ERR_OK && member && strncmp(member, "row.", 4) == 0)
		ctx->detail.member = member = member + 4;
	for (; err != ERR_OK && member && names && names->theirs; names++)
		if (strcmp(member, names->theirs) == 0)
			ctx->detail.member = names->ours;
	return err == ERR_NOT_FOUND ? ERR_CONFLICT : err;
}

const char *entity_note_name(struct ctx *ctx, const char *prefix, const struct uuid *id)
{
	char *name = arena_alloc(ctx->arena, strlen(prefix) + UUID_TEXT_LEN + 1);
	memcpy(name, prefix, strlen(prefix));
	uuid_format(id, name + strlen(prefix));
	return name;
}
