#include "query_model.h"

#include <stdlib.h>
#include <string.h>

#define FOLDED_MAX 512

/* A folded text: code points of ASCII and the Russian alphabet, ё as е. */
struct folded {
	uint32_t at[FOLDED_MAX];
	size_t n;
};

static struct folded fold(struct str text)
{
	struct folded out = {.n = 0};

	for (size_t i = 0; i < text.len && out.n < FOLDED_MAX; i++) {
		uint32_t c = (unsigned char)text.at[i];

		if ((c & 0xe0) == 0xc0)
			c = (c & 0x1f) << 6 | ((unsigned char)text.at[++i] & 0x3f);
		if (c >= 'A' && c <= 'Z')
			c += 32;
		else if (c >= 0x410 && c <= 0x42f)
			c += 32;
		else if (c == 0x401 || c == 0x451)
			c = 0x435;
		out.at[out.n++] = c;
	}
	return out;
}

struct str model_digits(struct arena *arena, struct str text, bool wild)
{
	struct buf buf;

	buf_init(&buf, arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++)
		if ((text.at[i] >= '0' && text.at[i] <= '9') ||
		    (wild && (text.at[i] == '%' || text.at[i] == '_')))
			buf_char(&buf, text.at[i]);
	return buf_done(&buf);
}

static int text_compare(struct str a, struct str b)
{
	struct folded x = fold(a), y = fold(b);

	for (size_t i = 0; i < x.n && i < y.n; i++)
		if (x.at[i] != y.at[i])
			return x.at[i] < y.at[i] ? -1 : 1;
	return (x.n > y.n) - (x.n < y.n);
}

static bool like(const uint32_t *text, size_t n, const uint32_t *pattern, size_t m)
{
	if (m == 0)
		return n == 0;
	if (*pattern == '%') {
		for (size_t skip = 0; skip <= n; skip++)
			if (like(text + skip, n - skip, pattern + 1, m - 1))
				return true;
		return false;
	}
	if (n == 0)
		return false;
	if (*pattern == '_')
		return like(text + 1, n - 1, pattern + 1, m - 1);
	if (*pattern == '\\' && m > 1)
		return *text == pattern[1] && like(text + 1, n - 1, pattern + 2, m - 2);
	return *text == *pattern && like(text + 1, n - 1, pattern + 1, m - 1);
}

/* A value of a field: unset, a number or a text. */
struct cell {
	bool unset, is_text, digits;
	int64_t number;
	struct str text;
};

static struct cell text_cell(struct str text, bool digits)
{
	return (struct cell){
		.unset = text.len == 0, .is_text = true, .digits = digits, .text = text};
}

static struct cell number_cell(int64_t number, bool unset)
{
	return (struct cell){.unset = unset, .number = number};
}

/* The nth value of a field; unset past the last. Only cards are several. */
static struct cell cell_of(const struct model *model, const struct model_person *p,
			   const char *name, int nth)
{
	const struct model_company *company = p->company < 0 ? NULL : &model->company[p->company];
	const struct {
		const char *name;
		struct cell cell;
	} cells[] = {
		{"serial", number_cell(p->serial, false)},
		{"name", text_cell(p->text[MODEL_NAME], false)},
		{"email", text_cell(p->text[MODEL_EMAIL], false)},
		{"external_id", text_cell(p->text[MODEL_EXTERNAL], false)},
		{"city", text_cell(p->text[MODEL_CITY], false)},
		{"phone", text_cell(p->text[MODEL_PHONE], true)},
		{"payment_card", text_cell(p->text[MODEL_PAYMENT], true)},
		{"card_code",
		 text_cell(nth < p->cards ? p->card[nth] : (struct str){NULL, 0}, false)},
		{"company_serial", number_cell(company ? company->serial : 0, !company)},
		{"company_name", text_cell(company ? company->name : (struct str){NULL, 0}, false)},
		{"locked", number_cell(p->locked, false)},
		{"is_default", number_cell(p->is_default, false)},
		{"gender", number_cell(p->gender, false)},
		{"birthdate", number_cell(p->birthdate, p->birthdate == 0)},
	};

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		if (strcmp(cells[i].name, name) == 0)
			return cells[i].cell;
	abort();
}

static int compare(const struct cell *cell, const struct select_value *value)
{
	static char kept[4096];
	struct str text = value->text;
	size_t n = 0;

	if (!cell->is_text)
		return (cell->number > value->number) - (cell->number < value->number);
	if (cell->digits) {
		for (size_t i = 0; i < text.len && n < sizeof(kept); i++)
			if (strchr("0123456789%_", text.at[i]))
				kept[n++] = text.at[i];
		text = (struct str){kept, n};
	}
	return text_compare(cell->text, text);
}

