#include "identifier_change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "merge.h"
#include "mutation.h"
#include "person_store.h"
#include "status.h"
#include "stmt_gen.h"
#include "uuid.h"

#define NUMBER_TEXT_MAX 21

struct change {
	struct ctx *ctx;
	const struct identifier_change_in *in;
	struct identifier_place place;
	struct person_row
		locked[IDENTIFIER_ENTRIES_MAX + 1]; /* the customer and whoever may survive */
	size_t locked_n;
	/* The customer as it was when this began, as it is stored, and as it will be. */
	struct person_row original, before, after;
	struct warning warnings[IDENTIFIER_ENTRIES_MAX];
	size_t warnings_n;
	int cards; /* of the direction under way */
};

static int compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct uuid));
}

static enum err refuse_merged(struct ctx *ctx, int64_t survivor)
{
	char *text = arena_alloc(ctx->arena, NUMBER_TEXT_MAX);
	snprintf(text, NUMBER_TEXT_MAX, "%lld", (long long)survivor);
	return ctx_fail(ctx, ERR_CONFLICT, text, REASON_CUSTOMER_MERGED);
}

static enum err customer_find(struct change *c, struct uuid *id_r)
{
	struct person_found found;
	enum err err = person_resolve(c->ctx, c->in->customer_id, &found);
	if (err != ERR_OK)
		return err;
	if (found.alias)
		return refuse_merged(c->ctx, found.serial);
	if (found.removed)
		return ctx_fail(c->ctx, ERR_CONFLICT, "customer_id", REASON_CUSTOMER_REMOVED);
	*id_r = found.id;
	return ERR_OK;
}

/* Whom an entry may merge the customer into: the first who has its value. */
static enum err holder_find(struct change *c, const struct identifier_entry *entry,
			    const struct uuid *self, struct uuid *ids, size_t *n)
{
	enum identifier_kind kind = identifier_kind_of(entry->type);
	struct identifier_elsewhere_in in = {ctx_organisation(c->ctx), kind,
					     identifier_key(c->ctx->arena, kind, entry->value),
					     *self};
	struct identifier_elsewhere_row row;
	if (kind == IDENTIFIER_NONE || !entry->value.at)
		return ERR_OK;
	enum err err = sql_identifier_elsewhere(c->ctx->db, c->ctx->arena, &in, &row);
	if (err == ERR_OK)
		ids[(*n)++] = row.person_id;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* In ascending order of ids, as everybody locks persons; one that is gone is nobody's survivor. */
static enum err persons_lock(struct change *c, struct uuid *ids, size_t n)
{
	enum err err = ERR_OK;
	qsort(ids, n, sizeof *ids, compare_ids);
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		if (i > 0 && uuid_eq(&ids[i], &ids[i - 1]))
			continue;
		err = person_lock(c->ctx, &ids[i], "customer_id", &c->locked[c->locked_n]);
		if (err == ERR_OK)
			c->locked_n++;
		else if (err == ERR_NOT_FOUND)
			err = ERR_OK;
	}
	return err;
}

static const struct person_row *locked_find(const struct change *c, const struct uuid *id)
{
	for (size_t i = 0; i < c->locked_n; i++)
		if (uuid_eq(&c->locked[i].id, id))
			return &c->locked[i];
	return NULL;
}

static enum err customer_lock(struct change *c)
{
	struct uuid ids[IDENTIFIER_ENTRIES_MAX + 1];
	size_t n = 1;
	enum err err = customer_find(c, &ids[0]);
	struct uuid self = ids[0];
	for (int64_t i = 0; err == ERR_OK && i < c->in->add.n; i++)
		err = holder_find(c, &c->in->add.entry[i], &self, ids, &n);
	if (err == ERR_OK)
		err = persons_lock(c, ids, n);
	if (err != ERR_OK)
		return err;
	const struct person_row *row = locked_find(c, &self);
	if (!row)
		return db_again(c->ctx->db);
	c->original = c->before = c->after = *row;
	if (row->locked)
		return ctx_fail(c->ctx, ERR_CONFLICT, "customer_id", REASON_CUSTOMER_BLOCKED);
	return ERR_OK;
}

