-- row: card_series: organisation_id i64, id uuid, serial i64, live i64?, version i64, code text, code_key bytes, name text, kind i64, active bool, expiry_enabled bool, expiry_days i64, generation_enabled bool, prefix text, suffix text, number_offset i64, number_length i64, method i64, trigger_kind text, concept_code text, max_per_person i64, created_at moment, updated_at moment

-- row: status_label: organisation_id i64, id uuid, serial i64, status i64, label text, label_key bytes, is_default bool, active bool, created_at moment, updated_at moment

-- row: card_status: organisation_id i64, card_id uuid, id uuid, was i64, status i64, label text, reason text, made_by text, made_at moment

-- stmt: card_series_get :one
-- in: organisation_id i64, id uuid
-- out: row card_series
SELECT {card_series} FROM card_series WHERE organisation_id = ? AND id = ?;

-- stmt: card_series_by_serial :one
-- in: organisation_id i64, serial i64
-- out: row card_series
SELECT {card_series} FROM card_series WHERE organisation_id = ? AND serial = ? AND live = 1;

-- stmt: card_series_by_code :one
-- in: organisation_id i64, code_key bytes
-- out: row card_series
SELECT {card_series} FROM card_series WHERE organisation_id = ? AND live = 1 AND code_key = ?;

-- stmt: card_series_lock :one
-- in: organisation_id i64, serial i64
-- out: row card_series
SELECT {card_series} FROM card_series WHERE organisation_id = ? AND serial = ? AND live = 1 FOR UPDATE;

-- stmt: card_series_insert :exec
-- in: row card_series
INSERT INTO card_series ({card_series}) VALUES ({card_series?});

-- stmt: card_series_update :exec
-- in: row card_series, where_organisation_id i64, where_id uuid
UPDATE card_series SET {card_series=?} WHERE organisation_id = ? AND id = ?;

-- stmt: card_series_list :many
-- in: organisation_id i64, limit i64
-- out: row card_series
SELECT {card_series} FROM card_series WHERE organisation_id = ? AND live = 1 ORDER BY serial LIMIT ?;

-- How many cards of a series a holder has; a replaced one does not count.
-- stmt: card_of_series_count :one
-- in: organisation_id i64, series_id uuid, person_id uuid
-- out: n i64
SELECT COUNT(*) FROM card FORCE INDEX (by_series)
 WHERE organisation_id = ? AND live = 1 AND series_id = ? AND person_id = ?
   AND NOT (new_card_id <> 0x00000000000000000000000000000000 AND active = 0 AND blocked = 1);

-- stmt: status_label_get :one
-- in: organisation_id i64, id uuid
-- out: row status_label
SELECT {status_label} FROM status_label WHERE organisation_id = ? AND id = ?;

-- stmt: status_label_by_key :one
-- in: organisation_id i64, label_key bytes
-- out: row status_label
SELECT {status_label} FROM status_label WHERE organisation_id = ? AND label_key = ? AND active = 1;

-- stmt: status_label_default :one
-- in: organisation_id i64, status i64
-- out: row status_label
SELECT {status_label} FROM status_label
 WHERE organisation_id = ? AND status = ? AND is_default = 1 AND active = 1 LIMIT 1;

-- stmt: status_label_list :many
-- in: organisation_id i64, limit i64
-- out: row status_label
SELECT {status_label} FROM status_label WHERE organisation_id = ? ORDER BY serial LIMIT ?;

-- stmt: status_label_insert :exec
-- in: row status_label
INSERT INTO status_label ({status_label}) VALUES ({status_label?});

-- One default for each status; an id of none leaves the status' own name.
-- stmt: status_label_set_default :exec
-- in: id uuid, updated_at moment, organisation_id i64, status i64
UPDATE status_label SET is_default = (id = ?), updated_at = ? WHERE organisation_id = ? AND status = ?;

-- stmt: card_status_insert :exec
-- in: row card_status
INSERT INTO card_status ({card_status}) VALUES ({card_status?});

-- stmt: card_status_list :many
-- in: organisation_id i64, card_id uuid, limit i64
-- out: row card_status
SELECT {card_status} FROM card_status WHERE organisation_id = ? AND card_id = ? ORDER BY id LIMIT ?;

-- stmt: card_by_barcode_lock :one
-- in: organisation_id i64, barcode_key bytes
-- out: row card
SELECT {card} FROM card FORCE INDEX (barcode)
 WHERE organisation_id = ? AND live = 1 AND barcode_key = ? FOR UPDATE;

-- Whose card a code names, before either is locked.
-- stmt: card_holder_by_code :one
-- in: organisation_id i64, code_key bytes
-- out: person_id uuid
SELECT person_id FROM card FORCE INDEX (by_code)
 WHERE organisation_id = ? AND live = 1 AND code_key = ? ORDER BY id LIMIT 1;

-- stmt: card_holder_by_barcode :one
-- in: organisation_id i64, barcode_key bytes
-- out: person_id uuid
SELECT person_id FROM card FORCE INDEX (barcode)
 WHERE organisation_id = ? AND live = 1 AND barcode_key = ?;

-- stmt: card_by_barcode :one
-- in: organisation_id i64, barcode_key bytes
-- out: row card
SELECT {card} FROM card FORCE INDEX (barcode)
 WHERE organisation_id = ? AND live = 1 AND barcode_key = ?;

-- The card that had this number last.
-- stmt: card_deleted_by_barcode :one
-- in: organisation_id i64, barcode_key bytes
-- out: row card
SELECT {card} FROM card FORCE INDEX (barcode)
 WHERE organisation_id = ? AND live IS NULL AND barcode_key = ? ORDER BY id DESC LIMIT 1;

-- stmt: card_barcode_taken :one
-- in: organisation_id i64, barcode_key bytes
-- out: id uuid
SELECT id FROM card FORCE INDEX (barcode) WHERE organisation_id = ? AND live = 1 AND barcode_key = ?;

-- Numbers of one length and beginning.
-- stmt: card_barcodes_between :many
-- in: organisation_id i64, from_key bytes, to_key bytes, length i64, limit i64
-- out: barcode_key bytes
SELECT barcode_key FROM card FORCE INDEX (barcode)
 WHERE organisation_id = ? AND live = 1 AND barcode_key >= ? AND barcode_key < ?
   AND LENGTH(barcode_key) = ? LIMIT ?;

-- Cards of a holder as they are; replaced ones are nobody's.
-- stmt: card_of_person_list :many
-- in: organisation_id i64, person_id uuid, limit i64
-- out: row card
SELECT {card} FROM card FORCE INDEX (by_person)
 WHERE organisation_id = ? AND live = 1 AND person_id = ?
   AND NOT (new_card_id <> 0x00000000000000000000000000000000 AND active = 0 AND blocked = 1)
 ORDER BY attached_at, id LIMIT ?;

-- stmt: card_status_last :one
-- in: organisation_id i64, card_id uuid
-- out: row card_status
SELECT {card_status} FROM card_status WHERE organisation_id = ? AND card_id = ? ORDER BY id DESC LIMIT 1;
