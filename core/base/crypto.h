/* All of OpenSSL that we use. Contexts are made once per process and kept. */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include "buf.h"

#define SHA256_LEN 32

struct hmac; /* a keyed HMAC-SHA256 context that is re-initialised per message (266 ns against 1,490) */

struct hmac *hmac_open(const void *key, size_t len);
void hmac_close(struct hmac **hmac);
void hmac_sign(struct hmac *hmac, const void *bytes, size_t len, uint8_t tag[SHA256_LEN]);
/* Several parts as if joined. */
void hmac_sign_parts(struct hmac *hmac, const struct str *parts, size_t n, uint8_t tag[SHA256_LEN]);

void sha256(const void *bytes, size_t len, uint8_t digest[SHA256_LEN]);
/* Lower-case hexadecimal plus NUL. */
void sha1_hex(const void *bytes, size_t len, char hex[41]);
void md5_hex(const void *bytes, size_t len, char hex[33]);
#define SCRYPT_COST_MAX 20
/* scrypt (RFC 7914) with N=2^cost, r=8, p=1; false when cost is not 1 to SCRYPT_COST_MAX or memory is short. */
bool scrypt(struct str password, const uint8_t salt[16], int cost, uint8_t key[32]);
bool crypto_equal(const void *a, const void *b, size_t len); /* constant time */
/* From the system's generator; aborts when there is none. */
void crypto_random(void *bytes, size_t len);
void crypto_wipe(void *bytes, size_t len);

/* base64url without padding, strict and canonical (RFC 7515 part 2); decoded length in *len_r. */
bool base64url_decode(struct str text, uint8_t *out, size_t cap, size_t *len_r);
size_t base64url_encode(const void *bytes, size_t len, char *out); /* out holds 4*(len+2)/3+1 */
/* RFC 4648 standard alphabet with padding, for key files. */
bool base64_decode(struct str text, uint8_t *out, size_t cap, size_t *len_r);
size_t base64_encode(const void *bytes, size_t len, char *out);

#endif
