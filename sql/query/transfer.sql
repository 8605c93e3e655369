-- Holds of an account that are open at a moment.
-- stmt: hold_open_on :one
-- in: organisation_id i64, account_card_id uuid, now moment
-- out: id uuid
SELECT id FROM hold FORCE INDEX (by_account)
 WHERE organisation_id = ? AND account_card_id = ? AND unit IN (1, 2) AND state = 1 AND until_at > ? LIMIT 1;

-- Of these, one that was placed with a certain card.
-- stmt: hold_open_of :one
-- in: organisation_id i64, account_card_id uuid, now moment, card_id uuid
-- out: id uuid
SELECT id FROM hold FORCE INDEX (by_account)
 WHERE organisation_id = ? AND account_card_id = ? AND unit IN (1, 2) AND state = 1 AND until_at > ?
   AND card_id = ? LIMIT 1;

-- One that was placed with a certain card and went on to another's account.
-- stmt: hold_open_elsewhere :one
-- in: organisation_id i64, card_id uuid, now moment, account_card_id uuid
-- out: account_card_id uuid
SELECT account_card_id FROM hold FORCE INDEX (by_document)
 WHERE organisation_id = ? AND card_id = ? AND state = 1 AND until_at > ? AND account_card_id <> ? LIMIT 1;

-- Parts of all open holds of an account, in the order of eating.
-- stmt: hold_part_open :many
-- in: organisation_id i64, account_card_id uuid, unit i64
-- out: row allocation
SELECT {allocation:al} FROM hold h FORCE INDEX (by_account)
  STRAIGHT_JOIN allocation al ON al.organisation_id = h.organisation_id AND al.card_id = h.account_card_id
       AND al.unit = h.unit AND al.owner_id = h.id
 WHERE h.organisation_id = ? AND h.account_card_id = ? AND h.unit = ? AND h.state = 1
 ORDER BY al.owner_id, al.position;

-- Open holds go on in another account.
-- stmt: hold_move :exec
-- in: to_card_id uuid, organisation_id i64, account_card_id uuid, unit i64
UPDATE hold FORCE INDEX (by_account) SET account_card_id = ?
 WHERE organisation_id = ? AND account_card_id = ? AND unit = ? AND state = 1;

-- stmt: lot_of_state :many
-- in: organisation_id i64, card_id uuid, unit i64, is_open i64, limit i64
-- out: row lot
SELECT {lot} FROM lot FORCE INDEX (burn_order)
 WHERE organisation_id = ? AND card_id = ? AND unit = ? AND is_open = ?
 ORDER BY burn_at, active_from, id LIMIT ?;

-- The activity of a replaced card, known to its successor from the first: that had no posting before.
-- stmt: account_inherit :exec
-- in: activity_at moment, organisation_id i64, card_id uuid
UPDATE account SET inherited_at = GREATEST(inherited_at, ?) WHERE organisation_id = ? AND card_id = ? AND unit = 1;
