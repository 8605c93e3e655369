-- One-time codes; messages and events on their way out. The notifier works for all
-- organisations at once.

-- row: one_time_code: organisation_id i64, person_id uuid, salt bytes, mac bytes, tries i64, expires_at moment
-- row: message: organisation_id i64, id uuid, channel i64, state i64, tries i64, next_at moment, created_at moment, expires_at moment, recipient text, subject text, body text

-- stmt: person_by_email :one
-- in: organisation_id i64, email_key bytes
-- out: id uuid, phone text, email text, phone_key bytes?
SELECT id, phone, email, phone_key FROM person WHERE organisation_id = ? AND live = 1 AND email_key = ?;

-- stmt: person_by_phone :one
-- in: organisation_id i64, phone_key bytes
-- out: id uuid, phone text, email text
SELECT id, phone, email FROM person WHERE organisation_id = ? AND live = 1 AND phone_key = ?;

-- stmt: one_time_code_put :exec
-- in: row one_time_code
INSERT INTO one_time_code ({one_time_code}) VALUES ({one_time_code?})
    ON DUPLICATE KEY UPDATE salt = VALUES(salt), mac = VALUES(mac), tries = VALUES(tries),
       expires_at = VALUES(expires_at);

-- stmt: one_time_code_lock :one
-- in: organisation_id i64, person_id uuid
-- out: row one_time_code
SELECT {one_time_code} FROM one_time_code WHERE organisation_id = ? AND person_id = ? FOR UPDATE;

-- stmt: one_time_code_missed :exec
-- in: organisation_id i64, person_id uuid
UPDATE one_time_code SET tries = tries + 1 WHERE organisation_id = ? AND person_id = ?;

-- stmt: one_time_code_delete :exec
-- in: organisation_id i64, person_id uuid
DELETE FROM one_time_code WHERE organisation_id = ? AND person_id = ?;

-- stmt: one_time_code_purge :exec
-- spans: organisations
-- in: expires_at moment, most i64
DELETE FROM one_time_code WHERE expires_at < ? ORDER BY expires_at LIMIT ?;

-- stmt: message_insert :exec
-- in: row message
INSERT INTO message ({message}) VALUES ({message?});

-- Several notifiers pass over what another one is taking.
-- stmt: message_due :many
-- spans: organisations
-- in: now moment, most i64
-- out: row message
SELECT {message} FROM message WHERE state = 1 AND next_at <= ?
 ORDER BY next_at LIMIT ? FOR UPDATE SKIP LOCKED;

-- stmt: message_take :exec
-- in: next_at moment, organisation_id i64, id uuid
UPDATE message SET tries = tries + 1, next_at = ? WHERE organisation_id = ? AND id = ? AND state = 1;

-- stmt: message_again :exec
-- in: next_at moment, fault text, organisation_id i64, id uuid
UPDATE message SET next_at = ?, fault = ? WHERE organisation_id = ? AND id = ? AND state = 1;

-- Nothing of what it said stays.
-- stmt: message_end :exec
-- in: state i64, next_at moment, fault text, nothing text, nothing, nothing, organisation_id i64, id uuid
UPDATE message SET state = ?, next_at = ?, fault = ?, recipient = ?, subject = ?, body = ?
 WHERE organisation_id = ? AND id = ? AND state = 1;

-- stmt: message_purge :exec
-- spans: organisations
-- in: state i64, before moment, most i64
DELETE FROM message WHERE state = ? AND next_at < ? ORDER BY next_at LIMIT ?;

-- row: webhook: organisation_id i64, id uuid, live i64, url text, secret bytes, created_at moment

-- stmt: webhook_insert :exec
-- in: row webhook
INSERT INTO webhook ({webhook}) VALUES ({webhook?});

-- stmt: webhook_get :one
-- in: organisation_id i64, id uuid
-- out: row webhook
SELECT {webhook} FROM webhook WHERE organisation_id = ? AND id = ? AND live = 1;

-- stmt: webhook_remove :exec
-- in: secret bytes, organisation_id i64, id uuid
UPDATE webhook SET live = 0, secret = ? WHERE organisation_id = ? AND id = ? AND live = 1;

-- stmt: webhook_list :many
-- in: organisation_id i64
-- out: row webhook
SELECT {webhook} FROM webhook WHERE organisation_id = ? AND live = 1 ORDER BY id;

-- stmt: webhook_count :one
-- in: organisation_id i64
-- out: n i64
SELECT COUNT(*) FROM webhook WHERE organisation_id = ? AND live = 1;

-- The webhooks for which something is due: one look into the index for each.
-- stmt: webhook_due :many
-- spans: organisations
-- in: now moment
-- out: row webhook
SELECT {webhook:w} FROM webhook w
 WHERE w.live = 1
   AND (SELECT d.journal_id FROM delivery d
         WHERE d.organisation_id = w.organisation_id AND d.webhook_id = w.id AND d.state = 1
           AND d.next_at <= ? ORDER BY d.next_at LIMIT 1) IS NOT NULL;

