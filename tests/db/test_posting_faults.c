/*
 * Every posting while the N-th database call is lost, sent or unsent, and while memory runs out
 * at the N-th part of what it needs (the arena aborts, the worker dies): all of it or nothing,
 * and the same key answers rightly afterwards.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "card.h"
#include "replacement.h"
#include "till.h"
#include "uuid.h"
#include "verify.h"
#include "washing.h"

#define SHORTAGES 6 /* parts of the memory that a posting needs */

union any_in {
	struct posting_in posting;
	struct refund_in refund;
	struct hold_in hold;
	struct capture_in capture;
	struct id_in id;
	struct card_delete_in delete;
	struct replacement_in replacement;
	struct sale_in sale;
	struct charge_in charge;
};

union any_out {
	struct refund_out refund;
	struct id_out id;
	struct nothing nothing;
	char room[512];
};

/* A posting that is ready to be asked, and the two cards that it may touch. */
struct act {
	struct uuid card, other;
	union any_in in;
};

static struct scene scene;
static int keys;

static int open_scene(void **state)
{
	(void)state;
	return scene_open(&scene, "test_posting_faults") ? 0 : -1;
}

static int close_scene(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static struct uuid hold(const struct uuid *card)
{
	struct hold_in in = till_hold(card, 700);
	return till_run(&scene, &op_hold_add, &in);
}

static void make_on(struct act *act)
{
	act->in.posting = till_posting(&act->card, POSTING_ON, 250);
	act->in.posting.doc_id = STR("d");
}

static void make_off(struct act *act)
{
	act->in.posting = till_posting(&act->card, POSTING_OFF, 1250);
	act->in.posting.doc_id = STR("d");
}

static void make_refund(struct act *act)
{
	struct uuid spend = till_post(&scene, &act->card, POSTING_OFF, 1250);
	act->in.refund = (struct refund_in){.id = spend, .doc_id = STR("r")};
}

static void make_return(struct act *act)
{
	struct uuid accrual = till_post(&scene, &act->card, POSTING_ON, 300);
	act->in.refund = (struct refund_in){.id = accrual, .doc_id = STR("r")};
}

static void make_hold(struct act *act)
{
	act->in.hold = till_hold(&act->card, 1100);
	act->in.hold.doc_id = STR("h");
}

static void make_capture(struct act *act)
{
	struct uuid id = hold(&act->card);
	act->in.capture = till_capture(&id, 400);
}

static void make_void(struct act *act)
{
	act->in.id = (struct id_in){.id = hold(&act->card)};
}

static void make_delete(struct act *act)
{
	hold(&act->card);
	act->in.delete = (struct card_delete_in){.id = act->card};
}

static void make_replacement(struct act *act)
{
	hold(&act->card);
	act->other = till_card(&scene, 0, false);
	act->in.replacement = (struct replacement_in){.old_id = act->card, .new_id = act->other};
}

static struct till_key key_of(const struct uuid *card)
{
	struct id_in in = {*card};
	struct card_out out;
	if (scene_run(&scene, &op_card_get, &in, &out) != ERR_OK)
		fail_msg("no card");
	return (struct till_key){.card_number = out.card.row.barcode};
}

static void make_charge(struct act *act)
{
	act->in.charge = (struct charge_in){
		.key = key_of(&act->card), .amount = {500}, .receipt_number = STR("")};
}

/* Money and points in one. */
static void make_sale(struct act *act)
{
	static struct sale_item items[] = {{{"wash", 4}, {100}, {300}}, {{"wax", 3}, {200}, {50}}};
	make_charge(act);
	till_run(&scene, &op_charge, &act->in.charge);
	scene.settings.sale_points_percent.minor = 1000;
	act->in.sale = (struct sale_in){.key = key_of(&act->card),
					.items = {items, 2},
					.payment_method = STR(PAYMENT_METHOD_CARD)};
}

static const struct deed {
	const char *name;
	const struct operation *operation;
	void (*make)(struct act *act);
} deeds[] = {
	{"accrual", &op_transaction_add, make_on},
	{"spend", &op_transaction_add, make_off},
	{"refund", &op_transaction_refund, make_refund},
	{"return", &op_transaction_refund, make_return},
	{"hold", &op_hold_add, make_hold},
	{"capture", &op_hold_capture, make_capture},
	{"void", &op_hold_void, make_void},
	{"delete", &op_card_delete, make_delete},
	{"replacement", &op_card_replacement, make_replacement},
	{"charge", &op_charge, make_charge},
	{"sale", &op_sale, make_sale},
};

/* Two lots, so that a spend eats of both. */
static struct act act_new(const struct deed *deed)
{
	struct act act = {.card = till_card(&scene, 1000, true)};
	till_post(&scene, &act.card, POSTING_ON, 500);
	act.other = act.card;
	deed->make(&act);
	return act;
}

/*
 * What a posting changes: the card rows and all rows of their accounts. Each figure is several
 * small ones, four decimal digits apart, so that a look takes few statements.
 */
static const char *const figures[] = {
	"SELECT COALESCE(SUM(balance * 100000000 + available * 10000 + last_seq), 0) FROM account "
	"WHERE card_id IN (%s)",
	"SELECT COALESCE(SUM(remaining * 100000000 + held * 10000 + is_open), 0) FROM lot "
	"WHERE card_id IN (%s)",
	"SELECT COALESCE(SUM(version * 100000000 + COALESCE(live, 0) * 10000 + active), 0) FROM "
	"card "
	"WHERE id IN (%s)",
	"SELECT (SELECT COUNT(*) FROM entry WHERE account_card_id IN (%s)) * 100000000 +"
	" (SELECT COUNT(*) FROM allocation WHERE card_id IN (%s)) * 10000 +"
	" (SELECT COUNT(*) FROM hold WHERE state = 1 AND account_card_id IN (%s))",
	"SELECT COUNT(*) FROM washing w JOIN washing_item i ON i.washing_id = w.id "
	"WHERE w.card_id IN (%s)",
};
#define FIGURES (sizeof figures / sizeof figures[0])

struct books {
	long long figure[FIGURES];
};

/* `text` with each %s replaced by `ids`. */
static long long figure_of(const char *text, const char *ids)
{
	char query[1024];
	size_t n = 0;
	for (; *text; text++) {
		if (*text == '%') {
			n += (size_t)snprintf(query + n, sizeof query - n, "%s", ids);
			text++;
		} else {
			query[n++] = *text;
		}
	}
	query[n] = '\0';
	return scene_number(&scene, query);
}

static struct books books_of(const struct act *act)
{
	struct books books;
	char card[33], other[33], ids[80];
	for (size_t i = 0; i < sizeof act->card.byte; i++) {
		snprintf(card + 2 * i, 3, "%02x", act->card.byte[i]);
		snprintf(other + 2 * i, 3, "%02x", act->other.byte[i]);
	}
	snprintf(ids, sizeof ids, "x'%s', x'%s'", card, other);
	for (size_t i = 0; i < FIGURES; i++)
		books.figure[i] = figure_of(figures[i], ids);
	return books;
}

static bool moved(const struct books *before, const struct books *after, const struct books *by)
{
	for (size_t i = 0; i < FIGURES; i++)
		if (after->figure[i] - before->figure[i] != by->figure[i])
			return false;
	return true;
}

static enum err ask(const struct deed *deed, const struct act *act, int key,
		    struct answer *answer_r)
{
	union any_out out;
	char *text = arena_alloc(scene.ctx.arena, 16);
	snprintf(text, 16, "key%d", key);
	scene_request(&scene, text, deed->name);
	return scene_mutate(&scene, deed->operation, &act->in, &out, answer_r);
}

/* What the deed changes when nothing fails, how many calls and how much memory it takes. */
static struct books deed_moves(const struct deed *deed, int64_t *calls_r, size_t *memory_r)
{
	struct answer answer;
	struct act act = act_new(deed);
	struct books by, before = books_of(&act);
	size_t mark = arena_mark(scene.ctx.arena);
	int64_t calls = db_stats(scene.on.db)->calls;
	scene.ctx.arena->high = mark;
	if (ask(deed, &act, keys++, &answer) != ERR_OK)
		fail_msg("%s: refused for %s", deed->name, reason_text(scene.ctx.detail.reason));
	*calls_r = db_stats(scene.on.db)->calls - calls;
	*memory_r = scene.ctx.arena->high - mark;
	struct books after = books_of(&act);
	for (size_t i = 0; i < FIGURES; i++)
		by.figure[i] = after.figure[i] - before.figure[i];
	return by;
}

/* Nothing or all has happened; the same key then does it, or answers as it did. */
static void check_whole(const struct deed *deed, const struct act *act, int key,
			const struct books *before, const struct books *by,
			const struct answer *first)
{
	static const struct books nothing;
	struct answer second;
	struct books after = books_of(act);
	bool done = moved(before, &after, by);
	if (!done && !moved(before, &after, &nothing))
		fail_msg("%s: half of it", deed->name);
	if (first && !done)
		fail_msg("%s: answered, but not there", deed->name);
	if (ask(deed, act, key, &second) != ERR_OK || second.status != 200)
		fail_msg("%s: not done under the same key", deed->name);
	if (second.replayed != done)
		fail_msg("%s: replayed, but not there; or there, but not replayed", deed->name);
	if (first && !str_eq(first->body, second.body))
		fail_msg("%s: another answer under the same key", deed->name);
	after = books_of(act);
	if (!moved(before, &after, by))
		fail_msg("%s: not there once", deed->name);
}

static void lose_call(const struct deed *deed, int n, enum db_fault fault, const struct books *by)
{
	struct answer answer;
	struct act act = act_new(deed);
	struct books before = books_of(&act);
	int key = keys++;
	db_fail_after(scene.on.db, n, fault);
	enum err err = ask(deed, &act, key, &answer);
	db_fail_after(scene.on.db, 0, DB_FAULT_NONE);
	assert_true(err == ERR_OK || err == ERR_BUSY || err == ERR_UNCERTAIN);
	check_whole(deed, &act, key, &before, by, err == ERR_OK ? &answer : NULL);
}

static void no_lost_call_leaves_half_a_posting(void **state)
{
	int64_t calls;
	size_t memory, mark = arena_mark(scene.ctx.arena);
	(void)state;
	for (size_t d = 0; d < sizeof deeds / sizeof deeds[0]; d++) {
		struct books by = deed_moves(&deeds[d], &calls, &memory);
		assert_true(calls > 0);
		for (int n = 1; n <= calls; n++) {
			lose_call(&deeds[d], n, DB_FAULT_UNSENT, &by);
			lose_call(&deeds[d], n, DB_FAULT_UNANSWERED, &by);
			arena_reset(scene.ctx.arena, mark);
		}
	}
}

/* In a process of its own, with `memory` bytes; how it ended. */
static int ask_within(const struct deed *deed, const struct act *act, int key, size_t memory)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		struct arena arena;
		struct answer answer;
		scene_connect(&scene);
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		if (!arena_init(&arena, 2 * memory))
			_exit(1);
		arena.cap = memory;
		char *text = arena_alloc(scene.ctx.arena, 16);
		snprintf(text, 16, "key%d", key);
		scene_request(&scene, text, deed->name);
		scene.ctx.arena = &arena;
		union any_out out;
		enum err err = scene_mutate(&scene, deed->operation, &act->in, &out, &answer);
		_exit(err == ERR_OK ? 0 : 1);
	}
	waitpid(child, &status, 0);
	return status;
}

