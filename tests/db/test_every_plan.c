/*
 * Every named statement, and every filter and order that queries serve by an index: the server's
 * own plan for it reads no whole table and no whole index, but for those listed with a reason,
 * names the index that the statement or the field states, and reads few rows.
 */
#include "unit.h"

#include "database.h"
#include "rows_read.h"
#include "select_tables.h"
#include "stmt_gen.h"

static struct database on;

static int set_up(void **state)
{
	static const struct organisation_row organisation = {.id = 1};

	(void)state;
	assert_int_equal(sql_organisation_insert(on.db, &organisation, NULL), ERR_OK);
	return database_script(&on, EVERY_TABLE) != 0;
}

#define ORGANISATION_LEN "4" /* bytes of a key that organisation_id takes */

struct step_row {
	int64_t id;
	struct str select_type, table, type, possible_keys, key, key_len, ref, rows, extra;
};

#define STEP(m, name)                                                                              \
	{                                                                                          \
		.wire = (name), .member = #m, .offset = offsetof(struct step_row, m),              \
		.type = FIELD_TYPE(struct step_row, m), .flags = STORE_NULLABLE                    \
	}
static const struct field step_fields[] = {
	STEP(id, "id"),
	STEP(select_type, "select_type"),
	STEP(table, "table"),
	STEP(type, "type"),
	STEP(possible_keys, "possible_keys"),
	STEP(key, "key"),
	STEP(key_len, "key_len"),
	STEP(ref, "ref"),
	STEP(rows, "rows"),
	STEP(extra, "Extra"),
};
static const struct map step_map = MAP("step", struct step_row, step_fields);

/* What reads all of a table or an index, or many rows, and why it may. */
static const struct allowed {
	const char *statement, *table; /* table NULL = any of the statement */
	int64_t most_read;             /* 0 = READ_MOST */
	const char *reason;
} allowances[] = {
	{"article_list", "article", 600, "all articles are what is asked for"},
	{"till_list", "till", 600, "all tills are what is asked for"},
	{"credential_list", "credential", 2100, "a command that lists all logins"},
	{"revocation_list", "token_revocation", 20100, "what a worker keeps; it ends with tokens"},
	{"source_list", "source", 0, "a handful of sources"},
	{"source_account_list", "source_account", 0, "a handful of accounts"},
	{"webhook_list", "webhook", 0, "a handful of webhooks"},
	{"webhook_count", "webhook", 0, "a handful of webhooks"},
	{"delivery_announce", "webhook", 0, "a handful of webhooks"},
	{"setting_facts", NULL, 0, "a handful of levels and webhooks"},
	{"setting_list", "organisation_setting", 0, "what a worker keeps"},
	{"burn_level", "card_level", 0, "a handful of levels"},
	{"card_level_list", "card_level", 0, "a handful of levels"},
	{"card_level_count", "card_level", 0, "a handful of levels"},
	{"status_label_list", "status_label", 0, "a handful of labels"},
	{"status_label_set_default", "status_label", 0, "a handful of labels"},
	{"card_series_list", "card_series", 0, "the first of all series"},
	{"card_group_children_lock", NULL, 300, "the two hundred groups of a group"},
	{"webhook_due", "w", 0, "webhooks of all organisations, each by its own due row"},
	{"delivery_counts", "delivery", 4100, "a command's figures"},
	{"lags", "organisation", 0, "organisations, each by its own first lot"},
	{"organisation_list", "organisation", 0, "a command that lists all organisations"},
	{"migration_list", "schema_migration", 0, "the list of migrations"},
	{"verify_estimate", "TABLES", 0, "the server's own list of tables"},
	{"burn_lot_count", "", 5100, "the length of a command's bar"},
	{"burn_hold_count", "", 1100, "the length of a command's bar"},
	{"purge_journal_count", "", 10100, "the length of a command's bar"},
	{"purge_revocation_count", "", 10100, "the length of a command's bar"},
	{"purge_code_count", "", 10100, "the length of a command's bar"},
	{"purge_message_count", "", 1100, "the length of a command's bar"},
	{"purge_delivery_count", "", 1100, "the length of a command's bar"},
	{"card_block_ended", "", 300, "blocks that have ended, none of which is kept in a count"},
};

