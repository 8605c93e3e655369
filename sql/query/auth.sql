-- row: credential: organisation_id i64, id uuid, login_key bytes, login text, role i64, scopes i64, person_id uuid, cost i64, salt bytes, plain_key bytes, sha1_key bytes, md5_key bytes, created_at moment

-- Logins are unique in the installation: whoever signs in does not say where.
-- stmt: credential_by_login :one
-- spans: organisations
-- in: login_key bytes
-- out: row credential
SELECT {credential} FROM credential WHERE login_key = ?;

-- stmt: credential_insert :exec
-- in: row credential
INSERT INTO credential ({credential}) VALUES ({credential?});

-- stmt: credential_set_password :exec
-- in: cost i64, salt bytes, plain_key bytes, sha1_key bytes, md5_key bytes, organisation_id i64, id uuid
UPDATE credential SET cost = ?, salt = ?, plain_key = ?, sha1_key = ?, md5_key = ?
 WHERE organisation_id = ? AND id = ?;

-- stmt: credential_list :many
-- in: organisation_id i64
-- out: row credential
SELECT {credential} FROM credential WHERE organisation_id = ? ORDER BY login_key;

-- row: revocation: organisation_id i64, kind i64, value bytes, before_at moment, ends_at moment, changed_at moment

-- changed_at is the database's clock, so that hosts with other clocks miss no row.
-- stmt: revocation_put :exec
-- in: organisation_id i64, kind i64, value bytes, before_at moment, ends_at moment
INSERT INTO token_revocation (organisation_id, kind, value, before_at, ends_at, changed_at)
VALUES (?, ?, ?, ?, ?, CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED))
    ON DUPLICATE KEY UPDATE before_at = GREATEST(before_at, VALUES(before_at)),
       ends_at = GREATEST(ends_at, VALUES(ends_at)), changed_at = VALUES(changed_at);

-- stmt: revocation_since :many
-- spans: organisations
-- in: changed_at moment, ends_at moment, most i64
-- out: row revocation
SELECT {revocation} FROM token_revocation
 WHERE changed_at > ? AND ends_at > ? ORDER BY changed_at, organisation_id, kind, value LIMIT ?;

-- Asked for each request only while more revocations live than a worker keeps.
-- stmt: revocation_find :one
-- in: organisation_id i64, kind i64, value bytes
-- out: before_at moment
SELECT before_at FROM token_revocation WHERE organisation_id = ? AND kind = ? AND value = ?;

-- stmt: revocation_list :many
-- in: organisation_id i64
-- out: row revocation
SELECT {revocation} FROM token_revocation WHERE organisation_id = ? ORDER BY kind, value;

-- One row per attempt at the millisecond window_start; attempts 0 = not settled yet,
-- 1 = counts. The row at 0 is the lock of its (kind, subject); its attempts is the
-- minute of its last use.
-- stmt: throttle_lock :exec
-- spans: organisations
-- in: kind i64, subject bytes, minute i64
INSERT INTO throttle (kind, subject, window_start, attempts) VALUES (?, ?, 0, ?)
    ON DUPLICATE KEY UPDATE attempts = VALUES(attempts);

-- stmt: throttle_count :one
-- spans: organisations
-- in: kind i64, subject bytes, after i64
-- out: taken i64, settled i64, first_at moment, last_at moment
SELECT COUNT(*), CAST(COALESCE(SUM(attempts), 0) AS SIGNED), COALESCE(MIN(window_start), 0),
       COALESCE(MAX(window_start), 0)
  FROM throttle WHERE kind = ? AND subject = ? AND window_start > ?;

-- stmt: throttle_take :exec
-- spans: organisations
-- in: kind i64, subject bytes, at moment
INSERT INTO throttle (kind, subject, window_start, attempts) VALUES (?, ?, ?, 0);

-- stmt: throttle_count_it :exec
-- spans: organisations
-- in: kind i64, subject bytes, at moment
UPDATE throttle SET attempts = 1 WHERE kind = ? AND subject = ? AND window_start = ?;

-- stmt: throttle_give_back :exec
-- spans: organisations
-- in: kind i64, subject bytes, at moment
DELETE FROM throttle WHERE kind = ? AND subject = ? AND window_start = ?;

-- stmt: throttle_purge :exec
-- spans: organisations
-- in: before i64, most i64
DELETE FROM throttle WHERE window_start > 0 AND window_start < ? ORDER BY window_start LIMIT ?;

-- stmt: throttle_purge_locks :exec
-- spans: organisations
-- in: minute i64, most i64
DELETE FROM throttle WHERE window_start = 0 AND attempts < ? ORDER BY attempts LIMIT ?;

-- stmt: credential_person :one
-- in: organisation_id i64, id uuid
-- out: live i64
SELECT live FROM person WHERE organisation_id = ? AND id = ? AND live = 1;
