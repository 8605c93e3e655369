-- What `kartoteka purge` clears, oldest first, so many rows at a time.

-- The audit part of the row and the document of its entries stay.
-- stmt: purge_journal :exec
-- spans: organisations
-- in: kept_before moment, most i64
UPDATE journal SET idem_key = NULL, fingerprint = NULL, answer = NULL, kept_at = NULL
 WHERE kept_at < ? ORDER BY kept_at LIMIT ?;

-- stmt: purge_journal_count :one
-- spans: organisations
-- in: kept_before moment
-- out: n i64
SELECT COUNT(*) FROM journal FORCE INDEX (kept) WHERE kept_at < ?;

-- stmt: purge_throttle_count :one
-- spans: organisations
-- in: before i64
-- out: n i64
SELECT COUNT(*) FROM throttle FORCE INDEX (old) WHERE window_start > 0 AND window_start < ?;

-- stmt: purge_throttle_locks_count :one
-- spans: organisations
-- in: minute i64
-- out: n i64
SELECT COUNT(*) FROM throttle FORCE INDEX (old) WHERE window_start = 0 AND attempts < ?;

-- stmt: purge_revocation :exec
-- spans: organisations
-- in: ends_at moment, most i64
DELETE FROM token_revocation WHERE ends_at < ? ORDER BY ends_at LIMIT ?;

-- stmt: purge_revocation_count :one
-- spans: organisations
-- in: ends_at moment
-- out: n i64
SELECT COUNT(*) FROM token_revocation FORCE INDEX (ends) WHERE ends_at < ?;

-- stmt: purge_code_count :one
-- spans: organisations
-- in: expires_at moment
-- out: n i64
SELECT COUNT(*) FROM one_time_code FORCE INDEX (ends) WHERE expires_at < ?;

-- stmt: purge_message_count :one
-- spans: organisations
-- in: state i64, before moment
-- out: n i64
SELECT COUNT(*) FROM message FORCE INDEX (due) WHERE state = ? AND next_at < ?;

-- stmt: purge_delivery_count :one
-- spans: organisations
-- in: state i64, before moment
-- out: n i64
SELECT COUNT(*) FROM delivery FORCE INDEX (ended) WHERE state = ? AND next_at < ?;
