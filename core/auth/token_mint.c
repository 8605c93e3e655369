#include "token.h"

#include "arena.h"
#include "json.h"
#include "token_claims.h"
#include "uuid.h"

#define UUID_RANDOM 10

struct str token_id(struct arena *arena, int64_t now_ms)
{
	uint8_t random[UUID_RANDOM];
	char *text = arena_alloc(arena, UUID_TEXT_LEN + 1);

	crypto_random(random, sizeof(random));
	struct uuid id = uuid_v7(now_ms, random);
	uuid_format(&id, text);
	return (struct str){text, UUID_TEXT_LEN};
}

static bool is_mintable(const struct principal *principal)
{
	int64_t iat_s = principal->issued_ms / 1000, exp_s = principal->expires_ms / 1000;
	struct uuid person;

	if (principal->role == ROLE_NONE || principal->organisation_id < 1 ||
	    principal->organisation_id > ORGANISATION_ID_MAX)
		return false;
	if (principal->subject.len == 0 || principal->subject.len > SUBJECT_MAX ||
	    principal->jti.len == 0 || principal->jti.len > JTI_MAX)
		return false;
	if (principal->role == ROLE_CLIENT &&
	    (!uuid_parse(principal->subject, &person) || uuid_is_unset(&person)))
		return false;
	return iat_s > 0 && exp_s > iat_s && exp_s - iat_s <= TOKEN_LIFE_MAX_S &&
	       exp_s <= TOKEN_SECOND_MAX;
}

static void put_text(struct buf *buf, const char *name, struct str text)
{
	json_put_name(buf, name);
	json_put_string(buf, text);
}

static void put_number(struct buf *buf, const char *name, int64_t number)
{
	json_put_name(buf, name);
	buf_i64(buf, number);
}

static struct str header_json(struct arena *arena, struct str kid)
{
	struct buf buf;

	buf_init(&buf, arena, 96);
	buf_char(&buf, '{');
	put_text(&buf, "alg", STR("HS256"));
	put_text(&buf, "kid", kid);
	put_text(&buf, "typ", STR("JWT"));
	buf_char(&buf, '}');
	return buf_done(&buf);
}

static struct str claims_json(struct arena *arena, const struct token_rules *rules,
			      const struct principal *principal)
{
	struct buf buf, scopes;

	buf_init(&scopes, arena, 160);
	scope_print(principal->scopes, &scopes);
	buf_init(&buf, arena, 512);
	buf_char(&buf, '{');
	put_text(&buf, "iss", rules->issuer);
	put_text(&buf, "aud", rules->audience);
	put_text(&buf, "sub", principal->subject);
	put_number(&buf, "org", principal->organisation_id);
	put_text(&buf, "role", str_of(role_text(principal->role)));
	put_text(&buf, "scope", buf_done(&scopes));
	put_text(&buf, "jti", principal->jti);
	put_number(&buf, "iat", principal->issued_ms / 1000);
	put_number(&buf, "exp", principal->expires_ms / 1000);
	buf_char(&buf, '}');
	return buf_done(&buf);
}

static void put_part(struct buf *buf, struct str bytes)
{
	char *at = buf_reserve(buf, 4 * (bytes.len + 2) / 3 + 1);

	buf->len += base64url_encode(bytes.at, bytes.len, at);
}

enum err token_mint(const struct keyring *ring, const struct token_rules *rules,
		    struct arena *arena, const struct principal *principal, struct str *token_r)
{
	const struct key *key = keyring_signing(ring);
	uint8_t mac[SHA256_LEN];
	struct buf buf;

	if (!key)
		return ERR_INTERNAL;
	if (!is_mintable(principal))
		return ERR_INVALID;
	struct str header = header_json(arena, key->kid);
	struct str claims = claims_json(arena, rules, principal);
	buf_init(&buf, arena, 1024);
	put_part(&buf, header);
	buf_char(&buf, '.');
	put_part(&buf, claims);
	hmac_sign(key->hmac, buf.at, buf.len, mac);
	buf_char(&buf, '.');
	put_part(&buf, (struct str){(const char *)mac, sizeof(mac)});
	if (buf.len > TOKEN_MAX)
		return ERR_INVALID;
	*token_r = buf_done(&buf);
	return ERR_OK;
}
