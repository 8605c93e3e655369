#include "search.h"

#include <ctype.h>

#include "count.h"
#include "db.h"
#include "search_count.h"
#include "select_tables.h"
#include "settings.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define KEY_MAX   1020
#define CONDS_MAX 20
#define WORDS_MAX 16

/* A search being put together. */
struct search {
	struct ctx *ctx;
	struct select_cond conds[CONDS_MAX];
	struct select_query query;
	enum page_count count;
	int64_t rows_max; /* of the whole result; 0 = no limit */
	bool is_kept;     /* the number of rows is exact without counting */
};

static struct select_cond *add_cond(struct search *search, enum select_kind kind, const char *name,
				    size_t values)
{
	struct select_cond *cond = &search->conds[search->query.where.cond_n++];
	struct select_value *value = arena_array(search->ctx->arena, struct select_value, values);
	*cond = (struct select_cond){
		.kind = kind, .name = name, .values = value, .value_n = values};
	return cond;
}

static struct select_value *value_of(struct select_cond *cond, size_t i)
{
	return (struct select_value *)&cond->values[i];
}

static void add_number(struct search *search, const char *name, int64_t number)
{
	value_of(add_cond(search, SELECT_FILTER, name, 1), 0)->number = number;
}

static void add_id(struct search *search, const char *name, const struct uuid *id)
{
	struct select_cond *cond = add_cond(search, SELECT_FILTER, name, 1);
	value_of(cond, 0)->text = (struct str){(const char *)id->byte, sizeof id->byte};
}

static void add_text(struct search *search, const char *name, enum select_cmp cmp, struct str text)
{
	struct select_cond *cond = add_cond(search, SELECT_FILTER, name, 1);
	cond->cmp = cmp;
	value_of(cond, 0)->text = text;
}

static void add_nothing(struct search *search)
{
	add_cond(search, SELECT_OR, NULL, 0);
}

static struct str fold(struct search *search, struct str text)
{
	return text_fold(search->ctx->arena, text, KEY_MAX);
}

/* Digits in any usual formatting of a phone: nothing but digits, spaces and + - ( ) . */
static bool is_phone(struct str text)
{
	bool digit = false;
	for (size_t i = 0; i < text.len; i++) {
		if (isdigit((unsigned char)text.at[i]))
			digit = true;
		else if (!memchr(" +-().", text.at[i], 6))
			return false;
	}
	return digit;
}

static void add_fragment(struct search *search, struct str text)
{
	struct select_cond *cond = add_cond(search, SELECT_NAMED, "fragment", 2);
	struct str folded = fold(search, text);
	value_of(cond, 0)->text = folded;
	if (is_phone(text))
		folded = text_digits(search->ctx->arena, text);
	value_of(cond, 1)->text = folded;
}

static void add_named(struct search *search, const char *name, struct str text)
{
	struct select_cond *cond = add_cond(search, SELECT_NAMED, name, 1);
	value_of(cond, 0)->text = fold(search, text);
}

/* Phones compare by their digits, from the last one on. */
static void add_phone(struct search *search, enum select_cmp cmp, struct str text)
{
	struct str digits = text_digits(search->ctx->arena, text);
	if (digits.len == 0)
		add_nothing(search);
	else
		add_text(search, "phone_reversed", cmp, text_reverse(search->ctx->arena, digits));
}

/* Every word of the text must start some word of the name. */
static void add_words(struct search *search, struct str text)
{
	struct str words[WORDS_MAX];
	size_t n = text_words(fold(search, text), CARD_WORD_MAX, words, WORDS_MAX);
	if (n == 0)
		add_nothing(search);
	for (size_t i = 0; i < n; i++) {
		struct select_cond *cond = add_cond(search, SELECT_NAMED, "word", 2);
		value_of(cond, 0)->text = words[i];
		value_of(cond, 1)->text = select_prefix_end(search->ctx->arena, words[i]);
	}
}

static void add_moment(struct search *search, const char *name)
{
	value_of(add_cond(search, SELECT_NAMED, name, 1), 0)->number = ctx_now(search->ctx).ms;
}

