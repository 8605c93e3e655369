/* Batches: values as text, several answers read in turn. */
#include "batch.h"

#include <assert.h>

#include "db_priv.h"
#include "log.h"

#define TEXT_FIRST   2048 /* bytes of a usual batch */
#define GATHER_FIRST 256  /* rows */

/* Always at the head of the text, sent only when this packet opens the transaction. */
static const char opening[] = "START TRANSACTION;";

struct batch_member {
	struct batch_member *next;
	const struct stmt_def *def; /* NULL = a command without rows: COMMIT */
	bool by_name;               /* EXECUTE of what is prepared under its number */
	void *row_r;
	bool *found_r;
	struct list *rows_r;
	int64_t *affected_r;
};

void batch_init(struct batch *batch, struct db *db, struct arena *arena)
{
	*batch = (struct batch){.db = db, .arena = arena};
	batch->next = &batch->first;
	buf_init(&batch->text, arena, TEXT_FIRST);
	buf_text(&batch->text, opening);
}

static struct batch_member *add_member(struct batch *batch, const struct stmt_def *def)
{
	struct batch_member *member = arena_new(batch->arena, struct batch_member);

	assert(!batch->commits);
	member->def = def;
	*batch->next = member;
	batch->next = &member->next;
	buf_text(&batch->text, batch->n++ > 0 ? ";" : "");
	return member;
}

void batch_begin(struct batch *batch)
{
	assert(batch->n == 0 && batch->db->tx == DB_TX_NONE);
	batch->begins = true;
}

