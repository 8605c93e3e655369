-- Holds of an account that are open at a moment.
-- stmt: hold_open_on :one
-- in: organisation_id i64, account_card_id uuid, now moment
-- out: id uuid
SELECT id FROM hold
 WHERE organisation_id = ? AND account_card_id = ? AND unit IN (1, 2) AND state = 1 AND until_at > ? LIMIT 1;

-- Of these, one that was placed with a certain card.
-- stmt: hold_open_of :one
-- in: organisation_id i64, account_card_id uuid, now moment, card_id uuid
-- out: id uuid
SELECT id FROM hold
 WHERE organisation_id = ? AND account_card_id = ? AND unit IN (1, 2) AND state = 1 AND until_at > ?
   AND card_id = ? LIMIT 1;
