/* Lists of persons. */
#include "count.h"
#include "db.h"
#include "person.h"
#include "person_store.h"
#include "select_tables.h"
#include "stmt_gen.h"
#include "text.h"

#define KEY_MAX   1020
#define CONDS_MAX 7
#define VALUE_MAX 2

/* A list being put together. */
struct search {
	struct select_cond conds[CONDS_MAX];
	struct select_value values[CONDS_MAX][VALUE_MAX];
	struct select_query query;
};

static struct select_value *add(struct search *search, enum select_kind kind, const char *name,
				size_t values)
{
	size_t i = search->query.where.cond_n++;
	search->conds[i] = (struct select_cond){
		.kind = kind, .name = name, .values = search->values[i], .value_n = values};
	return search->values[i];
}

/* A whole key; one that is empty although a text was asked for is nobody's. */
static void add_key(struct search *search, const char *name, struct str asked, struct str key)
{
	if (asked.len > 0)
		add(search, SELECT_FILTER, name, 1)->text = key;
}

static void add_number(struct search *search, const char *name, bool sent, int64_t number)
{
	if (sent)
		add(search, SELECT_FILTER, name, 1)->number = number;
}

/* A fragment without letters may be of a phone, however that is written. */
static struct str digits_or_same(struct arena *arena, struct str folded)
{
	struct str digits = text_digits(arena, folded);
	for (size_t i = 0; i < folded.len; i++)
		if (!memchr("0123456789+-() ./", folded.at[i], 17))
			return folded;
	return digits.len > 0 ? digits : folded;
}

static void add_fragment(struct search *search, struct arena *arena, struct str text)
{
	struct str folded = text_fold(arena, text, KEY_MAX);
	if (folded.len == 0)
		return;
	struct select_value *values = add(search, SELECT_NAMED, "fragment", 2);
	values[0].text = folded;
	values[1].text = digits_or_same(arena, folded);
}

static void search_make(struct search *search, struct ctx *ctx, const struct person_list_in *in,
			const struct page_range *range)
{
#define IS_SENT(m) SENT(in, struct person_list_in, m)
	struct arena *arena = ctx->arena;
	*search = (struct search){
		.query = {.table = in->with_fields ? &select_person_full : &select_person,
			  .organisation_id = ctx_organisation(ctx),
			  .where = {.kind = SELECT_AND, .conds = search->conds},
			  .limit = range->limit,
			  .offset = range->offset}};
	add_key(search, "login_key", in->login, text_fold(arena, in->login, KEY_MAX));
	add_key(search, "email_key", in->email, text_fold(arena, in->email, KEY_MAX));
	add_key(search, "phone_key", in->phone, text_digits(arena, in->phone));
	add_fragment(search, arena, in->filter);
	add_number(search, "gender", IS_SENT(gender), in->gender);
	add_number(search, "locked", IS_SENT(locked), in->locked);
	add_number(search, "confirmed", IS_SENT(confirmed), in->confirmed);
#undef IS_SENT
}

/* Conditions on what persons are counted by; the byte of its kind. */
static const struct {
	const char *field;
	uint8_t byte;
} kinds[] = {
	{"gender", PERSON_KIND_GENDER},
	{"locked", PERSON_KIND_LOCKED},
	{"confirmed", PERSON_KIND_CONFIRMED},
};

/* The byte that a condition is on; 0 = another condition. */
static uint8_t byte_of(const struct select_cond *cond)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(cond->name, kinds[i].field) == 0)
			return kinds[i].byte;
	return 0;
}

static bool is_kept(const struct search *search)
{
	for (size_t i = 0; i < search->query.where.cond_n; i++)
		if (byte_of(&search->conds[i]) == 0)
			return false;
	return true;
}

static bool is_of(const struct uuid *kind, const struct search *search)
{
	for (size_t i = 0; i < search->query.where.cond_n; i++)
		if (kind->byte[byte_of(&search->conds[i])] != search->values[i][0].number)
			return false;
	return true;
}

static enum err kept_read(struct ctx *ctx, const struct search *search, int64_t *items_r)
{
	struct list rows = {0};
	enum err err = count_each(ctx, COUNT_PERSONS, &rows);
	const struct kept_count_each_row *row = rows.rows;
	*items_r = 0;
	for (size_t i = 0; i < rows.n; i++)
		if (is_of(&row[i].value, search))
			*items_r += row[i].n;
	return err;
}

/* Persons are counted by kind as they come and go; others as far as a page tells. */
static enum err rows_read(struct ctx *ctx, const struct search *search, struct list *rows_r,
			  struct page_out *page)
{
	bool all = search->query.where.cond_n == 0;
	struct select_query query = search->query;
	int64_t items = 0;
	enum err err;
	if (is_kept(search)) {
		err = kept_read(ctx, search, &items);
		query.total = items;
		if (err == ERR_OK && query.offset < items)
			err = select_rows(ctx->db, ctx->arena, &query, rows_r);
	} else {
		err = select_page(ctx->db, ctx->arena, &query, PAGE_COUNT_CAP + 1, rows_r, &items);
	}
	if (err == ERR_OK)
		page_close(page, items, all);
	return err;
}

static enum err person_list(struct ctx *ctx, const struct person_list_in *in,
			    struct person_list_out *out)
{
	struct search search;
	struct page_range range;
	struct list rows = {0};
	enum err err = page_open(ctx, &in->page, &out->page, &range);
	if (err != ERR_OK)
		return err;
	search_make(&search, ctx, in, &range);
	err = rows_read(ctx, &search, &rows, &out->page);
	if (err != ERR_OK)
		return err;
	struct person *persons = arena_array(ctx->arena, struct person, rows.n + 1);
	const struct person_view_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++)
		persons[i] = (struct person){row[i], range.offset + (int64_t)i + 1};
	out->persons = (struct list){persons, rows.n};
	return ERR_OK;
}
OPERATION(person_list, struct person_list_in, struct person_list_out, .mutates = false);
