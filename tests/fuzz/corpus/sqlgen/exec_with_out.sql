-- stmt: a :exec
-- in: organisation_id i64
-- out: id uuid
DELETE FROM card WHERE organisation_id = ?;
