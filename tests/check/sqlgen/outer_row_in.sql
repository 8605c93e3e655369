-- row: card: organisation_id i64, id uuid
-- stmt: a :exec
-- in: row card?
INSERT INTO card ({card}) VALUES ({card?});
