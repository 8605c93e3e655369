/*
 * Settings of an organisation: one table of names, types, limits and defaults. Rows
 * of organisation_setting hold only what differs from the default. A worker keeps
 * the settings of a bounded number of organisations and looks at their version
 * every few seconds, so a change is seen everywhere within 5 s. What a worker
 * itself changes, the host's workers see with the next request.
 */
#ifndef SERVICE_SETTINGS_H
#define SERVICE_SETTINGS_H

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "reason.h"
#include "types.h"

struct db;

#define SETTINGS_KEPT_MAX   64 /* organisations */
#define SETTINGS_REFRESH_US INT64_C(3000000)
#define SETTING_TEXT_MAX    4096 /* bytes of a stored value */
#define SETTING_IMAGE_MAX   1000 /* characters */
#define SETTING_TIERS_MAX   16
#define TIMEZONE_MAX        64 /* bytes */

enum level_check { LEVEL_CHECK_TELL, LEVEL_CHECK_PERFORM };
enum return_policy { RETURN_CLIP, RETURN_NEGATIVE, RETURN_REFUSE };

struct bonus_tier {
	struct amount threshold;
	struct amount percent; /* hundredths of a percent */
};

struct settings {
	int64_t organisation_id;
	int64_t version;
	char timezone[TIMEZONE_MAX + 1]; /* IANA name, NUL-terminated */
	int64_t empty_list;              /* HTTP status of an empty list: 404 or 200 */
	int64_t level_check;             /* enum level_check */
	int64_t cards_per_user;          /* 0 = no limit */
	int64_t identify;                /* 1 = a code is needed, 0 = cards at once */
	char default_image[SETTING_TEXT_MAX + 1];
	struct amount credit_limit;
	int64_t invalidate_period_days, activation_period_days; /* 0 = none */
	int64_t return_policy;                                  /* enum return_policy */
	int64_t tills_required;                                 /* 0 or 1 */
	int64_t birthday_required_washings;                     /* 0 = programme off */
	int64_t birthday_period_days;
	struct bonus_tier bonus_tiers[SETTING_TIERS_MAX];
	int64_t bonus_tiers_n;
	struct amount sale_points_percent; /* hundredths of a percent */
	bool has_webhooks;                 /* events are to be written */
	bool has_idle_levels; /* some level ends the points of idle cards; true when not known */
};

enum setting_type { SETTING_WORD, SETTING_INTEGER, SETTING_AMOUNT, SETTING_TEXT, SETTING_TIERS };

struct setting_word {
	const char *word; /* ends with NULL */
	int64_t value;
};

struct setting {
	const char *name;
	enum setting_type type;
	size_t offset;
	const char *initial; /* the default, as text */
	int64_t min, max;    /* INTEGER: value; AMOUNT: minor units; TEXT: characters */
	const struct setting_word *words;
	const char *help;
};

extern const struct setting setting_table[];
extern const size_t setting_count;

/* NULL when there is none of this name. */
const struct setting *setting_find(struct str name);
/* Checks a value and puts it into the struct. The arena is for parsing only. */
enum reason setting_decode(const struct setting *setting, struct arena *arena, struct str value,
			   struct settings *settings);
/* All defaults. */
void settings_defaults(struct settings *settings, int64_t organisation_id);
/* A name that the host's zone database knows. */
bool timezone_is_good(struct str name);

/* Before any fork: what workers tell each other by. False: no memory. */
bool settings_share(void);
void settings_unshare(void);
/* After the commit of a change: all caches that share with this one look again. */
void settings_tell(void);

struct settings_cache;

/* Allocated whole, before the accept loop. */
struct settings_cache *settings_cache_open(void);
void settings_cache_close(struct settings_cache **cache);
/*
 * Borrowed until the next settings_get. NOT_FOUND: no such organisation; BUSY. A
 * stored value that this program does not understand is logged and its default used.
 */
enum err settings_get(struct settings_cache *cache, struct db *db, struct arena *arena,
		      int64_t organisation_id, int64_t monotonic_us,
		      const struct settings **settings_r);

#endif
