/*
 * Searches by the index of grams against plain SQL, while cards come, change and go and the index
 * is brought up to date, made anew, or killed at it, at any moment.
 */
#include "unit.h"

#include "card.h"
#include "crypto.h"
#include "scene.h"
#include "search.h"
#include "text.h"
#include "text_index.h"

#define ROUNDS    60
#define CHANGES   12
#define CARDS_MAX (ROUNDS * CHANGES)
#define ARENA     ((size_t)1 << 30)
#define SEED_NAME "KARTOTEKA_TEST_SEED"

static struct scene on;
static struct arena index_arena;
static struct uuid cards[CARDS_MAX];
static size_t cards_n;
static unsigned made;
static uint64_t state;

static unsigned below(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(state >> 33) % n;
}

static int open_scene(void **unused)
{
	const char *seed = getenv(SEED_NAME);

	(void)unused;
	crypto_random(&state, sizeof(state));
	state = seed ? strtoull(seed, NULL, 10) : state % 1000000000;
	print_message("%s=%llu\n", SEED_NAME, (unsigned long long)state);
	return !scene_open(&on, "test_grams") || !arena_init(&index_arena, ARENA);
}

static int close_scene(void **unused)
{
	(void)unused;
	scene_close(&on);
	arena_fini(&index_arena);
	return 0;
}

/* Few different characters, so that fragments are met often; some texts are long. */
static struct str text_of(const char *const *parts, unsigned parts_n, unsigned most)
{
	struct buf buf;
	unsigned n = below(40) == 0 ? 60 + below(40) : below(most + 1);

	buf_init(&buf, &on.on.arena, 64);
	for (unsigned i = 0; i < n; i++)
		buf_text(&buf, parts[below(parts_n)]);
	return buf_done(&buf);
}

static const char *const letters[] = {"a", "B", "б", "Ё", " ", "-", "ab", "ба", "1", "😀", "aaa"};
static const char *const digits[] = {"0", "1", "2", "00", "12"};

static struct str words(unsigned most)
{
	return text_of(letters, sizeof letters / sizeof letters[0], most);
}

static struct str number(unsigned most)
{
	return text_of(digits, sizeof digits / sizeof digits[0], most);
}

static struct str cut(struct str text, size_t most)
{
	return text.len > most ? STR("") : text;
}

static void fill(struct card_in *in)
{
	struct card_row *row = &in->row;
	const size_t members[] = {
		offsetof(struct card_in, row.name), offsetof(struct card_in, row.code),
		offsetof(struct card_in, row.phone), offsetof(struct card_in, row.email)};

	row->name = words(7);
	row->code = cut(number(6), 60);
	row->phone = cut(number(8), 20);
	row->email = cut(words(4), 60);
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
		sent_set(&in->sent, members[i]);
}

static void add_card(void)
{
	struct card_in in = {.row = {.active = true}};
	struct id_out out;
	struct buf barcode;

	fill(&in);
	buf_init(&barcode, &on.on.arena, 32);
	buf_printf(&barcode, "20%05u%u", made++, below(1000));
	in.row.barcode = buf_done(&barcode);
	sent_set(&in.sent, offsetof(struct card_in, row.barcode));
	assert_int_equal(scene_run(&on, &op_card_add, &in, &out), ERR_OK);
	cards[cards_n++] = out.id;
}

static void change_card(struct uuid id)
{
	struct card_in in = {.row = {.id = id}};
	struct nothing out;

	fill(&in);
	assert_int_equal(scene_run(&on, &op_card_change, &in, &out), ERR_OK);
}

static void delete_card(size_t nth)
{
	struct nothing out;

	assert_int_equal(
		scene_run(&on, &op_card_delete, &(struct card_delete_in){cards[nth], false}, &out),
		ERR_OK);
	cards[nth] = cards[--cards_n];
}

static void change_cards(void)
{
	for (unsigned i = 0; i < CHANGES; i++) {
		unsigned what = cards_n < 20 ? 0 : below(4);

		if (what <= 1)
			add_card();
		else if (what == 2)
			change_card(cards[below((unsigned)cards_n)]);
		else
			delete_card(below((unsigned)cards_n));
	}
}

static struct text_index index_of(struct db *db, bool rebuild)
{
	return (struct text_index){.db = db,
				   .arena = &index_arena,
				   .organisation_id = SCENE_ORGANISATION,
				   .object = TEXT_CARD,
				   .most = 1 + below(40),
				   .rebuild = rebuild};
}

static void run_index(bool rebuild, unsigned steps)
{
	struct text_index index = index_of(on.on.db, rebuild);

	for (unsigned i = 0; i < steps && (i == 0 || !index.last); i++)
		assert_int_equal(text_index_step(&index), ERR_OK);
}