static bool is_like(const struct cell *cell, struct str pattern)
{
	struct folded text = fold(cell->text), folded = fold(pattern), kept = {.n = 0};

	for (size_t i = 0; cell->digits && i < folded.n; i++)
		if (folded.at[i] < 128 && strchr("0123456789%_", (int)folded.at[i]))
			kept.at[kept.n++] = folded.at[i];
	if (cell->digits)
		folded = kept;
	return like(text.at, text.n, folded.at, folded.n);
}

static bool is_in(const struct cell *cell, const struct select_cond *cond)
{
	for (size_t i = 0; i < cond->value_n; i++)
		if (compare(cell, &cond->values[i]) == 0)
			return true;
	return false;
}

static bool cell_matches(const struct cell *cell, const struct select_cond *cond)
{
	const struct select_value *v = cond->values;

	if (cell->unset)
		return false;
	switch (cond->cmp) {
	case SELECT_EQ:
		return compare(cell, v) == 0;
	case SELECT_NE:
		return compare(cell, v) != 0;
	case SELECT_LT:
		return compare(cell, v) < 0;
	case SELECT_LE:
		return compare(cell, v) <= 0;
	case SELECT_GT:
		return compare(cell, v) > 0;
	case SELECT_GE:
		return compare(cell, v) >= 0;
	case SELECT_LIKE:
		return is_like(cell, v->text);
	case SELECT_IN:
		return is_in(cell, cond);
	case SELECT_NOT_IN:
		return !is_in(cell, cond);
	case SELECT_BETWEEN:
		return compare(cell, v) >= 0 && compare(cell, v + 1) <= 0;
	default:
		abort();
	}
}

static bool filter_matches(const struct model *model, const struct model_person *p,
			   const struct select_cond *cond)
{
	bool unset = cell_of(model, p, cond->name, 0).unset;
	int several = strcmp(cond->name, "card_code") == 0 ? p->cards : 1;

	if (cond->cmp == SELECT_NULL || cond->cmp == SELECT_NOT_NULL)
		return unset == (cond->cmp == SELECT_NULL);
	if (cond->value_n == 0)
		return cond->cmp == SELECT_NOT_IN;
	for (int i = 0; i < several; i++) {
		struct cell cell = cell_of(model, p, cond->name, i);

		if (cell_matches(&cell, cond))
			return true;
	}
	return false;
}

static bool matches(const struct model *model, const struct model_person *p,
		    const struct select_cond *cond)
{
	if (cond->kind == SELECT_FILTER)
		return filter_matches(model, p, cond);
	for (size_t i = 0; i < cond->cond_n; i++)
		if (matches(model, p, &cond->conds[i]) == (cond->kind == SELECT_OR))
			return cond->kind == SELECT_OR;
	return cond->kind == SELECT_AND;
}

size_t model_count(const struct model *model, const struct select_cond *where)
{
	size_t n = 0;

	for (int i = 0; i < model->people; i++)
		n += matches(model, &model->person[i], where);
	return n;
}

/* Of the sort that is under way. */
static const struct model *sorted_model;
static const struct entity_query *sorted_query;

static int compare_cells(const struct cell *a, const struct cell *b)
{
	if (a->unset || b->unset)
		return (int)a->unset - (int)b->unset;
	if (a->is_text)
		return text_compare(a->text, b->text);
	return (a->number > b->number) - (a->number < b->number);
}

static int compare_people(const void *left, const void *right)
{
	const struct model_person *a = *(struct model_person *const *)left,
				  *b = *(struct model_person *const *)right;

	for (size_t i = 0; i < sorted_query->order_n; i++) {
		const struct select_order *order = &sorted_query->order[i];
		struct cell x = cell_of(sorted_model, a, order->name, 0),
			    y = cell_of(sorted_model, b, order->name, 0);
		int way = compare_cells(&x, &y);

		if (way != 0)
			return order->desc ? -way : way;
	}
	return (a->serial > b->serial) - (a->serial < b->serial);
}

size_t model_select(const struct model *model, const struct entity_query *query, int64_t *serials,
		    int64_t *total_r)
{
	static const struct model_person *found[MODEL_PEOPLE_MAX];
	size_t n = 0, shown = 0;

	for (int i = 0; i < model->people; i++)
		if (matches(model, &model->person[i], &query->where))
			found[n++] = &model->person[i];
	sorted_model = model;
	sorted_query = query;
	qsort(found, n, sizeof(found[0]), compare_people);
	for (size_t i = (size_t)query->offset; i < n && shown < (size_t)query->limit; i++)
		serials[shown++] = found[i]->serial;
	*total_r = (int64_t)n;
	return shown;
}
