/* The proof of the books: sound histories pass, and of each planted fault the row is named. */
#include "verify.h"

#include "chain.h"
#include "lived.h"
#include "keyring.h"
#include "ledger.h"
#include "scene.h"
#include "stmt_gen.h"
#include "till.h"
#include "unit.h"

#define EPOCH_MS   INT64_C(1767225600000)
#define SQL_MAX    4 /* statements of a fault */
#define TEXT_MAX   512
#define AN_ACCOUNT "(SELECT card_id FROM account WHERE last_seq > 5 ORDER BY card_id LIMIT 1)"

static struct scene on;

static struct verify_report verify(void)
{
	struct verify_report report = {0};

	assert_int_equal(ledger_verify(on.ctx.db, on.ctx.ledger_keys, 0, NULL, NULL, &report),
			 ERR_OK);
	return report;
}

static const char *const tables[] = {"account", "entry", "lot", "allocation", "hold", "journal"};

static void sql(const char *format, const char *a, const char *b)
{
	char text[TEXT_MAX];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), format, a, b);
#pragma GCC diagnostic pop
	if (database_run(&on.on, text) != 0)
		fail_msg("%s", text);
}

static void keep(void)
{
	for (size_t i = 0; i < COUNT(tables); i++)
		sql("CREATE TABLE %s_kept AS SELECT * FROM %s", tables[i], tables[i]);
}

static void restore(void)
{
	for (size_t i = 0; i < COUNT(tables); i++) {
		sql("DELETE FROM %s", tables[i], "");
		sql("INSERT INTO %s SELECT * FROM %s_kept", tables[i], tables[i]);
	}
}

static void test_a_whole_history_is_sound(void **state)
{
	struct verify_report report = verify();

	(void)state;
	if (report.table)
		fail_msg("%s, %s: %s", report.table, report.key, report.fault);
	assert_int_equal(report.organisations, 2);
	assert_int_equal(report.entries, scene_number(&on, "SELECT COUNT(*) FROM entry"));
	assert_int_equal(report.lots, scene_number(&on, "SELECT COUNT(*) FROM lot"));
	assert_int_equal(report.holds, scene_number(&on, "SELECT COUNT(*) FROM hold"));
	assert_int_equal(report.allocations, scene_number(&on, "SELECT COUNT(*) FROM allocation"));
	assert_true(report.entries > 20 && report.holds > 6);
}

struct fault {
	const char *sql[SQL_MAX];
	const char *table, *key, *says; /* parts of what is reported */
};