void batch_snapshot(struct batch *batch)
{
	assert(batch->n == 0 && batch->db->tx == DB_TX_NONE);
	add_member(batch, NULL);
	buf_text(&batch->text, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
	add_member(batch, NULL);
	buf_text(&batch->text, "START TRANSACTION READ ONLY");
	batch->reads = true;
}

static void put_text(struct buf *text, const struct field *field, struct str value)
{
	bool bytes = field->type == FT_UUID || field->flags & STORE_BYTES;

	buf_text(text, bytes ? "x'" : "_utf8mb4 x'");
	buf_hex(text, value.at, value.len);
	buf_char(text, '\'');
}

/* Parentheses, so that a minus never meets another. */
static void put_number(struct buf *text, int64_t number)
{
	buf_text(text, number < 0 ? "(" : "");
	buf_i64(text, number);
	buf_text(text, number < 0 ? ")" : "");
}

static void put_value(struct buf *text, const struct field *field, const void *in)
{
	const void *member = (const char *)in + field->offset;
	struct str value = {member, sizeof(struct uuid)};
	int64_t number;

	if (db_travels_as_null(field, member)) {
		buf_text(text, "NULL");
	} else if (field->type == FT_BOOL) {
		put_number(text, *(const bool *)member);
	} else if (db_cell_is_number(field)) {
		memcpy(&number, member, sizeof(number));
		put_number(text, number);
	} else {
		if (field->type != FT_UUID)
			memcpy(&value, member, sizeof(value));
		put_text(text, field, value);
	}
}

/* sqlgen lets no quote into a text, so that each `?` is a parameter. */
static void put_whole(struct buf *text, const struct stmt_def *def, const void *in)
{
	const char *from = def->text;

	for (size_t i = 0; def->in && i < def->in->n; i++) {
		const char *mark = strchr(from, '?');

		assert(mark);
		buf_put(text, from, (size_t)(mark - from));
		put_value(text, &def->in->fields[i], in);
		from = mark + 1;
	}
	buf_text(text, from);
}

/* Parsing a statement costs the server more than most of them do. */
static void put_execute(struct buf *text, unsigned stmt, const void *in)
{
	const struct map *map = stmt_table[stmt].in;

	buf_text(text, "EXECUTE s");
	buf_i64(text, stmt);
	for (size_t i = 0; map && i < map->n; i++) {
		buf_text(text, i == 0 ? " USING " : ",");
		put_value(text, &map->fields[i], in);
	}
}

static struct batch_member *add_stmt(struct batch *batch, unsigned stmt, const void *in)
{
	const struct stmt_def *def = &stmt_table[stmt];
	struct batch_member *member = add_member(batch, def);

	assert(stmt < stmt_count);
	member->by_name = db_executes_by_name(batch->db);
	if (member->by_name)
		put_execute(&batch->text, stmt, in);
	else
		put_whole(&batch->text, def, in);
	return member;
}

/* What this connection has not prepared yet, in a packet before the batch's own. */
static enum err prepare_named(struct batch *batch)
{
	enum err err = ERR_OK;

	for (const struct batch_member *m = batch->first; err == ERR_OK && m; m = m->next)
		if (m->by_name)
			err = db_prepare_named(batch->db, (unsigned)(m->def - stmt_table));
	return err;
}

/* Rows of one INSERT so far. */
struct batch_gathered {
	const void **rows;
	size_t n, cap;
	size_t turn; /* number of first use, from 1; 0 = not used */
};

void batch_gather(struct batch *batch)
{
	assert(batch->db->tx == DB_TX_WANTED || batch->db->tx == DB_TX_OPEN);
	batch->gathered = arena_array(batch->arena, struct batch_gathered, stmt_count + 1);
}

void batch_gather_updates(struct batch *batch)
{
	batch_gather(batch);
	batch->gathers_updates = true;
}

static bool is_gathered(const struct batch *batch, unsigned stmt)
{
	const char *text = stmt_table[stmt].text;

	return batch->gathered && (strncmp(text, "INSERT ", 7) == 0 ||
				   (batch->gathers_updates && strncmp(text, "UPDATE ", 7) == 0));
}

static void gather(struct batch *batch, unsigned stmt, const void *in)
{
	struct batch_gathered *gathered = &batch->gathered[stmt];
	size_t size = stmt_table[stmt].in->size, cap = gathered->cap;
	void *row = arena_alloc(batch->arena, size);

	if (gathered->turn == 0)
		gathered->turn = ++batch->gathered[stmt_count].turn;
	if (gathered->n == cap) {
		gathered->cap = cap ? cap * 2 : GATHER_FIRST;
		gathered->rows = arena_grow(batch->arena, gathered->rows, cap * sizeof(row),
					    gathered->cap * sizeof(row));
	}
	memcpy(row, in, size);
	gathered->rows[gathered->n++] = row;
}

static enum err run_gathered(struct batch *batch)
{
	struct batch_gathered *gathered = batch->gathered;
	enum err err = ERR_OK;

	for (size_t turn = 1; err == ERR_OK && turn <= gathered[stmt_count].turn; turn++) {
		unsigned stmt = 0;

		while (gathered[stmt].turn != turn)
			stmt++;
		err = db_exec_rows(batch->db, batch->arena, stmt, gathered[stmt].rows,
				   gathered[stmt].n);
	}
	return err;
}

static void put_end(struct batch *batch)
{
	add_member(batch, NULL);
	buf_text(&batch->text, "COMMIT");
}

void batch_commit(struct batch *batch)
{
	assert(!batch->gathered && (batch->begins || batch->db->tx != DB_TX_NONE));
	put_end(batch);
	batch->commits = true;
}

void batch_one(struct batch *batch, unsigned stmt, const void *in, void *row_r, bool *found_r)
{
	struct batch_member *member = add_stmt(batch, stmt, in);

	member->row_r = row_r;
	member->found_r = found_r;
}

void batch_many(struct batch *batch, unsigned stmt, const void *in, struct list *rows_r)
{
	add_stmt(batch, stmt, in)->rows_r = rows_r;
}

void batch_exec(struct batch *batch, unsigned stmt, const void *in)
{
	batch->writes = true;
	if (is_gathered(batch, stmt))
		gather(batch, stmt, in);
	else
		add_stmt(batch, stmt, in);
}

void batch_affected(struct batch *batch, int64_t *affected_r)
{
	struct batch_member *newest = batch->first;

	assert(newest);
	while (newest->next)
		newest = newest->next;
	newest->affected_r = affected_r;
}

static bool read_row(struct batch *batch, const struct map *map, MYSQL_ROW columns,
		     const unsigned long *length, void *row)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct field *field = &map->fields[i];
		struct db_cell cell = {.at = columns[i], .len = length[i], .null = !columns[i]};

		if (!cell.null && db_cell_is_number(field) &&
		    !str_to_i64((struct str){cell.at, cell.len}, &cell.number))
			return false;
		if (!db_cell_store(field, &cell, batch->arena, row))
			return false;
	}
	batch->db->stats.rows++;
	return true;
}

static bool read_rows(struct batch *batch, const struct batch_member *member, MYSQL_RES *answer)
{
	const struct map *map = member->def->out;
	size_t n = (size_t)mysql_num_rows(answer);
	struct list rows = {.rows = member->row_r};

	if (mysql_num_fields(answer) != map->n || (n > 1 && member->def->kind == STMT_ONE))
		return false;
	if (member->rows_r && n > 0)
		rows.rows = arena_alloc(batch->arena, n * map->size);
	for (; rows.n < n && rows.rows; rows.n++) {
		MYSQL_ROW columns = mysql_fetch_row(answer);
		void *row = (char *)rows.rows + rows.n * map->size;

		if (!columns || !read_row(batch, map, columns, mysql_fetch_lengths(answer), row))
			return false;
	}
	if (member->rows_r)
		*member->rows_r = rows;
	if (member->found_r)
		*member->found_r = n > 0;
	return true;
}

