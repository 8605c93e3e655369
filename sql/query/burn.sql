-- What `kartoteka burn` looks for: accounts that the clock has changed. Pages go on after the last
-- row of the page before and lock nothing; the burn itself looks again under its locks.

-- stmt: burn_lot :many
-- in: organisation_id i64, until moment, burn_at moment, burn_at, card_id uuid, burn_at, card_id, unit i64,
--     burn_at, card_id, unit, id uuid, most i64
-- out: burn_at moment, card_id uuid, unit i64, id uuid
SELECT burn_at, card_id, unit, id FROM lot FORCE INDEX (ended)
 WHERE organisation_id = ? AND is_open = 1 AND burn_at <= ?
   AND (burn_at > ? OR (burn_at = ? AND card_id > ?) OR (burn_at = ? AND card_id = ? AND unit > ?)
     OR (burn_at = ? AND card_id = ? AND unit = ? AND id > ?))
 ORDER BY burn_at, card_id, unit, id LIMIT ?;

-- stmt: burn_lot_count :one
-- in: organisation_id i64, until moment
-- out: n i64
SELECT COUNT(*) FROM lot FORCE INDEX (ended) WHERE organisation_id = ? AND is_open = 1 AND burn_at <= ?;

-- stmt: burn_hold :many
-- in: organisation_id i64, until moment, until_at moment, until_at, id uuid, most i64
-- out: until_at moment, id uuid, account_card_id uuid, unit i64
SELECT until_at, id, account_card_id, unit FROM hold FORCE INDEX (due)
 WHERE organisation_id = ? AND state = 1 AND until_at <= ? AND (until_at > ? OR (until_at = ? AND id > ?))
 ORDER BY until_at, id LIMIT ?;

-- stmt: burn_hold_count :one
-- in: organisation_id i64, until moment
-- out: n i64
SELECT COUNT(*) FROM hold FORCE INDEX (due) WHERE organisation_id = ? AND state = 1 AND until_at <= ?;

-- stmt: burn_level :many
-- in: organisation_id i64
-- out: id uuid, inactivity_bonus_erase_period i64
SELECT id, inactivity_bonus_erase_period FROM card_level
 WHERE organisation_id = ? AND inactivity_bonus_erase_period > 0 ORDER BY rank_order;

-- Every card of a level, with the oldest points, and the number of lots, of those that may have
-- been inactive for long.
-- stmt: burn_card :many
-- in: active_before moment, active_before, organisation_id i64, level_id uuid, name_key bytes, name_key, id uuid, most i64
-- out: name_key bytes, id uuid, activity_at moment, oldest_at moment, lots i64
SELECT c.name_key, c.id, COALESCE(a.activity_at, 0),
       IF(a.activity_at <= ? AND a.balance + a.debt > a.held,
          COALESCE((SELECT MIN(l.business_at) FROM lot l
                     WHERE l.organisation_id = c.organisation_id AND l.card_id = c.id AND l.unit = 1
                       AND l.is_open = 1), 0), 0),
       IF(a.activity_at <= ? AND a.balance + a.debt > a.held,
          (SELECT COUNT(*) FROM lot l
            WHERE l.organisation_id = c.organisation_id AND l.card_id = c.id AND l.unit = 1 AND l.is_open = 1), 0)
  FROM (SELECT organisation_id, id, name_key FROM card FORCE INDEX (by_level)
         WHERE organisation_id = ? AND live = 1 AND level_id = ? AND (name_key > ? OR (name_key = ? AND id > ?))
         ORDER BY name_key, id LIMIT ?) c
  LEFT JOIN account a ON a.organisation_id = c.organisation_id AND a.card_id = c.id AND a.unit = 1
 ORDER BY c.name_key, c.id;