static const struct fault faults[] = {
	/* the chain */
	{{"UPDATE entry SET amount = amount + 1 WHERE seq = 3 LIMIT 1"}, "entry", "seq 3", "tag"},
	{{"UPDATE entry SET author = CONCAT(author, _utf8mb4 x'21') WHERE seq = 2 LIMIT 1"},
	 "entry",
	 "seq 2",
	 "author"},
	{{"DELETE FROM entry WHERE seq = 2 AND account_card_id = " AN_ACCOUNT},
	 "entry",
	 "seq 3",
	 "seq: 2 is missing"},
	{{"DELETE FROM entry ORDER BY seq DESC LIMIT 1"}, "entry", "", "missing: the account's"},
	{{"UPDATE entry SET seq = 1003 - seq WHERE seq IN (1, 2) AND account_card_id = " AN_ACCOUNT,
	  "UPDATE entry SET seq = seq - 1000 WHERE seq > 1000"},
	 "entry",
	 "seq 1",
	 "tag"},
	{{"CREATE TABLE more AS SELECT * FROM entry ORDER BY seq DESC LIMIT 1",
	  "UPDATE more SET seq = seq + 1, id = REPEAT('a', 16)",
	  "INSERT INTO entry SELECT * FROM more", "DROP TABLE more"},
	 "entry",
	 "61616161",
	 "tag"},
	{{"UPDATE entry SET kind = 13 WHERE seq = 2 LIMIT 1"},
	 "entry",
	 "seq 2",
	 "kind: 13 is none"},
	{{"UPDATE entry SET posted_at = 5 WHERE seq = 2 LIMIT 1"},
	 "entry",
	 "seq 2",
	 "posted_at: 5 is before"},
	{{"UPDATE entry SET kid = 'lost' WHERE seq = 2 LIMIT 1"}, "entry", "seq 2", "kid: lost"},
	/* the account's row */
	{{"UPDATE account SET balance = balance + 1 WHERE last_seq > 2 LIMIT 1"},
	 "account",
	 "points",
	 "mac"},
	{{"DELETE FROM account WHERE last_seq > 2 LIMIT 1"}, "entry", "points", "no row"},
	/* lots */
	{{"UPDATE lot SET remaining = remaining - 1 WHERE remaining > 1 LIMIT 1"},
	 "lot",
	 "id ",
	 "remaining by its allocations"},
	{{"UPDATE lot SET remaining = amount + 1 LIMIT 1"}, "lot", "id ", "is not within 0 and"},
	{{"UPDATE lot SET remaining = -1 LIMIT 1"}, "lot", "id ", "remaining: -1 is not within"},
	{{"UPDATE lot SET held = -1 LIMIT 1"}, "lot", "id ", "held: -1 is not within"},
	{{"UPDATE lot SET is_open = 0 WHERE is_open = 1 LIMIT 1"}, "lot", "id ", "is_open: 0"},
	{{"UPDATE lot SET active_to = active_to + 1, burn_at = burn_at + 1 WHERE active_to > 0 "
	  "LIMIT 1"},
	 "lot",
	 "id ",
	 "active_to"},
	{{"UPDATE lot SET active_from = 1 LIMIT 1"}, "lot", "id ", "active_from: 1, should be"},
	{{"UPDATE lot SET returned = returned + 1 WHERE returned < amount LIMIT 1"},
	 "lot",
	 "id ",
	 "returned by the entries"},
	{{"DELETE FROM lot WHERE remaining = amount LIMIT 1"}, "entry", "seq ", "by its lots"},
	{{"DELETE FROM lot WHERE remaining < amount LIMIT 1"},
	 "allocation",
	 "position",
	 "lot_id: not a lot"},
	{{"UPDATE lot SET card_id = REPEAT('~', 16) WHERE remaining = amount LIMIT 1"},
	 "entry",
	 "seq ",
	 "by its lots"},
	{{"UPDATE lot SET unit = 2 WHERE remaining = amount LIMIT 1"},
	 "entry",
	 "seq ",
	 "by its lots"},
	/* allocations */
	{{"UPDATE allocation SET taken = taken + 1 WHERE held = 0 LIMIT 1"},
	 "lot",
	 "id ",
	 "remaining"},
	{{"UPDATE allocation SET held = held + 1, taken = taken + 1 WHERE held > 0 LIMIT 1"},
	 "lot",
	 "id ",
	 "by its allocations"},
	{{"DELETE FROM allocation WHERE held = 0 LIMIT 1"}, "lot", "id ", "by its allocations"},
	{{"UPDATE allocation SET owner_id = REPEAT('~', 16) WHERE held = 0 LIMIT 1"},
	 "allocation",
	 "7e7e7e7e",
	 "owner_id: no entry"},
	{{"UPDATE allocation SET lot_id = REPEAT('~', 16) WHERE held = 0 LIMIT 1"},
	 "allocation",
	 "position",
	 "lot_id: not a lot"},
	{{"UPDATE allocation SET returned = returned + 1 WHERE returned > 0 AND held = 0 AND taken "
	  "> returned LIMIT 1"},
	 "entry",
	 "seq ",
	 "returned by the entries"},
	{{"UPDATE allocation SET returned = taken + 1 WHERE returned > 0 AND held = 0 LIMIT 1"},
	 "allocation",
	 "position",
	 "returned"},
	{{"UPDATE allocation SET taken = taken - 1 WHERE held < 0 AND taken = held LIMIT 1"},
	 "allocation",
	 "position",
	 "taken"},
	/* holds */
	{{"UPDATE hold SET amount = amount + 1 WHERE state = 1 LIMIT 1"},
	 "hold",
	 "id ",
	 "amount by"},
	{{"UPDATE hold SET amount = amount + 1 WHERE state = 2 LIMIT 1"},
	 "hold",
	 "id ",
	 "amount by"},
	{{"UPDATE hold SET amount = amount + 1 WHERE state = 3 LIMIT 1"},
	 "hold",
	 "id ",
	 "amount by"},
	{{"UPDATE hold SET captured = captured + 1 WHERE state = 2 LIMIT 1"},
	 "hold",
	 "id ",
	 "captured"},
	{{"UPDATE hold SET state = 4 WHERE state = 1 LIMIT 1"}, "hold", "id ", "closed_by: unset"},
	{{"UPDATE hold SET state = 2, captured = 1 WHERE state = 3 LIMIT 1"},
	 "allocation",
	 "owner",
	 "owner_id: no entry"},
	{{"UPDATE hold SET closed_by = REPEAT('~', 16) WHERE state = 2 LIMIT 1"},
	 "hold",
	 "id ",
	 "closed_by: not a spend"},
	{{"UPDATE hold SET state = 9 LIMIT 1"}, "hold", "id ", "state: 9 is none"},
	{{"UPDATE hold SET until_at = 5 WHERE state = 1 LIMIT 1"}, "hold", "id ", "until_at"},
	{{"DELETE FROM hold WHERE state = 1 LIMIT 1"}, "allocation", "owner", "no hold"},
	{{"DELETE FROM hold WHERE state = 3 LIMIT 1"}, "allocation", "owner", "no hold"},
	/* the journal */
	{{"UPDATE journal SET entries = NULL WHERE LENGTH(entries) > 0 LIMIT 1"},
	 "entry",
	 "seq ",
	 "that row does not name it"},
	{{"UPDATE journal SET entries = CONCAT(entries, entries) WHERE LENGTH(entries) = 16 LIMIT "
	  "1"},
	 "journal",
	 "id ",
	 "more than once"},
	{{"UPDATE journal SET entries = CONCAT(entries, 'x') WHERE LENGTH(entries) = 16 LIMIT 1"},
	 "journal",
	 "id ",
	 "17 bytes"},
	{{"UPDATE journal SET entries = CONCAT(entries, REPEAT('~', 16)) WHERE LENGTH(entries) = "
	  "16 LIMIT 1"},
	 "journal",
	 "id ",
	 "which is not there"},
	{{"UPDATE journal SET entries = (SELECT id FROM entry LIMIT 1) WHERE entries IS NULL LIMIT "
	  "1"},
	 "journal",
	 "id ",
	 "names another row"},
	{{"DELETE FROM journal WHERE LENGTH(entries) = 16 LIMIT 1"},
	 "entry",
	 "seq ",
	 "no such row"},
	{{"DELETE FROM entry WHERE account_card_id = " AN_ACCOUNT,
	  "DELETE l, a FROM lot l JOIN allocation a ON a.card_id = l.card_id WHERE l.card_id "
	  "= " AN_ACCOUNT,
	  "DELETE FROM hold WHERE account_card_id = " AN_ACCOUNT,
	  "DELETE FROM account WHERE last_seq > 5 ORDER BY card_id LIMIT 1"},
	 "journal",
	 "id ",
	 "which is not there"},
};

