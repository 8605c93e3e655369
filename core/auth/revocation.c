#include "revocation.h"

#include <assert.h>
#include <stdlib.h>

#include "arena.h"
#include "crypto.h"
#include "db.h"
#include "log.h"
#include "stmt_gen.h"
#include "token.h"

#define SLOTS        (2 * REVOCATION_KEPT_MAX) /* a power of two */
#define VALUE_DIGEST 16
/* Rows are asked for again this long: a commit may become visible late. Milliseconds. */
#define OVERLAP_MS 30000
#define LEEWAY_MS  (INT64_C(3600) * 1000) /* more than any configured leeway */
/* An overflown table is filled anew only so often: until then every check asks the database. */
#define OVERFLOWN_REFRESH_US (INT64_C(60) * 1000000)
#define ROWS_ARENA_SIZE      ((size_t)REVOCATION_KEPT_MAX * 512 + 65536)

struct slot {
	uint32_t organisation_id; /* 0 = empty */
	uint32_t kind;
	uint8_t value[VALUE_DIGEST]; /* start of the value's SHA-256 */
	int64_t before_ms;
};

struct revocations {
	struct slot slots[SLOTS];
	size_t n, of_kind[REVOKE_ORGANISATION + 1];
	bool loaded, overflown;
	int64_t refreshed_us; /* of the monotonic clock */
	int64_t seen_at;      /* greatest changed_at, the database's clock */
	struct arena arena;   /* for the rows of one refresh */
};

struct revocations *revocations_open(void)
{
	struct revocations *revocations = calloc(1, sizeof(*revocations));

	assert(revocations);
	if (!arena_init(&revocations->arena, ROWS_ARENA_SIZE))
		abort();
	return revocations;
}

void revocations_close(struct revocations **revocations)
{
	if (!*revocations)
		return;
	arena_fini(&(*revocations)->arena);
	free(*revocations);
	*revocations = NULL;
}

static struct slot slot_key(int64_t organisation_id, enum revocation_kind kind, struct str value)
{
	struct slot key = {.organisation_id = (uint32_t)organisation_id, .kind = (uint32_t)kind};
	uint8_t digest[SHA256_LEN];

	if (value.len > 0) {
		sha256(value.at, value.len, digest);
		memcpy(key.value, digest, VALUE_DIGEST);
	}
	return key;
}

static bool same_key(const struct slot *a, const struct slot *b)
{
	return a->organisation_id == b->organisation_id && a->kind == b->kind &&
	       memcmp(a->value, b->value, VALUE_DIGEST) == 0;
}

/* The key's slot, or the empty one where it would go: half of them always are empty. */
static struct slot *find_slot(struct revocations *revocations, const struct slot *key)
{
	uint32_t start;

	memcpy(&start, key->value, sizeof(start));
	start += key->organisation_id * UINT32_C(2654435761) + key->kind;
	for (uint32_t i = 0;; i++) {
		struct slot *slot = &revocations->slots[(start + i) & (SLOTS - 1)];
		if (slot->organisation_id == 0 || same_key(slot, key))
			return slot;
	}
}

/* A kind that only a newer program knows is passed over. */
static void add_row(struct revocations *revocations, const struct revocation_row *row)
{
	if (row->changed_at.ms > revocations->seen_at)
		revocations->seen_at = row->changed_at.ms;
	if (row->kind < REVOKE_TOKEN || row->kind > REVOKE_ORGANISATION)
		return;
	struct slot key =
		slot_key(row->organisation_id, (enum revocation_kind)row->kind, row->value);
	struct slot *slot = find_slot(revocations, &key);
	if (slot->organisation_id == 0) {
		if (revocations->n == REVOCATION_KEPT_MAX) {
			revocations->overflown = true;
			return;
		}
		*slot = key;
		revocations->n++;
		revocations->of_kind[row->kind]++;
	}
	if (row->before_at.ms > slot->before_ms)
		slot->before_ms = row->before_at.ms;
}

static enum err load(struct revocations *revocations, struct db *db, int64_t now_ms)
{
	struct list rows = {0};
	int64_t since = revocations->seen_at > OVERLAP_MS ? revocations->seen_at - OVERLAP_MS : 0;
	size_t mark = arena_mark(&revocations->arena);

