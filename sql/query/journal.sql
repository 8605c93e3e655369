-- row: journal: organisation_id i64, id uuid, idem_key bytes?, fingerprint bytes?, status i64, answer text?, at moment, operation text, subject text, request_id text, traceparent text, object_id uuid, changes text, entries bytes?

-- stmt: journal_insert :exec
-- in: row journal
INSERT INTO journal ({journal}) VALUES ({journal?});

-- stmt: journal_finish :exec
-- in: status i64, answer text?, object_id uuid, changes text, entries bytes?, organisation_id i64, id uuid
UPDATE journal USE INDEX (PRIMARY) SET status = ?, answer = ?, object_id = ?, changes = ?, entries = ? WHERE organisation_id = ? AND id = ?;

-- stmt: journal_by_key :one
-- in: organisation_id i64, idem_key bytes
-- out: fingerprint bytes?, status i64, answer text?
SELECT fingerprint, status, answer FROM journal WHERE organisation_id = ? AND idem_key = ?;

-- stmt: journal_operation :one
-- in: organisation_id i64, id uuid
-- out: operation text
SELECT operation FROM journal WHERE organisation_id = ? AND id = ?;
