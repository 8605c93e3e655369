/* Lists of persons: by one of the unique keys, or page by page. */
#include <string.h>

#include "count.h"
#include "db.h"
#include "person.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define KEY_MAX 1020

/* A filter by one of the unique keys; a text whose key is empty is nobody's. */
struct whole_key {
	bool asked;
	struct str key;
	enum err (*find)(struct ctx *ctx, struct str key, struct uuid *id_r);
};

/* The filters in force, made ready; an empty text filters nothing. */
struct filters {
	struct whole_key whole[3];
	bool by_gender, by_locked, by_confirmed, by_filter;
	struct str filter; /* folded */
	struct str digits; /* of a filter that may be a phone */
};

#define WHOLE_KEYS (sizeof((struct filters *)0)->whole / sizeof(struct whole_key))

#define FIND_BY(column)                                                                            \
	static enum err find_by_##column(struct ctx *ctx, struct str key, struct uuid *id_r)       \
	{                                                                                          \
		struct person_by_##column##_in in = {ctx_organisation(ctx), key};                  \
		struct person_by_##column##_row row;                                               \
		enum err err = sql_person_by_##column(ctx->db, ctx->arena, &in, &row);             \
		if (err == ERR_OK)                                                                 \
			*id_r = row.id;                                                            \
		return err;                                                                        \
	}
FIND_BY(login)
FIND_BY(phone)
FIND_BY(email)

/* A fragment without letters may be of a phone, however that is written. */
static struct str phone_digits(struct arena *arena, struct str filter)
{
	for (size_t i = 0; i < filter.len; i++)
		if (!strchr("0123456789+-() ./", filter.at[i]) || filter.at[i] == '\0')
			return (struct str){0};
	return text_digits(arena, filter);
}

static struct filters filters_of(struct arena *arena, const struct person_list_in *in)
{
	struct filters filters = {
		.whole = {{in->login.len > 0, text_fold(arena, in->login, KEY_MAX), find_by_login},
			  {in->phone.len > 0, text_digits(arena, in->phone), find_by_phone},
			  {in->email.len > 0, text_fold(arena, in->email, KEY_MAX), find_by_email}},
		.by_gender = SENT(in, struct person_list_in, gender),
		.by_locked = SENT(in, struct person_list_in, locked),
		.by_confirmed = SENT(in, struct person_list_in, confirmed),
		.filter = text_fold(arena, in->filter, KEY_MAX),
	};
	filters.by_filter = filters.filter.len > 0;
	filters.digits = phone_digits(arena, filters.filter);
	return filters;
}

static bool asks_whole(const struct filters *filters)
{
	bool asks = false;
	for (size_t i = 0; i < WHOLE_KEYS; i++)
		asks = asks || filters->whole[i].asked;
	return asks;
}

/* The one person that all whole keys lead to. */
static enum err find_by_keys(struct ctx *ctx, const struct filters *filters, struct uuid *id_r)
{
	struct uuid found = {{0}}, id;
	for (size_t i = 0; i < WHOLE_KEYS; i++) {
		const struct whole_key *whole = &filters->whole[i];
		if (!whole->asked)
			continue;
		enum err err =
			whole->key.len > 0 ? whole->find(ctx, whole->key, &id) : ERR_NOT_FOUND;
		if (err != ERR_OK)
			return err;
		if (!uuid_is_unset(&found) && !uuid_eq(&id, &found))
			return ERR_NOT_FOUND;
		found = id;
	}
	*id_r = found;
	return ERR_OK;
}

static bool holds(struct str text, struct str part)
{
	return part.len == 0 ||
	       (text.len >= part.len && memmem(text.at, text.len, part.at, part.len));
}

static bool passes_filter(struct arena *arena, const struct filters *filters,
			  const struct person_view_row *row)
{
	const struct str texts[] = {row->name, row->login, row->email};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (holds(text_fold(arena, texts[i], KEY_MAX), filters->filter))
			return true;
	return filters->digits.len > 0 && holds(text_digits(arena, row->phone), filters->digits);
}

static bool passes(struct arena *arena, const struct person_list_in *in,
		   const struct filters *filters, const struct person_view_row *row)
{
	return (!filters->by_gender || row->gender == in->gender) &&
	       (!filters->by_locked || row->locked == in->locked) &&
	       (!filters->by_confirmed || row->confirmed == in->confirmed) &&
	       (!filters->by_filter || passes_filter(arena, filters, row));
}

