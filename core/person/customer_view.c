/* A customer with all that it is known by. */
#include "customer_view.h"

#include <string.h>

#include "db.h"
#include "details.h"
#include "merge.h"
#include "stmt_gen.h"
#include "uuid.h"

static enum err unknown(struct ctx *ctx, enum err err)
{
	return err == ERR_NOT_FOUND ? ctx_fail(ctx, err, NULL, REASON_CUSTOMER_UNKNOWN) : err;
}

/* A customer being shown. */
struct view {
	struct ctx *ctx;
	struct person_row person;
	struct list identifiers; /* struct identifier_row, the oldest first */
	struct list cards;       /* struct card_details */
};

static bool is_of(const struct identifier_row *row, const struct identifier_place *place)
{
	return str_eq(row->source, place->source) && str_eq(row->account, place->account);
}

static struct customer_identifier card_identifier(const struct card_details *details)
{
	return (struct customer_identifier){.type = STR("cardNumber"),
					    .value = details->card.barcode,
					    .is_card = true,
					    .series_id = details->series.serial,
					    .label = details->label};
}

static void put_identifiers(const struct view *view, const struct identifier_place *place,
			    struct customer_profile *profile)
{
	const struct identifier_row *row = view->identifiers.rows;
	const struct card_details *card = view->cards.rows;
	size_t most = view->identifiers.n + view->cards.n + 1;
	struct customer_identifier *list =
		arena_array(view->ctx->arena, struct customer_identifier, most);
	struct list *to = &profile->identifiers;
	*to = (struct list){list, 0};
	for (size_t i = 0; i < view->identifiers.n; i++)
		if (is_of(&row[i], place))
			list[to->n++] = (struct customer_identifier){
				.type = str_of(identifier_name((enum identifier_kind)row[i].kind)),
				.value = row[i].value,
				.label = STR("")};
	for (size_t i = 0; i < view->cards.n && str_eq(place->source, STR(SOURCE_INSTORE)); i++)
		list[to->n++] = card_identifier(&card[i]);
}

/* E-mail and mobile can be written to; the first of each is the primary one. */
static void put_channels(const struct view *view, const struct identifier_place *place,
			 struct customer_profile *profile)
{
	const struct identifier_row *row = view->identifiers.rows;
	struct customer_channel *list =
		arena_array(view->ctx->arena, struct customer_channel, view->identifiers.n + 1);
	bool seen[IDENTIFIER_EXTERNAL] = {false};
	profile->channels = (struct list){list, 0};
	for (size_t i = 0; i < view->identifiers.n; i++) {
		if (!is_of(&row[i], place) || row[i].kind > IDENTIFIER_MOBILE)
			continue;
		list[profile->channels.n++] = (struct customer_channel){
			.type = str_of(identifier_name((enum identifier_kind)row[i].kind)),
			.value = row[i].value,
			.primary = !seen[row[i].kind],
			.verified = view->person.confirmed};
		seen[row[i].kind] = true;
	}
}

static void put_profile(const struct view *view, const struct identifier_place *place,
			struct list *profiles)
{
	struct customer_profile *profile =
		(struct customer_profile *)profiles->rows + profiles->n++;
	*profile = (struct customer_profile){.first_name = view->person.first_name,
					     .last_name = view->person.name,
					     .source = place->source,
					     .account = place->account,
					     .serial = view->person.serial,
					     .updated_at = view->person.updated_at};
	put_identifiers(view, place, profile);
	put_channels(view, place, profile);
}

static bool has_profile(const struct list *profiles, const struct identifier_row *row)
{
	const struct customer_profile *profile = profiles->rows;
	for (size_t i = 0; i < profiles->n; i++)
		if (str_eq(profile[i].source, row->source) &&
		    str_eq(profile[i].account, row->account))
			return true;
	return false;
}

/* Everybody is in store; elsewhere whoever is known by something there. */
static void put_profiles(const struct view *view, const struct identifier_place *only,
			 struct list *profiles)
{
	const struct identifier_place instore = {STR(SOURCE_INSTORE), STR("")};
	const struct identifier_row *row = view->identifiers.rows;
	profiles->rows =
		arena_array(view->ctx->arena, struct customer_profile, view->identifiers.n + 1);
	if (!only || str_eq(only->source, instore.source))
		put_profile(view, &instore, profiles);
	for (size_t i = 0; i < view->identifiers.n; i++) {
		struct identifier_place place = {row[i].source, row[i].account};
		if (profiles->n < CUSTOMER_PROFILES_MAX && (!only || is_of(&row[i], only)) &&
		    !has_profile(profiles, &row[i]))
			put_profile(view, &place, profiles);
	}
}

