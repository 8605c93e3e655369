-- stmt: a :exec
-- in: organisation_id i64
INSERT INTO card ({card}) VALUES (?);
