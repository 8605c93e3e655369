/* Queries from outside: everything that is refused before a text is made. */
#include "select_priv.h"

#include "stmt.h"

const struct select_field *select_field_find(const struct select_table *table, const char *name)
{
	for (size_t i = 0; i < table->field_n; i++) {
		if (strcmp(table->fields[i].name, name) == 0)
			return &table->fields[i];
	}
	return NULL;
}

const struct select_named *select_find_named(const struct select_table *table, const char *name)
{
	for (size_t i = 0; i < table->named_n; i++) {
		if (strcmp(table->named[i].name, name) == 0)
			return &table->named[i];
	}
	return NULL;
}

/* How many values a comparator takes. */
static const struct {
	size_t least, most;
} value_counts[SELECT_CMPS] = {
	[SELECT_EQ] = {1, 1},       [SELECT_NE] = {1, 1},
	[SELECT_LT] = {1, 1},       [SELECT_LE] = {1, 1},
	[SELECT_GT] = {1, 1},       [SELECT_GE] = {1, 1},
	[SELECT_LIKE] = {1, 1},     [SELECT_PREFIX] = {1, 1},
	[SELECT_BETWEEN] = {2, 2},  [SELECT_IN] = {0, SELECT_VALUES_MAX},
	[SELECT_NULL] = {0, 0},     [SELECT_NOT_IN] = {0, SELECT_VALUES_MAX},
	[SELECT_NOT_NULL] = {0, 0},
};

struct census {
	const struct select_table *table;
	size_t filters, values;
	struct select_fault *fault;
};

static enum err refuse(struct census *census, const struct select_cond *cond, enum reason reason)
{
	*census->fault = (struct select_fault){.cond = cond, .reason = reason};
	return ERR_INVALID;
}

static bool values_fit(const struct select_field *field, const struct select_cond *cond)
{
	for (size_t i = 0; field->type == FT_UUID && i < cond->value_n; i++) {
		if (cond->values[i].text.len != sizeof(struct uuid))
			return false;
	}
	return cond->value_n >= value_counts[cond->cmp].least &&
	       cond->value_n <= value_counts[cond->cmp].most;
}

static enum err check_filter(struct census *census, const struct select_cond *cond)
{
	const struct select_field *field = select_field_find(census->table, cond->name);
	bool text;

	if (!field || field->flags & SELECT_NO_FILTER || cond->cmp >= SELECT_CMPS)
		return refuse(census, cond, REASON_UNKNOWN_VALUE);
	text = field->type == FT_STR;
	if ((cond->cmp == SELECT_LIKE &&
	     (!text || (field->flags & SELECT_BYTES && !field->like))) ||
	    (cond->cmp == SELECT_PREFIX && !(text && field->flags & SELECT_BYTES)) ||
	    !values_fit(field, cond))
		return refuse(census, cond, REASON_WRONG_TYPE);
	return ERR_OK;
}

static enum err check_cond(struct census *census, const struct select_cond *cond, int depth)
{
	enum err err = ERR_OK;

	if (cond->kind == SELECT_AND || cond->kind == SELECT_OR) {
		if (depth > SELECT_DEPTH_MAX)
			return refuse(census, cond, REASON_TOO_DEEP);
		for (size_t i = 0; err == ERR_OK && i < cond->cond_n; i++)
			err = check_cond(census, &cond->conds[i], depth + 1);
		return err;
	}
	census->values += cond->value_n;
	if (++census->filters > SELECT_FILTERS_MAX || census->values > SELECT_VALUES_MAX)
		return refuse(census, cond, REASON_TOO_MANY);
	if (cond->kind == SELECT_FILTER)
		return check_filter(census, cond);
	return select_find_named(census->table, cond->name)
		       ? ERR_OK
		       : refuse(census, cond, REASON_UNKNOWN_VALUE);
}

static enum err check_order(const struct select_query *query, struct select_fault *fault_r)
{
	for (size_t i = 0; i < query->order_n; i++) {
		const struct select_field *field =
			select_field_find(query->table, query->order[i].name);

		fault_r->order = &query->order[i];
		if (!field || field->flags & SELECT_NO_ORDER) {
			fault_r->reason = REASON_UNKNOWN_VALUE;
			return ERR_INVALID;
		}
		if (i == SELECT_ORDERS_MAX) {
			fault_r->reason = REASON_TOO_MANY;
			return ERR_INVALID;
		}
	}
	fault_r->order = NULL;
	return ERR_OK;
}

enum err select_check(const struct select_query *query, struct select_fault *fault_r)
{
	struct census census = {.table = query->table, .fault = fault_r};
	enum err err;

	*fault_r = (struct select_fault){0};
	err = check_cond(&census, &query->where, 1);
	return err == ERR_OK ? check_order(query, fault_r) : err;
}