/* An error code; *fits_r false when the rows are not what was declared. */
static unsigned read_answer(struct batch *batch, const struct batch_member *member, bool *fits_r)
{
	MYSQL *mysql = batch->db->mysql;
	MYSQL_RES *answer = mysql_store_result(mysql);
	bool rows = member->def && member->def->out;

	if (!answer && mysql_errno(mysql) != 0)
		return mysql_errno(mysql);
	if (rows != (answer != NULL))
		*fits_r = false;
	else if (rows)
		*fits_r = read_rows(batch, member, answer) && *fits_r;
	else if (member->affected_r)
		*member->affected_r = (int64_t)mysql_affected_rows(mysql);
	if (answer)
		mysql_free_result(answer);
	return 0;
}

/*
 * Reads until the last answer or the first error. batch->failed follows; the opening,
 * which is no member, counts as the first one's.
 */
static unsigned read_answers(struct batch *batch, bool opens, bool *fits_r)
{
	MYSQL *mysql = batch->db->mysql;
	const struct batch_member opener = {.next = batch->first};
	const struct batch_member *member = opens ? &opener : batch->first;
	unsigned code = read_answer(batch, member, fits_r);

	for (member = member->next; code == 0 && member; member = member->next) {
		int status = mysql_next_result(mysql);

		batch->failed += member != batch->first;
		if (status < 0)
			*fits_r = false;
		if (status != 0)
			return status > 0 ? mysql_errno(mysql) : 0;
		code = read_answer(batch, member, fits_r);
	}
	*fits_r = *fits_r && (code != 0 || !mysql_more_results(mysql));
	return code;
}

static enum err send_batch(struct batch *batch, bool opens)
{
	struct db *db = batch->db;
	struct str text = buf_done(&batch->text);
	size_t skip = opens ? 0 : sizeof(opening) - 1;
	enum err err = prepare_named(batch);
	struct db_call call;
	bool fits = true;
	unsigned code = 0;

	batch->failed = 0;
	if (err != ERR_OK)
		return err;
	call = db_call_begin(db);
	if (call.fault != DB_FAULT_UNSENT)
		code = mysql_real_query(db->mysql, text.at + skip, text.len - skip) != 0
			       ? mysql_errno(db->mysql)
			       : read_answers(batch, opens, &fits);
	code = db_call_end(db, &call, code);
	if (code != 0)
		return db_failed(db, code, mysql_error(db->mysql), "batch");
	if (fits)
		return ERR_OK;
	log_event(LOG_ERROR_, "an answer of a batch does not fit", NULL);
	db_disconnect(db);
	return ERR_INTERNAL;
}

/* Once sent, only an answer tells whether the commit at its end was reached. */
static bool outcome_is_unknown(const struct batch *batch, enum err err)
{
	const struct db *db = batch->db;
	bool alone = db->tx == DB_TX_NONE && !batch->begins;
	bool at_commit = batch->commits && batch->failed + 1 == batch->n;

	if (err != ERR_BUSY)
		return false;
	return (db->lost && (batch->commits || (alone && batch->writes))) ||
	       (db->timed_out && at_commit);
}

static enum err run_within(struct batch *batch)
{
	struct db *db = batch->db;
	bool opens = db->tx == DB_TX_WANTED;
	enum err err;

	assert(db->tx != DB_TX_COMMITTED);
	if (!db->ready)
		return ERR_BUSY;
	db->tx = DB_TX_OPEN;
	err = send_batch(batch, opens);
	if (err == ERR_OK && batch->commits)
		db->tx = DB_TX_COMMITTED;
	return err;
}

/* Outside tx_run: reads are repeated once on a new connection, a transaction cleans up. */
static enum err run_alone(struct batch *batch)
{
	struct db *db = batch->db;
	bool repeats = !batch->writes && !batch->begins;
	enum err err = ERR_OK;

	for (int try = 0; try < (repeats ? 2 : 1); try++) {
		err = db_ready(db);
		if (err != ERR_OK)
			return err;
		err = send_batch(batch, batch->begins);
		if (err != ERR_BUSY || !db->lost)
			break;
	}
	if (err != ERR_OK && (batch->begins || batch->reads))
		db_rollback(db);
	return err;
}

enum err batch_run(struct batch *batch)
{
	struct db *db = batch->db;
	enum err err = ERR_OK;

	assert((!batch->begins || batch->commits) && !(batch->reads && batch->writes));
	if (batch->reads)
		put_end(batch);
	if (batch->n > 0)
		err = db->tx == DB_TX_NONE ? run_alone(batch) : run_within(batch);
	if (outcome_is_unknown(batch, err))
		return ERR_UNCERTAIN;
	return err == ERR_OK && batch->gathered ? run_gathered(batch) : err;
}