static const struct allowed *allowance(const char *statement)
{
	for (size_t i = 0; i < COUNT(allowances); i++) {
		if (strcmp(allowances[i].statement, statement) == 0)
			return &allowances[i];
	}
	return NULL;
}

/* Row 5 of every table, and half of all moments. */
static const struct {
	const char *name;
	int64_t number;
} numbers[] = {
	{"organisation_id", 1},
	{"of_organisation_id", 1},
	{"where_organisation_id", 1},
	{"unit", 1},
	{"where_unit", 1},
	{"kind", 1},
	{"state", 1},
	{"is_open", 1},
	{"status", 1},
	{"free_kind", 1},
	{"most", 10},
	{"limit", 10},
	{"offset", 20},
	{"skip", 20},
	{"from_at", 100},
	{"to_at", 200},
};

static int64_t number_of(const struct field *field)
{
	for (size_t i = 0; i < COUNT(numbers); i++) {
		if (strcmp(numbers[i].name, field->wire) == 0)
			return numbers[i].number;
	}
	return field->type == FT_MOMENT ? 10000 : 5;
}

static void fill(const struct map *map, char *in)
{
	static const struct uuid five = {{[15] = 5}};

	for (size_t i = 0; i < map->n; i++) {
		const struct field *field = &map->fields[i];
		int64_t number = number_of(field);
		struct str text = strcmp(field->wire, "to_key") == 0 ? STR("t6") : STR("t5");

		if (field->type == FT_UUID)
			memcpy(in + field->offset, &five, sizeof(five));
		else if (field->type == FT_BOOL)
			memset(in + field->offset, 1, sizeof(bool));
		else if (field->type == FT_STR || field->type == FT_JSON)
			memcpy(in + field->offset, &text, sizeof(text));
		else
			memcpy(in + field->offset, &number, sizeof(number));
	}
}

static struct list explain(const struct stmt_def *def, const void *in)
{
	const size_t size = strlen(def->text) + sizeof("EXPLAIN ");
	char *text = arena_alloc(&on.arena, size);
	struct stmt_def asked = {.name = def->name,
				 .text = text,
				 .in = def->in,
				 .out = &step_map,
				 .kind = STMT_MANY};
	struct list steps = {0};

	snprintf(text, size, "EXPLAIN %s", def->text);
	if (db_many_of(on.db, &on.arena, &asked, in, &steps) != ERR_OK)
		fail_msg("%s: %s", def->name, db_message(on.db));
	return steps;
}

static bool is(struct str text, const char *word)
{
	return str_eq(text, str_of(word));
}

/* A step that reads a whole table or a whole index. */
static bool reads_whole(const struct step_row *step)
{
	bool own = step->table.len > 0 && step->table.at[0] == '<';

	return !own && (is(step->type, "ALL") || is(step->type, "index"));
}

/* The same of one organisation's rows. */
static bool reads_all(const struct step_row *step)
{
	bool some = is(step->type, "ref") || is(step->type, "range");

	return reads_whole(step) || (some && is(step->key_len, ORGANISATION_LEN));
}

static bool names_key(const struct list *steps, struct str key)
{
	const struct step_row *step = steps->rows;

	for (size_t i = 0; i < steps->n; i++) {
		if (str_eq(step[i].key, key))
			return true;
	}
	return false;
}

/* Each index that the text forces is one that the plan names. */
static bool forced_are_used(const struct stmt_def *def, const struct list *steps)
{
	const char *at = def->text;

	if (is(((const struct step_row *)steps->rows)->table, ""))
		return true; /* the server knows the answer without reading */
	while ((at = strstr(at, "FORCE INDEX (")) != NULL) {
		at += strlen("FORCE INDEX (");
		if (!names_key(steps, (struct str){at, strcspn(at, ")")}))
			return false;
	}
	return true;
}

static void print_steps(const char *name, const struct list *steps)
{
	const struct step_row *step = steps->rows;

	for (size_t i = 0; i < steps->n; i++)
		print_message("%-32s %.*s: %.*s %.*s (%.*s) rows %.*s\n", name,
			      (int)step[i].table.len, step[i].table.at, (int)step[i].type.len,
			      step[i].type.at, (int)step[i].key.len, step[i].key.at,
			      (int)step[i].key_len.len, step[i].key_len.at, (int)step[i].rows.len,
			      step[i].rows.at);
}

