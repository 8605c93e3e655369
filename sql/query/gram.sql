-- The index of grams: what searches ask it, and what `kartoteka index` reads and writes. What the
-- tables mean is told in sql/schema/0008_grams.sql and core/store/gram.h.

-- stmt: text_fresh_put :exec
-- in: organisation_id i64, object i64, id uuid
INSERT INTO text_fresh (organisation_id, object, id) VALUES (?, ?, ?)
    ON DUPLICATE KEY UPDATE stamp = stamp + 1;

-- row: text_space: organisation_id i64, object i64, space i64, next_number i64, sorted_below i64, building i64, built_next i64, built_key bytes, built_id uuid, version i64

-- stmt: text_space_get :one
-- in: organisation_id i64, object i64
-- out: space i64, next_number i64, sorted_below i64, version i64
SELECT space, next_number, sorted_below, version FROM text_space WHERE organisation_id = ? AND object = ?;

-- stmt: text_space_add :exec
-- in: organisation_id i64, object i64
INSERT IGNORE INTO text_space (organisation_id, object) VALUES (?, ?);

-- None when another run has it.
-- stmt: text_space_lock :one
-- in: organisation_id i64, object i64
-- out: row text_space
SELECT {text_space} FROM text_space WHERE organisation_id = ? AND object = ? FOR UPDATE SKIP LOCKED;

-- stmt: text_space_update :exec
-- in: space i64, next_number i64, sorted_below i64, building i64, built_next i64, built_key bytes, built_id uuid, organisation_id i64, object i64
UPDATE text_space SET space = ?, next_number = ?, sorted_below = ?, building = ?, built_next = ?,
       built_key = ?, built_id = ?, version = version + 1
 WHERE organisation_id = ? AND object = ?;

-- Objects that the index does not know as they are, and their numbers there; -1 = none.
-- stmt: text_void :many
-- in: space i64, organisation_id i64, object i64, most i64
-- out: number i64
SELECT COALESCE(n.number, -1)
  FROM text_fresh f
  LEFT JOIN text_number n ON n.organisation_id = f.organisation_id AND n.space = ? AND n.id = f.id
 WHERE f.organisation_id = ? AND f.object = ? LIMIT ?;

-- stmt: text_gram_find :many
-- in: organisation_id i64, space i64, kind_a i64, kind_b i64, kind_c i64, kind_d i64,
--     gram_a i64, gram_b i64, gram_c i64, gram_d i64, gram_e i64, gram_f i64,
--     gram_g i64, gram_h i64, gram_i i64, gram_j i64, gram_k i64, gram_l i64,
--     gram_m i64, gram_n i64, gram_o i64, gram_p i64, gram_q i64, block_from i64, block_to i64
-- out: kind i64, gram i64, block i64, members bytes
SELECT kind, gram, block, members FROM text_gram FORCE INDEX (PRIMARY)
 WHERE organisation_id = ? AND space = ? AND kind IN (?, ?, ?, ?)
   AND gram IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AND block BETWEEN ? AND ?
 ORDER BY kind, gram, block;

