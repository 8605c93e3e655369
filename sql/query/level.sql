-- row: card_level: organisation_id i64, id uuid, version i64, name text, rank_order i64, accum_level amount, reset_card_accum bool, max_payment_percent amount, activity_restriction_period i64, activity_restriction_count i64, inactivity_bonus_erase_period i64, created_at moment, updated_at moment

-- stmt: card_level_get :one
-- in: organisation_id i64, id uuid
-- out: row card_level
SELECT {card_level} FROM card_level WHERE organisation_id = ? AND id = ?;

-- stmt: card_level_lock :one
-- in: organisation_id i64, id uuid
-- out: row card_level
SELECT {card_level} FROM card_level WHERE organisation_id = ? AND id = ? FOR UPDATE;

-- stmt: card_level_share :one
-- in: organisation_id i64, id uuid
-- out: id uuid
SELECT id FROM card_level WHERE organisation_id = ? AND id = ? LOCK IN SHARE MODE;

-- stmt: card_level_insert :exec
-- in: row card_level
INSERT INTO card_level ({card_level}) VALUES ({card_level?});

-- stmt: card_level_update :exec
-- in: row card_level, where_organisation_id i64, where_id uuid
UPDATE card_level SET {card_level=?} WHERE organisation_id = ? AND id = ?;

-- stmt: card_level_delete :exec
-- in: organisation_id i64, id uuid
DELETE FROM card_level WHERE organisation_id = ? AND id = ?;

-- stmt: card_level_in_use :one
-- in: organisation_id i64, level_id uuid
-- out: id uuid
SELECT id FROM card WHERE organisation_id = ? AND live = 1 AND level_id = ? LIMIT 1;

-- A level that is gone leaves no kept count behind.
-- stmt: card_level_count_forget :exec
-- in: organisation_id i64, value uuid
DELETE FROM kept_count WHERE organisation_id = ? AND kind = 5 AND value = ?;

-- stmt: card_level_list :many
-- in: organisation_id i64, limit i64, offset i64
-- out: row card_level
SELECT {card_level} FROM card_level WHERE organisation_id = ? ORDER BY rank_order LIMIT ? OFFSET ?;

-- stmt: card_level_count :one
-- in: organisation_id i64
-- out: n i64
SELECT COUNT(*) FROM card_level WHERE organisation_id = ?;

-- The highest level above an order whose threshold a turnover reaches; it stays while it is given.
-- stmt: card_level_reached :one
-- in: organisation_id i64, above i64, turnover amount
-- out: row card_level
SELECT {card_level} FROM card_level
 WHERE organisation_id = ? AND rank_order > ? AND accum_level <= ?
 ORDER BY rank_order DESC LIMIT 1 LOCK IN SHARE MODE;

-- stmt: card_level_above :one
-- in: organisation_id i64, above i64
-- out: row card_level
SELECT {card_level} FROM card_level WHERE organisation_id = ? AND rank_order > ?
 ORDER BY rank_order LIMIT 1;

-- stmt: card_level_below :one
-- in: organisation_id i64, below i64
-- out: row card_level
SELECT {card_level} FROM card_level WHERE organisation_id = ? AND rank_order < ?
 ORDER BY rank_order DESC LIMIT 1 LOCK IN SHARE MODE;