static enum err shape_check(struct ctx *ctx, const struct identifier_change_in *in)
{
	if (in->remove.fault)
		return ctx_fail(ctx, ERR_INVALID, in->remove.member, in->remove.fault);
	if (in->add.fault)
		return ctx_fail(ctx, ERR_INVALID, in->add.member, in->add.fault);
	if (in->add.n + in->remove.n == 0)
		return ctx_fail(ctx, ERR_INVALID, "add", REASON_REQUIRED);
	return ERR_OK;
}

static enum err self_store(struct change *c)
{
	if (!row_difference(&person_row_map, &c->before, &c->after, person_row_map.fields))
		return ERR_OK;
	enum err err = person_store(c->ctx, &c->before, &c->after);
	c->before = c->after;
	return err;
}

/* A card that comes or goes may change the holder's row, which is stored first and read after. */
static enum err card_entry_apply(struct change *c, const struct identifier_entry *entry,
				 enum identifier_kind kind, bool adds)
{
	struct card_entry card = {.number = entry->value,
				  .external = kind == IDENTIFIER_CARD_EXTERNAL,
				  .label = entry->label.at ? entry->label : STR(""),
				  .series_serial = entry->series_id,
				  .series_code =
					  entry->series_code.at ? entry->series_code : STR("")};
	enum err err = self_store(c);
	if (err == ERR_OK)
		err = adds ? card_link(c->ctx, &c->before, &card, "value")
			   : card_unlink(c->ctx, &c->before, &card, "value");
	if (err == ERR_OK && ++c->cards > 1)
		return ctx_fail(c->ctx, ERR_INVALID, adds ? "add" : "remove",
				adds ? REASON_CARDS_ADDED : REASON_CARDS_REMOVED);
	if (err == ERR_OK)
		err = person_lock(c->ctx, &c->before.id, "customer_id", &c->before);
	c->after = c->before;
	return err;
}

static enum err identifier_remove(struct change *c, const struct identifier_entry *entry,
				  enum identifier_kind kind)
{
	struct ctx *ctx = c->ctx;
	struct identifier_row row;
	enum err err = identifier_find(ctx, &c->place, kind, entry->value, &row);
	if (err == ERR_NOT_FOUND || (err == ERR_OK && !uuid_eq(&row.person_id, &c->after.id)))
		return ctx_fail(ctx, ERR_NOT_FOUND, "value", REASON_IDENTIFIER_UNKNOWN);
	struct identifier_delete_in in = {row.organisation_id, row.source,   row.account, row.kind,
					  row.value_key,       row.person_id};
	if (err == ERR_OK)
		err = sql_identifier_delete(ctx->db, &in, NULL);
	struct str *field = identifier_field(&c->after, kind);
	if (err != ERR_OK || !field || !str_eq(row.source, STR(SOURCE_INSTORE)) ||
	    !str_eq(identifier_key(ctx->arena, kind, *field), row.value_key))
		return err;
	*field = STR("");
	return identifiers_fill(ctx, &c->after);
}

static enum err identifier_insert(struct change *c, const struct identifier_entry *entry,
				  enum identifier_kind kind, struct str key)
{
	struct identifier_row row = {.organisation_id = ctx_organisation(c->ctx),
				     .id = ctx_uuid(c->ctx),
				     .person_id = c->after.id,
				     .source = c->place.source,
				     .account = c->place.account,
				     .kind = kind,
				     .value = entry->value,
				     .value_key = key,
				     .created_at = ctx_now(c->ctx)};
	enum err err = sql_identifier_insert(c->ctx->db, &row, NULL);
	struct str *field = identifier_field(&c->after, kind);
	if (err == ERR_OK && field && field->len == 0 && str_eq(row.source, STR(SOURCE_INSTORE)))
		*field = entry->value;
	return err == ERR_TAKEN ? db_again(c->ctx->db) : err;
}

