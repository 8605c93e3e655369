/* The chain of an account's entries. */
#include <string.h>

#include "chain.h"
#include "db.h"
#include "keyring.h"
#include "stmt_gen.h"
#include "uuid.h"
#include "verify_priv.h"

static struct verify_place place_of(const struct entry_row *entry)
{
	return (struct verify_place){.table = VERIFY_ENTRY,
				     .card_id = entry->account_card_id,
				     .unit = entry->unit,
				     .number = entry->seq,
				     .id = entry->id};
}

static bool is_tag(struct str tag, const uint8_t wanted[SHA256_LEN])
{
	return tag.len == SHA256_LEN && memcmp(tag.at, wanted, SHA256_LEN) == 0;
}

static enum err check_tag(struct verify *v, const struct verify_place *place,
			  const struct entry_row *entry)
{
	const struct key *key = keyring_find(v->keys, entry->kid);
	struct str previous = {(const char *)v->tally.tag, SHA256_LEN};

	if (!key)
		return verify_bad(v, place, "kid: %.*s is not in the ledger's keys",
				  (int)entry->kid.len, entry->kid.at);
	struct str tag = chain_entry_tag(&v->arena, key, previous, entry);
	bool good = str_eq(tag, entry->tag);
	arena_reset(&v->arena, 0);
	if (!good)
		return verify_bad(v, place, "tag: not that of its members and the entry before");
	memcpy(v->tally.tag, entry->tag.at, SHA256_LEN);
	return ERR_OK;
}

/* The other entry of a replacement names this one and has the opposite amount. */
static enum err check_transfer(struct verify *v, const struct verify_place *place,
			       const struct entry_row *entry)
{
	struct verify_entry_by_id_in in = {v->organisation_id, entry->corrects_id};
	struct verify_entry_by_id_row other;
	int64_t kind = entry->kind == ENTRY_TRANSFER_OUT ? ENTRY_TRANSFER_IN : ENTRY_TRANSFER_OUT;

	enum err err = sql_verify_entry_by_id(v->db, &v->arena, &in, &other);
	arena_reset(&v->arena, 0);
	if (err == ERR_NOT_FOUND)
		return verify_bad(v, place, "corrects_id: there is no such entry");
	if (err != ERR_OK)
		return err;
	if (other.kind != kind || !uuid_eq(&other.corrects_id, &entry->id))
		return verify_bad(v, place, "corrects_id: the other entry does not name this one");
	return verify_same(v, place, "amount", entry->amount.minor, -other.amount.minor);
}

static enum err check_order(struct verify *v, const struct verify_place *place,
			    const struct entry_row *entry)
{
	const struct tally *tally = &v->tally;

	if (entry->seq != tally->seq + 1)
		return verify_bad(v, place, "seq: %lld is missing before it",
				  (long long)tally->seq + 1);
	if (entry->kind <= 0 || entry->kind >= ENTRY_KINDS)
		return verify_bad(v, place, "kind: %lld is none", (long long)entry->kind);
	if (entry->posted_at.ms < tally->posted_at.ms)
		return verify_bad(v, place, "posted_at: %lld is before the entry before, %lld",
				  (long long)entry->posted_at.ms, (long long)tally->posted_at.ms);
	return ERR_OK;
}

static enum err check_texts(struct verify *v, const struct verify_place *place,
			    const struct entry_row *entry)
{
	if (!chain_text_is(entry->author, entry->author_digest))
		return verify_bad(v, place, "author: not the text of its digest");
	if (!chain_text_is(entry->description, entry->description_digest))
		return verify_bad(v, place, "description: not the text of its digest");
	return ERR_OK;
}

static void count_in(struct verify *v, const struct entry_row *entry)
{
	struct tally *tally = &v->tally;
	struct entry_mark *mark = pile_add(&tally->entries, &entry->id);

	mark->seq = entry->seq;
	mark->kind = entry->kind;
	mark->amount = entry->amount.minor;
	mark->corrects_id = entry->corrects_id;
	mark->active_from = entry->active_from.ms ? entry->active_from : entry->posted_at;
	mark->active_to = entry->active_to;
	mark->business_at = entry->business_at;
	mark->posted_at = entry->posted_at;
	tally->seq = entry->seq;
	tally->posted_at = entry->posted_at;
	tally->moved |= entry->kind == ENTRY_TRANSFER_OUT;
	if (entry->kind == ENTRY_TRANSFER_IN)
		verify_add(&tally->received, entry->amount.minor);
	verify_add(&v->system[entry->unit], -entry->amount.minor);
	pairs_of_entry(&v->pairs, &entry->journal_id, &entry->id);
	v->report.entries++;
}

bool verify_receives(enum entry_kind kind, int64_t amount)
{
	return kind == ENTRY_OPENING || kind == ENTRY_ACCRUAL || kind == ENTRY_CHARGE ||
	       (kind == ENTRY_ADJUST && amount > 0);
}

static enum err check_entry(struct verify *v, const struct entry_row *entry)
{
	struct verify_place place = place_of(entry);

	enum err err = check_order(v, &place, entry);
	if (err == ERR_OK)
		err = check_texts(v, &place, entry);
	if (err == ERR_OK)
		err = check_tag(v, &place, entry);
	if (err == ERR_OK &&
	    (entry->kind == ENTRY_TRANSFER_OUT || entry->kind == ENTRY_TRANSFER_IN))
		err = check_transfer(v, &place, entry);
	if (err != ERR_OK)
		return err;
	verify_add(&v->tally.balance, entry->amount.minor);
	count_in(v, entry);
	return verify_same(v, &place, "balance_after", entry->balance_after.minor,
			   v->tally.balance);
}

/* What a cut-off tail leaves behind: the account's row still says where the chain ended. */
static enum err check_end(struct verify *v, const struct account_row *account)
{
	const struct tally *tally = &v->tally;
	struct verify_place place = {.table = VERIFY_ENTRY,
				     .card_id = account->card_id,
				     .unit = account->unit,
				     .number = tally->seq + 1};

	if (account->last_seq > tally->seq)
		return verify_bad(v, &place, "missing: the account's row ends at seq %lld",
				  (long long)account->last_seq);
	place.table = VERIFY_ACCOUNT;
	enum err err = verify_same(v, &place, "last_seq", account->last_seq, tally->seq);
	if (err == ERR_OK && !is_tag(account->last_tag, tally->tag))
		err = verify_bad(v, &place, "last_tag: not the tag of its last entry");
	if (err == ERR_OK)
		err = verify_same(v, &place, "last_posted_at", account->last_posted_at.ms,
				  tally->posted_at.ms);
	return err;
}

enum err verify_entries(struct verify *v, const struct account_row *account)
{
	const void *row;
	enum err err;

	for (;;) {
		err = verify_take(v, VERIFY_ENTRY, &account->card_id, account->unit, &row);
		if (err != ERR_OK || !row)
			break;
		err = check_entry(v, row);
		if (err != ERR_OK)
			break;
	}
	return err == ERR_OK ? check_end(v, account) : err;
}