-- stmt: text_gram_put :exec
-- in: organisation_id i64, space i64, kind i64, gram i64, block i64, members bytes
INSERT INTO text_gram (organisation_id, space, kind, gram, block, members) VALUES (?, ?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE members = VALUES(members);

-- stmt: text_number_put :exec
-- in: organisation_id i64, space i64, number i64, id uuid
INSERT INTO text_number (organisation_id, space, number, id) VALUES (?, ?, ?, ?);

-- stmt: text_number_delete :exec
-- in: organisation_id i64, space i64, number i64
DELETE FROM text_number WHERE organisation_id = ? AND space = ? AND number = ?;

-- Unless it has changed again.
-- stmt: text_fresh_delete :exec
-- in: organisation_id i64, object i64, id uuid, stamp i64
DELETE FROM text_fresh WHERE organisation_id = ? AND object = ? AND id = ? AND stamp = ?;

-- row: text_part: id uuid, stamp i64, number i64, present bool, name_key bytes, barcode_key bytes, code_key bytes, other_key bytes

-- Fresh texts as they are now, if they are, with the numbers that they had.
-- stmt: text_fresh_card :many
-- in: space i64, organisation_id i64, id uuid, most i64
-- out: row text_part
SELECT f.id, f.stamp, COALESCE(n.number, -1), t.card_id IS NOT NULL, CAST(SPACE(0) AS BINARY) AS name_key,
       COALESCE(t.barcode_key, CAST(SPACE(0) AS BINARY)), COALESCE(t.code_key, CAST(SPACE(0) AS BINARY)),
       COALESCE(t.other_key, CAST(SPACE(0) AS BINARY))
  FROM text_fresh f
  LEFT JOIN card_text t ON t.organisation_id = f.organisation_id AND t.card_id = f.id
  LEFT JOIN text_number n ON n.organisation_id = f.organisation_id AND n.space = ? AND n.id = f.id
 WHERE f.organisation_id = ? AND f.object = 1 AND f.id > ? ORDER BY f.id LIMIT ?;

-- stmt: text_fresh_person :many
-- in: space i64, organisation_id i64, id uuid, most i64
-- out: row text_part
SELECT f.id, f.stamp, COALESCE(n.number, -1), t.person_id IS NOT NULL, CAST(SPACE(0) AS BINARY) AS name_key,
       CAST(SPACE(0) AS BINARY) AS barcode_key, CAST(SPACE(0) AS BINARY) AS code_key,
       COALESCE(t.text_key, CAST(SPACE(0) AS BINARY))
  FROM text_fresh f
  LEFT JOIN person_text t ON t.organisation_id = f.organisation_id AND t.person_id = f.id
  LEFT JOIN text_number n ON n.organisation_id = f.organisation_id AND n.space = ? AND n.id = f.id
 WHERE f.organisation_id = ? AND f.object = 2 AND f.id > ? ORDER BY f.id LIMIT ?;

-- All texts in order of name, with their numbers in the space that is made; stamp 0 = not fresh.
-- stmt: text_all_card :many
-- in: organisation_id i64, name_key bytes, name_key, id uuid, most i64, space i64
-- out: row text_part
SELECT c.id, COALESCE(f.stamp, 0), COALESCE(n.number, -1), t.card_id IS NOT NULL, c.name_key,
       COALESCE(t.barcode_key, CAST(SPACE(0) AS BINARY)), COALESCE(t.code_key, CAST(SPACE(0) AS BINARY)),
       COALESCE(t.other_key, CAST(SPACE(0) AS BINARY))
  FROM (SELECT organisation_id, id, name_key FROM card FORCE INDEX (by_name)
         WHERE organisation_id = ? AND live = 1 AND (name_key > ? OR (name_key = ? AND id > ?))
         ORDER BY name_key, id LIMIT ?) c
  LEFT JOIN card_text t ON t.organisation_id = c.organisation_id AND t.card_id = c.id
  LEFT JOIN text_fresh f ON f.organisation_id = c.organisation_id AND f.object = 1 AND f.id = c.id
  LEFT JOIN text_number n ON n.organisation_id = c.organisation_id AND n.space = ? AND n.id = c.id
 ORDER BY c.name_key, c.id;

-- stmt: text_all_person :many
-- in: organisation_id i64, name_key bytes, name_key, id uuid, most i64, space i64
-- out: row text_part
SELECT c.id, COALESCE(f.stamp, 0), COALESCE(n.number, -1), t.person_id IS NOT NULL, c.name_key,
       CAST(SPACE(0) AS BINARY) AS barcode_key, CAST(SPACE(0) AS BINARY) AS code_key,
       COALESCE(t.text_key, CAST(SPACE(0) AS BINARY))
  FROM (SELECT organisation_id, id, name_key FROM person FORCE INDEX (by_name)
         WHERE organisation_id = ? AND live = 1 AND (name_key > ? OR (name_key = ? AND id > ?))
         ORDER BY name_key, id LIMIT ?) c
  LEFT JOIN person_text t ON t.organisation_id = c.organisation_id AND t.person_id = c.id
  LEFT JOIN text_fresh f ON f.organisation_id = c.organisation_id AND f.object = 2 AND f.id = c.id
  LEFT JOIN text_number n ON n.organisation_id = c.organisation_id AND n.space = ? AND n.id = c.id
 ORDER BY c.name_key, c.id;

-- stmt: text_fresh_count :one
-- in: organisation_id i64, object i64
-- out: n i64
SELECT COUNT(*) FROM text_fresh WHERE organisation_id = ? AND object = ?;

-- What is left of a space that is not read any more.
-- stmt: text_gram_drop :exec
-- in: organisation_id i64, space i64, most i64
DELETE FROM text_gram WHERE organisation_id = ? AND space = ? LIMIT ?;

-- stmt: text_number_drop :exec
-- in: organisation_id i64, space i64, most i64
DELETE FROM text_number WHERE organisation_id = ? AND space = ? LIMIT ?;
