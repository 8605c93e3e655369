#include "identifier.h"

#include <string.h>

#include "batch.h"
#include "db.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define KEY_MAX           1020
#define EMAIL_LOCAL_MAX   64 /* RFC 5321, 4.5.3.1.1 */
#define MOBILE_DIGITS_MIN 7
#define MOBILE_DIGITS_MAX 15 /* ITU-T E.164, 6 */

/* No control character, and something to see. */
static bool is_plain(struct str value)
{
	bool seen = false;
	for (size_t i = 0; i < value.len; i++) {
		if ((unsigned char)value.at[i] < ' ' || value.at[i] == 0x7f)
			return false;
		seen = seen || value.at[i] != ' ';
	}
	return seen && text_is_utf8(value) && text_length(value) <= IDENTIFIER_VALUE_MAX;
}

static bool is_dotted(struct str domain)
{
	bool dot = false;
	for (size_t i = 0; i < domain.len; i++) {
		if (domain.at[i] != '.')
			continue;
		if (i == 0 || i + 1 == domain.len || domain.at[i - 1] == '.')
			return false;
		dot = true;
	}
	return dot;
}

/* One @ between a name and a domain of several labels; no spaces, quotes or brackets. */
static bool is_email(struct str value)
{
	const char *at = value.len > 0 ? memchr(value.at, '@', value.len) : NULL;
	size_t local = at ? (size_t)(at - value.at) : 0;
	struct str domain = {at + (at != NULL), at ? value.len - local - 1 : 0};
	if (!at || local == 0 || local > EMAIL_LOCAL_MAX || !is_plain(value))
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (strchr(" \"(),:;<>[\\]", value.at[i]) || (value.at[i] == '@' && i != local))
			return false;
	return is_dotted(domain);
}

static bool is_mobile(struct str value)
{
	size_t digits = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] >= '0' && value.at[i] <= '9')
			digits++;
		else if (!strchr(" -().", value.at[i]) && !(value.at[i] == '+' && i == 0))
			return false;
	}
	return digits >= MOBILE_DIGITS_MIN && digits <= MOBILE_DIGITS_MAX &&
	       value.len <= PERSON_PHONE_MAX;
}

static const struct {
	const char *name;
	bool (*is_good)(struct str value);
	enum reason bad;
	size_t field; /* offset in struct person_row; 0 = the person has none */
} kinds[IDENTIFIER__MAX] = {
	[IDENTIFIER_NONE] = {"", is_plain, REASON_MALFORMED, 0},
	[IDENTIFIER_EMAIL] = {"email", is_email, REASON_EMAIL_SYNTAX,
			      offsetof(struct person_row, email)},
	[IDENTIFIER_MOBILE] = {"mobile", is_mobile, REASON_MOBILE_SYNTAX,
			       offsetof(struct person_row, phone)},
	[IDENTIFIER_EXTERNAL] = {"externalId", is_plain, REASON_EXTERNAL_SYNTAX,
				 offsetof(struct person_row, external_id)},
	[IDENTIFIER_WECHAT] = {"wechat", is_plain, REASON_MALFORMED, 0},
	[IDENTIFIER_UNIONID] = {"unionId", is_plain, REASON_MALFORMED, 0},
	[IDENTIFIER_MARTJACK] = {"martjackId", is_plain, REASON_MALFORMED, 0},
	[IDENTIFIER_FACEBOOK] = {"fbId", is_plain, REASON_MALFORMED, 0},
	[IDENTIFIER_TMALL] = {"tmall_uname", is_plain, REASON_MALFORMED, 0},
	[IDENTIFIER_CUID] = {"cuid", is_plain, REASON_MALFORMED, 0},
	[IDENTIFIER_ALI] = {"ali_uname", is_plain, REASON_MALFORMED, 0},
	[IDENTIFIER_JD] = {"jd_uname", is_plain, REASON_MALFORMED, 0},
	[IDENTIFIER_VIP] = {"vip_uname", is_plain, REASON_MALFORMED, 0},
	[IDENTIFIER_LINE] = {"line", is_plain, REASON_MALFORMED, 0},
	[IDENTIFIER_CARD_NUMBER] = {"cardnumber", is_plain, REASON_MALFORMED, 0},
	[IDENTIFIER_CARD_EXTERNAL] = {"cardExternalId", is_plain, REASON_MALFORMED, 0},
};

const char *identifier_name(enum identifier_kind kind)
{
	return kinds[kind].name;
}

enum identifier_kind identifier_kind_of(struct str name)
{
	for (enum identifier_kind kind = IDENTIFIER_EMAIL; kind < IDENTIFIER__MAX; kind++)
		if (str_eq(name, str_of(kinds[kind].name)))
			return kind;
	return IDENTIFIER_NONE;
}

struct str identifier_key(struct arena *arena, enum identifier_kind kind, struct str value)
{
	return kind == IDENTIFIER_MOBILE ? text_digits(arena, value)
					 : text_fold(arena, value, KEY_MAX);
}

enum reason identifier_check(enum identifier_kind kind, struct str value)
{
	return kinds[kind].is_good(value) ? REASON_NONE : kinds[kind].bad;
}

struct str *identifier_field(struct person_row *person, enum identifier_kind kind)
{
	if (kinds[kind].field == 0)
		return NULL;
	return (struct str *)(void *)((char *)person + kinds[kind].field);
}

static enum err account_find(struct ctx *ctx, const struct identifier_place *place)
{
	struct source_account_get_in in = {ctx_organisation(ctx), place->source, place->account};
	struct source_account_row row;
	if (place->account.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "account", REASON_ACCOUNT_REQUIRED);
	enum err err = sql_source_account_get(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, "account", REASON_ACCOUNT_UNKNOWN);
	return err;
}

enum err identifier_place_find(struct ctx *ctx, struct str source, struct str account,
			       struct identifier_place *place_r)
{
	struct source_get_in in = {ctx_organisation(ctx), source};
	struct source_row row;
	*place_r = (struct identifier_place){source, STR("")};
	if (str_eq(source, STR(SOURCE_INSTORE)))
		return ERR_OK;
	enum err err = source.len == 0 || source.len > SOURCE_NAME_MAX
			       ? ERR_NOT_FOUND
			       : sql_source_get(ctx->db, ctx->arena, &in, &row);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, "source", REASON_SOURCE_UNKNOWN);
	if (err != ERR_OK || !row.multi_account)
		return err;
	place_r->account = account.at ? account : STR("");
	return account_find(ctx, place_r);
}

enum err identifier_find(struct ctx *ctx, const struct identifier_place *place,
			 enum identifier_kind kind, struct str value, struct identifier_row *row_r)
{
	struct identifier_find_in in = {ctx_organisation(ctx), place->source, place->account, kind,
					identifier_key(ctx->arena, kind, value)};
	return sql_identifier_find(ctx->db, ctx->arena, &in, row_r);
}
