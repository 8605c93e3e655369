/*
 * Queries of customers against a naive evaluation of the same conditions over the same rows in
 * memory, which shares no code with the compiler: random rows, random conditions, orders and
 * pages. KARTOTEKA_TEST_SEED and KARTOTEKA_TEST_QUERIES choose another run.
 */
#include "unit.h"

#include "entity.h"
#include "query_model.h"
#include "scene.h"

#define PEOPLE    400
#define COMPANIES 9
#define QUERIES   2500

static struct scene on;
static struct model model;

#define SET(in, T, m, v)                                                                           \
	do {                                                                                       \
		(in)->row.m = (v);                                                                 \
		sent_set(&(in)->sent, offsetof(struct T, row.m));                                  \
	} while (0)

static void run(const struct operation *operation, const void *in, void *out)
{
	enum err err = scene_run(&on, operation, in, out);

	if (err != ERR_OK)
		fprintf(stderr, "%s: %s, %s\n", operation->name, err_text(err),
			on.ctx.detail.member ? on.ctx.detail.member : "-");
	assert_int_equal(err, ERR_OK);
}

static struct str unique(const char *form, int i)
{
	struct buf buf;

	buf_init(&buf, on.ctx.arena, 64);
	buf_printf(&buf, form, i);
	return buf_done(&buf);
}

static void make_companies(void)
{
	struct company_in rows[COMPANIES];
	struct entity_write_in in = {.rows = {rows, COMPANIES}};
	struct entity_out out;

	for (int i = 0; i < COMPANIES; i++) {
		rows[i] = (struct company_in){.row = {.serial = 0}};
		SET(&rows[i], company_in, name, model_word());
	}
	run(&op_company_insert, &in, &out);
	for (int i = 0; i < COMPANIES; i++) {
		const struct company_row *row = (const struct company_row *)out.rows.rows + i;
		model.company[model.companies++] = (struct model_company){row->serial, row->name};
	}
}

static void fill(struct customer_in *in, int i)
{
	SET(in, customer_in, name, model_word());
	if (model_chance(60))
		SET(in, customer_in, email, unique("Mail%d@Example.com", i));
	if (model_chance(60))
		SET(in, customer_in, external_id, unique(i % 2 ? "EXT%%%d" : "ext_%d", i));
	if (model_chance(70))
		SET(in, customer_in, card_code, unique("Card\\%d", i));
	if (model_chance(60))
		SET(in, customer_in, company_serial, model.company[model_below(COMPANIES)].serial);
	if (model_chance(50))
		SET(in, customer_in, city, model_word());
	if (model_chance(50))
		SET(in, customer_in, phone, unique("+7 (900) %d", 1000000 + i));
	if (model_chance(50))
		SET(in, customer_in, birthdate,
		    ((struct moment){((int64_t)model_below(40) - 20) * 86400000 + 1}));
	if (model_chance(50))
		SET(in, customer_in, payment_card, unique("4111-%d", 1000 + i % 30));
	SET(in, customer_in, locked, model_chance(20));
	SET(in, customer_in, is_default, model_chance(50));
	SET(in, customer_in, gender, (int64_t)model_below(4));
}

static void remember(const struct customer_in *in, const struct customer_row *row)
{
	struct model_person *p = &model.person[model.people++];

	*p = (struct model_person){.serial = row->serial, .company = -1};
	p->text[MODEL_NAME] = in->row.name;
	p->text[MODEL_EMAIL] = in->row.email;
	p->text[MODEL_EXTERNAL] = in->row.external_id;
	p->text[MODEL_CITY] = in->row.city;
	p->text[MODEL_PHONE] = model_digits(on.ctx.arena, in->row.phone, false);
	p->text[MODEL_PAYMENT] = model_digits(on.ctx.arena, in->row.payment_card, false);
	if (p->text[MODEL_PAYMENT].len > 4) {
		p->text[MODEL_PAYMENT].at += p->text[MODEL_PAYMENT].len - 4;
		p->text[MODEL_PAYMENT].len = 4;
	}
	if (in->row.card_code.len > 0)
		p->card[p->cards++] = in->row.card_code;
	for (int i = 0; i < model.companies; i++)
		if (model.company[i].serial == in->row.company_serial)
			p->company = i;
	p->locked = in->row.locked;
	p->is_default = in->row.is_default;
	p->gender = in->row.gender;
	p->birthdate = in->row.birthdate.ms;
}

static void make_people(void)
{
	struct customer_in *rows = calloc(PEOPLE, sizeof(*rows));
	struct entity_write_in in = {.rows = {rows, PEOPLE}};
	struct entity_out out;

	for (int i = 0; i < PEOPLE; i++)
		fill(&rows[i], i);
	run(&op_customer_insert, &in, &out);
	for (int i = 0; i < PEOPLE; i++)
		remember(&rows[i], (const struct customer_row *)out.rows.rows + i);
	free(rows);
}

/* Further cards, which filters find and orders do not see. */
static void make_cards(void)
{
	for (int i = 0; i < PEOPLE; i += 7) {
		struct model_person *p = &model.person[i];
		struct card_item_in row = {.row = {.serial = 0}};
		struct entity_write_in in = {.rows = {&row, 1}};
		struct entity_out out;

		SET(&row, card_item_in, barcode, unique("B%d", i));
		SET(&row, card_item_in, code, unique("further%d", i));
		SET(&row, card_item_in, customer_serial, p->serial);
		run(&op_card_item_insert, &in, &out);
		p->card[p->cards++] = row.row.code;
	}
}

static int set_up(void **state)
{
	(void)state;
	make_companies();
	make_people();
	make_cards();
	return 0;
}

static void complain(unsigned long seed, const struct entity_query *query, const char *what)
{
	fprintf(stderr, "seed %lu: %s\n", seed, what);
	model_print(stderr, query);
}

static bool agree(const struct entity_query *query, unsigned long seed)
{
	static int64_t expected[PEOPLE];
	struct entity_select_in in = {*query};
	struct entity_out out;
	int64_t total = 0;
	size_t n = model_select(&model, query, expected, &total);

	run(&op_customer_select, &in, &out);
	if (out.total != total || out.rows.n != n) {
		fprintf(stderr, "rows %zu of %lld, expected %zu of %lld\n", out.rows.n,
			(long long)out.total, n, (long long)total);
		complain(seed, query, "numbers differ");
		return false;
	}
	for (size_t i = 0; i < n; i++)
		if (((const struct customer_row *)out.rows.rows)[i].serial != expected[i]) {
			complain(seed, query, "rows differ");
			return false;
		}
	return true;
}

static unsigned long number_of(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : otherwise;
}

static void test_random_queries(void **state)
{
	unsigned long seed = number_of("KARTOTEKA_TEST_SEED", 20260101);
	unsigned long queries = number_of("KARTOTEKA_TEST_QUERIES", QUERIES);
	unsigned long matched = 0;

	(void)state;
	for (unsigned long i = 0; i < queries; i++) {
		size_t mark = arena_mark(on.ctx.arena);
		struct entity_query query;

		model_seed(seed + i);
		query = model_query(&model, on.ctx.arena);
		assert_true(agree(&query, seed + i));
		matched += model_count(&model, &query.where) > 0;
		arena_reset(on.ctx.arena, mark);
	}
	printf("# %lu queries from seed %lu, %lu with rows\n", queries, seed, matched);
	assert_true(matched > queries / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_queries)};
	int failed;

	model_seed(7);
	if (!scene_open(&on, "test_query_model"))
		return 1;
	failed = cmocka_run_group_tests(tests, set_up, NULL);
	scene_close(&on);
	return failed;
}
