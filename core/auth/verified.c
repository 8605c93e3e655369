#include "verified.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto.h"

#define KEY_LEN 32

struct slot {
	uint8_t digest[SHA256_LEN];
	int64_t until_us; /* 0 = empty */
	struct principal principal;
	char subject[SUBJECT_MAX];
};

struct verified {
	struct hmac *hmac;
	struct slot slot[VERIFIED_KEPT_MAX];
};

struct verified *verified_open(void)
{
	struct verified *verified = calloc(1, sizeof *verified);
	uint8_t key[KEY_LEN];

	assert(verified);
	crypto_random(key, sizeof key);
	verified->hmac = hmac_open(key, sizeof key);
	crypto_wipe(key, sizeof key);
	assert(verified->hmac);
	return verified;
}

void verified_close(struct verified **verified)
{
	if (!*verified)
		return;
	hmac_close(&(*verified)->hmac);
	crypto_wipe(*verified, sizeof **verified);
	free(*verified);
	*verified = NULL;
}

/* Where the pair is, or would be: the length of the login divides it from the secret. */
static struct slot *slot_of(struct verified *verified, struct str login, struct str secret,
			    uint8_t digest[SHA256_LEN])
{
	uint64_t len = login.len;
	const struct str parts[] = {{(const char *)&len, sizeof len}, login, secret};

	hmac_sign_parts(verified->hmac, parts, sizeof parts / sizeof parts[0], digest);
	return &verified->slot[digest[0] % VERIFIED_KEPT_MAX];
}

bool verified_find(struct verified *verified, struct arena *arena, struct str login,
		   struct str secret, int64_t monotonic_us, struct principal *principal_r)
{
	uint8_t digest[SHA256_LEN];
	const struct slot *slot = slot_of(verified, login, secret, digest);

	if (slot->until_us <= monotonic_us || !crypto_equal(slot->digest, digest, SHA256_LEN))
		return false;
	*principal_r = slot->principal;
	principal_r->subject =
		str_dup(arena, (struct str){slot->subject, slot->principal.subject.len});
	return true;
}

void verified_keep(struct verified *verified, struct str login, struct str secret,
		   int64_t monotonic_us, const struct principal *principal)
{
	uint8_t digest[SHA256_LEN];
	struct slot *slot = slot_of(verified, login, secret, digest);

	assert(principal->subject.len <= SUBJECT_MAX);
	memcpy(slot->digest, digest, SHA256_LEN);
	memcpy(slot->subject, principal->subject.at, principal->subject.len);
	slot->principal = *principal;
	slot->until_us = monotonic_us + VERIFIED_LIFE_US;
}