-- A mutation announces its journal row to the organisation's webhooks. The lock keeps one that
-- is being removed until what was announced to it is there to be dropped.
-- stmt: delivery_announce :exec
-- in: journal_id uuid, next_at moment, organisation_id i64
INSERT INTO delivery (organisation_id, webhook_id, journal_id, state, tries, next_at)
SELECT organisation_id, id, ?, 1, 0, ? FROM webhook WHERE organisation_id = ? AND live = 1 LOCK IN SHARE MODE;

-- stmt: delivery_due :many
-- in: organisation_id i64, webhook_id uuid, now moment, most i64
-- out: journal_id uuid, tries i64
SELECT journal_id, tries FROM delivery
 WHERE organisation_id = ? AND webhook_id = ? AND state = 1 AND next_at <= ?
 ORDER BY next_at LIMIT ? FOR UPDATE SKIP LOCKED;

-- stmt: delivery_take :exec
-- in: next_at moment, organisation_id i64, webhook_id uuid, journal_id uuid
UPDATE delivery SET tries = tries + 1, next_at = ?
 WHERE organisation_id = ? AND webhook_id = ? AND journal_id = ? AND state = 1;

-- stmt: delivery_settle :exec
-- in: state i64, next_at moment, status i64, fault text, organisation_id i64, webhook_id uuid, journal_id uuid
UPDATE delivery SET state = ?, next_at = ?, status = ?, fault = ?
 WHERE organisation_id = ? AND webhook_id = ? AND journal_id = ? AND state = 1;

-- stmt: delivery_counts :one
-- in: organisation_id i64, webhook_id uuid
-- out: waiting i64, delivered i64, dead i64
SELECT CAST(COALESCE(SUM(state = 1), 0) AS SIGNED), CAST(COALESCE(SUM(state = 2), 0) AS SIGNED),
       CAST(COALESCE(SUM(state = 3), 0) AS SIGNED)
  FROM delivery WHERE organisation_id = ? AND webhook_id = ?;

-- Why the newest dead letter is one.
-- stmt: delivery_fault :one
-- in: organisation_id i64, webhook_id uuid
-- out: fault text
SELECT fault FROM delivery
 WHERE organisation_id = ? AND webhook_id = ? AND state = 3 ORDER BY next_at DESC LIMIT 1;

-- stmt: delivery_revive :exec
-- in: next_at moment, organisation_id i64, webhook_id uuid, most i64
UPDATE delivery SET state = 1, tries = 0, next_at = ?
 WHERE organisation_id = ? AND webhook_id = ? AND state = 3 ORDER BY next_at LIMIT ?;

-- Successful mutations only, in steps; ids are in order of time.
-- stmt: journal_step :one
-- in: organisation_id i64, after uuid, last uuid, skip i64
-- out: id uuid
SELECT id FROM journal WHERE organisation_id = ? AND id > ? AND id <= ? ORDER BY id LIMIT 1 OFFSET ?;

-- stmt: journal_events :one
-- in: organisation_id i64, after uuid, last uuid
-- out: n i64
SELECT COUNT(*) FROM journal
 WHERE organisation_id = ? AND id > ? AND id <= ? AND status BETWEEN 200 AND 299;

-- stmt: delivery_replay :exec
-- in: webhook_id uuid, next_at moment, organisation_id i64, after uuid, last uuid
INSERT INTO delivery (organisation_id, webhook_id, journal_id, state, tries, next_at)
SELECT organisation_id, ?, id, 1, 0, ? FROM journal
 WHERE organisation_id = ? AND id > ? AND id <= ? AND status BETWEEN 200 AND 299
    ON DUPLICATE KEY UPDATE state = 1, tries = 0, next_at = VALUES(next_at);

-- stmt: delivery_drop :exec
-- in: organisation_id i64, webhook_id uuid, most i64
DELETE FROM delivery WHERE organisation_id = ? AND webhook_id = ? ORDER BY journal_id LIMIT ?;

-- stmt: delivery_purge :exec
-- spans: organisations
-- in: state i64, before moment, most i64
DELETE FROM delivery WHERE state = ? AND next_at < ? ORDER BY next_at LIMIT ?;

-- stmt: event_get :one
-- in: organisation_id i64, id uuid
-- out: operation text, at moment, object_id uuid, subject text, request_id text, traceparent text, changes text
SELECT operation, at, object_id, subject, request_id, traceparent, changes
  FROM journal WHERE organisation_id = ? AND id = ?;

-- When the oldest of what should have gone out was due, and the oldest lot that should have
-- burnt; INT64_MAX = none. One look into the index for each.
-- stmt: lags :one
-- spans: organisations
-- out: outbox_at moment, burn_at moment
SELECT LEAST(COALESCE((SELECT next_at FROM message WHERE state = 1 ORDER BY next_at LIMIT 1), 9223372036854775807),
             COALESCE((SELECT next_at FROM delivery WHERE state = 1 ORDER BY next_at LIMIT 1), 9223372036854775807)),
       COALESCE((SELECT MIN(o.at) FROM (SELECT (SELECT l.burn_at FROM lot l
                  WHERE l.organisation_id = organisation.id AND l.is_open = 1 ORDER BY l.burn_at LIMIT 1) AS at
                  FROM organisation) o), 9223372036854775807);