static bool is_named(const struct verify_report *report, const struct fault *fault)
{
	return report->table && strcmp(report->table, fault->table) == 0 &&
	       strstr(report->key, fault->key) && strstr(report->fault, fault->says);
}

static void test_each_planted_fault_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(faults); i++) {
		for (size_t s = 0; s < SQL_MAX && faults[i].sql[s]; s++)
			sql("%s", faults[i].sql[s], "");
		struct verify_report report = verify();
		if (!is_named(&report, &faults[i]))
			fail_msg("%s: wanted %s, %s, %s; got %s, %s: %s", faults[i].sql[0],
				 faults[i].table, faults[i].key, faults[i].says,
				 report.table ? report.table : "sound", report.key, report.fault);
		restore();
	}
	assert_null(verify().table);
}

/* One member changed by a byte or one, in rows where it means something. */
static const char *change_of(const struct field *field)
{
	switch (field->type) {
	case FT_UUID:
		return "REPEAT('~', 16)";
	case FT_STR:
		return field->flags & STORE_BYTES ? "REVERSE(%s)" : "CONCAT(%s, 'x')";
	default:
		return "IF(COALESCE(%s, 0) = 9223372036854775807, 5, COALESCE(%s, 0) + 1)";
	}
}

static void change(const char *table, const struct field *field, const char *where)
{
	char value[TEXT_MAX / 4], assignment[TEXT_MAX];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(value, sizeof(value), change_of(field), field->wire, field->wire);
#pragma GCC diagnostic pop
	snprintf(assignment, sizeof(assignment), "%s = %s %s", field->wire, value, where);
	sql("UPDATE %s SET %s LIMIT 1", table, assignment);
}