static void search_init(struct search *search, struct ctx *ctx, bool said, bool count)
{
	*search = (struct search){.ctx = ctx};
	bool idle = ctx->settings->has_idle_levels;
	search->query = (struct select_query){.table = idle ? &select_card_idle : &select_card,
					      .organisation_id = ctx_organisation(ctx)};
	search->query.where = (struct select_cond){.kind = SELECT_AND, .conds = search->conds};
	if (said)
		search->count = count ? PAGE_COUNT_EXACT : PAGE_COUNT_NONE;
}

/* Makes the cards of a page, in their places behind `groups` groups of the same page. */
static enum err cards_make(struct search *search, const struct list *rows, struct card *cards)
{
	const struct card_view_row *row = rows->rows;
	for (size_t i = 0; i < rows->n; i++)
		cards[i].row = row[i];
	return cards_resolve(search->ctx, cards, rows->n);
}

/* Rows of the page and, as asked for, how many there are. *n_r stays when it is known already (not
 * -1). */
static enum err rows_read(struct search *search, struct list *rows_r, int64_t *n_r)
{
	struct ctx *ctx = search->ctx;
	int64_t cap = search->count == PAGE_COUNT_EXACT ? 0 : PAGE_COUNT_CAP + 1;
	if (search->rows_max)
		cap = search->rows_max;
	if (*n_r >= 0 || search->count == PAGE_COUNT_NONE)
		return select_rows(ctx->db, ctx->arena, &search->query, rows_r);
	return select_page(ctx->db, ctx->arena, &search->query, cap, rows_r, n_r);
}

/* %text% for LIKE. */
static struct str group_pattern(struct search *search, struct str text)
{
	struct buf buf;
	buf_init(&buf, search->ctx->arena, text.len + 3);
	buf_char(&buf, '%');
	buf_str(&buf, text_like_escape(search->ctx->arena, fold(search, text)));
	buf_char(&buf, '%');
	return buf_done(&buf);
}

static enum err card_groups_count(struct ctx *ctx, const struct card_list_in *in, struct str like,
				  int64_t *n_r)
{
	struct card_group_fragment_count_in count = {ctx_organisation(ctx), in->parent_id, like};
	struct card_group_fragment_count_row row;
	if (in->filter.len == 0)
		return count_get(ctx, COUNT_GROUPS_OF_GROUP, &in->parent_id, n_r);
	enum err err = sql_card_group_fragment_count(ctx->db, ctx->arena, &count, &row);
	if (err == ERR_OK)
		*n_r = row.n;
	return err;
}

/* The part of the page that groups take: those below the parent, the root's when none was named. */
static enum err card_groups_read(struct ctx *ctx, const struct card_list_in *in, struct str like,
				 struct page_range range, struct list *rows_r)
{
	struct card_group_fragment_in groups = {ctx_organisation(ctx), in->parent_id, like,
						range.limit, range.offset};
	return sql_card_group_fragment(ctx->db, ctx->arena, &groups, rows_r);
}

/* How many there are in all, when the first page shows these: the count goes on where it ends. */
static enum err card_groups_rest(struct ctx *ctx, const struct card_list_in *in, struct str like,
				 const struct list *rows, int64_t *n_r)
{
	const struct card_group_fragment_row *last =
		(const struct card_group_fragment_row *)rows->rows + rows->n - 1;
	struct card_group_fragment_rest_in rest = {ctx_organisation(ctx), in->parent_id, like,
						   last->name_key, last->id};
	struct card_group_fragment_rest_row row;
	enum err err = sql_card_group_fragment_rest(ctx->db, ctx->arena, &rest, &row);
	if (err == ERR_OK)
		*n_r = (int64_t)rows->n + row.n;
	return err;
}

static void groups_make(const struct list *rows, struct card *cards)
{
	const struct card_group_fragment_row *row = rows->rows;
	for (size_t i = 0; i < rows->n; i++) {
		cards[i] = (struct card){.is_group = true};
		cards[i].row.id = row[i].id;
		cards[i].row.parent_id = row[i].parent_id;
		cards[i].row.name = row[i].name;
		cards[i].row.description = row[i].description;
	}
}

