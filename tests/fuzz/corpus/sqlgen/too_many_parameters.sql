-- stmt: a :exec
-- in: organisation_id i64, id uuid
DELETE FROM card WHERE organisation_id = ?;
