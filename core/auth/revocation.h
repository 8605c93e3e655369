/*
 * Tokens called back before their end: one token, one subject, or a whole
 * organisation, each "issued before time t". A worker keeps the living rows in a
 * bounded table and asks the database for new ones every few seconds, not per
 * request. It never trusts a table older than REVOCATION_STALE_US: while the
 * database is away the answer is BUSY, as it would be for the request itself.
 */
#ifndef AUTH_REVOCATION_H
#define AUTH_REVOCATION_H

#include "err.h"
#include "principal.h"

#define REVOCATION_REFRESH_US INT64_C(3000000)
#define REVOCATION_STALE_US   INT64_C(5000000)
#define REVOCATION_KEPT_MAX   16384 /* rows; beyond it every check asks the database */

struct arena;
struct db;

/* Column token_revocation.kind. */
enum revocation_kind { REVOKE_TOKEN = 1, REVOKE_SUBJECT = 2, REVOKE_ORGANISATION = 3 };

struct revocations;

/* Allocated whole, before the accept loop. */
struct revocations *revocations_open(void);
void revocations_close(struct revocations **revocations);
/* Asks for new rows when the last asking is older than REVOCATION_REFRESH_US. */
enum err revocations_refresh(struct revocations *revocations, struct db *db, int64_t monotonic_us,
			     int64_t now_ms);
/*
 * Refreshes if due, then: ERR_OK the token stands, ERR_UNAUTHENTICATED it was called
 * back, ERR_BUSY nobody can tell. The arena is used only beyond REVOCATION_KEPT_MAX.
 */
enum err revocations_check(struct revocations *revocations, struct db *db, struct arena *arena,
			   const struct principal *principal, int64_t monotonic_us, int64_t now_ms);
/*
 * Calls back. `value` is the jti or the subject, empty for an organisation. before_ms:
 * tokens issued before it; for REVOKE_TOKEN it does not count.
 */
enum err revocation_put(struct db *db, int64_t organisation_id, enum revocation_kind kind,
			struct str value, int64_t before_ms, int64_t now_ms);

#endif
