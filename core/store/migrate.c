#include "migrate.h"

#include <assert.h>

#include "clock.h"
#include "crypto.h"
#include "keys.h"
#include "stmt_gen.h"

/* Every statement and a line feed: comments and line breaks of the file do not count. */
static void digest_of(const struct schema_def *schema, struct arena *arena, uint8_t *digest)
{
	struct buf text;

	buf_init(&text, arena, 4096);
	for (size_t i = 0; i < schema->n; i++) {
		buf_text(&text, schema->statements[i]);
		buf_char(&text, '\n');
	}
	sha256(text.at, text.len, digest);
}

static const struct migration_row *find_row(const struct list *rows, const char *name)
{
	const struct migration_row *row = rows->rows;

	for (size_t i = 0; i < rows->n; i++) {
		if (str_eq(row[i].name, str_of(name)))
			return &row[i];
	}
	return NULL;
}

static const struct schema_def *find_schema(const char *name)
{
	for (size_t i = 0; i < schema_count; i++) {
		if (strcmp(schema_table[i].name, name) == 0)
			return &schema_table[i];
	}
	return NULL;
}

static struct migrate_step step_of(const struct schema_def *schema, const struct list *rows,
				   struct arena *arena)
{
	const struct migration_row *row = find_row(rows, schema->name);
	struct migrate_step step = {schema->name, MIGRATE_PENDING, 0};
	uint8_t digest[SHA256_LEN];

	if (!row)
		return step;
	digest_of(schema, arena, digest);
	step.done = (size_t)row->done;
	if (row->digest.len != sizeof(digest) ||
	    memcmp(row->digest.at, digest, sizeof(digest)) != 0)
		step.state = MIGRATE_EDITED;
	else if (step.done == schema->n)
		step.state = MIGRATE_APPLIED;
	return step;
}

static struct list steps_of(const struct list *rows, struct arena *arena)
{
	struct migrate_step *step = arena_array(arena, struct migrate_step, schema_count + rows->n);
	const struct migration_row *row = rows->rows;
	size_t n = 0;

	for (size_t i = 0; i < schema_count; i++)
		step[n++] = step_of(&schema_table[i], rows, arena);
	for (size_t i = 0; i < rows->n; i++) {
		if (!find_schema(row[i].name.at))
			step[n++] = (struct migrate_step){row[i].name.at, MIGRATE_UNKNOWN,
							  (size_t)row[i].done};
	}
	return (struct list){step, n};
}

/* As a batch: a bare connection has no prepared statements. */
enum err migrate_list(struct db *db, struct arena *arena, struct list *steps_r)
{
	struct list rows = {0};
	struct batch batch;
	enum err err;

	batch_init(&batch, db, arena);
	batch_migration_list(&batch, &rows);
	err = batch_run(&batch);
	if (err == ERR_OK || err == ERR_NOT_FOUND)
		*steps_r = steps_of(&rows, arena);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err migrate_check(struct db *db, struct arena *arena)
{
	struct list steps;
	const struct migrate_step *step;
	enum err err = migrate_list(db, arena, &steps);

	if (err != ERR_OK)
		return err;
	step = steps.rows;
	for (size_t i = 0; i < steps.n; i++) {
		if (step[i].state == MIGRATE_PENDING || step[i].state == MIGRATE_EDITED)
			return ERR_CONFLICT;
	}
	return ERR_OK;
}

static enum err insert_row(struct db *db, struct arena *arena, const struct schema_def *schema)
{
	uint8_t digest[SHA256_LEN];
	struct batch batch;