/* An organisation's own row is found by its id alone. */
static bool may_read_all(const struct allowed *allowed, const struct step_row *step)
{
	if (is(step->table, "organisation") && !reads_whole(step))
		return true;
	return allowed && (!allowed->table || is(step->table, allowed->table));
}

/* A plan that breaks the rule is shown. */
static bool plan_is_good(const struct stmt_def *def, const void *in)
{
	struct list steps = explain(def, in);
	const struct allowed *allowed = allowance(def->name);
	const struct step_row *step = steps.rows;
	bool good = forced_are_used(def, &steps);

	for (size_t i = 0; i < steps.n; i++)
		good = good && (!reads_all(&step[i]) || may_read_all(allowed, &step[i]));
	if (!good)
		print_steps(def->name, &steps);
	return good;
}

#define READ_MOST 200

static bool reads_few(const struct stmt_def *def, const void *in)
{
	const struct allowed *allowed = allowance(def->name);
	int64_t read, most = allowed && allowed->most_read ? allowed->most_read : READ_MOST;
	struct stmt_def asked = *def;
	struct list rows = {0};

	asked.kind = STMT_MANY;
	rows_read(&on);
	if (db_many_of(on.db, &on.arena, &asked, in, &rows) != ERR_OK)
		fail_msg("%s: %s", def->name, db_message(on.db));
	read = rows_read(&on);
	if (read > most)
		print_message("%-32s %lld read\n", def->name, (long long)read);
	return read <= most;
}