	enum err err = sql_revocation_since(
		db, &revocations->arena,
		&(struct revocation_since_in){{since}, {now_ms}, REVOCATION_KEPT_MAX + 1}, &rows);
	const struct revocation_row *row = rows.rows;
	for (size_t i = 0; !err && i < rows.n; i++)
		add_row(revocations, &row[i]);
	if (!err && rows.n > REVOCATION_KEPT_MAX)
		revocations->overflown = true;
	arena_reset(&revocations->arena, mark);
	return err;
}

/* Starts over: rows whose tokens have all died fall out. */
static enum err reload(struct revocations *revocations, struct db *db, int64_t now_ms)
{
	memset(revocations->slots, 0, sizeof(revocations->slots));
	memset(revocations->of_kind, 0, sizeof(revocations->of_kind));
	revocations->n = 0;
	revocations->seen_at = 0;
	revocations->overflown = false;
	revocations->loaded = false;
	return load(revocations, db, now_ms);
}

enum err revocations_refresh(struct revocations *revocations, struct db *db, int64_t monotonic_us,
			     int64_t now_ms)
{
	bool was_overflown = revocations->overflown;
	int64_t every_us = was_overflown ? OVERFLOWN_REFRESH_US : REVOCATION_REFRESH_US;

	if (revocations->loaded && monotonic_us - revocations->refreshed_us < every_us)
		return ERR_OK;
	enum err err = revocations->overflown ? reload(revocations, db, now_ms)
					      : load(revocations, db, now_ms);
	if (err)
		return err;
	if (revocations->overflown && !was_overflown)
		log_event(LOG_WARN_, "more revocations than a worker keeps: asking the database",
			  NULL);
	revocations->loaded = true;
	revocations->refreshed_us = monotonic_us;
	return ERR_OK;
}

static bool is_kept(struct revocations *revocations, const struct principal *principal,
		    enum revocation_kind kind, struct str value)
{
	if (revocations->of_kind[kind] == 0)
		return false;
	struct slot key = slot_key(principal->organisation_id, kind, value);
	return find_slot(revocations, &key)->before_ms > principal->issued_ms;
}

static enum err ask(struct db *db, struct arena *arena, const struct principal *principal,
		    enum revocation_kind kind, struct str value)
{
	struct revocation_find_row row;

	enum err err = sql_revocation_find(
		db, arena, &(struct revocation_find_in){principal->organisation_id, kind, value},
		&row);
	if (err == ERR_NOT_FOUND)
		return ERR_OK;
	if (!err && row.before_at.ms > principal->issued_ms)
		return ERR_UNAUTHENTICATED;
	return err;
}

enum err revocations_check(struct revocations *revocations, struct db *db, struct arena *arena,
			   const struct principal *principal, int64_t monotonic_us, int64_t now_ms)
{
	const struct {
		enum revocation_kind kind;
		struct str value;
	} keys[] = {
		{REVOKE_TOKEN, principal->jti},
		{REVOKE_SUBJECT, principal->subject},
		{REVOKE_ORGANISATION, STR("")},
	};

	enum err err = revocations_refresh(revocations, db, monotonic_us, now_ms);
	if (err && (!revocations->loaded ||
		    monotonic_us - revocations->refreshed_us > REVOCATION_STALE_US))
		return err;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (is_kept(revocations, principal, keys[i].kind, keys[i].value))
			return ERR_UNAUTHENTICATED;
		err = revocations->overflown
			      ? ask(db, arena, principal, keys[i].kind, keys[i].value)
			      : ERR_OK;
		if (err)
			return err;
	}
	return ERR_OK;
}

enum err revocation_put(struct db *db, int64_t organisation_id, enum revocation_kind kind,
			struct str value, int64_t before_ms, int64_t now_ms)
{
	int64_t before = kind == REVOKE_TOKEN ? INT64_MAX : before_ms;
	int64_t newest = kind == REVOKE_TOKEN || before < now_ms ? now_ms : before;
	int64_t ends = newest + TOKEN_LIFE_MAX_S * 1000 + LEEWAY_MS;

	return sql_revocation_put(
		db, &(struct revocation_put_in){organisation_id, kind, value, {before}, {ends}},
		NULL);
}