/* Members that no seal and no sum covers, or that a row may have as it likes. */
static bool is_free(const char *table, const char *member)
{
	static const char *const members[] = {
		"lot.origin_lot", "allocation.at",  "allocation.position",
		"hold.card_id",   "hold.placed_at", "hold.until_at",
		"hold.closed_at", "hold.doc_id",    "hold.author"};
	char name[TEXT_MAX];

	snprintf(name, sizeof(name), "%s.%s", table, member);
	for (size_t i = 0; i < COUNT(members); i++)
		if (strcmp(members[i], name) == 0)
			return true;
	return false;
}

static void test_a_change_of_any_member_shows(void **state)
{
	const struct {
		const char *table, *where;
		const struct map *map;
	} sweeps[] = {
		{"entry", "ORDER BY seq DESC", &entry_row_map},
		{"account", "WHERE last_seq > 0", &account_row_map},
		{"lot", "WHERE remaining > 0 AND held = 0 AND returned < amount", &lot_row_map},
		{"allocation", "WHERE held = 0 AND taken > 0", &allocation_row_map},
		{"hold", "WHERE state = 2", &hold_row_map},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(sweeps); i++) {
		for (size_t f = 0; f < sweeps[i].map->n; f++) {
			const struct field *field = &sweeps[i].map->fields[f];
			if (is_free(sweeps[i].table, field->wire))
				continue;
			change(sweeps[i].table, field, sweeps[i].where);
			if (!verify().table)
				fail_msg("%s.%s may change unseen", sweeps[i].table, field->wire);
			restore();
		}
	}
}

/* Sealed again with the ledger's key: whoever has that finds the sums against him. */
static void forge(size_t offset, int64_t by)
{
	struct list rows = {0};
	struct verify_account_in all = {.organisation_id = SCENE_ORGANISATION, .most = 1};

	assert_int_equal(sql_verify_account(on.ctx.db, on.ctx.arena, &all, &rows), ERR_OK);
	struct account_row *row = rows.rows;
	*(int64_t *)(void *)((char *)row + offset) += by;
	chain_seal_account(on.ctx.arena, keyring_signing(on.ctx.ledger_keys), row);
	struct account_update_in in = {*row, row->organisation_id, row->card_id, row->unit};
	assert_int_equal(sql_account_update(on.ctx.db, &in, NULL), ERR_OK);
}