static bool begins(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

/* What writes one row by its key, and variables, need none. */
static bool has_plan(const char *text)
{
	return begins(text, "SELECT") || begins(text, "UPDATE") || begins(text, "DELETE") ||
	       (begins(text, "INSERT") && strstr(text, "SELECT"));
}

static void test_every_statement_has_a_good_plan(void **state)
{
	size_t faults = 0;

	(void)state;
	for (size_t i = 0; i < stmt_count; i++) {
		const struct stmt_def *def = &stmt_table[i];
		size_t mark = arena_mark(&on.arena);
		char *in = def->in ? arena_alloc(&on.arena, def->in->size) : NULL;

		if (def->in)
			fill(def->in, in);
		if (has_plan(def->text))
			faults += !plan_is_good(def, in);
		if (begins(def->text, "SELECT"))
			faults += !reads_few(def, in);
		arena_reset(&on.arena, mark);
	}
	assert_int_equal(faults, 0);
}

/* What the test above must see. */
static void test_bad_plans_are_seen(void **state)
{
	static const char *const texts[] = {
		"SELECT id FROM card WHERE organisation_id = 1 AND image = SPACE(1)",
		"SELECT id FROM card WHERE image = SPACE(1)",
		"SELECT id FROM card FORCE INDEX (by_name) WHERE organisation_id = 1 AND kind = 5",
		"SELECT COUNT(*) AS n FROM card",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		const struct stmt_def def = {.name = "bad", .text = texts[i]};

		assert_false(plan_is_good(&def, NULL));
	}
}

static const struct {
	const char *name;
	const struct select_table *table;
} tables[] = {
	{"cards", &select_card},
	{"groups", &select_card_group},
	{"levels", &select_card_level},
	{"persons", &select_person},
	{"customer", &select_customer},
	{"company", &select_company},
	{"vehicle", &select_vehicle},
	{"card item", &select_card_item},
	{"group item", &select_group_item},
	{"level item", &select_level_item},
	{"transaction", &select_transaction},
	{"audit", &select_audit},
	{"series", &select_series_item},
	{"till", &select_till_item},
	{"washing", &select_washing_item},
	{"webhook", &select_webhook_item},
};

static const struct select_value five[] = {{5, {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\5", 16}}},
				 one[] = {{1, {NULL, 0}}}, t5[] = {{0, {"t5", 2}}},
				 t555[] = {{0, {"t555%", 5}}},
				 range[] = {{100, {"t1", 2}}, {110, {"t100", 4}}};

/* Conditions on a field that its index narrows down to few rows, or to half of them for a bool. */
static size_t conds_of(const struct select_field *field, struct select_cond conds[4])
{
	bool text = field->type == FT_STR, flag = field->type == FT_BOOL;
	const struct select_value *equal = text ? t5 : flag ? one : five;
	const struct select_cond all[] = {
		{SELECT_FILTER, SELECT_EQ, field->name, equal, 1, NULL, 0, NULL},
		{SELECT_FILTER, SELECT_IN, field->name, equal, 1, NULL, 0, NULL},
		{SELECT_FILTER, SELECT_BETWEEN, field->name, range, 2, NULL, 0, NULL},
		{SELECT_FILTER, SELECT_LIKE, field->name, t555, 1, NULL, 0, NULL},
	};

	memcpy(conds, all, sizeof(all));
	return field->type == FT_UUID || flag ? 2 : text && field->like ? 4 : 3;
}

static bool names_one_of(const struct list *steps, const char *const keys[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (keys[i] && names_key(steps, str_of(keys[i])))
			return true;
	}
	return false;
}

#define PAGE_READ_MOST 9000 /* candidates are counted and then read, up to 4,000 of them */

/* The index stated, or the walk in order where more match than are worth sorting. */
static bool query_is_good(const char *what, const struct select_query *query,
			  const char *const keys[], size_t n)
{
	struct list steps = {0}, rows;
	const struct step_row *step;
	int64_t read;
	bool good;

	if (select_explain(on.db, &on.arena, query, &step_map, &steps) != ERR_OK)
		fail_msg("%s: %s", what, db_message(on.db));
	step = steps.rows;
	good = n == 0 || names_one_of(&steps, keys, n);
	for (size_t i = 0; i < steps.n; i++)
		good = good && !reads_whole(&step[i]);
	rows_read(&on);
	assert_int_equal(select_rows(on.db, &on.arena, query, &rows), ERR_OK);
	read = rows_read(&on);
	if (good && read <= PAGE_READ_MOST)
		return true;
	print_message("%s: %lld read\n", what, (long long)read);
	print_steps(what, &steps);
	return false;
}

static bool filters_are_good(const char *table_name, const struct select_table *table,
			     const struct select_field *field)
{
	struct select_cond conds[4];
	size_t n = conds_of(field, conds);
	const char *const keys[] = {field->index, table->walk, field->order};
	bool good = true;
	char what[100];

	for (size_t i = 0; i < n; i++) {
		const struct select_query query = {
			.table = table, .organisation_id = 1, .where = conds[i], .limit = 10};

		if (!select_is_served(table, &conds[i]))
			continue;
		snprintf(what, sizeof(what), "%s.%s %d", table_name, field->name,
			 (int)conds[i].cmp);
		good = query_is_good(what, &query, keys,
				     !field->index  ? 0
				     : field->order ? 3
						    : 2) &&
		       good;
	}
	return good;
}

static bool orders_are_good(const char *table_name, const struct select_table *table,
			    const struct select_field *field)
{
	bool good = true;
	char what[100];

	for (int desc = 0; field->order && desc < 2; desc++) {
		const struct select_order order = {.name = field->name, .desc = desc};
		const struct select_query query = {.table = table,
						   .organisation_id = 1,
						   .where = {.kind = SELECT_AND},
						   .order = &order,
						   .order_n = 1,
						   .limit = 10};

		snprintf(what, sizeof(what), "%s by %s", table_name, field->name);
		good = query_is_good(what, &query, &field->order, 1) && good;
	}
	return good;
}

static void test_every_served_filter_and_order_has_a_good_plan(void **state)
{
	size_t faults = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(tables); i++) {
		for (size_t k = 0; k < tables[i].table->field_n; k++) {
			const struct select_field *field = &tables[i].table->fields[k];
			size_t mark = arena_mark(&on.arena);

			faults += !filters_are_good(tables[i].name, tables[i].table, field);
			faults += !orders_are_good(tables[i].name, tables[i].table, field);
			arena_reset(&on.arena, mark);
		}
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_statement_has_a_good_plan),
		cmocka_unit_test(test_bad_plans_are_seen),
		cmocka_unit_test(test_every_served_filter_and_order_has_a_good_plan),
	};
	int failed;

	if (!database_open(&on, "test_every_plan"))
		return 1;
	failed = cmocka_run_group_tests(tests, set_up, NULL);
	database_close(&on);
	return failed;
}
