#include "verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "chain.h"
#include "db.h"
#include "keyring.h"
#include "stmt_gen.h"
#include "tx.h"
#include "uuid.h"
#include "verify_priv.h"

static void print_place(const struct verify *v, const struct verify_place *place,
			char text[VERIFY_KEY_MAX])
{
	static const char *const units[] = {"unit 0", "points", "money"};
	char card[UUID_TEXT_LEN], id[UUID_TEXT_LEN];
	const char *unit = place->unit >= 0 && place->unit <= UNIT_MONEY ? units[place->unit] : "?";
	int len =
		snprintf(text, VERIFY_KEY_MAX, "organisation %lld", (long long)v->organisation_id);

	uuid_format(&place->card_id, card);
	uuid_format(&place->id, id);
	if (!uuid_is_unset(&place->card_id))
		len += snprintf(text + len, VERIFY_KEY_MAX - (size_t)len, " card %.*s %s",
				UUID_TEXT_LEN, card, unit);
	if (place->table == VERIFY_ENTRY)
		len += snprintf(text + len, VERIFY_KEY_MAX - (size_t)len, " seq %lld",
				(long long)place->number);
	if (!uuid_is_unset(&place->id))
		len += snprintf(text + len, VERIFY_KEY_MAX - (size_t)len, " %s %.*s",
				place->table == VERIFY_ALLOCATION ? "owner" : "id", UUID_TEXT_LEN,
				id);
	if (place->table == VERIFY_ALLOCATION)
		snprintf(text + len, VERIFY_KEY_MAX - (size_t)len, " position %lld",
			 (long long)place->number);
}

enum err verify_bad(struct verify *v, const struct verify_place *place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(v->report.fault, sizeof v->report.fault, format, args);
	va_end(args);
	print_place(v, place, v->report.key);
	v->report.table = verify_table_name(place->table);
	return ERR_CONFLICT;
}

enum err verify_same(struct verify *v, const struct verify_place *place, const char *what,
		     int64_t found, int64_t wanted)
{
	if (found == wanted)
		return ERR_OK;
	return verify_bad(v, place, "%s: %lld, should be %lld", what, (long long)found,
			  (long long)wanted);
}

static enum err check_mac(struct verify *v, const struct account_row *account)
{
	struct verify_place place = {
		.table = VERIFY_ACCOUNT, .card_id = account->card_id, .unit = account->unit};
	const struct key *key = keyring_find(v->keys, account->kid);

	if (account->unit != UNIT_POINTS && account->unit != UNIT_MONEY)
		return verify_bad(v, &place, "unit: %lld is none", (long long)account->unit);
	if (!key)
		return verify_bad(v, &place, "kid: %.*s is not in the ledger's keys",
				  (int)account->kid.len, account->kid.at);
	bool good = str_eq(chain_account_mac(&v->arena, key, account), account->mac);
	arena_reset(&v->arena, 0);
	return good ? ERR_OK : verify_bad(v, &place, "mac: not that of its members");
}

static void tally_begin(struct tally *tally)
{
	struct tally fresh = {.entries = tally->entries,
			      .lot_marks = tally->lot_marks,
			      .holds = tally->holds,
			      .releases = tally->releases};

	pile_init(&fresh.entries, sizeof(struct entry_mark));
	pile_init(&fresh.lot_marks, sizeof(struct lot_mark));
	pile_init(&fresh.holds, sizeof(struct hold_mark));
	pile_init(&fresh.releases, sizeof(struct release_mark));
	*tally = fresh;
}

static enum err check_account(struct verify *v, const struct account_row *account)
{
	static enum err (*const parts[])(struct verify *, const struct account_row *) = {
		check_mac,    verify_entries,     verify_lots,
		verify_holds, verify_allocations, verify_parts,
	};
	enum err err = ERR_OK;

	tally_begin(&v->tally);
	for (size_t i = 0; err == ERR_OK && i < sizeof parts / sizeof parts[0]; i++)
		err = parts[i](v, account);
	if (err != ERR_OK)
		return err;
	verify_add(&v->cards[account->unit], account->balance.minor);
	v->report.accounts++;
	return ERR_OK;
}

/* Tables are read side by side, so a row whose account is missing shows. */
static enum err check_next(struct verify *v, bool *found_r)
{
	struct verify_place place = {0};
	const void *row = NULL;

	enum err err = verify_next_account(v, &place.table, &place.card_id, &place.unit, found_r);
	if (err != ERR_OK || !*found_r)
		return err;
	if (place.table != VERIFY_ACCOUNT)
		return verify_bad(v, &place, "its account has no row");
	err = verify_take(v, VERIFY_ACCOUNT, &place.card_id, place.unit, &row);
	return err == ERR_OK ? check_account(v, row) : err;
}

/* Whatever a card's account gained, a system account of the organisation lost. */
static enum err check_system(struct verify *v)
{
	enum err err = ERR_OK;

	for (int64_t unit = UNIT_POINTS; err == ERR_OK && unit <= UNIT_MONEY; unit++) {
		struct verify_place place = {.table = VERIFY_ACCOUNT, .unit = unit};

		err = verify_same(v, &place, "sum of all card accounts", v->cards[unit],
				  -v->system[unit]);
	}
	return err;
}

static enum err check_organisation(struct verify *v, int64_t organisation_id)
{
	bool found = true;
	enum err err = ERR_OK;

	v->organisation_id = organisation_id;
	memset(v->cards, 0, sizeof v->cards);
	memset(v->system, 0, sizeof v->system);
	memset(v->pairs.sum, 0, sizeof v->pairs.sum);
	verify_rewind(v);
	while (err == ERR_OK && found)
		err = check_next(v, &found);
	if (err == ERR_OK)
		err = check_system(v);
	if (err == ERR_OK)
		err = verify_journal(v);
	v->report.organisations += err == ERR_OK;
	return err;
}

static enum err check_all(void *arg)
{
	struct verify *v = arg;
	struct list organisations = {0};
	struct verify_estimate_row estimate = {0};
	struct arena arena;

	if (v->organisation_id != 0)
		return check_organisation(v, v->organisation_id);
	if (!arena_init(&arena, (size_t)16 << 20))
		return ERR_INTERNAL;
	enum err err = sql_verify_estimate(v->db, &arena, &estimate);
	v->report.expected = estimate.entries;
	if (err == ERR_OK)
		err = sql_organisation_list(v->db, &arena, &organisations);
	const struct organisation_row *rows = organisations.rows;
	for (size_t i = 0; err == ERR_OK && i < organisations.n; i++)
		err = check_organisation(v, rows[i].id);
	arena_fini(&arena);
	return err;
}

enum err ledger_verify(struct db *db, const struct keyring *ledger_keys, int64_t organisation_id,
		       verify_watch_fn *watch, void *arg, struct verify_report *report_r)
{
	struct verify *v = calloc(1, sizeof *v);
	enum err err = ERR_INTERNAL;

	if (!v || !pairs_open(&v->pairs) || !verify_streams_open(v))
		goto out;
	v->db = db;
	v->keys = ledger_keys;
	v->watch = watch;
	v->arg = arg;
	v->organisation_id = organisation_id;
	err = tx_snapshot(db, check_all, v);
	*report_r = v->report;
out:
	if (v) {
		verify_streams_close(v);
		pairs_close(&v->pairs);
		pile_fini(&v->tally.entries);
		pile_fini(&v->tally.lot_marks);
		pile_fini(&v->tally.holds);
		pile_fini(&v->tally.releases);
	}
	free(v);
	return err == ERR_CONFLICT ? ERR_OK : err;
}