/* Until there is nothing left to do; who was killed may hold the index for a moment yet. */
static void finish_index(bool rebuild)
{
	usleep(100000);
	run_index(rebuild, 10000);
}

/* Another process at it, which is killed. */
static void kill_index(bool rebuild)
{
	struct text_index index = index_of(NULL, rebuild);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		scene_connect(&on);
		index.db = on.on.db;
		while (text_index_step(&index) == ERR_OK && !index.last)
			continue;
		_exit(0);
	}
	usleep(below(60000));
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void index_somehow(void)
{
	switch (below(6)) {
	case 0:
		return;
	case 1:
		run_index(below(2), 1 + below(4));
		return;
	case 2:
		kill_index(below(2));
		return;
	default:
		run_index(below(8) == 0, 1000);
	}
}

static const char *hex(struct str text)
{
	struct buf buf;

	buf_init(&buf, &on.on.arena, 64);
	buf_hex(&buf, text.at, text.len);
	return buf_done(&buf).at;
}

/* Something that cards hold or may hold; folded, as plain SQL compares it. */
struct fragment {
	struct str text, folded;
};

static struct fragment fragment_of(bool number_only)
{
	struct str text = number_only ? number(4) : words(3);

	if (text.len == 0 || text.len > 200)
		text = STR("aa");
	return (struct fragment){text, text_fold(&on.on.arena, text, 1020)};
}

/* The rows that plain SQL finds; what is kept for searches alone is not looked at. */
static long long ask_sql(const char *what, const char *where, long long limit, long long offset)
{
	struct buf buf;

	buf_init(&buf, &on.on.arena, 1024);
	buf_printf(&buf,
		   "SELECT COALESCE(%s, 0) FROM (SELECT serial FROM card c WHERE organisation_id = "
		   "1 AND live = 1 AND %s ORDER BY name_key, id LIMIT %lld OFFSET %lld) t",
		   what, where, limit, offset);
	return database_number(&on.on, buf_done(&buf).at);
}

static long long sum_of(const struct card_list_out *out)
{
	const struct card *card = out->cards.rows;
	long long sum = 0;

	for (size_t i = 0; i < out->cards.n; i++)
		sum = sum * 3 % 1000003 + card[i].row.serial;
	return sum;
}

static void compare(const struct card_list_out *out, const char *where)
{
	long long offset = (out->page.page - 1) * out->page.per_page, sum = 0;
	long long all = ask_sql("COUNT(*)", where, 100000, 0);

	if (out->page.items != all)
		print_message("%s: %lld, plain SQL %lld\n", where, (long long)out->page.items, all);
	assert_int_equal(out->page.items, all);
	for (size_t i = 0; i < out->cards.n && out->cards.n <= 20; i++)
		sum = sum * 3 % 1000003 + ask_sql("SUM(serial)", where, 1, offset + (long long)i);
	if (out->cards.n <= 20)
		assert_int_equal(sum_of(out), sum);
	all = all > offset ? all - offset : 0;
	assert_int_equal(out->cards.n, all < out->page.per_page ? all : out->page.per_page);
}

/* A fragment that may be of a phone is looked for by its digits, too. */
static bool is_phone(struct str text)
{
	bool digit = false;

	for (size_t i = 0; i < text.len; i++) {
		if (!strchr("0123456789 +-().", text.at[i]))
			return false;
		digit = digit || (text.at[i] >= '0' && text.at[i] <= '9');
	}
	return digit;
}

static const char *locate(const struct fragment *fragment, const char *const *columns, size_t n)
{
	struct buf buf;

	buf_init(&buf, &on.on.arena, 1024);
	buf_text(&buf, "(1 = 0");
	for (size_t i = 0; i < n; i++)
		buf_printf(&buf, " OR LOCATE(x'%s', %s) > 0", hex(fragment->folded), columns[i]);
	for (size_t i = 0; i < (n > 2 && is_phone(fragment->text) ? 3 : 0); i++)
		buf_printf(&buf, " OR LOCATE(x'%s', %s) > 0",
			   hex(text_digits(&on.on.arena, fragment->text)), columns[i]);
	buf_char(&buf, ')');
	return buf_done(&buf).at;
}

static struct card_list_out run_list(struct card_list_in *in)
{
	struct card_list_out out;

	in->calculate_count = true;
	sent_set(&in->sent, offsetof(struct card_list_in, calculate_count));
	in->page = (struct page_in){.page = 1 + below(3), .per_page = 1 + below(20)};
	assert_int_equal(scene_run(&on, &op_card_list, in, &out), ERR_OK);
	return out;
}

