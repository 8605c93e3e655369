-- stmt: a :exec
-- in: organisation_id i64
DELETE FROM card
-- spans: organisations
WHERE organisation_id = ?;
