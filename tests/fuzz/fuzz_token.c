/*
 * token_check(): no text crashes it, and none passes that is not signed. The first
 * byte says what the rest is: a token, a header, claims, or claims that the target
 * signs itself, because no fuzzer guesses a signature.
 */
#include <assert.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "planted.h"
#include "token_claims.h"

#define NOW_MS INT64_C(1795000000000)
#define HEADER "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIiwidHlwIjoiSldUIn0."

static const struct token_rules rules = {{"kartoteka", 9}, {"kartoteka", 9}, 60};
static struct arena arena;
static struct keyring *ring;
static struct token_checker *checker;

static void open_once(void)
{
	char path[] = "/tmp/fuzz_token.XXXXXX", error[256];

	if (checker)
		return;
	int fd = mkstemp(path);
	assert(fd >= 0);
	dprintf(fd, "k1 MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= sign\n");
	close(fd);
	ring = keyring_open(path, error, sizeof(error));
	unlink(path);
	assert(ring && arena_init(&arena, (size_t)64 << 20));
	checker = token_checker_open(ring, &rules);
}

static void check_principal(const struct principal *principal)
{
	assert(principal->organisation_id >= 1);
	assert(principal->organisation_id <= ORGANISATION_ID_MAX);
	assert(principal->role == ROLE_ORGANISATION || principal->role == ROLE_CLIENT);
	assert((principal->scopes & ~SCOPE_ALL) == 0);
	assert(principal->subject.len > 0 && principal->subject.len <= SUBJECT_MAX);
	assert(principal->jti.len > 0 && principal->jti.len <= JTI_MAX);
	assert(principal->issued_ms < principal->expires_ms);
}

static struct str sign(struct str claims)
{
	uint8_t mac[SHA256_LEN];
	struct buf buf;

	buf_init(&buf, &arena, claims.len * 2 + 256);
	buf_text(&buf, HEADER);
	buf.len += base64url_encode(claims.at, claims.len, buf_reserve(&buf, claims.len * 2 + 4));
	hmac_sign(keyring_signing(ring)->hmac, buf.at, buf.len, mac);
	buf_char(&buf, '.');
	buf.len += base64url_encode(mac, sizeof(mac), buf_reserve(&buf, 64));
	return buf_done(&buf);
}

static void check_signed(struct str claims)
{
	struct token_claims read;
	struct principal principal;
	struct str token = sign(claims);

	enum token_fault direct = token_claims_read(&arena, claims, &rules, &read);
	enum token_fault fault = token_check(checker, &arena, token, NOW_MS, &principal);
	planted_overflow(read.principal.subject.at, read.principal.subject.len);
	planted_overflow(read.principal.jti.at, read.principal.jti.len);
	if (token.len > TOKEN_MAX || claims.len == 0)
		assert(fault == TOKEN_FAULT_SIZE || fault == TOKEN_FAULT_PARTS);
	else
		assert(fault == direct || (!direct && fault >= TOKEN_FAULT_EARLY));
	if (!fault)
		check_principal(&principal);
}

static void check_header(struct str json)
{
	struct str kid;

	if (token_header_read(&arena, json, &kid) == TOKEN_FAULT_NONE) {
		assert(kid_is_good(kid));
		planted_overflow(kid.at, kid.len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct principal principal;
	struct str rest = {(const char *)data + 1, size - 1};

	open_once();
	if (size < 1)
		return 0;
	if (data[0] == 'H')
		check_header(rest);
	else if (data[0] == 'C')
		check_signed(rest);
	else
		/* The only signed token of the corpus expired long ago. */
		assert(token_check(checker, &arena, rest, NOW_MS, &principal) != TOKEN_FAULT_NONE);
	arena_reset(&arena, 0);
	return 0;
}
