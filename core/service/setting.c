#include <stddef.h>
#include <sys/stat.h>
#include <stdio.h>

#include "decimal.h"
#include "json.h"
#include "settings.h"
#include "text.h"

#define PERCENT_MAX 10000 /* 100.00 */
#define DAYS_MAX    36500
#define COUNT_MAX   1000000
#define ZONE_FOLDER "/usr/share/zoneinfo"

static const struct setting_word empty_lists[] = {{"404", 404}, {"200", 200}, {NULL, 0}};
static const struct setting_word level_checks[] = {
	{"tell", LEVEL_CHECK_TELL}, {"perform", LEVEL_CHECK_PERFORM}, {NULL, 0}};
static const struct setting_word identifies[] = {{"code", 1}, {"none", 0}, {NULL, 0}};
static const struct setting_word return_policies[] = {
	{"clip", RETURN_CLIP}, {"negative", RETURN_NEGATIVE}, {"refuse", RETURN_REFUSE}, {NULL, 0}};
static const struct setting_word no_or_yes[] = {{"no", 0}, {"yes", 1}, {NULL, 0}};

/* clang-format off */
#define AT(member) offsetof(struct settings, member)
const struct setting setting_table[] = {
	{"empty_list", SETTING_WORD, AT(empty_list), "404", 0, 0, empty_lists,
	 "HTTP status of an empty list in the organization dialect"},
	{"level_check", SETTING_WORD, AT(level_check), "tell", 0, 0, level_checks,
	 "what check=true of levelup and leveldown does"},
	{"cards_per_user", SETTING_INTEGER, AT(cards_per_user), "0", 0, COUNT_MAX, NULL,
	 "most cards of one holder; 0 = no limit"},
	{"identify", SETTING_WORD, AT(identify), "code", 0, 0, identifies,
	 "whether send_identify asks for a one-time code"},
	{"default_image", SETTING_TEXT, AT(default_image), "", 0, SETTING_IMAGE_MAX, NULL,
	 "picture of a card that has none"},
	{"credit_limit", SETTING_AMOUNT, AT(credit_limit), "0", 0, AMOUNT_MINOR_MAX, NULL,
	 "credit line of money accounts whose holder may have credit"},
	{"invalidate_period_days", SETTING_INTEGER, AT(invalidate_period_days), "0", 0, DAYS_MAX, NULL,
	 "days until points burn; 0 = never"},
	{"activation_period_days", SETTING_INTEGER, AT(activation_period_days), "0", 0, DAYS_MAX, NULL,
	 "days until points can be spent; 0 = at once"},
	{"return_policy", SETTING_WORD, AT(return_policy), "clip", 0, 0, return_policies,
	 "return of points that were spent already"},
	{"tills_required", SETTING_WORD, AT(tills_required), "no", 0, 0, no_or_yes,
	 "whether a till must be known"},
	{"birthday_required_washings", SETTING_INTEGER, AT(birthday_required_washings), "0", 0, COUNT_MAX, NULL,
	 "washings that earn a birthday wash; 0 = no programme"},
	{"birthday_period_days", SETTING_INTEGER, AT(birthday_period_days), "30", 1, 366, NULL,
	 "days from the birthday in which it can be had"},
	{"bonus_tiers", SETTING_TIERS, AT(bonus_tiers), "[]", 0, 0, NULL,
	 "JSON array of at most 16 {ThresholdAmount, BonusPercentage}"},
	{"sale_points_percent", SETTING_AMOUNT, AT(sale_points_percent), "0", 0, PERCENT_MAX, NULL,
	 "points that a sale brings, in percent"},
};
/* clang-format on */
const size_t setting_count = sizeof(setting_table) / sizeof(setting_table[0]);

const struct setting *setting_find(struct str name)
{
	for (size_t i = 0; i < setting_count; i++) {
		if (str_eq(name, str_of(setting_table[i].name)))
			return &setting_table[i];
	}
	return NULL;
}

static enum reason decode_word(const struct setting *setting, struct str value, int64_t *member)
{
	for (const struct setting_word *word = setting->words; word->word; word++) {
		if (str_eq(value, str_of(word->word))) {
			*member = word->value;
			return REASON_NONE;
		}
	}
	return REASON_UNKNOWN_VALUE;
}

