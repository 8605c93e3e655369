/*
 * Tamper evidence. Each entry carries HMAC-SHA256 over the previous tag of its
 * account and all its fields; the account row carries one of itself, so that a
 * cut-off tail shows. Texts of people enter as digests, so erasing them leaves the
 * chain whole.
 */
#ifndef LEDGER_CHAIN_H
#define LEDGER_CHAIN_H

#include "arena.h"
#include "crypto.h"
#include "rows_gen.h"

struct key;

/* Sets kid, the digests and the tag of an entry that is otherwise complete. `previous` is the
 * account's last tag. */
void chain_seal_entry(struct arena *arena, const struct key *key, struct str previous,
		      struct entry_row *entry);
/*
 * For verify: what the tag or mac of a row would have to be under `key`, and whether a text is
 * the one of its digest (one that was erased is empty and may have any).
 */
struct str chain_entry_tag(struct arena *arena, const struct key *key, struct str previous,
			   const struct entry_row *entry);
struct str chain_account_mac(struct arena *arena, const struct key *key,
			     const struct account_row *account);
bool chain_text_is(struct str text, struct str digest);
/* Sets kid and mac of an account row that is otherwise complete. */
void chain_seal_account(struct arena *arena, const struct key *key, struct account_row *account);

#endif
