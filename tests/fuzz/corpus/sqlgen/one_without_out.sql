-- stmt: a :one
-- in: organisation_id i64
SELECT 1 FROM card WHERE organisation_id = ?;