static enum reason decode_integer(const struct setting *setting, struct str value, int64_t *member)
{
	int64_t number;

	if (!str_to_i64(value, &number))
		return REASON_NOT_A_NUMBER;
	if (number < setting->min || number > setting->max)
		return REASON_OUT_OF_RANGE;
	*member = number;
	return REASON_NONE;
}

static enum reason decode_amount(const struct setting *setting, struct str value,
				 struct amount *member)
{
	struct amount amount;

	enum reason reason = decimal_parse(value, &amount);
	if (reason)
		return reason;
	if (amount.minor < setting->min || amount.minor > setting->max)
		return REASON_OUT_OF_RANGE;
	*member = amount;
	return REASON_NONE;
}

static enum reason decode_text(const struct setting *setting, struct str value, char *member)
{
	if (!text_is_utf8(value))
		return REASON_NOT_UTF8;
	if (value.len > 0 && memchr(value.at, '\0', value.len))
		return REASON_HAS_NUL;
	if (text_length(value) > (size_t)setting->max || value.len > SETTING_TEXT_MAX)
		return REASON_TOO_LONG;
	if (value.len > 0)
		memcpy(member, value.at, value.len);
	member[value.len] = '\0';
	return REASON_NONE;
}

static enum reason tier_member(const struct json_value *tier, const char *name, int64_t max,
			       struct amount *member)
{
	const struct json_value *value = json_member(tier, name);

	if (!value)
		return REASON_REQUIRED;
	if (json_kind(value) != JSON_NUMBER)
		return REASON_WRONG_TYPE;
	enum reason reason = decimal_parse(json_text_of(value), member);
	if (!reason && (member->minor < 0 || member->minor > max))
		return REASON_OUT_OF_RANGE;
	return reason;
}

static enum reason decode_tier(const struct json_value *value, struct bonus_tier *tier)
{
	if (json_kind(value) != JSON_OBJECT)
		return REASON_WRONG_TYPE;
	enum reason reason =
		tier_member(value, "ThresholdAmount", AMOUNT_MINOR_MAX, &tier->threshold);
	if (reason)
		return reason;
	return tier_member(value, "BonusPercentage", PERCENT_MAX, &tier->percent);
}

static enum reason decode_tiers(struct arena *arena, struct str value, struct settings *settings)
{
	struct bonus_tier tiers[SETTING_TIERS_MAX] = {0};
	const struct json_value *root;
	const char *where;
	int64_t n = 0;

	enum reason reason = json_parse(arena, value, &root, &where);
	if (reason)
		return reason;
	if (json_kind(root) != JSON_ARRAY)
		return REASON_WRONG_TYPE;
	for (const struct json_value *one = json_first(root); one; one = json_next(one)) {
		if (n == SETTING_TIERS_MAX)
			return REASON_TOO_MANY;
		reason = decode_tier(one, &tiers[n++]);
		if (reason)
			return reason;
	}
	memcpy(settings->bonus_tiers, tiers, sizeof(tiers));
	settings->bonus_tiers_n = n;
	return REASON_NONE;
}

enum reason setting_decode(const struct setting *setting, struct arena *arena, struct str value,
			   struct settings *settings)
{
	void *member = (char *)settings + setting->offset;

	if (value.len > SETTING_TEXT_MAX)
		return REASON_TOO_LONG;
	switch (setting->type) {
	case SETTING_WORD:
		return decode_word(setting, value, member);
	case SETTING_INTEGER:
		return decode_integer(setting, value, member);
	case SETTING_AMOUNT:
		return decode_amount(setting, value, member);
	case SETTING_TEXT:
		return decode_text(setting, value, member);
	case SETTING_TIERS:
		break;
	}
	return decode_tiers(arena, value, settings);
}

bool timezone_is_good(struct str name)
{
	char path[sizeof(ZONE_FOLDER) + 1 + TIMEZONE_MAX];
	struct stat st;

	if (name.len == 0 || name.len > TIMEZONE_MAX || name.at[0] == '/' ||
	    memchr(name.at, '\0', name.len))
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];
		bool good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			    (c >= '0' && c <= '9') || strchr("_+-/", c);
		if (!good)
			return false;
	}
	snprintf(path, sizeof(path), ZONE_FOLDER "/%.*s", (int)name.len, name.at);
	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}