static void test_a_figure_sealed_again_is_named(void **state)
{
	static const struct {
		size_t offset;
		int64_t by;
		struct fault fault;
	} forged[] = {
		{offsetof(struct account_row, balance), 1, {{0}, "account", "points", "balance"}},
		{offsetof(struct account_row, debt), 1, {{0}, "account", "points", "debt"}},
		{offsetof(struct account_row, debt), -1, {{0}, "account", "points", "below 0"}},
		{offsetof(struct account_row, held), 1, {{0}, "account", "points", "held"}},
		{offsetof(struct account_row, received),
		 -1,
		 {{0}, "account", "points", "received"}},
		{offsetof(struct account_row, available),
		 1,
		 {{0}, "account", "points", "available"}},
		{offsetof(struct account_row, last_seq), 1, {{0}, "entry", "seq ", "missing"}},
		{offsetof(struct account_row, last_seq),
		 -1,
		 {{0}, "account", "points", "last_seq"}},
		{offsetof(struct account_row, last_posted_at),
		 1,
		 {{0}, "account", "", "last_posted_at"}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(forged); i++) {
		forge(forged[i].offset, forged[i].by);
		struct verify_report report = verify();
		if (!is_named(&report, &forged[i].fault))
			fail_msg("wanted %s; got %s, %s: %s", forged[i].fault.says,
				 report.table ? report.table : "sound", report.key, report.fault);
		restore();
	}
}

static void test_an_erased_text_leaves_the_chain_whole(void **state)
{
	(void)state;
	sql("UPDATE entry SET author = '', description = ''", "", "");
	assert_null(verify().table);
	restore();
}

static void test_one_organisation_alone(void **state)
{
	struct verify_report report = {0};

	(void)state;
	sql("UPDATE entry SET amount = amount + 1 LIMIT 1", "", "");
	assert_int_equal(
		ledger_verify(on.ctx.db, on.ctx.ledger_keys, SCENE_OTHER, NULL, NULL, &report),
		ERR_OK);
	assert_null(report.table);
	assert_int_equal(report.entries, 0);
	assert_int_equal(ledger_verify(on.ctx.db, on.ctx.ledger_keys, SCENE_ORGANISATION, NULL,
				       NULL, &report),
			 ERR_OK);
	assert_non_null(report.table);
	restore();
}

/* The books go on while they are proved: nothing later than the beginning is seen. */
static struct uuid busy;

static void post_beside(void *arg, const struct verify_report *report)
{
	struct scene beside = on;

	(void)arg;
	(void)report;
	if (fork() == 0) {
		scene_connect(&beside);
		till_post(&beside, &busy, POSTING_ON, 100);
		_exit(0);
	}
	wait(NULL);
}

static void test_postings_beside_it_do_not_disturb(void **state)
{
	struct verify_report report = {0};

	(void)state;
	busy = till_card(&on, 1000, true);
	long long before = scene_number(&on, "SELECT COUNT(*) FROM entry");
	assert_int_equal(
		ledger_verify(on.ctx.db, on.ctx.ledger_keys, 0, post_beside, NULL, &report),
		ERR_OK);
	assert_null(report.table);
	assert_int_equal(report.entries, before);
	assert_true(scene_number(&on, "SELECT COUNT(*) FROM entry") > before);
	assert_null(verify().table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_whole_history_is_sound),
		cmocka_unit_test(test_each_planted_fault_is_named),
		cmocka_unit_test(test_a_change_of_any_member_shows),
		cmocka_unit_test(test_a_figure_sealed_again_is_named),
		cmocka_unit_test(test_an_erased_text_leaves_the_chain_whole),
		cmocka_unit_test(test_one_organisation_alone),
		cmocka_unit_test(test_postings_beside_it_do_not_disturb),
	};

	if (!scene_open(&on, "test_verify"))
		return 1;
	on.clock.fixed_ms = EPOCH_MS;
	history_fill(&on);
	keep();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	return failed;
}
