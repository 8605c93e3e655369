/*
 * The birthday programme: from so many washings on, the first wash within some days from the
 * holder's birthday is free, once a year. Settings birthday_required_washings (0 = off) and
 * birthday_period_days.
 */
#ifndef WASHING_PROGRAMME_H
#define WASHING_PROGRAMME_H

#include "settings.h"
#include "washing.h"

/* What the books say of a holder. */
struct programme_count {
	int64_t washings_since;  /* paid ones, after the last free one */
	struct moment last_free; /* 0 = never */
};

/*
 * `birthdate` is a day: that of UTC when it is 00:00 there (as most clients write a date), else
 * that of the organisation's zone. A birthday of 29 February is on the 28th in common years. The
 * period is the one that holds `now` - it may have begun last year -, else this year's.
 */
struct birthday_information programme_of(const struct settings *settings, struct moment birthdate,
					 const struct programme_count *count, struct moment now);
/* Is a washing at `now` free? */
bool programme_is_free(const struct birthday_information *birthday, struct moment now);

/* amount * percent, percent in hundredths, rounded half up to the minor unit; amounts >= 0. */
int64_t percent_of(struct amount amount, struct amount percent);
/* Percent of the highest tier whose threshold is reached; 0 = none. */
struct amount bonus_percent(const struct settings *settings, struct amount amount);
/* The tiers by threshold, ascending; in the arena. */
struct list bonus_tiers(struct arena *arena, const struct settings *settings);

#endif
