-- Free comments: any text.
-- row: card: organisation_id i64, id uuid, name text, key bytes, live i64?,
--   blocked bool, at moment?, sum amount, extra json

-- stmt: card_get :one
-- in: organisation_id i64, id uuid
-- out: row card
SELECT {card:c}
  FROM card c
 WHERE c.organisation_id = ? AND c.id = ?;

-- stmt: card_insert :exec
-- in: row card
INSERT INTO card ({card}) VALUES ({card?});

-- stmt: card_update :exec
-- in: row card, of_organisation i64, of_id uuid
UPDATE card SET {card=?} WHERE organisation_id = ? AND id = ?;

-- stmt: card_balance :many
-- in: organisation_id i64, at moment, at
-- out: row card, balance amount
SELECT {card:c}, a.balance FROM card c JOIN account a ON a.id = c.id
WHERE c.organisation_id = ? AND a.since <= ? AND a.till > ?;

-- row: seal: id uuid, valid bool, at moment?

-- A card without a seal has none of its columns.
-- stmt: card_sealed :many
-- in: organisation_id i64
-- out: row card, row seal?
SELECT {card:c}, {seal:s} FROM card c LEFT JOIN seal s ON s.id = c.id WHERE c.organisation_id = ?;

-- stmt: card_all :many
-- out: id uuid
-- spans: organisations
SELECT id FROM card;
