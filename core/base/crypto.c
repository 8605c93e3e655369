#include "crypto.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "log.h"

#define SCRYPT_BLOCK    8
#define SCRYPT_PARALLEL 1
#define SHA1_LEN        20
#define MD5_LEN         16
/* Ids are drawn many at a time: a call of the generator costs more than what it makes. */
#define RANDOM_SMALL 16
#define RANDOM_POOL  (4096 - sizeof(size_t))

struct hmac {
	EVP_MAC_CTX *ctx;
};

/* Algorithms are fetched once: an implicit fetch costs more than the digest of a short text. */
enum digest { DIGEST_SHA256, DIGEST_SHA1, DIGEST_MD5, DIGEST__MAX };

struct kept_digest {
	const char *name;
	EVP_MD *md;
	EVP_MD_CTX *ctx;
};

static struct kept_digest digests[] = {
	[DIGEST_SHA256] = {.name = "SHA256"},
	[DIGEST_SHA1] = {.name = "SHA1"},
	[DIGEST_MD5] = {.name = "MD5"},
};

/* OpenSSL fails here only when it is broken or memory is gone: nothing can be answered then. */
static void must(int ok, const char *what)
{
	if (ok == 1)
		return;
	log_event(LOG_ERROR_, "OpenSSL failed", (struct log_pair[]){{"what", what, 0}, {0}});
	abort();
}

struct hmac *hmac_open(const void *key, size_t len)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){"SHA256"}, 0),
		OSSL_PARAM_construct_end(),
	};
	struct hmac *hmac = malloc(sizeof(*hmac));
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	assert(len > 0);
	must(hmac && mac, "HMAC");
	hmac->ctx = EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac);
	must(hmac->ctx != NULL, "HMAC context");
	must(EVP_MAC_init(hmac->ctx, key, len, params), "HMAC key");
	return hmac;
}

void hmac_close(struct hmac **hmac)
{
	if (!*hmac)
		return;
	EVP_MAC_CTX_free((*hmac)->ctx);
	free(*hmac);
	*hmac = NULL;
}

void hmac_sign(struct hmac *hmac, const void *bytes, size_t len, uint8_t tag[SHA256_LEN])
{
	hmac_sign_parts(hmac, &(struct str){bytes, len}, 1, tag);
}

void hmac_sign_parts(struct hmac *hmac, const struct str *parts, size_t n, uint8_t tag[SHA256_LEN])
{
	size_t len = 0;

	must(EVP_MAC_init(hmac->ctx, NULL, 0, NULL), "HMAC start");
	for (size_t i = 0; i < n; i++)
		must(EVP_MAC_update(hmac->ctx, (const uint8_t *)parts[i].at, parts[i].len),
		     "HMAC text");
	must(EVP_MAC_final(hmac->ctx, tag, &len, SHA256_LEN), "HMAC end");
	assert(len == SHA256_LEN);
}

static void digest_of(enum digest which, const void *bytes, size_t len, uint8_t *out)
{
	struct kept_digest *kept = &digests[which];

	if (!kept->ctx) {
		kept->md = EVP_MD_fetch(NULL, kept->name, NULL);
		kept->ctx = EVP_MD_CTX_new();
		must(kept->md && kept->ctx, kept->name);
	}
	must(EVP_DigestInit_ex2(kept->ctx, kept->md, NULL), kept->name);
	must(EVP_DigestUpdate(kept->ctx, bytes, len), kept->name);
	must(EVP_DigestFinal_ex(kept->ctx, out, NULL), kept->name);
}

static void hex_of(const uint8_t *bytes, size_t len, char *hex)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		hex[i * 2] = digit[bytes[i] >> 4];
		hex[i * 2 + 1] = digit[bytes[i] & 15];
	}
	hex[len * 2] = '\0';
}

void sha256(const void *bytes, size_t len, uint8_t digest[SHA256_LEN])
{
	digest_of(DIGEST_SHA256, bytes, len, digest);
}

void sha1_hex(const void *bytes, size_t len, char hex[41])
{
	uint8_t digest[SHA1_LEN];

	digest_of(DIGEST_SHA1, bytes, len, digest);
	hex_of(digest, sizeof(digest), hex);
}

void md5_hex(const void *bytes, size_t len, char hex[33])
{
	uint8_t digest[MD5_LEN];

	digest_of(DIGEST_MD5, bytes, len, digest);
	hex_of(digest, sizeof(digest), hex);
}

bool scrypt(struct str password, const uint8_t salt[16], int cost, uint8_t key[32])
{
	uint64_t memory;

	if (cost < 1 || cost > SCRYPT_COST_MAX)
		return false;
	/* RFC 7914 part 2: 128 * r * N bytes, and a little for the blocks in work. */
	memory = (UINT64_C(128) * SCRYPT_BLOCK << cost) + (UINT64_C(1) << 20);
	return EVP_PBE_scrypt(password.at ? password.at : "", password.len, salt, 16,
			      UINT64_C(1) << cost, SCRYPT_BLOCK, SCRYPT_PARALLEL, memory, key,
			      32) == 1;
}

bool crypto_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

/* Random bytes drawn ahead; the kernel wipes the page in a child, so no two processes share any. */
struct random_pool {
	size_t left; /* not handed out yet: the last ones */
	uint8_t bytes[RANDOM_POOL];
};

/* NULL when the kernel does not wipe on fork. */
static struct random_pool *random_pool(void)
{
	static struct random_pool *pool;
	void *page;

	if (pool)
		return pool;
	page = mmap(NULL, sizeof(*pool), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0);
	if (page == MAP_FAILED)
		return NULL;
	if (madvise(page, sizeof(*pool), MADV_WIPEONFORK) == 0)
		pool = page;
	else
		munmap(page, sizeof(*pool));
	return pool;
}

static void draw(void *bytes, size_t len)
{
	assert(len <= INT32_MAX);
	must(RAND_bytes(bytes, (int)len), "random");
}

/* What was handed out does not stay behind. */
static void take(struct random_pool *pool, void *bytes, size_t len)
{
	uint8_t *from;

	if (pool->left < len) {
		draw(pool->bytes, sizeof(pool->bytes));
		pool->left = sizeof(pool->bytes);
	}
	from = pool->bytes + sizeof(pool->bytes) - pool->left;
	memcpy(bytes, from, len);
	memset(from, 0, len);
	pool->left -= len;
}

void crypto_random(void *bytes, size_t len)
{
	struct random_pool *pool = len <= RANDOM_SMALL ? random_pool() : NULL;

	if (pool)
		take(pool, bytes, len);
	else
		draw(bytes, len);
}

void crypto_wipe(void *bytes, size_t len)
{
	OPENSSL_cleanse(bytes, len);
}