/* Groups come before cards: what they leave of the page is the cards'. */
static struct page_range cards_range(struct page_range page, int64_t groups, size_t shown)
{
	int64_t offset = page.offset > groups ? page.offset - groups : 0;
	return (struct page_range){offset, page.limit - (int64_t)shown};
}

struct result {
	struct list groups;   /* rows of this page */
	int64_t groups_items; /* groups in all */
	int64_t cards_items;  /* cards in all; -1 = to be counted */
};

/* The groups that a fragment finds on the first page are looked at once for page and count. */
static enum err groups_find(struct search *search, const struct card_list_in *in,
			    struct page_range range, struct result *result)
{
	struct ctx *ctx = search->ctx;
	struct str like = group_pattern(search, in->filter);
	bool first = in->filter.len > 0 && range.offset == 0;
	enum err err = ERR_OK;
	if (!first)
		err = card_groups_count(ctx, in, like, &result->groups_items);
	if (err == ERR_OK && (first || range.offset < result->groups_items))
		err = card_groups_read(ctx, in, like, range, &result->groups);
	if (err != ERR_OK || !first)
		return err;
	result->groups_items = (int64_t)result->groups.n;
	if (result->groups_items < range.limit)
		return ERR_OK;
	return card_groups_rest(ctx, in, like, &result->groups, &result->groups_items);
}

static enum err page_read(struct search *search, struct result *result, struct page_range range,
			  struct card_list_out *out)
{
	struct ctx *ctx = search->ctx;
	struct page_range cards = cards_range(range, result->groups_items, result->groups.n);
	bool peek = search->count == PAGE_COUNT_NONE;
	struct list rows = {0};
	bool last = search->rows_max && cards.offset + cards.limit >= search->rows_max;
	if (last)
		cards.limit = cards.offset < search->rows_max ? search->rows_max - cards.offset : 0;
	search->query.offset = cards.offset;
	search->query.total = result->cards_items > 0 ? result->cards_items : 0;
	search->query.limit = cards.limit + (peek && !last);
	enum err err = rows_read(search, &rows, &result->cards_items);
	if (err != ERR_OK)
		return err;
	bool more = (int64_t)rows.n > cards.limit;
	rows.n -= more;
	struct card *card = arena_array(ctx->arena, struct card, result->groups.n + rows.n + 1);
	out->cards = (struct list){card, result->groups.n + rows.n};
	groups_make(&result->groups, card);
	for (size_t i = 0; i < out->cards.n; i++)
		card[i].row_number = range.offset + (int64_t)i + 1;
	if (peek)
		page_close_uncounted(&out->page, (int64_t)out->cards.n, more);
	else
		page_close(&out->page, result->groups_items + result->cards_items,
			   search->count == PAGE_COUNT_EXACT || search->is_kept);
	return cards_make(search, &rows, card + result->groups.n);
}

static void list_conds(struct search *search, const struct card_list_in *in)
{
#define IS_SENT(m) SENT(in, struct card_list_in, m)
	static const struct {
		const char *name;
		size_t offset;
	} ids[] = {
		{"person_id", offsetof(struct card_list_in, person_id)},
		{"master_id", offsetof(struct card_list_in, master_id)},
		{"referral_id", offsetof(struct card_list_in, referral_id)},
		{"level_id", offsetof(struct card_list_in, level_id)},
	};
	if (IS_SENT(parent_id))
		add_id(search, "parent_id", &in->parent_id);
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		const struct uuid *id = (const void *)((const char *)in + ids[i].offset);
		if (!uuid_is_unset(id))
			add_id(search, ids[i].name, id);
	}
	if (IS_SENT(active))
		add_number(search, "active", in->active);
	if (IS_SENT(blocked))
		add_moment(search, in->blocked ? "blocked" : "unblocked");
	if (in->email.len)
		add_text(search, "email_key", SELECT_EQ, fold(search, in->email));
	if (in->phone.len)
		add_phone(search, SELECT_EQ, in->phone);
	if (in->barcode.len)
		add_named(search, "barcode_fragment", in->barcode);
	if (in->code.len)
		add_named(search, "code_fragment", in->code);
	if (in->filter.len)
		add_fragment(search, in->filter);
}

