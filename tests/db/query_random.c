/* Random words, conditions, orders and pages. */
#include "query_model.h"

#include <string.h>

static uint64_t state;

void model_seed(unsigned long seed)
{
	state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

/* xorshift64* (Vigna 2016). */
unsigned model_below(unsigned n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (unsigned)((state * UINT64_C(0x2545F4914F6CDD1D)) >> 33) % n;
}

bool model_chance(unsigned percent)
{
	return model_below(100) < percent;
}

struct str model_word(void)
{
	static const char *const words[] = {
		"Anna",   "anna", "ANNABELLE", "Bob",     "bob%",   "b_b", "back\\slash", "Иванов",
		"ИВАНОВ", "иван", "Королёв",   "королев", "100% 1", "ё",   "z",           "Zoë",
		"a b c",  "x__y", "50%%",      "Щукин",   "\\",     "%",
	};
	return str_of(words[model_below(sizeof(words) / sizeof(words[0]))]);
}

enum kind { NUMBER, TEXT, COMPANY, FLAG, GENDER, DAY };

static const struct {
	const char *name;
	enum kind kind;
} fields[] = {
	{"serial", NUMBER},     {"name", TEXT},      {"email", TEXT},
	{"external_id", TEXT},  {"city", TEXT},      {"phone", TEXT},
	{"payment_card", TEXT}, {"card_code", TEXT}, {"company_serial", COMPANY},
	{"company_name", TEXT}, {"locked", FLAG},    {"is_default", FLAG},
	{"gender", GENDER},     {"birthdate", DAY},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

/* A text that a person has in this field, or a word. */
static struct str some_text(const struct model *model, const char *name)
{
	static const struct {
		const char *name;
		enum model_text text;
	} texts[] = {{"email", MODEL_EMAIL},
		     {"external_id", MODEL_EXTERNAL},
		     {"city", MODEL_CITY},
		     {"phone", MODEL_PHONE},
		     {"payment_card", MODEL_PAYMENT}};
	const struct model_person *p = &model->person[model_below((unsigned)model->people)];
	struct str text = p->text[MODEL_NAME];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(texts[i].name, name) == 0)
			text = p->text[texts[i].text];
	if (strcmp(name, "card_code") == 0 && p->cards > 0)
		text = p->card[model_below((unsigned)p->cards)];
	return text.len > 0 ? text : model_word();
}

/* Characters become wildcards, or are escaped, or are cut off. */
static struct str pattern_of(struct arena *arena, struct str text)
{
	struct buf buf;

	buf_init(&buf, arena, text.len * 2 + 2);
	if (model_chance(30))
		buf_char(&buf, '%');
	for (size_t i = 0; i < text.len; i++) {
		bool ascii = (text.at[i] & 0x80) == 0;

		if (ascii && strchr("%_\\", text.at[i]) && model_chance(70))
			buf_char(&buf, '\\');
		buf_char(&buf, ascii && model_chance(10) ? '_' : text.at[i]);
		if (i + 1 < text.len && (text.at[i + 1] & 0xc0) != 0x80 && model_chance(8)) {
			buf_char(&buf, '%');
			break;
		}
	}
	if (model_chance(40))
		buf_char(&buf, '%');
	return buf_done(&buf);
}

static struct select_value some_value(const struct model *model, struct arena *arena, size_t field,
				      bool pattern)
{
	struct str text;

	switch (fields[field].kind) {
	case NUMBER:
		return (struct select_value){
			.number = model->person[0].serial +
				  (int64_t)model_below((unsigned)model->people + 10) - 5};
	case COMPANY:
		return (struct select_value){
			.number = model->company[model_below((unsigned)model->companies)].serial +
				  (model_chance(10) ? 1000 : 0)};
	case FLAG:
		return (struct select_value){.number = model_chance(50)};
	case GENDER:
		return (struct select_value){.number = model_below(5)};
	case DAY:
		return (struct select_value){.number = ((int64_t)model_below(40) - 20) * 86400000 +
						       1};
	case TEXT:
		break;
	}
	text = some_text(model, fields[field].name);
	return (struct select_value){.text = pattern ? pattern_of(arena, text) : text};
}

static size_t values_of(enum select_cmp cmp)
{
	switch (cmp) {
	case SELECT_NULL:
	case SELECT_NOT_NULL:
		return 0;
	case SELECT_BETWEEN:
		return 2;
	case SELECT_IN:
	case SELECT_NOT_IN:
		return model_below(6);
	default:
		return 1;
	}
}

static struct select_cond random_filter(const struct model *model, struct arena *arena)
{
	size_t field = model_below(FIELDS), n;
	enum select_cmp cmp;
	struct select_value *values;

	do
		cmp = (enum select_cmp)model_below(SELECT_CMPS);
	while (cmp == SELECT_PREFIX || (cmp == SELECT_LIKE && fields[field].kind != TEXT));
	n = values_of(cmp);
	values = arena_array(arena, struct select_value, n + 1);
	for (size_t i = 0; i < n; i++)
		values[i] = some_value(model, arena, field, cmp == SELECT_LIKE);
	return (struct select_cond){.kind = SELECT_FILTER,
				    .cmp = cmp,
				    .name = fields[field].name,
				    .values = values,
				    .value_n = n};
}

static struct select_cond random_cond(const struct model *model, struct arena *arena, int depth)
{
	struct select_cond *conds;
	size_t n;

	if (depth >= SELECT_DEPTH_MAX || model_chance(depth == 1 ? 15 : 55))
		return random_filter(model, arena);
	n = model_below(4);
	conds = arena_array(arena, struct select_cond, n + 1);
	for (size_t i = 0; i < n; i++)
		conds[i] = random_cond(model, arena, depth + 1);
	return (struct select_cond){
		.kind = model_chance(50) ? SELECT_AND : SELECT_OR, .conds = conds, .cond_n = n};
}

struct entity_query model_query(const struct model *model, struct arena *arena)
{
	struct entity_query query = {.where = random_cond(model, arena, 1),
				     .order_n = model_below(SELECT_ORDERS_MAX),
				     .limit = 1 + model_below(60),
				     .offset = model_chance(50) ? model_below(80) : 0,
				     .count = true};
	struct select_order *orders = arena_array(arena, struct select_order, SELECT_ORDERS_MAX);

	for (size_t i = 0; i < query.order_n; i++)
		orders[i] = (struct select_order){.name = fields[model_below(FIELDS)].name,
						  .desc = model_chance(50)};
	query.order = orders;
	return query;
}

static void print_cond(FILE *file, const struct select_cond *cond)
{
	static const char *const cmps[SELECT_CMPS] = {
		"=",      "!=", "<",      "<=",      ">",       ">=",         "like",
		"prefix", "in", "not in", "between", "is null", "is not null"};

	if (cond->kind != SELECT_FILTER) {
		fprintf(file, cond->kind == SELECT_AND ? "and(" : "or(");
		for (size_t i = 0; i < cond->cond_n; i++)
			print_cond(file, &cond->conds[i]);
		fprintf(file, ") ");
		return;
	}
	fprintf(file, "[%s %s", cond->name, cmps[cond->cmp]);
	for (size_t i = 0; i < cond->value_n; i++)
		fprintf(file, " %lld/%.*s", (long long)cond->values[i].number,
			(int)cond->values[i].text.len, cond->values[i].text.at);
	fprintf(file, "] ");
}

void model_print(FILE *file, const struct entity_query *query)
{
	print_cond(file, &query->where);
	for (size_t i = 0; i < query->order_n; i++)
		fprintf(file, "%s %s%s", i ? "," : "order by", query->order[i].name,
			query->order[i].desc ? " desc" : "");
	fprintf(file, " limit %lld offset %lld\n", (long long)query->limit,
		(long long)query->offset);
}
