-- stmt: a :exec
-- in: organisation_id i64
DELETE FROM card
-- stmt: b :exec
