/*
 * Every entry is named by the journal row that it names, and by no other. Two sums of keyed
 * digests, one over the entries and one over the journal, tell whether it is so; only when
 * they differ are rows looked up, those of the parts that differ.
 */
#include <string.h>

#include "db.h"
#include "stmt_gen.h"
#include "uuid.h"
#include "verify_priv.h"

bool pairs_open(struct pair_sums *pairs)
{
	uint8_t secret[SHA256_LEN];

	crypto_random(secret, sizeof secret);
	pairs->hmac = hmac_open(secret, sizeof secret);
	crypto_wipe(secret, sizeof secret);
	return pairs->hmac != NULL;
}

void pairs_close(struct pair_sums *pairs)
{
	hmac_close(&pairs->hmac);
}

/* The last bytes of an id are random. */
static uint64_t *bucket_of(struct pair_sums *pairs, const struct uuid *entry_id)
{
	unsigned bits = (unsigned)entry_id->byte[14] << 8 | entry_id->byte[15];

	return pairs->sum[bits % PAIR_BUCKETS];
}

static void pair_add(struct pair_sums *pairs, const struct uuid *journal_id,
		     const struct uuid *entry_id, bool negative)
{
	struct str parts[] = {{(const char *)journal_id->byte, sizeof *journal_id},
			      {(const char *)entry_id->byte, sizeof *entry_id}};
	uint64_t digest[SHA256_LEN / 8], *sum = bucket_of(pairs, entry_id);
	uint8_t bytes[SHA256_LEN];

	hmac_sign_parts(pairs->hmac, parts, 2, bytes);
	memcpy(digest, bytes, sizeof digest);
	for (size_t i = 0; i < SHA256_LEN / 8; i++)
		sum[i] += negative ? -digest[i] : digest[i];
}

void pairs_of_entry(struct pair_sums *pairs, const struct uuid *journal_id, const struct uuid *id)
{
	pair_add(pairs, journal_id, id, false);
}

static bool is_even(const uint64_t *sum)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < SHA256_LEN / 8; i++)
		bits |= sum[i];
	return bits == 0;
}

static bool all_even(struct pair_sums *pairs)
{
	for (size_t i = 0; i < PAIR_BUCKETS; i++)
		if (!is_even(pairs->sum[i]))
			return false;
	return true;
}

static struct uuid named_at(struct str entries, size_t i)
{
	struct uuid id;

	memcpy(id.byte, entries.at + i * sizeof id, sizeof id);
	return id;
}

static size_t named_n(struct str entries)
{
	return entries.len / sizeof(struct uuid);
}

typedef enum err journal_fn(struct verify *v, const struct verify_journal_row *row);

static enum err each_row(struct verify *v, journal_fn *look)
{
	const void *row;
	enum err err;

	for (;;) {
		err = verify_take(v, VERIFY_JOURNAL, NULL, 0, &row);
		if (err == ERR_OK && row)
			err = look(v, row);
		if (err != ERR_OK || !row)
			return err;
	}
}

static enum err subtract(struct verify *v, const struct verify_journal_row *row)
{
	struct verify_place place = {.table = VERIFY_JOURNAL, .id = row->id};

	if (row->entries.len % sizeof(struct uuid) != 0)
		return verify_bad(v, &place, "entries: %zu bytes are not ids", row->entries.len);
	for (size_t i = 0; i < named_n(row->entries); i++) {
		struct uuid entry_id = named_at(row->entries, i);

		pair_add(&v->pairs, &row->id, &entry_id, true);
	}
	v->report.journal_rows++;
	return ERR_OK;
}

static size_t times_named(struct str entries, const struct uuid *id)
{
	size_t times = 0;

	for (size_t i = 0; i < named_n(entries); i++) {
		struct uuid named = named_at(entries, i);

		times += uuid_eq(&named, id);
	}
	return times;
}

static enum err look_up(struct verify *v, const struct verify_journal_row *row,
			const struct uuid *entry_id)
{
	struct verify_place place = {.table = VERIFY_JOURNAL, .id = row->id};
	struct verify_entry_by_id_in in = {v->organisation_id, *entry_id};
	struct verify_entry_by_id_row entry;
	char text[UUID_TEXT_LEN];

	uuid_format(entry_id, text);
	enum err err = sql_verify_entry_by_id(v->db, &v->arena, &in, &entry);
	arena_reset(&v->arena, 0);
	if (err == ERR_NOT_FOUND)
		return verify_bad(v, &place, "entries: names %.*s, which is not there",
				  UUID_TEXT_LEN, text);
	if (err == ERR_OK && !uuid_eq(&entry.journal_id, &row->id))
		return verify_bad(v, &place, "entries: names %.*s, which names another row",
				  UUID_TEXT_LEN, text);
	if (err == ERR_OK && times_named(row->entries, entry_id) != 1)
		return verify_bad(v, &place, "entries: names %.*s more than once", UUID_TEXT_LEN,
				  text);
	return err;
}

static enum err look_up_named(struct verify *v, const struct verify_journal_row *row)
{
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < named_n(row->entries); i++) {
		struct uuid entry_id = named_at(row->entries, i);

		if (!is_even(bucket_of(&v->pairs, &entry_id)))
			err = look_up(v, row, &entry_id);
	}
	return err;
}

static enum err look_up_entry(struct verify *v, const struct entry_row *entry)
{
	struct verify_place place = {.table = VERIFY_ENTRY,
				     .card_id = entry->account_card_id,
				     .unit = entry->unit,
				     .number = entry->seq,
				     .id = entry->id};
	struct verify_journal_by_id_in in = {v->organisation_id, entry->journal_id};
	struct verify_journal_by_id_row journal;

	enum err err = sql_verify_journal_by_id(v->db, &v->arena, &in, &journal);
	if (err == ERR_NOT_FOUND)
		return verify_bad(v, &place, "journal_id: there is no such row");
	if (err == ERR_OK && times_named(journal.entries, &entry->id) != 1)
		err = verify_bad(v, &place, "journal_id: that row does not name it");
	arena_reset(&v->arena, 0);
	return err;
}

static enum err look_up_entries(struct verify *v)
{
	const void *row;
	enum err err;

	for (;;) {
		err = verify_peek(v, VERIFY_ENTRY, &row);
		if (err != ERR_OK || !row)
			return err;
		const struct entry_row *entry = row;
		if (!is_even(bucket_of(&v->pairs, &entry->id)))
			err = look_up_entry(v, entry);
		if (err != ERR_OK)
			return err;
		v->stream[VERIFY_ENTRY].at++;
	}
}

enum err verify_journal(struct verify *v)
{
	enum err err = each_row(v, subtract);

	if (err != ERR_OK || all_even(&v->pairs))
		return err;
	verify_rewind(v);
	err = each_row(v, look_up_named);
	if (err == ERR_OK)
		err = look_up_entries(v);
	return err == ERR_OK ? ERR_INTERNAL : err;
}
