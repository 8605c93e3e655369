-- stmt: xxxa :exec
-- in: organisation_id i64
DELETE FROM card WHERE organisation_id = ?;