/* One person or none: a whole key is unique. */
static enum err list_one(struct ctx *ctx, const struct person_list_in *in,
			 const struct filters *filters, const struct page_range *range,
			 struct person_list_out *out)
{
	struct person_view_get_in get = {in->with_fields, ctx_organisation(ctx), {{0}}};
	struct person *person = arena_new(ctx->arena, struct person);
	enum err err = find_by_keys(ctx, filters, &get.id);
	if (err == ERR_OK)
		err = sql_person_view_get(ctx->db, ctx->arena, &get, &person->row);
	if (err != ERR_OK && err != ERR_NOT_FOUND)
		return err;
	bool found = err == ERR_OK && passes(ctx->arena, in, filters, &person->row);
	person->row_number = 1;
	if (found && range->offset == 0)
		out->persons = (struct list){person, 1};
	page_close(&out->page, found, true);
	return ERR_OK;
}

static enum err read_page(struct ctx *ctx, const struct person_list_in *in,
			  const struct filters *filters, const struct page_range *range,
			  struct list *rows_r)
{
	struct person_view_list_in list = {
		.with_fields = in->with_fields,
		.organisation_id = ctx_organisation(ctx),
		.by_gender = filters->by_gender,
		.gender = in->gender,
		.by_locked = filters->by_locked,
		.locked = in->locked,
		.by_confirmed = filters->by_confirmed,
		.confirmed = in->confirmed,
		.by_filter = filters->by_filter,
		.filter = filters->filter,
		.by_digits = filters->digits.len > 0,
		.digits = filters->digits,
		.limit = range->limit,
		.offset = range->offset,
	};
	return sql_person_view_list(ctx->db, ctx->arena, &list, rows_r);
}

static enum err count_rows(struct ctx *ctx, const struct person_list_in *in,
			   const struct filters *filters, int64_t *n_r)
{
	struct person_count_in count = {
		.organisation_id = ctx_organisation(ctx),
		.by_gender = filters->by_gender,
		.gender = in->gender,
		.by_locked = filters->by_locked,
		.locked = in->locked,
		.by_confirmed = filters->by_confirmed,
		.confirmed = in->confirmed,
		.by_filter = filters->by_filter,
		.filter = filters->filter,
		.by_digits = filters->digits.len > 0,
		.digits = filters->digits,
		.limit = PAGE_COUNT_CAP + 1,
	};
	struct person_count_row row;
	enum err err = sql_person_count(ctx->db, ctx->arena, &count, &row);
	if (err == ERR_OK)
		*n_r = row.n;
	return err;
}

static void number_rows(struct ctx *ctx, const struct list *rows, int64_t offset,
			struct list *persons_r)
{
	struct person *persons = arena_array(ctx->arena, struct person, rows->n + 1);
	const struct person_view_row *row = rows->rows;
	for (size_t i = 0; i < rows->n; i++)
		persons[i] = (struct person){row[i], offset + (int64_t)i + 1};
	*persons_r = (struct list){persons, rows->n};
}

static enum err list_page(struct ctx *ctx, const struct person_list_in *in,
			  const struct filters *filters, const struct page_range *range,
			  struct person_list_out *out)
{
	bool all = !filters->by_gender && !filters->by_locked && !filters->by_confirmed &&
		   !filters->by_filter;
	struct uuid none = {{0}};
	struct list rows = {0};
	int64_t items = 0;
	enum err err = read_page(ctx, in, filters, range, &rows);
	if (err == ERR_OK)
		err = all ? count_get(ctx, COUNT_PERSONS, &none, &items)
			  : count_rows(ctx, in, filters, &items);
	if (err != ERR_OK)
		return err;
	number_rows(ctx, &rows, range->offset, &out->persons);
	page_close(&out->page, items, all);
	return ERR_OK;
}

static enum err person_list(struct ctx *ctx, const struct person_list_in *in,
			    struct person_list_out *out)
{
	struct page_range range;
	enum err err = page_open(ctx, &in->page, &out->page, &range);
	if (err != ERR_OK)
		return err;
	struct filters filters = filters_of(ctx->arena, in);
	if (asks_whole(&filters))
		return list_one(ctx, in, &filters, &range, out);
	return list_page(ctx, in, &filters, &range, out);
}
OPERATION(person_list, struct person_list_in, struct person_list_out, .mutates = false);
