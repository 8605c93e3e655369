/* `kartoteka burn`: alone, several at once beside tills, killed on the way; the books in the end.
 */
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "card.h"
#include "level.h"
#include "posting.h"
#include "scene.h"
#include "till.h"
#include "unit.h"
#include "verify.h"

#define DAY_MS    INT64_C(86400000)
#define CARDS     16
#define LOTS_EACH 8
#define LINE_MAX_ 512
#define KEY       "t1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" /* of every scene */

static struct scene on;
static struct uuid cards[CARDS];
static char folder[] = "/tmp/kartoteka-test-burn-XXXXXX";
static int64_t now_ms;

static void write_file(const char *name, const char *text)
{
	char path[LINE_MAX_];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, 0600), 0);
}

static void write_config(void)
{
	char text[LINE_MAX_];

	assert_non_null(mkdtemp(folder));
	snprintf(text, sizeof(text),
		 "[database]\nsocket = %s\nname = test_burn\nuser = root\n[ledger]\nkeys = keys\n",
		 on.on.options.socket);
	write_file("ini", text);
	write_file("keys", KEY);
}

static void remove_files(void)
{
	static const char *const names[] = {"ini", "keys"};
	char path[LINE_MAX_];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

static FILE *kartoteka(const char *words)
{
	char line[LINE_MAX_];

	snprintf(line, sizeof(line), "'%s' --config '%s/ini' %s", KARTOTEKA, folder, words);
	return popen(line, "r");
}

/* A run, and the columns of the first organisation's line. */
static int run(const char *words, long long *accounts_r, long long *entries_r)
{
	FILE *out = kartoteka(words);
	long long organisation = 0;

	*accounts_r = *entries_r = -1;
	if (fscanf(out, "%lld %lld %lld", &organisation, accounts_r, entries_r) != 3)
		*accounts_r = *entries_r = -1;
	int status = pclose(out);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static long long number(const char *text)
{
	return scene_number(&on, text);
}

static long long left(void)
{
	char text[LINE_MAX_];

	snprintf(text, sizeof(text),
		 "SELECT COUNT(*) FROM lot WHERE is_open = 1 AND burn_at <= %lld",
		 (long long)now_ms);
	return number(text);
}

static long long burns(void)
{
	return number("SELECT COUNT(*) FROM entry WHERE kind = 6");
}

static void sound(void)
{
	struct verify_report report = {0};

	assert_int_equal(ledger_verify(on.ctx.db, on.ctx.ledger_keys, 0, NULL, NULL, &report),
			 ERR_OK);
	if (report.table)
		fail_msg("%s, %s: %s", report.table, report.key, report.fault);
}

/* Lots that end a day after the card's present, and one that does not. */
static void fill_card(struct uuid card, int lots)
{
	struct posting_in in = till_posting(&card, POSTING_ON, 100);

	sent_set(&in.sent, offsetof(struct posting_in, invalidate_period_days));
	in.invalidate_period_days = 1;
	for (int i = 0; i < lots; i++)
		till_run(&on, &op_transaction_add, &in);
	till_post(&on, &card, POSTING_ON, 1000);
}

static void fill(void)
{
	on.clock.fixed_ms = now_ms - 10 * DAY_MS;
	for (int i = 0; i < CARDS; i++)
		fill_card(cards[i], LOTS_EACH);
	on.clock.fixed_ms = now_ms;
}

static void test_every_ended_lot_burns_once(void **state)
{
	long long accounts, entries, before = burns();

	(void)state;
	fill();
	assert_int_equal(left(), CARDS * LOTS_EACH);
	assert_int_equal(run("burn --dry-run", &accounts, &entries), 0);
	assert_int_equal(accounts, CARDS * LOTS_EACH);
	assert_int_equal(left(), CARDS * LOTS_EACH);
	assert_int_equal(run("burn --organisation 2", &accounts, &entries), 0);
	assert_int_equal(entries, 0);
	assert_int_equal(run("burn --batch 7", &accounts, &entries), 0);
	assert_int_equal(accounts, CARDS);
	assert_int_equal(entries, CARDS * LOTS_EACH);
	assert_int_equal(burns() - before, CARDS * LOTS_EACH);
	assert_int_equal(left(), 0);
	long long journal = number("SELECT COUNT(*) FROM journal");
	assert_int_equal(run("burn", &accounts, &entries), 0);
	assert_int_equal(entries, 0);
	assert_int_equal(number("SELECT COUNT(*) FROM journal"), journal);
	sound();
}

static void test_one_account_with_many_lots(void **state)
{
	struct uuid card = till_card(&on, 0, true);
	long long accounts, entries;

	(void)state;
	on.clock.fixed_ms = now_ms - 10 * DAY_MS;
	fill_card(card, BURN_LOTS_MAX + 1);
	on.clock.fixed_ms = now_ms;
	assert_int_equal(run("burn", &accounts, &entries), 0);
	assert_int_equal(accounts, 1);
	assert_int_equal(entries, BURN_LOTS_MAX + 1);
	assert_int_equal(left(), 0);
}

static void till_beside(unsigned seed)
{
	struct scene beside = on;

	scene_connect(&beside);
	for (int i = 0; i < 60; i++) {
		struct posting_in in = till_posting(&cards[(seed + (unsigned)i * 7) % CARDS],
						    i % 2 ? POSTING_OFF : POSTING_ON, 10 + i);
		enum err err = till_try(&beside, &op_transaction_add, &in);
		if (err != ERR_OK && err != ERR_INSUFFICIENT)
			_exit(1);
	}
	_exit(0);
}

static pid_t start(const char *program, const char *batch)
{
	char ini[LINE_MAX_];

	snprintf(ini, sizeof(ini), "%s/ini", folder);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(1);
		execl(program, program, "--config", ini, "burn", "--batch", batch, (char *)NULL);
		_exit(1);
	}
	return pid;
}

/* More lots, of nothing, than the burn reads of several cards at once. */
static void test_beside_a_card_with_very_many_open_lots(void **state)
{
	long long accounts, entries, before = burns();

	(void)state;
	fill();
	assert_int_equal(
		database_run(
			&on.on,
			"INSERT INTO lot SELECT organisation_id, card_id, unit, "
			"UNHEX(LPAD(HEX(seq), 32, '0')), 1, 0, 0, 0, active_from, active_to, "
			"9223372036854775806, entry_id, origin_lot, business_at, posted_at, 0 "
			"FROM (SELECT * FROM lot WHERE is_open = 1 ORDER BY card_id LIMIT 1) l "
			"JOIN seq_1_to_1000"),
		0);
	assert_int_equal(run("burn", &accounts, &entries), 0);
	assert_int_equal(database_run(&on.on, "DELETE FROM lot WHERE amount = 0"), 0);
	assert_int_equal(entries, CARDS * LOTS_EACH);
	assert_int_equal(burns() - before, CARDS * LOTS_EACH);
	assert_int_equal(left(), 0);
	sound();
}

static void test_several_at_once_beside_tills(void **state)
{
	pid_t pids[5];
	long long before = burns();

	(void)state;
	fill();
	fflush(NULL);
	for (size_t i = 0; i < COUNT(pids); i++) {
		pids[i] = i < 3 ? start(KARTOTEKA, "4") : fork();
		if (pids[i] == 0)
			till_beside((unsigned)i);
	}
	for (size_t i = 0; i < COUNT(pids); i++) {
		int status = -1;
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(left(), 0);
	assert_int_equal(burns() - before, CARDS * LOTS_EACH);
	sound();
}

static void test_killed_on_the_way_and_run_again(void **state)
{
	long long before = burns(), accounts, entries;
	int kills = 0;

	(void)state;
	fill();
	for (int wait_ms = 40; left() > 0 && wait_ms < 2000; wait_ms += 20, kills++) {
		pid_t pid = start(KARTOTEKA, "1");
		usleep((useconds_t)wait_ms * 1000);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
	}
	assert_true(kills > 1);
	assert_int_equal(run("burn", &accounts, &entries), 0);
	assert_int_equal(left(), 0);
	assert_int_equal(burns() - before, CARDS * LOTS_EACH);
	sound();
}

/* A run that is told to stop once it has burnt something, which is looked for while it stands
 * still: it could be done before it is told. How it ended. */
static int stopped_on_the_way(void)
{
	long long all = left();
	pid_t pid = start(KARTOTEKA, "1"), ended = 0;
	int status = -1;

	while (ended == 0 && left() == all) {
		kill(pid, SIGCONT);
		usleep(1000);
		kill(pid, SIGSTOP);
		ended = waitpid(pid, &status, WNOHANG);
	}
	if (ended == 0) {
		kill(pid, SIGTERM);
		kill(pid, SIGCONT);
		ended = waitpid(pid, &status, 0);
	}
	assert_int_equal(ended, pid);
	return status;
}

/* Told to stop it ends with its batch, and says that it is not done. */
static void test_a_stopped_run_says_so(void **state)
{
	long long accounts, entries;
	int status = -1;

	(void)state;
	fill();
	for (int tries = 0; tries < 100 && (!WIFEXITED(status) || WEXITSTATUS(status) != 1);
	     tries++) {
		status = stopped_on_the_way();
		if (left() == 0)
			fill();
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_int_equal(run("burn", &accounts, &entries), 0);
	sound();
}

static void test_holds_past_their_time_come_back(void **state)
{
	struct uuid card = till_card(&on, 0, true);
	struct hold_in over, open;
	long long accounts, entries;

	(void)state;
	on.clock.fixed_ms = now_ms - 10 * DAY_MS;
	till_post(&on, &card, POSTING_ON, 500);
	over = open = till_hold(&card, 100);
	till_run(&on, &op_hold_add, &over);
	sent_set(&open.sent, offsetof(struct hold_in, timeout_s));
	open.timeout_s = HOLD_TIMEOUT_MAX_S;
	till_run(&on, &op_hold_add, &open);
	on.clock.fixed_ms = now_ms;
	assert_int_equal(till_number(&on, "available FROM account WHERE card_id", &card), 300);
	assert_int_equal(run("burn", &accounts, &entries), 0);
	assert_int_equal(accounts, 1);
	assert_int_equal(entries, 0);
	assert_int_equal(till_number(&on, "available FROM account WHERE card_id", &card), 400);
	assert_int_equal(
		number("SELECT COUNT(*) FROM hold WHERE state = 4 AND closed_at = until_at"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM hold WHERE state = 1"), 1);
	sound();
}

static struct uuid level_with(int64_t days)
{
	struct level_in in = {.row = {.name = STR("l"), .rank_order = days}};

	in.row.inactivity_bonus_erase_period = days;
	return till_run(&on, &op_level_add, &in);
}

static struct uuid inactive_card(struct uuid level, int64_t days_ago)
{
	struct card_in in = {.row = {.active = true, .level_id = level}};
	static int n;
	char barcode[16];

	snprintf(barcode, sizeof(barcode), "level%d", n++);
	in.row.barcode = str_of(barcode);
	in.row.code = STR("1");
	in.row.name = in.row.description = in.row.blocked_description = in.row.phone =
		in.row.email = in.row.image = in.row.activation_shop_id = STR("");
	on.clock.fixed_ms = now_ms - days_ago * DAY_MS;
	struct uuid card = till_run(&on, &op_card_add, &in);
	till_post(&on, &card, POSTING_ON, 500);
	on.clock.fixed_ms = now_ms;
	return card;
}

static void test_points_of_inactive_cards_burn(void **state)
{
	struct uuid level = level_with(20), none = level_with(0);
	struct uuid gone = inactive_card(level, 21), there = inactive_card(level, 19),
		    other = inactive_card(none, 400);
	long long accounts, entries;

	(void)state;
	assert_int_equal(run("burn", &accounts, &entries), 0);
	assert_int_equal(accounts, 1);
	assert_int_equal(entries, 1);
	assert_int_equal(till_number(&on, "balance FROM account WHERE card_id", &gone), 0);
	assert_int_equal(till_number(&on, "balance FROM account WHERE card_id", &there), 500);
	assert_int_equal(till_number(&on, "balance FROM account WHERE card_id", &other), 500);
	assert_int_equal(run("burn", &accounts, &entries), 0);
	assert_int_equal(accounts, 0);
	sound();
}

static void test_bad_words_are_refused(void **state)
{
	static const struct {
		const char *words;
		int status;
	} lines[] = {
		{"burn --batch 0 2>/dev/null", 2},
		{"burn --batch 65 2>/dev/null", 2},
		{"burn --batch 64", 0},
		{"burn --share 0 2>/dev/null", 2},
		{"burn --share 101 2>/dev/null", 2},
		{"burn --share 1", 0},
		{"burn --share 100", 0},
		{"burn --organisation 3 2>/dev/null", 1},
		{"burn now 2>/dev/null", 2},
		{"verify --organisation 2", 0},
		{"verify --organisation 3 2>/dev/null", 1},
		{"verify --json", 0},
	};
	long long accounts, entries;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		if (run(lines[i].words, &accounts, &entries) != lines[i].status)
			fail_msg("%s", lines[i].words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_ended_lot_burns_once),
		cmocka_unit_test(test_one_account_with_many_lots),
		cmocka_unit_test(test_beside_a_card_with_very_many_open_lots),
		cmocka_unit_test(test_several_at_once_beside_tills),
		cmocka_unit_test(test_killed_on_the_way_and_run_again),
		cmocka_unit_test(test_a_stopped_run_says_so),
		cmocka_unit_test(test_holds_past_their_time_come_back),
		cmocka_unit_test(test_points_of_inactive_cards_burn),
		cmocka_unit_test(test_bad_words_are_refused),
	};

	if (!scene_open(&on, "test_burn"))
		return 1;
	write_config();
	now_ms = clock_now_ms(&(struct clock){0});
	on.clock.fixed_ms = now_ms;
	for (int i = 0; i < CARDS; i++)
		cards[i] = till_card(&on, 0, true);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	remove_files();
	return failed;
}
