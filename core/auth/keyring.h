/*
 * The key ring: a file of `kid secret-base64 state` lines, from which tokens are
 * signed and checked. A key goes `verify` (spread to all hosts) -> `sign` ->
 * `verify` (until its tokens have died) -> `retired`, so rotation loses no request.
 * Blank lines and lines that start with # are skipped. The ledger's chain keys use
 * the same form without the state.
 */
#ifndef AUTH_KEYRING_H
#define AUTH_KEYRING_H

#include "buf.h"
#include "crypto.h"

#define KEYRING_MAX  32    /* keys */
#define KID_MAX      32    /* characters of A-Z a-z 0-9 . _ - */
#define SECRET_MIN   32    /* bytes */
#define SECRET_MAX   256   /* bytes */
#define KEYRING_SIZE 65536 /* bytes of the whole file */

enum key_state { KEY_RETIRED, KEY_VERIFY, KEY_SIGN };

/* One line of the file. Holds the secret: wipe after use. */
struct key_line {
	char kid[KID_MAX + 1];
	enum key_state state;
	uint8_t secret[SECRET_MAX];
	size_t secret_len;
};

struct key_lines {
	struct key_line key[KEYRING_MAX];
	size_t n;
};

/*
 * Reads and checks a whole file: fields, duplicate kids, secret lengths, at most
 * one `sign`. `states` false = the ledger's two-column form (all KEY_VERIFY, the last KEY_SIGN).
 * Refused when anybody beyond owner and group may read or write it, or the group may
 * write it. false: "file:line: what" in error[], nothing of the secrets.
 */
bool key_lines_read(struct key_lines *lines, const char *path, bool states, char *error,
		    size_t error_size);
void key_lines_wipe(struct key_lines *lines);
/* "sign", "verify", "retired". Static. */
const char *key_state_text(enum key_state state);
/* 1 to KID_MAX characters of the alphabet above. */
bool kid_is_good(struct str kid);

struct key {
	struct str kid; /* borrowed from the ring */
	enum key_state state;
	struct hmac *hmac; /* NULL when retired */
};

struct keyring;

/* NULL with a message in error[] when the file is refused or holds no key. */
struct keyring *keyring_open(const char *path, char *error, size_t error_size);
/* The ledger's chain keys: `kid secret` lines, the last one signs. */
struct keyring *keyring_open_ledger(const char *path, char *error, size_t error_size);
void keyring_close(struct keyring **ring);
/* Reads the file again; a refused file leaves the ring as it is. */
bool keyring_reload(struct keyring *ring, char *error, size_t error_size);
/* The key that may check, or NULL: unknown or retired. */
const struct key *keyring_find(const struct keyring *ring, struct str kid);
/* The first key of the file; the ledger's never goes, so what is made with it stays the same. */
const struct key *keyring_first(const struct keyring *ring);
/* The key that signs, or NULL. */
const struct key *keyring_signing(const struct keyring *ring);
/* Grows with every reload: what was remembered of an earlier ring is void. */
uint64_t keyring_generation(const struct keyring *ring);

#endif
