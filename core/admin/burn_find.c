/* Accounts that the clock has changed: by lots that ended, holds past their time, inactivity. */
#include <string.h>

#include "burn_run.h"
#include "settings.h"
#include "stmt_gen.h"
#include "zone.h"

#define DAY_MS INT64_C(86400000)

static void find_add(struct burn_page *page, struct uuid card_id, int64_t unit, int64_t lots)
{
	page->find[page->n++] = (struct burn_find){{card_id, unit}, lots};
}

static enum err ended_lots(struct burn_run *run, struct burn_page *page)
{
	struct burn_place *place = &run->place;
	struct burn_lot_in in = {ctx_organisation(&run->ctx),
				 run->until,
				 place->at,
				 place->card_id,
				 place->unit,
				 place->id,
				 BURN_PAGE};
	struct list rows = {0};

	enum err err = sql_burn_lot(run->ctx.db, run->ctx.arena, &in, &rows);
	const struct burn_lot_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++) {
		find_add(page, row[i].card_id, row[i].unit, 1);
		place->at = row[i].burn_at;
		place->card_id = row[i].card_id;
		place->unit = row[i].unit;
		place->id = row[i].id;
	}
	page->last = rows.n < BURN_PAGE;
	return err;
}

static enum err due_holds(struct burn_run *run, struct burn_page *page)
{
	struct burn_place *place = &run->place;
	struct burn_hold_in in = {ctx_organisation(&run->ctx), run->until, place->at, place->id,
				  BURN_PAGE};
	struct list rows = {0};

	page->at_once = true;
	enum err err = sql_burn_hold(run->ctx.db, run->ctx.arena, &in, &rows);
	const struct burn_hold_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++) {
		find_add(page, row[i].account_card_id, row[i].unit, 1);
		place->at = row[i].until_at;
		place->id = row[i].id;
	}
	page->last = rows.n < BURN_PAGE;
	return err;
}

/* Its points of before the end have not burnt, and the end is there. */
static bool is_inactive(const struct burn_run *run, const struct burn_card_row *row, int64_t days)
{
	if (row->oldest_at.ms == 0)
		return false;
	struct moment end = zone_day(run->ctx.settings->timezone, row->activity_at, days);
	return end.ms <= run->until.ms && row->oldest_at.ms < end.ms;
}

static enum err inactive_of_level(struct burn_run *run, const struct burn_level_row *level,
				  struct burn_page *page, size_t *rows_r)
{
	struct burn_place *place = &run->place;
	int64_t days = level->inactivity_bonus_erase_period;
	/* A day of the calendar may be shorter than a day of the clock. */
	struct burn_card_in in = {{run->until.ms - (days - 2) * DAY_MS},
				  ctx_organisation(&run->ctx),
				  level->id,
				  {(const char *)place->name_key, place->name_len},
				  place->id,
				  BURN_PAGE};
	struct list rows = {0};

	enum err err = sql_burn_card(run->ctx.db, run->ctx.arena, &in, &rows);
	const struct burn_card_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++)
		if (is_inactive(run, &row[i], days))
			find_add(page, row[i].id, UNIT_POINTS, row[i].lots);
	if (rows.n > 0) {
		row += rows.n - 1;
		place->id = row->id;
		place->name_len = row->name_key.len;
		memcpy(place->name_key, row->name_key.at, row->name_key.len);
	}
	*rows_r = rows.n;
	return err;
}

static enum err inactive_cards(struct burn_run *run, struct burn_page *page)
{
	struct burn_level_in in = {ctx_organisation(&run->ctx)};
	size_t level = run->place.level, rows = 0;
	struct list levels = {0};

	page->at_once = true;
	enum err err = sql_burn_level(run->ctx.db, run->ctx.arena, &in, &levels);
	if (err != ERR_OK || level >= levels.n) {
		page->last = true;
		return err;
	}
	const struct burn_level_row *row = levels.rows;
	err = inactive_of_level(run, &row[level], page, &rows);
	if (err == ERR_OK && rows < BURN_PAGE)
		run->place = (struct burn_place){.level = level + 1};
	return err;
}

burn_source *const burn_sources[] = {ended_lots, due_holds, inactive_cards};
const size_t burn_sources_n = sizeof(burn_sources) / sizeof(burn_sources[0]);
