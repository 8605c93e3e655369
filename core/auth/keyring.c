#include "keyring.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct keys {
	struct key key[KEYRING_MAX];
	char kid[KEYRING_MAX][KID_MAX + 1];
	size_t n;
};

struct keyring {
	char *path;
	struct keys keys;
	uint64_t generation;
	bool states; /* three columns; the ledger's form has two */
};

static void keys_fini(struct keys *keys)
{
	for (size_t i = 0; i < keys->n; i++) {
		if (keys->key[i].hmac)
			hmac_close(&keys->key[i].hmac);
	}
	keys->n = 0;
}

static void keys_take(struct keys *keys, const struct key_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++) {
		const struct key_line *line = &lines->key[i];
		struct key *key = &keys->key[i];
		memcpy(keys->kid[i], line->kid, sizeof(line->kid));
		key->kid = str_of(keys->kid[i]);
		key->state = line->state;
		key->hmac = NULL;
		if (line->state != KEY_RETIRED)
			key->hmac = hmac_open(line->secret, line->secret_len);
	}
	keys->n = lines->n;
}

bool keyring_reload(struct keyring *ring, char *error, size_t error_size)
{
	struct key_lines lines;

	if (!key_lines_read(&lines, ring->path, ring->states, error, error_size))
		return false;
	if (lines.n == 0) {
		snprintf(error, error_size, "%s: no key in it", ring->path);
		return false;
	}
	keys_fini(&ring->keys);
	keys_take(&ring->keys, &lines);
	ring->generation++;
	key_lines_wipe(&lines);
	return true;
}

static struct keyring *open_form(const char *path, bool states, char *error, size_t error_size)
{
	struct keyring *ring = calloc(1, sizeof(*ring));

	assert(ring);
	ring->path = strdup(path);
	assert(ring->path);
	ring->states = states;
	if (!keyring_reload(ring, error, error_size))
		keyring_close(&ring);
	return ring;
}

struct keyring *keyring_open(const char *path, char *error, size_t error_size)
{
	return open_form(path, true, error, error_size);
}

struct keyring *keyring_open_ledger(const char *path, char *error, size_t error_size)
{
	return open_form(path, false, error, error_size);
}

void keyring_close(struct keyring **ring)
{
	if (!*ring)
		return;
	keys_fini(&(*ring)->keys);
	free((*ring)->path);
	free(*ring);
	*ring = NULL;
}

const struct key *keyring_find(const struct keyring *ring, struct str kid)
{
	for (size_t i = 0; i < ring->keys.n; i++) {
		const struct key *key = &ring->keys.key[i];
		if (key->state != KEY_RETIRED && str_eq(key->kid, kid))
			return key;
	}
	return NULL;
}

const struct key *keyring_first(const struct keyring *ring)
{
	return &ring->keys.key[0];
}

const struct key *keyring_signing(const struct keyring *ring)
{
	for (size_t i = 0; i < ring->keys.n; i++) {
		if (ring->keys.key[i].state == KEY_SIGN)
			return &ring->keys.key[i];
	}
	return NULL;
}

uint64_t keyring_generation(const struct keyring *ring)
{
	return ring->generation;
}