static void check_filter(bool active)
{
	static const char *const columns[] = {"name_key", "REVERSE(phone_reversed)", "email_key",
					      "barcode_key", "code_key"};
	struct fragment fragment = fragment_of(below(2));
	struct card_list_in in = {.filter = fragment.text, .active = true};
	struct card_list_out out;
	struct buf where;

	if (active)
		sent_set(&in.sent, offsetof(struct card_list_in, active));
	out = run_list(&in);
	buf_init(&where, &on.on.arena, 1024);
	buf_text(&where, locate(&fragment, columns, COUNT(columns)));
	buf_text(&where, active ? " AND active = 1" : "");
	compare(&out, buf_done(&where).at);
}

static void check_barcode_and_code(void)
{
	static const char *const barcode[] = {"barcode_key"}, *const code[] = {"code_key"};
	struct fragment of_barcode = fragment_of(true), of_code = fragment_of(true);
	struct card_list_in in = {.barcode = of_barcode.text, .code = of_code.text};
	struct card_list_out out;
	struct buf where;

	if (below(2))
		in.code = STR("");
	out = run_list(&in);
	buf_init(&where, &on.on.arena, 1024);
	buf_text(&where, locate(&of_barcode, barcode, 1));
	if (in.code.len > 0)
		buf_printf(&where, " AND %s", locate(&of_code, code, 1));
	compare(&out, buf_done(&where).at);
}

static void check_words(void)
{
	struct fragment fragment = fragment_of(false);
	struct card_search_in in = {.filter = fragment.text,
				    .page = {.page = 1 + below(3), .per_page = 1 + below(20)}};
	struct str word[16];
	size_t n = text_words(fragment.folded, CARD_WORD_MAX, word, COUNT(word));
	struct card_list_out out;
	struct buf where;

	buf_init(&where, &on.on.arena, 1024);
	buf_text(&where, n > 0 ? "1 = 1" : "1 = 0");
	for (size_t i = 0; i < n; i++)
		buf_printf(&where,
			   " AND EXISTS (SELECT 1 FROM card_word w WHERE w.card_id = c.id AND "
			   "LEFT(w.word, %zu) = x'%s')",
			   word[i].len, hex(word[i]));
	assert_int_equal(scene_run(&on, &op_card_by_name, &in, &out), ERR_OK);
	compare(&out, buf_done(&where).at);
}

static void check_all(void)
{
	for (int i = 0; i < 6; i++) {
		size_t mark = arena_mark(&on.on.arena);

		check_filter(below(3) == 0);
		check_barcode_and_code();
		check_words();
		arena_reset(&on.on.arena, mark);
	}
}

static void test_answers_are_those_of_plain_sql(void **unused)
{
	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		size_t mark = arena_mark(&on.on.arena);

		change_cards();
		arena_reset(&on.on.arena, mark);
		check_all();
		index_somehow();
		check_all();
	}
}

/* Nothing left to do: numbers and texts are as many, and nothing is fresh. */
static void test_index_comes_to_its_end(void **unused)
{
	(void)unused;
	finish_index(false);
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM text_fresh WHERE object = 1"), 0);
	assert_int_equal(
		scene_number(&on, "SELECT (SELECT COUNT(*) FROM text_number n JOIN text_space s ON "
				  "s.space = n.space AND s.object = 1) - COUNT(*) FROM card_text"),
		0);
	run_index(true, 10000);
	assert_int_equal(scene_number(&on, "SELECT COUNT(DISTINCT space) FROM text_number"), 1);
	assert_int_equal(scene_number(&on, "SELECT COUNT(DISTINCT space) FROM text_gram"), 1);
	check_all();
}

/* A damaged row is as if there were no index. */
static void test_damaged_rows_are_passed_over(void **unused)
{
	static const char *const damages[] = {
		"UPDATE text_gram SET members = LEFT(members, LENGTH(members) - 1)",
		"UPDATE text_gram SET members = CONCAT(members, members)",
		"UPDATE text_gram SET members = x'0107'",
		"UPDATE text_gram SET members = x'01000100ffff0000'",
		"UPDATE text_gram SET members = x'010000000080'",
	};
	struct text_index index;

	(void)unused;
	for (size_t i = 0; i < COUNT(damages); i++) {
		assert_int_equal(database_run(&on.on, damages[i]), 0);
		check_all();
	}
	add_card();
	index = index_of(on.on.db, false);
	assert_int_equal(text_index_step(&index), ERR_INTERNAL);
	check_all();
	run_index(true, 10000);
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM text_fresh WHERE object = 1"), 0);
	check_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_are_those_of_plain_sql),
		cmocka_unit_test(test_index_comes_to_its_end),
		cmocka_unit_test(test_damaged_rows_are_passed_over),
	};

	return cmocka_run_group_tests(tests, open_scene, close_scene);
}
