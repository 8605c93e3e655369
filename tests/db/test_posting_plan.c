/* What a posting costs the server: packets, rows read and the indexes that find them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "rows_read.h"
#include "stmt_gen.h"
#include "till.h"
#include "uuid.h"

#define EARLIER 60 /* documents of the card before */

static struct scene scene;

static int open_scene(void **state)
{
	(void)state;
	return scene_open(&scene, "test_posting_plan") ? 0 : -1;
}

static int close_scene(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

/* Every document is another one. */
static struct posting_in posting_make(const struct uuid *card, enum posting_type type)
{
	static int n;
	struct posting_in in = till_posting(card, type, 5);
	char *doc = arena_alloc(scene.ctx.arena, 16);
	snprintf(doc, 16, "doc%d", n++);
	in.doc_id = str_of(doc);
	in.doc_type = 1;
	return in;
}

static struct uuid card_with_history(void)
{
	struct uuid card = till_card(&scene, 100000, true);
	for (int i = 0; i < EARLIER; i++) {
		struct posting_in in = posting_make(&card, i % 2 ? POSTING_OFF : POSTING_ON);
		till_run(&scene, &op_transaction_add, &in);
	}
	return card;
}

/* most_read: of two accounts' keys, card, level, open lots and their allocations. */
static void a_posting_is_two_packets_and_few_rows(void **state)
{
	static const struct {
		enum posting_type type;
		int64_t most_read;
	} cases[] = {{POSTING_ON, 12}, {POSTING_OFF, 60}};
	struct uuid card = card_with_history();
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct posting_in in = posting_make(&card, cases[i].type);
		till_run(&scene, &op_transaction_add, &in);
		in = posting_make(&card, cases[i].type);
		int64_t calls = db_stats(scene.on.db)->calls;
		till_run(&scene, &op_transaction_add, &in);
		assert_int_equal(db_stats(scene.on.db)->calls - calls, 2);
		in = posting_make(&card, cases[i].type);
		rows_read(&scene.on);
		till_run(&scene, &op_transaction_add, &in);
		assert_in_range(rows_read(&scene.on), 3, cases[i].most_read);
	}
}

/* EXPLAIN FORMAT=JSON of the reading statement. */
static const char *plan_of(const struct book_of_card_lock_in *in)
{
	static const struct field column = {.wire = "EXPLAIN", .type = FT_STR};
	static const struct map map = {
		.name = "plan", .size = sizeof(struct str), .fields = &column, .n = 1};
	const struct stmt_def *stmt = &stmt_table[STMT_BOOK_OF_CARD_LOCK];
	struct stmt_def def = {.name = "explain", .in = stmt->in, .out = &map, .kind = STMT_MANY};
	struct list rows = {0};
	struct buf text;
	buf_init(&text, scene.ctx.arena, 4096);
	buf_printf(&text, "EXPLAIN FORMAT=JSON %s", stmt->text);
	def.text = buf_done(&text).at;
	assert_int_equal(db_many_of(scene.on.db, scene.ctx.arena, &def, in, &rows), ERR_OK);
	assert_int_equal(rows.n, 1);
	return ((const struct str *)rows.rows)->at;
}

/* The text of a plan from a table's name on. */
static const char *table_of(const char *plan, const char *name)
{
	char mark[64];
	snprintf(mark, sizeof mark, "\"table_name\": \"%s\"", name);
	const char *table = strstr(plan, mark);
	assert_non_null(table);
	return table;
}

/* Of the table that `plan` begins with: the member has this value. */
static bool says(const char *plan, const char *member, const char *value)
{
	char mark[64];
	snprintf(mark, sizeof mark, "\"%s\": \"", member);
	const char *at = strstr(plan, mark);
	return at && strncmp(at + strlen(mark), value, strlen(value)) == 0 &&
	       at[strlen(mark) + strlen(value)] == '"';
}

static void books_are_found_by_their_keys(void **state)
{
	struct uuid card = card_with_history();
	struct book_of_card_lock_in in = {1, STR("doc3"), 1, SCENE_ORGANISATION, 0, card};
	(void)state;
	const char *plan = plan_of(&in);
	assert_true(says(table_of(plan, "c"), "access_type", "const"));
	assert_true(says(table_of(plan, "a"), "access_type", "range"));
	assert_true(says(table_of(plan, "a"), "key", "PRIMARY"));
	assert_true(says(table_of(plan, "d"), "access_type", "ref"));
	assert_true(says(table_of(plan, "d"), "key", "by_document"));
}

/* Most postings of some organisations have none: then no entry is looked for. */
static void no_document_reads_no_entry(void **state)
{
	struct uuid card = card_with_history();
	struct book_of_card_lock_in in = {1, STR(""), 0, SCENE_ORGANISATION, 0, card};
	(void)state;
	assert_false(says(table_of(plan_of(&in), "d"), "key", "by_document"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_posting_is_two_packets_and_few_rows),
		cmocka_unit_test(books_are_found_by_their_keys),
		cmocka_unit_test(no_document_reads_no_entry),
	};
	return cmocka_run_group_tests(tests, open_scene, close_scene);
}