	digest_of(schema, arena, digest);
	batch_init(&batch, db, arena);
	batch_migration_insert(
		&batch, &(struct migration_row){.name = str_of(schema->name),
						.digest = {(const char *)digest, sizeof(digest)}});
	return batch_run(&batch);
}

static enum err put_progress(struct db *db, struct arena *arena, const struct schema_def *schema,
			     size_t done)
{
	int64_t now_ms = clock_now_ms(&(struct clock){0});
	struct batch batch;

	batch_init(&batch, db, arena);
	batch_migration_progress(&batch, &(struct migration_progress_in){
						 .done = (int64_t)done,
						 .applied_at = {done == schema->n ? now_ms : 0},
						 .name = str_of(schema->name)});
	return batch_run(&batch);
}

/*
 * A run that was killed may have left its last ALTER TABLE to a server that ended it, unnoted: what
 * it makes or drops is there or gone then, all of it, for the statement is atomic.
 */
static enum err apply(struct db *db, struct arena *arena, const struct migrate_step *step)
{
	const struct schema_def *schema = find_schema(step->name);
	bool broken = step->done > 0;
	enum err err = ERR_OK;

	if (step->done == 0)
		err = insert_row(db, arena, schema);
	if (err == ERR_TAKEN) {
		broken = true;
		err = ERR_OK;
	}
	for (size_t i = step->done; err == ERR_OK && i < schema->n; i++) {
		err = db_command(db, schema->statements[i]);
		if (err == ERR_TAKEN && broken && i == step->done)
			err = ERR_OK;
		if (err == ERR_OK)
			err = put_progress(db, arena, schema, i + 1);
	}
	return err;
}

/* The table itself, before anything can be asked of it. */
static enum err make_table(struct db *db, struct arena *arena)
{
	const struct migrate_step first = {schema_table[0].name, MIGRATE_PENDING, 0};
	struct list steps;
	const struct migrate_step *step;
	enum err err = migrate_list(db, arena, &steps);

	step = err == ERR_OK ? steps.rows : NULL;
	if (err != ERR_OK || step[0].state != MIGRATE_PENDING)
		return err;
	for (size_t i = 0; err == ERR_OK && i < schema_table[0].n; i++)
		err = db_command(db, schema_table[0].statements[i]);
	return err == ERR_OK ? apply(db, arena, &first) : err;
}

static enum err take_lock(struct db *guard, struct arena *arena)
{
	struct migration_row *row = arena_new(arena, struct migration_row);
	struct batch batch;
	bool found;
	enum err err = db_command(guard, "START TRANSACTION");

	if (err != ERR_OK)
		return err;
	batch_init(&batch, guard, arena);
	batch_migration_lock(&batch,
			     &(struct migration_lock_in){.name = str_of(schema_table[0].name)}, row,
			     &found);
	return batch_run(&batch);
}

static enum err apply_all(struct db *db, struct arena *arena, void (*applied)(const char *name),
			  struct migrate_step *fault_r)
{
	struct list steps;
	const struct migrate_step *step;
	enum err err = migrate_list(db, arena, &steps);

	step = err == ERR_OK ? steps.rows : NULL;
	for (size_t i = 0; err == ERR_OK && i < steps.n; i++) {
		*fault_r = step[i];
		if (step[i].state == MIGRATE_EDITED || step[i].state == MIGRATE_UNKNOWN)
			return ERR_CONFLICT;
	}
	for (size_t i = 0; err == ERR_OK && i < steps.n; i++) {
		*fault_r = step[i];
		if (step[i].state != MIGRATE_PENDING)
			continue;
		err = apply(db, arena, &step[i]);
		if (err == ERR_OK && applied)
			applied(step[i].name);
	}
	return err;
}

enum err migrate_run(const struct db_options *options, struct arena *arena,
		     void (*applied)(const char *name), struct migrate_step *fault_r,
		     const char **message_r)
{
	struct db_options bare = *options;
	struct db *db, *guard;
	enum err err;

	assert(schema_count > 0);
	bare.bare = true;
	db = db_open(&bare);
	guard = db_open(&bare);
	*fault_r = (struct migrate_step){schema_table[0].name, MIGRATE_PENDING, 0};
	err = make_table(db, arena);
	if (err == ERR_OK)
		err = take_lock(guard, arena);
	if (err == ERR_OK)
		err = keys_all_back(db, arena);
	if (err == ERR_OK)
		err = apply_all(db, arena, applied, fault_r);
	*message_r = str_dup(arena, str_of(db_message(db))).at;
	db_close(&guard);
	db_close(&db);
	return err;
}
