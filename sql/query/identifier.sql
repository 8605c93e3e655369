-- By what a person is known, source by source.

-- row: identifier: organisation_id i64, id uuid, person_id uuid, source text, account text, kind i64, value text, value_key bytes, created_at moment

-- stmt: identifier_insert :exec
-- in: row identifier
INSERT INTO identifier ({identifier}) VALUES ({identifier?});

-- stmt: identifier_find :one
-- in: organisation_id i64, source text, account text, kind i64, value_key bytes
-- out: row identifier
SELECT {identifier} FROM identifier
 WHERE organisation_id = ? AND source = ? AND account = ? AND kind = ? AND value_key = ?;

-- Whoever else is known by it, in whatever source: the oldest.
-- stmt: identifier_elsewhere_lock :one
-- in: organisation_id i64, kind i64, value_key bytes, not_person_id uuid
-- out: person_id uuid
SELECT person_id FROM identifier FORCE INDEX (by_value)
 WHERE organisation_id = ? AND kind = ? AND value_key = ? AND person_id <> ?
 ORDER BY id LIMIT 1 FOR UPDATE;

-- The same before anything is locked.
-- stmt: identifier_elsewhere :one
-- in: organisation_id i64, kind i64, value_key bytes, not_person_id uuid
-- out: person_id uuid
SELECT person_id FROM identifier FORCE INDEX (by_value)
 WHERE organisation_id = ? AND kind = ? AND value_key = ? AND person_id <> ?
 ORDER BY id LIMIT 1;

-- stmt: identifier_of_person :many
-- in: organisation_id i64, person_id uuid
-- out: row identifier
SELECT {identifier} FROM identifier FORCE INDEX (by_person)
 WHERE organisation_id = ? AND person_id = ? ORDER BY id;

-- stmt: identifier_of_person_some :many
-- in: organisation_id i64, person_id uuid, limit i64
-- out: row identifier
SELECT {identifier} FROM identifier FORCE INDEX (by_person)
 WHERE organisation_id = ? AND person_id = ? ORDER BY id LIMIT ?;

-- stmt: identifier_delete :exec
-- in: organisation_id i64, source text, account text, kind i64, value_key bytes, person_id uuid
DELETE FROM identifier
 WHERE organisation_id = ? AND source = ? AND account = ? AND kind = ? AND value_key = ? AND person_id = ?;

-- stmt: identifier_of_person_delete :exec
-- in: organisation_id i64, person_id uuid
DELETE FROM identifier WHERE organisation_id = ? AND person_id = ?;

-- stmt: identifier_move :exec
-- in: to_person_id uuid, organisation_id i64, person_id uuid
UPDATE identifier SET person_id = ? WHERE organisation_id = ? AND person_id = ?;

-- row: source: organisation_id i64, name text, multi_account bool, created_at moment

-- stmt: source_insert :exec
-- in: row source
INSERT INTO source ({source}) VALUES ({source?});

-- stmt: source_get :one
-- in: organisation_id i64, name text
-- out: row source
SELECT {source} FROM source WHERE organisation_id = ? AND name = ?;

-- stmt: source_list :many
-- in: organisation_id i64
-- out: row source
SELECT {source} FROM source WHERE organisation_id = ? ORDER BY name;

-- row: source_account: organisation_id i64, source text, id text, created_at moment

-- stmt: source_account_insert :exec
-- in: row source_account
INSERT INTO source_account ({source_account}) VALUES ({source_account?});

-- stmt: source_account_get :one
-- in: organisation_id i64, source text, id text
-- out: row source_account
SELECT {source_account} FROM source_account WHERE organisation_id = ? AND source = ? AND id = ?;

-- stmt: source_account_list :many
-- in: organisation_id i64
-- out: row source_account
SELECT {source_account} FROM source_account WHERE organisation_id = ? ORDER BY source, id;

-- A holder by its number, whatever has become of it.
-- stmt: person_by_serial :one
-- in: organisation_id i64, serial i64
-- out: id uuid, serial i64, live i64?, merged_into uuid
SELECT id, serial, live, merged_into FROM person WHERE organisation_id = ? AND serial = ?;

-- stmt: person_state :one
-- in: organisation_id i64, id uuid
-- out: serial i64, live i64?
SELECT serial, live FROM person WHERE organisation_id = ? AND id = ?;

-- Those that were merged into a person that is merged itself now.
-- stmt: person_alias_move :exec
-- in: to_person_id uuid, organisation_id i64, merged_into uuid
UPDATE person SET merged_into = ? WHERE organisation_id = ? AND merged_into = ?;

-- stmt: vehicle_move :exec
-- in: to_person_id uuid, organisation_id i64, person_id uuid
UPDATE vehicle SET person_id = ? WHERE organisation_id = ? AND live = 1 AND person_id = ?;

-- stmt: washing_move :exec
-- in: to_person_id uuid, organisation_id i64, person_id uuid
UPDATE washing SET person_id = ? WHERE organisation_id = ? AND person_id = ?;

-- stmt: credential_move :exec
-- in: to_person_id uuid, organisation_id i64, person_id uuid
UPDATE credential SET person_id = ? WHERE organisation_id = ? AND person_id = ?;

-- The cards of two holders, in the order of locks.
-- stmt: card_of_persons_lock :many
-- in: organisation_id i64, person_id uuid, other_person_id uuid
-- out: row card
SELECT {card} FROM card WHERE organisation_id = ? AND person_id IN (?, ?) AND live = 1 ORDER BY id FOR UPDATE;

-- Whose a card is; a replaced one is nobody's.
-- stmt: card_holder_by_number :one
-- in: organisation_id i64, barcode_key bytes
-- out: person_id uuid
SELECT person_id FROM card FORCE INDEX (barcode)
 WHERE organisation_id = ? AND live = 1 AND barcode_key = ?
   AND NOT (new_card_id <> 0x00000000000000000000000000000000 AND active = 0 AND blocked = 1);

-- stmt: card_holders_by_code :many
-- in: organisation_id i64, code_key bytes
-- out: person_id uuid
SELECT person_id FROM card FORCE INDEX (by_code)
 WHERE organisation_id = ? AND live = 1 AND code_key = ?
   AND NOT (new_card_id <> 0x00000000000000000000000000000000 AND active = 0 AND blocked = 1)
 LIMIT 2;
