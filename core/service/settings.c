#include "settings.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "db.h"
#include "log.h"
#include "stmt_gen.h"

/* Kept apart from the settings themselves, which are large: looking for one reads little. */
struct place {
	int64_t organisation_id;     /* 0 = empty */
	int64_t looked_us, asked_us; /* monotonic: at the version, by a request */
	uint64_t told;               /* when it was looked at */
};

/* How many changes were told of: of this process alone until it is shared. */
static _Atomic uint64_t own_told;
static _Atomic uint64_t *told = &own_told;

struct settings_cache {
	size_t last; /* most requests ask for the same again */
	struct place places[SETTINGS_KEPT_MAX];
	struct settings settings[SETTINGS_KEPT_MAX];
};

void settings_defaults(struct settings *settings, int64_t organisation_id)
{
	memset(settings, 0, sizeof(*settings));
	settings->organisation_id = organisation_id;
	settings->has_idle_levels = true;
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *setting = &setting_table[i];
		if (setting->type == SETTING_TIERS)
			continue;
		enum reason reason =
			setting_decode(setting, NULL, str_of(setting->initial), settings);
		assert(reason == REASON_NONE);
		(void)reason;
	}
}

struct settings_cache *settings_cache_open(void)
{
	struct settings_cache *cache = calloc(1, sizeof(*cache));

	assert(cache);
	return cache;
}

void settings_cache_close(struct settings_cache **cache)
{
	free(*cache);
	*cache = NULL;
}

static void log_bad(const struct organisation_row *organisation, struct str name)
{
	log_event(LOG_ERROR_, "stored setting not understood: default used",
		  (struct log_pair[]){
			  {"organisation", NULL, organisation->id}, {"setting", name.at, 0}, {0}});
}

static void take_zone(const struct organisation_row *organisation, struct settings *settings)
{
	struct str zone = organisation->timezone;

	if (zone.len > TIMEZONE_MAX) {
		log_bad(organisation, STR("timezone"));
		memcpy(settings->timezone, "UTC", sizeof("UTC"));
		return;
	}
	memcpy(settings->timezone, zone.at, zone.len);
	settings->timezone[zone.len] = '\0';
}

/* Whoever makes or ends one changes the version. */
static enum err take_facts(struct db *db, struct arena *arena, struct settings *settings)
{
	struct setting_facts_in in = {settings->organisation_id, settings->organisation_id};
	struct setting_facts_row facts;
	enum err err = sql_setting_facts(db, arena, &in, &facts);

	if (!err) {
		settings->has_webhooks = facts.webhooks > 0;
		settings->has_idle_levels = facts.idle_levels > 0;
	}
	return err;
}

static enum err load(struct db *db, struct arena *arena,
		     const struct organisation_row *organisation, struct settings *settings)
{
	struct list rows = {0};

	enum err err =
		sql_setting_list(db, arena, &(struct setting_list_in){organisation->id}, &rows);
	if (err)
		return err;
	settings_defaults(settings, organisation->id);
	settings->version = organisation->settings_version;
	take_zone(organisation, settings);
	const struct setting_row *row = rows.rows;
	for (size_t i = 0; i < rows.n; i++) {
		const struct setting *setting = setting_find(row[i].name);
		if (!setting || setting_decode(setting, arena, row[i].value, settings))
			log_bad(organisation, row[i].name);
	}
	return take_facts(db, arena, settings);
}

/* The organisation's place, else an empty one, else the one asked for least recently. */
static size_t place_of(struct settings_cache *cache, int64_t organisation_id)
{
	const struct place *places = cache->places;
	size_t oldest = 0;

	if (places[cache->last].organisation_id == organisation_id)
		return cache->last;
	for (size_t i = 0; i < SETTINGS_KEPT_MAX; i++) {
		if (places[i].organisation_id == organisation_id)
			return i;
		if (places[oldest].organisation_id != 0 &&
		    (places[i].organisation_id == 0 ||
		     places[i].asked_us < places[oldest].asked_us))
			oldest = i;
	}
	cache->places[oldest].organisation_id = 0;
	return oldest;
}

bool settings_share(void)
{
	void *page = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			  -1, 0);

	if (page == MAP_FAILED)
		return false;
	told = page;
	return true;
}

void settings_unshare(void)
{
	if (told != &own_told)
		munmap(told, sizeof(*told));
	told = &own_told;
}

void settings_tell(void)
{
	atomic_fetch_add(told, 1);
}

static enum err look(struct settings_cache *cache, size_t at, struct db *db, struct arena *arena,
		     int64_t organisation_id)
{
	struct place *place = &cache->places[at];
	struct settings *settings = &cache->settings[at];
	bool known = place->organisation_id != 0;
	struct organisation_row row;

	place->organisation_id = 0;
	enum err err = sql_organisation_get(db, arena,
					    &(struct organisation_get_in){organisation_id}, &row);
	if (!err && !(known && settings->version == row.settings_version))
		err = load(db, arena, &row, settings);
	if (!err)
		place->organisation_id = organisation_id;
	return err;
}

enum err settings_get(struct settings_cache *cache, struct db *db, struct arena *arena,
		      int64_t organisation_id, int64_t monotonic_us,
		      const struct settings **settings_r)
{
	size_t at = place_of(cache, organisation_id);
	struct place *place = &cache->places[at];
	uint64_t told_now =
		atomic_load(told); /* before the look: what comes later asks for another */

	if (place->organisation_id == 0 || place->told != told_now ||
	    monotonic_us - place->looked_us >= SETTINGS_REFRESH_US) {
		enum err err = look(cache, at, db, arena, organisation_id);
		if (err)
			return err;
		place->looked_us = monotonic_us;
		place->told = told_now;
	}
	place->asked_us = monotonic_us;
	cache->last = at;
	*settings_r = &cache->settings[at];
	return ERR_OK;
}
