/* A key ring, a checker, and tokens made by hand: what the tests of tokens share. */
#ifndef TOKEN_FIXTURE_H
#define TOKEN_FIXTURE_H

#include "unit.h"

#include <sys/stat.h>

#include "arena.h"
#include "token.h"

#define NOW_S   INT64_C(1795000000)
#define NOW_MS  (NOW_S * 1000)
#define SECRET  "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
#define OTHER   "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWc="
#define DAY     86400
#define LONGEST (INT64_C(366) * DAY)

static struct arena arena;
static struct keyring *ring;
static struct token_checker *checker;
static const struct token_rules rules = {{"kartoteka", 9}, {"kartoteka", 9}, 60};

/* What the attacks start from; each changes one thing. */
#define GOOD_HEADER "{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\"}"
#define CLAIM_HEAD  "{\"iss\":\"kartoteka\",\"aud\":\"kartoteka\",\"sub\":\"till 1\","
#define CLAIM_WHO   "\"org\":7,\"role\":\"organization\",\"scope\":\"cards:read cards:write\","
#define CLAIM_TIMES "\"jti\":\"id-1\",\"iat\":1795000000,\"exp\":1795003600}"
#define GOOD_CLAIMS CLAIM_HEAD CLAIM_WHO CLAIM_TIMES

static inline int open_all(void **state)
{
	char folder[] = "/tmp/test_token.XXXXXX", path[64], error[256];

	(void)state;
	if (!arena_init(&arena, (size_t)8 << 20) || !mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/ring", folder);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "k1 " SECRET " sign\nk2 " OTHER " verify\nk3 " OTHER " retired\n");
	fclose(file);
	chmod(path, 0600);
	ring = keyring_open(path, error, sizeof(error));
	unlink(path);
	rmdir(folder);
	assert_non_null(ring);
	checker = token_checker_open(ring, &rules);
	return 0;
}

static inline int close_all(void **state)
{
	(void)state;
	token_checker_close(&checker);
	keyring_close(&ring);
	arena_fini(&arena);
	return 0;
}

static inline void put_base64(struct buf *buf, struct str bytes)
{
	char *at = buf_reserve(buf, bytes.len * 4 / 3 + 8);

	buf->len += base64url_encode(bytes.at, bytes.len, at);
}

/* header.claims.signature with the key of `kid`, over exactly these texts. */
static inline struct str sign(const char *kid, struct str header, struct str claims)
{
	uint8_t mac[SHA256_LEN];
	struct buf buf;

	buf_init(&buf, &arena, 8192);
	put_base64(&buf, header);
	buf_char(&buf, '.');
	put_base64(&buf, claims);
	hmac_sign(keyring_find(ring, str_of(kid))->hmac, buf.at, buf.len, mac);
	buf_char(&buf, '.');
	put_base64(&buf, (struct str){(const char *)mac, sizeof(mac)});
	return buf_done(&buf);
}

static inline enum token_fault check_at(struct str token, int64_t now_ms)
{
	struct principal principal;

	return token_check(checker, &arena, token, now_ms, &principal);
}

static inline void expect(struct str token, enum token_fault fault)
{
	enum token_fault got = check_at(token, NOW_MS);

	if (got != fault)
		fail_msg("expected \"%s\", got \"%s\": %s", token_fault_text(fault),
			 token_fault_text(got), token.at);
}

static inline struct str good_token(void)
{
	return sign("k1", STR(GOOD_HEADER), STR(GOOD_CLAIMS));
}

#endif
