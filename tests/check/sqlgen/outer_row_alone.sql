-- row: card: organisation_id i64, id uuid
-- stmt: a :many
-- in: organisation_id i64
-- out: row card?
SELECT {card} FROM card WHERE organisation_id = ?;
