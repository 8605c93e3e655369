#include "token_claims.h"

#include "json.h"
#include "uuid.h"

static const struct json_value *object_of(struct arena *arena, struct str json)
{
	const struct json_value *root;
	const char *where;

	if (json_parse(arena, json, &root, &where) != REASON_NONE)
		return NULL;
	return json_kind(root) == JSON_OBJECT ? root : NULL;
}

/* NULL text when the member is missing or no string. */
static struct str string_member(const struct json_value *object, const char *name)
{
	const struct json_value *member = json_member(object, name);

	if (!member || json_kind(member) != JSON_STRING)
		return (struct str){NULL, 0};
	return json_text_of(member);
}

enum token_fault token_header_read(struct arena *arena, struct str json, struct str *kid_r)
{
	const struct json_value *header = object_of(arena, json);

	if (!header)
		return TOKEN_FAULT_HEADER;
	if (!str_eq(string_member(header, "alg"), STR("HS256")))
		return TOKEN_FAULT_ALGORITHM;
	if (!str_eq(string_member(header, "typ"), STR("JWT")))
		return TOKEN_FAULT_TYPE;
	if (json_member(header, "crit") || json_member(header, "zip"))
		return TOKEN_FAULT_EXTENSION;
	struct str kid = string_member(header, "kid");
	if (!kid_is_good(kid))
		return TOKEN_FAULT_KEY;
	*kid_r = kid;
	return TOKEN_FAULT_NONE;
}

/* RFC 7519 part 4.1.3: a string, or an array of which one is ours. */
static bool audience_is(const struct json_value *claims, struct str audience)
{
	const struct json_value *aud = json_member(claims, "aud");
	bool found = false;

	if (!aud)
		return false;
	if (json_kind(aud) == JSON_STRING)
		return str_eq(json_text_of(aud), audience);
	if (json_kind(aud) != JSON_ARRAY)
		return false;
	for (const struct json_value *one = json_first(aud); one; one = json_next(one)) {
		if (json_kind(one) != JSON_STRING)
			return false;
		found = found || str_eq(json_text_of(one), audience);
	}
	return found;
}

static bool integer_member(const struct json_value *claims, const char *name, int64_t min,
			   int64_t max, int64_t *value_r)
{
	const struct json_value *member = json_member(claims, name);
	int64_t value;

	if (!member || json_kind(member) != JSON_NUMBER)
		return false;
	if (!str_to_i64(json_text_of(member), &value) || value < min || value > max)
		return false;
	*value_r = value;
	return true;
}

/* NumericDate (RFC 7519 part 2) may have a fraction, which is cut off; an exponent is refused. */
static bool moment_member(const struct json_value *claims, const char *name, int64_t *second_r)
{
	const struct json_value *member = json_member(claims, name);
	int64_t second;

	if (!member || json_kind(member) != JSON_NUMBER)
		return false;
	struct str text = json_text_of(member);
	const char *point = memchr(text.at, '.', text.len);
	if (point) {
		for (const char *c = point + 1; c < text.at + text.len; c++) {
			if (*c < '0' || *c > '9')
				return false;
		}
		text.len = (size_t)(point - text.at);
	}
	if (!str_to_i64(text, &second) || second < 0 || second > TOKEN_SECOND_MAX)
		return false;
	*second_r = second;
	return true;
}

/* The millisecond of a UUIDv7 that lies within the second `iat`, else the second's start. */
static int64_t issued_ms(struct str jti, int64_t iat_s)
{
	struct uuid id;
	int64_t ms = 0;

	if (!uuid_parse(jti, &id) || id.byte[6] >> 4 != 7)
		return iat_s * 1000;
	for (int i = 0; i < 6; i++)
		ms = ms * 256 + id.byte[i];
	return ms / 1000 == iat_s ? ms : iat_s * 1000;
}

static enum token_fault read_times(const struct json_value *object, struct token_claims *claims)
{
	claims->nbf_s = 0;
	if (!moment_member(object, "iat", &claims->iat_s) ||
	    !moment_member(object, "exp", &claims->exp_s))
		return TOKEN_FAULT_TIME;
	if (json_member(object, "nbf") && !moment_member(object, "nbf", &claims->nbf_s))
		return TOKEN_FAULT_TIME;
	if (claims->exp_s <= claims->iat_s || claims->exp_s - claims->iat_s > TOKEN_LIFE_MAX_S)
		return TOKEN_FAULT_LIFE;
	claims->principal.issued_ms = issued_ms(claims->principal.jti, claims->iat_s);
	claims->principal.expires_ms = claims->exp_s * 1000;
	return TOKEN_FAULT_NONE;
}

/* One spelling of a person: revocation by subject compares bytes. */
static bool person_of(struct arena *arena, struct principal *principal)
{
	if (!uuid_parse(principal->subject, &principal->person_id) ||
	    uuid_is_unset(&principal->person_id))
		return false;
	char *text = arena_alloc(arena, UUID_TEXT_LEN + 1);
	uuid_format(&principal->person_id, text);
	principal->subject = (struct str){text, UUID_TEXT_LEN};
	return true;
}

static enum token_fault read_principal(struct arena *arena, const struct json_value *object,
				       struct principal *principal)
{
	principal->subject = string_member(object, "sub");
	principal->jti = string_member(object, "jti");
	struct str scope = string_member(object, "scope");
	principal->role = role_parse(string_member(object, "role"));
	if (principal->subject.len == 0 || principal->subject.len > SUBJECT_MAX)
		return TOKEN_FAULT_SUBJECT;
	if (!integer_member(object, "org", 1, ORGANISATION_ID_MAX, &principal->organisation_id))
		return TOKEN_FAULT_ORGANISATION;
	if (principal->role == ROLE_NONE)
		return TOKEN_FAULT_ROLE;
	if (!scope.at)
		return TOKEN_FAULT_SCOPE;
	(void)scope_parse(scope, &principal->scopes);
	if (principal->jti.len == 0 || principal->jti.len > JTI_MAX)
		return TOKEN_FAULT_ID;
	if (principal->role == ROLE_CLIENT && !person_of(arena, principal))
		return TOKEN_FAULT_SUBJECT;
	return TOKEN_FAULT_NONE;
}

enum token_fault token_claims_read(struct arena *arena, struct str json,
				   const struct token_rules *rules, struct token_claims *claims_r)
{
	const struct json_value *object = object_of(arena, json);

	memset(claims_r, 0, sizeof(*claims_r));
	if (!object)
		return TOKEN_FAULT_CLAIMS;
	if (!str_eq(string_member(object, "iss"), rules->issuer))
		return TOKEN_FAULT_ISSUER;
	if (!audience_is(object, rules->audience))
		return TOKEN_FAULT_AUDIENCE;
	enum token_fault fault = read_principal(arena, object, &claims_r->principal);
	return fault ? fault : read_times(object, claims_r);
}

enum token_fault token_claims_now(const struct token_claims *claims,
				  const struct token_rules *rules, int64_t now_ms)
{
	int64_t ahead_s = now_ms / 1000 + rules->leeway_s;

	if (claims->iat_s > ahead_s || claims->nbf_s > ahead_s)
		return TOKEN_FAULT_EARLY;
	if (now_ms >= claims->exp_s * 1000)
		return TOKEN_FAULT_EXPIRED;
	return TOKEN_FAULT_NONE;
}
