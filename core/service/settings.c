#include "settings.h"

#include <assert.h>
#include <stdlib.h>

#include "db.h"
#include "log.h"
#include "stmt_gen.h"

struct kept {
	bool used;
	int64_t looked_us, asked_us; /* monotonic: at the version, by a request */
	struct settings settings;
};

struct settings_cache {
	struct kept kept[SETTINGS_KEPT_MAX];
};

void settings_defaults(struct settings *settings, int64_t organisation_id)
{
	memset(settings, 0, sizeof(*settings));
	settings->organisation_id = organisation_id;
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
	return ERR_OK;
}

/* The organisation's place, else an empty one, else the one asked for least recently. */
static struct kept *place_of(struct settings_cache *cache, int64_t organisation_id)
{
	struct kept *oldest = &cache->kept[0];

	for (size_t i = 0; i < SETTINGS_KEPT_MAX; i++) {
		struct kept *kept = &cache->kept[i];
		if (kept->used && kept->settings.organisation_id == organisation_id)
			return kept;
		if (oldest->used && (!kept->used || kept->asked_us < oldest->asked_us))
			oldest = kept;
	}
	oldest->used = false;
	return oldest;
}

static enum err look(struct kept *kept, struct db *db, struct arena *arena, int64_t organisation_id,
		     int64_t monotonic_us)
{
	struct organisation_row row;

	enum err err = sql_organisation_get(db, arena,
					    &(struct organisation_get_in){organisation_id}, &row);
	if (!err && (!kept->used || kept->settings.version != row.settings_version))
		err = load(db, arena, &row, &kept->settings);
	if (err) {
		kept->used = false;
		return err;
	}
	kept->used = true;
	kept->looked_us = monotonic_us;
	return ERR_OK;
}

enum err settings_get(struct settings_cache *cache, struct db *db, struct arena *arena,
		      int64_t organisation_id, int64_t monotonic_us,
		      const struct settings **settings_r)
{
	struct kept *kept = place_of(cache, organisation_id);

	if (!kept->used || monotonic_us - kept->looked_us >= SETTINGS_REFRESH_US) {
		enum err err = look(kept, db, arena, organisation_id, monotonic_us);
		if (err)
			return err;
	}
	kept->asked_us = monotonic_us;
	*settings_r = &kept->settings;
	return ERR_OK;
}
