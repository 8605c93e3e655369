#include "chain.h"

#include <string.h>

#include "field.h"
#include "keyring.h"
#include "stmt_gen.h"

/* A member that came later is NULL while unset, and left out: older seals stay good. */
static bool is_absent(const struct field *field, const void *row)
{
	const char *at = (const char *)row + field->offset;
	return field->flags & STORE_NULLABLE && *(const int64_t *)(const void *)at == 0;
}

/* Not sealed as they are: the seals themselves, and texts whose digests stand beside them. */
static bool is_sealed(const struct field *field, const void *row)
{
	static const char *const left_out[] = {"tag", "mac", "author", "description"};
	for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
		if (*field->wire == *left_out[i] && strcmp(field->wire, left_out[i]) == 0)
			return false;
	return !is_absent(field, row);
}

static void put_u64(struct buf *buf, uint64_t value)
{
	uint8_t bytes[8];
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> (56 - 8 * i));
	buf_put(buf, bytes, sizeof bytes);
}

/* Integers as 8 bytes, big endian; ids as they are; texts with their length before them; what
 * may be left out with its name. */
static void put_member(struct buf *buf, const struct field *field, const void *at)
{
	struct str text;
	if (field->flags & STORE_NULLABLE)
		buf_text(buf, field->wire);
	switch (field->type) {
	case FT_STR:
		memcpy(&text, at, sizeof text);
		put_u64(buf, text.len);
		buf_str(buf, text);
		break;
	case FT_UUID:
		buf_put(buf, at, sizeof(struct uuid));
		break;
	case FT_BOOL:
		put_u64(buf, *(const bool *)at);
		break;
	default:
		put_u64(buf, (uint64_t) * (const int64_t *)at);
	}
}

static struct str seal(struct arena *arena, const struct key *key, struct str previous,
		       const struct map *map, const void *row)
{
	struct buf buf;
	buf_init(&buf, arena, 1024);
	buf_str(&buf, previous);
	for (size_t i = 0; i < map->n; i++)
		if (is_sealed(&map->fields[i], row))
			put_member(&buf, &map->fields[i],
				   (const char *)row + map->fields[i].offset);
	uint8_t *tag = arena_alloc(arena, SHA256_LEN);
	hmac_sign(key->hmac, buf.at, buf.len, tag);
	return (struct str){(const char *)tag, SHA256_LEN};
}

static struct str digest(struct arena *arena, struct str text)
{
	uint8_t *bytes = arena_alloc(arena, SHA256_LEN);
	sha256(text.at, text.len, bytes);
	return (struct str){(const char *)bytes, SHA256_LEN};
}

struct str chain_entry_tag(struct arena *arena, const struct key *key, struct str previous,
			   const struct entry_row *entry)
{
	return seal(arena, key, previous, &entry_row_map, entry);
}

struct str chain_account_mac(struct arena *arena, const struct key *key,
			     const struct account_row *account)
{
	return seal(arena, key, STR(""), &account_row_map, account);
}

bool chain_text_is(struct str text, struct str wanted)
{
	uint8_t bytes[SHA256_LEN];

	if (text.len == 0)
		return wanted.len == SHA256_LEN;
	sha256(text.at, text.len, bytes);
	return wanted.len == SHA256_LEN && memcmp(bytes, wanted.at, SHA256_LEN) == 0;
}

void chain_seal_entry(struct arena *arena, const struct key *key, struct str previous,
		      struct entry_row *entry)
{
	entry->kid = key->kid;
	entry->author_digest = digest(arena, entry->author);
	entry->description_digest = digest(arena, entry->description);
	entry->tag = seal(arena, key, previous, &entry_row_map, entry);
}

void chain_seal_account(struct arena *arena, const struct key *key, struct account_row *account)
{
	account->kid = key->kid;
	account->mac = seal(arena, key, STR(""), &account_row_map, account);
}