static struct customer_loyalty loyalty_of(const struct view *view)
{
	const struct card_details *card = view->cards.rows;
	struct customer_loyalty loyalty = {.type = STR("non_loyalty")};
	for (size_t i = 0; i < view->cards.n; i++) {
		loyalty.type = STR("loyalty");
		loyalty.purchases.minor += card[i].card.accum_sale_amount.minor;
	}
	return loyalty;
}

static bool has_word(struct str list, struct str word)
{
	for (size_t i = 0; i + word.len <= list.len; i++) {
		size_t end = i + word.len;
		if ((i == 0 || list.at[i - 1] == ',') && (end == list.len || list.at[end] == ',') &&
		    memcmp(list.at + i, word.at, word.len) == 0)
			return true;
	}
	return false;
}

/* A card with a master shows the master's account, which is counted with the master. */
static enum err points_read(const struct view *view, struct customer_points *points)
{
	struct ctx *ctx = view->ctx;
	const struct card_details *details = view->cards.rows;
	struct card *cards = arena_array(ctx->arena, struct card, view->cards.n + 1);
	size_t n = 0;
	enum err err = ERR_OK;
	for (size_t i = 0; err == ERR_OK && i < view->cards.n; i++) {
		struct card_view_get_in in = {ctx_organisation(ctx), details[i].card.id};
		points->purchases.minor += details[i].card.accum_sale_amount.minor;
		if (!uuid_is_unset(&details[i].card.master_id))
			continue;
		err = sql_card_view_get(ctx->db, ctx->arena, &in, &cards[n].row);
		n += err == ERR_OK;
		err = err == ERR_NOT_FOUND ? ERR_OK : err;
	}
	if (err == ERR_OK)
		err = cards_resolve(ctx, cards, n);
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		points->available.minor += cards[i].available.minor;
		points->received.minor += cards[i].row.received.minor;
	}
	return err;
}

static enum err view_read(struct view *view, const struct uuid *id)
{
	struct ctx *ctx = view->ctx;
	struct person_row_get_in person = {ctx_organisation(ctx), *id};
	struct identifier_of_person_some_in identifiers = {person.organisation_id, *id,
							   CUSTOMER_IDENTIFIERS_MAX};
	enum err err = sql_person_row_get(ctx->db, ctx->arena, &person, &view->person);
	if (err == ERR_OK)
		err = sql_identifier_of_person_some(ctx->db, ctx->arena, &identifiers,
						    &view->identifiers);
	if (err == ERR_OK)
		err = card_details_of_person(ctx, id, &view->cards);
	if (view->cards.n > CUSTOMER_CARDS_MAX)
		view->cards.n = CUSTOMER_CARDS_MAX;
	return err;
}

static enum err customer_show(struct ctx *ctx, const struct customer_show_in *in,
			      struct customer_show_out *out)
{
	struct warning *merged = arena_new(ctx->arena, struct warning);
	struct view view = {.ctx = ctx};
	struct identifier_place place;
	struct person_found found = {.serial = 0};
	bool all = str_eq(in->source, STR(SOURCE_ALL));
	enum err err = all ? ERR_OK : identifier_place_find(ctx, in->source, in->account, &place);
	if (err == ERR_OK)
		err = person_resolve(ctx, in->customer_id, &found);
	if (err != ERR_OK)
		return err;
	err = found.removed ? ERR_NOT_FOUND : view_read(&view, &found.id);
	if (err != ERR_OK)
		return unknown(ctx, err);
	out->serial = view.person.serial;
	put_profiles(&view, all ? NULL : &place, &out->profiles);
	out->loyalty = loyalty_of(&view);
	out->cards = view.cards;
	merged->reason = REASON_MERGED;
	out->warnings = (struct list){merged, found.alias};
	if (out->profiles.n == 0)
		return unknown(ctx, ERR_NOT_FOUND);
	out->has_points = has_word(in->embed, STR("points"));
	return out->has_points ? unknown(ctx, points_read(&view, &out->points)) : ERR_OK;
}
OPERATION(customer_show, struct customer_show_in, struct customer_show_out, .mutates = false);