static enum err card_list(struct ctx *ctx, const struct card_list_in *in, struct card_list_out *out)
{
	struct search search;
	struct page_range range;
	struct result result = {.cards_items = -1};
	search_init(&search, ctx, IS_SENT(calculate_count), in->calculate_count);
	list_conds(&search, in);
	enum err err = page_open(ctx, &in->page, &out->page, &range);
	if (err == ERR_OK && in->with_groups)
		err = groups_find(&search, in, range, &result);
	if (err == ERR_OK && search.count != PAGE_COUNT_NONE)
		err = search_kept_items(ctx, search.conds, search.query.where.cond_n,
					&result.cards_items);
	search.is_kept = result.cards_items >= 0;
	return err == ERR_OK ? page_read(&search, &result, range, out) : err;
}
OPERATION(card_list, struct card_list_in, struct card_list_out, .mutates = false);
#undef IS_SENT

/*
 * Numbers of one issuer begin alike: a beginning that all cards have does not filter, and the
 * number of cards is kept.
 */
static enum err drop_void(struct search *search)
{
	struct ctx *ctx = search->ctx;
	const struct select_cond *cond = search->conds;
	bool is_void = false;
	enum err err = ERR_OK;

	if (search->query.where.cond_n == 1 && cond->kind == SELECT_FILTER &&
	    cond->cmp == SELECT_PREFIX)
		err = select_is_void(ctx->db, ctx->arena, &search->query, cond, &is_void);
	if (is_void)
		search->query.where.cond_n = 0;
	return err;
}

typedef void add_fn(struct search *search, struct str filter);

static enum err find(struct ctx *ctx, const struct card_search_in *in, add_fn *add,
		     int64_t rows_max, struct card_list_out *out)
{
	struct search search;
	struct page_range range;
	struct result result = {.cards_items = -1};
	search_init(&search, ctx, SENT(in, struct card_search_in, calculate_count),
		    in->calculate_count);
	enum err err = page_open(ctx, &in->page, &out->page, &range);
	if (in->filter.len) {
		add(&search, in->filter);
		search.rows_max = rows_max;
	}
	if (err == ERR_OK)
		err = drop_void(&search);
	if (err == ERR_OK && search.query.where.cond_n == 0 && search.count != PAGE_COUNT_NONE)
		err = search_kept_items(ctx, search.conds, 0, &result.cards_items);
	search.is_kept = in->filter.len == 0 || search.rows_max;
	return err == ERR_OK ? page_read(&search, &result, range, out) : err;
}

static void add_phone_end(struct search *search, struct str filter)
{
	add_phone(search, SELECT_PREFIX, filter);
}

static void add_email_start(struct search *search, struct str filter)
{
	add_text(search, "email_key", SELECT_PREFIX, fold(search, filter));
}

static void add_barcode_start(struct search *search, struct str filter)
{
	add_text(search, "barcode_key", SELECT_PREFIX, fold(search, filter));
}

static void add_code_start(struct search *search, struct str filter)
{
	add_text(search, "code_key", SELECT_PREFIX, fold(search, filter));
}

#define SEARCH(function, add, rows_max)                                                            \
	static enum err function(struct ctx *ctx, const struct card_search_in *in,                 \
				 struct card_list_out *out)                                        \
	{                                                                                          \
		return find(ctx, in, add, rows_max, out);                                          \
	}                                                                                          \
	OPERATION(function, struct card_search_in, struct card_list_out, .mutates = false)

SEARCH(card_by_phone, add_phone_end, 0);
SEARCH(card_by_email, add_email_start, 0);
SEARCH(card_by_barcode, add_barcode_start, 0);
SEARCH(card_by_code, add_code_start, 0);
SEARCH(card_by_name, add_words, SEARCH_NAME_ROWS_MAX);