static enum err merge_into(struct change *c, const struct uuid *survivor)
{
	const struct person_row *row = locked_find(c, survivor);
	if (!row)
		return db_again(c->ctx->db);
	struct person_row after = *row;
	enum err err = person_merge(c->ctx, &c->before, &after);
	if (err != ERR_OK)
		return err;
	c->original = c->before = *row;
	c->after = after;
	c->warnings[c->warnings_n++].reason = REASON_MERGED;
	return ERR_OK;
}

/* What goes in first is seen by whoever adds the same elsewhere at the same time. */
static enum err identifier_add(struct change *c, const struct identifier_entry *entry,
			       enum identifier_kind kind)
{
	struct ctx *ctx = c->ctx;
	struct identifier_row row;
	enum err err = identifier_find(ctx, &c->place, kind, entry->value, &row);
	if (err == ERR_OK)
		return ctx_fail(ctx, ERR_TAKEN, "value",
				uuid_eq(&row.person_id, &c->after.id) ? REASON_IDENTIFIER_OWN
								      : REASON_IDENTIFIER_OTHERS);
	struct identifier_elsewhere_lock_in in = {ctx_organisation(ctx), kind,
						  identifier_key(ctx->arena, kind, entry->value),
						  c->after.id};
	struct identifier_elsewhere_lock_row other;
	if (err == ERR_NOT_FOUND)
		err = identifier_insert(c, entry, kind, in.value_key);
	if (err == ERR_OK)
		err = sql_identifier_elsewhere_lock(ctx->db, ctx->arena, &in, &other);
	if (err == ERR_NOT_FOUND)
		return ERR_OK;
	return err == ERR_OK ? merge_into(c, &other.person_id) : err;
}

static enum err entry_apply(struct change *c, const struct identifier_entry *entry, bool adds)
{
	enum identifier_kind kind = identifier_kind_of(entry->type);
	if (kind == IDENTIFIER_NONE)
		return ctx_fail(c->ctx, ERR_INVALID, "type", REASON_UNKNOWN_VALUE);
	enum reason reason = identifier_check(kind, entry->value);
	if (reason != REASON_NONE)
		return ctx_fail(c->ctx, ERR_INVALID, "value", reason);
	if (kind >= IDENTIFIER_CARD_NUMBER)
		return card_entry_apply(c, entry, kind, adds);
	return adds ? identifier_add(c, entry, kind) : identifier_remove(c, entry, kind);
}

static enum err entries_apply(struct change *c, const struct identifier_entries *entries, bool adds)
{
	enum err err = ERR_OK;
	c->cards = 0;
	for (int64_t i = 0; err == ERR_OK && i < entries->n; i++)
		err = entry_apply(c, &entries->entry[i], adds);
	return err;
}

static enum err change_end(struct change *c, struct identifier_change_out *out)
{
	struct ctx *ctx = c->ctx;
	enum err err = self_store(c);
	if (err != ERR_OK)
		return err;
	journal_object(ctx, &c->after.id);
	journal_changes(ctx, person_note_name(ctx, &c->after.id), &person_row_map, &c->original,
			&c->after);
	out->created_id = c->after.serial;
	out->warnings = (struct list){c->warnings, c->warnings_n};
	return ERR_OK;
}

static enum err identifier_change(struct ctx *ctx, const struct identifier_change_in *in,
				  struct identifier_change_out *out)
{
	struct change *c = arena_new(ctx->arena, struct change);
	c->ctx = ctx;
	c->in = in;
	enum err err = identifier_place_find(ctx, in->source, in->account, &c->place);
	if (err == ERR_OK)
		err = customer_lock(c);
	if (err == ERR_OK)
		err = shape_check(ctx, in);
	if (err == ERR_OK)
		err = entries_apply(c, &in->remove, false);
	if (err == ERR_OK)
		err = entries_apply(c, &in->add, true);
	return err == ERR_OK ? change_end(c, out) : err;
}
OPERATION(identifier_change, struct identifier_change_in, struct identifier_change_out,
	  .mutates = true);