static void no_lack_of_memory_leaves_half_a_posting(void **state)
{
	int64_t calls;
	size_t memory, mark = arena_mark(scene.ctx.arena);
	int died = 0;
	(void)state;
	for (size_t d = 0; d < sizeof deeds / sizeof deeds[0]; d++) {
		struct books by = deed_moves(&deeds[d], &calls, &memory);
		for (size_t n = 1; n <= SHORTAGES; n++) {
			struct act act = act_new(&deeds[d]);
			struct books before = books_of(&act);
			int key = keys++;
			int ended = ask_within(&deeds[d], &act, key, memory * n / SHORTAGES);
			died += WIFSIGNALED(ended) && WTERMSIG(ended) == SIGABRT;
			assert_true(WIFSIGNALED(ended) || WEXITSTATUS(ended) == 0);
			check_whole(&deeds[d], &act, key, &before, &by, NULL);
			arena_reset(scene.ctx.arena, mark);
		}
	}
	assert_true(died > (int)(sizeof deeds / sizeof deeds[0]));
}

static void the_books_are_sound(void **state)
{
	struct verify_report report;
	(void)state;
	enum err err = ledger_verify(scene.on.db, scene.ctx.ledger_keys, 0, NULL, NULL, &report);
	assert_int_equal(err, ERR_OK);
	if (report.table)
		fail_msg("%s, %s: %s", report.table, report.key, report.fault);
	assert_true(report.entries > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_lost_call_leaves_half_a_posting),
		cmocka_unit_test(no_lack_of_memory_leaves_half_a_posting),
		cmocka_unit_test(the_books_are_sound),
	};
	return cmocka_run_group_tests(tests, open_scene, close_scene);
}
